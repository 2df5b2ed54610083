//! BOLD as the convolution of activity with a hemodynamic response.

use brainmass_data::steps::{self, Steps};
use ndarray::{Array2, ArrayView2, Axis, concatenate};

use super::convolution::{ConvolutionMethod, ConvolutionMode, fft_convolution};
use super::error::{ObservationError, check_finite, check_positive};
use super::hrf::HrfKernel;
use super::linear::{LinearMonitor, check_adjoint};
use super::monitor::{Intake, Monitor};
use super::period::SamplingPeriod;
use super::temporal_average::TemporalAverage;

/// At which times a kernel is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KernelGrid {
    /// At multiples of the period of the averaged activity, from 0: the times at which the convolution uses it (The
    /// Virtual Brain).
    #[default]
    Periodic,
    /// Evenly from 0 to the kernel's duration, both included, which stretches a kernel of `n` taps by `n/(n - 1)`. Here
    /// to reproduce brainmass 0.1.1.
    EndpointIncluded,
}

/// How BOLD is computed from activity.
#[derive(Debug, Clone, PartialEq)]
pub struct HrfBoldSettings {
    /// Time from one BOLD sample to the next (TR), in ms.
    pub period: f64,
    /// Time over which activity is averaged before the convolution, in ms.
    pub downsample_period: f64,
    /// Length of the kernel, in ms.
    pub duration: f64,
    /// Factor of the signal.
    pub k_1: f64,
    /// Resting blood volume fraction.
    pub v_0: f64,
    /// At which times the kernel is sampled.
    pub grid: KernelGrid,
    /// Which part of the convolution is kept.
    pub mode: ConvolutionMode,
    /// How a run that is there as a whole is convolved; one that comes in chunks is always summed directly.
    pub method: ConvolutionMethod,
    /// Averaged activity before the run, shape (tap, region), the oldest first; none stands for 0.
    pub history: Option<Array2<f64>>,
}

impl Default for HrfBoldSettings {
    fn default() -> Self {
        Self {
            period: 2000.0,
            downsample_period: 4.0,
            duration: 20_000.0,
            k_1: 5.6,
            v_0: 0.02,
            grid: KernelGrid::default(),
            mode: ConvolutionMode::default(),
            method: ConvolutionMethod::default(),
            history: None,
        }
    }
}

/// BOLD by convolution: `k_1 V_0 (h * x - 1)`, with `x` the activity averaged over `downsample_period`, sampled every
/// `period` (The Virtual Brain).
///
/// The sum over taps is not multiplied by their spacing, as there. A run is held in as many averaged rows as the kernel
/// has taps, however long it is. Chunks and whole runs give the same bits where the method is
/// [`ConvolutionMethod::Direct`].
///
/// ```
/// use brainmass::observation::{FirstOrderVolterra, HrfBold, HrfBoldSettings, Monitor};
/// use ndarray::Array2;
///
/// let settings = HrfBoldSettings { period: 720.0, ..Default::default() };
/// let mut bold = HrfBold::new(&FirstOrderVolterra::default(), settings, 1.0)?;
/// let run = Array2::from_elem((10_000, 3), 0.2);
/// assert_eq!(bold.observe(run.view())?.dim(), (13, 3));
/// # Ok::<(), brainmass::observation::ObservationError>(())
/// ```
#[derive(Debug, Clone)]
pub struct HrfBold {
    settings: HrfBoldSettings,
    kernel: Vec<f64>,
    /// Averaged rows from one BOLD sample to the next.
    stride: usize,
    intake: Intake,
    average: TemporalAverage,
    recent: Recent,
    /// Rows of BOLD given so far.
    rows: usize,
}

