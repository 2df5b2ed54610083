//! The values of all parameters of one candidate, by name.

use std::fmt;
use std::ops::Index;

use serde::{Deserialize, Serialize};

/// Numbers by name: the values of all parameters, fixed ones included, or derivatives by them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ParamValues(pub(super) Vec<(String, Vec<f64>)>);

impl ParamValues {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds numbers under a name, which must be new: one number, or one a node.
    pub fn with(mut self, name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        self.0.push((name.into(), values.into()));
        self
    }

    /// Returns the numbers under a name: one, or one a node. `None` where there is nothing of that name.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, values)| &values[..])
    }

    /// Returns the first number under a name: the value of a parameter that is the same for all nodes.
    ///
    /// # Panics
    ///
    /// There is nothing of that name. [`ParamValues::get`] returns `None` instead.
    pub fn scalar(&self, name: &str) -> f64 {
        self[name][0]
    }

    /// Returns names and numbers, in the order in which the parameters were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.0.iter().map(|(name, values)| (&name[..], &values[..]))
    }
}

impl Index<&str> for ParamValues {
    type Output = [f64];

    /// Returns the numbers under a name.
    ///
    /// # Panics
    ///
    /// There is nothing of that name. [`ParamValues::get`] returns `None` instead.
    fn index(&self, name: &str) -> &[f64] {
        match self.get(name) {
            Some(values) => values,
            None => {
                let names: Vec<&str> = self.iter().map(|(name, _)| name).collect();
                panic!("there is no parameter `{name}`; there is {}", names.join(", "))
            }
        }
    }
}

/// Writes `a = 0.1, k = [0.5, 0.6, ...]`: at most four values of each parameter, with as many decimals as are asked for (`{:.3}`), or with all.
impl fmt::Display for ParamValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = f.precision();
        let number = |value: &f64| match precision {
            Some(decimals) => format!("{value:.decimals$}"),
            None => value.to_string(),
        };
        for (index, (name, values)) in self.0.iter().enumerate() {
            if index > 0 {
                write!(f, ", ")?;
            }
            match &values[..] {
                [value] => write!(f, "{name} = {}", number(value))?,
                values => {
                    let shown: Vec<String> = values.iter().take(4).map(number).collect();
                    let rest = if values.len() > 4 { ", ..." } else { "" };
                    write!(f, "{name} = [{}{rest}]", shown.join(", "))?;
                }
            }
        }
        Ok(())
    }
}
