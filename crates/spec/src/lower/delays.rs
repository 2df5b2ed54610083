//! Delayed values: what a node reads of its own past.

use std::collections::HashMap;

use super::typed::{Delayable, Lowering, Type, Typed};
use super::values;
use crate::document::{Document, Named, ValueEntry};
use crate::expr::{Expr, ExprKind, Expression};
use crate::graph::{Op, Symbol};
use crate::model::{DelayedSignal, NamedValue, Signal};
use crate::problem::{Problem, Problems};
use crate::unit::Unit;

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

/// Adds the lets that are delayed to the observables, and checks that observables that are delayed have the units that were taken for theirs.
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
    for (name, unit, span) in std::mem::take(&mut l.delayed_names) {
        let value = observables.iter().find(|value| value.name == name);
        if let Some(value) = value.filter(|value| value.unit.unit != unit) {
            let text = &value.unit.text;
            let message =
                format!("`{name}` is delayed, and its unit as an observable is another one: {text}");
            l.problems.push(Problem::new(&span, message).help(format!("declare both with `unit: {text}`")));
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
        let symbols =
            self.graph.ids().filter(|id| needed[id.index()]).filter_map(|id| match self.graph.op(id) {
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
            let lowered = self.names.get(name).and_then(|typed| match typed.kind {
                Type::Number(unit) => Some(unit),
                _ => None,
            });
            let Some(unit) = known.unit.map(|unit| unit.unit).or(lowered) else {
                let message =
                    format!("`{name}` is read with a delay before it is computed, and its unit is not known");
                let help = format!(
                    "declare it: `{name}: {{is: ..., unit: mV}}`, or `unit: \"1\"` for a pure number"
                );
                self.problems.push(Problem::new(&whole.span(what), message).help(help));
                return None;
            };
            self.delayed_names.push((name.clone(), unit, whole.span(what)));
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
            let zero = self.graph.constant(0.0);
            return Some((Signal::Observable(observable), Typed::number(zero, unit)));
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
