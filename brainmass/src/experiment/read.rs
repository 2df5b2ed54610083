//! An experiment file, section by section.

use brainmass_spec::collection::{Content, content};
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Node, Value};

use super::basics::{count, entry, whole};
use super::context::Context;
use super::description::Experiment;
use super::groups::{Group, Scope};
use super::keys::{EXPERIMENT, Keys};
use super::limits::Needed;
use super::projections::{Described, Past};
use super::record::Signals;
use super::{
    checkpoint, connectome, groups, keep, named, observe, output, projections, record, settings, sizes,
    timing,
};
use brainmass_data::connectome::Connectome;
use brainmass_data::digest::Digest;
use brainmass_sim::network::Network;
use brainmass_sim::run::Recipe;
use brainmass_sim::runtime::RunError;
use brainmass_sim::simulator::{Fingerprint, Session};

/// Reads the experiment that a tree describes, and starts it; what is wrong with it is reported. `None` has a reason among the problems.
pub fn experiment(
    root: &Node,
    context: &mut Context,
    problems: &mut Problems,
) -> Option<(Experiment, Session)> {
    if !matches!(root.value, Value::Map(_)) {
        let message = format!("expected an experiment with its keys, found {}", root.describe());
        problems.push(Problem::new(&root.span, message).help("write for example `model: HopfStep`"));
        return None;
    }
    if content(root) == Content::Model {
        let file = &root.span.source.name;
        let problem = Problem::new(&root.span, "this is a model file, and an experiment is expected");
        problems
            .push(problem.help(format!(
                "`brainmass run {file}` runs it; an experiment names it with `model: {file}`"
            )));
        return None;
    }
    let mut keys = Keys::open(root, "the experiment", &EXPERIMENT, problems);
    named::add_folders(&mut keys, context, problems);
    let context = &*context;
    let title = keys.text("title", problems);
    let scheme = timing::scheme(&mut keys, problems);
    sizes::read(&mut keys, context, problems);
    let connectome_node = keys.take("connectome", problems);
    let connectome = connectome_node.map(|node| connectome::of_experiment(node, context, problems));
    // A connectome that could not be read is reported; that the projections lack it needs no second word.
    let is_unread = matches!(connectome, Some(None));
    let common = connectome.as_ref().and_then(Option::as_ref);
    let regions = common.map(Connectome::len);
    let (groups, said) = groups::read(&mut keys, regions, context, problems);
    // The models' own time step; of several, the shortest.
    let steps = groups.iter().flatten().map(|group| group.info().dt);
    let timing = timing::read(&mut keys, steps.reduce(f64::min), context, problems);
    let scope = groups.as_deref().map(Scope::new);
    let known = scope.filter(|_| !is_unread);
    let before = problems.len();
    let projections = projections::read(&mut keys, known, common, context, problems);
    // Names of projections that could not be read are not called unknown.
    let whole = !is_unread && problems.len() == before;
    let signals = scope.map(|scope| Signals { scope, projections: &projections, whole });
    // How many nodes there are is not known without the connectome, and nothing of each of them can be checked.
    let mut unsaid = Problems::default();
    let mut network = groups.as_ref().map(|groups| network(groups, &projections));
    let settings::Said { inputs, pasts } = match (&mut network, scope) {
        (Some(network), Some(scope)) => {
            let timing = timing.as_ref();
            let site = settings::Site { scope, projections: &projections, whole, timing, context };
            settings::read(&said, network, &site, if is_unread { &mut unsaid } else { problems })
        }
        _ => settings::Said::default(),
    };
    if let Some(network) = &network {
        projections.iter().filter_map(|described| described.past.as_ref()).for_each(|past| {
            warn_of_present(past, network, problems);
        });
    }
    let records = record::read(&mut keys, signals.as_ref(), problems);
    let of_nodes = if is_unread { &mut unsaid } else { &mut *problems };
    let observed = observe::read(&mut keys, signals.as_ref(), timing.as_ref(), context, of_nodes);
    let average = record::average(&mut keys, problems);
    let seed = match keys.take("seed", problems) {
        Some(node) => count(node, "the seed", 0..=u64::MAX, problems).unwrap_or(0),
        None => 0,
    };
    let (output, plot) = output::read(&mut keys, context, problems);
    let checkpoint = checkpoint::read(&mut keys, &output, context, problems);
    let fit = keys.take("fit", problems).filter(|_| !context.leaves_fit);
    let sweep = keys.take("sweep", problems).filter(|_| !context.leaves_sweep);
    let continuation = keys.take("continuation", problems).filter(|_| !context.leaves_continuation);
    keys.finish(problems);
    if let (Some(node), Some(_), []) = (connectome_node, common, &projections[..])
        && scope.is_some()
    {
        let message =
            "nothing uses this connectome: there is no `coupling`, so that the nodes are not coupled";
        let problem = Problem::new(&node.span, message);
        problems.warn(problem.help("couple them, as in `coupling: {rule: Diffusive, k: 0.1}`, or say only how many `nodes` there are"));
    }
    let (groups, signals, timing, network) = (groups.as_deref()?, signals?, timing?, network?);
    let mut labels: Vec<String> = common.map(|connectome| connectome.labels().to_vec()).unwrap_or_default();
    if let Some(names) =
        context.region_names().filter(|names| labels.is_empty() || names.len() == labels.len())
    {
        labels = names;
    }
    let mut experiment = Experiment {
        title: title.map(|title| title.value),
        network,
        labels,
        inputs,
        pasts,
        scheme,
        timing,
        records,
        observed,
        average,
        seed,
        limits: context.limits.get(),
        output,
        plot,
        checkpoint,
        #[cfg(feature = "fit")]
        fit: None,
        recipe: Recipe::default(),
        as_read: Fingerprint::default(),
        noted: common.map(noted).into_iter().collect(),
        simd: context.simd,
        sweep: None,
        #[cfg(feature = "continuation")]
        continuation: None,
        warnings: Vec::new(),
        files: Vec::new(),
    };
    if let Some((message, help)) = needed(&experiment, groups, &signals).exceeds(context.limits.get()) {
        let span = entry(root, "duration").map_or(&root.span, |node| &node.span);
        problems.push(Problem::new(span, message).help(help));
    }
    // What only the whole can tell, such as a delay that is no number. It is the run itself that is started.
    let mut session = match problems.is_empty() {
        true => started(&experiment, root, &projections, problems),
        false => None,
    };
    #[cfg(feature = "fit")]
    if let Some(node) = fit {
        experiment.fit = super::fit::read(node, &experiment, &signals, context, problems);
    }
    #[cfg(not(feature = "fit"))]
    let _ = fit;
    if let Some(node) = sweep {
        experiment.sweep = super::sweep::read(node, &experiment, &signals, context, problems);
    }
    #[cfg(feature = "continuation")]
    if let Some(node) = continuation {
        experiment.continuation = super::continuation::read(node, &experiment, &signals, context, problems);
    }
    #[cfg(not(feature = "continuation"))]
    let _ = continuation;
    context.models.warn_of_folders(problems);
    experiment.warnings = problems.take_warnings();
    experiment.files = context.take_files();
    if let Some(session) = &mut session {
        experiment.recipe = keep::recipe(root, context);
        experiment.as_read = experiment.settings();
        let recipe = Some(experiment.recipe.clone());
        session.made_from(recipe, experiment.labels.clone(), experiment.noted.clone());
    }
    session.map(|session| (experiment, session))
}

