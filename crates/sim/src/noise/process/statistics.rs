//! Tests of the statistics of the processes against theory. Seeds are fixed, so a test passes always or never; a true sample crosses [`BOUND`] standard
//! errors with probability 7e-6.

use ndarray::{Array2, Axis, array, s};

use super::*;
use brainmass_core::quantity::Units as _;
use brainmass_data::analysis::Welch;

const BOUND: f64 = 4.5;

fn site(nodes: usize, dt: f64) -> ProcessSite<'static> {
    ProcessSite { nodes, unit: "nA", dt, seed: 11, stream: 5 }
}

/// Draws the values of a process, shape (step, node).
fn sample(process: impl Into<Process>, steps: usize, nodes: usize, dt: f64) -> Array2<f64> {
    let mut path = process.into().start(&site(nodes, dt)).unwrap();
    let mut rows = Array2::zeros((steps, nodes));
    for (step, mut row) in rows.rows_mut().into_iter().enumerate() {
        path.add_to(step as u64, row.as_slice_mut().unwrap());
    }
    rows
}

/// Reports a mean over independent numbers that is more than [`BOUND`] standard errors from the expected one.
#[track_caller]
fn assert_mean(numbers: impl Iterator<Item = f64>, expected: f64, what: &str) {
    let numbers: Vec<f64> = numbers.collect();
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let z = (mean - expected) / (variance / count).sqrt();
    assert!(z.abs() < BOUND, "{what}: {mean}, expected {expected}, {z:.1} standard errors");
}

/// The mean over steps of the product of each node with itself `lag` steps later: independent from node to node.
fn products(x: &Array2<f64>, lag: usize) -> Vec<f64> {
    let (early, late) = (x.slice(s![..x.nrows() - lag, ..]), x.slice(s![lag.., ..]));
    (&early * &late).mean_axis(Axis(0)).unwrap().to_vec()
}

#[test]
fn ornstein_uhlenbeck_has_its_variance_and_autocorrelation_at_any_time_step() {
    let (sigma, tau, mean) = (0.7, 5.0, 2.0);
    for dt in [0.1, 5.0] {
        let x = sample(OuProcess::new(sigma, tau).mean(mean), 400, 2000, dt) - mean;
        assert_mean(x.mean_axis(Axis(0)).unwrap().into_iter(), 0.0, "mean");
        for lag in [0, 1, 3, 50] {
            let expected = sigma * sigma * (-dt * lag as f64 / tau).exp();
            assert_mean(products(&x, lag).into_iter(), expected, &format!("dt {dt}, lag {lag}"));
        }
    }
}

#[test]
fn every_stationary_process_starts_in_its_stationary_distribution() {
    let processes: [(&str, Process); 6] = [
        ("Ornstein-Uhlenbeck", OuProcess::new(0.3, 40.0).into()),
        ("pink", ColoredNoise::pink(0.3).into()),
        ("blue", ColoredNoise::blue(0.3).into()),
        ("violet", ColoredNoise::violet(0.3).lowest(5.0).into()),
        ("black", ColoredNoise::new(3.0, 0.3).into()),
        ("Gaussian", GaussianNoise::new(0.3).into()),
    ];
    for (name, process) in processes {
        let x = sample(process, 200, 4000, 0.5);
        for step in [0, 1, 199] {
            let squares = x.row(step).mapv(|x| x * x);
            assert_mean(squares.into_iter(), 0.09, &format!("{name}, step {step}"));
        }
    }
}

#[test]
fn brownian_motion_spreads_with_the_square_root_of_time() {
    let x = sample(BrownianNoise::new(0.5).start_at(3.0), 101, 4000, 0.2) - 3.0;
    assert!(x.row(0).iter().all(|x| *x == 0.0));
    for step in [1, 10, 100] {
        let expected = 0.25 * 0.2 * step as f64;
        assert_mean(x.row(step).iter().map(|x| x * x), expected, &format!("step {step}"));
    }
    // What is added later is independent of what was there.
    let later = (0..4000).map(|node| (x[[100, node]] - x[[10, node]]) * x[[10, node]]);
    assert_mean(later, 0.0, "increments");
}

#[test]
fn the_integral_of_white_noise_does_not_depend_on_the_time_step_and_that_of_gaussian_noise_does() {
    for dt in [0.1, 0.4] {
        let integral = |process: Process| {
            let steps = (8.0_f64 / dt).round() as usize;
            (sample(process, steps, 4000, dt).sum_axis(Axis(0)) * dt).mapv(|x| x * x)
        };
        assert_mean(integral(WhiteNoise::new(0.5).into()).into_iter(), 0.25 * 8.0, "white");
        assert_mean(integral(GaussianNoise::new(0.5).into()).into_iter(), 0.25 * 8.0 * dt, "Gaussian");
    }
}

