//! `model`, `nodes`, `preset`: which nodes there are.

use brainmass_spec::fields::{Fields, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};

use super::numbers::count;
use crate::any::AnyModel;
use crate::catalogue::{COLLECTIONS, Create, Entry};
use crate::info::Kind;

/// The most nodes that a file may ask for: a slip of the finger must not fill the memory.
const MOST_NODES: u64 = 100_000_000;

pub fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Box<dyn AnyModel>> {
    let name = fields.take("model");
    let nodes = fields.take("nodes");
    let preset = fields.take("preset");
    let nodes = match nodes {
        Some(node) => count(node, "the number of nodes", 1..=MOST_NODES, problems),
        None => Some(1),
    };
    let Some(name) = name else {
        let problem = Problem::new(fields.span(), "there is no `model`");
        problems.push(problem.help("name one, as in `model: HopfStep`; `brainmass list` shows them all"));
        return None;
    };
    let name = text(name, problems)?;
    let Some(entry) = entries().find(|entry| entry.info.name == name.value) else {
        let known = entries().filter(|entry| matches!(entry.create, Create::Node(_)));
        let label = suggestion(&name.value, "models", known.map(|entry| entry.info.name));
        problems.push(Problem::new(&name.span, format!("there is no model `{}`", name.value)).label(label));
        return None;
    };
    let Create::Node(create) = entry.create else {
        let message = format!("`{}` is {}", name.value, describe(entry.info.kind));
        problems.push(Problem::new(&name.span, message).label("a model of nodes is needed"));
        return None;
    };
    let mut model = create(usize::try_from(nodes?).unwrap_or(usize::MAX));
    if let Some(preset) = preset.and_then(|node| text(node, problems)) {
        let presets = entry.info.presets;
        match presets.iter().find(|known| known.name == preset.value) {
            Some(known) => {
                for &(index, value) in known.values {
                    model.population_mut().set_parameter(index, value.into());
                }
            }
            None => {
                let label = suggestion(&preset.value, "presets", presets.iter().map(|preset| preset.name));
                let message = format!("{} has no preset `{}`", entry.info.name, preset.value);
                problems.push(Problem::new(&preset.span, message).label(label));
            }
        }
    }
    Some(model)
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    COLLECTIONS.iter().flat_map(|collection| collection.entries)
}

fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Node => "a model of nodes",
        Kind::Coupling => "a coupling rule, which has no states of its own",
        Kind::Observation => "an observation model",
        Kind::SequenceLayer => "a layer, which is made with weights",
        Kind::SequenceNetwork => "a stack of layers, which is made with weights",
    }
}
