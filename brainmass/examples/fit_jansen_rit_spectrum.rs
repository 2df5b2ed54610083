//! Fit the synapses of a Jansen-Rit model to the power spectrum of an EEG, without gradients.
//!
//! `cargo run --release --example fit_jansen_rit_spectrum` prints the fit and draws `fit_jansen_rit_spectrum.png`.

use brainmass::analysis::{PowerSpectrum, Welch};
use brainmass::fit::{CmaEs, Fitter, LossError, Param, Params, SimulationLoss};
use brainmass::prelude::*;
use brainmass::simulator::Run;
use brainmass::viz::{Axis, Figure, Panel, Series, fit_history};
use ndarray::Array1;

const DURATION: f64 = 21_000.0;
/// Frequencies that are compared, Hz.
const BAND: std::ops::RangeInclusive<f64> = 2.0..=40.0;

/// A column under a drive of 120 to 320 pulses a second, as in Jansen & Rit 1995: its mean, and noise in place of its spread.
fn simulator(seed: u64) -> Simulator {
    let column = JansenRitStep::new(1).noise_Ev(10.0);
    Simulator::new(column)
        .dt(1.0.ms())
        .transient(1.0.s())
        .input("E_inp", 150.0.hz())
        .record(["eeg"])
        .seed(seed)
}

fn spectrum(run: &Run) -> Result<PowerSpectrum, LossError> {
    Ok(Welch::new(2000).estimate(run["eeg"].view(), 1.0)?)
}

/// The decadic logarithm of the power of a band.
fn decades(spectrum: &PowerSpectrum) -> Array1<f64> {
    let bins = spectrum.frequency.iter().zip(spectrum.power.column(0));
    bins.filter(|(frequency, _)| BAND.contains(frequency)).map(|(_, power)| power.log10()).collect()
}

fn main() -> Result<(), LossError> {
    let jansen_rit = Network::from(JansenRitStep::new(1));
    // Faster synapses and a stronger drive than the model comes with.
    let truth = Params::new()
        .with("be", Param::new(115.0))
        .with("bi", Param::new(42.0))
        .with("E_inp", Param::new(190.0));
    let recorded = SimulationLoss::new(simulator(1), DURATION, |_| Ok(0.0)).run(&truth.values())?;
    let target = spectrum(&recorded)?;

    let goal = decades(&target);
    let loss = SimulationLoss::new(simulator(2), DURATION, move |run| {
        let distance = decades(&spectrum(run)?) - &goal;
        Ok(distance.pow2().mean().unwrap_or_default())
    });
    // The model file gives the ranges of the rate constants.
    let params = Params::new()
        .with("be", Param::of(&jansen_rit, "be")?)
        .with("bi", Param::of(&jansen_rit, "bi")?)
        .with("E_inp", Param::new(150.0).sigmoid(100.0, 350.0));
    let fit = Fitter::new(params.clone(), loss)
        .method(CmaEs::default().candidates(12))
        .iterations(60)
        .seed(1)
        .callback(|progress| {
            if progress.now.iteration % 10 == 0 {
                println!("{progress}");
            }
            true
        })
        .run()?;
    println!("the recording: {:.1}", truth.values());
    println!("the fit:       {:.1}", fit.best);
    println!(
        "mean squared distance of {:.4} decades^2, {} runs, {} failed",
        fit.loss,
        fit.evaluations(),
        fit.failures.len()
    );

    let runs = SimulationLoss::new(simulator(2), DURATION, |_| Ok(0.0));
    let (before, after) = (spectrum(&runs.run(&params.values())?)?, spectrum(&runs.run(&fit.best)?)?);
    let line = |spectrum: &PowerSpectrum, label: &str| {
        let power = spectrum.power.column(0).mapv(f64::log10);
        Series::new(&spectrum.frequency, &power).label(label)
    };
    Figure::new()
        .title("A Jansen-Rit column fitted to a spectrum")
        .alt("Left: spectra of the recording, of the first values and of the fit, which lies on the recording. Right: the loss falls.")
        .panel(
            Panel::new()
                .x(Axis::new("frequency").unit("Hz").limits(0.0, 40.0))
                .y(Axis::new("power").unit("log10 mV²/Hz").limits(-5.0, 2.0))
                .draw(line(&target, "recording"))
                .draw(line(&before, "first values"))
                .draw(line(&after, "fit")),
        )
        .panel(fit_history(&fit).title("CMA-ES"))
        .save("fit_jansen_rit_spectrum.png")?;
    println!("wrote fit_jansen_rit_spectrum.png");
    Ok(())
}
