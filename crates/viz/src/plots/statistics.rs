//! Scatter plots, histograms, sweeps and fits.

use ndarray::{Array1, ArrayView1, ArrayView2};

use crate::axis::{Axis, Scale, Ticks};
use crate::drawing::Dash;
use crate::marks::{Bars, Mark, Points, Series};
use crate::panel::Panel;
use crate::ticks::readable;

/// Draws points at (x, y), more translucent the more there are.
pub fn scatter<'a>(x: impl Into<ArrayView1<'a, f64>>, y: impl Into<ArrayView1<'a, f64>>) -> Panel {
    let points = Points::new(x, y);
    let opacity = match points.x.len() {
        0..=100 => 0.9,
        101..=1000 => 0.6,
        _ => 0.35,
    };
    Panel::new().draw(points.opacity(opacity))
}

/// Draws how often values fall into each of `bins` equal bins.
pub fn histogram<'a>(values: impl Into<ArrayView1<'a, f64>>, bins: usize) -> Panel {
    let bars = Bars::histogram(values, bins);
    let highest = bars.heights.iter().copied().fold(0.0, f64::max);
    let mut y = Axis::new("count").ticks(Ticks::Whole);
    y.limits = (highest > 0.0).then_some((0.0, 1.05 * highest));
    Panel::new().y(y).draw(bars)
}

/// Draws what a model settles to over a sweep: smallest and largest value of a state for each value of a parameter. Where the two
/// agree, the model rests; where they part, it oscillates.
pub fn bifurcation<'a>(
    parameter: impl Into<ArrayView1<'a, f64>>,
    minima: impl Into<ArrayView1<'a, f64>>,
    maxima: impl Into<ArrayView1<'a, f64>>,
) -> Panel {
    let parameter = parameter.into();
    Panel::new()
        .draw(Points::new(parameter, minima).radius(2.0).label("minimum"))
        .draw(Points::new(parameter, maxima).radius(2.0).label("maximum"))
}

/// Draws losses over the epochs of a fit, of shape (epoch, run), on a logarithmic axis where all are above zero. Epochs count from one;
/// the smallest loss of the first run is marked.
pub fn loss_curve<'a>(losses: impl Into<ArrayView2<'a, f64>>) -> Panel {
    let losses = losses.into();
    let epochs = Array1::from_iter((1..=losses.nrows()).map(|epoch| epoch as f64));
    let mut panel = Panel::new().x(Axis::new("epoch").ticks(Ticks::Whole)).y(Axis::new("loss"));
    if losses.iter().all(|&loss| loss > 0.0 || loss.is_nan()) {
        panel.y.scale = Scale::Log;
    }
    for (run, loss) in losses.columns().into_iter().enumerate() {
        let dash = if run == 1 { Dash::Dashed } else { Dash::Solid };
        panel = panel.draw(Series::new(&epochs, loss).dash(dash));
    }
    let best = losses.columns().into_iter().next().and_then(|first| {
        let finite = first.iter().enumerate().filter(|(_, loss)| loss.is_finite());
        finite.min_by(|a, b| a.1.total_cmp(b.1)).map(|(epoch, &loss)| (epochs[epoch], loss))
    });
    if let Some((epoch, loss)) = best {
        panel = panel.draw(Mark::from(
            Points::new(&[epoch], &[loss]).radius(4.0).label(format!("best: {}", readable(loss))),
        ));
    }
    panel
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn losses_are_logarithmic_only_where_they_can_be() {
        assert_eq!(loss_curve(&array![[1.0], [0.1]]).y.scale, Scale::Log);
        assert_eq!(loss_curve(&array![[1.0], [-0.1]]).y.scale, Scale::Linear);
    }

    #[test]
    fn the_best_epoch_is_marked() {
        let panel = loss_curve(&array![[3.0, 9.0], [1.0, 0.1], [2.0, 5.0]]);
        let marked = panel.marks.iter().find_map(|m| match m {
            Mark::Points(p) => Some((p.x[0], p.y[0])),
            _ => None,
        });
        assert_eq!(marked, Some((2.0, 1.0)));
    }

    #[test]
    fn histogram_axis_begins_at_zero() {
        assert_eq!(histogram(&[0.0, 0.0, 1.0], 2).y.limits, Some((0.0, 2.1)));
    }
}
