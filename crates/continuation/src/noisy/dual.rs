//! Numbers with their rates of change along a direction.

use std::ops::{Add, Mul};

/// A number and the rate at which it changes along a direction, such as that of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Dual {
    /// The number.
    pub value: f64,
    /// The rate at which it changes.
    pub rate: f64,
}

impl Dual {
    /// Creates a number that does not change.
    pub fn constant(value: f64) -> Self {
        Self { value, rate: 0.0 }
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, rate: self.rate + other.rate }
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self { value: self.value * other.value, rate: self.value * other.rate + self.rate * other.value }
    }
}
