//! The interface of a search under way.

use crate::fit::evaluator::Evaluator;

/// The beginning of a search.
pub(crate) struct SearchStart {
    /// The first candidate, in the numbers that are searched.
    pub from: Vec<f64>,
    /// The distance of other first candidates from it along each number.
    pub spreads: Vec<f64>,
    /// The seed of the fit.
    pub seed: u64,
    /// The index of the start, which has random numbers of its own.
    pub start: u32,
    /// Iterations that the search may make at most.
    pub iterations: usize,
}

/// A search under way. What it does is a function of the losses that it is told and of its seed, so that it can be repeated from a log.
pub(crate) trait Search: Send {
    /// Makes an iteration: asks for the losses of candidates and learns from them.
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep;
}

/// The outcome of an iteration.
pub(crate) struct SearchStep {
    /// The loss at the present point, or the best of the present candidates; infinite where all failed.
    pub loss: f64,
    /// Why the search is over, if it is.
    pub over: Option<String>,
}

impl SearchStep {
    /// A search at this loss that goes on.
    pub fn at(loss: f64) -> Self {
        Self { loss, over: None }
    }

    /// A search that ends at this loss, and why.
    pub fn last(loss: f64, over: impl Into<String>) -> Self {
        Self { loss, over: Some(over.into()) }
    }
}

/// The inner product.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The Euclidean length.
pub(super) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}
