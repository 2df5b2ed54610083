//! Recordings of EEG, MEG and iEEG.

use ndarray::{Array2, ArrayView2, Axis};

use super::error::ObservationError;
use super::lead_field::LeadField;
use super::monitor::{LinearMonitor, Monitor};
use super::sensor_noise::SensorNoise;
use super::temporal_average::TemporalAverage;
use crate::noise::NormalStream;

/// The random stream of sensor noise, apart from those of states and of processes on inputs.
const STREAM: u32 = u32::MAX;

/// The sensors of a lead field: activity averaged over each sampling period, projected, with noise where asked for.
#[derive(Debug, Clone)]
pub struct Sensors {
    average: TemporalAverage,
    lead_field: LeadField,
    noise: Option<(SensorNoise, NormalStream)>,
    /// The number of samples given so far.
    samples: u64,
}

impl Sensors {
    /// Creates a monitor that records through `lead_field` every `period` ms a run with steps of `dt` ms.
    ///
    /// # Errors
    ///
    /// A period that is not a whole number of steps.
    pub fn new(lead_field: LeadField, period: f64, dt: f64) -> Result<Self, ObservationError> {
        Ok(Self { average: TemporalAverage::new(period, dt)?, lead_field, noise: None, samples: 0 })
    }

    /// Adds noise to each sample; it depends on the seed, the sample and the sensor alone.
    ///
    /// # Errors
    ///
    /// Noise of another number of sensors.
    pub fn with_noise(mut self, noise: SensorNoise, seed: u64) -> Result<Self, ObservationError> {
        let (expected, given) = (self.lead_field.sensors().len(), noise.sensors());
        if given != expected {
            let what = "the sensor noise";
            return Err(ObservationError::Shape { what, expected: vec![expected], given: vec![given] });
        }
        self.noise = Some((noise, NormalStream::new(seed, STREAM)));
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
        if let Some((noise, stream)) = &self.noise {
            let mut normals = vec![0.0; noise.sensors()];
            for (sample, row) in (self.samples..).zip(recorded.outer_iter_mut()) {
                stream.fill(sample, 0, &mut normals);
                let mut next = normals.iter().copied();
                noise.add_to(row.insert_axis(Axis(0)), || next.next().unwrap_or_default())?;
            }
        }
        self.samples += recorded.nrows() as u64;
        Ok(recorded)
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        self.samples = 0;
        self.average.finish()?;
        Ok(Array2::zeros((0, self.lead_field.sensors().len())))
    }

    fn period(&self) -> f64 {
        self.average.period()
    }

    fn dt(&self) -> f64 {
        self.average.dt()
    }

    fn unit(&self, _: &str) -> String {
        self.lead_field.unit().to_string()
    }

    fn save(&self) -> Option<Vec<u64>> {
        Some([vec![self.samples], self.average.save()?].concat())
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        let Some((samples, average)) = saved.split_first() else { return false };
        self.samples = *samples;
        self.average.restore(average)
    }

    fn as_linear(&self) -> Option<&dyn LinearMonitor> {
        Some(self)
    }
}

/// The noise does not depend on the activity, so it has no part in the derivatives.
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
    use crate::observation::Modality;
    use crate::observation::testing::{assert_chunks_do_not_matter, assert_is_transpose};
    use brainmass_data::analysis::testing::signal;

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
    fn noise_of_its_own_deviation_is_added_to_each_sample_whatever_the_chunks() {
        let noise = SensorNoise::independent(0.5, 5).unwrap();
        let sensors = |seed| Sensors::new(lead_field(), 1.0, 0.1).unwrap().with_noise(noise.clone(), seed);
        let recorded = sensors(1).unwrap().observe(Array2::zeros((20_000, 3)).view()).unwrap();
        // The deviation of 10,000 values is known to 0.7 %.
        assert!((recorded.std(0.0) - 0.5).abs() < 0.015, "{}", recorded.std(0.0));
        let other = sensors(2).unwrap().observe(Array2::zeros((20_000, 3)).view()).unwrap();
        assert_ne!(recorded, other);
        assert_chunks_do_not_matter(&mut sensors(1).unwrap());
        let other = SensorNoise::independent(0.5, 4).unwrap();
        assert!(Sensors::new(lead_field(), 1.0, 0.1).unwrap().with_noise(other, 1).is_err());
    }
}
