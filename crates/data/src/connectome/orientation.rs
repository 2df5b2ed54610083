//! The axis of a matrix that is the source.

use std::fmt;

use ndarray::Array2;

/// The meaning of the rows and columns of a matrix in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// Rows are targets, columns are sources, as in this library, The Virtual Brain and most simulators.
    TargetSource,
    /// Rows are sources, columns are targets, as in graph theory (the Brain Connectivity Toolbox, NetworkX).
    SourceTarget,
}

impl Orientation {
    /// Returns the name in files.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Orientation::TargetSource => "target_source",
            Orientation::SourceTarget => "source_target",
        }
    }

    /// Returns the matrix with targets as rows.
    pub(super) fn apply(self, matrix: Array2<f64>) -> Array2<f64> {
        match self {
            Orientation::TargetSource => matrix,
            Orientation::SourceTarget => matrix.t().as_standard_layout().into_owned(),
        }
    }
}

impl fmt::Display for Orientation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Orientation::TargetSource => "rows as targets",
            Orientation::SourceTarget => "rows as sources",
        })
    }
}
