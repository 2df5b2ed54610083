//! Layers of cells with weights, and stacks of layers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::body::Body;
use super::locals::Locals;
use super::{docs, info, node};
use brainmass_spec::graph::Symbol;
use brainmass_spec::model::Model;

/// A layer: the struct of its cells, and the gain of its recurrent connections.
pub fn layer(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let cells = node::emit(model);
    let gain = gain(model);
    quote! {
        #cells
        impl SequenceCell for #name {
            #gain
        }
    }
}

/// The factor on the recurrent sum; 1 where the file gives none.
fn gain(model: &Model) -> TokenStream {
    let Some(gain) = model.layer.as_ref().and_then(|layer| layer.gain) else {
        return quote! {
            #[inline(always)]
            fn gain<R: Real>(_: R) -> R {
                R::splat(1.0)
            }
        };
    };
    let n = model.graph.find(Symbol::Count).map(|count| (count, format_ident!("n")));
    let locals = Locals::new(&["R", "n"], model);
    let body = Body::new(&locals, &model.graph, n.as_slice(), &[gain]);
    let (statements, result) = (body.statements(), body.result(gain));
    let argument = if n.is_some_and(|(count, _)| body.reads(count)) { quote!(n) } else { quote!(_) };
    quote! {
        #[inline(always)]
        fn gain<R: Real>(#argument: R) -> R {
            #statements
            #result
        }
    }
}

/// A stack: its layers are given when it is made.
pub fn network(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let doc = docs::model(model);
    let described = info::described(model);
    quote! {
        #doc
        #[derive(Debug, Clone, Copy)]
        pub struct #name;

        impl SequenceStack for #name {}
        #described
    }
}
