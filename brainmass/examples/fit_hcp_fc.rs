//! Fit the functional connectivity of resting-state BOLD: the global coupling G of the reduced Wong-Wang model by a grid search and by its
//! gradient, then the weight of the local recurrence of each of 100 regions. Whatever the parameters, feedback inhibition keeps each region
//! at 3 Hz (Deco et al. 2014, doi:10.1523/JNEUROSCI.5068-13.2014).
//!
//! `cargo run --release --example fit_hcp_fc [hcp-schaefer100-train.npz]`: group averages of the Human Connectome Project, which are not part
//! of this project.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use brainmass::analysis::{Correlation, upper_triangle};
use brainmass::connectome::{Connectome, Normalization};
use brainmass::fit::{
    Fit, FitLoss, Fitter, Grad, Lbfgs, LossError, Param, ParamValues, Params, SimulationLoss,
};
use brainmass::io::npz::Npz;
use brainmass::objectives::{FcCorr, FcTarget, Objective};
use brainmass::observation::{FirstOrderVolterra, HrfBold, HrfBoldSettings};
use brainmass::prelude::*;
use brainmass::zoo::coupling::Additive;
use ndarray::{Array1, Array2, Axis, stack};

/// Time from volume to volume, ms.
const TR: f64 = 720.0;
/// Volumes that are compared, after those in which the beginning of the run shows.
const VOLUMES: usize = 400;
const BEGINNING: usize = 30;
const DURATION: f64 = (VOLUMES + BEGINNING) as f64 * TR;
/// Activity is averaged over this time before it becomes BOLD, ms.
const SAMPLE: usize = 40;
/// Values of G in the grid, and the step between them.
const GRID: usize = 40;
const STEP: f64 = 0.05;
/// Iterations of the fit of regional weights.
const REGIONAL: usize = 27;

fn main() -> Result<(), Box<dyn Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/hcp-schaefer100-train.npz");
    let path = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| default.into()));
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
        return Ok(());
    }
    let data = Npz::open(&path)?;
    let connectome =
        Connectome::new(data.get("weights")?.into_matrix()?)?.normalized(Normalization::SpectralRadius)?;
    let fc = data.get("fc")?.into_matrix()?;
    let loss = || BoldFc::new(&connectome, fc.clone());
    let regions = connectome.len();

    // What the connections alone tell of the correlations, without any dynamics.
    let pairs = [connectome.weights().view(), fc.view()].map(|matrix| upper_triangle(matrix, 1));
    let both = Correlation::of(stack![Axis(1), pairs[0], pairs[1]].view())?;
    println!("structural connectivity itself: r = {:.5}", both.matrix()[[0, 1]]);

    let began = Instant::now();
    let mut best = (0.0, f64::NEG_INFINITY);
    for step in 1..=GRID {
        let g = STEP * step as f64;
        let point = Params::new().with("G", Param::new(g)).with("w_p", Param::new(W_P).per_node(regions));
        let r = 1.0 - loss().value(&point.values()).unwrap_or(1.0);
        println!("  G = {g:.2}: r = {r:.4}");
        if r > best.1 {
            best = (g, r);
        }
    }
    report("grid search", best.1, &format!(" at G = {:.2}", best.0), GRID, began);

    let began = Instant::now();
    let params = |g: f64| Params::new().with("G", Param::new(g).sigmoid(0.0, 2.0));
    let weights = Param::new(W_P).per_node(regions).sigmoid(0.7, 2.1);
    let global = Fitter::new(params(0.5).with("w_p", weights.clone().fixed()), loss())
        .method(Lbfgs::default().line_search(4))
        .iterations(7)
        .run()?;
    report(
        "fit of G",
        correlation(&global),
        &format!(" at G = {:.3}", global.best.scalar("G")),
        global.evaluations(),
        began,
    );

    let began = Instant::now();
    let regional = Fitter::new(params(global.best.scalar("G")).with("w_p", weights), loss())
        .method(Grad::adam(0.1))
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

