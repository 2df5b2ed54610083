//! The local variables of kernel functions.

use std::collections::HashSet;

use brainmass_spec::graph::NodeId;
use brainmass_spec::model::Model;
use proc_macro2::Ident;
use quote::format_ident;

use super::identifiers::identifier;

/// A value that a function is given: its node in the graph and the variable that holds it.
pub type Given = (NodeId, Ident);

/// Chooses the names of local variables in the functions of one kernel, so that no two values share one.
pub struct Locals {
    /// Names of the number type and of the arguments of the functions.
    own: &'static [&'static str],
    used: HashSet<String>,
    /// The names of the tables.
    pub tables: Vec<Ident>,
}

impl Locals {
    /// Starts with the functions' own names and with all names of the model's file.
    pub fn new(own: &'static [&'static str], model: &Model) -> Self {
        let used = own.iter().map(|name| (*name).to_owned()).collect();
        let tables = model.tables.iter().map(|table| identifier(&table.name)).collect();
        let mut locals = Self { own, used, tables };
        let states = model.states.iter().map(|state| &state.name);
        let parameters = model.parameters.iter().map(|parameter| &parameter.name);
        let inputs = model.inputs.iter().map(|input| &input.name);
        let values = model.lets.iter().chain(&model.observables).map(|value| &value.name);
        for name in states.chain(parameters).chain(inputs).chain(values) {
            let variable = locals.author(name).to_string();
            locals.used.insert(variable);
        }
        locals
    }

    /// The variable for a name of the file: the name itself, or the name with `_` where the functions use it themselves. No name of a
    /// file ends in `_`.
    pub fn author(&self, name: &str) -> Ident {
        if self.own.contains(&name) { format_ident!("{name}_") } else { identifier(name) }
    }

    /// A variable for a value that the file does not name: `name`, or `name` with a number where that is used already.
    pub fn fresh(&mut self, name: &str) -> Ident {
        let mut unused = name.to_owned();
        let mut number = 1;
        while !self.used.insert(unused.clone()) {
            number += 1;
            unused = format!("{name}_{number}");
        }
        identifier(&unused)
    }
}
