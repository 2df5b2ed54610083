//! The models, generated from the equation files in `models`.
//!
//! They are compiled in crates of their own, so that several processors have work, no compiler takes more memory than a laptop has, and a new
//! model makes no more than its own crate build anew. The models of the catalogue stand here, those of a folder in a module of its name.
//! Coupling rules are a crate of their own.

#![forbid(unsafe_code)]

use std::sync::LazyLock;

use brainmass_core::registry::Entry;

pub use brainmass_zoo_families::*;
pub use brainmass_zoo_phenomenological::*;
pub use brainmass_zoo_physiological::*;

/// The models of the catalogue, in its order.
pub static MODELS: LazyLock<Vec<Entry>> =
    LazyLock::new(|| [brainmass_zoo_phenomenological::MODELS, brainmass_zoo_physiological::MODELS].concat());
