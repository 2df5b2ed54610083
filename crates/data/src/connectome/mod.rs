//! Connectomes: weights, tract lengths, labels, and where they come from.
//!
//! A [`Connectome`] is `n` regions and the connections between them. Its matrices are `[target][source]`: the entry
//! `weights[[i, j]]` is what region `i` receives from region `j`, so that the input of all regions is the product
//! `weights * activity`. A file whose rows are sources is transposed while it is read; each loader knows or asks which
//! it is (see [`Orientation`]).
//!
//! ```
//! use brainmass::connectome::{Connectome, Normalization};
//! use ndarray::array;
//!
//! let connectome = Connectome::new(array![[0.0, 2.0], [4.0, 0.0]])?
//!     .with_tract_lengths(array![[0.0, 30.0], [30.0, 0.0]])?
//!     .with_labels(["thalamus", "cortex"])?
//!     .normalized(Normalization::Max)?;
//! assert_eq!(connectome.weights()[[1, 0]], 1.0); // from the thalamus to the cortex
//! assert_eq!(connectome.delays(3.0)?[[1, 0]], 10.0); // 30 mm at 3 mm/ms are 10 ms
//! # Ok::<(), brainmass::connectome::ConnectomeError>(())
//! ```

mod contents;
mod delays;
mod error;
mod files;
mod laplacian;
#[cfg(test)]
mod measured;
mod names;
mod npz;
mod orientation;
mod resolve;
mod spectral;
mod suggest;
#[cfg(test)]
mod testing;
mod transform;
mod triangle;
mod tvb;

pub use contents::{Connectome, Hemisphere};
pub use error::{ConnectomeError, NamesDiffer};
#[doc(hidden)]
pub use laplacian::laplacian_back;
pub use laplacian::{DEFAULT_EPS, LaplacianNormalization, degrees, laplacian};
pub use names::{arrange, only_count, positions};
pub use orientation::Orientation;
pub use spectral::spectral_radius;
pub use transform::{Normalization, Share, Symmetrization};
pub use triangle::Triangle;
