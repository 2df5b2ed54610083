//! The workloads that are measured, each with the library and with a plain kernel.

use brainmass::observation::{BoldSignal, Monitor as _};
use brainmass::prelude::*;
use brainmass::simulator::{Point, Sweep};
use brainmass::zoo::coupling::{Additive, Diffusive, SigmoidalJansenRit};
use brainmass::zoo::observation::BalloonWindkessel;

use super::connections::{Dense, initial};
use super::outcome::Outcome;
use super::{horn, reference};

/// A row of the table.
pub struct Workload {
    pub name: &'static str,
    pub what: &'static str,
    /// Steps times nodes times members.
    pub node_steps: usize,
    /// The time to be reached, ns per node-step.
    pub target: f64,
    /// The workload, computed with the library.
    pub library: fn() -> Outcome,
    /// The same with a plain kernel.
    pub plain: fn() -> Vec<f64>,
    /// The largest deviation allowed between the two, relative to the largest number; `None` where they draw different noise.
    pub tolerance: Option<f64>,
}

const DT: f64 = 0.1;

/// All but W9, which is a process of its own.
pub const ALL: &[Workload] = &[
    Workload {
        name: "W1 Euler",
        what: "90 Hopf nodes uncoupled, 100,000 steps, x every 10",
        node_steps: 9_000_000,
        target: 0.5,
        library: || hopf_alone(Scheme::Euler),
        plain: || reference::hopf_alone(90, 100_000, DT, false),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W1 exponential Euler",
        what: "the same",
        node_steps: 9_000_000,
        target: 4.0,
        library: || hopf_alone(Scheme::ExpEuler),
        plain: || reference::hopf_alone(90, 100_000, DT, true),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W2 Euler",
        what: "90 Jansen-Rit nodes uncoupled, 100,000 steps, EEG every 10",
        node_steps: 9_000_000,
        target: 6.0,
        library: || jansen_rit_alone(Scheme::Euler),
        plain: || reference::jansen_rit_alone(90, 100_000, DT, false),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W2 exponential Euler",
        what: "the same",
        node_steps: 9_000_000,
        target: 6.0,
        library: || jansen_rit_alone(Scheme::ExpEuler),
        plain: || reference::jansen_rit_alone(90, 100_000, DT, true),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W3 additive",
        what: "90 Jansen-Rit nodes, dense delays of 10 to 150 steps, 20,000 steps",
        node_steps: 1_800_000,
        target: 30.0,
        library: || jansen_rit_network(false),
        plain: || reference::jansen_rit_network(&Dense::new(90), 20_000, DT, 1.0, false),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W3 sigmoidal",
        what: "the same with the sigmoid of Jansen and Rit",
        node_steps: 1_800_000,
        target: 45.0,
        library: || jansen_rit_network(true),
        plain: || reference::jansen_rit_network(&Dense::new(90), 20_000, DT, 1000.0, true),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W4",
        what: "90 reduced Wong-Wang nodes, dense, no delay, noise on both states, 60 s at 0.5 ms, BOLD every 1 s",
        node_steps: 10_800_000,
        target: 40.0,
        library: wong_wang_bold,
        plain: || reference::wong_wang_bold(&Dense::at_once(90), 120_000, 0.5, 0.001),
        tolerance: None,
    },
    Workload {
        name: "W5",
        what: "64 parameter sets of 90 Montbrio-Pazo-Roxin nodes, dense delays, noise, 10,000 steps, two cores",
        node_steps: 57_600_000,
        target: 10.0,
        library: montbrio_sweep,
        plain: || reference::montbrio(&Dense::new(90), &couplings(), 10_000, 0.01, 0.01),
        tolerance: None,
    },
    Workload {
        name: "W6 one core",
        what: "1000 Hopf nodes, dense delayed diffusive coupling, 2000 steps",
        node_steps: 2_000_000,
        target: 350.0,
        library: || hopf_network(1000, 1),
        plain: || reference::hopf_network(&Dense::new(1000), 2000, DT, 0.1),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W6 two cores",
        what: "the same",
        node_steps: 2_000_000,
        target: 220.0,
        library: || hopf_network(1000, 2),
        plain: || reference::hopf_network(&Dense::new(1000), 2000, DT, 0.1),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W7 loss",
        what: "90 Hopf nodes, dense delayed diffusive coupling, 2000 steps",
        node_steps: 180_000,
        target: 25.0,
        library: || hopf_network(90, 1),
        plain: || reference::hopf_network(&Dense::new(90), 2000, DT, 0.1),
        tolerance: Some(1e-6),
    },
    Workload {
        name: "W8",
        what: "HORN of 128 cells, sequences of 784, batch of 32: forward and gradient of all weights",
        node_steps: horn::NODE_STEPS,
        target: horn::TARGET,
        library: || made(horn::library()),
        plain: horn::plain,
        tolerance: Some(1e-6),
    },
];

