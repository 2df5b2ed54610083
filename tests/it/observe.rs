//! Instruments that watch runs: what they see is what they would see of the whole run, kept.

use brainmass::analysis::functional_connectivity;
use brainmass::network::Network;
use brainmass::observation::{
    BoldSignal, FirstOrderVolterra, FunctionalConnectivity, HrfBold, HrfBoldSettings, LeadField, Modality,
    Monitor, SensorNoise, Sensors, TemporalAverage,
};
use brainmass::prelude::*;
use brainmass::simulator::Sweep;
use brainmass::zoo::coupling::Additive;
use brainmass::zoo::observation::BalloonWindkessel;
use ndarray::{Array2, s};

const NODES: usize = 3;
const DT: f64 = 0.5;

fn cortex() -> Simulator {
    let weights = Array2::from_shape_fn((NODES, NODES), |(i, j)| 0.1 * (i + 2 * j) as f64);
    let regions = WongWangExcInhStep::new(NODES).G(0.2).noise_S_e(0.01).noise_S_i(0.01);
    Simulator::new(Network::new(regions, &weights).coupling(Additive::new(), "S_e")).dt(DT).seed(3)
}

fn bold() -> impl Monitor + Clone + Sync + 'static {
    let vessels = BoldSignal::new(BalloonWindkessel::new(NODES), 50.0, 5.0).expect("whole steps");
    TemporalAverage::new(5.0, DT).and_then(|means| means.then(vessels)).expect("they fit")
}

fn volterra() -> HrfBold {
    let settings = HrfBoldSettings { period: 40.0, duration: 60.0, ..Default::default() };
    HrfBold::new(&FirstOrderVolterra::default(), settings, DT).expect("whole steps")
}

fn sensors() -> Sensors {
    let gain = Array2::from_shape_fn((NODES, 4), |(i, j)| 1e-6 * (i as f64 - 0.3 * j as f64));
    let noise = SensorNoise::independent(0.1, 4).expect("noise");
    Sensors::new(LeadField::new(Modality::Eeg, gain).expect("a lead field"), 4.0, DT)
        .and_then(|sensors| sensors.with_noise(noise, 7))
        .expect("it fits")
}

fn observed() -> Simulator {
    let fc = FunctionalConnectivity::new(DT).and_then(|fc| fc.after(120.0)).expect("a step");
    cortex()
        .observe("bold", "S_e", bold())
        .observe("volterra", "S_e", volterra())
        .observe("eeg", "H_e", sensors())
        .observe("fc", "S_e", fc)
}

