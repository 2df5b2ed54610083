//! Networks of one model around an equilibrium, linearised from the equations of node and rule.

use brainmass_spec::evaluate::evaluate;
use brainmass_spec::graph::{Graph, NodeId, Symbol};
use brainmass_spec::model::{Model, Signal};
use ndarray::Array2;
use thiserror::Error;

use super::system::LinearSystem;
use crate::curve::newton;
use crate::equations::{Setting, delayed_states};
use crate::function::Function;
use crate::linear::Matrix;
use brainmass_spec::differentiate::{HeldValues, forward};

/// A mistake in a network that is to be linearised.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NetworkError {
    /// A model that has no equations, a rule that is none, or a port or signal that does not exist.
    #[error("{0}")]
    Model(String),
    /// Arrays whose sizes do not fit the number of nodes.
    #[error("the {what} have shape {given:?}; {nodes} nodes need {nodes} rows and columns")]
    Shape {
        /// The array: weights or delays.
        what: &'static str,
        /// Its shape.
        given: Vec<usize>,
        /// The number of nodes.
        nodes: usize,
    },
    /// No equilibrium was reached.
    #[error("no equilibrium of the network was reached from the start; give another one")]
    NoEquilibrium,
}

/// A network of nodes of one model that are coupled by a rule, with delays or without, as what its linearisation needs.
///
/// The states of all nodes stand in one list, node by node.
#[derive(Debug, Clone)]
pub struct LinearNetwork {
    n: usize,
    nodes: usize,
    inputs: Vec<Vec<f64>>,
    parameters: Vec<Vec<f64>>,
    model: Model,
    /// The states that a node reads with a delay.
    own_delays: Vec<usize>,
    port: usize,
    weights: Array2<f64>,
    delays: Array2<f64>,
    rule_parameters: Vec<f64>,
    node_function: Function,
    sent: Function,
    pre: Function,
    post: Function,
}

