//! Continuation: equilibria and limit cycles of a model as functions of a parameter or input, and the points at which they change.
//!
//! [`Equations`] are the rates of change of a node with exact derivatives, which the compiler makes of the model. [`Equilibria`] follows equilibria
//! through folds, Hopf points and branch points, [`Cycles`] limit cycles from Hopf points on; a [`Diagram`] is both.
//!
//! Time is in ms and values are in the units that the model declares. What is computed is exact to the tolerance of Newton's method for equilibria, and
//! to about 1e-7 of its size for cycles, away from homoclinic orbits.

#![forbid(unsafe_code)]

mod bifurcation;
mod curve;
mod cycles;
mod diagram;
mod equations;
mod equilibria;
mod function;
mod linear;
mod noisy;
mod plane;
mod response;
mod rest;
mod search;
mod signal;
mod watch;

pub use bifurcation::{Diagram, Parts};
pub use cycles::{
    CycleBranch, CycleEnd, CycleKind, CyclePoint, Cycles, PhaseResponse, Profile, SpecialCycle,
};
pub use diagram::{Equilibria, Range};
pub use equations::{Equations, EquationsError, Quantity, Setting};
pub use equilibria::{
    EquilibriumBranch, EquilibriumPoint, FoldPoint, HopfPoint, SpecialEquilibrium, SpecialKind,
};
pub use linear::Matrix;
pub use noisy::{
    NoisyEdge, NoisyError, NoisyModel, NoisyModelError, NoisyNumbers, NoisyResponse, Varied, Watching,
};
pub use plane::{
    CycleCurve, CycleCurvePoint, Plane, PlaneKind, PlanePoint, Region, SpecialCurve, SpecialPlane,
};
pub use response::{
    DelayedEquilibrium, DelayedHopf, DelayedNode, LinearNetwork, LinearSystem, NetworkError, WatchedSignal,
    WatchedSystem,
};
pub use signal::Signal;
pub use watch::{Followed, Watch};
