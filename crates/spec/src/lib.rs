//! The compiler behind brainmass: neural mass equations in YAML to checked models, derivatives and LaTeX.
//!
//! Data runs one way, and each pass takes the last pass's output and nothing else:
//!
//! ```text
//! YAML text -> yaml (tree with places) -> document -> lower (names, units) -> model + graph
//!           -> differentiate -> kernel -> latex
//! ```
//!
//! This crate reads no files: it is given text and gives back models or a [`problem::Report`] of everything that is wrong. It writes no
//! code either: the emitters of Rust, JavaScript, Markdown and MathML are in the crate `brainmass-codegen`.

#![forbid(unsafe_code)]

pub mod collection;
pub mod compare;
mod components;
pub mod differentiate;
pub mod document;
pub mod evaluate;
pub mod expr;
mod extends;
pub mod fields;
pub mod functions;
pub mod graph;
pub mod kernel;
pub mod language;
pub mod latex;
pub mod latex_graph;
mod lower;
pub mod model;
pub mod noise;
pub mod number;
pub mod problem;
pub mod reserved;
pub mod scheme;
pub mod source;
pub mod statements;
pub mod symbols;
pub mod table;
pub mod tape;
pub mod unit;
pub mod yaml;
mod yaml_mistakes;

pub use collection::{Entry, File, Known, compile, compile_beside, compile_one};
pub use lower::{CATEGORIES, values};
pub use problem::Report;
