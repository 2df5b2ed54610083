//! Writing of text tables.

use std::path::Path;

use ndarray::ArrayView2;

use crate::io::{IoError, Problem, write_file};

/// Writes `values` to the file at `path`: a header if `columns` are named, a first column if `rows` are.
///
/// Numbers are written with the fewest digits that read back to the same `f64`.
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

/// `values` as CSV, see [`write()`].
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

/// `values` as the text of a table; see [`write()`].
///
/// # Errors
/// Where the number of names is not that of the columns or rows, or a name holds a line break.
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
        if let Some(name) = names.iter().find(|name| name.contains(['\n', '\r'])) {
            return Err(Problem::LineBreak { name: name.clone() });
        }
    }
    let mut text = String::new();
    if let Some(columns) = columns {
        if rows.is_some() {
            text.push(delimiter);
        }
        push_joined(&mut text, delimiter, columns.iter().map(|name| quoted(name)));
    }
    for (index, row) in values.rows().into_iter().enumerate() {
        if let Some(rows) = rows {
            text += &quoted(&rows[index]);
            text.push(delimiter);
        }
        // `{:?}` turns to exponents where `{}` writes hundreds of zeros.
        push_joined(&mut text, delimiter, row.iter().map(|value| format!("{value:?}")));
    }
    Ok(text)
}

fn push_joined(text: &mut String, delimiter: char, cells: impl Iterator<Item = String>) {
    for (column, cell) in cells.enumerate() {
        if column > 0 {
            text.push(delimiter);
        }
        *text += &cell;
    }
    text.push('\n');
}

fn quoted(name: &str) -> String {
    let special = |c: char| matches!(c, ',' | ';' | '"' | '#') || c.is_whitespace();
    if name.contains(special) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
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
    fn a_wrong_number_of_names_is_refused() {
        let problem = to_text(',', Some(&["a".to_owned()]), None, array![[1.0, 2.0]].view()).unwrap_err();
        assert_eq!(problem.to_string(), "1 names are given for 2 columns");
        let broken = ["a\nb".to_owned(), "c".to_owned()];
        assert!(to_text(',', Some(&broken), None, array![[1.0, 2.0]].view()).is_err());
    }
}
