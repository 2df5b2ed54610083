//! A lead field that can be fitted.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip};

use super::error::{ObservationError, check_finite};

/// The length of a sensor's gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// The sum of magnitudes.
    L1,
    /// The root of the sum of squares.
    L2,
}

impl Norm {
    /// Computes the length of a vector.
    pub(crate) fn length(self, vector: ArrayView1<f64>) -> f64 {
        match self {
            Self::L1 => vector.iter().map(|value| value.abs()).sum(),
            Self::L2 => vector.dot(&vector).sqrt(),
        }
    }

    /// Computes the gradient of the length of a vector, from its direction (the vector over its length).
    fn gradient(self, direction: ArrayView1<f64>) -> Array1<f64> {
        match self {
            Self::L1 => direction.mapv(|value| if value == 0.0 { 0.0 } else { value.signum() }),
            Self::L2 => direction.to_owned(),
        }
    }
}

/// A linear readout with trainable gain, `y = scale (E x) - offset`, `E` being the gain with each sensor's row
/// normalised, then the mean over sensors taken out, where asked for (Griffiths et al. 2022, bioRxiv, "Deep learning-based
/// parameter estimation for neurophysiological models of neuroimaging data").
#[derive(Debug, Clone, PartialEq)]
pub struct LeadFieldReadout {
    /// The gain, shape (sensor, region).
    pub gain: Array2<f64>,
    /// The factor of the whole.
    pub scale: f64,
    /// The offset that is taken off each sensor.
    pub offset: Array1<f64>,
    /// The norm by which each sensor's row is divided.
    pub normalise: Option<Norm>,
    /// Whether the mean over sensors is taken out of the gain: the average reference.
    pub demean: bool,
}

/// The gradient of a function of a readout's output with respect to gain, factor, offset and activity.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadoutGradient {
    /// The gradient with respect to the gain, shape (sensor, region).
    pub gain: Array2<f64>,
    /// The derivative with respect to the factor of the whole.
    pub scale: f64,
    /// The gradient with respect to each sensor's offset.
    pub offset: Array1<f64>,
    /// The gradient with respect to the activity, shape (time, region).
    pub activity: Array2<f64>,
}

impl LeadFieldReadout {
    /// Creates a readout of this gain, shape (sensor, region), with factor 1, no offset, not normalised, not demeaned.
    pub fn new(gain: Array2<f64>) -> Self {
        let offset = Array1::zeros(gain.nrows());
        Self { gain, scale: 1.0, offset, normalise: None, demean: false }
    }

    /// Computes the gain that is used, shape (sensor, region).
    ///
    /// # Errors
    ///
    /// A gain that is not finite; a sensor that is to be normalised and whose gain is 0 for every region.
    pub fn effective_gain(&self) -> Result<Array2<f64>, ObservationError> {
        let (mut gain, _) = self.normalised()?;
        if self.demean
            && let Some(mean) = gain.mean_axis(Axis(0))
        {
            gain -= &mean;
        }
        Ok(gain)
    }

    /// Computes the normalised gain and the length by which each row was divided.
    fn normalised(&self) -> Result<(Array2<f64>, Array1<f64>), ObservationError> {
        check_finite("an entry of the gain", &self.gain)?;
        let mut gain = self.gain.clone();
        let mut lengths = Array1::ones(gain.nrows());
        if let Some(norm) = self.normalise {
            for ((sensor, mut row), length) in gain.outer_iter_mut().enumerate().zip(&mut lengths) {
                *length = norm.length(row.view());
                if *length == 0.0 {
                    return Err(ObservationError::SilentSensor { sensor });
                }
                row /= *length;
            }
        }
        Ok((gain, lengths))
    }

    /// Computes the signals of the sensors, shape (time, sensor), from activity of shape (time, region).
    ///
    /// # Errors
    ///
    /// Those of [`LeadFieldReadout::effective_gain`]; another number of regions than the gain has, or of offsets than
    /// sensors.
    pub fn read(&self, activity: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        self.check(activity)?;
        Ok(activity.dot(&self.effective_gain()?.t()) * self.scale - &self.offset)
    }

    /// Reports activity or offsets of another shape than the gain.
    fn check(&self, activity: ArrayView2<f64>) -> Result<(), ObservationError> {
        let (expected, given) = (self.gain.ncols(), activity.ncols());
        if given != expected {
            return Err(ObservationError::RegionCount { what: "the activity", expected, given });
        }
        if self.offset.len() != self.gain.nrows() {
            let (what, expected, given) = ("the offset", vec![self.gain.nrows()], vec![self.offset.len()]);
            return Err(ObservationError::Shape { what, expected, given });
        }
        Ok(())
    }

