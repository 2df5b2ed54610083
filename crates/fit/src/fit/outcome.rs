//! What a fit found.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde_json::json;

use super::error::FitError;
use super::evaluator::Failure;
use super::params::Params;
use super::values::ParamValues;
use brainmass_data::io::write_file;

/// An iteration of one start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Iteration {
    /// The number of the start.
    pub start: usize,
    /// The number of the iteration, from 0.
    pub iteration: usize,
    /// The loss at the present point, or the best of the present candidates; `None` where all failed.
    pub loss: Option<f64>,
    /// The best loss that this start has seen.
    pub best: Option<f64>,
    /// The candidates that this start has tried.
    pub evaluations: usize,
}

/// What a fit is at, told after each iteration of each start.
#[derive(Debug, Clone)]
pub struct Progress<'a> {
    /// The iteration.
    pub now: Iteration,
    /// How many iterations there may be.
    pub iterations: usize,
    /// How many starts there are.
    pub starts: usize,
    /// The best loss of all starts.
    pub best: Option<f64>,
    /// Its parameters.
    pub params: Option<&'a ParamValues>,
}

/// `start 1/4, iteration 20/200: loss 0.31, best 0.29`
impl fmt::Display for Progress<'_> {
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

/// What one start came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Start {
    /// Where it began.
    pub from: ParamValues,
    /// The best loss that it saw; `None` where every candidate failed.
    pub loss: Option<f64>,
    /// The parameters of that.
    pub best: Option<ParamValues>,
    /// The candidates tried.
    pub evaluations: usize,
    /// Why it ended.
    pub ended: String,
}

/// The outcome of a fit.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The parameters with the smallest loss that was seen, fixed ones included, in their declared units.
    pub best: ParamValues,
    /// That loss, with what the priors add.
    pub loss: f64,
    /// Every iteration.
    pub history: Vec<Iteration>,
    /// What each start came to.
    pub starts: Vec<Start>,
    /// Candidates whose loss could not be computed.
    pub failures: Vec<Failure>,
    /// The name of the method.
    pub method: &'static str,
    pub(super) params: Params,
}

impl Fit {
    /// The candidates tried.
    pub fn evaluations(&self) -> usize {
        self.starts.iter().map(|start| start.evaluations).sum()
    }

    /// The parameters of the fit at their best values: to go on from, or to look at with [`Identifiability`](super::Identifiability).
    pub fn params(&self) -> Params {
        // The values came from these parameters.
        self.params.clone().at(&self.best).unwrap_or_else(|_| self.params.clone())
    }

    /// The fit as JSON: `method`, `loss`, `params`, `starts`, `failures` (with their parameters), `history`.
    pub fn to_json(&self) -> String {
        let Self { best, loss, history, starts, failures, method, .. } = self;
        let text = json!({
            "method": method,
            "loss": loss,
            "params": named(best),
            "starts": starts,
            "failures": failures,
            "history": history,
        });
        format!("{text:#}\n")
    }

    /// The history as a table: start, iteration, loss, best, evaluations. A loss that failed is left empty.
    pub fn to_csv(&self) -> String {
        let number = |loss: Option<f64>| loss.map_or_else(String::new, |loss| loss.to_string());
        let rows = self.history.iter().map(|row| {
            let Iteration { start, iteration, loss, best, evaluations } = row;
            format!("{start},{iteration},{},{},{evaluations}\n", number(*loss), number(*best))
        });
        std::iter::once("start,iteration,loss,best,evaluations\n".to_owned()).chain(rows).collect()
    }

    /// Writes the fit as JSON.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FitError> {
        write(path.as_ref(), &self.to_json())
    }
}

/// `{"a": [0.1], ...}`
fn named(values: &ParamValues) -> serde_json::Map<String, serde_json::Value> {
    values.iter().map(|(name, values)| (name.to_owned(), json!(values))).collect()
}

/// Writes the whole of a text file, or leaves the former one as it was.
pub(super) fn write(path: &Path, text: &str) -> Result<(), FitError> {
    Ok(write_file(path, text.as_bytes())?)
}
