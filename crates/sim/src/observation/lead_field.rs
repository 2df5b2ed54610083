//! Lead fields: linear maps from the activity in the brain to sensors outside.

use ndarray::{Array2, ArrayView2, Axis};

use super::error::{ObservationError, check_finite, check_positive};
use super::monitor::check_adjoint;
use super::readout::Norm;
use super::sensor_unit::SensorUnit;

/// The kind of sensors that a lead field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modality {
    /// Electrodes on the scalp.
    Eeg,
    /// Magnetometers or gradiometers outside the head.
    Meg,
    /// Electrodes in the brain or on its surface.
    Ieeg,
}

/// The reference that the potential of an electrode is measured against.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Reference {
    /// The reference that the gain was computed for.
    #[default]
    AsGiven,
    /// The mean over all electrodes.
    Average,
    /// The electrode of this name.
    Electrode(String),
}

/// A linear map from regional activity to sensors: `y = q x L` with `L` the gain, shape (region, sensor), and `q` the
/// dipole moment that a unit of activity stands for (Sarvas 1987, Phys. Med. Biol. 32:11; Sanz-Leon et al. 2015,
/// NeuroImage 111:385).
///
/// ```
/// use brainmass::observation::{LeadField, Modality, Reference, SensorUnit};
/// use ndarray::array;
///
/// // Two regions, three electrodes; the gain in V per nA m.
/// let gain = array![[1e-6, 3e-6, 2e-6], [0.0, 2e-6, 1e-6]];
/// let eeg = LeadField::new(Modality::Eeg, gain)?
///     .dipole_moment(10.0)?
///     .reference(Reference::Average)?
///     .output_unit(SensorUnit::Microvolt)?;
/// let y = eeg.project(array![[1.0, 0.0]].view())?;
/// assert!((y[[0, 1]] - 10.0).abs() < 1e-12);
/// # Ok::<(), brainmass::observation::ObservationError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LeadField {
    modality: Modality,
    gain: Array2<f64>,
    gain_unit: SensorUnit,
    output_unit: SensorUnit,
    dipole_moment: f64,
    reference: Reference,
    norm: Option<Norm>,
    sensors: Vec<String>,
    /// The gain with units, norm, dipole moment and reference in it, shape (region, sensor).
    effective: Array2<f64>,
}

impl LeadField {
    /// Creates a lead field from its gain, shape (region, sensor), in V per nA m (T per nA m for MEG).
    ///
    /// Sensors are called `sensor 0`, `sensor 1`, ..., a unit of activity stands for 1 nA m, and the output is in the
    /// unit of the gain.
    ///
    /// # Errors
    ///
    /// A gain that is empty or not finite.
    pub fn new(modality: Modality, gain: Array2<f64>) -> Result<Self, ObservationError> {
        if gain.is_empty() {
            return Err(ObservationError::Shape {
                what: "the gain (region, sensor)",
                expected: vec![1, 1],
                given: gain.shape().to_vec(),
            });
        }
        check_finite("an entry of the gain", &gain)?;
        let unit = if modality == Modality::Meg { SensorUnit::Tesla } else { SensorUnit::Volt };
        Ok(Self {
            modality,
            gain_unit: unit,
            output_unit: unit,
            dipole_moment: 1.0,
            reference: Reference::AsGiven,
            norm: None,
            sensors: (0..gain.ncols()).map(|sensor| format!("sensor {sensor}")).collect(),
            effective: gain.clone(),
            gain,
        })
    }

    /// Takes the numbers of the gain in this unit per nA m, and gives the output in it.
    ///
    /// # Errors
    ///
    /// The sensors do not measure in such a unit.
    pub fn gain_unit(mut self, unit: SensorUnit) -> Result<Self, ObservationError> {
        unit_factor(self.gain_unit, unit)?;
        (self.gain_unit, self.output_unit) = (unit, unit);
        self.updated()
    }

    /// Gives the output in this unit.
    ///
    /// # Errors
    ///
    /// The sensors do not measure in such a unit.
    pub fn output_unit(mut self, unit: SensorUnit) -> Result<Self, ObservationError> {
        self.output_unit = unit;
        self.updated()
    }

