//! Spectra and functional connectivity by linear response, of a network of 90 nodes and of a pair with delays, against closed forms and long simulations. What
//! either way takes is printed.

use std::f64::consts::TAU;
use std::time::Instant;

use brainmass::analysis::{Welch, functional_connectivity};
use brainmass::continuation::{LinearNetwork, LinearSystem, Matrix, Quantity, Setting};
use brainmass::dynamics::Complex64;
use brainmass::network::{Delays, Network};
use brainmass::prelude::*;
use brainmass::zoo::coupling::Additive;
use brainmass::{LoadedModel, Nodes, Zoo};
use ndarray::{Array2, ArrayView2, array};

/// The rate at which a Hopf node falls back to rest, per ms, and the intensity of the noise of both of its states, per sqrt(ms).
const A: f64 = -0.03;
const SIGMA: f64 = 1e-3;
/// The parts of a simulation, whose spread tells the standard errors of their mean, and the rows of a segment of a spectrum.
const BLOCKS: usize = 24;
const SEGMENT: usize = 1000;

/// The linear response of nodes of a model that add what they receive, with white noise of one intensity on all states.
fn response(
    name: &str,
    parameters: &[Vec<(&str, f64)>],
    (k, weights, delay): (f64, &Array2<f64>, f64),
    sigma: f64,
) -> LinearSystem {
    let zoo = Zoo::default();
    let (model, rule) = (zoo.checked(name).expect("a model"), zoo.checked("Additive").expect("a rule"));
    let of_node = |values: &Vec<(&str, f64)>| {
        let mut setting = Setting::of(&model);
        for (name, value) in values {
            setting.set(Quantity::find(&model, name).expect("a parameter"), *value);
        }
        setting
    };
    let settings: Vec<Setting> = parameters.iter().map(of_node).collect();
    let mut of_rule = Setting::of(&rule);
    of_rule.set(Quantity::find(&rule, "k").expect("a parameter"), k);
    let (ends, delays) = ((Some("x"), Some("x_inp")), Array2::from_elem(weights.dim(), delay));
    let network =
        LinearNetwork::new(&model, &settings, &rule, of_rule.parameters, ends, weights.clone(), delays)
            .expect("a network");
    let states = weights.nrows() * model.states.len();
    let rest = network.equilibrium(&vec![1e-3; states]).expect("it rests");
    network.linearised(&rest).noise(vec![sigma; states])
}

/// The response of Hopf nodes that turn at some rates in rad/ms.
fn hopf_response(rates: &[f64], k: f64, weights: &Array2<f64>) -> LinearSystem {
    let parameters: Vec<Vec<(&str, f64)>> = rates.iter().map(|w| vec![("a", A), ("w", *w)]).collect();
    response("HopfStep", &parameters, (k, weights, 0.0), SIGMA)
}

/// The pair of linear nodes that drive each other after 8 ms, of `tests/golden-dynamics/spectrum_delayed_pair.json`.
const PAIR: (f64, f64, f64, f64) = (-0.1, 0.08, 8.0, 0.02);

fn pair_response() -> LinearSystem {
    let (gamma, k, delay, sigma) = PAIR;
    let parameters = vec![vec![("gamma", gamma)]; 2];
    response("LinearStep", &parameters, (k, &array![[0.0, 1.0], [1.0, 0.0]], delay), sigma)
}

/// Nodes that are interpreted, which are fast in builds that are not optimised.
fn interpreted(name: &str, count: usize) -> Nodes {
    let model = Zoo::default().checked(name).expect("a model");
    LoadedModel::interpreted(&model).nodes(count).expect("a model of nodes")
}

/// The correlations of the first states of nodes that have so many.
fn correlations(system: &LinearSystem, states: usize) -> Matrix<f64> {
    let firsts: Vec<usize> = (0..system.n_states()).step_by(states).collect();
    system.correlations(&firsts).expect("it is stable")
}

