//! `inputs`: what drives the ports.

use brainmass_spec::fields::{Fields, entries};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::yaml::Node;

use super::Timing;
use super::groups::Scope;
use super::numbers::{PerNode, count, has_key, per_node, rows};
use crate::simulator::{Input, whole_steps};

pub fn read(
    fields: &mut Fields,
    scope: Option<&Scope>,
    timing: Option<&Timing>,
    problems: &mut Problems,
) -> Vec<(String, Input)> {
    let (Some(node), Some(scope)) = (fields.take("inputs"), scope) else { return Vec::new() };
    let ports = scope.list(|info| info.inputs.iter().map(|input| input.name).collect());
    let mut inputs = Vec::new();
    for (key, node) in entries(node, "a mapping with a value for each input", problems) {
        let Some((name, group, port)) = ports.iter().find(|(name, ..)| *name == key.text) else {
            let label = suggestion(&key.text, "inputs", ports.iter().map(|(name, ..)| name.as_str()));
            let message = format!("{} has no input `{}`", scope.label(), key.text);
            problems.push(Problem::new(&key.span, message).label(label));
            continue;
        };
        let member = &scope.members[*group];
        let port = &member.info().inputs[*port];
        let wanted = PerNode { name: port.name, unit: port.unit, nodes: member.nodes() };
        inputs.extend(input(node, &wanted, timing, problems).map(|input| (name.clone(), input)));
    }
    inputs
}

fn input(node: &Node, wanted: &PerNode, timing: Option<&Timing>, problems: &mut Problems) -> Option<Input> {
    if !has_key(node, &["series", "file"]) {
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
