//! Drawing a measured panel.

use super::axis::{Group, Ruler, Ticks};
use super::drawing::{Anchor, Drawing, Path, Rect, Stroke, TextStyle};
use super::font::{Weight, fitted};
use super::layout::{self, Plan, TICK, TICK_GAP, TITLE_GAP};
use super::marks::{Frame, Mark, draw_color_bar};
use super::panel::Panel;
use super::theme::Theme;
use super::ticks::TickSet;

/// Length of a tick without a label.
const MINOR_TICK: f64 = 2.5;

/// The side of an area on which an axis stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Bottom,
    /// The lower side, with labels that read upwards.
    BottomUpright,
    Right,
}

/// Draws `panel` as `plan` says, the upper left corner of its plotting area at `origin`.
pub(crate) fn panel(panel: &Panel, plan: &Plan, theme: &Theme, origin: [f64; 2], out: &mut Drawing) {
    let frame = plan.frame(panel, theme, origin);
    let area = frame.area;
    let is_matrix = panel.heatmap().is_some();
    let has_arrows = panel.marks.iter().any(|mark| matches!(mark, Mark::Field(_)));
    if !is_matrix && !has_arrows {
        grid(panel, plan, &frame, out);
    }
    out.window(area.grown(if is_matrix { 0.0 } else { 1.0 }));
    for (mark, &color) in panel.marks.iter().zip(&plan.colors) {
        mark.as_draw().draw(&frame, color, out);
    }
    out.close();

    axes(panel, plan, &frame, out);
    if let Some(bar) = &plan.bar {
        let place = Rect { x: area.x + bar.area.x, y: area.y + bar.area.y, ..bar.area };
        if let Some(map) = panel.heatmap() {
            draw_color_bar(place, map.color_map(theme), theme, out);
        }
        let ruler =
            Ruler::new(bar.axis.scale, bar.axis.limits.unwrap_or((0.0, 1.0)), place.bottom(), place.y);
        ticks(Side::Right, &bar.ticks, true, &ruler, place, theme, out);
        let style = TextStyle { rotate: -90.0, ..TextStyle::new(theme.label, theme.text, Anchor::Middle) };
        let text = fitted(&bar.axis.text(&bar.ticks), theme.label, Weight::Regular, place.h + 30.0);
        out.text_centred([place.right() + bar.label_at, place.y + 0.5 * place.h], &style, &text);
    }
    scale_bar(panel, &frame, out);
    if let Some(legend) = &plan.legend {
        legend.draw(origin, panel, theme, &plan.colors, out);
    }
    let style =
        TextStyle { weight: Weight::SemiBold, ..TextStyle::new(theme.title, theme.text, Anchor::Start) };
    let title = fitted(&panel.title, theme.title, Weight::SemiBold, area.w + plan.margins.right);
    out.text([area.x, area.y - TITLE_GAP], &style, &title);
    if plan.empty {
        let style = TextStyle::new(theme.label, theme.muted, Anchor::Middle);
        out.text_centred([area.x + 0.5 * area.w, area.y + 0.5 * area.h], &style, "no data");
    }
}

fn grid(panel: &Panel, plan: &Plan, frame: &Frame<'_>, out: &mut Drawing) {
    let (area, stroke) = (frame.area, Stroke::new(frame.theme.grid, 1.0));
    let mut lines = Path::default();
    for tick in &plan.x_ticks.major {
        let x = crisp(frame.x.px(tick.at));
        lines.add_line([[x, area.y], [x, area.bottom()]]);
    }
    // A line for every one of many named traces would be in their way.
    if !matches!(panel.y.ticks, Ticks::Named(_)) {
        for tick in &plan.y_ticks.major {
            let y = crisp(frame.y.px(tick.at));
            lines.add_line([[area.x, y], [area.right(), y]]);
        }
    }
    out.stroke(lines, &stroke);
}

