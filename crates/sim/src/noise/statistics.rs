//! Tests of the statistics of the random numbers. Seeds are fixed, so a test passes always or never; a bound of `z` standard errors is
//! one that a true random sample crosses with the probability stated at [`BOUND`].

use std::sync::LazyLock;

use super::{NormalStream, UniformStream};
use brainmass_core::real::Real;

const NODES: usize = 512;
const STEPS: usize = 512;
const COUNT: f64 = (NODES * STEPS) as f64;

/// The largest deviation in standard errors; a normal variable lies beyond with probability 7e-6, one in about sixty comparisons with 4e-4.
const BOUND: f64 = 4.5;

/// Draws `NODES` deviates for each of `STEPS` steps from a certain one on.
fn normals(seed: u64, stream: u32, first_step: u64) -> Vec<f64> {
    let stream = NormalStream::new(seed, stream);
    let mut sample = vec![0.0; NODES * STEPS];
    for (step, row) in sample.chunks_exact_mut(NODES).enumerate() {
        stream.fill(first_step + step as u64, 0, row);
    }
    sample
}

static SAMPLE: LazyLock<Vec<f64>> = LazyLock::new(|| normals(1, 0, 0));

#[test]
fn moments_to_the_sixth_are_those_of_the_normal_distribution() {
    // The variance of x^k is E x^(2k) - (E x^k)^2.
    let moment = |k: i32| if k % 2 == 1 { 0.0 } else { (1..k).step_by(2).map(f64::from).product::<f64>() };
    for k in 1..=6 {
        let mean = SAMPLE.iter().map(|x| x.powi(k)).sum::<f64>() / COUNT;
        let error = ((moment(2 * k) - moment(k).powi(2)) / COUNT).sqrt();
        assert!((mean - moment(k)).abs() < BOUND * error, "moment {k}: {mean}, standard error {error}");
    }
}

/// Computes Kolmogorov and Smirnov's largest distance, times the root of the sample's size.
fn distance(mut sample: Vec<f64>, distribution: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let count = sample.len() as f64;
    let gap = |(i, &x): (usize, &f64)| {
        let p = distribution(x);
        (p - i as f64 / count).max((i + 1) as f64 / count - p)
    };
    sample.iter().enumerate().map(gap).fold(0.0, f64::max) * count.sqrt()
}

/// The distance that is exceeded with probability `2 exp(-2 d^2)` = 1e-3 (Kolmogorov's distribution).
const KOLMOGOROV: f64 = 1.95;

#[test]
fn the_distribution_is_normal() {
    let found = distance(SAMPLE.clone(), |x| 0.5 * (1.0 + Real::erf(x * std::f64::consts::FRAC_1_SQRT_2)));
    assert!(found < KOLMOGOROV, "{found}");
}

#[test]
fn far_deviates_are_as_frequent_as_they_should_be() {
    // erfc(4/sqrt(2)) = 6.334e-5: 16.6 expected; 5 or fewer, or 35 or more, have probability 1e-3 and 5e-5.
    let far = SAMPLE.iter().filter(|x| x.abs() > 4.0).count();
    assert!((6..35).contains(&far), "{far}");
    assert!(SAMPLE.iter().all(|x| x.abs() < 7.6));
}

/// Computes the correlations of two samples, of their squares, and of one with the square of the other.
fn correlations(a: &[f64], b: &[f64]) -> [f64; 3] {
    let count = a.len().min(b.len()) as f64;
    let mean =
        |product: fn(f64, f64) -> f64| a.iter().zip(b).map(|(&a, &b)| product(a, b)).sum::<f64>() / count;
    [
        mean(|a, b| a * b),
        mean(|a, b| (a * a - 1.0) * (b * b - 1.0) / 2.0),
        mean(|a, b| a * (b * b - 1.0) * std::f64::consts::FRAC_1_SQRT_2),
    ]
    .map(|correlation| correlation * count.sqrt())
}

#[test]
fn nodes_steps_streams_and_seeds_are_independent() {
    let check = |what: &str, other: &[f64]| {
        for (kind, z) in correlations(&SAMPLE, other).into_iter().enumerate() {
            assert!(z.abs() < BOUND, "{what}, kind {kind}: {z} standard errors");
        }
    };
    // 1 to 3: other lanes of a register; 4: the other half of the same block; 8: the next group.
    for lag in [1, 2, 3, 4, 5, 8, 16] {
        check(&format!("nodes {lag} apart"), &SAMPLE[lag..]);
    }
    for lag in [1, 2, 7] {
        check(&format!("steps {lag} apart"), &SAMPLE[lag * NODES..]);
    }
    check("steps 2^32 apart", &normals(1, 0, 1 << 32));
    check("the next stream", &normals(1, 1, 0));
    check("a far stream", &normals(1, 1 << 31, 0));
    check("the next seed", &normals(2, 0, 0));
    check("a far seed", &normals(1 | 1 << 63, 0, 0));
}

#[test]
fn uniforms_are_uniform_and_independent_of_the_normals_of_the_same_key() {
    let stream = UniformStream::new(1, 0);
    let mut sample = vec![0.0; NODES * STEPS];
    for (step, row) in sample.chunks_exact_mut(NODES).enumerate() {
        stream.fill(step as u64, 0, row);
    }
    let found = distance(sample.clone(), |x| x);
    assert!(found < KOLMOGOROV, "{found}");
    let standard: Vec<f64> = sample.iter().map(|u| (u - 0.5) * 12f64.sqrt()).collect();
    let [correlation, ..] = correlations(&SAMPLE, &standard);
    let [neighbours, ..] = correlations(&standard, &standard[1..]);
    let [partners, ..] = correlations(&standard, &standard[4..]);
    assert!([correlation, neighbours, partners].iter().all(|z| z.abs() < BOUND));
}