/// The rest state of an isolated region, which fires at 3 Hz with the weight `W_P` of its recurrence and an inhibition of 1 nA.
const REST: (f64, f64) = (0.164757, 0.039218);
const W_P: f64 = 1.4;
/// The excitatory current that a weight of 1 brings at rest, relative to the current that an inhibition of 1 nA takes away.
const BALANCE: f64 = 0.15 * REST.0 / REST.1;

/// One less the correlation between the functional connectivities of simulated BOLD and of the data, by G and by the weight of each region's
/// recurrence; the inhibition follows from both.
struct BoldFc {
    /// The loss with `G`, `w_p` and the inhibition `J_i` as free parameters.
    free: SimulationLoss,
    /// The sum of the weights into each region.
    incoming: Array1<f64>,
}

impl BoldFc {
    fn new(connectome: &Connectome, fc: Array2<f64>) -> Self {
        let regions = WongWangExcInhStep::new(connectome.len()).init_S_e(REST.0).init_S_i(REST.1);
        // 0.01 per square root of a second, as in Deco et al. 2014.
        let network =
            Network::new(regions.noise_S_e(0.000316), connectome).coupling(Additive::new(), "S_e").k(1.0);
        // With other noise the fit of the regions may step over a bifurcation and lose time: seed 1 ends at 0.22, not at 0.39.
        let simulator = Simulator::new(network).dt(1.0).record(["S_e"]).every(SAMPLE).average().seed(2);
        let objective = FcCorr { target: FcTarget::Connectivity }.as_loss();
        let sample = SAMPLE as f64;
        let free = SimulationLoss::comparing(simulator, DURATION, "S_e", objective, fc)
            .through(move || {
                let settings =
                    HrfBoldSettings { period: TR, downsample_period: sample, ..Default::default() };
                HrfBold::new(&FirstOrderVolterra::default(), settings, sample)
            })
            .skip(BEGINNING);
        Self { free, incoming: connectome.weights().sum_axis(Axis(1)) }
    }

    /// The parameters, and the inhibition that keeps every region at rest.
    fn balanced(&self, params: &ParamValues) -> ParamValues {
        let (g, w_p) = (params.scalar("G"), params["w_p"].iter());
        let inhibition =
            self.incoming.iter().zip(w_p).map(|(incoming, w_p)| 1.0 + BALANCE * (w_p - W_P + g * incoming));
        params.clone().with("J_i", inhibition.collect::<Vec<_>>())
    }
}

impl FitLoss for BoldFc {
    fn value(&self, params: &ParamValues) -> Result<f64, LossError> {
        self.free.value(&self.balanced(params))
    }

    fn value_and_gradient(&self, params: &ParamValues, _: &[&str]) -> Result<(f64, ParamValues), LossError> {
        let (loss, by) = self.free.value_and_gradient(&self.balanced(params), &["G", "w_p", "J_i"])?;
        let by_inhibition = &by["J_i"];
        let by_g = by.scalar("G")
            + BALANCE * self.incoming.iter().zip(by_inhibition).map(|(w, by)| w * by).sum::<f64>();
        let by_w_p = by["w_p"].iter().zip(by_inhibition).map(|(by, through)| by + BALANCE * through);
        Ok((loss, ParamValues::new().with("G", [by_g]).with("w_p", by_w_p.collect::<Vec<_>>())))
    }

    fn has_gradient(&self) -> Result<(), String> {
        self.free.has_gradient()
    }
}

fn correlation(fit: &Fit) -> f64 {
    1.0 - fit.loss
}

/// A run with its gradient is counted as one run; what it costs more shows in the time.
fn report(what: &str, r: f64, place: &str, runs: usize, began: Instant) {
    let seconds = runs as f64 * DURATION / 1000.0;
    println!(
        "{what}: r = {r:.5}{place} after {runs} runs, {seconds:.0} simulated seconds, {:.1} s",
        began.elapsed().as_secs_f64()
    );
}