fn axes(panel: &Panel, plan: &Plan, frame: &Frame<'_>, out: &mut Drawing) {
    let (area, theme) = (frame.area, frame.theme);
    let stroke = Stroke::new(theme.axis, 1.0);
    let (left, right) = (crisp(area.x), crisp(area.right()));
    let (top, bottom) = (crisp(area.y), crisp(area.bottom()));
    let frame_of = Rect { x: left, y: top, w: right - left, h: bottom - top };
    match panel.heatmap() {
        Some(_) => {
            let stroke = Stroke { opacity: 0.5, ..stroke };
            out.stroke(Path::rect(frame_of), &stroke);
        }
        None => out.stroke(Path::line([[left, top], [left, bottom], [right, bottom]]), &stroke),
    }
    match &panel.x.ticks {
        Ticks::Groups(groups) if plan.shown.x => brackets(Side::Bottom, groups, &frame.x, area, theme, out),
        _ => {
            let side = if plan.x_upright { Side::BottomUpright } else { Side::Bottom };
            ticks(side, &plan.x_ticks, plan.shown.x, &frame.x, area, theme, out);
        }
    }
    match &panel.y.ticks {
        Ticks::Groups(groups) if plan.shown.y => brackets(Side::Left, groups, &frame.y, area, theme, out),
        _ => ticks(Side::Left, &plan.y_ticks, plan.shown.y, &frame.y, area, theme, out),
    }
    let style = TextStyle::new(theme.label, theme.text, Anchor::Middle);
    if plan.shown.x {
        let text = fitted(&panel.x.text(&plan.x_ticks), theme.label, Weight::Regular, area.w + 40.0);
        out.text_centred([area.x + 0.5 * area.w, area.bottom() + plan.x_label_at], &style, &text);
    }
    if plan.shown.y {
        let style = TextStyle { rotate: -90.0, ..style };
        let text = fitted(&panel.y.text(&plan.y_ticks), theme.label, Weight::Regular, area.h + 30.0);
        out.text_centred([area.x - plan.y_label_at, area.y + 0.5 * area.h], &style, &text);
    }
}

fn ticks(
    side: Side,
    set: &TickSet,
    labels: bool,
    ruler: &Ruler,
    area: Rect,
    theme: &Theme,
    out: &mut Drawing,
) {
    let segment = |at: f64, length: f64| {
        let p = crisp(ruler.px(at));
        match side {
            Side::Left => [[crisp(area.x), p], [crisp(area.x) - length, p]],
            Side::Bottom | Side::BottomUpright => {
                [[p, crisp(area.bottom())], [p, crisp(area.bottom()) + length]]
            }
            Side::Right => [[crisp(area.right()), p], [crisp(area.right()) + length, p]],
        }
    };
    let inside = |at: &f64| {
        area.grown(2.0).contains(match side {
            Side::Bottom | Side::BottomUpright => [ruler.px(*at), area.bottom()],
            _ => [area.x, ruler.px(*at)],
        })
    };
    let major = set.major.iter().map(|t| t.at).filter(inside).map(|at| segment(at, TICK));
    let minor = set.minor.iter().copied().filter(inside).map(|at| segment(at, MINOR_TICK));
    let mut lines = Path::default();
    major.chain(minor).for_each(|line| lines.add_line(line));
    out.stroke(lines, &Stroke::new(theme.axis, 1.0));
    if !labels {
        return;
    }
    let anchor = match side {
        Side::Left | Side::BottomUpright => Anchor::End,
        Side::Bottom => Anchor::Middle,
        Side::Right => Anchor::Start,
    };
    let style = TextStyle::new(theme.tick, theme.muted, anchor);
    let away = TICK + TICK_GAP;
    for tick in set.major.iter().filter(|t| inside(&t.at)) {
        let p = ruler.px(tick.at);
        match side {
            Side::Left => out.text_centred([area.x - away, p], &style, &tick.label),
            Side::Bottom => out.text([p, area.bottom() + away + 0.73 * theme.tick], &style, &tick.label),
            Side::BottomUpright => {
                let style = TextStyle { rotate: -90.0, ..style };
                out.text_centred([p, area.bottom() + away], &style, &tick.label);
            }
            Side::Right => out.text_centred([area.right() + away, p], &style, &tick.label),
        }
    }
}

