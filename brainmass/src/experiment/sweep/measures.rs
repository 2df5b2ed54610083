//! The key `measure`: what is kept of each run.

use std::sync::Arc;

use brainmass_spec::fields::{entries, list, text};
use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::unit::Unit;
use brainmass_spec::values::{finite_in_unit, limits};
use brainmass_spec::yaml::{Key, Node, Value};

use super::keys::MEASURE;
use super::site::Site;
use crate::experiment::basics::named_unit;
use crate::experiment::design::Design;
use crate::experiment::keys::Keys;
use crate::experiment::measure::{Kind, Measure, MeasuredColumn};
use crate::experiment::record;
use crate::experiment::targets::{misfit, settings, target};
use brainmass_data::objectives::OBJECTIVES;
use brainmass_data::summaries::{Across, SUMMARIES, Summary, SummarySettings, SummaryUnit, Takes};

/// Names that files of results use themselves.
const RESERVED: [&str; 6] = ["error", "failed", "reasons", "columns", "axes", "shape"];

/// A record or the rows of an instrument.
struct Source {
    /// The name in the run.
    name: String,
    /// The signal that is recorded under it; `None` for an instrument.
    signal: Option<String>,
    rows: usize,
    nodes: usize,
    unit: String,
}

/// Reads the measures of a sweep with this design.
pub fn read(
    node: &Node,
    design: Option<&Design>,
    site: &Site,
    problems: &mut Problems,
) -> Option<Vec<Measure>> {
    let before = problems.len();
    let named = entries(node, "a mapping with a measure for each name", problems);
    if named.is_empty() && matches!(node.value, Value::Map(_)) {
        let problem = Problem::new(&node.span, "nothing is measured");
        problems
            .push(problem.help("write for example `measure: {deviation: {signal: x, summary: deviation}}`"));
    }
    let taken: Vec<&str> = design
        .into_iter()
        .flat_map(Design::dimensions)
        .map(|(_, dimension)| dimension.name.as_str())
        .collect();
    let mut all: Vec<Measure> = Vec::new();
    for (key, node) in named {
        record::name(&Spanned::new(key.text.clone(), key.span.clone()), problems);
        if taken.contains(&key.text.as_str()) || RESERVED.contains(&key.text.as_str()) {
            let message = format!("`{}` is the name of something else in the results", key.text);
            problems.push(Problem::new(&key.span, message).help("give the measure another name"));
        }
        all.extend(one(key, node, site, problems));
    }
    // What is recorded has one signal under each name.
    for (index, measure) in all.iter().enumerate() {
        let clash = all[..index]
            .iter()
            .find(|other| other.record == measure.record && other.signal != measure.signal);
        if let Some(other) = clash {
            let message = format!("`{}` and `{}` take two signals for one record", measure.name, other.name);
            problems.push(Problem::new(&node.span, message));
        }
    }
    (problems.len() == before).then_some(all)
}

