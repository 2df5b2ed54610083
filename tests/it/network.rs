//! Networks as users make them, and against theory.

use brainmass::connectome::LaplacianNormalization;
use brainmass::network::{Connectivity, Edge, History, Wiring};
use brainmass::prelude::*;
use brainmass::zoo::coupling::{Additive, Diffusive, KuramotoPhaseDifference, Laplacian, SigmoidalJansenRit};
use ndarray::{Array1, Array2, array, s};

/// Numbers between 0 and 1, the same ones each time.
struct Uniform(u64);

impl Uniform {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }

    fn matrix(&mut self, rows: usize, columns: usize, low: f64, high: f64) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns), |_| low + (high - low) * self.next())
    }
}

fn runs(simulator: Simulator, duration: f64) -> Run {
    simulator.run(duration).expect("it runs")
}

#[track_caller]
fn near(a: &Array2<f64>, b: &Array2<f64>, tolerance: f64) {
    assert_eq!(a.dim(), b.dim());
    let worst = (a - b).iter().fold(0.0_f64, |worst, difference| worst.max(difference.abs()));
    assert!(worst <= tolerance, "they differ by {worst:.1e}");
}

/// Linear nodes with a diffusive coupling and delays of 0 to 70 steps: every block length at once.
fn linear_network(connectivity: Connectivity) -> (Network, Array2<f64>, Array2<f64>, Vec<f64>) {
    let mut uniform = Uniform(3);
    let nodes = 7;
    let weights =
        uniform.matrix(nodes, nodes, -1.0, 1.0).mapv(|weight| if weight.abs() < 0.2 { 0.0 } else { weight });
    let steps = uniform
        .matrix(nodes, nodes, 0.0, 70.0)
        .mapv(|steps| if steps < 15.0 { (steps / 5.0).floor() } else { steps.floor() });
    let init: Vec<f64> = (0..nodes).map(|_| uniform.next()).collect();
    let model = LinearStep::new(nodes).gamma(-1.0).init_x(init.clone());
    let network = Network::new(model, &weights)
        .coupling(Diffusive::new(), "x")
        .k(0.3)
        .delays(steps.mapv(|steps| steps * 0.125))
        .connectivity(connectivity);
    (network, weights, steps, init)
}

#[test]
fn a_delayed_network_equals_the_plain_sum_over_its_edges() {
    let (network, weights, steps, init) = linear_network(Connectivity::Auto);
    let run =
        runs(Simulator::new(network).dt(0.125).scheme(Scheme::Euler).record(["x", "coupling_input"]), 40.0);
    let nodes = init.len();
    let mut past = vec![init.clone()];
    for step in 0..320 {
        let now = past[step].clone();
        let current = |target: usize| -> f64 {
            let others = (0..nodes).filter(|&source| source != target);
            let term = |source: usize| {
                let sent = step
                    .checked_sub(steps[[target, source]] as usize)
                    .map_or(init[source], |at| past[at][source]);
                weights[[target, source]] * (sent - now[target])
            };
            0.3 * others.map(term).sum::<f64>()
        };
        let next: Vec<f64> =
            (0..nodes).map(|node| now[node] + 0.125 * (-now[node] + current(node))).collect();
        for node in 0..nodes {
            assert!(
                (run["coupling_input"][[step, node]] - current(node)).abs() < 1e-12,
                "current, step {step}"
            );
            assert!((run["x"][[step, node]] - next[node]).abs() < 1e-12, "state, step {step}");
        }
        past.push(next);
    }
}

#[test]
fn a_delay_is_as_many_steps_as_its_decimals_say() {
    for (delay, dt, steps) in
        [(0.07, 0.01, 7), (2.1, 0.3, 7), (1.2, 0.1, 12), (0.14, 0.02, 7), (0.071, 0.01, 8), (0.0, 0.1, 0)]
    {
        let node = LinearStep::new(1).gamma(0.0).init_x(1.0);
        let network = Network::new(node, array![[1.0]])
            .coupling(Additive::new(), "x")
            .k(1.0)
            .self_connections(true)
            .delays(delay)
            .history(0.0);
        let simulator = Simulator::new(network).dt(dt).scheme(Scheme::Euler).record(["coupling_input"]);
        let run = runs(simulator, 20.0 * dt);
        let arrived = run["coupling_input"].iter().position(|current| *current != 0.0);
        assert_eq!(arrived, Some(steps), "{delay} ms in steps of {dt} ms");
    }
}

