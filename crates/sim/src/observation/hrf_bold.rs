//! BOLD by convolution of activity with a hemodynamic response.

use brainmass_data::steps::{self, Steps};
use ndarray::{Array2, ArrayView2, Axis, concatenate};

use super::convolution::{ConvolutionMethod, ConvolutionMode, fft_convolution};
use super::error::{ObservationError, check_finite, check_positive};
use super::hrf::HrfKernel;
use super::intake::Intake;
use super::monitor::{LinearMonitor, Monitor, check_adjoint};
use super::period::SamplingPeriod;
use super::temporal_average::TemporalAverage;
use crate::words::{Words, put};

/// The times at which a kernel is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KernelGrid {
    /// The multiples of the period of the averaged activity, from 0: the times at which the convolution uses it (The
    /// Virtual Brain).
    #[default]
    Periodic,
    /// Times spaced evenly from 0 to the kernel's duration, both included, which stretches a kernel of `n` taps by `n/(n - 1)`: those of
    /// the Python package brainmass 0.1.1.
    EndpointIncluded,
}

/// The tap spacing for which The Virtual Brain scales its kernels, ms.
const TAP_SPACING: f64 = 4.0;

/// The scale and offset of the BOLD signal of a convolution `h * x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HrfConvention {
    /// The convention of The Virtual Brain: `k_1 V_0 (h * x - 1)` for [`FirstOrderVolterra`](super::FirstOrderVolterra), and `h * x` for other kernels. The sum over
    /// taps stands for one over taps 4 ms apart, whatever `downsample_period` is, so that the signal does not depend on it but for the error
    /// of the sum.
    #[default]
    TheVirtualBrain,
    /// The convention of the Python package brainmass 0.1.1: `k_1 V_0 (h * x - 1)` for every kernel, with a plain sum over taps, which is the larger the closer
    /// they are.
    PythonPackage,
}

/// The settings of [`HrfBold`].
#[derive(Debug, Clone, PartialEq)]
pub struct HrfBoldSettings {
    /// The time from one BOLD sample to the next (TR), in ms.
    pub period: f64,
    /// The time over which activity is averaged before the convolution, in ms.
    pub downsample_period: f64,
    /// The length of the kernel, in ms.
    pub duration: f64,
    /// The factor of the signal, where the convention has one.
    pub k_1: f64,
    /// The resting blood volume fraction, where the convention has one.
    pub v_0: f64,
    /// The scale and offset of the signal.
    pub convention: HrfConvention,
    /// The times at which the kernel is sampled.
    pub grid: KernelGrid,
    /// The part of the convolution that is kept.
    pub mode: ConvolutionMode,
    /// The way in which a run that is there as a whole is convolved; one that comes in chunks is always summed directly.
    pub method: ConvolutionMethod,
    /// The averaged activity before the run, shape (tap, region), the oldest first; none stands for 0.
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
            convention: HrfConvention::default(),
            grid: KernelGrid::default(),
            mode: ConvolutionMode::default(),
            method: ConvolutionMethod::default(),
            history: None,
        }
    }
}

/// BOLD by convolution of the activity, averaged over `downsample_period`, with a hemodynamic response, sampled every `period`.
///
/// The signal is that of the monitor `Bold` of The Virtual Brain (`tvb.simulator.monitors`): `k_1 V_0 (h * x - 1)` for
/// [`FirstOrderVolterra`](super::FirstOrderVolterra), and `h * x` for other kernels; see [`HrfConvention`] for others. (The monitor itself reads its
/// stock of averages one tap, 4 ms, late; here a tap multiplies the average of its own time.) A run is held in as many averaged rows as the kernel
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
    /// The response at each tap.
    kernel: Vec<f64>,
    scale: SignalScale,
    /// The number of averaged rows from one BOLD sample to the next.
    stride: usize,
    intake: Intake,
    average: TemporalAverage,
    recent: RecentRows,
    /// The number of rows of BOLD given so far.
    rows: usize,
}

