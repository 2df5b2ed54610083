//! A sweep that an experiment file describes.

use std::path::PathBuf;

use brainmass_spec::yaml::Node;

use super::design::Design;
use super::limits::Limits;
use super::measure::Measure;
use super::models::ReadText;

/// A sweep that an experiment file describes.
#[derive(Debug, Clone)]
pub struct SweepPlan {
    /// The settings of every run.
    pub design: Design,
    /// The measures that are kept of each run.
    pub measures: Vec<Measure>,
    /// Files for the results, `.csv` or `.npz`.
    pub output: Vec<PathBuf>,
    /// The figure of the results.
    pub plot: Option<PathBuf>,
    /// The file that results are appended to, where one is named.
    pub journal: Option<PathBuf>,
    /// The text that the experiment was read from; there only where axes are keys of the file, so that it is read again for each of their values.
    pub origin: Option<Origin>,
}

/// The text that an experiment was read from, and what was given beside it.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The tree of the file.
    pub root: Node,
    /// The file.
    pub file: Option<PathBuf>,
    /// The limits that were given beside the file.
    pub limits: Limits,
    /// The texts of model files that were given beside the file.
    pub(super) texts: Vec<ReadText>,
}
