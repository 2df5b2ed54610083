//! Fit the bifurcation parameter of a Hopf oscillator to the amplitude of a rhythm: from a = 0.1 to a = 1.5.
//!
//! `cargo run --release --example fit_hopf_amplitude` prints the fit and draws `fit_hopf_amplitude.png`.

use std::error::Error;

use brainmass::fit::{
    Fitter, Grad, Identifiability, NelderMead, Param, Params, Profile, Schedule, SimulationLoss,
};
use brainmass::gradient::Loss;
use brainmass::prelude::*;
use brainmass::viz::{Figure, fit_history, profile_likelihood};

/// The value that the fit is to reach.
const A: f64 = 1.5;

fn main() -> Result<(), Box<dyn Error>> {
    // On the limit cycle x^2 + y^2 = a/beta, so that the mean square of x is a/(2 beta); a scheme of the first order would be half a per cent off.
    let hopf = HopfStep::new(1).a(0.1).w(0.2).init_x(0.5);
    let simulator = Simulator::new(hopf).scheme(Scheme::Rk4).dt(0.1.ms()).transient(60.0.ms()).record(["x"]);
    let amplitude = (A / 2.0).sqrt();

    // The squared distance of the amplitude from its target, and how it changes with each sample of x.
    let loss = || {
        SimulationLoss::differentiable(simulator.clone(), 374.0.ms(), move |run| {
            let x = &run["x"];
            let count = x.len() as f64;
            let found = ((x * x).sum() / count).sqrt();
            let distance = found - amplitude;
            Ok(Loss::new(distance * distance).by("x", x * (2.0 * distance / (found * count))))
        })
    };
    let params = Params::new().with("a", Param::new(0.1).softplus(0.0));

    let fit = Fitter::new(params, loss())
        .method(Grad::adam(0.1).schedule(Schedule::cosine(0.01)))
        .iterations(150)
        .callback(|progress| {
            if progress.now.iteration % 25 == 0 {
                println!(
                    "{progress}, a = {:.4}",
                    progress.params.map_or(f64::NAN, |params| params.scalar("a"))
                );
            }
            true
        })
        .run()?;
    println!(
        "recovered a = {:.4} (target {A}), loss {:.1e}, {} runs",
        fit.best.scalar("a"),
        fit.loss,
        fit.evaluations()
    );

    // Amplitudes measured with a standard deviation of 0.02 would make the loss a negative log likelihood so:
    let scale = 1.0 / (2.0 * 0.02 * 0.02);
    let known = Identifiability::at(&fit.params(), &loss(), scale)?;
    if let Some(intervals) = known.intervals(1.96) {
        println!(
            "a lies between {:.3} and {:.3} (95 %), if amplitudes are known to 0.02",
            intervals[0].0, intervals[0].1
        );
    }
    let profile = Profile::new(&fit.params(), &loss(), "a", (1.3, 1.7), 21, NelderMead::default(), 1)?;
    let rise = 1.92 / scale;
    if let (Some(from), Some(to)) = profile.interval(rise) {
        println!("its profile allows {from:.3} to {to:.3}");
    }

    Figure::new()
        .title("A Hopf oscillator fitted to an amplitude")
        .alt(
            "Left: the loss falls over 150 iterations. Right: the profile of the loss over a, lowest at 1.5.",
        )
        .panel(fit_history(&fit).title("Adam"))
        .panel(profile_likelihood(&profile, rise).title("What the data allow"))
        .save("fit_hopf_amplitude.png")?;
    println!("wrote fit_hopf_amplitude.png");
    Ok(())
}
