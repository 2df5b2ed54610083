//! Delayed values: what a node reads of its own past.

use std::collections::HashMap;

use super::typed::{Lowering, Typed};
use super::values;
use crate::document::{Document, Named, ValueEntry};
use crate::expr::{Expr, ExprKind, Expression};
use crate::graph::{Op, Symbol};
use crate::model::{DelayedSignal, NamedUnit, NamedValue, Signal};
use crate::problem::{Problem, Problems};
use crate::unit::Unit;

/// A named value that can be read with a delay although it may not have been lowered yet.
#[derive(Debug, Clone)]
pub struct Delayable {
    /// The observable that holds the value; one of its own for a value that is not declared as one.
    pub observable: usize,
    /// The unit of the value, where the file gives it.
    pub unit: Option<NamedUnit>,
}

/// Finds the named values of a file that can be delayed: its observables, and its lets, which become observables behind them when they are.
pub fn delayables(document: &Document) -> HashMap<String, Delayable> {
    // A unit that cannot be read is told where the value is lowered.
    let unit = |entry: &Named<ValueEntry>| {
        let text = entry.value.unit.as_ref()?;
        values::unit(text, &mut Problems::default())
    };
    let lets = document.lets.iter().map(|entry| (entry, usize::MAX));
    let observables = document.observables.iter().enumerate().map(|(index, entry)| (entry, index));
    let mut found: HashMap<String, Delayable> = HashMap::new();
    // An observable that shows a let under its own name stands for both.
    for (entry, observable) in lets.chain(observables) {
        let unit = unit(entry).or_else(|| found.get(&entry.name.value).and_then(|known| known.unit.clone()));
        found.insert(entry.name.value.clone(), Delayable { observable, unit });
    }
    found
}

/// The name that a call of `delay` delays, where it is a plain one.
pub fn delayed_name(name: &str, arguments: &[Expr]) -> Option<usize> {
    let is_name = matches!(arguments.first(), Some(Expr { kind: ExprKind::Name(_), .. }));
    (name == "delay" && is_name).then_some(0)
}

/// Adds the lets that are delayed to the observables, and checks that delayed values have the units that were taken for theirs.
pub fn observed(
    l: &mut Lowering,
    document: &Document,
    lets: &[Option<NamedValue>],
    observables: &mut Vec<NamedValue>,
) {
    // Without all observables of the file the indices would be others; what is wrong with them has been told.
    if observables.len() != document.observables.len() {
        return;
    }
    for name in std::mem::take(&mut l.delayed_lets) {
        if let Some(value) = lets.iter().flatten().find(|value| value.name == name) {
            observables.push(NamedValue { at_start: false, ..value.clone() });
        }
    }
    for (name, span) in std::mem::take(&mut l.delayed_names) {
        let Some(value) = observables.iter().find(|value| value.name == name) else { continue };
        let has_unit = l.delayable.get(&name).is_some_and(|known| known.unit.is_some());
        if !has_unit && value.unit.unit != Unit::ONE {
            let text = &value.unit.text;
            let message = format!("`{name}` is delayed, and its unit is not declared");
            let help = format!("a delayed value may be used before it is computed: declare it with `unit: {text}`");
            l.problems.push(Problem::new(&span, message).help(help));
        }
    }
}

impl Lowering<'_> {
    /// Lowers `delay(what, duration)`.
    pub(super) fn delay(
        &mut self,
        given: &[Expr],
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        let [what, duration] = given else { return None };
        let delayed = self.delayed(what, whole, arguments);
        let long = self.expr(duration, whole, arguments);
        let ((signal, kind), long) = (delayed?, long?);
        let needed = self.graph.reachable(&[long.node]);
        let symbols = self.graph.ids().filter(|id| needed[id.index()]).filter_map(|id| match self.graph.op(id) {
            Op::Symbol(symbol) => Some(symbol),
            _ => None,
        });
        let mut parameters = Vec::new();
        for symbol in symbols.collect::<Vec<_>>() {
            let Symbol::Parameter(index) = symbol else {
                let problem = Problem::new(&whole.span(duration), "a delay does not change in a run")
                    .label("not made of parameters and numbers alone");
                self.problems.push(problem.help("declare it under `parameters`, in ms"));
                return None;
            };
            parameters.push(usize::from(index));
        }
        let node = self.convert(long, Unit::MS, &whole.span(duration), "a delay")?;
        let text = whole.span(duration).text().to_owned();
        let read = DelayedSignal { signal, duration: node, text, parameters };
        let is_same = |have: &DelayedSignal| have.signal == signal && have.duration == node;
        let place = self.delays.iter().position(is_same).unwrap_or_else(|| {
            self.delays.push(read);
            self.delays.len() - 1
        });
        let node = self.graph.symbol(Symbol::Input((self.ports + place) as u16));
        Some(Typed { node, ..kind })
    }

    /// Finds the signal that is delayed, and a number of its unit.
    fn delayed(
        &mut self,
        what: &Expr,
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<(Signal, Typed)> {
        if let ExprKind::Name(name) = &what.kind
            && !arguments.contains_key(name)
            && let Some(known) = self.delayable.get(name).cloned()
        {
            if self.broken.contains(name) {
                return None;
            }
            self.delayed_names.push((name.clone(), whole.span(what)));
            let observable = if known.observable == usize::MAX {
                let lets = &mut self.delayed_lets;
                let place = lets.iter().position(|have| have == name).unwrap_or_else(|| {
                    lets.push(name.clone());
                    lets.len() - 1
                });
                self.observables + place
            } else {
                known.observable
            };
            let unit = known.unit.unwrap_or_else(NamedUnit::one);
            let zero = self.graph.constant(0.0);
            return Some((Signal::Observable(observable), Typed::number(zero, unit.unit)));
        }
        let value = self.expr(what, whole, arguments)?;
        match self.graph.op(value.node) {
            Op::Symbol(Symbol::State(index)) => Some((Signal::State(usize::from(index)), value)),
            _ => {
                let message = "a state, an observable or a named value can be delayed";
                let problem = Problem::new(&whole.span(what), message).label("none of these");
                self.problems.push(problem.help("give it a name and a unit under `let`, and delay that"));
                None
            }
        }
    }
}
