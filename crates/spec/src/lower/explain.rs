//! One missing unit makes many equations wrong: what it explains is told as one mistake.

use std::collections::HashSet;
use std::ops::Range;

use crate::document::{Document, Kind};
use crate::problem::{Problem, Problems};
use crate::source::Spanned;
use crate::unit::{Quantity, Unit};
use crate::yaml::{Node, Scalar, Value};

/// The longest text of which this is tried, in bytes. Each trial reads all equations again.
const LONGEST: usize = 16 << 10;
/// Most trials.
const TRIALS: usize = 128;
/// Fewest mistakes that one missing unit has to explain. Where it would explain one, a missing factor may as well be meant.
const LEAST: usize = 2;

/// Something that may have been forgotten, and the document with it.
struct Trial {
    document: Document,
    /// The message with which it is told, given the number of mistakes that it explains.
    told: Box<dyn Fn(usize) -> Problem>,
}

/// Returns the mistakes of a document, those that one missing unit explains as one. `check` finds the mistakes of a document.
pub fn explained(
    document: &Document,
    found: Vec<Problem>,
    check: impl Fn(&Document, &mut Problems),
) -> Vec<Problem> {
    if found.len() < LEAST || document.source.text.len() > LONGEST {
        return found;
    }
    let places: HashSet<Range<usize>> = found.iter().map(|problem| problem.span.range.clone()).collect();
    let mut best: Option<(usize, Vec<Problem>)> = None;
    for trial in trials(document, &found).into_iter().take(TRIALS) {
        let mut problems = Problems::default();
        check(&trial.document, &mut problems);
        let left: Vec<Problem> = match problems.finish(()) {
            Ok(()) => Vec::new(),
            Err(report) => report.problems().to_vec(),
        };
        let explains = found.len().saturating_sub(left.len());
        let is_better = explains >= LEAST && best.as_ref().is_none_or(|(most, _)| explains > *most);
        if is_better && left.iter().all(|problem| places.contains(&problem.span.range)) {
            let still: HashSet<&Range<usize>> = left.iter().map(|problem| &problem.span.range).collect();
            let mut told: Vec<Problem> =
                found.iter().filter(|problem| still.contains(&problem.span.range)).cloned().collect();
            told.push((trial.told)(explains));
            best = Some((explains, told));
        }
    }
    best.map_or(found, |(_, told)| told)
}

/// Makes the documents in which a single unit is added: that of time, or that of a name that has none.
fn trials(document: &Document, found: &[Problem]) -> Vec<Trial> {
    let mut trials = Vec::new();
    if document.time_unit.is_none() && document.kind == Kind::Node {
        let span = document.name.span.clone();
        let mut changed = document.clone();
        changed.time_unit = Some(Spanned::new("1 ms".to_owned(), span.clone()));
        let told = move |places: usize| {
            let message = format!(
                "{places} derivatives have the unit of their state, where its change in time is needed"
            );
            Problem::new(&span, message)
                .help("add `time_unit: 1 ms` if time has no unit in the paper; else give rates their unit, as in `r: {default: 0.1 /ms}`")
        };
        trials.push(Trial { document: changed, told: Box::new(told) });
    }
    let units = units(document);
    let is_mentioned = |name: &str| found.iter().any(|problem| has_word(problem.span.text(), name));
    for (index, entry) in document.states.iter().enumerate() {
        if entry.value.unit.is_some() || carries_unit(entry.value.init.as_ref()) {
            continue;
        }
        for unit in &units {
            let mut changed = document.clone();
            changed.states[index].value.unit = Some(Spanned::new(unit.clone(), entry.name.span.clone()));
            trials.push(Trial { document: changed, told: missing("state", &entry.name, unit) });
        }
    }
    for (index, entry) in document.inputs.iter().enumerate() {
        if entry.value.unit.is_some() || !is_mentioned(&entry.name.value) {
            continue;
        }
        for unit in &units {
            let mut changed = document.clone();
            changed.inputs[index].value.unit = Some(Spanned::new(unit.clone(), entry.name.span.clone()));
            trials.push(Trial { document: changed, told: missing("input", &entry.name, unit) });
        }
    }
    for (index, entry) in document.parameters.iter().enumerate() {
        let has_unit = entry.value.unit.is_some() || carries_unit(entry.value.default.as_ref());
        if has_unit || !is_mentioned(&entry.name.value) {
            continue;
        }
        for unit in &units {
            let mut changed = document.clone();
            changed.parameters[index].value.unit = Some(Spanned::new(unit.clone(), entry.name.span.clone()));
            trials.push(Trial { document: changed, told: missing("parameter", &entry.name, unit) });
        }
    }
    trials
}

/// Tells that a name has no unit, and which one makes all add up.
fn missing(what: &'static str, name: &Spanned<String>, unit: &str) -> Box<dyn Fn(usize) -> Problem> {
    let (name, unit) = (name.clone(), unit.to_owned());
    Box::new(move |places| {
        let message = format!("the {what} `{}` has no unit, and {places} places need one", name.value);
        Problem::new(&name.span, message)
            .help(format!("write `{}: {{unit: {unit}, ...}}`: with it the units add up", name.value))
    })
}

/// Returns the units that a file names, each once, as its author writes them.
fn units(document: &Document) -> Vec<String> {
    let own = |unit: &Option<Spanned<String>>| unit.as_ref().map(|unit| unit.value.clone());
    let states =
        document.states.iter().map(|entry| own(&entry.value.unit).or(carried(entry.value.init.as_ref())));
    let parameters = document
        .parameters
        .iter()
        .map(|entry| own(&entry.value.unit).or(carried(entry.value.default.as_ref())));
    let inputs = document.inputs.iter().map(|entry| own(&entry.value.unit));
    let mut seen: Vec<Unit> = vec![Unit::ONE];
    let mut texts = Vec::new();
    for text in states.chain(parameters).chain(inputs).flatten() {
        if let Some(unit) = Unit::parse(&text).ok().filter(|unit| !seen.contains(unit)) {
            seen.push(unit);
            texts.push(text);
        }
    }
    texts
}

/// Returns the unit that is written behind a number.
fn carried(node: Option<&Node>) -> Option<String> {
    let Value::Scalar(Scalar { text, .. }) = &node?.value else { return None };
    Quantity::parse(text).ok().map(|quantity| quantity.unit).filter(|unit| !unit.is_empty())
}

fn carries_unit(node: Option<&Node>) -> bool {
    carried(node).is_some()
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}
