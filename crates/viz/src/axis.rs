//! Axes: what they say, and how values become pixels.

use super::font::{self, Weight};
use super::ticks::{self, TickSet};

/// Names along axes are cut to this width, in pixels.
const WIDEST_NAME: f64 = 180.0;

/// The division of an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps have equal lengths.
    #[default]
    Linear,
    /// Equal factors have equal lengths, with powers of ten as ticks. Values at or below zero are not shown.
    Log,
}

/// A named stretch of an axis: a resting-state network over the regions of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The name that stands beside the stretch.
    pub name: String,
    /// The lower end, in the units of the axis.
    pub start: f64,
    /// The upper end, in the units of the axis.
    pub end: f64,
}

impl Group {
    /// Returns the name as it is written at `size` pixels per em: cut where it is very long.
    pub(crate) fn shown(&self, size: f64) -> String {
        font::fitted(&self.name, size, Weight::Regular, WIDEST_NAME)
    }
}

/// The labels that stand along an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Ticks {
    /// Round numbers stand along the axis.
    #[default]
    Auto,
    /// Round whole numbers stand along the axis.
    Whole,
    /// The axis has no labels.
    None,
    /// Names stand at given places; some are left out where they would touch.
    Named(Vec<(f64, String)>),
    /// Brackets with names stand over stretches of the axis.
    Groups(Vec<Group>),
}

/// One axis of a panel.
///
/// ```
/// # use brainmass_viz::Axis;
/// let axis = Axis::new("membrane potential").unit("mV").limits(-80.0, 20.0);
/// assert_eq!(axis.to_string(), "membrane potential (mV)");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// The quantity that the axis shows.
    pub label: String,
    /// The unit of the quantity; empty for none.
    pub unit: String,
    /// The division of the axis.
    pub scale: Scale,
    /// The ends of the axis; without them, the data decide.
    pub limits: Option<(f64, f64)>,
    /// The labels along the axis.
    pub ticks: Ticks,
    /// True if values grow to the left or downwards.
    pub reversed: bool,
    /// True if the axis ends where the data end, without a margin.
    pub tight: bool,
}

impl Axis {
    /// Creates a linear axis with this label.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// Sets the unit, written in brackets after the label.
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Makes the axis logarithmic.
    pub fn log(mut self) -> Self {
        self.scale = Scale::Log;
        self
    }

    /// Sets the ends of the axis.
    pub fn limits(mut self, from: f64, to: f64) -> Self {
        self.limits = Some((from, to));
        self
    }

    /// Sets the labels along the axis.
    pub fn ticks(mut self, ticks: Ticks) -> Self {
        self.ticks = ticks;
        self
    }

    /// Ends the axis where the data end.
    pub fn tight(mut self) -> Self {
        self.tight = true;
        self
    }

    /// Lets values grow to the left or downwards.
    pub fn reversed(mut self) -> Self {
        self.reversed = true;
        self
    }

    /// Returns the ends of the axis for data in `range`.
    pub(crate) fn ends(&self, range: Range) -> (f64, f64) {
        let log = self.scale == Scale::Log;
        let usable = |v: f64| v.is_finite() && (!log || v > 0.0);
        if let Some((a, b)) = self.limits
            && usable(a)
            && usable(b)
            && a != b
        {
            return (a.min(b), a.max(b));
        }
        // Some way below the largest and above the smallest double, so that differences and ratios are finite.
        let (least, most) = if log { (1e-150, 1e150) } else { (-f64::MAX / 4.0, f64::MAX / 4.0) };
        let (lo, hi) = (range.lo.clamp(least, most), range.hi.clamp(least, most));
        match (range.is_empty(), log) {
            (true, true) => (1.0, 10.0),
            (true, false) => (0.0, 1.0),
            (false, true) if hi / lo < 1.0 + 1e-9 => (lo / 2.0, hi * 2.0),
            (false, false) if hi - lo <= 1e-12 * lo.abs().max(hi.abs()) => {
                let around = if lo == 0.0 { 1.0 } else { 0.1 * lo.abs() };
                (lo - around, hi + around)
            }
            _ if self.tight => (lo, hi),
            (false, true) => {
                let margin = (hi / lo).powf(0.04);
                (lo / margin, hi * margin)
            }
            (false, false) => {
                let margin = 0.05 * (hi - lo);
                (lo - margin, hi + margin)
            }
        }
    }

