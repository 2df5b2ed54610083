//! The lanes that left the finite numbers.

use crate::real::{LANE_WIDTH, Lane};

/// The fault mask of a step: bit `l` is set when a node in lane `l` has a state that is NaN or infinite. In a batch, whose runs stand in the
/// lanes, bit `l` is about the run of batch index `l`; otherwise the lane of a node is its number modulo [`LANE_WIDTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultMask(pub u8);

impl FaultMask {
    /// Whether no lane has a fault.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every lane has a fault.
    pub fn is_full(self) -> bool {
        self.0 == u8::MAX
    }

    /// Whether a lane has a fault; lanes are counted modulo [`LANE_WIDTH`].
    pub fn has(self, lane: usize) -> bool {
        self.0 >> (lane % LANE_WIDTH) & 1 == 1
    }

    /// The union of two masks.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The mask of the lanes of `check` that are not finite.
    #[inline(always)]
    pub(crate) fn of_lanes<R: Lane>(check: R) -> Self {
        let mut lanes = [0.0; LANE_WIDTH];
        check.store(&mut lanes);
        let mut faults = 0;
        for (lane, value) in lanes.iter().enumerate() {
            faults |= u8::from(!value.is_finite()) << lane;
        }
        Self(faults)
    }

    /// The mask of rows of `columns` values each, the lane of a value being its column modulo [`LANE_WIDTH`].
    pub(crate) fn of_rows(rows: &[f64], columns: usize) -> Self {
        let faulty = rows.iter().enumerate().filter(|(_, value)| !value.is_finite());
        Self(faulty.fold(0, |mask, (at, _)| mask | 1 << (at % columns % LANE_WIDTH)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_stands_for_every_eighth_column() {
        let mut rows = [0.0; 2 * 11];
        (rows[3], rows[11 + 9]) = (f64::NAN, f64::INFINITY);
        let mask = FaultMask::of_rows(&rows, 11);
        assert_eq!(mask, FaultMask(0b1010));
        assert!(mask.has(9) && mask.has(3) && !mask.has(0) && !mask.is_empty() && !mask.is_full());
        assert!(mask.union(FaultMask(!0b1010)).is_full());
    }
}
