//! Connectomes made from connectomes. Each method returns a changed connectome; labels and all else go along.

use ndarray::{Array2, Axis, Zip};

use super::contents::Connectome;
use super::error::ConnectomeError;
use super::spectral::spectral_radius;

/// The way in which [`Connectome::normalized`] rescales the weights.
///
/// Weights of regions to themselves have no part in the divisors, since networks leave such connections out unless they
/// are told otherwise; they are divided like the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalization {
    /// Divides all weights by the largest magnitude of one between regions, which becomes 1 or -1.
    Max,
    /// Divides each row by the sum of the magnitudes that the region receives from others, so that every region
    /// receives 1 in all. A region that receives nothing stays so.
    RowSum,
    /// Divides all weights by the [`spectral_radius`] of those between regions: a linear network of gain `k` and leak 1
    /// is stable for `k < 1`.
    SpectralRadius,
    /// Replaces each weight `w` by `ln(1 + w)`, which brings streamline counts of many decades closer together.
    Log1p,
}

/// The number of connections that [`Connectome::strongest`] keeps, as a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Share {
    /// A share of the connections that there are, between 0 and 1.
    OfConnections(f64),
    /// A share of the `n (n - 1)` connections that there could be, between 0 and 1: the density of what is left, as
    /// `threshold_proportional` of the Brain Connectivity Toolbox takes it (Rubinov & Sporns 2010).
    OfPairs(f64),
}

/// The weight that both directions between two regions get in [`Connectome::symmetrized`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symmetrization {
    /// The mean of the two weights. Where a file holds one triangle alone, this halves all weights.
    Mean,
    /// The weight of the larger magnitude; of two opposite weights the positive one.
    Max,
}

impl Connectome {
    /// Rescales the weights.
    ///
    /// # Errors
    /// Where the weights would be divided by 0 or by a sum that is not finite, or, for [`Normalization::Log1p`], one is
    /// negative.
    pub fn normalized(mut self, normalization: Normalization) -> Result<Self, ConnectomeError> {
        let mut between = self.weights.clone();
        between.diag_mut().fill(0.0);
        match normalization {
            Normalization::Max => {
                let largest = between.iter().fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
                self.divide("largest magnitude", largest)?;
            }
            Normalization::SpectralRadius => self.divide("spectral radius", spectral_radius(&between))?,
            Normalization::RowSum => {
                for (mut row, between) in self.weights.rows_mut().into_iter().zip(between.rows()) {
                    let sum: f64 = between.iter().map(|weight| weight.abs()).sum();
                    if !sum.is_finite() {
                        return Err(ConnectomeError::NotNormalizable { what: "row sum", value: sum });
                    }
                    if sum > 0.0 {
                        row /= sum;
                    }
                }
            }
            Normalization::Log1p => {
                if let Some(((target, source), &value)) = self.weights.indexed_iter().find(|(_, w)| **w < 0.0)
                {
                    return Err(ConnectomeError::NegativeWeight {
                        target: self.labels[target].clone(),
                        source_label: self.labels[source].clone(),
                        value,
                        operation: "the logarithm",
                    });
                }
                self.weights.mapv_inplace(f64::ln_1p);
            }
        }
        Ok(self)
    }

    fn divide(&mut self, what: &'static str, value: f64) -> Result<(), ConnectomeError> {
        // Weights beyond 1e308 in sum have an infinite radius, subnormal ones an infinite reciprocal.
        if !(value.is_finite() && value > 0.0) {
            return Err(ConnectomeError::NotNormalizable { what, value });
        }
        self.weights /= value;
        Ok(())
    }

    /// Removes the connections whose weight has a magnitude below `smallest`.
    ///
    /// # Errors
    /// Where `smallest` is negative or not finite.
    pub fn thresholded(mut self, smallest: f64) -> Result<Self, ConnectomeError> {
        if !(smallest >= 0.0 && smallest.is_finite()) {
            let expected = "finite and not negative";
            return Err(ConnectomeError::Argument { name: "threshold", value: smallest, expected });
        }
        self.weights.mapv_inplace(|weight| if weight.abs() < smallest { 0.0 } else { weight });
        Ok(self)
    }

