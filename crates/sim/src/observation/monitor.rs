//! Monitors: instruments that observe a run while it goes on, and chains of them.

use std::fmt;

use ndarray::{Array2, ArrayView2, Axis, concatenate};

use super::error::ObservationError;
use crate::words::Words;
use brainmass_core::real::Simd;
use brainmass_data::steps::{self, Steps};

/// An instrument that observes a run while it goes on.
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
    /// Takes the next samples, shape (time, region), one row a step, and returns the rows that they complete, shape (row,
    /// channel); often none.
    ///
    /// # Errors
    ///
    /// A sample that is not finite; another number of regions than before. Nothing is taken in then.
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError>;

    /// Ends the run: returns the rows that could only be completed by knowing that nothing more comes, and makes the
    /// monitor ready for another run.
    ///
    /// # Errors
    ///
    /// A run that was too short to give a single row.
    fn finish(&mut self) -> Result<Array2<f64>, ObservationError>;

    /// The time from row to row, in ms; infinite where all rows come at the end of the run.
    fn period(&self) -> f64;

    /// The time from sample to sample, in ms.
    fn dt(&self) -> f64;

    /// The unit of the rows, for samples in a given unit.
    fn unit(&self, samples: &str) -> String {
        samples.to_owned()
    }

    /// Chooses the instruction set to compute with; a simulation calls this with its own before it starts. Monitors that only average or pick samples
    /// compute the same bits with each and do nothing.
    fn compute_with(&mut self, _simd: Simd) {}

    /// Copies everything that changes from sample to sample, as words of 64 bits, for a run that is to go on after its process has ended. `None` for a
    /// monitor that cannot; every instrument of this library can.
    fn save(&self) -> Option<Vec<u64>> {
        None
    }

    /// Goes back to what [`Monitor::save`] copied of a monitor with the same settings. Returns whether that is what the words are.
    fn restore(&mut self, _saved: &[u64]) -> bool {
        false
    }

    /// Vector-Jacobian product of a whole run: given the adjoints of its rows, shape (row, channel), returns those of its samples, shape (time,
    /// region). The monitor must not be in the midst of a run. Every instrument of this library can do so.
    ///
    /// ```
    /// use brainmass::observation::{FunctionalConnectivity, Monitor};
    /// use ndarray::array;
    ///
    /// // The derivative of the correlation of two regions by each sample.
    /// let run = array![[0.0, 1.0], [1.0, 0.0], [0.0, 2.0]];
    /// let adjoint = FunctionalConnectivity::new(1.0)?.vjp(run.view(), array![[0.0, 1.0], [0.0, 0.0]].view())?;
    /// assert_eq!(adjoint.dim(), (3, 2));
    /// # Ok::<(), brainmass::observation::ObservationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Adjoints of another shape than the rows of such a run; a monitor that has no derivatives.
    fn vjp(
        &mut self,
        samples: ArrayView2<f64>,
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        self.as_linear().ok_or(ObservationError::NoDerivatives)?.pullback(samples.dim(), adjoint)
    }

    /// Returns the monitor as a linear one, if it is one: then its derivatives follow.
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
    ///
    /// The other monitor has other steps.
    fn then<N: Monitor>(self, next: N) -> Result<Chain<Self, N>, ObservationError>
    where
        Self: Sized,
    {
        Chain::new(self, next)
    }

    /// Observes a run that is there as a whole.
    ///
    /// # Errors
    ///
    /// Those of [`Monitor::push`] and [`Monitor::finish`].
    fn observe(&mut self, run: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let rows = self.push(run)?;
        let rest = self.finish()?;
        if rest.is_empty() {
            return Ok(rows);
        }
        Ok(concatenate![Axis(0), rows, rest])
    }
}

/// A monitor whose rows are a linear function of the samples, plus a constant, so that its derivatives need no samples.
///
/// ```
/// use brainmass::observation::{LinearMonitor, TemporalAverage};
/// use ndarray::array;
///
/// // Each of two steps contributes half to their average; the fifth step is in none.
/// let average = TemporalAverage::new(0.2, 0.1)?;
/// let adjoint = average.pullback((5, 1), array![[1.0], [3.0]].view())?;
/// assert_eq!(adjoint, array![[0.5], [0.5], [1.5], [1.5], [0.0]]);
/// # Ok::<(), brainmass::observation::ObservationError>(())
/// ```
pub trait LinearMonitor: Monitor {
    /// Vector-Jacobian product of a whole run: given the adjoints of its rows, shape (row, channel), returns those of its samples; `run` is the shape
    /// of the run, (time, region).
    ///
    /// # Errors
    ///
    /// Adjoints of another shape than the rows of such a run.
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError>;
}

