//! Equilibria of a node that reads its own states and observables with delays.

use brainmass_sim::dynamics::Complex64;
use brainmass_spec::differentiate::{HeldValues, forward};
use brainmass_spec::graph::{NodeId, Symbol};
use brainmass_spec::model::{Model, Signal};

use super::system::LinearSystem;
use crate::diagram::{Equilibria, Range};
use crate::equations::{Equations, EquationsError, Quantity, Setting};
use crate::equilibria::EquilibriumPoint;
use crate::function::Function;
use crate::linear::Matrix;

/// The number of characteristic roots that are followed along a branch.
const FOLLOWED: usize = 12;

/// A node that reads its own states or observables with delays, while a parameter or an input varies.
#[derive(Debug)]
pub struct DelayedNode {
    equations: Equations,
    setting: Setting,
    quantity: Quantity,
    inputs: usize,
    model: Model,
    /// The derivatives of the rates by states and delayed values, column by column.
    function: Function,
    /// The values of the signals that are read with a delay, and their derivatives by states and delayed values, column by column.
    signals: Function,
}

/// An equilibrium of a node with delays.
#[derive(Debug, Clone, PartialEq)]
pub struct DelayedEquilibrium {
    /// The value of what varies.
    pub value: f64,
    /// The states.
    pub states: Vec<f64>,
    /// Characteristic roots of largest real part in 1/ms, by descending real part.
    pub roots: Vec<Complex64>,
}

/// A Hopf point of a node with delays: a pair of characteristic roots is imaginary.
#[derive(Debug, Clone, PartialEq)]
pub struct DelayedHopf {
    /// The equilibrium.
    pub point: DelayedEquilibrium,
    /// The imaginary part of the roots that cross the axis, in rad/ms.
    pub frequency: f64,
}

impl DelayedEquilibrium {
    /// Counts the roots with positive real part among those that were computed.
    pub fn unstable(&self) -> usize {
        self.roots.iter().filter(|root| root.re > 0.0).count()
    }
}

/// The derivatives of delayed signals at a point, and their delays.
struct Reach {
    states: usize,
    /// The derivatives of the signals: a row for each state and each delayed value, a column for each signal.
    slopes: Matrix<f64>,
    /// The delays in ms.
    durations: Vec<f64>,
}

impl Reach {
    /// The derivatives of a delayed value by the states, each row with the time in ms by which these states are earlier: a signal that reads another one
    /// with a delay goes back by both.
    fn back(&self, index: usize) -> Vec<(f64, Vec<f64>)> {
        let own = (0..self.states).map(|state| self.slopes[(state, index)]).collect();
        let mut all = vec![(self.durations[index], own)];
        for other in 0..self.durations.len() {
            let slope = self.slopes[(self.states + other, index)];
            if slope != 0.0 {
                let further = self.back(other).into_iter();
                let scaled = |row: Vec<f64>| row.into_iter().map(|entry| slope * entry).collect();
                all.extend(further.map(|(delay, row)| (self.durations[index] + delay, scaled(row))));
            }
        }
        all
    }
}

