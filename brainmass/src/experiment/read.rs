//! An experiment file, section by section.

use brainmass_spec::fields::Fields;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Node, Value};

use super::{Experiment, inputs, interaction, model, noise, output, parameters, record, timing};

/// The experiment that a tree describes; what is wrong with it is reported. `None` has a reason among the problems.
pub fn experiment(root: &Node, problems: &mut Problems) -> Option<Experiment> {
    if !matches!(root.value, Value::Map(_)) {
        let message = format!("expected an experiment with its keys, found {}", root.describe());
        problems.push(Problem::new(&root.span, message).help("write for example `model: HopfStep`"));
        return None;
    }
    let mut fields = Fields::new(root, "the experiment", problems);
    let title = fields.text("title", problems);
    let mut model = model::read(&mut fields, problems);
    parameters::read(&mut fields, model.as_deref_mut(), problems);
    noise::read(&mut fields, model.as_deref_mut(), problems);
    interaction::read(&mut fields, model.as_deref_mut(), problems);
    let scheme = timing::scheme(&mut fields, problems);
    let timing = timing::read(&mut fields, problems);
    let inputs = inputs::read(&mut fields, model.as_deref(), timing.as_ref(), problems);
    let records = record::read(&mut fields, model.as_deref(), problems);
    let average = record::average(&mut fields, problems);
    let seed = noise::seed(&mut fields, problems);
    let (output, plot) = output::read(&mut fields, problems);
    fields.finish(problems);
    Some(Experiment {
        title: title.map(|title| title.value),
        model: model?,
        inputs,
        scheme,
        timing: timing?,
        records,
        average,
        seed,
        output,
        plot,
    })
}
