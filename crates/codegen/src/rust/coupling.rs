//! Coupling rules, and the interaction inside a model.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::function::{Argument, array, function};
use super::locals::{Given, Locals};
use super::{docs, info, parameters};
use brainmass_spec::graph::Symbol;
use brainmass_spec::kernel::{CouplingKernel, Form};
use brainmass_spec::model::Model;

/// The struct of a rule, its kernel and its catalogue entry.
pub fn emit(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let doc = docs::model(model);
    let described = info::described(model);
    let kernel = kernel(model);
    let parameters = parameters::methods(model, &quote!(settings.set));
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

/// Names of the number type and of the arguments of the functions of a coupling.
const OWN: &[&str] = &["R", "receiving", "sending", "parameters", "weight", "sum", "N", "adjoint"];

fn kernel(model: &Model) -> TokenStream {
    let Some(mut kernel) = CouplingKernel::new(model) else { return quote!() };
    let name = format_ident!("{}", model.name);
    let mut locals = Locals::new(OWN, model);
    let n_states = model.states.len().max(1);
    let g = &mut kernel.graph;
    let mut ends = |symbol: fn(u16) -> Symbol, index: &str| -> Vec<Given> {
        let name = |i: usize| model.states.get(i).map_or("x", |state| state.name.as_str());
        (0..n_states)
            .map(|i| (g.symbol(symbol(i as u16)), locals.fresh(&format!("{}_{index}", name(i)))))
            .collect()
    };
    let (receiving, sending) = (ends(Symbol::State, "i"), ends(Symbol::Source, "j"));
    let parameters: Vec<Given> = model
        .parameters
        .iter()
        .enumerate()
        .map(|(i, p)| (g.symbol(Symbol::Parameter(i as u16)), locals.author(&p.name)))
        .collect();
    let mut own = |symbol: Symbol, name: &str| (g.symbol(symbol), format_ident!("{name}"));
    let (sum, count) = (own(Symbol::Sum, "sum"), own(Symbol::Count, "N"));
    let adjoint = own(Symbol::Adjoint(0), "adjoint");
    let graph = &kernel.graph;

    let coupled = || quote!(Self::Coupled<R>);
    let rule_parameters = || Argument::new("parameters", quote!(Self::RuleParameters<R>), &parameters);
    let ends = || {
        [
            Argument::new("receiving", coupled(), &receiving),
            Argument::new("sending", coupled(), &sending),
            rule_parameters(),
        ]
    };
    let pre = function(&locals, graph, "pre", &[], &ends(), quote!(R), &[kernel.pre], |body| {
        body.result(kernel.pre)
    });
    let (to_receiving, to_sending, to_parameters) = &kernel.pre_vjp;
    let pre_vjp = function(
        &locals,
        graph,
        "pre_vjp",
        std::slice::from_ref(&adjoint),
        &ends(),
        quote!((Self::Coupled<R>, Self::Coupled<R>, Self::RuleParameters<R>)),
        &[&to_receiving[..], to_sending, to_parameters].concat(),
        |body| {
            let (a, b, c) = (array(body, to_receiving), array(body, to_sending), array(body, to_parameters));
            quote!((#a, #b, #c))
        },
    );
    let weight = kernel.weight.map(|[value, slope]| {
        let weight = [(sum.0, format_ident!("weight"))];
        function(&locals, graph, "weight", &weight, &[], quote!((R, R)), &[value, slope], |body| {
            let (value, slope) = (body.result(value), body.result(slope));
            quote!((#value, #slope))
        })
    });
    let scalars = [sum, count, adjoint];
    let post = function(
        &locals,
        graph,
        "post",
        &scalars[..2],
        &[rule_parameters()],
        quote!(R),
        &[kernel.post],
        |body| body.result(kernel.post),
    );
    let (to_sum, to_parameters) = &kernel.post_vjp;
    let post_vjp = function(
        &locals,
        graph,
        "post_vjp",
        &scalars,
        &[rule_parameters()],
        quote!((R, Self::RuleParameters<R>)),
        &[&[*to_sum], &to_parameters[..]].concat(),
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
        #[allow(clippy::suboptimal_flops, clippy::excessive_precision, clippy::many_single_char_names, clippy::approx_constant, reason = "equations, not prose")]
        impl CouplingKernel for #name {
            type Coupled<R: Real> = [R; #n_states];
            type RuleParameters<R: Real> = [R; #n_parameters];
            const FORM: Form = Form::#form;
            const PRE_PARAMETERS: &'static [bool] = &[#(#in_pre),*];
            const LAPLACIAN: bool = #laplacian;
            #weight
            #pre
            #pre_vjp
            #post
            #post_vjp
        }
    }
}
