//! The order in which named values are lowered: each behind all that it uses.

use std::collections::{HashMap, HashSet};

use super::delays::delayed_name;
use crate::document::{Document, FunctionEntry, Named, ValueEntry};
use crate::expr::{Expr, ExprKind, Expression};
use crate::problem::{Problem, Problems};

/// The indices of `lets` in an order in which each comes after those it uses, directly or through functions. Those on a cycle are
/// reported and left out; their names are returned beside.
pub fn order(document: &Document, problems: &mut Problems) -> (Vec<usize>, HashSet<String>) {
    let lets: &[Named<ValueEntry>] = &document.lets;
    let functions: &[Named<FunctionEntry>] = &document.functions;
    let is_argument =
        |function: usize, name: &str| functions[function].value.arguments.iter().any(|own| own == name);
    // Lets come first, functions behind them.
    let mut index: HashMap<&str, usize> = HashMap::new();
    for (i, entry) in lets.iter().enumerate() {
        index.insert(&entry.name.value, i);
    }
    for (i, entry) in functions.iter().enumerate() {
        index.insert(&entry.name.value, lets.len() + i);
    }
    let expression =
        |i: usize| if i < lets.len() { &lets[i].value.is } else { &functions[i - lets.len()].value.is };
    let count = lets.len() + functions.len();
    let uses: Vec<Vec<usize>> = (0..count)
        .map(|i| {
            let own = |name: &str| i >= lets.len() && is_argument(i - lets.len(), name);
            used(expression(i))
                .into_iter()
                .filter(|name| !own(name))
                .filter_map(|name| index.get(name).copied())
                .collect()
        })
        .collect();
    let mut done = vec![false; count];
    let mut sequence = Vec::new();
    // Each round takes whatever has all its uses done; what is left when a round takes nothing is on a cycle or behind one.
    loop {
        let ready: Vec<usize> =
            (0..count).filter(|&i| !done[i] && uses[i].iter().all(|&used| done[used])).collect();
        if ready.is_empty() {
            break;
        }
        for i in ready {
            done[i] = true;
            sequence.push(i);
        }
    }
    let mut broken = HashSet::new();
    for start in (0..count).filter(|&i| !done[i]) {
        let name = |i: usize| if i < lets.len() { &lets[i].name } else { &functions[i - lets.len()].name };
        broken.insert(name(start).value.clone());
        if let Some(cycle) = cycle_through(start, &uses, &done) {
            // A cycle is told once, at the first of its members.
            if cycle.iter().all(|&member| start <= member) {
                let names: Vec<&str> =
                    cycle.iter().chain([&start]).map(|&i| name(i).value.as_str()).collect();
                let message = format!("`{}` is defined by itself: {}", name(start).value, names.join(" -> "));
                problems.push(Problem::new(&name(start).span, message));
            }
        }
    }
    (sequence.into_iter().filter(|&i| i < lets.len()).collect(), broken)
}

/// The names of values and functions that an expression uses. What it reads with a delay is computed in earlier steps.
fn used(expression: &Expression) -> Vec<&str> {
    fn visit<'a>(expr: &'a Expr, names: &mut Vec<&'a str>) {
        match &expr.kind {
            ExprKind::Number { .. } => {}
            ExprKind::Name(name) => names.push(name),
            ExprKind::Negate(inner) | ExprKind::Not(inner) => visit(inner, names),
            ExprKind::Binary(_, left, right) => {
                visit(left, names);
                visit(right, names);
            }
            ExprKind::Call { name, arguments, .. } => {
                names.push(name);
                let first = delayed_name(name, arguments).map_or(0, |delayed| delayed + 1);
                arguments[first..].iter().for_each(|argument| visit(argument, names));
            }
        }
    }
    let mut names = Vec::new();
    visit(&expression.root, &mut names);
    names
}

/// A way from `start` back to itself through what is not done, shortest first.
fn cycle_through(start: usize, uses: &[Vec<usize>], done: &[bool]) -> Option<Vec<usize>> {
    let mut before: HashMap<usize, usize> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in uses[at].iter().filter(|&&next| !done[next]) {
            if next == start {
                let mut way = vec![at];
                while let Some(&earlier) = before.get(way.last()?) {
                    way.push(earlier);
                }
                way.reverse();
                return Some(way);
            }
            if next != start && !before.contains_key(&next) {
                before.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    None
}
