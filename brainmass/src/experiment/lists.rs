//! Plain numbers, one or several.

use brainmass_spec::fields::{list, number};
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::{Node, Value};

/// Reads one number or several.
pub fn numbers(node: &Node, problems: &mut Problems) -> Option<Vec<f64>> {
    if let Value::Scalar(_) = node.value {
        return number(node, problems).map(|number| vec![number.value]);
    }
    let items = list(node, problems);
    let numbers: Vec<f64> =
        items.iter().filter_map(|item| number(item, problems)).map(|number| number.value).collect();
    if items.is_empty() && matches!(node.value, Value::List(_)) {
        problems.push(Problem::new(&node.span, "this list is empty; a number is needed"));
    }
    (numbers.len() == items.len() && !numbers.is_empty()).then_some(numbers)
}

/// Reads two numbers.
pub fn pair(node: &Node, what: &str, problems: &mut Problems) -> Option<(f64, f64)> {
    match numbers(node, problems)?[..] {
        [first, second] => Some((first, second)),
        _ => {
            problems.push(Problem::new(&node.span, format!("expected two {what}, as in [0, 1]")));
            None
        }
    }
}
