//! Pseudo-arclength continuation of a curve that is given by equations, one fewer than unknowns (Keller 1977; Allgower & Georg 2003).

use crate::linear::{Lu, Matrix, dot, norm};

/// The number of steps of Newton's method after which a point is given up.
const ITERATIONS: usize = 12;
/// The change in scaled unknowns below which Newton's method has converged.
const CONVERGED: f64 = 1e-11;

/// Equations that define a curve.
pub(crate) trait Defining {
    /// Computes the residuals of `N` equations and their derivatives by the `N + 1` unknowns.
    fn evaluate(&self, unknowns: &[f64]) -> (Vec<f64>, Matrix<f64>);
}

/// The sizes that changes of the unknowns are measured by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale(pub Vec<f64>);

impl Scale {
    /// Computes the product of two directions.
    pub fn product(&self, a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).zip(&self.0).map(|((a, b), scale)| a / scale * (b / scale)).sum()
    }

    /// Computes the size of a direction.
    pub fn size(&self, direction: &[f64]) -> f64 {
        self.product(direction, direction).sqrt()
    }

    /// Raises the sizes to the magnitudes of some unknowns; the last stays, which is the value that varies.
    pub fn widen(&mut self, unknowns: &[f64]) {
        let fixed = self.0.len() - 1;
        for (scale, x) in self.0[..fixed].iter_mut().zip(unknowns) {
            *scale = scale.max(x.abs());
        }
    }
}

/// Moves along a direction.
pub(crate) fn moved(from: &[f64], direction: &[f64], by: f64) -> Vec<f64> {
    from.iter().zip(direction).map(|(x, d)| x + by * d).collect()
}

/// Newton's method on square systems. `scale` are the sizes of the unknowns. `None` where it does not converge; else the root and the number of
/// steps.
pub(crate) fn newton(
    start: &[f64],
    scale: &[f64],
    evaluate: impl Fn(&[f64]) -> (Vec<f64>, Matrix<f64>),
) -> Option<(Vec<f64>, usize)> {
    let mut at = start.to_vec();
    let mut last = f64::INFINITY;
    for iteration in 1..=ITERATIONS {
        let (residuals, mut jacobian) = evaluate(&at);
        if residuals.iter().any(|value| !value.is_finite()) {
            return None;
        }
        for row in 0..jacobian.rows() {
            for (entry, scale) in jacobian.row_mut(row).iter_mut().zip(scale) {
                *entry *= scale;
            }
        }
        let step = Lu::new(jacobian).solve(&residuals);
        let size = norm(&step);
        if !size.is_finite() || size > 1e3 || (iteration > 3 && size > 2.0 * last) {
            return None;
        }
        at.iter_mut().zip(&step).zip(scale).for_each(|((x, step), scale)| *x -= step * scale);
        // A step that no longer shrinks is rounding.
        if size < CONVERGED || (size < 1e-8 && size > 0.3 * last) {
            return Some((at, iteration));
        }
        last = size;
    }
    None
}

/// Finds the point of a curve in the plane through `guess` across a direction.
pub(crate) fn correct(
    curve: &dyn Defining,
    guess: &[f64],
    direction: &[f64],
    scale: &Scale,
) -> Option<(Vec<f64>, usize)> {
    newton(guess, &scale.0, |at| {
        let (mut residuals, jacobian) = curve.evaluate(at);
        let offset: Vec<f64> = at.iter().zip(guess).map(|(x, guess)| x - guess).collect();
        residuals.push(scale.product(direction, &offset));
        let last: Vec<f64> = direction.iter().zip(&scale.0).map(|(d, scale)| d / (scale * scale)).collect();
        (residuals, bordered(&jacobian, &last))
    })
}

/// Finds the point of a curve at which one unknown has a given value.
pub(crate) fn correct_at(
    curve: &dyn Defining,
    guess: &[f64],
    unknown: usize,
    value: f64,
    scale: &Scale,
) -> Option<Vec<f64>> {
    let found = newton(guess, &scale.0, |at| {
        let (mut residuals, jacobian) = curve.evaluate(at);
        residuals.push(at[unknown] - value);
        let mut last = vec![0.0; at.len()];
        last[unknown] = 1.0;
        (residuals, bordered(&jacobian, &last))
    });
    found.map(|(mut at, _)| {
        at[unknown] = value;
        at
    })
}

/// Adds a row to a matrix.
pub(crate) fn bordered(matrix: &Matrix<f64>, last: &[f64]) -> Matrix<f64> {
    let mut result = Matrix::zeros(matrix.rows() + 1, matrix.columns());
    result.put(0, 0, matrix);
    result.row_mut(matrix.rows()).copy_from_slice(last);
    result
}

/// Finds the direction of a curve at a point, of size 1, on the side of `like`; and the sign of the determinant of derivatives and direction, which
/// changes at branch points alone.
pub(crate) fn tangent(jacobian: &Matrix<f64>, like: &[f64], scale: &Scale) -> (Vec<f64>, f64) {
    let n = scale.0.len();
    let mut scaled = jacobian.clone();
    for row in 0..scaled.rows() {
        for (entry, scale) in scaled.row_mut(row).iter_mut().zip(&scale.0) {
            *entry *= scale;
        }
    }
    let like: Vec<f64> = like.iter().zip(&scale.0).map(|(x, scale)| x / scale).collect();
    let mut right = vec![0.0; n];
    right[n - 1] = 1.0;
    let mut direction = Lu::new(bordered(&scaled, &like)).solve(&right);
    // Solved once more with itself as the border, so that it is as exact as can be.
    let size = norm(&direction);
    direction.iter_mut().for_each(|x| *x /= size);
    let lu = Lu::new(bordered(&scaled, &direction));
    let sign = lu.sign();
    let mut direction = lu.solve(&right);
    let size = norm(&direction) * if dot(&direction, &like) < 0.0 { -1.0 } else { 1.0 };
    direction.iter_mut().zip(&scale.0).for_each(|(x, scale)| *x *= scale / size);
    (direction, if size < 0.0 { -sign } else { sign })
}