impl HrfBold {
    /// Observes a run with steps of `dt` ms through `kernel`.
    ///
    /// # Errors
    /// Periods that are not whole multiples, `period` of `downsample_period` and that of `dt`; a kernel parameter
    /// outside its range; a kernel of fewer than two taps; a history of another length than the kernel.
    pub fn new(kernel: &dyn HrfKernel, settings: HrfBoldSettings, dt: f64) -> Result<Self, ObservationError> {
        let HrfBoldSettings { period, downsample_period, duration, .. } = settings;
        let averaged = SamplingPeriod::named("the downsampling period", downsample_period, dt)?;
        let stride = SamplingPeriod::named("the repetition time", period, downsample_period)?.steps();
        check_positive("the duration of the kernel (ms)", duration)?;
        check_finite("k_1", [&settings.k_1])?;
        check_finite("V_0", [&settings.v_0])?;

        let taps = steps::count(duration, downsample_period).map_or(usize::MAX, Steps::covering);
        if taps < 2 {
            let (name, expected) = ("the duration of the kernel (ms)", "more than one downsampling period");
            return Err(ObservationError::Setting { name, value: duration, expected });
        }
        let spacing = match settings.grid {
            KernelGrid::Periodic => downsample_period,
            KernelGrid::EndpointIncluded => duration / (taps - 1) as f64,
        };
        let times = (0..taps).map(|k| k as f64 * spacing).collect::<Vec<_>>();
        let kernel = kernel.sample(&times)?;
        if let Some(history) = &settings.history {
            if history.nrows() != taps {
                return Err(ObservationError::Shape {
                    what: "the history (tap, region)",
                    expected: vec![taps, history.ncols()],
                    given: history.shape().to_vec(),
                });
            }
            check_finite("the history", history)?;
        }
        Ok(Self {
            kernel,
            stride,
            intake: Intake::new(SamplingPeriod::named("the repetition time", period, dt)?),
            average: TemporalAverage::every(averaged),
            recent: Recent::default(),
            rows: 0,
            settings,
        })
    }

    /// The kernel at its taps, from the event on.
    pub fn kernel(&self) -> &[f64] {
        &self.kernel
    }

    /// The averaged activity before the run.
    fn history(&self, regions: usize) -> Result<Array2<f64>, ObservationError> {
        match &self.settings.history {
            None => Ok(Array2::zeros((self.kernel.len(), regions))),
            Some(history) if history.ncols() == regions => Ok(history.clone()),
            Some(history) => Err(ObservationError::RegionCount {
                what: "the run",
                expected: history.ncols(),
                given: regions,
            }),
        }
    }

    /// Steps of the run in an averaged row.
    fn average_steps(&self) -> usize {
        self.intake.period().steps() / self.stride
    }

    fn signal(&self, convolved: f64) -> f64 {
        self.settings.k_1 * self.settings.v_0 * (convolved - 1.0)
    }

    /// The index in the full convolution of the next row of BOLD.
    fn due(&self) -> usize {
        self.settings.mode.start(self.kernel.len()) + (self.rows + 1) * self.stride
    }

    /// Takes one averaged row and gives the row of BOLD it completes, if any.
    fn convolve(&mut self, row: impl Iterator<Item = f64>, out: &mut Vec<f64>) {
        self.recent.push(row);
        if self.recent.taken == self.due() + 1 {
            self.rows += 1;
            let convolved = self.recent.weighted_sum(&self.kernel);
            out.extend(convolved.into_iter().map(|value| self.signal(value)));
        }
    }

    /// Takes in the history, unless the run is under way already.
    fn start(&mut self, regions: usize, out: &mut Vec<f64>) -> Result<(), ObservationError> {
        if self.recent.taken == 0 {
            let history = self.history(regions)?;
            self.recent = Recent::new(self.kernel.len(), regions);
            for row in history.outer_iter() {
                self.convolve(row.iter().copied(), out);
            }
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.recent = Recent::default();
        self.rows = 0;
    }
}

impl Monitor for HrfBold {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let regions = samples.ncols();
        if self.recent.taken == 0 {
            self.history(regions)?;
        }
        self.intake.accept(samples)?;
        let mut out = Vec::new();
        self.start(regions, &mut out)?;
        let averaged = self.average.push(samples)?;
        for row in averaged.outer_iter() {
            self.convolve(row.iter().copied(), &mut out);
        }
        Ok(self.intake.give(rows_of(out, regions)))
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        let regions = self.intake.regions().unwrap_or(0);
        let mut out = Vec::new();
        if self.recent.taken > 0 {
            let end = self.settings.mode.end(self.kernel.len(), self.recent.taken);
            while self.recent.taken < end {
                self.convolve(std::iter::repeat_n(0.0, regions), &mut out);
            }
        }
        let rows = self.intake.give(rows_of(out, regions));
        self.reset();
        // The average may not have completed a window; whether BOLD was given is what counts.
        let _ = self.average.finish();
        self.intake.finish()?;
        Ok(rows)
    }

