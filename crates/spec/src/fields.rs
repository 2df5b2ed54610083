//! Reading the entries of a mapping: which keys there may be, which there must be, and of what shape.

use std::borrow::Cow;

use crate::language::{Section, Shape, Takes};
use crate::problem::{Problem, Problems, suggestion};
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
}

impl<'a> Fields<'a> {
    /// The entries of `node`; `what` names the mapping in messages. A list or a text there is reported.
    pub fn new(node: &'a Node, what: &'static str, problems: &mut Problems) -> Self {
        let entries = match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            _ => {
                problems
                    .push(Problem::new(&node.span, format!("expected {what}, found {}", node.describe())));
                Vec::new()
            }
        };
        Self { what, span: node.span.clone(), entries, known: Vec::new(), section: None }
    }

    /// Reads a mapping of the model language. A value whose shape is not that of its key is reported and counts as absent.
    pub fn of(node: &'a Node, section: &'static Section, problems: &mut Problems) -> Self {
        let mut fields = Self::new(node, section.what, problems);
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
                problems.push(Problem::new(&node.span, message));
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
        match self.section {
            Some(section) => debug_assert!(section.key(&key).is_some(), "`{key}` is not described"),
            None => self.known.push(key),
        }
        let index = index?;
        let (_, node) = self.entries.remove(index);
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
    pub fn finish(self, problems: &mut Problems) {
        let described = |key: &Key| self.section.is_some_and(|section| section.key(&key.text).is_some());
        for (key, _) in self.entries.iter().filter(|(key, _)| !described(key)) {
            if problems.is_full() {
                return;
            }
            let hint = suggestion(&key.text, "keys", &self.known);
            problems.push(
                Problem::new(&key.span, format!("unknown key `{}` in {}", key.text, self.what)).label(hint),
            );
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
