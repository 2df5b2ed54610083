//! Phase responses of limit cycles, by the adjoint equation (Malkin 1949; Ermentrout 1996).

use std::f64::consts::TAU;

use super::basis::{DEGREE, GAUSS, slopes, values};
use super::collocation::Condition;
use super::point::{CyclePoint, correct, sizes};
use super::profile::Profile;
use crate::equations::Equations;
use crate::linear::{Lu, Matrix, dot};

/// The largest change of the product of response and rates over the period, as a share of it, that counts as rounding.
const LARGEST_CHANGE: f64 = 1e-3;

/// The infinitesimal phase response of a limit cycle: by how much a small push moves its phase, for each state and each phase at which it is pushed.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseResponse {
    /// The period of the cycle in ms.
    pub period: f64,
    /// The course of the responses over one period, in rad per unit of the state. Its start is that of the profile of the cycle.
    pub response: Profile,
}

impl CyclePoint {
    /// Computes the phase response of the cycle; `None` where the cycle does not solve the equations or its multipliers are too large to be computed with.
    ///
    /// The response `z` solves the adjoint of the linearised equations, `dz/dt = -J' z`, and its product with the rates of change is `2 pi` over the period.
    pub fn phase_response(&self, equations: &Equations) -> Option<PhaseResponse> {
        let (n, cycle) = (equations.n_states(), self.cycle());
        let measure = sizes(&cycle, self.value.abs().max(1.0));
        let (cycle, _, solved) = correct(equations, &cycle, &Condition::Value, &measure)?;
        // The left vector of the multiplier 1, in sizes of the states.
        let mut shifted = solved.monodromy.transposed();
        for i in 0..n {
            shifted[(i, i)] -= 1.0;
        }
        let left = Lu::new(shifted).null_vector();
        let mut end: Vec<f64> = left.iter().zip(&measure.states).map(|(x, size)| x / size).collect();
        let profile = &cycle.profile;
        let mut nodes = vec![0.0; profile.nodes.len()];
        let last = nodes.len() - n;
        nodes[last..].copy_from_slice(&end);
        // Backwards in time, in which errors shrink along stable cycles.
        for interval in (0..profile.intervals()).rev() {
            let start = interval * DEGREE * n;
            let solved = backward(equations, profile, interval, (cycle.period, cycle.value), &end);
            nodes[start..start + DEGREE * n].copy_from_slice(&solved);
            end.copy_from_slice(&solved[..n]);
        }
        let mut response = Profile { mesh: profile.mesh.clone(), nodes, n };
        let products: Vec<f64> = (0..profile.n_nodes())
            .map(|node| {
                let rates = equations.rates(&[profile.node(node), &[cycle.value]].concat());
                dot(response.node(node), &rates)
            })
            .collect();
        let mean = products.iter().sum::<f64>() / products.len() as f64;
        let change = products.iter().map(|product| (product / mean - 1.0).abs()).fold(0.0, f64::max);
        if !change.is_finite() || change > LARGEST_CHANGE {
            return None;
        }
        let factor = TAU / (cycle.period * mean);
        response.nodes.iter_mut().for_each(|x| *x *= factor);
        Some(PhaseResponse { period: cycle.period, response })
    }
}

/// Solves the adjoint equation on an interval from its end to its start. Returns the values at the nodes but the last.
fn backward(
    equations: &Equations,
    profile: &Profile,
    interval: usize,
    (period, value): (f64, f64),
    end: &[f64],
) -> Vec<f64> {
    let n = profile.n;
    let width = profile.mesh[interval + 1] - profile.mesh[interval];
    let (mut matrix, mut right) = (Matrix::zeros(DEGREE * n, DEGREE * n), vec![0.0; DEGREE * n]);
    for (point, (place, _)) in GAUSS.iter().enumerate() {
        let (value_of, slope_of) = (values(*place), slopes(*place));
        let mut state = vec![0.0; n + 1];
        for (j, factor) in value_of.iter().enumerate() {
            let node = profile.node(interval * DEGREE + j);
            state[..n].iter_mut().zip(node).for_each(|(sum, x)| *sum += factor * x);
        }
        state[n] = value;
        let jacobian = equations.jacobian(&state);
        for i in 0..n {
            let row = point * n + i;
            for j in 0..=DEGREE {
                for k in 0..n {
                    let own = if i == k { slope_of[j] / width } else { 0.0 };
                    let entry = own + period * value_of[j] * jacobian[(k, i)];
                    if j == DEGREE {
                        right[row] -= entry * end[k];
                    } else {
                        matrix[(row, j * n + k)] = entry;
                    }
                }
            }
        }
    }
    Lu::new(matrix).solve(&right)
}
