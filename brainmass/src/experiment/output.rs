//! `output`, `plot`: files to write.

use std::path::PathBuf;

use brainmass_spec::fields::{Fields, text};
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Node, Value};

use super::array_file::beside;

/// Endings of files that hold runs.
pub const RUNS: [&str; 3] = ["npz", "csv", "json"];
/// Endings of figures.
pub const FIGURES: [&str; 2] = ["png", "svg"];

pub fn read(fields: &mut Fields, problems: &mut Problems) -> (Vec<PathBuf>, Option<PathBuf>) {
    let output = paths(fields, "output", "a run", &RUNS, problems);
    let plot = fields.take("plot").and_then(|node| path(node, "a figure", &FIGURES, problems));
    (output, plot)
}

/// The files, one or a list, under a key.
pub fn paths(
    fields: &mut Fields,
    key: &'static str,
    what: &str,
    endings: &[&str],
    problems: &mut Problems,
) -> Vec<PathBuf> {
    match fields.take(key) {
        None => Vec::new(),
        Some(Node { value: Value::List(items), .. }) => {
            items.iter().filter_map(|item| path(item, what, endings, problems)).collect()
        }
        Some(node) => path(node, what, endings, problems).into_iter().collect(),
    }
}

fn path(node: &Node, what: &str, endings: &[&str], problems: &mut Problems) -> Option<PathBuf> {
    let name = text(node, problems)?;
    let path = beside(&name);
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if endings.contains(&ending) {
        return Some(path);
    }
    let message = format!("cannot tell from `{}` how to write {what}", name.value);
    problems.push(
        Problem::new(&name.span, message).label(format!("its ending must be .{}", endings.join(", ."))),
    );
    None
}
