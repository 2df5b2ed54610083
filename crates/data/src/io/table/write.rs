//! Writing of text tables.

use std::path::Path;

use ndarray::ArrayView2;

use super::names::{are_names, with_guard};
use super::text::Cell;
use crate::io::shown::is_control;
use crate::io::{IoError, Problem, write_file};

/// Writes `values` to the file at `path`: a header if `columns` are named, a first column if `rows` are.
///
/// Numbers are written with the fewest digits that read back to the same `f64`. Names are quoted where they hold a
/// delimiter or could be taken for numbers, and stand behind an apostrophe where a spreadsheet would take them for a
/// formula; [`read`](super::read) gives back what was written. The file is replaced as by [`write_file`].
///
/// # Errors
/// As [`to_text`], and where the file cannot be written.
pub fn write(
    path: impl AsRef<Path>,
    delimiter: char,
    columns: Option<&[String]>,
    rows: Option<&[String]>,
    values: ArrayView2<'_, f64>,
) -> Result<(), IoError> {
    let path = path.as_ref();
    let text =
        to_text(delimiter, columns, rows, values).map_err(|problem| IoError::new(path.display(), problem))?;
    write_file(path, text.as_bytes())
}

/// Writes `values` as CSV, see [`write()`].
///
/// # Errors
/// As [`write()`].
pub fn write_csv(
    path: impl AsRef<Path>,
    columns: Option<&[String]>,
    rows: Option<&[String]>,
    values: ArrayView2<'_, f64>,
) -> Result<(), IoError> {
    write(path, ',', columns, rows, values)
}

/// Returns `values` as the text of a table; see [`write()`].
///
/// # Errors
/// Where the number of names is not that of the columns or rows, or a name is empty or holds a control character.
pub fn to_text(
    delimiter: char,
    columns: Option<&[String]>,
    rows: Option<&[String]>,
    values: ArrayView2<'_, f64>,
) -> Result<String, Problem> {
    for (axis, names, expected) in [("columns", columns, values.ncols()), ("rows", rows, values.nrows())] {
        let Some(names) = names else { continue };
        if names.len() != expected {
            return Err(Problem::Names { axis, found: names.len(), expected });
        }
        names.iter().try_for_each(|name| check_name(name))?;
    }
    let (quote_columns, quote_rows) = (columns.is_some_and(need_quotes), rows.is_some_and(need_quotes));
    let mut text = String::new();
    if let Some(columns) = columns {
        if rows.is_some() {
            text.push_str(if quote_columns { "\"\"" } else { "" });
            text.push(delimiter);
        }
        for (column, name) in columns.iter().enumerate() {
            if column > 0 {
                text.push(delimiter);
            }
            push_name(&mut text, name, quote_columns);
        }
        text.push('\n');
    }
    for (index, row) in values.rows().into_iter().enumerate() {
        if let Some(rows) = rows {
            push_name(&mut text, &rows[index], quote_rows);
            text.push(delimiter);
        }
        for (column, value) in row.iter().enumerate() {
            if column > 0 {
                text.push(delimiter);
            }
            push_number(&mut text, *value);
        }
        text.push('\n');
    }
    Ok(text)
}

/// Checks that a name can stand in a table.
fn check_name(name: &str) -> Result<(), Problem> {
    let why = if name.is_empty() {
        "it is empty"
    } else if name.contains(is_control) {
        "it holds a line break or another control character"
    } else {
        return Ok(());
    };
    Err(Problem::Name { name: name.to_owned(), why })
}

/// Returns whether names must be quoted, all of them, to be told from numbers.
fn need_quotes(names: &[String]) -> bool {
    let cells: Vec<Cell> =
        names.iter().map(|name| Cell { text: name.as_str().into(), quoted: false }).collect();
    !are_names(&cells)
}

/// Adds a number in the fewest digits that read back to it.
pub(in crate::io) fn push_number(text: &mut String, value: f64) {
    // `{:?}` turns to exponents where `{}` writes hundreds of zeros, but writes whole numbers as `1.0`.
    let digits = format!("{value:?}");
    text.push_str(digits.strip_suffix(".0").unwrap_or(&digits));
}

/// Adds a name, quoted where it must be or `always`.
pub(in crate::io) fn push_name(text: &mut String, name: &str, always: bool) {
    let name = with_guard(name);
    let special = |c: char| matches!(c, ',' | ';' | '"' | '#' | '%') || c.is_whitespace();
    if always || name.contains(special) {
        text.push('"');
        text.push_str(&name.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&name);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::super::{Format, parse};
    use super::*;

    #[test]
    fn what_is_written_reads_back_to_the_same_bits() {
        let values = array![[0.1 + 0.2, 1e-300, -0.0], [f64::MAX, f64::INFINITY, 1.0 / 3.0]];
        let columns = ["a".to_owned(), "b, c".to_owned(), "d \"e\"".to_owned()];
        let rows = ["#1".to_owned(), "r 2".to_owned()];
        let text = to_text(',', Some(&columns), Some(&rows), values.view()).unwrap();
        let back = parse(text.as_bytes(), "t.csv", &Format::default()).unwrap();
        assert_eq!(back.columns.unwrap(), columns);
        assert_eq!(back.rows.unwrap(), rows);
        assert!(back.values.iter().zip(&values).all(|(a, b)| a.to_bits() == b.to_bits()));
    }

    #[test]
    fn names_are_quoted_and_guarded() {
        let names = ["1001".to_owned(), "=1+1".to_owned()];
        let text = to_text(',', Some(&names), Some(&names), array![[0.0, 1.0], [2.5, 0.0]].view()).unwrap();
        assert_eq!(text, "\"\",\"1001\",\"'=1+1\"\n\"1001\",0,1\n\"'=1+1\",2.5,0\n");
        let names = ["V1".to_owned(), "-V2".to_owned()];
        let text = to_text(';', Some(&names), None, array![[-0.5, 1e30]].view()).unwrap();
        assert_eq!(text, "V1;'-V2\n-0.5;1e30\n");
    }

    #[test]
    fn names_that_cannot_stand_in_a_table_are_refused() {
        let problem = to_text(',', Some(&["a".to_owned()]), None, array![[1.0, 2.0]].view()).unwrap_err();
        assert_eq!(problem.to_string(), "1 names are given for 2 columns");
        for name in ["a\nb", "", "a\tb", "\u{1b}[2J"] {
            let names = [name.to_owned(), "c".to_owned()];
            assert!(to_text(',', Some(&names), None, array![[1.0, 2.0]].view()).is_err(), "{name:?}");
        }
    }
}
