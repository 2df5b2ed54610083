//! The interpreted engine beside the compiled one: the same bits for every model, scheme and instruction set.

mod circles;
mod common;
mod coupling;
mod loaded;
mod nodes;
mod random;
