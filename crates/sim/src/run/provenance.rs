//! The provenance of a run: what determined its numbers, as its files hold it.

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// The provenance of a run, stamped into its files: the settings that determined its numbers, and the experiment that said them.
///
/// Files of former versions have fewer entries; those that are absent are empty here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The name of the model; of several groups, the names between commas.
    #[serde(default)]
    pub model: String,
    /// The version of its file.
    #[serde(default)]
    pub version: String,
    /// The hash of its file, in hexadecimal.
    #[serde(default)]
    pub hash: String,
    /// The version of this library.
    pub brainmass: String,
    /// The name of the instruction set, as the environment variable `BRAINMASS_SIMD` takes it.
    #[serde(default)]
    pub simd: String,
    /// The name of the scheme.
    #[serde(default)]
    pub scheme: String,
    /// The time step, ms.
    #[serde(default)]
    pub dt: f64,
    /// The seed of the noise.
    #[serde(default)]
    pub seed: u64,
    /// The time reached by a run that ended before its time, because it diverged or was stopped, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<f64>,
    /// Every setting that determined the numbers, by name, as text: single numbers as they are, arrays with the digest of their numbers. Empty for
    /// the runs of a batch that keeps only what is computed of them.
    #[serde(default)]
    pub settings: Fingerprint,
    /// The names of the regions; empty where they have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// The experiment that was run, from which it can be repeated; `None` for a run that a program described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
}

/// An experiment as its result keeps it, from which the run can be repeated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The text of the experiment file, flags laid over it, without the names of files that it writes.
    pub experiment: String,
    /// The files that it reads: models, connectomes, arrays. Paths in `experiment` are relative to a folder that holds these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<RecipeFile>,
    /// The contents of those files that are kept: a zip archive, in base 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<String>,
}

/// A file that an experiment reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipeFile {
    /// The path, parted by `/`.
    pub path: String,
    /// The size, bytes.
    pub bytes: u64,
    /// The digest of its content, as [`Digest`](crate::simulator::Digest) computes it.
    pub digest: String,
    /// Whether the archive holds its content.
    pub kept: bool,
}
