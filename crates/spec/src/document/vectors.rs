//! Vectors of a file, written out as their components.
//!
//! A state, parameter or input with `size: 3` becomes three of them, `x_1` to `x_3`, and every equation that names it one for each component. What is
//! given for the whole, `init: 0` or `{x: [1, 2, 3]}`, is given to the components.

use std::collections::HashSet;

use super::{Assignments, Document, Named, ValueEntry};
use crate::components::{MAX_SIZE, Sizes, Value as Written, component, components, indexed};
use crate::expr::{Expr, Expression};
use crate::fields;
use crate::problem::{Problem, Problems};
use crate::source::Spanned;
use crate::unit::Quantity;
use crate::yaml::{Key, Node, Scalar, Value};

impl Document {
    /// Writes vectors out. A file without any stays as it is.
    pub(super) fn with_vectors(mut self, problems: &mut Problems) -> Self {
        let mut sizes = Sizes::new();
        self.states = written(self.states, &mut sizes, problems, |state, part, problems| {
            unit_of_list(&mut state.unit, state.init.as_ref());
            state.init = part.of(state.init.take(), "init", problems);
            part.named(&mut state.symbol, &mut state.doc);
            state.size.take()
        });
        self.parameters = written(self.parameters, &mut sizes, problems, |parameter, part, problems| {
            unit_of_list(&mut parameter.unit, parameter.default.as_ref());
            parameter.default = part.of(parameter.default.take(), "default", problems);
            part.named(&mut parameter.symbol, &mut parameter.doc);
            parameter.size.take()
        });
        self.inputs = written(self.inputs, &mut sizes, problems, |input, part, _| {
            part.named(&mut input.symbol, &mut input.doc);
            input.size.take()
        });
        if sizes.is_empty() {
            return self;
        }
        self.has_vectors = true;
        let mut broken = HashSet::new();
        self.functions_see_none(&sizes, problems);
        self.lets = values(std::mem::take(&mut self.lets), &mut sizes, &mut broken, problems);
        self.observables = values(std::mem::take(&mut self.observables), &mut sizes, &mut broken, problems);
        self.derivatives = derivatives(std::mem::take(&mut self.derivatives), &sizes, problems);
        self.unread.extend(broken);
        self.settings(&sizes, problems);
        self
    }

    /// Reports functions whose expressions name vectors: they see those by their arguments alone.
    fn functions_see_none(&self, sizes: &Sizes, problems: &mut Problems) {
        for function in &self.functions {
            let is = &function.value.is;
            is.root.names(&mut |name, expr: &Expr| {
                if sizes.contains_key(name) && !function.value.arguments.iter().any(|own| own == name) {
                    let message = format!("a function acts on numbers, and `{name}` is a vector");
                    let help = "make it an argument: a call with a vector acts on each of its components";
                    problems.push(Problem::new(&is.span(expr), message).help(help));
                }
            });
        }
    }

    /// Writes out what presets, checks, plots and couplings say of vectors.
    fn settings(&mut self, sizes: &Sizes, problems: &mut Problems) {
        let mut assigned =
            |values: &mut Assignments| *values = assignments(std::mem::take(values), sizes, problems);
        self.presets.iter_mut().for_each(|preset| assigned(&mut preset.value.set));
        for check in &mut self.checks {
            if let super::CheckKind::FixedPoint(state) = &mut check.what {
                assigned(state);
            }
            [&mut check.set, &mut check.init, &mut check.inputs].into_iter().for_each(&mut assigned);
        }
        if let Some(run) = &mut self.plots.run {
            [&mut run.set, &mut run.init, &mut run.inputs].into_iter().for_each(&mut assigned);
            let record = std::mem::take(&mut run.record);
            let of = |name: Spanned<String>| match sizes.get(&name.value) {
                None => vec![name],
                Some(&size) => (0..size).map(|index| at(&name, index)).collect(),
            };
            run.record = record.into_iter().flat_map(of).collect();
        }
        let couples = std::mem::take(&mut self.couples);
        for couple in couples {
            let size = |name: &Option<Spanned<String>>| {
                name.as_ref().and_then(|name| sizes.get(&name.value)).copied()
            };
            let (from, to) = (size(&couple.from), size(&couple.to));
            match (from, to) {
                (None, None) => self.couples.push(couple),
                (Some(from), Some(to)) if from != to => {
                    let message = format!("a vector of {from} components cannot feed one of {to}");
                    problems.push(Problem::new(&couple.span, message));
                }
                _ => (0..from.or(to).unwrap_or(0)).for_each(|index| {
                    let part = |name: &Option<Spanned<String>>, size: Option<usize>| match size {
                        Some(_) => name.as_ref().map(|name| at(name, index)),
                        None => name.clone(),
                    };
                    let (from, to) = (part(&couple.from, from), part(&couple.to, to));
                    self.couples.push(super::CoupleEntry { from, to, ..couple.clone() });
                }),
            }
        }
    }
}

