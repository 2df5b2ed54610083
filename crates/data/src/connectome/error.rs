//! Errors of connectomes.

use super::orientation::Orientation;
use crate::io::{IoError, list};

/// The reason why a connectome cannot be built, read, changed or written.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ConnectomeError {
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
    /// A file was read, but what it holds is no connectome.
    #[error("{origin}: {error}")]
    File {
        /// The file.
        origin: String,
        /// The error in its contents.
        error: Box<ConnectomeError>,
    },

    /// There are no regions.
    #[error("the weights are empty")]
    Empty,
    /// The weights are not a square matrix.
    #[error("the weights are {rows} x {columns}; a connectome needs a square matrix")]
    NotSquare {
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },
    /// A table has a row or a column more than a square matrix, which may hold names.
    #[error(
        "the table has {rows} rows and {columns} columns; a connectome needs a square matrix; \
         if the first {} holds names that are numbers, say so (`{}: true`)",
        if rows > columns { "row" } else { "column" },
        if rows > columns { "header" } else { "row_names" }
    )]
    NotSquareTable {
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },
    /// Something has not one entry a region.
    #[error("the {what} have shape {found:?}; for {regions} regions it must be {expected:?}")]
    Size {
        /// The name of the values, in the plural.
        what: &'static str,
        /// The shape found.
        found: Vec<usize>,
        /// The shape that fits the weights.
        expected: Vec<usize>,
        /// The number of regions.
        regions: usize,
    },
    /// A number is NaN or infinite.
    #[error("{what}[{row}][{column}] is {value}; every entry must be finite")]
    NotFinite {
        /// The matrix.
        what: &'static str,
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// The value found.
        value: f64,
    },
    /// A tract has a negative length.
    #[error(
        "the tract from region {source_region} to region {target} has length {value} mm; lengths are 0 or more"
    )]
    NegativeLength {
        /// Index of the target.
        target: usize,
        /// Index of the source.
        source_region: usize,
        /// The length in mm.
        value: f64,
    },
    /// An area is negative or not finite.
    #[error("region {index} has area {value} mm^2; areas are finite and not negative")]
    BadArea {
        /// Index of the region.
        index: usize,
        /// The area in mm^2.
        value: f64,
    },
    /// A flag is neither 0 nor 1.
    #[error("the {what} of region {index} are {value}; they are 0 or 1")]
    BadFlag {
        /// The name of the values, in the plural.
        what: &'static str,
        /// Index of the region.
        index: usize,
        /// The value found.
        value: f64,
    },
    /// A region has no name.
    #[error("the label of region {index} is empty")]
    EmptyLabel {
        /// Index of the region.
        index: usize,
    },
    /// Two regions have the same name.
    #[error("the label `{label}` is given to region {first} and to region {second}")]
    DuplicateLabel {
        /// The label.
        label: String,
        /// Index of the first region.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// A region has a name that cannot be shown.
    #[error("the label {label:?} of region {index} holds a control character")]
    BadLabel {
        /// The label.
        label: String,
        /// Index of the region.
        index: usize,
    },
    /// Values have other names than the regions.
    #[error(transparent)]
    NamesDiffer(#[from] NamesDiffer),
    /// No region has this name.
    #[error("no region is called `{label}`{}", .suggestion.as_ref().map_or_else(
        || format!(" among the {regions} regions"),
        |suggestion| format!("; did you mean `{suggestion}`?"),
    ))]
    UnknownLabel {
        /// The name asked for.
        label: String,
        /// The number of regions.
        regions: usize,
        /// The most similar name there is, if one is similar.
        suggestion: Option<String>,
    },
    /// There is no region of this index.
    #[error("there is no region {index}; indices run from 0 to {}", .regions - 1)]
    UnknownIndex {
        /// The index asked for.
        index: usize,
        /// The number of regions.
        regions: usize,
    },
    /// The weights are not symmetric, as was promised.
    #[error(
        "the weights are not symmetric: `{first}` receives {to_first} from `{second}`, which receives {to_second} back"
    )]
    Asymmetric {
        /// Label of one region.
        first: String,
        /// Label of the other.
        second: String,
        /// Weight from the second to the first.
        to_first: f64,
        /// Weight from the first to the second.
        to_second: f64,
    },
    /// Rows and columns of a table, or of two tables, are named differently.
    #[error("names of regions disagree at position {index}: `{first}` and `{second}`")]
    LabelsDisagree {
        /// Position, from 0.
        index: usize,
        /// The first name.
        first: String,
        /// The second name.
        second: String,
    },

    /// Something is needed that this connectome does not have.
    #[error("the {what} of this connectome are not known")]
    Unknown {
        /// The name of what is missing, in the plural.
        what: &'static str,
    },
    /// A number passed as an argument makes no sense.
    #[error("the {name} is {value}; it must be {expected}")]
    Argument {
        /// Its name and unit.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The values that make sense, in words.
        expected: &'static str,
    },
    /// A weight is negative where that makes no sense.
    #[error(
        "the weight from `{source_label}` to `{target}` is {value}; {operation} needs weights of 0 or more"
    )]
    NegativeWeight {
        /// Label of the target.
        target: String,
        /// Label of the source.
        source_label: String,
        /// The weight.
        value: f64,
        /// The operation that needs other weights.
        operation: &'static str,
    },
    /// All that the weights would be divided by is 0.
    #[error("the weights cannot be normalized: their {what} is {value}")]
    NotNormalizable {
        /// The name of the divisor.
        what: &'static str,
        /// Its value.
        value: f64,
    },

    /// The format does not say which axis is the source, and neither did the caller.
    #[error(
        "{origin}: this format does not say whether rows are targets or sources; \
         pass Orientation::TargetSource or Orientation::SourceTarget"
    )]
    OrientationUnknown {
        /// The file.
        origin: String,
    },
    /// The caller says otherwise than the format.
    #[error("{origin}: {stated} was asked for, but the file has {defined}")]
    OrientationConflict {
        /// The file.
        origin: String,
        /// The orientation that the caller stated.
        stated: Orientation,
        /// The orientation that the format or the file defines.
        defined: Orientation,
    },
    /// The extension of a file names no format that is known.
    #[error("{origin}: the format is not known by its extension; it must be one of {expected}")]
    Format {
        /// The file.
        origin: String,
        /// The extensions that are known.
        expected: &'static str,
    },
    /// An archive holds the same thing twice.
    #[error("{origin}: both `{first}` and `{second}` hold the {what}")]
    SeveralMembers {
        /// The archive.
        origin: String,
        /// The name of what both hold.
        what: &'static str,
        /// Path of the one.
        first: String,
        /// Path of the other.
        second: String,
    },
    /// A connectome cannot be expressed in a format.
    #[error("{origin}: {why}")]
    Inexpressible {
        /// The file.
        origin: String,
        /// The reason.
        why: String,
    },
}

