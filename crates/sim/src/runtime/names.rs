//! Names of signals and inputs in a network: `x` where there is one group, `cortex.x` where there are several.

use brainmass_spec::problem::suggestion;

use crate::runtime::error::RunError;
use brainmass_core::info::ModelInfo;

/// The groups of a network with their names and models.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    groups: Vec<(String, &'static ModelInfo)>,
}

impl Names {
    /// Creates the names of groups, each given by its name and model.
    pub fn new(groups: impl IntoIterator<Item = (String, &'static ModelInfo)>) -> Self {
        Self { groups: groups.into_iter().collect() }
    }

    /// The description of the model of a group.
    pub fn info(&self, group: usize) -> &'static ModelInfo {
        self.groups[group].1
    }

    /// The full name of a signal, input or parameter of a group.
    pub fn full(&self, group: usize, name: &str) -> String {
        let (group, _) = &self.groups[group];
        if self.groups.len() == 1 { name.to_owned() } else { format!("{group}.{name}") }
    }

    /// The words by which messages call the nodes of a group: its name and model, or the model alone.
    pub fn words(&self, group: usize) -> String {
        let (group, info) = &self.groups[group];
        if group.is_empty() { info.name.to_owned() } else { format!("`{group}` ({})", info.name) }
    }

    /// Splits a full name into the index of its group and the name within it; `None` where there is no such group.
    pub fn split<'a>(&self, name: &'a str) -> Option<(usize, &'a str)> {
        match name.split_once('.') {
            Some((group, rest)) => Some((self.groups.iter().position(|(known, _)| known == group)?, rest)),
            None => (self.groups.len() == 1).then_some((0, name)),
        }
    }

    /// Finds the group of a full name, and what `find_in` finds by the rest of the name in the group's model.
    pub fn find<T>(
        &self,
        name: &str,
        find_in: impl Fn(&'static ModelInfo, &str) -> Option<T>,
    ) -> Option<(usize, T)> {
        let (group, name) = self.split(name)?;
        Some((group, find_in(self.groups[group].1, name)?))
    }

    /// Creates the error of a name that is not there. `known` lists the names of the kind that a model has, and `more` those that the network
    /// has beside them; `kinds` is the plural that the hint uses.
    pub fn unknown<K: Iterator<Item = &'static str>>(
        &self,
        what: &'static str,
        given: &str,
        kinds: &str,
        known: impl Fn(&'static ModelInfo) -> K,
        more: impl IntoIterator<Item = String>,
    ) -> RunError {
        let own = self.groups.iter().enumerate();
        let own = own.flat_map(|(group, (_, info))| known(info).map(move |name| (group, name)));
        let all: Vec<String> = own.map(|(group, name)| self.full(group, name)).chain(more).collect();
        let model = if self.groups.len() == 1 { self.groups[0].1.name } else { "the network" };
        let hint = suggestion(given, kinds, all.iter().map(String::as_str));
        RunError::Unknown { what, given: given.to_owned(), model, hint }
    }
}
