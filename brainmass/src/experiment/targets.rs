//! Targets: the data that signals are compared with, and the settings of objectives.

use brainmass_spec::fields::list;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::yaml::{Node, Value};
use ndarray::Array2;

use super::array_file;
use super::basics::whole;
use super::context::Context;
use super::keys::{Keys, MATRIX};
use super::lists::{numbers, pair};
use brainmass_data::analysis::Windows;
use brainmass_data::io::table::Format;
use brainmass_data::objectives::{FcTarget, Objective, ObjectiveError, Settings};
use brainmass_sim::noise::UniformStream;

/// The kinds of target of objectives of functional connectivity, by name.
const TARGETS: [(&str, FcTarget); 2] =
    [("signal", FcTarget::Signal), ("connectivity", FcTarget::Connectivity)];

/// The most numbers of a signal that is made up to try an objective.
const MOST_TRIED: u64 = 200_000;

/// Says what an objective objects to in the shapes of a signal and a target, if anything. The values of the signal play no role.
pub fn misfit(
    objective: &dyn Objective,
    (rows, columns): (usize, usize),
    target: &Array2<f64>,
) -> Option<String> {
    if (rows as u64).saturating_mul(columns as u64) > MOST_TRIED {
        return None;
    }
    let mut any = Array2::zeros((rows, columns));
    if let Some(numbers) = any.as_slice_mut() {
        UniformStream::new(1, 0).fill(0, 0, numbers);
    }
    match objective.value(any.view(), target.view()) {
        Ok(_) => None,
        // That random numbers are no density says nothing.
        Err(ObjectiveError::NotADensity { what, .. }) if what.contains("prediction") => None,
        Err(error) => Some(error.to_string()),
    }
}

/// Reads `windows` and `target_is`, the settings of objectives.
pub fn settings(keys: &mut Keys, problems: &mut Problems) -> Option<Settings> {
    let windows = keys.take("windows", problems);
    let target_is = keys.choice("target_is", &TARGETS, problems);
    let mut settings = match Settings::of_windows(30, 5) {
        Ok(settings) => settings,
        Err(error) => {
            problems.push(Problem::new(keys.span(), error.to_string()));
            return None;
        }
    };
    if let Some(node) = windows {
        let (size, step) = pair(node, "whole numbers", problems)?;
        if [size, step].iter().any(|number| number.fract() != 0.0 || *number < 1.0) {
            let message =
                format!("windows have a size and a step in rows, whole numbers; found [{size}, {step}]");
            problems.push(Problem::new(&node.span, message));
            return None;
        }
        match Windows::new(whole(size) as usize, whole(step) as usize) {
            Ok(windows) => settings.windows = windows,
            Err(error) => {
                problems.push(Problem::new(&node.span, error.to_string()));
                return None;
            }
        }
    }
    settings.fc_target = target_is.unwrap_or(settings.fc_target);
    Some(settings)
}

/// Reads the target of `what`, which stands at `whole`: `{file: data.npz, array: fc}`, or a list of rows.
pub fn target(
    node: Option<&Node>,
    (what, whole): (&str, &Span),
    context: &Context,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let Some(node) = node else {
        let problem = Problem::new(whole, format!("{what} needs a `target` to compare with"));
        problems.push(problem.help("write for example `target: {file: data.npz, array: fc}`"));
        return None;
    };
    if let Value::Map(_) = node.value {
        let mut keys = Keys::open(node, "the target", &[&MATRIX], problems);
        let (file, array) = (keys.take("file", problems), keys.text("array", problems));
        let format = array_file::layout(&mut keys, problems);
        keys.finish(problems);
        let Some(file) = file else {
            problems.push(Problem::new(&node.span, "expected a `file` with the target"));
            return None;
        };
        return of_file(file, array.as_ref(), &format, context, problems);
    }
    let items = list(node, problems);
    let rows: Vec<Vec<f64>> = items.iter().filter_map(|row| numbers(row, problems)).collect();
    if rows.len() < items.len() {
        return None;
    }
    let Some(width) = rows.first().map(Vec::len) else {
        problems.push(Problem::new(&node.span, "the target has no rows"));
        return None;
    };
    if rows.iter().any(|row| row.len() != width) {
        problems.push(Problem::new(&node.span, "the rows of the target have different lengths"));
        return None;
    }
    Array2::from_shape_vec((rows.len(), width), rows.concat()).ok()
}

/// Reads a target from a file, its regions in the order of the network.
fn of_file(
    file: &Node,
    array: Option<&Spanned<String>>,
    format: &Format,
    context: &Context,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let found = array_file::read(file, array, format, context, problems)?;
    let Some(regions) = context.region_names().map(|names| names.len()) else { return Some(found.values) };
    let mut values = found.values;
    for (axis, names) in [(0, found.rows), (1, found.columns)] {
        let axis = ndarray::Axis(axis);
        let names = names.or_else(|| found.names.clone()).filter(|names| names.len() == values.len_of(axis));
        if let Some(names) = names
            && let Some(order) = context.order(&names, "the target", regions, &file.span, problems)?
        {
            values = values.select(axis, &order);
        }
    }
    Some(values)
}
