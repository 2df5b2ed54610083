//! Arrays of numbers that begin at a cache line.

use std::ops::{Deref, DerefMut};

use super::LANE_WIDTH;

/// An array of numbers that begins at a cache line, which has room for [`LANE_WIDTH`] numbers of eight bytes.
///
/// So the numbers of a node block lie in one line. Loading a register from two lines takes twice as long, and the system's allocator never
/// begins large arrays at a line.
#[derive(Debug, Default)]
pub struct Aligned {
    numbers: Vec<f64>,
    start: usize,
}

impl Aligned {
    /// An array of `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let mut numbers = vec![0.0; len + LANE_WIDTH - 1];
        let start = numbers.as_ptr().align_offset(size_of::<[f64; LANE_WIDTH]>()).min(LANE_WIDTH - 1);
        numbers.truncate(start + len);
        Self { numbers, start }
    }

    /// Changes the length to `len`; what the numbers are afterwards is not said. Memory is taken only where the old one does not suffice.
    pub fn fit(&mut self, len: usize) {
        if self.start + len <= self.numbers.capacity() {
            self.numbers.resize(self.start + len, 0.0);
        } else {
            *self = Self::zeros(len);
        }
    }
}

impl From<&[f64]> for Aligned {
    fn from(values: &[f64]) -> Self {
        let mut aligned = Self::zeros(values.len());
        aligned.copy_from_slice(values);
        aligned
    }
}

impl Deref for Aligned {
    type Target = [f64];

    #[inline]
    fn deref(&self) -> &[f64] {
        &self.numbers[self.start..]
    }
}

impl DerefMut for Aligned {
    #[inline]
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.numbers[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_at_a_line_whatever_their_count() {
        for len in [0, 1, 7, 8, 90, 100_000] {
            let values: Vec<f64> = (0..len).map(|index| index as f64).collect();
            let aligned = Aligned::from(&values[..]);
            assert_eq!(*aligned, values[..]);
            assert_eq!(aligned.as_ptr() as usize % 64, 0, "{len}");
        }
        let mut aligned = Aligned::default();
        for len in [9, 3, 8, 5000, 0, 4000] {
            aligned.fit(len);
            assert_eq!((aligned.len(), aligned.as_ptr() as usize % 64), (len, 0));
        }
    }
}
