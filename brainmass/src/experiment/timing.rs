//! The keys `scheme`, `dt`, `duration`, `transient`, `every` and `sample_every`.

use brainmass_spec::fields::text;
use brainmass_spec::number::shown;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::scheme::Scheme as Named;
use brainmass_spec::values::time;
use brainmass_spec::yaml::Node;

use super::basics::count;
use super::context::Context;
use super::keys::Keys;
use super::limits::MOST_STEPS;
use super::times::Timing;
use brainmass_core::scheme::Scheme;
use brainmass_sim::runtime::time::{positive, whole_steps};
use brainmass_sim::simulator::RunError;

/// The duration in ms of a run of a file that describes a bifurcation diagram and says nothing of a run.
const UNSAID: f64 = 1000.0;

/// Reads the scheme, if one is given.
pub fn scheme(keys: &mut Keys, problems: &mut Problems) -> Option<Scheme> {
    let name = keys.take("scheme", problems).and_then(|node| text(node, problems))?;
    let found = Scheme::ALL.into_iter().find(|scheme| scheme.names().contains(&name.value.as_str()));
    if found.is_none() {
        let help = Named::hint(&name.value);
        problems.push(Problem::new(&name.span, format!("there is no scheme `{}`", name.value)).help(help));
    }
    if let Some(scheme) = Named::named(&name.value) {
        scheme.fixed_step_warning(&name.value, &name.span).into_iter().for_each(|it| problems.warn(it));
    }
    found
}

/// Reads the times of the run; the limit of its steps has been read before. The time step is `usual` ms if none is given.
pub fn read(
    keys: &mut Keys,
    usual: Option<f64>,
    context: &Context,
    problems: &mut Problems,
) -> Option<Timing> {
    let [dt, duration, transient, every, sample_every] =
        ["dt", "duration", "transient", "every", "sample_every"].map(|key| keys.take(key, problems));

    let dt = match dt {
        None => usual,
        Some(node) => time(node, problems).and_then(|ms| told(positive("dt", ms.into()), node, problems)),
    };
    let takes_no_time = keys.had("continuation");
    if duration.is_none() && !takes_no_time {
        let problem = Problem::new(keys.span(), "there is no `duration`");
        problems.push(problem.help("say how long to run, as in `duration: 300 ms`"));
    }
    let most = context.limits.get().steps as f64;
    let duration = match duration {
        Some(node) => span("duration", node, dt, most, problems),
        None => dt.filter(|_| takes_no_time).map(|dt| {
            let steps = (UNSAID / dt).ceil().max(1.0);
            (steps * dt, steps as usize)
        }),
    };
    let transient = match transient {
        None => Some((0.0, 0)),
        Some(node) => span("transient", node, dt, most, problems).and_then(|(ms, steps)| match duration {
            Some((duration, all)) if steps >= all => {
                let nothing = Err::<(), _>(RunError::NothingLeft { transient: ms, duration });
                told(nothing, node, problems);
                None
            }
            _ => Some((ms, steps)),
        }),
    };
    let every = match (every, sample_every) {
        (None, None) => Some(1),
        (Some(node), None) => {
            let steps = count(node, "`every` in steps", 1..=u64::from(u32::MAX), problems)?;
            usize::try_from(steps).ok()
        }
        (None, Some(node)) => {
            let ms = time(node, problems);
            let ms = ms.and_then(|ms| told(positive("sample_every", ms.into()), node, problems));
            ms.zip(dt).and_then(|(ms, dt)| told(whole_steps("sample_every", ms.into(), dt), node, problems))
        }
        (Some(_), Some(node)) => {
            let message = "`every` and `sample_every` are two ways to say the same; give one of them";
            problems.push(Problem::new(&node.span, message));
            None
        }
    };
    if let (Some(every), Some((duration, all)), Some((_, before)), Some(node)) =
        (every, duration, transient, sample_every)
        && every > all - before
    {
        let message = format!("nothing is recorded: a stride is longer than what is left of {duration} ms");
        problems.push(Problem::new(&node.span, message));
    }
    Some(Timing { dt: dt?, duration: duration?.0, transient: transient?.0, every: every? })
}

/// Reads a time, in ms and in steps.
fn span(
    what: &'static str,
    node: &Node,
    dt: Option<f64>,
    most: f64,
    problems: &mut Problems,
) -> Option<(f64, usize)> {
    let ms = time(node, problems)?;
    let dt = dt?;
    if what == "duration" {
        told(positive(what, ms.into()), node, problems)?;
    }
    let steps = ms / dt;
    if steps > most {
        let message = format!("{what} has {steps:.1e} steps of {} ms; {most:e} are allowed", shown(dt));
        let help = match steps {
            steps if steps > MOST_STEPS as f64 => "run shorter, or take a larger `dt`".to_owned(),
            steps => {
                let limit = 10_f64.powf(steps.log10().ceil());
                format!(
                    "run shorter, take a larger `dt`, or allow more, as in `limits: {{steps: {limit:e}}}`"
                )
            }
        };
        problems.push(Problem::new(&node.span, message).help(help));
        return None;
    }
    Some((ms, told(whole_steps(what, ms.into(), dt), node, problems)?))
}

/// Returns the value, or reports its error at `node`.
fn told<T>(outcome: Result<T, RunError>, node: &Node, problems: &mut Problems) -> Option<T> {
    outcome.map_err(|error| problems.push(Problem::new(&node.span, error.to_string()))).ok()
}
