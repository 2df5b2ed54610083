//! A model that is read at run time.

use std::fmt;
use std::sync::Arc;

use brainmass_spec::document::Kind;
use brainmass_spec::model::Model;

use super::describe;
use super::nodes::Nodes;
use crate::coupling::{AnyRule, InterpretedRule};
use crate::engine::interpreted::Interpreted;
use crate::engine::{Engine, Interaction};
use crate::info::ModelInfo;
use crate::registry::{Create, Entry};
use crate::shared::Shared;

/// A model that is read at run time: a node model, a coupling rule, or a model of sequences, of which the catalogue entry alone is made.
#[derive(Clone)]
pub struct LoadedModel {
    info: Shared<ModelInfo>,
    parts: Parts,
}

/// The parts from which nodes or rules of a model are made.
#[derive(Clone)]
enum Parts {
    Nodes { engine: Shared<dyn Engine>, interaction: Option<Shared<dyn Interaction>> },
    Rule(Box<dyn AnyRule>),
    Sequence,
}

impl LoadedModel {
    /// Makes a model that the interpreted engine runs.
    pub fn interpreted(model: &Model) -> Self {
        Self::described(Arc::new(describe::describe(model)).into(), model)
    }

    /// Makes a model that the interpreted engine runs, of which `info` is the catalogue entry.
    pub(super) fn described(info: Shared<ModelInfo>, model: &Model) -> Self {
        let parts = match model.kind {
            Kind::Node | Kind::Observation => {
                let engine = Interpreted::new(info.clone(), model);
                let interaction = engine.interaction(model).map(|interaction| {
                    let interaction: Arc<dyn Interaction> = Arc::new(interaction);
                    interaction.into()
                });
                let engine: Arc<dyn Engine> = Arc::new(engine);
                Parts::Nodes { engine: engine.into(), interaction }
            }
            Kind::Coupling => match InterpretedRule::new(info.clone(), model) {
                Some(rule) => Parts::Rule(Box::new(rule)),
                None => unreachable!("a checked rule has a term"),
            },
            Kind::SequenceLayer | Kind::SequenceNetwork => Parts::Sequence,
        };
        Self { info, parts }
    }

    /// Makes a model that runs compiled if one of these entries was compiled from the same text, and interpreted if not.
    pub fn new<'a>(model: &Model, compiled: impl IntoIterator<Item = &'a Entry>) -> Self {
        let is_same = |entry: &&Entry| {
            entry.name() == model.name && entry.info.hash == model.hash && entry.yaml() == model.source.text
        };
        match compiled.into_iter().find(is_same) {
            Some(entry) => Self::from(entry),
            None => Self::interpreted(model),
        }
    }

    /// The catalogue entry of the model.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The engine of the model; `None` for a coupling rule and for a model of sequences.
    pub fn engine(&self) -> Option<&dyn Engine> {
        match &self.parts {
            Parts::Nodes { engine, .. } => Some(&**engine),
            Parts::Rule(_) | Parts::Sequence => None,
        }
    }

    /// Makes nodes with default parameters; `None` for a model that has no nodes.
    #[track_caller]
    pub fn nodes(&self, count: usize) -> Option<Nodes> {
        match &self.parts {
            Parts::Nodes { engine, interaction } => {
                Some(Nodes::new(self.info.clone(), engine.clone(), interaction.clone(), count))
            }
            Parts::Rule(_) | Parts::Sequence => None,
        }
    }

    /// Makes a coupling rule with default parameters; `None` for a model that is no rule.
    pub fn rule(&self) -> Option<Box<dyn AnyRule>> {
        match &self.parts {
            Parts::Rule(rule) => Some(rule.clone()),
            Parts::Nodes { .. } | Parts::Sequence => None,
        }
    }
}

impl From<&Entry> for LoadedModel {
    fn from(entry: &Entry) -> Self {
        let parts = match (entry.nodes(1), entry.rule()) {
            (Some(nodes), _) => {
                Parts::Nodes { engine: nodes.shared_engine(), interaction: nodes.shared_interaction() }
            }
            (None, Some(rule)) => Parts::Rule(rule),
            (None, None) => Parts::Sequence,
        };
        Self { info: entry.info.clone(), parts }
    }
}

impl From<&LoadedModel> for Entry {
    fn from(model: &LoadedModel) -> Self {
        let info = model.info.clone();
        let create = match &model.parts {
            Parts::Nodes { engine, interaction } => {
                let (info, engine, interaction) = (info.clone(), engine.clone(), interaction.clone());
                let create: Arc<crate::registry::CreateNodes> = Arc::new(move |count| {
                    Box::new(Nodes::new(info.clone(), engine.clone(), interaction.clone(), count))
                });
                Create::Node(create.into())
            }
            Parts::Rule(rule) => {
                let rule = rule.clone();
                let create: Arc<crate::registry::CreateRule> = Arc::new(move || rule.clone());
                Create::Rule(create.into())
            }
            Parts::Sequence => Create::Sequence,
        };
        Self::new(info, create)
    }
}

impl fmt::Debug for LoadedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadedModel").field("name", &self.info.name).finish_non_exhaustive()
    }
}
