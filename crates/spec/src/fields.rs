//! Reading the entries of a mapping: which keys there may be, which there must be, and of what shape.

use std::borrow::Cow;

use crate::language::{Section, Shape, Takes};
use crate::problem::{Problem, Problems, nearest, suggestion};
use crate::source::{Span, Spanned};
use crate::yaml::{Key, Node, Scalar, Value};

/// The entries of one mapping, taken out one by one; what is left at the end is unknown.
pub struct Fields<'a> {
    what: &'static str,
    span: Span,
    entries: Vec<(&'a Key, &'a Node)>,
    /// The keys that were asked for, or all keys of the section that describes the mapping.
    known: Vec<Cow<'static, str>>,
    section: Option<&'static Section>,
    /// All keys that there can be, where these are known: an entry that is near to one of them is taken for it.
    names: Vec<&'static str>,
    /// The keys of `names` that are not given.
    missing: Vec<&'static str>,
    /// The mistakes in the names of entries that were taken for others.
    misspelt: Vec<Problem>,
}

/// Words of other programs and of papers for keys.
const HABITS: [(&str, &str); 24] = [
    ("equations", "derivatives"),
    ("odes", "derivatives"),
    ("dynamics", "derivatives"),
    ("rates", "derivatives"),
    ("variables", "states"),
    ("vars", "states"),
    ("params", "parameters"),
    ("constants", "parameters"),
    ("drive", "inputs"),
    ("drives", "inputs"),
    ("stimulus", "inputs"),
    ("init", "initial"),
    ("initial_conditions", "initial"),
    ("time", "duration"),
    ("tmax", "duration"),
    ("t_end", "duration"),
    ("simulation_length", "duration"),
    ("timestep", "dt"),
    ("time_step", "dt"),
    ("connectivity", "connectome"),
    ("monitors", "observe"),
    ("save", "output"),
    ("out", "output"),
    ("figure", "plot"),
];

/// Returns the key of those given that a name most likely stands for.
fn meant<'k>(name: &str, among: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    let habit = HABITS.iter().find(|(word, _)| *word == name).map(|(_, key)| *key);
    let known = habit.and_then(|habit| among.clone().find(|key| *key == habit));
    known.or_else(|| nearest(name, among))
}

/// The fewest letters of a key that is taken for another one. Shorter names are near to too many.
const MISSPELT: usize = 4;

/// The most unknown keys of a mapping that are taken for others. Who has more of them has made more than a slip of the pen.
const MOST_MISSPELT: usize = 64;

