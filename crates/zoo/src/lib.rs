//! The models, made of the equation files in `models`.
//!
//! Those of the catalogue are compiled in crates of their own, so that several processors have work, no compiler takes more memory than a laptop has,
//! and a new model makes no more than its own crate build anew. Those of a folder are a family. A family is kept as its texts, and each of its models
//! is interpreted when it is first asked for, so that a hundred of them cost no time to build; with a feature of `brainmass-zoo-families` it is
//! compiled as well and stands in a module of its name. Coupling rules are a crate of their own.

#![forbid(unsafe_code)]

// Generated code names the library as it does in any crate that depends on it.
extern crate brainmass_core as brainmass;

mod texts;

use std::sync::LazyLock;

use brainmass_core::loaded::interpreted_when_read;
use brainmass_core::registry::{Collection, Entry, Known, ModelText};

pub use brainmass_zoo_families::*;
pub use brainmass_zoo_phenomenological::*;
pub use brainmass_zoo_physiological::*;

use texts::TEXTS;

/// The models of the catalogue, in its order.
pub static MODELS: LazyLock<Vec<Entry>> =
    LazyLock::new(|| [brainmass_zoo_phenomenological::MODELS, brainmass_zoo_physiological::MODELS].concat());

/// Makes the lists of the families, in the order of their names. Models that are not compiled are read when more than their name is asked for.
pub fn families() -> Vec<Collection> {
    let of = |texts: &'static [ModelText]| {
        let folder = texts[0].folder;
        let entries: Vec<Entry> = match compiled(folder) {
            Some(entries) => entries.to_vec(),
            None => texts.iter().map(|text| interpreted_when_read(text, known)).collect(),
        };
        Collection { name: folder.into(), entries: entries.into() }
    };
    TEXTS.chunk_by(|one, other| one.folder == other.folder).map(of).collect()
}

/// The models that those of a family may build on.
fn known() -> Vec<Known<'static>> {
    let of_text =
        |text: &'static ModelText| Known { name: text.name, yaml: text.yaml, data: text.data.to_vec() };
    MODELS.iter().map(Entry::known).chain(TEXTS.iter().map(of_text)).collect()
}
