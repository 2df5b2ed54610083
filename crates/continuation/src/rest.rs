//! The equilibrium that a start comes to rest at.

use crate::curve::newton;
use crate::linear::{Lu, Matrix, norm};

/// The most steps in which a start may come to rest.
const MOST_STEPS: usize = 400;
/// The size of a step, beside that of the states, below which Newton's method takes over.
const AT_REST: f64 = 1e-9;
/// The distance, beside the size of the states, within which an equilibrium is the one that the flow was about to reach.
const NEAR: f64 = 1e-3;

/// Follows the flow from a start to an equilibrium, by implicit steps of Euler that grow as the rates fall (pseudo-transient continuation, Kelley &
/// Keyes 1998), then by Newton's method. `evaluate` gives the rates and the Jacobian. `None` where it does not come to rest.
pub(crate) fn come_to_rest(
    start: &[f64],
    evaluate: impl Fn(&[f64]) -> (Vec<f64>, Matrix<f64>),
) -> Option<Vec<f64>> {
    let scale: Vec<f64> = start.iter().map(|x| x.abs().max(1e-3)).collect();
    let size = |values: &[f64]| {
        let relative: Vec<f64> = values.iter().zip(&scale).map(|(value, scale)| value / scale).collect();
        norm(&relative)
    };
    let mut at = start.to_vec();
    let (mut rates, mut jacobian) = evaluate(&at);
    let mut last = size(&rates);
    let fastest = jacobian.largest_rate().max(f64::MIN_POSITIVE);
    // The reciprocal of the length of a step.
    let mut pace = fastest;
    for _ in 0..MOST_STEPS {
        if !last.is_finite() {
            return None;
        }
        if last == 0.0 {
            break;
        }
        let mut matrix = jacobian.clone();
        for row in 0..matrix.rows() {
            matrix.row_mut(row).iter_mut().for_each(|entry| *entry = -*entry);
            matrix[(row, row)] += pace;
        }
        let step = Lu::new(matrix).solve(&rates);
        let next: Vec<f64> = at.iter().zip(&step).map(|(x, step)| x + step).collect();
        let (new_rates, new_jacobian) = evaluate(&next);
        let new = size(&new_rates);
        if !new.is_finite() {
            pace *= 4.0;
            continue;
        }
        (at, rates, jacobian) = (next, new_rates, new_jacobian);
        pace *= (new / last).clamp(0.2, 1.5);
        last = new;
        if size(&step) < AT_REST && pace < 1e-6 * fastest {
            break;
        }
    }
    let (states, _) = newton(&at, &scale, evaluate)?;
    // Newton's method finds equilibria far away as well, which the flow would not come to.
    let apart: Vec<f64> = states.iter().zip(&at).map(|(found, at)| found - at).collect();
    (size(&apart) < NEAR).then_some(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_comes_to_the_equilibrium_that_the_flow_reaches() {
        // x' = x - x^3 has the equilibria -1, 0 and 1; Newton's method alone goes from 0.5 to -1.
        let evaluate = |x: &[f64]| {
            (vec![x[0] - x[0].powi(3)], Matrix::from_entries(1, 1, vec![1.0 - 3.0 * x[0] * x[0]]))
        };
        // A flow that never rests: Newton's method would find an equilibrium of the tail.
        let drift = |x: &[f64]| (vec![1.0 + x[0] * x[0]], Matrix::from_entries(1, 1, vec![2.0 * x[0]]));
        assert!(come_to_rest(&[0.0], drift).is_none());
        for (start, end) in [(0.5, 1.0), (-0.01, -1.0), (3.0, 1.0)] {
            let found = come_to_rest(&[start], evaluate).expect("it comes to rest");
            assert!((found[0] - end).abs() < 1e-12, "{start}: {found:?}");
        }
    }
}