    /// Keeps the strongest connections, as many as `share` says, and removes the others.
    ///
    /// Self-connections are neither counted nor removed. Connections exactly as strong as the weakest one kept are kept
    /// too, so that symmetric weights stay symmetric; there may then be more of them than asked for.
    ///
    /// ```
    /// use brainmass::connectome::{Connectome, Share};
    /// use ndarray::array;
    ///
    /// let connectome = Connectome::new(array![[0.0, 1.0, 2.0], [4.0, 0.0, 0.0], [8.0, 0.0, 0.0]])?;
    /// assert_eq!(connectome.clone().strongest(Share::OfConnections(0.5))?.edges(), 2);
    /// assert_eq!(connectome.strongest(Share::OfPairs(0.5))?.edges(), 3);
    /// # Ok::<(), brainmass::connectome::ConnectomeError>(())
    /// ```
    ///
    /// # Errors
    /// Where the share is not between 0 and 1.
    pub fn strongest(mut self, share: Share) -> Result<Self, ConnectomeError> {
        let (Share::OfConnections(value) | Share::OfPairs(value)) = share;
        if !(0.0..=1.0).contains(&value) {
            return Err(ConnectomeError::Argument { name: "share", value, expected: "between 0 and 1" });
        }
        let mut magnitudes: Vec<f64> = self
            .weights
            .indexed_iter()
            .filter(|((target, source), weight)| target != source && **weight != 0.0)
            .map(|(_, weight)| weight.abs())
            .collect();
        magnitudes.sort_unstable_by(|a, b| b.total_cmp(a));
        let whole = match share {
            Share::OfConnections(_) => magnitudes.len(),
            Share::OfPairs(_) => self.len() * (self.len() - 1),
        };
        let kept = ((value * whole as f64).round() as usize).min(magnitudes.len());
        let weakest =
            kept.checked_sub(1).and_then(|last| magnitudes.get(last)).copied().unwrap_or(f64::INFINITY);
        for ((target, source), weight) in self.weights.indexed_iter_mut() {
            if target != source && weight.abs() < weakest {
                *weight = 0.0;
            }
        }
        Ok(self)
    }

    /// Sets the weight of every region to itself to 0; tract lengths stay.
    #[must_use]
    pub fn without_self_connections(mut self) -> Self {
        self.weights.diag_mut().fill(0.0);
        self
    }

    /// Makes weights and tract lengths symmetric.
    ///
    /// The length of a tract becomes the mean of those of both directions; where one of them is 0, for want of a tract,
    /// it becomes the other.
    #[must_use]
    pub fn symmetrized(mut self, symmetrization: Symmetrization) -> Self {
        self.weights = with_transpose(&self.weights, |a, b| match symmetrization {
            // Half of each, since the sum may overflow.
            Symmetrization::Mean => 0.5 * a + 0.5 * b,
            Symmetrization::Max if a.abs() == b.abs() => a.max(b),
            Symmetrization::Max if a.abs() > b.abs() => a,
            Symmetrization::Max => b,
        });
        self.tract_lengths = self.tract_lengths.map(|lengths| {
            with_transpose(&lengths, |a, b| if a == 0.0 || b == 0.0 { a.max(b) } else { 0.5 * a + 0.5 * b })
        });
        self
    }

    /// Returns the connectome of these regions alone, in this order.
    ///
    /// # Errors
    /// Where there is no such region, one is named twice, or none is named.
    pub fn select(&self, regions: &[usize]) -> Result<Self, ConnectomeError> {
        if let Some(&index) = regions.iter().find(|&&index| index >= self.len()) {
            return Err(ConnectomeError::UnknownIndex { index, regions: self.len() });
        }
        let square = |matrix: &Array2<f64>| matrix.select(Axis(0), regions).select(Axis(1), regions);
        let rows = |matrix: &Array2<f64>| matrix.select(Axis(0), regions);
        let selected = Connectome {
            tract_lengths: self.tract_lengths.as_ref().map(square),
            centres: self.centres.as_ref().map(rows),
            hemispheres: self
                .hemispheres
                .as_ref()
                .map(|all| regions.iter().map(|&index| all[index]).collect()),
            areas: self.areas.as_ref().map(|areas| areas.select(Axis(0), regions)),
            cortical: self.cortical.as_ref().map(|all| regions.iter().map(|&index| all[index]).collect()),
            orientations: self.orientations.as_ref().map(rows),
            ..Connectome::new(square(&self.weights))?
        };
        let mut selected = selected.with_labels(regions.iter().map(|&index| self.labels[index].clone()))?;
        selected.named = self.named;
        Ok(selected)
    }

