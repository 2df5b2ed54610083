//! Numbers as words of 64 bits, in which the state of a run stands in files.

/// A list of words that numbers are taken out of, in the order in which they were put in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a>(pub &'a [u64]);

/// Puts a list of numbers behind its length.
pub(crate) fn put(words: &mut Vec<u64>, numbers: &[f64]) {
    words.push(numbers.len() as u64);
    words.extend(numbers.iter().map(|number| number.to_bits()));
}

impl Words<'_> {
    /// Takes a whole number; `None` where nothing is left.
    pub fn whole(&mut self) -> Option<usize> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        // What was put in was a whole number of this machine or of another one, on which it may be too large.
        usize::try_from(*first).ok()
    }

    /// Takes a list of numbers; `None` where there are not as many as its length says.
    pub fn numbers(&mut self) -> Option<Vec<f64>> {
        let length = self.whole()?;
        let (numbers, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(numbers.iter().map(|word| f64::from_bits(*word)).collect())
    }
}