#[test]
fn coloured_noise_has_its_slope_in_time_and_none_across_nodes() {
    let (dt, nodes) = (1.0, 48);
    for beta in [-2.0, -1.0, 0.5, 1.0, 1.5, 2.0, 3.0] {
        let x = sample(ColoredNoise::new(beta, 1.0).lowest(0.2), 8192, nodes, dt);
        let spectrum = Welch::new(1024).estimate(x.view(), dt).unwrap();
        // From ten times the lowest frequency to a twentieth of the sampling frequency.
        let band: Vec<usize> = (0..spectrum.frequency.len())
            .filter(|&k| (2.0..=50.0).contains(&spectrum.frequency[k]))
            .collect();
        let slope = |node: usize| {
            let points =
                || band.iter().map(|&k| (spectrum.frequency[k].ln(), spectrum.power[[k, node]].ln()));
            let count = band.len() as f64;
            let (fx, py) = points().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
            let (fx, py) = (fx / count, py / count);
            let covariance: f64 = points().map(|(f, p)| (f - fx) * (p - py)).sum();
            covariance / points().map(|(f, _)| (f - fx).powi(2)).sum::<f64>()
        };
        let slopes: Vec<f64> = (0..nodes).map(slope).collect();
        let mean = slopes.iter().sum::<f64>() / nodes as f64;
        let variance = slopes.iter().map(|slope| (slope - mean).powi(2)).sum::<f64>() / (nodes - 1) as f64;
        let error = (variance / nodes as f64).sqrt();
        assert!(error < 0.015, "beta {beta}: the sample tells too little, {error}");
        assert!((mean + beta).abs() < BOUND * error + 0.01, "beta {beta}: slope {mean}, error {error}");
        let neighbours = (0..nodes - 1).map(|node| x.column(node).dot(&x.column(node + 1)) / 8192.0);
        assert_mean(neighbours, 0.0, &format!("beta {beta}, neighbours"));
    }
}

#[test]
fn nodes_have_the_covariance_asked_for() {
    let covariance = array![[1.0, 0.8, -0.5], [0.8, 2.0, 0.0], [-0.5, 0.0, 1.0]];
    let sigma = [0.5, 1.0, 2.0];
    let processes: [(&str, Process); 4] = [
        ("Ornstein-Uhlenbeck", OuProcess::new(sigma, 1.0).covariance(covariance.clone()).into()),
        ("pink", ColoredNoise::pink(sigma).lowest(100.0).covariance(covariance.clone()).into()),
        ("white", WhiteNoise::new(sigma).covariance(covariance.clone()).into()),
        ("Gaussian", GaussianNoise::new(sigma).covariance(covariance.clone()).into()),
    ];
    for (name, process) in processes {
        // Samples 20 ms apart are nearly independent.
        let x = sample(process, 80_000, 3, 1.0);
        for ((i, j), c) in covariance.indexed_iter() {
            let products = (0..80_000).step_by(20).map(|step| x[[step, i]] * x[[step, j]]);
            assert_mean(products, sigma[i] * sigma[j] * c, &format!("{name}, {i} and {j}"));
        }
    }
    let common = sample(OuProcess::new([1.0, 2.0], 3.0).covariance(Array2::ones((2, 2))), 50, 2, 0.1);
    assert!(
        common.rows().into_iter().all(|x| (x[1] - 2.0 * x[0]).abs() < 1e-12),
        "the same noise everywhere"
    );
}

#[test]
fn one_noise_for_nodes_of_different_time_constants_is_stationary_too() {
    // The covariance of x_i and x_j driven by one Wiener process is 2 sqrt(tau_i tau_j)/(tau_i + tau_j).
    let expected = 2.0 * (4.0_f64 * 25.0).sqrt() / 29.0;
    let covariance = Array2::from_shape_fn((400, 400), |(i, j)| if i / 2 == j / 2 { 1.0 } else { 0.0 });
    let x = sample(OuProcess::new(1.0, [4.0, 25.0].repeat(200)).covariance(covariance), 21, 400, 1.0);
    for step in [0, 20] {
        let pairs = (0..200).map(|pair| x[[step, 2 * pair]] * x[[step, 2 * pair + 1]]);
        assert_mean(pairs, expected, &format!("step {step}"));
    }
}

#[test]
fn mistakes_name_the_value_and_what_is_allowed() {
    let fault = |process: Process| process.start(&site(2, 0.1)).err().unwrap().to_string();
    let ou = || OuProcess::new(1.0, 5.0);
    let faults = [
        fault(OuProcess::new(-1.0, 5.0).into()),
        fault(OuProcess::new(1.0.mv(), 5.0).into()),
        fault(OuProcess::new([1.0; 3], 5.0).into()),
        fault(OuProcess::new(1.0, 0.0).into()),
        fault(OuProcess::new(1.0, 5.0.hz()).into()),
        fault(ou().mean(f64::NAN).into()),
        fault(ou().covariance(Array2::eye(3)).into()),
        fault(ou().covariance(array![[1.0, 0.5], [0.4, 1.0]]).into()),
        fault(ou().covariance(array![[1.0, 2.0], [2.0, 1.0]]).into()),
        fault(ou().covariance(array![[1.0, f64::NAN], [f64::NAN, 1.0]]).into()),
        fault(ColoredNoise::new(4.5, 1.0).into()),
        fault(ColoredNoise::new(f64::NAN, 1.0).into()),
        fault(ColoredNoise::pink(1.0).lowest(0.0).into()),
        fault(ColoredNoise::pink(1.0).lowest(5000.0).into()),
        fault(ColoredNoise::pink(1.0).lowest(1.0.mv()).into()),
        fault(BrownianNoise::new(f64::INFINITY).into()),
        fault(BrownianNoise::new(1.0).start_at(1.0.mv()).into()),
    ];
    insta::assert_snapshot!(faults.join("\n"));
}
