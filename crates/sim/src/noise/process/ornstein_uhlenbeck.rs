//! The Ornstein-Uhlenbeck process.

use ndarray::Array2;

use super::deviates::{Deviates, Mixing};
use super::error::ProcessError;
use super::path::{NoisePath, intensities, mixed_deviates, values_per_node};
use super::site::ProcessSite;
use brainmass_core::quantity::Values;

/// An Ornstein-Uhlenbeck process: `dx = (mean - x)/tau dt + sigma sqrt(2/tau) dW`.
///
/// `sigma` is the standard deviation of `x`, in the unit of the port: the process starts and stays in its stationary distribution,
/// with autocorrelation `exp(-|t|/tau)`. Its update is exact for any time step,
/// `x <- mean + e (x - mean) + sigma sqrt(1 - e^2) xi` with `e = exp(-dt/tau)` (Gillespie 1996, Phys. Rev. E 54:2084, equation 1.9).
/// Papers that write `dx = (mean - x)/tau dt + s dW` have `sigma = s sqrt(tau/2)`, and the `OUProcess` of the Python package, whose noise
/// is `sigma/sqrt(tau) dW`, has the standard deviation `sigma/sqrt(2)`.
///
/// ```
/// use brainmass::noise::OuProcess;
/// use brainmass::prelude::*;
///
/// let fluctuations = OuProcess::new(0.2, 5.0.ms()).mean(0.8);
/// let run = Simulator::new(FitzHughNagumoStep::new(3)).noise("V_inp", fluctuations).record(["V", "V_inp"]).seed(1).run(50.0.ms())?;
/// assert_eq!(run["V_inp"].dim(), (500, 3));
/// # Ok::<(), brainmass::RunError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OuProcess {
    /// The mean, in the unit of the port: one, or one a node.
    pub mean: Values,
    /// The standard deviation, in the unit of the port: one, or one a node.
    pub sigma: Values,
    /// The correlation time, ms: one, or one a node.
    pub tau: Values,
    /// The covariance of the noise of the nodes, in units of their sigmas; they are independent if it is not given.
    pub covariance: Option<Array2<f64>>,
}

impl OuProcess {
    /// Creates the process with standard deviation `sigma`, in the unit of the port, and correlation time `tau` in ms; the mean is 0.
    pub fn new(sigma: impl Into<Values>, tau: impl Into<Values>) -> Self {
        Self { mean: 0.0.into(), sigma: sigma.into(), tau: tau.into(), covariance: None }
    }

    /// Sets the mean.
    pub fn mean(mut self, mean: impl Into<Values>) -> Self {
        self.mean = mean.into();
        self
    }

    /// Correlates the nodes: `dW_i` and `dW_j` have covariance `C_ij dt`, so that with one `tau` for all `x_i` and `x_j` have covariance
    /// `sigma_i sigma_j C_ij`. `C` may be singular: all ones is the same noise everywhere.
    pub fn covariance(mut self, covariance: Array2<f64>) -> Self {
        self.covariance = Some(covariance);
        self
    }

    /// Starts the process at t = 0.
    pub(super) fn start(&self, site: &ProcessSite) -> Result<Box<dyn NoisePath>, ProcessError> {
        let mean = values_per_node("mean", &self.mean, site.unit, site)?;
        let sigma = intensities(&self.sigma, "", site)?;
        let tau = values_per_node("tau", &self.tau, "ms", site)?;
        if let Some(given) = tau.iter().find(|tau| **tau <= 0.0) {
            let (given, expected) = (format!("{given} ms"), "it is above 0".to_owned());
            return Err(ProcessError::Range { what: "tau", given, expected });
        }
        let (deviates, step) = mixed_deviates(self.covariance.as_ref(), site)?;
        let decay: Vec<f64> = tau.iter().map(|tau| (-site.dt / tau).exp()).collect();
        // This is 1 - e^2 without loss of digits where dt is small.
        let lost: Vec<f64> = tau.iter().map(|tau| -(-2.0 * site.dt / tau).exp_m1()).collect();
        let stationary = match &self.covariance {
            None => Mixing::new(None, site.nodes)?,
            Some(covariance) => {
                // The covariance c of x_i and x_j satisfies c = e_i e_j c + the covariance that a step adds.
                let entry = |(i, j): (usize, usize)| {
                    let sum = site.dt / tau[i] + site.dt / tau[j];
                    covariance[[i.max(j), i.min(j)]] * (lost[i] * lost[j]).sqrt() / -(-sum).exp_m1()
                };
                Mixing::from_symmetric(Array2::from_shape_fn(covariance.dim(), entry).view())?
            }
        };
        Ok(Box::new(OuPath {
            kick: sigma.iter().zip(&lost).map(|(sigma, lost)| sigma * lost.sqrt()).collect(),
            deviation: vec![0.0; site.nodes],
            mean,
            sigma,
            decay,
            deviates,
            stationary,
            step,
        }))
    }
}

/// The path of an Ornstein-Uhlenbeck process.
struct OuPath {
    mean: Vec<f64>,
    sigma: Vec<f64>,
    /// The factor `exp(-dt/tau)` of the deviation in a step.
    decay: Vec<f64>,
    /// The standard deviation of the noise of a step.
    kick: Vec<f64>,
    /// The deviation of each node from its mean.
    deviation: Vec<f64>,
    deviates: Deviates,
    /// The mixing of the deviates at t = 0.
    stationary: Mixing,
    /// The mixing of the deviates of later steps.
    step: Mixing,
}

impl NoisePath for OuPath {
    fn add_to(&mut self, step: u64, nodes: &mut [f64]) {
        let (scale, mixing) = match step {
            0 => (&self.sigma, &self.stationary),
            _ => (&self.kick, &self.step),
        };
        let deviates = self.deviates.draw(step, mixing);
        for (node, x) in self.deviation.iter_mut().enumerate() {
            *x = self.decay[node] * *x + scale[node] * deviates[node];
            nodes[node] += self.mean[node] + *x;
        }
    }

    fn save(&self) -> Vec<f64> {
        self.deviation.clone()
    }

    fn restore(&mut self, values: &[f64]) {
        self.deviation.copy_from_slice(values);
    }
}
