//! Candidates and their losses, and the log from which a fit is resumed.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::loss::FitLoss;
use super::params::Params;
use super::values::ParamValues;

/// What was found at a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Found {
    /// The loss with what the priors add; `None` where it failed.
    pub value: Option<f64>,
    /// Its derivatives by what is searched, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient: Option<Vec<f64>>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A candidate whose loss could not be computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// The number of the start that tried it.
    pub start: usize,
    /// Its values.
    pub params: ParamValues,
    /// What was wrong.
    pub problem: String,
}

/// What is searched.
#[derive(Debug, Clone)]
pub(super) enum Space {
    /// The numbers that the transforms start from.
    Unconstrained,
    /// Numbers from 0 to 1, for values from bound to bound.
    Box(Vec<(f64, f64)>),
}

/// What all candidates of a fit share.
pub(super) struct Problem<'a> {
    pub params: Params,
    pub loss: Box<dyn FitLoss + Send + 'a>,
    pub space: Space,
}

impl Problem<'_> {
    /// The fitted numbers of a candidate.
    pub fn decode(&self, x: &[f64]) -> Vec<f64> {
        match &self.space {
            Space::Unconstrained => self.params.constrained(x),
            Space::Box(bounds) => {
                let each = bounds.iter().zip(x);
                // The upper bound itself must not be missed by rounding.
                each.map(|((lower, upper), t)| (lower + t * (upper - lower)).clamp(*lower, *upper)).collect()
            }
        }
    }

    /// The candidate of fitted numbers.
    pub fn encode(&self, flat: &[f64]) -> Vec<f64> {
        match &self.space {
            Space::Unconstrained => self.params.unconstrained(flat),
            Space::Box(bounds) => bounds
                .iter()
                .zip(flat)
                .map(|((lower, upper), value)| (value - lower) / (upper - lower))
                .collect(),
        }
    }

    fn value(&self, x: &[f64]) -> Found {
        let flat = self.decode(x);
        let value =
            self.loss.value(&self.params.named(&flat)).map(|value| value + self.params.penalty(&flat));
        Self::checked(value.map(|value| (value, None)).map_err(|error| error.to_string()))
    }

    fn value_and_gradient(&self, x: &[f64]) -> Found {
        let flat = self.decode(x);
        let by: Vec<&str> = self.params.fitted().collect();
        let found = self.loss.value_and_gradient(&self.params.named(&flat), &by);
        Self::checked(found.map_err(|error| error.to_string()).and_then(|(value, derivatives)| {
            let derivatives = self.params.flat_derivatives(&derivatives)?;
            let priors = self.params.penalty_derivatives(&flat);
            let slopes = self.params.slopes(x);
            let each = derivatives.iter().zip(priors).zip(slopes);
            let gradient = each.map(|((derivative, prior), slope)| (derivative + prior) * slope).collect();
            Ok((value + self.params.penalty(&flat), Some(gradient)))
        }))
    }

    fn checked(found: Result<(f64, Option<Vec<f64>>), String>) -> Found {
        let checked = found.and_then(|(value, gradient)| {
            if !value.is_finite() {
                return Err(format!("the loss is {value}"));
            }
            match gradient.iter().flatten().find(|derivative| !derivative.is_finite()) {
                Some(derivative) => Err(format!("a derivative of the loss is {derivative}")),
                None => Ok((value, gradient)),
            }
        });
        match checked {
            Ok((value, gradient)) => Found { value: Some(value), gradient, problem: None },
            Err(problem) => Found { value: None, gradient: None, problem: Some(problem) },
        }
    }
}

/// Computes the losses of one start's candidates, or reads them from the log of an earlier fit.
pub(super) struct Evaluator<'a> {
    problem: &'a Problem<'a>,
    start: usize,
    /// All that was found, in order.
    pub log: Vec<Found>,
    /// How much of the log has been asked for again.
    cursor: usize,
    /// The best loss and its values.
    pub best: Option<(f64, Vec<f64>)>,
    pub failures: Vec<Failure>,
}

impl<'a> Evaluator<'a> {
    pub fn new(problem: &'a Problem<'a>, start: usize, log: Vec<Found>) -> Self {
        Self { problem, start, log, cursor: 0, best: None, failures: Vec::new() }
    }

    /// How many candidates there were.
    pub fn count(&self) -> usize {
        self.cursor
    }

    /// Whether what is asked for next is in the log.
    pub fn replays(&self) -> bool {
        self.cursor < self.log.len()
    }

    pub fn params(&self) -> &'a Params {
        &self.problem.params
    }

    /// The losses of candidates, computed at once; infinite where they failed.
    pub fn values(&mut self, candidates: &[Vec<f64>]) -> Vec<f64> {
        let known = (self.log.len() - self.cursor).min(candidates.len());
        let problem = self.problem;
        let new: Vec<Found> = candidates[known..].par_iter().map(|x| problem.value(x)).collect();
        self.log.extend(new);
        candidates.iter().map(|x| self.next(x).value.unwrap_or(f64::INFINITY)).collect()
    }

    /// The loss of a candidate.
    pub fn value(&mut self, x: &[f64]) -> f64 {
        self.values(&[x.to_vec()])[0]
    }

    /// The loss of a candidate and its derivatives; `None` where it failed.
    pub fn value_and_gradient(&mut self, x: &[f64]) -> Option<(f64, Vec<f64>)> {
        if self.cursor == self.log.len() {
            self.log.push(self.problem.value_and_gradient(x));
        }
        let found = self.next(x);
        Some((found.value?, found.gradient?))
    }

    /// What the log says of the next candidate.
    fn next(&mut self, x: &[f64]) -> Found {
        let found = self.log[self.cursor].clone();
        self.cursor += 1;
        match (&found.problem, found.value) {
            (None, Some(value)) => {
                if self.best.as_ref().is_none_or(|(best, _)| value < *best) {
                    self.best = Some((value, self.problem.decode(x)));
                }
            }
            (problem, _) => self.failures.push(Failure {
                start: self.start,
                params: self.problem.params.named(&self.problem.decode(x)),
                problem: problem.clone().unwrap_or_default(),
            }),
        }
        found
    }
}
