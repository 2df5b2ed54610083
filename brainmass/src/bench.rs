//! The speed of a model on this machine, and the accuracy of its own scheme and step.

use std::error::Error;
use std::fmt;
use std::time::{Duration, Instant};

use brainmass_core::any::AnyModel;
use brainmass_core::info::Setting;
use brainmass_core::quantity::Values;
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_sim::simulator::{Deviations, RunError, Simulator, Sweep};

use crate::catalogue::find_model;
use crate::loading::LoadedModel;

/// The shortest time that is measured.
const LONG_ENOUGH: Duration = Duration::from_millis(200);

/// Steps of the first attempt.
const FIRST: usize = 1000;

/// The measured speed of a model.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Speed {
    /// The model.
    pub model: String,
    /// Its nodes, uncoupled.
    pub nodes: usize,
    /// The scheme.
    pub scheme: Scheme,
    /// The instruction set.
    pub simd: &'static str,
    /// ns that one node takes for one step.
    pub per_node_step: f64,
    /// Steps of all nodes in a second.
    pub steps_per_second: f64,
}

/// Measures a model of the catalogue: uncoupled nodes at their defaults, its output recorded every 10 steps. Takes about a second.
///
/// ```no_run
/// let speed = brainmass::bench::model("HopfStep", 90, None)?;
/// println!("{speed}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// There is no such model, or it is none that has nodes; or it does not run with the scheme.
pub fn model(name: &str, nodes: usize, scheme: Option<Scheme>) -> Result<Speed, Box<dyn Error>> {
    let Some(nodes) = find_model(name)?.nodes(nodes) else {
        return Err(format!("`{name}` has no nodes of its own to be run").into());
    };
    nodes_alone(nodes, scheme)
}

/// Measures nodes of any model, such as one that is read from a file: uncoupled, the output recorded every 10 steps. Takes about a second.
///
/// # Errors
///
/// The nodes do not run with the scheme.
pub fn nodes_alone(
    nodes: impl Into<Box<dyn AnyModel>>,
    scheme: Option<Scheme>,
) -> Result<Speed, Box<dyn Error>> {
    side_by_side(nodes, scheme, 1)
}

/// Measures as many runs of nodes side by side in the lanes of registers; otherwise as [`nodes_alone`]. The runs count as further nodes.
///
/// # Errors
///
/// The nodes do not run with the scheme.
pub fn side_by_side(
    nodes: impl Into<Box<dyn AnyModel>>,
    scheme: Option<Scheme>,
    runs: usize,
) -> Result<Speed, Box<dyn Error>> {
    let nodes = nodes.into();
    let info = nodes.population().shared_info();
    let count = nodes.population().nodes() * runs;
    let scheme = scheme.unwrap_or(info.scheme);
    let simulator = Simulator::new(nodes).scheme(scheme).every(10).threads(1);
    let dt = simulator.start()?.time_step();
    let time = |steps: usize| -> Result<Duration, RunError> {
        let duration = steps as f64 * dt;
        if runs == 1 {
            return Ok(simulator.run(duration)?.elapsed());
        }
        let started = Instant::now();
        simulator.sweep(Sweep::seeds(0..runs as u64), duration)?;
        Ok(started.elapsed())
    };
    let mut steps = FIRST;
    while time(steps)? < LONG_ENOUGH {
        steps *= 2;
    }
    let fastest = (0..3)
        .map(|_| time(steps))
        .try_fold(Duration::MAX, |fastest, time| Ok::<_, RunError>(fastest.min(time?)))?;
    let per_step = fastest.as_secs_f64() / steps as f64;
    Ok(Speed {
        model: info.name.to_string(),
        nodes: count,
        scheme,
        simd: Simd::from_environment()?.name(),
        per_node_step: per_step * 1e9 / count as f64,
        steps_per_second: 1.0 / per_step,
    })
}

/// The deviations of one run of a model from a fine reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviating {
    /// The circumstances of the run: `defaults`, `picture`, or `preset NAME`.
    pub at: String,
    /// The deviations of the mean, the amplitude and the frequency, or why the run failed.
    pub outcome: Result<Deviations, String>,
}

/// Compares one node of a model, run with the scheme and the step that its file states, with `rk4` at a sixteenth of that step: at its defaults,
/// in the circumstances of the picture on its page, and with each of its presets. A run lasts as long as the picture shows, but at least
/// `shortest` (ms) and 1000 ms at most; its second half is compared.
///
/// The model is interpreted, which gives the bits of compiled code.
///
/// ```
/// let zoo = brainmass::Zoo::default();
/// let found = brainmass::bench::deviations(&zoo.interpreted("JansenRitStep")?, 100.0)?;
/// assert!(found.iter().all(|run| run.outcome.as_ref().is_ok_and(|deviations| deviations.largest() < 0.01)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The model is none of nodes, or the reference cannot be run.
pub fn deviations(model: &LoadedModel, shortest: f64) -> Result<Vec<Deviating>, Box<dyn Error>> {
    let info = model.info();
    let shown = info.plots.run.as_ref();
    let duration = shown.and_then(|setting| setting.duration).unwrap_or(300.0).clamp(shortest, 1000.0);
    let mut tried = vec![("defaults".to_owned(), circumstances(model, None, None)?)];
    if shown.is_some() {
        tried.push(("picture".to_owned(), circumstances(model, None, shown)?));
    }
    for preset in &info.presets {
        let simulator = circumstances(model, Some(&preset.name), shown)?;
        tried.push((format!("preset {}", preset.name), simulator));
    }
    let compare = |(at, simulator): (String, Simulator)| {
        let accuracy = simulator.accuracy(duration, &[(info.scheme, info.dt)])?;
        let mut rows = accuracy.rows.into_iter();
        let outcome = rows.next().map_or_else(|| Err("nothing was run".to_owned()), |row| row.outcome);
        Ok(Deviating { at, outcome })
    };
    tried.into_iter().map(compare).collect()
}

/// A simulation of one node of a model with a preset, if one is named, or else with the parameters of a setting, and in either case with the
/// initial states and inputs of the setting.
fn circumstances(
    model: &LoadedModel,
    preset: Option<&str>,
    setting: Option<&Setting>,
) -> Result<Simulator, String> {
    let info = model.info();
    let mut nodes = model.nodes(1).ok_or_else(|| format!("`{}` has no nodes of its own", info.name))?;
    let population = nodes.population_mut();
    match (preset, setting) {
        (Some(name), _) => population.set_preset(name),
        (None, Some(setting)) => {
            setting
                .parameters
                .iter()
                .for_each(|&(index, value)| population.set_parameter(index, value.into()));
        }
        (None, None) => {}
    }
    if let Some(setting) = setting {
        setting.init.iter().for_each(|&(index, value)| population.set_initial(index, value.into()));
    }
    let inputs = setting.map(|setting| &setting.inputs[..]).unwrap_or_default();
    Ok(inputs.iter().fold(Simulator::new(nodes), |simulator, &(index, value)| {
        simulator.input(info.inputs[index].name.clone(), Values::Scalar(value))
    }))
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, nodes, scheme, simd, per_node_step, steps_per_second } = self;
        write!(
            f,
            "{model}: {nodes} nodes, {scheme}, {simd}: {per_node_step:.2} ns per node and step, {steps_per_second:.0} steps/s"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_models_and_rules_are_refused() {
        let message = |name: &str| model(name, 1, None).map(|_| ()).unwrap_err().to_string();
        assert!(message("HopfStp").contains("did you mean `HopfStep`"));
        assert!(message("Diffusive").contains("no nodes of its own"));
    }
}
