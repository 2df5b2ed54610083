//! Kernel functions: names of local variables, heads, and the `let`s that take arguments apart.

use std::collections::HashSet;

use brainmass_spec::graph::{Graph, NodeId};
use brainmass_spec::model::Model;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;

/// A value that a function is given: its node in the graph and the variable that holds it.
pub type Given = (NodeId, Ident);

/// Chooses the names of local variables in the functions of one kernel, so that no two values share one.
pub struct Locals {
    /// Names of the number type and of the arguments of the functions.
    own: &'static [&'static str],
    used: HashSet<String>,
}

impl Locals {
    /// Starts with the functions' own names and with all names of the model's file.
    pub fn new(own: &'static [&'static str], model: &Model) -> Self {
        let mut locals = Self { own, used: own.iter().map(|name| (*name).to_owned()).collect() };
        let states = model.states.iter().map(|state| &state.name);
        let parameters = model.parameters.iter().map(|parameter| &parameter.name);
        let inputs = model.inputs.iter().map(|input| &input.name);
        let values = model.lets.iter().chain(&model.observables).map(|value| &value.name);
        for name in states.chain(parameters).chain(inputs).chain(values) {
            let variable = locals.author(name).to_string();
            locals.used.insert(variable);
        }
        locals
    }

    /// The variable for a name of the file: the name itself, or the name with `_` where the functions use it themselves. No name of a
    /// file ends in `_`.
    pub fn author(&self, name: &str) -> Ident {
        if self.own.contains(&name) { format_ident!("{name}_") } else { super::identifier(name) }
    }

    /// A variable for a value that the file does not name: `name`, or `name` with a number where that is used already.
    pub fn fresh(&mut self, name: &str) -> Ident {
        let mut unused = name.to_owned();
        let mut number = 1;
        while !self.used.insert(unused.clone()) {
            number += 1;
            unused = format!("{name}_{number}");
        }
        super::identifier(&unused)
    }
}

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
