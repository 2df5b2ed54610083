//! Transforms, by which a parameter with a range is searched without one.

use std::fmt;

/// A transform takes a number `u` of any size to a value within a range, so that searches need not know of bounds.
///
/// | transform | value | range |
/// |---|---|---|
/// | `Identity` | `u` | everything |
/// | `Softplus` | `lower + ln(1 + exp(u))` | above `lower` |
/// | `Exp` | `lower + exp(u)` | above `lower`; steps are relative to the distance from it |
/// | `Sigmoid` | `lower + (upper - lower)/(1 + exp(-u))` | between `lower` and `upper` |
/// | `Clip` | `u`, but not beyond `lower` and `upper` | from `lower` to `upper`, both included; beyond them the value does not change |
///
/// ```
/// use brainmass::fit::Transform;
///
/// let interval = Transform::Sigmoid { lower: 2.0, upper: 4.0 };
/// assert_eq!(interval.value(0.0), 3.0);
/// assert_eq!(interval.inverse(3.0), Some(0.0));
/// assert_eq!(interval.inverse(4.0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Transform {
    /// The value is `u` itself.
    #[default]
    Identity,
    /// The value is above a bound, and nearly linear in `u` away from it.
    Softplus {
        /// The bound.
        lower: f64,
    },
    /// The value is above a bound, and `u` is the logarithm of its distance.
    Exp {
        /// The bound.
        lower: f64,
    },
    /// The value is between two bounds.
    Sigmoid {
        /// The lower bound.
        lower: f64,
        /// The upper bound.
        upper: f64,
    },
    /// The value is cut off at bounds, which may be infinite.
    Clip {
        /// The lower bound.
        lower: f64,
        /// The upper bound.
        upper: f64,
    },
}

impl Transform {
    /// Returns the value at `u`.
    pub fn value(self, u: f64) -> f64 {
        match self {
            Self::Identity => u,
            // This form of ln(1 + exp(u)) does not overflow for large u, and does not round to 0 for small ones.
            Self::Softplus { lower } => lower + u.max(0.0) + (-u.abs()).exp().ln_1p(),
            Self::Exp { lower } => lower + u.exp(),
            Self::Sigmoid { lower, upper } => lower + (upper - lower) * sigmoid(u),
            Self::Clip { lower, upper } => u.max(lower).min(upper),
        }
    }

    /// Returns the `u` that gives a value; `None` where none does.
    pub fn inverse(self, value: f64) -> Option<f64> {
        let u = match self {
            Self::Identity => value,
            Self::Softplus { lower } => (value - lower) + (-(-(value - lower)).exp_m1()).ln(),
            Self::Exp { lower } => (value - lower).ln(),
            Self::Sigmoid { lower, upper } => ((value - lower) / (upper - value)).ln(),
            Self::Clip { lower, upper } if (lower..=upper).contains(&value) => value,
            Self::Clip { .. } => return None,
        };
        u.is_finite().then_some(u)
    }

    /// Returns the derivative of the value by `u`. That of `Clip` is 1 up to the bounds and 0 beyond.
    pub fn derivative(self, u: f64) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Softplus { .. } => sigmoid(u),
            Self::Exp { .. } => u.exp(),
            Self::Sigmoid { lower, upper } => (upper - lower) * sigmoid(u) * sigmoid(-u),
            Self::Clip { lower, upper } => f64::from((lower..=upper).contains(&u)),
        }
    }

    /// Returns the nearest `u` at which the value still changes.
    pub fn project(self, u: f64) -> f64 {
        match self {
            Self::Clip { .. } => self.value(u),
            _ => u,
        }
    }

    /// Returns the bounds that the value keeps, infinite where there is none.
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::Identity => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Softplus { lower } | Self::Exp { lower } => (lower, f64::INFINITY),
            Self::Sigmoid { lower, upper } | Self::Clip { lower, upper } => (lower, upper),
        }
    }

    /// Returns whether the bounds are in order, and finite where they must be.
    pub(super) fn is_sound(self) -> bool {
        match self {
            Self::Identity => true,
            Self::Softplus { lower } | Self::Exp { lower } => lower.is_finite(),
            Self::Sigmoid { lower, upper } => lower.is_finite() && upper.is_finite() && lower < upper,
            Self::Clip { lower, upper } => lower < upper,
        }
    }
}

/// Writes the transform with its bounds, such as `sigmoid(0, 2)`.
impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity => write!(f, "identity"),
            Self::Softplus { lower } => write!(f, "softplus({lower})"),
            Self::Exp { lower } => write!(f, "exp({lower})"),
            Self::Sigmoid { lower, upper } => write!(f, "sigmoid({lower}, {upper})"),
            Self::Clip { lower, upper } => write!(f, "clip({lower}, {upper})"),
        }
    }
}

/// Returns the logistic function `1/(1 + exp(-u))`.
fn sigmoid(u: f64) -> f64 {
    // exp overflows to infinity for u below -709, of which the reciprocal is the right 0.
    1.0 / (1.0 + (-u).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Transform; 5] = [
        Transform::Identity,
        Transform::Softplus { lower: -1.0 },
        Transform::Exp { lower: 0.5 },
        Transform::Sigmoid { lower: -2.0, upper: 3.0 },
        Transform::Clip { lower: -5.0, upper: 5.0 },
    ];

    #[test]
    fn the_inverse_gives_back_what_was_transformed() {
        for transform in ALL {
            for u in [-4.9, -1.0, 0.0, 0.3, 4.9] {
                let back = transform.inverse(transform.value(u)).unwrap();
                assert!((back - u).abs() < 1e-12, "{transform}: {u} came back as {back}");
            }
        }
    }

    #[test]
    fn derivatives_equal_central_differences() {
        for transform in ALL {
            for u in [-3.0, -0.2, 1.7] {
                let step = 1e-5;
                let difference = (transform.value(u + step) - transform.value(u - step)) / (2.0 * step);
                assert!((transform.derivative(u) - difference).abs() < 1e-8, "{transform} at {u}");
            }
        }
    }

    #[test]
    fn values_are_the_textbook_ones() {
        // ln(1 + e), and what is left of it far away from 0.
        assert!((Transform::Softplus { lower: 0.0 }.value(1.0) - 1.313_261_687_518_222_8).abs() < 1e-15);
        assert_eq!(Transform::Softplus { lower: 0.0 }.value(800.0), 800.0);
        assert!((Transform::Softplus { lower: 0.0 }.value(-40.0) / (-40f64).exp() - 1.0).abs() < 1e-12);
        assert_eq!(Transform::Exp { lower: 2.0 }.value(0.0), 3.0);
        assert_eq!(Transform::Sigmoid { lower: 0.0, upper: 1.0 }.value(-800.0), 0.0);
        assert_eq!(Transform::Clip { lower: 0.0, upper: 1.0 }.value(7.0), 1.0);
        assert_eq!(Transform::Clip { lower: 0.0, upper: 1.0 }.derivative(7.0), 0.0);
    }

    #[test]
    fn what_is_out_of_reach_has_no_inverse() {
        for (transform, value) in [
            (Transform::Softplus { lower: 0.0 }, 0.0),
            (Transform::Exp { lower: 0.0 }, -1.0),
            (Transform::Sigmoid { lower: 0.0, upper: 1.0 }, 1.0),
            (Transform::Sigmoid { lower: 0.0, upper: 1.0 }, 2.0),
            (Transform::Clip { lower: 0.0, upper: 1.0 }, 1.5),
            (Transform::Identity, f64::NAN),
        ] {
            assert_eq!(transform.inverse(value), None, "{transform} of {value}");
        }
    }
}
