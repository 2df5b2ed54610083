//! The code that the tests and the commands of the workspace share.

pub mod built;
pub mod counting;
pub mod dynamics;
pub mod golden;
pub mod golden_zoo;
pub mod recovery;
