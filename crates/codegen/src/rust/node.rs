//! The step struct of a node model and its kernel.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::body::Body;
use super::function::{Argument, array, function};
use super::locals::{Given, Locals};
use super::{coupling, docs, info, parameters, tables};
use brainmass_spec::graph::{Graph, NodeId, Op, Symbol};
use brainmass_spec::kernel::{Adjoints, Kernel};
use brainmass_spec::model::Model;
use brainmass_spec::scheme::Scheme;

/// Struct, builder, kernel and catalogue entry.
pub fn emit(model: &Model) -> TokenStream {
    let builder = builder(model);
    let described = info::described(model);
    let kernel = kernel(model);
    let interaction = coupling::internal(model);
    let tables = tables::emit(model);
    quote!(#builder #described #tables #kernel #interaction)
}

fn builder(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let doc = docs::model(model);
    let parameters = parameters::methods(model, &quote!(population.set_parameter));
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

/// Names of the number type and of the arguments of the functions of a node kernel.
const OWN: &[&str] =
    &["R", "states", "parameters", "coefficients", "inputs", "rates", "diagonal", "observables"];

/// Values that the functions of a kernel are given.
struct Values {
    states: Vec<Given>,
    parameters: Vec<Given>,
    coefficients: Vec<Given>,
    /// Input ports, and behind them the delayed values.
    inputs: Vec<Given>,
    /// Adjoints of the rates.
    rates: Vec<Given>,
    /// Adjoints of the diagonal of the Jacobian.
    diagonal: Vec<Given>,
    /// Adjoints of the observables.
    observables: Vec<Given>,
}

impl Values {
    /// Names everything that the functions are given. Nodes that nothing uses are added to the kernel's graph.
    fn new(model: &Model, kernel: &mut Kernel, locals: &mut Locals) -> Self {
        let names = || model.states.iter().map(|state| state.name.as_str());
        let observables = || model.observables.iter().map(|observable| observable.name.as_str());
        let g = &mut kernel.graph;
        let states = numbered(g, Symbol::State, names().map(|name| locals.author(name)));
        let parameters = model.parameters.iter().map(|parameter| locals.author(&parameter.name));
        let parameters = numbered(g, Symbol::Parameter, parameters);
        let ports: Vec<Ident> = model.inputs.iter().map(|input| locals.author(&input.name)).collect();
        let delayed = model.delays.iter().map(|delay| {
            // A delay that is a parameter names the value.
            let parameter = model.parameters.iter().find(|parameter| parameter.name == delay.text);
            let duration = parameter.map_or("delayed", |parameter| parameter.name.as_str());
            locals.fresh(&format!("{}_{duration}", model.signal_name(delay.signal)))
        });
        let delayed: Vec<Ident> = delayed.collect();
        let inputs = numbered(g, Symbol::Input, ports.into_iter().chain(delayed));
        // Rates and observables are never seeded in one function, so their adjoints are the same symbols under two names.
        let rates = numbered(g, Symbol::Adjoint, names().map(|name| locals.fresh(&format!("d_{name}"))));
        let diagonal =
            numbered(g, Symbol::DiagonalAdjoint, names().map(|name| locals.fresh(&format!("j_{name}"))));
        let observables =
            numbered(g, Symbol::Adjoint, observables().map(|name| locals.fresh(&format!("d_{name}"))));
        let coefficients = kernel.coefficients.iter().map(|coefficient| {
            let variable = match g.op(coefficient.node) {
                Op::Symbol(_) => locals.author(&coefficient.name),
                _ => locals.fresh(&coefficient.name),
            };
            (coefficient.node, variable)
        });
        let coefficients = coefficients.collect();
        Self { states, parameters, coefficients, inputs, rates, diagonal, observables }
    }
}

/// The nodes of the symbols 0, 1, ... of one kind, with their variables.
fn numbered(
    graph: &mut Graph,
    symbol: impl Fn(u16) -> Symbol,
    variables: impl Iterator<Item = Ident>,
) -> Vec<Given> {
    variables.enumerate().map(|(i, variable)| (graph.symbol(symbol(i as u16)), variable)).collect()
}

fn adjoints(body: &Body, adjoints: &Adjoints) -> TokenStream {
    let (states, parameters, inputs) =
        (array(body, &adjoints.states), array(body, &adjoints.parameters), array(body, &adjoints.inputs));
    quote!(Adjoints { states: #states, parameters: #parameters, inputs: #inputs })
}

fn kernel(model: &Model) -> TokenStream {
    let mut kernel = Kernel::new(model);
    let mut locals = Locals::new(OWN, model);
    let values = Values::new(model, &mut kernel, &mut locals);
    let k = &kernel;
    let name = format_ident!("{}", model.name);
    let count = |n: usize| Literal::usize_unsuffixed(n);
    let (n_states, n_parameters) = (count(model.states.len()), count(model.parameters.len()));
    let (n_coefficients, n_inputs) = (count(k.coefficients.len()), count(values.inputs.len()));
    let n_observables = count(model.observables.len());
    let constant_diagonal = k.constant_diagonal();
    let order = if model.integration.scheme == Scheme::SYMPLECTIC_EULER {
        let order = model.derivatives.iter().map(|derivative| count(derivative.state));
        quote!(Some(&[#(#order),*]))
    } else {
        quote!(None)
    };

    let states = || Argument::new("states", quote!(Self::States<R>), &values.states);
    let at = || {
        vec![
            states(),
            Argument::new("coefficients", quote!(Self::Coefficients<R>), &values.coefficients),
            Argument::new("inputs", quote!(Self::Inputs<R>), &values.inputs),
        ]
    };
    let rates = || Argument::new("rates", quote!(Self::States<R>), &values.rates);
    let diagonal = || Argument::new("diagonal", quote!(Self::States<R>), &values.diagonal);
    let list = |name: &str, arguments: Vec<Argument>, output: TokenStream, results: &[NodeId]| {
        function(&locals, &k.graph, name, &[], &arguments, output, results, |body| array(body, results))
    };
    let results: Vec<NodeId> = k.coefficients.iter().map(|coefficient| coefficient.node).collect();
    let parameters = vec![Argument::new("parameters", quote!(Self::Parameters<R>), &values.parameters)];
    let coefficients = list("coefficients", parameters, quote!(Self::Coefficients<R>), &results);
    let durations = durations(model, &locals);
    let rhs = list("rhs", at(), quote!(Self::States<R>), &k.rhs);
    let rhs_diagonal = function(
        &locals,
        &k.graph,
        "rhs_diagonal",
        &[],
        &at(),
        quote!((Self::States<R>, Self::States<R>)),
        &[&k.rhs[..], &k.diagonal].concat(),
        |body| {
            let (rhs, diagonal) = (array(body, &k.rhs), array(body, &k.diagonal));
            quote!((#rhs, #diagonal))
        },
    );
    let jacobian = function(
        &locals,
        &k.graph,
        "jacobian",
        &[],
        &at(),
        quote!(Self::Jacobian<R>),
        &k.jacobian.concat(),
        |body| {
            let rows = k.jacobian.iter().map(|row| array(body, row));
            quote!([#(#rows),*])
        },
    );
    let observe = list("observe", at(), quote!(Self::Observables<R>), &k.observables);
    let vjp = |name: &str, seeds: Vec<Argument>, list: &Adjoints| {
        let arguments: Vec<Argument> = at().into_iter().chain(seeds).collect();
        let output = quote!(Adjoints<Self::States<R>, Self::Parameters<R>, Self::Inputs<R>>);
        let results = [&list.states[..], &list.parameters, &list.inputs].concat();
        function(&locals, &k.graph, name, &[], &arguments, output, &results, |body| adjoints(body, list))
    };
    let rhs_vjp = vjp("rhs_vjp", vec![rates()], &k.rhs_vjp);
    let rhs_diagonal_vjp = vjp("rhs_diagonal_vjp", vec![rates(), diagonal()], &k.rhs_diagonal_vjp);
    let observables = Argument::new("observables", quote!(Self::Observables<R>), &values.observables);
    let observe_vjp = vjp("observe_vjp", vec![observables], &k.observables_vjp);
    let project = project(model, &values.states);

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

            #durations
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

/// The delays in ms; nothing is written for a model without any.
fn durations(model: &Model, locals: &Locals) -> TokenStream {
    if model.delays.is_empty() {
        return quote!();
    }
    let mut graph = model.graph.clone();
    let names = model.parameters.iter().map(|parameter| locals.author(&parameter.name));
    let parameters = numbered(&mut graph, Symbol::Parameter, names);
    let arguments = [Argument::new("parameters", quote!(Self::Parameters<R>), &parameters)];
    let results: Vec<NodeId> = model.delays.iter().map(|delay| delay.duration).collect();
    let output = quote!(Self::Inputs<R>);
    let ports = model.inputs.iter().map(|_| quote!(R::splat(0.0)));
    function(locals, &graph, "durations", &[], &arguments, output, &results, |body| {
        let delays = results.iter().map(|id| body.result(*id));
        let values = ports.clone().chain(delays);
        quote!([#(#values),*])
    })
}

/// States moved into their bounds, or onto their circles; nothing is written for a model without either. The bound is the first operand, because
/// the result of a comparison with NaN is the second: a state that became NaN stays so, and is found, in place of hiding at its bound.
fn project(model: &Model, variables: &[Given]) -> TokenStream {
    if model.states.iter().all(|state| state.bounds.is_none() && state.wrap.is_none()) {
        return quote!();
    }
    let names: Vec<&Ident> = variables.iter().map(|(_, name)| name).collect();
    let values = model.states.iter().zip(&names).map(|(state, name)| {
        let (low, high) = state.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let bound = |value: f64| {
            let magnitude = Literal::f64_unsuffixed(value.abs());
            let sign = (value < 0.0).then(|| quote!(-));
            quote!(R::splat(#sign #magnitude))
        };
        let mut bounded = quote!(#name);
        if low.is_finite() {
            let low = bound(low);
            bounded = quote!(#low.max(#bounded));
        }
        if high.is_finite() {
            let high = bound(high);
            bounded = quote!(#high.min(#bounded));
        }
        let Some((from, to)) = state.wrap else { return bounded };
        let (from, turn) = (bound(from), bound(to - from));
        quote!(#name - #turn * ((#name - #from) / #turn).floor())
    });
    quote! {
        #[inline(always)]
        fn project<R: Real>(states: Self::States<R>) -> Self::States<R> {
            let [#(#names),*] = states;
            [#(#values),*]
        }
    }
}
