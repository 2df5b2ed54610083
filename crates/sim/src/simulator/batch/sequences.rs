//! Sequences of points: coordinates between 0 and 1, axis by axis.

use crate::noise::UniformStream;

/// Draws independent, uniform coordinates of an axis.
pub(super) fn random(axis: usize, count: usize, seed: u64) -> Vec<f64> {
    uniform(axis, 0, count, seed)
}

/// Draws one coordinate in each of `count` equal parts, in random order.
pub(super) fn latin_hypercube(axis: usize, count: usize, seed: u64) -> Vec<f64> {
    let keys = uniform(axis, 1, count, seed);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
    let within = uniform(axis, 0, count, seed);
    order.iter().zip(within).map(|(part, within)| (*part as f64 + within) / count as f64).collect()
}

/// Draws the numbers of the stream of an axis; `draw` tells several apart.
fn uniform(axis: usize, draw: u64, count: usize, seed: u64) -> Vec<f64> {
    let mut numbers = vec![0.0; count];
    UniformStream::new(seed, axis as u32).fill(draw, 0, &mut numbers);
    numbers
}

/// Computes an axis of Sobol's sequence in Gray-code order, as Antonov & Saleev (1979) do; `None` beyond the table.
pub(super) fn sobol(axis: usize, count: usize) -> Option<Vec<f64>> {
    let directions = directions(axis)?;
    let mut bits = 0_u32;
    let next = |index: usize| {
        let point = bits;
        bits ^= directions[(!(index as u32)).trailing_zeros().min(31) as usize];
        f64::from(point) / 2.0_f64.powi(32)
    };
    Some((0..count).map(next).collect())
}

/// Computes the direction numbers of an axis, the first bit highest.
fn directions(axis: usize) -> Option<[u32; 32]> {
    let mut directions = [0; 32];
    let Some(index) = axis.checked_sub(1) else {
        for (bit, direction) in directions.iter_mut().enumerate() {
            *direction = 1 << (31 - bit);
        }
        return Some(directions);
    };
    let (polynomial, initial) = JOE_KUO.get(index)?;
    let degree = initial.len();
    for (bit, number) in initial.iter().enumerate() {
        directions[bit] = number << (31 - bit);
    }
    for bit in degree..32 {
        directions[bit] = directions[bit - degree] ^ (directions[bit - degree] >> degree);
        for term in 1..degree {
            if polynomial >> (degree - 1 - term) & 1 == 1 {
                directions[bit] ^= directions[bit - term];
            }
        }
    }
    Some(directions)
}

/// The inner coefficients of the primitive polynomial and the initial direction numbers of the second and further axes, from the list
/// `new-joe-kuo-6.21201` of Joe & Kuo.
const JOE_KUO: [(u32, &[u32]); 20] = [
    (0, &[1]),
    (1, &[1, 3]),
    (1, &[1, 3, 1]),
    (2, &[1, 1, 1]),
    (1, &[1, 1, 3, 3]),
    (4, &[1, 3, 5, 13]),
    (2, &[1, 1, 5, 5, 17]),
    (4, &[1, 1, 5, 5, 5]),
    (7, &[1, 1, 7, 11, 19]),
    (11, &[1, 1, 5, 1, 1]),
    (13, &[1, 1, 1, 3, 11]),
    (14, &[1, 3, 5, 5, 31]),
    (1, &[1, 3, 3, 9, 7, 49]),
    (13, &[1, 1, 1, 15, 21, 21]),
    (16, &[1, 3, 1, 13, 27, 49]),
    (19, &[1, 1, 1, 15, 7, 5]),
    (22, &[1, 3, 1, 15, 13, 25]),
    (25, &[1, 1, 5, 5, 19, 61]),
    (1, &[1, 3, 7, 11, 23, 15, 103]),
    (4, &[1, 3, 7, 13, 13, 15, 69]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sobol_points_are_the_published_ones() {
        // The first points in three dimensions, as in Joe & Kuo's notes on their direction numbers.
        let axes: Vec<Vec<f64>> = (0..3).filter_map(|axis| sobol(axis, 8)).collect();
        assert_eq!(axes[0], [0.0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125]);
        assert_eq!(axes[1], [0.0, 0.5, 0.25, 0.75, 0.375, 0.875, 0.125, 0.625]);
        assert_eq!(axes[2], [0.0, 0.5, 0.25, 0.75, 0.625, 0.125, 0.875, 0.375]);
    }

    #[test]
    fn every_axis_has_one_point_in_each_part_of_a_power_of_two() {
        for axis in 0..21 {
            let mut parts: Vec<usize> =
                sobol(axis, 256).unwrap_or_default().iter().map(|value| (value * 256.0) as usize).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..256).collect::<Vec<_>>(), "axis {axis}");
        }
        assert!(sobol(21, 4).is_none());
    }

    #[test]
    fn pairs_of_the_first_axes_are_balanced() {
        // A (t, m, 2)-net with t = 0: each of the 4 x 4 boxes holds one of 16 points.
        let (a, b) = (sobol(0, 16).unwrap_or_default(), sobol(1, 16).unwrap_or_default());
        let mut boxes: Vec<usize> =
            a.iter().zip(&b).map(|(a, b)| (a * 4.0) as usize * 4 + (b * 4.0) as usize).collect();
        boxes.sort_unstable();
        assert_eq!(boxes, (0..16).collect::<Vec<_>>());
    }
}
