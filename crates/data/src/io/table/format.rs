//! The layouts and sizes of tables that are read.

/// The largest table, in bytes of text, that is read: 512 MiB.
pub const TEXT_LIMIT: u64 = 512 << 20;

/// The most cells of a table that are read: 33,554,432, which take 256 MiB.
pub const CELL_LIMIT: usize = 1 << 25;

/// The most columns of a table that are read: 4,194,304.
pub const COLUMN_LIMIT: usize = 1 << 22;

/// The most cells that [`parse_cells`](super::parse_cells) keeps as text.
pub const TEXT_CELL_LIMIT: usize = 1 << 20;

/// The way in which the cells of a line are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delimiter {
    /// The first of semicolon, tab and comma that the first line holds outside quotes; white space if it holds none of
    /// them.
    #[default]
    Detect,
    /// The character given.
    Character(char),
    /// Any run of spaces and tabs.
    Whitespace,
}

/// A statement about whether the first row or column holds names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// Names are found if there cannot be numbers, see the [module](super).
    #[default]
    Detect,
    /// There are names.
    Present,
    /// There are numbers.
    Absent,
}

/// The layout of a table; by default all of it is detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Format {
    /// The delimiter of the cells.
    pub delimiter: Delimiter,
    /// Whether the first row holds names of columns.
    pub header: Names,
    /// Whether the first column holds names of rows.
    pub row_names: Names,
}
