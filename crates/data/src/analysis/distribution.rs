//! The distribution of the entries of an FCD matrix.

use std::f64::consts::TAU;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::channels::varies;
use super::correlation::{from_upper_triangle, upper_triangle};
use super::error::{AnalysisError, check_positive};

/// The width of the Gaussians in a density estimate of `n` values, relative to the values' standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Bandwidth {
    /// The width `n^(-1/5)` (Scott 1992).
    #[default]
    Scott,
    /// The width `(3n/4)^(-1/5)` (Silverman 1986).
    Silverman,
    /// The width given.
    Factor(f64),
}

impl Bandwidth {
    fn factor(self, n: usize) -> f64 {
        match self {
            Self::Scott => (n as f64).powf(-0.2),
            Self::Silverman => (0.75 * n as f64).powf(-0.2),
            Self::Factor(factor) => factor,
        }
    }
}

/// An estimate of the distribution of FCD entries: a Gaussian kernel density on evenly spaced points.
///
/// The bandwidth is a factor times the unbiased standard deviation, as in `scipy.stats.gaussian_kde`. The default has
/// 100 points from -0.99 to 0.99, Scott's factor, the entries above the diagonal, and is normalised.
#[derive(Debug, Clone, PartialEq)]
pub struct FcdDistribution {
    points: Array1<f64>,
    bandwidth: Bandwidth,
    diagonal: usize,
    normalised: bool,
}

impl Default for FcdDistribution {
    fn default() -> Self {
        Self {
            points: Array1::linspace(-0.99, 0.99, 100),
            bandwidth: Bandwidth::Scott,
            diagonal: 1,
            normalised: true,
        }
    }
}

impl FcdDistribution {
    /// Sets the points at which the density is evaluated.
    ///
    /// # Errors
    /// Fewer than two points; points that do not rise in even steps (to a millionth of a step).
    pub fn points(mut self, points: Array1<f64>) -> Result<Self, AnalysisError> {
        check_grid(points.view())?;
        self.points = points;
        Ok(self)
    }

    /// Chooses the bandwidth.
    ///
    /// # Errors
    /// A factor that is not positive.
    pub fn bandwidth(mut self, bandwidth: Bandwidth) -> Result<Self, AnalysisError> {
        if let Bandwidth::Factor(factor) = bandwidth {
            check_positive("the bandwidth factor", factor)?;
        }
        self.bandwidth = bandwidth;
        Ok(self)
    }

    /// Takes the entries on and above this diagonal (1 is the first above the main diagonal). With overlapping
    /// windows, `size/step` leaves out pairs that share samples.
    pub fn diagonal(mut self, diagonal: usize) -> Self {
        self.diagonal = diagonal;
        self
    }

    /// Sets whether the density is scaled so that its sum times the spacing of the points is 1.
    pub fn normalised(mut self, normalised: bool) -> Self {
        self.normalised = normalised;
        self
    }

    /// Returns the spacing of the points.
    pub fn spacing(&self) -> f64 {
        self.points[1] - self.points[0]
    }

    /// Returns the points at which the density is evaluated.
    pub fn at(&self) -> ArrayView1<'_, f64> {
        self.points.view()
    }

    /// Estimates the density of the entries of an FCD matrix, shape (window, window).
    ///
    /// # Errors
    /// Fewer than two entries; an entry that is not finite; entries that are all the same; a normalised density that
    /// vanishes at every point.
    pub fn density(&self, fcd: ArrayView2<f64>) -> Result<Density<'_>, AnalysisError> {
        let values = upper_triangle(fcd, self.diagonal);
        let n = values.len();
        if n < 2 {
            return Err(AnalysisError::TooFewWindows { needed: self.diagonal + 2, given: fcd.nrows() });
        }
        if let Some(((first, second), &value)) = fcd.indexed_iter().find(|(_, value)| !value.is_finite()) {
            return Err(AnalysisError::NoPattern { first, second, value });
        }
        if !varies(values.view()) {
            return Err(AnalysisError::NoSpread { count: n, value: values[0] });
        }
        let mean = values.sum() / n as f64;
        let deviation = values.std(1.0);
        let width = self.bandwidth.factor(n) * deviation;
        let scale = 1.0 / (n as f64 * width * TAU.sqrt());
        let kernels = Array2::from_shape_fn((self.points.len(), n), |(i, j)| {
            let z = (self.points[i] - values[j]) / width;
            scale * (-0.5 * z * z).exp()
        });
        let raw = kernels.sum_axis(ndarray::Axis(1));
        let mass = if self.normalised { raw.sum() * self.spacing() } else { 1.0 };
        if mass == 0.0 {
            let (name, expected) = ("the density at every point", "positive somewhere");
            return Err(AnalysisError::Setting { name, value: 0.0, expected });
        }
        let values_of = Values { values, mean, deviation, width, windows: fcd.nrows() };
        Ok(Density { settings: self, of: values_of, kernels, mass, density: raw / mass })
    }
}

