//! Couplings of a model: the signals that a network reads and the inputs that it feeds, unless an experiment says otherwise.

use super::lookup::{find, find_signal};
use crate::document::Document;
use crate::model::{Couple, Input, Signal, State};
use crate::problem::{Problem, Problems};

/// The couplings of a model: those of its file, or from its output to its first input.
pub fn couples(
    document: &Document,
    states: &[State],
    inputs: &[Input],
    output: Option<Signal>,
    problems: &mut Problems,
) -> Vec<Couple> {
    let mut couples: Vec<Couple> = Vec::new();
    for entry in &document.couples {
        let from = match &entry.from {
            Some(name) => find_signal(&name.value, &name.span, states, &document.observables, problems),
            None => output,
        };
        let to = match &entry.to {
            Some(name) => find(name, "inputs", inputs.iter().map(|input| input.name.as_str()), problems),
            None => (!inputs.is_empty()).then_some(0),
        };
        let (Some(from), Some(to)) = (from, to) else { continue };
        if couples.iter().any(|known| (known.from, known.to) == (from, to)) {
            let message = "this coupling stands twice: the same signal feeds the same input";
            problems.push(Problem::new(&entry.span, message).help("give one of them another `from` or `to`"));
            continue;
        }
        couples.push(Couple { from, to, rule: entry.rule.as_ref().map(|rule| rule.value.clone()) });
    }
    if document.couples.is_empty() {
        let default = output.filter(|_| !inputs.is_empty()).map(|from| Couple { from, to: 0, rule: None });
        couples.extend(default);
    }
    couples
}
