//! Synthetic connectomes that come with the library.
//!
//! They are made by a recipe, not measured: two hemispheres whose regions lie on half ellipsoids, connections that grow
//! weaker and rarer with distance, homotopic regions (mirror images) that are connected, and no symmetry between the
//! two directions. They are for examples, tests and benchmarks, not for statements about brains.
//!
//! # Recipe
//!
//! `n` regions, `m = n/2` a side, left before right: `L01 ... L{m}`, `R01 ... R{m}`; the seed is `n`. `U(stream, i, j)`,
//! uniform in `[0, 1)`, is the upper 53 bits of number `(stream n + i) n + j` of the splitmix64 sequence of the seed
//! (Steele, Lea & Flood 2014); `N(stream, i, j)`, nearly normal, is the sum of the twelve `U(stream + k, i, j)`,
//! `k = 0 ... 11`, less 6.
//!
//! 1. **Centres** (mm): region `i` of a side has `u = (i + 1/2)/m`, `r = sqrt(1 - u^2)` and an angle `phi` of `i` golden
//!    angles; it lies at `x = 6 + 62 u` (negative on the left), `y = 85 r cos phi`, `z = 60 r sin phi`.
//! 2. **Which connections there are**: `i` receives from `j` if `U(0, i, j)` is below `exp(-d/90)` within a hemisphere, a
//!    quarter of that between hemispheres, `d` the distance in mm. Homotopic regions are always connected, and so is
//!    each region with the next of its side, in a ring, so that every region reaches every other.
//! 3. **Weights**: `exp(-d/lambda) exp(z)`, `lambda = 200/sqrt(m)` mm (30 mm for 90 regions: it follows the spacing) and
//!    `z = 0.6 N(1, a, b) + 0.6 N(13, i, j)` with `a < b` the two regions: log-normal, of standard deviation 0.85, half
//!    of its variance shared by both directions. Homotopic regions have 0.3 in place of `exp(-d/lambda)`. All are
//!    divided by the largest. There are no self-connections.
//! 4. **Tract lengths** (mm): `d (1 + 0.3 U(25, a, b))` within a hemisphere, `d (1.2 + 0.3 U(25, a, b))` between them, the same
//!    in both directions; known for all pairs, connected or not.
//!
//! [`modular_90`] has the same centres, lengths and draws, its seed being 7, and five networks a side, `A` to `E`, of nine regions each: `L_A1 ...
//! L_E9`, `R_A1 ... R_E9`.
//!
//! - **Which connections there are**: `i` receives from `j` if `U(0, i, j)` is below 0.9 within a network and 0.25 between networks, half of that
//!   between hemispheres. Homotopic regions are always connected.
//! - **Weights**: `w exp(-d/150) exp(z)` with `w` 1 within a network and 0.1 between networks, 0.4 of that between hemispheres, and
//!   `z = 0.4 N(1, a, b) + 0.4 N(13, i, j)`. Homotopic regions have 0.5 in place of `w exp(-d/150)`. All are divided by the largest.
//!
//! Only `+ - * /` and the square root are used, which every machine rounds alike: the bits are the same everywhere and
//! for ever. The exponential is the Taylor polynomial of degree 12 at `x/1024`, squared ten times.

use ndarray::{Array2, array};

use crate::connectome::{Connectome, Hemisphere};

/// Returns a synthetic connectome of 8 regions, for tests and examples that should fit on a page.
///
/// ```
/// let connectome = brainmass::datasets::synthetic_8();
/// assert_eq!(connectome.weights().dim(), (8, 8));
/// assert_eq!(connectome.labels()[0], "L01");
/// ```
pub fn synthetic_8() -> Connectome {
    synthetic(4, 8)
}

/// Returns a synthetic connectome of 90 regions, of the size of a common parcellation.
///
/// ```
/// let connectome = brainmass::datasets::synthetic_90();
/// assert_eq!(connectome.len(), 90);
/// assert!(connectome.delays(10.0)?.iter().all(|delay| *delay < 35.0)); // ms
/// # Ok::<(), brainmass::connectome::ConnectomeError>(())
/// ```
pub fn synthetic_90() -> Connectome {
    synthetic(45, 90)
}

