//! The section `interaction` of models that couple their own nodes: weights, and how the sum is taken.

use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::Node;

use super::context::Context;
use super::keys::{INTERACTION, Keys};
use super::numbers::matrix;
use super::sizes::pairs_fit;
use brainmass_core::any::AnyModel;

/// Reads the section and sets the interaction of a model.
pub fn read(node: &Node, model: &mut dyn AnyModel, context: &Context, problems: &mut Problems) {
    let mut keys = Keys::open(node, "the interaction", &[&INTERACTION], problems);
    let weights = keys.take("weights", problems);
    let normalize = keys.truth("normalize_by_n", problems);
    let exclude = keys.truth("exclude_self", problems);
    keys.finish(problems);
    let population = model.population_mut();
    let (info, nodes) = (population.info(), population.nodes());
    if info.internal_coupling.is_none() {
        let message = format!("{} has no interaction inside", info.name);
        problems.push(Problem::new(&node.span, message).help("it is for models such as KuramotoNetwork"));
        return;
    }
    if let Some(node) = weights
        && pairs_fit((nodes, nodes), node, context, problems)
        && let Some(weights) = matrix(node, ("weights", "1"), (nodes, nodes), context, problems)
    {
        population.set_weights(weights);
    }
    let interaction = population.interaction_mut();
    interaction.normalize = normalize.unwrap_or(interaction.normalize);
    interaction.exclude_self = exclude.unwrap_or(interaction.exclude_self);
}
