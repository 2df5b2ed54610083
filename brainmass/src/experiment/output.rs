//! The keys `output` and `plot`, which name files to write.

use std::path::PathBuf;

use brainmass_spec::fields::text;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Node, Value};

use super::context::Context;
use super::keys::Keys;

/// Endings of files that hold runs.
pub const RUNS: [&str; 3] = ["npz", "csv", "json"];
/// Endings of figures.
pub const FIGURES: [&str; 3] = ["png", "svg", "pdf"];
/// Endings of files that hold the results of a sweep.
#[cfg(not(feature = "parquet"))]
pub const SWEEP_RESULTS: &[&str] = &["csv", "npz"];
/// Endings of files that hold the results of a sweep.
#[cfg(feature = "parquet")]
pub const SWEEP_RESULTS: &[&str] = &["csv", "npz", "parquet"];
/// Endings of files that hold the result and the history of a fit.
#[cfg(feature = "fit")]
pub const FIT_RESULTS: [&str; 2] = ["json", "csv"];

/// Reads the files of a run and its figure.
pub fn read(keys: &mut Keys, context: &Context, problems: &mut Problems) -> (Vec<PathBuf>, Option<PathBuf>) {
    let output = paths(keys, "output", "a run", &RUNS, context, problems);
    (output, figure(keys, context, problems))
}

/// Reads the figure to draw, of which there is one at most.
pub fn figure(keys: &mut Keys, context: &Context, problems: &mut Problems) -> Option<PathBuf> {
    let node = keys.take("plot", problems)?;
    match &node.value {
        // A flag is a list of those given.
        Value::List(items) => {
            if let [_, second, ..] = &items[..] {
                problems.push(Problem::new(&second.span, "there is one `plot`; this is a second"));
            }
            items.first().and_then(|item| path(item, "a figure", &FIGURES, context, problems))
        }
        _ => path(node, "a figure", &FIGURES, context, problems),
    }
}

/// Reads the files, one or a list, under a key.
pub fn paths(
    keys: &mut Keys,
    key: &'static str,
    what: &str,
    endings: &[&str],
    context: &Context,
    problems: &mut Problems,
) -> Vec<PathBuf> {
    match keys.take(key, problems) {
        None => Vec::new(),
        Some(Node { value: Value::List(items), .. }) => {
            items.iter().filter_map(|item| path(item, what, endings, context, problems)).collect()
        }
        Some(node) => path(node, what, endings, context, problems).into_iter().collect(),
    }
}

/// Says which endings there are, in place of one that is none of them.
pub fn ending_help(ending: &str, endings: &[&str]) -> String {
    let known = format!("its ending must be .{}", endings.join(", ."));
    match ending == "parquet" && endings == SWEEP_RESULTS {
        true => format!(
            "{known}; `.parquet` needs a build with the feature of this name, `cargo install brainmass-cli --features \
             parquet`, or the Python package"
        ),
        false => known,
    }
}

fn path(
    node: &Node,
    what: &str,
    endings: &[&str],
    context: &Context,
    problems: &mut Problems,
) -> Option<PathBuf> {
    let name = text(node, problems)?;
    let path = context.path(&name);
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if endings.contains(&ending.as_str()) {
        return Some(path);
    }
    let message = format!("cannot tell from `{}` how to write {what}", name.value);
    problems.push(Problem::new(&name.span, message).help(ending_help(&ending, endings)));
    None
}
