//! Comparison of two models, whatever their texts look like: which parts differ, and whether results change by it.
//!
//! Equations are compared as graphs: names of intermediate values, order, blanks and comments do not count. Where graphs differ, both are computed at
//! some points; equations that give the same numbers everywhere are told apart from those that do not.

use std::collections::HashMap;
use std::fmt;

use crate::evaluate::evaluate;
use crate::expr::Expression;
use crate::graph::{Graph, NodeId, Op, Symbol};
use crate::model::{Couple, Coupling, Model, NamedUnit, Signal};

/// The effect of a change on results, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Texts that nobody computes with.
    Texts,
    /// Names, limits and presets that are offered; a run with the values that it had stays as it is.
    Interface,
    /// Equations in another form that gives the same numbers, to rounding.
    Rounding,
    /// Results are others.
    Results,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Texts => "none",
            Self::Interface => "interface",
            Self::Rounding => "rounding",
            Self::Results => "results",
        })
    }
}

/// One thing that differs between two models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelChange {
    /// The part that differs: `parameter a`, `derivative of x`.
    pub what: String,
    /// The effect on results.
    pub effect: Effect,
    /// The change in words.
    pub text: String,
}

/// Lists what differs between two models. Files whose checked content is the same have no changes, however they are written.
pub fn model_changes(old: &Model, new: &Model) -> Vec<ModelChange> {
    let mut compare = Comparison { old, new, changes: Vec::new() };
    compare.heads();
    compare.states();
    compare.parameters();
    compare.inputs();
    compare.equations();
    compare.run_settings();
    compare.presets();
    compare.claims();
    compare.changes
}

/// Checks `version` and `changes` of the newer of two models against what differs, whose strongest effect is given. Returns a sentence for each thing
/// that is to be mended.
pub fn version_advice(old: &Model, new: &Model, effect: Option<Effect>) -> Vec<String> {
    let mut advice = Vec::new();
    let is_same = old.version == new.version;
    if is_same && effect.is_some_and(|effect| effect >= Effect::Rounding) {
        advice.push(format!(
            "results change and `version` is still {}: give the file a new one, and say under `changes` what changed",
            new.version
        ));
    }
    if !is_same && number(&new.version) < number(&old.version) {
        advice.push(format!("`version` goes back from {} to {}", old.version, new.version));
    }
    if !is_same && !new.changes.iter().any(|line| is_about(line, &new.version)) {
        advice.push(format!(
            "`changes` does not say what is new in version {0}: add a line such as `\"{0}: the default of a\"`",
            new.version
        ));
    }
    for line in old.changes.iter().filter(|line| !new.changes.contains(line)) {
        advice.push(format!("`changes` has lost the line `{line}`"));
    }
    advice
}

/// Whether a line of `changes` is about a version: it begins with it.
fn is_about(line: &str, version: &str) -> bool {
    line.strip_prefix(version)
        .is_some_and(|rest| !rest.starts_with(|next: char| next == '.' || next.is_ascii_digit()))
}

/// The numbers in a version, which order versions.
fn number(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0)).collect()
}

/// The number of points at which equations are computed that have different graphs.
const POINTS: u64 = 64;

