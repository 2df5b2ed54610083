//! Power spectra.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2};

use crate::axis::Axis;
use crate::marks::Series;
use crate::panel::Panel;

/// Power spectral densities on logarithmic axes: `frequency` in Hz, `psd` of shape (frequency, region) in squares of
/// `unit` per Hz; an empty `unit` is for signals without one.
///
/// The value at frequency zero has no place on the axis and is not shown.
pub fn power_spectrum<'a>(
    frequency: impl Into<ArrayView1<'a, f64>>,
    psd: impl Into<ArrayView2<'a, f64>>,
    unit: &str,
) -> Panel {
    let frequency: Arc<[f64]> = frequency.into().iter().copied().collect();
    let psd = psd.into();
    let width = if psd.ncols() > 12 { 0.9 } else { 1.3 };
    let unit = if unit.is_empty() { "1/Hz".into() } else { format!("{unit}²/Hz") };
    let panel = Panel::new().x(Axis::new("frequency").unit("Hz").log().tight()).y(Axis::new(
        "power spectral density",
    )
    .unit(unit)
    .log());
    psd.columns()
        .into_iter()
        .map(|power| {
            // The power of the mean would stretch the axis without being seen.
            let shown = frequency.iter().zip(power).map(|(&f, &p)| if f > 0.0 { p } else { f64::NAN });
            Series::sharing(Arc::clone(&frequency), &shown.collect::<Vec<_>>()).width(width)
        })
        .fold(panel, Panel::draw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_mean_does_not_stretch_the_axes() {
        let panel = power_spectrum(&array![0.0, 1.0, 2.0], &array![[1e9], [1.0], [2.0]], "mV");
        let (x, y) = panel.ranges();
        assert_eq!((x.lo, x.hi, y.lo, y.hi), (1.0, 2.0, 1.0, 2.0));
        assert_eq!(panel.y.to_string(), "power spectral density (mV²/Hz)");
    }
}