/// Nodes in a ring are waves that do not know of each other, each a node with two states whose spectrum and variance are formulas.
#[test]
fn a_ring_of_90_hopf_nodes_has_its_closed_form() {
    let (nodes, w, k) = (90, 0.06, 0.01);
    let weights = Array2::from_shape_fn((nodes, nodes), |(i, j)| {
        if (i + 1) % nodes == j || (j + 1) % nodes == i { 1.0 } else { 0.0 }
    });
    let system = hopf_response(&vec![w; nodes], k, &weights);
    // The rate of x of a wave; that of y is A.
    let waves: Vec<f64> =
        (0..nodes).map(|wave| A + 2.0 * k * (TAU * wave as f64 / nodes as f64).cos()).collect();
    let summed = |of_wave: &dyn Fn(f64) -> f64, apart: usize| -> f64 {
        let each = waves
            .iter()
            .enumerate()
            .map(|(wave, rate)| of_wave(*rate) * (TAU * (wave * apart % nodes) as f64 / nodes as f64).cos());
        each.sum::<f64>() / nodes as f64
    };
    // The Lyapunov equation of [[rate, -w], [w, A]], on paper.
    let variance = |rate: f64| {
        let across = 0.5 * w * SIGMA.powi(2) * (A - rate) / ((rate + A) * (rate * A + w * w));
        (2.0 * w * across - SIGMA.powi(2)) / (2.0 * rate)
    };
    let covariance = system.covariance().expect("it is stable");
    for (i, j) in [(0, 0), (0, 1), (0, 2), (17, 22), (3, 48), (89, 0)] {
        let expected = summed(&variance, usize::abs_diff(i, j));
        let found = covariance[(2 * i, 2 * j)];
        assert!((found - expected).abs() < 1e-11 * summed(&variance, 0), "{i}, {j}: {found} {expected}");
    }
    for hertz in [1.0, 8.0, 9.5, 15.0, 60.0] {
        let s = Complex64::new(0.0, TAU * hertz / 1000.0);
        let density = |rate: f64| {
            let size = ((s - rate) * (s - A) + w * w).norm_sqr();
            2e-3 * SIGMA.powi(2) * ((s - A).norm_sqr() + w * w) / size
        };
        let found = system.spectrum(hertz);
        for (i, j) in [(0, 0), (40, 41), (0, 45)] {
            let expected = summed(&density, j - i);
            let found = found[(2 * i, 2 * j)];
            assert!((found.re - expected).abs() < 1e-11 * summed(&density, 0), "{hertz}: {found} {expected}");
        }
    }
}

/// Sum and difference of the pair do not know of each other; the variance of each is that of Kuechler & Mensch (1992).
#[test]
fn a_delayed_pair_has_its_closed_form() {
    let (gamma, k, delay, sigma) = PAIR;
    let system = pair_response();
    let root = (gamma * gamma - k * k).sqrt();
    let [sum, difference] = [k, -k].map(|k| {
        let (sinh, cosh) = ((root * delay).sinh(), (root * delay).cosh());
        0.5 * sigma * sigma * (k * sinh - root) / (root * (gamma + k * cosh))
    });
    let covariance = system.covariance().expect("it is stable");
    let (variance, shared) = (0.5 * (sum + difference), 0.5 * (sum - difference));
    assert!((covariance[(0, 0)] / variance - 1.0).abs() < 1e-10, "{} {variance}", covariance[(0, 0)]);
    assert!((covariance[(0, 1)] / shared - 1.0).abs() < 1e-10, "{} {shared}", covariance[(0, 1)]);
    assert!((correlations(&system, 1)[(0, 1)] - shared / variance).abs() < 1e-10);
}

/// The values that a long run gives, one of each quantity from each of its blocks.
struct Blocks {
    connectivity: Vec<Array2<f64>>,
    power: Vec<Array2<f64>>,
    frequency: Vec<f64>,
}

impl Blocks {
    /// Runs a network that records x and looks at one block of so many rows after the other.
    fn of(simulator: &Simulator, rows: usize) -> Self {
        let mut session = simulator.start().expect("it starts");
        let mut blocks = Self { connectivity: Vec::new(), power: Vec::new(), frequency: Vec::new() };
        let every = session.run(10.0).expect("it runs").ts;
        let dt = every[1] - every[0];
        // The way to the stationary state.
        session.run(500.0).expect("it runs");
        for _ in 0..BLOCKS {
            let run = session.run(rows as f64 * dt).expect("it runs");
            let signal: ArrayView2<f64> = run["x"].view();
            assert_eq!(signal.nrows(), rows);
            blocks.connectivity.push(functional_connectivity(signal).expect("a signal"));
            let spectrum = Welch::new(SEGMENT).estimate(signal, dt).expect("a signal");
            blocks.frequency = spectrum.frequency.to_vec();
            blocks.power.push(spectrum.power);
        }
        blocks
    }
}

/// The distances of the means of blocks from what is expected, in standard errors.
#[derive(Default)]
struct Distances(Vec<f64>);

impl Distances {
    fn add(&mut self, blocks: &[Array2<f64>], place: [usize; 2], expected: f64) {
        let count = blocks.len() as f64;
        let mean = blocks.iter().map(|block| block[place]).sum::<f64>() / count;
        let squares = blocks.iter().map(|block| (block[place] - mean).powi(2)).sum::<f64>();
        self.0.push((mean - expected) / (squares / (count * (count - 1.0))).sqrt());
    }

