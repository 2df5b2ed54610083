//! An experiment file, section by section.

use brainmass_spec::fields::Fields;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Node, Value};

use super::groups::{Member, Scope};
use super::projections::Described;
use super::{Experiment, connectome, groups, noise, observe, output, projections, record, timing};
use brainmass_sim::network::Network;

/// The experiment that a tree describes; what is wrong with it is reported. `None` has a reason among the problems.
pub fn experiment(root: &Node, problems: &mut Problems) -> Option<Experiment> {
    if !matches!(root.value, Value::Map(_)) {
        let message = format!("expected an experiment with its keys, found {}", root.describe());
        problems.push(Problem::new(&root.span, message).help("write for example `model: HopfStep`"));
        return None;
    }
    let mut fields = Fields::new(root, "the experiment", problems);
    let title = fields.text("title", problems);
    let scheme = timing::scheme(&mut fields, problems);
    let timing = timing::read(&mut fields, problems);
    let connectome = fields.take("connectome").map(|node| connectome::read(node, problems));
    let regions =
        connectome.as_ref().and_then(Option::as_ref).map(brainmass_data::connectome::Connectome::len);
    let (mut members, inputs) = groups::read(&mut fields, regions, timing.as_ref(), problems);
    let scope = members.as_deref_mut().map(Scope::all);
    // A connectome that could not be read is reported; that the projections lack it needs no second word.
    let unread = matches!(connectome, Some(None));
    let common = connectome.as_ref().and_then(Option::as_ref);
    let projections = projections::read(&mut fields, scope.as_ref().filter(|_| !unread), common, problems);
    let currents: Vec<String> = projections.iter().map(|described| described.current.clone()).collect();
    let records = record::read(&mut fields, scope.as_ref(), &currents, problems);
    let observed = observe::read(&mut fields, scope.as_ref(), timing.as_ref(), &currents, problems);
    let average = record::average(&mut fields, problems);
    let seed = noise::seed(&mut fields, problems);
    let (output, plot) = output::read(&mut fields, problems);
    #[cfg(feature = "fit")]
    let fit = fields.take("fit");
    fields.finish(problems);
    let (members, timing) = (members?, timing?);
    #[cfg_attr(not(feature = "fit"), expect(unused_mut, reason = "a fit is added below"))]
    let mut experiment = Experiment {
        title: title.map(|title| title.value),
        network: network(members, &projections),
        labels: common.map(|connectome| connectome.labels().to_vec()).unwrap_or_default(),
        inputs,
        scheme,
        timing,
        records,
        observed,
        average,
        seed,
        output,
        plot,
        #[cfg(feature = "fit")]
        fit: None,
    };
    // What only the whole can tell, such as a delay that is no number.
    if problems.is_empty() && (!projections.is_empty() || !experiment.observed.is_empty()) {
        check(&experiment, root, &projections, problems);
    }
    #[cfg(feature = "fit")]
    if let Some(node) = fit {
        let names = recorded(&experiment);
        experiment.fit = super::fit::read(node, &experiment.network, &names, problems);
    }
    Some(experiment)
}

/// The names of what is recorded.
#[cfg(feature = "fit")]
fn recorded(experiment: &Experiment) -> Vec<String> {
    let observed = experiment.observed.iter().map(|observed| &observed.name);
    let names: Vec<String> =
        experiment.records.iter().map(|(name, _)| name).chain(observed).cloned().collect();
    if !names.is_empty() {
        return names;
    }
    // One step tells what a run records by itself.
    let step = experiment
        .simulator()
        .transient(0.0)
        .every(1)
        .start()
        .and_then(|mut session| session.run(experiment.timing.dt));
    step.map(|run| run.names().map(str::to_owned).collect()).unwrap_or_default()
}

fn network(members: Vec<Member>, projections: &[Described]) -> Network {
    let mut members = members.into_iter();
    let mut network = Network::groups();
    for member in members.by_ref() {
        network = match member.name.is_empty() {
            true => Network::from(member.model),
            false => network.group(member.name, member.model),
        };
    }
    projections.iter().fold(network, |network, described| network.projection(described.projection.clone()))
}

/// Reports what the network itself finds wrong, at the projection that it is about where that can be told.
fn check(experiment: &Experiment, root: &Node, projections: &[Described], problems: &mut Problems) {
    let Err(error) = experiment.simulator().start() else { return };
    let message = error.to_string();
    let span = match projections {
        [only] => &only.node.span,
        _ => &root.span,
    };
    problems.push(Problem::new(span, message));
}
