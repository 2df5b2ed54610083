//! What can be wrong with a file.

use std::fmt::Display;
use std::io;

/// A file that could not be read or written: which one, and why.
#[derive(Debug, thiserror::Error)]
#[error("{origin}: {problem}")]
pub struct IoError {
    /// The file, followed by the member where it is an archive.
    pub origin: String,
    /// What is wrong with it.
    pub problem: Problem,
}

impl IoError {
    /// An error about `origin`, which is a path or whatever else tells the user where the data came from.
    pub fn new(origin: impl Display, problem: Problem) -> Self {
        IoError { origin: origin.to_string(), problem }
    }
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file system refused to read.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// The file system refused to write.
    #[error("cannot be written: {0}")]
    Write(io::Error),
    /// More bytes than are accepted, on disk or once unpacked.
    #[error("is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },

    /// The file does not begin as npy files do.
    #[error("is not an npy file: it does not begin with \"\\x93NUMPY\"")]
    NotNpy,
    /// The header of an npy file makes no sense.
    #[error("has a malformed npy header: {0}")]
    NpyHeader(String),
    /// The elements have a type that is not read.
    #[error(
        "holds elements of type {found}; bool, int8 to int64, uint8 to uint64, float32, float64 and strings are read"
    )]
    ElementType {
        /// numpy's type string, e.g. `'<c16'`.
        found: String,
    },
    /// The elements are pickled Python objects.
    #[error("holds Python objects, which are never unpickled; save a plain numeric array instead")]
    PythonObjects,
    /// Numbers were found where text was asked for, or the other way round.
    #[error("holds {found} where {expected} are expected")]
    Content {
        /// What the array holds.
        found: &'static str,
        /// What was asked for.
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
    #[error("is not a readable zip archive: {0}")]
    Zip(String),
    /// Two members have the same name.
    #[error("has two members named `{name}`")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A member name would lie outside the folder the archive is unpacked into.
    #[error("has a member whose path `{name}` points outside the archive")]
    OutsidePath {
        /// The path as written in the archive.
        name: String,
    },
    /// A member is not in the archive.
    #[error("has no member `{name}`; its members are {}", list(.present))]
    Missing {
        /// The name asked for.
        name: String,
        /// What there is.
        present: Vec<String>,
    },
    /// A bzip2 stream is damaged.
    #[error("is not a readable bzip2 stream: {0}")]
    Bzip2(io::Error),

    /// The text is not UTF-8.
    #[error("line {line} is not UTF-8 text")]
    Encoding {
        /// Line, from 1.
        line: usize,
    },
    /// The table has no line of data.
    #[error("holds no data")]
    Empty,
    /// A cell that should hold a number does not.
    #[error("line {line}, column {column}: `{text}` is not a number")]
    Number {
        /// Line, from 1.
        line: usize,
        /// Column of the table, from 1; a column of row names counts.
        column: usize,
        /// What stands there.
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
    /// A name cannot be written, since a quoted cell ends on its line.
    #[error("the name {name:?} holds a line break")]
    LineBreak {
        /// The name.
        name: String,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