/// W9: what a fresh process computes.
pub fn cold() -> Outcome {
    let hopf = HopfStep::new(90).init_x(starts(90));
    run(&Simulator::new(hopf).dt(DT), 300.0)
}

fn starts(nodes: usize) -> Vec<f64> {
    (0..nodes).map(initial).collect()
}

fn run(simulator: &Simulator, duration: f64) -> Outcome {
    Outcome::Runs(vec![made(simulator.run(duration))])
}

fn made<T>(outcome: Result<T, impl std::fmt::Display>) -> T {
    match outcome {
        Ok(value) => value,
        Err(error) => panic!("a workload does not run: {error}"),
    }
}

fn hopf_alone(scheme: Scheme) -> Outcome {
    let hopf = HopfStep::new(90).init_x(starts(90));
    run(&Simulator::new(hopf).dt(DT).scheme(scheme).every(10), 10_000.0)
}

fn jansen_rit(nodes: usize) -> JansenRitStep {
    let m: Vec<f64> = (0..nodes).map(|node| 0.05 + 0.1 * initial(node)).collect();
    JansenRitStep::new(nodes).init_M(m).init_E(15.0).init_I(10.0)
}

fn jansen_rit_alone(scheme: Scheme) -> Outcome {
    let simulator = Simulator::new(jansen_rit(90)).dt(DT).scheme(scheme).every(10).input("E_inp", 120.0);
    run(&simulator, 10_000.0)
}

fn jansen_rit_network(sigmoidal: bool) -> Outcome {
    let dense = Dense::new(90);
    let network = Network::new(jansen_rit(90), dense.wiring());
    let network = match sigmoidal {
        false => network.coupling(Additive::new(), "eeg").k(1.0),
        true => network.coupling(SigmoidalJansenRit::new(), "eeg").k(1000.0),
    };
    let simulator = Simulator::new(network.delays(dense.delays(DT))).dt(DT).scheme(Scheme::ExpEuler);
    run(&simulator.input("E_inp", 120.0), 2000.0)
}

/// The gating drives the haemodynamics while the run goes on, a second at a time.
fn wong_wang_bold() -> Outcome {
    let dense = Dense::at_once(90);
    let cortex = WongWangExcInhStep::new(90).noise_S_e(0.001).noise_S_i(0.001);
    let network = Network::new(cortex, dense.wiring()).coupling(Additive::new(), "S_e");
    let simulator = Simulator::new(network).dt(0.5).scheme(Scheme::Euler).record(["S_e"]);
    let mut session = made(simulator.start());
    let mut bold = made(BoldSignal::driven_every(5.0, BalloonWindkessel::new(90), 1000.0, 0.5));
    let mut second = || made(bold.push(made(session.run(1000.0))["S_e"].view()));
    Outcome::Rows((0..60).flat_map(|_| second()).collect())
}

fn hopf_network(nodes: usize, threads: usize) -> Outcome {
    let dense = Dense::new(nodes);
    let hopf = HopfStep::new(nodes).init_x(starts(nodes));
    let network =
        Network::new(hopf, dense.wiring()).coupling(Diffusive::new(), "x").k(0.1).delays(dense.delays(DT));
    let simulator = Simulator::new(network).dt(DT).scheme(Scheme::Euler).every(10).threads(threads);
    run(&simulator, 200.0)
}

/// The coupling strengths of W5, in units of rates per ms.
fn couplings() -> Vec<f64> {
    (0..64).map(|index| 0.01 * f64::from(index)).collect()
}

fn montbrio_sweep() -> Outcome {
    let dense = Dense::new(90);
    // The plain kernel counts rates per ms, the model in Hz.
    let nodes = MontbrioPazoRoxinStep::new(90).preset("rabuffo_2021").init_r(100.0).init_v(-2.0);
    let nodes = nodes.noise_r(10.0).noise_v(0.01);
    let network =
        Network::new(nodes, dense.wiring()).coupling(Additive::new(), "r").delays(dense.delays(0.01));
    let simulator = Simulator::new(network).dt(0.01).scheme(Scheme::Euler).every(10_000).average().threads(2);
    let strengths: Vec<f64> = couplings().iter().map(|k| 0.001 * k).collect();
    // Each run draws noise of its own.
    let points = strengths
        .iter()
        .zip(0..)
        .map(|(k, seed)| Point { settings: vec![("k".to_owned(), (*k).into())], seed: Some(seed) });
    let batch = made(simulator.sweep(Sweep::of(points), 100.0));
    Outcome::Runs(batch.runs.into_iter().map(made).collect())
}
