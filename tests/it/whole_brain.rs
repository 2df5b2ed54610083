//! Whole brains: reduced Wong-Wang regions on measured connectomes with delays and noise. The data are not part of the project: where they
//! are absent the tests say so and pass.

use std::path::Path;
use std::process::Command;

use brainmass::analysis::{functional_connectivity, upper_triangle};
use brainmass::connectome::{Connectome, Normalization, Orientation};
use brainmass::prelude::*;
use brainmass::zoo::coupling::Additive;
use brainmass_tests::built::example;
use ndarray::{Array1, Axis};

fn connectome(file: &str) -> Option<Connectome> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(file);
    if !path.exists() {
        crate::tell(&format!("skipped: there is no {}", path.display()));
        return None;
    }
    let connectome = Connectome::load(path, Orientation::TargetSource).expect("it is a connectome");
    let connectome = connectome.without_self_connections();
    Some(connectome.normalized(Normalization::SpectralRadius).expect("it has connections"))
}

/// The isolated region's state at rest: the fixed point that the model file checks.
const REST: (f64, f64) = (0.1647572075460552, 0.03921844863176281);

/// Inhibition that keeps each region where it is alone, whatever it gets: `(J_i - 1) S_i = G J_N sum_j W_ij S_j`.
fn regions(connectome: &Connectome, g: f64) -> WongWangExcInhStep {
    let inhibition = connectome.weights().sum_axis(Axis(1)) * (g * 0.15 * REST.0 / REST.1) + 1.0;
    WongWangExcInhStep::new(connectome.len()).G(g).J_i(inhibition).init_S_e(REST.0).init_S_i(REST.1)
}

fn correlation(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let both = ndarray::stack![Axis(1), *a, *b];
    functional_connectivity(both.view()).expect("they vary")[[0, 1]]
}

fn check(file: &str, nodes: usize, longest: f64) {
    let Some(connectome) = connectome(file) else { return };
    assert_eq!(connectome.len(), nodes);
    let network = |g: f64, sigma: f64| {
        let regions = regions(&connectome, g).noise_S_e(sigma);
        Simulator::new(Network::new(regions, &connectome).coupling(Additive::new(), "S_e").speed(10.0))
            .dt(1.0)
    };
    let still = network(1.0, 0.0).every(100).run(200.0).expect("it runs");
    let moved = still["S_e"].row(1).iter().fold(0.0_f64, |most, x| most.max((x - REST.0).abs()));
    assert!(moved < 1e-9, "{file}: without noise the regions stay at rest, {moved}");

    let noisy = network(1.0, 0.002);
    let summary = noisy.start().expect("it starts").projections().remove(0);
    assert!((summary.longest_delay - longest).abs() < 1e-9, "{file}: {} ms", summary.longest_delay);
    let run = noisy.sample_every(50.0).average().transient(500.0).seed(1).run(8000.0).expect("it runs");
    let activity = &run["S_e"];
    let mean = activity.mean().expect("there are rows");
    assert!((mean - REST.0).abs() < 0.02, "{file}: mean activity {mean}");
    assert!(activity.iter().all(|x| (0.0..0.5).contains(x)), "{file}: no region leaves its low state");
    let fc = upper_triangle(functional_connectivity(activity.view()).expect("it varies").view(), 1);
    let structure = upper_triangle((connectome.weights() + &connectome.weights().t()).view(), 1);
    // Of more than 2000 pairs, unrelated ones correlate by less than 0.1 but with probability 1e-5.
    let likeness = correlation(&structure, &fc);
    assert!(likeness > 0.1, "{file}: functional connectivity follows the structure by {likeness} only");
}

#[test]
fn regions_of_connectivity_76_fluctuate_around_rest_as_their_structure_says() {
    // The longest connection has 138.5 mm; at 10 mm/ms, in whole steps of 1 ms.
    check("connectivity_76.zip", 76, 14.0);
}

#[test]
fn regions_of_connectivity_68_fluctuate_around_rest_as_their_structure_says() {
    check("connectivity_68.zip", 68, 26.0);
}

#[test]
fn regions_of_the_hcp_average_fluctuate_around_rest_as_their_structure_says() {
    check("hcp-schaefer100-train.npz", 100, 24.0);
}

#[test]
fn the_example_of_a_whole_brain_prints_what_it_is_made_of_and_draws_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output =
        Command::new(example("whole_brain")).arg("2").current_dir(folder.path()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in ["synthetic_90: 90 regions", "connections, delays up to", "S_e has shape (90, 90)"] {
        assert!(printed.contains(part), "`{part}` is missing in:\n{printed}");
    }
    let picture = std::fs::read(folder.path().join("whole_brain.png")).expect("the picture");
    assert_eq!(&picture[1..4], b"PNG");
}
