//! The names that expressions see.

use super::typed::{Lowering, Typed};
use crate::graph::Symbol;
use crate::model::{Input, Parameter, State};
use crate::unit::Unit;

/// Lets expressions see a name as a symbol of the graph, unless its declaration is wrong.
pub fn define(l: &mut Lowering, name: &str, symbol: Symbol, unit: Unit) {
    let node = l.graph.symbol(symbol);
    if l.broken.contains(name) {
        return;
    }
    l.names.insert(name.to_owned(), Typed::number(node, unit));
}

/// Defines the names that the equations of a node see: its states, parameters and inputs.
pub fn node_names(l: &mut Lowering, states: &[State], parameters: &[Parameter], inputs: &[Input]) {
    for (i, state) in states.iter().enumerate() {
        define(l, &state.name, Symbol::State(i as u16), state.unit.unit);
    }
    parameter_names(l, parameters);
    for (i, input) in inputs.iter().enumerate() {
        define(l, &input.name, Symbol::Input(i as u16), input.unit.unit);
    }
}

/// Defines the names of the parameters.
pub fn parameter_names(l: &mut Lowering, parameters: &[Parameter]) {
    for (i, parameter) in parameters.iter().enumerate() {
        define(l, &parameter.name, Symbol::Parameter(i as u16), parameter.unit.unit);
    }
}
