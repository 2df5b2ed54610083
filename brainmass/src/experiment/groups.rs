//! The keys `model`, `nodes` and `preset`, or `groups` of them, which say which nodes there are.

use brainmass_spec::fields::{entries, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::yaml::Node;

use super::basics::count;
use super::context::Context;
use super::interaction;
use super::keys::{Keys, NODES};
use super::named::{self, Wanted};
use brainmass_core::any::AnyModel;
use brainmass_core::info::ModelInfo;
use brainmass_core::registry::Create;
use brainmass_core::shared::Text;

/// The most nodes that a file may ask for: a slip of the finger must not fill the memory.
const MOST_NODES: u64 = 100_000_000;

/// Nodes of one model. The name is empty where there is only one group and nobody named it.
pub struct Group {
    pub name: String,
    pub model: Box<dyn AnyModel>,
}

impl Group {
    pub fn info(&self) -> &ModelInfo {
        self.model.population().info()
    }

    pub fn nodes(&self) -> usize {
        self.model.population().nodes()
    }
}

/// The settings of nodes, still unread: they are read when the whole network is known.
pub struct Settings<'a> {
    /// The group that it is said of, with a dot behind it; empty where names need no group or bring their own.
    pub prefix: String,
    pub parameters: Option<&'a Node>,
    pub initial: Option<&'a Node>,
    pub noise: Option<&'a Node>,
    pub inputs: Option<&'a Node>,
    pub past: Option<&'a Node>,
}

/// The groups of a network, and whether what is in them is called `group.name`.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub groups: &'a [Group],
    pub prefixed: bool,
}

impl<'a> Scope<'a> {
    pub fn new(groups: &'a [Group]) -> Self {
        Self { groups, prefixed: groups.len() > 1 }
    }

    /// Returns how messages call what they are about.
    pub fn label(&self) -> &'a str {
        if self.prefixed { "the network" } else { &self.groups[0].info().name }
    }

    /// Lists everything of a kind: its name in the network, its group, its index there.
    pub fn list(&self, of: impl Fn(&'a ModelInfo) -> Vec<&'a Text>) -> Vec<(String, usize, usize)> {
        let full = |group: &Group, name: &str| {
            if self.prefixed { format!("{}.{name}", group.name) } else { name.to_owned() }
        };
        let groups = self.groups.iter().enumerate();
        groups
            .flat_map(|(index, group)| {
                let names = of(group.info()).into_iter().enumerate();
                names.map(move |(place, name)| (full(group, name), index, place)).collect::<Vec<_>>()
            })
            .collect()
    }
}

/// Reads the groups, and takes what is said about them; there are none if a model could not be read. `regions` is the number of nodes if
/// none is given.
pub fn read<'a>(
    keys: &mut Keys<'a>,
    regions: Option<usize>,
    context: &Context,
    problems: &mut Problems,
) -> (Option<Vec<Group>>, Vec<Settings<'a>>) {
    let Some(node) = keys.take("groups", problems) else {
        let mut model = model(keys, regions, context, problems);
        let settings = settings(keys, String::new(), model.as_mut(), context, problems);
        return (model.map(|model| vec![Group { name: String::new(), model }]), vec![settings]);
    };
    for key in ["model", "nodes", "preset", "interaction"] {
        if let Some(other) = keys.take(key, problems) {
            let message = format!("`{key}` belongs into one of the `groups`");
            problems.push(Problem::new(&other.span, message));
        }
    }
    let mut groups = Some(Vec::new());
    let mut all = Vec::new();
    let listed = entries(node, "a mapping with a model for each group", problems);
    if listed.is_empty() {
        problems.push(Problem::new(&node.span, "there are no groups in `groups`"));
        groups = None;
    }
    for (key, node) in listed {
        if key.text.is_empty() || key.text.contains('.') {
            let message = format!("`{}` cannot be the name of a group", key.text);
            problems.push(Problem::new(&key.span, message).help("it must not be empty or contain a dot"));
        }
        let mut own = Keys::open(node, "the group", &[&NODES], problems);
        let mut model = model(&mut own, regions.filter(|_| listed.len() == 1), context, problems);
        let prefix = if listed.len() == 1 { String::new() } else { format!("{}.", key.text) };
        all.push(settings(&mut own, prefix, model.as_mut(), context, problems));
        own.finish(problems);
        groups = groups.zip(model).map(|(mut groups, model)| {
            groups.push(Group { name: key.text.clone(), model });
            groups
        });
    }
    // Flags of the command, and what is to be changed often, may stand beside the groups.
    all.push(Settings {
        prefix: String::new(),
        parameters: keys.take("parameters", problems),
        initial: keys.take("initial", problems),
        noise: keys.take("noise", problems),
        inputs: keys.take("inputs", problems),
        past: keys.take("past", problems),
    });
    (groups, all)
}

/// Takes the settings of nodes, and reads the interaction among them.
fn settings<'a>(
    keys: &mut Keys<'a>,
    prefix: String,
    model: Option<&mut Box<dyn AnyModel>>,
    context: &Context,
    problems: &mut Problems,
) -> Settings<'a> {
    if let (Some(node), Some(model)) = (keys.take("interaction", problems), model) {
        interaction::read(node, model.as_mut(), context, problems);
    }
    Settings {
        prefix,
        parameters: keys.take("parameters", problems),
        initial: keys.take("initial", problems),
        noise: keys.take("noise", problems),
        inputs: keys.take("inputs", problems),
        past: keys.take("past", problems),
    }
}

fn model(
    keys: &mut Keys,
    regions: Option<usize>,
    context: &Context,
    problems: &mut Problems,
) -> Option<Box<dyn AnyModel>> {
    let [name, nodes, preset] = ["model", "nodes", "preset"].map(|key| keys.take(key, problems));
    let nodes = match nodes {
        Some(node) => count(node, "the number of nodes", 1..=MOST_NODES, problems)
            .map(|nodes| usize::try_from(nodes).unwrap_or(usize::MAX)),
        None => Some(regions.unwrap_or(1)),
    };
    let Some(name) = name else {
        let problem = Problem::new(keys.span(), "there is no `model`");
        problems.push(problem.help(
            "name one, as in `model: HopfStep` (`brainmass list` shows them all), or a file, as in `model: my_model.yaml`",
        ));
        return None;
    };
    let name = text(name, problems)?;
    let entry = named::find(&name, Wanted::Nodes, context, problems)?;
    let Create::Node(create) = &entry.create else { return None };
    let mut model = create(nodes?);
    if let Some(preset) = preset.and_then(|node| text(node, problems)) {
        let presets = &entry.info.presets;
        match presets.iter().find(|known| known.name == preset.value) {
            Some(known) => {
                for &(index, value) in &known.values {
                    model.population_mut().set_parameter(index, value.into());
                }
            }
            None => {
                let help = suggestion(&preset.value, "presets", presets.iter().map(|preset| &preset.name));
                let message = format!("{} has no preset `{}`", entry.info.name, preset.value);
                problems.push(Problem::new(&preset.span, message).help(help));
            }
        }
    }
    Some(model)
}
