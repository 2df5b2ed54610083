//! The numbers of a case by their names.

use std::collections::HashMap;

use serde_json::Value;

/// The parameters, coupling inputs and states of a case. An array `P` has its entries as `P_1`, `P_2`, ...; a coupling input is `c0`, `c1`, ....
#[derive(Debug, Clone, Default)]
pub struct Numbers(HashMap<String, f64>);

impl Numbers {
    /// Reads parameters and constant coupling inputs. Coupling inputs that a case does not give are 0.
    pub fn of(case: &Value, couplings: usize) -> Self {
        let mut numbers = Self::default();
        for (name, value) in case["params"].as_object().into_iter().flatten() {
            numbers.add(name, value);
        }
        for index in 0..couplings {
            match &case["coupling"][index] {
                Value::Null => numbers.set(&format!("c{index}"), 0.0),
                value => numbers.add(&format!("c{index}"), value),
            }
        }
        numbers
    }

    /// Adds a number, a truth value, or the entries of an array under a name.
    pub fn add(&mut self, name: &str, value: &Value) {
        match value {
            Value::Bool(truth) => self.set(name, f64::from(u8::from(*truth))),
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| self.add(&format!("{name}_{}", index + 1), item));
            }
            number => self.set(name, number.as_f64().unwrap_or(f64::NAN)),
        }
    }

    /// Sets a number.
    pub fn set(&mut self, name: &str, value: f64) {
        self.0.insert(name.to_owned(), value);
    }

    /// Finds a number by its name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }
}

/// The names of states, modes and all: a state `xi` with three modes is `xi_1`, `xi_2`, `xi_3`.
pub fn state_names(head: &Value) -> Vec<String> {
    let modes = head["modes"].as_u64().unwrap_or(1);
    let names = head["states"].as_array().into_iter().flatten().filter_map(|state| state["name"].as_str());
    names
        .flat_map(|name| match modes {
            1 => vec![name.to_owned()],
            modes => (1..=modes).map(|mode| format!("{name}_{mode}")).collect(),
        })
        .collect()
}
