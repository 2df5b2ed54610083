//! Coupling rules, and the interaction inside a model.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use super::{docs, info};
use brainmass_spec::graph::{Graph, NodeId, Symbol};
use brainmass_spec::kernel::{CouplingKernel, Form};
use brainmass_spec::model::Model;

/// The struct of a rule, its kernel and its catalogue entry.
pub fn emit(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let doc = docs::model(model);
    let described = info::described(model);
    let kernel = kernel(model);
    let parameters = super::parameter_methods(model, &quote!(settings.set));
    quote! {
        #doc
        #[derive(Debug, Clone)]
        pub struct #name {
            settings: Settings,
        }

        #[allow(non_snake_case, reason = "the methods are called as the equations call the parameters")]
        impl #name {
            /// The rule with its default parameters.
            pub fn new() -> Self {
                Self { settings: Settings::new(<Self as Described>::INFO) }
            }
            #parameters
        }

        impl Default for #name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl Rule for #name {
            fn settings(&self) -> &Settings {
                &self.settings
            }
            fn settings_mut(&mut self) -> &mut Settings {
                &mut self.settings
            }
        }
        #described
        #kernel
    }
}

/// The kernel of a model that interacts inside; nothing for others.
pub fn internal(model: &Model) -> TokenStream {
    if model.coupling.is_some() { kernel(model) } else { quote!() }
}

fn kernel(model: &Model) -> TokenStream {
    let Some(mut kernel) = CouplingKernel::new(model) else { return quote!() };
    let name = format_ident!("{}", model.name);
    let n_states = model.states.len().max(1);
    let state = |i: usize| model.states.get(i).map_or("x", |state| state.name.as_str()).to_owned();
    let g = &mut kernel.graph;
    let receiving: Vec<(NodeId, String)> =
        (0..n_states).map(|i| (g.symbol(Symbol::State(i as u16)), format!("{}_i", state(i)))).collect();
    let sending: Vec<(NodeId, String)> =
        (0..n_states).map(|i| (g.symbol(Symbol::Source(i as u16)), format!("{}_j", state(i)))).collect();
    let parameters: Vec<(NodeId, String)> = model
        .parameters
        .iter()
        .enumerate()
        .map(|(i, p)| (g.symbol(Symbol::Parameter(i as u16)), p.name.clone()))
        .collect();
    let sum = [(g.symbol(Symbol::Sum), "sum".to_owned())];
    let count = [(g.symbol(Symbol::Count), "N".to_owned())];
    let adjoint = [(g.symbol(Symbol::Adjoint(0)), "adjoint".to_owned())];
    let graph = &kernel.graph;

    let states_type = quote!(Self::Coupled<R>);
    let pre_arguments = [
        (&receiving[..], "receiving", states_type.clone()),
        (&sending, "sending", states_type.clone()),
        (&parameters, "parameters", quote!(Self::RuleParameters<R>)),
    ];
    let pre =
        function(graph, "pre", &pre_arguments, &[], &[kernel.pre], quote!(R), |body| body.result(kernel.pre));
    let (to_receiving, to_sending, to_parameters) = &kernel.pre_vjp;
    let results = [to_receiving.clone(), to_sending.clone(), to_parameters.clone()].concat();
    let pre_vjp = function(
        graph,
        "pre_vjp",
        &pre_arguments,
        &adjoint,
        &results,
        quote!((Self::Coupled<R>, Self::Coupled<R>, Self::RuleParameters<R>)),
        |body| {
            let (a, b, c) = (array(body, to_receiving), array(body, to_sending), array(body, to_parameters));
            quote!((#a, #b, #c))
        },
    );
    let post_parameters = [(&parameters[..], "parameters", quote!(Self::RuleParameters<R>))];
    let scalars = [sum.to_vec(), count.to_vec()].concat();
    let post = function(graph, "post", &post_parameters, &scalars, &[kernel.post], quote!(R), |body| {
        body.result(kernel.post)
    });
    let scalars = [scalars, adjoint.to_vec()].concat();
    let (to_sum, to_parameters) = &kernel.post_vjp;
    let results = [vec![*to_sum], to_parameters.clone()].concat();
    let post_vjp = function(
        graph,
        "post_vjp",
        &post_parameters,
        &scalars,
        &results,
        quote!((R, Self::RuleParameters<R>)),
        |body| {
            let (sum, parameters) = (body.result(*to_sum), array(body, to_parameters));
            quote!((#sum, #parameters))
        },
    );
    let needed = graph.reachable(&[kernel.pre]);
    let in_pre = parameters.iter().map(|(id, _)| needed[id.index()]);
    let form = format_ident!(
        "{}",
        match kernel.form {
            Form::Linear => "Linear",
            Form::Difference => "Difference",
            Form::Source => "Source",
            Form::Pair => "Pair",
        }
    );
    let laplacian = model.coupling.as_ref().is_some_and(|coupling| coupling.laplacian);
    let (n_states, n_parameters) =
        (Literal::usize_unsuffixed(n_states), Literal::usize_unsuffixed(model.parameters.len()));
    quote! {
        #[allow(non_snake_case, reason = "the variables are called as the equations call them")]
        #[allow(clippy::suboptimal_flops, clippy::many_single_char_names, reason = "equations, not prose")]
        impl CouplingKernel for #name {
            type Coupled<R: Real> = [R; #n_states];
            type RuleParameters<R: Real> = [R; #n_parameters];
            const FORM: Form = Form::#form;
            const PRE_PARAMETERS: &'static [bool] = &[#(#in_pre),*];
            const LAPLACIAN: bool = #laplacian;
            #pre
            #pre_vjp
            #post
            #post_vjp
        }
    }
}

fn array(body: &Body, nodes: &[NodeId]) -> TokenStream {
    let values = nodes.iter().map(|id| body.result(*id));
    quote!([#(#values),*])
}

/// An argument that is an array: what its values are called, what it is called itself, its type.
type ArrayArgument<'a> = (&'a [(NodeId, String)], &'a str, TokenStream);

/// A function of arrays and, before them, of single numbers.
fn function(
    graph: &Graph,
    name: &str,
    arrays: &[ArrayArgument],
    scalars: &[(NodeId, String)],
    results: &[NodeId],
    output: TokenStream,
    result: impl Fn(&Body) -> TokenStream,
) -> TokenStream {
    let given: Vec<(NodeId, String)> =
        arrays.iter().flat_map(|(names, ..)| names.to_vec()).chain(scalars.to_vec()).collect();
    let body = Body::new(graph, &given, results);
    let pattern = |(id, name): &(NodeId, String)| {
        let name = super::local(name);
        if body.reads(*id) { quote!(#name) } else { quote!(_) }
    };
    let mut arguments: TokenStream = scalars
        .iter()
        .map(|scalar| {
            let pattern = pattern(scalar);
            quote!(#pattern: R,)
        })
        .collect();
    let mut lets = TokenStream::new();
    for (names, array, kind) in arrays {
        if !names.iter().any(|(id, _)| body.reads(*id)) {
            arguments.extend(quote!(_: #kind,));
            continue;
        }
        let array = format_ident!("{array}");
        let patterns = names.iter().map(pattern);
        arguments.extend(quote!(#array: #kind,));
        lets.extend(quote!(let [#(#patterns),*] = #array;));
    }
    let (name, statements, result) = (format_ident!("{name}"), body.statements(), result(&body));
    quote! {
        #[inline(always)]
        fn #name<R: Real>(#arguments) -> #output {
            #lets
            #statements
            #result
        }
    }
}
