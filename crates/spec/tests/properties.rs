//! Properties that hold for any input.

use brainmass_spec::collection::{File, compile};
use brainmass_spec::differentiate::{HeldValues, forward, reverse};
use brainmass_spec::evaluate::evaluate;
use brainmass_spec::graph::{Graph, NodeId, Symbol, Unary};
use brainmass_spec::unit::Unit;
use proptest::prelude::*;

/// A recipe for an expression: numbers that choose what is built from what there is.
type Recipe = Vec<(u8, usize, usize)>;

const STATES: u16 = 3;

/// Builds smooth expressions from a recipe and returns the last; beside it the same without any simplification, as a closure.
fn build(graph: &mut Graph, recipe: &Recipe) -> NodeId {
    let mut nodes: Vec<NodeId> = (0..STATES).map(|i| graph.symbol(Symbol::State(i))).collect();
    nodes.push(graph.constant(0.5));
    nodes.push(graph.constant(-1.0));
    nodes.push(graph.constant(0.0));
    for &(kind, a, b) in recipe {
        let (a, b) = (nodes[a % nodes.len()], nodes[b % nodes.len()]);
        let next = match kind % 20 {
            0 => graph.add(a, b),
            1 => graph.subtract(a, b),
            2 => graph.multiply(a, b),
            3 => graph.negate(a),
            4 => graph.unary(Unary::Tanh, a),
            5 => graph.unary(Unary::Sigmoid, a),
            6 => graph.unary(Unary::Sin, a),
            7 => {
                let bounded = graph.unary(Unary::Tanh, a);
                graph.unary(Unary::Exprel(0), bounded)
            }
            8 => {
                // A divisor that keeps away from 0.
                let square = graph.power_integer(b, 2);
                let one = graph.constant(1.0);
                let divisor = graph.add(one, square);
                graph.divide(a, divisor)
            }
            9 => graph.power_integer(a, 3),
            10 => {
                let bounded = graph.unary(Unary::Tanh, b);
                graph.unary(Unary::Exp, bounded)
            }
            11 => graph.unary(Unary::Erfc, a),
            12 => graph.unary(Unary::Atan, a),
            18 => graph.unary(Unary::Erfcx, a),
            19 => graph.unary(Unary::Siegert, a),
            13 | 14 => {
                // Kept away from -1 and 1, where they are infinitely steep.
                let (bounded, half) = (graph.unary(Unary::Tanh, a), graph.constant(0.5));
                let inside = graph.multiply(half, bounded);
                graph.unary(if kind % 20 == 13 { Unary::Asin } else { Unary::Acos }, inside)
            }
            15 | 16 => {
                // Kept away from 0, likewise.
                let (square, one) = (graph.power_integer(a, 2), graph.constant(1.0));
                let positive = graph.add(one, square);
                graph.unary(if kind % 20 == 15 { Unary::Cbrt } else { Unary::Log10 }, positive)
            }
            _ => {
                let (square, one) = (graph.power_integer(b, 2), graph.constant(1.0));
                let abscissa = graph.add(one, square);
                graph.atan2(a, abscissa)
            }
        };
        // Values that grow without limit say nothing about derivatives.
        nodes.push(graph.unary(Unary::Tanh, next));
    }
    nodes[nodes.len() - 1]
}

fn recipes() -> impl Strategy<Value = Recipe> {
    prop::collection::vec((any::<u8>(), 0..64_usize, 0..64_usize), 1..25)
}

