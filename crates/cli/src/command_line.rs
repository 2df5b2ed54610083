//! Flags as entries of an experiment file, so that both are checked by the same rules and shown in the same way.
//!
//! The flags are written out as one line, which is the source that messages underline.

use std::ops::Range;
use std::sync::Arc;

use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::{Source, Span};
use brainmass_spec::yaml::{Key, Node, Scalar, Value};

/// What messages call the flags.
const NAME: &str = "command line";

/// Flags as they are gathered.
pub struct CommandLine {
    text: String,
    given: Vec<Given>,
}

/// A flag with its value.
struct Given {
    key: &'static str,
    form: Form,
    /// Where in the text the value stands.
    value: Range<usize>,
}

/// What a value means.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// The value of the key.
    Value,
    /// A file name, which may have any characters.
    File,
    /// `name=value`: an entry of the mapping under the key.
    Entry,
    /// Names between commas, `again=x` to rename: an item of the list under the key.
    Names,
}

impl CommandLine {
    /// A line that starts with the words given.
    pub fn new(start: &str) -> Self {
        Self { text: start.to_owned(), given: Vec::new() }
    }

    /// The model, which is written without a flag.
    pub fn model(&mut self, name: &str) {
        self.push("model", Form::Value, None, name);
    }

    /// A flag whose value is that of a key.
    pub fn value(&mut self, key: &'static str, flag: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.push(key, Form::Value, Some(flag), value);
        }
    }

    /// A flag whose value is a file name.
    pub fn files(&mut self, key: &'static str, flag: &str, names: &[String]) {
        names.iter().for_each(|name| self.push(key, Form::File, Some(flag), name));
    }

    /// A flag whose values are entries `name=value` of a key.
    pub fn entries(&mut self, key: &'static str, flag: &str, values: &[String]) {
        values.iter().for_each(|value| self.push(key, Form::Entry, Some(flag), value));
    }

    /// A flag whose values are lists of names.
    pub fn names(&mut self, key: &'static str, flag: &str, values: &[String]) {
        values.iter().for_each(|value| self.push(key, Form::Names, Some(flag), value));
    }

    /// A flag without a value, which stands for `key: true`.
    pub fn truth(&mut self, key: &'static str, flag: &str, given: bool) {
        if given {
            self.text.push_str(&format!(" {flag}"));
            let end = self.text.len();
            self.given.push(Given { key, form: Form::Value, value: end - flag.len()..end });
        }
    }

    fn push(&mut self, key: &'static str, form: Form, flag: Option<&str>, value: &str) {
        if let Some(flag) = flag {
            self.text.push_str(&format!(" {flag}"));
        }
        let quote = if value.contains([' ', '[', '*']) { "\"" } else { "" };
        self.text.push_str(&format!(" {quote}"));
        let start = self.text.len();
        // A line of its own for each message, whatever the value holds.
        self.text.push_str(&value.replace(['\n', '\r'], " "));
        self.given.push(Given { key, form, value: start..self.text.len() });
        self.text.push_str(quote);
    }

    /// The tree of an experiment: that of a file, if one is given, with the flags laid over it.
    pub fn over(self, file: Option<Node>, problems: &mut Problems) -> Node {
        let source = Source::new(NAME, self.text);
        let whole = Span::new(&source, 0..source.text.len());
        let (span, mut entries) = match file {
            Some(Node { value: Value::Map(entries), span }) => (span, entries),
            Some(other) => return other,
            None => (whole, Vec::new()),
        };
        let mut seen: Vec<&str> = Vec::new();
        for given in &self.given {
            let is_first = !seen.contains(&given.key);
            seen.push(given.key);
            lay(&mut entries, given, is_first, &source, problems);
        }
        Node { value: Value::Map(entries), span }
    }
}

/// Lays one flag over the entries; the first of its key replaces what a file says, unless they can be merged.
fn lay(
    entries: &mut Vec<(Key, Node)>,
    given: &Given,
    is_first: bool,
    source: &Arc<Source>,
    problems: &mut Problems,
) {
    // The two say the same thing in two ways.
    match given.key {
        "every" => entries.retain(|(key, _)| key.text != "sample_every"),
        "sample_every" => entries.retain(|(key, _)| key.text != "every"),
        _ => {}
    }
    if is_first && given.form != Form::Entry {
        entries.retain(|(key, _)| key.text != given.key);
    }
    let span = Span::new(source, given.value.clone());
    let index = entries.iter().position(|(key, _)| key.text == given.key).unwrap_or_else(|| {
        let empty = match given.form {
            Form::Value => Value::Null,
            Form::File => Value::List(Vec::new()),
            Form::Entry | Form::Names => Value::Map(Vec::new()),
        };
        let key = Key { text: given.key.to_owned(), span: span.clone() };
        entries.push((key, Node { value: empty, span: span.clone() }));
        entries.len() - 1
    });
    let node = &mut entries[index].1;
    match (given.form, &mut node.value) {
        (Form::Entry, Value::Map(map)) => {
            let Some((name, value)) = split(&given.value, source) else {
                let problem = Problem::new(&span, format!("expected name=value, found `{}`", span.text()));
                problems.push(problem.help("write for example `a=0.25` or `\"w=0.1 rad/ms\"`"));
                return;
            };
            let name = key(&name, source);
            map.retain(|(key, _)| key.text != name.text);
            map.push((name, quantity(&value, source)));
        }
        (Form::Names, Value::Map(map)) => {
            for range in parts(&given.value, source) {
                let (name, signal) = split(&range, source).unwrap_or((range.clone(), range));
                map.push((key(&name, source), scalar(&signal, source)));
            }
        }
        (Form::File, Value::List(items)) => items.push(scalar(&given.value, source)),
        (_, value) if span.text().starts_with("--") => {
            *value = Value::Scalar(Scalar { text: "true".to_owned(), start: None });
        }
        (_, value) => *value = scalar(&given.value, source).value,
    }
}

