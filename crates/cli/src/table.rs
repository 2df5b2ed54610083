//! Tables: columns as wide as they need to be, the last one wrapped into what is left.

use crate::paint::Paint;
use crate::terminal::wrap;

/// Blanks before a table, and between its columns.
const INDENT: usize = 2;
const GAP: usize = 2;
/// The last column is at least this wide, even where that is more than there is room for.
const LEAST_TEXT: usize = 24;

/// A table of text.
pub struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new<const N: usize>(head: [&'static str; N]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.to_vec());
    }

    /// Its lines: columns that are empty in all rows are left out, the first is coloured, the last wrapped.
    pub fn lines(&self, width: usize, paint: Paint) -> Vec<String> {
        let kept: Vec<usize> = (0..self.head.len())
            .filter(|&column| self.rows.iter().any(|row| !row[column].is_empty()))
            .collect();
        let Some((&last, others)) = kept.split_last() else { return Vec::new() };
        let widths: Vec<usize> = others
            .iter()
            .map(|&column| {
                let cells = self.rows.iter().map(|row| row[column].chars().count());
                cells.chain([self.head[column].chars().count()]).max().unwrap_or(0)
            })
            .collect();
        let before: usize = INDENT + widths.iter().map(|width| width + GAP).sum::<usize>();
        let room = width.saturating_sub(before).max(LEAST_TEXT);
        let padded =
            |text: &str, width: usize| format!("{text}{}", " ".repeat(GAP + width - text.chars().count()));

        let mut lines = Vec::new();
        let head: String =
            others.iter().zip(&widths).map(|(&column, &width)| padded(self.head[column], width)).collect();
        lines.push(format!("{}{}", " ".repeat(INDENT), paint.faint(&format!("{head}{}", self.head[last]))));
        for row in &self.rows {
            let mut line = " ".repeat(INDENT);
            for (index, (&column, &width)) in others.iter().zip(&widths).enumerate() {
                let cell = padded(&row[column], width);
                line.push_str(&if index == 0 { paint.name(&cell) } else { cell });
            }
            for (index, text) in wrap(&row[last], room).into_iter().enumerate() {
                let start = if index == 0 { std::mem::take(&mut line) } else { " ".repeat(before) };
                lines.push(format!("{start}{text}").trim_end().to_owned());
            }
        }
        lines
    }
}