impl HrfBold {
    /// Creates a monitor of a run with steps of `dt` ms through `kernel`.
    ///
    /// # Errors
    ///
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
        let scale = SignalScale::new(kernel, &settings);
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
            scale,
            stride,
            intake: Intake::new(SamplingPeriod::named("the repetition time", period, dt)?),
            average: TemporalAverage::every(averaged),
            recent: RecentRows::default(),
            rows: 0,
            settings,
        })
    }

    /// The kernel at its taps, from the event on.
    pub fn kernel(&self) -> &[f64] {
        &self.kernel
    }

    /// The averaged activity before the run, shape (tap, region).
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

    /// The number of steps of the run in an averaged row.
    fn average_steps(&self) -> usize {
        self.intake.period().steps() / self.stride
    }

    /// The index in the full convolution of the next row of BOLD.
    fn due(&self) -> usize {
        self.settings.mode.start(self.kernel.len()) + (self.rows + 1) * self.stride
    }

    /// Takes one averaged row, and adds the row of BOLD that it completes to `out`, if there is one.
    fn convolve(&mut self, row: impl Iterator<Item = f64>, out: &mut Vec<f64>) {
        self.recent.push(row);
        if self.recent.taken == self.due() + 1 {
            self.rows += 1;
            let convolved = self.recent.weighted_sum(&self.kernel);
            out.extend(convolved.into_iter().map(|value| self.scale.signal(value)));
        }
    }

    /// Takes in the history, unless the run is under way already.
    fn start(&mut self, regions: usize, out: &mut Vec<f64>) -> Result<(), ObservationError> {
        if self.recent.taken == 0 {
            let history = self.history(regions)?;
            self.recent = RecentRows::new(self.kernel.len(), regions);
            for row in history.outer_iter() {
                self.convolve(row.iter().copied(), out);
            }
        }
        Ok(())
    }

    /// Forgets the run.
    fn reset(&mut self) {
        self.recent = RecentRows::default();
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

    fn save(&self) -> Option<Vec<u64>> {
        let mut words = Vec::new();
        self.intake.save(&mut words);
        words.extend([self.rows as u64, self.recent.taken as u64, self.recent.rows.ncols() as u64]);
        put(&mut words, &self.recent.rows.iter().copied().collect::<Vec<f64>>());
        words.extend(self.average.save()?);
        Some(words)
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        let mut words = Words(saved);
        let mut read = || {
            self.intake.restore(&mut words)?;
            self.rows = words.whole()?;
            let (taken, regions) = (words.whole()?, words.whole()?);
            let numbers = words.numbers()?;
            let rows = numbers.len().checked_div(regions).unwrap_or(0);
            let rows = Array2::from_shape_vec((rows, regions), numbers).ok()?;
            self.recent = RecentRows { rows, taken };
            self.average.restore(words.0).then_some(())
        };
        read().is_some()
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
        Ok(convolved.mapv(|value| self.scale.signal(value)))
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
        let mut averaged_adjoint = Array2::zeros((averaged, run.1));
        for (index, adjoint) in indices.zip(adjoint.outer_iter()) {
            for (tap, weight) in self.kernel.iter().enumerate() {
                // The history lies before the averaged rows of the run, and nothing after them.
                let row = index.checked_sub(tap + taps).filter(|row| *row < averaged);
                if let Some(row) = row {
                    averaged_adjoint.row_mut(row).scaled_add(self.scale.slope() * weight, &adjoint);
                }
            }
        }
        self.average.pullback(run, averaged_adjoint.view())
    }
}

/// The scale of the signal: `factor (taps h * x - rest)`, with `h * x` the plain sum over taps.
#[derive(Debug, Clone, Copy)]
struct SignalScale {
    factor: f64,
    /// The number of taps of The Virtual Brain that a tap stands for.
    taps: f64,
    /// The convolution at which the signal is 0.
    rest: f64,
}

impl SignalScale {
    /// Chooses the scale of a kernel by the convention of the settings.
    fn new(kernel: &dyn HrfKernel, settings: &HrfBoldSettings) -> Self {
        let volume = settings.k_1 * settings.v_0;
        let taps = settings.downsample_period / TAP_SPACING;
        match settings.convention {
            HrfConvention::PythonPackage => Self { factor: volume, taps: 1.0, rest: 1.0 },
            HrfConvention::TheVirtualBrain if kernel.is_balloon_response() => {
                Self { factor: volume, taps, rest: 1.0 }
            }
            HrfConvention::TheVirtualBrain => Self { factor: 1.0, taps, rest: 0.0 },
        }
    }

