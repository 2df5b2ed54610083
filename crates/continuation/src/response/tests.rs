//! Nodes that read observables with delays, against the same nodes that read their states.

use std::f64::consts::FRAC_PI_2;

use brainmass_spec::compile_one;
use brainmass_spec::model::Model;

use super::{DelayedEquilibrium, DelayedNode};
use crate::diagram::{Equilibria, Range};
use crate::equations::{EquationsError, Setting};

/// Compiles a model of two states, a port and two delays with this rate of `x`, and these observables.
fn model(rate: &str, observables: &str) -> Model {
    let text = format!(
        "name: TestStep\ncategory: phenomenological\ntime_unit: 1 ms\nstates: {{x: {{init: 0.1}}, y: {{init: 0.1}}}}\n\
         parameters: {{k: {{default: 0.4}}, first: {{default: 3 ms}}, second: {{default: 5 ms}}}}\ninputs: {{u: {{}}}}\n\
         derivatives:\n  x: '{rate}'\n  y: 0.3*x - 0.6*y\nobservables: {{{observables}}}\n"
    );
    compile_one("test.yaml", &text).unwrap_or_else(|report| panic!("{report}"))
}

/// The equilibria at the default of `k`, each with 8 roots, and the values and frequencies of Hopf points.
fn found(model: &Model) -> (Vec<DelayedEquilibrium>, Vec<[f64; 2]>) {
    let setting = Setting::of(model);
    let node = DelayedNode::new(model, &setting, "k").unwrap();
    let equilibria = Equilibria::search(node.equations(), Range::new(0.05, 1.5));
    let hopf = node.hopf_points(&equilibria);
    (node.at(&equilibria, 0.4, 8), hopf.iter().map(|hopf| [hopf.point.value, hopf.frequency]).collect())
}

/// Asserts that two models have the same equilibria, roots and Hopf points, of which there are some.
fn assert_same(one: &Model, other: &Model) {
    let ((one, of_one), (other, of_other)) = (found(one), found(other));
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} and {b}");
    assert!(
        !one.is_empty() && one.len() == other.len() && !of_one.is_empty() && of_one.len() == of_other.len()
    );
    for (one, other) in one.iter().zip(&other) {
        one.states.iter().zip(&other.states).for_each(|(a, b)| near(*a, *b));
        assert!(one.roots.len() >= 6 && one.roots.len() == other.roots.len());
        one.roots.iter().zip(&other.roots).for_each(|(a, b)| {
            near(a.re, b.re);
            near(a.im, b.im);
        });
    }
    for (one, other) in of_one.iter().flatten().zip(of_other.iter().flatten()) {
        near(*one, *other);
    }
}

#[test]
fn a_delayed_observable_is_what_it_is_made_of() {
    let observed = model("0.2 + 0.1*y - k*delay(o, second)", "o: {is: 2*x - 0.5*y + u, unit: '1'}");
    let plain = model("0.2 + 0.1*y - k*(2*delay(x, second) - 0.5*delay(y, second) + u)", "o: x");
    assert_same(&observed, &plain);
}

#[test]
fn an_observable_that_reads_another_with_a_delay_goes_back_by_both() {
    let nested = model(
        "0.2 + 0.1*y - k*delay(o, second)",
        "p: {is: x + 0.1*y, unit: '1'}, o: {is: 'x^2 + 0.5*tanh(delay(p, first))*x', unit: '1'}",
    );
    let both = "tanh(delay(x, first + second) + 0.1*delay(y, first + second))";
    let plain = model(&format!("0.2 + 0.1*y - k*(delay(x, second)^2 + 0.5*{both}*delay(x, second))"), "o: x");
    assert_same(&nested, &plain);
}

#[test]
fn delayed_feedback_through_an_observable_has_its_known_hopf_point() {
    // x' = -k x(t - 5): a pair of roots is at +-i pi/10 for k = pi/10.
    let (_, hopf) = found(&model("-k*delay(o, second)", "o: {is: x, unit: '1'}"));
    let [value, frequency] = hopf[0];
    assert!((value - FRAC_PI_2 / 5.0).abs() < 1e-9 && (frequency - FRAC_PI_2 / 5.0).abs() < 1e-9, "{hopf:?}");
}

#[test]
fn an_observable_that_depends_on_its_own_past_is_refused() {
    let circle = model(
        "-x + delay(o, second)",
        "p: {is: 'x + delay(o, first)', unit: '1'}, o: {is: '0.5*delay(p, first)', unit: '1'}",
    );
    let error = DelayedNode::new(&circle, &Setting::of(&circle), "k").unwrap_err();
    assert!(
        matches!(&error, EquationsError::Circle { name, signal } if name == "TestStep" && (signal == "o" || signal == "p"))
    );
    assert!(error.to_string().contains("itself depends on that"), "{error}");
}
