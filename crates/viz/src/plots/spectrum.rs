//! Power spectra.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2};

use crate::axis::Axis;
use crate::marks::Series;
use crate::panel::Panel;

/// The span of densities that a spectrum reaches down from its largest value, at most: what lies lower is rounding or leakage.
const DECADES: f64 = 1e6;
/// The share of the power of each region that lies below the upper end of the band that carries it.
const SHARE: f64 = 0.99;
/// The factor by which that end is moved up, so that there is room above it.
const ROOM: f64 = 2.0;

/// Draws power spectral densities on logarithmic axes, over the [band that carries power](power_band): `frequency` in Hz, `psd` of
/// shape (frequency, region) in squares of `unit` per Hz; an empty `unit` is for signals without one.
///
/// The value at frequency zero has no place on the axis and is not shown. The axis of densities spans six powers of ten at most.
pub fn power_spectrum<'a>(
    frequency: impl Into<ArrayView1<'a, f64>>,
    psd: impl Into<ArrayView2<'a, f64>>,
    unit: &str,
) -> Panel {
    let (frequency, psd) = (frequency.into(), psd.into());
    let (from, to) = power_band(frequency, psd).unwrap_or((0.0, f64::INFINITY));
    power_spectrum_between(frequency, psd, unit, from, to)
}

/// Draws power spectral densities between two frequencies in Hz, see [`power_spectrum`].
pub fn power_spectrum_between<'a>(
    frequency: impl Into<ArrayView1<'a, f64>>,
    psd: impl Into<ArrayView2<'a, f64>>,
    unit: &str,
    from: f64,
    to: f64,
) -> Panel {
    let (frequency, psd) = (frequency.into(), psd.into());
    let unit = if unit.is_empty() { "1/Hz".into() } else { format!("{unit}²/Hz") };
    let mut panel = Panel::new().x(Axis::new("frequency").unit("Hz").log().tight()).y(Axis::new(
        "power spectral density",
    )
    .unit(unit)
    .log());
    let shown: Vec<usize> =
        (0..frequency.len()).filter(|&k| frequency[k] > 0.0 && (from..=to).contains(&frequency[k])).collect();
    let hertz: Arc<[f64]> = shown.iter().map(|&k| frequency[k]).collect();
    let width = if psd.ncols() > 12 { 0.9 } else { 1.3 };
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for power in psd.columns() {
        let power: Vec<f64> = shown.iter().filter_map(|&k| power.get(k).copied()).collect();
        for &p in power.iter().filter(|p| p.is_finite() && **p > 0.0) {
            (least, most) = (least.min(p), most.max(p));
        }
        panel = panel.draw(Series::sharing(Arc::clone(&hertz), &power).width(width));
    }
    if least < most / DECADES {
        panel.y.limits = Some((most / DECADES, 2.0 * most));
    }
    panel
}

/// Returns the lowest frequency above zero, and twice the frequency below which 99 % of the power of every region lies, in Hz: `frequency` in
/// Hz, `psd` of shape (frequency, region). The power of the mean does not count. `None` where there is no power.
pub fn power_band<'a>(
    frequency: impl Into<ArrayView1<'a, f64>>,
    psd: impl Into<ArrayView2<'a, f64>>,
) -> Option<(f64, f64)> {
    let (frequency, psd) = (frequency.into(), psd.into());
    let count = frequency.len().min(psd.nrows());
    let first = (0..count).find(|&k| frequency[k] > 0.0)?;
    let upper = |power: ArrayView1<'_, f64>| {
        let counts = |k: &usize| power[*k].is_finite() && power[*k] > 0.0;
        let total: f64 = (first..count).filter(counts).map(|k| power[k]).sum();
        let mut sum = 0.0;
        (first..count).filter(counts).find(|&k| {
            sum += power[k];
            sum >= SHARE * total
        })
    };
    let last = psd.columns().into_iter().filter_map(upper).max()?;
    // A band of less than four frequencies is no curve.
    let last = last.max((first + 3).min(count - 1));
    let highest = frequency.get(count - 1).copied()?;
    Some((frequency[first], (ROOM * frequency[last]).min(highest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, array};

    #[test]
    fn the_mean_does_not_stretch_the_axes() {
        let panel = power_spectrum(&array![0.0, 1.0, 2.0], &array![[1e9], [1.0], [2.0]], "mV");
        let (x, y) = panel.ranges();
        assert_eq!((x.lo, x.hi, y.lo, y.hi), (1.0, 2.0, 1.0, 2.0));
        assert_eq!(panel.y.to_string(), "power spectral density (mV²/Hz)");
    }

    /// Returns peaks of 10 and 20 Hz, sampled up to 5 kHz, over a floor of rounding errors.
    fn alpha() -> (Array1<f64>, Array2<f64>) {
        let frequency = Array1::from_iter((0..10_001).map(|k| 0.5 * f64::from(k)));
        let peak = |f: f64, at: f64| (-0.5 * (f - at).powi(2)).exp() + 1e-30;
        let power =
            Array2::from_shape_fn((10_001, 2), |(k, region)| peak(frequency[k], [10.0, 20.0][region]));
        (frequency, power)
    }

    #[test]
    fn the_band_that_carries_power_is_shown() {
        let (frequency, power) = alpha();
        let (from, to) = power_band(&frequency, &power).unwrap();
        // 99 % of a normal curve around 20 Hz lie below 22.3 Hz.
        assert!(from == 0.5 && (44.0..=46.0).contains(&to), "{from}..{to}");
        let (x, _) = power_spectrum(&frequency, &power, "mV").ranges();
        assert_eq!((x.lo, x.hi), (from, to));
        let (x, _) = power_spectrum_between(&frequency, &power, "mV", 5.0, 15.2).ranges();
        assert_eq!((x.lo, x.hi), (5.0, 15.0));
    }

    #[test]
    fn six_decades_are_shown_at_most() {
        let (frequency, power) = alpha();
        let (lo, hi) = power_spectrum(&frequency, &power, "").y.limits.unwrap();
        assert!(hi / lo <= 3e6 && (1.0..2.5).contains(&hi), "{lo}..{hi}");
        let flat = power_spectrum(&frequency, &power.mapv(|p| p + 0.1), "");
        assert_eq!(flat.y.limits, None);
    }

    #[test]
    fn spectra_without_power_are_drawn_too() {
        let figure = |power: Array2<f64>| {
            let frequency = Array1::from_iter((0..power.nrows()).map(|k| k as f64));
            crate::Figure::new().panel(power_spectrum(&frequency, &power, "")).to_svg()
        };
        for power in [
            Array2::zeros((5, 2)),
            Array2::from_elem((5, 1), f64::NAN),
            Array2::zeros((0, 0)),
            array![[1.0], [1.0]],
        ] {
            assert!(figure(power).is_ok());
        }
    }
}
