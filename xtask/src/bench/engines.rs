//! The interpreted engine beside the compiled one, model by model: what a step of a node takes, alone and in a batch, and how long it takes from a
//! model file to its first step.

use std::time::{Duration, Instant};

use brainmass::any::AnyModel;
use brainmass::bench::{nodes_alone, side_by_side};
use brainmass::{Simulator, Zoo, find_model};

/// Nodes side by side, as regions of a brain are.
const NODES: usize = 90;

/// Runs of the batch: as many as a register has lanes.
const RUNS: usize = 8;

/// The largest ratio of interpreted to compiled that is allowed: in the geometric mean over all models, and for any of them.
const ALONE: [f64; 2] = [2.5, 5.0];

/// The largest ratio in the geometric mean, for a batch.
const BATCH: f64 = 2.0;

/// The longest time from a model file to its first step.
const FIRST_STEP: Duration = Duration::from_millis(5);

/// The ratios of one kind.
#[derive(Default)]
struct Ratios(Vec<f64>);

impl Ratios {
    fn mean(&self) -> f64 {
        (self.0.iter().map(|ratio| ratio.ln()).sum::<f64>() / self.0.len() as f64).exp()
    }

    fn worst(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }
}

/// Measures every model whose name starts with `only`, prints a line for each, and compares the ratios with what must be reached.
pub fn run(only: &str) -> Result<(), String> {
    let zoo = Zoo::default();
    let (mut alone, mut batch, mut slowest) = (Ratios::default(), Ratios::default(), Duration::ZERO);
    println!(
        "{:34} compiled, ns  interpreted  ratio   batch of {RUNS}  interpreted  ratio   first step",
        "model"
    );
    for entry in crate::models::all()? {
        let name = &entry.model.name;
        let Some(compiled) = find_model(name)?.nodes(NODES) else { continue };
        if entry.model.states.is_empty() || !name.starts_with(only) {
            continue;
        }
        let interpreted = zoo.interpreted(name)?.nodes(NODES).ok_or("it has nodes")?;
        let measured = [
            nodes_alone(compiled.clone(), None),
            nodes_alone(interpreted.clone(), None),
            side_by_side(compiled, None, RUNS),
            side_by_side(interpreted, None, RUNS),
        ];
        let measured: Result<Vec<f64>, _> =
            measured.into_iter().map(|speed| speed.map(|speed| speed.per_node_step)).collect();
        let measured = match measured {
            Ok(measured) => measured,
            // Such as LorenzStep, which needs smaller steps.
            Err(error) => {
                println!("{name}: left out: {error}");
                continue;
            }
        };
        let first = first_step(&zoo, name)?;
        let ratios = [measured[1] / measured[0], measured[3] / measured[2]];
        println!(
            "{name:34} {:12.2} {:12.2} {:6.2} {:12.2} {:12.2} {:6.2} {:9.2} ms",
            measured[0],
            measured[1],
            ratios[0],
            measured[2],
            measured[3],
            ratios[1],
            first.as_secs_f64() * 1e3
        );
        alone.0.push(ratios[0]);
        batch.0.push(ratios[1]);
        slowest = slowest.max(first);
    }
    println!("alone: {:.2} in the geometric mean, {:.2} at worst", alone.mean(), alone.worst());
    println!("in a batch: {:.2} in the geometric mean, {:.2} at worst", batch.mean(), batch.worst());
    println!("from a model file to its first step: {:.2} ms at worst", slowest.as_secs_f64() * 1e3);
    let within = alone.mean() <= ALONE[0]
        && alone.worst() <= ALONE[1]
        && batch.mean() <= BATCH
        && slowest <= FIRST_STEP;
    if within { Ok(()) } else { Err("the interpreted engine is slower than the target".to_owned()) }
}

/// The shortest time from the text of a model to the state after its first step.
fn first_step(zoo: &Zoo, name: &str) -> Result<Duration, String> {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let started = Instant::now();
        let nodes = zoo.interpreted(name)?.nodes(NODES).ok_or("it has nodes")?;
        let dt = nodes.population().info().dt;
        Simulator::new(nodes).dt(dt).run(dt).map_err(|error| error.to_string())?;
        best = best.min(started.elapsed());
    }
    Ok(best)
}