/// Returns a synthetic connectome of 90 regions in five networks, each with its half in both hemispheres: a structure that functional connectivity
/// shows again, with blocks along the diagonal and lines for homotopic regions.
///
/// ```
/// let connectome = brainmass::datasets::modular_90();
/// assert_eq!((connectome.len(), connectome.labels()[9].as_str()), (90, "L_B1"));
/// ```
pub fn modular_90() -> Connectome {
    const NETWORKS: [&str; 5] = ["A", "B", "C", "D", "E"];
    let per_side = 45;
    let per_network = per_side / NETWORKS.len();
    let network = |region: usize| region % per_side / per_network;
    let side = |region: usize| region / per_side;
    let name = |region: usize| {
        let number = region % per_network + 1;
        format!("{}_{}{number}", ["L", "R"][side(region)], NETWORKS[network(region)])
    };
    let likelihood = |i: usize, j: usize| {
        let near = if network(i) == network(j) { 0.9 } else { 0.25 };
        if side(i) == side(j) { near } else { 0.5 * near }
    };
    let strength = |i: usize, j: usize, d: f64| {
        let near = if network(i) == network(j) { 1.0 } else { 0.1 };
        (if side(i) == side(j) { near } else { 0.4 * near }) * exp(-d / 150.0)
    };
    let recipe = Recipe { per_side, seed: 7, homotopic: 0.5, scatter: 0.4 };
    recipe.connectome(|i, j, _| likelihood(i, j), |_, _| false, strength, name)
}

/// The first draw of each kind; a normal number takes twelve.
mod stream {
    pub const PRESENT: u64 = 0;
    pub const SHARED: u64 = 1;
    pub const OWN: u64 = 13;
    pub const LENGTH: u64 = 25;
}

fn synthetic(per_side: usize, seed: u64) -> Connectome {
    let side = |region: usize| region / per_side;
    let next = |region: usize| side(region) * per_side + (region + 1) % per_side;
    let in_ring = |i: usize, j: usize| side(i) == side(j) && (next(j) == i || next(i) == j);
    let rarity = |i: usize, j: usize| if side(i) == side(j) { 1.0 } else { 0.25 };
    let decay = 200.0 / (per_side as f64).sqrt();
    let name = |region: usize| format!("{}{:02}", ["L", "R"][side(region)], region % per_side + 1);
    let recipe = Recipe { per_side, seed, homotopic: 0.3, scatter: 0.6 };
    recipe.connectome(|i, j, d| rarity(i, j) * exp(-d / 90.0), in_ring, |_, _, d| exp(-d / decay), name)
}

/// The part of the recipe that all synthetic connectomes share.
struct Recipe {
    per_side: usize,
    seed: u64,
    /// The strength of the connections between homotopic regions, before it is scattered.
    homotopic: f64,
    /// The deviation of each of the two parts of the logarithms of weights.
    scatter: f64,
}

impl Recipe {
    /// Makes the connectome: `likelihood` of a connection and its `strength` before it is scattered are functions of target, source and, in mm, their
    /// distance; `is_certain` tells pairs that are always connected.
    fn connectome(
        &self,
        likelihood: impl Fn(usize, usize, f64) -> f64,
        is_certain: impl Fn(usize, usize) -> bool,
        strength: impl Fn(usize, usize, f64) -> f64,
        name: impl Fn(usize) -> String,
    ) -> Connectome {
        let &Self { per_side, seed, homotopic: mirrored, scatter: deviation } = self;
        let n = 2 * per_side;
        let draws = Draws { seed, regions: n as u64 };
        let centres = centres(per_side);
        let side = |region: usize| region / per_side;
        let distance = |i: usize, j: usize| {
            let [x, y, z] = [0, 1, 2].map(|axis| centres[[i, axis]] - centres[[j, axis]]);
            (x * x + y * y + z * z).sqrt()
        };
        let mut weights = Array2::zeros((n, n));
        let mut lengths = Array2::zeros((n, n));
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|(i, j)| i != j) {
            let d = distance(i, j);
            let homotopic = i.abs_diff(j) == per_side;
            let (a, b) = (i.min(j), i.max(j));
            if homotopic || is_certain(i, j) || draws.uniform(stream::PRESENT, i, j) < likelihood(i, j, d) {
                let scatter = deviation * draws.normal(stream::SHARED, a, b)
                    + deviation * draws.normal(stream::OWN, i, j);
                weights[[i, j]] = if homotopic { mirrored } else { strength(i, j, d) } * exp(scatter);
            }
            let detour = if side(i) == side(j) { 1.0 } else { 1.2 };
            lengths[[i, j]] = d * (detour + 0.3 * draws.uniform(stream::LENGTH, a, b));
        }
        let largest = weights.iter().copied().fold(0.0, f64::max);
        weights /= largest;