impl LinearNetwork {
    /// Creates a network: the model of its nodes with a setting each, the model of the rule with its parameters, what is sent and where it goes (both the
    /// model's own choice if not given), weights and delays in ms as `[target][source]`.
    ///
    /// # Errors
    ///
    /// The model or the rule is none, the names do not exist, or the arrays do not fit.
    pub fn new(
        model: &Model,
        settings: &[Setting],
        rule: &Model,
        rule_parameters: Vec<f64>,
        ends: (Option<&str>, Option<&str>),
        weights: Array2<f64>,
        delays: Array2<f64>,
    ) -> Result<Self, NetworkError> {
        let nodes = settings.len();
        for (what, array) in [("weights", &weights), ("delays", &delays)] {
            if array.dim() != (nodes, nodes) {
                return Err(NetworkError::Shape { what, given: array.shape().to_vec(), nodes });
            }
        }
        let wrong = |text: &str| NetworkError::Model(text.to_owned());
        let rates = model.right_hand_side();
        if rates.len() != model.states.len() || rates.is_empty() {
            return Err(wrong("the model of the nodes has no equations of its own"));
        }
        let coupling = rule.coupling.as_ref().ok_or_else(|| wrong("the rule is no coupling rule"))?;
        let sent_signal = match ends.0 {
            None => model.couples.first().map(|couple| couple.from).or(model.output),
            Some(name) => {
                let state = model.states.iter().position(|state| state.name == name).map(Signal::State);
                let observable = || model.observables.iter().position(|value| value.name == name);
                state.or_else(|| observable().map(Signal::Observable))
            }
        };
        let sent_signal = sent_signal.ok_or_else(|| wrong("the model has no such signal to send"))?;
        let port = match ends.1 {
            None => model.couples.first().map(|couple| couple.to),
            Some(name) => model.inputs.iter().position(|input| input.name == name),
        };
        let port = port.ok_or_else(|| wrong("the model has no such input port"))?;
        let own_delays = delayed_states(model).map_err(|error| NetworkError::Model(error.to_string()))?;
        let (n, n_inputs) = (model.states.len(), model.inputs.len() + model.delays.len());
        // Node: rates and their derivatives by states and by inputs.
        let mut graph = model.graph.clone();
        let symbols: Vec<Symbol> = (0..n)
            .map(|i| Symbol::State(i as u16))
            .chain((0..n_inputs).map(|i| Symbol::Input(i as u16)))
            .chain((0..model.parameters.len()).map(|i| Symbol::Parameter(i as u16)))
            .collect();
        let node_function = with_derivatives(&mut graph, &symbols, &rates, &symbols[..n + n_inputs]);
        let signal = match sent_signal {
            Signal::State(index) => graph.symbol(Symbol::State(index as u16)),
            Signal::Observable(index) => model.observables[index].node,
        };
        let sent = with_derivatives(&mut graph, &symbols, &[signal], &symbols[..n]);
        // Rule: the term of a connection by what is sent and what the receiver has; the input by the sum.
        let mut graph = rule.graph.clone();
        let parameters: Vec<Symbol> =
            (0..rule.parameters.len()).map(|i| Symbol::Parameter(i as u16)).collect();
        let ends = [vec![Symbol::Source(0), Symbol::State(0)], parameters.clone()].concat();
        let pre = with_derivatives(&mut graph, &ends, &[coupling.pre_node], &ends[..2]);
        let sums = [vec![Symbol::Sum, Symbol::Count], parameters].concat();
        let post = with_derivatives(&mut graph, &sums, &[coupling.post_node], &sums[..1]);
        let weights = match &coupling.weight {
            Some(weight) => weights.mapv(|own| match own {
                // Where there is no connection there is none.
                0.0 => 0.0,
                own => evaluate(&rule.graph, &[weight.node], |_| own)[0],
            }),
            None => weights,
        };
        Ok(Self {
            n,
            nodes,
            inputs: settings.iter().map(|setting| setting.inputs.clone()).collect(),
            parameters: settings.iter().map(|setting| setting.parameters.clone()).collect(),
            own_delays,
            model: model.clone(),
            port,
            weights,
            delays,
            rule_parameters,
            node_function,
            sent,
            pre,
            post,
        })
    }

    /// Finds the equilibrium of the network that Newton's method reaches from a start, which has the states of all nodes.
    ///
    /// # Errors
    ///
    /// None is reached.
    pub fn equilibrium(&self, start: &[f64]) -> Result<Vec<f64>, NetworkError> {
        let scale: Vec<f64> = start.iter().map(|x| x.abs().max(1e-3)).collect();
        let found = newton(start, &scale, |states| {
            let (rates, system) = self.at(states);
            let mut all = system.present.clone();
            for (_, matrix) in &system.delayed {
                for i in 0..all.rows() {
                    all.row_mut(i).iter_mut().zip(matrix.row(i)).for_each(|(sum, entry)| *sum += entry);
                }
            }
            (rates, all)
        });
        found.map(|(states, _)| states).ok_or(NetworkError::NoEquilibrium)
    }

    /// Linearises the network at an equilibrium, given as the states of all nodes.
    pub fn linearised(&self, states: &[f64]) -> LinearSystem {
        self.at(states).1
    }

