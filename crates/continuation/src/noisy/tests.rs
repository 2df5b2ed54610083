//! Checks against other methods: Lyapunov against integrals, derivatives against differences.

use brainmass::Zoo;
use brainmass_spec::collection::{File, compile, compile_one};
use brainmass_spec::model::Model;
use ndarray::Array2;

use super::functions::{NoisyModel, Watching};
use super::numbers::{NoisyEdge, NoisyNumbers, Varied};
use super::response::NoisyError;
use crate::equations::Setting;

fn zoo(name: &str) -> Model {
    Zoo::default().checked(name).expect("it is in the library")
}

/// The numbers of a ring of four nodes with a shortcut, whose parameters are those of the model but for some.
fn numbers(
    model: &Model,
    rule: &Model,
    set: &[(&str, f64)],
    k: f64,
    delay: f64,
    sigma: &[f64],
) -> NoisyNumbers {
    let of =
        |name: &str, default: f64| set.iter().find(|(known, _)| *known == name).map_or(default, |(_, x)| *x);
    let parameters: Vec<f64> =
        model.parameters.iter().map(|parameter| of(&parameter.name, parameter.default)).collect();
    let edge = |target: usize, source: usize, weight: f64, factor: f64| NoisyEdge {
        target,
        source,
        weight,
        delay: factor * delay,
    };
    let rule =
        rule.parameters.iter().map(|parameter| if parameter.name == "k" { k } else { parameter.default });
    let rule: Vec<f64> = rule.collect();
    NoisyNumbers {
        parameters: vec![parameters; 4],
        inputs: vec![model.inputs.iter().map(|input| of(&input.name, 0.0)).collect(); 4],
        sigma: vec![sigma.to_vec(); 4],
        start: vec![model.states.iter().map(|state| of(&state.name, state.init)).collect(); 4],
        rule: vec![rule; 4],
        edges: vec![
            edge(1, 0, 1.0, 1.0),
            edge(2, 1, 0.8, 1.5),
            edge(3, 2, 1.2, 1.0),
            edge(0, 3, 0.6, 2.0),
            edge(2, 0, 0.5, 1.0),
        ],
    }
}

/// A number made of all correlations: their sum with weights.
fn weights() -> Array2<f64> {
    Array2::from_shape_fn(
        (4, 4),
        |(i, j)| if i < j { 1.0 + 0.3 * i as f64 - 0.2 * (j * j) as f64 } else { 0.0 },
    )
}

fn changed(numbers: &NoisyNumbers, by: &Varied, step: f64) -> NoisyNumbers {
    let mut numbers = numbers.clone();
    let (lists, index, node) = match *by {
        Varied::Parameter { index, node } => (&mut numbers.parameters, index, node),
        Varied::Input { index, node } => (&mut numbers.inputs, index, node),
        Varied::Noise { index, node } => (&mut numbers.sigma, index, node),
        Varied::Rule { index, node } => (&mut numbers.rule, index, node),
    };
    let is_meant = |place: &usize| node.is_none_or(|node| node == *place);
    for (_, list) in lists.iter_mut().enumerate().filter(|(place, _)| is_meant(place)) {
        list[index] += step;
    }
    numbers
}

/// Compares the gradient with central differences of a higher order.
fn check(model: &NoisyModel, numbers: &NoisyNumbers, by: &[(Varied, f64)]) {
    let value = |numbers: NoisyNumbers| {
        let response = model.response(numbers).unwrap_or_else(|error| panic!("{error}"));
        (&response.correlations() * &weights()).sum()
    };
    let response = model.response(numbers.clone()).unwrap_or_else(|error| panic!("{error}"));
    let variables: Vec<Varied> = by.iter().map(|(by, _)| *by).collect();
    let gradient = response.gradient(weights().view(), &variables).expect("it is stable");
    for ((by, step), derivative) in by.iter().zip(gradient) {
        let difference = |step: f64| {
            (value(changed(numbers, by, step)) - value(changed(numbers, by, -step))) / (2.0 * step)
        };
        let expected = (4.0 * difference(*step) - difference(2.0 * step)) / 3.0;
        // The integrals choose their frequencies anew at each value.
        let rounding = 1e-11 / step;
        assert!(
            (derivative - expected).abs() < 1e-6 * expected.abs() + rounding,
            "{by:?}: {derivative}, by differences {expected}"
        );
        assert!(expected != 0.0, "{by:?} makes a difference");
    }
}

fn parameter(model: &Model, name: &str, node: Option<usize>) -> Varied {
    let index = model.parameters.iter().position(|parameter| parameter.name == name).expect("it has one");
    Varied::Parameter { index, node }
}

