//! The gradient of ten minutes of BOLD within a small memory: 90 regions of the reduced Wong-Wang model, noise, delays, and the Balloon model, in
//! steps of 1 ms; by the coupling and by each region's recurrence. What it takes is counted by an allocator, and the gradient compared with a
//! difference of runs.
//!
//! `cargo run --release -p brainmass-tests --example ten_minutes_of_bold [MiB]`

use std::error::Error;
use std::time::Instant;

use brainmass::datasets;
use brainmass::prelude::*;
use brainmass::simulator::Run;
use brainmass::zoo::coupling::Additive;
use brainmass::zoo::observation::BalloonWindkessel;
use brainmass_tests::counting::{Counting, peak_of};
use ndarray::Array2;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const REGIONS: usize = 90;
const DURATION: f64 = 600_000.0;
const TR: f64 = 720.0;

/// Weight of the recurrence of a region.
const W_P: f64 = 1.4;

/// 90 regions at their rest of 3 Hz with the noise of Deco et al. 2014, on a connectome; each drives its own vessels.
fn simulator(w_p: f64, memory: usize) -> Simulator {
    let cortex = WongWangExcInhStep::new(REGIONS)
        .w_p(vec![w_p; REGIONS])
        .init_S_e(0.164757)
        .init_S_i(0.039218)
        .noise_S_e(0.000316);
    let network = Network::groups()
        .group("cortex", cortex)
        .group("bold", BalloonWindkessel::new(REGIONS))
        .projection(
            Projection::from("cortex", "S_e")
                .to("cortex", "coupling")
                .weights(datasets::synthetic_90())
                .speed(10.0)
                .rule(Additive::new().k(0.1))
                .name("coupling"),
        )
        .projection(
            Projection::from("cortex", "S_e")
                .to("bold", "z")
                .weights(Array2::eye(REGIONS))
                .rule(Additive::new())
                .name("drive"),
        );
    Simulator::new(network)
        .dt(1.0)
        .seed(1)
        .transient(20.0 * TR)
        .record(["bold.bold"])
        .every(720)
        .gradient_memory(memory)
}

/// The mean square of BOLD, in per cent.
fn mean_square(run: &Run) -> Loss {
    let bold = &run["bold.bold"];
    let count = bold.len() as f64;
    Loss::new((bold * bold).sum() / count * 1e4).by("bold.bold", 2e4 / count * bold)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mebibytes: usize = std::env::args().nth(1).map_or(Ok(64), |given| given.parse())?;
    let simulator = simulator(W_P, mebibytes << 20);
    let began = Instant::now();
    let value = mean_square(&simulator.run(DURATION)?).value;
    let forth = began.elapsed().as_secs_f64();

    let began = Instant::now();
    let names = ["cortex.w_p", "coupling.k"];
    let (gradient, peak) = peak_of(|| simulator.gradient(DURATION, &names, |run| Ok(mean_square(run))));
    let (gradient, back) = (gradient?, began.elapsed().as_secs_f64());
    assert_eq!(gradient.value, value, "the run of a gradient is a run like others");
    println!(
        "{DURATION} steps of {REGIONS} regions: {forth:.1} s for the run, {back:.1} s with its gradient by {} numbers",
        gradient.flat().len()
    );
    println!(
        "within {mebibytes} MiB: {:.1} MiB at most, everything counted",
        peak as f64 / f64::from(1 << 20)
    );

    let at = |w_p: f64| -> Result<f64, RunError> {
        Ok(mean_square(&self::simulator(w_p, 0).run(DURATION)?).value)
    };
    let difference = (at(W_P + 1e-5)? - at(W_P - 1e-5)?) / 2e-5;
    let along: f64 = gradient["cortex.w_p"].iter().sum();
    println!(
        "by the recurrence of all regions at once: {along:.8e}; by a difference of runs: {difference:.8e}"
    );
    Ok(())
}
