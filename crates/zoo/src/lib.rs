//! The models, generated from the equation files in `models`.
//!
//! The models of the catalogue stand here; further collections are in modules of their own. Coupling rules are a crate of their own.

// Generated code names the library as it does in any crate that depends on it.
extern crate brainmass_core as brainmass;

brainmass_derive::include_models!("../../models", except = ["coupling"]);
