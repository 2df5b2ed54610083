//! The interpreted engine beside the compiled one: the same bits for every model, scheme and instruction set.

mod common;
mod coupling;
mod nodes;
