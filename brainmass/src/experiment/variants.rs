//! Versions of an experiment file in which other values stand under some keys.

use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Key, Node, Value};

/// Puts values under keys of a tree; that a key leads nowhere is reported at the value.
pub fn changed(root: &Node, changes: &[(&[String], &Node)], problems: &mut Problems) -> Node {
    let mut root = root.clone();
    if let Value::Map(entries) = &mut root.value {
        // What is run of it is one run, which is written nowhere.
        entries.retain(|(key, _)| {
            !["sweep", "fit", "continuation", "output", "plot"].contains(&key.text.as_str())
        });
    }
    for (path, value) in changes {
        if let Err(message) = put(&mut root, path, value) {
            problems.push(Problem::new(&value.span, message));
        }
    }
    root
}

/// Says of a mistake in a version of the file which values it has: it may show itself far from them, such as that a duration is no multiple of a time
/// step.
pub fn told(problem: &Problem, changes: &[(&[String], &Node)]) -> Problem {
    let shown = |(path, value): &(&[String], &Node)| match &value.value {
        Value::Scalar(scalar) => format!("`{}` = {}", path.join("."), scalar.text),
        _ => format!("`{}`", path.join(".")),
    };
    let values: Vec<String> = changes.iter().map(shown).collect();
    problem.clone().help(format!("this is so where the sweep has {}", values.join(", ")))
}

/// Puts a value under a key, which is made where it is not there.
fn put(node: &mut Node, path: &[String], value: &Node) -> Result<(), String> {
    let Some((name, rest)) = path.split_first() else {
        *node = value.clone();
        return Ok(());
    };
    match &mut node.value {
        Value::Map(entries) => match entries.iter_mut().find(|(key, _)| key.text == *name) {
            Some((_, inner)) => put(inner, rest, value),
            None => {
                let mut inner = Node { value: Value::Map(Vec::new()), span: value.span.clone() };
                put(&mut inner, rest, value)?;
                entries.push((Key { text: name.clone(), span: value.span.clone() }, inner));
                Ok(())
            }
        },
        Value::List(items) => {
            let count = items.len();
            match name.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                Some(item) => put(item, rest, value),
                None => {
                    Err(format!("there is no item `{name}` in a list of {count}; they are counted from 0"))
                }
            }
        }
        Value::Scalar(_) | Value::Null => {
            Err(format!("there is no `{name}` here: the file has {} in its place", node.describe()))
        }
    }
}