impl<'a> Fields<'a> {
    /// The entries of `node`; `what` names the mapping in messages. A list or a text there is reported.
    pub fn new(node: &'a Node, what: &'static str, problems: &mut Problems) -> Self {
        let entries = match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            _ => {
                let message = format!("expected {what}, which is a mapping, found {}", node.describe());
                problems.push(Problem::new(&node.span, message));
                Vec::new()
            }
        };
        let span = node.span.clone();
        let (known, names, missing, misspelt) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { what, span, entries, known, section: None, names, missing, misspelt }
    }

    /// Says which keys there can be. A key that is none of them, but near to one that is not given, is reported and read as that one, so that one
    /// slip of the pen makes one message.
    pub fn among(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.names.extend(names);
        let given = |name: &&str| self.entries.iter().any(|(key, _)| key.text == **name);
        self.missing = self.names.iter().copied().filter(|name| !given(name)).collect();
        self
    }

    /// Finds the entry that most likely stands for a key that is not given, and notes that its name is wrong.
    fn taken_for(&mut self, key: &str) -> Option<usize> {
        if !self.missing.contains(&key) {
            return None;
        }
        let may_be =
            |own: &Key| !self.names.contains(&own.text.as_str()) && own.text.chars().count() >= MISSPELT;
        let mut unknown =
            self.entries.iter().enumerate().filter(|(_, (own, _))| may_be(own)).take(MOST_MISSPELT);
        let (index, _) =
            unknown.find(|(_, (own, _))| meant(&own.text, self.missing.iter().copied()) == Some(key))?;
        let (own, _) = self.entries[index];
        self.misspelt.push(self.unknown(own));
        Some(index)
    }

    /// Returns the mistake of a key that there is not.
    fn unknown(&self, key: &Key) -> Problem {
        let help = match meant(&key.text, self.missing.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None if self.names.is_empty() => suggestion(&key.text, "keys", &self.known),
            None => suggestion(&key.text, "keys", self.names.iter().copied()),
        };
        Problem::new(&key.span, format!("unknown key `{}` in {}", key.text, self.what)).help(help)
    }

    /// Reads a mapping of the model language. A value whose shape is not that of its key is reported and counts as absent.
    pub fn of(node: &'a Node, section: &'static Section, problems: &mut Problems) -> Self {
        let mut fields =
            Self::new(node, section.what, problems).among(section.keys.iter().map(|key| key.name));
        fields.known = section.keys.iter().map(|key| key.name.into()).collect();
        fields.section = Some(section);
        let mut wrong = Vec::new();
        for (key, node) in &fields.entries {
            let Some(described) = section.key(&key.text) else { continue };
            let has = match node.value {
                Value::Null => continue,
                Value::Scalar(_) => Shape::Scalar,
                Value::List(_) => Shape::List,
                Value::Map(_) => Shape::Mapping,
            };
            if !described.takes.accepts(has) {
                let expected = described.takes.describe();
                let message = format!("expected {expected} under `{}`, found {}", key.text, node.describe());
                let problem = Problem::new(&node.span, message);
                problems.push(match described.takes.shape() {
                    Shape::Mapping => problem.help(format!(
                        "write `{}: {{name: ...}}`, or a line `name: ...` for each below it",
                        key.text
                    )),
                    Shape::List => problem.help(format!(
                        "write `{}: [..., ...]`, or a line `- ...` for each below it",
                        key.text
                    )),
                    Shape::Scalar => problem,
                });
                wrong.push(key.text.as_str());
            }
            if let (Takes::Line(most), Value::Scalar(Scalar { text, .. })) = (described.takes, &node.value)
                && text.trim().chars().nth(most).is_some()
            {
                let length = text.trim().chars().count();
                let message = format!("`{}` has at most {most} characters, this one has {length}", key.text);
                problems.push(Problem::new(&node.span, message));
                wrong.push(key.text.as_str());
            }
        }
        fields.entries.retain(|(key, _)| !wrong.contains(&key.text.as_str()));
        fields
    }

    /// The place at which the mapping starts.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// The value of `key`, if it is there and not empty.
    pub fn take(&mut self, key: impl Into<Cow<'static, str>>) -> Option<&'a Node> {
        let key = key.into();
        let index = self.entries.iter().position(|(have, _)| have.text == key);
        let index = index.or_else(|| self.taken_for(&key));
        match self.section {
            Some(section) => debug_assert!(section.key(&key).is_some(), "`{key}` is not described"),
            None => self.known.push(key),
        }
        let (_, node) = self.entries.remove(index?);
        (node.value != Value::Null).then_some(node)
    }

    /// Whether any value of the mapping itself is missing (it is `{}` or not a mapping).
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text of `key`, whole and in one piece.
    pub fn text(&mut self, key: &'static str, problems: &mut Problems) -> Option<Spanned<String>> {
        self.take(key).and_then(|node| text(node, problems))
    }

    /// Reports every entry that was not asked for, and that the section does not describe.
    pub fn finish(mut self, problems: &mut Problems) {
        std::mem::take(&mut self.misspelt).into_iter().for_each(|problem| problems.push(problem));
        let described = |key: &Key| self.section.is_some_and(|section| section.key(&key.text).is_some());
        for (key, _) in self.entries.iter().filter(|(key, _)| !described(key)) {
            if problems.is_full() {
                return;
            }
            problems.push(self.unknown(key));
        }
    }
}

/// The text of a scalar, its ends trimmed; anything else is reported.
pub fn text(node: &Node, problems: &mut Problems) -> Option<Spanned<String>> {
    match &node.value {
        Value::Scalar(Scalar { text, .. }) => Some(Spanned::new(text.trim().to_owned(), node.span.clone())),
        _ => {
            problems.push(Problem::new(&node.span, format!("expected text, found {}", node.describe())));
            None
        }
    }
}

/// `true` or `false`.
pub fn truth(node: &Node, problems: &mut Problems) -> Option<bool> {
    let text = text(node, problems)?;
    match text.value.as_str() {
        "true" => Some(true),
        "false" => Some(false),
        other => {
            problems.push(Problem::new(&text.span, format!("expected true or false, found `{other}`")));
            None
        }
    }
}

/// A plain number.
pub fn number(node: &Node, problems: &mut Problems) -> Option<Spanned<f64>> {
    let text = text(node, problems)?;
    match text.value.parse::<f64>() {
        Ok(value) if value.is_finite() => Some(Spanned::new(value, text.span)),
        _ => {
            problems.push(Problem::new(&text.span, format!("expected a number, found `{}`", text.value)));
            None
        }
    }
}

/// The items of a list.
pub fn list<'a>(node: &'a Node, problems: &mut Problems) -> &'a [Node] {
    match &node.value {
        Value::List(items) => items,
        _ => {
            problems.push(Problem::new(&node.span, format!("expected a list, found {}", node.describe())));
            &[]
        }
    }
}

/// The entries of a mapping whose keys are names of the author's choice.
pub fn entries<'a>(node: &'a Node, what: &str, problems: &mut Problems) -> &'a [(Key, Node)] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => {
            problems.push(Problem::new(&node.span, format!("expected {what}, found {}", node.describe())));
            &[]
        }
    }
}
