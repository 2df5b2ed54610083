//! Weights that fill one triangle alone.

use std::fmt;

use super::contents::Connectome;

/// The half of a matrix on one side of its diagonal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Triangle {
    /// The half above the diagonal.
    Upper,
    /// The half below the diagonal.
    Lower,
}

impl fmt::Display for Triangle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Triangle::Upper => "upper triangle",
            Triangle::Lower => "lower triangle",
        })
    }
}

impl Connectome {
    /// Returns the triangle that all weights between different regions lie in, if they lie in one.
    ///
    /// Some programs write one half of a symmetric matrix (`tck2connectome` of MRtrix3 does unless `-symmetric` is
    /// asked for). Read as it stands, each region then receives from later ones only. Two regions are no such matrix,
    /// they may well be connected in one direction.
    pub fn triangle(&self) -> Option<Triangle> {
        let (mut upper, mut lower) = (false, false);
        for ((target, source), weight) in self.weights.indexed_iter() {
            upper |= target < source && *weight != 0.0;
            lower |= target > source && *weight != 0.0;
        }
        match (upper, lower) {
            _ if self.len() < 3 => None,
            (true, false) => Some(Triangle::Upper),
            (false, true) => Some(Triangle::Lower),
            _ => None,
        }
    }

    /// Returns what may be a mistake in the weights, a sentence each, and what to do if it is one.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(triangle) = self.triangle() {
            let others = if triangle == Triangle::Upper { "later" } else { "earlier" };
            warnings.push(format!(
                "the weights fill the {triangle} of the matrix alone, so that each region receives from {others} ones \
                 only; if the file holds one half of a symmetric matrix, say `symmetrize: max`"
            ));
        }
        if self.edges() == 0 {
            warnings.push("all weights are 0, so that no region is connected".to_owned());
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::super::Symmetrization;
    use super::*;

    #[test]
    fn one_triangle_is_named_and_both_are_not() {
        let upper = Connectome::new(array![[5.0, 1.0, 0.0], [0.0, 0.0, -2.0], [0.0, 0.0, 0.0]]).unwrap();
        assert_eq!(upper.triangle(), Some(Triangle::Upper));
        assert_eq!(
            upper.warnings(),
            [
                "the weights fill the upper triangle of the matrix alone, so that each region receives from later ones only; \
              if the file holds one half of a symmetric matrix, say `symmetrize: max`"
            ]
        );
        let lower = Connectome::new(upper.weights().t().to_owned()).unwrap();
        assert_eq!(lower.triangle(), Some(Triangle::Lower));
        // Of two weights of which one is 0, the other is taken whatever its sign.
        let whole = upper.symmetrized(Symmetrization::Max);
        assert_eq!(whole.weights(), array![[5.0, 1.0, 0.0], [1.0, 0.0, -2.0], [0.0, -2.0, 0.0]]);
        assert!(whole.warnings().is_empty());
        let pair = Connectome::new(array![[0.0, 1.0], [0.0, 0.0]]).unwrap();
        assert_eq!(pair.triangle(), None);
    }

    #[test]
    fn no_connection_at_all_is_told() {
        let none = Connectome::new(Array2::zeros((3, 3))).unwrap();
        assert_eq!(none.warnings(), ["all weights are 0, so that no region is connected"]);
    }
}
