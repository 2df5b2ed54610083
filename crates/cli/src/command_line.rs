//! Flags as entries of an experiment file, so that both are checked by the same rules and shown in the same way.
//!
//! The flags are written out as one line, which is the source that messages underline.

use std::ops::Range;
use std::sync::Arc;

use brainmass::experiment::keys::{Form, Key as KeyRow};
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::{Source, Span};
use brainmass_spec::yaml::{self, Key, Node, Scalar, Value};

/// The name of the source of the flags in messages.
const NAME: &str = "command line";

/// Returns the flag of a key as it is typed.
pub fn long(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

/// Keys that say the same thing in two ways: a flag for one replaces the other in a file.
const ALTERNATIVES: [(&str, &str); 3] =
    [("every", "sample_every"), ("coupling", "projections"), ("model", "groups")];

/// The flags of a command, as they are gathered.
pub struct CommandLine {
    text: String,
    given: Vec<Given>,
    /// Keys with the values that they have where the user says nothing.
    usual: Vec<(&'static str, String)>,
}

/// A flag with its value.
struct Given {
    /// The section of the file that the key belongs to; `None` for the whole of it.
    section: Option<&'static str>,
    key: &'static str,
    /// Further names of the key.
    aliases: &'static [&'static str],
    form: Form,
    /// The place of the flag in the text.
    flag: Range<usize>,
    /// The place of the value in the text.
    value: Range<usize>,
}

impl CommandLine {
    /// Starts a line with the words given.
    pub fn new(start: &str) -> Self {
        Self { text: start.to_owned(), given: Vec::new(), usual: Vec::new() }
    }

    /// Adds the model, which is written without a flag.
    pub fn model(&mut self, name: &str) {
        let value = self.word(name);
        self.given.push(Given {
            section: None,
            key: "model",
            aliases: &[],
            form: Form::Text,
            flag: value.clone(),
            value,
        });
    }

    /// Adds a value that the command takes where the user says nothing. Messages do not show it in the line, where nobody typed it.
    pub fn usual(&mut self, key: &'static str, value: &str) {
        if self.given.iter().all(|given| given.key != key) {
            self.usual.push((key, value.to_owned()));
        }
    }

    /// Adds a flag for a key of the file or of a section of it, under the name that was typed.
    pub fn push(
        &mut self,
        section: Option<&'static str>,
        key: &'static KeyRow,
        name: &str,
        form: Form,
        value: &str,
    ) {
        let flag = self.word(&long(name));
        let value = if form == Form::Truth { flag.clone() } else { self.word(value) };
        self.given.push(Given { section, key: key.name, aliases: key.aliases, form, flag, value });
    }

    /// Writes a word, quoted where it has blanks or what shells expand. Returns where it stands.
    fn word(&mut self, text: &str) -> Range<usize> {
        let quote = if text.contains([' ', '[', '{', '*']) { "\"" } else { "" };
        self.text.push_str(&format!(" {quote}"));
        let start = self.text.len();
        // A line of its own for each message, whatever the value holds.
        self.text.push_str(&text.replace(['\n', '\r'], " "));
        let end = self.text.len();
        self.text.push_str(quote);
        start..end
    }

    /// Lays the flags over the tree of a file, or over nothing. A section that flags belong to is made where it is not there.
    pub fn over(self, file: Option<Node>, problems: &mut Problems) -> Node {
        let source = Source::new(NAME, self.text);
        let whole = Span::new(&source, 0..source.text.len());
        let (span, mut entries) = match file {
            Some(Node { value: Value::Map(entries), span }) => (span, entries),
            Some(other) => return other,
            None => (whole.clone(), Vec::new()),
        };
        let (own, of_sections): (Vec<Given>, Vec<Given>) =
            self.given.into_iter().partition(|given| given.section.is_none());
        lay_all(&mut entries, &own, &source, problems);
        let mut sections: Vec<&'static str> = of_sections.iter().filter_map(|given| given.section).collect();
        sections.dedup();
        for section in sections {
            if !entries.iter().any(|(key, _)| key.text == section) {
                let empty = Node { value: Value::Map(Vec::new()), span: whole.clone() };
                entries.push((literal(section, &whole), empty));
            }
            let node = entries.iter_mut().find(|(key, _)| key.text == section).map(|(_, node)| node);
            if let Some(Node { value: Value::Map(inner), .. }) = node {
                lay_all(inner, &of_sections, &source, problems);
            }
        }
        for (key, value) in &self.usual {
            let source = Source::new(format!("the usual {key}"), value.as_str());
            let whole = 0..value.len();
            let (flag, value) = (whole.clone(), whole);
            let given = Given { section: None, key, aliases: &[], form: Form::Value, flag, value };
            lay(&mut entries, &given, true, &source, problems);
        }
        Node { value: Value::Map(entries), span }
    }
}

/// Lays flags over entries, in their order.
fn lay_all(entries: &mut Vec<(Key, Node)>, flags: &[Given], source: &Arc<Source>, problems: &mut Problems) {
    replace(flags, entries);
    for (index, given) in flags.iter().enumerate() {
        let is_first = flags[..index].iter().all(|other| other.key != given.key);
        lay(entries, given, is_first, source, problems);
    }
}

/// Removes what a file says in another way than the flags do.
fn replace(flags: &[Given], entries: &mut Vec<(Key, Node)>) {
    for given in flags {
        let others = ALTERNATIVES.iter().filter_map(|(one, other)| match given.key {
            key if key == *one => Some(*other),
            key if key == *other => Some(*one),
            _ => None,
        });
        let others: Vec<&str> = others.chain(given.aliases.iter().copied()).collect();
        entries.retain(|(key, _)| !others.contains(&key.text.as_str()));
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
    let span = Span::new(source, given.value.clone());
    let file = entries.iter().position(|(key, _)| key.text == given.key);
    let merges = matches!(given.form, Form::Entry | Form::Limits)
        && file.is_some_and(|index| matches!(entries[index].1.value, Value::Map(_)));
    if is_first && !merges {
        entries.retain(|(key, _)| key.text != given.key);
    }
    let index = entries.iter().position(|(key, _)| key.text == given.key).unwrap_or_else(|| {
        let empty = match given.form {
            Form::Value | Form::Text | Form::Truth => Value::Null,
            Form::File => Value::List(Vec::new()),
            Form::Entry | Form::Limits | Form::Range | Form::Names => Value::Map(Vec::new()),
        };
        let key = Key { text: given.key.to_owned(), span: Span::new(source, given.flag.clone()) };
        entries.push((key, Node { value: empty, span: span.clone() }));
        entries.len() - 1
    });
    let node = &mut entries[index].1;
    match (given.form, &mut node.value) {
        (Form::Entry | Form::Limits | Form::Range, Value::Map(map)) => {
            let is_limits = given.form != Form::Entry;
            let Some((name, value)) = split(&given.value, source) else {
                let what = match given.form {
                    Form::Limits => "name=low..high",
                    Form::Range => "name=from..to",
                    _ => "name=value",
                };
                let problem = Problem::new(&span, format!("expected {what}, found `{}`", span.text()));
                let example = match given.form {
                    Form::Limits => "`a=0..0.5`",
                    Form::Range => "`E_inp=0..400Hz`",
                    _ => example(given.key),
                };
                problems.push(problem.help(format!("write for example {example}")));
                return;
            };
            let name = key(&name, source);
            map.retain(|(key, _)| key.text != name.text);
            let read = match dots(&value, source).filter(|_| is_limits) {
                Some(limits) => Some(limits),
                None => quantity(&value, source, problems),
            };
            map.extend(read.map(|value| (name, value)));
        }
        (Form::Names, Value::Map(map)) => {
            for range in parts(&given.value, source) {
                let (name, signal) = split(&range, source).unwrap_or((range.clone(), range));
                map.push((key(&name, source), scalar(&signal, source)));
            }
        }
        (Form::File, Value::List(items)) => items.push(scalar(&given.value, source)),
        (Form::Truth, value) => *value = Value::Scalar(Scalar { text: "true".to_owned(), start: None }),
        (Form::Value, value) if span.text().starts_with(['{', '[']) => {
            if let Some(read) = yaml_of(&span, problems) {
                *value = read.value;
            }
        }
        (Form::Value, value) if span.text().starts_with('@') => {
            if let Some(read) = quantity(&given.value, source, problems) {
                *value = read.value;
            }
        }
        (_, value) => *value = scalar(&given.value, source).value,
    }
}

/// Shows how an entry of a key is written.
fn example(key: &str) -> &'static str {
    match key {
        "initial" => "`x=0.1`, or `x=-1..1` for random ones",
        "past" => "`x=0.1`, or `x=@past.npz` with a row a step",
        "noise" => "`x=0.01`",
        "inputs" => "`E_inp=\"200 Hz\"` or `E_inp='{noise: pink, sigma: 10 Hz}'`",
        "interaction" => "`normalize_by_n=true`",
        "groups" => "`cortex='{model: JansenRitStep, nodes: 8}'`",
        "observe" => "`bold='{signal: S_e, instrument: bold, every: 720 ms}'`",
        _ => "`a=0.25` or `\"w=0.1 rad/ms\"`",
    }
}

/// Reads `low..high` as a list of two numbers.
fn dots(range: &Range<usize>, source: &Arc<Source>) -> Option<Node> {
    let span = Span::new(source, range.clone());
    let at = range.start + span.text().find("..")?;
    let limits = [range.start..at, at + 2..range.end];
    let items = limits.map(|limit| scalar(&trimmed(limit, source), source)).to_vec();
    Some(Node { value: Value::List(items), span })
}

/// Reads `1`, `[1, 2, 3]`, `{noise: pink, sigma: 1}`, `-1..1` for random numbers, `@file.npz` or `@file.npz:array`.
fn quantity(range: &Range<usize>, source: &Arc<Source>, problems: &mut Problems) -> Option<Node> {
    let span = Span::new(source, range.clone());
    let text = span.text();
    if text.starts_with('[')
        && text.ends_with(']')
        && !text.contains(['{', '"', '\''])
        && !text[1..].contains('[')
    {
        let inner = range.start + 1..range.end - 1;
        let items = parts(&inner, source).into_iter().map(|range| scalar(&range, source)).collect();
        return Some(Node { value: Value::List(items), span });
    }
    if text.starts_with(['{', '[']) {
        return yaml_of(&span, problems);
    }
    let Some(name) = text.strip_prefix('@') else {
        let is_number = |part: &str| part.trim().parse::<f64>().is_ok();
        if text.contains(',') && text.split(',').all(is_number) {
            let problem = Problem::new(&span, format!("expected one number, found several: `{text}`"));
            problems.push(
                problem.help(format!("values of all nodes stand in brackets and quotes: `\"[{text}]\"`")),
            );
            return None;
        }
        let Some(limits) = dots(range, source) else { return Some(scalar(range, source)) };
        return Some(Node { value: Value::Map(vec![(literal("uniform", &span), limits)]), span });
    };
    let colon = [".npz:", ".csv:", ".tsv:", ".txt:"].iter().filter_map(|ending| name.rfind(ending)).max();
    let colon = colon.map(|at| range.start + 1 + at + ".npz".len());
    let file = range.start + 1..colon.unwrap_or(range.end);
    let mut entries = vec![(literal("file", &span), scalar(&file, source))];
    if let Some(colon) = colon {
        entries.push((literal("array", &span), scalar(&(colon + 1..range.end), source)));
    }
    Some(Node { value: Value::Map(entries), span })
}

/// Reads a value that is written as in a file, in one line.
fn yaml_of(span: &Span, problems: &mut Problems) -> Option<Node> {
    yaml::parse(&Source::new(NAME, span.text())).map_err(|problem| problems.push(problem)).ok()
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

/// Splits `name=value` into its two sides, blanks around them left out.
fn split(range: &Range<usize>, source: &Arc<Source>) -> Option<(Range<usize>, Range<usize>)> {
    let at = range.start + source.text[range.clone()].find('=')?;
    let (name, value) = (trimmed(range.start..at, source), trimmed(at + 1..range.end, source));
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}

/// Splits at commas.
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
    use crate::flags::RUN;
    use brainmass::Experiment;

    fn line(start: &str, flags: &[(&str, &str)]) -> CommandLine {
        let mut line = CommandLine::new(start);
        for (name, value) in flags {
            let keys = || RUN.iter().flat_map(|(_, table)| *table);
            let key = keys().find(|key| key.name == *name).expect("a key");
            line.push(None, key, name, key.flag.expect("a flag").form, value);
        }
        line
    }

    fn over(line: CommandLine, file: Option<&str>) -> Result<Experiment, String> {
        let mut problems = Problems::default();
        let file = file.map(|text| yaml::parse(&Source::new("e.yaml", text)).unwrap());
        let root = line.over(file, &mut problems);
        problems.finish(()).and_then(|()| Experiment::of(&root)).map_err(|report| report.to_string())
    }

    #[test]
    fn flags_replace_what_a_file_says_and_leave_the_rest() {
        let flags =
            [("parameters", "a=[0.1, 0.2]"), ("duration", "2ms"), ("record", "x,again=y"), ("every", "2")];
        let file = "{model: HopfStep, nodes: 2, parameters: {a: 1, w: 3}, duration: 1, sample_every: 1, record: radius}";
        let experiment = over(line("brainmass run e.yaml", &flags), Some(file)).unwrap();
        let (_, model) = experiment.network.named_groups().next().unwrap();
        let population = model.population();
        assert_eq!((population.parameter(0), population.parameter(1)), (&[0.1, 0.2][..], &[3.0][..]));
        assert_eq!((experiment.timing.duration, experiment.timing.every), (2.0, 2));
        let records = [("x", "x"), ("again", "y")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(experiment.records, records);
        // The older name of a key is replaced, too.
        let file = "{model: HopfStep, integrator: euler, duration: 1}";
        let experiment = over(line("brainmass run e.yaml", &[("scheme", "rk4")]), Some(file)).unwrap();
        assert_eq!(experiment.scheme.map(|scheme| scheme.name()), Some("rk4"));
    }

    #[test]
    fn a_flag_says_what_a_file_can_say() {
        let flags = [
            ("connectome", "{name: synthetic_8, normalize: max}"),
            ("coupling", "Diffusive"),
            ("parameters", "k=0.3"),
            ("parameters", "speed=5 mm/ms"),
            ("inputs", "x_inp={sum: [0.1, {noise: pink, sigma: 0.2}]}"),
            ("observe", "mean={signal: x, instrument: average, every: 1 ms}"),
            ("duration", "5"),
        ];
        let mut line = line("brainmass run", &flags);
        line.model("HopfStep");
        let experiment = over(line, None).unwrap();
        assert_eq!(experiment.network.get("k").unwrap(), [0.3]);
        assert_eq!(experiment.network.get("speed").unwrap(), [5.0]);
        assert_eq!(experiment.run().unwrap()["mean"].dim(), (5, 8));
    }

    #[test]
    fn a_value_that_looks_like_a_flag_stays_a_value() {
        let error = over(
            line("brainmass run e.yaml", &[("preset", "--fast")]),
            Some("{model: HopfStep, duration: 1}"),
        );
        assert!(error.unwrap_err().contains("no preset `--fast`"));
        let experiment = over(
            line("brainmass run e.yaml", &[("title", "--x"), ("average", "")]),
            Some("{model: HopfStep, duration: 1}"),
        );
        let experiment = experiment.unwrap();
        assert_eq!((experiment.title.as_deref(), experiment.average), (Some("--x"), true));
    }

    #[test]
    fn a_wrong_flag_is_underlined_in_the_line() {
        let mut line = CommandLine::new("brainmass run");
        line.model("HopfStep");
        let keys = || RUN.iter().flat_map(|(_, table)| *table);
        line.push(None, keys().find(|key| key.name == "parameters").unwrap(), "set", Form::Entry, "w=0.1 mV");
        line.usual("duration", "1s");
        insta::assert_snapshot!(over(line, None).unwrap_err(), @r#"
        error: wrong unit: expected rad/ms, found mV
         --> command line:1:33
          |
        1 | brainmass run HopfStep --set "w=0.1 mV"
          |                                 ^^^^^^
        "#);
    }
}
