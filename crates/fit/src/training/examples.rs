//! Examples: sequences with their targets.

use ndarray::{Array2, Array3, Axis};

use super::TrainingError;
use super::init::permutation;
use crate::optimiser::need;

/// The targets that the outputs of a stack should reach.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// A class for each item, from 0: the index of the output that should be the largest. The loss is the cross-entropy.
    Classes(Vec<usize>),
    /// Values `(item, output)`. The loss is the mean square of the differences.
    Values(Array2<f64>),
}

/// Examples to learn from or to be tested with: sequences with their targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples {
    inputs: Array3<f64>,
    targets: Targets,
}

impl Examples {
    /// Creates examples from sequences `(item, time, input)` and a target for each.
    ///
    /// # Errors
    ///
    /// The number of targets is not that of the sequences, there are no examples, or a target is not finite.
    pub fn new(inputs: Array3<f64>, targets: Targets) -> Result<Self, TrainingError> {
        let items = inputs.dim().0;
        if targets.len() != items {
            return Err(TrainingError::Targets { targets: targets.len(), items });
        }
        if items == 0 {
            return Err(TrainingError::NoExamples);
        }
        if let Targets::Values(values) = &targets
            && let Some(((item, _), &given)) = values.indexed_iter().find(|(_, value)| !value.is_finite())
        {
            return Err(TrainingError::NotFinite { item, given });
        }
        Ok(Self { inputs, targets })
    }

    /// Returns the sequences, `(item, time, input)`.
    pub fn inputs(&self) -> &Array3<f64> {
        &self.inputs
    }

    /// Returns the targets.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Returns whether there are no items, which [`Examples::new`] refuses.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the items with these indices, in this order.
    ///
    /// # Panics
    ///
    /// An index is not below the number of items.
    pub fn select(&self, items: &[usize]) -> Self {
        let targets = match &self.targets {
            Targets::Classes(classes) => Targets::Classes(items.iter().map(|item| classes[*item]).collect()),
            Targets::Values(values) => Targets::Values(values.select(Axis(0), items)),
        };
        Self { inputs: self.inputs.select(Axis(0), items), targets }
    }

    /// Splits the items at random into two parts, for training and testing. The first has the given share of the items; each has at least one.
    ///
    /// # Errors
    ///
    /// The share is not between 0 and 1, or there are fewer than two items.
    pub fn split(&self, share: f64, seed: u64) -> Result<(Self, Self), TrainingError> {
        let allowed = share > 0.0 && share < 1.0;
        need(allowed, "the share of the first part", share, "it lies between 0 and 1")?;
        need(self.len() > 1, "the number of items to split", self.len(), "at least 2 are needed")?;
        let order = permutation(self.len(), seed, 0);
        let first = ((share * self.len() as f64).round() as usize).clamp(1, self.len() - 1);
        Ok((self.select(&order[..first]), self.select(&order[first..])))
    }

    /// Checks that a stack with so many outputs can be trained with the examples.
    pub(super) fn check_outputs(&self, outputs: usize) -> Result<(), TrainingError> {
        match &self.targets {
            Targets::Classes(classes) => match classes.iter().position(|class| *class >= outputs) {
                Some(item) => Err(TrainingError::Class { item, class: classes[item], outputs }),
                None => Ok(()),
            },
            Targets::Values(values) if values.ncols() != outputs => {
                Err(TrainingError::Width { given: values.ncols(), outputs })
            }
            Targets::Values(_) => Ok(()),
        }
    }
}

impl Targets {
    fn len(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len(),
            Self::Values(values) => values.nrows(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn ten() -> Examples {
        let inputs = Array3::from_shape_fn((10, 2, 1), |(item, _, _)| item as f64);
        Examples::new(inputs, Targets::Classes((0..10).collect())).unwrap()
    }

    #[test]
    fn a_split_keeps_every_item_once_with_its_target() {
        let (first, second) = ten().split(0.7, 3).unwrap();
        assert_eq!((first.len(), second.len()), (7, 3));
        let mut seen = Vec::new();
        for part in [first, second] {
            let Targets::Classes(classes) = part.targets() else { panic!("classes") };
            for (item, class) in classes.iter().enumerate() {
                assert_eq!(part.inputs()[[item, 1, 0]], *class as f64);
                seen.push(*class);
            }
        }
        assert_ne!(seen, (0..10).collect::<Vec<_>>(), "drawn at random");
        seen.sort_unstable();
        assert_eq!(seen, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn examples_that_cannot_be_learned_are_refused() {
        let inputs = || Array3::zeros((2, 3, 1));
        let error = |targets| Examples::new(inputs(), targets).unwrap_err().to_string();
        assert_eq!(
            error(Targets::Classes(vec![0])),
            "there are 1 targets for 2 sequences; give one for each"
        );
        let nan = Targets::Values(array![[0.0], [f64::NAN]]);
        assert_eq!(error(nan), "the target of item 1 holds NaN; finite numbers are needed");
        let none = Examples::new(Array3::zeros((0, 3, 1)), Targets::Classes(vec![]));
        assert_eq!(none.unwrap_err().to_string(), "there are no examples");
        let eight = ten().check_outputs(8).unwrap_err().to_string();
        assert_eq!(eight, "item 8 is of class 8, and the stack has 8 outputs; classes are counted from 0");
        assert!(ten().split(1.0, 0).is_err());
    }
}
