//! Steps of models and sums over connections: time per node and step.

use brainmass::Session;
use brainmass::network::{Connectivity, Network};
use brainmass::prelude::*;
use brainmass::zoo::coupling::{Additive, KuramotoPhaseDifference};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ndarray::Array2;

const NODES: usize = 90;
const STEPS: usize = 100;

fn sessions() -> Vec<(&'static str, Session)> {
    let weights = Array2::from_shape_fn((NODES, NODES), |(i, j)| ((i * 7 + j * 3) % 11) as f64 / 1000.0);
    let delays =
        Array2::from_shape_fn((NODES, NODES), |(i, j)| 1.0 + ((i * 13 + j * 29) % 140) as f64 / 10.0);
    let hopf = || HopfStep::new(NODES).init_x(0.2);
    let network = |rule: Additive| Network::new(hopf(), &weights).coupling(rule, "x");
    let phases = KuramotoNetwork::new(NODES).K(0.5).omega(0.2);
    let pairs = Network::new(phases.clone(), &weights).coupling(KuramotoPhaseDifference::new(), "theta");
    let all = [
        ("hopf euler", Simulator::new(hopf()).scheme(Scheme::Euler)),
        ("hopf exp_euler", Simulator::new(hopf())),
        ("hopf rk4", Simulator::new(hopf()).scheme(Scheme::Rk4)),
        ("hopf noise", Simulator::new(hopf().noise_x(0.1).noise_y(0.1))),
        ("jansen_rit exp_euler", Simulator::new(JansenRitStep::new(NODES).init_M(0.1))),
        ("wong_wang_exc_inh euler", Simulator::new(WongWangExcInhStep::new(NODES)).scheme(Scheme::Euler)),
        ("delayed", Simulator::new(network(Additive::new()).delays(delays.clone()))),
        ("dense", Simulator::new(network(Additive::new()).connectivity(Connectivity::Dense))),
        ("sparse", Simulator::new(network(Additive::new()).connectivity(Connectivity::Sparse))),
        ("pairs", Simulator::new(pairs.delays(delays))),
        ("inside", Simulator::new(phases)),
    ];
    all.into_iter().filter_map(|(name, simulator)| Some((name, simulator.start().ok()?))).collect()
}

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("steps");
    group.throughput(Throughput::Elements((NODES * STEPS) as u64));
    for (name, mut session) in sessions() {
        group.bench_function(name, |bencher| {
            bencher.iter(|| session.skip(STEPS as f64 * 0.1));
        });
    }
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
