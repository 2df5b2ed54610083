//! Model and experiment files that the command line names.

use std::path::Path;

use brainmass::experiment::{ExperimentError, tree as read};
use brainmass::missing;
use brainmass_spec::yaml::Node;

use crate::failure::Failure;

/// Reads the tree of a file. Where there is none, the failure says which one may be meant.
pub fn tree(path: &Path) -> Result<Node, Failure> {
    read(path).map_err(|error| match (&error, missing::way_out(path)) {
        (ExperimentError::Io(_), Some(hint)) => Failure::from(error).hint(hint),
        _ => Failure::from(error),
    })
}