/// Describes the connectome of the experiment: its size and the digest of its numbers.
fn noted(connectome: &Connectome) -> (String, String) {
    let mut digest = Digest::default();
    let lengths = connectome.tract_lengths().into_iter().flatten();
    connectome.weights().iter().chain(lengths).for_each(|number| digest.number(*number));
    let (regions, edges) = (connectome.len(), connectome.edges());
    ("connectome".to_owned(), format!("{regions} regions, {edges} edges, digest {digest}"))
}

fn network(groups: &[Group], projections: &[Described]) -> Network {
    let mut network = Network::groups();
    for group in groups {
        let model = group.model.clone();
        network = match group.name.is_empty() {
            true => Network::from(model),
            false => network.group(group.name.clone(), model),
        };
    }
    projections.iter().fold(network, |network, described| network.projection(described.projection.clone()))
}

/// Says that a history ends with the state at t = 0, as a whole record does that a run is to go on from: all of it would be a step late.
fn warn_of_present(past: &Past, network: &Network, problems: &mut Problems) {
    let Ok(initial) = network.get(&past.state) else { return };
    let at = |values: &[f64], node: usize| values.get(node).or(values.first()).copied();
    let nodes = initial.len().max(past.last.len());
    if (0..nodes).all(|node| at(&initial, node) == at(&past.last, node)) {
        let message =
            "the last row of this history is the initial state, but that row is one step before t = 0";
        let problem = Problem::new(&past.span, message);
        problems.warn(problem.help("leave out the last row of a record that the run goes on from"));
    }
}

/// Computes the memory that a run takes, before any of it is taken.
fn needed(experiment: &Experiment, groups: &[Group], signals: &Signals) -> Needed {
    let mut needed = Needed::default();
    let timing = &experiment.timing;
    let is_recorded = experiment.observed.is_empty() || !experiment.records.is_empty();
    if is_recorded {
        let rows = (timing.steps() - timing.transient_steps()) / timing.every + 1;
        // Each row has a time.
        needed.add_records(rows as u64, signals.width(&experiment.records).saturating_add(1));
    }
    for observed in &experiment.observed {
        needed.add_records(observed.rows(timing) as u64, observed.channels as u64 + 1);
    }
    for described in signals.projections {
        needed.add_edges(described.edges as u64);
        let steps = whole((described.longest_delay / timing.dt).ceil());
        needed.add_delays(described.shape.1 as u64, steps);
    }
    for group in groups {
        let info = group.info();
        needed.add_nodes(group.nodes() as u64, (info.states.len() + info.inputs.len() + 1) as u64);
    }
    needed
}

/// Starts the run, or reports why it cannot be, at the section that it is about where that can be told.
fn started(
    experiment: &Experiment,
    root: &Node,
    projections: &[Described],
    problems: &mut Problems,
) -> Option<Session> {
    let error = match experiment.start() {
        Ok(session) => return Some(session),
        Err(error) => error,
    };
    let message = match &error {
        RunError::Twice { name } => {
            format!(
                "`{name}` is recorded twice, by `record` and by an instrument; give one of them another name"
            )
        }
        error => error.to_string(),
    };
    let span = match (&error, projections) {
        (RunError::Network(_), [only]) => &only.node.span,
        (RunError::Network(_), several) => {
            let named = |described: &&Described| message.contains(&format!("`{}`", described.current));
            several.iter().find(named).map_or(&root.span, |described| &described.node.span)
        }
        (RunError::Observation { name, .. } | RunError::Twice { name }, _) => {
            let observed = entry(root, "observe").and_then(|node| entry(node, name));
            observed.map_or(&root.span, |node| &node.span)
        }
        _ => &root.span,
    };
    problems.push(Problem::new(span, message));
    None
}