    /// Checks that the distances are those of chance: within 3 standard errors but for the few that Student's distribution of 23 degrees of freedom has
    /// beyond (0.6 %), and of its variance (23/21). Quantities of one run depend on each other, and estimates of power are skewed, so that either may be more.
    fn check(&self, what: &str) {
        let count = self.0.len() as f64;
        let beyond = self.0.iter().filter(|distance| distance.abs() > 3.0).count();
        let squares = self.0.iter().map(|distance| distance * distance).sum::<f64>() / count;
        println!("{what}: {beyond} of {count} beyond 3 standard errors, mean square {squares:.2}");
        assert!(beyond as f64 <= 0.02 * count, "{what}: {beyond} of {count} beyond 3 standard errors");
        // Of few, no mean square tells.
        assert!(count < 50.0 || squares < 1.5 && squares > 0.5, "{what}: a mean square of {squares}");
    }
}

/// Compares correlations of pairs and spectra of nodes at some bins with those of a run.
fn compare(system: &LinearSystem, states: usize, blocks: &Blocks, bins: &[usize], what: &str) {
    let expected = correlations(system, states);
    let nodes = expected.rows();
    let mut distances = Distances::default();
    for (i, j) in (0..nodes).flat_map(|i| (0..i).map(move |j| (i, j))) {
        distances.add(&blocks.connectivity, [i, j], expected[(i, j)]);
    }
    distances.check(&format!("{what}, correlations"));
    let mut distances = Distances::default();
    for bin in bins {
        let density = system.spectrum(blocks.frequency[*bin]);
        for node in 0..nodes {
            distances.add(&blocks.power, [*bin, node], density[(node * states, node * states)].re);
        }
    }
    distances.check(&format!("{what}, spectra"));
}

#[test]
fn a_noisy_network_of_90_hopf_nodes_is_that_of_a_long_simulation() {
    let weights = brainmass::datasets::synthetic_90().weights().to_owned();
    let rates: Vec<f64> = (0..90).map(|node| 0.05 + 5e-4 * f64::from(node)).collect();
    let k = 0.03;
    let began = Instant::now();
    let system = hopf_response(&rates, k, &weights);
    let expected = correlations(&system, 2);
    let by_response = began.elapsed();
    let pairs = || (0..90).flat_map(|i| (0..i).map(move |j| (i, j)));
    let largest = pairs().map(|pair| expected[pair]).fold(0.0, f64::max);
    // Near onset, and with connectivity that is none of chance.
    let slowest = system.roots(1)[0].re;
    assert!(largest > 0.3 && slowest < 0.0 && slowest > 0.6 * A, "{largest} {slowest}");

    let nodes = interpreted("HopfStep", 90).set("a", A).set("w", rates);
    let nodes = nodes.noise("x", SIGMA).noise("y", SIGMA).init("x", 0.0).init("y", 0.0);
    let network = Network::new(nodes, weights).coupling(Additive::new(), "x").k(k);
    let simulator = Simulator::new(network).dt(1.0).seed(7).every(2).record(["x"]);
    let (rows, began) = (2 * SEGMENT, Instant::now());
    let blocks = Blocks::of(&simulator, rows);
    println!(
        "functional connectivity of 90 Hopf nodes by linear response: {:.2} s; a simulation of {} s: {:.1} s",
        by_response.as_secs_f64(),
        BLOCKS * rows * 2 / 1000,
        began.elapsed().as_secs_f64()
    );
    // 2, 6, ..., 30 Hz; the nodes turn at 8 to 15 Hz.
    let bins: Vec<usize> = (0..8).map(|i| 4 + 8 * i).collect();
    compare(&system, 2, &blocks, &bins, "90 Hopf nodes");
}

#[test]
fn a_delayed_pair_is_that_of_a_long_simulation() {
    let (gamma, k, delay, sigma) = PAIR;
    let began = Instant::now();
    let system = pair_response();
    assert!(correlations(&system, 1)[(0, 1)] > 0.3);
    let by_response = began.elapsed();
    let nodes = interpreted("LinearStep", 2).set("gamma", gamma).noise("x", sigma).init("x", 0.0);
    let network = Network::new(nodes, array![[0.0, 1.0], [1.0, 0.0]]).coupling(Additive::new(), "x").k(k);
    let network = network.delays(Delays::Each(Array2::from_elem((2, 2), delay)));
    let simulator = Simulator::new(network).dt(0.2).seed(5).every(10).record(["x"]);
    let (rows, began) = (5 * SEGMENT, Instant::now());
    let blocks = Blocks::of(&simulator, rows);
    println!(
        "a pair with delays by linear response: {:.2} ms; a simulation of {} s: {:.1} s",
        by_response.as_secs_f64() * 1e3,
        BLOCKS * rows * 2 / 1000,
        began.elapsed().as_secs_f64()
    );
    // 1 to 40 Hz: what is not seen between rows, above 250 Hz, adds little there.
    let bins: Vec<usize> = (1..=40).map(|i| 2 * i).collect();
    compare(&system, 1, &blocks, &bins, "a pair with delays");
}