/// Checks that points rise in even steps.
pub(crate) fn check_grid(points: ArrayView1<f64>) -> Result<(), AnalysisError> {
    let needed = 2;
    if points.len() < needed {
        let purpose = "a density";
        return Err(AnalysisError::TooFewSamples { purpose, needed, given: points.len() });
    }
    let step = points[1] - points[0];
    check_positive("the spacing of the points", step)?;
    for pair in points.windows(2) {
        if ((pair[1] - pair[0]) / step - 1.0).abs() > 1e-6 {
            let (name, expected) = ("the spacing of the points", "the same everywhere");
            return Err(AnalysisError::Setting { name, value: pair[1] - pair[0], expected });
        }
    }
    Ok(())
}

/// The values a density was estimated from.
#[derive(Debug, Clone)]
struct Values {
    values: Array1<f64>,
    mean: f64,
    deviation: f64,
    width: f64,
    windows: usize,
}

/// An estimated density, with what its adjoint needs.
#[derive(Debug, Clone)]
pub struct Density<'a> {
    settings: &'a FcdDistribution,
    of: Values,
    /// The contribution of each value to the density at each point before normalisation, shape (point, value).
    kernels: Array2<f64>,
    mass: f64,
    density: Array1<f64>,
}

impl Density<'_> {
    /// Returns the density at each point.
    pub fn values(&self) -> &Array1<f64> {
        &self.density
    }

    /// Returns the gradient with respect to the FCD matrix, shape (window, window), of a function whose gradient with
    /// respect to the density is `cotangent`, one number per point.
    ///
    /// Each value moves its own Gaussian and, through the standard deviation, the width of all of them.
    pub fn pullback(&self, cotangent: ArrayView1<f64>) -> Array2<f64> {
        let Values { values, mean, deviation, width, windows } = &self.of;
        let raw = if self.settings.normalised {
            let mean_pull = cotangent.dot(&self.density) * self.settings.spacing();
            cotangent.mapv(|g| (g - mean_pull) / self.mass)
        } else {
            cotangent.to_owned()
        };
        let mut gradient = Array1::<f64>::zeros(values.len());
        let mut widening = 0.0;
        for ((i, j), &kernel) in self.kernels.indexed_iter() {
            let z = (self.settings.points[i] - values[j]) / width;
            let pull = raw[i] * kernel / width;
            gradient[j] += pull * z;
            widening += pull * (z * z - 1.0);
        }
        // width = factor * deviation, and d deviation / d value = (value - mean) / ((n - 1) deviation).
        let factor = width / deviation;
        let per_deviation = widening * factor / ((values.len() - 1) as f64 * deviation);
        gradient.scaled_add(per_deviation, &(values - *mean));
        from_upper_triangle(&gradient, *windows, self.settings.diagonal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};
    use crate::analysis::{Windows, fcd};
    use ndarray::array;

    fn matrix() -> Array2<f64> {
        fcd(signal(120, 4).view(), Windows::new(20, 10).unwrap()).unwrap()
    }

    /// `scipy.stats.gaussian_kde(v, method)(points)` of scipy 1.17.1 on the upper triangle of the FCD matrix whose
    /// values are facts in `fcd.rs`, at -0.5, -0.25, 0, 0.25, 0.5.
    #[test]
    fn unnormalised_density_equals_scipy() {
        let points = array![-0.5, -0.25, 0.0, 0.25, 0.5];
        let settings = FcdDistribution::default().points(points).unwrap().normalised(false);
        for (bandwidth, expected) in [
            (
                Bandwidth::Scott,
                [
                    0.642987389720504,
                    0.5327614875619917,
                    0.33617018318223635,
                    0.24692211861769664,
                    0.3050038428916248,
                ],
            ),
            (
                Bandwidth::Silverman,
                [
                    0.6248964142585491,
                    0.5250588875038802,
                    0.3460007937477907,
                    0.2600536776986328,
                    0.3069441778359155,
                ],
            ),
            (
                Bandwidth::Factor(0.3),
                [
                    0.7512253637169364,
                    0.5818200362943198,
                    0.26350010513046124,
                    0.17531774491720295,
                    0.28413877318233727,
                ],
            ),
        ] {
            let settings = settings.clone().bandwidth(bandwidth).unwrap();
            let matrix = matrix();
            let density = settings.density(matrix.view()).unwrap();
            for (&got, want) in density.values().iter().zip(expected) {
                assert_close(got, want, 1e-12);
            }
        }
    }

    #[test]
    fn a_normalised_density_has_mass_one() {
        let settings = FcdDistribution::default();
        let matrix = matrix();
        let density = settings.density(matrix.view()).unwrap();
        assert_close(density.values().sum() * settings.spacing(), 1.0, 1e-14);
    }

    #[test]
    fn equal_entries_and_uneven_points_are_errors() {
        let error = FcdDistribution::default().density(Array2::<f64>::eye(4).view()).unwrap_err();
        assert_eq!(error, AnalysisError::NoSpread { count: 6, value: 0.0 });
        assert!(FcdDistribution::default().points(array![0.0, 0.1, 0.3]).is_err());
        assert!(FcdDistribution::default().points(array![0.1, 0.0]).is_err());
        assert!(FcdDistribution::default().bandwidth(Bandwidth::Factor(0.0)).is_err());
        let far = FcdDistribution::default().diagonal(3);
        let too_few = far.density(Array2::<f64>::eye(4).view());
        assert!(matches!(too_few, Err(AnalysisError::TooFewWindows { needed: 5, given: 4 })));
    }
}
