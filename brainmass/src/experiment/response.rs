//! The key `by` of a fit: functional connectivity by linear response in place of a run.

use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::Span;

use super::checked::checked;
use super::context::Context;
use super::description::Experiment;
use brainmass_core::population::Model as _;
use brainmass_fit::fit::{LinearResponse, LossError};

/// Makes the linear response of an experiment, whose record or instrument `signal` is compared; what is wrong is reported at `span`.
pub fn read(
    signal: &str,
    experiment: &Experiment,
    span: &Span,
    context: &Context,
    problems: &mut Problems,
) -> Option<LinearResponse> {
    match response(signal, experiment, span, context, problems) {
        Ok(response) => response,
        Err(error) => {
            let problem = Problem::new(span, format!("there is no linear response: {error}"));
            problems.push(problem.help("leave out `by` to compare what runs give"));
            None
        }
    }
}

fn response(
    name: &str,
    experiment: &Experiment,
    span: &Span,
    context: &Context,
    problems: &mut Problems,
) -> Result<Option<LinearResponse>, LossError> {
    let observed = experiment.observed.iter().find(|observed| observed.name == name);
    let (signal, vessels) = match observed {
        None => {
            if experiment.average && experiment.timing.every > 1 {
                let message = "rows are means over some steps (`average`), and linear response is of single moments; leave out `average`";
                return Err(message.into());
            }
            let recorded = experiment.records.iter().find(|(known, _)| known == name);
            (recorded.map_or(name, |(_, signal)| signal), None)
        }
        Some(observed) => match &observed.vessels {
            Some(vessels) => (observed.signal.as_str(), Some(vessels)),
            None => {
                let message = format!(
                    "`{name}` is seen by an instrument that is not `bold`; linear response is of a record or of BOLD by the Balloon model"
                );
                return Err(message.into());
            }
        },
    };
    let signal = signal.rsplit('.').next().unwrap_or(signal);
    let simulator = experiment.simulator();
    let network = simulator.uniform()?;
    let mut of = |info| checked(info, span, context, problems);
    let (Some(model), Some(rule)) = (of(&network.model), of(network.rule.info())) else { return Ok(None) };
    let through = match vessels {
        None => None,
        Some((vessels, linear)) => {
            let population = vessels.population();
            let parameters =
                (0..population.info().parameters.len()).map(|index| population.parameter_at(index, 0));
            let Some(model) = of(population.info()) else { return Ok(None) };
            Some((model, parameters.collect::<Vec<f64>>(), linear.then_some("bold_linear")))
        }
    };
    let through = through.as_ref().map(|(model, parameters, output)| (model, parameters.clone(), *output));
    LinearResponse::of_models(simulator, signal, (&model, &rule), through).map(Some)
}
