//! `model`, `nodes`, `preset`, or `groups` of them: which nodes there are.

use brainmass_spec::fields::{Fields, entries, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};

use super::numbers::count;
use super::{Timing, inputs, interaction, noise, parameters};
use brainmass_core::any::AnyModel;
use brainmass_core::registry::{Create, Entry};

use crate::catalogue::COLLECTIONS;
use brainmass_core::info::{Kind, ModelInfo};
use brainmass_sim::simulator::Input;

/// The most nodes that a file may ask for: a slip of the finger must not fill the memory.
const MOST_NODES: u64 = 100_000_000;

/// Nodes of one model. The name is empty where there is only one group and nobody named it.
pub struct Member {
    pub name: String,
    pub model: Box<dyn AnyModel>,
}

impl Member {
    pub fn info(&self) -> &'static ModelInfo {
        self.model.population().info()
    }

    pub fn nodes(&self) -> usize {
        self.model.population().nodes()
    }
}

/// The groups that a section is about, and whether what is in them is called `group.name` there.
pub struct Scope<'a> {
    pub members: &'a mut [Member],
    pub prefixed: bool,
}

impl<'a> Scope<'a> {
    /// All groups of a network.
    pub fn all(members: &'a mut [Member]) -> Self {
        let prefixed = members.len() > 1;
        Self { members, prefixed }
    }

    /// How what messages are about is called.
    pub fn label(&self) -> &'static str {
        if self.prefixed { "the network" } else { self.members[0].info().name }
    }

    /// Everything of a kind: its name here, its group, its index there.
    pub fn list(&self, of: impl Fn(&'static ModelInfo) -> Vec<&'static str>) -> Vec<(String, usize, usize)> {
        let full = |member: &Member, name: &str| {
            if self.prefixed { format!("{}.{name}", member.name) } else { name.to_owned() }
        };
        let members = self.members.iter().enumerate();
        members
            .flat_map(|(group, member)| {
                let names = of(member.info()).into_iter().enumerate();
                names.map(move |(index, name)| (full(member, name), group, index)).collect::<Vec<_>>()
            })
            .collect()
    }
}

/// The groups of an experiment with all that is said about them; `None` if a model could not be read. `regions` is the number of nodes if
/// none is given.
pub fn read(
    fields: &mut Fields,
    regions: Option<usize>,
    timing: Option<&Timing>,
    problems: &mut Problems,
) -> (Option<Vec<Member>>, Vec<(String, Input)>) {
    let Some(groups) = fields.take("groups") else {
        let mut members =
            model(fields, regions, problems).map(|model| vec![Member { name: String::new(), model }]);
        let scope = members.as_deref_mut().map(Scope::all);
        let inputs = settings(fields, scope, timing, problems);
        return (members, inputs);
    };
    let mut members = Some(Vec::new());
    let mut inputs = Vec::new();
    let listed = entries(groups, "a mapping with a model for each group", problems);
    if listed.is_empty() {
        problems.push(Problem::new(&groups.span, "there are no groups in `groups`"));
        members = None;
    }
    for (key, node) in listed {
        if key.text.is_empty() || key.text.contains('.') {
            let message = format!("`{}` cannot be the name of a group", key.text);
            problems.push(Problem::new(&key.span, message).label("it must not be empty or contain a dot"));
        }
        let mut fields = Fields::new(node, "the group", problems);
        let mut member =
            model(&mut fields, None, problems).map(|model| Member { name: key.text.clone(), model });
        let scope =
            member.as_mut().map(|member| Scope { members: std::slice::from_mut(member), prefixed: false });
        let own = settings(&mut fields, scope, timing, problems);
        fields.finish(problems);
        inputs.extend(own.into_iter().map(|(port, input)| match listed.len() {
            1 => (port, input),
            _ => (format!("{}.{port}", key.text), input),
        }));
        members = members.zip(member).map(|(mut members, member)| {
            members.push(member);
            members
        });
    }
    // Flags of the command line, and what is to be changed often, may stand beside the groups.
    let scope = members.as_deref_mut().map(Scope::all);
    let further = settings(fields, scope, timing, problems);
    for (port, input) in further {
        inputs.retain(|(other, _)| *other != port);
        inputs.push((port, input));
    }
    (members, inputs)
}

/// What is said of the nodes besides which they are.
fn settings(
    fields: &mut Fields,
    mut scope: Option<Scope>,
    timing: Option<&Timing>,
    problems: &mut Problems,
) -> Vec<(String, Input)> {
    parameters::read(fields, scope.as_mut(), problems);
    noise::read(fields, scope.as_mut(), problems);
    interaction::read(fields, scope.as_mut(), problems);
    inputs::read(fields, scope.as_ref(), timing, problems)
}

fn model(fields: &mut Fields, regions: Option<usize>, problems: &mut Problems) -> Option<Box<dyn AnyModel>> {
    let name = fields.take("model");
    let nodes = fields.take("nodes");
    let preset = fields.take("preset");
    let nodes = match nodes {
        Some(node) => count(node, "the number of nodes", 1..=MOST_NODES, problems)
            .map(|nodes| usize::try_from(nodes).unwrap_or(usize::MAX)),
        None => Some(regions.unwrap_or(1)),
    };
    let Some(name) = name else {
        let problem = Problem::new(fields.span(), "there is no `model`");
        problems.push(problem.help("name one, as in `model: HopfStep`; `brainmass list` shows them all"));
        return None;
    };
    let name = text(name, problems)?;
    let Some(entry) = catalogue().find(|entry| entry.info.name == name.value) else {
        let known = catalogue().filter(|entry| matches!(entry.create, Create::Node(_)));
        let label = suggestion(&name.value, "models", known.map(|entry| entry.info.name));
        problems.push(Problem::new(&name.span, format!("there is no model `{}`", name.value)).label(label));
        return None;
    };
    let Create::Node(create) = entry.create else {
        let message = format!("`{}` is {}", name.value, describe(entry.info.kind));
        problems.push(Problem::new(&name.span, message).label("a model of nodes is needed"));
        return None;
    };
    let mut model = create(nodes?);
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

/// Every model and rule.
pub fn catalogue() -> impl Iterator<Item = &'static Entry> {
    COLLECTIONS.iter().flat_map(|collection| collection.entries)
}

/// What an entry of the catalogue is.
pub fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Node => "a model of nodes",
        Kind::Coupling => "a coupling rule, which has no states of its own",
        Kind::Observation => "an observation model",
        Kind::SequenceLayer => "a layer, which is made with weights",
        Kind::SequenceNetwork => "a stack of layers, which is made with weights",
    }
}
