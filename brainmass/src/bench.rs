//! The speed of a model on this machine.

use std::error::Error;
use std::fmt;
use std::time::{Duration, Instant};

use brainmass_core::any::AnyModel;
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_sim::simulator::{RunError, Simulator, Sweep};

use crate::catalogue::find_model;

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
