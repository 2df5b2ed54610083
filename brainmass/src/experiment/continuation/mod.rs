//! The section `continuation`: a bifurcation diagram of the model, without a run.
//!
//! ```yaml
//! continuation:
//!   over: {E_inp: -100..400 Hz}   # a parameter or an input, and its range
//!   and: {C: 60..270}             # a second one: folds and Hopf points while both vary
//!   output: branches.csv
//!   plot: diagram.png
//! ```
//!
//! The section is read into a [`ContinuationPlan`](super::ContinuationPlan), whose model has the parameters and the constant inputs of the experiment.

mod keys;
#[cfg(feature = "continuation")]
mod read;

pub use keys::CONTINUATION;
#[cfg(feature = "continuation")]
pub use read::read;
