//! The simplex of Nelder and Mead, by the crate `argmin`.

use argmin::core::{IterState, Problem, Solver, State as _};
use argmin::solver::neldermead::NelderMead as Simplex;

use super::argmin_cost::LossAsCost;
use super::search::{Search, SearchStart, SearchStep};
use super::setting::{MethodSetting, setting};
use crate::fit::evaluator::Evaluator;
use crate::optimiser::{InvalidSetting, need};

/// The simplex method: Nelder & Mead 1965. A simplex of one point more than there are parameters moves over the loss. It needs no
/// gradient and suits up to about ten parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct NelderMead {
    tolerance: f64,
}

impl Default for NelderMead {
    fn default() -> Self {
        Self { tolerance: 1e-10 }
    }
}

impl NelderMead {
    pub(super) const SETTINGS: &'static [MethodSetting] = &[setting!(
        NelderMead,
        "tolerance",
        "1e-10",
        real,
        "the search ends when the standard deviation of the losses at the corners is smaller",
        |simplex, value| simplex.tolerance = value
    )];

    /// Ends the search when the standard deviation of the losses at the corners is smaller than this; 1e-10 if not given.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let tolerance = self.tolerance;
        need(tolerance >= 0.0, "the tolerance of the simplex", tolerance, "a number not below 0 is needed")
    }

    pub(super) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        let mut corners = vec![start.from.clone()];
        for (index, spread) in start.spreads.iter().enumerate() {
            let mut corner = start.from.clone();
            corner[index] += spread;
            corners.push(corner);
        }
        let simplex = Simplex::new(corners).with_sd_tolerance(self.tolerance);
        Box::new(SimplexSearch { simplex: simplex.map_err(|error| error.to_string()), state: None })
    }
}

type SimplexState = IterState<Vec<f64>, (), (), (), (), f64>;

struct SimplexSearch {
    simplex: Result<Simplex<Vec<f64>, f64>, String>,
    /// The state of `argmin`; `None` before the first iteration.
    state: Option<SimplexState>,
}

impl Search for SimplexSearch {
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep {
        let simplex = match &mut self.simplex {
            Ok(simplex) => simplex,
            Err(problem) => return SearchStep::last(f64::INFINITY, problem.clone()),
        };
        let mut problem = Problem::new(LossAsCost::new(evaluator));
        let outcome = match self.state.take() {
            None => simplex.init(&mut problem, SimplexState::new()),
            Some(state) => simplex.next_iter(&mut problem, state),
        };
        match outcome {
            Ok((state, _)) => {
                let loss = state.get_cost();
                // With infinite losses among the corners the deviation is no number, and the search goes on.
                let over = loss.is_finite()
                    && Solver::<LossAsCost, SimplexState>::terminate(simplex, &state).terminated();
                self.state = Some(state);
                if over {
                    SearchStep::last(loss, "the losses at the corners of the simplex agree")
                } else {
                    SearchStep::at(loss)
                }
            }
            Err(error) => SearchStep::last(f64::INFINITY, error.to_string()),
        }
    }
}
