//! Losses: the numbers that runs are judged by, with their derivatives.

use ndarray::{Array2, ArrayView2};

use crate::run::Run;
use brainmass_data::objectives::{Objective, ObjectiveError};

/// The reason why a loss cannot be computed: any error.
pub type LossError = Box<dyn std::error::Error + Send + Sync>;

/// The value of a loss, and its derivatives by what was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// The value.
    pub value: f64,
    pub(crate) adjoints: Vec<(String, Array2<f64>)>,
}

impl Loss {
    /// Creates a loss that does not depend on anything yet.
    pub fn new(value: f64) -> Self {
        Self { value, adjoints: Vec::new() }
    }

    /// Adds the derivatives of the value by every number recorded under a name, shape (time, node). Derivatives given again for the same name add up.
    pub fn by(mut self, name: impl Into<String>, derivatives: Array2<f64>) -> Self {
        self.adjoints.push((name.into(), derivatives));
        self
    }

    /// Evaluates an objective on what was recorded under a name, which must be there, against a target, shape (time, node).
    ///
    /// ```
    /// use brainmass::objectives::TimeseriesRmse;
    /// use brainmass::prelude::*;
    /// use ndarray::Array2;
    ///
    /// let target = Array2::from_elem((100, 2), 0.5);
    /// let simulator = Simulator::new(HopfStep::new(2).init_x(0.1)).record(["x"]);
    /// let gradient =
    ///     simulator.gradient(10.0, &["w"], |run| Ok(Loss::of(&TimeseriesRmse, run, "x", target.view())?))?;
    /// assert_eq!(gradient["w"].len(), 1);
    /// # Ok::<(), GradientError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Objective::evaluate`].
    ///
    /// # Panics
    ///
    /// Nothing was recorded under that name.
    pub fn of(
        objective: &dyn Objective,
        run: &Run,
        name: &str,
        target: ArrayView2<f64>,
    ) -> Result<Self, ObjectiveError> {
        let (value, derivatives) = objective.value_and_gradient(run[name].view(), target)?;
        Ok(Self::new(value).by(name, derivatives))
    }
}
