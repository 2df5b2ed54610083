//! Fixed points and their stability.

use std::fmt;

use realfft::num_complex::Complex64;

/// The stability of a fixed point: the motion of its neighbourhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stability {
    /// All eigenvalues of the Jacobian have negative real parts; it is drawn filled.
    Stable,
    /// Perturbations grow in all directions, or in an even number of them while they decay in the others: an unstable node or focus, such as a
    /// stable focus becomes at a Hopf bifurcation. Drawn open.
    Unstable,
    /// Perturbations decay in some directions and grow in an odd number of others, as at the point that meets a stable one in a fold. Drawn half
    /// filled.
    Saddle,
    /// A real part is zero to rounding, so the linearisation does not decide.
    Marginal,
}

/// A state that does not change, and the linearisation there.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedPoint {
    /// The state, one value a state of the model.
    pub states: Vec<f64>,
    /// The eigenvalues of the Jacobian in 1/ms, by descending real part. For a model with delays they are those without the delays.
    pub eigenvalues: Vec<Complex64>,
}

impl FixedPoint {
    /// Decides the stability by the signs of the real parts; one below 1e-9 of the largest eigenvalue counts as zero.
    pub fn stability(&self) -> Stability {
        let largest = self.eigenvalues.iter().map(|value| value.norm()).fold(0.0, f64::max);
        let count = |sign: f64| {
            let counts = |value: &&Complex64| sign * value.re > 1e-9 * largest;
            self.eigenvalues.iter().filter(counts).count()
        };
        match (count(1.0), count(-1.0)) {
            (positive, negative) if positive % 2 == 1 && negative > 0 => Stability::Saddle,
            (positive, negative) if positive == 0 && negative < self.eigenvalues.len() => Stability::Marginal,
            (0, _) => Stability::Stable,
            _ => Stability::Unstable,
        }
    }

    /// Whether trajectories nearby turn, because some eigenvalue is not real.
    pub fn turns(&self) -> bool {
        let largest = self.eigenvalues.iter().map(|value| value.norm()).fold(0.0, f64::max);
        self.eigenvalues.iter().any(|value| value.im.abs() > 1e-9 * largest)
    }
}

impl fmt::Display for FixedPoint {
    /// Writes its name in the theory of dynamical systems: `stable focus`, `saddle`, ...
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Growing directions alone say what an unstable point is: perturbations that decay are soon gone.
        let turning = |value: &&Complex64| value.re > 0.0 && value.im.abs() > 1e-9 * value.norm();
        let turns = match self.stability() {
            Stability::Unstable => self.eigenvalues.iter().any(|value| turning(&value)),
            _ => self.turns(),
        };
        let kind = if turns { "focus" } else { "node" };
        match self.stability() {
            Stability::Stable => write!(f, "stable {kind}"),
            Stability::Unstable => write!(f, "unstable {kind}"),
            Stability::Saddle if self.turns() => f.write_str("saddle-focus"),
            Stability::Saddle => f.write_str("saddle"),
            Stability::Marginal if self.turns() => f.write_str("center (to first order)"),
            Stability::Marginal => f.write_str("degenerate (to first order)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_the_names_of_the_theory() {
        let point = |values: &[(f64, f64)]| FixedPoint {
            states: vec![0.0; values.len()],
            eigenvalues: values.iter().map(|&(re, im)| Complex64::new(re, im)).collect(),
        };
        for (values, name) in [
            (&[(-1.0, 0.0), (-2.0, 0.0)][..], "stable node"),
            (&[(-1.0, 3.0), (-1.0, -3.0)], "stable focus"),
            (&[(1.0, 3.0), (1.0, -3.0)], "unstable focus"),
            (&[(2.0, 0.0), (1.0, 0.0)], "unstable node"),
            (&[(1.0, 3.0), (1.0, -3.0), (-2.0, 0.0)], "unstable focus"),
            (&[(2.0, 0.0), (1.0, 0.0), (-1.0, 4.0), (-1.0, -4.0)], "unstable node"),
            (&[(2.0, 0.0), (-1.0, 0.0)], "saddle"),
            (&[(3.0, 1.0), (3.0, -1.0), (2.0, 0.0), (-1.0, 0.0)], "saddle-focus"),
            (&[(2.0, 0.0), (-1.0, 1.0), (-1.0, -1.0)], "saddle-focus"),
            (&[(1e-17, 3.0), (1e-17, -3.0)], "center (to first order)"),
            (&[(0.0, 0.0), (-1.0, 0.0)], "degenerate (to first order)"),
        ] {
            assert_eq!(point(values).to_string(), name);
        }
    }
}
