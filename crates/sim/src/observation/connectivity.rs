//! Functional connectivity of a run that is never kept.

use ndarray::{Array2, ArrayView2, s};

use super::error::{ObservationError, check_positive};
use super::monitor::{Monitor, check_adjoint};
use crate::words::{Words, put};
use brainmass_data::analysis::{Correlation, StreamingCovariance};
use brainmass_data::steps::{self, Steps};

/// Pearson correlations between all regions, shape (region, region), given at the end of the run, in memory of one matrix. They are NaN for a
/// region that does not vary.
///
/// ```
/// use brainmass::observation::{FunctionalConnectivity, Monitor};
/// use ndarray::array;
///
/// let run = array![[0.0, 1.0], [1.0, 0.0], [0.0, 2.0]];
/// let fc = FunctionalConnectivity::new(1.0)?.observe(run.view())?;
/// assert_eq!(fc.dim(), (2, 2));
/// # Ok::<(), brainmass::observation::ObservationError>(())
/// ```
#[derive(Debug, Clone)]
pub struct FunctionalConnectivity {
    dt: f64,
    /// The number of samples at the start that are left out.
    skipped: usize,
    /// The number of samples so far.
    samples: usize,
    /// The samples that are not in the sums yet: sums are made of blocks, so that chunks do not matter.
    pending: Vec<f64>,
    sums: Option<StreamingCovariance>,
}

/// The number of samples that are added up at once.
const BLOCK_SAMPLES: usize = 64;

impl FunctionalConnectivity {
    /// Creates a monitor of samples every `dt` ms.
    ///
    /// # Errors
    ///
    /// A step that is not positive and finite.
    pub fn new(dt: f64) -> Result<Self, ObservationError> {
        check_positive("the step (ms)", dt)?;
        Ok(Self { dt, skipped: 0, samples: 0, pending: Vec::new(), sums: None })
    }

    /// Leaves out the samples of the first `time` ms.
    ///
    /// # Errors
    ///
    /// A time that is negative or not finite.
    pub fn after(mut self, time: f64) -> Result<Self, ObservationError> {
        if !(time >= 0.0 && time.is_finite()) {
            let (name, expected) = ("the time that is left out (ms)", "a finite number, at least 0");
            return Err(ObservationError::Setting { name, value: time, expected });
        }
        // The sample at `time` itself ends what is left out.
        self.skipped = steps::count(time, self.dt).map_or(usize::MAX, Steps::below);
        Ok(self)
    }
}

impl Monitor for FunctionalConnectivity {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let regions = samples.ncols();
        let from = self.skipped.saturating_sub(self.samples).min(samples.nrows());
        let sums = self.sums.get_or_insert_with(|| StreamingCovariance::new(regions));
        for sample in samples.slice(s![from.., ..]).outer_iter() {
            self.pending.extend(sample);
            if self.pending.len() == BLOCK_SAMPLES * regions {
                add_block(sums, &mut self.pending, regions)?;
            }
        }
        self.samples += samples.nrows();
        Ok(Array2::zeros((0, regions)))
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        self.samples = 0;
        let mut pending = std::mem::take(&mut self.pending);
        let Some(mut sums) = self.sums.take() else {
            return Err(ObservationError::ShorterThanPeriod { run: 0.0, period: 2.0 * self.dt });
        };
        let regions = sums.mean().len();
        if !pending.is_empty() {
            add_block(&mut sums, &mut pending, regions)?;
        }
        sums.correlation().map_err(|error| ObservationError::Analysis(error.to_string()))
    }

    fn period(&self) -> f64 {
        f64::INFINITY
    }

    fn dt(&self) -> f64 {
        self.dt
    }

    fn unit(&self, _: &str) -> String {
        "1".to_owned()
    }

    fn save(&self) -> Option<Vec<u64>> {
        let mut words = vec![self.samples as u64];
        put(&mut words, &self.pending);
        if let Some(sums) = &self.sums {
            let (samples, [origin, mean, scatter]) = sums.to_parts();
            words.push(samples as u64);
            [origin, mean, scatter].iter().for_each(|numbers| put(&mut words, numbers));
        }
        Some(words)
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        let mut words = Words(saved);
        let mut read = || {
            self.samples = words.whole()?;
            self.pending = words.numbers()?;
            self.sums = None;
            if !words.0.is_empty() {
                let samples = words.whole()?;
                let parts = [words.numbers()?, words.numbers()?, words.numbers()?];
                self.sums = Some(StreamingCovariance::from_parts(samples, parts)?);
            }
            words.0.is_empty().then_some(())
        };
        read().is_some()
    }

    fn vjp(
        &mut self,
        samples: ArrayView2<f64>,
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        check_adjoint(adjoint, samples.ncols(), samples.ncols())?;
        let from = self.skipped.min(samples.nrows());
        let correlation = Correlation::of(samples.slice(s![from.., ..]))
            .map_err(|error| ObservationError::Analysis(error.to_string()))?;
        let mut pulled = Array2::zeros(samples.raw_dim());
        pulled.slice_mut(s![from.., ..]).assign(&correlation.pullback(adjoint));
        Ok(pulled)
    }
}

/// Adds a block of samples, which is emptied.
fn add_block(
    sums: &mut StreamingCovariance,
    pending: &mut Vec<f64>,
    regions: usize,
) -> Result<(), ObservationError> {
    let shape = (pending.len() / regions.max(1), regions);
    let block = ArrayView2::from_shape(shape, pending).map_err(|_| ObservationError::RegionCount {
        what: "this chunk of the run",
        expected: sums.mean().len(),
        given: regions,
    })?;
    sums.push(block).map_err(|error| ObservationError::Analysis(error.to_string()))?;
    pending.clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::testing::assert_chunks_do_not_matter;
    use brainmass_data::analysis::functional_connectivity;
    use brainmass_data::analysis::testing::signal;

    #[test]
    fn it_is_that_of_the_run_as_a_whole() {
        let run = signal(300, 4);
        let fc = FunctionalConnectivity::new(0.1).unwrap().after(5.0).unwrap().observe(run.view()).unwrap();
        let expected = functional_connectivity(run.slice(s![50.., ..])).unwrap();
        assert!((fc - expected).iter().all(|difference| difference.abs() < 1e-12));
    }

    #[test]
    fn chunks_do_not_matter() {
        let monitor = FunctionalConnectivity::new(0.1).unwrap();
        assert_chunks_do_not_matter(&mut monitor.after(7.3).unwrap());
    }

    #[test]
    fn too_few_samples_are_an_error_and_constant_regions_have_no_correlation() {
        let mut monitor = FunctionalConnectivity::new(0.1).unwrap();
        let mut run = signal(50, 3);
        run.column_mut(1).fill(0.1);
        let fc = monitor.observe(run.view()).unwrap();
        assert!(fc.indexed_iter().all(|((i, j), r)| r.is_nan() == (i == 1 || j == 1)), "{fc}");
        assert!(monitor.observe(signal(1, 2).view()).is_err());
        assert!(monitor.finish().is_err());
        assert!(FunctionalConnectivity::new(0.0).is_err());
        assert!(monitor.after(-1.0).is_err());
    }
}
