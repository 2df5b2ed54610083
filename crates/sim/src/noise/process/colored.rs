//! Noise with a power-law spectrum.

use std::f64::consts::PI;

use ndarray::Array2;

use super::deviates::{Deviates, Mixing};
use super::error::ProcessError;
use super::ladder::Ladder;
use super::path::{NoisePath, intensities, mixed_deviates};
use super::site::ProcessSite;
use brainmass_core::quantity::{Frequency, Values};
use brainmass_data::analysis::cholesky_semidefinite;

/// The exponent of the steepest spectrum that can be asked for.
const STEEPEST: f64 = 4.0;

/// The step of the first draw that a process starts with. No run reaches it, so these draws are not drawn again.
const BEFORE: u64 = 1 << 62;

/// Noise whose power falls with frequency as `1/f^beta`, or rises where `beta` is negative: coloured in time, as `beta` of -4 to 4 says.
///
/// `sigma` is the standard deviation, in the unit of the port; the process is stationary from t = 0 on. Below the frequency `lowest`
/// (0.01 Hz) the spectrum is flat, since a power law down to 0 has no stationary state for `beta >= 1`; how slow the slowest part is decides
/// with `sigma` how much power is left for the rest.
///
/// The spectrum is that of fractionally differenced noise, `(2 sin(pi f dt))^-beta` (Kasdin 1995, Proc. IEEE 83:802, equation 105),
/// within 1 % (2 % where `|beta|` is above 2) from 10 times `lowest` to the Nyquist frequency `1/(2 dt)`. It is `1/f^beta` within
/// `2 |beta|` % up to a tenth of the sampling frequency. The filter has about 1.5 states a decade and node, and needs one deviate a step.
///
/// With `beta` below 1 most of the power is at the highest frequencies: at a given `sigma`, what a model makes of it depends on the time
/// step, as for [`GaussianNoise`](super::GaussianNoise), which is `beta = 0`.
#[derive(Debug, Clone, PartialEq)]
pub struct ColoredNoise {
    /// The exponent: 1 is pink, 2 red (Brownian), -1 blue, -2 violet.
    pub beta: f64,
    /// The standard deviation, in the unit of the port: one, or one a node.
    pub sigma: Values,
    /// The frequency below which the spectrum is flat.
    pub lowest: Frequency,
    /// The covariance of the noise of the nodes, in units of their sigmas; they are independent if it is not given.
    pub covariance: Option<Array2<f64>>,
}

impl ColoredNoise {
    /// Creates noise with the spectrum `1/f^beta` and the standard deviation `sigma`, in the unit of the port.
    pub fn new(beta: f64, sigma: impl Into<Values>) -> Self {
        Self { beta, sigma: sigma.into(), lowest: 0.01.into(), covariance: None }
    }

    /// Creates pink noise, whose power is proportional to `1/f`.
    pub fn pink(sigma: impl Into<Values>) -> Self {
        Self::new(1.0, sigma)
    }

    /// Creates blue noise, whose power is proportional to `f`. (That of the Python package is proportional to `f^2`, across nodes.)
    pub fn blue(sigma: impl Into<Values>) -> Self {
        Self::new(-1.0, sigma)
    }

    /// Creates violet noise, whose power is proportional to `f^2`. (That of the Python package is proportional to `f^4`, across nodes.)
    pub fn violet(sigma: impl Into<Values>) -> Self {
        Self::new(-2.0, sigma)
    }

    /// Sets the frequency below which the spectrum is flat; a plain number is in Hz.
    pub fn lowest(mut self, lowest: impl Into<Frequency>) -> Self {
        self.lowest = lowest.into();
        self
    }

    /// Correlates the nodes: the values of i and j have covariance `sigma_i sigma_j C_ij`. `C` may be singular.
    pub fn covariance(mut self, covariance: Array2<f64>) -> Self {
        self.covariance = Some(covariance);
        self
    }

