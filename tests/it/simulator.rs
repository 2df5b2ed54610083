//! Runs as users make them.

use std::sync::{Arc, Mutex};

use brainmass::prelude::*;
use ndarray::{Array1, Array2, array};

fn oscillator() -> Simulator {
    let model = HopfStep::new(3).a([0.1, 0.2, 0.3]).init_x(0.1);
    Simulator::new(model).dt(0.1.ms()).record(["x", "radius"])
}

#[track_caller]
fn fails(run: Result<Run, RunError>) -> String {
    run.map(|_| ()).expect_err("a mistake is an error").to_string()
}

#[test]
fn a_run_has_a_row_a_step_and_a_column_a_node() {
    let run = oscillator().transient(50.0.ms()).run(300.0.ms()).expect("it runs");
    assert_eq!(run["x"].dim(), (2500, 3));
    assert!((run.ts[0] - 50.1).abs() < 1e-9 && (run.ts[2499] - 300.0).abs() < 1e-9);
    assert_eq!(run.unit("x"), Some("1"));
    assert_eq!(run.names().collect::<Vec<_>>(), ["x", "radius"]);
    let in_steps = oscillator().transient_steps(500).run(300.0.ms()).expect("it runs");
    assert_eq!((&in_steps.ts, &in_steps["x"]), (&run.ts, &run["x"]));
}

#[test]
fn progress_goes_once_from_the_start_to_the_end_and_can_stop_a_run() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = told.clone();
    let simulator = oscillator().transient(50.0).progress(move |done, steps| {
        listener.lock().map(|mut told| told.push((done, steps))).is_ok() && done < 1500
    });
    let Err(RunError::Stopped { time, recorded }) = simulator.run(300.0) else { panic!("it is stopped") };
    assert_eq!(recorded["x"].nrows() as f64, ((time - 50.0) / 0.1).round());
    let told = told.lock().expect("nobody else has it");
    assert_eq!((told[0], told.last().map(|last| last.1)), ((0, 3000), Some(3000)));
    assert!(told.is_sorted() && (time - 0.1 * told[told.len() - 1].0 as f64).abs() < 1e-9, "{told:?}");
}

#[test]
fn pieces_and_continued_runs_have_the_bits_of_the_whole() {
    let noisy = HopfStep::new(5).init_x(0.1).noise_x(0.01).noise_y(0.02);
    let simulator =
        Simulator::new(noisy).dt(0.1).every(3).average().seed(7).input("x_inp", |_, t: f64| (0.1 * t).sin());
    let whole = simulator.run(30.0).expect("it runs");
    let mut session = simulator.start().expect("it starts");
    let mut rows = Vec::new();
    for piece in [10.0, 0.1, 0.4, 19.5] {
        let run = session.run(piece).expect("it goes on");
        rows.extend(run["x"].iter().copied().collect::<Vec<_>>());
    }
    assert_eq!(rows, whole["x"].iter().copied().collect::<Vec<_>>());
    assert_eq!(whole["x"].dim(), (100, 5));
}

#[test]
fn what_is_recorded_does_not_change_the_run() {
    let model = || HopfStep::new(2).init_x(0.1).noise_x(0.05);
    let all = Simulator::new(model()).record(["x", "y", "radius"]).run(10.0).expect("it runs");
    let few = Simulator::new(model()).record(["x"]).every(10).run(10.0).expect("it runs");
    assert_eq!(all["x"].row(99), few["x"].row(9));
}

#[test]
fn strides_keep_the_last_state_and_averages_the_mean() {
    let every = oscillator().run(10.0).expect("it runs");
    let strided = oscillator().every(10).run(10.0).expect("it runs");
    let mean = oscillator().sample_every(1.0.ms()).average().run(10.0).expect("it runs");
    assert_eq!(strided["x"].row(4), every["x"].row(49));
    let expected = every["x"].slice(ndarray::s![40..50, 1]).sum() / 10.0;
    assert!((mean["x"][[4, 1]] - expected).abs() < 1e-15);
}

