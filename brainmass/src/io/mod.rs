//! Reading and writing of arrays.

pub mod npz;
