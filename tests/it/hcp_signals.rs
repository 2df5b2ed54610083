//! Analysis of one subject's resting-state BOLD, against numpy 2.4.6 and scipy 1.17.1.
//!
//! With `x = np.load("hcp-schaefer100-subject-bold.npz")["bold"].T.astype(float)`, 1200 volumes every 0.72 s of 100
//! parcels. The data are not part of the project: where they are absent the tests say so and pass.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use brainmass::analysis::{Welch, Windows, fcd, functional_connectivity};
use ndarray::Array2;
use npyz::{NpyFile, Order};
use zip::ZipArchive;

/// The signal, shape (volume, parcel), if the data are there.
fn bold() -> Result<Option<Array2<f64>>, Box<dyn Error>> {
    let path =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/hcp-schaefer100-subject-bold.npz"));
    if !path.exists() {
        eprintln!("skipped: there is no {}", path.display());
        return Ok(None);
    }
    let mut bytes = Vec::new();
    ZipArchive::new(File::open(path)?)?.by_name("bold.npy")?.read_to_end(&mut bytes)?;
    let npy = NpyFile::new(&bytes[..])?;
    assert_eq!((npy.shape(), npy.order()), ([100, 1200].as_slice(), Order::Fortran));
    let volumes = Array2::from_shape_vec((1200, 100), npy.into_vec::<f32>()?)?;
    Ok(Some(volumes.mapv(f64::from)))
}

#[track_caller]
fn assert_close(actual: f64, expected: f64, tolerance: f64) {
    let deviation = (actual - expected).abs() / expected.abs().max(1.0);
    assert!(deviation <= tolerance, "{expected} expected, {actual} computed ({deviation:.1e} apart)");
}

/// `c = np.corrcoef(x.T); w = np.cos(np.outer(np.arange(100), np.arange(100)))`.
#[test]
fn functional_connectivity_equals_numpy() {
    let Some(x) = bold().unwrap() else { return };
    let fc = functional_connectivity(x.view()).unwrap();
    assert_close(fc[[0, 1]], 0.3090179113815811, 1e-12);
    assert_close(fc[[17, 63]], 0.17016890890154476, 1e-12);
    assert_close(fc[[98, 99]], 0.3401027064256925, 1e-12);
    assert_close(fc.sum(), 1829.2257076633216, 1e-12);
    assert_close((&fc * &fc).sum(), 746.5373720124775, 1e-12);
    let weights = Array2::from_shape_fn((100, 100), |(i, j)| ((i * j) as f64).cos());
    assert_close((&fc * &weights).sum(), 32.688874158492396, 1e-12);
}

/// `v = [np.corrcoef(x[s:s+30].T)[np.triu_indices(100, 1)] for s in range(0, 1171, 5)]; np.corrcoef(v)`.
#[test]
fn functional_connectivity_dynamics_equal_numpy() {
    let Some(x) = bold().unwrap() else { return };
    let fcd = fcd(x.view(), Windows::of_duration(21_600.0, 3600.0, 720.0).unwrap()).unwrap();
    assert_eq!(fcd.dim(), (235, 235));
    assert_close(fcd[[0, 1]], 0.9292172812269943, 1e-12);
    assert_close(fcd[[20, 200]], 0.2359248533103051, 1e-12);
    assert_close(fcd.sum(), 17007.67023391067, 1e-12);
}

/// `f, p = scipy.signal.welch(x, fs=1/0.72, nperseg=256, axis=0)`.
#[test]
fn spectra_equal_scipy() {
    let Some(x) = bold().unwrap() else { return };
    let spectrum = Welch::new(256).estimate(x.view(), 720.0).unwrap();
    assert_close(spectrum.power.sum(), 17939527.20890826, 1e-11);
    assert_close(spectrum.power[[5, 40]], 7052.939423626372, 1e-10);
    let peaks = spectrum.peak_frequency(0.005..=0.7).unwrap();
    assert_close(peaks[40], 0.010850694444444444, 1e-14);
}
