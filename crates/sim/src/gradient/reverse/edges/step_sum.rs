//! Sums over the steps of a run that do not depend on where the run was divided.

/// The number of partial sums that go on side by side: one alone would wait for each addition.
const PARTIAL_SUMS: usize = 4;

/// A sum over steps, the last step first.
///
/// Each step belongs to a partial sum by its number, so that the order of all additions is the same whatever pieces the steps come in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StepSum([f64; PARTIAL_SUMS]);

impl StepSum {
    /// Adds the products of two rows of values, one a step, of which the first belongs to the step after `from` steps.
    pub fn add_products(&mut self, from: usize, a: &[f64], b: &[f64]) {
        // Whole groups of steps begin with a number that is a multiple of the partial sums.
        let head = from.next_multiple_of(PARTIAL_SUMS).saturating_sub(from).min(a.len());
        let ((a_head, a), (b_head, b)) = (a.split_at(head), b.split_at(head));
        let (a, b) = (a.chunks_exact(PARTIAL_SUMS), b.chunks_exact(PARTIAL_SUMS));
        self.add_group(0, a.remainder(), b.remainder());
        for (a, b) in a.zip(b).rev() {
            for (sum, (a, b)) in self.0.iter_mut().zip(a.iter().zip(b)) {
                *sum += a * b;
            }
        }
        self.add_group(from % PARTIAL_SUMS, a_head, b_head);
    }

    /// Adds one product, for sums to which the steps come one by one.
    pub fn add(&mut self, product: f64) {
        self.0[0] += product;
    }

    /// Adds the products of fewer steps than a whole group, the first of them to the partial sum `first`.
    fn add_group(&mut self, first: usize, a: &[f64], b: &[f64]) {
        for (sum, (a, b)) in self.0[first..].iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }

    /// The sum over all steps.
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_the_bits_of_the_whole() {
        let a: Vec<f64> = (0..37).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let b: Vec<f64> = (0..37).map(|i| (f64::from(i) * 1.3).cos()).collect();
        let sum_of_pieces = |cuts: &[usize]| {
            let mut sum = StepSum::default();
            for pair in cuts.windows(2).rev() {
                sum.add_products(pair[0], &a[pair[0]..pair[1]], &b[pair[0]..pair[1]]);
            }
            sum.total()
        };
        let whole = sum_of_pieces(&[0, 37]);
        let plain: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        assert!((whole - plain).abs() < 1e-12);
        for cuts in [&[0, 1, 2, 3, 5, 37][..], &[0, 4, 8, 37], &[0, 18, 37], &[0, 35, 36, 37]] {
            assert_eq!(sum_of_pieces(cuts).to_bits(), whole.to_bits(), "{cuts:?}");
        }
    }
}