impl DelayedNode {
    /// Makes the equations of a node at a setting, of which one parameter or input varies.
    ///
    /// # Errors
    ///
    /// There is no parameter or input of that name, the model has no equations of its own, or a delayed observable depends on itself.
    pub fn new(model: &Model, setting: &Setting, over: &str) -> Result<Self, EquationsError> {
        let quantity = Quantity::find(model, over)?;
        let equations = Equations::new(model, setting, &[quantity])?;
        let mut graph = model.graph.clone();
        let n = model.states.len();
        let inputs = model.inputs.len() + model.delays.len();
        let symbols: Vec<Symbol> = (0..n)
            .map(|i| Symbol::State(i as u16))
            .chain((0..inputs).map(|i| Symbol::Input(i as u16)))
            .chain((0..model.parameters.len()).map(|i| Symbol::Parameter(i as u16)))
            .collect();
        let rates = model.right_hand_side();
        let delayed = model.inputs.len()..inputs;
        let by: Vec<Symbol> =
            (0..n).map(|i| Symbol::State(i as u16)).chain(delayed.map(|i| Symbol::Input(i as u16))).collect();
        let signals: Vec<NodeId> = model
            .delays
            .iter()
            .map(|delay| match delay.signal {
                Signal::State(state) => graph.symbol(Symbol::State(state as u16)),
                Signal::Observable(observable) => model.observables[observable].node,
            })
            .collect();
        let mut columns = |roots: &[NodeId]| -> Vec<NodeId> {
            by.iter().flat_map(|symbol| forward(&mut graph, roots, *symbol, HeldValues::Varying)).collect()
        };
        let (of_rates, of_signals) = (columns(&rates), columns(&signals));
        let places: Vec<NodeId> = symbols.iter().map(|symbol| graph.symbol(*symbol)).collect();
        let function = Function::new(&graph, &places, &of_rates);
        let signals = Function::new(&graph, &places, &[signals, of_signals].concat());
        Ok(Self {
            equations,
            setting: setting.clone(),
            quantity,
            inputs: model.inputs.len(),
            model: model.clone(),
            function,
            signals,
        })
    }

    /// Linearises the node at states and a value of what varies.
    pub fn linearised(&self, states: &[f64], value: f64) -> LinearSystem {
        let n = self.equations.n_states();
        let mut setting = self.setting.clone();
        setting.set(self.quantity, value);
        let ports = &setting.inputs[..self.inputs];
        let count = self.model.delays.len();
        // Signals that read others are right once those are.
        let mut inputs = [ports, &vec![0.0; count]].concat();
        let mut signals = Vec::new();
        for _ in 0..=count {
            signals = self.signals.compute(&[states, &inputs, &setting.parameters], &mut Vec::new());
            inputs.splice(self.inputs.., signals[..count].iter().copied());
        }
        let reach = Reach {
            states: n,
            slopes: Matrix::from_entries(n + count, count, signals.split_off(count)),
            durations: self.model.durations(&setting.parameters),
        };
        let all = self.function.compute(&[states, &inputs, &setting.parameters], &mut Vec::new());
        let mut present = Matrix::zeros(n, n);
        for column in 0..n {
            for row in 0..n {
                present[(row, column)] = all[column * n + row];
            }
        }
        let mut system = LinearSystem::new(present);
        for index in 0..count {
            for (delay, by_states) in reach.back(index) {
                let mut matrix = Matrix::zeros(n, n);
                for row in 0..n {
                    let by_signal = all[(n + index) * n + row];
                    matrix
                        .row_mut(row)
                        .iter_mut()
                        .zip(&by_states)
                        .for_each(|(entry, slope)| *entry = by_signal * slope);
                }
                system = system.delayed(delay, &matrix);
            }
        }
        system
    }

    /// Computes an equilibrium with so many characteristic roots.
    pub fn equilibrium(&self, states: &[f64], value: f64, roots: usize) -> DelayedEquilibrium {
        let roots = self.linearised(states, value).roots(roots);
        DelayedEquilibrium { value, states: states.to_vec(), roots }
    }

    /// Returns the equations, in which delayed states count as present ones: equilibria are the same.
    pub fn equations(&self) -> &Equations {
        &self.equations
    }

    /// Finds all equilibria at a value of a diagram of this node, with so many characteristic roots each.
    pub fn at(&self, equilibria: &Equilibria, value: f64, roots: usize) -> Vec<DelayedEquilibrium> {
        let points = equilibria.at(&self.equations, value);
        points.iter().map(|point| self.equilibrium(&point.states, value, roots)).collect()
    }

    /// Finds the Hopf points of all branches of equilibria over a range, by rising value. Up to 12 characteristic roots are followed from point to point.
    pub fn hopf_points(&self, equilibria: &Equilibria) -> Vec<DelayedHopf> {
        self.hopf_points_of(&self.branches(equilibria), equilibria.range)
    }