/// `1`, `[1, 2, 3]`, `-1..1` for random numbers, `@file.npz` or `@file.npz:array`.
fn quantity(range: &Range<usize>, source: &Arc<Source>) -> Node {
    let span = Span::new(source, range.clone());
    let text = span.text();
    if text.starts_with('[') && text.ends_with(']') {
        let inner = range.start + 1..range.end - 1;
        let items = parts(&inner, source).into_iter().map(|range| scalar(&range, source)).collect();
        return Node { value: Value::List(items), span };
    }
    let Some(name) = text.strip_prefix('@') else {
        let Some(dots) = text.find("..") else { return scalar(range, source) };
        let limits = [range.start..range.start + dots, range.start + dots + 2..range.end];
        let items = limits.map(|limit| scalar(&trimmed(limit, source), source)).to_vec();
        let limits = Node { value: Value::List(items), span: span.clone() };
        return Node { value: Value::Map(vec![(literal("uniform", &span), limits)]), span };
    };
    let colon =
        name.rfind(".npz:").or_else(|| name.rfind(".csv:")).map(|at| range.start + 1 + at + ".npz".len());
    let file = range.start + 1..colon.unwrap_or(range.end);
    let mut entries = vec![(literal("file", &span), scalar(&file, source))];
    if let Some(colon) = colon {
        entries.push((literal("array", &span), scalar(&(colon + 1..range.end), source)));
    }
    Node { value: Value::Map(entries), span }
}

fn literal(text: &str, span: &Span) -> Key {
    Key { text: text.to_owned(), span: span.clone() }
}

fn key(range: &Range<usize>, source: &Arc<Source>) -> Key {
    let span = Span::new(source, range.clone());
    Key { text: span.text().to_owned(), span }
}

fn scalar(range: &Range<usize>, source: &Arc<Source>) -> Node {
    let span = Span::new(source, range.clone());
    let value = Value::Scalar(Scalar { text: span.text().to_owned(), start: Some(range.start) });
    Node { value, span }
}

/// The two sides of `name=value`, blanks around them left out.
fn split(range: &Range<usize>, source: &Arc<Source>) -> Option<(Range<usize>, Range<usize>)> {
    let at = range.start + source.text[range.clone()].find('=')?;
    let (name, value) = (trimmed(range.start..at, source), trimmed(at + 1..range.end, source));
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}

/// What stands between commas.
fn parts(range: &Range<usize>, source: &Arc<Source>) -> Vec<Range<usize>> {
    let mut start = range.start;
    let mut found = Vec::new();
    for part in source.text[range.clone()].split(',') {
        found.push(trimmed(start..start + part.len(), source));
        start += part.len() + 1;
    }
    found.retain(|part| !part.is_empty());
    found
}

fn trimmed(range: Range<usize>, source: &Arc<Source>) -> Range<usize> {
    let text = &source.text[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass::Experiment;
    use brainmass_spec::yaml;

    fn over(line: CommandLine, file: Option<&str>) -> Result<Experiment, String> {
        let mut problems = Problems::default();
        let file = file.map(|text| yaml::parse(&Source::new("e.yaml", text)).unwrap());
        let root = line.over(file, &mut problems);
        problems.finish(()).and_then(|()| Experiment::of(&root)).map_err(|report| report.to_string())
    }

    #[test]
    fn flags_replace_what_a_file_says_and_leave_the_rest() {
        let mut line = CommandLine::new("brainmass run e.yaml");
        line.entries("parameters", "--set", &["a=[0.1, 0.2]".to_owned()]);
        line.value("duration", "--duration", Some("2ms"));
        line.names("record", "--record", &["x,again=y".to_owned()]);
        line.value("every", "--every", Some("2"));
        let file = "{model: HopfStep, nodes: 2, parameters: {a: 1, w: 3}, duration: 1, sample_every: 1, record: radius}";
        let experiment = over(line, Some(file)).unwrap();
        let (_, model) = experiment.network.named_groups().next().unwrap();
        let population = model.population();
        assert_eq!((population.parameter(0), population.parameter(1)), (&[0.1, 0.2][..], &[3.0][..]));
        assert_eq!((experiment.timing.duration, experiment.timing.every), (2.0, 2));
        let records = [("x", "x"), ("again", "y")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(experiment.records, records);
    }

    #[test]
    fn a_wrong_flag_is_underlined_in_the_line() {
        let mut line = CommandLine::new("brainmass run");
        line.model("HopfStep");
        line.entries("parameters", "--set", &["w=0.1 mV".to_owned()]);
        line.value("duration", "--duration", Some("1s"));
        insta::assert_snapshot!(over(line, None).unwrap_err(), @r#"
        error: wrong unit: expected rad/ms, found mV
         --> command line:1:33
          |
        1 | brainmass run HopfStep --set "w=0.1 mV" --duration 1s
          |                                 ^^^^^^
        "#);
    }
}
