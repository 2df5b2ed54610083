//! Fit the coupling of a network to its functional connectivity, with and without gradients.
//!
//! `cargo run --release --example fit_network_fc` prints what each method finds and draws `fit_network_fc.png`.

use std::time::Instant;

use brainmass::analysis::{functional_connectivity, upper_triangle};
use brainmass::datasets;
use brainmass::fit::{
    CmaEs, FitLoss, Fitter, Grad, Lbfgs, LossError, Method, NelderMead, Param, ParamValues, Params,
    SimulationLoss,
};
use brainmass::objectives::{FcRmse, FcTarget};
use brainmass::prelude::*;
use brainmass::viz::{Axis, Dash, Figure, Series, fit_history, scatter};
use brainmass::zoo::coupling::Diffusive;

/// The coupling and the bifurcation parameter of the network that made the data.
const K: f64 = 0.3;
const A: f64 = -0.05;
const DURATION: f64 = 10_000.0;

/// 8 regions below the onset of oscillation, driven by noise.
fn simulator(seed: u64) -> Simulator {
    let hopf = HopfStep::new(8).a(A).w(0.06).noise_x(0.02).noise_y(0.02);
    let network =
        Network::new(hopf, datasets::synthetic_8()).coupling(Diffusive::new(), "x").k(K).speed(10.0);
    Simulator::new(network).dt(0.5.ms()).transient(200.0.ms()).record(["x"]).every(4).seed(seed)
}

fn main() -> Result<(), LossError> {
    // The data have noise of their own.
    let data = simulator(1).run(DURATION)?;
    let target = functional_connectivity(data["x"].view())?;
    let loss = || {
        let objective = FcRmse { target: FcTarget::Connectivity };
        SimulationLoss::comparing(simulator(2), DURATION, "x", objective, target.clone())
    };
    let params = Params::new()
        .with("k", Param::new(0.05).sigmoid(0.0, 1.0))
        .with("a", Param::new(-0.15).sigmoid(-0.2, 0.0));
    println!("the data: k = {K}, a = {A}");

    let methods: [(Method, usize); 4] = [
        (Lbfgs::default().into(), 20),
        (Grad::adam(0.1).into(), 60),
        (NelderMead::default().into(), 60),
        (CmaEs::default().into(), 20),
    ];
    let mut fits = Vec::new();
    for (method, iterations) in methods {
        let began = Instant::now();
        let fit = Fitter::new(params.clone(), loss())
            .method(method)
            .iterations(iterations)
            .patience(10, 1e-6)
            .run()?;
        println!(
            "{:<12} {:.4}, difference of FC {:.4}, {} runs, {:.1} s",
            fit.method,
            fit.best,
            fit.loss,
            fit.evaluations(),
            began.elapsed().as_secs_f64()
        );
        fits.push(fit);
    }
    let truth = ParamValues::new().with("k", [K]).with("a", [A]);
    println!(
        "{:<12} {truth:.4}, difference of FC {:.4}: other noise, same parameters",
        "the truth",
        loss().value(&truth)?
    );

    let fitted = functional_connectivity(loss().run(&fits[0].best)?["x"].view())?;
    let (data, fitted) = (upper_triangle(target.view(), 1), upper_triangle(fitted.view(), 1));
    Figure::new()
        .title("A network fitted to its functional connectivity")
        .alt("Left: the difference of functional connectivities falls. Right: fitted over given correlations, along the diagonal.")
        .panel(fit_history(&fits[0]).title("L-BFGS"))
        .panel(
            scatter(&data, &fitted)
                .title("Pairs of regions")
                .x(Axis::new("functional connectivity of the data"))
                .y(Axis::new("of the fit"))
                .draw(Series::new(&[0.0, 0.4], &[0.0, 0.4]).dash(Dash::Dashed).width(1.0)),
        )
        .save("fit_network_fc.png")?;
    println!("wrote fit_network_fc.png");
    Ok(())
}
