//! Functional connectivity by linear response against numbers of others and against simulations.

use std::fs;
use std::path::Path;
use std::time::Instant;

use brainmass::Zoo;
use brainmass::connectome::Connectome;
use brainmass::fit::{FitLoss, LinearResponse, LinearResponseLoss, LossError, ParamValues};
use brainmass::network::{Delays, Network};
use brainmass::objectives::{Better, FcCorr, FcTarget};
use brainmass::prelude::*;
use brainmass::zoo::coupling::{Additive, Diffusive};
use brainmass::{analysis, datasets};
use brainmass_spec::model::Model;
use ndarray::{Array2, s};
use serde_json::Value;

fn find(name: &str) -> Result<Model, LossError> {
    Zoo::default().checked(name).map_err(|error| error.to_string().into())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = value.as_array().expect("a list").iter().map(numbers).collect();
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).expect("rows of one length")
}

#[test]
fn the_correlations_of_networks_are_those_of_others() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/golden-dynamics"));
    let mut compared = 0;
    for name in ["network_hopf_8.json", "network_hopf_8_delays.json"] {
        let text = fs::read_to_string(folder.join(name)).expect("it is there");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let network = &file["network"];
        let mut hopf = HopfStep::new(network["nodes"].as_u64().expect("a number") as usize);
        for (parameter, values) in file["nodes"].as_object().expect("values by name") {
            let values = values.as_f64().map_or_else(|| numbers(values).into(), brainmass::Values::from);
            hopf.population_mut().set_parameter_named(parameter, values);
        }
        let noise = |state: &str| file["noise"][state].as_f64().expect("a number");
        let hopf = hopf.noise_x(noise("x")).noise_y(noise("y")).init_x(1e-3).init_y(1e-3);
        let k = network["k"].as_f64().expect("a number");
        let coupled = Network::new(hopf, matrix(&network["weights"]));
        let mut coupled = match network["rule"].as_str() {
            Some("Diffusive") => coupled.coupling(Diffusive::new(), "x").k(k),
            _ => coupled.coupling(Additive::new(), "x").k(k),
        };
        let simulator = |network| Simulator::new(network).dt(1e-3);
        if !network["delays"].is_null() {
            coupled = coupled.delays(Delays::Each(matrix(&network["delays"])));
        }
        let response = LinearResponse::new(simulator(coupled), "x", find).expect("it has one");
        let found = response.functional_connectivity().expect("it is stable");
        let expected = matrix(&file["correlation_of_x"]);
        for (a, b) in found.iter().zip(&expected) {
            // Delays are rounded up to whole steps of 0.001 ms, integrals are right to 1e-6.
            assert!((a - b).abs() < 2e-5, "{name}: {a} in place of {b}");
            compared += 1;
        }
    }
    assert_eq!(compared, 128);
}

/// A network of Wilson-Cowan nodes with delays, whose equilibrium depends on the coupling.
fn wilson_cowan(sigma: f64) -> Simulator {
    let connectome: Connectome = datasets::synthetic_8();
    let node = WilsonCowanStep::new(8).tau_E(10.0).tau_I(10.0).init_rE(0.05).init_rI(0.05);
    let node = node.noise_rE(sigma).noise_rI(sigma);
    let network = Network::new(node, &connectome).coupling(Additive::new(), "rE").k(3.0).speed(10.0);
    Simulator::new(network).dt(0.5).record(["rE"])
}