#[test]
fn a_network_run_in_pieces_has_the_bits_of_the_whole() {
    let simulator = Simulator::new(linear_network(Connectivity::Auto).0).dt(0.125);
    let whole = runs(simulator.clone(), 50.0);
    let mut session = simulator.start().expect("it starts");
    let mut rows = Vec::new();
    for steps in [1.0, 2.0, 37.0, 5.0, 255.0, 100.0] {
        rows.extend(session.run(steps * 0.125).expect("it goes on")["x"].iter().copied().collect::<Vec<_>>());
    }
    assert_eq!(rows, whole["x"].iter().copied().collect::<Vec<_>>());
}

#[test]
fn dense_and_sparse_connections_have_the_same_bits() {
    let run =
        |connectivity| runs(Simulator::new(linear_network(connectivity).0).dt(0.125), 50.0)["x"].clone();
    assert_eq!(run(Connectivity::Dense), run(Connectivity::Sparse));

    let mut uniform = Uniform(8);
    let nodes = 45;
    let weights =
        uniform.matrix(nodes, nodes, -1.0, 1.0).mapv(|weight| if weight < 0.9 { 0.0 } else { weight });
    let hopf = HopfStep::new(nodes).init_x(Array1::from_shape_fn(nodes, |_| uniform.next()));
    let listed = weights.indexed_iter().map(|((target, source), &weight)| Edge {
        target,
        source,
        weight,
        length: 0.0,
    });
    let listed = Wiring::from_edges(nodes, nodes, listed);
    let run = |wiring: Wiring, connectivity| {
        let network =
            Network::new(hopf.clone(), wiring).coupling(Diffusive::new(), "x").connectivity(connectivity);
        runs(Simulator::new(network), 20.0)["x"].clone()
    };
    let dense = run((&weights).into(), Connectivity::Dense);
    assert_eq!(dense, run((&weights).into(), Connectivity::Sparse));
    assert_eq!(dense, run(listed, Connectivity::Auto));
}

#[test]
fn transposing_weights_and_lengths_mirrors_a_run_and_either_alone_does_not() {
    let mut uniform = Uniform(5);
    let nodes = 6;
    // Symmetric about the other diagonal: transposing it is the same as counting its nodes backwards.
    let mut mirrored = |low: f64, high: f64| {
        let a = uniform.matrix(nodes, nodes, low, high);
        Array2::from_shape_fn((nodes, nodes), |(i, j)| a[[i, j]] + a[[nodes - 1 - j, nodes - 1 - i]])
    };
    let (weights, lengths) = (mirrored(0.0, 0.2), mirrored(1.0, 40.0));
    let init = Array1::linspace(0.1, 0.9, nodes);
    let backwards = init.slice(s![..;-1]).to_owned();
    let run = |weights: &Array2<f64>, lengths: &Array2<f64>, init: &Array1<f64>| {
        let hopf = HopfStep::new(nodes).init_x(init);
        let network =
            Network::new(hopf, (weights.clone(), lengths.clone())).coupling(Additive::new(), "x").speed(4.0);
        runs(Simulator::new(network), 60.0)["x"].clone()
    };
    let (turned_weights, turned_lengths) = (weights.t().to_owned(), lengths.t().to_owned());
    let original = run(&weights, &lengths, &init).slice(s![.., ..;-1]).to_owned();
    near(&original, &run(&turned_weights, &turned_lengths, &backwards), 1e-10);
    for other in [run(&turned_weights, &lengths, &backwards), run(&weights, &turned_lengths, &backwards)] {
        let apart =
            (&original - &other).iter().fold(0.0_f64, |worst, difference| worst.max(difference.abs()));
        assert!(apart > 1e-3, "the run does not tell: {apart:.1e}");
    }
}

