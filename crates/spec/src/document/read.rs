//! The reader of documents: the tree of a file, key by key.

use std::sync::Arc;

use super::{
    Assignments, AxisEntry, CheckEntry, CheckKind, CoupleEntry, Document, FunctionEntry, InputEntry,
    InternalCouplingEntry, Kind, Named, ParameterEntry, PlotRunEntry, PlotsEntry, PresetEntry,
    RecurrentEntry, Reference, StateEntry, SweepEntry, TableEntry, ValueEntry,
};
use crate::expr::Expression;
use crate::fields::{Fields, entries, list, number, text, truth};
use crate::language::{self, Section};
use crate::problem::{Problem, Problems, suggestion};
use crate::source::{Source, Span, Spanned};
use crate::yaml::{Key, Node, Value};

impl Document {
    /// Reads the tree of a file. `None` when not even the name can be had.
    pub fn read(source: &Arc<Source>, root: &Node, problems: &mut Problems) -> Option<Self> {
        let mut fields = Fields::of(root, &language::MODEL, problems);
        if fields.is_empty() {
            return None;
        }
        let p = problems;
        let name = fields.text("name", p);
        let empty = name.as_ref().filter(|name| name.value.is_empty()).map(|name| name.span.clone());
        let kind = fields.text("kind", p).map_or(Kind::Node, |kind| read_kind(&kind, p));
        let couples = match fields.take("couples") {
            None => Vec::new(),
            Some(node) if matches!(node.value, Value::List(_)) => items(Some(node), p, couple),
            Some(node) => couple(node, p).into_iter().collect(),
        };
        let (scheme, dt) = integration(&mut fields, p);
        let document = Self {
            source: Arc::clone(source),
            name: name.filter(|name| !name.value.is_empty()).unwrap_or_else(|| {
                let span = empty.as_ref().unwrap_or(fields.span());
                p.push(Problem::new(span, "the model has no name").help("add `name: MyModelStep`"));
                Spanned::new(String::new(), span.clone())
            }),
            kind,
            title: fields.text("title", p),
            category: fields.text("category", p),
            order: fields.take("order").and_then(|node| number(node, p)).map(|order| order.value),
            use_case: fields.text("use_case", p),
            description: fields.text("description", p),
            references: items(fields.take("references"), p, reference),
            version: fields.text("version", p),
            changes: texts(fields.take("changes"), p),
            differences: texts(fields.take("differences"), p),
            extends: fields.text("extends", p),
            remove: items(fields.take("remove"), p, text),
            time_unit: fields.text("time_unit", p),
            states: section(fields.take("states"), "states", p, state),
            parameters: section(fields.take("parameters"), "parameters", p, parameter),
            inputs: section(fields.take("inputs"), "inputs", p, input),
            functions: functions(fields.take("functions"), p),
            tables: section(fields.take("tables"), "tables", p, table),
            lets: section(fields.take("let"), "let", p, let_entry),
            derivatives: section(fields.take("derivatives"), "derivatives", p, expression),
            observables: section(fields.take("observables"), "observables", p, observable),
            output: fields.text("output", p),
            couples,
            scheme,
            dt,
            coupling: fields.take("coupling").and_then(|node| internal_coupling(node, p)),
            presets: section(fields.take("presets"), "presets", p, preset),
            checks: items(fields.take("checks"), p, check),
            plots: fields.take("plots").map_or_else(PlotsEntry::default, |node| plots(node, p)),
            pre: fields.take("pre").and_then(|node| expression(node, p)),
            post: fields.take("post").and_then(|node| expression(node, p)),
            weights: fields.take("weights").cloned(),
            cell: fields.text("cell", p),
            layer: fields.text("layer", p),
            input: fields.text("input", p),
            recurrent: fields.take("recurrent").and_then(|node| recurrent(node, p)),
            between: fields.text("between", p),
            readout: fields.text("readout", p),
            unread: Vec::new(),
            has_vectors: false,
            incomplete: false,
        };
        fields.finish(p);
        Some(document.with_unread(root).with_vectors(p).with_time())
    }
}

/// The sections whose entries have names.
const SECTIONS: [&str; 8] =
    ["states", "parameters", "inputs", "functions", "tables", "let", "derivatives", "observables"];

