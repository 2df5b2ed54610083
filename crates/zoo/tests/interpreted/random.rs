//! Random models, from their text to their steps, against the plain evaluator of graphs.

use brainmass_core::engine::{Engine, Point, Step};
use brainmass_core::loaded::LoadedModel;
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_spec::compile_one;
use brainmass_spec::evaluate::evaluate;
use brainmass_spec::graph::{NodeId, Symbol};
use brainmass_spec::kernel::Kernel;
use brainmass_spec::model::Model;
use proptest::prelude::*;

use crate::common::sets;

/// A recipe for expressions: numbers that choose what is built from what there is.
type Recipe = Vec<(u8, usize, usize, usize)>;

/// The text of a model of two states, two parameters and an input, whose intermediate values follow a recipe. Each value is bounded, so that
/// rounding stays rounding.
fn text(recipe: &Recipe) -> String {
    let mut names: Vec<String> = ["x", "y", "a", "b", "u", "0.5", "1.5"].map(str::to_owned).to_vec();
    let mut lets = String::new();
    for (number, &(kind, i, j, k)) in recipe.iter().enumerate() {
        let [p, q, r] = [i, j, k].map(|i| names[i % names.len()].clone());
        let expression = match kind % 32 {
            0 => format!("{p} + {q}*{r}"),
            1 => format!("{p} - {q}*{r}"),
            2 => format!("{p}*{q} - {r}"),
            3 => format!("-({p}*{q}) + {r}"),
            4 => format!("{p}/(1 + {q}^2)"),
            5 => format!("{p}/(2 + b^2)"),
            6 => format!("exp(tanh({p}))"),
            7 => format!("expm1(tanh({p}))"),
            8 => format!("log(1 + {p}^2)"),
            9 => format!("log1p({p}^2)"),
            10 => format!("sqrt(1 + {p}^2)"),
            11 => format!("sin({p}) - cos({q})"),
            12 => format!("erf({p})*{q}"),
            13 => format!("sigmoid({p} - {q})"),
            14 => format!("exprel(tanh({p}))"),
            15 => format!("abs({p}) + {q}"),
            16 => format!("min({p}, {q})*{r}"),
            17 => format!("max({p}, {q}) - {r}"),
            18 => format!("where({p} < {q} and not ({r} <= 0.2), {p}, {r})"),
            19 => format!("where({p} >= {q} or {r} > 0.4, {q}, {p} + {r})"),
            20 => format!("{p}^3 - {q}^-2*{r}^2"),
            21 => format!("(1.5 + tanh({p}))^(0.7 + 0.2*tanh({q}))"),
            22 => format!("clip({p}, -0.5, 0.5) + sign({q})"),
            23 => format!("erfc(2*{p}) - atan({q})"),
            24 => format!("asin(0.9*tanh({p})) + cbrt({q}^2 + 1)"),
            25 => format!("acos(0.9*tanh({p}))*{q}"),
            26 => format!("atan2({p}, 1.5 + {q}^2)"),
            27 => format!("log10(1 + {p}^2) - {q}"),
            28 => format!("heaviside({p} - {q})*{r}"),
            29 => format!("erfcx({p} - tanh({q}))"),
            30 => format!("siegert({p}) - siegert(tanh({q}) - 2)"),
            _ => format!("sinh(tanh({p})) - cosh(tanh({q}))"),
        };
        let name = format!("v{number}");
        // Some values are used as they are, so that products meet sums.
        let bounded = if kind % 3 == 0 { format!("tanh({expression})") } else { expression };
        let held = if kind % 7 == 0 { ", held: true" } else { "" };
        lets.push_str(&format!("  {name}: {{is: 'tanh({bounded})'{held}}}\n"));
        names.push(name);
    }
    let [last, other] = [1, 2].map(|back| names[names.len() - back].clone());
    format!(
        "name: RandomStep\ncategory: phenomenological\ntime_unit: 1 ms\n\
         parameters: {{a: {{default: 0.7}}, b: {{default: -0.4}}}}\nstates: {{x: {{init: 0.3}}, y: {{init: -0.2}}}}\n\
         inputs: {{u: {{}}}}\nlet:\n{lets}derivatives:\n  x: -x + {last}*a + u\n  y: b*y - {last}*{other}\n\
         observables: {{o: {{is: '{last} + x*{other}'}}}}\noutput: x\n"
    )
}

