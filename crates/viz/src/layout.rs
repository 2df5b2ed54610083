//! The room that a panel needs around its plotting area, and the places of everything in it.

use super::axis::{Axis, Range, Ruler, Ticks};
use super::color::Color;
use super::drawing::Rect;
use super::font::{self, Weight};
use super::legend::{LegendBox, Place};
use super::marks::Frame;
use super::panel::Panel;
use super::theme::Theme;
use super::ticks::TickSet;

/// Length of a tick.
pub(crate) const TICK: f64 = 4.0;
/// The gap between a tick and its label.
pub(crate) const TICK_GAP: f64 = 5.0;
/// The gap between tick labels and the axis label.
const LABEL_GAP: f64 = 9.0;
/// The gap between panel and title.
pub(crate) const TITLE_GAP: f64 = 10.0;
/// The gap between panel and colour bar.
const BAR_GAP: f64 = 12.0;
/// Width of a colour bar.
const BAR_WIDTH: f64 = 11.0;
/// The gap between panel and group brackets.
pub(crate) const BRACKET_GAP: f64 = 6.0;
/// The distance from the panel's edge to the names of groups.
pub(crate) const BRACKET_ROOM: f64 = 15.0;

/// Room around a plotting area.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Margins {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// The axes of a panel that show labels; those of shared axes stand once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub x: bool,
    pub y: bool,
}

/// The colour bar beside a panel, relative to the panel's upper left corner.
#[derive(Clone, Debug)]
pub(crate) struct BarPlan {
    pub area: Rect,
    pub axis: Axis,
    pub ticks: TickSet,
    /// The distance from the bar's right edge to the middle of its label.
    pub label_at: f64,
}

/// A panel measured for a given size.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Width and height of the plotting area.
    pub size: (f64, f64),
    pub x_ends: (f64, f64),
    pub y_ends: (f64, f64),
    pub x_ticks: TickSet,
    pub y_ticks: TickSet,
    /// True if the labels along the horizontal axis read upwards.
    pub x_upright: bool,
    pub shown: Shown,
    pub bar: Option<BarPlan>,
    pub legend: Option<LegendBox>,
    pub colors: Vec<Color>,
    /// The distance from the left edge of the plotting area to the middle of the vertical axis' label.
    pub y_label_at: f64,
    /// The distance from the lower edge of the plotting area to the middle of the horizontal axis' label.
    pub x_label_at: f64,
    pub empty: bool,
    pub margins: Margins,
}

impl Plan {
    /// Measures `panel` for a cell of `room`, with axes that cover `ranges`.
    pub fn new(panel: &Panel, theme: &Theme, room: (f64, f64), (x, y): (Range, Range), shown: Shown) -> Self {
        let size = match panel.aspect {
            Some(aspect) => (room.0.min(room.1 * aspect), room.1.min(room.0 / aspect)),
            None => room,
        };
        let (x_ends, y_ends) = (panel.x.ends(x), panel.y.ends(y));
        let (own_x, own_y) = panel.ranges();
        let empty = own_x.is_empty() || own_y.is_empty();
        let line = Some(1.35 * theme.tick);
        let (mut x_ticks, mut y_ticks) = (TickSet::default(), TickSet::default());
        if !empty {
            x_ticks = panel.x.tick_set(x_ends, size.0, None, theme.tick);
            y_ticks = panel.y.tick_set(y_ends, size.1, line, theme.tick);
        }
        // Names too long to stand side by side are turned, numbers are not.
        let x_upright =
            !empty && matches!(&panel.x.ticks, Ticks::Named(names) if names.len() > x_ticks.major.len());
        if x_upright {
            x_ticks = panel.x.tick_set(x_ends, size.0, line, theme.tick);
        }
        let mut plan = Self {
            size,
            x_ends,
            y_ends,
            x_ticks,
            y_ticks,
            x_upright,
            shown,
            bar: None,
            legend: None,
            colors: panel.colors(theme),
            y_label_at: 0.0,
            x_label_at: 0.0,
            empty,
            margins: Margins::default(),
        };
        plan.bar = panel.heatmap().filter(|_| !empty).map(|map| bar_plan(map.color_axis(), size, theme));
        plan.legend = LegendBox::place(panel, theme, size, || plan.footprint(panel, theme));
        plan.measure(panel, theme);
        plan
    }

