//! Noise that a model's file gives: what runs do with it where nothing else is said, and how it is replaced.

use brainmass::any::AnyModel;
use brainmass::noise::WhiteNoise;
use brainmass::prelude::*;
use brainmass::simulator::Sweep;
use brainmass::{Nodes, Zoo};

/// An exponential growth by multiplicative noise, a random walk, and a state that both leave alone.
const MODEL: &str = "
name: GrowthStep
category: network
integration: {scheme: heun, dt: 0.02 ms}
states:
  x: {init: 1}
  y: {init: 0 mV, noise: 3 mV/sqrt(s)}
  z: {init: 0}
inputs: {xi: {unit: /ms, noise: 0.3 /sqrt(ms)}}
derivatives: {x: x*xi, y: '0[mV/ms]', z: '0[/ms]'}
";

fn nodes(count: usize) -> Nodes {
    let model = Zoo::default().read("growth.yaml", MODEL).expect("it is right");
    model.nodes(count).expect("it has nodes")
}

/// The signal of every node at the end of a run of 4 ms.
fn ends(simulator: Simulator, signal: &str) -> Vec<f64> {
    let run = simulator.record([signal]).seed(11).run(4.0).expect("it runs");
    run[signal].row(run[signal].nrows() - 1).to_vec()
}

/// The mean of independent numbers, and its standard error.
fn mean(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

#[track_caller]
fn assert_mean(numbers: &[f64], expected: f64) {
    let (mean, error) = mean(numbers);
    // Crossed with probability 7e-6.
    assert!((mean - expected).abs() < 4.5 * error, "{mean} +- {error}, {expected} expected");
}

#[test]
fn noise_of_a_state_is_additive_in_its_unit_and_a_run_may_replace_it() {
    let squares = |nodes: Nodes| {
        let ends = ends(Simulator::new(nodes), "y");
        ends.into_iter().map(|y| y * y).collect::<Vec<_>>()
    };
    // 3 mV/sqrt(s): the variance grows by 9 mV^2 a second.
    assert_mean(&squares(nodes(4000)), 9.0 * 0.004);
    assert_mean(&squares(nodes(4000).noise("y", 0.5)), 0.25 * 4.0);
    assert!(squares(nodes(3).noise("y", 0.0)).iter().all(|square| *square == 0.0));
    assert!(ends(Simulator::new(nodes(3)), "z").iter().all(|z| *z == 0.0));
}

#[test]
fn noise_of_an_input_multiplies_what_the_equations_say_and_the_scheme_reads_it() {
    // dx = s x dW: the mean of x stays 1 as Ito reads it, and grows as exp(s^2 t/2) as Stratonovich does (Kloeden & Platen 1992, section 4.4).
    let grown = (0.09_f64 * 4.0 / 2.0).exp();
    assert_mean(&ends(Simulator::new(nodes(20_000)).scheme(Scheme::Euler), "x"), 1.0);
    assert_mean(&ends(Simulator::new(nodes(20_000)), "x"), grown);
    assert_mean(&ends(Simulator::new(nodes(20_000)).scheme(Scheme::ExpEuler), "x"), grown);
}

#[test]
fn an_input_that_is_given_takes_the_place_of_the_noise() {
    let quiet = ends(Simulator::new(nodes(3)).input("xi", 0.0), "x");
    assert_eq!(quiet, [1.0, 1.0, 1.0]);
    let grown = ends(Simulator::new(nodes(3)).input("xi", 0.25), "x");
    assert!(grown.iter().all(|x| (x - 1.0_f64.exp()).abs() < 1e-3), "{grown:?}");
    let own = ends(Simulator::new(nodes(3)).noise("xi", WhiteNoise::new(0.3)), "x");
    assert_eq!(own, ends(Simulator::new(nodes(3)), "x"), "it is the noise that a program would add");
    let mut none = nodes(3);
    none.population_mut().remove_noise();
    assert_eq!(ends(Simulator::new(none.clone()), "x"), [1.0, 1.0, 1.0]);
    assert_eq!(ends(Simulator::new(none), "y"), [0.0, 0.0, 0.0]);
}

#[test]
fn a_run_alone_and_in_a_batch_has_the_same_noise() {
    let alone = ends(Simulator::new(nodes(2)), "x");
    let simulator = Simulator::new(nodes(2)).record(["x"]);
    let batch = simulator.batch(Sweep::seeds(11..13)).run(4.0).expect("it runs");
    let ends = batch.runs.iter().map(|run| {
        let values = &run.as_ref().expect("it runs")["x"];
        values.row(values.nrows() - 1).to_vec()
    });
    let ends: Vec<Vec<f64>> = ends.collect();
    assert_eq!(alone, ends[0]);
    assert_ne!(alone, ends[1]);
}