    fn period(&self) -> f64 {
        self.settings.period
    }

    fn dt(&self) -> f64 {
        self.average.dt()
    }

    fn unit(&self, _: &str) -> String {
        "1".to_owned()
    }

    fn observe(&mut self, run: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let taps = self.kernel.len();
        let samples = taps + run.nrows() / self.average_steps();
        let first = self.settings.mode.start(taps);
        let end = self.settings.mode.end(taps, samples);
        let indices = (first..end).step_by(self.stride).skip(1).collect::<Vec<_>>();
        if indices.is_empty() || !self.settings.method.is_fft(taps, samples, indices.len()) {
            let rows = self.push(run)?;
            let rest = self.finish()?;
            return Ok(concatenate![Axis(0), rows, rest]);
        }
        let averaged = self.average.observe(run)?;
        let whole = concatenate![Axis(0), self.history(run.ncols())?, averaged];
        let convolved = fft_convolution(whole.view(), &self.kernel, &indices);
        Ok(convolved.mapv(|value| self.signal(value)))
    }

    fn as_linear(&self) -> Option<&dyn LinearMonitor> {
        Some(self)
    }
}

impl LinearMonitor for HrfBold {
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let (taps, averaged) = (self.kernel.len(), run.0 / self.average_steps());
        let (first, end) = (self.settings.mode.start(taps), self.settings.mode.end(taps, taps + averaged));
        let indices = (first..end).step_by(self.stride).skip(1);
        check_adjoint(adjoint, indices.len(), run.1)?;
        let mut to_averaged = Array2::zeros((averaged, run.1));
        for (index, adjoint) in indices.zip(adjoint.outer_iter()) {
            for (tap, weight) in self.kernel.iter().enumerate() {
                // Before the averaged rows of the run is the history, after them nothing.
                let row = index.checked_sub(tap + taps).filter(|row| *row < averaged);
                if let Some(row) = row {
                    to_averaged
                        .row_mut(row)
                        .scaled_add(self.settings.k_1 * self.settings.v_0 * weight, &adjoint);
                }
            }
        }
        self.average.pullback(run, to_averaged.view())
    }
}

/// A flat list of rows as an array; exact by construction.
fn rows_of(values: Vec<f64>, regions: usize) -> Array2<f64> {
    let rows = values.len().checked_div(regions).unwrap_or(0);
    Array2::from_shape_vec((rows, regions), values).expect("whole rows were written")
}

/// The last rows of a signal, as many as a kernel has taps.
#[derive(Debug, Clone, Default)]
struct Recent {
    /// (tap, region), overwritten in turn.
    rows: Array2<f64>,
    /// How many rows have come since the start.
    taken: usize,
}

impl Recent {
    fn new(taps: usize, regions: usize) -> Self {
        Self { rows: Array2::zeros((taps, regions)), taken: 0 }
    }

    fn push(&mut self, row: impl Iterator<Item = f64>) {
        let slot = self.taken % self.rows.nrows();
        self.rows.row_mut(slot).iter_mut().zip(row).for_each(|(slot, value)| *slot = value);
        self.taken += 1;
    }