    /// Returns the connectome of the regions of these names alone, in this order.
    ///
    /// # Errors
    /// As [`Connectome::select`]; an unknown name is answered with the closest one there is.
    pub fn select_labels<L: AsRef<str>>(&self, labels: &[L]) -> Result<Self, ConnectomeError> {
        let regions: Vec<usize> =
            labels.iter().map(|label| self.index_of(label.as_ref())).collect::<Result<_, _>>()?;
        self.select(&regions)
    }
}

fn with_transpose(matrix: &Array2<f64>, combine: impl Fn(f64, f64) -> f64) -> Array2<f64> {
    Zip::from(matrix).and(matrix.t()).map_collect(|&a, &b| combine(a, b))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::super::Hemisphere;
    use super::*;

    fn three() -> Connectome {
        Connectome::new(array![[8.0, 1.0, 2.0], [-4.0, 0.0, 0.0], [0.0, 3.0, 5.0]])
            .unwrap()
            .with_tract_lengths(array![[0.0, 10.0, 20.0], [30.0, 0.0, 0.0], [0.0, 50.0, 0.0]])
            .unwrap()
            .with_labels(["a", "b", "c"])
            .unwrap()
            .with_centres(array![[1.0, 0.0, 0.0], [2.0, 0.0, 0.0], [3.0, 0.0, 0.0]])
            .unwrap()
            .with_hemispheres(vec![Hemisphere::Left, Hemisphere::Right, Hemisphere::Right])
            .unwrap()
    }

    #[test]
    fn the_largest_magnitude_between_regions_becomes_one() {
        let weights = three().normalized(Normalization::Max).unwrap().weights;
        assert_eq!(weights, array![[2.0, 0.25, 0.5], [-1.0, 0.0, 0.0], [0.0, 0.75, 1.25]]);
    }

    #[test]
    fn every_region_receives_as_much() {
        let connectome = Connectome::new(array![[0.0, 1.0, 3.0], [0.0, 0.0, 0.0], [-1.0, 1.0, 0.0]]).unwrap();
        let weights = connectome.normalized(Normalization::RowSum).unwrap().weights;
        assert_eq!(weights, array![[0.0, 0.25, 0.75], [0.0, 0.0, 0.0], [-0.5, 0.5, 0.0]]);
        // What a network leaves out takes nothing from what arrives.
        let weights = three().normalized(Normalization::RowSum).unwrap().without_self_connections().weights;
        let received: Vec<f64> = weights.rows().into_iter().map(|row| row.mapv(f64::abs).sum()).collect();
        assert!(received.iter().all(|sum| (sum - 1.0).abs() < 1e-15), "{received:?}");
        let large = Connectome::new(array![[0.0, 1e308, 1e308], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]).unwrap();
        assert!(large.normalized(Normalization::RowSum).is_err());
    }

    #[test]
    fn the_spectral_radius_becomes_one() {
        let connectome = Connectome::new(array![[9.0, 2.0], [8.0, 7.0]]).unwrap();
        let connectome = connectome.normalized(Normalization::SpectralRadius).unwrap();
        // The radius of [[0, 2], [8, 0]] is 4.
        let expected = array![[2.25, 0.5], [2.0, 1.75]];
        assert!((connectome.weights() - expected).iter().all(|difference| difference.abs() < 1e-14));
        assert!((spectral_radius(connectome.without_self_connections().weights()) - 1.0).abs() < 1e-13);
    }

    #[test]
    fn the_logarithm_is_that_of_one_plus_the_weight() {
        let connectome = Connectome::new(array![[0.0, 1e-20], [9.0, 0.0]]).unwrap();
        let weights = connectome.normalized(Normalization::Log1p).unwrap().weights;
        assert_eq!(weights, array![[0.0, 1e-20], [10.0_f64.ln(), 0.0]]);
        let error = three().normalized(Normalization::Log1p).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the weight from `a` to `b` is -4; the logarithm needs weights of 0 or more"
        );
    }

    #[test]
    fn what_has_no_scale_cannot_be_normalized() {
        let zero = Connectome::new(Array2::zeros((2, 2))).unwrap();
        for (normalization, what) in
            [(Normalization::Max, "largest magnitude"), (Normalization::SpectralRadius, "spectral radius")]
        {
            let error = zero.clone().normalized(normalization).unwrap_err();
            assert_eq!(error.to_string(), format!("the weights cannot be normalized: their {what} is 0"));
        }
    }

    #[test]
    fn weak_connections_are_removed_by_magnitude() {
        let weights = three().thresholded(3.0).unwrap().weights;
        assert_eq!(weights, array![[8.0, 0.0, 0.0], [-4.0, 0.0, 0.0], [0.0, 3.0, 5.0]]);
        assert!(three().thresholded(-1.0).is_err());
        assert!(three().thresholded(f64::NAN).is_err());
    }

    #[test]
    fn the_strongest_connections_are_kept_beside_self_connections() {
        // There are four connections between regions, of six that there could be.
        let weights = three().strongest(Share::OfConnections(0.5)).unwrap().weights;
        assert_eq!(weights, array![[8.0, 0.0, 0.0], [-4.0, 0.0, 0.0], [0.0, 3.0, 5.0]]);
        assert_eq!(three().strongest(Share::OfConnections(1.0)).unwrap(), three());
        assert_eq!(
            three().strongest(Share::OfPairs(0.0)).unwrap().weights,
            array![[8.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 5.0]]
        );
        for proportion in [-0.1, 1.1, f64::NAN] {
            assert!(three().strongest(Share::OfConnections(proportion)).is_err());
            assert!(three().strongest(Share::OfPairs(proportion)).is_err());
        }
    }

    #[test]
    fn a_share_is_one_of_the_connections_that_there_are() {
        // Ten connections of strengths 1, 2, 4, ..., 512 among five regions.
        let mut strength = 0.5;
        let weights = Array2::from_shape_fn((5, 5), |(target, source)| {
            if target >= source {
                return 0.0;
            }
            strength *= 2.0;
            strength
        });
        let connectome = Connectome::new(weights).unwrap();
        let kept = connectome.clone().strongest(Share::OfConnections(0.5)).unwrap();
        assert_eq!((kept.edges(), kept.weights.sum()), (5, 32.0 + 64.0 + 128.0 + 256.0 + 512.0));
        // Half of the twenty pairs are all that there are.
        assert_eq!(connectome.clone().strongest(Share::OfPairs(0.5)).unwrap(), connectome);
    }

    #[test]
    fn equally_strong_connections_share_their_fate() {
        let symmetric = Connectome::new(array![[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [2.0, 3.0, 0.0]]).unwrap();
        let weights = symmetric.strongest(Share::OfPairs(0.5)).unwrap().weights;
        assert_eq!(weights, array![[0.0, 0.0, 2.0], [0.0, 0.0, 3.0], [2.0, 3.0, 0.0]]);
    }

    #[test]
    fn symmetrizing_takes_the_known_length_of_one_way_tracts() {
        let mean = three().symmetrized(Symmetrization::Mean);
        assert_eq!(mean.weights, array![[8.0, -1.5, 1.0], [-1.5, 0.0, 1.5], [1.0, 1.5, 5.0]]);
        assert_eq!(
            mean.tract_lengths.unwrap(),
            array![[0.0, 20.0, 20.0], [20.0, 0.0, 50.0], [20.0, 50.0, 0.0]]
        );
        let max = three().symmetrized(Symmetrization::Max);
        assert_eq!(max.weights, array![[8.0, -4.0, 2.0], [-4.0, 0.0, 3.0], [2.0, 3.0, 5.0]]);
        assert!(max.require_symmetric(0.0).is_ok());
    }

    #[test]
    fn self_connections_are_removed() {
        assert!(three().without_self_connections().weights.diag().iter().all(|weight| *weight == 0.0));
    }

    #[test]
    fn a_selection_takes_everything_along_in_the_given_order() {
        let selected = three().select_labels(&["c", "a"]).unwrap();
        assert_eq!(selected, three().select(&[2, 0]).unwrap());
        assert_eq!(selected.weights, array![[5.0, 0.0], [2.0, 8.0]]);
        assert_eq!(selected.tract_lengths.unwrap(), array![[0.0, 0.0], [20.0, 0.0]]);
        assert_eq!(selected.labels, ["c", "a"]);
        assert_eq!(selected.centres.unwrap().column(0), array![3.0, 1.0]);
        assert_eq!(selected.hemispheres.unwrap(), [Hemisphere::Right, Hemisphere::Left]);
    }

    #[test]
    fn a_selection_that_makes_no_sense_is_refused() {
        let message = |result: Result<Connectome, ConnectomeError>| result.unwrap_err().to_string();
        assert_eq!(message(three().select(&[0, 3])), "there is no region 3; indices run from 0 to 2");
        assert_eq!(message(three().select(&[1, 1])), "the label `b` is given to region 0 and to region 1");
        assert_eq!(message(three().select(&[])), "the weights are empty");
        assert_eq!(message(three().select_labels(&["a", "B"])), "no region is called `B`; did you mean `b`?");
    }
}
