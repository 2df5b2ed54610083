//! Every file of the zoo, read by an independent YAML reader as well: both must see the same keys and values.

use std::fs;
use std::path::{Path, PathBuf};

use brainmass_spec::source::Source;
use brainmass_spec::yaml::{self, Node, Value};

fn model_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the models are part of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            model_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            files.push(path);
        }
    }
}

/// Returns the first difference between two trees, with its place; `None` where they are equal.
fn compare(ours: &Node, theirs: &serde_yaml::Value, place: &str) -> Option<String> {
    use serde_yaml::Value as Theirs;
    match (&ours.value, theirs) {
        (Value::Null, Theirs::Null) => None,
        (Value::Scalar(text), Theirs::String(string)) if text.text == *string => None,
        // Ours keeps the author's text, theirs the number.
        (Value::Scalar(text), Theirs::Number(number)) if text.text.parse::<f64>().ok() == number.as_f64() => {
            None
        }
        (Value::Scalar(text), Theirs::Bool(truth)) if text.text == truth.to_string() => None,
        (Value::List(items), Theirs::Sequence(others)) if items.len() == others.len() => {
            let pairs = items.iter().zip(others).enumerate();
            pairs.filter_map(|(i, (item, other))| compare(item, other, &format!("{place}[{i}]"))).next()
        }
        (Value::Map(entries), Theirs::Mapping(others)) if entries.len() == others.len() => {
            let pairs = entries.iter().zip(others);
            pairs
                .filter_map(|((key, node), (other_key, other))| {
                    let place = format!("{place}.{}", key.text);
                    if other_key.as_str() != Some(&key.text) {
                        return Some(format!("{place}: the other reader has the key {other_key:?}"));
                    }
                    compare(node, other, &place)
                })
                .next()
        }
        _ => Some(format!("{place}: {:?}, the other reader has {theirs:?}", ours.value)),
    }
}

#[test]
fn sees_what_ours_sees_in_every_model() {
    let mut files = Vec::new();
    model_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models")), &mut files);
    assert!(files.len() >= 37, "only {} files", files.len());
    for path in files {
        let text = fs::read_to_string(&path).expect("a file");
        let theirs: serde_yaml::Value = serde_yaml::from_str(&text).expect("the other reader takes it");
        let ours = yaml::parse(&Source::new(path.display().to_string(), text)).expect("ours takes it");
        assert_eq!(compare(&ours, &theirs, ""), None, "{}", path.display());
    }
}
