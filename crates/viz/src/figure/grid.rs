//! The grid of a figure: the cells that each panel stands on, and the sizes of rows and columns.

use std::sync::Arc;

use crate::axis::Range;
use crate::error::VizError;
use crate::layout::{Margins, Plan, Shown};
use crate::panel::Panel;
use crate::theme::Theme;

/// Largest number of rows and of columns.
const MOST_TRACKS: usize = 1000;
/// The gap between neighbouring panels with their labels, across and down.
const GAP: (f64, f64) = (26.0, 20.0);
/// Smallest side of a plotting area.
const LEAST_SIDE: f64 = 24.0;

/// The room around everything.
pub(super) const PADDING: f64 = 14.0;
/// The distance from one line of the title to the next, in sizes of its letters.
pub(super) const LINE: f64 = 1.25;

/// The panels of a figure and what is said of their arrangement.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// Width and height of the figure in pixels; without them, it is as large as its panels like to be.
    pub size: Option<(f64, f64)>,
    /// The number of columns; without it, up to three panels stand side by side.
    pub columns: Option<usize>,
    /// The widths of the columns, relative to each other; those that are missing are 1.
    pub widths: Vec<f64>,
    /// The heights of the rows, relative to each other; those that are missing are 1.
    pub heights: Vec<f64>,
    /// True if the panels of a column have one horizontal axis.
    pub share_x: bool,
    /// True if the panels of a row have one vertical axis.
    pub share_y: bool,
    /// The panels that were given cells.
    pub panels: Vec<Placed>,
    /// The panels that take the next free cell, and their place among all panels.
    pub waiting: Vec<(usize, Arc<Panel>)>,
}

/// A panel in its cells of the grid.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub panel: Arc<Panel>,
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
}

impl Placed {
    fn covers(&self, row: usize, column: usize) -> bool {
        (self.row..self.row + self.rows).contains(&row)
            && (self.column..self.column + self.columns).contains(&column)
    }
}

/// Returns all panels with their cells, in the order in which they were added.
pub(super) fn placed(sheet: &Sheet) -> Result<Vec<Placed>, VizError> {
    let count = sheet.panels.len() + sheet.waiting.len();
    if count == 0 {
        return Err(VizError::NoPanels);
    }
    let ends = |p: &Placed| [p.row.saturating_add(p.rows), p.column.saturating_add(p.columns)];
    if let Some(i) = sheet.panels.iter().position(|p| ends(p).into_iter().any(|end| end > MOST_TRACKS)) {
        let far = &sheet.panels[i];
        let (panel, rows, columns) = (far.panel.name(i), far.rows, far.columns);
        return Err(VizError::Grid {
            panel,
            row: far.row,
            column: far.column,
            rows,
            columns,
            most: MOST_TRACKS,
        });
    }
    let reach = sheet.panels.iter().map(|p| p.column + p.columns).max().unwrap_or(0);
    // Four panels look better two by two than three and one.
    let preferred = if count == 4 { 2 } else { count.min(3) };
    let columns = sheet.columns.unwrap_or(preferred).max(reach);
    let mut panels = sheet.panels.clone();
    let mut cell = 0;
    for (index, panel) in &sheet.waiting {
        while panels.iter().any(|p| p.covers(cell / columns, cell % columns)) {
            cell += 1;
        }
        let placed = Placed {
            panel: Arc::clone(panel),
            row: cell / columns,
            column: cell % columns,
            rows: 1,
            columns: 1,
        };
        panels.insert((*index).min(panels.len()), placed);
    }
    for (i, second) in panels.iter().enumerate() {
        second.panel.check(i)?;
        for (j, first) in panels[..i].iter().enumerate() {
            let cells = (second.row..second.row + second.rows)
                .flat_map(|row| (second.column..second.column + second.columns).map(move |c| (row, c)));
            if let Some((row, column)) = cells.into_iter().find(|&(row, column)| first.covers(row, column)) {
                let (first, second) = (first.panel.name(j), second.panel.name(i));
                return Err(VizError::Overlap { first, second, row, column });
            }
        }
    }
    Ok(panels)
}

/// The places of all panels.
pub(super) struct Layout {
    pub size: (f64, f64),
    pub plans: Vec<Plan>,
    /// Upper left corners of the plotting areas.
    pub origins: Vec<[f64; 2]>,
}

