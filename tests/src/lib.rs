//! What the tests and the workspace's own commands share.

pub mod built;
pub mod counting;
pub mod golden;
pub mod recovery;
