//! Choose a model: look through the catalogue, narrow it down, run what is left, look at it.
//!
//! `cargo run --release --example choose_a_model` prints the recipe's numbers and draws `choose_a_model.png`.

use std::error::Error;

use brainmass::analysis::Welch;
use brainmass::prelude::*;
use brainmass::viz::{Figure, FixedPointKind, PhasePortrait, time_series};
use ndarray::s;

fn main() -> Result<(), Box<dyn Error>> {
    let models = list_models();
    println!("{} models\n\n{}\n", models.len(), to_table(&models));

    let small =
        models.iter().filter(|model| model.category == Category::Physiological && model.n_state_vars <= 3);
    println!("Physiological models with at most 3 states:");
    small
        .for_each(|model| println!("  {:<22} {} states, {}", model.name, model.n_state_vars, model.use_case));

    println!("\nModels per category:");
    for category in Category::ALL {
        println!("  {category:<17} {}", models.iter().filter(|model| model.category == category).count());
    }
    println!("\n{DECISION_GUIDE}");

    // 90 regions, each a Hopf oscillator on its limit cycle.
    let hopf = HopfStep::new(90).w(0.1).a(0.25).init_x(0.1);
    let rhythm = Simulator::new(hopf).dt(0.1.ms()).transient(50.0.ms()).record(["x"]).run(300.0.ms())?;
    println!("90 Hopf regions: x has shape {:?}", rhythm["x"].dim());

    // 8 EEG sources in the alpha band.
    let sources =
        JansenRitStep::new(8).init_M((0..8).map(|source| 0.01 * f64::from(source)).collect::<Vec<_>>());
    let eeg = Simulator::new(sources)
        .dt(0.1.ms())
        .transient(200.0.ms())
        .input("E_inp", 200.0.hz())
        .record(["eeg"])
        .run(500.0.ms())?;
    println!("8 Jansen-Rit sources: eeg has shape {:?}", eeg["eeg"].dim());
    let long = JansenRitStep::new(1);
    let long = Simulator::new(long)
        .transient(1.0.s())
        .input("E_inp", 200.0.hz())
        .record(["eeg"])
        .every(10)
        .run(9.0.s())?;
    let spectrum = Welch::new(4000).estimate(long["eeg"].view(), 1.0)?;
    println!("  it oscillates at {:.1} Hz", spectrum.peak_frequency(1.0..=50.0)?[0]);

    // Side by side: a limit cycle, and a node that spikes under a drive of 0.8.
    let cycle =
        Simulator::new(HopfStep::new(1).a(0.25).w(0.2).init_x(0.05)).record(["x", "y"]).run(150.0.ms())?;
    let spikes =
        Simulator::new(FitzHughNagumoStep::new(1)).input("V_inp", 0.8).record(["V", "w"]).run(200.0.ms())?;
    let radius = cycle["x"].column(0).slice(s![-300..]).fold(0.0_f64, |largest, x| largest.max(x.abs()));
    println!("Hopf limit cycle: radius {radius:.3}, sqrt(a/beta) = {:.3}", 0.25_f64.sqrt());
    let peak = spikes["V"].fold(f64::NEG_INFINITY, |highest, v| highest.max(*v));
    println!("FitzHugh-Nagumo under drive: V reaches {peak:.2}");

    let flow = |x: f64, y: f64| {
        let growth = 0.25 - x * x - y * y;
        (growth * x - 0.2 * y, growth * y + 0.2 * x)
    };
    let both = ndarray::concatenate![ndarray::Axis(1), spikes["V"], spikes["w"]];
    Figure::new()
        .title("Choose a model")
        .alt("Left: the limit cycle of a Hopf oscillator. Right: spikes of a driven FitzHugh-Nagumo node.")
        .panel(
            PhasePortrait::new("x", "y")
                .flow((-0.8, 0.8), (-0.8, 0.8), flow)
                .trajectory(cycle["x"].column(0), cycle["y"].column(0))
                .fixed_point(0.0, 0.0, FixedPointKind::Unstable),
        )
        .panel(time_series(&spikes.ts, &both).title("Driven FitzHugh-Nagumo node").labels(["V", "w"]))
        .save("choose_a_model.png")?;
    println!("\nwrote choose_a_model.png");
    Ok(())
}

const DECISION_GUIDE: &str = "\
Which model?
  Only the onset of a rhythm matters            HopfStep, StuartLandauStep
  Excitability, single spikes                   FitzHughNagumoStep
  EEG or MEG                                    JansenRitStep
  Resting-state BOLD, functional connectivity   WongWangExcInhStep
  Firing rates of E and I populations           WilsonCowanStep
  Exact mean field of spiking neurons           MontbrioPazoRoxinStep, CoombesByrneStep
  Decisions                                     WongWangStep
  Seizures                                      EpileptorStep
  Phases and synchrony                          KuramotoNetwork
  Learning on sequences                         HORNSeqNetwork
  A baseline to compare with                    LinearStep
";
