//! Integrals over all frequencies, on intervals that are halved until two rules agree; the frequencies can be used again.

use crate::response::KRONROD;

/// The number of intervals at the beginning, all of the same length in what a frequency is mapped to.
pub(super) const FIRST: usize = 12;
/// The most frequencies.
const MOST: usize = 60_000;

/// Frequencies with their weights, and the integral that they were chosen for.
#[derive(Debug, Clone)]
pub(super) struct Quadrature {
    /// Each frequency in rad/ms with its weight, for integrals from 0 to infinity.
    pub nodes: Vec<(f64, f64)>,
    /// The integral.
    pub integral: Vec<f64>,
}

struct Interval {
    from: f64,
    to: f64,
    fine: Vec<f64>,
    coarse: Vec<f64>,
}

/// Integrates functions of the frequency from 0 to infinity. `middle` is a frequency about which most happens; frequencies are
/// `middle t/(1 - t)`, so that a spectrum that falls like the square of the frequency is smooth to the end. `is_fine` says of an integral and an error,
/// as lists, whether the error is small enough. `None` where too many frequencies would be needed.
pub(super) fn integrate(
    middle: f64,
    mut function: impl FnMut(f64, f64, &mut [f64]),
    count: usize,
    is_fine: impl Fn(&[f64], &dyn Fn(usize) -> f64) -> bool,
) -> Option<Quadrature> {
    let mut evaluate = |from: f64, to: f64| {
        let (mut fine, mut coarse) = (vec![0.0; count], vec![0.0; count]);
        let mut values = vec![0.0; count];
        for (place, of_fine, of_coarse) in places(from, to) {
            let (frequency, slope) = mapped(middle, place);
            values.fill(0.0);
            function(frequency, slope, &mut values);
            for (i, value) in values.iter().enumerate() {
                fine[i] += of_fine * value;
                coarse[i] += of_coarse * value;
            }
        }
        Interval { from, to, fine, coarse }
    };
    let ends = |index: usize| index as f64 / FIRST as f64;
    let mut open: Vec<Interval> = (0..FIRST).map(|i| evaluate(ends(i), ends(i + 1))).collect();
    let mut total = vec![0.0; count];
    let add = |total: &mut Vec<f64>, interval: &Interval, sign: f64| {
        total.iter_mut().zip(&interval.fine).for_each(|(sum, part)| *sum += sign * part);
    };
    open.iter().for_each(|interval| add(&mut total, interval, 1.0));
    let mut done: Vec<(f64, f64)> = Vec::new();
    let mut spent = FIRST * 15;
    while let Some(interval) = open.pop() {
        let error = |i: usize| {
            // Kronrod's rule is far better than its difference to that of Gauss tells (as in QUADPACK).
            let (difference, size) =
                ((interval.fine[i] - interval.coarse[i]).abs(), interval.fine[i].abs().max(1e-300));
            difference.min(size * (200.0 * difference / size).powf(1.5))
        };
        if is_fine(&total, &error) {
            done.push((interval.from, interval.to));
            continue;
        }
        if spent > MOST {
            return None;
        }
        let half = 0.5 * (interval.from + interval.to);
        add(&mut total, &interval, -1.0);
        for part in [evaluate(interval.from, half), evaluate(half, interval.to)] {
            add(&mut total, &part, 1.0);
            open.push(part);
        }
        spent += 30;
    }
    done.sort_by(|a, b| a.0.total_cmp(&b.0));
    let nodes = done.into_iter().flat_map(|(from, to)| {
        places(from, to).map(move |(place, weight, _)| {
            let (frequency, slope) = mapped(middle, place);
            (frequency, weight * slope)
        })
    });
    Some(Quadrature { nodes: nodes.collect(), integral: total })
}

/// The places of the rules in an interval, with the weights of both.
fn places(from: f64, to: f64) -> impl Iterator<Item = (f64, f64, f64)> {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    let both = |node: f64| if node == 0.0 { vec![0.0] } else { vec![node, -node] };
    KRONROD.into_iter().flat_map(move |(node, fine, coarse)| {
        both(node).into_iter().map(move |node| (middle + half * node, half * fine, half * coarse))
    })
}

/// A frequency, and how fast it grows with its place.
fn mapped(middle: f64, place: f64) -> (f64, f64) {
    let rest = 1.0 - place;
    (middle * place / rest, middle / (rest * rest))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    #[test]
    fn narrow_peaks_and_long_tails_are_integrated() {
        // The spectrum of a damped oscillation, over all frequencies: pi/(2 damping).
        for damping in [0.5, 1e-2, 1e-4] {
            let spectrum = |frequency: f64, slope: f64, values: &mut [f64]| {
                let peak = |shift: f64| damping / (damping * damping + (frequency + shift).powi(2));
                values[0] = slope * (peak(0.2) + peak(-0.2)) / (2.0 * damping);
            };
            let fine = |total: &[f64], error: &dyn Fn(usize) -> f64| error(0) < 1e-11 * total[0];
            let found = integrate(0.1, spectrum, 1, fine).expect("it ends");
            let expected = PI / (2.0 * damping);
            assert!((found.integral[0] / expected - 1.0).abs() < 1e-9, "{damping}: {}", found.integral[0]);
            let again: f64 = found
                .nodes
                .iter()
                .map(|(frequency, weight)| {
                    let mut value = [0.0];
                    spectrum(*frequency, *weight, &mut value);
                    value[0]
                })
                .sum();
            assert!((again / found.integral[0] - 1.0).abs() < 1e-12);
        }
    }
}
