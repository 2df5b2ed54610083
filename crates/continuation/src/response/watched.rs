//! Linear systems behind a linearised observation model, such as the Balloon model of the BOLD signal.

use brainmass_spec::differentiate::{HeldValues, forward};
use brainmass_spec::graph::{NodeId, Symbol};
use brainmass_spec::model::{Model, Signal};

use super::network::NetworkError;
use super::system::LinearSystem;
use crate::curve::newton;
use crate::equations::{Equations, Quantity, Setting, copied};
use crate::function::Function;
use crate::linear::Matrix;

/// A signal of a linear system that an observation model watches.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedSignal {
    /// The weight of each state of the system in the signal.
    pub weights: Vec<f64>,
    /// The value of the signal at the equilibrium, in the unit of the input of the observation model.
    pub mean: f64,
}

/// A linear system with an observation model behind each of some signals, and what these models give.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedSystem {
    /// The whole system: the states of the one that is watched, then those of the observation model of each signal.
    pub system: LinearSystem,
    /// The weights of all states in the output of each observation model, a row a signal.
    pub readout: Matrix<f64>,
    /// The output of each observation model at the equilibrium.
    pub means: Vec<f64>,
}

impl LinearSystem {
    /// Puts an observation model behind each of some signals, linearised at the means of the signals; it is driven through its first input.
    ///
    /// # Errors
    ///
    /// The model has no equations, input or output, or no equilibrium at a mean is reached from its initial states.
    pub fn watched_by(
        &self,
        model: &Model,
        setting: &Setting,
        signals: &[WatchedSignal],
    ) -> Result<WatchedSystem, NetworkError> {
        let wrong = |text: &str| NetworkError::Model(format!("`{}` {text}", model.name));
        if model.inputs.is_empty() {
            return Err(wrong("has no input by which it could watch a signal"));
        }
        let output = match model.output {
            Some(Signal::Observable(index)) => model.observables[index].node,
            _ => return Err(wrong("has no observable as its output")),
        };
        let free = [Quantity::Input(0)];
        let equations =
            Equations::new(model, setting, &free).map_err(|error| NetworkError::Model(error.to_string()))?;
        let (inner, own) = (self.n_states(), equations.n_states());
        let readout_of = output_function(model, setting, &free, output);
        let total = inner + signals.len() * own;
        let grown = |matrix: &Matrix<f64>| {
            let mut whole = Matrix::zeros(total, total);
            whole.put(0, 0, matrix);
            whole
        };
        let mut whole = LinearSystem::new(grown(&self.present));
        for (delay, matrix) in &self.delayed {
            whole = whole.delayed(*delay, &grown(matrix));
        }
        whole.noise[..inner].copy_from_slice(&self.noise);
        let mut readout = Matrix::zeros(signals.len(), total);
        let mut means = Vec::with_capacity(signals.len());
        for (index, signal) in signals.iter().enumerate() {
            let scale: Vec<f64> = equations.start().iter().map(|x| x.abs().max(1e-3)).collect();
            let found = newton(equations.start(), &scale, |states| {
                let (rates, linear) = equations.linearised(&[states, &[signal.mean]].concat());
                (rates, linear.first_columns(own))
            });
            let (states, _) = found.ok_or(NetworkError::NoEquilibrium)?;
            let point = [&states[..], &[signal.mean]].concat();
            let linear = equations.linearised(&point).1;
            let first = inner + index * own;
            whole.present.put(first, first, &linear.first_columns(own));
            for row in 0..own {
                for (column, weight) in signal.weights.iter().enumerate() {
                    whole.present[(first + row, column)] += linear[(row, own)] * weight;
                }
            }
            let all = readout_of.compute(&[&point], &mut Vec::new());
            means.push(all[0]);
            readout.row_mut(index)[first..first + own].copy_from_slice(&all[1..=own]);
            for (column, weight) in signal.weights.iter().enumerate() {
                readout[(index, column)] += all[1 + own] * weight;
            }
        }
        Ok(WatchedSystem { system: whole, readout, means })
    }
}

/// The output of a model and its derivatives by its states and its input.
fn output_function(model: &Model, setting: &Setting, free: &[Quantity], output: NodeId) -> Function {
    let (mut graph, roots) = copied(model, setting, free, &[output]);
    let states = (0..model.states.len()).map(|i| Symbol::State(i as u16));
    let symbols: Vec<Symbol> = states.chain([Symbol::Parameter(0)]).collect();
    let arguments: Vec<NodeId> = symbols.iter().map(|symbol| graph.symbol(*symbol)).collect();
    let mut all = roots.clone();
    for symbol in symbols {
        all.extend(forward(&mut graph, &roots, symbol, HeldValues::Varying));
    }
    Function::new(&graph, &arguments, &all)
}

impl WatchedSystem {
    /// Computes the power spectral density of the output of an observation model at a frequency in Hz: one-sided and per Hz.
    pub fn power(&self, hertz: f64, signal: usize) -> f64 {
        self.system.power(hertz, self.readout.row(signal))
    }

    /// Computes the stationary covariance of the outputs at equal times; `None` where the system is not stable.
    pub fn covariance(&self) -> Option<Matrix<f64>> {
        let covariance = self.system.covariance()?;
        let count = self.readout.rows();
        let mut result = Matrix::zeros(count, count);
        for i in 0..count {
            let row = covariance.times_left(self.readout.row(i));
            for j in 0..count {
                result[(i, j)] = row.iter().zip(self.readout.row(j)).map(|(a, b)| a * b).sum();
            }
        }
        Some(result)
    }

    /// Computes the correlations of the outputs, their functional connectivity; `None` where the system is not stable.
    pub fn correlations(&self) -> Option<Matrix<f64>> {
        let covariance = self.covariance()?;
        let count = covariance.rows();
        let mut result = Matrix::zeros(count, count);
        for i in 0..count {
            for j in 0..count {
                result[(i, j)] = covariance[(i, j)] / (covariance[(i, i)] * covariance[(j, j)]).sqrt();
            }
        }
        Some(result)
    }
}
