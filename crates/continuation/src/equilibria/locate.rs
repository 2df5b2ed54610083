//! Special points between two points of a branch: solved for by Newton's method on equations that define them.

use brainmass_sim::dynamics::Complex64;

use super::point::{
    EquilibriumPoint, SpecialEquilibrium, SpecialKind, normal_form_of_fold, normal_form_of_hopf,
};
use super::systems::{FoldEquations, HopfEquations, scaled};
use crate::curve::{Defining, Scale, newton};
use crate::equations::Equations;
use crate::linear::{Lu, Matrix, dot};

/// The curve of equilibria while one value varies.
pub(crate) struct CurveOfEquilibria<'a>(pub &'a Equations);

impl Defining for CurveOfEquilibria<'_> {
    fn evaluate(&self, unknowns: &[f64]) -> (Vec<f64>, Matrix<f64>) {
        self.0.linearised(unknowns)
    }
}

/// Makes a point of a branch from its states and the value that varies.
pub(super) fn point_at(equations: &Equations, variables: &[f64]) -> EquilibriumPoint {
    let n = equations.n_states();
    EquilibriumPoint {
        value: variables[n],
        states: variables[..n].to_vec(),
        eigenvalues: equations.jacobian(variables).eigenvalues(),
    }
}

/// Solves for a fold near a point.
pub(super) fn fold(equations: &Equations, guess: &[f64], scale: &Scale) -> Option<SpecialEquilibrium> {
    let n = equations.n_states();
    let system = FoldEquations::near(equations, guess, &scale.0);
    let start = [guess, &system.reference[..]].concat();
    let sizes = [&scale.0[..], &vec![1.0; n][..]].concat();
    let (found, _) = newton(&start, &sizes, |at| system.evaluate(at))?;
    let at = &found[..=n];
    let fold = Some(normal_form_of_fold(equations, at));
    Some(SpecialEquilibrium { kind: SpecialKind::Fold, point: point_at(equations, at), fold, hopf: None })
}

/// Finds the complex eigenvector of the eigenvalue nearest to i times a frequency, with norm 1.
pub(crate) fn hopf_vector(jacobian: &Matrix<f64>, near: Complex64) -> Vec<Complex64> {
    Lu::new(jacobian.shifted(near)).null_vector()
}

/// Solves for a Hopf point near a point at which an eigenvalue is near the imaginary axis.
pub(super) fn hopf(
    equations: &Equations,
    guess: &[f64],
    eigenvalue: Complex64,
    scale: &Scale,
) -> Option<SpecialEquilibrium> {
    let n = equations.n_states();
    let system = HopfEquations::near(equations, guess, eigenvalue, &scale.0);
    let (re, im) = &system.reference;
    let start = [guess, re, im, &[eigenvalue.im.abs()]].concat();
    let sizes = [&scale.0[..], &vec![1.0; 2 * n][..], &[eigenvalue.im.abs()]].concat();
    let (found, _) = newton(&start, &sizes, |at| system.evaluate(at))?;
    let (at, frequency) = (&found[..=n], found[3 * n + 1].abs());
    let hopf = Some(normal_form_of_hopf(equations, at, frequency));
    Some(SpecialEquilibrium { kind: SpecialKind::Hopf, point: point_at(equations, at), fold: None, hopf })
}

/// Solves for a branch point near a point, by equations that are regular there: the residuals may be `b p` with a number `b`, and `p` is the left null
/// vector of all derivatives (Moore 1980).
pub(super) fn branch_point(
    equations: &Equations,
    guess: &[f64],
    scale: &Scale,
) -> Option<SpecialEquilibrium> {
    let n = equations.n_states();
    // Rows of different units are brought to one size before the left null vector is asked for.
    let linear = scaled(&equations.linearised(guess).1, &scale.0);
    let sizes: Vec<f64> = (0..n)
        .map(|row| linear.row(row).iter().fold(0.0, |size: f64, x| size.max(x.abs())).max(1e-300))
        .collect();
    let mut transposed = linear.first_columns(n).transposed();
    for row in 0..n {
        transposed.row_mut(row).iter_mut().zip(&sizes).for_each(|(entry, size)| *entry /= size);
    }
    let p = Lu::new(transposed).null_vector();
    let start = [guess, &[0.0], &p[..]].concat();
    let unknowns = [&scale.0[..], &vec![1.0; n + 1][..]].concat();
    let (found, _) = newton(&start, &unknowns, |at| {
        let (point, rest) = at.split_at(n + 1);
        let (offset, p) = (rest[0], &rest[1..]);
        let left: Vec<f64> = p.iter().zip(&sizes).map(|(p, size)| p / size).collect();
        let (rates, linear) = equations.linearised(point);
        let mut residuals: Vec<f64> = (0..n).map(|i| rates[i] / sizes[i] + offset * p[i]).collect();
        // The derivatives by the scaled unknowns, so that all have one size.
        let products = linear.times_left(&left);
        residuals.extend(products.iter().zip(&scale.0).map(|(product, scale)| product * scale));
        residuals.push(dot(p, p) - 1.0);
        let mut all = Matrix::zeros(2 * n + 2, 2 * n + 2);
        for i in 0..n {
            for j in 0..=n {
                all[(i, j)] = linear[(i, j)] / sizes[i];
                all[(n + j, n + 2 + i)] = linear[(i, j)] * scale.0[j] / sizes[i];
            }
            all[(i, n + 1)] = p[i];
            all[(i, n + 2 + i)] = offset;
            all[(2 * n + 1, n + 2 + i)] = 2.0 * p[i];
        }
        for j in 0..=n {
            let mut unit = vec![0.0; n + 1];
            unit[j] = scale.0[j];
            let curvature = equations.second(point, &unit).times_left(&left);
            all.row_mut(n + j)[..=n].copy_from_slice(&curvature);
        }
        (residuals, all)
    })?;
    let kind = SpecialKind::BranchPoint;
    Some(SpecialEquilibrium { kind, point: point_at(equations, &found[..=n]), fold: None, hopf: None })
}