    /// The signal of a sum over taps.
    fn signal(self, convolved: f64) -> f64 {
        self.factor * (self.taps * convolved - self.rest)
    }

    /// The derivative of the signal by the sum over taps.
    fn slope(self) -> f64 {
        self.factor * self.taps
    }
}

/// Returns a flat list of whole rows as an array, shape (row, region).
fn rows_of(values: Vec<f64>, regions: usize) -> Array2<f64> {
    let rows = values.len().checked_div(regions).unwrap_or(0);
    Array2::from_shape_vec((rows, regions), values).expect("whole rows were written")
}

/// The last rows of a signal, as many as a kernel has taps.
#[derive(Debug, Clone, Default)]
struct RecentRows {
    /// The rows, shape (tap, region), overwritten in turn.
    rows: Array2<f64>,
    /// The number of rows that have come since the start.
    taken: usize,
}

impl RecentRows {
    fn new(taps: usize, regions: usize) -> Self {
        Self { rows: Array2::zeros((taps, regions)), taken: 0 }
    }

    /// Takes in a row in the place of the oldest.
    fn push(&mut self, row: impl Iterator<Item = f64>) {
        let slot = self.taken % self.rows.nrows();
        self.rows.row_mut(slot).iter_mut().zip(row).for_each(|(slot, value)| *slot = value);
        self.taken += 1;
    }

    /// Computes the sum over the rows, each times its tap, the newest row with the first.
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
    use crate::observation::testing::{assert_chunks_do_not_matter, assert_is_transpose};
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

    /// The signal after 40 s of constant activity, with steps and taps `step` ms apart.
    fn settled(kernel: &dyn HrfKernel, settings: HrfBoldSettings, step: f64, activity: f64) -> f64 {
        let settings = HrfBoldSettings { period: 1000.0, downsample_period: step, ..settings };
        let mut bold = HrfBold::new(kernel, settings, step).unwrap();
        let run = Array2::from_elem(((40_000.0 / step) as usize, 1), activity);
        bold.observe(run.view()).unwrap()[[39, 0]]
    }

    #[test]
    fn constant_activity_settles_at_the_integral_of_the_kernel_whatever_the_step() {
        // The integral of the Volterra kernel is tau_f/3 (in s), and taps are 4 ms apart by convention.
        let expected = 5.6 * 0.02 * (0.4 / 3.0 / 0.004 - 1.0);
        for step in [1.0, 2.0, 4.0, 10.0, 20.0, 50.0] {
            let found = settled(&FirstOrderVolterra::default(), HrfBoldSettings::default(), step, 1.0);
            assert!((found / expected - 1.0).abs() < 2e-3, "{step}: {found}, {expected}");
            // The integral of a gamma function of order 3 is 2 tau, and its height at the peak is 4 exp(-2).
            let gamma = settled(&Gamma::default(), HrfBoldSettings::default(), step, 1.0);
            let expected = 0.1 / (4.0 * (-2.0_f64).exp()) * 2.0 * 1.08 / 0.004;
            assert!((gamma / expected - 1.0).abs() < 2e-3, "{step}: {gamma}, {expected}");
        }
    }

    #[test]
    fn rest_is_zero_but_for_the_balloon_model_and_the_python_package() {
        let package = HrfBoldSettings { convention: HrfConvention::PythonPackage, ..Default::default() };
        let (volterra, gamma) = (FirstOrderVolterra::default(), Gamma::default());
        let rest =
            |kernel: &dyn HrfKernel, settings: &HrfBoldSettings| settled(kernel, settings.clone(), 4.0, 0.0);
        assert_eq!(rest(&volterra, &HrfBoldSettings::default()), -5.6 * 0.02);
        assert_eq!(rest(&gamma, &HrfBoldSettings::default()), 0.0);
        assert_eq!(rest(&gamma, &package), -5.6 * 0.02);
        // At a tap spacing of 4 ms the two conventions agree for the balloon model.
        let active = |settings| settled(&volterra, settings, 4.0, 0.3);
        assert!((active(HrfBoldSettings::default()) - active(package)).abs() < 1e-14);
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
