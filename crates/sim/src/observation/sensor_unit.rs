//! Units in which sensors measure.

use std::fmt;

/// The unit of an electric potential or of a magnetic flux density.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SensorUnit {
    /// The volt, V.
    Volt,
    /// The millivolt, mV.
    Millivolt,
    /// The microvolt, uV.
    Microvolt,
    /// The tesla, T.
    Tesla,
    /// The picotesla, pT.
    Picotesla,
    /// The femtotesla, fT.
    Femtotesla,
}

impl SensorUnit {
    /// Whether it is a unit of magnetic flux density.
    pub fn is_magnetic(self) -> bool {
        matches!(self, Self::Tesla | Self::Picotesla | Self::Femtotesla)
    }

    /// The power of ten that takes it to V or T.
    fn exponent(self) -> i32 {
        match self {
            Self::Volt | Self::Tesla => 0,
            Self::Millivolt => -3,
            Self::Microvolt => -6,
            Self::Picotesla => -12,
            Self::Femtotesla => -15,
        }
    }

    /// Returns the factor that takes numbers in this unit to numbers in `to`; `None` between a unit of a potential and one of a flux density.
    pub fn factor(self, to: Self) -> Option<f64> {
        if self.is_magnetic() != to.is_magnetic() {
            return None;
        }
        Some(10.0_f64.powi(self.exponent() - to.exponent()))
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
        assert_eq!(SensorUnit::Volt.factor(SensorUnit::Microvolt), Some(1e6));
        assert_eq!(SensorUnit::Femtotesla.factor(SensorUnit::Picotesla), Some(1e-3));
        assert_eq!(SensorUnit::Volt.factor(SensorUnit::Tesla), None);
    }
}
