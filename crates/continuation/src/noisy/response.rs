//! The correlations of a noisy network around its equilibrium, and the derivatives of what is made of them.

use ndarray::{Array2, ArrayView2};
use thiserror::Error;

use super::dual::Dual;
use super::functions::NoisyModel;
use super::linear::{Linear, LinearNode};
use super::lyapunov::Instant;
use super::numbers::{NoisyNumbers, Varied};
use super::spectral::{Failure, Spectral};
use crate::linear::{Lu, Matrix};
use crate::rest::come_to_rest;

/// The reason why a network has no stationary correlations.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NoisyError {
    /// There is no noise.
    #[error(
        "no state has noise, so that nothing fluctuates around the equilibrium; give some, as in `noise: {{x: 0.01}}`"
    )]
    Silent,
    /// A signal that does not fluctuate.
    #[error(
        "the signal of node {node} does not fluctuate: its states have no noise, and none arrives from elsewhere"
    )]
    SilentNode {
        /// The node.
        node: usize,
    },
    /// The states do not come to rest.
    #[error(
        "the network comes to rest at no equilibrium from its initial states, so that there is nothing to linearise; start it nearer to one, or keep \
         the parameters where it does not oscillate"
    )]
    NoEquilibrium,
    /// An equilibrium that is not within the bounds of its states.
    #[error(
        "the network comes to rest where `{state}` of node {node} is {value}, which its bounds hold; fluctuations there are not those of the equations, \
         and linear response does not know them"
    )]
    AtBound {
        /// The name of the state.
        state: String,
        /// The node.
        node: usize,
        /// The value at the equilibrium of the equations.
        value: f64,
    },
    /// A delay that is no time.
    #[error("a delay of node {node} is {delay} ms, which must not be negative")]
    Delay {
        /// The node.
        node: usize,
        /// The delay in ms.
        delay: f64,
    },
    /// A watching model that has no equilibrium.
    #[error("what watches the signal of node {node} has no equilibrium at its mean of {mean}")]
    NoWatched {
        /// The node.
        node: usize,
        /// The value of the signal at the equilibrium.
        mean: f64,
    },
    /// An equilibrium that is not stable.
    #[error(
        "the equilibrium of the network is not stable ({how}), so that noise does not stay near it; linear response needs parameters below the onset \
         of oscillations"
    )]
    Unstable {
        /// The sign by which one sees it.
        how: String,
    },
    /// An equilibrium so near to the edge of stability that its fluctuations cannot be computed.
    #[error(
        "the equilibrium of the network is at the edge of stability, where fluctuations grow without bound"
    )]
    Marginal,
}

/// A noisy network around its stable equilibrium: the correlations of its signals, and their derivatives.
///
/// ```
/// use brainmass::Zoo;
/// use brainmass::continuation::{NoisyEdge, NoisyModel, NoisyNumbers};
///
/// // Two damped oscillators that pull at each other.
/// let (hopf, rule) = (Zoo::default().checked("HopfStep")?, Zoo::default().checked("Diffusive")?);
/// let model = NoisyModel::new(&hopf, &rule, ("x", "x", "x_inp"), "x", None)?;
/// let edge = |target, source| NoisyEdge { target, source, weight: 1.0, delay: 0.0 };
/// let of_hopf = |name: &str| if name == "a" { -0.1 } else { 0.2 };
/// let numbers = NoisyNumbers {
///     parameters: vec![hopf.parameters.iter().map(|parameter| of_hopf(&parameter.name)).collect(); 2],
///     inputs: vec![vec![0.0; hopf.inputs.len()]; 2],
///     sigma: vec![vec![0.01; 2]; 2],
///     start: vec![vec![0.1; 2]; 2],
///     rule: vec![vec![0.05]; 2],
///     edges: vec![edge(0, 1), edge(1, 0)],
/// };
/// let fc = model.response(numbers)?.correlations();
/// // The mean of the two is damped by 0.1/ms, their difference by 0.15/ms, half of which acts on x alone.
/// assert!(fc[[0, 1]] > 0.15 && fc[[0, 1]] < 0.25);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct NoisyResponse<'m> {
    model: &'m NoisyModel,
    numbers: NoisyNumbers,
    states: Vec<Dual>,
    linear: Linear,
    /// The factors of the Jacobian at rest of the nodes, without what watches.
    at_rest: Lu<f64>,
    of: Kind,
    covariance: Matrix<f64>,
}

/// The way in which the covariance was computed.
#[derive(Debug)]
enum Kind {
    Instant(Box<Instant>),
    Spectral(Spectral),
}

