//! Fit the functional connectivity of resting-state BOLD: the global coupling G of the reduced Wong-Wang model by a grid search and by its
//! gradient, then the weight of the local recurrence of each of 100 regions.
//!
//! `cargo run --release --example fit_hcp_fc [hcp-schaefer100-train.npz]`: group averages of the Human Connectome Project, which are not part
//! of this project.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use brainmass::connectome::{Connectome, Normalization};
use brainmass::fit::{Fit, FitLoss, Fitter, Grad, Lbfgs, Param, Params, SimulationLoss};
use brainmass::io::npz::Npz;
use brainmass::objectives::{FcCorr, FcTarget, Objective};
use brainmass::observation::{FirstOrderVolterra, HrfBold, HrfBoldSettings};
use brainmass::prelude::*;
use brainmass::zoo::coupling::Additive;
use ndarray::Array2;

/// Time from volume to volume, ms.
const TR: f64 = 720.0;
/// Volumes that are compared, after those in which the beginning of the run shows.
const VOLUMES: usize = 200;
const BEGINNING: usize = 30;
const DURATION: f64 = (VOLUMES + BEGINNING) as f64 * TR;
/// Activity is averaged over this time before it becomes BOLD, ms.
const SAMPLE: usize = 40;
/// Values of G in the grid.
const GRID: usize = 40;

fn main() -> Result<(), Box<dyn Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/hcp-schaefer100-train.npz");
    let path = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| default.into()));
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
        return Ok(());
    }
    let data = Npz::open(&path)?;
    let connectome = Connectome::new(data.get("weights")?.into_matrix()?)?
        .normalized(Normalization::Log1p)?
        .normalized(Normalization::SpectralRadius)?;
    let fc = data.get("fc")?.into_matrix()?;
    let loss = || bold_fc(&connectome, &fc);

    let began = Instant::now();
    let mut best = (0.0, f64::NEG_INFINITY);
    for step in 1..=GRID {
        let g = 0.1 * step as f64;
        let r = 1.0 - loss().value(&Params::new().with("G", Param::new(g)).values()).unwrap_or(1.0);
        println!("  G = {g:.1}: r = {r:.4}");
        if r > best.1 {
            best = (g, r);
        }
    }
    report("grid search", best.1, &format!("at G = {:.1}", best.0), GRID, began);

    let began = Instant::now();
    let params = Params::new().with("G", Param::new(1.0).sigmoid(0.0, 4.0));
    let global = Fitter::new(params, loss()).method(Lbfgs::default().line_search(6)).iterations(6).run()?;
    report("fit of G", correlation(&global), &format!("at {}", global.best), global.evaluations(), began);

    let began = Instant::now();
    let params = Params::new()
        .with("G", Param::new(global.best.scalar("G")).sigmoid(0.0, 4.0))
        .with("w_p", Param::new(1.4).per_node(connectome.len()).sigmoid(0.7, 2.1));
    let regional = Fitter::new(params, loss())
        .method(Grad::adam(0.05))
        .iterations(REGIONAL)
        .callback(|progress| {
            println!("  {progress}");
            true
        })
        .run()?;
    let evaluations = global.evaluations() + regional.evaluations();
    report("fit of G, then of regional weights", correlation(&regional), "", evaluations, began);
    Ok(())
}

/// Iterations of the fit of regional weights.
const REGIONAL: usize = 20;

/// One less the correlation between the functional connectivities of simulated BOLD and of the data.
fn bold_fc(connectome: &Connectome, fc: &Array2<f64>) -> SimulationLoss {
    let regions = WongWangExcInhStep::new(connectome.len()).init_S_e(0.16).init_S_i(0.04).noise_S_e(0.003);
    let network = Network::new(regions, connectome).coupling(Additive::new(), "S_e").k(1.0);
    let simulator = Simulator::new(network).dt(1.0).record(["S_e"]).every(SAMPLE).average().seed(1);
    let objective = FcCorr { target: FcTarget::Connectivity }.as_loss();
    let sample = SAMPLE as f64;
    SimulationLoss::comparing(simulator, DURATION, "S_e", objective, fc.clone())
        .through(move || {
            let settings = HrfBoldSettings { period: TR, downsample_period: sample, ..Default::default() };
            HrfBold::new(&FirstOrderVolterra::default(), settings, sample)
        })
        .skip(BEGINNING)
}

fn correlation(fit: &Fit) -> f64 {
    1.0 - fit.loss
}

/// A run with its gradient is counted as one run; what it costs more shows in the time.
fn report(what: &str, r: f64, place: &str, runs: usize, began: Instant) {
    let seconds = runs as f64 * DURATION / 1000.0;
    println!(
        "{what}: r = {r:.4} {place} after {runs} runs, {seconds:.0} simulated seconds, {:.1} s",
        began.elapsed().as_secs_f64()
    );
}
