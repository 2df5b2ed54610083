//! The step struct of a node model and its kernel.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use super::{coupling, docs, info};
use brainmass_spec::graph::{Graph, NodeId, Symbol};
use brainmass_spec::kernel::{Adjoints, Kernel};
use brainmass_spec::model::{Model, Scheme};

/// Struct, builder, kernel and catalogue entry.
pub fn emit(model: &Model) -> TokenStream {
    let builder = builder(model);
    let described = info::described(model);
    let kernel = kernel(model);
    let interaction = coupling::internal(model);
    quote!(#builder #described #kernel #interaction)
}

fn builder(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let doc = docs::model(model);
    let parameters = super::parameter_methods(model, &quote!(population.set_parameter));
    let states = model.states.iter().enumerate().map(|(i, state)| {
        let (init, noise) = (format_ident!("init_{}", state.name), format_ident!("noise_{}", state.name));
        let (init_doc, noise_doc) = docs::state_methods(state);
        let index = Literal::usize_unsuffixed(i);
        quote! {
            #init_doc
            #[track_caller]
            pub fn #init(mut self, value: impl Into<Values>) -> Self {
                self.population.set_initial(#index, value.into());
                self
            }
            #noise_doc
            #[track_caller]
            pub fn #noise(mut self, sigma: impl Into<Values>) -> Self {
                self.population.set_noise(#index, sigma.into());
                self
            }
        }
    });
    let interaction = if model.coupling.is_some() { quote!(interaction_of::<Self>()) } else { quote!(None) };
    quote! {
        #doc
        #[derive(Debug, Clone)]
        pub struct #name {
            population: Population,
        }

        #[allow(non_snake_case, reason = "the methods are called as the equations call the parameters")]
        impl #name {
            /// `nodes` nodes with the default parameters.
            pub fn new(nodes: usize) -> Self {
                Self { population: Population::new(<Self as Described>::INFO, nodes) }
            }
            #parameters
            #(#states)*
        }

        impl Model for #name {
            // Not inlined: kernels are compiled here, and not again in every crate that uses the model.
            #[inline(never)]
            fn engine() -> &'static dyn Engine {
                engine_of::<Self>()
            }
            #[inline(never)]
            fn interaction() -> Option<&'static dyn Interaction> {
                #interaction
            }
            fn population(&self) -> &Population {
                &self.population
            }
            fn population_mut(&mut self) -> &mut Population {
                &mut self.population
            }
        }
    }
}

/// What the functions of a kernel are given, each with its name: the patterns of their arguments.
struct Given {
    states: Vec<(NodeId, String)>,
    parameters: Vec<(NodeId, String)>,
    coefficients: Vec<(NodeId, String)>,
    inputs: Vec<(NodeId, String)>,
}

/// One function of the kernel.
struct Function<'a> {
    graph: &'a Graph,
    arguments: Vec<&'a [(NodeId, String)]>,
    results: Vec<NodeId>,
}

