//! W7: what a gradient costs beside its run.

use std::time::{Duration, Instant};

use brainmass::prelude::*;
use brainmass::zoo::coupling::Diffusive;

use super::connections::{Dense, initial};

/// W7 in words.
pub const WHAT: &str = "90 Hopf nodes, dense delays, 2000 steps: loss, and its gradient by k and each a";

/// The most that a gradient may take, in multiples of the time of the run.
pub const TARGET: f64 = 4.0;

const NODES: usize = 90;
const STEPS: usize = 2000;
const DT: f64 = 0.1;

/// The measured times of a run and of its gradient.
#[derive(Clone, Copy)]
pub struct Cost {
    /// The shortest time to run and to compute the loss.
    pub loss: Duration,
    /// The shortest time to do that and to compute the gradient.
    pub gradient: Duration,
}

impl Cost {
    /// Returns the time of the gradient in multiples of that of the run.
    pub fn ratio(self) -> f64 {
        self.gradient.as_secs_f64() / self.loss.as_secs_f64()
    }

    /// ns per node-step of the loss, and of the loss with its gradient.
    pub fn ns(self) -> (f64, f64) {
        let per_step = |time: Duration| time.as_secs_f64() * 1e9 / (NODES * STEPS) as f64;
        (per_step(self.loss), per_step(self.gradient))
    }
}

/// Measures both by turns.
pub fn measure(repeats: usize) -> Result<Cost, String> {
    let (simulator, duration) = (simulator(), STEPS as f64 * DT);
    let mut cost = Cost { loss: Duration::MAX, gradient: Duration::MAX };
    for _ in 0..repeats {
        let started = Instant::now();
        let run = simulator.run(duration).map_err(|error| error.to_string())?;
        let value = loss(&run).value;
        cost.loss = cost.loss.min(started.elapsed());
        let started = Instant::now();
        let gradient = simulator.gradient(duration, &["k", "a"], |run| Ok(loss(run)));
        let gradient = gradient.map_err(|error| error.to_string())?;
        cost.gradient = cost.gradient.min(started.elapsed());
        if gradient.value != value || gradient.flat().len() != NODES + 1 {
            return Err("the gradient is not that of the loss".to_owned());
        }
    }
    Ok(cost)
}

fn simulator() -> Simulator {
    let dense = Dense::new(NODES);
    let starts: Vec<f64> = (0..NODES).map(initial).collect();
    let a: Vec<f64> = (0..NODES).map(|node| 0.2 + 0.001 * node as f64).collect();
    let hopf = HopfStep::new(NODES).init_x(starts).a(a);
    let network =
        Network::new(hopf, dense.wiring()).coupling(Diffusive::new(), "x").k(0.1).delays(dense.delays(DT));
    Simulator::new(network).dt(DT).record(["x"])
}

/// The mean square of x.
fn loss(run: &Run) -> Loss {
    let x = &run["x"];
    let count = x.len() as f64;
    Loss::new((x * x).sum() / count).by("x", 2.0 / count * x)
}
