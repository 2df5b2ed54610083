//! The simplex of Nelder and Mead, by the crate `argmin`.

use std::cell::RefCell;

use argmin::core::{CostFunction, IterState, Problem, Solver, State as _};
use argmin::solver::neldermead::NelderMead as Simplex;

use super::{Search, Step, need};
use crate::fit::error::FitError;
use crate::fit::evaluator::Evaluator;

/// Nelder & Mead 1965: a simplex of one point more than there are parameters moves over the loss. Without gradients, for up to about ten
/// parameters.
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
    /// The search is over when the standard deviation of the losses at the corners is smaller; 1e-10 if not given.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        need(
            self.tolerance >= 0.0,
            "the tolerance of the simplex",
            self.tolerance,
            "a number not below 0 is needed",
        )
    }

    pub(super) fn search(&self, from: Vec<f64>, spreads: &[f64]) -> Box<dyn Search> {
        let mut corners = vec![from.clone()];
        for (index, spread) in spreads.iter().enumerate() {
            let mut corner = from.clone();
            corner[index] += spread;
            corners.push(corner);
        }
        let simplex = Simplex::new(corners).with_sd_tolerance(self.tolerance);
        Box::new(Moving { simplex: simplex.map_err(|error| error.to_string()), state: None })
    }
}

type State = IterState<Vec<f64>, (), (), (), (), f64>;

struct Moving {
    simplex: Result<Simplex<Vec<f64>, f64>, String>,
    state: Option<State>,
}

/// The loss as `argmin` wants it: failed candidates are infinitely bad.
struct Cost<'c, 'e>(RefCell<&'c mut Evaluator<'e>>);

impl CostFunction for Cost<'_, '_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        Ok(self.0.borrow_mut().value(x))
    }
}

impl Search for Moving {
    fn step(&mut self, evaluator: &mut Evaluator) -> Step {
        let simplex = match &mut self.simplex {
            Ok(simplex) => simplex,
            Err(problem) => return Step::last(f64::INFINITY, problem.clone()),
        };
        let mut problem = Problem::new(Cost(RefCell::new(evaluator)));
        let outcome = match self.state.take() {
            None => simplex.init(&mut problem, State::new()),
            Some(state) => simplex.next_iter(&mut problem, state),
        };
        match outcome {
            Ok((state, _)) => {
                let loss = state.get_cost();
                // With infinite losses among the corners the deviation is no number, and the search goes on.
                let over = loss.is_finite() && Solver::<Cost, State>::terminate(simplex, &state).terminated();
                self.state = Some(state);
                if over {
                    Step::last(loss, "the losses at the corners of the simplex agree")
                } else {
                    Step::at(loss)
                }
            }
            Err(error) => Step::last(f64::INFINITY, error.to_string()),
        }
    }
}
