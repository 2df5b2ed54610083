//! Graph Laplacians.

use ndarray::{Array1, Array2, ArrayView2};

use super::contents::Connectome;

/// The smallest degree that weights are divided by, unless another is given.
pub const DEFAULT_EPS: f64 = 1e-12;

/// The divisor of the weights in a Laplacian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LaplacianNormalization {
    /// No divisor: `L = W - D`.
    #[default]
    None,
    /// The degree of the target (random walk): `L = D^-1 W - 1`.
    RandomWalk,
    /// The root of the product of both degrees (symmetric): `L = D^-1/2 W D^-1/2 - 1`.
    Symmetric,
}

impl LaplacianNormalization {
    /// Returns the scaled weight between nodes of these degrees, which are above 0 where they are divided by.
    pub fn scaled(self, weight: f64, target_degree: f64, source_degree: f64) -> f64 {
        match self {
            Self::None => weight,
            Self::RandomWalk => weight / target_degree,
            Self::Symmetric => weight / (target_degree * source_degree).sqrt(),
        }
    }

    /// Returns the exponents of the degrees of target and source in the factor of a weight.
    pub fn exponents(self) -> (f64, f64) {
        match self {
            Self::None => (0.0, 0.0),
            Self::RandomWalk => (-1.0, 0.0),
            Self::Symmetric => (-0.5, -0.5),
        }
    }

    /// Returns what is subtracted from the diagonal at a node of this degree.
    pub fn outflow(self, degree: f64) -> f64 {
        if self == Self::None { degree } else { 1.0 }
    }
}

/// Returns the degree of each region: the sum of the weights that it receives, `d_i = sum_j W_ij`.
pub fn degrees(weights: ArrayView2<'_, f64>) -> Array1<f64> {
    weights.rows().into_iter().map(|row| row.iter().sum()).collect()
}

/// Returns the Laplacian of `weights`, `[target][source]`, with the sign that lets activity spread: `x' = L x` is
/// diffusion.
///
/// In textbooks (Chung, Spectral Graph Theory, 1997) it has the opposite sign, `D - W`. A degree below `eps` (see
/// [`DEFAULT_EPS`]) is replaced by `eps` where it would be divided by, so that a region without input has the row
/// `-1` on the diagonal when normalized; without normalization `eps` has no effect.
///
/// # Panics
/// Where `weights` is not square.
pub fn laplacian(
    weights: ArrayView2<'_, f64>,
    normalization: LaplacianNormalization,
    eps: f64,
) -> Array2<f64> {
    let degrees = degrees(weights);
    let divisor = degrees.mapv(|degree| degree.max(eps));
    let mut laplacian = weights.to_owned();
    for ((target, source), value) in laplacian.indexed_iter_mut() {
        *value = normalization.scaled(*value, divisor[target], divisor[source]);
    }
    for (value, degree) in laplacian.diag_mut().iter_mut().zip(&degrees) {
        *value -= normalization.outflow(*degree);
    }
    laplacian
}

/// Vector-Jacobian product of [`laplacian()`]: given the adjoint of each entry, returns the adjoint of each weight.
pub fn laplacian_back(
    weights: ArrayView2<'_, f64>,
    normalization: LaplacianNormalization,
    eps: f64,
    adjoint: ArrayView2<'_, f64>,
) -> Array2<f64> {
    let degrees = degrees(weights);
    let divisor = degrees.mapv(|degree| degree.max(eps));
    // The adjoints of the degrees, which pass to every weight of their rows.
    let mut to_degrees = Array1::zeros(degrees.len());
    let mut given = Array2::zeros(weights.dim());
    for ((target, source), &weight) in weights.indexed_iter() {
        let adjoint = adjoint[[target, source]];
        let (of_target, of_source) = (divisor[target], divisor[source]);
        given[[target, source]] = normalization.scaled(adjoint, of_target, of_source);
        let product = normalization.scaled(weight, of_target, of_source) * adjoint;
        match normalization {
            LaplacianNormalization::None => {}
            LaplacianNormalization::RandomWalk => to_degrees[target] -= product / of_target,
            LaplacianNormalization::Symmetric => {
                to_degrees[target] -= 0.5 * product / of_target;
                to_degrees[source] -= 0.5 * product / of_source;
            }
        }
    }
    for (target, (to_degree, degree)) in to_degrees.iter_mut().zip(&degrees).enumerate() {
        if normalization == LaplacianNormalization::None {
            *to_degree = -adjoint[[target, target]];
        } else if *degree <= eps {
            *to_degree = 0.0;
        }
    }
    given + to_degrees.insert_axis(ndarray::Axis(1))
}

impl Connectome {
    /// Returns the Laplacian of the weights, see [`laplacian()`], with [`DEFAULT_EPS`].
    pub fn laplacian(&self, normalization: LaplacianNormalization) -> Array2<f64> {
        laplacian(self.weights.view(), normalization, DEFAULT_EPS)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_uniform_state_does_not_spread() {
        let connectome = Connectome::new(array![[0.5, 2.0, 1.0], [4.0, 0.0, 0.0], [1.0, 3.0, 0.0]]).unwrap();
        for normalization in [LaplacianNormalization::None, LaplacianNormalization::RandomWalk] {
            let spread = connectome.laplacian(normalization).dot(&Array1::ones(3));
            assert!(spread.iter().all(|value| value.abs() < 1e-15), "{normalization:?}: {spread}");
        }
    }

    #[test]
    fn symmetric_weights_have_a_symmetric_laplacian() {
        let connectome = Connectome::new(array![[0.0, 2.0, 1.0], [2.0, 0.0, 5.0], [1.0, 5.0, 0.0]]).unwrap();
        let laplacian = connectome.laplacian(LaplacianNormalization::Symmetric);
        assert!((&laplacian - &laplacian.t()).iter().all(|difference| difference.abs() < 1e-15));
        // The root of the degrees is its null vector.
        let null = laplacian.dot(&degrees(connectome.weights().view()).mapv(f64::sqrt));
        assert!(null.iter().all(|value| value.abs() < 1e-14), "{null}");
    }

    #[test]
    fn a_region_without_input_stays_finite() {
        let connectome = Connectome::new(array![[0.0, 0.0], [1.0, 0.0]]).unwrap();
        let laplacian = connectome.laplacian(LaplacianNormalization::RandomWalk);
        assert_eq!(laplacian, array![[-1.0, 0.0], [1.0, -1.0]]);
    }
}
