//! Brownian motion.

use ndarray::Array2;

use super::{Deviates, Mixing, Path, ProcessError, Site, add_scaled, intensities, noise, values};
use brainmass_core::quantity::Values;

/// Brownian motion, the Wiener process: `x(t) = start + sigma W(t)`.
///
/// `sigma` is in units of the port per sqrt(ms): after a time `t` in ms the values have
/// the variance `sigma^2 t`, whatever the time step. The increments of a step are exact. There is no stationary
/// state; for a `1/f^2` spectrum that has one see [`ColoredNoise`](super::ColoredNoise) or [`OuProcess`](super::OuProcess).
#[derive(Debug, Clone, PartialEq)]
pub struct BrownianNoise {
    /// Value at t = 0, in the unit of the port: one, or one a node.
    pub start: Values,
    /// Growth, in units of the port per sqrt(ms): one, or one a node.
    pub sigma: Values,
    /// Covariance of the noise of the nodes, in units of their sigmas; independent if not given.
    pub covariance: Option<Array2<f64>>,
}

impl BrownianNoise {
    /// With the growth `sigma`, in units of the port per sqrt(ms), from 0 on.
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

    pub(super) fn start(&self, site: &Site) -> Result<Box<dyn Path>, ProcessError> {
        let (deviates, mixing) = noise(self.covariance.as_ref(), site)?;
        let growth = intensities(&self.sigma, "/sqrt(ms)", site)?;
        Ok(Box::new(Wiener {
            value: values("start", &self.start, site.unit, site)?,
            scale: growth.iter().map(|sigma| sigma * site.dt.sqrt()).collect(),
            deviates,
            mixing,
        }))
    }
}

struct Wiener {
    value: Vec<f64>,
    /// Standard deviation of an increment.
    scale: Vec<f64>,
    deviates: Deviates,
    mixing: Mixing,
}

impl Path for Wiener {
    fn add(&mut self, step: u64, to: &mut [f64]) {
        if step > 0 {
            add_scaled(self.deviates.draw(step, &self.mixing), &self.scale, &mut self.value);
        }
        to.iter_mut().zip(&self.value).for_each(|(to, value)| *to += value);
    }

    fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        with(&mut self.value);
    }
}
