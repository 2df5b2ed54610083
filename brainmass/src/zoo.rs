//! The models, generated from the equation files in `models/`.
//!
//! The 20 of the catalogue stand here; further collections are in modules of their own.

use brainmass_derive::include_models;

include_models!("../models");
