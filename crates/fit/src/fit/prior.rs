//! Priors: what is expected of a parameter before the data are seen.

/// A prior is a penalty that is added to the loss for each value of a parameter, in its declared unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prior {
    /// The penalty is `weight |value|`: the lasso, which takes values that do not matter to exactly zero.
    L1 {
        /// The weight.
        weight: f64,
    },
    /// The penalty is `weight value^2`: the ridge.
    L2 {
        /// The weight.
        weight: f64,
    },
    /// The penalty is `(value - mean)^2/(2 deviation^2)`: the negative log density of a normal distribution without its constant.
    Gaussian {
        /// The expected value.
        mean: f64,
        /// The standard deviation.
        deviation: f64,
    },
}

impl Prior {
    /// Returns the penalty of a value.
    pub fn penalty(self, value: f64) -> f64 {
        match self {
            Self::L1 { weight } => weight * value.abs(),
            Self::L2 { weight } => weight * value * value,
            Self::Gaussian { mean, deviation } => 0.5 * ((value - mean) / deviation).powi(2),
        }
    }

    /// Returns the derivative of the penalty by the value; 0 at the kink of `L1`.
    pub fn derivative(self, value: f64) -> f64 {
        match self {
            Self::L1 { .. } if value == 0.0 => 0.0,
            Self::L1 { weight } => weight * value.signum(),
            Self::L2 { weight } => 2.0 * weight * value,
            Self::Gaussian { mean, deviation } => (value - mean) / (deviation * deviation),
        }
    }

    /// Returns whether weights are not negative, deviations positive, and all numbers finite.
    pub(super) fn is_sound(self) -> bool {
        match self {
            Self::L1 { weight } | Self::L2 { weight } => weight >= 0.0 && weight.is_finite(),
            Self::Gaussian { mean, deviation } => {
                mean.is_finite() && deviation > 0.0 && deviation.is_finite()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn penalties_are_the_textbook_ones() {
        assert_eq!(Prior::L1 { weight: 2.0 }.penalty(-3.0), 6.0);
        assert_eq!(Prior::L2 { weight: 2.0 }.penalty(-3.0), 18.0);
        assert_eq!(Prior::Gaussian { mean: 1.0, deviation: 2.0 }.penalty(5.0), 2.0);
    }

    #[test]
    fn derivatives_equal_central_differences() {
        for prior in [
            Prior::L1 { weight: 0.7 },
            Prior::L2 { weight: 0.7 },
            Prior::Gaussian { mean: 0.4, deviation: 0.3 },
        ] {
            for value in [-1.3, 0.8] {
                let difference = (prior.penalty(value + 1e-5) - prior.penalty(value - 1e-5)) / 2e-5;
                assert!((prior.derivative(value) - difference).abs() < 1e-8, "{prior:?} at {value}");
            }
        }
        assert_eq!(Prior::L1 { weight: 0.7 }.derivative(0.0), 0.0);
    }
}
