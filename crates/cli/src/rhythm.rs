//! Whether a recorded signal oscillates, and how fast.

use brainmass::analysis::{PowerSpectrum, Trend, Welch};
use ndarray::{Array2, ArrayView2, Axis};

/// Longest stretch that one spectrum is taken of, in samples.
const LONGEST: usize = 1 << 16;
/// Most nodes that are looked at, evenly spread.
const MOST_NODES: usize = 16;
/// An oscillation makes at least so many cycles ...
const LEAST_CYCLES: usize = 3;
/// ... and holds at least this part of the signal's power within two bins of its peak.
const LEAST_SHARE: f64 = 0.3;

/// The dominant frequencies, in Hz, of the nodes that oscillate: the lowest and the highest.
pub fn dominant(signal: ArrayView2<f64>, dt: f64) -> Option<(f64, f64)> {
    let every = signal.ncols().div_ceil(MOST_NODES).max(1);
    let nodes: Vec<usize> = (0..signal.ncols()).step_by(every).collect();
    let signal = signal.select(Axis(1), &nodes);
    let segment = signal.nrows().min(LONGEST);
    let spectrum = Welch::new(segment).trend(Trend::Linear).estimate(signal.view(), dt).ok()?;
    let peaks =
        (0..nodes.len()).filter_map(|node| Some(spectrum.vertex(node, peak(&spectrum, node, &signal)?)));
    peaks.fold(None, |range, hz| {
        let (low, high) = range.unwrap_or((hz, hz));
        Some((hz.min(low), hz.max(high)))
    })
}

/// The place of the peak of a node's spectrum, if it is one.
fn peak(spectrum: &PowerSpectrum, node: usize, signal: &Array2<f64>) -> Option<usize> {
    let column = spectrum.power.column(node);
    let step = *spectrum.frequency.get(1)?;
    let largest = signal.column(node).iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let total: f64 = column.iter().sum();
    let bin = (1..column.len()).max_by(|&a, &b| column[a].total_cmp(&column[b]))?;
    let around = column.iter().skip(bin.saturating_sub(2)).take(5).sum::<f64>();
    // What is only rounding, once the trend is taken off, has a spectrum too.
    let varies = (total * step).sqrt() > 1e-9 * largest;
    let is_peak = bin >= LEAST_CYCLES && bin + 1 < column.len() && around >= LEAST_SHARE * total;
    (is_peak && varies).then_some(bin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    #[test]
    fn a_sine_between_two_bins_is_found() {
        // 2.5 s: bins are 0.4 Hz apart.
        let signal = Array2::from_shape_fn((2500, 1), |(t, _)| (TAU * 10.13e-3 * t as f64).sin() + 3.0);
        let (low, high) = dominant(signal.view(), 1.0).unwrap();
        assert!((low - 10.13).abs() < 0.02 && low == high, "{low}");
    }

    #[test]
    fn rest_decay_and_drift_have_no_frequency() {
        let rest = Array2::from_elem((1000, 2), 0.3);
        let decay = Array2::from_shape_fn((1000, 1), |(t, _)| (-0.01 * t as f64).exp());
        let drift = Array2::from_shape_fn((1000, 1), |(t, _)| 0.1 * t as f64);
        for signal in [rest, decay, drift] {
            assert_eq!(dominant(signal.view(), 1.0), None);
        }
    }
}