#[test]
fn derivatives_are_those_of_differences_where_the_equilibrium_moves() {
    // Wilson-Cowan nodes: what a node receives moves its equilibrium, and with it every entry of the Jacobian.
    let (node, rule) = (zoo("WilsonCowanStep"), zoo("Additive"));
    let sent = node.states[0].name.clone();
    let port = node.inputs[0].name.clone();
    let model = NoisyModel::new(&node, &rule, (&sent, &sent, &port), &sent, None)
        .expect("it has equations")
        .tolerance(1e-12);
    for delay in [0.0, 7.0] {
        let numbers = numbers(&node, &rule, &[("tau_E", 10.0), ("tau_I", 12.0)], 0.3, delay, &[0.01, 0.02]);
        let named = |name: &str, at: Option<usize>| parameter(&node, name, at);
        let by = [
            (Varied::Rule { index: 0, node: None }, 3e-3),
            (Varied::Rule { index: 0, node: Some(2) }, 3e-3),
            (Varied::Rule { index: 1, node: None }, 3e-3),
            (named("wEE", None), 1e-2),
            (named("wEI", Some(1)), 1e-2),
            (named("tau_E", None), 1e-2),
            (Varied::Input { index: 0, node: Some(3) }, 3e-3),
            (Varied::Noise { index: 0, node: Some(0) }, 1e-4),
            (Varied::Noise { index: 1, node: None }, 1e-4),
        ];
        check(&model, &numbers, &by);
    }
}

#[test]
fn derivatives_behind_vessels_are_those_of_differences() {
    let (node, rule, balloon) = (zoo("HopfStep"), zoo("Sigmoidal"), zoo("BalloonWindkessel"));
    let setting = Setting::of(&balloon);
    let watching = Watching { model: &balloon, setting: &setting, output: None };
    let model = NoisyModel::new(&node, &rule, ("x", "x", "x_inp"), "x", Some(watching))
        .expect("it has equations")
        .tolerance(1e-12);
    for delay in [0.0, 5.0] {
        let numbers = numbers(&node, &rule, &[("a", -0.1), ("w", 0.05)], 0.04, delay, &[0.01, 0.01]);
        let by = [
            (Varied::Rule { index: 0, node: None }, 1e-4),
            (parameter(&node, "a", Some(1)), 1e-4),
            (parameter(&node, "w", None), 1e-4),
            (Varied::Noise { index: 1, node: Some(3) }, 1e-4),
        ];
        check(&model, &numbers, &by);
    }
}

#[test]
fn derivatives_of_nodes_with_delays_of_their_own_are_those_of_differences() {
    let text = "name: LagStep\ncategory: phenomenological\ntime_unit: 1 ms\nstates:\n  x: {init: 0.1}\nparameters:\n  g: {default: 0.1}\n  \
                b: {default: 0.05}\n  lag: {default: 4 ms}\ninputs:\n  x_inp: {}\nderivatives:\n  x: -g*x - b*tanh(delay(x, lag)) + 0.02 + \
                x_inp\noutput: x\n";
    let node = compile_one("lag", text).unwrap_or_else(|report| panic!("{report}"));
    let rule = zoo("Diffusive");
    let model = NoisyModel::new(&node, &rule, ("x", "x", "x_inp"), "x", None)
        .expect("it has equations")
        .tolerance(1e-12);
    let numbers = numbers(&node, &rule, &[], 0.03, 3.0, &[0.01]);
    let by = [
        (parameter(&node, "g", None), 1e-4),
        (parameter(&node, "b", Some(2)), 1e-4),
        (Varied::Rule { index: 0, node: None }, 1e-4),
    ];
    check(&model, &numbers, &by);
}

#[test]
fn integrals_of_spectra_are_solutions_of_the_lyapunov_equation() {
    let (node, rule) = (zoo("HopfStep"), zoo("Diffusive"));
    let model = NoisyModel::new(&node, &rule, ("x", "x", "x_inp"), "x", None)
        .expect("it has equations")
        .tolerance(1e-12);
    for a in [-0.1, -0.01, -1e-4] {
        let at = |delay: f64| {
            let mut numbers = numbers(&node, &rule, &[("a", a), ("w", 0.2)], 0.05, 1.0, &[0.01, 0.0]);
            numbers.edges.iter_mut().for_each(|edge| edge.delay = delay);
            model.response(numbers).unwrap_or_else(|error| panic!("{error}")).covariance()
        };
        // A delay that is too short to matter lets the integral be taken.
        let (exact, integrated) = (at(0.0), at(1e-12));
        for (a, b) in exact.iter().zip(&integrated) {
            assert!((a - b).abs() < 1e-8 * exact[[0, 0]], "{exact} {integrated}");
        }
    }
}

