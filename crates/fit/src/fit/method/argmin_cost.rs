//! The loss in the form that the crate `argmin` asks for.

use std::borrow::Borrow;
use std::cell::RefCell;

use argmin::core::{CostFunction, Error};

use crate::fit::evaluator::Evaluator;

/// The loss of candidates as a cost function; a candidate that failed costs infinitely much.
///
/// `argmin` shares the cost function and the evaluator writes a log, hence the cell.
pub(super) struct LossAsCost<'c, 'e>(RefCell<&'c mut Evaluator<'e>>);

impl<'c, 'e> LossAsCost<'c, 'e> {
    pub fn new(evaluator: &'c mut Evaluator<'e>) -> Self {
        Self(RefCell::new(evaluator))
    }
}

impl CostFunction for LossAsCost<'_, '_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.0.borrow_mut().value(x))
    }

    /// Computes all candidates of a generation side by side.
    fn bulk_cost<P: Borrow<Vec<f64>>>(&self, candidates: &[P]) -> Result<Vec<f64>, Error> {
        let candidates: Vec<Vec<f64>> = candidates.iter().map(|x| x.borrow().clone()).collect();
        Ok(self.0.borrow_mut().values(&candidates))
    }
}