/// Columns or rows of the grid: room before, inside of, and after the plotting areas of each.
struct Tracks {
    before: Vec<f64>,
    inner: Vec<f64>,
    after: Vec<f64>,
    gap: f64,
}

impl Tracks {
    fn new(inner: Vec<f64>, gap: f64) -> Self {
        Self { before: vec![0.0; inner.len()], after: vec![0.0; inner.len()], inner, gap }
    }

    fn outside(&self) -> f64 {
        self.before.iter().chain(&self.after).sum::<f64>() + self.gap * (self.inner.len() as f64 - 1.0)
    }

    /// Returns where the plotting area of a track begins.
    fn start(&self, track: usize) -> f64 {
        let earlier =
            (0..track).map(|i| self.before[i] + self.inner[i] + self.after[i] + self.gap).sum::<f64>();
        earlier + self.before[track]
    }

    /// Returns the length of a plotting area over `n` tracks.
    fn length(&self, track: usize, n: usize) -> f64 {
        let last = track + n - 1;
        self.start(last) + self.inner[last] - self.start(track)
    }
}

impl Layout {
    /// Lays `panels` out on `sheet`, under a title of so many lines.
    pub fn new(
        sheet: &Sheet,
        theme: &Theme,
        title_lines: usize,
        panels: &[Placed],
    ) -> Result<Self, VizError> {
        let columns = panels.iter().map(|p| p.column + p.columns).max().unwrap_or(1);
        let rows = panels.iter().map(|p| p.row + p.rows).max().unwrap_or(1);
        let share = |shares: &[f64], i: usize| match shares.get(i) {
            Some(&s) if s.is_finite() && s > 0.0 => s,
            _ => 1.0,
        };
        let (liked_widths, liked_heights) = liked_sizes(panels, columns, rows);
        let by_share = |liked: Vec<f64>, shares: &[f64]| -> Vec<f64> {
            liked.into_iter().enumerate().map(|(i, side)| (side * share(shares, i)).round()).collect()
        };
        let mut across = Tracks::new(by_share(liked_widths, &sheet.widths), GAP.0);
        let mut down = Tracks::new(by_share(liked_heights, &sheet.heights), GAP.1);
        let top = PADDING
            + match title_lines {
                0 => 0.0,
                lines => (1.9 + LINE * (lines - 1) as f64) * theme.figure_title,
            };

        // Labels depend on the size of the panels and the size of the panels on that of the labels: with a given size
        // of the figure, a few rounds settle both.
        let mut plans = Vec::new();
        for round in 0..if sheet.size.is_some() { 4 } else { 1 } {
            if let (Some((width, height)), 1..) = (sheet.size, round) {
                fill(&mut across, width - 2.0 * PADDING, &sheet.widths, share);
                fill(&mut down, height - top - PADDING, &sheet.heights, share);
                let sides = || across.inner.iter().chain(&down.inner);
                if !(width.is_finite() && height.is_finite()) || sides().any(|&s| s < LEAST_SIDE) {
                    let reason = "the panels need more room for their labels and at least 24 px each";
                    return Err(VizError::Size { width, height, scale: 1.0, reason });
                }
            }
            plans = measured(sheet, theme, panels, &across, &down);
            make_room(panels, &plans, &mut across, &mut down);
        }

        let width = (across.inner.iter().sum::<f64>() + across.outside() + 2.0 * PADDING).ceil();
        let height = (down.inner.iter().sum::<f64>() + down.outside() + top + PADDING).ceil();
        align_labels(panels, &mut plans, &across);
        let origins = panels
            .iter()
            .zip(&plans)
            .map(|(p, plan)| {
                // A panel of fixed shape stands in the middle of the room it leaves.
                let spare = across.length(p.column, p.columns) - plan.size.0;
                let spare_below = down.length(p.row, p.rows) - plan.size.1;
                let x = PADDING + across.start(p.column) + 0.5 * spare;
                [x.round(), (top + down.start(p.row) + 0.5 * spare_below).round()]
            })
            .collect();
        Ok(Self { size: sheet.size.unwrap_or((width, height)), plans, origins })
    }
}

