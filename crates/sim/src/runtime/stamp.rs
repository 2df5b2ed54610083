//! The provenance that a session stamps its runs with.

use std::sync::Arc;

use super::session::Session;
use crate::fingerprint::Fingerprint;
use crate::run::{Provenance, Recipe};

impl Session {
    /// Says from which experiment the runs that follow are made: its recipe where the experiment is known, the names of its regions, and further settings by name. Their files
    /// keep it.
    pub fn made_from(
        &mut self,
        recipe: Option<Recipe>,
        labels: Vec<String>,
        settings: impl IntoIterator<Item = (String, String)>,
    ) {
        let provenance = Arc::make_mut(&mut self.provenance);
        (provenance.recipe, provenance.labels) = (recipe, labels);
        settings.into_iter().for_each(|(name, text)| provenance.settings.add(name, text));
    }

    /// The provenance of the runs that follow.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Adds a setting to the provenance of the runs that follow; the runs of a batch have no settings here, as they differ.
    pub(crate) fn note_setting(&mut self, name: &str, text: String) {
        if self.provenance.settings != Fingerprint::default() {
            Arc::make_mut(&mut self.provenance).settings.add(name, text);
        }
    }
}