    /// Returns the ticks between two ends, `length` pixels apart, with `between` pixels for a tick across the reading direction; `None`
    /// where labels lie along the axis and need room of their own width.
    pub(crate) fn tick_set(
        &self,
        (lo, hi): (f64, f64),
        length: f64,
        between: Option<f64>,
        size: f64,
    ) -> TickSet {
        let span = |label: &str| match between {
            Some(height) => height,
            None => font::width(label, size, Weight::Regular) + 1.4 * size,
        };
        match &self.ticks {
            Ticks::None | Ticks::Groups(_) => TickSet::default(),
            Ticks::Named(names) => {
                TickSet { major: thinned(names, (lo, hi), length, size, span), ..TickSet::default() }
            }
            Ticks::Auto | Ticks::Whole => {
                // Sampled time begins a step after a round number and ends a step before one: its tick is not given up.
                let slack = if self.tight && self.scale == Scale::Linear { 2.5e-3 * (hi - lo) } else { 0.0 };
                let (lo, hi) = (lo - slack, hi + slack);
                let least_step = if self.ticks == Ticks::Whole { 1.0 } else { 0.0 };
                let preferred = between.map_or(48.0, |height| 1.9 * height);
                let mut most = (length / preferred).floor().clamp(2.0, 9.0) as usize;
                loop {
                    let set = match self.scale {
                        Scale::Linear => ticks::linear(lo, hi, most, least_step),
                        Scale::Log => ticks::log(lo, hi, most),
                    };
                    let needed: f64 = set.major.iter().map(|tick| span(&tick.label)).sum();
                    if needed <= length || most <= 2 {
                        return set;
                    }
                    most -= 1;
                }
            }
        }
    }

    /// Returns the label and the unit, with the offset and power of ten that the tick labels leave out: `x − 100 (10⁻³ mV)`.
    pub(crate) fn text(&self, set: &TickSet) -> String {
        let mut text = self.label.clone();
        if set.offset != 0.0 {
            let sign = if set.offset < 0.0 { '+' } else { '−' };
            text = format!("{text} {sign} {}", set.offset.abs());
        }
        let power = if set.exponent == 0 { String::new() } else { ticks::power_of_ten(set.exponent) };
        let unit = match (self.unit.is_empty(), power.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("(×{power})"),
            (false, true) => format!("({})", self.unit),
            (false, false) => format!("({power} {})", self.unit),
        };
        format!("{text} {unit}").trim().into()
    }
}

impl std::fmt::Display for Axis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(&TickSet::default()))
    }
}

/// Returns every n-th name, with the smallest n that leaves room between them; names written at `size` pixels per em are cut where they
/// are very long.
fn thinned(
    names: &[(f64, String)],
    (lo, hi): (f64, f64),
    length: f64,
    size: f64,
    span: impl Fn(&str) -> f64,
) -> Vec<ticks::Tick> {
    let cut = |name: &str| font::fitted(name, size, Weight::Regular, WIDEST_NAME);
    let shown: Vec<(f64, String)> =
        names.iter().filter(|(at, _)| (lo..=hi).contains(at)).map(|(at, name)| (*at, cut(name))).collect();
    let widest = shown.iter().map(|(_, name)| span(name)).fold(0.0, f64::max);
    let room = length / shown.len().max(1) as f64;
    let stride = (widest / room).ceil().max(1.0) as usize;
    shown.into_iter().step_by(stride).map(|(at, label)| ticks::Tick { at, label }).collect()
}

/// The smallest and largest of some numbers; NaN and infinities are passed over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub lo: f64,
    pub hi: f64,
}

impl Range {
    pub const EMPTY: Self = Self { lo: f64::INFINITY, hi: f64::NEG_INFINITY };

