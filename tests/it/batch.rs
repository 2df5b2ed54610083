//! Batches against the same runs alone, and one network over threads: the same bits.

use std::sync::{Arc, Mutex};

use brainmass::network::{Connectivity, Network};
use brainmass::noise::{ColoredNoise, OuProcess};
use brainmass::prelude::*;
use brainmass::real::Simd;
use brainmass::simulator::{Batch, Point, Provenance, Sweep};
use brainmass::stimulus::Stimulus;
use brainmass::zoo::coupling::{Additive, Diffusive, KuramotoPhaseDifference, SigmoidalJansenRit};
use ndarray::{Array2, array};

/// Dense weights and delays (ms) of any number of nodes.
fn connections(nodes: usize) -> (Array2<f64>, Array2<f64>) {
    let fraction = |target: usize, source: usize| ((target * 31 + source * 17 + 7) % 23) as f64 / 23.0;
    (
        Array2::from_shape_fn((nodes, nodes), |(i, j)| fraction(i, j) / nodes as f64),
        Array2::from_shape_fn((nodes, nodes), |(i, j)| 6.0 * fraction(j, i)),
    )
}

/// A simulation of each kind that the lanes of a batch must get right.
fn simulators() -> Vec<(&'static str, Simulator, &'static str)> {
    let nodes = 11;
    let (weights, delays) = connections(nodes);
    let noisy = || HopfStep::new(nodes).init_x(0.3).noise_x(0.02).noise_y(0.01);
    let diffusive = Network::new(noisy(), &weights).coupling(Diffusive::new(), "x").delays(&delays);
    let instant = Network::new(noisy(), &weights).coupling(Additive::new(), "x");
    let sparse = instant.clone().connectivity(Connectivity::Sparse);
    let phases = KuramotoNetwork::new(nodes).omega(0.3).noise_theta(0.01);
    let pairs = Network::new(phases.clone(), &weights)
        .coupling(KuramotoPhaseDifference::new(), "theta")
        .delays(&delays);
    let columns = JansenRitStep::new(nodes).init_M(0.1).init_E(15.0).init_I(10.0);
    let columns = Network::new(columns, &weights).coupling(SigmoidalJansenRit::new(), "eeg").delays(&delays);
    let driven = Network::new(HopfStep::new(nodes).init_x(0.3), &weights).coupling(Additive::new(), "x");
    let driven = Simulator::new(driven)
        .input("x_inp", Input::from(0.1) + OuProcess::new(0.1, 5.0) + Stimulus::pulse(0.5).duration(4.0))
        .noise("y_inp", ColoredNoise::pink(0.1))
        .record(["x", "x_inp", "y_inp"]);
    let delayed = nodes_of("WilsonCowanDelayedStep", 3).expect("it is there").init("rE", 0.2);
    vec![
        ("delays", Simulator::new(diffusive).record(["x", "coupling_input"]), "k"),
        ("dense", Simulator::new(instant).record(["x"]).every(3).average(), "k"),
        ("sparse", Simulator::new(sparse).record(["x"]), "k"),
        ("pairs", Simulator::new(pairs).record(["theta"]), "alpha"),
        (
            "sources",
            Simulator::new(columns).record(["eeg"]).input("E_inp", |_, t: f64| 120.0 + t),
            "coupling_input.r",
        ),
        ("processes", driven, "k"),
        ("inside", Simulator::new(phases.K(0.5)).record(["theta"]), "K"),
        ("alone", Simulator::new(HopfStep::new(3).init_x(0.2)).record(["radius"]).every(7), "a"),
        ("own delays", Simulator::new(delayed).record(["rE"]), "init_rE"),
    ]
}

fn sweep(name: &str) -> Sweep {
    let point = |index: usize| Point {
        settings: vec![(name.to_owned(), (0.2 + 0.05 * index as f64).into())],
        seed: Some(index as u64 / 2),
    };
    Sweep::of((0..11).map(point))
}

