//! Instruments that watch a run while it goes on.

use std::fmt;
use std::sync::Arc;

use crate::observation::{Monitor, ObservationError};
use crate::run::Column;
use crate::runtime::edges::Edges;
use crate::runtime::error::RunError;
use crate::runtime::names::Names;
use crate::runtime::nodes::Nodes;
use crate::runtime::record::{Record, Sample, What};
use ndarray::{Array1, Array2, ArrayView2, s};

/// Samples that wait for their monitor at most.
const CHUNK: usize = 256;

/// What is to be observed.
#[derive(Clone)]
pub(crate) struct Observation {
    /// What the rows are called.
    pub name: String,
    /// What the monitor watches.
    signal: String,
    start: Arc<dyn Fn() -> Box<dyn Monitor> + Send + Sync>,
}

impl fmt::Debug for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.name, self.signal)
    }
}

impl Observation {
    pub fn new(name: String, signal: String, monitor: impl Monitor + Clone + Sync + 'static) -> Self {
        Self { name, signal, start: Arc::new(move || Box::new(monitor.clone())) }
    }

    /// Describes the signal that is watched, and the instrument with all its settings.
    pub(crate) fn describe(&self) -> String {
        format!("{} by {:#?}", self.signal, (self.start)())
    }

    /// At the start of a run of so many members with steps of `dt` ms.
    pub(crate) fn start(
        &self,
        dt: f64,
        members: usize,
        names: &Names,
        groups: &[Nodes],
        couplings: &Edges,
    ) -> Result<Watch, RunError> {
        let record = Record::new(&self.name, &What::Name(self.signal.clone()), names, groups, couplings)?;
        let monitors: Vec<Box<dyn Monitor>> = (0..members).map(|_| (self.start)()).collect();
        let (given, period) = (monitors[0].dt(), monitors[0].period());
        if (given - dt).abs() > 1e-9 * dt {
            let what = "the monitor";
            return Err(fault(&self.name, ObservationError::Steps { what, expected: dt, given }));
        }
        let unit = monitors[0].unit(&record.unit);
        Ok(Watch {
            record,
            monitors,
            unit,
            period,
            given: 0,
            kept: Vec::new(),
            rows: Vec::new(),
            channels: 0,
            total: 0,
            left_out: 0,
            shown: None,
            columns: 0,
        })
    }
}

/// Monitors at work, one a member of a batch.
pub(crate) struct Watch {
    pub record: Record,
    monitors: Vec<Box<dyn Monitor>>,
    unit: String,
    period: f64,
    /// Rows that the monitors gave so far.
    given: usize,
    /// Times of the rows that are kept, ms.
    kept: Vec<f64>,
    /// Rows that are kept: channels, and for each the members side by side.
    rows: Vec<f64>,
    channels: usize,
    /// Rows that have been kept in the whole run.
    total: usize,
    /// Rows that came before the run was recorded.
    left_out: usize,
    /// All samples that the monitors have been shown, where these are wanted, and the numbers of each.
    shown: Option<Vec<f64>>,
    columns: usize,
}

impl Watch {
    /// Takes what stands after a step.
    pub(crate) fn take(&mut self, sample: &Sample, recording: bool) -> Result<(), RunError> {
        self.record.take(sample, false)?;
        if self.record.rows() == CHUNK { self.flush(recording) } else { Ok(()) }
    }

    /// Shows the monitors what has been taken. Rows that they give are kept if the run is being recorded.
    pub(crate) fn flush(&mut self, recording: bool) -> Result<(), RunError> {
        if self.record.rows() == 0 {
            return Ok(());
        }
        let samples = self.record.drain();
        let members = self.monitors.len();
        let mut rows = Vec::with_capacity(members);
        for (member, monitor) in self.monitors.iter_mut().enumerate() {
            let seen = monitor.push(samples.slice(s![.., member..; members]));
            rows.push(seen.map_err(|error| fault(&self.record.name, error))?);
        }
        let period = self.period;
        let given = self.given;
        self.given += rows[0].nrows();
        if recording {
            self.keep(&rows, |row| (given + row + 1) as f64 * period);
        } else {
            self.left_out += rows[0].nrows();
        }
        if let Some(shown) = &mut self.shown {
            shown.extend(&samples);
            self.columns = samples.ncols();
        }
        Ok(())
    }

    /// Keeps what the monitor of a run alone is shown, for [`Watch::take_back`].
    pub(crate) fn keep_samples(&mut self) {
        self.shown = Some(Vec::new());
    }

    /// From derivatives by the rows that were kept, after the run has ended, to those by all samples, (step, node).
    pub(crate) fn take_back(&mut self, adjoint: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let shown = self.shown.as_deref().unwrap_or_default();
        let shape = (shown.len() / self.columns.max(1), self.columns);
        let samples = ArrayView2::from_shape(shape, shown)
            .map_err(|error| ObservationError::Analysis(error.to_string()))?;
        // The run did not depend on rows that were not kept.
        let mut all = Array2::zeros((self.left_out + adjoint.nrows(), adjoint.ncols()));
        all.slice_mut(s![self.left_out.., ..]).assign(&adjoint);
        self.monitors[0].take_back(samples, all.view())
    }

    /// Ends the run at `time`.
    pub(crate) fn end(&mut self, time: f64) -> Result<(), RunError> {
        let name = &self.record.name;
        let ends = self.monitors.iter_mut().map(|monitor| monitor.finish());
        let rows: Vec<Array2<f64>> = ends.collect::<Result<_, _>>().map_err(|error| fault(name, error))?;
        let (period, given) = (self.period, self.given);
        self.given = 0;
        let time_of = |row: usize| if period.is_finite() { (given + row + 1) as f64 * period } else { time };
        self.keep(&rows, time_of);
        match std::mem::take(&mut self.total) {
            0 => Err(RunError::NothingObserved { name: self.record.name.clone(), period }),
            _ => Ok(()),
        }
    }

    fn keep(&mut self, rows: &[Array2<f64>], time_of: impl Fn(usize) -> f64) {
        self.channels = rows[0].ncols();
        self.total += rows[0].nrows();
        for row in 0..rows[0].nrows() {
            self.kept.push(time_of(row));
            for channel in 0..self.channels {
                self.rows.extend(rows.iter().map(|rows| rows[[row, channel]]));
            }
        }
    }

    /// The rows that have been kept, which are taken out.
    pub(crate) fn drain(&mut self) -> Column {
        let ts = Array1::from(std::mem::take(&mut self.kept));
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
