//! Losses of the outputs of a batch, with their derivatives.

use ndarray::{Array2, ArrayView1, ArrayView2, Zip};

use super::Targets;

/// Returns the cross-entropy of outputs `(item, output)` and its derivative by them: the mean over the items of `-ln p(class)`, where p is the
/// softmax of the outputs.
///
/// With `z` the outputs of an item, `p_k = e^(z_k)/sum_j e^(z_j)`; the derivative of `-ln p(class)` by `z_k` is `p_k`, less 1 for the class.
///
/// # Panics
///
/// A class has no output, or there are fewer classes than items.
pub fn cross_entropy(outputs: ArrayView2<f64>, classes: &[usize]) -> (f64, Array2<f64>) {
    let items = outputs.nrows() as f64;
    let mut derivative = outputs.to_owned();
    let mut loss = 0.0;
    for (mut row, class) in derivative.rows_mut().into_iter().zip(classes) {
        let largest = row.fold(f64::NEG_INFINITY, |largest, value| largest.max(*value));
        let own = row[*class] - largest;
        row.mapv_inplace(|value| (value - largest).exp());
        let sum = row.sum();
        loss += sum.ln() - own;
        row /= sum;
        row[*class] -= 1.0;
    }
    (loss / items, derivative / items)
}

/// Returns the mean square of the differences between outputs and targets over items and outputs, and its derivative by the outputs. All
/// arrays are `(item, output)`.
///
/// # Panics
///
/// The shapes differ.
pub fn mean_square(outputs: ArrayView2<f64>, targets: ArrayView2<f64>) -> (f64, Array2<f64>) {
    let count = outputs.len() as f64;
    let difference = Zip::from(outputs).and(targets).map_collect(|output, target| output - target);
    (difference.iter().map(|value| value * value).sum::<f64>() / count, difference * (2.0 / count))
}

/// Returns the share of items whose largest output is that of their class, 0 to 1.
///
/// # Panics
///
/// There are fewer classes than items.
pub fn accuracy(outputs: ArrayView2<f64>, classes: &[usize]) -> f64 {
    let right =
        outputs.rows().into_iter().zip(classes).filter(|(row, class)| index_of_largest(*row) == **class);
    right.count() as f64 / outputs.nrows() as f64
}

/// Returns the index of the largest value; of equals, the first.
fn index_of_largest(row: ArrayView1<f64>) -> usize {
    row.iter().enumerate().fold(0, |best, (index, value)| if *value > row[best] { index } else { best })
}

impl Targets {
    /// Returns the loss of outputs `(item, output)`, and its derivative by them.
    pub(super) fn loss(&self, outputs: ArrayView2<f64>) -> (f64, Array2<f64>) {
        match self {
            Self::Classes(classes) => cross_entropy(outputs, classes),
            Self::Values(values) => mean_square(outputs, values.view()),
        }
    }

    /// Returns the share of items that are put into their class; `None` where there are no classes.
    pub(super) fn accuracy(&self, outputs: ArrayView2<f64>) -> Option<f64> {
        match self {
            Self::Classes(classes) => Some(accuracy(outputs, classes)),
            Self::Values(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn cross_entropy_is_that_of_the_softmax() {
        // By hand: softmax of (0, ln 3) is (1/4, 3/4); that of (800, 0) is (1, 0).
        let outputs = array![[0.0, 3.0_f64.ln()], [800.0, 0.0]];
        let (loss, derivative) = cross_entropy(outputs.view(), &[1, 0]);
        assert!((loss - (4.0_f64 / 3.0).ln() / 2.0).abs() < 1e-15);
        let expected = array![[0.125, -0.125], [0.0, 0.0]];
        assert!((derivative - expected).iter().all(|difference| difference.abs() < 1e-15));
    }

    #[test]
    fn the_mean_square_is_over_all_entries() {
        let (loss, derivative) = mean_square(array![[1.0, 2.0]].view(), array![[0.0, 4.0]].view());
        assert_eq!((loss, derivative), (2.5, array![[1.0, -2.0]]));
    }

    #[test]
    fn accuracy_counts_the_largest_output() {
        let outputs = array![[0.1, 0.9], [0.7, 0.2], [0.5, 0.5], [f64::NAN, 0.0]];
        assert_eq!(accuracy(outputs.view(), &[1, 1, 0, 1]), 0.5);
    }
}