#[test]
fn what_is_not_stable_or_has_no_noise_is_said() {
    let (node, rule) = (zoo("HopfStep"), zoo("Diffusive"));
    let model = NoisyModel::new(&node, &rule, ("x", "x", "x_inp"), "x", None)
        .expect("it has equations")
        .tolerance(1e-12);
    let outcome = |a: f64, delay: f64, sigma: f64| {
        let numbers =
            numbers(&node, &rule, &[("a", a), ("w", 0.2), ("x", 0.0), ("y", 0.0)], 0.05, delay, &[sigma; 2]);
        model.response(numbers).map(|_| ())
    };
    assert_eq!(outcome(-0.1, 0.0, 0.0), Err(NoisyError::Silent));
    for delay in [0.0, 2.0] {
        assert_eq!(outcome(-0.1, delay, 0.01), Ok(()));
        let error = outcome(0.1, delay, 0.01).unwrap_err().to_string();
        assert!(error.contains("is not stable") && error.contains("onset of oscillations"), "{error}");
    }
    assert!(outcome(0.1, 2.0, 0.01).unwrap_err().to_string().contains("8 of its characteristic roots"));
}

#[test]
fn a_node_that_looks_values_up_is_linearised_on_the_surface_of_its_table() {
    let text = "name: LookUpStep\ncategory: network\ntime_unit: 1 ms\nstates: {x: {init: 0.1}}\nparameters: {g: {default: 0.2}}\ninputs: {x_inp: {}}\n\
                tables: {f: {file: f.npy, axes: {x: {from: -1, to: 1}}}}\nderivatives: {x: 0.1*f(x) - g*x + x_inp}\noutput: x\n";
    // An array of three numbers, as numpy saves it: slopes of 0.2 below 0 and 0.4 above.
    let head = format!("{:117}\n", "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }");
    let numbers_of_f = [0.8_f64, 1.0, 1.4].iter().flat_map(|number| number.to_le_bytes());
    let bytes =
        b"\x93NUMPY\x01\x00\x76\x00".iter().copied().chain(head.into_bytes()).chain(numbers_of_f).collect();
    let file =
        |name: &str, bytes: Vec<u8>| File { name: name.into(), folder: String::new(), bytes: bytes.into() };
    let (mut entries, report) = compile(&[file("l.yaml", text.as_bytes().to_vec()), file("f.npy", bytes)]);
    assert_eq!(report, None);
    let (node, rule) = (entries.remove(0).model, zoo("Diffusive"));
    let model = NoisyModel::new(&node, &rule, ("x", "x", "x_inp"), "x", None).expect("it has equations");
    let numbers = numbers(&node, &rule, &[], 0.03, 0.0, &[0.01]);
    check(&model, &numbers, &[(parameter(&node, "g", None), 1e-4), (parameter(&node, "g", Some(1)), 1e-4)]);
}

#[test]
fn an_equilibrium_beyond_a_bound_is_refused() {
    let text = "name: FloorStep\ncategory: network\ntime_unit: 1 ms\nstates: {x: {init: 0.1, bounds: [0, inf]}}\nparameters: {e: {default: -0.3}}\n\
                inputs: {x_inp: {}}\nderivatives: {x: e - x + x_inp}\noutput: x\n";
    let node = compile_one("floor", text).unwrap_or_else(|report| panic!("{report}"));
    let rule = zoo("Additive");
    let model = NoisyModel::new(&node, &rule, ("x", "x", "x_inp"), "x", None).expect("it has equations");
    let refused = model.response(numbers(&node, &rule, &[], 0.1, 0.0, &[0.01])).map(|_| ());
    assert!(matches!(&refused, Err(NoisyError::AtBound { state, .. }) if state == "x"), "{refused:?}");
    let inside = numbers(&node, &rule, &[("e", 0.3)], 0.1, 0.0, &[0.01]);
    assert!(model.response(inside).is_ok());
}

#[test]
fn a_negative_delay_is_refused() {
    let text = "name: LagStep\ncategory: network\ntime_unit: 1 ms\nstates: {x: {init: 0.1}}\nparameters: {lag: {default: 4 ms}, jump: {default: 5 ms}}\n\
                inputs: {x_inp: {}}\nderivatives: {x: '-0.2*x - 0.05*delay(x, lag - jump) + x_inp'}\noutput: x\n";
    let node = compile_one("lag", text).unwrap_or_else(|report| panic!("{report}"));
    let rule = zoo("Additive");
    let model = NoisyModel::new(&node, &rule, ("x", "x", "x_inp"), "x", None).expect("it has equations");
    let refused = model.response(numbers(&node, &rule, &[], 0.1, 0.0, &[0.01])).map(|_| ());
    assert!(matches!(refused, Err(NoisyError::Delay { delay, .. }) if delay == -1.0), "{refused:?}");
}
