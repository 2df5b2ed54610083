//! Arrays by name: the weights of a stack, and gradients by them.

use std::ops::Index;
use std::path::Path;

use ndarray::ArrayD;

use brainmass_data::io::IoError;
use brainmass_data::io::npz::{Npz, NpzWriter};

/// Arrays by name, in a fixed order: the weights and parameters of a stack, or the gradient of a loss by each of their entries.
///
/// ```
/// use brainmass::prelude::*;
/// use brainmass::sequence::Weights;
/// use ndarray::array;
///
/// let stack = HORNSeqNetwork::of([HORNSeqLayer::new(2).reading(array![[0.5, -0.2]])]);
/// let weights = stack.weights();
/// assert_eq!(weights.names().next(), Some("layer1.W_in"));
/// assert_eq!(weights["layer1.W_in"].shape(), [1, 2]);
/// assert_eq!(weights["layer1.alpha"][0], 0.04);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weights {
    arrays: Vec<(String, ArrayD<f64>)>,
}

impl Weights {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array, or replaces the one of that name.
    pub fn insert(&mut self, name: impl Into<String>, values: ArrayD<f64>) {
        let name = name.into();
        match self.get_mut(&name) {
            Some(present) => *present = values,
            None => self.arrays.push((name, values)),
        }
    }

    /// Returns the array of a name; `None` where there is none.
    pub fn get(&self, name: &str) -> Option<&ArrayD<f64>> {
        self.arrays.iter().find(|(known, _)| known == name).map(|(_, values)| values)
    }

    /// Returns the array of a name, to be changed; `None` where there is none.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut ArrayD<f64>> {
        self.arrays.iter_mut().find(|(known, _)| known == name).map(|(_, values)| values)
    }

    /// Returns all names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.arrays.iter().map(|(name, _)| name.as_str())
    }

    /// Returns all arrays with their names, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ArrayD<f64>)> {
        self.arrays.iter().map(|(name, values)| (name.as_str(), values))
    }

    /// Returns all arrays with their names, in their order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut ArrayD<f64>)> {
        self.arrays.iter_mut().map(|(name, values)| (name.as_str(), values))
    }

    /// Returns every entry, to be changed, with its derivative: the arrays that the gradient has too, in their order.
    pub(crate) fn numbers_with<'w>(
        &'w mut self,
        gradient: &'w Self,
    ) -> impl Iterator<Item = (&'w mut f64, f64)> {
        self.arrays.iter_mut().flat_map(|(name, values)| {
            let derivatives = gradient.get(name).into_iter().flatten().copied();
            values.iter_mut().zip(derivatives)
        })
    }

    /// Keeps the arrays whose names pass.
    pub fn filtered(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.arrays.retain(|(name, _)| keep(name));
        self
    }

    /// Returns the number of entries of all arrays.
    pub fn count(&self) -> usize {
        self.arrays.iter().map(|(_, values)| values.len()).sum()
    }

    /// Returns the Euclidean norm of all entries together.
    pub fn norm(&self) -> f64 {
        let squares = self.arrays.iter().flat_map(|(_, values)| values).map(|value| value * value);
        squares.sum::<f64>().sqrt()
    }

    /// Saves the arrays as a file that numpy reads: `numpy.load(path)["layer1.W_in"]`.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), IoError> {
        let mut file = NpzWriter::new();
        for (name, values) in &self.arrays {
            file.add(name, values)?;
        }
        file.save(path)
    }

    /// Reads arrays from a file written by [`Weights::save`] or by numpy.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or an array in it is not one of numbers.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, IoError> {
        let file = Npz::open(path)?;
        let mut weights = Self::new();
        for name in file.names() {
            weights.insert(name, file.get(name)?.into_numbers()?);
        }
        Ok(weights)
    }
}

impl Index<&str> for Weights {
    type Output = ArrayD<f64>;

    /// Returns the array of a name.
    ///
    /// # Panics
    ///
    /// There is no array of that name. [`Weights::get`] returns `None` instead.
    fn index(&self, name: &str) -> &ArrayD<f64> {
        match self.get(name) {
            Some(values) => values,
            None => {
                let names: Vec<&str> = self.names().collect();
                panic!("there is no `{name}`; there is {}", names.join(", "))
            }
        }
    }
}

impl FromIterator<(String, ArrayD<f64>)> for Weights {
    fn from_iter<I: IntoIterator<Item = (String, ArrayD<f64>)>>(arrays: I) -> Self {
        let mut weights = Self::new();
        arrays.into_iter().for_each(|(name, values)| weights.insert(name, values));
        weights
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn weights_come_back_from_a_file() {
        let mut weights = Weights::new();
        weights.insert("layer1.W_in", array![[0.1, 1.0 / 3.0], [-2e300, f64::MIN_POSITIVE]].into_dyn());
        weights.insert("b_out", array![0.5].into_dyn());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights.npz");
        weights.save(&path).unwrap();
        assert_eq!(Weights::load(&path).unwrap(), weights);
    }

    #[test]
    fn the_norm_is_that_of_all_entries_together() {
        let mut weights = Weights::new();
        weights.insert("a", array![[3.0], [0.0]].into_dyn());
        weights.insert("b", array![4.0].into_dyn());
        assert_eq!((weights.norm(), weights.count()), (5.0, 3));
    }
}
