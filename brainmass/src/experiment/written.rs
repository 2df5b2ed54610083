//! Trees of experiments as text, in one way whatever their authors wrote: mappings a line an entry, lists of plain values in one line.

use brainmass_spec::yaml::{Node, Value};

/// Writes a tree as the text of a file. `rename` gives the texts of scalars that are to be others.
pub fn written(root: &Node, rename: &dyn Fn(&Node) -> Option<String>) -> String {
    let mut text = String::new();
    match &root.value {
        Value::Map(entries) if !entries.is_empty() => map(entries, 0, rename, &mut text),
        _ => {
            text.push_str(&inline(root, rename));
            text.push('\n');
        }
    }
    text
}

/// Writes the entries of a mapping, each on lines of its own.
fn map(
    entries: &[(brainmass_spec::yaml::Key, Node)],
    depth: usize,
    rename: &dyn Fn(&Node) -> Option<String>,
    text: &mut String,
) {
    for (index, (key, node)) in entries.iter().enumerate() {
        // The first entry of an item of a list stands behind its dash.
        if index > 0 || !text.ends_with("- ") {
            text.push_str(&"  ".repeat(depth));
        }
        text.push_str(&scalar(&key.text));
        text.push(':');
        value(node, depth, rename, text);
    }
}

fn value(node: &Node, depth: usize, rename: &dyn Fn(&Node) -> Option<String>, text: &mut String) {
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => {
            text.push('\n');
            map(entries, depth + 1, rename, text);
        }
        Value::List(items) if items.iter().any(|item| matches!(&item.value, Value::Map(_))) => {
            text.push('\n');
            for item in items {
                text.push_str(&"  ".repeat(depth + 1));
                text.push_str("- ");
                match &item.value {
                    Value::Map(entries) if !entries.is_empty() => map(entries, depth + 2, rename, text),
                    _ => {
                        text.push_str(&inline(item, rename));
                        text.push('\n');
                    }
                }
            }
        }
        _ => {
            text.push(' ');
            text.push_str(&inline(node, rename));
            text.push('\n');
        }
    }
}

/// Writes a value in one line.
fn inline(node: &Node, rename: &dyn Fn(&Node) -> Option<String>) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar(own) => match rename(node) {
            Some(other) => scalar(&other),
            None => scalar(&own.text),
        },
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, rename)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entry = |(key, node): &(brainmass_spec::yaml::Key, Node)| {
                format!("{}: {}", scalar(&key.text), inline(node, rename))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Writes a text without quotes where no reader of YAML can take it for anything else, and in double quotes elsewhere.
fn scalar(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_./+-*()^% ".contains(letter);
    let starts = |text: &str| {
        let mut letters = text.chars();
        match letters.next() {
            Some('-' | '+' | '.') => letters.next().is_some_and(|letter| letter.is_ascii_digit()),
            Some('_' | '/') => true,
            Some(letter) => letter.is_ascii_alphanumeric(),
            None => false,
        }
    };
    // Readers take the one for nothing, and refuse numbers that are not finite.
    let is_special =
        text.eq_ignore_ascii_case("null") || text.parse::<f64>().is_ok_and(|number| !number.is_finite());
    if text.chars().all(is_plain) && starts(text) && !text.ends_with(' ') && !is_special {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter
                if letter.is_control()
                    || ('\u{2028}'..='\u{2029}').contains(&letter)
                    || letter == '\u{feff}' =>
            {
                quoted.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_spec::source::Source;
    use brainmass_spec::yaml::{Key, Scalar, parse};

    fn again(root: &Node) -> Node {
        let text = written(root, &|_| None);
        parse(&Source::new("again", text.clone()))
            .unwrap_or_else(|problem| panic!("{}\n{text}", problem.message))
    }

    /// The values alone, without their places.
    fn plain(node: &Node) -> String {
        match &node.value {
            Value::Null => "nothing".to_owned(),
            Value::Scalar(scalar) => format!("{:?}", scalar.text),
            Value::List(items) => format!("{:?}", items.iter().map(plain).collect::<Vec<_>>()),
            Value::Map(entries) => {
                format!(
                    "{:?}",
                    entries.iter().map(|(key, node)| (&key.text, plain(node))).collect::<Vec<_>>()
                )
            }
        }
    }

    #[test]
    fn a_tree_is_written_and_read_back() {
        let text = "
title: 'It''s: a \"title\" # not a comment'
model: HopfStep
parameters: {a: 0.02 /ms, w: {uniform: [0.05 rad/ms, 0.075 rad/ms], seed: 1}, b: [1e-3, -2, +.5, '.inf', '1e999']}
record: {again: x, 'odd, [name]': y}
projections:
  - {from: a.x, to: b.x_inp, weights: [[0, 1], [2, 0]]}
  - rule: Diffusive
    history: {series: [[1, 2]]}
odd: ['null', null, '', '- a', 'yes', 'no', '1', \"tab\\tand\\nline\", 'ä ö', '~', '*a', '&b', '? c']
empty: {}
none: []
";
        let root = parse(&Source::new("e.yaml", text)).unwrap();
        let back = again(&root);
        assert_eq!(plain(&back), plain(&root));
        assert_eq!(written(&back, &|_| None), written(&root, &|_| None));
    }

    /// Texts of all kinds of letters, drawn by a generator of congruences, as keys and values at several depths.
    #[test]
    fn any_text_is_written_and_read_back() {
        let letters: Vec<char> =
            "aZ09_ -:#,[]{}&*!|>'\"%@`\\/?.+~=\t\n\u{e9}\u{7f}\u{85}\u{2028}<$^();".chars().collect();
        let mut state = 1_u64;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let source = Source::new("made", "");
        let span = brainmass_spec::source::Span::new(&source, 0..0);
        for _ in 0..3000 {
            let mut word = || (0..draw(6)).map(|_| letters[draw(letters.len())]).collect::<String>();
            let node = |text: String| Node {
                value: Value::Scalar(Scalar { text, start: None }),
                span: span.clone(),
            };
            let key = |text: String| Key { text, span: span.clone() };
            let list = Value::List(vec![node(word()), node(word())]);
            let inner = Value::Map(vec![(key(word()), node(word()))]);
            let items = Value::List(vec![Node { value: inner.clone(), span: span.clone() }, node(word())]);
            let entries = [list, inner, items].map(|value| Node { value, span: span.clone() });
            let names = ["a", "b", "c"].map(|start| format!("{start}{}", word()));
            let entries = names.map(key).into_iter().zip(entries).collect();
            let root = Node { value: Value::Map(entries), span: span.clone() };
            assert_eq!(plain(&again(&root)), plain(&root));
        }
    }
}