    /// Computes the characteristic roots at all points of the branches of equilibria, up to 12 at each.
    pub fn branches(&self, equilibria: &Equilibria) -> Vec<Vec<DelayedEquilibrium>> {
        let point = |point: &EquilibriumPoint| self.equilibrium(&point.states, point.value, FOLLOWED);
        equilibria.branches.iter().map(|branch| branch.points.iter().map(point).collect()).collect()
    }

    /// Finds the Hopf points between the points of branches, which [`DelayedNode::branches`] gives, over a range and by rising value.
    pub fn hopf_points_of(&self, branches: &[Vec<DelayedEquilibrium>], range: Range) -> Vec<DelayedHopf> {
        let mut found: Vec<DelayedHopf> = Vec::new();
        let Range { from, to, .. } = range;
        for branch in branches {
            for pair in branch.windows(2) {
                for hopf in self.crossings(&pair[0], &pair[1]) {
                    let is_known = |other: &DelayedHopf| {
                        (other.point.value - hopf.point.value).abs() < 1e-7 * (to - from)
                            && (other.frequency - hopf.frequency).abs() < 1e-6 * hopf.frequency
                    };
                    if !found.iter().any(is_known) {
                        found.push(hopf);
                    }
                }
            }
        }
        found.sort_by(|a, b| a.point.value.total_cmp(&b.point.value));
        found
    }

    fn solved(&self, guess: &[f64], value: f64) -> Option<Vec<f64>> {
        let all = crate::diagram::solved_at(&self.equations, &[guess, &[value]].concat())?;
        Some(all[..all.len() - 1].to_vec())
    }

    /// The roots that cross the imaginary axis between two neighbours.
    fn crossings(&self, from: &DelayedEquilibrium, to: &DelayedEquilibrium) -> Vec<DelayedHopf> {
        let complex = |point: &DelayedEquilibrium| -> Vec<Complex64> {
            point.roots.iter().copied().filter(|root| root.im > 1e-9).collect()
        };
        let others = complex(to);
        complex(from)
            .into_iter()
            .filter_map(|root| {
                let near = |a: &&Complex64, b: &&Complex64| (*a - root).norm().total_cmp(&(*b - root).norm());
                let other = others.iter().min_by(near)?;
                (root.re * other.re < 0.0).then(|| self.crossing(from, to, root)).flatten()
            })
            .collect()
    }

    /// Finds where a root crosses the axis, by false position (Illinois) on its real part.
    fn crossing(
        &self,
        from: &DelayedEquilibrium,
        to: &DelayedEquilibrium,
        start: Complex64,
    ) -> Option<DelayedHopf> {
        let at = |share: f64, near: Complex64| -> Option<(Vec<f64>, f64, Complex64)> {
            let between = |a: f64, b: f64| a + share * (b - a);
            let value = between(from.value, to.value);
            let guess: Vec<f64> = from.states.iter().zip(&to.states).map(|(a, b)| between(*a, *b)).collect();
            let states = self.solved(&guess, value)?;
            let root = self.linearised(&states, value).improved(near)?;
            Some((states, value, root))
        };
        let (mut low, mut high) = (0.0, 1.0);
        let (mut at_low, mut at_high) = (start.re, at(1.0, start)?.2.re);
        let (mut near, mut side, mut best) = (start, 0, None);
        for _ in 0..60 {
            if at_low * at_high > 0.0 {
                return None;
            }
            let middle = (low * at_high - high * at_low) / (at_high - at_low);
            let (states, value, root) = at(middle, near)?;
            near = root;
            best = Some((states, value, root));
            if root.re.abs() < 1e-15 || high - low < 1e-15 {
                break;
            }
            if (root.re > 0.0) == (at_high > 0.0) {
                (high, at_high) = (middle, root.re);
                if side == 1 {
                    at_low *= 0.5;
                }
                side = 1;
            } else {
                (low, at_low) = (middle, root.re);
                if side == -1 {
                    at_high *= 0.5;
                }
                side = -1;
            }
        }
        let (states, value, root) = best?;
        let point = self.equilibrium(&states, value, FOLLOWED);
        Some(DelayedHopf { point, frequency: root.im })
    }
}
