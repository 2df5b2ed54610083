//! Size, place and drawing of legends.

use super::color::Color;
use super::drawing::{Anchor, Drawing, Rect, TextStyle};
use super::font::{self, Weight, fitted};
use super::panel::{Legend, Panel};
use super::theme::Theme;

const KEY_WIDTH: f64 = 18.0;
const KEY_GAP: f64 = 7.0;
const PADDING: f64 = 6.0;
const COLUMN_GAP: f64 = 16.0;
const WIDEST_LABEL: f64 = 170.0;
/// Distance from the edge of the panel.
const INSET: f64 = 6.0;

/// The place of a legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The legend stands in a corner of the panel.
    Inside,
    /// The legend stands in one line above the panel, at its right, beside the title.
    Above,
    /// The legend stands to the right of the panel and of what else stands there.
    Right,
}

/// A legend whose place is known, relative to the upper left corner of the panel.
#[derive(Clone, Debug)]
pub(crate) struct LegendBox {
    pub area: Rect,
    pub place: Place,
    entries: Vec<usize>,
    rows: usize,
    /// Width of each column: key, gap and longest label.
    columns: Vec<f64>,
}

impl LegendBox {
    /// Finds a place in or beside a panel of `width` x `height`, whose marks cover the pixels `taken`.
    pub fn place(
        panel: &Panel,
        theme: &Theme,
        (width, height): (f64, f64),
        taken: impl FnOnce() -> Vec<[f64; 2]>,
    ) -> Option<Self> {
        let entries = panel.legend_entries();
        if entries.is_empty() {
            return None;
        }
        let widths: Vec<f64> = entries
            .iter()
            .map(|&i| font::width(panel.marks[i].as_draw().label(), theme.tick, Weight::Regular))
            .map(|label| KEY_WIDTH + KEY_GAP + label.min(WIDEST_LABEL))
            .collect();
        let line = line_height(theme);
        let most_rows = ((height - 2.0 * PADDING) / line).floor().max(1.0) as usize;
        let rows = entries.len().div_ceil(entries.len().div_ceil(most_rows));
        let stacked: Vec<f64> = widths.chunks(rows).map(|c| c.iter().copied().fold(0.0, f64::max)).collect();
        let (w, h) = (total(&stacked), rows as f64 * line + 2.0 * PADDING);

        if panel.legend == Legend::Auto {
            let fits = w < 0.6 * width && h < 0.6 * height;
            if let Some([x, y]) = fits.then(|| emptiest_corner((w, h), (width, height), &taken())).flatten() {
                let area = Rect { x, y, w, h };
                return Some(Self { area, place: Place::Inside, entries, rows, columns: stacked });
            }
            let title = font::width(&panel.title, theme.title, Weight::SemiBold);
            let across = total(&widths);
            if title + 12.0 + across <= width + PADDING {
                let h = line + 2.0 * PADDING;
                let area = Rect { x: width + PADDING - across, y: -h, w: across, h };
                return Some(Self { area, place: Place::Above, entries, rows: 1, columns: widths });
            }
        }
        let area = Rect { x: width + 4.0, y: -PADDING, w, h };
        Some(Self { area, place: Place::Right, entries, rows, columns: stacked })
    }

    /// Draws the legend of a panel whose upper left corner is at `origin`.
    pub fn draw(&self, origin: [f64; 2], panel: &Panel, theme: &Theme, colors: &[Color], out: &mut Drawing) {
        let area = Rect { x: origin[0] + self.area.x, y: origin[1] + self.area.y, ..self.area };
        if self.place == Place::Inside {
            out.rect(area, theme.background, 0.85);
        }
        let line = line_height(theme);
        let style = TextStyle::new(theme.tick, theme.text, Anchor::Start);
        for (place, &i) in self.entries.iter().enumerate() {
            let (column, row) = (place / self.rows, place % self.rows);
            let before: f64 = self.columns[..column].iter().map(|width| width + COLUMN_GAP).sum();
            let x = area.x + PADDING + before;
            let middle = area.y + PADDING + (row as f64 + 0.5) * line;
            let mark = panel.marks[i].as_draw();
            let key = Rect { x, y: middle - 4.5, w: KEY_WIDTH, h: 9.0 };
            mark.draw_key(key, theme, colors[i], out);
            let label = fitted(mark.label(), theme.tick, Weight::Regular, WIDEST_LABEL + 1.0);
            out.text_centred([x + KEY_WIDTH + KEY_GAP, middle], &style, &label);
        }
    }
}

/// Returns the width of a legend with these columns.
fn total(columns: &[f64]) -> f64 {
    columns.iter().sum::<f64>() + COLUMN_GAP * (columns.len() as f64 - 1.0) + 2.0 * PADDING
}

fn line_height(theme: &Theme) -> f64 {
    (1.5 * theme.tick).round()
}

/// Returns the upper left corner of the free place for a box, of those at the right, at the left and in the middle.
fn emptiest_corner((w, h): (f64, f64), (width, height): (f64, f64), taken: &[[f64; 2]]) -> Option<[f64; 2]> {
    let (right, middle, bottom) = (width - w - INSET, 0.5 * (width - w), height - h - INSET);
    [[right, INSET], [INSET, INSET], [right, bottom], [INSET, bottom], [middle, INSET], [middle, bottom]]
        .into_iter()
        .find(|&[x, y]| {
            let wanted = Rect { x, y, w, h }.grown(2.0);
            !taken.iter().any(|&p| wanted.contains(p))
        })
}

#[cfg(test)]
mod tests {
    use super::super::marks::Series;
    use super::*;

    fn labelled() -> Panel {
        Panel::new().draw(Series::new(&[0.0], &[0.0]).label("excitatory"))
    }

    fn place(taken: Vec<[f64; 2]>) -> LegendBox {
        LegendBox::place(&labelled(), &Theme::light(), (300.0, 200.0), || taken).unwrap()
    }

    #[test]
    fn legend_avoids_what_is_drawn() {
        let free = place(vec![]).area;
        assert!(free.x > 150.0 && free.y < 50.0, "upper right first");
        let next = place(vec![[290.0, 15.0]]);
        assert!(next.area.x < 50.0 && next.place == Place::Inside, "then upper left");
        let crowded =
            (0..300).flat_map(|x| (0..200).step_by(8).map(move |y| [f64::from(x), f64::from(y)])).collect();
        let above = place(crowded);
        assert!(above.place == Place::Above && above.area.bottom() <= 0.0);
    }

    #[test]
    fn legend_goes_beside_the_panel_where_the_title_leaves_no_room() {
        let panel = labelled().title("a title as long as the panel is wide, or longer");
        let everywhere = || (0..60_000).map(|i| [f64::from(i % 300), f64::from(i / 300)]).collect();
        let legend = LegendBox::place(&panel, &Theme::light(), (300.0, 200.0), everywhere).unwrap();
        assert!(legend.place == Place::Right && legend.area.x > 300.0);
    }
}