    /// The rates of all states, and the linearisation.
    fn at(&self, states: &[f64]) -> (Vec<f64>, LinearSystem) {
        let (n, nodes) = (self.n, self.nodes);
        let mut room = Vec::new();
        let own = |node: usize| &states[node * n..(node + 1) * n];
        // What each node sends, and its derivatives by the states of the node.
        let sent: Vec<Vec<f64>> = (0..nodes)
            .map(|node| {
                let inputs = self.all_inputs(node, own(node), 0.0);
                self.sent.compute(&[own(node), &inputs, &self.parameters[node]], &mut room)
            })
            .collect();
        let mut rates = Vec::with_capacity(nodes * n);
        let mut system = LinearSystem::new(Matrix::zeros(nodes * n, nodes * n));
        for target in 0..nodes {
            let terms: Vec<Vec<f64>> = (0..nodes)
                .map(|source| {
                    let ends = [sent[source][0], sent[target][0]];
                    self.pre.compute(&[&ends, &self.rule_parameters], &mut room)
                })
                .collect();
            let weights = self.weights.row(target);
            let sum: f64 = terms.iter().zip(weights).map(|(term, weight)| weight * term[0]).sum();
            let post = self.post.compute(&[&[sum, nodes as f64], &self.rule_parameters], &mut room);
            let inputs = self.all_inputs(target, own(target), post[0]);
            let all =
                self.node_function.compute(&[own(target), &inputs, &self.parameters[target]], &mut room);
            let columns = n + inputs.len();
            rates.extend(&all[..n]);
            let derivative = |row: usize, column: usize| all[n + row * columns + column];
            for row in 0..n {
                for column in 0..n {
                    system.present[(target * n + row, target * n + column)] += derivative(row, column);
                }
            }
            let first_delayed = inputs.len() - self.own_delays.len();
            let durations = self.model.durations(&self.parameters[target]);
            for (index, (state, duration)) in self.own_delays.iter().zip(durations).enumerate() {
                let mut matrix = Matrix::zeros(nodes * n, nodes * n);
                for row in 0..n {
                    matrix[(target * n + row, target * n + state)] =
                        derivative(row, n + first_delayed + index);
                }
                system = system.delayed(duration, &matrix);
            }
            for source in 0..nodes {
                let factor = weights[source] * post[1];
                if factor == 0.0 {
                    continue;
                }
                for row in 0..n {
                    let by_input = derivative(row, n + self.port) * factor;
                    for column in 0..n {
                        let from = terms[source][1] * sent[source][1 + column];
                        let own = terms[source][2] * sent[target][1 + column];
                        let place = (target * n + row, source * n + column);
                        system.add_at(self.delays[(target, source)], place, by_input * from);
                        system.present[(target * n + row, target * n + column)] += by_input * own;
                    }
                }
            }
        }
        (rates, system)
    }

    /// The inputs of a node: the constants, with what arrives at the port, and the delayed states as they are.
    fn all_inputs(&self, node: usize, states: &[f64], arriving: f64) -> Vec<f64> {
        let mut inputs = self.inputs[node].clone();
        inputs[self.port] += arriving;
        inputs.extend(self.own_delays.iter().map(|state| states[*state]));
        inputs
    }
}

impl LinearSystem {
    /// Adds to one derivative by a state a delay ago.
    fn add_at(&mut self, delay: f64, place: (usize, usize), value: f64) {
        if value == 0.0 {
            return;
        }
        if delay <= 0.0 {
            self.present[place] += value;
            return;
        }
        let known = self.delayed.iter().position(|(other, _)| *other == delay);
        let index = known.unwrap_or_else(|| {
            let n = self.present.rows();
            self.delayed.push((delay, Matrix::zeros(n, n)));
            self.delayed.len() - 1
        });
        self.delayed[index].1[place] += value;
    }
}

/// The function of values and of their derivatives by some symbols, row by row.
fn with_derivatives(graph: &mut Graph, arguments: &[Symbol], roots: &[NodeId], by: &[Symbol]) -> Function {
    let places: Vec<NodeId> = arguments.iter().map(|symbol| graph.symbol(*symbol)).collect();
    let columns: Vec<Vec<NodeId>> =
        by.iter().map(|symbol| forward(graph, roots, *symbol, HeldValues::Varying)).collect();
    let entries = (0..roots.len()).flat_map(|row| columns.iter().map(move |column| column[row]));
    let results: Vec<NodeId> = roots.iter().copied().chain(entries).collect();
    Function::new(graph, &places, &results)
}
