//! The equations of a node, of the rule and of what watches, with first derivatives, and the rates of all of these along a direction.

use std::cell::RefCell;

use brainmass_spec::differentiate::{HeldValues, along, forward};
use brainmass_spec::graph::{Graph, NodeId, Op, Symbol};
use brainmass_spec::model::{Model, Signal};
use brainmass_spec::problem::suggestion;
use thiserror::Error;

use super::dual::Dual;
use crate::equations::{Setting, copy, delayed_states};
use crate::function::Function;

/// A mistake in the models of a network whose linear response is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoisyModelError {
    /// A model without equations of its own, or a rule that is none.
    #[error("`{model}` {problem}")]
    Model {
        /// The name of the model.
        model: String,
        /// The problem, as the end of a sentence.
        problem: &'static str,
    },
    /// A name that is none of a state or observable, or of a port.
    #[error("`{model}` has no {what} `{given}`: {hint}")]
    Name {
        /// The name of the model.
        model: String,
        /// The kind of thing that was looked for.
        what: &'static str,
        /// The name given.
        given: String,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A signal that depends on what arrives at the node in the same moment.
    #[error(
        "the signal `{name}` reads an input that is coupled or a state that is delayed; linear response needs signals of present states, constant \
         inputs and parameters"
    )]
    Reads {
        /// The name of the signal.
        name: String,
    },
}

/// The error of a correlation that integrals may have, unless another is given.
const TOLERANCE: f64 = 1e-6;

/// The model that watches the signals of all nodes: a Balloon model, one for each node.
#[derive(Debug, Clone, Copy)]
pub struct Watching<'m> {
    /// The model, which is driven through its first input.
    pub model: &'m Model,
    /// Its parameters.
    pub setting: &'m Setting,
    /// The observable that is seen; its output if none is named.
    pub output: Option<&'m str>,
}

/// The equations of a noisy network: of one node, of the rule, and of what watches.
#[derive(Debug, Clone)]
pub struct NoisyModel {
    /// The error of a correlation that integrals may have.
    pub(super) tolerance: f64,
    /// The number of states of a node.
    pub(super) own: usize,
    /// The number of states of a node and of what watches it.
    pub(super) states: usize,
    /// The number of ports.
    pub(super) ports: usize,
    /// The port that the coupling feeds.
    pub(super) port: usize,
    /// The states that a node reads with delays.
    pub(super) delays: Vec<usize>,
    /// The model of a node, which says how long they are.
    pub(super) model: Model,
    /// The states at which what watches starts.
    pub(super) watch_start: Vec<f64>,
    /// Rates; their derivatives by all states, row by row; those by all inputs, row by row.
    pub(super) rates: Derived,
    /// The signal that is sent and its derivatives by all states; the same of what the receiver sees of itself, and of the signal that is compared.
    pub(super) signals: Derived,
    /// The term of a connection, and its derivatives by what is sent and by what the receiver has.
    pub(super) pre: Derived,
    /// The input that a sum becomes, and its derivative by the sum.
    pub(super) post: Derived,
}

/// A function with its rates along a direction of its arguments.
#[derive(Debug, Clone)]
pub(super) struct Derived {
    plain: Function,
    along: Function,
}

