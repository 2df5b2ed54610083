//! Text tables: CSV, TSV, or columns parted by white space, with or without names of rows and columns.
//!
//! One line is one row; empty lines and lines that begin with `#` are skipped. A cell may be put in double quotes, within
//! which a delimiter is text and `""` is a quote; a quoted cell ends on its line.
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

mod write;

pub use write::{to_text, write, write_csv};

use std::path::Path;

use ndarray::Array2;

use super::archive::MEMBER_LIMIT;
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

/// How the cells of a line are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delimiter {
    /// The first of semicolon, tab and comma that the first line holds, white space if it holds none.
    #[default]
    Detect,
    /// This character.
    Character(char),
    /// Any run of spaces and tabs.
    Whitespace,
}

/// Whether the first row or column holds names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// It does if it holds text that is no number. Names that look like numbers are not found by this.
    #[default]
    Detect,
    /// It holds names.
    Present,
    /// It holds numbers.
    Absent,
}

/// How a table is laid out; by default all of it is detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Format {
    /// What parts the cells.
    pub delimiter: Delimiter,
    /// Whether the first row holds names of columns.
    pub header: Names,
    /// Whether the first column holds names of rows.
    pub row_names: Names,
}

/// Reads the table in the file at `path`.
///
/// # Errors
/// As [`parse`], and where the file cannot be read.
pub fn read(path: impl AsRef<Path>, format: &Format) -> Result<Table, IoError> {
    let path = path.as_ref();
    parse(&read_file(path, MEMBER_LIMIT)?, &path.display().to_string(), format)
}

/// Reads a table from text; `origin` is what errors call it.
///
/// # Errors
/// Where the text is not UTF-8 or holds no data, a cell is no number, or rows differ in length; errors give line and
/// column, counted from 1.
pub fn parse(bytes: &[u8], origin: &str, format: &Format) -> Result<Table, IoError> {
    lines(bytes, format.delimiter)
        .and_then(|lines| assemble(&lines, format))
        .map_err(|problem| IoError::new(origin, problem))
}

/// Reads rows of cells without turning them into numbers; for files that mix numbers and text.
///
/// # Errors
/// Where the text is not UTF-8 or a quoted cell is not closed.
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
    /// The cell in `column`, counted from 0, as a number.
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
        text.parse().map_err(|_| Problem::Number {
            line: self.number,
            column: column + 1,
            text: text.clone(),
        })
    }
}

fn lines(bytes: &[u8], delimiter: Delimiter) -> Result<Vec<Line>, Problem> {
    let text = str::from_utf8(bytes).map_err(|error| Problem::Encoding {
        line: 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut kept = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .peekable();
    let delimiter = match (delimiter, kept.peek()) {
        (Delimiter::Detect, Some((_, first))) => {
            match [';', '\t', ','].into_iter().find(|&c| first.contains(c)) {
                Some(character) => Delimiter::Character(character),
                None => Delimiter::Whitespace,
            }
        }
        (given, _) => given,
    };
    kept.map(|(number, line)| Ok(Line { number, cells: split(line, number, delimiter)? })).collect()
}

fn split(line: &str, number: usize, delimiter: Delimiter) -> Result<Vec<String>, Problem> {
    let separates = |c: char| match delimiter {
        Delimiter::Character(character) => c == character,
        Delimiter::Whitespace | Delimiter::Detect => c.is_whitespace(),
    };
    let runs = !matches!(delimiter, Delimiter::Character(_));
    let blank = |c: char| c.is_whitespace() && !separates(c);
    let mut cells = Vec::new();
    let mut rest = if runs { line.trim() } else { line };
    loop {
        rest = rest.trim_start_matches(blank);
        if let Some(quoted) = rest.strip_prefix('"') {
            let (cell, after) =
                unquote(quoted).ok_or(Problem::Quote { line: number, column: cells.len() + 1 })?;
            cells.push(cell);
            rest = after.trim_start_matches(blank);
            if !rest.is_empty() && !rest.starts_with(separates) {
                return Err(Problem::Quote { line: number, column: cells.len() });
            }
        } else {
            let end = rest.find(separates).unwrap_or(rest.len());
            cells.push(rest[..end].trim().to_owned());
            rest = &rest[end..];
        }
        let mut left = rest.chars();
        if left.next().is_none() {
            return Ok(cells);
        }
        rest = if runs { rest.trim_start() } else { left.as_str() };
    }
}

/// The text up to the closing quote and what follows it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        cell.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None => return Some((cell, after)),
        }
    }
}

