//! Coupling rules: how the signals that nodes send become the input of others.
//!
//! The rules themselves are model files (`models/coupling`), compiled like all others.

mod erased;
mod interpreted;
mod rule;

use ndarray::{Array1, ArrayView1, ArrayView2};
use thiserror::Error;

use crate::real::Simd;
use crate::shared::Text;

pub use erased::{AnyRule, PostVjp, Terms, parameter_rows};
pub use interpreted::InterpretedRule;
pub use rule::{Rule, RuleError, Settings};

/// The error of arrays whose shapes do not fit together.
#[derive(Clone, PartialEq, Eq, Error)]
#[error("the {what} have shape {given:?}; weights of shape {weights:?} need {expected:?}")]
pub struct ShapeError {
    /// The name of the array that has the wrong shape.
    pub what: Text,
    /// The shape of the array given.
    pub given: Vec<usize>,
    /// The shape of the weights, `(target, source)`.
    pub weights: Vec<usize>,
    /// The shape that the array needs.
    pub expected: Vec<usize>,
}

/// Evaluates a coupling rule on given values: `post(sum over j of W_ij pre(y_i, x_ij))`, one number a target.
///
/// `weights` W and `sending` x have the shape `(target, source)`: x_ij is what target i sees of source j, so that values delayed differently can
/// be given; `receiving` y has one value a target. The diagonal is an edge like any other, and rules on the graph Laplacian take `weights` to
/// be the Laplacian.
///
/// ```
/// use brainmass::coupling::currents;
/// use brainmass::zoo::coupling::Diffusive;
/// use ndarray::array;
///
/// let weights = array![[0.0, 2.0], [1.0, 0.0]];
/// let sending = array![[0.0, 3.0], [1.0, 0.0]];
/// let out = currents(&Diffusive::new().k(0.5), weights.view(), sending.view(), array![1.0, 3.0].view())?;
/// assert_eq!(out, array![2.0, -1.0]);
/// # Ok::<(), brainmass::coupling::ShapeError>(())
/// ```
///
/// # Errors
///
/// The shapes of the arrays do not fit together.
pub fn currents(
    rule: &dyn AnyRule,
    weights: ArrayView2<f64>,
    sending: ArrayView2<f64>,
    receiving: ArrayView1<f64>,
) -> Result<Array1<f64>, ShapeError> {
    let (targets, sources) = weights.dim();
    let fits = |what: &Text, given: &[usize], expected: &[usize]| {
        let shape = || ShapeError {
            what: what.clone(),
            given: given.to_vec(),
            weights: vec![targets, sources],
            expected: expected.to_vec(),
        };
        if given == expected { Ok(()) } else { Err(shape()) }
    };
    fits(&"values sent".into(), sending.shape(), &[targets, sources])?;
    fits(&"values of the receivers".into(), receiving.shape(), &[targets])?;
    for (index, parameter) in rule.info().parameters.iter().enumerate() {
        let values = rule.settings().values(index).len();
        if values != 1 {
            fits(&parameter.name, &[values], &[targets])?;
        }
    }
    let simd = Simd::portable();
    let parameters = parameter_rows(&[rule], targets);
    let mut terms = vec![0.0; sources];
    let sums: Vec<f64> = (0..targets)
        .map(|target| {
            let sending = sending.row(target).to_vec();
            let given = Terms {
                parameters: &parameters,
                columns: targets,
                receiver: target,
                receiving: &[receiving[target]],
                sending: &sending,
            };
            rule.pre(simd, given, &mut terms);
            weights.row(target).iter().zip(&terms).map(|(weight, term)| weight * term).sum()
        })
        .collect();
    let mut out = vec![0.0; targets];
    rule.post(simd, &parameters, &sums, &mut out);
    Ok(Array1::from(out))
}

brainmass_spec::debug_as_text!(ShapeError);
