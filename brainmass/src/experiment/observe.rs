//! The section `observe`, which lets instruments watch the run.

use brainmass_spec::fields::{entries, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::values::time;
use brainmass_spec::yaml::{Key, Node};

use super::basics::entry;
use super::context::Context;
use super::instruments::{INSTRUMENTS, Instrument};
use super::keys::{self, INSTRUMENT, Keys};
use super::observed::{Observed, Site};
use super::record::{self, Signals};
use super::times::Timing;

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
    let tables: &[&'static [keys::Key]] = match instrument {
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
            let message =
                format!("`{}` gives its rows at the end of the run, not `every` so long", instrument.name);
            problems.push(Problem::new(&node.span, message));
            None
        }
        (None, false) => Some(timing.dt),
    };
    let (signal, (nodes, unit), period) = (signal?, known?, period?);
    let site =
        Site { name: &key.text, signal: &signal.value, timing, correlates, node, nodes, unit, context };
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
        problems.push(problem.help(format!("instruments are {}", names().collect::<Vec<_>>().join(", "))));
        return None;
    };
    let name = text(named, problems)?;
    let found = INSTRUMENTS.iter().find(|instrument| instrument.name == name.value);
    if found.is_none() {
        let help = suggestion(&name.value, "instruments", names());
        problems
            .push(Problem::new(&name.span, format!("there is no instrument `{}`", name.value)).help(help));
    }
    found
}
