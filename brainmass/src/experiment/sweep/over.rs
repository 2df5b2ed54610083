//! The key `over`: what changes from run to run.

use brainmass_spec::fields::entries;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::Span;
use brainmass_spec::yaml::{Key, Node, Value};

use super::points::{Spread, dimension, listed, of_file, report_twice, spread, together};
use super::site::Site;
use crate::experiment::design::{Design, Factor};

/// The most runs that a sweep may have.
pub const MOST_RUNS: u64 = 100_000_000;

/// Reads the axes of a sweep.
pub fn read(node: &Node, site: &Site, problems: &mut Problems) -> Option<Design> {
    let before = problems.len();
    let mut factors: Vec<(Span, Factor)> = Vec::new();
    if let Value::List(_) = node.value {
        factors.extend(listed(node, site, problems).map(|factor| (node.span.clone(), factor)));
    } else {
        let axes = entries(node, "a mapping of axes, or a list of points", problems);
        if axes.is_empty() && matches!(node.value, Value::Map(_)) {
            let problem = Problem::new(&node.span, "a sweep without axes has no runs");
            problems.push(
                problem.help("write for example `over: {k: {from: 0, to: 1, points: 11}, seeds: 0..10}`"),
            );
        }
        for (key, value) in axes {
            factors.extend(factor(key, value, site, problems).map(|factor| (key.span.clone(), factor)));
        }
    }
    report_twice(&factors, problems);
    let factors: Vec<Factor> = factors.into_iter().map(|(_, factor)| factor).collect();
    let runs = factors.iter().fold(1_u128, |runs, factor| runs.saturating_mul(factor.levels as u128));
    if runs > MOST_RUNS.into() {
        let sizes: Vec<String> = factors.iter().map(|factor| factor.levels.to_string()).collect();
        let message = format!(
            "this sweep has {} = {:.1e} runs; {MOST_RUNS:e} are the most",
            sizes.join(" x "),
            runs as f64
        );
        let problem = Problem::new(&node.span, message);
        problems
            .push(problem.help("take fewer points, or fill the ranges with `sobol` or `latin_hypercube`"));
    }
    (problems.len() == before).then_some(Design { factors })
}

/// Reads one entry of `over`.
fn factor(key: &Key, node: &Node, site: &Site, problems: &mut Problems) -> Option<Factor> {
    match key.text.as_str() {
        "zip" => {
            let axes = entries(node, "a mapping of axes of one length", problems);
            let dimensions = axes.iter().map(|(key, node)| dimension(key, node, site, problems)).collect();
            matches!(node.value, Value::Map(_)).then(|| together(dimensions, node, problems)).flatten()
        }
        "list" => listed(node, site, problems),
        "file" => of_file(node, site, problems),
        "sobol" => spread(node, Spread::Sobol, site, problems),
        "latin_hypercube" => spread(node, Spread::LatinHypercube, site, problems),
        _ => {
            let dimension = dimension(key, node, site, problems)?;
            let levels = dimension.levels.len();
            Some(Factor { dimensions: vec![dimension], levels })
        }
    }
}