/// The relative difference up to which two numbers count as the same but for rounding.
const ROUNDING: f64 = 1e-9;

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
    fn from_to<T: PartialEq>(
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
        self.from_to("name", Effect::Interface, (&old.name, &new.name), quoted);
        self.from_to("kind", Effect::Results, (old.kind, new.kind), |kind| format!("{kind:?}"));
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
        self.from_to("extends", Effect::Texts, (old.extends.clone(), new.extends.clone()), base);
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
            self.from_to(&format!("{what}, init"), Effect::Results, (state.init, other.init), f64::to_string);
            self.from_to(&format!("{what}, bounds"), Effect::Results, (state.bounds, other.bounds), limits);
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
            self.from_to(&range, Effect::Interface, (parameter.range, other.range), limits);
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
        self.from_to(&format!("{what}, unit"), effect, (&old.text, &new.text), |text| (*text).clone());
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
            self.from_to(
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
                    self.from_to(
                        &format!("{what}, held"),
                        Effect::Results,
                        (value.at_start, other.at_start),
                        bool::to_string,
                    );
                }
            }
        }
        for value in new.lets.iter().filter(|value| !old.lets.iter().any(|known| known.name == value.name)) {
            self.add(format!("let {}", value.name), Effect::Texts, format!("is new: {}", written(&value.is)));
        }
        for function in &old.functions {
            let other = new.functions.iter().find(|other| other.name == function.name);
            let is_same = other.is_some_and(|other| {
                (&function.arguments, written(&function.is)) == (&other.arguments, written(&other.is))
            });
            if !is_same {
                let text = other.map_or_else(
                    || "is gone".to_owned(),
                    |other| format!("from `{}` to `{}`", written(&function.is), written(&other.is)),
                );
                self.add(format!("function {}", function.name), strongest, text);
            }
        }
    }

    /// Compares two equations: their graphs, else what they give at some points.
    fn equation(&mut self, what: &str, nodes: (NodeId, NodeId), (old, new): (&Expression, &Expression)) {
        let (before, now) = (written(old), written(new));
        let effect = if shape(self.old, nodes.0) == shape(self.new, nodes.1) {
            if before == now {
                return;
            }
            Effect::Texts
        } else if self.gives_the_same(nodes) {
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

    /// Whether two nodes have the same values, but for rounding, at points drawn around the initial state. Parameters that both models have are the
    /// same for both, others are at their defaults.
    fn gives_the_same(&self, (old, new): (NodeId, NodeId)) -> bool {
        (0..POINTS).all(|point| {
            let value = |model: &Model, node: NodeId| {
                let roots = [node];
                evaluate(&model.graph, &roots, |symbol| self.point(model, symbol, point))[0]
            };
            let (one, other) = (value(self.old, old), value(self.new, new));
            let size = one.abs().max(other.abs());
            one == other
                || (one.is_nan() && other.is_nan())
                || (one - other).abs() <= ROUNDING * size.max(1e-300)
        })
    }

    /// Returns the value of a symbol at a point: the same for symbols of the same name.
    fn point(&self, model: &Model, symbol: Symbol, point: u64) -> f64 {
        let (name, around) = match symbol {
            Symbol::Parameter(index) => {
                let parameter = &model.parameters[usize::from(index)];
                let is_in = |model: &Model| model.parameters.iter().any(|known| known.name == parameter.name);
                if !is_in(self.old) || !is_in(self.new) {
                    return parameter.default;
                }
                let known = self.old.parameters.iter().find(|known| known.name == parameter.name);
                (symbol_name(model, symbol), known.map_or(parameter.default, |known| known.default))
            }
            Symbol::State(index) | Symbol::Source(index) => (
                symbol_name(model, symbol),
                model.states.get(usize::from(index)).map_or(0.0, |state| state.init),
            ),
            Symbol::Count => return (2 + point) as f64,
            _ => (symbol_name(model, symbol), 0.0),
        };
        // Between a half and one and a half of the usual value, or about zero.
        let mut draw = point.wrapping_add(0x9e37_79b9_7f4a_7c15);
        for byte in name.bytes() {
            draw = (draw ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        draw = (draw ^ draw >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let share = (draw >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
        if point == 0 { around } else { around + share * around.abs().max(1.0) }
    }

    fn coupling(&mut self) {
        let (old, new) = (self.old, self.new);
        match (&old.coupling, &new.coupling) {
            (Some(one), Some(other)) => {
                self.equation("pre", (one.pre_node, other.pre_node), (&one.pre, &other.pre));
                self.equation("post", (one.post_node, other.post_node), (&one.post, &other.post));
                let ends = |model: &Model, coupling: &Coupling| {
                    (coupling.input.map(|input| model.inputs[input].name.clone()), coupling.laplacian)
                };
                let (one, other) = (ends(old, one), ends(new, other));
                self.from_to("coupling, input and weights", Effect::Results, (one, other), |ends| {
                    format!("{ends:?}")
                });
            }
            (None, None) => {}
            (one, _) => {
                self.add("coupling", Effect::Results, if one.is_none() { "is new" } else { "is gone" })
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
            self.from_to(what, Effect::Results, (one, other), Clone::clone);
        }
        let scheme = |model: &Model| format!("{:?}", model.integration.scheme);
        self.from_to("integration, scheme", Effect::Results, (scheme(old), scheme(new)), Clone::clone);
        self.from_to("integration, dt", Effect::Results, (old.integration.dt, new.integration.dt), |dt| {
            format!("{dt} ms")
        });
        let delays = |model: &Model| {
            let delay = |delay: &crate::model::DelayedState| {
                format!("{} by {}", model.states[delay.state].name, model.parameters[delay.duration].name)
            };
            model.delays.iter().map(delay).collect::<Vec<_>>().join(", ")
        };
        self.from_to("delays", Effect::Results, (delays(old), delays(new)), Clone::clone);
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
                    self.from_to(&what, Effect::Results, both, Clone::clone);
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
        self.from_to("version", Effect::Texts, (&old.version, &new.version), |text| (*text).clone());
        if old.changes != new.changes {
            self.add("changes", Effect::Texts, "other lines");
        }
    }
}

/// The text of an expression as it is written, blanks made one.
fn written(expression: &Expression) -> String {
    let text = match &expression.origin.value {
        crate::yaml::Value::Scalar(scalar) => scalar.text.as_str(),
        _ => "",
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn limits(limits: &Option<(f64, f64)>) -> String {
    limits.map_or_else(|| "none".to_owned(), |(low, high)| format!("[{low}, {high}]"))
}

/// The name of a symbol, which does not depend on its place in the file.
fn symbol_name(model: &Model, symbol: Symbol) -> String {
    let state = |index: u16| model.states.get(usize::from(index)).map_or("", |state| &state.name);
    match symbol {
        Symbol::State(index) => format!("state {}", state(index)),
        Symbol::Source(index) => format!("source {}", state(index)),
        Symbol::Parameter(index) => format!("parameter {}", model.parameters[usize::from(index)].name),
        Symbol::Input(index) => match model.inputs.get(usize::from(index)) {
            Some(input) => format!("input {}", input.name),
            None => {
                let delay = usize::from(index) - model.inputs.len();
                let of = model.delays.get(delay).map_or("", |delay| &model.states[delay.state].name);
                format!("delayed {delay} {of}")
            }
        },
        other => format!("{other:?}"),
    }
}

/// The shape of the graph below a node, in which symbols stand by their names: equal for equal computations.
fn shape(model: &Model, root: NodeId) -> u128 {
    let graph: &Graph = &model.graph;
    let needed = graph.reachable(&[root]);
    let mut shapes: HashMap<NodeId, u128> = HashMap::new();
    for id in graph.ids().filter(|id| needed[id.index()]) {
        let op = graph.op(id);
        let mut text = match op {
            Op::Symbol(symbol) => symbol_name(model, symbol),
            Op::Constant(bits) => format!("constant {bits:x}"),
            Op::PowerInteger(_, exponent) => format!("power {exponent}"),
            Op::Unary(function, _) => format!("{function:?}"),
            Op::Compare(compare, ..) => format!("{compare:?}"),
            // The name of the operation, without its operands.
            other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
        };
        for operand in op.operands() {
            text.push_str(&format!(" {:x}", shapes.get(&operand).copied().unwrap_or_default()));
        }
        let hash = text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        shapes.insert(id, hash);
    }
    shapes.get(&root).copied().unwrap_or_default()
}