        let hemispheres =
            [Hemisphere::Left, Hemisphere::Right].into_iter().flat_map(|side| vec![side; per_side]);
        Connectome::new(weights)
            .and_then(|connectome| connectome.with_tract_lengths(lengths))
            .and_then(|connectome| connectome.with_labels((0..n).map(name)))
            .and_then(|connectome| connectome.with_centres(centres))
            .and_then(|connectome| connectome.with_hemispheres(hemispheres.collect()))
            .expect("the recipe gives finite numbers and distinct labels")
    }
}

/// Returns evenly spread points on two half ellipsoids, as a Fibonacci spiral around the axis from left to right.
fn centres(per_side: usize) -> Array2<f64> {
    /// Cosine and sine of the golden angle, pi (3 - sqrt 5).
    const GOLDEN: [f64; 2] = [-0.737_368_878_078_319_7, 0.675_490_294_261_523_8];

    let mut centres = Array2::zeros((2 * per_side, 3));
    let [mut cos, mut sin] = [1.0, 0.0];
    for i in 0..per_side {
        let u = (i as f64 + 0.5) / per_side as f64;
        let r = (1.0 - u * u).sqrt();
        let [x, y, z] = [6.0 + 62.0 * u, 85.0 * r * cos, 60.0 * r * sin];
        centres.row_mut(i).assign(&array![-x, y, z]);
        centres.row_mut(per_side + i).assign(&array![x, y, z]);
        [cos, sin] = [cos * GOLDEN[0] - sin * GOLDEN[1], sin * GOLDEN[0] + cos * GOLDEN[1]];
    }
    centres
}

/// The random numbers of the recipe: each is a function of the seed and its place alone.
struct Draws {
    seed: u64,
    regions: u64,
}