impl ConnectomeError {
    /// Says in which file it happened; an error that names its file already stays as it is.
    pub(super) fn in_file(self, origin: &str) -> Self {
        match self {
            named @ (Self::Io(_)
            | Self::File { .. }
            | Self::OrientationUnknown { .. }
            | Self::OrientationConflict { .. }
            | Self::Format { .. }
            | Self::SeveralMembers { .. }
            | Self::Inexpressible { .. }) => named,
            error => Self::File { origin: origin.to_owned(), error: Box::new(error) },
        }
    }
}

/// Names that are not those that were to be matched.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct NamesDiffer {
    /// Names that were given and are no regions.
    pub unknown: Vec<String>,
    /// Regions whose names were not given.
    pub missing: Vec<String>,
    /// Names that were given more than once.
    pub repeated: Vec<String>,
    /// The region that the first unknown name resembles, where one does.
    pub suggestion: Option<String>,
}

impl NamesDiffer {
    fn sentence(&self) -> String {
        let are = |names: &[String], one: &str, more: &str| {
            (!names.is_empty())
                .then(|| format!("{} {}", list(names), if names.len() == 1 { one } else { more }))
        };
        let unknown =
            are(&self.unknown, "is no region", "are no regions").map(|text| match &self.suggestion {
                Some(name) => format!("{text} (did you mean `{name}`?)"),
                None => text,
            });
        let missing = are(&self.missing, "is missing", "are missing");
        let repeated = are(&self.repeated, "stands there twice", "stand there twice");
        let parts: Vec<String> = [unknown, missing, repeated].into_iter().flatten().collect();
        format!("the names are not those of the regions: {}", parts.join("; "))
    }
}

brainmass_files::debug_as_text!(ConnectomeError, NamesDiffer);
