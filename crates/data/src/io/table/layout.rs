//! The rows and columns of a table that hold names.

use super::format::{Format, Names};
use super::names::{are_names, is_corner, is_name, is_quantity};
use super::text::{Cell, Text, shortened};
use crate::io::Problem;
use crate::io::numbers::number;

/// The way in which the rows of a table are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Whether the first row holds names of columns.
    pub header: bool,
    /// Whether the first column holds names of rows.
    pub row_names: bool,
    /// Cells of each row below the header.
    pub width: usize,
    /// Rows below the header.
    pub rows: usize,
}

/// The properties that all rows have in common, found in one pass.
struct Survey {
    width: usize,
    rows: usize,
    /// Whether the first cell of every row is a name.
    all_names: bool,
    /// Whether the first cell of every row may be a quantity, as `1 mV` and `0,5` are.
    all_quantities: bool,
    /// Whether the first cells count the rows, from 0 or from 1.
    counted: bool,
    /// Whether the first cell of every row stands in quotes and no other cell does.
    first_quoted: bool,
    /// Whether the first cells of the rows are the cells of the first row after its first, in order.
    as_header: bool,
}

impl Layout {
    /// Finds out what `format` leaves open. Nothing is taken for names unless it cannot be anything else.
    pub fn of(text: Text, format: &Format, limit: usize) -> Result<Self, Problem> {
        let mut lines = text.lines();
        let first = lines.next().ok_or(Problem::Empty)?;
        let mut head = Vec::new();
        text.split(first, &mut head)?;
        let after = lines.clone().next().map(|second| {
            let mut cells = Vec::new();
            text.split(second, &mut cells).map(|()| cells)
        });
        let after = after.transpose()?;
        let corner = head[0].text.is_empty() && head.len() > 1;
        let header = match format.header {
            Names::Present => Some(true),
            Names::Absent => Some(false),
            Names::Detect if is_header(&head, after.as_deref()) => Some(true),
            // A first row of numbers is a header only where the first column holds the same ones, or where it holds names
            // and an empty cell above them.
            Names::Detect if head.len() > 1 && number(&head[0].text).is_none() => None,
            Names::Detect => Some(false),
        };
        // Where it is open whether there is a header, rows are counted from the second.
        let skip = usize::from(header != Some(false));
        let survey = Survey::of(text, skip, &head, limit)?;
        let header = header.unwrap_or(survey.as_header || corner && survey.are_named());
        let rows = if header || skip == 0 { survey.rows } else { survey.rows + 1 };
        if rows == 0 || survey.width == 0 {
            return Err(Problem::Empty);
        }
        let row_names = match format.row_names {
            Names::Present => true,
            Names::Absent => false,
            // A table of one column of text has no numbers: an error says so better than an empty table.
            Names::Detect if survey.width == 1 => false,
            Names::Detect if header => {
                // Where the header lacks a cell, a text above a table of numbers must not take its first column away.
                let named = survey.are_named() || survey.first_quoted;
                corner || named || survey.as_header || head.len() + 1 == survey.width && survey.counted
            }
            Names::Detect => {
                // Where the first row was left out of the survey, it is one of the rows now.
                let named = skip == 0 || is_name(&head[0]);
                let quoted = head[0].quoted && head[1..].iter().all(|cell| !cell.quoted);
                let found = survey.are_named() && named || survey.first_quoted && quoted;
                // A row that begins like the corner of a header is none of numbers.
                if found && is_corner(&head[0].text) {
                    let (line, column, text) = (first.0, 1, shortened(&head[0].text));
                    return Err(Problem::FirstRow { line, column, text });
                }
                found
            }
        };
        if survey.width <= usize::from(row_names) {
            return Err(Problem::Empty);
        }
        Ok(Self { header, row_names, width: survey.width, rows })
    }
}

/// Returns whether the first row of a table can be nothing but a header. `after` is the second row.
fn is_header(head: &[Cell], after: Option<&[Cell]>) -> bool {
    // No program quotes the numbers of the first row alone.
    let quotes_end = after.is_some_and(|after| {
        after.len() > 1 && after[1..].iter().all(|cell| !cell.quoted)
            || after.len() == 1 && head.len() == 1 && !after[0].quoted
    });
    if quotes_end && head.iter().all(|cell| cell.quoted) {
        return true;
    }
    // The first cell stands above the names of rows, or is the name of the first column.
    match head {
        [corner, rest @ ..] if corner.text.is_empty() => {
            are_names(rest) || quotes_end && !rest.is_empty() && rest.iter().all(|cell| cell.quoted)
        }
        _ => are_names(head),
    }
}

impl Survey {
    /// Returns whether the first cells of the rows are names.
    fn are_named(&self) -> bool {
        self.all_names && !self.all_quantities
    }

    /// Goes through all rows but the first `skip`.
    fn of(text: Text, skip: usize, head: &[Cell], limit: usize) -> Result<Self, Problem> {
        let too_many = || Problem::TooMany { what: "cells", limit };
        let mut survey = Survey {
            width: head.len(),
            rows: 0,
            all_names: true,
            all_quantities: true,
            counted: true,
            first_quoted: true,
            as_header: true,
        };
        let mut start = 0;
        let mut cells = Vec::new();
        for line in text.lines().skip(skip) {
            text.split(line, &mut cells)?;
            if survey.rows == 0 {
                survey.width = cells.len();
            } else if cells.len() != survey.width {
                let (line, found) = (line.0, cells.len());
                return Err(Problem::Columns { line, found, expected: survey.width });
            }
            let first = &cells[0];
            survey.all_names &= is_name(first);
            survey.all_quantities &= is_quantity(&first.text);
            start = if survey.rows == 0 { usize::from(first.text == "1") } else { start };
            survey.counted &= first.text.parse() == Ok(start + survey.rows);
            survey.first_quoted &= first.quoted && cells[1..].iter().all(|cell| !cell.quoted);
            survey.as_header &= head.get(survey.rows + 1).is_some_and(|name| name.text == first.text);
            survey.rows += 1;
            if survey.rows.checked_mul(survey.width).is_none_or(|cells| cells > limit) {
                return Err(too_many());
            }
        }
        survey.as_header &= head.len() > 2 && survey.rows + 1 == head.len() && survey.width == head.len();
        Ok(survey)
    }
}