impl Document {
    /// Notes which entries of the tree did not become entries of the document.
    fn with_unread(mut self, root: &Node) -> Self {
        let Value::Map(entries) = &root.value else { return self };
        for (section, node) in entries.iter().filter(|(key, _)| SECTIONS.contains(&key.text.as_str())) {
            let read: Vec<&str> = self.names_in(&section.text);
            match &node.value {
                Value::Map(entries) => {
                    let head = |key: &str| key.split('(').next().unwrap_or(key).trim().to_owned();
                    let names = entries.iter().map(|(key, _)| head(&key.text));
                    let unread: Vec<String> = names.filter(|name| !read.contains(&name.as_str())).collect();
                    self.unread.extend(unread);
                }
                Value::Null => {}
                _ => self.incomplete = true,
            }
        }
        self
    }

    fn names_in(&self, section: &str) -> Vec<&str> {
        fn names<T>(entries: &[Named<T>]) -> Vec<&str> {
            entries.iter().map(|entry| entry.name.value.as_str()).collect()
        }
        match section {
            "states" => names(&self.states),
            "parameters" => names(&self.parameters),
            "inputs" => names(&self.inputs),
            "functions" => names(&self.functions),
            "tables" => names(&self.tables),
            "let" => names(&self.lets),
            "derivatives" => names(&self.derivatives),
            _ => names(&self.observables),
        }
    }
}

/// `{from, to, rule}`.
fn couple(node: &Node, p: &mut Problems) -> Option<CoupleEntry> {
    let mut fields = Fields::of(node, &language::COUPLES, p);
    let (from, to, rule) = (fields.text("from", p), fields.text("to", p), fields.text("rule", p));
    fields.finish(p);
    Some(CoupleEntry { span: node.span.clone(), from, to, rule })
}

/// `integration: {scheme, dt}`.
fn integration(fields: &mut Fields, p: &mut Problems) -> (Option<Spanned<String>>, Option<Node>) {
    let Some(node) = fields.take("integration") else { return (None, None) };
    let mut inner = Fields::of(node, &language::INTEGRATION, p);
    let entry = (inner.text("scheme", p), inner.take("dt").cloned());
    inner.finish(p);
    entry
}

fn read_kind(kind: &Spanned<String>, problems: &mut Problems) -> Kind {
    let found = Kind::ALL.iter().find(|(name, _)| *name == kind.value);
    if found.is_none() {
        let help = suggestion(&kind.value, "kinds", Kind::ALL.iter().map(|(name, _)| *name));
        problems.push(Problem::new(&kind.span, format!("unknown kind `{}`", kind.value)).help(help));
    }
    found.map_or(Kind::Node, |(_, kind)| *kind)
}

fn items<T>(
    node: Option<&Node>,
    problems: &mut Problems,
    read: impl Fn(&Node, &mut Problems) -> Option<T>,
) -> Vec<T> {
    node.map_or_else(Vec::new, |node| {
        list(node, problems).iter().filter_map(|item| read(item, problems)).collect()
    })
}

fn texts(node: Option<&Node>, problems: &mut Problems) -> Vec<String> {
    items(node, problems, |item, problems| text(item, problems).map(|text| text.value))
}

fn section<T>(
    node: Option<&Node>,
    what: &str,
    problems: &mut Problems,
    read: impl Fn(&Node, &mut Problems) -> Option<T>,
) -> Vec<Named<T>> {
    let Some(node) = node else { return Vec::new() };
    let what = format!("a mapping of names under `{what}`");
    let read = |(key, node): &(Key, Node), problems: &mut Problems| {
        read(node, problems).map(|value| Named { name: name_of(key), value })
    };
    entries(node, &what, problems).iter().filter_map(|entry| read(entry, problems)).collect()
}

fn name_of(key: &Key) -> Spanned<String> {
    Spanned::new(key.text.clone(), key.span.clone())
}

fn assignments(node: Option<&Node>, problems: &mut Problems) -> Assignments {
    node.map_or_else(Vec::new, |node| entries(node, "a mapping of names to values", problems).to_vec())
}

fn expression(node: &Node, problems: &mut Problems) -> Option<Expression> {
    Expression::parse(node).map_err(|problem| problems.push(problem)).ok()
}

fn plain(text: Option<Spanned<String>>) -> Option<String> {
    text.map(|text| text.value)
}