    /// The sum over the rows, each times its tap, the newest row with the first.
    fn weighted_sum(&self, kernel: &[f64]) -> Vec<f64> {
        let taps = kernel.len();
        let mut sum = vec![0.0; self.rows.ncols()];
        for (age, weight) in kernel.iter().enumerate().take(self.taken) {
            let row = self.rows.row((self.taken - 1 - age) % taps);
            sum.iter_mut().zip(row).for_each(|(sum, &value)| *sum += weight * value);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::linear::testing::assert_is_transpose;
    use crate::observation::monitor::testing::assert_chunks_do_not_matter;
    use crate::observation::{FirstOrderVolterra, Gamma};
    use brainmass_data::analysis::testing::signal;

    fn settings(mode: ConvolutionMode, method: ConvolutionMethod) -> HrfBoldSettings {
        let history = Some(signal(20, 3));
        HrfBoldSettings {
            period: 1.5,
            downsample_period: 0.5,
            duration: 10.0,
            mode,
            method,
            history,
            ..Default::default()
        }
    }

    const MODES: [ConvolutionMode; 3] =
        [ConvolutionMode::Valid, ConvolutionMode::Same, ConvolutionMode::Full];

    #[test]
    fn chunks_do_not_matter() {
        for mode in MODES {
            let settings = settings(mode, ConvolutionMethod::Direct);
            let mut bold = HrfBold::new(&Gamma { tau: 2.0, ..Default::default() }, settings, 0.1).unwrap();
            assert_chunks_do_not_matter(&mut bold);
        }
    }

    #[test]
    fn the_pullback_is_the_transpose() {
        for mode in MODES {
            let settings = settings(mode, ConvolutionMethod::Direct);
            let kernel = Gamma { tau: 2.0, ..Default::default() };
            assert_is_transpose(&mut HrfBold::new(&kernel, settings, 0.1).unwrap());
        }
    }

    #[test]
    fn fft_equals_direct_sum_in_every_mode() {
        let run = signal(700, 3);
        for mode in MODES {
            let observe = |method| {
                let kernel = Gamma { tau: 2.0, ..Default::default() };
                HrfBold::new(&kernel, settings(mode, method), 0.1).unwrap().observe(run.view()).unwrap()
            };
            let (direct, fft) = (observe(ConvolutionMethod::Direct), observe(ConvolutionMethod::Fft));
            assert_eq!(direct.dim(), fft.dim());
            assert!((direct - fft).iter().all(|d| d.abs() < 1e-14), "{mode:?}");
        }
    }

    #[test]
    fn constant_activity_settles_where_the_kernel_sums_to() {
        let settings = HrfBoldSettings { period: 1000.0, ..Default::default() };
        let mut bold = HrfBold::new(&FirstOrderVolterra::default(), settings, 1.0).unwrap();
        let sum = bold.kernel().iter().sum::<f64>();
        let rows = bold.observe(Array2::from_elem((25_000, 1), 0.3).view()).unwrap();
        assert_eq!(rows.nrows(), 25);
        assert!((rows[[24, 0]] - 0.02 * 5.6 * (0.3 * sum - 1.0)).abs() < 1e-12);
        // One averaged row every 4 ms: the sum is the integral, tau_f/3 in s, over 0.004 s.
        assert!((sum * 0.004 / (0.4 / 3.0) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn the_grid_with_its_end_stretches_the_kernel() {
        let kernel = |grid| {
            let settings =
                HrfBoldSettings { grid, duration: 2000.0, downsample_period: 100.0, ..Default::default() };
            HrfBold::new(&FirstOrderVolterra::default(), settings, 1.0).unwrap().kernel().to_vec()
        };
        let at = |t: f64| FirstOrderVolterra::default().sample(&[t]).unwrap()[0];
        let (periodic, stretched) = (kernel(KernelGrid::Periodic), kernel(KernelGrid::EndpointIncluded));
        assert_eq!((periodic.len(), stretched.len()), (20, 20));
        assert_eq!(periodic[19], at(1900.0));
        assert!((stretched[19] - at(2000.0)).abs() < 1e-15);
    }

    #[test]
    fn periods_that_do_not_fit_and_short_runs_are_errors() {
        let new = |settings| HrfBold::new(&FirstOrderVolterra::default(), settings, 0.5);
        let error = new(HrfBoldSettings { period: 722.0, ..Default::default() }).unwrap_err();
        assert_eq!(error.to_string(), "the repetition time of 722 ms is not a whole number of steps of 4 ms");
        assert!(new(HrfBoldSettings { downsample_period: 0.7, ..Default::default() }).is_err());
        let history = Some(Array2::zeros((3, 2)));
        assert!(new(HrfBoldSettings { history, ..Default::default() }).is_err());

        let mut bold = new(HrfBoldSettings::default()).unwrap();
        let error = bold.observe(Array2::zeros((3999, 2)).view()).unwrap_err();
        assert_eq!(error, ObservationError::ShorterThanPeriod { run: 1999.5, period: 2000.0 });
        assert_eq!(bold.observe(Array2::zeros((4000, 3)).view()).unwrap().dim(), (1, 3));
    }
}
