//! The state that every monitor keeps of the run that it observes.

use ndarray::{Array2, ArrayView2};

use super::error::ObservationError;
use super::period::SamplingPeriod;
use crate::words::Words;

/// The number of regions, samples and rows of a run so far.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    period: SamplingPeriod,
    /// The number of regions, once a sample has come.
    regions: Option<usize>,
    samples: usize,
    rows: usize,
}

impl Intake {
    /// Begins a run that is sampled at a period.
    pub(crate) fn new(period: SamplingPeriod) -> Self {
        Self { period, regions: None, samples: 0, rows: 0 }
    }

    /// The sampling period.
    pub(crate) fn period(&self) -> SamplingPeriod {
        self.period
    }

    /// The number of regions, once a sample has come.
    pub(crate) fn regions(&self) -> Option<usize> {
        self.regions
    }

    /// Checks the next samples and counts them; returns the number of samples that came before them.
    ///
    /// # Errors
    ///
    /// A sample that is not finite; another number of regions than before.
    pub(crate) fn accept(&mut self, samples: ArrayView2<f64>) -> Result<usize, ObservationError> {
        let given = samples.ncols();
        let expected = self.regions.unwrap_or(given);
        if given != expected {
            let what = "this chunk of the run";
            return Err(ObservationError::RegionCount { what, expected, given });
        }
        let before = self.samples;
        if let Some(((row, region), &value)) = samples.indexed_iter().find(|(_, value)| !value.is_finite()) {
            return Err(ObservationError::NotFinite { sample: before + row, region, value });
        }
        self.regions = Some(given);
        self.samples += samples.nrows();
        Ok(before)
    }

    /// Counts the rows given and hands them on.
    pub(crate) fn give(&mut self, rows: Array2<f64>) -> Array2<f64> {
        self.rows += rows.nrows();
        rows
    }

    /// Adds everything that changes from sample to sample to words.
    pub(crate) fn save(&self, words: &mut Vec<u64>) {
        // The number of regions behind 1, so that 0 stands for none yet.
        let regions = self.regions.map_or(0, |regions| regions as u64 + 1);
        words.extend([regions, self.samples as u64, self.rows as u64]);
    }

    /// Goes back to what was added to words; `None` where that is not what they are.
    pub(crate) fn restore(&mut self, words: &mut Words) -> Option<()> {
        self.regions = words.whole()?.checked_sub(1);
        (self.samples, self.rows) = (words.whole()?, words.whole()?);
        Some(())
    }

    /// Ends the run.
    ///
    /// # Errors
    ///
    /// The run gave no row.
    pub(crate) fn finish(&mut self) -> Result<(), ObservationError> {
        let (samples, rows) = (self.samples, self.rows);
        *self = Self::new(self.period);
        if rows == 0 {
            let run = samples as f64 * self.period.dt();
            return Err(ObservationError::ShorterThanPeriod { run, period: self.period.period() });
        }
        Ok(())
    }
}
