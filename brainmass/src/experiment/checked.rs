//! Models that an experiment uses, as the compiler has them.

use brainmass_spec::model::Model;
use brainmass_spec::problem::Problems;
use brainmass_spec::source::Span;

use super::context::Context;
use brainmass_core::info::ModelInfo;

/// Finds a model or a rule that the experiment uses, as the compiler has it; what is wrong is reported at a place in the experiment.
pub fn checked(info: &ModelInfo, span: &Span, context: &Context, problems: &mut Problems) -> Option<Model> {
    let opened = context.models.opened.borrow();
    let file =
        opened.iter().find(|(_, entry)| entry.as_ref().is_some_and(|entry| entry.info.hash == info.hash));
    let name = match file {
        Some((path, _)) => {
            let path = context.models.text_of(path).map_or(path, |known| &known.path);
            path.to_string_lossy().into_owned()
        }
        None => info.name.to_string(),
    };
    match context.models.zoo.checked(&name) {
        Ok(model) => Some(model),
        Err(error) => {
            error.problems(span).into_iter().for_each(|problem| problems.push(problem));
            None
        }
    }
}