fn state(node: &Node, p: &mut Problems) -> Option<StateEntry> {
    if no_mapping(node, "a state", "init", p) {
        return None;
    }
    let mut fields = Fields::of(node, &language::STATE, p);
    let bounds = fields.take("bounds");
    let (bounds, wrap) = match bounds.map(|node| &node.value) {
        Some(Value::Map(_)) => (None, bounds.and_then(|node| wrap(node, p))),
        _ => (bounds.cloned(), None),
    };
    let entry = StateEntry {
        size: fields.take("size").cloned(),
        init: fields.take("init").cloned(),
        unit: fields.text("unit", p),
        noise: fields.take("noise").cloned(),
        bounds,
        wrap,
        symbol: plain(fields.text("symbol", p)),
        doc: plain(fields.text("doc", p)),
    };
    fields.finish(p);
    Some(entry)
}

/// `bounds: {wrap: [low, high]}`.
fn wrap(node: &Node, p: &mut Problems) -> Option<Node> {
    let mut fields = Fields::of(node, &language::BOUNDS, p);
    let wrap = fields.take("wrap").cloned();
    fields.finish(p);
    if wrap.is_none() {
        p.push(Problem::new(&node.span, "`bounds` as a mapping needs `wrap`: the limits of a circle"));
    }
    wrap
}

/// Reports a plain value where a mapping is needed, which is what most people write first, and shows how it is written; `key` is where the value belongs.
fn no_mapping(node: &Node, what: &str, key: &str, p: &mut Problems) -> bool {
    let Value::Scalar(scalar) = &node.value else { return false };
    let problem =
        Problem::new(&node.span, format!("expected {what}, which is a mapping, found a plain value"));
    let text = scalar.text.trim();
    p.push(match text.chars().count() {
        1..=40 => problem.help(format!("write `{{{key}: {text}}}`")),
        _ => problem,
    });
    true
}

fn parameter(node: &Node, p: &mut Problems) -> Option<ParameterEntry> {
    if no_mapping(node, "a parameter", "default", p) {
        return None;
    }
    let mut fields = Fields::of(node, &language::PARAMETER, p);
    let entry = ParameterEntry {
        size: fields.take("size").cloned(),
        default: fields.take("default").cloned(),
        unit: fields.text("unit", p),
        range: fields.take("range").cloned(),
        symbol: plain(fields.text("symbol", p)),
        doc: plain(fields.text("doc", p)),
    };
    // What is no mapping has been reported.
    if entry.default.is_none() && matches!(node.value, Value::Map(_)) {
        p.push(
            Problem::new(&node.span, "the parameter has no default")
                .help("write `{default: 20 ms, doc: ...}`"),
        );
    }
    fields.finish(p);
    Some(entry)
}

fn input(node: &Node, p: &mut Problems) -> Option<InputEntry> {
    if no_mapping(node, "an input", "unit", p) {
        return None;
    }
    let mut fields = Fields::of(node, &language::INPUT, p);
    let entry = InputEntry {
        size: fields.take("size").cloned(),
        unit: fields.text("unit", p),
        noise: fields.take("noise").cloned(),
        symbol: plain(fields.text("symbol", p)),
        doc: plain(fields.text("doc", p)),
    };
    fields.finish(p);
    Some(entry)
}

fn table(node: &Node, p: &mut Problems) -> Option<TableEntry> {
    if no_mapping(node, "a table", "file", p) {
        return None;
    }
    let mut fields = Fields::of(node, &language::TABLE, p);
    let entry = TableEntry {
        file: fields.text("file", p),
        axes: section(fields.take("axes"), "axes", p, axis),
        unit: fields.text("unit", p),
        interpolate: fields.text("interpolate", p),
        outside: fields.text("outside", p),
        symbol: plain(fields.text("symbol", p)),
        doc: plain(fields.text("doc", p)),
    };
    fields.finish(p);
    Some(entry)
}

fn axis(node: &Node, p: &mut Problems) -> Option<AxisEntry> {
    let mut fields = Fields::of(node, &language::AXIS, p);
    let entry = AxisEntry {
        from: fields.take("from").cloned(),
        to: fields.take("to").cloned(),
        unit: fields.text("unit", p),
        doc: plain(fields.text("doc", p)),
    };
    fields.finish(p);
    Some(entry)
}

