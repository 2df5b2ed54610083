//! Time loops allocate nothing, in any kind of run, large sparse networks take little, and models leave nothing behind: counted by an allocator of this program's own.
//!
//! A long run and a short one may allocate before they start and for what they return, the same number of times; what they do in each
//! step shows in the difference.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use brainmass::network::{Connectivity, Edge, Network, Wiring};
use brainmass::observation::BoldSignal;
use brainmass::open_model;
use brainmass::prelude::*;
use brainmass::zoo::coupling::{Additive, Diffusive, KuramotoPhaseDifference, SigmoidalJansenRit};
use brainmass::zoo::observation::BalloonWindkessel;
use brainmass_tests::counting::{self, Counting, peak_of};
use ndarray::Array2;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Calls of the allocator while a session that has already made some steps goes on for so many.
fn calls(simulator: &Simulator, steps: usize) -> usize {
    let mut session = simulator.start().expect("it starts");
    session.run(1.0).expect("it runs");
    let before = counting::calls();
    session.run(steps as f64 * 0.1).expect("it runs");
    counting::calls() - before
}

/// Most bytes in use while 100 regions with BOLD every 720 ms run for so long (ms).
fn peak_of_bold(duration: f64) -> usize {
    let bold = BoldSignal::new(BalloonWindkessel::new(100), 720.0, 40.0).expect("whole steps");
    let simulator = Simulator::new(HopfStep::new(100).init_x(0.3)).dt(40.0).scheme(Scheme::ExpEuler);
    let simulator = simulator.observe("bold", "x", bold);
    peak_of(|| simulator.run(duration).expect("it runs")).1
}

/// Most bytes in use while 10,000 nodes, 20 connections each with delays up to 6 ms, are made and run. A matrix of their pairs alone
/// would take 800 MB.
fn peak_of_a_large_network(steps: usize) -> usize {
    let edge = |index: usize| Edge {
        target: index / 20,
        source: (index / 20 + 1 + index % 20 * 487) % 10_000,
        weight: 0.001,
        length: (index % 60) as f64 / 10.0,
    };
    let run = || {
        let wiring = Wiring::from_edges(10_000, 10_000, (0..200_000).map(edge));
        let network =
            Network::new(HopfStep::new(10_000).init_x(0.3), wiring).coupling(Additive::new(), "x").speed(1.0);
        Simulator::new(network).record(["x"]).every(20).run(steps as f64 * 0.1).expect("it runs")
    };
    peak_of(run).1
}

/// Nodes of the gradient whose memory is measured; a step of one reads two states and two inputs, of 8 bytes each, and a checkpoint keeps as
/// much.
const NODES: usize = 24;
const BYTES: usize = 4 * 8 * NODES;

/// Most bytes in use while a run of so many steps is gone through backwards within so many bytes, and how many steps were made.
fn gradient_within(memory: usize, steps: usize) -> (usize, usize) {
    let made = Arc::new(AtomicUsize::new(0));
    let (counter, last) = (Arc::clone(&made), AtomicUsize::new(usize::MAX));
    // Asked for every node of a step.
    let drive = move |step: usize, _: f64| {
        let another = last.swap(step, Ordering::Relaxed) != step;
        counter.fetch_add(usize::from(another), Ordering::Relaxed);
        0.01
    };
    let simulator = Simulator::new(HopfStep::new(NODES).init_x(0.3))
        .input("x_inp", drive)
        .record(["x"])
        .every(1000)
        .gradient_memory(memory);
    let loss = |run: &Run| Ok(Loss::new(run["x"].sum()).by("x", run["x"].mapv(|_| 1.0)));
    let gradient = || simulator.gradient(steps as f64 * 0.1, &["a", "w"], loss).expect("a gradient");
    let (_, peak) = peak_of(gradient);
    (peak, made.load(Ordering::Relaxed))
}

/// The memory of a gradient grows as the documentation of `brainmass::gradient` says.
fn memory_of_gradients_grows_as_stated() {
    // What the run itself takes, and the rows that are recorded.
    let beside = |steps: usize| 64_000 + steps / 1000 * NODES * 8 * 4;
    let steps = 2000;
    let (whole, made) = gradient_within(usize::MAX, steps);
    let tape = steps * BYTES;
    assert!(whole >= tape && whole <= tape + beside(steps), "{whole} bytes, {tape} for the steps");
    assert!(made <= steps + 2, "{made} steps are made where all are kept");
    for steps in [2000, 8000, 32_000] {
        // 2 sqrt(N T C), where T = C.
        let budget = (2.0 * (steps as f64).sqrt() * BYTES as f64) as usize + 2 * BYTES;
        let (peak, made) = gradient_within(budget, steps);
        assert!(peak <= budget + beside(steps), "{peak} bytes for {steps} steps within {budget}");
        assert!(made <= 2 * steps + 2, "{made} steps are made for {steps} of them");
        println!("a gradient of {steps} steps takes {} kB in place of {}", peak / 1000, steps * BYTES / 1000);
    }
    // With a tenth of that memory there are more steps to make, but not many times more.
    let budget = (0.2 * 32_000_f64.sqrt() * BYTES as f64) as usize;
    let (peak, made) = gradient_within(budget, 32_000);
    assert!(peak <= budget + beside(32_000), "{peak} bytes within {budget}");
    assert!((2 * 32_000..8 * 32_000).contains(&made), "{made} steps are made");
}