    /// Returns the map from values to pixels, for a plotting area whose upper left corner is at `origin`.
    pub fn frame<'a>(&self, panel: &Panel, theme: &'a Theme, origin: [f64; 2]) -> Frame<'a> {
        let area = Rect { x: origin[0], y: origin[1], w: self.size.0, h: self.size.1 };
        let ruler = |axis: &Axis, ends, from, to| match axis.reversed {
            false => Ruler::new(axis.scale, ends, from, to),
            true => Ruler::new(axis.scale, ends, to, from),
        };
        Frame {
            x: ruler(&panel.x, self.x_ends, area.x, area.right()),
            y: ruler(&panel.y, self.y_ends, area.bottom(), area.y),
            area,
            theme,
        }
    }

    fn footprint(&self, panel: &Panel, theme: &Theme) -> Vec<[f64; 2]> {
        let frame = self.frame(panel, theme, [0.0, 0.0]);
        panel.marks.iter().flat_map(|mark| mark.as_draw().footprint(&frame)).collect()
    }

    fn measure(&mut self, panel: &Panel, theme: &Theme) {
        let width = |text: &str| font::width(text, theme.tick, Weight::Regular);
        let widest = |set: &TickSet| set.major.iter().map(|t| width(&t.label)).fold(0.0, f64::max);

        let beside = match &panel.y.ticks {
            Ticks::Groups(groups) if self.shown.y => {
                BRACKET_ROOM + groups.iter().map(|g| width(&g.shown(theme.tick))).fold(0.0, f64::max)
            }
            _ if self.y_ticks.major.is_empty() || !self.shown.y => TICK,
            _ => TICK + TICK_GAP + widest(&self.y_ticks),
        };
        self.y_label_at = beside + LABEL_GAP + 0.4 * theme.label;
        let has_label = |axis: &Axis, set: &TickSet, shown: bool| shown && !axis.text(set).is_empty();
        let left = match has_label(&panel.y, &self.y_ticks, self.shown.y) {
            true => self.y_label_at + 0.6 * theme.label,
            false => beside,
        };

        let below = match &panel.x.ticks {
            Ticks::Groups(groups) if self.shown.x => {
                let frame = self.frame(panel, theme, [0.0, 0.0]);
                BRACKET_ROOM
                    + match groups_lie_flat(groups, &frame.x, theme) {
                        true => theme.tick,
                        false => groups.iter().map(|g| width(&g.shown(theme.tick))).fold(0.0, f64::max),
                    }
            }
            _ if self.x_ticks.major.is_empty() || !self.shown.x => TICK,
            _ if self.x_upright => TICK + TICK_GAP + widest(&self.x_ticks),
            _ => TICK + TICK_GAP + 0.8 * theme.tick,
        };
        self.x_label_at = below + LABEL_GAP + 0.45 * theme.label;
        let bottom = match has_label(&panel.x, &self.x_ticks, self.shown.x) {
            true => self.x_label_at + 0.75 * theme.label,
            false => below + 4.0,
        };

        // The last tick label may reach over the right edge.
        let frame = self.frame(panel, theme, [0.0, 0.0]);
        let overhang = |t: &super::ticks::Tick| frame.x.px(t.at) + 0.5 * width(&t.label) - self.size.0;
        let mut right = self
            .x_ticks
            .major
            .iter()
            .filter(|_| self.shown.x && !self.x_upright)
            .map(overhang)
            .fold(2.0, f64::max);
        if let Some(bar) = &self.bar {
            right = bar.area.right() - self.size.0 + TICK + TICK_GAP + widest(&bar.ticks);
            if !bar.axis.text(&bar.ticks).is_empty() {
                right = bar.area.right() - self.size.0 + bar.label_at + 0.6 * theme.label;
            }
        }
        if panel.scale_bar.is_some() {
            right = right.max(14.0 + 1.4 * theme.tick);
        }
        if let Some(legend) = self.legend.as_mut().filter(|legend| legend.place == Place::Right) {
            legend.area.x = self.size.0 + right + 4.0;
            right = legend.area.right() - self.size.0;
        }
        let above = self.legend.as_ref().filter(|legend| legend.place == Place::Above).map(|l| l.area.h);
        let top = match panel.title.is_empty() {
            true => above.unwrap_or(0.5 * theme.tick),
            false => above.unwrap_or(0.0).max(TITLE_GAP + theme.title),
        };
        self.margins = Margins { left, right, top, bottom };
    }
}

/// Returns whether every group is long enough for its name.
pub(crate) fn groups_lie_flat(groups: &[super::axis::Group], ruler: &Ruler, theme: &Theme) -> bool {
    groups.iter().all(|group| {
        let room = (ruler.px(group.end) - ruler.px(group.start)).abs();
        font::width(&group.shown(theme.tick), theme.tick, Weight::Regular) <= room - 4.0
    })
}

fn bar_plan(axis: Axis, (width, height): (f64, f64), theme: &Theme) -> BarPlan {
    let ticks = axis.tick_set(axis.ends(Range::EMPTY), height, Some(1.35 * theme.tick), theme.tick);
    let widest =
        ticks.major.iter().map(|t| font::width(&t.label, theme.tick, Weight::Regular)).fold(0.0, f64::max);
    BarPlan {
        area: Rect { x: width + BAR_GAP, y: 0.0, w: BAR_WIDTH, h: height },
        label_at: TICK + TICK_GAP + widest + LABEL_GAP + 0.4 * theme.label,
        axis,
        ticks,
    }
}
