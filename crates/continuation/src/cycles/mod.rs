//! Limit cycles as functions of a value that varies: branches, their folds, period doublings and tori, and where they end.

mod basis;
mod branch;
mod collocation;
mod condensed;
mod ends;
mod family;
mod find;
mod phase;
mod point;
mod profile;
mod start;

pub(crate) use branch::doubling_test;
pub use branch::{CycleBranch, CycleEnd};
pub(crate) use collocation::{Condition, Cycle, Sizes, Solved};
pub use family::Cycles;
pub use phase::PhaseResponse;
pub use point::{CycleKind, CyclePoint, SpecialCycle};
pub(crate) use point::{correct, direction_of, sizes};
pub use profile::Profile;
