//! Noise without memory.

use ndarray::Array2;

use super::deviates::{Deviates, Mixing};
use super::error::ProcessError;
use super::path::{NoisePath, add_scaled, intensities, mixed_deviates};
use super::site::ProcessSite;
use brainmass_core::quantity::Values;

/// White noise: each step holds the mean of `sigma dW/dt` over it, `sigma/sqrt(dt) xi`.
///
/// `sigma` is in units of the port times sqrt(ms). The integral over a time `t` in ms has
/// the variance `sigma^2 t`, and what the noise does does not depend on the time step as long as that is short. On a port that is added
/// to the rate of `x`, under [`Scheme::Euler`](brainmass_core::scheme::Scheme::Euler), it is what `model.noise_x(sigma)` is.
///
/// Where the model multiplies the port by a function of the state that it drives, the scheme says how the noise is read:
/// [`Scheme::Euler`](brainmass_core::scheme::Scheme::Euler), which looks at the start of a step only, converges to the solution in the sense of Ito; `ExpEuler`,
/// which follows the derivative of the rate by its own state, `Heun` and the other schemes of second or higher order, which see the
/// same value at all of their stages, to that in the sense of Stratonovich (Ruemelin 1982, SIAM J. Numer. Anal. 19:604). A port inside a
/// nonlinear function, such as a firing rate, wants noise with a correlation time, [`OuProcess`](super::OuProcess): that of white noise
/// has no limit for short steps.
#[derive(Debug, Clone, PartialEq)]
pub struct WhiteNoise {
    /// The intensity, in units of the port times sqrt(ms): one, or one a node.
    pub sigma: Values,
    /// The covariance of the noise of the nodes, in units of their sigmas; they are independent if it is not given.
    pub covariance: Option<Array2<f64>>,
}

/// Independent normal deviates of standard deviation `sigma`, in the unit of the port, a new one in each step.
///
/// This is the `GaussianNoise` (and `WhiteNoise`) of the Python package, for repeating its runs. What it does **depends on the time
/// step**: held over a step of `dt` ms it is white noise of intensity `sigma sqrt(dt)`, which vanishes for short steps; a linear node
/// `x' = -x/tau` gets the variance `sigma^2 dt tau/2`. [`WhiteNoise`] does not.
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianNoise {
    /// The standard deviation, in the unit of the port: one, or one a node.
    pub sigma: Values,
    /// The covariance of the noise of the nodes, in units of their sigmas; they are independent if it is not given.
    pub covariance: Option<Array2<f64>>,
}

impl WhiteNoise {
    /// Creates noise with the intensity `sigma`, in units of the port times sqrt(ms).
    pub fn new(sigma: impl Into<Values>) -> Self {
        Self { sigma: sigma.into(), covariance: None }
    }

    /// Correlates the nodes: the noise of i and j has covariance `sigma_i sigma_j C_ij`. `C` may be singular.
    pub fn covariance(mut self, covariance: Array2<f64>) -> Self {
        self.covariance = Some(covariance);
        self
    }

    /// Starts the process at t = 0.
    pub(super) fn start(&self, site: &ProcessSite) -> Result<Box<dyn NoisePath>, ProcessError> {
        independent((&self.sigma, "*sqrt(ms)"), site.dt.sqrt().recip(), self.covariance.as_ref(), site)
    }
}

impl GaussianNoise {
    /// Creates noise with the standard deviation `sigma`, in the unit of the port.
    pub fn new(sigma: impl Into<Values>) -> Self {
        Self { sigma: sigma.into(), covariance: None }
    }

    /// Correlates the nodes: the values of i and j have covariance `sigma_i sigma_j C_ij`. `C` may be singular.
    pub fn covariance(mut self, covariance: Array2<f64>) -> Self {
        self.covariance = Some(covariance);
        self
    }

    /// Starts the process at t = 0.
    pub(super) fn start(&self, site: &ProcessSite) -> Result<Box<dyn NoisePath>, ProcessError> {
        independent((&self.sigma, ""), 1.0, self.covariance.as_ref(), site)
    }
}

/// Creates independent deviates whose standard deviation is `factor` times `sigma`.
fn independent(
    (sigma, root): (&Values, &str),
    factor: f64,
    covariance: Option<&Array2<f64>>,
    site: &ProcessSite,
) -> Result<Box<dyn NoisePath>, ProcessError> {
    let (deviates, mixing) = mixed_deviates(covariance, site)?;
    let scale = intensities(sigma, root, site)?.iter().map(|sigma| sigma * factor).collect();
    Ok(Box::new(Independent { scale, deviates, mixing }))
}

/// The path of a process without memory.
struct Independent {
    /// The standard deviation of each node.
    scale: Vec<f64>,
    deviates: Deviates,
    mixing: Mixing,
}

impl NoisePath for Independent {
    fn add_to(&mut self, step: u64, nodes: &mut [f64]) {
        add_scaled(self.deviates.draw(step, &self.mixing), &self.scale, nodes);
    }

    fn save(&self) -> Vec<f64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[f64]) {}
}
