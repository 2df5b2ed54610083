//! Candidates and their losses, and the log from which a fit is resumed.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::loss::FitLoss;
use super::params::Params;
use super::values::ParamValues;

/// An entry of the log: the loss of a candidate, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Found {
    /// The loss with what the priors add; `None` where it failed.
    pub value: Option<f64>,
    /// Its derivatives by the numbers that are searched, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient: Option<Vec<f64>>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Found {
    /// Checks what is read from a file, which can hold anything: says what is wrong with an entry of a search over `dimension` numbers.
    pub fn check(&self, dimension: usize, with_gradient: bool) -> Result<(), String> {
        match (self.value, &self.gradient) {
            (None, Some(_)) => Err("a failed candidate has a gradient".to_owned()),
            (Some(_), None) if with_gradient => Err("a candidate has no gradient".to_owned()),
            (Some(_), Some(_)) if !with_gradient => Err("a candidate has a gradient".to_owned()),
            (Some(value), _) if !value.is_finite() => Err(format!("a candidate has the loss {value}")),
            (_, Some(gradient)) if gradient.len() != dimension => {
                Err(format!("a gradient has {} derivatives, and {dimension} are needed", gradient.len()))
            }
            (_, Some(gradient)) if gradient.iter().any(|derivative| !derivative.is_finite()) => {
                Err("a derivative is no finite number".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Whether another evaluation of the same candidate agrees. Instruction sets differ in their last bits, hence the tolerance.
    fn agrees_with(&self, other: &Self) -> bool {
        const TOLERANCE: f64 = 1e-6;
        match (self.value, other.value) {
            (Some(one), Some(other)) => (one - other).abs() <= TOLERANCE * one.abs().max(other.abs()),
            (None, None) => true,
            _ => false,
        }
    }
}

/// A candidate whose loss could not be computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// The index of the start that tried it.
    pub start: usize,
    /// Its values.
    pub params: ParamValues,
    /// The reason.
    pub problem: String,
}

/// The numbers that are searched.
#[derive(Debug, Clone)]
pub(crate) enum SearchSpace {
    /// The numbers that the transforms start from, without limits.
    Unconstrained,
    /// Numbers from 0 to 1, which stand for the values between the bounds of each parameter.
    Box(Vec<(f64, f64)>),
}

/// The parameters, the loss and the space of a fit, which all candidates share.
pub(crate) struct SearchProblem<'a> {
    pub params: Params,
    pub loss: Box<dyn FitLoss + Send + 'a>,
    pub space: SearchSpace,
}

impl SearchProblem<'_> {
    /// Returns the fitted numbers of a candidate.
    pub fn decode(&self, x: &[f64]) -> Vec<f64> {
        match &self.space {
            SearchSpace::Unconstrained => self.params.constrained(x),
            SearchSpace::Box(bounds) => {
                let numbers = bounds.iter().zip(x);
                // The upper bound itself must not be missed by rounding.
                numbers
                    .map(|((lower, upper), t)| (lower + t * (upper - lower)).clamp(*lower, *upper))
                    .collect()
            }
        }
    }

    /// Returns the candidate of fitted numbers.
    pub fn encode(&self, flat: &[f64]) -> Vec<f64> {
        match &self.space {
            SearchSpace::Unconstrained => self.params.unconstrained(flat),
            SearchSpace::Box(bounds) => bounds
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
        self.checked(value.map(|value| (value, None)).map_err(|error| error.to_string()))
    }

    fn value_and_gradient(&self, x: &[f64]) -> Found {
        let flat = self.decode(x);
        let by: Vec<&str> = self.params.fitted().collect();
        let found = self.loss.value_and_gradient(&self.params.named(&flat), &by);
        self.checked(found.map_err(|error| error.to_string()).and_then(|(value, derivatives)| {
            let derivatives = self.params.flat_derivatives(&derivatives)?;
            let priors = self.params.penalty_derivatives(&flat);
            let slopes = self.params.slopes(x);
            let terms = derivatives.iter().zip(priors).zip(slopes);
            // The chain rule through the transforms.
            let gradient = terms.map(|((derivative, prior), slope)| (derivative + prior) * slope).collect();
            Ok((value + self.params.penalty(&flat), Some(gradient)))
        }))
    }

    /// A loss or a derivative that is no finite number is a failure, which names the loss or the parameter.
    fn checked(&self, found: Result<(f64, Option<Vec<f64>>), String>) -> Found {
        let checked = found.and_then(|(value, gradient)| {
            if !value.is_finite() {
                return Err(format!("the loss is {value}"));
            }
            match gradient.iter().flatten().position(|derivative| !derivative.is_finite()) {
                Some(index) => {
                    let derivative = gradient.iter().flatten().nth(index).copied().unwrap_or(f64::NAN);
                    let labels = self.params.labels();
                    let label = labels.get(index).map_or("", String::as_str);
                    Err(format!("the derivative of the loss by `{label}` is {derivative}"))
                }
                None => Ok((value, gradient)),
            }
        });
        match checked {
            Ok((value, gradient)) => Found { value: Some(value), gradient, problem: None },
            Err(problem) => Found { value: None, gradient: None, problem: Some(problem) },
        }
    }
}

/// Computes the losses of the candidates of one start, or reads them from the log of an earlier fit.
pub(crate) struct Evaluator<'a> {
    problem: &'a SearchProblem<'a>,
    start: usize,
    /// All that was found, in order.
    pub log: Vec<Found>,
    /// The number of entries of the log that have been asked for.
    cursor: usize,
    /// Whether the first entry of the log is from a file and has not been compared with the loss yet.
    is_unverified: bool,
    /// The contradiction between the first entry of the log and the loss, if there is one.
    pub contradiction: Option<String>,
    /// The loss of the first candidate.
    pub first: Option<f64>,
    /// The best loss and its fitted numbers.
    pub best: Option<(f64, Vec<f64>)>,
    pub failures: Vec<Failure>,
}