    /// Starts the process at t = 0.
    pub(super) fn start(&self, site: &ProcessSite) -> Result<Box<dyn NoisePath>, ProcessError> {
        let range =
            |what, given: String, expected: String| Err(ProcessError::Range { what, given, expected });
        if self.beta.is_nan() || self.beta.abs() > STEEPEST {
            return range("beta", self.beta.to_string(), format!("it is from -{STEEPEST} to {STEEPEST}"));
        }
        let nyquist = 500.0 / site.dt;
        let lowest = match self.lowest.hz() {
            Ok(lowest) if lowest > 0.0 && lowest < nyquist => lowest,
            Ok(lowest) => {
                let expected = format!("it is above 0 and below {nyquist} Hz, half the sampling frequency");
                return range("lowest frequency", format!("{lowest} Hz"), expected);
            }
            Err(quantity) => {
                return range("lowest frequency", quantity.to_string(), "a frequency is needed".to_owned());
            }
        };
        let sigma = intensities(&self.sigma, "", site)?;
        let (mut deviates, mixing) = mixed_deviates(self.covariance.as_ref(), site)?;
        let ladder = Ladder::new(self.beta, 2.0 * (PI * lowest * 1e-3 * site.dt).sin());
        let covariance = ladder.covariance();
        let deviation = ladder.variance(&covariance).sqrt();
        let states = stationary(&covariance, &mut deviates, &mixing, site.nodes)?;
        Ok(Box::new(Colored {
            scale: sigma.iter().map(|sigma| sigma / deviation).collect(),
            passing: vec![0.0; site.nodes],
            states,
            ladder,
            deviates,
            mixing,
        }))
    }
}

/// Draws states of all sections and nodes that have the covariance of the sections among themselves, and that of the deviates among nodes.
fn stationary(
    covariance: &Array2<f64>,
    deviates: &mut Deviates,
    mixing: &Mixing,
    nodes: usize,
) -> Result<Vec<Vec<f64>>, ProcessError> {
    let sections = covariance.nrows();
    let factor =
        cholesky_semidefinite(covariance.view()).map_err(|node| ProcessError::NotCovariance { node })?;
    let mut states = vec![vec![0.0; nodes]; sections];
    for draw in 0..sections {
        let deviates = deviates.draw(BEFORE + draw as u64, mixing);
        for (section, states) in states.iter_mut().enumerate().skip(draw) {
            let weight = factor[[section, draw]];
            states.iter_mut().zip(deviates).for_each(|(state, deviate)| *state += weight * deviate);
        }
    }
    Ok(states)
}

/// The path of a process with a power-law spectrum.
struct Colored {
    /// The factor of the filtered noise of each node.
    scale: Vec<f64>,
    ladder: Ladder,
    /// The state of each section, one value a node.
    states: Vec<Vec<f64>>,
    /// The values that go from section to section, one a node.
    passing: Vec<f64>,
    deviates: Deviates,
    mixing: Mixing,
}

impl NoisePath for Colored {
    fn add_to(&mut self, step: u64, nodes: &mut [f64]) {
        self.passing.copy_from_slice(self.deviates.draw(step, &self.mixing));
        for (section, states) in self.ladder.sections.iter().zip(&mut self.states) {
            for (passing, state) in self.passing.iter_mut().zip(states) {
                let before = *state;
                *state = section.pole * before + *passing;
                *passing += section.gain * before;
            }
        }
        for ((node, value), scale) in nodes.iter_mut().zip(&self.passing).zip(&self.scale) {
            *node += scale * value;
        }
    }

    fn save(&self) -> Vec<f64> {
        self.states.concat()
    }

    fn restore(&mut self, values: &[f64]) {
        let rows = values.chunks_exact(self.passing.len());
        self.states.iter_mut().zip(rows).for_each(|(states, row)| states.copy_from_slice(row));
    }
}