/// The values of some nodes of a kernel's graph.
fn evaluated(kernel: &Kernel, roots: &[NodeId], point: &Point, adjoints: &[f64]) -> Vec<f64> {
    evaluate(&kernel.graph, roots, |symbol| match symbol {
        Symbol::State(i) => point.states[usize::from(i)],
        Symbol::Parameter(i) => point.parameters[usize::from(i)],
        Symbol::Input(i) => point.inputs[usize::from(i)],
        Symbol::Adjoint(i) => adjoints[usize::from(i)],
        _ => f64::NAN,
    })
}

fn close(what: &str, expected: &[f64], actual: &[f64]) -> Result<(), TestCaseError> {
    prop_assert_eq!(expected.len(), actual.len(), "{}", what);
    let scale = expected.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
    for (expected, actual) in expected.iter().zip(actual) {
        let agree = (expected - actual).abs() <= 1e-11 * scale || (expected.is_nan() && actual.is_nan());
        prop_assert!(agree, "{what}: {actual}, evaluated {expected}");
    }
    Ok(())
}

/// The states after a step of Euler's scheme with a step of 1 ms, for nodes that are all the same.
fn stepped(engine: &dyn Engine, simd: Simd, point: &Point) -> Vec<f64> {
    const NODES: usize = 11;
    let rows = |values: &[f64]| -> Vec<f64> { values.iter().flat_map(|value| [*value; NODES]).collect() };
    let mut next = vec![0.0; 2 * NODES];
    let mut step = Step {
        dt: 1.0,
        nodes: NODES,
        steps: 1,
        states: &rows(point.states),
        next: &mut next,
        coefficients: &engine.prepare(simd, Scheme::Euler, 1.0, NODES, &rows(point.parameters)),
        inputs: &rows(point.inputs),
        noise: None,
    };
    engine.advance(simd, Scheme::Euler, &mut step);
    let same = |value: f64, other: f64| value == other || (value.is_nan() && other.is_nan());
    let rows = next.chunks(NODES);
    assert!(rows.clone().all(|row| row.iter().all(|value| same(*value, row[0]))), "nodes differ: {next:?}");
    next.chunks(NODES).map(|row| row[NODES - 1]).collect()
}

fn check(model: &Model, states: [f64; 2], input: f64) -> Result<(), TestCaseError> {
    let loaded = LoadedModel::interpreted(model);
    let Some(engine) = loaded.engine() else { return Err(TestCaseError::fail("the model has nodes")) };
    let point = Point { states: &states, parameters: &[0.7, -0.4], inputs: &[input] };
    let kernel = Kernel::new(model);
    let rates = evaluated(&kernel, &kernel.rhs, &point, &[]);
    close("rates", &rates, &engine.rates_at(&point))?;
    close(
        "observables",
        &evaluated(&kernel, &kernel.observables, &point, &[]),
        &engine.observables_at(&point),
    )?;
    close("diagonal", &evaluated(&kernel, &kernel.diagonal, &point, &[]), &engine.diagonal_at(&point))?;
    let jacobian = evaluated(&kernel, &kernel.jacobian.concat(), &point, &[]);
    close("Jacobian", &jacobian, &engine.jacobian_at(&point))?;
    let vjp = &kernel.rhs_vjp;
    let roots = [&vjp.states[..], &vjp.parameters, &vjp.inputs].concat();
    let adjoints = engine.rates_vjp_at(&point, &[0.3, -1.1], None);
    let actual = [adjoints.states, adjoints.parameters, adjoints.inputs].concat();
    close("adjoints", &evaluated(&kernel, &roots, &point, &[0.3, -1.1]), &actual)?;
    let after: Vec<f64> = states.iter().zip(&rates).map(|(state, rate)| state + rate).collect();
    for simd in sets() {
        close(simd.name(), &after, &stepped(engine, simd, &point))?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_models_compute_what_their_graphs_say(
        recipe in prop::collection::vec((any::<u8>(), 0..64_usize, 0..64_usize, 0..64_usize), 2..30),
        states in prop::array::uniform2(-0.9..0.9_f64),
        input in -0.9..0.9_f64,
    ) {
        match compile_one("random.yaml", &text(&recipe)) {
            Ok(model) => check(&model, states, input)?,
            Err(report) => prop_assert!(false, "{report}\n{}", text(&recipe)),
        }
    }
}