fn one(key: &Key, node: &Node, site: &Site, problems: &mut Problems) -> Option<Measure> {
    let mut keys = Keys::open(node, "the measure", &[&MEASURE], problems);
    let (signal, summary) = (keys.text("signal", problems), keys.text("summary", problems));
    let whole = keys.text("record", problems);
    let regions = keys.take("regions", problems);
    let each = keys.truth("each", problems).unwrap_or(false);
    let band = keys.take("band", problems);
    let levels = (keys.take("above", problems), keys.take("below", problems));
    let target_node = keys.take("target", problems);
    let has_settings = keys.had("windows") || keys.had("target_is");
    let objective_settings = settings(&mut keys, problems);
    keys.finish(problems);
    if let Some(whole) = whole {
        if let Some(other) = signal.as_ref().or(summary.as_ref()) {
            let message = "`record` keeps a whole record: it goes with neither `signal` nor `summary`";
            problems.push(Problem::new(&other.span, message));
            return None;
        }
        let source = source(Some(&whole), &node.span, site, problems)?;
        let nodes = chosen(regions, &source, site, problems)?;
        let (name, unit) = (key.text.clone(), source.unit);
        let shape = (source.rows, nodes.as_ref().map_or(source.nodes, Vec::len));
        return Some(Measure {
            name,
            record: source.name,
            signal: source.signal,
            columns: Vec::new(),
            unit,
            shape,
            kind: Kind::Record,
            nodes,
        });
    }
    let source = source(signal.as_ref(), &node.span, site, problems);
    let Some(name) = summary else {
        if matches!(node.value, Value::Map(_)) {
            let problem = Problem::new(&node.span, "a measure needs a `summary`");
            let names = SUMMARIES.iter().map(|summary| summary.name);
            let names: Vec<&str> = names.chain(OBJECTIVES.iter().map(|entry| entry.name)).collect();
            problems.push(problem.help(format!("it is one of {}", names.join(", "))));
        }
        return None;
    };
    let source = source?;
    let nodes = chosen(regions, &source, site, problems)?;
    let counted = nodes.as_ref().map_or(source.nodes, Vec::len);
    let column = |unit: &str| vec![MeasuredColumn { name: key.text.clone(), unit: unit.to_owned() }];
    let (kind, columns) = if let Some(summary) = Summary::named(&name.value) {
        if let Some(node) = target_node {
            let message = format!("`{}` is compared with nothing: it takes no `target`", name.value);
            problems.push(Problem::new(&node.span, message));
            return None;
        }
        if has_settings {
            let message = "`windows` and `target_is` are settings of objectives";
            problems.push(Problem::new(&node.span, message));
            return None;
        }
        let unit = unit_of(summary, &source.unit);
        let settings = summary_settings(summary, &name, (band, levels), &source.unit, problems)?;
        let columns = match each {
            true if summary.across == Across::Together => {
                let message = format!("`{}` is of all nodes together and cannot be had of each", name.value);
                problems.push(Problem::new(&name.span, message));
                return None;
            }
            true => of_nodes(key, &unit, nodes.as_deref(), source.nodes, site),
            false => column(&unit),
        };
        (Kind::Summary { summary, settings, each }, columns)
    } else if let Some(entry) = OBJECTIVES.iter().find(|entry| entry.name == name.value) {
        if let Some(node) = band.or(levels.0).or(levels.1) {
            let message = format!("`{}` takes neither a `band` nor a level", name.value);
            problems.push(Problem::new(&node.span, message));
            return None;
        }
        if each {
            let message = format!("`{}` is of all nodes together and cannot be had of each", name.value);
            problems.push(Problem::new(&name.span, message));
            return None;
        }
        let what = format!("the measure `{}`", name.value);
        let target = target(target_node, (&what, &name.span), site.context, problems);
        let (target, settings) = (target?, objective_settings?);
        let objective = entry.build(&settings);
        if let Some(message) = misfit(objective.as_ref(), (source.rows, counted), &target) {
            let span = &target_node.unwrap_or(node).span;
            let (rows, columns) = target.dim();
            let help = format!(
                "`{}` has {} rows of {counted}, the target {rows} of {columns}",
                source.name, source.rows
            );
            problems.push(Problem::new(span, message).help(help));
            return None;
        }
        let unit = if entry.name == "timeseries_rmse" { source.unit.clone() } else { "1".to_owned() };
        (Kind::Objective { objective: Arc::from(objective), target }, column(&unit))
    } else {
        let names = SUMMARIES.iter().map(|summary| summary.name);
        let names = names.chain(OBJECTIVES.iter().map(|entry| entry.name));
        let help = suggestion(&name.value, "summaries", names);
        let message = format!("there is no summary `{}`", name.value);
        problems.push(Problem::new(&name.span, message).help(help));
        return None;
    };
    let Source { name: record, signal, unit, rows, .. } = source;
    Some(Measure {
        name: key.text.clone(),
        record,
        signal,
        columns,
        unit,
        shape: (rows, counted),
        kind,
        nodes,
    })
}

/// Finds what is measured: an instrument, a record, or any signal, which is then recorded.
fn source(
    name: Option<&Spanned<String>>,
    place: &Span,
    site: &Site,
    problems: &mut Problems,
) -> Option<Source> {
    let experiment = site.experiment;
    let recorded = site.signals.recorded(experiment);
    let given = match (name, &recorded[..]) {
        (Some(name), _) => name.clone(),
        (None, [(only, _)]) => Spanned::new(only.clone(), place.clone()),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|(name, _)| name.as_str()).collect();
            let message =
                format!("say what is measured: `signal` is one of {}, or any other signal", names.join(", "));
            problems.push(Problem::new(place, message));
            return None;
        }
    };
    if let Some(observed) = experiment.observed.iter().find(|observed| observed.name == given.value) {
        let (rows, nodes) = (observed.rows(&experiment.timing), observed.channels);
        return Some(Source { name: given.value, signal: None, rows, nodes, unit: observed.unit.clone() });
    }
    let record = experiment.records.iter().find(|(name, _)| *name == given.value);
    let signal = record.map_or_else(|| given.value.clone(), |(_, signal)| signal.clone());
    let (nodes, unit) = site.signals.known(&Spanned::new(signal.clone(), given.span), problems)?;
    let timing = &experiment.timing;
    let rows = (timing.steps() - timing.transient_steps()) / timing.every;
    Some(Source { name: given.value, signal: Some(signal), rows, nodes, unit: unit.to_string() })
}

