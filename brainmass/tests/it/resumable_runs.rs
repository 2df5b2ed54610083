//! Long runs that are stopped and go on: the same bits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use brainmass::noise::OuProcess;
use brainmass::observation::{
    BoldSignal, FunctionalConnectivity, Gamma, HrfBold, Monitor as _, Subsample, TemporalAverage,
};
use brainmass::simulator::ResumeError;
use brainmass::zoo::coupling::Additive;
use brainmass::zoo::observation::BalloonWindkessel;
use brainmass::{Network, Run, RunError, Simulator, nodes_of};
use ndarray::array;

/// Everything that a run carries from step to step: delays between and within nodes, noise on states and inputs, means, instruments.
fn simulator() -> Simulator {
    let nodes = nodes_of("WilsonCowanDelayedStep", 3).expect("it is there").init("rE", 0.2).noise("rE", 0.02);
    let weights = array![[0.0, 0.5, 0.2], [0.1, 0.0, 0.3], [0.4, 0.2, 0.0]];
    let delays = array![[0.0, 7.0, 3.0], [2.0, 0.0, 11.0], [5.0, 1.0, 0.0]];
    let network = Network::new(nodes, &weights).coupling(Additive::new(), "rE").k(0.3).delays(&delays);
    let vessels = BoldSignal::driven_every(5.0, BalloonWindkessel::new(3), 20.0, 0.1).expect("it is valid");
    let fc = TemporalAverage::new(2.0, 0.1).expect("it is valid");
    let fc = fc
        .then(FunctionalConnectivity::new(2.0).expect("it is valid").after(50.0).expect("it is valid"))
        .expect("it is valid");
    let hrf = HrfBold::new(&Gamma::default(), Default::default(), 0.1);
    let simulator = Simulator::new(network)
        .noise("rE_inp", OuProcess::new(0.1, 5.0))
        .dt(0.1)
        .record(["rE", "rE_inp"])
        .every(7)
        .average()
        .transient(50.4)
        .observe("bold", "rE", vessels)
        .observe("fc", "rE", fc)
        .observe("sampled", "rE", Subsample::new(3.0, 0.1).expect("it is valid"))
        .seed(3);
    match hrf {
        Ok(hrf) if hrf.period() <= 400.0 => simulator.observe("hrf", "rE", hrf),
        _ => simulator,
    }
}

#[track_caller]
fn assert_same(run: &Run, whole: &Run) {
    assert_eq!((run.steps(), &run.ts), (whole.steps(), &whole.ts));
    for (column, expected) in run.columns().iter().zip(whole.columns()) {
        assert_eq!(column.ts, expected.ts, "{}", column.name);
        let same = column.values.iter().zip(&expected.values).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(same && column.values.dim() == expected.values.dim(), "{}", column.name);
    }
}

#[test]
fn a_run_that_is_stopped_again_and_again_ends_with_the_bits_of_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.checkpoint");
    let whole = simulator().run(500.0).unwrap();
    let mut stops = 0;
    let run = loop {
        // Each attempt gets a little further than the one before, and checkpoints come as often as they can.
        let looks = Arc::new(AtomicUsize::new(0));
        let limit = 3 + stops;
        let attempt = simulator().progress(move |_, _| looks.fetch_add(1, Ordering::Relaxed) < limit);
        match attempt.run_resumable(500.0, &file, Duration::ZERO) {
            Ok(run) => break run,
            Err(ResumeError::Run(RunError::Stopped { .. })) => stops += 1,
            Err(error) => panic!("{error}"),
        }
        assert!(stops < 200, "it does not get on");
    };
    assert!(stops > 2, "it was stopped {stops} times");
    assert_same(&run, &whole);
    // From the last checkpoint once more, and without any.
    assert_same(&simulator().run_resumable(500.0, &file, Duration::ZERO).unwrap(), &whole);
    let other = folder.path().join("b.checkpoint");
    assert_same(&simulator().run_resumable(500.0, other, Duration::from_secs(600)).unwrap(), &whole);
    let error = simulator().seed(4).run_resumable(500.0, &file, Duration::ZERO).unwrap_err().to_string();
    assert!(error.contains("`seed of the noise` is 4 and was 3"), "{error}");
}
