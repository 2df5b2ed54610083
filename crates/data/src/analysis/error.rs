//! Errors of the analysis of signals.

use ndarray::ArrayView2;
use thiserror::Error;

use crate::steps::{self, Steps};

/// The reason why a signal could not be analysed.
#[derive(Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// A sample is NaN or infinite.
    #[error("sample {sample} of region {region} is {value}; a signal must be finite")]
    NotFinite {
        /// Row of the signal, from 0.
        sample: usize,
        /// Column of the signal, from 0.
        region: usize,
        /// The value found.
        value: f64,
    },
    /// The signal is too short.
    #[error("{purpose} needs at least {needed} samples, the signal has {given}")]
    TooFewSamples {
        /// The name of what was asked for.
        purpose: &'static str,
        /// The least number of samples.
        needed: usize,
        /// The number of samples given.
        given: usize,
    },
    /// The signal has too few regions.
    #[error("{purpose} needs at least {needed} regions, the signal has {given}")]
    TooFewRegions {
        /// The name of what was asked for.
        purpose: &'static str,
        /// The least number of regions.
        needed: usize,
        /// The number of regions given.
        given: usize,
    },
    /// An FCD matrix is too small for its distribution.
    #[error("a distribution of FCD entries needs at least {needed} windows, there are {given}")]
    TooFewWindows {
        /// The least number of windows.
        needed: usize,
        /// The number of windows given.
        given: usize,
    },
    /// A matrix would have more entries than are held in memory.
    #[error("{what} of {side} rows and columns would have more than {limit} entries, which is the limit")]
    TooLarge {
        /// The name of the matrix.
        what: &'static str,
        /// Its rows and columns.
        side: usize,
        /// The most entries that are held.
        limit: usize,
    },
    /// Two things that belong together have different numbers of regions.
    #[error("{given} regions given where there were {expected} before")]
    RegionCount {
        /// The number of regions before.
        expected: usize,
        /// The number given now.
        given: usize,
    },
    /// A setting is outside its range.
    #[error("{name} is {value}, it must be {expected}")]
    Setting {
        /// The name of the setting.
        name: &'static str,
        /// Its value.
        value: f64,
        /// Its range, in words.
        expected: &'static str,
    },
    /// A time is not a whole number of sampling intervals.
    #[error("{name} of {time} ms is not a whole number of intervals of {interval} ms")]
    NotAMultiple {
        /// The name of the time.
        name: &'static str,
        /// Its value, in ms.
        time: f64,
        /// The sampling interval, in ms.
        interval: f64,
    },
    /// A covariance cannot be inverted or factored.
    #[error(
        "the {matrix} is not positive definite: region {region} is constant or a linear combination of those before it"
    )]
    NotPositiveDefinite {
        /// The name of the matrix.
        matrix: &'static str,
        /// The first row at which the factorisation fails.
        region: usize,
    },
    /// Two regions are the same up to scale and offset.
    #[error("regions {first} and {second} have a correlation of {value}; its Fisher z is infinite")]
    PerfectCorrelation {
        /// Row of the matrix.
        first: usize,
        /// Column of the matrix.
        second: usize,
        /// The entry.
        value: f64,
    },
    /// Two windows cannot be compared.
    #[error(
        "the FCD of windows {first} and {second} is {value}; a distribution needs windows in which every region varies"
    )]
    NoPattern {
        /// Row of the matrix.
        first: usize,
        /// Column of the matrix.
        second: usize,
        /// The entry.
        value: f64,
    },
    /// All values of a distribution are the same, so that it has no bandwidth.
    #[error("all {count} values of the distribution are {value}; a density needs values that differ")]
    NoSpread {
        /// The number of values.
        count: usize,
        /// Their common value.
        value: f64,
    },
}

/// The most entries of a matrix that is computed of a signal: 134,217,728, which take 1 GiB.
pub const MOST_ENTRIES: usize = 1 << 27;

/// Checks that a square matrix can be held in memory.
pub(crate) fn check_side(what: &'static str, side: usize) -> Result<(), AnalysisError> {
    if side.checked_mul(side).is_some_and(|entries| entries <= MOST_ENTRIES) {
        return Ok(());
    }
    Err(AnalysisError::TooLarge { what, side, limit: MOST_ENTRIES })
}

/// Checks that every sample is finite.
pub(crate) fn check_signal(signal: ArrayView2<f64>) -> Result<(), AnalysisError> {
    match signal.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((sample, region), &value)) => Err(AnalysisError::NotFinite { sample, region, value }),
        None => Ok(()),
    }
}

/// Checks that every sample is finite and that there are enough of them.
pub(crate) fn check_length(
    signal: ArrayView2<f64>,
    purpose: &'static str,
    needed: usize,
) -> Result<(), AnalysisError> {
    if signal.nrows() < needed {
        return Err(AnalysisError::TooFewSamples { purpose, needed, given: signal.nrows() });
    }
    check_signal(signal)
}

/// Checks that a setting is a positive, finite number.
pub(crate) fn check_positive(name: &'static str, value: f64) -> Result<(), AnalysisError> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(AnalysisError::Setting { name, value, expected: "positive and finite" })
    }
}

/// Returns `time` as a whole number of intervals, at least one; both in ms.
pub(crate) fn whole_intervals(name: &'static str, time: f64, interval: f64) -> Result<usize, AnalysisError> {
    check_positive("the sampling interval (ms)", interval)?;
    check_positive(name, time)?;
    match steps::count(time, interval).and_then(Steps::whole) {
        Some(intervals) if intervals > 0 => Ok(intervals),
        _ => Err(AnalysisError::NotAMultiple { name, time, interval }),
    }
}

brainmass_files::debug_as_text!(AnalysisError);

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_nan_is_reported_with_its_place() {
        let error = check_signal(array![[1.0, 2.0], [3.0, f64::NAN]].view()).unwrap_err();
        assert_eq!(error.to_string(), "sample 1 of region 1 is NaN; a signal must be finite");
    }

    #[test]
    fn matrices_that_no_memory_holds_are_refused() {
        assert!(check_side("a matrix", 11_585).is_ok());
        for side in [11_586, usize::MAX] {
            assert!(check_side("a matrix", side).is_err());
        }
    }

    #[test]
    fn decimal_multiples_are_whole_and_others_are_not() {
        assert_eq!(whole_intervals("the window", 0.3, 0.1), Ok(3));
        assert_eq!(whole_intervals("the repetition time", 720.0, 0.1), Ok(7200));
        let error = whole_intervals("the repetition time", 3.3, 0.5).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the repetition time of 3.3 ms is not a whole number of intervals of 0.5 ms"
        );
        assert!(whole_intervals("the window", 0.05, 0.1).is_err());
        assert!(whole_intervals("the window", f64::NAN, 0.1).is_err());
    }
}
