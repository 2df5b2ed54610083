//! What every instrument does.

use std::fmt;

use ndarray::{Array2, ArrayView2, Axis, concatenate};

use super::chain::Chain;
use super::error::ObservationError;
use super::linear::LinearMonitor;
use super::period::SamplingPeriod;
use brainmass_core::real::Simd;

/// An instrument that watches a run while it goes on.
///
/// Row `m` (from 0) that a monitor gives belongs to the time `(m + 1)` [`period`](Monitor::period), counted from the
/// start of the run: the end of the interval that an average covers, the step that a sample shows.
///
/// ```
/// use brainmass::observation::{Monitor, TemporalAverage};
/// use ndarray::array;
///
/// let mut average = TemporalAverage::new(0.3, 0.1)?;
/// assert_eq!(average.push(array![[1.0], [2.0]].view())?.nrows(), 0);
/// assert_eq!(average.push(array![[6.0], [7.0]].view())?, array![[3.0]]);
/// # Ok::<(), brainmass::observation::ObservationError>(())
/// ```
pub trait Monitor: fmt::Debug + Send {
    /// Takes the next samples, shape (time, region), one row a step, and gives the rows they complete, shape (row,
    /// channel); often none.
    ///
    /// # Errors
    /// A sample that is not finite; another number of regions than before. Nothing is taken in then.
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError>;

    /// Ends the run: gives the rows that could only be completed by knowing that nothing more comes, and makes the
    /// monitor ready for another run.
    ///
    /// # Errors
    /// A run that was too short to give a single row.
    fn finish(&mut self) -> Result<Array2<f64>, ObservationError>;

    /// The time from row to row, in ms; infinite where all rows come at the end of the run.
    fn period(&self) -> f64;

    /// The time from sample to sample, in ms.
    fn dt(&self) -> f64;

    /// The unit of its rows, of samples in a unit.
    fn unit(&self, samples: &str) -> String {
        samples.to_owned()
    }

    /// Says which instruction set to compute with; a simulation tells its own before it starts. Monitors that only average or pick samples
    /// compute the same bits with each and do nothing.
    fn compute_with(&mut self, _simd: Simd) {}

    /// From the derivatives of a number by the rows of a whole run, shape (row, channel), to those by its samples, shape (time, region). The monitor
    /// must not be in the midst of a run. Every instrument of this library can do so.
    ///
    /// ```
    /// use brainmass::observation::{FunctionalConnectivity, Monitor};
    /// use ndarray::array;
    ///
    /// // How does the correlation of two regions change with each sample?
    /// let run = array![[0.0, 1.0], [1.0, 0.0], [0.0, 2.0]];
    /// let back = FunctionalConnectivity::new(1.0)?.take_back(run.view(), array![[0.0, 1.0], [0.0, 0.0]].view())?;
    /// assert_eq!(back.dim(), (3, 2));
    /// # Ok::<(), brainmass::observation::ObservationError>(())
    /// ```
    ///
    /// # Errors
    /// Derivatives of another shape than the rows of such a run; a monitor that has no derivatives.
    fn take_back(
        &mut self,
        samples: ArrayView2<f64>,
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        self.as_linear().ok_or(ObservationError::NoDerivatives)?.pullback(samples.dim(), adjoint)
    }

    /// The monitor as a linear one, if it is: then its derivatives follow.
    fn as_linear(&self) -> Option<&dyn LinearMonitor> {
        None
    }

    /// Gives the rows to another monitor, whose steps are this one's periods.
    ///
    /// ```
    /// use brainmass::observation::{BoldSignal, Monitor, TemporalAverage};
    /// use brainmass::zoo::observation::BalloonWindkessel;
    ///
    /// // The haemodynamics are driven by means over 5 ms.
    /// let vessels = BoldSignal::new(BalloonWindkessel::new(90), 720.0, 5.0)?;
    /// let bold = TemporalAverage::new(5.0, 0.1)?.then(vessels)?;
    /// assert_eq!((bold.dt(), bold.period()), (0.1, 720.0));
    /// # Ok::<(), brainmass::observation::ObservationError>(())
    /// ```
    ///
    /// # Errors
    /// Another monitor with other steps.
    fn then<N: Monitor>(self, next: N) -> Result<Chain<Self, N>, ObservationError>
    where
        Self: Sized,
    {
        Chain::new(self, next)
    }

    /// Observes a run that is there as a whole.
    ///
    /// # Errors
    /// As [`Monitor::push`] and [`Monitor::finish`].
    fn observe(&mut self, run: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let rows = self.push(run)?;
        let rest = self.finish()?;
        if rest.is_empty() {
            return Ok(rows);
        }
        Ok(concatenate![Axis(0), rows, rest])
    }
}

/// What a monitor knows of the run it watches.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    period: SamplingPeriod,
    regions: Option<usize>,
    samples: usize,
    rows: usize,
}

impl Intake {
    pub(crate) fn new(period: SamplingPeriod) -> Self {
        Self { period, regions: None, samples: 0, rows: 0 }
    }

    pub(crate) fn period(&self) -> SamplingPeriod {
        self.period
    }

    /// The number of regions, once a sample has come.
    pub(crate) fn regions(&self) -> Option<usize> {
        self.regions
    }

    /// Checks the next samples and counts them; returns how many came before them.
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

    /// Ends the run; an error if it gave no row.
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

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use brainmass_data::analysis::testing::signal;
    use ndarray::concatenate;

    /// Asserts that a monitor gives the same bits however a run of 500 samples and 3 regions is cut, and twice over.
    #[track_caller]
    pub(crate) fn assert_chunks_do_not_matter(monitor: &mut dyn Monitor) {
        let run = signal(500, 3);
        let whole = monitor.observe(run.view()).unwrap();
        assert!(whole.nrows() > 1);
        for size in [1, 7, 64, 499] {
            let mut parts = run
                .axis_chunks_iter(Axis(0), size)
                .map(|chunk| monitor.push(chunk).unwrap())
                .collect::<Vec<_>>();
            parts.push(monitor.finish().unwrap());
            let views =
                parts.iter().filter(|part| !part.is_empty()).map(|part| part.view()).collect::<Vec<_>>();
            assert_eq!(concatenate(Axis(0), &views).unwrap(), whole, "chunks of {size}");
        }
    }
}
