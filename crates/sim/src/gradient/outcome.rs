//! Gradients and tangents of runs, as they are given back.

use std::ops::Index;

use ndarray::Array2;

use crate::run::Run;

/// The value of a loss, its gradient, and the run that it was computed from.
#[derive(Debug, Clone)]
pub struct Gradient {
    /// The value of the loss.
    pub value: f64,
    /// The run, with everything that was recorded.
    pub run: Run,
    pub(super) parts: Vec<(String, Vec<f64>)>,
}

impl Gradient {
    /// Returns the derivatives by the variable that a name stands for, in the order that the table of [`crate::gradient`] says; `None` where the
    /// gradient was not asked for by that name.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, values)| &values[..])
    }

    /// The names and derivatives, in the order in which they were asked for.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.parts.iter().map(|(name, values)| (&name[..], &values[..]))
    }

    /// Returns all derivatives in a row, in the order in which they were asked for.
    pub fn flat(&self) -> Vec<f64> {
        self.parts.iter().flat_map(|(_, values)| values).copied().collect()
    }
}

impl Index<&str> for Gradient {
    type Output = [f64];

    /// Returns the derivatives by the variable that a name stands for.
    ///
    /// # Panics
    ///
    /// The gradient was not asked for by that name. [`Gradient::get`] gives `None` instead.
    fn index(&self, name: &str) -> &[f64] {
        match self.get(name) {
            Some(values) => values,
            None => {
                let names: Vec<&str> = self.parts().map(|(name, _)| name).collect();
                panic!("the gradient is not by `{name}`; it is by {}", names.join(", "))
            }
        }
    }
}

/// A run, and its change along a direction.
#[derive(Debug, Clone)]
pub struct Tangent {
    /// The run, with everything that was recorded.
    pub run: Run,
    pub(super) tangents: Vec<(String, Array2<f64>)>,
}

impl Tangent {
    /// Returns the derivative along the direction of what was recorded under a name, shape (time, node); `None` where nothing was.
    pub fn get(&self, name: &str) -> Option<&Array2<f64>> {
        self.tangents.iter().find(|(known, _)| known == name).map(|(_, tangents)| tangents)
    }
}

impl Index<&str> for Tangent {
    type Output = Array2<f64>;

    /// Returns the derivative along the direction of what was recorded under a name, shape (time, node).
    ///
    /// # Panics
    ///
    /// Nothing was recorded under it. [`Tangent::get`] gives `None` instead.
    fn index(&self, name: &str) -> &Array2<f64> {
        match self.get(name) {
            Some(tangents) => tangents,
            None => {
                let names: Vec<&str> = self.tangents.iter().map(|(name, _)| &name[..]).collect();
                panic!("nothing was recorded as `{name}`; there is {}", names.join(", "))
            }
        }
    }
}
