//! A whole brain at rest: reduced Wong-Wang regions on a connectome, with conduction delays and noise.
//!
//! `cargo run --release --example whole_brain -- 60 connectivity_76.zip` simulates 60 s on a connectome file (on the synthetic one that comes
//! with the library where none is named), prints what it is made of, and draws `whole_brain.png`; rows of
//! weights are targets. Further files give further pictures.

use std::error::Error;
use std::path::Path;

use brainmass::analysis::{functional_connectivity, upper_triangle};
use brainmass::connectome::{Connectome, Normalization, Orientation};
use brainmass::datasets::synthetic_90;
use brainmass::observation::{Monitor as _, TemporalAverage};
use brainmass::prelude::*;
use brainmass::viz::{Colors, Figure, Heatmap, Panel, carpet, connectivity, stacked};
use brainmass::zoo::coupling::Additive;
use ndarray::{Array2, Axis, s};

/// Global coupling, for weights of spectral radius 1. Correlations grow with it up to where the regions leave their rest together, which is
/// between 1 and 1.3 on some connectomes.
const G: f64 = 1.0;

/// Conduction speed, mm/ms.
const SPEED: f64 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let seconds = arguments.next_if(|argument| argument.parse::<f64>().is_ok());
    let seconds: f64 = seconds.map_or(Ok(60.0), |seconds| seconds.parse())?;
    let files: Vec<String> = arguments.collect();
    if files.is_empty() {
        return rest("synthetic_90", synthetic_90(), seconds, "whole_brain.png");
    }
    for file in &files {
        let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
        let picture =
            if files.len() == 1 { "whole_brain.png".into() } else { format!("whole_brain-{name}.png") };
        rest(&name, Connectome::load(file, Orientation::TargetSource)?, seconds, &picture)?;
    }
    Ok(())
}

fn rest(name: &str, connectome: Connectome, seconds: f64, picture: &str) -> Result<(), Box<dyn Error>> {
    println!("{name}: {connectome}");
    let connectome = connectome.without_self_connections().normalized(Normalization::SpectralRadius)?;

    // Inhibition is strengthened by what a region gets from the others at rest, so that each fires at 3 Hz as it does alone
    // (feedback inhibition control, Deco et al. 2014, doi:10.1523/JNEUROSCI.5068-13.2014; S_e and S_i are those of the isolated region).
    let (rest_e, rest_i, j_n) = (0.164757, 0.039218, 0.15);
    let inhibition = connectome.weights().sum_axis(Axis(1)) * (G * j_n * rest_e / rest_i) + 1.0;
    let regions = WongWangExcInhStep::new(connectome.len())
        .G(G)
        .J_i(inhibition)
        .init_S_e(rest_e)
        .init_S_i(rest_i)
        .noise_S_e(0.002);
    let network = Network::new(regions, &connectome).coupling(Additive::new(), "S_e").speed(SPEED);
    let simulator =
        Simulator::new(network).dt(0.5.ms()).record(["S_e"]).sample_every(20.0.ms()).average().seed(1);
    for projection in simulator.start()?.projections() {
        println!(
            "  {} connections, delays up to {:.1} ms, {} kB for the past",
            projection.edges,
            projection.longest_delay,
            projection.history_bytes / 1000
        );
    }

    let transient = (0.1 * seconds * 50.0).ceil() * 20.0; // ms
    let run = simulator.transient(transient).run(seconds.s())?;
    let activity = &run["S_e"];
    println!("  {seconds} s in {:.1} s: S_e has shape {:?}", run.elapsed().as_secs_f64(), activity.dim());
    let slow = TemporalAverage::new(200.0, 20.0)?.observe(activity.view())?;
    let fc = functional_connectivity(slow.view())?;
    let structure = connectome.weights() + &connectome.weights().t();
    println!("  mean S_e {:.4} (alone: {rest_e})", activity.mean().unwrap_or(f64::NAN));
    println!(
        "  functional connectivity: mean {:.3}",
        upper_triangle(fc.view(), 1).mean().unwrap_or(f64::NAN)
    );
    println!("  it correlates with the structure: {:.2}", likeness(&structure, &fc));

    let shown = activity.nrows().min(500);
    let some: Vec<usize> = (0..8).map(|i| i * connectome.len() / 8).collect();
    let labels: Vec<String> = some.iter().map(|&region| label(&connectome, region)).collect();
    let traces = activity.slice(s![..shown, ..]).select(Axis(1), &some);
    // Most correlations are weak: the colours end at the strongest.
    let strongest = upper_triangle(fc.view(), 1).fold(0.0_f64, |most, r| most.max(r.abs()));
    let functional =
        Heatmap::new(&fc).colors(Colors::Diverging).limits(-strongest, strongest).label("Pearson r");
    Figure::new()
        .title(format!("{name} at rest"))
        .alt("Activity of all regions over time, some of them as traces, the connectome and the functional connectivity.")
        .columns(2)
        .panel(carpet(&run.ts, activity).title("Activity of all regions"))
        .panel(stacked(run.ts.slice(s![..shown]), &traces, &labels, "").title("S_e of some regions"))
        .panel(connectivity(connectome.weights()).title("Structural connectivity"))
        .panel(Panel::from(functional).title("Functional connectivity").x_label("region", "").y_label("region", ""))
        .save(picture)?;
    println!("  wrote {picture}");
    Ok(())
}

fn label(connectome: &Connectome, region: usize) -> String {
    connectome.labels().get(region).cloned().unwrap_or_else(|| region.to_string())
}

/// Pearson's correlation of two matrices above their diagonals.
fn likeness(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let (a, b) = (upper_triangle(a.view(), 1), upper_triangle(b.view(), 1));
    let both = ndarray::stack![Axis(1), a, b];
    functional_connectivity(both.view()).map_or(f64::NAN, |r| r[[0, 1]])
}