impl NoisyModel {
    /// Finds the equilibrium that a network comes to rest at, and the covariance of its signals there: by the Lyapunov equation, or by the integral of
    /// the spectra where there are delays or something watches.
    ///
    /// # Errors
    ///
    /// There is no noise, no equilibrium, or it is not stable.
    ///
    /// # Panics
    ///
    /// The lists of the numbers do not have the lengths that the models need.
    pub fn response(&self, numbers: NoisyNumbers) -> Result<NoisyResponse<'_>, NoisyError> {
        let nodes = numbers.parameters.len();
        if numbers.sigma.iter().flatten().all(|sigma| *sigma == 0.0) {
            return Err(NoisyError::Silent);
        }
        let mut numbers = numbers;
        numbers.sigma.iter_mut().for_each(|sigma| sigma.resize(self.states, 0.0));
        let states: Vec<Dual> = self.equilibrium(&numbers)?.into_iter().map(Dual::constant).collect();
        self.check_bounds(&states)?;
        let linear = self.linearise(&numbers, &states, None);
        let delays = |node: &LinearNode| node.delayed.iter().map(|(delay, ..)| *delay).collect::<Vec<_>>();
        for (node, delays) in linear.nodes.iter().map(delays).enumerate() {
            if let Some(delay) = delays.into_iter().find(|delay| delay.is_nan() || *delay < 0.0) {
                return Err(NoisyError::Delay { node, delay });
            }
        }
        let at_rest = Lu::new(linear.at_rest(&numbers, self.states, self.own));
        let has_delays = numbers.edges.iter().any(|edge| edge.delay > 0.0)
            || linear.nodes.iter().any(|node| node.delayed.iter().any(|(delay, ..)| *delay > 0.0));
        let (of, covariance) = if has_delays || self.states > self.own {
            let spectral =
                Spectral::new(&linear, &numbers, self.tolerance).map_err(|failure| match failure {
                    Failure::Marginal => NoisyError::Marginal,
                    Failure::Unstable(count) => {
                        NoisyError::Unstable { how: format!("{count} of its characteristic roots grow") }
                    }
                })?;
            let covariance = spectral.covariance.clone();
            (Kind::Spectral(spectral), covariance)
        } else {
            let jacobian = linear.at_rest(&numbers, self.states, self.states);
            let instant = Instant::new(jacobian, &numbers).map_err(|rightmost| NoisyError::Unstable {
                how: format!("its largest eigenvalue has a real part of {rightmost:.3e} per ms"),
            })?;
            let covariance = instant.of_signals(&linear);
            (Kind::Instant(Box::new(instant)), covariance)
        };
        if let Some(node) = (0..nodes).find(|node| covariance[(*node, *node)] <= 0.0) {
            return Err(NoisyError::SilentNode { node });
        }
        Ok(NoisyResponse { model: self, numbers, states, linear, at_rest, of, covariance })
    }

    /// Checks that an equilibrium is where the equations alone say what happens next.
    fn check_bounds(&self, states: &[Dual]) -> Result<(), NoisyError> {
        for (node, states) in states.chunks(self.states).enumerate() {
            for (state, at) in self.model.states.iter().zip(states) {
                let is_inside = |(low, high): (f64, f64)| low < at.value && at.value < high;
                if !state.bounds.is_none_or(is_inside) {
                    return Err(NoisyError::AtBound { state: state.name.clone(), node, value: at.value });
                }
            }
        }
        Ok(())
    }

    /// The equilibrium of all nodes, then of what watches each.
    fn equilibrium(&self, numbers: &NoisyNumbers) -> Result<Vec<f64>, NoisyError> {
        let (own, all, nodes) = (self.own, self.states, numbers.parameters.len());
        let with_watch = |states: &[f64]| -> Vec<Dual> {
            let each = states.chunks(own).flat_map(|states| states.iter().chain(&self.watch_start));
            each.map(|value| Dual::constant(*value)).collect()
        };
        let start: Vec<f64> = numbers.start.concat();
        let found = come_to_rest(&start, |states| {
            let linear = self.linearise(numbers, &with_watch(states), None);
            let rates = linear.rates.chunks(all).flat_map(|rates| &rates[..own]).map(|rate| rate.value);
            (rates.collect(), linear.at_rest(numbers, all, own))
        });
        let found = found.ok_or(NoisyError::NoEquilibrium)?;
        let mut states: Vec<f64> = with_watch(&found).into_iter().map(|state| state.value).collect();
        if all == own {
            return Ok(states);
        }
        for node in 0..nodes {
            let alone = numbers.alone(node);
            let own_states = found[node * own..(node + 1) * own].to_vec();
            let settled = come_to_rest(&self.watch_start, |watch| {
                let at: Vec<Dual> = own_states.iter().chain(watch).map(|x| Dual::constant(*x)).collect();
                let linear = self.linearise(&alone, &at, None);
                let rates = linear.rates[own..].iter().map(|rate| rate.value).collect();
                (rates, watch_block(&linear.nodes[0].present, all, own))
            });
            let settled = settled.ok_or_else(|| NoisyError::NoWatched { node, mean: found[node * own] })?;
            states[node * all + own..(node + 1) * all].copy_from_slice(&settled);
        }
        Ok(states)
    }
}

