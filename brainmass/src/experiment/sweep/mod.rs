//! The section `sweep`: many runs of an experiment, and what is kept of each.
//!
//! ```yaml
//! sweep:
//!   over: {k: {from: 0, to: 0.2, points: 40}, seeds: 0..10}   # a grid of all axes
//!   measure: {deviation: {signal: x, summary: deviation}}
//!   output: [s.csv, s.npz]
//! ```
//!
//! The section is read into a [`SweepPlan`](super::SweepPlan): a [`Design`](super::Design), which gives every run its settings without listing them, and [`Measure`](super::Measure)s. An axis is
//! a number that `Simulator::set` knows, or a key of the file. Runs that differ in the former are runs of one batch; for the latter the file is
//! read again with the value in its place.

mod axes;
mod keys;
mod measures;
mod narrow;
mod over;
mod points;
mod read;
mod site;

pub use keys::{MEASURE, OVER, RANGE, SPREAD, SWEEP};
pub use read::read;
