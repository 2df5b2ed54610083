//! The compiler behind brainmass.

pub mod document;
pub mod expr;
mod extends;
mod fields;
pub mod problem;
pub mod source;
pub mod unit;
pub mod yaml;