/// The derivatives of the states of what watches by themselves.
fn watch_block(present: &[Dual], all: usize, own: usize) -> Matrix<f64> {
    let count = all - own;
    let entries = (own..all).flat_map(|row| (own..all).map(move |column| present[row * all + column].value));
    Matrix::from_entries(count, count, entries.collect())
}

impl NoisyNumbers {
    /// One node without connections.
    fn alone(&self, node: usize) -> Self {
        Self {
            parameters: vec![self.parameters[node].clone()],
            inputs: vec![self.inputs[node].clone()],
            sigma: vec![self.sigma[node].clone()],
            start: vec![self.start[node].clone()],
            rule: vec![self.rule[node].clone()],
            edges: Vec::new(),
        }
    }
}

impl NoisyResponse<'_> {
    /// Returns the states of all nodes at the equilibrium, node by node, each followed by the states of what watches it.
    pub fn states(&self) -> Vec<f64> {
        self.states.iter().map(|state| state.value).collect()
    }

    /// Returns the stationary covariance of the signals at equal times.
    pub fn covariance(&self) -> Array2<f64> {
        let nodes = self.covariance.rows();
        Array2::from_shape_fn((nodes, nodes), |place| self.covariance[place])
    }

    /// Returns the stationary correlations of the signals, their functional connectivity.
    pub fn correlations(&self) -> Array2<f64> {
        let covariance = self.covariance();
        let size = covariance.diag().mapv(f64::sqrt);
        Array2::from_shape_fn(covariance.dim(), |(i, j)| {
            if i == j { 1.0 } else { covariance[[i, j]] / (size[i] * size[j]) }
        })
    }

    /// Returns the derivatives of a number by some numbers of the network, from its derivatives by the correlations: exact ones, by the adjoint of the
    /// Lyapunov equation or of the integral, and by the derivative of the equilibrium.
    ///
    /// # Errors
    ///
    /// The equation of the adjoint cannot be solved, since the equilibrium is too near to the edge of stability.
    pub fn gradient(&self, of_correlations: ArrayView2<f64>, by: &[Varied]) -> Result<Vec<f64>, NoisyError> {
        let of_covariance = self.of_covariance(of_correlations);
        let bars = match &self.of {
            Kind::Instant(instant) => {
                instant.bars(&self.linear, &self.numbers, &of_covariance).ok_or(NoisyError::Marginal)?
            }
            Kind::Spectral(spectral) => spectral.bars(&self.linear, &self.numbers, &of_covariance),
        };
        Ok(by.iter().map(|by| bars.along(&self.moved(by), &self.numbers, by)).collect())
    }

    /// The derivatives by the covariance, as a symmetric matrix.
    fn of_covariance(&self, of_correlations: ArrayView2<f64>) -> Matrix<f64> {
        let nodes = self.covariance.rows();
        let correlations = self.correlations();
        let size: Vec<f64> = (0..nodes).map(|node| self.covariance[(node, node)].sqrt()).collect();
        let mut result = Matrix::zeros(nodes, nodes);
        for i in 0..nodes {
            for j in 0..nodes {
                if i == j {
                    continue;
                }
                let both = of_correlations[[i, j]] + of_correlations[[j, i]];
                result[(i, j)] = 0.5 * both / (size[i] * size[j]);
                result[(i, i)] -= 0.5 * both * correlations[[i, j]] / (size[i] * size[i]);
            }
        }
        result
    }

    /// The linearised network with the rates at which it changes with a number, as the equilibrium moves along.
    fn moved(&self, by: &Varied) -> Linear {
        let (own, all) = (self.model.own, self.model.states);
        let mut states = self.states.clone();
        if matches!(by, Varied::Noise { .. }) {
            return self.linear.clone();
        }
        let held = self.model.linearise(&self.numbers, &states, Some(by));
        let rates: Vec<f64> =
            held.rates.chunks(all).flat_map(|rates| &rates[..own]).map(|rate| rate.rate).collect();
        let step = self.at_rest.solve(&rates);
        for (states, step) in states.chunks_mut(all).zip(step.chunks(own)) {
            states.iter_mut().zip(step).for_each(|(state, step)| state.rate = -step);
        }
        if all > own {
            let with_nodes = self.model.linearise(&self.numbers, &states, Some(by));
            for (node, states) in states.chunks_mut(all).enumerate() {
                let rates: Vec<f64> = with_nodes.rates[node * all + own..(node + 1) * all]
                    .iter()
                    .map(|rate| rate.rate)
                    .collect();
                let block = Lu::new(watch_block(&self.linear.nodes[node].present, all, own));
                let step = block.solve(&rates);
                states[own..].iter_mut().zip(step).for_each(|(state, step)| state.rate = -step);
            }
        }
        self.model.linearise(&self.numbers, &states, Some(by))
    }
}
