//! Measured connectomes, where they are at hand, against facts found by another program (numpy).

use std::path::{Path, PathBuf};

use super::{Connectome, Normalization, Orientation, spectral_radius};

fn file(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not at hand");
    None
}

#[track_caller]
fn check_radius(connectome: &Connectome, expected: f64) {
    let radius = spectral_radius(connectome.weights());
    assert!((radius / expected - 1.0).abs() < 1e-12, "{radius} found, {expected} expected");
}

#[test]
fn connectivity_76_is_read_and_stays_asymmetric() {
    let Some(path) = file("connectivity_76.zip") else { return };
    let connectome = Connectome::load(path, None).unwrap();
    assert_eq!(connectome.to_string(), "76 regions, 1560 connections, tracts up to 153.5 mm");
    assert_eq!(connectome.labels()[..3], ["rA1", "rA2", "rAMYG"]);
    // `rA1` receives 2 from `rA2`, which receives 3 back.
    assert_eq!((connectome.weights()[[0, 1]], connectome.weights()[[1, 0]]), (2.0, 3.0));
    let lengths = connectome.tract_lengths().unwrap();
    assert_eq!((lengths[[0, 1]], lengths[[3, 5]]), (20.330072, 42.72864));
    let one_way = connectome
        .weights()
        .indexed_iter()
        .filter(|&((i, j), &w)| w != 0.0 && connectome.weights()[[j, i]] == 0.0);
    assert_eq!(one_way.count(), 268);
    assert_eq!(connectome.centres().unwrap().row(0).to_vec(), [-9.885591, -47.084818, -3.13936]);
    assert_eq!(connectome.areas().unwrap()[0], 396.44065);
    assert!(connectome.cortical().unwrap().iter().all(|flag| *flag));
    assert_eq!(connectome.orientations().unwrap()[[0, 0]], 0.53269728);
    assert_eq!(connectome.hemispheres(), None);
    check_radius(&connectome, 44.72041024642777);
    assert!(connectome.require_symmetric(1.0).is_err());
}

#[test]
fn connectivity_68_is_read_from_packed_members() {
    let Some(path) = file("connectivity_68.zip") else { return };
    let connectome = Connectome::load(path, None).unwrap();
    assert_eq!(connectome.to_string(), "68 regions, 1244 connections, tracts up to 252.9 mm");
    assert_eq!(connectome.labels()[0], "r_lateralorbitofrontal");
    assert_eq!(connectome.labels()[67], "l_insula");
    assert_eq!(connectome.weights()[[0, 1]], 0.0064355607);
    assert_eq!(connectome.tract_lengths().unwrap()[[0, 2]], 20.500334);
    assert_eq!(connectome.centres().unwrap().row(67).to_vec(), [93.993177, 138.634503, 34.509259]);
    assert_eq!((connectome.areas(), connectome.cortical()), (None, None));
    check_radius(&connectome, 0.22538561085209283);
    assert!(connectome.require_symmetric(0.0).is_ok());
}

#[test]
fn schaefer_100_is_read_once_its_orientation_is_stated() {
    let Some(path) = file("hcp-schaefer100-train.npz") else { return };
    assert!(Connectome::load(&path, None).is_err());
    let connectome = Connectome::load(&path, Orientation::TargetSource).unwrap();
    assert_eq!(connectome.to_string(), "100 regions, 9184 connections, tracts up to 235.1 mm");
    assert_eq!(connectome.weights()[[0, 1]], 2374.0);
    assert_eq!(connectome.tract_lengths().unwrap()[[0, 1]], 50.9286888750656);
    check_radius(&connectome, 80040.55906938607);
    let scaled =
        connectome.require_symmetric(0.0).unwrap().normalized(Normalization::SpectralRadius).unwrap();
    check_radius(&scaled, 1.0);
}
