//! A search for the global coupling that explains the functional connectivity of resting-state BOLD: 15 minutes of the reduced Wong-Wang model for each G of a
//! grid, side by side. The correlation with the measured connectivity is highest just below the G at which the rest state is lost.
//!
//! `cargo run --release --example wong_wang_grid [hcp-schaefer100-train.npz]`: group averages of the Human Connectome Project, which are not
//! part of this project. Draws `wong_wang_grid.png`.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use brainmass::analysis::{functional_connectivity, upper_triangle};
use brainmass::connectome::{Connectome, Normalization};
use brainmass::io::npz::Npz;
use brainmass::objectives::{FcCorr, FcTarget, Objective};
use brainmass::observation::BoldSignal;
use brainmass::prelude::*;
use brainmass::simulator::{Point, Sweep};
use brainmass::viz::{Figure, Panel, Rule, Series};
use brainmass::zoo::coupling::Additive;
use brainmass::zoo::observation::BalloonWindkessel;
use ndarray::{Array1, Axis};

/// Time from volume to volume, that of the data, and volumes in 15 minutes.
const TR: f64 = 720.0;
const VOLUMES: usize = 1250;
/// Volumes before them, in which the beginning of the run shows.
const BEGINNING: usize = 50;
const DT: f64 = 1.0;
/// 0.01 per square root of a second, as in Deco et al. 2014.
const NOISE: f64 = 0.000316;
/// The rest state of an isolated region, which fires at 3 Hz.
const REST: (f64, f64) = (0.164757, 0.039218);

fn main() -> Result<(), Box<dyn Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/hcp-schaefer100-train.npz");
    let path = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| default.into()));
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
        return Ok(());
    }
    let data = Npz::open(&path)?;
    let measured = data.get("fc")?.into_matrix()?;
    let connectome =
        Connectome::new(data.get("weights")?.into_matrix()?)?.normalized(Normalization::SpectralRadius)?;
    let grid: Vec<f64> = (1..=16).map(|step| 0.1 * f64::from(step)).collect();

    let began = Instant::now();
    let points = || Sweep::of(grid.iter().map(|g| at_three_hertz(&connectome, *g)));
    let vessels = BalloonWindkessel::new(connectome.len()).preset("stephan2007");
    let resting = simulator(&connectome, REST.0, NOISE)
        .seed(1)
        .threads(2)
        .transient(BEGINNING as f64 * TR)
        .observe("bold", "S_e", BoldSignal::driven_every(10.0, vessels, TR, DT)?)
        .sweep(points(), (BEGINNING + VOLUMES) as f64 * TR)?;
    // Pushed a little and without noise, the regions return to rest, or they do not.
    let pushed = simulator(&connectome, REST.0 + 1e-3, 0.0).sweep(points(), 60_000.0)?;

    println!("  G   mean FC       r   rest state");
    let mut rows = Vec::new();
    for ((g, run), pushed) in grid.iter().zip(resting.runs).zip(pushed.runs) {
        let (run, pushed) = (run?, pushed?);
        let fc = functional_connectivity(run["bold"].view())?;
        let mean = upper_triangle(fc.view(), 1).mean().unwrap_or(f64::NAN);
        let r = FcCorr { target: FcTarget::Connectivity }.value(run["bold"].view(), measured.view())?;
        let stable =
            pushed["S_e"].row(pushed["S_e"].nrows() - 1).iter().all(|s_e| (s_e - REST.0).abs() < 1e-3);
        println!("{g:.1}   {mean:7.3}  {r:6.3}   {}", if stable { "stable" } else { "lost" });
        rows.push((*g, mean, r, stable));
    }
    let best = rows.iter().max_by(|a, b| a.2.total_cmp(&b.2)).ok_or("an empty grid")?;
    let lost = rows.iter().find(|row| !row.3).map_or(f64::INFINITY, |row| row.0);
    println!(
        "best: r = {:.3} at G = {:.1}; the rest state is lost from G = {lost:.1}; {} runs of 15 minutes in {:.0} s",
        best.2,
        best.0,
        grid.len(),
        began.elapsed().as_secs_f64()
    );

    let column = |of: fn(&(f64, f64, f64, bool)) -> f64| rows.iter().map(of).collect::<Array1<f64>>();
    let panel = |title: &str, y: Array1<f64>| {
        Panel::new()
            .title(title)
            .x_label("G", "")
            .y_label("Pearson r", "")
            .draw(Series::new(&column(|row| row.0), &y))
            .draw(Rule::vertical(lost - 0.05).label("rest is lost"))
    };
    Figure::new()
        .title("Coupling of a reduced Wong-Wang network")
        .alt("The functional connectivity of simulated BOLD, and how well it fits the measured one, peak just below the loss of the rest state.")
        .panel(panel("Fit to measured functional connectivity", column(|row| row.2)))
        .panel(panel("Mean functional connectivity", column(|row| row.1)))
        .save("wong_wang_grid.png")?;
    println!("wrote wong_wang_grid.png");
    Ok(())
}

fn simulator(connectome: &Connectome, s_e: f64, noise: f64) -> Simulator {
    let regions = WongWangExcInhStep::new(connectome.len()).init_S_e(s_e).init_S_i(REST.1).noise_S_e(noise);
    let network = Network::new(regions, connectome).coupling(Additive::new(), "S_e");
    Simulator::new(network).dt(DT).record(["S_e"]).sample_every(TR)
}

/// The coupling G, and the inhibition with which each region still fires at 3 Hz: strengthened by what comes from the others at rest (feedback
/// inhibition control, Deco et al. 2014, doi:10.1523/JNEUROSCI.5068-13.2014).
fn at_three_hertz(connectome: &Connectome, g: f64) -> Point {
    let incoming = connectome.weights().sum_axis(Axis(1)) * REST.0;
    let inhibition = incoming * (0.15 * g / REST.1) + 1.0;
    Point { settings: vec![("G".into(), g.into()), ("J_i".into(), inhibition.to_vec().into())], seed: None }
}