/// Returns the sides of the plotting areas in a figure without a given size.
fn liked_sizes(panels: &[Placed], columns: usize, rows: usize) -> (Vec<f64>, Vec<f64>) {
    let (width, height, square) = match columns * rows {
        1 => (560.0, 320.0, 400.0),
        2 | 3 => (400.0, 270.0, 290.0),
        _ => (320.0, 200.0, 240.0),
    };
    let shape_of = |fits: &dyn Fn(&Placed) -> bool| -> Vec<Option<f64>> {
        panels.iter().filter(|p| fits(p)).map(|p| p.panel.aspect).collect()
    };
    let heights: Vec<f64> = (0..rows)
        .map(|row| match shape_of(&|p| p.row == row && p.rows == 1).iter().any(Option::is_some) {
            true => square,
            false => height,
        })
        .collect();
    let widths = (0..columns)
        .map(|column| {
            let shapes = shape_of(&|p| p.column == column && p.columns == 1);
            let all_fixed = !shapes.is_empty() && shapes.iter().all(Option::is_some);
            match all_fixed {
                true => shapes
                    .iter()
                    .flatten()
                    .map(|aspect| aspect * square)
                    .fold(0.0, f64::max)
                    .clamp(80.0, 900.0),
                false => width,
            }
        })
        .collect();
    (widths, heights)
}

/// Shares out what the labels leave of `total`.
fn fill(tracks: &mut Tracks, total: f64, shares: &[f64], share: impl Fn(&[f64], usize) -> f64) {
    let n = tracks.inner.len();
    let sum: f64 = (0..n).map(|i| share(shares, i)).sum();
    let free = total - tracks.outside();
    for i in 0..n {
        tracks.inner[i] = (free * share(shares, i) / sum).floor();
    }
}

fn measured(sheet: &Sheet, theme: &Theme, panels: &[Placed], across: &Tracks, down: &Tracks) -> Vec<Plan> {
    panels
        .iter()
        .map(|p| {
            let same_columns = |q: &&Placed| (q.column, q.columns) == (p.column, p.columns);
            let same_rows = |q: &&Placed| (q.row, q.rows) == (p.row, p.rows);
            let (mut x, mut y) = p.panel.ranges();
            let mut shown = Shown { x: true, y: true };
            if sheet.share_x {
                x = panels.iter().filter(same_columns).map(|q| q.panel.ranges().0).fold(x, Range::union);
                shown.x = !panels.iter().filter(same_columns).any(|q| q.row > p.row);
            }
            if sheet.share_y {
                y = panels.iter().filter(same_rows).map(|q| q.panel.ranges().1).fold(y, Range::union);
                shown.y = !panels.iter().filter(same_rows).any(|q| q.column < p.column);
            }
            let room = (across.length(p.column, p.columns), down.length(p.row, p.rows));
            Plan::new(&p.panel, theme, room, (x, y), shown)
        })
        .collect()
}

/// Gives every row and column the room that the labels of its panels need.
fn make_room(panels: &[Placed], plans: &[Plan], across: &mut Tracks, down: &mut Tracks) {
    for tracks in [&mut *across, &mut *down] {
        tracks.before.fill(0.0);
        tracks.after.fill(0.0);
    }
    for (p, plan) in panels.iter().zip(plans) {
        let Margins { left, right, top, bottom } = plan.margins;
        let (last_column, last_row) = (p.column + p.columns - 1, p.row + p.rows - 1);
        for (room, need) in [
            (&mut across.before[p.column], left),
            (&mut across.after[last_column], right),
            (&mut down.before[p.row], top),
            (&mut down.after[last_row], bottom),
        ] {
            *room = room.max(need.ceil());
        }
    }
}

/// Puts the labels of vertical axes that stand above each other on one line.
fn align_labels(panels: &[Placed], plans: &mut [Plan], across: &Tracks) {
    let fills = |p: &Placed, plan: &Plan| plan.size.0 >= across.length(p.column, p.columns) - 0.5;
    for column in 0..across.inner.len() {
        let chosen: Vec<usize> = (0..panels.len())
            .filter(|&i| panels[i].column == column && fills(&panels[i], &plans[i]))
            .collect();
        let at = chosen.iter().map(|&i| plans[i].y_label_at).fold(0.0, f64::max);
        for i in chosen {
            plans[i].y_label_at = at;
        }
    }
}
