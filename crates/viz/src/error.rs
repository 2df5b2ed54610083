//! The error of drawing and writing figures.

use std::path::PathBuf;

/// An error from drawing or writing a [`Figure`](super::Figure).
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum VizError {
    /// Two arrays that belong together differ in length.
    #[error("{panel}, {mark}: {array} has length {found}, expected {expected}")]
    Length {
        /// The panel, by number and title.
        panel: String,
        /// The mark that was to be drawn, with its label.
        mark: String,
        /// The array with the wrong length.
        array: &'static str,
        /// The length that was given.
        found: usize,
        /// The length that fits the other arrays.
        expected: usize,
    },
    /// The figure has no panels.
    #[error("the figure has no panels: add one with `Figure::panel`")]
    NoPanels,
    /// A cell of the grid is taken twice.
    #[error("{first} and {second} both lie on row {row}, column {column} of the figure")]
    Overlap {
        /// The panel that was there first.
        first: String,
        /// The panel that was placed on it.
        second: String,
        /// Row of the grid, from 0.
        row: usize,
        /// Column of the grid, from 0.
        column: usize,
    },
    /// A panel lies far outside of any grid that can be seen.
    #[error(
        "{panel} at row {row}, column {column} over {rows} x {columns} cells reaches beyond the {most} rows and columns of a figure"
    )]
    Grid {
        /// The panel.
        panel: String,
        /// The first row of the panel.
        row: usize,
        /// The first column of the panel.
        column: usize,
        /// The number of rows that the panel covers.
        rows: usize,
        /// The number of columns that the panel covers.
        columns: usize,
        /// The largest number of rows and of columns.
        most: usize,
    },
    /// The figure is too small for its panels, too large for a picture, or not a number.
    #[error("a figure of {width} x {height} px at scale {scale} cannot be drawn: {reason}")]
    Size {
        /// Width in CSS pixels.
        width: f64,
        /// Height in CSS pixels.
        height: f64,
        /// Picture pixels for each CSS pixel.
        scale: f64,
        /// The reason, and the sizes that are allowed.
        reason: &'static str,
    },
    /// The ending of the file name names no known format.
    #[error("cannot tell the picture format of `{}`: expected a name ending in .png, .svg or .pdf", path.display())]
    UnknownFormat {
        /// The file name that was given.
        path: PathBuf,
    },
    /// The file could not be written.
    #[error("`{}` {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The reason why it could not.
        source: brainmass_files::FileError,
    },
    /// The figure could not be turned into pixels.
    #[error("cannot turn the figure into pixels: {0}")]
    Raster(String),
}

impl std::fmt::Debug for VizError {
    /// Shows the error as a sentence, as a `main` that returns it prints it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}
