//! Courses in time.

use ndarray::Array2;

use brainmass_core::quantity::{Frequency, Time};

/// The course of a stimulus in time t, counted from its onset; but for data it lies between -1 and 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// 1.
    Pulse,
    /// 1 for `width` at the start of each `period`, 0 for the rest of it.
    PulseTrain {
        /// From start to start, ms.
        period: Time,
        /// Length of a pulse, ms; no longer than the period.
        width: Time,
    },
    /// `sin(2 pi frequency t + phase)`.
    Sine {
        /// Frequency, Hz.
        frequency: Frequency,
        /// Phase at the onset, rad.
        phase: f64,
    },
    /// `t/rise` up to 1, then 1.
    Ramp {
        /// Time to the top, ms.
        rise: Time,
    },
    /// `exp(-(t - peak)^2/(2 width^2))`.
    Gaussian {
        /// Time of the peak, ms.
        peak: Time,
        /// Standard deviation, ms.
        width: Time,
    },
    /// Samples; 0 after the last.
    Data {
        /// (time, 1) or (time, node).
        values: Array2<f64>,
        /// From sample to sample, ms; the first is at the onset.
        interval: Time,
        /// What is between samples.
        between: Between,
    },
}

/// What is between samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Each sample is held for an interval.
    Held,
    /// Straight lines; the last sample ends the stimulus.
    Linear,
}