#[track_caller]
fn same(what: &str, a: &Run, b: &Run) {
    for (a, b) in a.columns().iter().zip(b.columns()) {
        let bits = |values: &Array2<f64>| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&a.values), bits(&b.values), "{what}: {}", a.name);
    }
    // Instruction sets of one kind give the same bits, and are told apart in the provenance.
    let made = |run: &Run| Provenance { simd: String::new(), ..run.provenance().clone() };
    assert_eq!((a.ts.clone(), made(a)), (b.ts.clone(), made(b)), "{what}");
}

#[track_caller]
fn good(batch: Result<Batch, RunError>) -> Vec<Run> {
    let runs = batch.and_then(|batch| batch.runs.into_iter().collect::<Result<Vec<_>, _>>());
    runs.expect("all of them run")
}

#[test]
fn a_run_of_a_batch_has_the_bits_of_the_run_alone() {
    for (what, simulator, name) in simulators() {
        let alone = good(simulator.batch(sweep(name)).side_by_side(false).run(21.0));
        let lanes = good(simulator.batch(sweep(name)).run(21.0));
        let threads = good(simulator.clone().threads(3).batch(sweep(name)).run(21.0));
        assert_ne!(
            alone[0].columns()[0].values,
            alone[10].columns()[0].values,
            "{what}: `{name}` has an effect"
        );
        for ((alone, lanes), threads) in alone.iter().zip(&lanes).zip(&threads) {
            same(what, alone, lanes);
            same(what, alone, threads);
        }
    }
}

#[test]
fn every_instruction_set_gives_the_same_bits_alone_and_in_a_batch() {
    let sets =
        ["avx512", "avx2", "avx2-unfused", "plain"].into_iter().filter_map(|name| Simd::named(name).ok());
    // Those that fuse products with sums agree with each other, and so do the others.
    let mut seen: [Option<Vec<Run>>; 2] = [None, None];
    for simd in sets {
        let (_, simulator, name) = simulators().swap_remove(0);
        let simulator = simulator.simd(simd);
        let alone = good(simulator.batch(sweep(name)).side_by_side(false).run(5.0));
        let lanes = good(simulator.sweep(sweep(name), 5.0));
        alone.iter().zip(&lanes).for_each(|(alone, lanes)| same(simd.name(), alone, lanes));
        let others = &mut seen[usize::from(simd.is_fused())];
        if let Some(others) = others {
            alone.iter().zip(others).for_each(|(alone, other)| same(simd.name(), alone, other));
        } else {
            *others = Some(alone);
        }
    }
    assert!(seen[0].is_some(), "the plain one is everywhere");
}

#[test]
fn threads_chunks_and_records_do_not_change_a_large_network() {
    let nodes = 600;
    let (weights, delays) = connections(nodes);
    let hopf = HopfStep::new(nodes).init_x(0.3).noise_x(0.02);
    let network = Network::new(hopf, &weights).coupling(Diffusive::new(), "x").delays(&delays).k(0.3);
    let network = network.coupling(Additive::new(), "y").to("y_inp");
    let simulator = |threads: usize| Simulator::new(network.clone()).record(["x"]).every(10).threads(threads);
    let one = simulator(1).run(4.0).expect("it runs");
    for threads in [2, 4] {
        same("threads", &one, &simulator(threads).run(4.0).expect("it runs"));
    }
    let all = simulator(2).every(1).record(["y", "coupling_input", "radius"]).run(4.0).expect("it runs");
    assert_eq!(one["x"].row(3), all["x"].row(39), "recording more");
    let mut session = simulator(2).start().expect("it starts");
    session.skip(3.0).expect("it runs");
    assert_eq!(
        one["x"].row(3),
        session.run(1.0).expect("it runs")["x"].row(0),
        "in pieces, without recording"
    );
}

