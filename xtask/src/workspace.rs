//! Places in the workspace.

use std::path::PathBuf;

/// Returns the folder of the workspace.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
