//! `diff(expression, name)` against differences of the expression.

use brainmass_spec::compile_one;
use brainmass_spec::evaluate::evaluate;
use brainmass_spec::graph::{NodeId, Symbol};
use brainmass_spec::model::Model;

const TEXT: &str = "
name: SlopeStep
category: network
states: {E: {init: 10 Hz}, I: {init: 4 Hz}}
parameters: {T: {default: 20 ms}, k: {default: 3 mV}}
inputs: {drive: {unit: Hz}}
functions:
  V(E, I): k*(E + drive - 2*I)*T
  F(E, I): {is: 'erfc(3 - V(E, I)^2/k^2)/T'}
  slope(x): diff(F(x, I), x)
let:
  rate: F(E, I)
  held_rate: {is: 'F(E, I)', held: true}
derivatives: {E: (rate - E)/T, I: (held_rate - I)/T}
observables:
  F: {is: rate, unit: Hz}
  F_E: {is: 'diff(F(E, I), E)', unit: '1'}
  F_I: {is: 'diff(rate, I)', unit: '1'}
  F_EI: {is: 'diff(diff(F(E, I), E), I)', unit: s}
  F_EE: {is: 'diff(slope(E), E)', unit: s}
  F_drive: {is: 'diff(rate, drive)', unit: '1'}
  F_k: {is: 'diff(rate, k)', unit: Hz/V}
  of_held: {is: 'diff(held_rate, E)', unit: '1'}
  of_nothing: {is: 'diff(3*k, E)', unit: mV/Hz}
";

/// The observables of the model at states, parameters and an input that are given in this order.
fn at(model: &Model, point: &[f64; 5]) -> Vec<f64> {
    let roots: Vec<NodeId> = model.observables.iter().map(|observable| observable.node).collect();
    evaluate(&model.graph, &roots, |symbol| match symbol {
        Symbol::State(i) => point[usize::from(i)],
        Symbol::Parameter(i) => point[2 + usize::from(i)],
        Symbol::Input(i) => point[4 + usize::from(i)],
        _ => f64::NAN,
    })
}

#[test]
fn derivatives_of_expressions_agree_with_differences() {
    let model = compile_one("slope.yaml", TEXT).unwrap_or_else(|report| panic!("{report}"));
    let point: [f64; 5] = [60.0, 10.0, 20.0, 3.0, 5.0];
    // The central difference of one observable by one number.
    let difference = |observable: usize, number: usize| {
        let size = 1e-5 * point[number].max(1.0);
        let moved = |by: f64| {
            let mut moved = point;
            moved[number] += by;
            at(&model, &moved)[observable]
        };
        (moved(size) - moved(-size)) / (2.0 * size)
    };
    let values = at(&model, &point);
    let expected = [
        (1, difference(0, 0)),
        (2, difference(0, 1)),
        (3, difference(1, 1)),
        (4, difference(1, 0)),
        (5, difference(0, 4)),
        // The parameter is in mV, the observable per V.
        (6, 1e3 * difference(0, 3)),
        (7, difference(0, 0)),
        (8, 0.0),
    ];
    for (observable, expected) in expected {
        let (name, value) = (&model.observables[observable].name, values[observable]);
        assert!(
            (value - expected).abs() <= 1e-6 * expected.abs(),
            "{name}: {value}, by differences {expected}"
        );
    }
    assert!(values[3] != 0.0 && values[4] != 0.0);
}
