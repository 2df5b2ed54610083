//! Couplings, layers and stacks: expressions that see other names than those of a node.

use std::collections::HashMap;

use super::lookup::find;
use super::scope::{define, parameter_names};
use super::typed::Lowering;
use crate::document::{Document, InternalCouplingEntry};
use crate::expr::{ExprKind, Expression};
use crate::graph::{NodeId, Op, Symbol};
use crate::model::{Coupling, Input, Layer, Parameter, State, Weight};
use crate::problem::{Problem, Problems, suggestion};
use crate::source::Spanned;
use crate::unit::Unit;

/// Defines the names that a coupling rule sees: plain numbers, in whatever unit the coupled signal has.
pub fn rule_names(l: &mut Lowering, parameters: &[Parameter]) {
    define(l, "x_i", Symbol::State(0), Unit::ONE);
    define(l, "x_j", Symbol::Source(0), Unit::ONE);
    parameter_names(l, parameters);
}

/// Lowers a coupling rule.
pub fn rule(l: &mut Lowering, document: &Document) -> Option<Coupling> {
    let (pre, post) = (document.pre.clone()?, document.post.clone()?);
    let pre_node = l.lower_number(&pre)?.0;
    let mut names = l.names.clone();
    names.retain(|name, _| name != "x_i" && name != "x_j");
    let post_node = l.with_names(names, |l| {
        define(l, "sum", Symbol::Sum, Unit::ONE);
        l.lower_number(&post)
    })?;
    let post_node = post_node.0;
    // A name that `post` does not see may still come in through a `let` or a function.
    let needed = l.graph.reachable(&[post_node]);
    let foreign = |op| matches!(op, Op::Symbol(Symbol::State(_) | Symbol::Source(_)));
    if l.graph.ids().any(|id| needed[id.index()] && foreign(l.graph.op(id))) {
        let message = "`post` sees the sum and parameters alone; this depends on `x_i` or `x_j`";
        l.problems.push(Problem::new(&post.origin.span, message).help("move what depends on them to `pre`"));
        return None;
    }
    let (laplacian, weight) = weights(l, document)?;
    Some(Coupling { input: None, pre, pre_node, post, post_node, laplacian, weight })
}

/// Lowers what takes the place of the weights: whether it is their graph Laplacian, and else an expression for each, if there is one.
fn weights(l: &mut Lowering, document: &Document) -> Option<(bool, Option<Weight>)> {
    let Some(node) = &document.weights else { return Some((false, None)) };
    let is = Expression::parse(node).map_err(|problem| l.problems.push(problem)).ok()?;
    if let ExprKind::Name(word) = &is.root.kind {
        match word.as_str() {
            "plain" => return Some((false, None)),
            "laplacian" => return Some((true, None)),
            "w_ij" => {}
            other => {
                let help = suggestion(other, "kinds of weights", ["plain", "laplacian"]);
                let problem = Problem::new(&node.span, format!("unknown weights `{other}`"));
                l.problems.push(problem.help(format!("{help}, or an expression of `w_ij`")));
                return None;
            }
        }
    }
    let node = l.with_names(HashMap::new(), |l| {
        define(l, "w_ij", Symbol::Sum, Unit::ONE);
        l.lower_to(&is, Unit::ONE, "weights")
    })?;
    Some((false, Some(Weight { is, node })))
}

/// Lowers the interaction inside a model.
pub fn internal_coupling(
    l: &mut Lowering,
    entry: &InternalCouplingEntry,
    states: &[(String, Unit)],
    parameters: &[Parameter],
    inputs: &[Input],
) -> Option<Coupling> {
    let input = find(&entry.input, "inputs", inputs.iter().map(|input| input.name.as_str()), l.problems)?;
    let pre = l.with_names(HashMap::new(), |l| {
        parameter_names(l, parameters);
        for (i, (name, unit)) in states.iter().enumerate() {
            define(l, &format!("{name}_i"), Symbol::State(i as u16), *unit);
            define(l, &format!("{name}_j"), Symbol::Source(i as u16), *unit);
        }
        l.lower_number(&entry.pre)
    });
    let what = format!("what feeds `{}`", inputs[input].name);
    let post = l.with_names(HashMap::new(), |l| {
        parameter_names(l, parameters);
        define(l, "sum", Symbol::Sum, pre?.1);
        define(l, "N", Symbol::Count, Unit::ONE);
        l.lower_to(&entry.post, inputs[input].unit.unit, &what)
    });
    Some(Coupling {
        input: Some(input),
        pre: entry.pre.clone(),
        pre_node: pre?.0,
        post: entry.post.clone(),
        post_node: post?,
        laplacian: false,
        weight: None,
    })
}

/// The gain of a layer: a pure number that depends on `n` alone.
pub fn layer_gain(l: &mut Lowering, gain: &Expression) -> Option<NodeId> {
    l.with_names(HashMap::new(), |l| {
        define(l, "n", Symbol::Count, Unit::ONE);
        l.lower_to(gain, Unit::ONE, "the gain of a layer")
    })
}

/// Resolves the names of a layer or a stack.
pub fn layer(
    document: &Document,
    gain: Option<NodeId>,
    states: &[State],
    inputs: &[Input],
    problems: &mut Problems,
) -> Option<Layer> {
    let of = document.cell.as_ref().or(document.layer.as_ref())?;
    let mut state = |name: Option<&Spanned<String>>| {
        let name = name?;
        find(name, "states", states.iter().map(|state| state.name.as_str()), problems)?;
        Some(name.value.clone())
    };
    let recurrent = state(document.recurrent.as_ref().map(|recurrent| &recurrent.from));
    let between = state(document.between.as_ref());
    let readout = state(document.readout.as_ref());
    let input = document.input.as_ref().and_then(|name| {
        find(name, "inputs", inputs.iter().map(|input| input.name.as_str()), problems)?;
        Some(name.value.clone())
    });
    Some(Layer { of: of.value.clone(), input, recurrent, gain, between, readout })
}
