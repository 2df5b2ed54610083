//! The rules that the sources themselves keep: imports run one way, and documentation is written in sentences.

mod crates;
mod modules;
mod sources;
mod words;
