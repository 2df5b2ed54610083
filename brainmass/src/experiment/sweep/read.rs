//! The section `sweep` as a whole.

use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Node, Value};

use super::keys::SWEEP;
use super::site::Site;
use super::{measures, over};
use crate::experiment::context::Context;
use crate::experiment::description::Experiment;
use crate::experiment::keys::Keys;
use crate::experiment::output::{self, SWEEP_RESULTS};
use crate::experiment::record::Signals;
use crate::experiment::sweep_plan::SweepPlan;

/// Reads the section of an experiment that is read otherwise.
pub fn read(
    node: &Node,
    experiment: &Experiment,
    signals: &Signals,
    context: &Context,
    problems: &mut Problems,
) -> Option<SweepPlan> {
    let site = Site::new(experiment, signals, context);
    let mut keys = Keys::open(node, "the sweep", &[&SWEEP], problems);
    let mut needed = |key: &'static str, example: &str, problems: &mut Problems| {
        let found = keys.take(key, problems);
        if found.is_none() && !keys.had(key) && matches!(node.value, Value::Map(_)) {
            let problem = Problem::new(keys.span(), format!("a sweep needs `{key}`"));
            problems.push(problem.help(format!("write for example `{example}`")));
        }
        found
    };
    let axes = needed("over", "over: {k: {from: 0, to: 1, points: 11}, seeds: 0..10}", problems);
    let measured = needed("measure", "measure: {deviation: {signal: x, summary: deviation}}", problems);
    let what = "the results of a sweep";
    let output = output::paths(&mut keys, "output", what, SWEEP_RESULTS, context, problems);
    let plot = output::figure(&mut keys, context, problems);
    let journal = keys.text("journal", problems).map(|name| context.path(&name));
    keys.finish(problems);
    let design = axes.map(|node| over::read(node, &site, problems));
    let known = design.as_ref().and_then(Option::as_ref);
    let measures = measured.map(|node| (node, measures::read(node, known, &site, problems)));
    if let Some((node, Some(measures))) = &measures
        && let Some(whole) = measures.iter().find(|measure| measure.is_record())
        && !output.is_empty()
        && output.iter().all(|path| brainmass_data::io::ending(path) != "npz")
    {
        let message =
            format!("`{}` is a whole record, which only an `.npz` of the `output` can hold", whole.name);
        problems.push(Problem::new(&node.span, message));
    }
    Some(SweepPlan { design: design??, measures: measures?.1?, output, plot, journal, origin: None })
}