/// An entry that is an expression, or a mapping with `is` that `section` describes.
fn value(node: &Node, section: &'static Section, p: &mut Problems) -> Option<ValueEntry> {
    if !matches!(node.value, Value::Map(_)) {
        let is = expression(node, p)?;
        return Some(ValueEntry { is, unit: None, symbol: None, doc: None, held: false, at_start: false });
    }
    let mut fields = Fields::of(node, section, p);
    let is = fields.take("is");
    if is.is_none() {
        p.push(Problem::new(&node.span, "`is` is missing: what the value is equal to"));
    }
    let mut own = |key: &'static str| section.key(key).and_then(|_| fields.take(key));
    let [unit, symbol, doc, held, at] = ["unit", "symbol", "doc", "held", "at"].map(&mut own);
    fields.finish(p);
    let is = expression(is?, p)?;
    Some(ValueEntry {
        is,
        unit: unit.and_then(|node| text(node, p)),
        symbol: plain(symbol.and_then(|node| text(node, p))),
        doc: plain(doc.and_then(|node| text(node, p))),
        held: held.and_then(|node| truth(node, p)).unwrap_or(false),
        at_start: at.and_then(|node| text(node, p)).is_some_and(|at| at_start(&at, p)),
    })
}

fn at_start(at: &Spanned<String>, problems: &mut Problems) -> bool {
    if !matches!(at.value.as_str(), "start" | "end") {
        problems.push(Problem::new(&at.span, format!("expected start or end, found `{}`", at.value)));
    }
    at.value == "start"
}

fn let_entry(node: &Node, problems: &mut Problems) -> Option<ValueEntry> {
    value(node, &language::LET, problems)
}

fn observable(node: &Node, problems: &mut Problems) -> Option<ValueEntry> {
    value(node, &language::OBSERVABLE, problems)
}

/// `S(v, w): expression`.
fn functions(node: Option<&Node>, problems: &mut Problems) -> Vec<Named<FunctionEntry>> {
    let Some(node) = node else { return Vec::new() };
    let mut functions = Vec::new();
    for (key, node) in entries(node, "a mapping of functions, like `S(v): v^2`", problems) {
        let head = key.text.trim();
        let parts = head.strip_suffix(')').and_then(|head| head.split_once('('));
        let Some((name, arguments)) = parts else {
            let problem = Problem::new(&key.span, format!("`{head}` is not the head of a function"));
            problems.push(problem.help("write the name and its arguments: `S(v): v^2`"));
            continue;
        };
        let arguments: Vec<String> = arguments.split(',').map(|name| name.trim().to_owned()).collect();
        for (index, argument) in arguments.iter().enumerate() {
            if arguments[..index].contains(argument) {
                problems.push(Problem::new(
                    &key.span,
                    format!("the function has two arguments called `{argument}`"),
                ));
            }
        }
        if let Some(entry) = value(node, &language::FUNCTION, problems) {
            let name_span =
                Span::new(&key.span.source, key.span.range.start..key.span.range.start + name.len());
            let name = Spanned::new(name.trim().to_owned(), name_span);
            functions.push(Named { name, value: FunctionEntry { arguments, is: entry.is, doc: entry.doc } });
        }
    }
    functions
}

fn reference(node: &Node, p: &mut Problems) -> Option<Reference> {
    let mut fields = Fields::of(node, &language::REFERENCE, p);
    let cite = fields.text("cite", p);
    let reference = Reference {
        cite: plain(cite.clone()).unwrap_or_default(),
        doi: plain(fields.text("doi", p)),
        url: plain(fields.text("url", p)),
        note: plain(fields.text("note", p)),
    };
    if cite.is_none() {
        p.push(Problem::new(&node.span, "the reference has no `cite`"));
    }
    if reference.doi.as_ref().is_some_and(|doi| !doi.starts_with("10.") || !doi.contains('/')) {
        p.push(
            Problem::new(&node.span, "a DOI starts with `10.` and has a `/`")
                .help("leave out `https://doi.org/`"),
        );
    }
    fields.finish(p);
    Some(reference)
}

fn internal_coupling(node: &Node, p: &mut Problems) -> Option<InternalCouplingEntry> {
    let mut fields = Fields::of(node, &language::INTERACTION, p);
    let input = fields.text("input", p);
    let pre = fields.take("pre").and_then(|node| expression(node, p));
    let post = fields.take("post").and_then(|node| expression(node, p));
    fields.finish(p);
    match (input, pre, post) {
        (Some(input), Some(pre), Some(post)) => Some(InternalCouplingEntry { input, pre, post }),
        _ => {
            p.push(Problem::new(&node.span, "`coupling` needs `input`, `pre` and `post`"));
            None
        }
    }
}