/// The component of a vector that an entry is made for.
struct Part<'a> {
    name: &'a str,
    index: usize,
    size: usize,
}

impl Part<'_> {
    /// The value of this component: an item of a list, or what is the same for all.
    fn of(&self, node: Option<Node>, key: &str, problems: &mut Problems) -> Option<Node> {
        let node = node?;
        let Value::List(items) = &node.value else { return Some(node) };
        if items.len() == self.size {
            return items.get(self.index).cloned();
        }
        if self.index == 0 {
            let message = format!(
                "`{key}` lists {} values for the {} components of `{}`",
                items.len(),
                self.size,
                self.name
            );
            problems.push(Problem::new(&node.span, message).help("give one for all, or one for each"));
        }
        None
    }

    /// Gives the symbol and the description of the component.
    fn named(&self, symbol: &mut Option<String>, doc: &mut Option<String>) {
        *symbol = symbol.take().map(|symbol| indexed(&symbol, self.index));
        if let Some(doc) = doc {
            doc.push_str(&format!(", component {}", self.index + 1));
        }
    }
}

/// Writes out the entries of a section that have a size. `write` makes an entry that of a component, and takes its size out.
fn written<T: Clone>(
    entries: Vec<Named<T>>,
    sizes: &mut Sizes,
    problems: &mut Problems,
    write: impl Fn(&mut T, &Part, &mut Problems) -> Option<Node>,
) -> Vec<Named<T>> {
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut probe = entry.value.clone();
        let none = Part { name: &entry.name.value, index: 0, size: 1 };
        let Some(node) = write(&mut probe, &none, &mut Problems::default()) else {
            all.push(entry);
            continue;
        };
        let Some(size) = size(&node, problems) else {
            all.push(Named { value: probe, ..entry });
            continue;
        };
        sizes.insert(entry.name.value.clone(), size);
        for index in 0..size {
            let mut value = entry.value.clone();
            write(&mut value, &Part { name: &entry.name.value, index, size }, problems);
            all.push(Named { name: at(&entry.name, index), value });
        }
    }
    all
}

/// Reads a size.
fn size(node: &Node, problems: &mut Problems) -> Option<usize> {
    let given = fields::number(node, problems)?;
    let size = given.value as usize;
    if size as f64 != given.value || !(1..=MAX_SIZE).contains(&size) {
        let message = format!("a vector has 1 to {MAX_SIZE} components, this says {}", given.value);
        problems.push(Problem::new(&given.span, message));
        return None;
    }
    Some(size)
}

/// Takes the unit of a list without a declared one from the first item that has one, so that it is the same for all components.
fn unit_of_list(unit: &mut Option<Spanned<String>>, values: Option<&Node>) {
    let Some(Node { value: Value::List(items), .. }) = values.filter(|_| unit.is_none()) else { return };
    *unit = items.iter().find_map(|item| {
        let Value::Scalar(Scalar { text, .. }) = &item.value else { return None };
        let quantity = Quantity::parse(text).ok().filter(|quantity| !quantity.unit.is_empty())?;
        let span = item.part(quantity.unit_start..quantity.unit_start + quantity.unit.len());
        Some(Spanned::new(quantity.unit, span))
    });
}

/// The name of a component, at the place of the name of the whole.
fn at(name: &Spanned<String>, index: usize) -> Spanned<String> {
    Spanned::new(component(&name.value, index), name.span.clone())
}

