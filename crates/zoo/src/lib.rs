//! The models, generated from the equation files in `models`.
//!
//! They are compiled in crates of their own, so that several processors have work, no compiler takes more memory than a laptop has, and a new
//! model makes no more than its own crate build anew. The models of the catalogue stand here, those of a folder in a module of its name.
//! Coupling rules are a crate of their own.

use brainmass_core::registry::Entry;

pub use brainmass_zoo_families::*;
pub use brainmass_zoo_phenomenological::*;
pub use brainmass_zoo_physiological::*;

const PHENOMENOLOGICAL: usize = brainmass_zoo_phenomenological::MODELS.len();
const PHYSIOLOGICAL: usize = brainmass_zoo_physiological::MODELS.len();

/// The models of the catalogue, in its order.
pub static MODELS: &[Entry] = &CATALOGUE;

static CATALOGUE: [Entry; PHENOMENOLOGICAL + PHYSIOLOGICAL] = {
    let mut all = [brainmass_zoo_phenomenological::MODELS[0]; PHENOMENOLOGICAL + PHYSIOLOGICAL];
    let mut index = 0;
    while index < all.len() {
        all[index] = match index.checked_sub(PHENOMENOLOGICAL) {
            None => brainmass_zoo_phenomenological::MODELS[index],
            Some(index) => brainmass_zoo_physiological::MODELS[index],
        };
        index += 1;
    }
    all
};