impl<'a> Evaluator<'a> {
    pub fn new(problem: &'a SearchProblem<'a>, start: usize, log: Vec<Found>) -> Self {
        Self {
            problem,
            start,
            // One start is enough to notice another loss.
            is_unverified: start == 0 && !log.is_empty(),
            log,
            cursor: 0,
            contradiction: None,
            first: None,
            best: None,
            failures: Vec::new(),
        }
    }

    /// Returns how many candidates there were.
    pub fn count(&self) -> usize {
        self.cursor
    }

    /// Returns whether the next loss that is asked for is in the log.
    pub fn replays(&self) -> bool {
        self.cursor < self.log.len()
    }

    pub fn params(&self) -> &'a Params {
        &self.problem.params
    }

    /// Returns the losses of candidates, which are computed side by side; infinite where they failed.
    pub fn values(&mut self, candidates: &[Vec<f64>]) -> Vec<f64> {
        let problem = self.problem;
        if let Some(first) = candidates.first() {
            self.verify(|| problem.value(first));
        }
        let known = (self.log.len() - self.cursor).min(candidates.len());
        let new: Vec<Found> = candidates[known..].par_iter().map(|x| problem.value(x)).collect();
        self.log.extend(new);
        candidates.iter().map(|x| self.take_next(x).value.unwrap_or(f64::INFINITY)).collect()
    }

    /// Returns the loss of a candidate; infinite where it failed.
    pub fn value(&mut self, x: &[f64]) -> f64 {
        self.values(&[x.to_vec()])[0]
    }

    /// Returns the loss of a candidate and its derivatives by the numbers that are searched; `None` where it failed.
    pub fn value_and_gradient(&mut self, x: &[f64]) -> Option<(f64, Vec<f64>)> {
        let problem = self.problem;
        self.verify(|| problem.value_and_gradient(x));
        if self.cursor == self.log.len() {
            self.log.push(problem.value_and_gradient(x));
        }
        let found = self.take_next(x);
        Some((found.value?, found.gradient?))
    }

    /// Computes the first candidate of a log from a file once more, which shows whether the log belongs to this loss: the code of a closure
    /// and the data that it reads stand in no fingerprint.
    fn verify(&mut self, compute: impl FnOnce() -> Found) {
        if !std::mem::take(&mut self.is_unverified) {
            return;
        }
        let (then, now) = (&self.log[0], compute());
        if !then.agrees_with(&now) {
            let text = |found: &Found| match found.value {
                Some(value) => format!("has the loss {value}"),
                None => "failed".to_owned(),
            };
            self.contradiction = Some(format!(
                "its first candidate {}, and now {}: the loss has changed since it was written, or is not the same \
                 each time that it is computed",
                text(then),
                text(&now)
            ));
        }
    }

    /// Takes the next entry of the log, which is about candidate `x`.
    fn take_next(&mut self, x: &[f64]) -> Found {
        let found = self.log[self.cursor].clone();
        if self.cursor == 0 {
            self.first = found.value;
        }
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
