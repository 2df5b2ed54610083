//! YAML text to a tree in which every key and value knows its place.
//!
//! This is the only module that knows the YAML reader. Scalars keep the text that the author wrote, so `0.10` and `1e-3`
//! reach the unit parser as they are; limits on size, nesting and aliases keep a hostile file from doing harm.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::Budget;

use crate::problem::Problem;
use crate::source::{MAX_BYTES, Source, Span};
use crate::yaml_mistakes;

/// A value in the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value itself.
    pub value: Value,
    /// Place of the value in the file.
    pub span: Span,
}

/// The values of a YAML file that model and experiment files are made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value, as in `key:` or `~`.
    Null,
    /// Text, or a number or truth value as the author wrote it.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// The text of a scalar.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// The text, quotes and folding undone.
    pub text: String,
    /// The byte at which that very text stands in the file, where it does (not in folded or escaped text).
    pub start: Option<usize>,
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The text.
    pub text: String,
    /// Place of the key in the file.
    pub span: Span,
}

impl Node {
    /// The span of a part of a scalar's text; the whole scalar where its text is not verbatim in the file.
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        match &self.value {
            Value::Scalar(Scalar { start: Some(start), .. }) => {
                Span::new(&self.span.source, start + range.start..start + range.end)
            }
            Value::Scalar(Scalar { text, start: None }) => {
                text.get(range).and_then(|part| self.find(part)).unwrap_or_else(|| self.span.clone())
            }
            _ => self.span.clone(),
        }
    }

    /// The first place in a folded text at which `word` stands on its own.
    fn find(&self, word: &str) -> Option<Span> {
        let source = &self.span.source;
        let from = self.span.range.start;
        let belongs = |c: char| c.is_alphanumeric() || c == '_';
        let alone = |at: usize| {
            let (before, after) = (&source.text[..at], &source.text[at + word.len()..]);
            !before.ends_with(belongs) && !after.starts_with(belongs)
        };
        let mut places = source.text[from..].match_indices(word).map(|(at, _)| from + at);
        let at = places.find(|&at| !word.is_empty() && alone(at))?;
        Some(Span::new(source, at..at + word.len()))
    }

    /// The value of a key, where the node is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(own, _)| own.text == key).map(|(_, node)| node)
    }

    /// Describes the value in words, for messages.
    pub fn describe(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a plain value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Reads a file that came as bytes.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Arc<Source>, Problem> {
    if bytes.len() > MAX_BYTES {
        let source = Source::new(name, String::new());
        let message = format!(
            "the file has {} bytes, more than the {MAX_BYTES} that a model file may have",
            bytes.len()
        );
        return Err(Problem::new(&Span::new(&source, 0..0), message));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let at = valid.len();
            let source = Source::new(name, valid);
            let message = format!("byte {at} of the file (0x{:02x}) is not UTF-8", bytes[at]);
            Err(Problem::new(&Span::new(&source, at..at), message).help("save the file as UTF-8"))
        }
    }
}

/// Parses a file into its tree.
pub fn parse(source: &Arc<Source>) -> Result<Node, Problem> {
    let whole = Span::new(source, 0..0);
    if source.text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than {MAX_BYTES}", source.text.len());
        return Err(Problem::new(&whole, message));
    }
    if source.text.lines().all(|line| line.trim_start().starts_with('#') || line.trim().is_empty()) {
        return Err(Problem::new(&whole, "the file is empty"));
    }
    let mut options = serde_saphyr::Options::default();
    let mut budget = Budget::default();
    budget.max_depth = 32;
    budget.max_nodes = 50_000;
    budget.max_aliases = 100;
    budget.max_documents = 1;
    budget.flow_nesting_limit = 32;
    options.budget = Some(budget);
    options.with_snippet = false;
    match serde_saphyr::from_str_with_options::<serde_saphyr::Spanned<Tree>>(&source.text, options) {
        Ok(tree) => Ok(place(tree, source)),
        Err(error) => {
            let span = error.location().map_or(whole, |location| span_of(location, source));
            let (own, text) = message(&error);
            Err(if own { Problem::new(&span, text) } else { yaml_mistakes::explained(&text, &span) })
        }
    }
}

/// The reader's message, without the position that it repeats and the advice on its own settings; and whether it is told in words of our own.
fn message(error: &serde_saphyr::Error) -> (bool, String) {
    let text = error.to_string();
    let duplicate = text.strip_prefix("duplicate mapping key: ").and_then(|rest| rest.split(',').next());
    if let Some(key) = duplicate {
        return (true, format!("the key `{}` stands here twice: leave one of the two", key.trim()));
    }
    if text.starts_with("budget breached: Documents") {
        return (true, "a file holds one model: this starts a second document".to_owned());
    }
    if text.starts_with("budget breached") {
        let text = "the file is too large: its values, nesting or aliases go beyond what a model file needs";
        return (true, text.to_owned());
    }
    if text.starts_with("recursion limit") {
        return (true, "the file is nested too deeply".to_owned());
    }
    let text = text.split(" at line ").next().unwrap_or(&text);
    let text = text.split("\n").next().unwrap_or(text).trim_end_matches(':').trim();
    (false, text.strip_prefix("error: ").unwrap_or(text).to_owned())
}

