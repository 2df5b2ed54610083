//! Initial weights, and random orders of examples.

use ndarray::Array2;

use brainmass_sim::noise::{NormalStream, UniformStream};

/// The distribution from which initial weights are drawn.
///
/// Weights have the shape (from, to); the fan-in is the number of rows, the fan-out that of columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// A normal distribution with mean 0 and variance `2/fan_in` (He, Zhang, Ren & Sun 2015).
    KaimingNormal,
    /// A uniform distribution between `+-sqrt(6/(fan_in + fan_out))` (Glorot & Bengio 2010).
    XavierUniform,
    /// A normal distribution with mean 0 and this standard deviation.
    Normal(f64),
    /// A uniform distribution between two numbers.
    Uniform(f64, f64),
}

impl Init {
    /// Draws weights of the shape (from, to). The same seed gives the same bits, so give another one for each array.
    pub fn draw(self, (from, to): (usize, usize), seed: u64) -> Array2<f64> {
        let mut values = vec![0.0; from * to];
        let mut fill_normal = |deviation: f64| {
            NormalStream::new(seed, STREAM).fill(0, 0, &mut values);
            values.iter_mut().for_each(|value| *value *= deviation);
        };
        match self {
            Self::KaimingNormal => fill_normal((2.0 / from as f64).sqrt()),
            Self::Normal(deviation) => fill_normal(deviation),
            Self::XavierUniform => {
                let reach = (6.0 / (from + to) as f64).sqrt();
                fill_uniform(&mut values, seed, -reach, reach);
            }
            Self::Uniform(lower, upper) => fill_uniform(&mut values, seed, lower, upper),
        }
        Array2::from_shape_fn((from, to), |(row, column)| values[row * to + column])
    }
}

/// The first stream of random numbers that training uses. Those of noise on states are counted from 0, so that the two do not meet.
const STREAM: u32 = 1 << 30;

/// Fills `values` with random numbers between `lower` and `upper`.
fn fill_uniform(values: &mut [f64], seed: u64, lower: f64, upper: f64) {
    UniformStream::new(seed, STREAM).fill(0, 0, values);
    values.iter_mut().for_each(|value| *value = lower + (upper - lower) * *value);
}

/// Returns the numbers below `count` in a random order, which is a function of the seed and the turn.
pub(super) fn permutation(count: usize, seed: u64, turn: usize) -> Vec<usize> {
    let mut keys = vec![0.0; count];
    UniformStream::new(seed, STREAM + 1).fill(turn as u64, 0, &mut keys);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(weights: &Array2<f64>) -> (f64, f64) {
        let mean = weights.mean().unwrap();
        (mean, weights.mapv(|weight| (weight - mean).powi(2)).mean().unwrap().sqrt())
    }

    #[test]
    fn drawn_weights_have_the_spread_of_their_source() {
        let shape = (50, 200);
        let spread = [
            (Init::KaimingNormal, (2.0 / 50.0_f64).sqrt()),
            (Init::XavierUniform, (6.0 / 250.0_f64).sqrt() / 3.0_f64.sqrt()),
            (Init::Normal(0.3), 0.3),
            (Init::Uniform(-1.0, 1.0), 1.0 / 3.0_f64.sqrt()),
        ];
        for (init, expected) in spread {
            let (mean, deviation) = moments(&init.draw(shape, 7));
            assert!(mean.abs() < 0.04 * expected, "{init:?}: mean {mean}");
            assert!((deviation / expected - 1.0).abs() < 0.03, "{init:?}: deviation {deviation}");
        }
        assert_eq!(Init::KaimingNormal.draw(shape, 7), Init::KaimingNormal.draw(shape, 7));
        assert_ne!(Init::KaimingNormal.draw(shape, 7), Init::KaimingNormal.draw(shape, 8));
    }

    #[test]
    fn every_turn_has_another_order_of_the_same_numbers() {
        let (first, second) = (permutation(100, 1, 0), permutation(100, 1, 1));
        assert_ne!(first, second);
        for mut order in [first, second] {
            order.sort_unstable();
            assert!(order.into_iter().eq(0..100));
        }
    }
}