fn assemble(lines: &[Line], format: &Format) -> Result<Table, Problem> {
    let is_text = |cell: &String| cell.parse::<f64>().is_err();
    let first = lines.first().ok_or(Problem::Empty)?;
    let has_header = match format.header {
        Names::Present => true,
        Names::Absent => false,
        // The first cell may be the name of a row, or the empty corner.
        Names::Detect => {
            first.cells.iter().skip(1).any(is_text) || first.cells.len() == 1 && is_text(&first.cells[0])
        }
    };
    let body = &lines[usize::from(has_header)..];
    let width = body.first().ok_or(Problem::Empty)?.cells.len();
    let has_row_names = match format.row_names {
        Names::Present => true,
        Names::Absent => false,
        // A table of one column of text has no numbers: an error says so better than an empty table.
        Names::Detect => width > 1 && body.iter().all(|line| line.cells.first().is_some_and(is_text)),
    };
    let offset = usize::from(has_row_names);
    if width <= offset {
        return Err(Problem::Empty);
    }

    let mut values = Vec::with_capacity(body.len() * (width - offset));
    for line in body {
        if line.cells.len() != width {
            return Err(Problem::Columns { line: line.number, found: line.cells.len(), expected: width });
        }
        for column in offset..width {
            values.push(line.number_at(column)?);
        }
    }
    let columns = has_header.then(|| header_names(first, width, offset)).transpose()?;
    let rows = has_row_names.then(|| body.iter().map(|line| line.cells[0].clone()).collect());
    // Every row was found to have the same length.
    let values = Array2::from_shape_vec((body.len(), width - offset), values).map_err(|_| Problem::Empty)?;
    Ok(Table { columns, rows, values })
}

/// The names of the columns of numbers; the corner above the names of rows may be left out.
fn header_names(header: &Line, width: usize, offset: usize) -> Result<Vec<String>, Problem> {
    let skip = match header.cells.len() {
        length if length == width => offset,
        length if length + offset == width => 0,
        found => return Err(Problem::Columns { line: header.number, found, expected: width }),
    };
    Ok(header.cells[skip..].to_vec())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn table(text: &str) -> Result<Table, IoError> {
        parse(text.as_bytes(), "t.csv", &Format::default())
    }

    #[track_caller]
    fn check_error(text: &str, message: &str) {
        assert_eq!(table(text).unwrap_err().to_string(), message);
    }

    #[test]
    fn every_delimiter_gives_the_same_table() {
        for text in [
            "1,2\n3,4e-1\n",
            "1\t2\n3\t0.4",
            "1;2\r\n3;.4\r\n",
            "  1  2 \n\n# note\n\t3 0.4\n",
            "\u{feff}1, 2\n3 ,0.4",
        ] {
            let table = table(text).unwrap();
            assert_eq!(table.values, array![[1.0, 2.0], [3.0, 0.4]], "{text:?}");
            assert_eq!((table.rows, table.columns), (None, None));
        }
    }

    #[test]
    fn names_are_found() {
        let expected = array![[0.0, 0.5], [1.5, 0.0]];
        for (text, rows, columns) in [
            ("a,b\n0,0.5\n1.5,0\n", false, true),
            ("a,0,0.5\nb,1.5,0\n", true, false),
            (",a,b\na,0,0.5\nb,1.5,0\n", true, true),
            ("a b\na 0 0.5\nb 1.5 0\n", true, true),
            ("\"\",\"a\",\"b\"\n\"a\",0,0.5\n\"b\",1.5,0\n", true, true),
        ] {
            let table = table(text).unwrap();
            assert_eq!(table.values, expected, "{text}");
            let names = vec!["a".to_owned(), "b".to_owned()];
            assert_eq!(table.rows, rows.then(|| names.clone()), "{text}");
            assert_eq!(table.columns, columns.then_some(names), "{text}");
        }
    }

    #[test]
    fn names_that_look_like_numbers_are_read_when_announced() {
        let format = Format { header: Names::Present, row_names: Names::Present, ..Format::default() };
        let table = parse(b"0,1,2\n1,0,5\n2,6,0\n", "t.csv", &format).unwrap();
        assert_eq!(table.values, array![[0.0, 5.0], [6.0, 0.0]]);
        assert_eq!(table.rows.unwrap(), ["1", "2"]);
    }

    #[test]
    fn quoted_cells_hold_delimiters_and_quotes() {
        let table = table("\"a, \"\"left\"\"\",b\n1,\"2\"\n").unwrap();
        assert_eq!(table.columns.unwrap(), ["a, \"left\"", "b"]);
        assert_eq!(table.values, array![[1.0, 2.0]]);
    }

    #[test]
    fn errors_give_line_column_and_text() {
        check_error("1,2\n# c\n3,x7\n", "t.csv: line 3, column 2: `x7` is not a number");
        check_error("1,2\n3,\n", "t.csv: line 2, column 2: `` is not a number");
        check_error("1 2\n3 0,5\n", "t.csv: line 2, column 2: `0,5` is not a number");
        check_error("1,2\n3\n", "t.csv: line 2 has 1 columns where 2 are expected");
        check_error("a,b,c\n1,2\n", "t.csv: line 1 has 3 columns where 2 are expected");
        check_error("", "t.csv: holds no data");
        check_error("# only\n\n", "t.csv: holds no data");
        check_error("a,b\n", "t.csv: holds no data");
        check_error(
            "1,\"2\n",
            "t.csv: line 1, column 2: the quoted text is not closed by a quote at its end",
        );
        check_error(
            "1,\"2\"3\n",
            "t.csv: line 1, column 2: the quoted text is not closed by a quote at its end",
        );
        let error = parse(b"1\n2\n\xff\n", "t.csv", &Format::default()).unwrap_err();
        assert_eq!(error.to_string(), "t.csv: line 3 is not UTF-8 text");
    }
}