fn span_of(location: serde_saphyr::Location, source: &Arc<Source>) -> Span {
    let span = location.span();
    let start = span.byte_offset().map_or_else(
        || byte_of(source, location.line() as usize, location.column() as usize),
        |offset| offset as usize,
    );
    let length = span.byte_len().unwrap_or(0) as usize;
    Span::new(source, start..start.saturating_add(length))
}

/// The byte at a line and a column, both from 1.
fn byte_of(source: &Source, line: usize, column: usize) -> usize {
    let start: usize = source.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = source.text.get(start..).unwrap_or_default();
    start + rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
}

/// Gives every node its place in the text.
fn place(tree: serde_saphyr::Spanned<Tree>, source: &Arc<Source>) -> Node {
    let mut span = span_of(tree.defined, source);
    let value = match tree.value {
        Tree::Null => Value::Null,
        // The reader has resolved the scalar to a number or a truth value: take what the author wrote.
        Tree::Resolved => {
            let text = span.text().trim_end().to_owned();
            span.range.end = span.range.start + text.len();
            Value::Scalar(Scalar { text, start: Some(span.range.start) })
        }
        Tree::Text(text) => {
            let quoted = span.range.start + 1;
            let start = [span.range.start, quoted].into_iter().find(|&at| {
                !text.is_empty() && source.text.get(at..).is_some_and(|rest| rest.starts_with(text.as_str()))
            });
            if let (Some(start), false) = (start, text.contains('\n')) {
                span = Span::new(source, start..start + text.len());
            }
            Value::Scalar(Scalar { text, start })
        }
        Tree::List(items) => Value::List(items.into_iter().map(|item| place(item, source)).collect()),
        Tree::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, node)| {
                    let span = span_of(key.defined, source);
                    (Key { text: key.value, span }, place(node, source))
                })
                .collect(),
        ),
    };
    Node { value, span }
}

/// The tree as the reader builds it.
enum Tree {
    Null,
    Resolved,
    Text(String),
    List(Vec<serde_saphyr::Spanned<Tree>>),
    Map(Vec<(serde_saphyr::Spanned<String>, serde_saphyr::Spanned<Tree>)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TreeVisitor;

        impl<'de> Visitor<'de> for TreeVisitor {
            type Value = Tree;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a YAML value")
            }
            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Null)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
                Ok(Tree::Resolved)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
                Ok(Tree::Resolved)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
                Ok(Tree::Resolved)
            }
            fn visit_i128<E>(self, _: i128) -> Result<Tree, E> {
                Ok(Tree::Resolved)
            }
            fn visit_u128<E>(self, _: u128) -> Result<Tree, E> {
                Ok(Tree::Resolved)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
                Ok(Tree::Resolved)
            }
            fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
                Ok(Tree::Text(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = access.next_element()? {
                    items.push(item);
                }
                Ok(Tree::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Tree::Map(entries))
            }
        }
        deserializer.deserialize_any(TreeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node {
        parse(&Source::new("f.yaml", text)).expect("the text parses")
    }

    fn entry<'a>(node: &'a Node, name: &str) -> &'a Node {
        let Value::Map(entries) = &node.value else { panic!("not a mapping") };
        &entries.iter().find(|(key, _)| key.text == name).expect("the key is there").1
    }

    #[test]
    fn numbers_keep_their_text_and_place() {
        let node = tree("a: {default: 1e-3, b: 0.10 }\n");
        let number = entry(entry(&node, "a"), "b");
        assert_eq!(number.value, Value::Scalar(Scalar { text: "0.10".into(), start: Some(22) }));
        assert_eq!(number.span.text(), "0.10");
        assert_eq!(entry(entry(&node, "a"), "default").span.text(), "1e-3");
    }

    #[test]
    fn a_part_of_a_quoted_text_is_found_inside_the_quotes() {
        let node = tree("x: \"a + b\"\n");
        assert_eq!(entry(&node, "x").part(4..5).text(), "b");
    }

    #[test]
    fn a_folded_text_is_underlined_as_a_whole() {
        let node = tree("x: >\n  a +\n  b\n");
        let folded = entry(&node, "x");
        assert!(matches!(&folded.value, Value::Scalar(Scalar { text, start: None }) if text == "a + b\n"));
    }

    #[test]
    fn duplicate_keys_are_refused() {
        let problem = parse(&Source::new("f.yaml", "a: 1\nb: 2\na: 3\n")).unwrap_err();
        assert!(problem.message.contains("twice"), "{}", problem.message);
        assert_eq!(problem.span.source.line_column(problem.span.range.start).0, 3);
    }

    #[test]
    fn alias_bombs_are_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(parse(&Source::new("bomb.yaml", text)).is_err());
    }
}