#[test]
fn rows_of_weights_are_targets() {
    let weights = array![[0.0, 1.0], [0.0, 0.0]];
    let linear = LinearStep::new(2).gamma(-0.1).init_x([0.0, 1.0]);
    let run = runs(Simulator::new(Network::new(linear, weights).coupling(Additive::new(), "x")).dt(0.1), 1.0);
    assert!(run["x"][[9, 0]] > 0.5, "node 0 receives from node 1");
    assert!(run["x"][[9, 1]] < 1.0, "node 1 receives nothing");
}

/// `s' = -g s + k s(t - tau)`, s = h up to t = 0, for t up to 2 tau, by the method of steps.
fn delayed_decay(g: f64, k: f64, tau: f64, h: f64, t: f64) -> f64 {
    let first = |t: f64| h * (k / g + (1.0 - k / g) * (-g * t).exp());
    if t <= tau {
        return first(t);
    }
    let u = t - tau;
    let decay = (-g * u).exp();
    decay * first(tau) + k * h * (k / (g * g) * (1.0 - decay) + (1.0 - k / g) * u * decay)
}

#[test]
fn a_delayed_linear_network_converges_to_the_method_of_steps() {
    let (g, k, tau) = (0.2, 0.15, 5.0);
    let error = |dt: f64| {
        let linear = LinearStep::new(2).gamma(-g).init_x([1.0, 0.25]);
        let network = Network::new(linear, array![[0.0, 1.0], [1.0, 0.0]])
            .coupling(Additive::new(), "x")
            .k(k)
            .delays(tau);
        let run = runs(Simulator::new(network).dt(dt), 2.0 * tau);
        // Sum and difference of the two nodes decay each by itself.
        let modes = run["x"].rows().into_iter().zip(&run.ts).map(|(x, &t)| {
            let sum = delayed_decay(g, k, tau, 1.25, t) - (x[0] + x[1]);
            let difference = delayed_decay(g, -k, tau, 0.75, t) - (x[0] - x[1]);
            sum.abs().max(difference.abs())
        });
        modes.fold(0.0, f64::max)
    };
    let (coarse, fine) = (error(0.1), error(0.05));
    assert!(fine < 2e-3, "{fine}");
    assert!((coarse / fine - 2.0).abs() < 0.1, "first order: {coarse} to {fine}");
}