#[test]
fn sweeps_over_speeds_and_initial_states_are_those_of_the_names() {
    let (weights, delays) = connections(5);
    let hopf = HopfStep::new(5).init_x(0.3);
    let network = Network::new(hopf, (weights, delays * 10.0)).coupling(Diffusive::new(), "x").speed(5.0);
    let simulator = Simulator::new(network.clone()).record(["x"]);
    let point = |speed: f64, x: [f64; 5]| Point {
        settings: vec![("speed".to_owned(), speed.into()), ("init_x".to_owned(), x.into())],
        seed: None,
    };
    let points = [point(5.0, [0.1; 5]), point(20.0, [0.1; 5]), point(5.0, [0.1, 0.2, 0.3, 0.4, 0.5])];
    let runs = good(simulator.sweep(Sweep::of(points), 10.0));
    for (run, speed, x) in
        [(&runs[0], 5.0, [0.1; 5]), (&runs[1], 20.0, [0.1; 5]), (&runs[2], 5.0, [0.1, 0.2, 0.3, 0.4, 0.5])]
    {
        let mut network = network.clone();
        network.set("speed", speed).and_then(|()| network.set("init_x", x)).expect("they are there");
        same("speed", run, &Simulator::new(network).record(["x"]).run(10.0).expect("it runs"));
    }
}

#[test]
fn a_run_that_diverges_says_so_and_leaves_the_others_alone() {
    let simulator = Simulator::new(HopfStep::new(2).init_x(0.1)).dt(1.0).scheme(Scheme::Euler).record(["x"]);
    let batch =
        simulator.sweep(Sweep::grid([("init_x", vec![0.1, 9.0, 0.2])]), 30.0).expect("the names are there");
    let Err(RunError::Diverged { node: 0, state, recorded, .. }) = &batch.runs[1] else {
        panic!("{:?}", batch.runs[1].as_ref().map(|_| ()));
    };
    assert_eq!(state, "x");
    assert!(recorded["x"].nrows() > 1);
    let alone = simulator.run(30.0).expect("it runs");
    same("beside one that diverges", batch.runs[0].as_ref().expect("it runs"), &alone);
    let all = batch.array("x").expect("it is recorded");
    assert_eq!(all.dim(), (3, 30, 2));
    assert!(all[[1, 29, 0]].is_nan() && all[[2, 29, 0]].is_finite());
    let table = batch.table(&["last"], |run| vec![run["x"][[29, 0]]]);
    assert_eq!(table.values.dim(), (3, 3));
    assert_eq!(table.values.column(0), array![0.1, 9.0, 0.2]);
    assert!(table.values[[1, 2]].is_nan());
    let message =
        simulator.sweep(Sweep::grid([("aa", vec![1.0])]), 30.0).map(|_| ()).expect_err("no such name");
    assert!(message.to_string().contains("did you mean `a`"), "{message}");
}

#[test]
fn progress_counts_runs_and_can_stop_a_batch() {
    for threads in [1, 4] {
        let simulator = Simulator::new(HopfStep::new(2)).record(["x"]).threads(threads);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&seen);
        let batch = simulator.batch(Sweep::seeds(0..400)).progress(move |progress| {
            told.lock().map(|mut told| told.push((progress.done, progress.total))).is_ok()
                && progress.done < 16
        });
        let runs = batch.run(1.0).expect("it starts").runs;
        let seen = seen.lock().expect("nobody panicked");
        // One block is told after the other, whichever thread made it.
        let expected: Vec<(usize, usize)> = (1..=seen.len()).map(|block| (8 * block, 400)).collect();
        assert_eq!(*seen, expected);
        // A thread that is in the midst of a block ends it.
        let made = runs.iter().filter(|run| run.is_ok()).count();
        assert!((16..=16 + 8 * (threads - 1)).contains(&made), "{made} runs on {threads} threads");
        assert!(runs.iter().all(|run| matches!(run, Ok(_) | Err(RunError::NotBegun))));
    }
}
