//! A connectome that tests share.

use ndarray::array;

use super::contents::{Connectome, Hemisphere};

/// Returns a connectome with everything there can be.
pub fn full() -> Connectome {
    Connectome::new(array![[0.0, 1.0 / 3.0, 2e-9], [-4.0, 0.5, 0.0], [1e12, 0.1, 0.0]])
        .and_then(|c| c.with_tract_lengths(array![[0.0, 10.1, 20.0], [30.0, 0.0, 7.7], [0.1, 50.0, 0.0]]))
        .and_then(|c| c.with_labels(["rA1", "lA1", "größer"]))
        .and_then(|c| c.with_centres(array![[1.0, -0.1, 0.3], [2.0, 0.0, 0.0], [3.0, 0.0, 1e-3]]))
        .and_then(|c| c.with_hemispheres(vec![Hemisphere::Right, Hemisphere::Left, Hemisphere::Left]))
        .and_then(|c| c.with_areas(array![100.5, 0.0, 3.0]))
        .and_then(|c| c.with_cortical(vec![true, false, true]))
        .and_then(|c| c.with_orientations(array![[0.6, 0.8, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -1.0]]))
        .unwrap()
}
