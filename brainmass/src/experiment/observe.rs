//! `observe`: instruments that watch the run.

use std::fmt;
use std::sync::Arc;

use brainmass_spec::fields::{entries, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::values::time;
use brainmass_spec::yaml::{Key, Node};

use super::context::Context;
use super::instruments::{INSTRUMENTS, Instrument};
use super::keys::{INSTRUMENT, Keys};
use super::numbers::entry;
use super::record::{self, Signals};
use super::{Timing, whole};
use brainmass_sim::observation::{FunctionalConnectivity, Monitor, ObservationError};
use brainmass_sim::simulator::Simulator;

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
    /// Whether it keeps correlations alone.
    pub correlates: bool,
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

/// Reads the instruments of a file.
pub fn read(
    keys: &mut Keys,
    signals: Option<&Signals>,
    timing: Option<&Timing>,
    context: &Context,
    problems: &mut Problems,
) -> Vec<Observed> {
    let Some(node) = keys.take("observe", problems) else { return Vec::new() };
    let (Some(signals), Some(timing)) = (signals, timing) else { return Vec::new() };
    let listed = entries(node, "a mapping with an instrument for each name", problems);
    listed.iter().filter_map(|(key, node)| one(key, node, signals, timing, context, problems)).collect()
}

fn one(
    key: &Key,
    node: &Node,
    signals: &Signals,
    timing: &Timing,
    context: &Context,
    problems: &mut Problems,
) -> Option<Observed> {
    record::name(&Spanned::new(key.text.clone(), key.span.clone()), problems);
    let instrument = instrument(node, problems);
    let tables: &[&'static [super::keys::Key]] = match instrument {
        Some(instrument) => &[&INSTRUMENT, instrument.keys],
        None => &[&INSTRUMENT],
    };
    let mut keys = Keys::open(node, "the instrument", tables, problems);
    keys.take("instrument", problems);
    let signal = keys.text("signal", problems);
    let known = match &signal {
        Some(signal) => signals.known(signal, problems),
        None => {
            let message = "an instrument needs the `signal` that it watches, as in `signal: x`";
            problems.push(Problem::new(keys.span(), message));
            None
        }
    };
    let correlates = keys.truth("functional_connectivity", problems).unwrap_or(false);
    let every = keys.take("every", problems);
    let Some(instrument) = instrument else {
        // Without it nobody can tell which keys are wrong.
        return None;
    };
    let period = match (every, instrument.is_periodic) {
        (Some(node), true) => time(node, problems),
        (None, true) => {
            let problem = Problem::new(&node.span, "say how often it samples");
            problems.push(problem.help("write for example `every: 720 ms`"));
            None
        }
        (Some(node), false) => {
            let message = format!("`{}` gives its rows at the end of the run, not `every` so long", instrument.name);
            problems.push(Problem::new(&node.span, message));
            None
        }
        (None, false) => Some(timing.dt),
    };
    let (signal, (nodes, _), period) = (signal?, known?, period?);
    let site = Site {
        name: &key.text,
        signal: &signal.value,
        timing,
        correlates,
        node,
        nodes,
        context,
    };
    let found = (instrument.make)(&site, period, &mut keys, problems);
    keys.finish(problems);
    let found = found?;
    let rows = found.rows(timing);
    let steps = (found.period / timing.dt).round();
    if rows == 0 && found.period.is_finite() {
        let message = format!(
            "no row of `{}` would be complete: a period takes {} ms, and the run has {} ms, of which {} are the transient",
            key.text, found.period, timing.duration, timing.transient
        );
        problems.push(Problem::new(&node.span, message).help("run longer, or take a shorter `every`"));
        return None;
    }
    if found.correlates {
        let sampled = if steps.is_finite() { steps.max(1.0) as usize } else { 1 };
        let samples = timing.steps() / sampled - timing.transient_steps() / sampled;
        if samples < LEAST_SAMPLES {
            let message = format!(
                "`{}` would correlate {samples} of the {LEAST_SAMPLES} samples that it needs at least: one each {} ms, in {} ms after the transient",
                key.text,
                sampled as f64 * timing.dt,
                timing.duration - timing.transient
            );
            problems.push(Problem::new(&node.span, message).help("run longer, or sample more often"));
            return None;
        }
    }
    Some(found)
}

/// Fewest samples of which there are correlations: with two, all of them are 1 or -1.
const LEAST_SAMPLES: usize = 3;

fn instrument(node: &Node, problems: &mut Problems) -> Option<&'static Instrument> {
    let names = || INSTRUMENTS.iter().map(|instrument| instrument.name);
    let Some(named) = entry(node, "instrument") else {
        let problem = Problem::new(&node.span, "say which `instrument` it is");
        problems.push(problem.label(format!("instruments are {}", names().collect::<Vec<_>>().join(", "))));
        return None;
    };
    let name = text(named, problems)?;
    let found = INSTRUMENTS.iter().find(|instrument| instrument.name == name.value);
    if found.is_none() {
        let label = suggestion(&name.value, "instruments", names());
        problems
            .push(Problem::new(&name.span, format!("there is no instrument `{}`", name.value)).label(label));
    }
    found
}

/// What an instrument is made for.
pub struct Site<'a> {
    name: &'a str,
    /// The signal that it watches.
    pub signal: &'a str,
    pub timing: &'a Timing,
    correlates: bool,
    /// The section of the instrument.
    pub node: &'a Node,
    /// The nodes that the signal has.
    pub nodes: usize,
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
        let attach =
            move |simulator: Simulator| simulator.observe(name.clone(), signal.clone(), monitor.clone());
        Observed {
            name: self.name.to_owned(),
            signal: self.signal.to_owned(),
            period,
            channels,
            correlates,
            attach: Arc::new(attach),
        }
    }

    /// Returns a value, or reports its error at the instrument.
    pub fn told<T>(&self, outcome: Result<T, ObservationError>, problems: &mut Problems) -> Option<T> {
        outcome.map_err(|error| problems.push(Problem::new(&self.node.span, error.to_string()))).ok()
    }

    /// Reports an instrument that would hold too much.
    pub fn holds(&self, rows: f64, problems: &mut Problems) -> bool {
        let mut needed = super::limits::Needed::default();
        needed.add_records(whole(rows), self.nodes as u64);
        let Some((message, _)) = needed.exceeds(self.context.limits.get()) else { return true };
        problems.push(Problem::new(&self.node.span, format!("in the instrument {message}")));
        false
    }
}
