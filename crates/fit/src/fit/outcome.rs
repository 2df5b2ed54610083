//! The outcome of fits.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::error::FitError;
use super::evaluator::Failure;
use super::params::Params;
use super::values::ParamValues;
use brainmass_data::io::write_file;

/// An iteration of one start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Iteration {
    /// The index of the start, from 0.
    pub start: usize,
    /// The index of the iteration, from 0.
    pub iteration: usize,
    /// The loss at the present point, or the best of the present candidates; `None` where all failed.
    pub loss: Option<f64>,
    /// The best loss that this start has seen; `None` where every candidate failed.
    pub best: Option<f64>,
    /// The number of candidates that this start has tried.
    pub evaluations: usize,
}

/// The progress of a fit, told after each iteration of each start.
#[derive(Debug, Clone)]
pub struct FitProgress<'a> {
    /// The iteration that has just been made.
    pub now: Iteration,
    /// The number of iterations that a start may make.
    pub iterations: usize,
    /// The number of starts.
    pub starts: usize,
    /// The best loss of all starts; `None` where every candidate failed.
    pub best: Option<f64>,
    /// The parameters with the best loss.
    pub params: Option<&'a ParamValues>,
    /// A problem since the last report that does not end the fit, such as a checkpoint that could not be written.
    pub warning: Option<&'a str>,
}

/// Writes `start 1/4, iteration 20/200: loss 0.31, best 0.29`.
impl fmt::Display for FitProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number =
            |loss: Option<f64>| loss.map_or_else(|| "failed".to_owned(), |loss| format!("{loss:.6e}"));
        if self.starts > 1 {
            write!(f, "start {}/{}, ", self.now.start + 1, self.starts)?;
        }
        let Iteration { iteration, loss, .. } = self.now;
        write!(
            f,
            "iteration {}/{}: loss {}, best {}",
            iteration + 1,
            self.iterations,
            number(loss),
            number(self.best)
        )
    }
}

/// The outcome of one start.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Start {
    /// The values that it began with.
    pub from: ParamValues,
    /// The best loss that it saw; `None` where every candidate failed.
    pub loss: Option<f64>,
    /// The parameters with that loss.
    pub best: Option<ParamValues>,
    /// The number of candidates that it tried.
    pub evaluations: usize,
    /// Why it ended.
    pub ended: String,
}

/// The outcome of a fit.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The parameters with the smallest loss that was seen, fixed ones included, in their declared units.
    pub best: ParamValues,
    /// The smallest loss, with what the priors add.
    pub loss: f64,
    /// Every iteration of every start.
    pub history: Vec<Iteration>,
    /// The outcome of each start.
    pub starts: Vec<Start>,
    /// The candidates whose loss could not be computed.
    pub failures: Vec<Failure>,
    /// Problems that did not end the fit: a checkpoint that could not be written, a search that found nothing better than its first
    /// candidate.
    pub warnings: Vec<String>,
    /// The name of the search method.
    pub method: &'static str,
    pub(super) params: Params,
    /// The provenance, which the files of the fit keep.
    pub(super) provenance: Option<Value>,
}

impl Fit {
    /// Returns how many candidates were tried.
    pub fn evaluations(&self) -> usize {
        self.starts.iter().map(|start| start.evaluations).sum()
    }

    /// Says how the fit was made, as its files keep it: under `provenance` in JSON.
    pub fn made_from(&mut self, provenance: Value) {
        self.provenance = Some(provenance);
    }

    /// Returns what [`Fit::made_from`] said.
    pub fn provenance(&self) -> Option<&Value> {
        self.provenance.as_ref()
    }

    /// Returns the parameters of the fit at their best values: to go on from, or to look at with
    /// [`Identifiability`](super::Identifiability).
    pub fn params(&self) -> Params {
        // The values came from these parameters.
        self.params.clone().at(&self.best).unwrap_or_else(|_| self.params.clone())
    }

    /// Writes the fit as JSON text: `method`, `loss`, `params`, `starts`, `failures` (with their parameters), `warnings`, `history`, and
    /// `provenance` where there is one.
    pub fn to_json(&self) -> String {
        let Self { best, loss, history, starts, failures, warnings, method, provenance, .. } = self;
        let mut text = json!({
            "method": method,
            "loss": loss,
            "params": by_name(best),
            "starts": starts,
            "failures": failures,
            "warnings": warnings,
            "history": history,
        });
        if let Some(provenance) = provenance {
            text["provenance"] = provenance.clone();
        }
        format!("{text:#}\n")
    }

    /// Writes the history as CSV text with the columns start, iteration, loss, best, evaluations. A loss that failed is left empty.
    pub fn to_csv(&self) -> String {
        let number = |loss: Option<f64>| loss.map_or_else(String::new, |loss| loss.to_string());
        let rows = self.history.iter().map(|row| {
            let Iteration { start, iteration, loss, best, evaluations } = row;
            format!("{start},{iteration},{},{},{evaluations}\n", number(*loss), number(*best))
        });
        std::iter::once("start,iteration,loss,best,evaluations\n".to_owned()).chain(rows).collect()
    }

    /// Saves the fit as JSON, whole or not at all.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FitError> {
        Ok(write_file(path, self.to_json().as_bytes())?)
    }
}

/// Returns values as a JSON object: `{"a": [0.1], ...}`.
fn by_name(values: &ParamValues) -> serde_json::Map<String, Value> {
    values.iter().map(|(name, values)| (name.to_owned(), json!(values))).collect()
}
