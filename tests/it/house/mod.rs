//! What holds of the sources themselves: imports run one way, and documentation is written in sentences.

mod crates;
mod modules;
mod sources;
mod words;
