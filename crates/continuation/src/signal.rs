//! The signal of a model that a diagram shows: a state, or an observable.

use std::cell::RefCell;

use brainmass_spec::graph::Symbol;
use brainmass_spec::model::{self, Model};
use brainmass_spec::problem::suggestion;

use crate::cycles::CyclePoint;
use crate::equations::{EquationsError, Quantity, Setting, copied};
use crate::function::Function;

/// The number of times over a period at which an observable of a cycle is computed.
const SAMPLES: usize = 400;

/// A state or an observable of a model, as a function of states and of what varies.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Its name.
    pub name: String,
    /// Its unit, `1` for a pure number.
    pub unit: String,
    part: Part,
}

#[derive(Debug, Clone)]
enum Part {
    State(usize),
    Observable { function: Function, room: RefCell<Vec<f64>> },
}

impl Signal {
    /// Finds a state or an observable by its name; without a name the output of the model, or its first state.
    ///
    /// # Errors
    ///
    /// There is none of that name; the error says which may have been meant.
    pub fn find(
        model: &Model,
        setting: &Setting,
        free: &[Quantity],
        name: Option<&str>,
    ) -> Result<Self, EquationsError> {
        let state = |index: usize| Self {
            name: model.states[index].name.clone(),
            unit: model.states[index].unit.text.clone(),
            part: Part::State(index),
        };
        let observable = |index: usize| {
            let value = &model.observables[index];
            let (graph, roots) = copied(model, setting, free, &[value.node]);
            let mut graph = graph;
            let states = (0..model.states.len()).map(|i| Symbol::State(i as u16));
            let symbols: Vec<Symbol> =
                states.chain((0..free.len()).map(|i| Symbol::Parameter(i as u16))).collect();
            let arguments: Vec<_> = symbols.into_iter().map(|symbol| graph.symbol(symbol)).collect();
            let function = Function::new(&graph, &arguments, &roots);
            let part = Part::Observable { function, room: RefCell::default() };
            Self { name: value.name.clone(), unit: value.unit.text.clone(), part }
        };
        let Some(name) = name else {
            return Ok(match model.output {
                Some(model::Signal::State(index)) => state(index),
                Some(model::Signal::Observable(index)) => observable(index),
                None => state(0),
            });
        };
        if let Some(index) = model.states.iter().position(|state| state.name == name) {
            return Ok(state(index));
        }
        if let Some(index) = model.observables.iter().position(|value| value.name == name) {
            return Ok(observable(index));
        }
        let names = model.states.iter().map(|state| state.name.as_str());
        let names = names.chain(model.observables.iter().map(|value| value.name.as_str()));
        Err(EquationsError::Signal {
            given: name.to_owned(),
            hint: suggestion(name, "states and observables", names),
        })
    }

    /// Computes the signal at states and a value of what varies.
    pub fn at(&self, states: &[f64], value: f64) -> f64 {
        match &self.part {
            Part::State(index) => states[*index],
            Part::Observable { function, room } => {
                function.compute(&[states, &[value]], &mut room.borrow_mut())[0]
            }
        }
    }

    /// Computes the smallest and the largest value of the signal over the period of a cycle.
    pub fn extremes(&self, cycle: &CyclePoint) -> (f64, f64) {
        match &self.part {
            Part::State(index) => (cycle.min[*index], cycle.max[*index]),
            Part::Observable { .. } => {
                let nodes = (0..cycle.profile.n_nodes()).map(|node| cycle.profile.node(node).to_vec());
                let between = (0..SAMPLES).map(|i| cycle.profile.at(i as f64 / SAMPLES as f64));
                nodes.chain(between).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), states| {
                    let value = self.at(&states, cycle.value);
                    (low.min(value), high.max(value))
                })
            }
        }
    }
}