    /// Vector-Jacobian product of [`LeadFieldReadout::read`]: given the gradient `cotangent` of a function of the output, shape (time, sensor), returns
    /// its gradient with respect to gain, factor, offset and activity.
    ///
    /// # Errors
    ///
    /// Those of [`LeadFieldReadout::read`]; a cotangent of another shape than the output.
    pub fn pullback(
        &self,
        activity: ArrayView2<f64>,
        cotangent: ArrayView2<f64>,
    ) -> Result<ReadoutGradient, ObservationError> {
        self.check(activity)?;
        let expected = [activity.nrows(), self.gain.nrows()];
        if cotangent.shape() != expected {
            let (what, given) = ("the cotangent", cotangent.shape().to_vec());
            return Err(ObservationError::Shape { what, expected: expected.to_vec(), given });
        }
        let effective = self.effective_gain()?;
        let mut gain = cotangent.t().dot(&activity);
        let scale = (&gain * &effective).sum();
        gain *= self.scale;
        if self.demean
            && let Some(mean) = gain.mean_axis(Axis(0))
        {
            gain -= &mean;
        }
        if let Some(norm) = self.normalise {
            let (direction, lengths) = self.normalised()?;
            Zip::from(gain.rows_mut()).and(direction.rows()).and(&lengths).for_each(
                |mut row, direction, &length| {
                    let along = row.dot(&direction);
                    row.scaled_add(-along, &norm.gradient(direction));
                    row /= length;
                },
            );
        }
        Ok(ReadoutGradient {
            gain,
            scale,
            offset: -cotangent.sum_axis(Axis(0)),
            activity: cotangent.dot(&effective) * self.scale,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_data::analysis::testing::signal;
    use ndarray::array;

    fn readout(normalise: Option<Norm>, demean: bool) -> LeadFieldReadout {
        let gain = array![[0.9, -0.4, 0.1], [0.2, 0.5, -1.1], [-0.3, 0.7, 0.8], [1.3, 0.6, -0.2]];
        LeadFieldReadout {
            scale: 1.7,
            offset: array![0.1, -0.2, 0.3, 0.0],
            normalise,
            demean,
            gain: gain.clone(),
        }
    }

    #[test]
    fn every_gradient_equals_central_differences() {
        let activity = signal(6, 3);
        let cotangent = signal(9, 4).slice_move(ndarray::s![3.., ..]);
        let value = |readout: &LeadFieldReadout, activity: &Array2<f64>| {
            (readout.read(activity.view()).unwrap() * &cotangent).sum()
        };
        let step = 1e-5;
        let check = |name: &str, gradient: f64, up: f64, down: f64| {
            let difference = (up - down) / (2.0 * step);
            assert!(
                (gradient - difference).abs() < 1e-8 * difference.abs().max(1.0),
                "{name}: {gradient} {difference}"
            );
        };
        for normalise in [None, Some(Norm::L1), Some(Norm::L2)] {
            for demean in [false, true] {
                let plain = readout(normalise, demean);
                let gradient = plain.pullback(activity.view(), cotangent.view()).unwrap();
                for (index, &g) in gradient.gain.indexed_iter() {
                    let at = |by: f64| {
                        let mut moved = plain.clone();
                        moved.gain[index] += by;
                        value(&moved, &activity)
                    };
                    check("gain", g, at(step), at(-step));
                }
                for (index, &g) in gradient.offset.indexed_iter() {
                    let at = |by: f64| {
                        let mut moved = plain.clone();
                        moved.offset[index] += by;
                        value(&moved, &activity)
                    };
                    check("offset", g, at(step), at(-step));
                }
                for (index, &g) in gradient.activity.indexed_iter() {
                    let at = |by: f64| {
                        let mut moved = activity.clone();
                        moved[index] += by;
                        value(&plain, &moved)
                    };
                    check("activity", g, at(step), at(-step));
                }
                let at = |by: f64| {
                    value(&LeadFieldReadout { scale: plain.scale + by, ..plain.clone() }, &activity)
                };
                check("scale", gradient.scale, at(step), at(-step));
            }
        }
    }

    #[test]
    fn a_demeaned_gain_sums_to_zero_over_sensors() {
        let gain = readout(Some(Norm::L2), true).effective_gain().unwrap();
        assert!(gain.sum_axis(Axis(0)).iter().all(|sum| sum.abs() < 1e-15));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let plain = readout(None, false);
        assert!(plain.read(signal(5, 2).view()).is_err());
        assert!(plain.pullback(signal(5, 3).view(), signal(5, 3).view()).is_err());
        assert!(LeadFieldReadout { offset: array![0.0], ..plain.clone() }.read(signal(5, 3).view()).is_err());
        let silent =
            LeadFieldReadout { normalise: Some(Norm::L1), ..LeadFieldReadout::new(array![[0.0, 0.0]]) };
        assert_eq!(silent.effective_gain(), Err(ObservationError::SilentSensor { sensor: 0 }));
    }
}
