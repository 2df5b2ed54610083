//! A bifurcation diagram that an experiment file describes.

use std::path::PathBuf;

use brainmass_continuation::{Diagram, EquationsError, Parts, Plane, Range, Setting, Watch};
use brainmass_spec::model::Model;

/// A bifurcation diagram that an experiment file describes.
#[derive(Debug, Clone)]
pub struct ContinuationPlan {
    /// The model, as the compiler has it.
    pub model: Model,
    /// The values of all parameters and inputs.
    pub setting: Setting,
    /// The name of the parameter or input that varies, and its range.
    pub over: (String, Range),
    /// The name and the range of a second one, for a chart of folds and Hopf points.
    pub and: Option<(String, Range)>,
    /// The state or observable that is shown; the output of the model if none is named.
    pub of: Option<String>,
    /// The parts that are computed.
    pub parts: Parts,
    /// The value of what varies at which phase responses of the cycles are made in place of the diagram.
    pub phase_response: Option<f64>,
    /// Files for the points of all branches, `.csv`.
    pub output: Vec<PathBuf>,
    /// The figure of the diagram.
    pub plot: Option<PathBuf>,
}

impl ContinuationPlan {
    /// Computes the diagram over the first value, while a watch listens.
    ///
    /// # Errors
    ///
    /// The model has no parameter or input of the name that varies, or no equations of its own. A plan that was read from a file was checked for
    /// both.
    pub fn diagram(&self, watch: Watch) -> Result<Diagram, EquationsError> {
        Diagram::watched(&self.model, &self.setting, (&self.over.0, self.over.1), self.parts, watch)
    }

    /// Computes the curves over both values, while a watch listens; `None` where one value varies.
    ///
    /// # Errors
    ///
    /// As [`ContinuationPlan::diagram`].
    pub fn plane(&self, watch: &Watch) -> Result<Option<Plane>, EquationsError> {
        let Some(and) = &self.and else { return Ok(None) };
        let (first, second) = ((&self.over.0[..], self.over.1), (&and.0[..], and.1));
        Plane::watched(&self.model, &self.setting, first, second, self.parts, watch).map(Some)
    }
}
