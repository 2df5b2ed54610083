//! Kernel functions: their heads, and the `let`s that take arguments apart.

use brainmass_spec::graph::{Graph, NodeId};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::body::Body;
use super::locals::{Given, Locals};

/// An argument that is an array of values.
pub struct Argument<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: TokenStream,
    /// The variables that it is taken apart into.
    pub values: &'a [Given],
}

impl<'a> Argument<'a> {
    pub fn new(name: &'static str, kind: TokenStream, values: &'a [Given]) -> Self {
        Self { name, kind, values }
    }
}

/// Writes a function of single numbers and, behind them, of arrays; `result` is its last expression. What the body does not read is `_`.
#[expect(clippy::too_many_arguments, reason = "each is a part of the function that is written")]
pub fn function(
    locals: &Locals,
    graph: &Graph,
    name: &str,
    scalars: &[Given],
    arguments: &[Argument],
    output: TokenStream,
    results: &[NodeId],
    result: impl Fn(&Body) -> TokenStream,
) -> TokenStream {
    let given: Vec<Given> =
        scalars.iter().chain(arguments.iter().flat_map(|argument| argument.values)).cloned().collect();
    let body = Body::new(locals, graph, &given, results);
    let pattern = |(id, name): &Given| if body.reads(*id) { quote!(#name) } else { quote!(_) };
    let mut head = TokenStream::new();
    for scalar in scalars {
        let pattern = pattern(scalar);
        head.extend(quote!(#pattern: R,));
    }
    let mut lets = TokenStream::new();
    for Argument { name, kind, values } in arguments {
        if !values.iter().any(|(id, _)| body.reads(*id)) {
            head.extend(quote!(_: #kind,));
            continue;
        }
        let name = format_ident!("{name}");
        let patterns = values.iter().map(pattern);
        head.extend(quote!(#name: #kind,));
        lets.extend(quote!(let [#(#patterns),*] = #name;));
    }
    let (name, statements, result) = (format_ident!("{name}"), body.statements(), result(&body));
    quote! {
        #[inline(always)]
        fn #name<R: Real>(#head) -> #output {
            #lets
            #statements
            #result
        }
    }
}

/// The results of some nodes, as an array.
pub fn array(body: &Body, nodes: &[NodeId]) -> TokenStream {
    let values = nodes.iter().map(|id| body.result(*id));
    quote!([#(#values),*])
}
