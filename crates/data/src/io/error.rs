//! Errors of reading and writing.

use std::fmt::Display;
use std::io;

use brainmass_files::FileError;

use super::numbers::no_number;
use super::shown::{Shown, list};

/// A file that could not be read or written: which one, and why.
#[derive(thiserror::Error)]
#[error("{}: {problem}", Shown(.origin))]
pub struct IoError {
    /// The file, followed by the member where it is an archive.
    pub origin: String,
    /// The problem with it.
    pub problem: Problem,
}

impl IoError {
    /// Creates an error about `origin`, which is a path or whatever else tells the user where the data came from.
    pub fn new(origin: impl Display, problem: Problem) -> Self {
        IoError { origin: origin.to_string(), problem }
    }
}

/// The problem with a file.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file could not be read or written as a whole.
    #[error(transparent)]
    File(#[from] FileError),
    /// The ending of the file's name stands for no format that is known here.
    #[error("has an unknown format; its ending must be {expected}")]
    Ending {
        /// The endings that are known here.
        expected: &'static str,
    },
    /// The contents take more bytes than are accepted once they are unpacked.
    #[error("unpacks to more than the limit of {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The file holds more elements than are accepted.
    #[error("holds more than {limit} {what}, which is the limit")]
    TooMany {
        /// The name of the elements, in the plural.
        what: &'static str,
        /// The limit.
        limit: usize,
    },

    /// The file does not begin as npy files do.
    #[error("is not an npy file: it does not begin with \"\\x93NUMPY\"")]
    NotNpy,
    /// The header of an npy file makes no sense.
    #[error("has a malformed npy header: {0}")]
    NpyHeader(String),
    /// The elements have a type that is not read.
    #[error(
        "holds elements of type {}; bool, int8 to int64, uint8 to uint64, float16, float32, float64 and strings are read",
        Shown(.found)
    )]
    ElementType {
        /// numpy's type string, e.g. `'<c16'`.
        found: String,
    },
    /// The elements are pickled Python objects.
    #[error(
        "holds Python objects, which are never unpickled; save a plain array of numbers or strings instead"
    )]
    PythonObjects,
    /// Numbers were found where text was asked for, or the other way round.
    #[error("holds {found} where {expected} are expected")]
    Content {
        /// The kind that the array holds.
        found: &'static str,
        /// The kind that was asked for.
        expected: &'static str,
    },
    /// The data end before the array does.
    #[error("is truncated: its header announces {expected} bytes of data, {found} are there")]
    Truncated {
        /// Bytes announced.
        expected: u64,
        /// Bytes present.
        found: u64,
    },
    /// The data go on after the array.
    #[error("has {found} bytes of data where its header announces {expected}")]
    Surplus {
        /// Bytes announced.
        expected: u64,
        /// Bytes present.
        found: u64,
    },
    /// An element could not be decoded, such as a string that is not valid Unicode.
    #[error("has an element that cannot be decoded: {0}")]
    Element(String),
    /// The array has another number of dimensions than asked for.
    #[error("has shape {found:?} where an array of {expected} dimensions is expected")]
    Dimensions {
        /// The shape in the file.
        found: Vec<usize>,
        /// The number of dimensions asked for.
        expected: usize,
    },

    /// The file is no zip archive, or a damaged one.
    #[error("is not a readable zip archive: {}", Shown(.0))]
    Zip(String),
    /// Two members have the same name.
    #[error("has two members named `{}`", Shown(.name))]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A member would lie outside the folder that the archive is unpacked into.
    #[error("has a member whose path `{}` points outside the archive", Shown(.name))]
    OutsidePath {
        /// The path as written in the archive.
        name: String,
    },
    /// A name cannot be that of a member of an archive, or of a file.
    #[error("cannot hold anything called `{}`: {why}", Shown(.name))]
    MemberName {
        /// The name.
        name: String,
        /// The reason.
        why: &'static str,
    },
    /// A member is not in the archive.
    #[error("has no member `{}`; its members are {}", Shown(.name), list(.present))]
    Missing {
        /// The name asked for.
        name: String,
        /// The members that there are.
        present: Vec<String>,
    },
    /// A bzip2 stream is damaged.
    #[error("is not a readable bzip2 stream: {0}")]
    Bzip2(io::Error),

    /// The text is in no encoding that is read.
    #[error("line {line} is not UTF-8 text; save the file as UTF-8")]
    Encoding {
        /// Line, from 1.
        line: usize,
    },
    /// The text is in two bytes a character, as some programs on Windows write it.
    #[error("is UTF-16 text; save the file as UTF-8")]
    Utf16,
    /// The table has no line of data.
    #[error("holds no data")]
    Empty,
    /// A line of a table of one column is empty, so that its number is missing.
    #[error("line {line} is empty where a number is expected")]
    EmptyLine {
        /// Line, from 1.
        line: usize,
    },
    /// A cell that should hold a number does not.
    #[error("line {line}, column {column}: {}", no_number(.text))]
    Number {
        /// Line, from 1.
        line: usize,
        /// Column of the table, from 1; a column of row names counts.
        column: usize,
        /// The text of the cell.
        text: String,
    },
    /// The first row is neither a row of numbers nor one of names.
    #[error(
        "line {line}, column {column}: {}; a first row is all numbers, or all names unless it is said to be a header \
         (`header: true`)",
        no_number(.text)
    )]
    FirstRow {
        /// Line, from 1.
        line: usize,
        /// Column of the table, from 1.
        column: usize,
        /// The text of the cell.
        text: String,
    },
    /// A row has another number of cells than the rows before it.
    #[error("line {line} has {found} columns where {expected} are expected")]
    Columns {
        /// Line, from 1.
        line: usize,
        /// Cells in this line.
        found: usize,
        /// Cells in the lines before.
        expected: usize,
    },
    /// A quoted cell does not end on its line, or goes on after its closing quote.
    #[error("line {line}, column {column}: the quoted text is not closed by a quote at its end")]
    Quote {
        /// Line, from 1.
        line: usize,
        /// Column of the table, from 1.
        column: usize,
    },
    /// The names of rows or columns do not match the numbers to be written.
    #[error("{found} names are given for {expected} {axis}")]
    Names {
        /// `rows` or `columns`.
        axis: &'static str,
        /// Names given.
        found: usize,
        /// Rows or columns of the values.
        expected: usize,
    },
    /// A name cannot be written to a table.
    #[error("the name {name:?} cannot stand in a table: {why}")]
    Name {
        /// The name.
        name: String,
        /// The reason.
        why: &'static str,
    },
    /// A table cannot be written as a Parquet file.
    #[cfg(feature = "parquet")]
    #[error("cannot be written as Parquet: {0}")]
    Parquet(String),
    /// The file is not what a run is saved as.
    #[error("is no saved run: {0}")]
    Recording(String),
    /// The file beside a table does not hold its provenance.
    #[error("is not the provenance of a table: {0}")]
    Provenance(String),
    /// The file does not hold signals that can be read without times of their own.
    #[error("holds no signals that can be read: {0}")]
    Signals(String),
}

brainmass_files::debug_as_text!(IoError, Problem);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::shown::is_control;

    #[test]
    fn control_characters_and_long_texts_stay_out_of_messages() {
        let error = IoError::new("a\u{1b}[2J.npz", Problem::Duplicate { name: "x\u{202e}\u{7}".repeat(600) });
        let message = error.to_string();
        assert!(
            message.starts_with("a\\u{1b}[2J.npz: has two members named `x\\u{202e}\\u{7}x"),
            "{message}"
        );
        assert!(message.ends_with("...`") && !message.chars().any(is_control));
    }
}
