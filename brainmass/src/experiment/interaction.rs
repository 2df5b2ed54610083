//! `interaction`: weights of models that couple their own nodes, and how the sum is taken.

use brainmass_spec::fields::{Fields, truth};
use brainmass_spec::problem::{Problem, Problems};

use super::groups::Scope;
use super::numbers::matrix;

pub fn read(fields: &mut Fields, scope: Option<&mut Scope>, problems: &mut Problems) {
    if scope.as_ref().is_some_and(|scope| scope.prefixed) {
        // It is said of one group, within it.
        return;
    }
    let Some(node) = fields.take("interaction") else { return };
    let mut entries = Fields::new(node, "the interaction", problems);
    let weights = entries.take("weights");
    let normalize = entries.take("normalize_by_n").and_then(|node| truth(node, problems));
    let exclude = entries.take("exclude_self").and_then(|node| truth(node, problems));
    entries.finish(problems);
    let Some(scope) = scope else { return };
    let population = scope.members[0].model.population_mut();
    let (info, nodes) = (population.info(), population.nodes());
    if info.internal_coupling.is_none() {
        let message = format!("{} has no interaction inside", info.name);
        problems.push(Problem::new(&node.span, message).label("it is for models such as KuramotoNetwork"));
        return;
    }
    if let Some(node) = weights
        && let Some(weights) = matrix(node, "weights", (nodes, nodes), problems)
    {
        population.set_weights(weights);
    }
    let interaction = population.interaction_mut();
    interaction.normalize = normalize.unwrap_or(interaction.normalize);
    interaction.exclude_self = exclude.unwrap_or(interaction.exclude_self);
}
