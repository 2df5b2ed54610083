//! `parameters`, `initial`: values of parameters and states by name.

use brainmass_spec::fields::{Fields, entries};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::yaml::Node;

use super::groups::Scope;
use super::numbers::{PerNode, per_node};
use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::Values;

pub fn read(fields: &mut Fields, scope: Option<&mut Scope>, problems: &mut Problems) {
    let (parameters, initial) = (fields.take("parameters"), fields.take("initial"));
    let Some(scope) = scope else { return };
    if let Some(node) = parameters {
        let known =
            |info: &'static ModelInfo| info.parameters.iter().map(|entry| (entry.name, entry.unit)).collect();
        for (group, index, values) in named(node, "parameter", scope, known, problems) {
            scope.members[group].model.population_mut().set_parameter(index, values);
        }
    }
    if let Some(node) = initial {
        for (group, index, values) in named(node, "state", scope, states, problems) {
            scope.members[group].model.population_mut().set_initial(index, values);
        }
    }
}

/// The states of a model with their units.
pub fn states(info: &'static ModelInfo) -> Vec<(&'static str, &'static str)> {
    info.states.iter().map(|entry| (entry.name, entry.unit)).collect()
}

/// Values by name: groups, indices into what `known` says of the group's model (names and units), and numbers in these units.
pub fn named(
    node: &Node,
    what: &str,
    scope: &Scope,
    known: impl Fn(&'static ModelInfo) -> Vec<(&'static str, &'static str)>,
    problems: &mut Problems,
) -> Vec<(usize, usize, Values)> {
    let all = scope.list(|info| known(info).into_iter().map(|(name, _)| name).collect());
    let mut found = Vec::new();
    for (key, value) in entries(node, &format!("a mapping with a value for each {what}"), problems) {
        let Some((_, group, index)) = all.iter().find(|(name, ..)| *name == key.text) else {
            let label =
                suggestion(&key.text, &format!("{what}s"), all.iter().map(|(name, ..)| name.as_str()));
            let message = format!("{} has no {what} `{}`", scope.label(), key.text);
            problems.push(Problem::new(&key.span, message).label(label));
            continue;
        };
        let member = &scope.members[*group];
        let (name, unit) = known(member.info())[*index];
        let wanted = PerNode { name, unit, nodes: member.nodes() };
        found.extend(per_node(value, &wanted, problems).map(|values| (*group, *index, values)));
    }
    found
}
