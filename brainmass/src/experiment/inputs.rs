//! Inputs, which drive the ports: values, a series, a stimulus, noise, or the sum of several.

use brainmass_spec::fields::list;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::Node;

use super::basics::{PerNode, has_key, named_unit};
use super::context::Context;
use super::groups::Group;
use super::keys::{Keys, SUM};
use super::numbers::{per_node, series};
use super::processes;
use super::stimuli::{self, SHAPES, Shape};
use super::times::Timing;
use brainmass_sim::simulator::{Input, Simulator};

/// Reads what drives a port of a group.
pub fn read(
    node: &Node,
    (group, port): (&Group, usize),
    timing: Option<&Timing>,
    context: &Context,
    problems: &mut Problems,
) -> Option<Input> {
    let port = &group.info().inputs[port];
    let wanted = PerNode { name: &port.name, unit: named_unit(&port.unit), nodes: group.nodes() };
    let input = source(node, &wanted, timing, context, problems)?;
    if let (Some(timing), false) = (timing, matches!(input, Input::Constant(_))) {
        // What only the source itself can tell, such as a correlation time below 0.
        let alone = Simulator::new(group.model.clone()).dt(timing.dt).input(port.name.clone(), input.clone());
        if let Err(error) = alone.start() {
            problems.push(Problem::new(&node.span, error.to_string()));
            return None;
        }
    }
    Some(input)
}

fn source(
    node: &Node,
    wanted: &PerNode,
    timing: Option<&Timing>,
    context: &Context,
    problems: &mut Problems,
) -> Option<Input> {
    if has_key(node, &["sum"]) {
        let mut keys = Keys::open(node, "the sum", &[&SUM], problems);
        let terms = keys.take("sum", problems).map(|node| list(node, problems)).unwrap_or_default();
        keys.finish(problems);
        let sources: Vec<Input> =
            terms.iter().filter_map(|term| source(term, wanted, timing, context, problems)).collect();
        return (sources.len() == terms.len()).then_some(Input::Sum(sources));
    }
    if has_key(node, &["noise"]) {
        return processes::read(node, wanted, context, problems).map(Input::from);
    }
    let shapes: Vec<&Shape> = SHAPES.iter().filter(|shape| has_key(node, &[shape.name])).collect();
    match shapes[..] {
        [] => {}
        [shape] => return stimuli::read(shape, node, wanted, context, problems).map(Input::from),
        [first, second, ..] => {
            let message = format!("`{}` and `{}` are two stimuli", first.name, second.name);
            let problem = Problem::new(&node.span, message);
            problems.push(problem.help("a stimulus has one shape; put several under `sum`"));
            return None;
        }
    }
    if !has_key(node, &["series", "file"]) {
        return per_node(node, wanted, context, problems).map(Input::from);
    }
    let (rows, hold) = series(node, wanted, context, problems)?;
    let covered = rows.nrows().saturating_mul(hold);
    if let Some(steps) = timing.map(Timing::steps).filter(|steps| covered < *steps) {
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