#[track_caller]
fn ran(simulator: &Simulator, duration: f64) -> Run {
    simulator.run(duration).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_monitor_sees_of_a_run_what_it_sees_of_the_run_as_a_whole_but_for_the_transient() {
    let kept = ran(&cortex().record(["S_e", "H_e"]), 700.0);
    let run = ran(&observed().transient(120.0), 700.0);
    assert_eq!(run.names().collect::<Vec<_>>(), ["bold", "volterra", "eeg", "fc"]);
    let seen = |monitor: &mut dyn Monitor, of: &str| monitor.observe(kept[of].view()).expect("rows");
    // Rows end at 50, 100, | 150, ...
    assert_eq!(run["bold"], seen(&mut bold(), "S_e").slice(s![2.., ..]));
    assert_eq!(run["volterra"], seen(&mut volterra(), "S_e").slice(s![3.., ..]));
    assert_eq!(run["eeg"], seen(&mut sensors(), "H_e").slice(s![30.., ..]));
    assert_eq!(
        run.times("bold").expect("times").to_vec(),
        (3..=14).map(|n| 50.0 * f64::from(n)).collect::<Vec<_>>()
    );
    assert_eq!((run.unit("bold"), run.unit("eeg"), run.unit("fc")), (Some("1"), Some("V"), Some("1")));
    let after = functional_connectivity(kept["S_e"].slice(s![240.., ..])).expect("enough samples");
    assert!((&run["fc"] - &after).iter().all(|difference| difference.abs() < 1e-12));
    assert_eq!(run.times("fc").expect("times").to_vec(), [700.0; NODES]);
    assert!(run.ts.is_empty(), "nothing else was recorded");
}

#[test]
fn pieces_threads_batches_and_records_do_not_change_what_is_observed() {
    let whole = ran(&observed(), 700.0);
    let beside = ran(&observed().threads(2).record(["S_i"]).every(3), 700.0);
    let mut session = observed().start().expect("it starts");
    let mut pieces: Vec<Run> =
        [33.0, 400.5, 0.5, 266.0].iter().map(|piece| session.run(*piece).expect("it runs")).collect();
    session.end(pieces.last_mut().expect("four")).expect("it ends");
    let batch = observed().sweep(Sweep::seeds([5, 3, 4]), 700.0).expect("they run");
    let member = batch.runs[1].as_ref().expect("it runs");
    for name in ["bold", "volterra", "eeg", "fc"] {
        assert_eq!(beside[name], whole[name], "{name}: threads, records");
        assert_eq!(member[name], whole[name], "{name}: a batch");
        let rows: Vec<f64> = pieces.iter().flat_map(|run| run[name].iter().copied()).collect();
        assert_eq!(rows, whole[name].iter().copied().collect::<Vec<_>>(), "{name}: pieces");
    }
    assert_ne!(batch.runs[0].as_ref().expect("it runs")["bold"], whole["bold"], "another seed");
}

#[test]
fn a_record_has_a_name_that_files_can_hold() {
    for name in ["../evil", "a\\b", "ts.x", "x.npy", "ts", "a\nb", ""] {
        let error = cortex().record_as(name, "S_e").run(10.0).expect_err("no file can hold it").to_string();
        assert!(error.starts_with("a run cannot hold anything called"), "{name:?}: {error}");
    }
    assert!(cortex().record_as("größe, a", "S_e").run(10.0).is_ok());
}

#[test]
fn files_hold_times_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = ran(&cortex().observe("bold", "S_e", bold()).record(["S_e"]).every(20), 150.0);
    let file = |name: &str| folder.path().join(name);
    for name in ["run.npz", "run.csv", "run.json"] {
        run.save(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let npz = brainmass::io::npz::Npz::open(file("run.npz")).expect("a file");
    let array = |name: &str| npz.get(name).and_then(|array| array.into_vector()).expect("an array").to_vec();
    assert_eq!((array("ts.bold"), array("ts").len()), (vec![50.0, 100.0, 150.0], 15));
    let text = std::fs::read_to_string(file("run.csv")).expect("a file");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[1].ends_with(",,,"), lines[5].starts_with("50,")), (16, true, true));
    assert!(!lines[5].ends_with(','), "{}", lines[5]);
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file("run.json")).expect("a file")).expect("JSON");
    assert_eq!(json["records"][1]["ts"], serde_json::json!([50.0, 100.0, 150.0]));
    assert!(json["records"][0]["ts"].is_null());
}

#[test]
fn what_cannot_be_observed_says_why() {
    let fails = |simulator: Simulator, duration: f64| {
        simulator.run(duration).map(|_| ()).expect_err("a mistake is an error").to_string()
    };
    let steps = TemporalAverage::new(5.0, 0.1).expect("whole steps");
    let forward = observed().tangent(10.0, &[("G", &[1.0])]);
    insta::assert_snapshot!(
        [
            fails(cortex().observe("bold", "S", bold()), 100.0),
            fails(cortex().observe("means", "S_e", steps), 100.0),
            fails(cortex().observe("S_e", "S_e", bold()).record(["S_e"]), 100.0),
            fails(cortex().observe("bold", "S_e", bold()), 30.0),
            fails(cortex().observe("bold", "S_e", bold()).transient(60.0), 90.0),
            fails(Simulator::new(HopfStep::new(2)).dt(DT).observe("bold", "x", bold()), 90.0),
            forward.map(|_| ()).expect_err("changes are not shown").to_string(),
        ]
        .join("\n")
    );
}