#[test]
fn inputs_of_all_kinds_drive_a_port() {
    let model = || LinearStep::new(2).gamma(-1.0).init_x(0.0);
    let run = |input: Input| {
        Simulator::new(model()).dt(1.0).input("x_inp", input).run(3.0).expect("it runs")["x"].clone()
    };
    let constant = run(0.5.into());
    assert_eq!(constant, run(Array1::from(vec![0.5; 3]).into()));
    assert_eq!(constant, run(Array2::from_elem((3, 2), 0.5).into()));
    assert_eq!(constant, run((|_: usize, _: f64| 0.5).into()));
    assert_eq!(constant, run(vec![0.5, 0.5].into()));
    assert_eq!(constant, run(500.0.hz().into()), "500 Hz are 0.5/ms");
    let held = run(Input::from(array![[1.0, 2.0], [3.0, 4.0]]).hold(2));
    assert!(held[[2, 1]] > held[[2, 0]], "each node has its own column");
    let per_node = run(Input::per_node(|step, _, node| (step + node) as f64));
    assert_eq!(per_node[[0, 0]], 0.0);
}

#[test]
fn closures_and_other_names_can_be_recorded() {
    let run = oscillator()
        .record_as("again", "x")
        .record_with("mean", "1", |view| {
            vec![view.state("x").map_or(f64::NAN, |x| x.iter().sum::<f64>() / 3.0)]
        })
        .run(1.0)
        .expect("it runs");
    assert_eq!(run["x"], run["again"]);
    assert_eq!(run["mean"].dim(), (10, 1));
    assert_eq!(run["mean"][[0, 0]], run["x"].row(0).sum() / 3.0);
}

#[test]
fn a_batch_has_a_run_an_initial_state() {
    let model = HopfStep::new(2).init_y(0.3);
    let simulator = Simulator::new(model).record(["x"]);
    let runs = simulator
        .run_batch(5.0, &[vec![("x", 0.1.into())], vec![("x", [0.2, 0.1].into())]])
        .expect("it runs");
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0]["x"].column(1), runs[1]["x"].column(1));
    let message =
        simulator.run_batch(5.0, &[vec![("z", 0.1.into())]]).map(|_| ()).expect_err("no such state");
    assert!(message.to_string().contains("states are x, y"), "{message}");
}

#[test]
fn divergence_says_where_and_keeps_what_was_recorded() {
    let model = HopfStep::new(3).init_x([0.1, 0.1, 9.0]);
    let error =
        Simulator::new(model).dt(1.0).scheme(Scheme::Euler).record(["x"]).run(50.0).expect_err("it explodes");
    let RunError::Diverged { time, node, state, before, ref recorded, .. } = error else { panic!("{error}") };
    assert_eq!((node, state.as_str()), (2, "x"));
    assert!(before.is_finite() && time > 1.0 && time < 50.0);
    assert_eq!(recorded["x"].nrows() as f64, time - 1.0, "the last good step is kept");
}

#[test]
fn mistakes_name_the_value_and_what_is_allowed() {
    let sim = oscillator;
    insta::assert_snapshot!(
        [
            fails(sim().dt(0.3).run(1.0)),
            fails(sim().dt(0.0).run(1.0)),
            fails(sim().dt(f64::NAN).run(1.0)),
            fails(sim().dt(3.0.mv()).run(1.0)),
            fails(sim().transient(1.0).run(1.0)),
            fails(sim().transient(0.05).run(1.0)),
            fails(sim().run(-1.0)),
            fails(sim().every(0).run(1.0)),
            fails(sim().record(["z"]).run(1.0)),
            fails(sim().record(["x"]).run(1.0)),
            fails(sim().input("z_inp", 1.0).run(1.0)),
            fails(sim().input("x_inp", 1.0).input("x_inp", 2.0).run(1.0)),
            fails(sim().input("x_inp", vec![1.0, 2.0]).run(1.0)),
            fails(sim().input("x_inp", Array2::zeros((10, 2))).run(1.0)),
            fails(sim().input("x_inp", Array1::zeros(9)).run(1.0)),
            fails(sim().input("x_inp", f64::NAN).run(1.0)),
            fails(sim().input("x_inp", 1.0.mv()).run(1.0)),
            fails(sim().input("x_inp", |_, t: f64| 1.0 / (t - 0.5)).run(1.0)),
            fails(Simulator::new(HopfStep::new(2).a([0.1, f64::NAN])).run(1.0)),
            fails(Simulator::new(HopfStep::new(2).a([0.1, 0.2, 0.3])).run(1.0)),
            fails(Simulator::new(HopfStep::new(0)).run(1.0)),
            fails(Simulator::new(HopfStep::new(2).noise_x(-1.0)).run(1.0)),
            fails(Simulator::new(HopfStep::new(2).parameter("aa", 1.0)).run(1.0)),
            fails(Simulator::new(MontbrioPazoRoxinStep::new(1).preset("montbrio")).run(1.0)),
        ]
        .map(|message| message.split(" (set at").next().unwrap_or_default().to_owned())
        .join("\n")
    );
}
