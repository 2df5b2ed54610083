//! Noise processes and stimuli.

use brainmass::noise;
use brainmass::stimulus;
use pyo3::prelude::*;

use crate::arrays::{Matrix, Vector, matrix, optional, values};

/// A noise process that drives an input port.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct Process(pub noise::Process);

#[pymethods]
impl Process {
    /// Creates white noise of an intensity per sqrt(ms).
    #[staticmethod]
    fn white(sigma: Vector, covariance: Option<Matrix>) -> Self {
        let process = noise::WhiteNoise { sigma: values(&sigma), covariance: optional(covariance.as_ref()) };
        Self(process.into())
    }

    /// Creates deviates that are independent from step to step.
    #[staticmethod]
    fn gaussian(sigma: Vector, covariance: Option<Matrix>) -> Self {
        let process =
            noise::GaussianNoise { sigma: values(&sigma), covariance: optional(covariance.as_ref()) };
        Self(process.into())
    }

    /// Creates a Wiener path.
    #[staticmethod]
    fn brownian(sigma: Vector, start: Vector, covariance: Option<Matrix>) -> Self {
        let mut process = noise::BrownianNoise::new(values(&sigma)).start_at(values(&start));
        process.covariance = optional(covariance.as_ref());
        Self(process.into())
    }

    /// Creates noise with a spectrum `1/f^beta`.
    #[staticmethod]
    fn colored(beta: f64, sigma: Vector, lowest: Option<f64>, covariance: Option<Matrix>) -> Self {
        let mut process = noise::ColoredNoise::new(beta, values(&sigma));
        if let Some(lowest) = lowest {
            process = process.lowest(lowest);
        }
        process.covariance = optional(covariance.as_ref());
        Self(process.into())
    }

    /// Creates an Ornstein-Uhlenbeck process.
    #[staticmethod]
    fn ou(sigma: Vector, tau: Vector, mean: Vector, covariance: Option<Matrix>) -> Self {
        let mut process = noise::OuProcess::new(values(&sigma), values(&tau)).mean(values(&mean));
        process.covariance = optional(covariance.as_ref());
        Self(process.into())
    }
}

/// A stimulus that drives an input port.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct Stimulus(pub stimulus::Stimulus);

#[pymethods]
impl Stimulus {
    /// Creates a pulse.
    #[staticmethod]
    fn pulse(amplitude: Vector) -> Self {
        Self(stimulus::Stimulus::pulse(values(&amplitude)))
    }

    /// Creates a train of pulses with a period and a width in ms.
    #[staticmethod]
    fn pulse_train(amplitude: Vector, period: f64, width: f64) -> Self {
        Self(stimulus::Stimulus::pulse_train(values(&amplitude), period, width))
    }

    /// Creates a sine of a frequency in Hz and a phase in radians.
    #[staticmethod]
    fn sine(amplitude: Vector, frequency: f64, phase: f64) -> Self {
        Self(stimulus::Stimulus::sine(values(&amplitude), frequency).phase(phase))
    }

    /// Creates a ramp that takes some ms to rise.
    #[staticmethod]
    fn ramp(amplitude: Vector, rise: f64) -> Self {
        Self(stimulus::Stimulus::ramp(values(&amplitude), rise))
    }

    /// Creates a Gaussian course around a peak, both in ms.
    #[staticmethod]
    fn gaussian(amplitude: Vector, peak: f64, width: f64) -> Self {
        Self(stimulus::Stimulus::gaussian(values(&amplitude), peak, width))
    }

    /// Creates a course of rows that stand some ms apart, linear between them or held.
    #[staticmethod]
    fn data(rows: Matrix, interval: f64, interpolated: bool) -> Self {
        let course = stimulus::Stimulus::data(matrix(&rows), interval);
        Self(if interpolated { course.interpolated() } else { course })
    }

    /// Returns the stimulus with an onset and, if given, a duration in ms, and on some nodes alone or with a weight for each.
    fn placed(
        &self,
        onset: f64,
        duration: Option<f64>,
        regions: Option<Vec<usize>>,
        weights: Option<Vec<f64>>,
    ) -> Self {
        let mut placed = self.0.clone().onset(onset);
        if let Some(duration) = duration {
            placed = placed.duration(duration);
        }
        if let Some(regions) = regions {
            placed = placed.regions(regions);
        }
        if let Some(weights) = weights {
            placed = placed.weights(weights);
        }
        Self(placed)
    }
}
