//! The limits of a circle that a state goes round.

use super::typed::Lowering;
use super::values;
use crate::expr::Expression;
use crate::fields;
use crate::model::NamedUnit;
use crate::problem::{Problem, Problems};
use crate::yaml::{Node, Scalar, Value};

/// Reads `[low, high]` in a unit: finite quantities, or multiples of `pi`.
pub fn circle(node: &Node, unit: &NamedUnit, problems: &mut Problems) -> Option<(f64, f64)> {
    let [low, high] = fields::list(node, problems) else {
        if matches!(node.value, Value::List(_)) {
            problems.push(Problem::new(&node.span, "`wrap` is a list of two: [low, high]"));
        }
        return None;
    };
    let (low, high) = (end(low, unit, problems), end(high, unit, problems));
    let (low, high) = (low?, high?);
    if low >= high {
        let message = format!("`wrap` is reversed or empty: {low} is not below {high}");
        problems.push(Problem::new(&node.span, message));
        return None;
    }
    Some((low, high))
}

fn end(node: &Node, unit: &NamedUnit, problems: &mut Problems) -> Option<f64> {
    let in_turns = matches!(&node.value, Value::Scalar(Scalar { text, .. }) if text.contains("pi"));
    if !in_turns {
        return values::finite_in_unit(node, unit, problems);
    }
    let expression = Expression::parse(node).map_err(|problem| problems.push(problem)).ok()?;
    let mut l = Lowering::new(&[], problems);
    l.unit_names.push((unit.unit, unit.text.clone()));
    let end = l.lower_to(&expression, unit.unit, "an end of `wrap`")?;
    let value = l.graph.value(end).filter(|value| value.is_finite());
    if value.is_none() {
        problems.push(Problem::new(&node.span, "an end of `wrap` is a number, or a multiple of `pi`"));
    }
    value
}
