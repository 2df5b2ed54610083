//! An instrument that watches a run.

use std::fmt;
use std::sync::Arc;

use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::Node;

use super::basics::whole;
use super::context::Context;
use super::limits::Needed;
use super::times::Timing;
use brainmass_sim::observation::{FunctionalConnectivity, Monitor, ObservationError};
use brainmass_sim::simulator::Simulator;
use brainmass_zoo::observation::BalloonWindkessel;

/// An instrument that watches a signal.
#[derive(Clone)]
pub struct Observed {
    /// The name of its rows.
    pub name: String,
    /// The signal that it watches.
    pub signal: String,
    /// The time from row to row, ms; infinite where everything comes at the end of the run.
    pub period: f64,
    /// The numbers of a row.
    pub channels: usize,
    /// The unit of the numbers.
    pub unit: String,
    /// Whether it keeps correlations alone.
    pub correlates: bool,
    /// The vessels through which the signal is seen, and whether their signal is the linear one, where the instrument is one of BOLD by the Balloon model.
    pub vessels: Option<(BalloonWindkessel, bool)>,
    attach: Arc<dyn Fn(Simulator) -> Simulator + Send + Sync>,
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.name, self.signal)
    }
}

impl Observed {
    /// Lets the instrument watch a simulation.
    pub fn attach(&self, simulator: Simulator) -> Simulator {
        (self.attach)(simulator)
    }

    /// Returns how many rows a run gives: those that end after the transient.
    pub fn rows(&self, timing: &Timing) -> usize {
        if self.correlates {
            return self.channels;
        }
        // Numbers beyond the steps of a run are as good as infinite.
        let period = (self.period / timing.dt).round() as usize;
        timing.steps() / period.max(1) - timing.transient_steps() / period.max(1)
    }
}

/// The signal that an instrument is made for, and the section that describes it.
pub struct Site<'a> {
    /// The name of its rows.
    pub name: &'a str,
    /// The signal that it watches.
    pub signal: &'a str,
    pub timing: &'a Timing,
    /// Whether its rows are to be correlated.
    pub correlates: bool,
    /// The section of the instrument.
    pub node: &'a Node,
    /// The nodes that the signal has.
    pub nodes: usize,
    /// The unit of the signal.
    pub unit: &'a str,
    pub context: &'a Context<'a>,
}

impl Site<'_> {
    /// Lets a monitor with as many channels watch the signal, and another one correlate what it gives where that is wanted.
    pub fn watching<M: Monitor + Clone + Sync + 'static>(
        &self,
        monitor: Result<M, ObservationError>,
        channels: usize,
        problems: &mut Problems,
    ) -> Option<Observed> {
        let observed = monitor.and_then(|monitor| {
            let period = monitor.period();
            if !self.correlates || period.is_infinite() {
                return Ok(self.observed(period, period.is_infinite(), channels, monitor));
            }
            let fc = FunctionalConnectivity::new(period)?.after(self.timing.transient)?;
            Ok(self.observed(period, true, channels, monitor.then(fc)?))
        });
        self.told(observed, problems)
    }

    fn observed(
        &self,
        period: f64,
        correlates: bool,
        channels: usize,
        monitor: impl Monitor + Clone + Sync + 'static,
    ) -> Observed {
        let (name, signal) = (self.name.to_owned(), self.signal.to_owned());
        let unit = monitor.unit(self.unit);
        let attach =
            move |simulator: Simulator| simulator.observe(name.clone(), signal.clone(), monitor.clone());
        Observed {
            name: self.name.to_owned(),
            signal: self.signal.to_owned(),
            period,
            channels,
            unit,
            correlates,
            vessels: None,
            attach: Arc::new(attach),
        }
    }

    /// Returns a value, or reports its error at the instrument.
    pub fn told<T>(&self, outcome: Result<T, ObservationError>, problems: &mut Problems) -> Option<T> {
        outcome.map_err(|error| problems.push(Problem::new(&self.node.span, error.to_string()))).ok()
    }

    /// Reports an instrument that would hold too much.
    pub fn holds(&self, rows: f64, problems: &mut Problems) -> bool {
        let mut needed = Needed::default();
        needed.add_records(whole(rows), self.nodes as u64);
        let Some((message, _)) = needed.exceeds(self.context.limits.get()) else { return true };
        problems.push(Problem::new(&self.node.span, format!("in the instrument {message}")));
        false
    }
}
