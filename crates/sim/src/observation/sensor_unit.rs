//! Units of what sensors measure.

use std::fmt;

use super::error::ObservationError;

/// The unit of an electric potential or of a magnetic flux density.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SensorUnit {
    /// V
    Volt,
    /// mV
    Millivolt,
    /// uV
    Microvolt,
    /// T
    Tesla,
    /// pT
    Picotesla,
    /// fT
    Femtotesla,
}

impl SensorUnit {
    /// Whether it is a unit of magnetic flux density.
    pub fn is_magnetic(self) -> bool {
        matches!(self, Self::Tesla | Self::Picotesla | Self::Femtotesla)
    }

    /// The power of ten that makes it V or T.
    fn exponent(self) -> i32 {
        match self {
            Self::Volt | Self::Tesla => 0,
            Self::Millivolt => -3,
            Self::Microvolt => -6,
            Self::Picotesla => -12,
            Self::Femtotesla => -15,
        }
    }

    /// The factor that takes numbers in this unit to numbers in `to`.
    ///
    /// # Errors
    /// A potential asked for in a unit of flux density, or the reverse.
    pub fn factor(self, to: Self) -> Result<f64, ObservationError> {
        if self.is_magnetic() != to.is_magnetic() {
            return Err(ObservationError::Unit { from: self, to });
        }
        Ok(10.0_f64.powi(self.exponent() - to.exponent()))
    }
}

impl fmt::Display for SensorUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Volt => "V",
            Self::Millivolt => "mV",
            Self::Microvolt => "uV",
            Self::Tesla => "T",
            Self::Picotesla => "pT",
            Self::Femtotesla => "fT",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volts_become_microvolts_but_not_teslas() {
        assert_eq!(SensorUnit::Volt.factor(SensorUnit::Microvolt), Ok(1e6));
        assert_eq!(SensorUnit::Femtotesla.factor(SensorUnit::Picotesla), Ok(1e-3));
        let error = SensorUnit::Volt.factor(SensorUnit::Tesla).unwrap_err();
        assert_eq!(error.to_string(), "a quantity in V cannot be given in T");
    }
}
