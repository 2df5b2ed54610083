//! Limit cycles as functions of a value that varies: branches, their folds, period doublings and tori, and where they end.

mod basis;
mod branch;
mod collocation;
mod ends;
mod family;
mod point;
mod profile;
mod start;

pub use branch::{CycleBranch, CycleEnd};
pub use family::Cycles;
pub use point::{CycleKind, CyclePoint, SpecialCycle};
pub use profile::Profile;