    /// Sets the dipole moment, in nA m, that a unit of activity stands for.
    ///
    /// # Errors
    ///
    /// The moment is not positive and finite.
    pub fn dipole_moment(mut self, moment: f64) -> Result<Self, ObservationError> {
        check_positive("the dipole moment (nA m)", moment)?;
        self.dipole_moment = moment;
        self.updated()
    }

    /// Names the sensors.
    ///
    /// # Errors
    ///
    /// More or fewer names than sensors; a reference electrode that is none of them.
    pub fn sensor_names<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> Result<Self, ObservationError> {
        self.sensors = names.into_iter().map(Into::into).collect();
        if self.sensors.len() != self.gain.ncols() {
            return Err(ObservationError::Shape {
                what: "the list of sensor names",
                expected: vec![self.gain.ncols()],
                given: vec![self.sensors.len()],
            });
        }
        self.updated()
    }

    /// Measures against this reference. [`Reference::Average`] takes the mean over sensors out of each region's gain.
    /// An electrode is known by the name it has by then.
    ///
    /// # Errors
    ///
    /// A reference for MEG; an electrode that is not among the sensors.
    pub fn reference(mut self, reference: Reference) -> Result<Self, ObservationError> {
        if self.modality == Modality::Meg && reference != Reference::AsGiven {
            return Err(ObservationError::ReferenceOfMeg);
        }
        self.reference = reference;
        self.updated()
    }

    /// Scales the gain of each sensor to length 1 before the reference is taken, so that sensors near the brain do not
    /// outweigh others. The output is then relative: its unit means nothing.
    ///
    /// # Errors
    ///
    /// A sensor whose gain is 0 for every region.
    pub fn normalise(mut self, norm: Norm) -> Result<Self, ObservationError> {
        self.norm = Some(norm);
        self.updated()
    }

    /// Computes the effective gain anew.
    fn updated(mut self) -> Result<Self, ObservationError> {
        let mut gain = self.gain.clone();
        if let Some(norm) = self.norm {
            for (sensor, mut column) in gain.columns_mut().into_iter().enumerate() {
                let length = norm.length(column.view());
                if length == 0.0 {
                    return Err(ObservationError::SilentSensor { sensor });
                }
                column /= length;
            }
        }
        let against = match &self.reference {
            Reference::AsGiven => None,
            Reference::Average => gain.mean_axis(Axis(1)),
            Reference::Electrode(name) => {
                let Some(electrode) = self.sensors.iter().position(|sensor| sensor == name) else {
                    let (name, known) = (name.clone(), self.sensors.join(", "));
                    return Err(ObservationError::UnknownSensor { name, known });
                };
                Some(gain.column(electrode).to_owned())
            }
        };
        if let Some(against) = against {
            gain -= &against.insert_axis(Axis(1));
        }
        self.effective = gain * (self.dipole_moment * unit_factor(self.gain_unit, self.output_unit)?);
        Ok(self)
    }

    /// Computes the signals of the sensors, shape (time, sensor), from activity of shape (time, region).
    ///
    /// # Errors
    ///
    /// Another number of regions than the gain has.
    pub fn project(&self, activity: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let (expected, given) = (self.gain.nrows(), activity.ncols());
        if given != expected {
            return Err(ObservationError::RegionCount { what: "the activity", expected, given });
        }
        Ok(activity.dot(&self.effective))
    }

    /// Vector-Jacobian product of [`LeadField::project`]: given the adjoints of the sensors' signals, shape (time, sensor), returns those of the activity,
    /// shape (time, region).
    ///
    /// # Errors
    ///
    /// Another number of sensors than the gain has.
    pub fn pullback(&self, adjoint: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        check_adjoint(adjoint, adjoint.nrows(), self.effective.ncols())?;
        Ok(adjoint.dot(&self.effective.t()))
    }

    /// The kind of sensors.
    pub fn modality(&self) -> Modality {
        self.modality
    }

    /// The unit of the output.
    pub fn unit(&self) -> SensorUnit {
        self.output_unit
    }

    /// The names of the sensors.
    pub fn sensors(&self) -> &[String] {
        &self.sensors
    }

