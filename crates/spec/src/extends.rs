//! Variants and layers: the tree of a file laid over that of the model that it builds on, as [`language`](crate::language) says of each key.

use crate::language::{MODEL, Takes};
use crate::problem::{Problem, Problems, suggestion};
use crate::yaml::{Key, Node, Scalar, Value};

/// The ways in which a model builds on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The model is a variant of the other (`extends`).
    Variant,
    /// The model is a layer of the other's nodes, or a stack of the other's layers.
    Layer,
}

/// The tree that `own` stands for: what it says itself, and from `base` what it takes by its relation.
pub fn merge(base: &Node, own: &Node, relation: Relation, problems: &mut Problems) -> Node {
    let removed = removed(base, own, problems);
    let mut merged = Vec::new();
    for key in MODEL.keys {
        let (below, above) = (entry(base, key.name), entry(own, key.name));
        let taken = relation == Relation::Variant || key.inherited.by_layers();
        let below = below.filter(|_| taken && key.inherited != crate::language::Inherited::Never);
        match (below, above) {
            (None, None) => {}
            (Some(one), None) | (None, Some(one)) if !key.inherited.by_entries() => merged.push(one.clone()),
            (_, Some(one)) if !key.inherited.by_entries() => merged.push(one.clone()),
            (below, above) => merged.extend(overlay(below, above, &removed)),
        }
    }
    Node { span: own.span.clone(), value: Value::Map(merged) }
}

/// An entry of a mapping that is not empty.
fn entry<'a>(node: &'a Node, name: &str) -> Option<&'a (Key, Node)> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(key, node)| key.text == name && node.value != Value::Null)
}

/// The base's entries in their order, each replaced where the other mapping has one of its name, without those that are removed; then
/// the new ones. A mapping that has become empty is left out.
fn overlay(
    below: Option<&(Key, Node)>,
    above: Option<&(Key, Node)>,
    removed: &[&str],
) -> Option<(Key, Node)> {
    let (key, node) = above.or(below)?;
    // What is a list on either side has no entries of a name: it is taken or replaced as a whole.
    let is_list = |of: Option<&(Key, Node)>| matches!(of, Some((_, Node { value: Value::List(_), .. })));
    if is_list(above) || is_list(below) {
        return Some((key.clone(), node.clone()));
    }
    let list = |of: Option<&(Key, Node)>| match of.map(|(_, node)| &node.value) {
        Some(Value::Map(entries)) => entries.clone(),
        _ => Vec::new(),
    };
    let (below, mut above) = (list(below), list(above));
    let mut merged = Vec::new();
    for entry in below.into_iter().filter(|(key, _)| !removed.contains(&name_of(key))) {
        match above.iter().position(|(key, _)| name_of(key) == name_of(&entry.0)) {
            Some(index) => merged.push(above.remove(index)),
            None => merged.push(entry),
        }
    }
    merged.extend(above);
    let node = Node { span: node.span.clone(), value: Value::Map(merged) };
    (node.value != Value::Map(Vec::new())).then(|| (key.clone(), node))
}

/// The name of an entry; that of a function stands before its arguments.
fn name_of(key: &Key) -> &str {
    key.text.split('(').next().unwrap_or_default().trim()
}

/// The names under `remove`; those that are no entries of the base are reported.
fn removed<'a>(base: &Node, own: &'a Node, problems: &mut Problems) -> Vec<&'a str> {
    let Some((_, Node { value: Value::List(items), .. })) = entry(own, "remove") else { return Vec::new() };
    let named = MODEL.keys.iter().filter(|key| matches!(key.takes, Takes::Entries(_) | Takes::Formulas(_)));
    let mut known = Vec::new();
    for key in named {
        if let Some((_, Node { value: Value::Map(entries), .. })) = entry(base, key.name) {
            known.extend(entries.iter().map(|(key, _)| name_of(key)));
        }
    }
    let mut removed = Vec::new();
    for item in items {
        let Value::Scalar(Scalar { text, .. }) = &item.value else { continue };
        let name = text.trim();
        if !known.contains(&name) {
            let help = suggestion(name, "entries of the base", known.iter().copied());
            let base = match entry(base, "name") {
                Some((_, Node { value: Value::Scalar(base), .. })) => base.text.trim(),
                _ => "the base",
            };
            let message = format!("`{name}` is not an entry of {base}");
            problems.push(Problem::new(&item.span, message).help(help));
        }
        removed.push(name);
    }
    removed
}
