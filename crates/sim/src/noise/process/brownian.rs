//! Brownian motion.

use ndarray::Array2;

use super::deviates::{Deviates, Mixing};
use super::error::ProcessError;
use super::path::{NoisePath, add_scaled, intensities, mixed_deviates, values_per_node};
use super::site::ProcessSite;
use brainmass_core::quantity::Values;

/// Brownian motion, the Wiener process: `x(t) = start + sigma W(t)`.
///
/// `sigma` is in units of the port per sqrt(ms): after a time `t` in ms the values have
/// the variance `sigma^2 t`, whatever the time step. The increments of a step are exact. There is no stationary
/// state; for a `1/f^2` spectrum that has one see [`ColoredNoise`](super::ColoredNoise) or [`OuProcess`](super::OuProcess).
#[derive(Debug, Clone, PartialEq)]
pub struct BrownianNoise {
    /// The value at t = 0, in the unit of the port: one, or one a node.
    pub start: Values,
    /// The growth, in units of the port per sqrt(ms): one, or one a node.
    pub sigma: Values,
    /// The covariance of the noise of the nodes, in units of their sigmas; they are independent if it is not given.
    pub covariance: Option<Array2<f64>>,
}

impl BrownianNoise {
    /// Creates the process with the growth `sigma`, in units of the port per sqrt(ms), from 0 on.
    pub fn new(sigma: impl Into<Values>) -> Self {
        Self { start: 0.0.into(), sigma: sigma.into(), covariance: None }
    }

    /// Sets the value at t = 0.
    pub fn start_at(mut self, start: impl Into<Values>) -> Self {
        self.start = start.into();
        self
    }

    /// Correlates the nodes: `x_i` and `x_j` have covariance `sigma_i sigma_j C_ij t`. `C` may be singular.
    pub fn covariance(mut self, covariance: Array2<f64>) -> Self {
        self.covariance = Some(covariance);
        self
    }

    /// Starts the process at t = 0.
    pub(super) fn start(&self, site: &ProcessSite) -> Result<Box<dyn NoisePath>, ProcessError> {
        let (deviates, mixing) = mixed_deviates(self.covariance.as_ref(), site)?;
        let growth = intensities(&self.sigma, "/sqrt(ms)", site)?;
        Ok(Box::new(Wiener {
            value: values_per_node("start", &self.start, site.unit, site)?,
            scale: growth.iter().map(|sigma| sigma * site.dt.sqrt()).collect(),
            deviates,
            mixing,
        }))
    }
}

/// The path of a Wiener process.
struct Wiener {
    /// The value of each node.
    value: Vec<f64>,
    /// The standard deviation of an increment of each node.
    scale: Vec<f64>,
    deviates: Deviates,
    mixing: Mixing,
}

impl NoisePath for Wiener {
    fn add_to(&mut self, step: u64, nodes: &mut [f64]) {
        if step > 0 {
            add_scaled(self.deviates.draw(step, &self.mixing), &self.scale, &mut self.value);
        }
        nodes.iter_mut().zip(&self.value).for_each(|(node, value)| *node += value);
    }

    fn save(&self) -> Vec<f64> {
        self.value.clone()
    }

    fn restore(&mut self, values: &[f64]) {
        self.value.copy_from_slice(values);
    }
}
