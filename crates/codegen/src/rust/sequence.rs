//! Layers of cells with weights, and stacks of layers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::body::Body;
use super::{docs, info, node};
use brainmass_spec::graph::{NodeId, Symbol};
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

fn gain(model: &Model) -> TokenStream {
    let mut graph = model.graph.clone();
    let one = graph.constant(1.0);
    let gain = model.layer.as_ref().and_then(|layer| layer.gain).unwrap_or(one);
    let n: (NodeId, String) = (graph.symbol(Symbol::Count), "n".to_owned());
    let body = Body::new(&graph, std::slice::from_ref(&n), &[gain]);
    let (statements, result) = (body.statements(), body.result(gain));
    let argument = if body.reads(n.0) { quote!(n) } else { quote!(_) };
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
