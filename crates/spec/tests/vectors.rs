//! Vectors against what an author writes without them.

use brainmass_spec::compile_one;
use brainmass_spec::latex::equations;
use brainmass_spec::model::{Model, Signal};

fn compiled(text: &str) -> Model {
    compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"))
}

const VECTORS: &str = "
name: ModesStep
category: network
states:
  xi: {size: 2, init: [1 mV, 2000 uV], symbol: '\\xi', doc: potential}
  e: {init: 0 mV, doc: mean}
parameters:
  w: {size: 2, default: [0.25, 0.75], doc: weight}
  tau: {default: 10 ms}
  k: {size: 2, default: 3}
inputs:
  c: {size: 2, unit: mV}
functions:
  f(v, g): tanh(g*v/1[mV])
let:
  mean: dot(w, xi)
  pull: k*(mean - xi)
derivatives:
  xi: (pull - f(xi, 2)*1[mV] + c)/tau
  e: (sum(xi)/2 - e)/tau
observables:
  ratio: {is: 'xi/(1[mV] + mean)', unit: '1'}
output: e
couples: {from: xi, to: c, rule: Additive}
presets: {other: {set: {w: [0.5, 0.5], k: 1}}}
checks:
  - {fixed_point: {xi: 0, e: 0}, init: {xi: [3, 4]}, source: rest}
plots:
  run: {duration: 10 ms, record: [e, xi]}
";

const NUMBERS: &str = "
name: ModesStep
category: network
states:
  xi_1: {init: 1 mV}
  xi_2: {init: 2 mV}
  e: {init: 0 mV}
parameters:
  w_1: {default: 0.25}
  w_2: {default: 0.75}
  tau: {default: 10 ms}
  k_1: {default: 3}
  k_2: {default: 3}
inputs: {c_1: {unit: mV}, c_2: {unit: mV}}
functions:
  f(v, g): tanh(g*v/1[mV])
let:
  mean: w_1*xi_1 + w_2*xi_2
  pull_1: k_1*(mean - xi_1)
  pull_2: k_2*(mean - xi_2)
derivatives:
  xi_1: (pull_1 - f(xi_1, 2)*1[mV] + c_1)/tau
  xi_2: (pull_2 - f(xi_2, 2)*1[mV] + c_2)/tau
  e: ((xi_1 + xi_2)/2 - e)/tau
observables:
  ratio_1: {is: 'xi_1/(1[mV] + mean)', unit: '1'}
  ratio_2: {is: 'xi_2/(1[mV] + mean)', unit: '1'}
output: e
";

#[test]
fn a_model_with_vectors_is_the_one_with_their_components() {
    let (vectors, numbers) = (compiled(VECTORS), compiled(NUMBERS));
    let names = |model: &Model| {
        let states = model.states.iter().map(|state| (state.name.clone(), state.init));
        let parameters = model.parameters.iter().map(|p| (p.name.clone(), p.default));
        states.chain(parameters).collect::<Vec<_>>()
    };
    assert_eq!(names(&vectors), names(&numbers));
    // Nodes of equal computations in equal graphs have equal numbers, so that both have the same bits.
    let rates = |model: &Model| model.derivatives.iter().map(|d| d.node).collect::<Vec<_>>();
    assert_eq!(vectors.graph.len(), numbers.graph.len());
    assert_eq!(rates(&vectors), rates(&numbers));
    let ops =
        |model: &Model| model.graph.ids().map(|id| format!("{:?}", model.graph.op(id))).collect::<Vec<_>>();
    assert_eq!(ops(&vectors), ops(&numbers));
}

#[test]
fn what_is_said_of_a_vector_holds_for_its_components() {
    let model = compiled(VECTORS);
    assert_eq!(model.presets[0].values, [(0, 0.5), (1, 0.5), (3, 1.0), (4, 1.0)]);
    assert_eq!(model.checks[0].setting.init, [(0, 3.0), (1, 4.0)]);
    let couples: Vec<_> = model.couples.iter().map(|couple| (couple.from, couple.to)).collect();
    assert_eq!(couples, [(Signal::State(0), 0), (Signal::State(1), 1)]);
    assert_eq!(model.plots.record, ["e", "xi_1", "xi_2"]);
    assert_eq!(model.states[1].doc, "potential, component 2");
}

#[test]
fn equations_are_printed_for_each_component() {
    let lines: Vec<String> = equations(&compiled(VECTORS))
        .into_iter()
        .map(|line| format!("{}\n  {}", line.text, line.latex))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}
