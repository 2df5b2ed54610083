//! Equilibria as functions of a value that varies: branches, their folds, Hopf points and branch points.

mod branch;
mod locate;
mod point;
mod switching;
mod systems;

pub use branch::EquilibriumBranch;
pub use point::{EquilibriumPoint, FoldPoint, HopfPoint, SpecialEquilibrium, SpecialKind};

pub(crate) use branch::{Settings, continue_both, find, is_on};
pub(crate) use locate::{CurveOfEquilibria, hopf_vector};
pub(crate) use point::{extended, normal_form_of_hopf};
pub(crate) use switching::crossing_directions;
pub(crate) use systems::{FoldEquations, HopfEquations};