/// Draws brackets with names over stretches of an axis.
fn brackets(side: Side, groups: &[Group], ruler: &Ruler, area: Rect, theme: &Theme, out: &mut Drawing) {
    let spans: Vec<(f64, f64)> = groups
        .iter()
        .map(|g| (ruler.px(g.start), ruler.px(g.end)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    let flat = side == Side::Bottom && layout::groups_lie_flat(groups, ruler, theme);
    let middles: Vec<f64> = spans.iter().map(|(a, b)| 0.5 * (a + b)).collect();
    let places = if flat { middles } else { spread(&middles, 1.15 * theme.tick) };
    let gap = layout::BRACKET_GAP;
    for (i, ((group, (from, to)), place)) in groups.iter().zip(spans).zip(places).enumerate() {
        let stroke = Stroke::new(theme.palette[i % theme.palette.len()], 3.0);
        let (from, to) = (from + 0.75, (to - 0.75).max(from + 1.0));
        let style = TextStyle::new(theme.tick, theme.text, Anchor::End);
        if side == Side::Left {
            out.straight([area.x - gap, from], [area.x - gap, to], &stroke);
            out.text_centred([area.x - layout::BRACKET_ROOM + 3.0, place], &style, &group.shown(theme.tick));
            continue;
        }
        out.straight([from, area.bottom() + gap], [to, area.bottom() + gap], &stroke);
        let y = area.bottom() + layout::BRACKET_ROOM - 3.0;
        match flat {
            true => {
                let style = TextStyle { anchor: Anchor::Middle, ..style };
                out.text([place, y + 0.8 * theme.tick], &style, &group.shown(theme.tick));
            }
            false => {
                out.text_centred([place, y], &TextStyle { rotate: -90.0, ..style }, &group.shown(theme.tick));
            }
        }
    }
}

/// Moves places apart until neighbours are at least `gap` away from each other, as little as it takes: places that
/// touch become a block around their mean (pool adjacent violators).
fn spread(places: &[f64], gap: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].total_cmp(&places[b]));
    // Blocks as (sum of the places less their distance from the block's first, number of places).
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for &i in &order {
        let mut block = (places[i], 1);
        while let Some(&(sum, n)) = blocks.last() {
            if sum / n as f64 + n as f64 * gap <= block.0 / block.1 as f64 {
                break;
            }
            block = (sum + block.0 - block.1 as f64 * n as f64 * gap, n + block.1);
            blocks.pop();
        }
        blocks.push(block);
    }
    let sorted = blocks.iter().flat_map(|&(sum, n)| (0..n).map(move |k| sum / n as f64 + k as f64 * gap));
    let mut out = vec![0.0; places.len()];
    for (&i, place) in order.iter().zip(sorted) {
        out[i] = place;
    }
    out
}

fn scale_bar(panel: &Panel, frame: &Frame<'_>, out: &mut Drawing) {
    let (Some(bar), area, theme) = (&panel.scale_bar, frame.area, frame.theme) else { return };
    let length = (frame.y.px(bar.length) - frame.y.px(0.0)).abs();
    if !(length.is_finite() && length <= area.h) {
        return;
    }
    let (x, bottom) = (area.right() + 8.0, area.bottom());
    out.straight([x, bottom], [x, bottom - length], &Stroke::new(theme.text, 2.0));
    let style = TextStyle { rotate: -90.0, ..TextStyle::new(theme.tick, theme.text, Anchor::Start) };
    out.text_centred([x + 6.0 + 0.5 * theme.tick, bottom], &style, &bar.label);
}

/// Returns the middle of a pixel, so that a line one pixel wide covers one row of them.
fn crisp(v: f64) -> f64 {
    v.floor() + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_small_groups_are_moved_apart_around_their_places() {
        assert_eq!(spread(&[0.0, 50.0, 100.0], 12.0), [0.0, 50.0, 100.0]);
        assert_eq!(spread(&[50.0, 51.0, 52.0], 10.0), [41.0, 51.0, 61.0]);
        assert_eq!(spread(&[52.0, 50.0], 10.0), [56.0, 46.0]);
    }
}
