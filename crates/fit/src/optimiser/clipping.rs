//! Limits on the length of gradients.

use super::setting::{InvalidSetting, need};

/// A limit on gradients. Longer ones are shortened, which keeps a steep place of the loss from throwing the search far away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clipping {
    /// A gradient of a greater Euclidean length is scaled down to this length and keeps its direction (Pascanu, Mikolov & Bengio 2013).
    Norm(f64),
    /// Each derivative is limited to this magnitude by itself, which can turn the direction.
    Value(f64),
}

impl From<f64> for Clipping {
    /// Limits the Euclidean length.
    fn from(length: f64) -> Self {
        Self::Norm(length)
    }
}

impl Clipping {
    /// Shortens a gradient in place; `norm` is its Euclidean length.
    pub(crate) fn apply<'g>(self, norm: f64, gradient: impl IntoIterator<Item = &'g mut f64>) {
        match self {
            Self::Norm(longest) if norm > longest => {
                gradient.into_iter().for_each(|derivative| *derivative *= longest / norm);
            }
            Self::Norm(_) => {}
            Self::Value(largest) => {
                gradient.into_iter().for_each(|derivative| *derivative = derivative.clamp(-largest, largest));
            }
        }
    }

    /// Checks that the limit is above zero.
    pub(crate) fn check(self) -> Result<(), InvalidSetting> {
        let (Self::Norm(limit) | Self::Value(limit)) = self;
        need(limit > 0.0, "the length of clipped gradients", limit, "a number above 0 is needed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_gradients_are_shortened() {
        let mut gradient = [3.0, -4.0];
        Clipping::Norm(10.0).apply(5.0, &mut gradient);
        assert_eq!(gradient, [3.0, -4.0]);
        Clipping::Norm(1.0).apply(5.0, &mut gradient);
        assert!((gradient[0] - 0.6).abs() < 1e-15 && (gradient[1] + 0.8).abs() < 1e-15, "{gradient:?}");
        Clipping::Value(0.7).apply(1.0, &mut gradient);
        assert_eq!(gradient[1], -0.7);
        assert!((gradient[0] - 0.6).abs() < 1e-15);
        assert!(Clipping::Value(f64::NAN).check().is_err());
    }
}
