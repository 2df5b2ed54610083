//! Text tables: CSV, TSV, or columns parted by white space, with or without names of rows and columns.
//!
//! One line is one row; empty lines and lines that begin with `#` are skipped. A cell may be put in double quotes,
//! within which a delimiter is text and `""` is a quote; a quoted cell ends on its line. Lines may end as on any
//! system, and a byte order mark is skipped.
//!
//! A first row or column is taken for names only where it cannot be numbers: a row of numbers of which one is missing
//! or cannot be read is an error, not a header. Names that are numbers are found where the table leaves no doubt, as
//! those that R and pandas write do (an empty corner, quotes around names alone, the same names in both directions);
//! otherwise [`Format`] says that they are names.
//!
//! ```
//! use brainmass::io::table::{self, Format};
//!
//! let text = "region,V1,V2\nV1,0,0.5\nV2,1.5,0\n";
//! let table = table::parse(text.as_bytes(), "example", &Format::default())?;
//! assert_eq!(table.columns.as_deref(), Some(&["V1".to_owned(), "V2".to_owned()][..]));
//! assert_eq!(table.values[[1, 0]], 1.5);
//! # Ok::<(), brainmass::io::IoError>(())
//! ```

mod format;
mod layout;
mod names;
mod rows;
#[cfg(test)]
mod tests;
mod text;
mod write;

pub use format::{CELL_LIMIT, COLUMN_LIMIT, Delimiter, Format, Names, TEXT_CELL_LIMIT, TEXT_LIMIT};
pub(super) use names::without_guard;
pub use rows::RowWriter;
pub(super) use text::{Cell, Text, shortened};
pub(super) use write::{push_name, push_number};
pub use write::{to_text, write, write_csv};

use std::path::Path;

use layout::Layout;
use ndarray::Array2;

use super::numbers::number;
use super::{IoError, Problem, read_file};

/// A table of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names of the columns of `values`, where the file has them.
    pub columns: Option<Vec<String>>,
    /// Names of the rows of `values`, where the file has them.
    pub rows: Option<Vec<String>>,
    /// The numbers, `[row][column]`.
    pub values: Array2<f64>,
}

/// Reads the table in the file at `path`.
///
/// # Errors
/// As [`parse`], and where the file cannot be read or is larger than [`TEXT_LIMIT`].
pub fn read(path: impl AsRef<Path>, format: &Format) -> Result<Table, IoError> {
    let path = path.as_ref();
    parse(&read_file(path, TEXT_LIMIT)?, &path.display().to_string(), format)
}

/// Reads a table from text; `origin` is what errors call it.
///
/// # Errors
/// Where the text is not UTF-8 or holds no data, a cell is no number, rows differ in length, or there are more than
/// [`CELL_LIMIT`] cells; errors give line and column, counted from 1.
pub fn parse(bytes: &[u8], origin: &str, format: &Format) -> Result<Table, IoError> {
    assemble(bytes, format, CELL_LIMIT).map_err(|problem| IoError::new(origin, problem))
}

/// Reads rows of cells without turning them into numbers, for files that mix numbers and text.
///
/// # Errors
/// Where the text is not UTF-8, a quoted cell is not closed, or there are more than [`TEXT_CELL_LIMIT`] cells.
pub fn parse_cells(bytes: &[u8], origin: &str, delimiter: Delimiter) -> Result<Vec<Line>, IoError> {
    lines(bytes, delimiter).map_err(|problem| IoError::new(origin, problem))
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its cells, without the white space around them.
    pub cells: Vec<String>,
}

impl Line {
    /// Returns the number in the cell in `column`, counted from 0.
    ///
    /// # Errors
    /// Where the cell is no number, or there is no such cell.
    pub fn number_at(&self, column: usize) -> Result<f64, Problem> {
        let Some(text) = self.cells.get(column) else {
            return Err(Problem::Columns {
                line: self.number,
                found: self.cells.len(),
                expected: column + 1,
            });
        };
        number(text).ok_or_else(|| Problem::Number {
            line: self.number,
            column: column + 1,
            text: shortened(text),
        })
    }
}

fn lines(bytes: &[u8], delimiter: Delimiter) -> Result<Vec<Line>, Problem> {
    let text = Text::new(bytes, delimiter)?;
    let (mut lines, mut cells) = (Vec::new(), Vec::new());
    let mut left = TEXT_CELL_LIMIT;
    for line in text.lines() {
        text.split(line, &mut cells)?;
        let too_many = Problem::TooMany { what: "cells of text", limit: TEXT_CELL_LIMIT };
        left = left.checked_sub(cells.len()).ok_or(too_many)?;
        let cells = cells.iter().map(|cell| cell.text.clone().into_owned()).collect();
        lines.push(Line { number: line.0, cells });
    }
    Ok(lines)
}

fn assemble(bytes: &[u8], format: &Format, limit: usize) -> Result<Table, Problem> {
    let text = Text::new(bytes, format.delimiter)?;
    let layout = Layout::of(text, format, limit)?;
    if let (1, Some(line)) = (layout.width, text.first_gap()) {
        return Err(Problem::EmptyLine { line });
    }
    let offset = usize::from(layout.row_names);
    let shape = (layout.rows, layout.width - offset);
    let mut values = Vec::with_capacity(shape.0 * shape.1);
    let mut rows = layout.row_names.then(|| Vec::with_capacity(layout.rows));
    let mut columns = None;
    let mut cells = Vec::with_capacity(layout.width);
    for (index, line) in text.lines().enumerate() {
        text.split(line, &mut cells)?;
        if index == 0 && layout.header {
            columns = Some(header_names(line.0, &cells, layout)?);
            continue;
        }
        if cells.len() != layout.width {
            return Err(Problem::Columns { line: line.0, found: cells.len(), expected: layout.width });
        }
        if let Some(rows) = &mut rows {
            rows.push(name_of(&cells[0]));
        }
        for (column, cell) in cells.iter().enumerate().skip(offset) {
            let Some(value) = number(&cell.text) else {
                let (line, column, text) = (line.0, column + 1, shortened(&cell.text));
                // Where nothing was said of the first row, it may have been meant for a header.
                return Err(if index == 0 && format.header == Names::Detect {
                    Problem::FirstRow { line, column, text }
                } else {
                    Problem::Number { line, column, text }
                });
            };
            values.push(value);
        }
    }
    // Every row was found to have the same length.
    let values = Array2::from_shape_vec(shape, values).map_err(|_| Problem::Empty)?;
    Ok(Table { columns, rows, values })
}

/// Returns the names of the columns of numbers; the corner above the names of rows may be left out.
fn header_names(line: usize, cells: &[Cell], layout: Layout) -> Result<Vec<String>, Problem> {
    let offset = usize::from(layout.row_names);
    let skip = match cells.len() {
        length if length == layout.width => offset,
        length if length + offset == layout.width => 0,
        found => return Err(Problem::Columns { line, found, expected: layout.width }),
    };
    Ok(cells[skip..].iter().map(name_of).collect())
}

fn name_of(cell: &Cell) -> String {
    without_guard(&cell.text).to_owned()
}