/// The root of a sum of squares has a kink where all of them are 0; derivatives there are the subgradient 0. The root of anything else is
/// infinitely steep at 0, and says so.
#[test]
fn distances_have_the_subgradient_0_at_their_origin_and_other_roots_stay_infinitely_steep() {
    let mut g = Graph::default();
    let [x, y, z] = [0, 1, 2].map(|index| g.symbol(Symbol::State(index)));
    let (xx, yy, zz) = (g.multiply(x, x), g.power_integer(y, 2), g.power_integer(z, 2));
    let half = g.constant(0.5);
    let scaled = g.multiply(half, yy);
    let sum = g.add(xx, scaled);
    let one = g.constant(1.0);
    let divisor = g.add(one, zz);
    let quotient = g.divide(sum, divisor);
    for (under, at, is_steep) in [
        (sum, [0.0, 0.0, 0.3], false),
        (quotient, [0.0, 0.0, 0.3], false),
        (x, [0.0, 0.0, 0.3], true),
        (sum, [0.3, 0.4, 0.3], false),
    ] {
        let root = g.unary(Unary::Sqrt, under);
        let symbols = [0, 1, 2].map(Symbol::State);
        let backward = reverse(&mut g, &[(root, one)], &symbols);
        let forwards = symbols.map(|symbol| forward(&mut g, &[root], symbol, HeldValues::Varying)[0]);
        let value = |roots: &[NodeId]| {
            evaluate(
                &g,
                roots,
                |symbol| if let Symbol::State(i) = symbol { at[usize::from(i)] } else { f64::NAN },
            )
        };
        let (backward, forwards) = (value(&backward), value(&forwards));
        assert_eq!(backward, forwards);
        match (is_steep, at[0] == 0.0) {
            (true, _) => assert_eq!(backward[0], f64::INFINITY),
            (false, true) => assert_eq!(backward, [0.0; 3]),
            (false, false) => {
                let length = (at[0] * at[0] + 0.5 * at[1] * at[1]).sqrt();
                assert!((backward[0] - at[0] / length).abs() < 1e-15, "{backward:?}");
                assert!((backward[1] - 0.5 * at[1] / length).abs() < 1e-15, "{backward:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn derivatives_agree_with_central_differences(recipe in recipes(), x in prop::array::uniform3(-0.9..0.9_f64)) {
        let mut graph = Graph::default();
        let root = build(&mut graph, &recipe);
        let symbols: Vec<Symbol> = (0..STATES).map(Symbol::State).collect();
        let seed = graph.constant(1.0);
        let backward = reverse(&mut graph, &[(root, seed)], &symbols);
        let forwards: Vec<NodeId> =
            symbols.iter().map(|s| forward(&mut graph, &[root], *s, HeldValues::Varying)[0]).collect();
        let at = |x: [f64; 3], roots: &[NodeId]| {
            evaluate(&graph, roots, |symbol| if let Symbol::State(i) = symbol { x[usize::from(i)] } else { f64::NAN })
        };
        let (by_reverse, by_forward) = (at(x, &backward), at(x, &forwards));
        for i in 0..3 {
            let h = 1e-4;
            let moved = |offset: f64| {
                let mut x = x;
                x[i] += offset;
                at(x, &[root])[0]
            };
            let slope = (8.0 * (moved(h) - moved(-h)) - (moved(2.0 * h) - moved(-2.0 * h))) / (12.0 * h);
            let scale = 1e-6 * slope.abs().max(1.0);
            prop_assert!((by_reverse[i] - slope).abs() <= scale, "reverse {} {}", by_reverse[i], slope);
            prop_assert!((by_forward[i] - slope).abs() <= scale, "forward {} {}", by_forward[i], slope);
        }
    }

    #[test]
    fn any_text_gives_a_model_or_a_report(text in "\\PC{0,200}") {
        let file = File { name: "any.yaml".into(), folder: String::new(), bytes: text.into_bytes().into() };
        let (entries, report) = compile(&[file]);
        prop_assert!(entries.is_empty() == report.is_some());
    }

    #[test]
    fn any_expression_gives_a_model_or_a_report(expression in "[-+*/^()<>=a-z0-9., \\[\\]]{0,60}") {
        let text = format!("name: AnyStep\ncategory: network\nstates: {{x: {{init: 0}}}}\nderivatives:\n  x: '{expression}'\n");
        let file = File { name: "any.yaml".into(), folder: String::new(), bytes: text.into_bytes().into() };
        let (entries, report) = compile(&[file]);
        prop_assert!(entries.is_empty() == report.is_some());
    }

    #[test]
    fn any_unit_text_is_read_or_refused_inside_itself(text in "[a-zA-Z0-9/*^() %-]{0,20}") {
        if let Err(error) = Unit::parse(&text) {
            prop_assert!(error.range.start <= error.range.end && error.range.end <= text.len());
        }
    }
}
