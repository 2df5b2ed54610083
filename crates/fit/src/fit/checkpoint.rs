//! Files from which a fit is resumed.
//!
//! A search is a function of the losses that it is told, so the file holds nothing but these, in order: a resumed fit asks the same questions
//! and is answered from the file until there are no more answers. Whatever the method, it ends with the same bits as a fit that was never
//! stopped, and nothing but the first candidate is computed twice.
//!
//! The file also holds the fingerprint of the fit, by which the file of another fit is recognised, and a checksum, by which a changed file is.

use std::io::{self, Write};
use std::path::Path;

use serde::Deserialize;

use super::error::FitError;
use super::evaluator::Found;
use brainmass_data::io::{read_file, write_file};
use brainmass_sim::simulator::{Digest, Fingerprint};

/// The first entry of a file.
const FORMAT: &str = "checkpoint of a brainmass fit, 1";

/// Files that are larger are neither written nor read, bytes.
const LARGEST: u64 = 1 << 30;

/// The content of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    format: String,
    checksum: String,
    fingerprint: Fingerprint,
    /// The log of each start.
    starts: Vec<Vec<Found>>,
}

/// Writes a checkpoint, whole or not at all.
///
/// # Errors
///
/// Why the file cannot be written, or that it would be larger than can be read.
pub(super) fn save<'l>(
    path: &Path,
    fingerprint: &Fingerprint,
    starts: impl Iterator<Item = &'l [Found]>,
) -> Result<(), String> {
    let fingerprint = serde_json::to_string(fingerprint).map_err(|error| error.to_string())?;
    let starts = serde_json::to_string(&starts.collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    let mut checksum = Digest::default();
    checksum.bytes(fingerprint.as_bytes());
    checksum.bytes(starts.as_bytes());
    let text = format!(
        "{{\"format\":\"{FORMAT}\",\"checksum\":\"{checksum}\",\"fingerprint\":{fingerprint},\"starts\":{starts}}}\n"
    );
    if text.len() as u64 > LARGEST {
        return Err(format!("it has grown beyond {LARGEST} bytes"));
    }
    write_file(path, text.as_bytes()).map_err(|error| error.to_string())
}

/// Reads a checkpoint of the fit that has this fingerprint; gives what was found in each start.
///
/// `dimension` is the number of fitted numbers, and `with_gradient` says whether the method asks for gradients: a file can hold anything, and
/// the search relies on the shape of what it is told.
///
/// # Errors
///
/// The file cannot be read, is no checkpoint, has been changed since it was written, or belongs to another fit.
pub(super) fn load(
    path: &Path,
    fingerprint: &Fingerprint,
    starts: usize,
    dimension: usize,
    with_gradient: bool,
) -> Result<Vec<Vec<Found>>, FitError> {
    let bytes = read_file(path, LARGEST)?;
    let content: Content = serde_json::from_slice(&bytes)
        .map_err(|error| refuse(path, format!("it is not the checkpoint of a fit: {error}")))?;
    if content.format != FORMAT {
        return Err(refuse(path, format!("its format is not `{FORMAT}`")));
    }
    if content.checksum != content.computed_checksum().to_string() {
        let problem = "its checksum does not fit: it is damaged or was changed after it was written";
        return Err(refuse(path, problem.to_owned()));
    }
    let differences = fingerprint.differences(&content.fingerprint);
    if !differences.is_empty() {
        return Err(refuse(path, format!("it belongs to another fit: {}", differences.join("; "))));
    }
    if content.starts.len() != starts {
        return Err(refuse(path, format!("it has {} starts, and {starts} are needed", content.starts.len())));
    }
    for found in content.starts.iter().flatten() {
        found.check(dimension, with_gradient).map_err(|problem| refuse(path, problem))?;
    }
    Ok(content.starts)
}

impl Content {
    /// Returns the checksum of the content as it was read, so that only values count and not the white space between them.
    fn computed_checksum(&self) -> Digest {
        let mut hashing = Hashing(Digest::default());
        // Writing to a digest cannot fail.
        let _ = serde_json::to_writer(&mut hashing, &self.fingerprint);
        let _ = serde_json::to_writer(&mut hashing, &self.starts);
        hashing.0
    }
}

/// A writer that keeps nothing but the digest of what is written.
struct Hashing(Digest);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The error about a file.
fn refuse(path: &Path, problem: String) -> FitError {
    FitError::Resume { path: path.display().to_string(), problem }
}
