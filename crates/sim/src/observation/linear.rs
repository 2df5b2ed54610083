//! Instruments whose rows depend on the samples linearly, turned round.

use ndarray::{Array2, ArrayView2};

use super::error::ObservationError;
use super::monitor::Monitor;

/// A monitor whose rows are a linear function of the samples, plus a constant: derivatives by its rows are derivatives by the samples.
///
/// ```
/// use brainmass::observation::{LinearMonitor, TemporalAverage};
/// use ndarray::array;
///
/// // Each of two steps contributes half to their average; the fifth step is in none.
/// let average = TemporalAverage::new(0.2, 0.1)?;
/// let back = average.pullback((5, 1), array![[1.0], [3.0]].view())?;
/// assert_eq!(back, array![[0.5], [0.5], [1.5], [1.5], [0.0]]);
/// # Ok::<(), brainmass::observation::ObservationError>(())
/// ```
pub trait LinearMonitor: Monitor {
    /// From the derivatives of a number by the rows of a whole run, shape (row, channel), to those by its samples; `run` is the shape of
    /// the run, (time, region).
    ///
    /// # Errors
    /// Derivatives of another shape than the rows of such a run.
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError>;
}

/// Checks the shape of derivatives by rows.
pub(crate) fn check_adjoint(
    adjoint: ArrayView2<f64>,
    rows: usize,
    channels: usize,
) -> Result<(), ObservationError> {
    let (given, expected) = (adjoint.shape().to_vec(), vec![rows, channels]);
    let what = "the derivatives by the rows";
    if given == expected { Ok(()) } else { Err(ObservationError::Shape { what, expected, given }) }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use brainmass_data::analysis::testing::signal;

    /// Asserts `<adjoint, rows(x + d) - rows(x)> = <pullback(adjoint), d>`, which defines the transpose.
    #[track_caller]
    pub(crate) fn assert_is_transpose(monitor: &mut dyn LinearMonitor) {
        let (run, change) = (signal(503, 3), signal(700, 3).slice_move(ndarray::s![197.., ..]));
        let rows = monitor.observe(run.view()).unwrap();
        let moved = monitor.observe((&run + &change).view()).unwrap();
        let adjoint = signal(rows.nrows() + 40, rows.ncols()).slice_move(ndarray::s![40.., ..]);
        let back = monitor.pullback(run.dim(), adjoint.view()).unwrap();
        let (forth, back) = ((&adjoint * &(moved - rows)).sum(), (back * change).sum());
        assert!((forth - back).abs() < 1e-10 * forth.abs().max(1.0), "{forth} {back}");
        assert!(monitor.pullback(run.dim(), Array2::zeros((1, 1)).view()).is_err());
    }
}