/// Writes out `let` or `observables`, in an order in which each is known before it is used. Those that cannot be are noted in `broken`.
fn values(
    entries: Vec<Named<ValueEntry>>,
    sizes: &mut Sizes,
    broken: &mut HashSet<String>,
    problems: &mut Problems,
) -> Vec<Named<ValueEntry>> {
    let mut open: HashSet<String> = entries.iter().map(|entry| entry.name.value.clone()).collect();
    let mut ready: Vec<Option<Written>> = entries.iter().map(|_| None).collect();
    loop {
        let before = open.len();
        for (entry, ready) in entries.iter().zip(&mut ready).filter(|(_, ready)| ready.is_none()) {
            let (name, is) = (&entry.name.value, &entry.value.is);
            let mut waits = false;
            is.root.names(&mut |used, _| waits |= used != name && open.contains(used));
            if waits || !open.contains(name) {
                continue;
            }
            open.remove(name);
            match components(is, sizes) {
                Ok(value) => {
                    value.size().map(|size| sizes.insert(name.clone(), size));
                    *ready = Some(value);
                }
                Err(problem) => {
                    problems.push(problem);
                    broken.insert(name.clone());
                }
            }
        }
        if open.len() == before {
            break;
        }
    }
    let mut all = Vec::with_capacity(entries.len());
    for (entry, ready) in entries.into_iter().zip(ready) {
        match ready {
            // What goes round in a circle is told where the order is found.
            None if broken.contains(&entry.name.value) => {}
            None => all.push(entry),
            Some(Written::Number(number)) => {
                let is = expression(&entry.value.is, &number);
                all.push(Named { name: entry.name, value: ValueEntry { is, ..entry.value } });
            }
            Some(Written::Vector(parts)) => {
                let size = parts.len();
                for (index, part) in parts.iter().enumerate() {
                    let is = expression(&entry.value.is, part);
                    let mut value = ValueEntry { is, ..entry.value.clone() };
                    let of = Part { name: &entry.name.value, index, size };
                    of.named(&mut value.symbol, &mut value.doc);
                    all.push(Named { name: at(&entry.name, index), value });
                }
            }
        }
    }
    all
}

/// Writes out the rates of change.
fn derivatives(
    entries: Vec<Named<Expression>>,
    sizes: &Sizes,
    problems: &mut Problems,
) -> Vec<Named<Expression>> {
    let mut all = Vec::with_capacity(entries.len());
    for Named { name, value: whole } in entries {
        let size = sizes.get(&name.value).copied();
        let value = match components(&whole, sizes) {
            Ok(value) => value,
            Err(problem) => {
                problems.push(problem);
                // The rate is there, if not a right one.
                Written::Number(whole.root.clone())
            }
        };
        match (size, value.size()) {
            (None, None) => {
                let value = expression(&whole, value.entry(0));
                all.push(Named { name, value });
            }
            (Some(size), other) if other.is_none_or(|other| other == size) => {
                let part =
                    |index| Named { name: at(&name, index), value: expression(&whole, value.entry(index)) };
                all.extend((0..size).map(part));
            }
            (size, other) => {
                let own = size.map_or("a number".to_owned(), |size| format!("a vector of {size} components"));
                let other = other.unwrap_or_default();
                let message = format!("`{}` is {own}, its rate of change has {other} components", name.value);
                problems.push(Problem::new(&whole.origin.span, message));
                all.extend((0..size.unwrap_or(1)).map(|index| Named {
                    name: if size.is_some() { at(&name, index) } else { name.clone() },
                    value: expression(&whole, value.entry(0)),
                }));
            }
        }
    }
    all
}

/// The expression of a component, at the place of that of the whole.
fn expression(whole: &Expression, part: &Expr) -> Expression {
    let written = (*part != whole.root).then(|| part.text());
    Expression { root: part.clone(), origin: whole.origin.clone(), written }
}

/// Writes out values by name: a list for a vector is one for each component, anything else is for all.
fn assignments(values: Assignments, sizes: &Sizes, problems: &mut Problems) -> Assignments {
    let mut all = Assignments::new();
    for (key, node) in values {
        let Some(&size) = sizes.get(&key.text) else {
            all.push((key, node));
            continue;
        };
        for index in 0..size {
            let value = Part { name: &key.text, index, size }.of(Some(node.clone()), &key.text, problems);
            let key = Key { text: component(&key.text, index), span: key.span.clone() };
            all.extend(value.map(|value| (key, value)));
        }
    }
    all
}
