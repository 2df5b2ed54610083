//! `t` in equations.

use brainmass_spec::compile_one;
use brainmass_spec::evaluate::evaluate;
use brainmass_spec::graph::Symbol;
use brainmass_spec::model::Model;

fn model(text: &str) -> Model {
    compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"))
}

const FORCED: &str = "
name: ForcedStep
category: network
states: {x: {init: 1 mV}}
parameters: {tau: {default: 10 ms}, w: {default: 0.2 rad/ms}, a: {default: 3 mV}}
let: {drive: a*sin(w*t)}
derivatives: {x: (drive - x)/tau}
";

#[test]
fn the_time_is_a_state_whose_rate_is_one() {
    let forced = model(FORCED);
    let names: Vec<&str> = forced.states.iter().map(|state| state.name.as_str()).collect();
    assert_eq!(names, ["x", "t"]);
    assert_eq!((forced.states[1].unit.text.as_str(), forced.states[1].init), ("ms", 0.0));
    let rates = evaluate(&forced.graph, &forced.right_hand_side(), |symbol| match symbol {
        Symbol::State(i) => [1.0, 7.0][usize::from(i)],
        Symbol::Parameter(i) => [10.0, 0.2, 3.0][usize::from(i)],
        _ => f64::NAN,
    });
    assert_eq!(rates, [(3.0 * (0.2_f64 * 7.0).sin() - 1.0) / 10.0, 1.0]);
}

#[test]
fn in_dimensionless_time_it_counts_the_units_of_that_time() {
    let text = "name: ForcedStep\ncategory: network\ntime_unit: 1 s\nstates: {x: {init: 1}}\nderivatives: {x: sin(t) - x}\n";
    let forced = model(text);
    assert_eq!(forced.states[1].unit.text, "1");
    let rates = evaluate(&forced.graph, &forced.right_hand_side(), |_| 0.0);
    assert_eq!(rates, [0.0, 1e-3], "a unit of time lasts 1000 ms");
}

#[test]
fn a_model_s_own_t_is_its_own() {
    let parameter = FORCED.replace("a: {default: 3 mV}", "a: {default: 3 mV}, t: {default: 2 ms}");
    assert_eq!(model(&parameter).states.len(), 1);
    let argument = "name: T\ncategory: network\ntime_unit: 1 ms\nstates: {x: {init: 1}}\nfunctions: {f(t): t^2}\nderivatives: {x: -f(x)}\n";
    assert_eq!(model(argument).states.len(), 1);
    let observed = "name: T\ncategory: network\ntime_unit: 1 ms\nstates: {x: {init: 1}}\nderivatives: {x: -x}\nobservables: {y: x*t}\n";
    assert_eq!(model(observed).states.len(), 2);
}
