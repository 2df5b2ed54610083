//! The settings of a stimulus.

use ndarray::Array2;

use super::shape::{Between, Shape};
use brainmass_core::quantity::{Frequency, Time, Values};

/// A stimulus: `amplitude * shape(t - onset)` for `duration`, in some regions.
#[derive(Debug, Clone, PartialEq)]
pub struct Stimulus {
    /// The course in time.
    pub shape: Shape,
    /// The height in the unit of the port: one, or one a node.
    pub amplitude: Values,
    /// The time at which it begins, ms.
    pub onset: Time,
    /// The time that it lasts, ms; to the end of the run if not given.
    pub duration: Option<Time>,
    /// The nodes that it reaches.
    pub regions: Regions,
}

/// The nodes that a stimulus reaches.
#[derive(Debug, Clone, PartialEq)]
pub enum Regions {
    /// All nodes alike.
    All,
    /// Some nodes, given by their numbers.
    Some(Vec<usize>),
    /// All nodes, each with a weight that multiplies the amplitude.
    Weighted(Vec<f64>),
}

impl Stimulus {
    /// Creates a stimulus of a shape and an amplitude in the unit of the port, from t = 0 to the end of the run in all regions.
    pub fn new(shape: Shape, amplitude: impl Into<Values>) -> Self {
        Self { shape, amplitude: amplitude.into(), onset: 0.0.into(), duration: None, regions: Regions::All }
    }

    /// Creates a pulse: a constant for the duration of the stimulus.
    pub fn pulse(amplitude: impl Into<Values>) -> Self {
        Self::new(Shape::Pulse, amplitude)
    }

    /// Creates a train of pulses of `width`, one at the start of each `period`; times in ms.
    pub fn pulse_train(
        amplitude: impl Into<Values>,
        period: impl Into<Time>,
        width: impl Into<Time>,
    ) -> Self {
        Self::new(Shape::PulseTrain { period: period.into(), width: width.into() }, amplitude)
    }

    /// Creates a sine of a frequency in Hz, which starts at phase 0.
    pub fn sine(amplitude: impl Into<Values>, frequency: impl Into<Frequency>) -> Self {
        Self::new(Shape::Sine { frequency: frequency.into(), phase: 0.0 }, amplitude)
    }

    /// Creates a straight rise from 0 to the amplitude within `rise` ms, after which it stays there.
    pub fn ramp(amplitude: impl Into<Values>, rise: impl Into<Time>) -> Self {
        Self::new(Shape::Ramp { rise: rise.into() }, amplitude)
    }

    /// Creates a Gaussian bump with its peak `peak` ms after the onset; `width` is its standard deviation, ms.
    pub fn gaussian(amplitude: impl Into<Values>, peak: impl Into<Time>, width: impl Into<Time>) -> Self {
        Self::new(Shape::Gaussian { peak: peak.into(), width: width.into() }, amplitude)
    }

    /// Creates a stimulus of data in the unit of the port, of shape (time, 1) or (time, node), `interval` ms apart, each held until the next.
    pub fn data(values: Array2<f64>, interval: impl Into<Time>) -> Self {
        Self::new(Shape::Data { values, interval: interval.into(), between: Between::Held }, 1.0)
    }

    /// Sets the time at which it begins, ms.
    pub fn onset(mut self, onset: impl Into<Time>) -> Self {
        self.onset = onset.into();
        self
    }

    /// Sets the time that it lasts, ms.
    pub fn duration(mut self, duration: impl Into<Time>) -> Self {
        self.duration = Some(duration.into());
        self
    }

    /// Sets its height, in the unit of the port: one, or one a node. Data are multiplied by it.
    pub fn amplitude(mut self, amplitude: impl Into<Values>) -> Self {
        self.amplitude = amplitude.into();
        self
    }

    /// Restricts it to some nodes, given by their numbers.
    pub fn regions(mut self, regions: impl Into<Vec<usize>>) -> Self {
        self.regions = Regions::Some(regions.into());
        self
    }

    /// Multiplies it by a weight for each node.
    pub fn weights(mut self, weights: impl Into<Vec<f64>>) -> Self {
        self.regions = Regions::Weighted(weights.into());
        self
    }

    /// Draws straight lines between data. Nothing happens to other shapes.
    pub fn interpolated(mut self) -> Self {
        if let Shape::Data { between, .. } = &mut self.shape {
            *between = Between::Linear;
        }
        self
    }

    /// Sets the phase that a sine starts with, rad. Nothing happens to other shapes.
    pub fn phase(mut self, radians: f64) -> Self {
        if let Shape::Sine { phase, .. } = &mut self.shape {
            *phase = radians;
        }
        self
    }
}