fn preset(node: &Node, p: &mut Problems) -> Option<PresetEntry> {
    let mut fields = Fields::of(node, &language::PRESET, p);
    let entry = PresetEntry {
        cite: plain(fields.text("cite", p)),
        doi: plain(fields.text("doi", p)),
        doc: plain(fields.text("doc", p)),
        set: assignments(fields.take("set"), p),
    };
    fields.finish(p);
    Some(entry)
}

fn check(node: &Node, p: &mut Problems) -> Option<CheckEntry> {
    let mut fields = Fields::of(node, &language::CHECK, p);
    let fixed_point =
        fields.take("fixed_point").map(|node| CheckKind::FixedPoint(assignments(Some(node), p)));
    let last = fields.text("final", p).map(CheckKind::Final);
    let frequency = fields.text("frequency", p).map(CheckKind::Frequency);
    let within = fields.text("within", p).map(CheckKind::Within);
    let kinds: Vec<CheckKind> = [fixed_point, last, frequency, within].into_iter().flatten().collect();
    let what = match <[CheckKind; 1]>::try_from(kinds) {
        Ok([what]) => what,
        Err(_) => {
            p.push(Problem::new(
                &node.span,
                "a check is one of `fixed_point`, `final`, `frequency`, `within`",
            ));
            fields.finish(p);
            return None;
        }
    };
    let entry = CheckEntry {
        span: node.span.clone(),
        what,
        from: fields.take("from").cloned(),
        to: fields.take("to").cloned(),
        is: fields.take("is").cloned(),
        tolerance: fields.take("tolerance").and_then(|node| number(node, p)).map(|tolerance| tolerance.value),
        set: assignments(fields.take("set"), p),
        init: assignments(fields.take("init"), p),
        inputs: assignments(fields.take("inputs"), p),
        dt: fields.take("dt").cloned(),
        transient: fields.take("transient").cloned(),
        duration: fields.take("duration").cloned(),
        source: plain(fields.text("source", p)),
    };
    fields.finish(p);
    Some(entry)
}

fn plots(node: &Node, p: &mut Problems) -> PlotsEntry {
    let mut fields = Fields::of(node, &language::PLOTS, p);
    let run = fields.take("run").map(|node| {
        let mut fields = Fields::of(node, &language::RUN, p);
        let run = PlotRunEntry {
            duration: fields.take("duration").cloned(),
            dt: fields.take("dt").cloned(),
            transient: fields.take("transient").cloned(),
            set: assignments(fields.take("set"), p),
            init: assignments(fields.take("init"), p),
            inputs: assignments(fields.take("inputs"), p),
            record: items(fields.take("record"), p, text),
            nodes: assignments(fields.take("nodes"), p),
        };
        fields.finish(p);
        run
    });
    let phase = assignments(fields.take("phase"), p);
    let sweep = fields.take("sweep").and_then(|node| sweep(node, p));
    fields.finish(p);
    PlotsEntry { run, phase, sweep }
}

fn sweep(node: &Node, p: &mut Problems) -> Option<SweepEntry> {
    let mut fields = Fields::of(node, &language::SWEEP, p);
    let (parameter, input) = (fields.text("parameter", p), fields.text("input", p));
    let (from, to) = (fields.take("from"), fields.take("to"));
    let of = fields.text("of", p);
    fields.finish(p);
    if let (Some(_), Some(input)) = (&parameter, &input) {
        p.push(Problem::new(&input.span, "`sweep` varies one quantity: either a `parameter` or an `input`"));
        return None;
    }
    let over = parameter.map(|name| (name, false)).or(input.map(|name| (name, true)));
    match (over, from, to) {
        (Some((over, input)), Some(from), Some(to)) => {
            Some(SweepEntry { over, input, from: from.clone(), to: to.clone(), of })
        }
        _ => {
            p.push(Problem::new(&node.span, "`sweep` needs `parameter` or `input`, and `from` and `to`"));
            None
        }
    }
}

fn recurrent(node: &Node, p: &mut Problems) -> Option<RecurrentEntry> {
    let mut fields = Fields::of(node, &language::RECURRENT, p);
    let from = fields.text("from", p);
    let gain = fields.take("gain").and_then(|node| expression(node, p));
    fields.finish(p);
    if from.is_none() {
        p.push(Problem::new(&node.span, "`recurrent` needs `from`: the state that feeds back"));
    }
    Some(RecurrentEntry { from: from?, gain })
}
