//! Entries of a document by their names.

use crate::document::{Named, ValueEntry};
use crate::model::{Signal, State};
use crate::problem::{Problem, Problems, suggestion};
use crate::source::{Span, Spanned};

/// Returns the index of a name among `known`, or reports that it is not there.
pub fn find<'a>(
    name: &Spanned<String>,
    what: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    problems: &mut Problems,
) -> Option<usize> {
    let index = known.clone().position(|known| known == name.value);
    if index.is_none() {
        let help = suggestion(&name.value, what, known);
        problems.push(Problem::new(&name.span, format!("unknown name `{}`", name.value)).help(help));
    }
    index
}

/// Returns the state or the observable of a name, or reports that there is neither.
pub fn find_signal(
    name: &str,
    span: &Span,
    states: &[State],
    observables: &[Named<ValueEntry>],
    problems: &mut Problems,
) -> Option<Signal> {
    if let Some(index) = states.iter().position(|state| state.name == name) {
        return Some(Signal::State(index));
    }
    if let Some(index) = observables.iter().position(|entry| entry.name.value == name) {
        return Some(Signal::Observable(index));
    }
    let observables = observables.iter().map(|entry| entry.name.value.as_str());
    let known = states.iter().map(|state| state.name.as_str()).chain(observables);
    let help = suggestion(name, "states and observables", known);
    problems.push(Problem::new(span, format!("`{name}` is neither a state nor an observable")).help(help));
    None
}