    /// The map from activity to sensors with unit, norm and reference in it, shape (region, sensor).
    pub fn effective_gain(&self) -> ArrayView2<'_, f64> {
        self.effective.view()
    }
}

/// Returns the factor that takes numbers in one unit to numbers in another.
///
/// # Errors
///
/// One is a unit of a potential, and the other of a magnetic flux density.
fn unit_factor(from: SensorUnit, to: SensorUnit) -> Result<f64, ObservationError> {
    from.factor(to).ok_or(ObservationError::Unit { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn eeg() -> LeadField {
        let gain = array![[1.0, 2.0, 6.0], [0.5, -1.0, 2.0]];
        LeadField::new(Modality::Eeg, gain).unwrap().sensor_names(["Fz", "Cz", "Oz"]).unwrap()
    }

    #[test]
    fn activity_is_projected_row_by_row() {
        let y = eeg().project(array![[1.0, 2.0], [0.0, -1.0]].view()).unwrap();
        assert_eq!(y, array![[2.0, 0.0, 10.0], [-0.5, 1.0, -2.0]]);
    }

    #[test]
    fn derivatives_go_back_through_the_gain() {
        let adjoint = eeg().pullback(array![[1.0, 0.0, 2.0]].view()).unwrap();
        assert_eq!(adjoint, array![[13.0, 4.5]]);
        assert!(eeg().pullback(array![[1.0]].view()).is_err());
    }

    #[test]
    fn an_electrode_reference_is_zero_there_and_an_average_sums_to_zero() {
        let activity = array![[1.0, 2.0]];
        let cz = eeg().reference(Reference::Electrode("Cz".into())).unwrap();
        assert_eq!(cz.project(activity.view()).unwrap(), array![[2.0, 0.0, 10.0]]);
        let average = eeg().reference(Reference::Average).unwrap();
        assert_eq!(average.project(activity.view()).unwrap(), array![[-2.0, -4.0, 6.0]]);
    }

    #[test]
    fn units_and_the_dipole_moment_scale_the_output() {
        let field = eeg().dipole_moment(20.0).unwrap().output_unit(SensorUnit::Millivolt).unwrap();
        assert_eq!(field.unit(), SensorUnit::Millivolt);
        assert!((field.project(array![[1.0, 0.0]].view()).unwrap()[[0, 0]] - 20_000.0).abs() < 1e-9);
        let millivolts = eeg().gain_unit(SensorUnit::Millivolt).unwrap();
        assert_eq!(millivolts.project(array![[1.0, 0.0]].view()).unwrap()[[0, 0]], 1.0);
        assert!(eeg().output_unit(SensorUnit::Femtotesla).is_err());
    }

    #[test]
    fn each_sensor_is_normalised_over_the_regions() {
        let field = eeg().normalise(Norm::L1).unwrap();
        let gain = field.effective_gain();
        for sensor in gain.columns() {
            assert!((sensor.mapv(f64::abs).sum() - 1.0).abs() < 1e-15);
        }
        let silent = LeadField::new(Modality::Ieeg, array![[1.0, 0.0]]).unwrap().normalise(Norm::L2);
        assert_eq!(silent, Err(ObservationError::SilentSensor { sensor: 1 }));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(matches!(
            eeg().project(array![[1.0, 2.0, 3.0]].view()),
            Err(ObservationError::RegionCount { expected: 2, given: 3, .. })
        ));
        let error = eeg().reference(Reference::Electrode("Pz".into())).unwrap_err();
        assert_eq!(error.to_string(), "there is no sensor `Pz`; the sensors are Fz, Cz, Oz");
        let meg = LeadField::new(Modality::Meg, array![[1.0]]).unwrap();
        assert_eq!(meg.unit(), SensorUnit::Tesla);
        assert_eq!(meg.reference(Reference::Average), Err(ObservationError::ReferenceOfMeg));
        assert!(LeadField::new(Modality::Eeg, Array2::zeros((0, 4))).is_err());
        assert!(LeadField::new(Modality::Eeg, array![[f64::NAN]]).is_err());
        assert!(eeg().sensor_names(["Fz"]).is_err());
    }
}
