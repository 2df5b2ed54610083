//! Instruments that observe a run while it goes on.

use std::fmt;

use crate::described::Described;
use crate::fingerprint::shortened;
use crate::observation::{Monitor, ObservationError};
use crate::run::Column;
use crate::runtime::edges::Edges;
use crate::runtime::error::RunError;
use crate::runtime::names::Names;
use crate::runtime::nodes::Nodes;
use crate::runtime::record::{Record, RecordSpec, Sample};
use crate::words::Words;
use brainmass_core::real::Simd;
use brainmass_data::steps::{self, Steps};
use ndarray::{Array1, Array2, ArrayView2, s};

/// The largest number of samples that wait for their monitor.
const MOST_WAITING: usize = 256;

/// The numbers that wait for their monitors fill 256 kB at most, so that each of the monitors of a batch finds them in the second cache.
const NUMBERS_WAITING: usize = 1 << 15;

/// The specification of an instrument: what it observes, and the monitor that it begins every run with.
#[derive(Clone)]
pub(crate) struct InstrumentSpec {
    /// The name of the rows that it gives.
    pub name: String,
    /// The name of the signal that it observes.
    signal: String,
    new_monitor: Described<NewMonitor>,
}

/// A function that creates the monitor of a run.
type NewMonitor = Box<dyn Fn() -> Box<dyn Monitor> + Send + Sync>;

impl fmt::Debug for InstrumentSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.name, self.signal)
    }
}

impl InstrumentSpec {
    /// Specifies an instrument that begins every run with a clone of `monitor`.
    pub fn new(name: String, signal: String, monitor: impl Monitor + Clone + Sync + 'static) -> Self {
        let new_monitor: NewMonitor = Box::new(move || Box::new(monitor.clone()));
        Self { name, signal, new_monitor: new_monitor.into() }
    }

    /// Describes the signal that is observed, and the monitor with all its settings, as a part of a fingerprint.
    pub(crate) fn describe(&self) -> &str {
        self.new_monitor
            .description(|new_monitor| shortened(format!("{} by {:#?}", self.signal, new_monitor())))
    }

    /// Starts the instrument of `runs` runs side by side, whose steps are `dt` ms long. Its monitors compute with the instruction set of the
    /// run, so that the bits of a portable run are portable.
    ///
    /// # Errors
    ///
    /// Nothing has the name of the signal, or the monitor expects another time step.
    pub(crate) fn start(
        &self,
        (dt, runs, simd): (f64, usize, Simd),
        names: &Names,
        nodes: &[Nodes],
        edges: &Edges,
    ) -> Result<Instrument, RunError> {
        let record = Record::new(&self.name, &RecordSpec::Name(self.signal.clone()), names, nodes, edges)?;
        let mut monitors: Vec<Box<dyn Monitor>> = (0..runs).map(|_| (self.new_monitor)()).collect();
        monitors.iter_mut().for_each(|monitor| monitor.compute_with(simd));
        let (given, period) = (monitors[0].dt(), monitors[0].period());
        if steps::count(given, dt).and_then(Steps::whole) != Some(1) {
            let what = "the monitor";
            return Err(fault(&self.name, ObservationError::Steps { what, expected: dt, given }));
        }
        let unit = monitors[0].unit(&record.unit);
        Ok(Instrument {
            most_waiting: (NUMBERS_WAITING / record.width().max(1)).clamp(1, MOST_WAITING),
            record,
            monitors,
            unit,
            period,
            given: 0,
            times: Vec::new(),
            rows: Vec::new(),
            channels: 0,
            total: 0,
            left_out: 0,
            shown: None,
            columns: 0,
        })
    }
}

/// An instrument at work: monitors of the runs of a batch, or of a run alone, and the rows that they gave.
pub(crate) struct Instrument {
    /// The samples that wait for the monitors.
    pub record: Record,
    /// The number of samples that wait for the monitors at most.
    most_waiting: usize,
    /// A monitor for each run.
    monitors: Vec<Box<dyn Monitor>>,
    unit: String,
    /// The time from row to row, ms; infinite where there is one row for the whole run.
    period: f64,
    /// The number of rows that each monitor has given so far.
    given: usize,
    /// The times of the rows that are kept, ms.
    times: Vec<f64>,
    /// The rows that are kept. A row holds the channels, and for each channel the runs side by side.
    rows: Vec<f64>,
    channels: usize,
    /// The number of rows that have been kept in the whole run.
    total: usize,
    /// The number of rows that came before the run was recorded.
    left_out: usize,
    /// All samples that the monitors have been shown, where they are wanted.
    shown: Option<Vec<f64>>,
    /// The number of values of a sample.
    columns: usize,
}

impl Instrument {
    /// The number of values that it keeps of a run of `duration` ms, as far as can be known before: a row for each period, as wide as the signal
    /// that it observes.
    pub(crate) fn expected_numbers(&self, duration: f64) -> usize {
        let rows = if self.period.is_finite() { duration / self.period } else { 1.0 };
        // A conversion from a number that is too large gives the largest integer.
        (rows as usize).saturating_mul(self.record.width())
    }

    /// Takes a sample of the state after a step.
    pub(crate) fn take(&mut self, sample: &Sample, recording: bool) -> Result<(), RunError> {
        self.record.take(sample, false)?;
        if self.record.rows() >= self.most_waiting { self.flush(recording) } else { Ok(()) }
    }

