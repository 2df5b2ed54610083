//! A noisy network at some states, linearised: every derivative with its rate along a direction.

use super::dual::Dual;
use super::functions::NoisyModel;
use super::numbers::{NoisyNumbers, Varied};
use crate::linear::Matrix;

/// A network, linearised at some states.
#[derive(Debug, Clone)]
pub(super) struct Linear {
    /// The rates of change of all states, node by node.
    pub rates: Vec<Dual>,
    /// The nodes.
    pub nodes: Vec<LinearNode>,
    /// The derivative of what arrives by what is sent, for each connection.
    pub couplings: Vec<Dual>,
}

/// A node, linearised at its states.
#[derive(Debug, Clone)]
pub(super) struct LinearNode {
    /// The derivatives of the rates by the present states, row by row.
    pub present: Vec<Dual>,
    /// The states that are read with a delay: for each the delay in ms, the state, and the derivatives of the rates by it.
    pub delayed: Vec<(f64, usize, Vec<Dual>)>,
    /// The derivatives of the rates by what arrives.
    pub port: Vec<Dual>,
    /// The derivatives of what is sent by the states.
    pub sent: Vec<Dual>,
    /// The derivatives of the signal that is compared by the states.
    pub seen: Vec<Dual>,
}

/// The signals of a node, each with its derivatives by the states.
struct Signals {
    sent: Vec<Dual>,
    received: Vec<Dual>,
    seen: Vec<Dual>,
}

impl NoisyModel {
    /// Linearises a network at states, which may change along a direction, as may one of the numbers.
    pub(super) fn linearise(&self, numbers: &NoisyNumbers, states: &[Dual], by: Option<&Varied>) -> Linear {
        let (n, nodes) = (self.states, numbers.parameters.len());
        let own = |node: usize| &states[node * n..(node + 1) * n];
        let signals: Vec<Signals> = (0..nodes)
            .map(|node| {
                let arguments = self.arguments(numbers, own(node), node, by, Dual::default());
                let mut all = self.signals.compute(&arguments);
                let seen = all.split_off(2 * (n + 1));
                let received = all.split_off(n + 1);
                Signals { sent: all, received, seen }
            })
            .collect();
        let of_rule: Vec<Vec<Dual>> = (0..nodes).map(|node| rule(numbers, node, by)).collect();
        let mut sums = vec![Dual::default(); nodes];
        let mut by_receiver = vec![Dual::default(); nodes];
        let mut couplings = Vec::with_capacity(numbers.edges.len());
        for edge in &numbers.edges {
            let ends = [signals[edge.source].sent[0], signals[edge.target].received[0]];
            let term = self.pre.compute(&[&ends[..], &of_rule[edge.target]].concat());
            let weight = Dual::constant(edge.weight);
            sums[edge.target] = sums[edge.target] + weight * term[0];
            by_receiver[edge.target] = by_receiver[edge.target] + weight * term[2];
            couplings.push(weight * term[1]);
        }
        let mut rates = Vec::with_capacity(nodes * n);
        let mut linear = Vec::with_capacity(nodes);
        let mut slopes = Vec::with_capacity(nodes);
        for (node, signal) in signals.into_iter().enumerate() {
            let count = Dual::constant(nodes as f64);
            let post = self.post.compute(&[&[sums[node], count][..], &of_rule[node]].concat());
            let arguments = self.arguments(numbers, own(node), node, by, post[0]);
            let all = self.rates.compute(&arguments);
            let inputs = self.ports + self.delays.len();
            let by_input = |row: usize, input: usize| all[n + n * n + row * inputs + input];
            let port: Vec<Dual> = (0..n).map(|row| by_input(row, self.port)).collect();
            let mut present = all[n..n + n * n].to_vec();
            // What the rule reads of the receiver acts without delay.
            let of_receiver = post[1] * by_receiver[node];
            for (row, port) in port.iter().enumerate() {
                for column in 0..n {
                    let added = *port * of_receiver * signal.received[1 + column];
                    present[row * n + column] = present[row * n + column] + added;
                }
            }
            let durations = self.model.durations(&numbers.parameters[node]);
            let delays = self.delays.iter().zip(durations).enumerate().map(|(index, (state, duration))| {
                let column = (0..n).map(|row| by_input(row, self.ports + index)).collect();
                (duration, *state, column)
            });
            rates.extend(&all[..n]);
            slopes.push(post[1]);
            linear.push(LinearNode {
                present,
                delayed: delays.collect(),
                port,
                sent: signal.sent[1..].to_vec(),
                seen: signal.seen[1..].to_vec(),
            });
        }
        for (coupling, edge) in couplings.iter_mut().zip(&numbers.edges) {
            *coupling = *coupling * slopes[edge.target];
        }
        Linear { rates, nodes: linear, couplings }
    }

    /// The arguments of the functions of a node: its states, its inputs with what arrives and what is delayed, its parameters.
    fn arguments(
        &self,
        numbers: &NoisyNumbers,
        states: &[Dual],
        node: usize,
        by: Option<&Varied>,
        arriving: Dual,
    ) -> Vec<Dual> {
        let mut all = states.to_vec();
        let varied = Varied::of_inputs(by, node);
        let inputs = numbers.inputs[node].iter().enumerate();
        all.extend(inputs.map(|(index, value)| Dual { value: *value, rate: one(varied == Some(index)) }));
        let port = self.states + self.port;
        all[port] = all[port] + arriving;
        all.extend(self.delays.iter().map(|state| states[*state]));
        let varied = Varied::of_parameters(by, node);
        let parameters = numbers.parameters[node].iter().enumerate();
        all.extend(parameters.map(|(index, value)| Dual { value: *value, rate: one(varied == Some(index)) }));
        all
    }
}

/// The parameters of the rule for a receiving node.
fn rule(numbers: &NoisyNumbers, node: usize, by: Option<&Varied>) -> Vec<Dual> {
    let varied = Varied::of_rule(by, node);
    let parameters = numbers.rule[node].iter().enumerate();
    parameters.map(|(index, value)| Dual { value: *value, rate: one(varied == Some(index)) }).collect()
}

fn one(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

impl Linear {
    /// The Jacobian of the first `kept` states of each node, as if nothing were delayed.
    pub fn at_rest(&self, numbers: &NoisyNumbers, states: usize, kept: usize) -> Matrix<f64> {
        let nodes = self.nodes.len();
        let mut all = Matrix::zeros(nodes * kept, nodes * kept);
        for (index, node) in self.nodes.iter().enumerate() {
            let first = index * kept;
            for row in 0..kept {
                for column in 0..kept {
                    all[(first + row, first + column)] += node.present[row * states + column].value;
                }
                for (_, state, column) in &node.delayed {
                    all[(first + row, first + state)] += column[row].value;
                }
            }
        }
        for (coupling, edge) in self.couplings.iter().zip(&numbers.edges) {
            let (target, source) = (&self.nodes[edge.target], &self.nodes[edge.source]);
            for row in 0..kept {
                let by_sent = target.port[row].value * coupling.value;
                if by_sent == 0.0 {
                    continue;
                }
                let place = edge.source * kept;
                let entries = &mut all.row_mut(edge.target * kept + row)[place..place + kept];
                for (entry, sent) in entries.iter_mut().zip(&source.sent) {
                    *entry += by_sent * sent.value;
                }
            }
        }
        all
    }
}