/// A monitor that observes the rows of another, see [`Monitor::then`].
#[derive(Debug, Clone)]
pub struct Chain<A, B> {
    first: A,
    second: B,
}

impl<A: Monitor, B: Monitor> Chain<A, B> {
    fn new(first: A, second: B) -> Result<Self, ObservationError> {
        let (period, step) = (first.period(), second.dt());
        if steps::count(period, step).and_then(Steps::whole) != Some(1) {
            return Err(ObservationError::Steps { what: "the next monitor", expected: period, given: step });
        }
        Ok(Self { first, second })
    }
}

impl<A: Monitor, B: Monitor> Monitor for Chain<A, B> {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let rows = self.first.push(samples)?;
        self.second.push(rows.view())
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        let rest = self.first.finish();
        let last = rest.and_then(|rest| self.second.push(rest.view()));
        // Both are made ready for another run, whatever went wrong with this one.
        let end = self.second.finish();
        let (last, end) = (last?, end?);
        if last.is_empty() {
            return Ok(end);
        }
        if end.is_empty() {
            return Ok(last);
        }
        Ok(concatenate![Axis(0), last, end])
    }

    fn period(&self) -> f64 {
        self.second.period()
    }

    fn dt(&self) -> f64 {
        self.first.dt()
    }

    fn unit(&self, samples: &str) -> String {
        self.second.unit(&self.first.unit(samples))
    }

    fn compute_with(&mut self, simd: Simd) {
        self.first.compute_with(simd);
        self.second.compute_with(simd);
    }

    fn save(&self) -> Option<Vec<u64>> {
        let (first, second) = (self.first.save()?, self.second.save()?);
        Some([&[first.len() as u64][..], &first, &second].concat())
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        let mut words = Words(saved);
        let Some(split) = words.whole() else { return false };
        let Some((first, second)) = words.0.split_at_checked(split) else { return false };
        self.first.restore(first) && self.second.restore(second)
    }

    fn vjp(
        &mut self,
        samples: ArrayView2<f64>,
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let between = self.first.observe(samples)?;
        let between_adjoint = self.second.vjp(between.view(), adjoint)?;
        self.first.vjp(samples, between_adjoint.view())
    }
}

/// A chain of two linear monitors is one itself, where the first gives one row for each period and not only at the end of the run.
impl<A: LinearMonitor, B: LinearMonitor> LinearMonitor for Chain<A, B> {
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let (samples, regions) = run;
        // The second monitor sees a row for each period of the first that is complete.
        let period = steps::count(self.first.period(), self.first.dt()).map_or(usize::MAX, Steps::covering);
        let between = (samples / period.max(1), regions);
        let between_adjoint = self.second.pullback(between, adjoint)?;
        self.first.pullback(run, between_adjoint.view())
    }
}

/// Checks the shape of the adjoints of rows.
pub(crate) fn check_adjoint(
    adjoint: ArrayView2<f64>,
    rows: usize,
    channels: usize,
) -> Result<(), ObservationError> {
    let (given, expected) = (adjoint.shape().to_vec(), vec![rows, channels]);
    let what = "the array of adjoints of the rows";
    if given == expected { Ok(()) } else { Err(ObservationError::Shape { what, expected, given }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::testing::{assert_chunks_do_not_matter, assert_is_transpose};
    use crate::observation::{Subsample, TemporalAverage};
    use brainmass_data::analysis::testing::signal;

    fn chain() -> Chain<TemporalAverage, Subsample> {
        TemporalAverage::new(0.7, 0.1).unwrap().then(Subsample::new(2.1, 0.7).unwrap()).unwrap()
    }

    #[test]
    fn the_second_sees_the_rows_of_the_first() {
        let run = signal(500, 3);
        let means = TemporalAverage::new(0.7, 0.1).unwrap().observe(run.view()).unwrap();
        let expected = Subsample::new(2.1, 0.7).unwrap().observe(means.view()).unwrap();
        assert_eq!(chain().observe(run.view()).unwrap(), expected);
    }

    #[test]
    fn chunks_do_not_matter() {
        assert_chunks_do_not_matter(&mut chain());
    }

    #[test]
    fn the_pullback_is_the_transpose() {
        assert_is_transpose(&mut chain());
    }

    #[test]
    fn a_monitor_with_other_steps_is_an_error() {
        let error = TemporalAverage::new(0.75, 0.25).unwrap().then(Subsample::new(2.5, 0.5).unwrap());
        let message = error.map(|_| ()).unwrap_err().to_string();
        assert!(message.contains("0.5 ms") && message.contains("0.75 ms"), "{message}");
        assert!(chain().observe(signal(5, 3).view()).is_err(), "too short");
    }
}