/// Reads the nodes that count; `Some(None)` stands for all of them.
#[expect(clippy::option_option, reason = "some nodes, all nodes, or a mistake")]
fn chosen(
    regions: Option<&Node>,
    source: &Source,
    site: &Site,
    problems: &mut Problems,
) -> Option<Option<Vec<usize>>> {
    let Some(node) = regions else { return Some(None) };
    let items = list(node, problems);
    if items.is_empty() {
        if matches!(node.value, Value::List(_)) {
            problems.push(Problem::new(&node.span, "no region is named"));
        }
        return None;
    }
    let mut found = Vec::new();
    for item in items {
        let name = text(item, problems)?;
        found.push(site.context.region(&name, source.nodes, problems)?);
    }
    Some(Some(found))
}

/// Names a column for each node, by the names of the regions where there are as many.
fn of_nodes(key: &Key, unit: &str, nodes: Option<&[usize]>, all: usize, site: &Site) -> Vec<MeasuredColumn> {
    let labels = &site.experiment.labels;
    let name = |node: usize| match labels.get(node) {
        Some(label) if labels.len() == all => format!("{}[{label}]", key.text),
        _ => format!("{}[{node}]", key.text),
    };
    let column = |node: usize| MeasuredColumn { name: name(node), unit: unit.to_owned() };
    match nodes {
        Some(nodes) => nodes.iter().map(|node| column(*node)).collect(),
        None => (0..all).map(column).collect(),
    }
}

fn unit_of(summary: &Summary, signal: &str) -> String {
    match summary.unit {
        SummaryUnit::Signal => signal.to_owned(),
        SummaryUnit::Squared if signal == "1" => signal.to_owned(),
        SummaryUnit::Squared if signal.contains(['/', '*', '^']) => format!("({signal})^2"),
        SummaryUnit::Squared => format!("{signal}^2"),
        SummaryUnit::Fixed(unit) => unit.to_owned(),
    }
}

/// Reads the settings of a summary; each belongs to some summaries alone.
fn summary_settings(
    summary: &Summary,
    name: &Spanned<String>,
    (band, (above, below)): (Option<&Node>, (Option<&Node>, Option<&Node>)),
    unit: &str,
    problems: &mut Problems,
) -> Option<SummarySettings> {
    let takes_band = summary.takes.iter().any(|takes| matches!(takes, Takes::Band | Takes::NeedsBand));
    let takes_level = summary.takes.contains(&Takes::NeedsLevel);
    for (given, key, takes) in
        [(band, "band", takes_band), (above, "above", takes_level), (below, "below", takes_level)]
    {
        if let (Some(node), false) = (given, takes) {
            let message = format!("`{}` takes no `{key}`", name.value);
            problems.push(Problem::new(&node.span, message));
            return None;
        }
    }
    let mut settings = SummarySettings { is_phase: unit == "rad", ..SummarySettings::default() };
    if let Some(node) = band {
        let hz = NamedUnit { unit: Unit::parse("Hz").unwrap_or(Unit::ONE), text: "Hz".to_owned() };
        settings.band = Some(limits(node, &hz, "a band", problems)?);
    } else if summary.takes.contains(&Takes::NeedsBand) {
        let problem = Problem::new(&name.span, format!("`{}` needs a `band`", name.value));
        problems.push(problem.help("write for example `band: [8 Hz, 12 Hz]`"));
        return None;
    }
    let mut level = |given: Option<&Node>| match given {
        Some(node) => finite_in_unit(node, &named_unit(unit), problems).map(Some),
        None => Some(None),
    };
    (settings.above, settings.below) = (level(above)?, level(below)?);
    if takes_level && settings.above.is_some() == settings.below.is_some() {
        let problem =
            Problem::new(&name.span, format!("`{}` needs one level, `above` or `below`", name.value));
        problems.push(
            problem.help("write for example `above: 0.5`, for when the signal first reaches 0.5 from below"),
        );
        return None;
    }
    Some(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_units_can_be_read() {
        let power = Summary::named("band_power").unwrap();
        for (unit, square) in [("1", "1"), ("mV", "mV^2"), ("1/ms", "(1/ms)^2")] {
            assert_eq!(unit_of(power, unit), square);
            assert!(Unit::parse(square).is_ok(), "{square}");
        }
    }

    #[test]
    fn no_summary_has_the_name_of_an_objective() {
        for entry in OBJECTIVES {
            assert!(Summary::named(entry.name).is_none(), "{}", entry.name);
        }
    }
}
