//! Data: arrays and tables in files, connectomes, the analysis of signals, and objectives that compare them.
//!
//! | module | holds |
//! |---|---|
//! | [`io`] | arrays and tables in `.npy`, `.npz`, `.csv` and `.zip` files |
//! | [`connectome`], [`datasets`] | weights and tract lengths between regions, from files or bundled |
//! | [`digest`] | checksums by which changed content is told |
//! | [`analysis`] | spectra, correlations, functional connectivity |
//! | [`objectives`] | how far two signals are apart, with derivatives |
//! | [`summaries`] | numbers that say what a signal is like |
//! | [`steps`] | times as whole numbers of steps |
//!
//! It knows nothing of models and simulations. Programs use the crate `brainmass`, which gives all of this under the
//! same names.

pub mod analysis;
pub mod connectome;
pub mod datasets;
pub mod digest;
pub mod io;
pub mod objectives;
pub mod steps;
pub mod summaries;
