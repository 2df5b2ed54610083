//! The rules that the sources themselves keep: imports run one way, and documentation is written in sentences.

#![expect(clippy::unwrap_used, reason = "the functions that tests share are part of the tests")]

mod crates;
mod modules;
mod sources;
mod unsafety;
mod words;
