//! Comparison of two models, whatever their texts look like: which parts differ, and whether results change by it.
//!
//! Equations are compared as graphs: names of intermediate values, order, blanks and comments do not count. Where graphs differ, both are computed at
//! some points; equations that give the same numbers everywhere are told apart from those that do not.

mod change;
mod equation;
mod version;

use crate::expr::Expression;
use crate::graph::NodeId;
use crate::model::{Couple, Coupling, Model, NamedUnit, Signal, Table, TableAxis};
use equation::{give_the_same, shape};

pub use change::{Effect, ModelChange};
pub use version::version_advice;

/// Lists what differs between two models. Files whose checked content is the same have no changes, however they are written.
pub fn model_changes(old: &Model, new: &Model) -> Vec<ModelChange> {
    let mut compare = Comparison { old, new, changes: Vec::new() };
    compare.heads();
    compare.states();
    compare.tables();
    compare.parameters();
    compare.inputs();
    compare.equations();
    compare.run_settings();
    compare.presets();
    compare.claims();
    compare.changes
}

struct Comparison<'m> {
    old: &'m Model,
    new: &'m Model,
    changes: Vec<ModelChange>,
}

impl Comparison<'_> {
    fn add(&mut self, what: impl Into<String>, effect: Effect, text: impl Into<String>) {
        self.changes.push(ModelChange { what: what.into(), effect, text: text.into() });
    }

    /// Adds a change from one value to another, if there is one.
    fn changed<T: PartialEq>(
        &mut self,
        what: &str,
        effect: Effect,
        (old, new): (T, T),
        shown: impl Fn(&T) -> String,
    ) {
        if old != new {
            self.add(what, effect, format!("from {} to {}", shown(&old), shown(&new)));
        }
    }

    fn heads(&mut self) {
        let (old, new) = (self.old, self.new);
        let quoted = |text: &&String| format!("`{text}`");
        self.changed("name", Effect::Interface, (&old.name, &new.name), quoted);
        self.changed("kind", Effect::Results, (old.kind, new.kind), |kind| format!("{kind:?}"));
        let texts = [
            ("title", &old.title, &new.title),
            ("category", &old.category, &new.category),
            ("use_case", &old.use_case, &new.use_case),
            ("description", &old.description, &new.description),
        ];
        for (what, old, new) in texts {
            if old != new {
                self.add(what, Effect::Texts, "another text");
            }
        }
        if old.references != new.references || old.differences != new.differences || old.order != new.order {
            self.add("references, differences, order", Effect::Texts, "other entries");
        }
        let base = |base: &Option<String>| base.clone().unwrap_or_else(|| "none".to_owned());
        self.changed("extends", Effect::Texts, (old.extends.clone(), new.extends.clone()), base);
    }

    fn states(&mut self) {
        let (old, new) = (self.old, self.new);
        for state in &old.states {
            let what = format!("state {}", state.name);
            let Some(other) = new.states.iter().find(|other| other.name == state.name) else {
                self.add(what, Effect::Results, "is gone");
                continue;
            };
            self.unit(&what, &state.unit, &other.unit);
            self.changed(&format!("{what}, init"), Effect::Results, (state.init, other.init), f64::to_string);
            self.changed(&format!("{what}, noise"), Effect::Results, (state.noise, other.noise), intensity);
            self.changed(&format!("{what}, bounds"), Effect::Results, (state.bounds, other.bounds), limits);
            if (&state.doc, &state.symbol) != (&other.doc, &other.symbol) {
                self.add(what, Effect::Texts, "another doc or symbol");
            }
        }
        for state in new.states.iter().filter(|state| old.state(&state.name).is_none()) {
            self.add(format!("state {}", state.name), Effect::Results, "is new");
        }
        let names = |model: &Model| model.states.iter().map(|state| state.name.clone()).collect::<Vec<_>>();
        let (one, other) = (names(old), names(new));
        let is_reordered =
            one != other && one.iter().all(|name| other.contains(name)) && one.len() == other.len();
        if is_reordered {
            self.add("order of the states", Effect::Results, "noise is drawn for them in their order");
        }
    }

    fn tables(&mut self) {
        let (old, new) = (self.old, self.new);
        for table in &old.tables {
            let what = format!("table {}", table.name);
            let Some(other) = new.tables.iter().find(|other| other.name == table.name) else {
                self.add(what, Effect::Results, "is gone");
                continue;
            };
            self.unit(&what, &table.unit, &other.unit);
            let axes = |table: &Table| table.axes.iter().map(TableAxis::shown).collect::<Vec<_>>().join(", ");
            self.changed(&format!("{what}, axes"), Effect::Results, (axes(table), axes(other)), Clone::clone);
            if table.values.bytes() != other.values.bytes() {
                self.add(format!("{what}, numbers"), Effect::Results, "other numbers");
            }
            self.changed(&format!("{what}, file"), Effect::Texts, (&table.file, &other.file), |file| {
                format!("`{file}`")
            });
            let docs = |table: &Table| table.axes.iter().map(|axis| axis.doc.clone()).collect::<Vec<_>>();
            if (&table.doc, &table.symbol, docs(table)) != (&other.doc, &other.symbol, docs(other)) {
                self.add(what, Effect::Texts, "another doc or symbol");
            }
        }
        for table in new.tables.iter().filter(|table| !old.tables.iter().any(|old| old.name == table.name)) {
            self.add(format!("table {}", table.name), Effect::Results, "is new");
        }
    }

    fn parameters(&mut self) {
        let (old, new) = (self.old, self.new);
        for parameter in &old.parameters {
            let what = format!("parameter {}", parameter.name);
            let Some(other) = new.parameters.iter().find(|other| other.name == parameter.name) else {
                self.add(what, Effect::Interface, "is gone");
                continue;
            };
            self.unit(&what, &parameter.unit, &other.unit);
            let (default, range) = (format!("{what}, default"), format!("{what}, range"));
            let in_unit =
                |unit: &NamedUnit| if unit.text == "1" { String::new() } else { format!(" {}", unit.text) };
            if parameter.default != other.default {
                let text = format!(
                    "from {}{} to {}{}",
                    parameter.default,
                    in_unit(&parameter.unit),
                    other.default,
                    in_unit(&other.unit)
                );
                self.add(default, Effect::Results, text);
            }
            self.changed(&range, Effect::Interface, (parameter.range, other.range), limits);
            if (&parameter.doc, &parameter.symbol) != (&other.doc, &other.symbol) {
                self.add(what, Effect::Texts, "another doc or symbol");
            }
        }
        let is_new = |name: &str| !old.parameters.iter().any(|known| known.name == name);
        for parameter in new.parameters.iter().filter(|parameter| is_new(&parameter.name)) {
            self.add(
                format!("parameter {}", parameter.name),
                Effect::Interface,
                format!("is new, {}", parameter.default),
            );
        }
    }

    fn inputs(&mut self) {
        let (old, new) = (self.old, self.new);
        for input in &old.inputs {
            let what = format!("input {}", input.name);
            match new.inputs.iter().find(|other| other.name == input.name) {
                None => self.add(what, Effect::Interface, "is gone"),
                Some(other) => {
                    self.unit(&what, &input.unit, &other.unit);
                    let noise = (input.noise, other.noise);
                    self.changed(&format!("{what}, noise"), Effect::Results, noise, intensity);
                    if (&input.doc, &input.symbol) != (&other.doc, &other.symbol) {
                        self.add(what, Effect::Texts, "another doc or symbol");
                    }
                }
            }
        }
        let is_new = |name: &str| !old.inputs.iter().any(|known| known.name == name);
        for input in new.inputs.iter().filter(|input| is_new(&input.name)) {
            self.add(format!("input {}", input.name), Effect::Interface, "is new");
        }
    }

    fn unit(&mut self, what: &str, old: &NamedUnit, new: &NamedUnit) {
        let effect = if old.unit == new.unit { Effect::Texts } else { Effect::Results };
        self.changed(&format!("{what}, unit"), effect, (&old.text, &new.text), |text| (*text).clone());
    }

    fn equations(&mut self) {
        let (old, new) = (self.old, self.new);
        for (derivative, state) in
            old.derivatives.iter().map(|derivative| (derivative, &old.states[derivative.state]))
        {
            let other = new
                .state(&state.name)
                .and_then(|index| new.derivatives.iter().find(|other| other.state == index));
            if let Some(other) = other {
                let written = (&derivative.is, &other.is);
                self.equation(
                    &format!("derivative of {}", state.name),
                    (derivative.node, other.node),
                    written,
                );
            }
        }
        for observable in &old.observables {
            let what = format!("observable {}", observable.name);
            let Some(other) = new.observables.iter().find(|other| other.name == observable.name) else {
                self.add(what, Effect::Interface, "is gone");
                continue;
            };
            self.unit(&what, &observable.unit, &other.unit);
            self.equation(&what, (observable.node, other.node), (&observable.is, &other.is));
            self.changed(
                &format!("{what}, at"),
                Effect::Results,
                (observable.at_start, other.at_start),
                |at_start| if *at_start { "start" } else { "end" }.to_owned(),
            );
            if (&observable.doc, &observable.symbol) != (&other.doc, &other.symbol) {
                self.add(what, Effect::Texts, "another doc or symbol");
            }
        }
        let is_new = |name: &str| !old.observables.iter().any(|known| known.name == name);
        for observable in new.observables.iter().filter(|observable| is_new(&observable.name)) {
            self.add(format!("observable {}", observable.name), Effect::Interface, "is new");
        }
        self.coupling();
        // What values are computed by is told where they are used; here is what is written.
        let used = self.changes.iter().map(|change| change.effect).max().unwrap_or(Effect::Texts);
        let strongest = if used >= Effect::Rounding { used } else { Effect::Texts };
        for value in &old.lets {
            let what = format!("let {}", value.name);
            match new.lets.iter().find(|other| other.name == value.name) {
                None => self.add(what, Effect::Texts, "is gone"),
                Some(other) => {
                    let before = self.changes.len();
                    self.equation(&what, (value.node, other.node), (&value.is, &other.is));
                    // A value that nothing uses changes no result.
                    self.changes[before..]
                        .iter_mut()
                        .for_each(|change| change.effect = change.effect.min(strongest));
                    self.changed(
                        &format!("{what}, held"),
                        Effect::Results,
                        (value.at_start, other.at_start),
                        bool::to_string,
                    );
                }
            }
        }
        for value in new.lets.iter().filter(|value| !old.lets.iter().any(|known| known.name == value.name)) {
            self.add(format!("let {}", value.name), Effect::Texts, format!("is new: {}", value.is.text()));
        }
        for function in &old.functions {
            let other = new.functions.iter().find(|other| other.name == function.name);
            let is_same = other.is_some_and(|other| {
                (&function.arguments, function.is.text()) == (&other.arguments, other.is.text())
            });
            if !is_same {
                let text = other.map_or_else(
                    || "is gone".to_owned(),
                    |other| format!("from `{}` to `{}`", function.is.text(), other.is.text()),
                );
                self.add(format!("function {}", function.name), strongest, text);
            }
        }
    }

    /// Compares two equations: their graphs, else what they give at some points.
    fn equation(&mut self, what: &str, nodes: (NodeId, NodeId), (old, new): (&Expression, &Expression)) {
        let (before, now) = (old.text(), new.text());
        let effect = if shape(self.old, nodes.0) == shape(self.new, nodes.1) {
            if before == now {
                return;
            }
            Effect::Texts
        } else if give_the_same((self.old, nodes.0), (self.new, nodes.1)) {
            Effect::Rounding
        } else {
            Effect::Results
        };
        let text = if before == now {
            format!("`{now}`, by what it is made of")
        } else {
            format!("from `{before}` to `{now}`")
        };
        self.add(what, effect, text);
    }

    fn coupling(&mut self) {
        let (old, new) = (self.old, self.new);
        match (&old.coupling, &new.coupling) {
            (Some(one), Some(other)) => {
                self.equation("pre", (one.pre_node, other.pre_node), (&one.pre, &other.pre));
                self.equation("post", (one.post_node, other.post_node), (&one.post, &other.post));
                let ends = |model: &Model, coupling: &Coupling| {
                    let weight = coupling.weight.as_ref().map(|weight| weight.is.text().to_owned());
                    (coupling.input.map(|input| model.inputs[input].name.clone()), coupling.laplacian, weight)
                };
                let (one, other) = (ends(old, one), ends(new, other));
                self.changed("coupling, input and weights", Effect::Results, (one, other), |ends| {
                    format!("{ends:?}")
                });
            }
            (None, None) => {}
            (one, _) => {
                self.add("coupling", Effect::Results, if one.is_none() { "is new" } else { "is gone" });
            }
        }
    }

    fn run_settings(&mut self) {
        let (old, new) = (self.old, self.new);
        let signal = |model: &Model, signal: Option<Signal>| match signal {
            Some(Signal::State(index)) => model.states[index].name.clone(),
            Some(Signal::Observable(index)) => model.observables[index].name.clone(),
            None => "the first state".to_owned(),
        };
        let couples = |model: &Model| {
            let couple = |couple: &Couple| {
                let rule = couple.rule.as_ref().map_or_else(String::new, |rule| format!(" by {rule}"));
                format!("{} to {}{rule}", signal(model, Some(couple.from)), model.inputs[couple.to].name)
            };
            model.couples.iter().map(couple).collect::<Vec<_>>().join(", ")
        };
        let texts = [
            ("output", signal(old, old.output), signal(new, new.output)),
            ("couples", couples(old), couples(new)),
        ];
        for (what, one, other) in texts {
            self.changed(what, Effect::Results, (one, other), Clone::clone);
        }
        let scheme = |model: &Model| format!("{:?}", model.integration.scheme);
        self.changed("integration, scheme", Effect::Results, (scheme(old), scheme(new)), Clone::clone);
        self.changed("integration, dt", Effect::Results, (old.integration.dt, new.integration.dt), |dt| {
            format!("{dt} ms")
        });
        let delays = |model: &Model| {
            let delay = |delay: &crate::model::DelayedSignal| {
                format!("{} by {}", model.signal_name(delay.signal), delay.text)
            };
            model.delays.iter().map(delay).collect::<Vec<_>>().join(", ")
        };
        self.changed("delays", Effect::Results, (delays(old), delays(new)), Clone::clone);
        let layer = |model: &Model| {
            model.layer.as_ref().map(|layer| {
                let gain = layer.gain.map(|node| shape(model, node));
                (
                    layer.of.clone(),
                    layer.input.clone(),
                    layer.recurrent.clone(),
                    gain,
                    layer.between.clone(),
                    layer.readout.clone(),
                )
            })
        };
        if layer(old) != layer(new) {
            self.add("layer", Effect::Results, "other parts");
        }
    }

    fn presets(&mut self) {
        let (old, new) = (self.old, self.new);
        let values = |model: &Model, values: &[(usize, f64)]| {
            let mut values: Vec<String> = values
                .iter()
                .map(|(index, value)| format!("{} = {value}", model.parameters[*index].name))
                .collect();
            values.sort();
            values.join(", ")
        };
        for preset in &old.presets {
            let what = format!("preset {}", preset.name);
            match new.presets.iter().find(|other| other.name == preset.name) {
                None => self.add(what, Effect::Interface, "is gone"),
                Some(other) => {
                    let both = (values(old, &preset.values), values(new, &other.values));
                    self.changed(&what, Effect::Results, both, Clone::clone);
                    if (&preset.doc, &preset.cite, &preset.doi) != (&other.doc, &other.cite, &other.doi) {
                        self.add(what, Effect::Texts, "another doc or source");
                    }
                }
            }
        }
        let is_new = |name: &str| !old.presets.iter().any(|known| known.name == name);
        for preset in new.presets.iter().filter(|preset| is_new(&preset.name)) {
            self.add(format!("preset {}", preset.name), Effect::Interface, "is new");
        }
    }

    /// Compares what the files claim of themselves and show.
    fn claims(&mut self) {
        let (old, new) = (self.old, self.new);
        let checks = |model: &Model| {
            let check = |check: &crate::model::Check| {
                format!("{:?} {:?} {}", check.what, check.setting, check.source)
            };
            model.checks.iter().map(check).collect::<Vec<_>>()
        };
        if checks(old) != checks(new) {
            self.add("checks", Effect::Texts, "other claims");
        }
        if format!("{:?}", old.plots) != format!("{:?}", new.plots) {
            self.add("plots", Effect::Texts, "others are shown");
        }
        self.changed("version", Effect::Texts, (&old.version, &new.version), |text| (*text).clone());
        if old.changes != new.changes {
            self.add("changes", Effect::Texts, "other lines");
        }
    }
}

fn intensity(intensity: &Option<f64>) -> String {
    intensity.map_or_else(|| "none".to_owned(), |sigma| sigma.to_string())
}

fn limits(limits: &Option<(f64, f64)>) -> String {
    limits.map_or_else(|| "none".to_owned(), |(low, high)| format!("[{low}, {high}]"))
}