    /// Shows the monitors the samples that wait for them. Rows that they give are kept where the run is being recorded.
    pub(crate) fn flush(&mut self, recording: bool) -> Result<(), RunError> {
        if self.record.rows() == 0 {
            return Ok(());
        }
        let samples = self.record.gathered();
        let runs = self.monitors.len();
        let seen = self.monitors.iter_mut().enumerate();
        let seen = seen.map(|(run, monitor)| monitor.push(samples.slice(s![.., run..; runs])));
        let rows: Result<Vec<_>, _> = seen.collect();
        if let Some(shown) = &mut self.shown {
            shown.extend(&samples);
            self.columns = samples.ncols();
        }
        self.record.clear();
        let rows = rows.map_err(|error| fault(&self.record.name, error))?;
        let period = self.period;
        let given = self.given;
        self.given += rows[0].nrows();
        if recording {
            self.keep(&rows, |row| (given + row + 1) as f64 * period);
        } else {
            self.left_out += rows[0].nrows();
        }
        Ok(())
    }

    /// Adds everything that changes from sample to sample to words, the rows that were taken out left aside. Returns `None` for a monitor that cannot
    /// be copied.
    pub(crate) fn write(&self, words: &mut Vec<u64>) -> Option<()> {
        words.extend([self.given, self.channels, self.total, self.left_out].map(|count| count as u64));
        for monitor in &self.monitors {
            let saved = monitor.save()?;
            words.push(saved.len() as u64);
            words.extend(saved);
        }
        Some(())
    }

    /// Goes back to what was added to words; `None` where that is not what they are.
    pub(crate) fn read(&mut self, words: &mut Words) -> Option<()> {
        for count in [&mut self.given, &mut self.channels, &mut self.total, &mut self.left_out] {
            *count = words.whole()?;
        }
        for monitor in &mut self.monitors {
            let length = words.whole()?;
            let (saved, rest) = words.0.split_at_checked(length)?;
            words.0 = rest;
            monitor.restore(saved).then_some(())?;
        }
        Some(())
    }

    /// Begins to keep the samples that the monitor of a run alone is shown, for [`Instrument::vjp`].
    pub(crate) fn keep_samples(&mut self) {
        self.shown = Some(Vec::new());
    }

    /// Vector-Jacobian product of the whole observation, after the run has ended: given the adjoints of the rows that were kept, returns those of
    /// all samples, shape (step, node).
    ///
    /// # Errors
    ///
    /// The monitor has no derivative.
    pub(crate) fn vjp(&mut self, adjoint: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let shown = self.shown.as_deref().unwrap_or_default();
        let shape = (shown.len() / self.columns.max(1), self.columns);
        let samples = ArrayView2::from_shape(shape, shown)
            .map_err(|error| ObservationError::Analysis(error.to_string()))?;
        // The loss does not depend on rows that were not kept.
        let mut all = Array2::zeros((self.left_out + adjoint.nrows(), adjoint.ncols()));
        all.slice_mut(s![self.left_out.., ..]).assign(&adjoint);
        self.monitors[0].vjp(samples, all.view())
    }

    /// Ends the run at `time` ms: keeps the rows that monitors can give only now.
    ///
    /// # Errors
    ///
    /// A monitor fails, or nothing was kept in the whole run.
    pub(crate) fn end(&mut self, time: f64) -> Result<(), RunError> {
        let name = &self.record.name;
        let ends = self.monitors.iter_mut().map(|monitor| monitor.finish());
        let rows: Vec<Array2<f64>> = ends.collect::<Result<_, _>>().map_err(|error| fault(name, error))?;
        let (period, given) = (self.period, self.given);
        self.given = 0;
        let time_of_row =
            |row: usize| if period.is_finite() { (given + row + 1) as f64 * period } else { time };
        self.keep(&rows, time_of_row);
        match std::mem::take(&mut self.total) {
            0 => Err(RunError::NothingObserved { name: self.record.name.clone(), period }),
            _ => Ok(()),
        }
    }

    /// Keeps rows that the monitors of the runs gave together.
    fn keep(&mut self, rows: &[Array2<f64>], time_of_row: impl Fn(usize) -> f64) {
        self.channels = rows[0].ncols();
        self.total += rows[0].nrows();
        for row in 0..rows[0].nrows() {
            self.times.push(time_of_row(row));
            for channel in 0..self.channels {
                self.rows.extend(rows.iter().map(|rows| rows[[row, channel]]));
            }
        }
    }

    /// Takes the rows out that have been kept.
    pub(crate) fn drain(&mut self) -> Column {
        let ts = Array1::from(std::mem::take(&mut self.times));
        let shape = (ts.len(), self.channels * self.monitors.len());
        let values = Array2::from_shape_vec(shape, std::mem::take(&mut self.rows));
        Column {
            name: self.record.name.clone(),
            unit: self.unit.clone(),
            ts,
            values: values.unwrap_or_else(|_| Array2::zeros((0, 0))),
        }
    }
}

fn fault(name: &str, error: ObservationError) -> RunError {
    RunError::Observation { name: name.to_owned(), error: Box::new(error) }
}