#[test]
fn correlations_are_those_of_long_simulations() {
    let began = Instant::now();
    let response = LinearResponse::new(wilson_cowan(1e-4), "rE", find).expect("it has one");
    let expected = response.functional_connectivity().expect("it is stable");
    let by_response = began.elapsed();
    let began = Instant::now();
    let (blocks, rows) = (20, 2_500);
    let run = wilson_cowan(1e-4).seed(3).transient(2e3).every(4);
    let run = run.run(2e3 + f64::from(blocks * rows) * 2.0).expect("it runs");
    println!(
        "linear response of 8 nodes with delays: {:.1} ms; a run of {} s: {:.1} s",
        by_response.as_secs_f64() * 1e3,
        blocks * rows * 2 / 1000,
        began.elapsed().as_secs_f64()
    );
    let each: Vec<Array2<f64>> = (0..blocks as usize)
        .map(|block| {
            let rows = rows as usize;
            let part = run["rE"].slice(s![block * rows..(block + 1) * rows, ..]).to_owned();
            analysis::functional_connectivity(part.view()).expect("a signal")
        })
        .collect();
    let mut squares = 0.0;
    let mut largest: f64 = 0.0;
    for i in 0..8 {
        for j in 0..i {
            let values: Vec<f64> = each.iter().map(|fc| fc[[i, j]]).collect();
            let count = values.len() as f64;
            let mean = values.iter().sum::<f64>() / count;
            let spread = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
            let deviation = (mean - expected[[i, j]]) / (spread / count).sqrt();
            assert!(deviation.abs() < 3.0, "{i}, {j}: {mean} by simulation, {}", expected[[i, j]]);
            squares += deviation * deviation / 28.0;
            largest = largest.max(expected[[i, j]]);
        }
    }
    // The deviations are those of chance, and the correlations are none of chance.
    assert!(squares < 2.0, "{squares}");
    assert!(largest > 0.05, "{largest}");
}

#[test]
fn the_gradient_of_a_fit_is_that_of_differences() {
    let target = Array2::from_shape_fn((8, 8), |(i, j)| if i == j { 1.0 } else { 0.1 / (1 + i + j) as f64 });
    let response = LinearResponse::new(wilson_cowan(0.01), "rE", find).expect("it has one").tolerance(1e-13);
    let objective = Box::new(FcCorr { target: FcTarget::Connectivity });
    let loss = LinearResponseLoss::new(response, objective, Better::Higher, target);
    let each: Vec<f64> = (0..8).map(|i| 12.0 + 0.05 * f64::from(i)).collect();
    let params = |k: f64, first: f64, drive: f64, sigma: f64| {
        let mut each = each.clone();
        each[0] += first;
        ParamValues::new().with("k", [k]).with("wEE", each).with("rE_inp", [drive]).with("noise_rE", [sigma])
    };
    let at = params(3.0, 0.0, 0.1, 0.01);
    let (value, gradient) =
        loss.value_and_gradient(&at, &["k", "wEE", "rE_inp", "noise_rE"]).expect("it is stable");
    assert_eq!(value, loss.value(&at).expect("it is stable"));
    let value = |values: ParamValues| loss.value(&values).expect("it is stable");
    let check = |name: &str, at: &dyn Fn(f64) -> ParamValues, step: f64| {
        let difference = |step: f64| (value(at(step)) - value(at(-step))) / (2.0 * step);
        let expected = (4.0 * difference(step) - difference(2.0 * step)) / 3.0;
        let found = gradient[name][0];
        // Frequencies of integrals are chosen anew at each value.
        assert!(
            (found - expected).abs() < 1e-6 * expected.abs() + 2e-10 / step,
            "{name}: {found}, {expected}"
        );
        assert!(expected.abs() > 1e-4, "{name} makes a difference: {expected}");
    };
    check("k", &|d| params(3.0 + d, 0.0, 0.1, 0.01), 0.05);
    check("wEE", &|d| params(3.0, d, 0.1, 0.01), 0.02);
    check("rE_inp", &|d| params(3.0, 0.0, 0.1 + d, 0.01), 0.002);
    check("noise_rE", &|d| params(3.0, 0.0, 0.1, 0.01 + d), 3e-4);
    let error = loss.value_and_gradient(&at.with("speed", [10.0]), &["speed"]).unwrap_err().to_string();
    assert!(error.contains("no derivative by `speed`") && error.contains("nelder_mead"), "{error}");
}
