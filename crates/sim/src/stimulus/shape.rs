//! Courses of stimuli in time.

use ndarray::Array2;

use brainmass_core::quantity::{Frequency, Time};

/// The course of a stimulus in the time t since its onset; except for data it lies between -1 and 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// The constant 1.
    Pulse,
    /// A train of pulses: 1 for `width` at the start of each `period`, and 0 for the rest of it.
    PulseTrain {
        /// The time from start to start, ms.
        period: Time,
        /// The length of a pulse, ms; no longer than the period.
        width: Time,
    },
    /// The sine `sin(2 pi frequency t + phase)`.
    Sine {
        /// The frequency, Hz.
        frequency: Frequency,
        /// The phase at the onset, rad.
        phase: f64,
    },
    /// A ramp: `t/rise` up to 1, then 1.
    Ramp {
        /// The time to the top, ms.
        rise: Time,
    },
    /// The Gaussian bump `exp(-(t - peak)^2/(2 width^2))`.
    Gaussian {
        /// The time of the peak, ms.
        peak: Time,
        /// The standard deviation, ms.
        width: Time,
    },
    /// Samples; 0 after the last.
    Data {
        /// The samples, shape (time, 1) or (time, node).
        values: Array2<f64>,
        /// The time from sample to sample, ms; the first is at the onset.
        interval: Time,
        /// The values between samples.
        between: Between,
    },
}

/// The values of data between samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Each sample is held for an interval.
    Held,
    /// Straight lines between samples; the last sample ends the stimulus.
    Linear,
}