thread_local! {
    /// Room for what is computed on the way.
    static ROOM: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

impl Derived {
    fn new(graph: &mut Graph, arguments: &[Symbol], results: &[NodeId]) -> Self {
        let places: Vec<NodeId> = arguments.iter().map(|symbol| graph.symbol(*symbol)).collect();
        let names: Vec<NodeId> =
            (0..arguments.len()).map(|i| graph.symbol(Symbol::Adjoint(i as u16))).collect();
        let direction: Vec<(Symbol, NodeId)> = arguments.iter().copied().zip(names.iter().copied()).collect();
        let rates = along(graph, results, &direction, HeldValues::Varying);
        Self {
            plain: Function::new(graph, &places, results),
            along: Function::new(graph, &[places, names].concat(), &rates),
        }
    }

    /// Computes the results, with their rates where any argument has one.
    pub fn compute(&self, arguments: &[Dual]) -> Vec<Dual> {
        ROOM.with_borrow_mut(|room| {
            let values: Vec<f64> = arguments.iter().map(|argument| argument.value).collect();
            let results = self.plain.compute(&[&values], room);
            if arguments.iter().all(|argument| argument.rate == 0.0) {
                return results.into_iter().map(Dual::constant).collect();
            }
            let directions: Vec<f64> = arguments.iter().map(|argument| argument.rate).collect();
            let rates = self.along.compute(&[&values, &directions], room);
            results.into_iter().zip(rates).map(|(value, rate)| Dual { value, rate }).collect()
        })
    }
}

impl NoisyModel {
    /// Makes the equations of a network: the models of node and rule, the signal that nodes send, the one that the rule sees of the receiver, the port
    /// that is fed, the signal that is compared, and what watches that signal.
    ///
    /// # Errors
    ///
    /// A model has no equations, a name does not exist, or a signal depends on what arrives in the same moment.
    pub fn new(
        model: &Model,
        rule: &Model,
        (sent, received, port): (&str, &str, &str),
        compared: &str,
        watching: Option<Watching>,
    ) -> Result<Self, NoisyModelError> {
        let wrong = |model: &Model, problem| NoisyModelError::Model { model: model.name.clone(), problem };
        let rates = model.right_hand_side();
        if rates.len() != model.states.len() || rates.is_empty() {
            return Err(wrong(model, "has no equations of its own"));
        }
        let delays = delayed_states(model).map_err(|_| {
            wrong(
                model,
                "reads an observable with a delay, and linear response goes through delayed states alone",
            )
        })?;
        let coupling = rule.coupling.as_ref().ok_or_else(|| wrong(rule, "is no coupling rule"))?;
        let port = model.inputs.iter().position(|input| input.name == port).ok_or_else(|| {
            let names = model.inputs.iter().map(|input| input.name.as_str());
            let hint = suggestion(port, "inputs", names);
            NoisyModelError::Name { model: model.name.clone(), what: "input", given: port.to_owned(), hint }
        })?;
        let (mut source, mut graph) = (model.graph.clone(), Graph::beside(&model.graph));
        let signals = [sent, received, compared];
        let mut roots = rates;
        for name in signals {
            roots.push(signal(model, name, &mut source)?);
        }
        let mut roots = copy(&source, &roots, &mut graph, |graph, symbol| graph.symbol(symbol));
        let mut of_signals = roots.split_off(model.states.len());
        let (own, ports) = (model.states.len(), model.inputs.len());
        for (name, node) in signals.iter().zip(&of_signals) {
            if reads_arriving(&graph, *node, port, ports) {
                return Err(NoisyModelError::Reads { name: (*name).to_owned() });
            }
        }
        let mut watch_start = Vec::new();
        if let Some(watching) = watching {
            let (watched, output) = watch(&watching, &mut graph, own, of_signals[2])?;
            roots.extend(watched);
            of_signals[2] = output;
            watch_start = watching.model.states.iter().map(|state| state.init).collect();
        }
        let states = roots.len();
        let inputs = ports + model.delays.len();
        let arguments: Vec<Symbol> = (0..states)
            .map(|i| Symbol::State(i as u16))
            .chain((0..inputs).map(|i| Symbol::Input(i as u16)))
            .chain((0..model.parameters.len()).map(|i| Symbol::Parameter(i as u16)))
            .collect();
        let by_states = rows(&mut graph, &roots, &arguments[..states]);
        let by_inputs = rows(&mut graph, &roots, &arguments[states..states + inputs]);
        let rates = Derived::new(&mut graph, &arguments, &[roots, by_states, by_inputs].concat());
        let mut all = Vec::new();
        for node in of_signals {
            all.push(node);
            all.extend(rows(&mut graph, &[node], &arguments[..states]));
        }
        let signals = Derived::new(&mut graph, &arguments, &all);
        let mut graph = rule.graph.clone();
        let parameters: Vec<Symbol> =
            (0..rule.parameters.len()).map(|i| Symbol::Parameter(i as u16)).collect();
        let ends = [vec![Symbol::Source(0), Symbol::State(0)], parameters.clone()].concat();
        let by_ends = rows(&mut graph, &[coupling.pre_node], &ends[..2]);
        let pre = Derived::new(&mut graph, &ends, &[vec![coupling.pre_node], by_ends].concat());
        let sums = [vec![Symbol::Sum, Symbol::Count], parameters].concat();
        let by_sum = rows(&mut graph, &[coupling.post_node], &sums[..1]);
        let post = Derived::new(&mut graph, &sums, &[vec![coupling.post_node], by_sum].concat());
        Ok(Self {
            tolerance: TOLERANCE,
            own,
            states,
            ports,
            port,
            delays,
            model: model.clone(),
            watch_start,
            rates,
            signals,
            pre,
            post,
        })
    }
}

impl NoisyModel {
    /// Sets the error of a correlation that integrals over the frequency may have, where there are delays or something watches; 1e-6 if not given.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }
}

/// Finds a state or observable of a model by its name, as a node of a copy of the model's graph.
fn signal(model: &Model, name: &str, graph: &mut Graph) -> Result<NodeId, NoisyModelError> {
    if let Some(index) = model.states.iter().position(|state| state.name == name) {
        return Ok(graph.symbol(Symbol::State(index as u16)));
    }
    let observable = model.observables.iter().find(|observable| observable.name == name);
    observable.map(|observable| observable.node).ok_or_else(|| {
        let names = model.states.iter().map(|state| state.name.as_str());
        let names = names.chain(model.observables.iter().map(|observable| observable.name.as_str()));
        let hint = suggestion(name, "states and observables", names);
        let what = "state or observable";
        NoisyModelError::Name { model: model.name.clone(), what, given: name.to_owned(), hint }
    })
}

/// Returns whether a node depends on the port that is coupled or on a delayed state.
fn reads_arriving(graph: &Graph, node: NodeId, port: usize, ports: usize) -> bool {
    let needed = graph.reachable(&[node]);
    graph.ids().filter(|id| needed.get(id.index()) == Some(&true)).any(|id| match graph.op(id) {
        Op::Symbol(Symbol::Input(index)) => usize::from(index) == port || usize::from(index) >= ports,
        _ => false,
    })
}

/// The derivatives of nodes by symbols, row by row.
fn rows(graph: &mut Graph, roots: &[NodeId], by: &[Symbol]) -> Vec<NodeId> {
    let columns: Vec<Vec<NodeId>> =
        by.iter().map(|symbol| forward(graph, roots, *symbol, HeldValues::Varying)).collect();
    (0..roots.len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
}

/// Adds the equations of what watches a signal: its states come after those of the node. Returns their rates and what is seen.
fn watch(
    watching: &Watching,
    graph: &mut Graph,
    first: usize,
    signal: NodeId,
) -> Result<(Vec<NodeId>, NodeId), NoisyModelError> {
    let Watching { model, setting, output } = *watching;
    let wrong = |problem| NoisyModelError::Model { model: model.name.clone(), problem };
    let rates = model.right_hand_side();
    if rates.len() != model.states.len() || rates.is_empty() || model.inputs.len() != 1 {
        return Err(wrong("cannot watch a signal: it needs equations and one input"));
    }
    if !model.delays.is_empty() {
        return Err(wrong("cannot watch a signal here, since it reads its own states with delays"));
    }
    if !model.tables.is_empty() {
        return Err(wrong("cannot watch a signal here, since it looks values up in tables"));
    }
    let seen = match (output, model.output) {
        (Some(name), _) => model.observables.iter().find(|observable| observable.name == name),
        (None, Some(Signal::Observable(index))) => model.observables.get(index),
        (None, _) => None,
    };
    let seen = seen.ok_or_else(|| wrong("has no observable as its output"))?;
    let roots = [rates, vec![seen.node]].concat();
    let mut copied = copy(&model.graph, &roots, graph, |graph, symbol| match symbol {
        Symbol::State(index) => graph.symbol(Symbol::State(first as u16 + index)),
        Symbol::Parameter(index) => graph.constant(setting.parameters[usize::from(index)]),
        Symbol::Input(_) => signal,
        other => graph.symbol(other),
    });
    let seen = copied.split_off(model.states.len());
    Ok((copied, seen[0]))
}
