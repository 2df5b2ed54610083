//! Short forms of keys, written out before a tree is read or merged with another.

use crate::problem::{Problem, Problems};
use crate::yaml::{Key, Node, Value};

/// Returns the tree with `scheme: x` written out as `integration: {scheme: x}`, so that what reads and merges trees sees one form.
pub fn written_out(mut root: Node, problems: &mut Problems) -> Node {
    let Value::Map(entries) = &mut root.value else { return root };
    let Some(at) = entries.iter().position(|(key, node)| key.text == "scheme" && node.value != Value::Null)
    else {
        return root;
    };
    let (key, scheme) = entries.remove(at);
    let written = (key.clone(), scheme.clone());
    match entries.iter_mut().find(|(key, _)| key.text == "integration") {
        None => {
            let node = Node { span: scheme.span.clone(), value: Value::Map(vec![written]) };
            entries.push((Key { text: "integration".to_owned(), span: key.span }, node));
        }
        Some((_, node)) => match &mut node.value {
            Value::Null => node.value = Value::Map(vec![written]),
            Value::Map(inner) if inner.iter().any(|(key, _)| key.text == "scheme") => {
                let message = "the scheme is given twice: here, and under `integration`";
                problems.push(Problem::new(&key.span, message).help("keep the one under `integration`"));
            }
            Value::Map(inner) => inner.push(written),
            // Reported where `integration` is read.
            Value::Scalar(_) | Value::List(_) => {}
        },
    }
    root
}
