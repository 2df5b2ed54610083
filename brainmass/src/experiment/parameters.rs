//! `parameters`, `initial`: values of parameters and states by name.

use brainmass_spec::fields::{Fields, entries};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::yaml::Node;

use super::numbers::{PerNode, per_node};
use crate::any::AnyModel;

pub fn read(fields: &mut Fields, model: Option<&mut (dyn AnyModel + 'static)>, problems: &mut Problems) {
    let (parameters, initial) = (fields.take("parameters"), fields.take("initial"));
    let Some(model) = model else { return };
    let population = model.population_mut();
    let (info, nodes) = (population.info(), population.nodes());
    if let Some(node) = parameters {
        let known: Vec<_> = info.parameters.iter().map(|entry| (entry.name, entry.unit)).collect();
        for (index, values) in named(node, "parameter", info.name, &known, nodes, problems) {
            population.set_parameter(index, values);
        }
    }
    if let Some(node) = initial {
        let known: Vec<_> = info.states.iter().map(|entry| (entry.name, entry.unit)).collect();
        for (index, values) in named(node, "state", info.name, &known, nodes, problems) {
            population.set_initial(index, values);
        }
    }
}

/// Values by name: indices into `known`, which pairs names with units, and numbers in these units.
pub fn named(
    node: &Node,
    what: &str,
    model: &str,
    known: &[(&'static str, &'static str)],
    nodes: usize,
    problems: &mut Problems,
) -> Vec<(usize, crate::quantity::Values)> {
    let mut found = Vec::new();
    for (key, value) in entries(node, &format!("a mapping with a value for each {what}"), problems) {
        let Some(index) = known.iter().position(|(name, _)| *name == key.text) else {
            let label = suggestion(&key.text, &format!("{what}s"), known.iter().map(|(name, _)| *name));
            let message = format!("{model} has no {what} `{}`", key.text);
            problems.push(Problem::new(&key.span, message).label(label));
            continue;
        };
        let wanted = PerNode { name: known[index].0, unit: known[index].1, nodes };
        found.extend(per_node(value, &wanted, problems).map(|values| (index, values)));
    }
    found
}
