//! The connections of a projection: `weights` (with `lengths`), a `connectome` of its own, or that of the whole experiment.

use brainmass_spec::fields::number;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::Span;
use brainmass_spec::yaml::{Node, Value};
use ndarray::Array2;

use super::connectome::{self, warn_of_one_triangle};
use super::context::Context;
use super::keys::Keys;
use super::numbers::matrix;
use super::sizes::pairs_fit;
use brainmass_data::connectome::Connectome;
use brainmass_sim::network::{Edge, Wiring};

/// The connections of a projection, and what is known of them.
pub struct Wired {
    pub wiring: Wiring,
    /// Weights that are not 0.
    pub edges: usize,
    /// The number of them that act: connections of nodes to themselves may not.
    pub acting: usize,
    /// The longest tract, in mm.
    pub longest: f64,
    /// Whether nodes send to themselves.
    pub self_connections: bool,
}

impl Wired {
    fn new(
        weights: &Array2<f64>,
        lengths: Option<&Array2<f64>>,
        is_kept: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let connected = || weights.indexed_iter().filter(|(_, weight)| **weight != 0.0).map(|(at, _)| at);
        let longest = lengths.map_or(0.0, |lengths| connected().map(|at| lengths[at]).fold(0.0, f64::max));
        let wiring = match lengths {
            Some(lengths) => Wiring::new(weights.view(), lengths.view()),
            None => Wiring::from(weights),
        };
        let acting = connected().filter(|(target, source)| is_kept(*target, *source)).count();
        Self { wiring, edges: connected().count(), acting, longest, self_connections: false }
    }
}

/// Reads the connections between groups of a shape, (targets, sources), or within one group.
pub fn wiring(
    keys: &mut Keys,
    (shape, within): (Option<(usize, usize)>, bool),
    self_connections: Option<bool>,
    common: Option<&Connectome>,
    context: &Context,
    problems: &mut Problems,
) -> Option<Wired> {
    let [weights, lengths, own] = ["weights", "lengths", "connectome"].map(|key| keys.take(key, problems));
    if let (Some(_), Some(node)) = (weights, own) {
        problems.push(Problem::new(&node.span, "`weights` and `connectome` are given; one is enough"));
        return None;
    }
    let shape = shape?;
    let keeps = self_connections.unwrap_or(false);
    let is_kept = |target: usize, source: usize| !within || keeps || target != source;
    if let Some(node) = weights {
        if is_one_to_one(node) {
            return one_to_one(node, shape, (within, self_connections), problems);
        }
        if !pairs_fit(shape, node, context, problems) {
            return None;
        }
        let weights = pairs(node, shape, context, problems)?;
        if within && self_connections.is_none() && !matches!(node.value, Value::Scalar(_)) {
            warn_of_self_connections(&weights, &node.span, problems);
        }
        if within && matches!(node.value, Value::Map(_)) {
            warn_of_one_triangle(&weights, None, &node.span, problems);
        }
        let lengths = match lengths {
            Some(node) => Some(matrix(node, ("tract lengths (mm)", "mm"), shape, context, problems)?),
            None => None,
        };
        return Some(Wired { self_connections: keeps, ..Wired::new(&weights, lengths.as_ref(), is_kept) });
    }
    if let Some(node) = lengths {
        problems.push(Problem::new(&node.span, "`lengths` go with `weights`, and there are none"));
    }
    let read;
    let (connectome, span) = match (own, common) {
        (Some(node), _) => {
            read = connectome::read(node, context, problems)?;
            (&read, &node.span)
        }
        (None, Some(connectome)) => (connectome, keys.span()),
        (None, None) => {
            let problem = Problem::new(keys.span(), "the projection has no connections");
            problems.push(
                problem.help("give it `weights` or a `connectome`, or the whole experiment a `connectome`"),
            );
            return None;
        }
    };
    let regions = connectome.len();
    if (regions, regions) != shape {
        let (targets, sources) = shape;
        let message = format!(
            "the connectome has {regions} regions; {targets} targets and {sources} sources need {targets} x {sources} weights"
        );
        let help =
            "a connectome says how many nodes there are: leave `nodes` out, or take some of its `regions`";
        problems.push(Problem::new(span, message).help(help));
        return None;
    }
    if within && self_connections.is_none() {
        warn_of_self_connections(connectome.weights(), span, problems);
    }
    let wired = Wired::new(connectome.weights(), connectome.tract_lengths(), is_kept);
    Some(Wired { self_connections: keeps, ..wired })
}

/// Says that weights of nodes to themselves have no effect.
fn warn_of_self_connections(weights: &Array2<f64>, span: &Span, problems: &mut Problems) {
    let own = weights.diag().iter().filter(|weight| **weight != 0.0).count();
    if own > 0 {
        let message = format!("{own} weights of nodes to themselves are left out");
        let problem = Problem::new(span, message);
        problems.warn(problem.help(
            "say in the projection `self_connections: true` to keep them, or `false` if they are not meant",
        ));
    }
}

fn is_one_to_one(node: &Node) -> bool {
    matches!(&node.value, Value::Scalar(scalar) if scalar.text.trim() == "one_to_one")
}

/// Connects each node with the one of the same number. Within a group these are connections of nodes to themselves.
fn one_to_one(
    node: &Node,
    (targets, sources): (usize, usize),
    (within, self_connections): (bool, Option<bool>),
    problems: &mut Problems,
) -> Option<Wired> {
    if targets != sources {
        let message =
            format!("`one_to_one` needs as many sources as targets; there are {sources} and {targets}");
        problems.push(Problem::new(&node.span, message));
        return None;
    }
    let keeps = self_connections.unwrap_or(within);
    let edge = |node: usize| Edge { target: node, source: node, weight: 1.0, length: 0.0 };
    Some(Wired {
        wiring: Wiring::from_edges(targets, sources, (0..targets).map(edge)),
        edges: targets,
        acting: if within && !keeps { 0 } else { targets },
        longest: 0.0,
        self_connections: keeps,
    })
}

/// Reads weights `[target][source]`: a matrix, or one number for all pairs.
fn pairs(
    node: &Node,
    shape: (usize, usize),
    context: &Context,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    match node.value {
        Value::Scalar(_) => number(node, problems).map(|weight| Array2::from_elem(shape, weight.value)),
        _ => matrix(node, ("weights", "1"), shape, context, problems),
    }
}
