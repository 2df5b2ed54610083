//! EEG, MEG and iEEG as they are recorded.

use ndarray::{Array2, ArrayView2};

use super::error::ObservationError;
use super::lead_field::LeadField;
use super::linear::LinearMonitor;
use super::monitor::Monitor;
use super::sensor_noise::SensorNoise;
use super::temporal_average::TemporalAverage;

/// Draws independent standard normal numbers.
type StandardNormal = Box<dyn FnMut() -> f64 + Send>;

/// The sensors of a lead field: activity averaged over each sampling period, projected, with noise where asked for.
pub struct Sensors {
    average: TemporalAverage,
    lead_field: LeadField,
    noise: Option<(SensorNoise, StandardNormal)>,
}

impl Sensors {
    /// Records through `lead_field` every `period` ms a run with steps of `dt` ms.
    ///
    /// # Errors
    /// A period that is not a whole number of steps.
    pub fn new(lead_field: LeadField, period: f64, dt: f64) -> Result<Self, ObservationError> {
        Ok(Self { average: TemporalAverage::new(period, dt)?, lead_field, noise: None })
    }

    /// Adds noise, drawn from `standard_normal`, to each sample.
    ///
    /// # Errors
    /// Noise of another number of sensors.
    pub fn with_noise(
        mut self,
        noise: SensorNoise,
        standard_normal: impl FnMut() -> f64 + Send + 'static,
    ) -> Result<Self, ObservationError> {
        let (expected, given) = (self.lead_field.sensors().len(), noise.sensors());
        if given != expected {
            let what = "the sensor noise";
            return Err(ObservationError::Shape { what, expected: vec![expected], given: vec![given] });
        }
        self.noise = Some((noise, Box::new(standard_normal)));
        Ok(self)
    }

    /// The lead field.
    pub fn lead_field(&self) -> &LeadField {
        &self.lead_field
    }
}

impl Monitor for Sensors {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let (expected, given) = (self.lead_field.effective_gain().nrows(), samples.ncols());
        if given != expected {
            return Err(ObservationError::RegionCount { what: "the run", expected, given });
        }
        let averaged = self.average.push(samples)?;
        // Row by row, so that the sums do not depend on how many rows a chunk completes.
        let mut recorded = Array2::zeros((averaged.nrows(), self.lead_field.sensors().len()));
        for (row, mut out) in averaged.outer_iter().zip(recorded.outer_iter_mut()) {
            out.assign(&row.dot(&self.lead_field.effective_gain()));
        }
        if let Some((noise, standard_normal)) = &mut self.noise {
            noise.add_to(recorded.view_mut(), standard_normal)?;
        }
        Ok(recorded)
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        self.average.finish()?;
        Ok(Array2::zeros((0, self.lead_field.sensors().len())))
    }

    fn period(&self) -> f64 {
        self.average.period()
    }
}

/// The noise is what it is: it has no part in the derivatives.
impl LinearMonitor for Sensors {
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        self.average.pullback(run, self.lead_field.pullback(adjoint)?.view())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::signal;
    use crate::observation::Modality;
    use crate::observation::linear::testing::assert_is_transpose;
    use crate::observation::monitor::testing::assert_chunks_do_not_matter;

    fn lead_field() -> LeadField {
        LeadField::new(Modality::Eeg, signal(3, 5)).unwrap()
    }

    #[test]
    fn the_pullback_is_the_transpose() {
        assert_is_transpose(&mut Sensors::new(lead_field(), 3.0, 0.1).unwrap());
    }

    #[test]
    fn sensors_see_the_projection_of_the_average() {
        let run = signal(100, 3);
        let recorded = Sensors::new(lead_field(), 1.0, 0.1).unwrap().observe(run.view()).unwrap();
        let averaged = TemporalAverage::new(1.0, 0.1).unwrap().observe(run.view()).unwrap();
        let projected = lead_field().project(averaged.view()).unwrap();
        assert_eq!(recorded.dim(), (10, 5));
        assert!((recorded - projected).iter().all(|d| d.abs() < 1e-14));
    }

    #[test]
    fn chunks_do_not_matter() {
        assert_chunks_do_not_matter(&mut Sensors::new(lead_field(), 1.0, 0.1).unwrap());
    }

    #[test]
    fn noise_is_added_to_each_sample() {
        let noise = SensorNoise::independent(0.5, 5).unwrap();
        let sensors = Sensors::new(lead_field(), 1.0, 0.1).unwrap();
        let recorded =
            sensors.with_noise(noise, || 2.0).unwrap().observe(Array2::zeros((20, 3)).view()).unwrap();
        assert_eq!(recorded, Array2::<f64>::ones((2, 5)));
        let other = SensorNoise::independent(0.5, 4).unwrap();
        assert!(Sensors::new(lead_field(), 1.0, 0.1).unwrap().with_noise(other, || 2.0).is_err());
    }
}