/// Models that are read from files and dropped leave nothing behind, nor do files with mistakes.
fn models_that_are_dropped_leave_no_memory_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("the folder can be written");
        path
    };
    let ringing = "name: RingingStep\ncategory: phenomenological\nparameters: {w: {default: 0.3 rad/ms}}\n\
                   states: {x: {init: 1}, v: {init: 0 /ms}}\nderivatives: {x: v, v: -w^2*x}\noutput: x\n";
    let slow = "name: SlowRingingStep\nextends: RingingStep\nparameters: {w: {default: 0.1 rad/ms}}\n";
    let (models, bad) =
        ([write("ringing.yaml", ringing), write("slow.yaml", slow)], write("bad.yaml", "name: [\n"));
    let load = |count: usize| {
        for number in 0..count {
            let model = open_model(&models[number % 2]).expect("a model");
            assert!(model.nodes(4).expect("nodes").set("w", 0.2).check().is_ok());
            assert!(open_model(&bad).is_err());
        }
    };
    load(20);
    let before = counting::in_use();
    load(500);
    let grown = counting::in_use().saturating_sub(before);
    // Each takes some ten kilobytes while it is there.
    assert!(grown < 50_000, "{grown} bytes more than before 500 models were read");
}

fn main() {
    models_that_are_dropped_leave_no_memory_behind();
    memory_of_gradients_grows_as_stated();
    let weights = Array2::from_shape_fn((20, 20), |(i, j)| ((i * 7 + j * 3) % 11) as f64 / 110.0);
    let delays = weights.mapv(|weight| 30.0 * weight);
    let noisy = HopfStep::new(20).init_x(0.2).noise_x(0.01).noise_y(0.01);
    let phases = KuramotoNetwork::new(20).K(0.5).omega(0.2);
    let columns = JansenRitStep::new(20).init_M(0.1);
    let network = |model: Box<dyn brainmass::any::AnyModel>| Network::new(model, &weights);
    let simulators = [
        ("uncoupled", Simulator::new(HopfStep::new(20).init_x(0.2)).record(["x", "radius"]).every(5)),
        ("noise", Simulator::new(noisy.clone()).record(["x"]).every(5).average()),
        ("driven", Simulator::new(noisy.clone()).input("x_inp", |_, t: f64| 0.1 * t.sin())),
        ("inside", Simulator::new(phases.clone())),
        ("own delays", Simulator::new(nodes_of("WilsonCowanDelayedStep", 3).expect("it is there"))),
        (
            "delays",
            Simulator::new(network(noisy.clone().into()).coupling(Diffusive::new(), "x").delays(&delays)),
        ),
        ("dense", Simulator::new(network(noisy.clone().into()).coupling(Additive::new(), "x"))),
        (
            "sparse",
            Simulator::new(
                network(noisy.into()).coupling(Additive::new(), "x").connectivity(Connectivity::Sparse),
            ),
        ),
        (
            "pairs",
            Simulator::new(
                network(phases.into()).coupling(KuramotoPhaseDifference::new(), "theta").delays(&delays),
            ),
        ),
        (
            "rates",
            Simulator::new(
                network(columns.into()).coupling(SigmoidalJansenRit::new(), "eeg").delays(&delays),
            ),
        ),
    ];
    for (what, simulator) in simulators {
        let (short, long) = (calls(&simulator, 100), calls(&simulator, 3000));
        assert_eq!(short, long, "{what}: calls of the allocator in 100 and in 3000 steps");
    }
    let (short, long) = (peak_of_a_large_network(40), peak_of_a_large_network(160));
    assert!(short < 64 << 20, "10,000 nodes take {short} bytes");
    assert!(long <= short + (1 << 20), "{long} bytes for 160 steps, {short} for 40");
    println!("10,000 nodes with 200,000 connections take {} MiB", short >> 20);
    // Rows of BOLD are all that grows: 1667 of 100 numbers in 20 minutes.
    let (minute, twenty) = (peak_of_bold(60_480.0), peak_of_bold(1_200_240.0));
    assert!(twenty < 5_000_000, "{twenty} bytes for 20 minutes of BOLD");
    println!("BOLD of 100 regions takes {} kB for a minute, {} kB for twenty", minute / 1000, twenty / 1000);
    println!("no step of any kind of run allocates");
}