#[test]
fn thalamus_and_cortex_are_of_different_models() {
    let network = || {
        Network::groups()
            .group("cortex", WilsonCowanStep::new(3).init_rE([0.1, 0.2, 0.3]))
            .group("thalamus", HopfStep::new(2).init_x([0.5, -0.5]))
            .projection(
                Projection::from("cortex", "rE")
                    .to("thalamus", "x_inp")
                    .weights(array![[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]])
                    .delays(8.0)
                    .rule(Additive::new())
                    .name("corticothalamic"),
            )
            .projection(
                Projection::from("thalamus", "x")
                    .to("cortex", "rE_inp")
                    .weights(array![[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
                    .delays(Array2::from_elem((3, 2), 5.0))
                    .rule(Additive::new())
                    .k(0.3)
                    .name("thalamocortical"),
            )
            .projection(
                Projection::from("cortex", "rE")
                    .to("cortex", "rE_inp")
                    .weights(Array2::ones((3, 3)))
                    .rule(Diffusive::new())
                    .k([0.1, 0.2, 0.3]),
            )
    };
    let run = runs(
        Simulator::new(network()).dt(0.1).input("cortex.rE_inp", 0.7).record([
            "cortex.rE",
            "cortex.rE_inp",
            "thalamus.x",
            "thalamus.radius",
            "corticothalamic",
            "thalamocortical",
            "coupling_input_3",
        ]),
        30.0,
    );
    let total = 0.7 + &run["thalamocortical"] + &run["coupling_input_3"];
    near(&run["cortex.rE_inp"], &total, 1e-15);
    // 8 ms are 80 steps: row m is of step m + 1, which reads the cortex after step m - 80.
    for row in 81..300 {
        let sent = run["cortex.rE"].row(row - 81);
        assert!((run["corticothalamic"][[row, 1]] - 0.5 * (sent[1] + sent[2])).abs() < 1e-15);
    }
    assert!(
        (run["corticothalamic"][[0, 0]] - 0.5 * (0.1 + 0.2)).abs() < 1e-15,
        "history is the initial state"
    );
    let defaults = runs(Simulator::new(network()), 1.0);
    assert_eq!(defaults.names().collect::<Vec<_>>(), ["cortex.rE", "thalamus.x"]);
    assert_eq!(run.provenance().model, "`cortex` (WilsonCowanStep), `thalamus` (HopfStep)");
}

#[test]
fn groups_of_one_model_have_noise_of_their_own() {
    let noisy = || LinearStep::new(2).gamma(-1.0).init_x(0.0).noise_x(0.1);
    let network = Network::groups().group("a", noisy()).group("b", noisy());
    let run = runs(Simulator::new(network).seed(3), 1.0);
    let alone = runs(Simulator::new(noisy()).seed(3), 1.0);
    assert_eq!(run["a.x"], alone["x"]);
    assert_ne!(run["a.x"], run["b.x"]);
}

#[test]
fn a_run_goes_on_from_the_history_of_another() {
    let (weights, delays) = (Uniform(2).matrix(3, 3, 0.0, 0.3), Uniform(9).matrix(3, 3, 0.1, 4.0));
    let network =
        |hopf: HopfStep| Network::new(hopf, &weights).coupling(Diffusive::new(), "x").delays(&delays);
    let start = HopfStep::new(3).init_x([0.1, 0.5, -0.3]);
    let whole = runs(Simulator::new(network(start.clone())).record(["x", "y"]), 30.0);
    let first = runs(Simulator::new(network(start)).record(["x", "y"]), 10.0);
    let goes_on =
        HopfStep::new(3).init_x(first["x"].row(99).to_owned()).init_y(first["y"].row(99).to_owned());
    let history = History::continued(&first, "x").expect("every step was recorded");
    let second = runs(Simulator::new(network(goes_on.clone()).history(history)).record(["x"]), 20.0);
    assert_eq!(second["x"], whole["x"].slice(s![100.., ..]));

    let given = network(goes_on).history(first["x"].slice(s![..99, ..]).to_owned());
    assert_eq!(runs(Simulator::new(given).record(["x"]), 20.0)["x"], second["x"]);
    let strided = runs(Simulator::new(HopfStep::new(3)).every(10), 10.0);
    let message = History::continued(&strided, "x").expect_err("steps are missing").to_string();
    assert!(message.contains("every step of 0.1 ms is needed"), "{message}");
}

#[test]
fn observables_are_sent_like_states() {
    let mut uniform = Uniform(4);
    let (weights, delays) = (uniform.matrix(4, 4, 0.0, 1.0), uniform.matrix(4, 4, 0.0, 9.0));
    let columns = || JansenRitStep::new(4).init_M([0.1, 0.2, 0.3, 0.4]).init_E(1.0).init_I(0.5);
    let simulator = |network: Network| Simulator::new(network.to("E_inp").delays(&delays)).record(["eeg"]);
    let eeg = Network::new(columns(), &weights).coupling(Additive::new(), "eeg").k(10.0);
    // What is read is the state's: as much as E less as much of I.
    let parts =
        Network::new(columns(), &weights).coupling(Additive::new(), "E").k(10.0).to("E_inp").delays(&delays);
    let parts = parts.coupling(Additive::new(), "I").k(-10.0);
    near(&runs(simulator(eeg), 100.0)["eeg"], &runs(simulator(parts), 100.0)["eeg"], 1e-10);
}

#[test]
fn a_term_with_parameters_of_the_receiver_is_that_of_each_receiver() {
    let mut uniform = Uniform(6);
    let (weights, delays) = (uniform.matrix(5, 5, 0.0, 5.0), uniform.matrix(5, 5, 0.0, 9.0));
    let columns = || JansenRitStep::new(5).init_M(0.1).init_E([8.0, 7.0, 6.0, 5.0, 4.0]);
    let run = |rule: SigmoidalJansenRit| {
        let network = Network::new(columns(), &weights).coupling(rule, "eeg").to("E_inp").delays(&delays);
        runs(Simulator::new(network).record(["coupling_input"]), 50.0)["coupling_input"].clone()
    };
    let common = run(SigmoidalJansenRit::new().k(10.0).r(0.3));
    near(&common, &run(SigmoidalJansenRit::new().k(10.0).r([0.3; 5])), 1e-12);
    let each = run(SigmoidalJansenRit::new().k(10.0).r([0.3, 0.3, 0.9, 0.3, 0.3]));
    assert!((common[[0, 0]] - each[[0, 0]]).abs() < 1e-12);
    assert!((common[[0, 2]] - each[[0, 2]]).abs() > 1e-3);
}

#[test]
fn phase_differences_couple_like_the_kuramoto_network_does_inside() {
    let phases = || {
        KuramotoNetwork::new(6)
            .omega([0.1, 0.2, 0.15, 0.3, 0.12, 0.08])
            .init_theta([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    };
    let inside = phases().K(0.3).alpha(0.2);
    let rule = KuramotoPhaseDifference::new().k(0.3 / 6.0).alpha(0.2);
    let outside = Network::new(phases(), Array2::ones((6, 6))).coupling(rule, "theta").to("theta_inp");
    // A projection holds its current over a step; the model inside does so under Euler's scheme alone.
    let euler = |network: Network| runs(Simulator::new(network).scheme(Scheme::Euler), 50.0)["theta"].clone();
    near(&euler(inside.into()), &euler(outside), 1e-11);
}

#[test]
fn the_laplacian_is_that_of_the_weights_without_their_diagonal() {
    let weights = array![[9.0, 0.5, 1.0], [0.5, 9.0, 0.0], [2.0, 0.1, 9.0]];
    let run = |network: Network| runs(Simulator::new(network.k(0.2)), 10.0)["x"].clone();
    let hopf = || HopfStep::new(3).init_x([0.1, 0.5, -0.3]);
    // Without delays, diffusion on the graph is the sum of the differences.
    let diffusive = run(Network::new(hopf(), &weights).coupling(Diffusive::new(), "x"));
    near(&diffusive, &run(Network::new(hopf(), &weights).coupling(Laplacian::new(), "x")), 1e-13);
    let scaled = Network::new(hopf(), &weights)
        .coupling(Laplacian::new(), "x")
        .normalize(LaplacianNormalization::RandomWalk);
    assert!((&diffusive - &run(scaled)).iter().any(|difference| difference.abs() > 1e-3));
}

#[test]
fn a_started_network_tells_what_it_is_made_of() {
    let mut uniform = Uniform(1);
    let (weights, lengths) = (uniform.matrix(4, 4, 0.1, 1.0), uniform.matrix(4, 4, 0.0, 10.0));
    let longest = lengths
        .indexed_iter()
        .filter(|((i, j), _)| i != j)
        .fold(0.0_f64, |most, (_, length)| most.max(*length));
    let network =
        Network::new(HopfStep::new(4), (weights, lengths)).coupling(Diffusive::new(), "x").speed(0.002);
    let summary = Simulator::new(network).start().expect("it starts").projections().remove(0);
    assert_eq!(
        (summary.name.as_str(), summary.targets, summary.sources, summary.edges),
        ("coupling_input", 4, 4, 12)
    );
    assert!(summary.longest_delay >= longest / 0.002 && summary.longest_delay < longest / 0.002 + 0.1);
    assert!(summary.history_bytes as f64 <= 4.0 * 8.0 * (20.0 * summary.longest_delay + 72.0));
}

#[test]
fn mistakes_in_a_network_name_the_value_and_what_is_allowed() {
    let weights = || array![[0.0, 1.0], [0.5, 0.0]];
    let lengths = || array![[0.0, 10.0], [20.0, 0.0]];
    let two = || Network::new(HopfStep::new(2), (weights(), lengths()));
    let coupled = || two().coupling(Diffusive::new(), "x");
    let groups =
        || Network::groups().group("cortex", HopfStep::new(2)).group("thalamus", JansenRitStep::new(1));
    let between = || Projection::from("cortex", "x").to("thalamus", "E_inp").weights(array![[1.0, 0.5]]);
    let edge = Edge { target: 3, source: 0, weight: 1.0, length: 0.0 };
    let fails = |network: Network| {
        let error = Simulator::new(network).run(1.0).map(|_| ()).expect_err("a mistake is an error");
        error.to_string().split(" (set at").next().unwrap_or_default().to_owned()
    };
    let delays = |delay: f64| array![[0.0, delay], [1.0, 0.0]];
    insta::assert_snapshot!(
        [
            fails(Network::groups()),
            fails(two()),
            fails(two().k(0.5)),
            fails(groups().coupling(Diffusive::new(), "x")),
            fails(Network::groups().group("a.b", HopfStep::new(1))),
            fails(groups().group("cortex", HopfStep::new(1))),
            fails(two().coupling(Diffusive::new(), "z")),
            fails(coupled().to("z_inp")),
            fails(coupled().parameter("kk", 1.0)),
            fails(coupled().k(f64::NAN)),
            fails(coupled().k([1.0, 2.0, 3.0])),
            fails(coupled().k(1.0.mv())),
            fails(coupled().speed(0.0)),
            fails(coupled().speed(f64::NAN)),
            fails(coupled().speed(3.0.mv())),
            fails(coupled().speed(3.0).delays(1.0)),
            fails(coupled().speed(1e-15)),
            fails(coupled().delays(-1.0)),
            fails(coupled().delays(1.0.mv())),
            fails(coupled().delays(delays(-1.0))),
            fails(coupled().delays(delays(f64::NAN))),
            fails(coupled().delays(Array2::zeros((3, 2)))),
            fails(Network::new(HopfStep::new(2), weights()).coupling(Diffusive::new(), "x").speed(3.0)),
            fails(Network::new(HopfStep::new(3), weights()).coupling(Diffusive::new(), "x")),
            fails(Network::new(HopfStep::new(2), weights() * f64::NAN).coupling(Diffusive::new(), "x")),
            fails(Network::new(HopfStep::new(2), (weights(), -lengths())).coupling(Diffusive::new(), "x")),
            fails(
                Network::new(HopfStep::new(2), (weights(), Array2::zeros((1, 2))))
                    .coupling(Diffusive::new(), "x")
            ),
            fails(
                Network::new(HopfStep::new(2), Wiring::from_edges(2, 2, [edge]))
                    .coupling(Diffusive::new(), "x")
            ),
            fails(coupled().normalize(LaplacianNormalization::Symmetric)),
            fails(two().coupling(Laplacian::new(), "x").epsilon(0.0)),
            fails(coupled().delays(1.0).history([1.0, 2.0, 3.0].to_vec())),
            fails(coupled().delays(1.0).history(3.0.mv())),
            fails(coupled().delays(1.0).history(Array2::zeros((9, 2)))),
            fails(groups().projection(between())),
            fails(groups().projection(between().rule(Diffusive::new()))),
            fails(groups().projection(between().rule(Laplacian::new()))),
            fails(
                groups().projection(
                    Projection::from("cortex", "x").to("thalamus", "E_inp").rule(Additive::new())
                )
            ),
            fails(groups().projection(Projection::from("cortes", "x").rule(Additive::new()))),
            fails(groups().projection(Projection::from("cortex", "x").rule(Additive::new()))),
            fails(
                groups()
                    .projection(between().rule(Additive::new()).name("p"))
                    .projection(between().rule(Additive::new()).name("p"))
            ),
        ]
        .join("\n")
    );
}

#[test]
fn names_of_groups_are_asked_for() {
    let groups = || Network::groups().group("cortex", HopfStep::new(2)).group("thalamus", LinearStep::new(1));
    let fails =
        |simulator: Simulator| simulator.run(1.0).map(|_| ()).expect_err("a mistake is an error").to_string();
    insta::assert_snapshot!(
        [
            fails(Simulator::new(groups()).record(["x"])),
            fails(Simulator::new(groups()).record(["cortex.z"])),
            fails(Simulator::new(groups()).input("x_inp", 1.0)),
        ]
        .join("\n")
    );
}
