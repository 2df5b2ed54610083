//! Linear response behind the Balloon model.

use std::f64::consts::TAU;

use brainmass::Zoo;
use brainmass::continuation::{LinearSystem, Matrix, Setting, WatchedSignal, WatchedSystem};
use brainmass::dynamics::Complex64;
use ndarray::Array2;

/// Two noisy relaxations that are coupled, each behind a Balloon model at rest.
fn watched() -> (LinearSystem, WatchedSystem) {
    let present = Matrix::from_entries(2, 2, vec![-2e-3, 1e-3, 0.4e-3, -3e-3]);
    let system = LinearSystem::new(present).noise(vec![1e-3, 2e-3]);
    let balloon = Zoo::default().checked("BalloonWindkessel").expect("it is in the library");
    let signals = [vec![1.0, 0.0], vec![0.0, 1.0]].map(|weights| WatchedSignal { weights, mean: 0.0 });
    let watched =
        system.watched_by(&balloon, &Setting::of(&balloon), &signals).expect("it is linear at rest");
    (system, watched)
}

/// The transfer function from activity (per s) to the BOLD signal at rest, from the equations of Friston et al. (2003) on paper.
fn transfer(hertz: f64) -> Complex64 {
    let (gamma, k, alpha, tau, rho, v0) = (0.41, 0.65, 0.32, 0.98, 0.34_f64, 0.02);
    let (k1, k2, k3) = (7.0 * rho, 2.0, 2.0 * rho - 0.2);
    let s = Complex64::new(0.0, TAU * hertz);
    // d(f E(f))/df at f = 1.
    let extraction = 1.0 + (1.0 - rho) * (1.0 - rho).ln() / rho;
    let flow = 1.0 / (s * s + k * s + gamma);
    let volume = flow / (tau * s + 1.0 / alpha);
    let content = (extraction * flow - (1.0 / alpha - 1.0) * volume) / (tau * s + 1.0);
    v0 * (-(k1 + k2) * content + (k2 - k3) * volume)
}

#[test]
fn the_spectrum_of_bold_is_that_of_activity_through_the_transfer_function() {
    let (system, watched) = watched();
    assert!(watched.means.iter().all(|mean| mean.abs() < 1e-15), "{:?}", watched.means);
    for hertz in [0.005, 0.02, 0.05, 0.1, 0.2, 0.5] {
        for (signal, weights) in [[1.0, 0.0], [0.0, 1.0]].iter().enumerate() {
            let expected = system.power(hertz, weights) * transfer(hertz).norm_sqr();
            let found = watched.power(hertz, signal);
            assert!((found / expected - 1.0).abs() < 1e-9, "{hertz}: {found} {expected}");
        }
    }
}

#[test]
fn the_covariance_of_bold_is_the_integral_of_its_spectrum() {
    let (system, watched) = watched();
    let covariance = watched.covariance().expect("it is stable");
    let (steps, highest) = (200_000, 20.0);
    let mut integral = Array2::<f64>::zeros((2, 2));
    for i in 0..steps {
        let hertz = highest * (f64::from(i) + 0.5) / f64::from(steps);
        let (spectrum, factor) = (system.spectrum(hertz), transfer(hertz).norm_sqr());
        for place in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            integral[place] += spectrum[place].re * factor * highest / f64::from(steps);
        }
    }
    for place in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert!(
            (integral[place] / covariance[place] - 1.0).abs() < 1e-5,
            "{place:?}: {} {}",
            integral[place],
            covariance[place]
        );
    }
    let correlations = watched.correlations().expect("it is stable");
    assert!(
        (correlations[(0, 0)] - 1.0).abs() < 1e-12
            && correlations[(0, 1)] > 0.0
            && correlations[(0, 1)] < 1.0
    );
}
