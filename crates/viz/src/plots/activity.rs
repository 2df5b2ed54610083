//! Activity over time.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2, Axis as Dimension};

use crate::axis::{Axis, Range, Scale, Ticks};
use crate::marks::{Colors, Heatmap, Rule, Series};
use crate::panel::{Panel, ScaleBar};

/// Returns the axis of time in ms.
fn time() -> Axis {
    Axis::new("time").unit("ms").tight()
}

/// Draws lines over time: `ts` in ms, `x` of shape (time, region).
///
/// ```
/// # use brainmass_viz::{Figure, time_series};
/// # use ndarray::array;
/// let panel = time_series(&array![0.0, 0.1, 0.2], &array![[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]])
///     .title("Rates")
///     .y_label("rate", "Hz")
///     .labels(["E", "I"]);
/// assert_eq!(panel.marks.len(), 2);
/// ```
pub fn time_series<'a>(ts: impl Into<ArrayView1<'a, f64>>, x: impl Into<ArrayView2<'a, f64>>) -> Panel {
    let x = x.into();
    // Many lines are thinner. They are opaque all the same: what shines through is too faint alone.
    let width = if x.ncols() > 12 { 0.9 } else { 1.3 };
    lines(ts, x, |series| series.width(width))
}

/// Draws all channels over each other in thin lines, around a line at zero: sensor signals. `ts` in ms, `x` of shape (time, channel).
pub fn butterfly<'a>(ts: impl Into<ArrayView1<'a, f64>>, x: impl Into<ArrayView2<'a, f64>>) -> Panel {
    lines(ts, x.into(), |series| series.width(0.8)).draw(Rule::horizontal(0.0))
}

fn lines<'a>(
    ts: impl Into<ArrayView1<'a, f64>>,
    x: ArrayView2<'_, f64>,
    style: impl Fn(Series) -> Series,
) -> Panel {
    let ts: Arc<[f64]> = ts.into().iter().copied().collect();
    x.columns()
        .into_iter()
        .map(|signal| style(Series::sharing(Arc::clone(&ts), signal)))
        .fold(Panel::new().x(time()), Panel::draw)
}

/// Draws regions below each other, each around its own mean, the first at the top. `ts` in ms, `x` of shape (time, region); `labels`
/// are the regions' names, or empty for the numbers of nodes; `unit` is that of the scale bar at the right.
///
/// Neighbouring traces are as far apart as the 90th percentile of their peak-to-peak amplitudes. A larger one lies over its neighbours; the axis
/// reaches as far as it does.
pub fn stacked<'a, S: AsRef<str>>(
    ts: impl Into<ArrayView1<'a, f64>>,
    x: impl Into<ArrayView2<'a, f64>>,
    labels: &[S],
    unit: &str,
) -> Panel {
    let (ts, x): (Arc<[f64]>, _) = (ts.into().iter().copied().collect(), x.into());
    let count = x.ncols();
    let mut spans: Vec<f64> = x
        .columns()
        .into_iter()
        .map(|signal| Range::of(signal, Scale::Linear))
        .map(|r| if r.is_empty() { 0.0 } else { r.hi - r.lo })
        .collect();
    spans.sort_by(f64::total_cmp);
    let spacing = match spans.get(count.saturating_sub(1) * 9 / 10) {
        Some(&span) if span > 0.0 && span.is_finite() => span,
        _ => 1.0,
    };

    let mut panel = Panel::new().x(time());
    let mut names = Vec::new();
    let (mut lowest, mut highest) = (-spacing * (count.max(1) as f64 - 0.2), 0.8 * spacing);
    for (region, signal) in x.columns().into_iter().enumerate() {
        let (sum, n) = signal.iter().filter(|v| v.is_finite()).fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
        let level = -spacing * region as f64;
        let moved = signal.mapv(|v| v - sum / n + level);
        let reach = Range::of(&moved, Scale::Linear);
        (lowest, highest) = (lowest.min(reach.lo - 0.1 * spacing), highest.max(reach.hi + 0.1 * spacing));
        let width = if count > 30 { 0.8 } else { 1.1 };
        panel = panel.draw(Series::sharing(Arc::clone(&ts), &moved).width(width));
        names.push((level, labels.get(region).map_or_else(|| region.to_string(), |l| l.as_ref().into())));
    }
    let counted = if labels.is_empty() { "node" } else { "region" };
    panel = panel.y(Axis::new(counted).limits(lowest, highest).ticks(Ticks::Named(names)));
    let length = round_down(spacing * (count as f64 / 30.0).max(1.0));
    panel.scale_bar =
        (count > 0).then(|| ScaleBar { length, label: format!("{length} {unit}").trim_end().into() });
    panel
}

