//! Analysis of signals: functional connectivity, spectra, phase, synchrony.
//!
//! A signal is an array of shape (time, region), its samples `dt` ms apart. Three rules hold throughout:
//!
//! - a NaN or an infinity in a signal is an error that names its place, never carried on;
//! - what a channel does not have is NaN, never a number that could enter a mean: one that does not vary, but for
//!   rounding ([`VARIATION`]), has no correlation and no z-score. [`Channels`] tells which ones these are;
//! - too few samples or regions for what is asked is an error that says how many are needed, and so is a result too
//!   large to be held in memory.

mod autocorrelation;
mod butterworth;
mod channels;
mod cholesky;
mod correlation;
mod covariance;
mod detrend;
mod distribution;
mod error;
mod fcd;
mod filtfilt;
mod fisher;
#[doc(hidden)]
pub mod fourier;
mod global_signal;
mod hilbert;
mod kuramoto;
mod partial;
mod phase_locking;
mod spectrum;
#[doc(hidden)]
pub mod testing;
mod windows;
mod zscore;

pub use autocorrelation::{autocorrelation, autocorrelation_time};
pub use butterworth::{Band, Biquad, butterworth};
pub(crate) use channels::varies;
pub use channels::{Channels, VARIATION};
#[doc(hidden)]
pub use cholesky::{cholesky, cholesky_semidefinite};
pub(crate) use correlation::from_upper_triangle;
pub use correlation::{Correlation, functional_connectivity, upper_triangle};
pub use covariance::StreamingCovariance;
pub use detrend::{Trend, detrend};
pub use distribution::{Bandwidth, Density, FcdDistribution};
pub use error::AnalysisError;
pub(crate) use error::check_signal;
pub use fcd::{Fcd, fcd};
pub use filtfilt::{band_pass, filtfilt};
pub use fisher::fisher_z;
pub use global_signal::regress_global_signal;
pub use hilbert::{AnalyticSignal, analytic_signal};
pub use kuramoto::{kuramoto_order, metastability};
pub use partial::partial_correlation;
pub use phase_locking::phase_locking_value;
pub use spectrum::{PowerSpectrum, Welch};
pub use windows::Windows;
pub use zscore::zscore;
