//! Memory and steps, computed before they are taken, and instruments that compute as the run does.

#![expect(clippy::unwrap_used, reason = "the functions that tests share are part of the tests")]

use brainmass::gradient::GradientError;
use brainmass::network::Delays;
use brainmass::observation::{BoldSignal, TemporalAverage};
use brainmass::prelude::*;
use brainmass::real::Simd;
use brainmass::simulator::Sweep;
use brainmass::zoo::coupling::Additive;
use brainmass::zoo::observation::BalloonWindkessel;
use ndarray::{Array2, s};

#[track_caller]
fn refused<T>(outcome: Result<T, RunError>, words: &[&str]) {
    let message = outcome.err().unwrap().to_string();
    assert!(words.iter().all(|word| message.contains(word)), "{message}");
}

#[test]
fn records_that_do_not_fit_are_refused_before_the_run() {
    let simulator = || Simulator::new(HopfStep::new(400)).record(["x"]).memory(4_000_000_000);
    // 72 million rows of 400 nodes.
    refused(
        simulator().run(7200.0.s()),
        &["72000000 rows", "232 GB", "4.0 GB may be taken", "every", "memory"],
    );
    let mut session = simulator().start().unwrap();
    refused(session.run(7200.0.s()), &["232 GB"]);
    assert_eq!(session.time(), 0.0, "nothing was run");
    // Averages take less, and so do instruments and files.
    assert!(simulator().every(100).memory(4_000_000).run(1.0.s()).is_ok());
    let average = TemporalAverage::new(100.0, 0.1).unwrap();
    let observed = || Simulator::new(HopfStep::new(400)).memory(4_000_000);
    assert!(observed().observe("mean", "x", average).run(1.0.s()).is_ok());
    let every_step = TemporalAverage::new(0.1, 0.1).unwrap();
    refused(observed().observe("mean", "x", every_step).run(1.0.s()), &["would need"]);
}

#[test]
fn the_default_limit_is_that_of_the_process() {
    // No machine has an exabyte.
    refused(Simulator::new(HopfStep::new(1 << 20)).most_steps(1 << 47).run(1e13), &["EB"]);
    refused(Simulator::new(HopfStep::new(1 << 50)).run(1.0), &["nodes of HopfStep", "use fewer nodes"]);
}

#[test]
fn delays_and_weights_that_do_not_fit_are_refused() {
    let weights = Array2::from_elem((100, 100), 0.1);
    let network = |delay: f64| {
        Network::new(HopfStep::new(100), &weights).coupling(Additive::new(), "x").delays(Delays::from(delay))
    };
    let start = |delay: f64| Simulator::new(network(delay)).memory(10_000_000).start().map(|_| ());
    assert!(start(100.0).is_ok());
    refused(start(10_000.0), &["100 sources over 100000 steps", "shorter delays"]);
    refused(start(1e12), &["too long"]);
    let inside = |tau: f64| {
        let delayed = nodes_of("WilsonCowanDelayedStep", 10).expect("it is there").set("delay_EE", tau);
        Simulator::new(delayed).memory(10_000_000).start().map(|_| ())
    };
    assert!(inside(10.0).is_ok());
    refused(inside(1e8), &["the past of `rE` over the delay `delay_EE`", "make the delay shorter"]);
}

#[test]
fn batches_and_gradients_count_what_they_keep() {
    let simulator = Simulator::new(HopfStep::new(10)).record(["x"]).memory(2_000_000);
    // A run keeps 0.96 MB.
    assert!(simulator.run(1000.0).is_ok());
    refused(simulator.sweep(Sweep::seeds(0..10), 1000.0), &["a batch of 10 runs"]);
    assert!(
        simulator
            .batch(Sweep::seeds(0..10))
            .reduce(1000.0, |_, run| run.is_ok())
            .unwrap()
            .iter()
            .all(|ok| *ok)
    );
    let gradient = |by: &str, duration: f64| {
        let outcome = simulator.gradient(duration, &[by], |run| Ok(Loss::new(0.0).by("x", run["x"].clone())));
        match outcome {
            Err(GradientError::Run(error)) => Err(error),
            other => Ok(other.unwrap()),
        }
    };
    assert!(gradient("a", 500.0).is_ok());
    refused(gradient("x_inp", 3000.0), &["a gradient by `x_inp`", "30000 rows of 10 values"]);
    refused(gradient("a", 2000.0), &["records"]);
}

#[test]
fn endless_runs_are_refused() {
    let hopf = || Simulator::new(HopfStep::new(1)).every(1_000_000_000);
    refused(hopf().run(1e12), &["duration is 10000000000000 steps", "may have 10000000000", "most_steps"]);
    refused(hopf().run(1e300), &["more steps than can be counted"]);
    refused(hopf().dt(1e-300).run(1.0), &["more steps than can be counted"]);
    refused(hopf().start().unwrap().skip(1e12), &["transient is 10000000000000 steps"]);
    refused(hopf().most_steps(100).run(10.1), &["101 steps"]);
    assert!(Simulator::new(HopfStep::new(1)).most_steps(100).run(10.0).is_ok());
    refused(hopf().run_to(1e12, std::env::temp_dir()), &["10000000000000 steps"]);
}

#[test]
fn instruments_compute_with_the_instruction_set_of_the_run() {
    // The activity is constant, so that the instrument is the model of the vessels driven by it.
    let (dt, every) = (10.0, 10);
    let activity = LinearStep::new(1).gamma(0.0).init_x(0.2);
    for simd in
        ["avx512", "avx2", "avx2-unfused", "plain"].into_iter().filter_map(|name| Simd::named(name).ok())
    {
        let bold = BoldSignal::new(BalloonWindkessel::new(1), dt * every as f64, dt).unwrap();
        let simulator = Simulator::new(activity.clone()).dt(dt).simd(simd).observe("bold", "x", bold);
        let seen = simulator.run(20_000.0).unwrap();
        let vessels = Simulator::new(BalloonWindkessel::new(1)).dt(dt).simd(simd);
        let alone = vessels.input("z", 0.2).record(["bold"]).every(every).run(20_000.0).unwrap();
        assert_eq!(seen["bold"], alone["bold"], "{}", simd.name());
        // A batch has a monitor for each run.
        let batch = simulator.sweep(Sweep::seeds(0..3), 20_000.0).unwrap();
        for run in batch.runs {
            assert_eq!(run.unwrap()["bold"].slice(s![.., ..]), alone["bold"], "{} in a batch", simd.name());
        }
    }
}
