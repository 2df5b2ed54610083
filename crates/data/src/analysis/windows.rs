//! Sliding windows over a signal.

use super::error::{AnalysisError, whole_intervals};

/// Windows of `size` samples that start at 0, `step`, 2 `step`, ...; an incomplete one at the end is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    size: usize,
    step: usize,
}

impl Windows {
    /// Creates windows of `size` samples every `step` samples.
    ///
    /// # Errors
    /// A size below 2; a step of 0.
    pub fn new(size: usize, step: usize) -> Result<Self, AnalysisError> {
        if size < 2 {
            let (name, expected) = ("the window size", "at least 2 samples");
            return Err(AnalysisError::Setting { name, value: size as f64, expected });
        }
        if step == 0 {
            let (name, expected) = ("the window step", "at least 1 sample");
            return Err(AnalysisError::Setting { name, value: 0.0, expected });
        }
        Ok(Self { size, step })
    }

    /// Creates windows whose `size` and `step` are given in ms, for samples `dt` ms apart.
    ///
    /// # Errors
    /// Times that are not whole numbers of sampling intervals; a size below 2 samples.
    pub fn of_duration(size: f64, step: f64, dt: f64) -> Result<Self, AnalysisError> {
        Self::new(
            whole_intervals("the window size", size, dt)?,
            whole_intervals("the window step", step, dt)?,
        )
    }

    /// Returns the number of samples in a window.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Returns the number of samples from the start of one window to that of the next.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Iterates over the first sample of each window that fits into `samples` samples.
    ///
    /// # Errors
    /// Fewer than `least` windows fit; `purpose` says what they are for.
    pub(crate) fn starts(
        &self,
        samples: usize,
        purpose: &'static str,
        least: usize,
    ) -> Result<impl Iterator<Item = usize> + use<>, AnalysisError> {
        let needed = self.size.saturating_add((least - 1).saturating_mul(self.step));
        if samples < needed {
            return Err(AnalysisError::TooFewSamples { purpose, needed, given: samples });
        }
        Ok((0..=samples - self.size).step_by(self.step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incomplete_window_is_left_out() {
        let windows = Windows::new(4, 3).unwrap();
        assert_eq!(windows.starts(12, "a test", 1).unwrap().collect::<Vec<_>>(), [0, 3, 6]);
        assert_eq!(windows.starts(13, "a test", 1).unwrap().last(), Some(9));
        assert!(windows.starts(6, "a test", 2).is_err());
    }

    #[test]
    fn windows_in_time_are_those_in_samples() {
        assert_eq!(Windows::of_duration(21_600.0, 3600.0, 720.0), Windows::new(30, 5));
        assert!(Windows::of_duration(1000.0, 720.0, 720.0).is_err());
        assert!(Windows::new(1, 1).is_err());
        assert!(Windows::new(5, 0).is_err());
    }
}
