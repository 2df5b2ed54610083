//! Emitters of the models of brainmass: Rust, JavaScript, Markdown, MathML, examples.
//!
//! [`brainmass_spec`] turns text into checked models, graphs and derivatives; the emitters here write them down and never parse anything
//! again. The macro `include_models!`, the workspace's own commands and its tests use this crate; programs that simulate do not.
//!
//! # Features
//!
//! `markdown` (pages of the docs), `mathml` (typeset formulas) and `pretty` (Rust laid out for people) are off by default, so that the macro
//! builds neither `tera` nor `pulldown-latex` nor `prettyplease`. The text of generated doc comments depends on `mathml`, and no code does.

#![forbid(unsafe_code)]

pub mod escape;
pub mod example;
pub mod files;
pub mod javascript;
pub mod language;
#[cfg(feature = "markdown")]
pub mod markdown;
#[cfg(feature = "mathml")]
pub mod mathml;
pub mod rust;
