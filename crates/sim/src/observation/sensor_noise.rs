//! Noise of sensors.

use ndarray::{Array1, Array2, ArrayViewMut2};

use super::error::{ObservationError, check_finite};
use brainmass_data::analysis::cholesky;

/// Gaussian noise, white in time, with a covariance between sensors.
///
/// A row of noise is `z L^T` with `z` independent standard normals and `L L^T` the covariance, so that its covariance
/// is the one given.
#[derive(Debug, Clone, PartialEq)]
pub struct SensorNoise {
    /// The Cholesky factor `L` of the covariance, which is lower triangular.
    lower: Array2<f64>,
}

impl SensorNoise {
    /// Creates noise with this covariance, shape (sensor, sensor), in the square of the sensors' unit.
    ///
    /// # Errors
    ///
    /// A matrix that is not square, not finite, not symmetric or not positive definite.
    pub fn new(covariance: Array2<f64>) -> Result<Self, ObservationError> {
        let sensors = covariance.nrows();
        if covariance.ncols() != sensors {
            return Err(ObservationError::Shape {
                what: "the noise covariance",
                expected: vec![sensors, sensors],
                given: covariance.shape().to_vec(),
            });
        }
        check_finite("an entry of the noise covariance", &covariance)?;
        let largest = covariance.fold(0.0_f64, |largest, value| largest.max(value.abs()));
        for ((sensor, other), value) in covariance.indexed_iter() {
            if (value - covariance[[other, sensor]]).abs() > 1e-12 * largest {
                return Err(ObservationError::Covariance { expected: "symmetric", sensor });
            }
        }
        let lower = cholesky(covariance.view())
            .map_err(|sensor| ObservationError::Covariance { expected: "positive definite", sensor })?;
        Ok(Self { lower })
    }

    /// Creates independent noise of this standard deviation at each of so many sensors.
    ///
    /// # Errors
    ///
    /// A standard deviation that is not positive and finite.
    pub fn independent(deviation: f64, sensors: usize) -> Result<Self, ObservationError> {
        super::error::check_positive("the standard deviation of sensor noise", deviation)?;
        Ok(Self { lower: Array2::eye(sensors) * deviation })
    }

    /// The number of sensors.
    pub fn sensors(&self) -> usize {
        self.lower.nrows()
    }

    /// Adds noise to a signal of shape (time, sensor). `standard_normal` is called once for each entry, row by row.
    ///
    /// # Errors
    ///
    /// The signal has another number of sensors.
    pub fn add_to(
        &self,
        mut signal: ArrayViewMut2<f64>,
        mut standard_normal: impl FnMut() -> f64,
    ) -> Result<(), ObservationError> {
        if signal.ncols() != self.sensors() {
            return Err(ObservationError::Shape {
                what: "the signal (time, sensor)",
                expected: vec![signal.nrows(), self.sensors()],
                given: signal.shape().to_vec(),
            });
        }
        for mut row in signal.outer_iter_mut() {
            let normals = Array1::from_shape_simple_fn(self.sensors(), &mut standard_normal);
            row += &self.lower.dot(&normals);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_covariance_of_the_noise_is_the_one_given() {
        let covariance = array![[2.0, 1.2, 0.3], [1.2, 1.0, 0.1], [0.3, 0.1, 0.5]];
        let noise = SensorNoise::new(covariance.clone()).unwrap();
        // Unit vectors as normals: E[z z^T] is the sum of their outer products, without sampling error.
        let mut units = Array2::<f64>::eye(3).into_iter();
        let mut rows = Array2::zeros((3, 3));
        noise.add_to(rows.view_mut(), || units.next().unwrap()).unwrap();
        assert!((rows.t().dot(&rows) - covariance).iter().all(|d| d.abs() < 1e-15));
    }

    #[test]
    fn noise_is_added_to_a_single_sample_too() {
        let noise = SensorNoise::independent(2.0, 2).unwrap();
        let mut sample = array![[1.0, -1.0]];
        noise.add_to(sample.view_mut(), || 0.5).unwrap();
        assert_eq!(sample, array![[2.0, 0.0]]);
        assert!(noise.add_to(Array2::zeros((2, 3)).view_mut(), || 0.0).is_err());
    }

    #[test]
    fn a_matrix_that_is_no_covariance_is_an_error() {
        let refused = |matrix: Array2<f64>| SensorNoise::new(matrix).unwrap_err();
        let error = refused(array![[1.0, 0.2], [0.3, 1.0]]);
        assert_eq!(error.to_string(), "the noise covariance is not symmetric at sensor 0");
        let error = refused(array![[1.0, 2.0], [2.0, 1.0]]);
        assert_eq!(error, ObservationError::Covariance { expected: "positive definite", sensor: 1 });
        refused(array![[1.0, 0.0]]);
        refused(array![[f64::NAN]]);
    }
}
