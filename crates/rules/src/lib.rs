//! The coupling rules, generated from the equation files in `models/coupling`.

#![forbid(unsafe_code)]

// Generated code names the library as it does in any crate that depends on it.
extern crate brainmass_core as brainmass;

brainmass_derive::include_models!("../../models/coupling");