    /// Returns the range of the values that can be shown on `scale`.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a f64>, scale: Scale) -> Self {
        let mut range = Self::EMPTY;
        for &v in values {
            if v.is_finite() && (scale == Scale::Linear || v > 0.0) {
                range.lo = range.lo.min(v);
                range.hi = range.hi.max(v);
            }
        }
        range
    }

    pub fn union(self, other: Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    pub fn is_empty(&self) -> bool {
        self.lo > self.hi
    }
}

/// The map from values to pixels along one axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ruler {
    scale: Scale,
    lo: f64,
    hi: f64,
    start: f64,
    end: f64,
}

impl Ruler {
    /// Puts `ends.0` at pixel `start` and `ends.1` at pixel `end`.
    pub fn new(scale: Scale, ends: (f64, f64), start: f64, end: f64) -> Self {
        let [lo, hi] = [ends.0, ends.1].map(|v| if scale == Scale::Log { v.log10() } else { v });
        Self { scale, lo, hi, start, end }
    }

    /// Returns the pixel of a value; NaN where it has none.
    pub fn px(&self, value: f64) -> f64 {
        let value = match self.scale {
            Scale::Linear => value,
            Scale::Log if value > 0.0 => value.log10(),
            Scale::Log => f64::NAN,
        };
        self.start + (value - self.lo) / (self.hi - self.lo) * (self.end - self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(lo: f64, hi: f64) -> Range {
        Range { lo, hi }
    }

    #[test]
    fn data_get_a_margin_unless_the_axis_is_tight() {
        assert_eq!(Axis::new("x").ends(range(0.0, 100.0)), (-5.0, 105.0));
        assert_eq!(Axis::new("x").tight().ends(range(0.0, 100.0)), (0.0, 100.0));
        assert_eq!(Axis::new("x").limits(3.0, 1.0).ends(range(0.0, 100.0)), (1.0, 3.0));
    }

    #[test]
    fn empty_constant_and_huge_data_have_finite_distinct_ends() {
        for axis in [Axis::new("x"), Axis::new("x").log(), Axis::new("x").tight()] {
            for data in [Range::EMPTY, range(5.0, 5.0), range(1e-300, f64::MAX), range(1e-320, 1e-320)] {
                let (lo, hi) = axis.ends(data);
                assert!(lo < hi && (hi - lo).is_finite(), "{axis:?} {data:?}: {lo}..{hi}");
            }
        }
        let (lo, hi) = Axis::new("x").ends(range(f64::MIN, f64::MAX));
        assert!((hi - lo).is_finite());
        assert_eq!(Axis::new("x").ends(range(0.0, 0.0)), (-1.0, 1.0));
    }

    #[test]
    fn limits_that_cannot_be_shown_are_passed_over() {
        let axis = Axis::new("f").log().tight().limits(0.0, 10.0);
        assert_eq!(axis.ends(range(1.0, 50.0)), (1.0, 50.0));
    }

    #[test]
    fn label_carries_unit_offset_and_power() {
        let axis = Axis::new("rate").unit("Hz");
        let set = TickSet { offset: 100.0, exponent: -6, ..TickSet::default() };
        assert_eq!(axis.text(&set), "rate − 100 (10⁻⁶ Hz)");
        assert_eq!(Axis::new("").text(&TickSet { exponent: 3, ..TickSet::default() }), "(×10³)");
    }

    #[test]
    fn names_that_would_touch_are_left_out_evenly() {
        let names = (0..90).map(|i| (f64::from(i), format!("region {i}"))).collect();
        let axis = Axis::new("").ticks(Ticks::Named(names));
        let shown: Vec<f64> =
            axis.tick_set((-0.5, 89.5), 300.0, Some(12.0), 11.0).major.iter().map(|t| t.at).collect();
        assert_eq!(shown.len(), 23);
        assert!(shown.windows(2).all(|w| w[1] - w[0] == 4.0));
    }

    #[test]
    fn ruler_maps_ends_to_ends() {
        let ruler = Ruler::new(Scale::Log, (1.0, 1000.0), 0.0, 300.0);
        assert!((ruler.px(10.0) - 100.0).abs() < 1e-9);
        assert!(ruler.px(0.0).is_nan() && ruler.px(-1.0).is_nan());
    }
}