/// Draws regions as rows of colour over time, each z-scored: the carpet (grayplot) of Power (2017),
/// doi:10.1016/j.neuroimage.2016.08.009. `ts` in ms and evenly spaced, `x` of shape (time, region).
///
/// Rows that never change are shown as zero.
pub fn carpet<'a>(ts: impl Into<ArrayView1<'a, f64>>, x: impl Into<ArrayView2<'a, f64>>) -> Panel {
    let (ts, x) = (ts.into(), x.into());
    let mut scores = x.t().to_owned();
    for mut row in scores.axis_iter_mut(Dimension(0)) {
        let finite = || row.iter().filter(|v| v.is_finite());
        let n = finite().count() as f64;
        let mean = finite().sum::<f64>() / n;
        let deviation = (finite().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
        let scale = if deviation > 0.0 { 1.0 / deviation } else { 0.0 };
        row.mapv_inplace(|v| (v - mean) * scale);
    }
    // A sample stands for the time around it.
    let (from, to, regions) = match (ts.first(), ts.last()) {
        (Some(&from), Some(&to)) if ts.len() > 1 => (from, to, x.ncols() as f64),
        (Some(&only), _) => (only, only, x.ncols() as f64),
        _ => (0.0, 0.0, 0.0),
    };
    let half = if ts.len() > 1 { 0.5 * (to - from) / (ts.len() - 1) as f64 } else { 0.5 };
    let heatmap = Heatmap::new(&scores)
        .edges((from - half, to + half), (-0.5, regions - 0.5))
        .colors(Colors::Diverging)
        .limits(-3.0, 3.0)
        .label("z-score");
    let mut panel = Panel::from(heatmap).x(time());
    panel.y.label = "region".into();
    panel.aspect = None;
    panel
}

/// Returns the largest of 1, 2, 5 times a power of ten that is at most `value`.
fn round_down(value: f64) -> f64 {
    let power = value.log10().floor();
    let mantissa = value / 10_f64.powf(power);
    let round = [5.0, 2.0, 1.0].into_iter().find(|m| *m <= mantissa + 1e-9).unwrap_or(1.0);
    match power < 0.0 {
        true => round / 10_f64.powf(-power),
        false => round * 10_f64.powf(power),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Mark;
    use ndarray::{Array2, array};

    #[test]
    fn stacked_traces_go_down_and_keep_their_shape() {
        let x = array![[0.0, 10.0], [2.0, 12.0]];
        let panel = stacked(&array![0.0, 1.0], &x, &["a", "b"], "mV");
        let y: Vec<_> = panel
            .marks
            .iter()
            .map(|mark| match mark {
                Mark::Series(series) => series.y.clone(),
                other => panic!("unexpected {other:?}"),
            })
            .collect();
        assert_eq!(y, [[-1.0, 1.0], [-3.0, -1.0]]);
        assert_eq!(panel.y.ticks, Ticks::Named(vec![(-0.0, "a".into()), (-2.0, "b".into())]));
        assert_eq!(panel.scale_bar.unwrap().label, "2 mV");
    }

    #[test]
    fn no_trace_leaves_the_panel() {
        let ts = ndarray::Array1::linspace(0.0, 1.0, 50);
        let sizes = [1.0, 1.0, 40.0, 1.0, f64::NAN, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let x = Array2::from_shape_fn((50, 11), |(t, region)| sizes[region] * (t as f64).sin().powi(3));
        let panel = stacked(&ts, &x, &[] as &[&str], "");
        let (lo, hi) = panel.y.limits.unwrap();
        let (_, drawn) = panel.ranges();
        assert!(lo < drawn.lo && drawn.hi < hi, "{drawn:?} is not in {lo}..{hi}");
        // Another size of one trace does not move the others.
        assert_eq!(panel.y.ticks, stacked(&ts, &x.mapv(|v| v.clamp(-1.0, 1.0)), &[] as &[&str], "").y.ticks);
    }

    #[test]
    fn carpet_rows_have_zero_mean_and_unit_variance() {
        let x = Array2::from_shape_fn((8, 2), |(t, region)| if region == 0 { t as f64 } else { 4.0 });
        let ts = ndarray::Array1::linspace(0.0, 7.0, 8);
        let panel = carpet(&ts, &x);
        let map = panel.heatmap().unwrap();
        let row = map.values.row(0);
        assert!(row.sum().abs() < 1e-12 && (row.mapv(|v| v * v).sum() / 8.0 - 1.0).abs() < 1e-12);
        assert!(map.values.row(1).iter().all(|&v| v == 0.0));
        assert_eq!(map.x, (-0.5, 7.5));
    }

    #[test]
    fn scale_bars_are_round() {
        for (value, round) in [(0.37, 0.2), (1.0, 1.0), (7.9, 5.0), (0.05, 0.05), (1234.0, 1000.0)] {
            assert_eq!(round_down(value), round);
        }
    }

    #[test]
    fn nothing_to_draw_is_no_error() {
        let (ts, x) = (ndarray::Array1::<f64>::zeros(0), Array2::<f64>::zeros((0, 0)));
        let figure = crate::Figure::new()
            .panel(time_series(&ts, &x))
            .panel(stacked(&ts, &x, &[] as &[&str], ""))
            .panel(carpet(&ts, &x))
            .panel(butterfly(&ts, &x));
        assert!(figure.to_svg().is_ok());
    }
}