impl Draws {
    /// Returns `U(stream, i, j)` of the recipe.
    fn uniform(&self, stream: u64, i: usize, j: usize) -> f64 {
        let counter = (stream * self.regions + i as u64) * self.regions + j as u64;
        (splitmix64(self.seed, counter) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns `N(stream, i, j)` of the recipe.
    fn normal(&self, stream: u64, i: usize, j: usize) -> f64 {
        (0..12).map(|k| self.uniform(stream + k, i, j)).sum::<f64>() - 6.0
    }
}

/// Returns number `counter`, from 0, of the splitmix64 sequence of `seed`.
fn splitmix64(seed: u64, counter: u64) -> u64 {
    let mut z = seed.wrapping_add((counter.wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Computes the exponential from operations whose rounding is the same on every machine; relative error below 1e-12.
fn exp(x: f64) -> f64 {
    let y = x / 1024.0;
    let taylor = (1..=12).rev().fold(1.0, |sum, k| 1.0 + sum * y / f64::from(k));
    (0..10).fold(taylor, |power, _| power * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FNV-1a of the bits of all numbers.
    fn checksum(connectome: &Connectome) -> u64 {
        [Some(connectome.weights()), connectome.tract_lengths(), connectome.centres()]
            .into_iter()
            .flatten()
            .flatten()
            .flat_map(|value| value.to_bits().to_le_bytes())
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// Every property holds for all.
    fn each(check: impl Fn(&Connectome, usize)) {
        check(&synthetic_8(), 4);
        check(&synthetic_90(), 45);
        check(&modular_90(), 45);
    }

    fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
        (0..n).flat_map(move |i| (0..n).map(move |j| (i, j))).filter(|(i, j)| i != j)
    }

    #[test]
    fn the_bits_never_change() {
        // Found by a second implementation of the recipe, in Python.
        assert_eq!(checksum(&synthetic_8()), 0x2a72_c00e_5619_9a16);
        assert_eq!(checksum(&synthetic_90()), 0xb820_5553_fa63_0e80);
        assert_eq!(checksum(&modular_90()), 0xdc3_646f_4438_43e5);
    }

    #[test]
    fn splitmix64_gives_its_published_sequence() {
        let expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431];
        assert_eq!([0, 1, 2, 3].map(|counter| splitmix64(1234567, counter)), expected);
    }

    #[test]
    fn own_exponential_is_the_exponential() {
        for x in [-7.0, -1.0, -1e-9, 0.0, 0.3, 1.0, 5.0] {
            assert!((exp(x) / f64::exp(x) - 1.0).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn regions_lie_on_two_half_ellipsoids_that_mirror_each_other() {
        each(|connectome, per_side| {
            let centres = connectome.centres().unwrap();
            for (index, centre) in centres.rows().into_iter().enumerate() {
                let depth = (centre[0].abs() - 6.0) / 62.0;
                let radius = depth.powi(2) + (centre[1] / 85.0).powi(2) + (centre[2] / 60.0).powi(2);
                assert!((radius - 1.0).abs() < 1e-12);
                let left = index < per_side;
                assert_eq!(left, centre[0] < 0.0);
                assert_eq!(left, connectome.hemispheres().unwrap()[index] == Hemisphere::Left);
                assert_eq!(left, connectome.labels()[index].starts_with('L'));
                let mirror = centres.row((index + per_side) % (2 * per_side));
                assert_eq!([mirror[0], mirror[1], mirror[2]], [-centre[0], centre[1], centre[2]]);
            }
        });
    }

    #[test]
    fn tracts_are_symmetric_and_no_shorter_than_the_straight_line() {
        each(|connectome, per_side| {
            let lengths = connectome.tract_lengths().unwrap();
            let straight = connectome.clone().with_euclidean_lengths().unwrap();
            for (i, j) in pairs(2 * per_side) {
                assert_eq!(lengths[[i, j]], lengths[[j, i]]);
                let detour = lengths[[i, j]] / straight.tract_lengths().unwrap()[[i, j]];
                assert!((1.0 - 1e-12..1.5).contains(&detour), "{i} {j}: {detour}");
            }
            assert!(lengths.diag().iter().all(|length| *length == 0.0));
        });
    }

    #[test]
    fn weights_are_sparse_asymmetric_and_at_most_one() {
        each(|connectome, per_side| {
            let n = 2 * per_side;
            let weights = connectome.weights();
            assert!(weights.diag().iter().all(|weight| *weight == 0.0));
            assert!(weights.iter().all(|weight| *weight >= 0.0));
            assert_eq!(weights.iter().copied().fold(0.0, f64::max), 1.0);
            let density = connectome.edges() as f64 / (n * (n - 1)) as f64;
            assert!((0.2..0.7).contains(&density), "{n} regions: {density}");
            assert!(connectome.clone().require_symmetric(0.1).is_err());
            assert!(
                (0..per_side).all(|i| weights[[i, i + per_side]] > 0.0 && weights[[i + per_side, i]] > 0.0)
            );
        });
    }

    #[test]
    fn every_region_reaches_every_other() {
        each(|connectome, per_side| {
            for weights in [connectome.weights().view(), connectome.weights().t()] {
                let mut reached = vec![false; 2 * per_side];
                let mut frontier = vec![0];
                while let Some(source) = frontier.pop() {
                    if !std::mem::replace(&mut reached[source], true) {
                        frontier.extend((0..2 * per_side).filter(|&target| weights[[target, source]] > 0.0));
                    }
                }
                assert!(reached.iter().all(|reached| *reached));
            }
        });
    }

    #[test]
    fn weights_fall_off_with_distance_by_the_stated_law() {
        let connectome = synthetic_90();
        let straight = connectome.clone().with_euclidean_lengths().unwrap();
        let distance = straight.tract_lengths().unwrap();
        let edges: Vec<(f64, f64)> = pairs(90)
            .filter(|&(i, j)| connectome.weights()[[i, j]] > 0.0 && i.abs_diff(j) != 45)
            .map(|(i, j)| (distance[[i, j]], connectome.weights()[[i, j]].ln()))
            .collect();
        let count = edges.len() as f64;
        let mean_d = edges.iter().map(|(d, _)| d).sum::<f64>() / count;
        let mean_w = edges.iter().map(|(_, w)| w).sum::<f64>() / count;
        let covariance = edges.iter().map(|(d, w)| (d - mean_d) * (w - mean_w)).sum::<f64>();
        let variance = edges.iter().map(|(d, _)| (d - mean_d).powi(2)).sum::<f64>();
        let slope = covariance / variance;
        // The standard error is 0.85 / sqrt(variance).
        assert!((slope + 45.0_f64.sqrt() / 200.0).abs() < 4.0 * 0.85 / variance.sqrt(), "slope {slope}");
        let scatter =
            edges.iter().map(|(d, w)| (w - mean_w - slope * (d - mean_d)).powi(2)).sum::<f64>() / count;
        assert!((scatter.sqrt() - 0.85).abs() < 0.05, "scatter {}", scatter.sqrt());
    }
}