impl Function<'_> {
    fn body(&self) -> Body<'_> {
        Body::new(self.graph, &self.arguments.concat(), &self.results)
    }

    /// The arguments with their types, and the `let`s that take them apart; what the body does not read is `_`.
    fn head(&self, body: &Body, names: &[&str], types: &[TokenStream]) -> (TokenStream, TokenStream) {
        let mut arguments = TokenStream::new();
        let mut lets = TokenStream::new();
        for ((values, name), kind) in self.arguments.iter().zip(names).zip(types) {
            if !values.iter().any(|(id, _)| body.reads(*id)) {
                arguments.extend(quote!(_: #kind,));
                continue;
            }
            let name = format_ident!("{name}");
            arguments.extend(quote!(#name: #kind,));
            let values = values.iter().map(|(id, name)| {
                let name = super::local(name);
                if body.reads(*id) { quote!(#name) } else { quote!(_) }
            });
            lets.extend(quote!(let [#(#values),*] = #name;));
        }
        (arguments, lets)
    }
}

fn array(body: &Body, nodes: &[NodeId]) -> TokenStream {
    let values = nodes.iter().map(|id| body.result(*id));
    quote!([#(#values),*])
}

fn adjoints(body: &Body, adjoints: &Adjoints) -> TokenStream {
    let (states, parameters, inputs) =
        (array(body, &adjoints.states), array(body, &adjoints.parameters), array(body, &adjoints.inputs));
    quote!(Adjoints { states: #states, parameters: #parameters, inputs: #inputs })
}

fn kernel(model: &Model) -> TokenStream {
    let mut kernel = Kernel::new(model);
    let given = given(model, &mut kernel);
    let k = &kernel;
    let name = format_ident!("{}", model.name);
    let count = |n: usize| Literal::usize_unsuffixed(n);
    let (n_states, n_parameters) = (count(model.states.len()), count(model.parameters.len()));
    let (n_coefficients, n_inputs) = (count(k.coefficients.len()), count(given.inputs.len()));
    let n_observables = count(model.observables.len());
    let constant_diagonal = k.constant_diagonal();
    let order = match model.scheme {
        Scheme::ExpEuler => quote!(None),
        Scheme::SymplecticEuler => {
            let order = model.derivatives.iter().map(|derivative| count(derivative.state));
            quote!(Some(&[#(#order),*]))
        }
    };

    let state_adjoints = symbols(&mut kernel.graph.clone(), model.states.len(), "d", Symbol::Adjoint, model);
    let coefficients = coefficients(k, &given);
    let at = || vec![&given.states[..], &given.coefficients, &given.inputs];
    let rhs = function("rhs", quote!(Self::States<R>), k, at(), &k.rhs, |body| array(body, &k.rhs));
    let both = [k.rhs.clone(), k.diagonal.clone()].concat();
    let rhs_diagonal =
        function("rhs_diagonal", quote!((Self::States<R>, Self::States<R>)), k, at(), &both, |body| {
            let (rhs, diagonal) = (array(body, &k.rhs), array(body, &k.diagonal));
            quote!((#rhs, #diagonal))
        });
    let jacobian = function("jacobian", quote!(Self::Jacobian<R>), k, at(), &k.jacobian.concat(), |body| {
        let rows = k.jacobian.iter().map(|row| array(body, row));
        quote!([#(#rows),*])
    });
    let observe = function("observe", quote!(Self::Observables<R>), k, at(), &k.observables, |body| {
        array(body, &k.observables)
    });
    let adjoint_type = quote!(Adjoints<Self::States<R>, Self::Parameters<R>, Self::Inputs<R>>);
    let vjp = |name: &str, seeds: Vec<&[(NodeId, String)]>, list: &Adjoints| {
        let results = [list.states.clone(), list.parameters.clone(), list.inputs.clone()].concat();
        let arguments = [at(), seeds].concat();
        function(name, adjoint_type.clone(), k, arguments, &results, |body| adjoints(body, list))
    };
    let diagonal_adjoints =
        symbols(&mut kernel.graph.clone(), model.states.len(), "j", Symbol::DiagonalAdjoint, model);
    let observable_adjoints =
        symbols(&mut kernel.graph.clone(), model.observables.len(), "d", Symbol::Adjoint, model);
    let rhs_vjp = vjp("rhs_vjp", vec![&state_adjoints], &k.rhs_vjp);
    let rhs_diagonal_vjp =
        vjp("rhs_diagonal_vjp", vec![&state_adjoints, &diagonal_adjoints], &k.rhs_diagonal_vjp);
    let observe_vjp = vjp("observe_vjp", vec![&observable_adjoints], &k.observables_vjp);
    let project = project(model);

    quote! {
        #[allow(non_snake_case, reason = "the variables are called as the equations call them")]
        #[allow(clippy::suboptimal_flops, clippy::excessive_precision, clippy::many_single_char_names, clippy::too_many_lines, clippy::approx_constant, reason = "equations, not prose")]
        impl Kernel for #name {
            type States<R: Real> = [R; #n_states];
            type Parameters<R: Real> = [R; #n_parameters];
            type Coefficients<R: Real> = [R; #n_coefficients];
            type Inputs<R: Real> = [R; #n_inputs];
            type Observables<R: Real> = [R; #n_observables];
            type Jacobian<R: Real> = [[R; #n_states]; #n_states];
            const CONSTANT_DIAGONAL: &'static [bool] = &[#(#constant_diagonal),*];
            const SYMPLECTIC_ORDER: Option<&'static [usize]> = #order;

            #coefficients
            #rhs
            #rhs_diagonal
            #jacobian
            #rhs_vjp
            #rhs_diagonal_vjp
            #observe
            #observe_vjp
            #project
        }
    }
}

/// The nodes of what a kernel is given. They are added to its graph where nothing uses them.
fn given(model: &Model, kernel: &mut Kernel) -> Given {
    let g = &mut kernel.graph;
    let states = model
        .states
        .iter()
        .enumerate()
        .map(|(i, s)| (g.symbol(Symbol::State(i as u16)), s.name.clone()))
        .collect();
    let parameters = model
        .parameters
        .iter()
        .enumerate()
        .map(|(i, p)| (g.symbol(Symbol::Parameter(i as u16)), p.name.clone()))
        .collect();
    let ports = model.inputs.iter().map(|input| input.name.clone());
    let delayed = model
        .delays
        .iter()
        .map(|delay| format!("{}_{}", model.states[delay.state].name, model.parameters[delay.duration].name));
    let inputs =
        ports.chain(delayed).enumerate().map(|(i, name)| (g.symbol(Symbol::Input(i as u16)), name)).collect();
    for i in 0..model.states.len().max(model.observables.len()) {
        g.symbol(Symbol::Adjoint(i as u16));
        g.symbol(Symbol::DiagonalAdjoint(i as u16));
    }
    let coefficients = kernel.coefficients.iter().map(|c| (c.node, c.name.clone())).collect();
    Given { states, parameters, coefficients, inputs }
}

/// Names for adjoints: the name of what they belong to with a prefix that nothing in the file starts with.
fn symbols(
    g: &mut Graph,
    count: usize,
    prefix: &str,
    symbol: impl Fn(u16) -> Symbol,
    model: &Model,
) -> Vec<(NodeId, String)> {
    let names: Vec<&str> = model
        .states
        .iter()
        .map(|state| state.name.as_str())
        .chain(model.parameters.iter().map(|parameter| parameter.name.as_str()))
        .chain(model.inputs.iter().map(|input| input.name.as_str()))
        .chain(model.lets.iter().chain(&model.observables).map(|value| value.name.as_str()))
        .collect();
    let mut prefix = format!("{prefix}_");
    while names.iter().any(|name| name.starts_with(&prefix)) {
        prefix.push('_');
    }
    (0..count)
        .map(|i| {
            let of = if count == model.states.len() {
                model.states[i].name.clone()
            } else {
                model.observables[i].name.clone()
            };
            (g.symbol(symbol(i as u16)), format!("{prefix}{of}"))
        })
        .collect()
}

fn function(
    name: &str,
    output: TokenStream,
    kernel: &Kernel,
    arguments: Vec<&[(NodeId, String)]>,
    results: &[NodeId],
    result: impl Fn(&Body) -> TokenStream,
) -> TokenStream {
    let seed = if name == "observe_vjp" {
        ("observables", quote!(Self::Observables<R>))
    } else {
        ("rates", quote!(Self::States<R>))
    };
    let names = ["states", "coefficients", "inputs", seed.0, "diagonal"];
    let types = [
        quote!(Self::States<R>),
        quote!(Self::Coefficients<R>),
        quote!(Self::Inputs<R>),
        seed.1,
        quote!(Self::States<R>),
    ];
    let function = Function { graph: &kernel.graph, arguments, results: results.to_vec() };
    let body = function.body();
    let (arguments, lets) = function.head(&body, &names, &types);
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

fn coefficients(kernel: &Kernel, given: &Given) -> TokenStream {
    let results: Vec<NodeId> = kernel.coefficients.iter().map(|coefficient| coefficient.node).collect();
    let function =
        Function { graph: &kernel.graph, arguments: vec![&given.parameters], results: results.clone() };
    let body = function.body();
    let (arguments, lets) = function.head(&body, &["parameters"], &[quote!(Self::Parameters<R>)]);
    let (statements, result) = (body.statements(), array(&body, &results));
    quote! {
        #[inline(always)]
        fn coefficients<R: Real>(#arguments) -> Self::Coefficients<R> {
            #lets
            #statements
            #result
        }
    }
}

/// States moved into their bounds; nothing is written for a model without bounds.
fn project(model: &Model) -> TokenStream {
    if model.states.iter().all(|state| state.bounds.is_none()) {
        return quote!();
    }
    let names: Vec<_> = model.states.iter().map(|state| super::local(&state.name)).collect();
    let values = model.states.iter().zip(&names).map(|(state, name)| {
        let (low, high) = state.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let bound = |value: f64| {
            let magnitude = Literal::f64_unsuffixed(value.abs());
            let sign = (value < 0.0).then(|| quote!(-));
            quote!(R::splat(#sign #magnitude))
        };
        let low = low.is_finite().then(|| {
            let bound = bound(low);
            quote!(.max(#bound))
        });
        let high = high.is_finite().then(|| {
            let bound = bound(high);
            quote!(.min(#bound))
        });
        quote!(#name #low #high)
    });
    quote! {
        #[inline(always)]
        fn project<R: Real>(states: Self::States<R>) -> Self::States<R> {
            let [#(#names),*] = states;
            [#(#values),*]
        }
    }
}
