//! Stimuli: what an experimenter does to the regions, as a function of time.
//!
//! A [`Stimulus`] has a shape in time, an amplitude in the unit of the port, an onset, a duration, and the regions that it reaches. The
//! step from t to t + dt holds its value at t. Outside of its duration it is 0. Stimuli, noise and other inputs of a port are added:
//!
//! ```
//! use brainmass::noise::OuProcess;
//! use brainmass::prelude::*;
//! use brainmass::stimulus::Stimulus;
//!
//! let flash = Stimulus::pulse(0.6).onset(20.0.ms()).duration(5.0.ms()).regions([0, 2]);
//! let flicker = Stimulus::sine(0.2, 40.0.hz()).onset(50.0.ms());
//! let run = Simulator::new(FitzHughNagumoStep::new(3))
//!     .input("V_inp", flash + flicker)
//!     .noise("V_inp", OuProcess::new(0.05, 5.0.ms()))
//!     .record(["V", "V_inp"])
//!     .run(100.0.ms())?;
//! assert!(run["V_inp"][[220, 2]] > 0.4);
//! # Ok::<(), brainmass::RunError>(())
//! ```

mod error;
mod player;
mod shape;

use ndarray::Array2;

use brainmass_core::quantity::{Frequency, Time, Values};

pub use error::StimulusError;
pub(crate) use player::Player;
pub use shape::{Between, Shape};

/// A stimulus: `amplitude * shape(t - onset)` for `duration`, in some regions.
#[derive(Debug, Clone, PartialEq)]
pub struct Stimulus {
    /// Its course in time.
    pub shape: Shape,
    /// Height in the unit of the port: one, or one a node.
    pub amplitude: Values,
    /// When it begins, ms.
    pub onset: Time,
    /// How long it lasts, ms; to the end of the run if not given.
    pub duration: Option<Time>,
    /// Where it is.
    pub regions: Regions,
}

/// Where a stimulus is.
#[derive(Debug, Clone, PartialEq)]
pub enum Regions {
    /// At all nodes alike.
    All,
    /// At some nodes, given by their numbers.
    Some(Vec<usize>),
    /// At each node so many times its amplitude.
    Weighted(Vec<f64>),
}

impl Stimulus {
    /// A shape of an amplitude in the unit of the port, from t = 0 to the end of the run in all regions.
    pub fn new(shape: Shape, amplitude: impl Into<Values>) -> Self {
        Self { shape, amplitude: amplitude.into(), onset: 0.0.into(), duration: None, regions: Regions::All }
    }

    /// A constant.
    pub fn pulse(amplitude: impl Into<Values>) -> Self {
        Self::new(Shape::Pulse, amplitude)
    }

    /// Pulses of `width`, one at the start of each `period`; times in ms.
    pub fn pulse_train(
        amplitude: impl Into<Values>,
        period: impl Into<Time>,
        width: impl Into<Time>,
    ) -> Self {
        Self::new(Shape::PulseTrain { period: period.into(), width: width.into() }, amplitude)
    }

    /// A sine of a frequency in Hz, which starts at phase 0.
    pub fn sine(amplitude: impl Into<Values>, frequency: impl Into<Frequency>) -> Self {
        Self::new(Shape::Sine { frequency: frequency.into(), phase: 0.0 }, amplitude)
    }

    /// A straight rise from 0 to the amplitude within `rise` ms, after which it stays there.
    pub fn ramp(amplitude: impl Into<Values>, rise: impl Into<Time>) -> Self {
        Self::new(Shape::Ramp { rise: rise.into() }, amplitude)
    }

    /// A Gaussian bump with its peak so many ms after the onset; `width` is its standard deviation, ms.
    pub fn gaussian(amplitude: impl Into<Values>, peak: impl Into<Time>, width: impl Into<Time>) -> Self {
        Self::new(Shape::Gaussian { peak: peak.into(), width: width.into() }, amplitude)
    }

    /// Data in the unit of the port, of shape (time, 1) or (time, node), `interval` ms apart, each held until the next.
    pub fn data(values: Array2<f64>, interval: impl Into<Time>) -> Self {
        Self::new(Shape::Data { values, interval: interval.into(), between: Between::Held }, 1.0)
    }

    /// Sets when it begins, ms.
    pub fn onset(mut self, onset: impl Into<Time>) -> Self {
        self.onset = onset.into();
        self
    }

    /// Sets how long it lasts, ms.
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
