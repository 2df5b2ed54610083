//! `inputs`: what drives the ports.

use brainmass_spec::fields::{Fields, entries};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::yaml::{Node, Value};

use super::Timing;
use super::numbers::{PerNode, count, per_node, rows};
use crate::any::AnyModel;
use crate::simulator::{Input, whole_steps};

pub fn read(
    fields: &mut Fields,
    model: Option<&(dyn AnyModel + 'static)>,
    timing: Option<&Timing>,
    problems: &mut Problems,
) -> Vec<(String, Input)> {
    let (Some(node), Some(model)) = (fields.take("inputs"), model) else { return Vec::new() };
    let population = model.population();
    let info = population.info();
    let mut inputs = Vec::new();
    for (key, node) in entries(node, "a mapping with a value for each input", problems) {
        match info.input(&key.text) {
            Some(port) => {
                let port = &info.inputs[port];
                let wanted = PerNode { name: port.name, unit: port.unit, nodes: population.nodes() };
                let input = input(node, &wanted, timing, problems);
                inputs.extend(input.map(|input| (key.text.clone(), input)));
            }
            None => {
                let label = suggestion(&key.text, "inputs", info.inputs.iter().map(|input| input.name));
                let message = format!("{} has no input `{}`", info.name, key.text);
                problems.push(Problem::new(&key.span, message).label(label));
            }
        }
    }
    inputs
}

fn input(node: &Node, wanted: &PerNode, timing: Option<&Timing>, problems: &mut Problems) -> Option<Input> {
    let is_series = match &node.value {
        Value::Map(entries) => entries.iter().any(|(key, _)| key.text == "series" || key.text == "file"),
        _ => false,
    };
    if !is_series {
        return per_node(node, wanted, problems).map(Input::from);
    }
    let mut fields = Fields::new(node, "the input", problems);
    let hold = match fields.take("hold") {
        Some(node) => count(node, "`hold` in steps", 1..=u64::from(u32::MAX), problems),
        None => Some(1),
    };
    let rows = rows(fields, "series", wanted, problems)?;
    let hold = usize::try_from(hold?).ok()?;
    let steps = timing.and_then(|timing| whole_steps("duration", timing.duration.into(), timing.dt).ok());
    let covered = rows.nrows().saturating_mul(hold);
    if let Some(steps) = steps.filter(|steps| covered < *steps) {
        let message = format!(
            "the series of `{}` ends after {covered} steps of {steps}: {} rows are needed, there are {}",
            wanted.name,
            steps.div_ceil(hold),
            rows.nrows()
        );
        problems
            .push(Problem::new(&node.span, message).help("hold each row longer with `hold`, or run shorter"));
        return None;
    }
    Some(Input::Series { rows, hold })
}
