//! Runs that are repeated from their results alone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use brainmass_spec::problem::{Problem, Report};
use brainmass_spec::source::Source;
use brainmass_spec::table::{ENDING, MAX_BYTES, is_beside};
use brainmass_spec::yaml::{self, Node};
use thiserror::Error;

use super::base64;
use super::context::KeptFiles;
use super::description::Experiment;
use super::keep::LARGEST_KEPT;
use super::reader::Reader;
use brainmass_core::real::Simd;
use brainmass_data::digest::Digest;
use brainmass_data::io::IoError;
use brainmass_data::io::archive::Archive;
use brainmass_data::io::recording::provenance_of;
use brainmass_sim::run::{Provenance, Recipe, RecipeFile};
use brainmass_sim::simulator::Session;

/// The reason why a result cannot be repeated, or does not say how it was made.
#[derive(Debug, Error)]
pub enum RepeatError {
    /// The result cannot be read.
    #[error(transparent)]
    Io(#[from] IoError),
    /// The file does not say how it was made.
    #[error("`{path}` does not say how it was made: it has no provenance")]
    NoProvenance {
        /// The result.
        path: String,
    },
    /// The file has a provenance that brainmass did not write.
    #[error("`{path}` was not written by brainmass, or was changed: its provenance cannot be read: {why}")]
    Foreign {
        /// The result.
        path: String,
        /// The fault, in words.
        why: String,
    },
    /// The result keeps no experiment.
    #[error(
        "`{path}` cannot be repeated: it keeps no experiment. Results of sweeps, of programs and of earlier versions keep none (it was written by version {version})"
    )]
    NoRecipe {
        /// The result.
        path: String,
        /// The version that wrote it.
        version: String,
    },
    /// A file that the result does not keep is not there.
    #[error(
        "`{path}` was made with the file `{file}` of {bytes} bytes, which it does not keep: put that file to `{expected}`"
    )]
    Missing {
        /// The result.
        path: String,
        /// The file.
        file: String,
        /// Its size.
        bytes: u64,
        /// The path at which it is looked for.
        expected: String,
    },
    /// A file that the result does not keep has other content than it had.
    #[error(
        "`{path}` was made with another `{file}` than the one that is there now: its digest was {then} and is {now}"
    )]
    Changed {
        /// The result.
        path: String,
        /// The file, where it was found.
        file: String,
        /// The digest then.
        then: String,
        /// The digest now.
        now: String,
    },
    /// The files that the result keeps cannot be unpacked.
    #[error("the files that `{path}` keeps cannot be unpacked: {why}")]
    Unpack {
        /// The result.
        path: String,
        /// The fault, in words.
        why: String,
    },
    /// The experiment of the result has mistakes, as this version reads it.
    #[error(transparent)]
    Mistakes(#[from] Report),
    /// This version makes other settings of the experiment than the one that wrote the result.
    #[error("`{path}` cannot be repeated by this version: {}", .differences.join("; "))]
    OtherSettings {
        /// The result.
        path: String,
        /// The settings that differ, in words.
        differences: Vec<String>,
    },
}

/// Reads what a result says of how it was made: `.npz`, `.json`, or `.csv` with the file beside it, of runs, of analyses and of fits.
///
/// # Errors
///
/// The file cannot be read, or has no provenance that brainmass wrote.
pub fn read_provenance(path: impl AsRef<Path>) -> Result<Provenance, RepeatError> {
    let path = path.as_ref();
    let name = path.display().to_string();
    let Some(value) = provenance_of(path)? else { return Err(RepeatError::NoProvenance { path: name }) };
    serde_json::from_value(value).map_err(|error| RepeatError::Foreign { path: name, why: error.to_string() })
}

/// An experiment that is read from a result, to be run again. Files that the result keeps lie in a temporary folder as long as this value lives.
///
/// ```
/// use brainmass::Experiment;
/// use brainmass::experiment::{Reader, Repeat};
///
/// let folder = tempfile::tempdir()?;
/// let result = folder.path().join("run.npz");
/// let text = "{model: HopfStep, nodes: 2, noise: {x: 0.1}, seed: 3, duration: 10 ms}";
/// let run = Experiment::read("e.yaml", text)?.run()?;
/// run.save(&result)?;
///
/// let (experiment, mut session) = Repeat::open(&result)?.start(Reader::new())?;
/// assert_eq!(experiment.finish(&mut session)?["x"], run["x"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Repeat {
    path: PathBuf,
    provenance: Provenance,
    recipe: Recipe,
    root: Node,
    unpacked: Unpacked,
}

impl Repeat {
    /// Reads the experiment of a result, and unpacks the files that it keeps.
    ///
    /// # Errors
    ///
    /// The result cannot be read or keeps no experiment, or a file that it does not keep is missing or has changed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RepeatError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let provenance = read_provenance(path)?;
        let Some(recipe) = provenance.recipe.clone() else {
            return Err(RepeatError::NoRecipe { path: name, version: provenance.brainmass });
        };
        let source = Source::new(name.clone(), recipe.experiment.clone());
        let root = yaml::parse(&source).map_err(Report::from)?;
        let unpacked = unpack(&recipe, &name)?;
        let beside = path.parent().unwrap_or(Path::new(""));
        recipe.files.iter().filter(|file| !file.kept).try_for_each(|file| find(file, beside, &name))?;
        lay_tables(&recipe, beside, &unpacked.0)
            .map_err(|error| RepeatError::Unpack { path: name, why: error.to_string() })?;
        Ok(Self { path: path.to_owned(), provenance, recipe, root, unpacked })
    }

    /// The provenance of the result.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The tree of the experiment, over which flags may be laid; its places are in [`Recipe::experiment`].
    pub fn tree(&self) -> &Node {
        &self.root
    }

    /// Starts the run of the result again, with the instruction set that it was made with where this processor has it.
    ///
    /// # Errors
    ///
    /// The experiment has mistakes as this version reads it, or settings that differ from those of the result: models, defaults or connectomes
    /// of the library have changed.
    pub fn start(&self, reader: Reader) -> Result<(Experiment, Session), RepeatError> {
        let (experiment, session) = self.start_changed(reader, &self.root)?;
        let (now, then) = (&session.provenance().settings, &self.provenance.settings);
        let mut differences = now.differences(then);
        // How long the run is is known when it ends, and the experiment says it; analyses and fits have settings of their own beside.
        let is_of_run =
            |text: &str| !text.starts_with("`duration` ") && !text.ends_with("` is no longer there");
        differences.retain(|difference| is_of_run(difference));
        if differences.is_empty() {
            return Ok((experiment, session));
        }
        Err(RepeatError::OtherSettings { path: self.path.display().to_string(), differences })
    }

    /// Starts a changed experiment, whose tree is that of [`Repeat::tree`] with flags laid over it.
    ///
    /// # Errors
    ///
    /// The experiment has mistakes.
    pub fn start_changed(&self, reader: Reader, root: &Node) -> Result<(Experiment, Session), Report> {
        let beside = self.path.parent().unwrap_or(Path::new("")).to_owned();
        let kept = KeptFiles { folder: self.unpacked.0.clone(), beside };
        // Files of former versions do not name the instruction set.
        let simd = Some(self.provenance.simd.as_str()).filter(|name| !name.is_empty()).map(Simd::named);
        let mut reader = reader.file(&self.path).kept_files(kept);
        if let Some(Ok(simd)) = &simd {
            reader = reader.simd(*simd);
        }
        let (mut experiment, session) = reader.start(root)?;
        if let Some(Err(error)) = simd {
            let message = format!("the last bits may differ from those of the result: {error}");
            experiment.warnings.push(Problem::new(&self.root.span, message));
        }
        // What lies in the temporary folder is gone when this value is.
        experiment.files.retain(|file| !file.starts_with(&self.unpacked.0));
        Ok((experiment, session))
    }

    /// The text of the experiment, as an experiment file holds it. The files that it reads are those of [`Repeat::files`].
    pub fn text(&self) -> &str {
        &self.recipe.experiment
    }

    /// Returns the path at which a file that the result keeps lies as long as this value lives.
    pub fn kept_path(&self, file: &RecipeFile) -> PathBuf {
        self.unpacked.0.join(&file.path)
    }

    /// The files that the experiment reads.
    pub fn files(&self) -> &[RecipeFile] {
        &self.recipe.files
    }
}

impl Experiment {
    /// Reads the experiment of a result, to be changed or run again; [`Repeat`] says more.
    ///
    /// # Errors
    ///
    /// Those of [`Repeat::open`] and [`Repeat::start`].
    pub fn of_result(path: impl AsRef<Path>) -> Result<Self, RepeatError> {
        Ok(Repeat::open(path)?.start(Reader::new())?.0)
    }
}

/// Checks that a file which the result does not keep lies beside it as it was.
fn find(file: &RecipeFile, beside: &Path, result: &str) -> Result<(), RepeatError> {
    let path = beside.join(&file.path);
    let mut digest = Digest::default();
    if File::open(&path).and_then(|content| digest.content(content)).is_err() {
        return Err(RepeatError::Missing {
            path: result.to_owned(),
            file: file.path.clone(),
            bytes: file.bytes,
            expected: path.display().to_string(),
        });
    }
    let (then, now) = (file.digest.clone(), digest.to_string());
    if then == now {
        return Ok(());
    }
    Err(RepeatError::Changed { path: result.to_owned(), file: path.display().to_string(), then, now })
}

/// Copies the tables that a result does not keep, and that have been found beside it, to the files that it keeps: models read their tables from
/// beside their own files.
fn lay_tables(recipe: &Recipe, beside: &Path, unpacked: &Path) -> io::Result<()> {
    let is_table = |file: &&RecipeFile| {
        file.path.ends_with(ENDING) && is_beside(&file.path) && file.bytes <= MAX_BYTES as u64
    };
    for file in recipe.files.iter().filter(|file| !file.kept).filter(is_table) {
        let place = unpacked.join(&file.path);
        place.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::copy(beside.join(&file.path), place)?;
    }
    Ok(())
}

/// A temporary folder, which is removed with its content.
#[derive(Debug)]
struct Unpacked(PathBuf);

impl Drop for Unpacked {
    fn drop(&mut self) {
        // There is nobody to tell that it could not be removed.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Creates a folder that, where the system can say so, its owner alone may look into; one that is there already is an error.
fn create_own(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Unpacks the files that a recipe keeps into a folder that nobody else has.
fn unpack(recipe: &Recipe, result: &str) -> Result<Unpacked, RepeatError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let fail = |why: String| RepeatError::Unpack { path: result.to_owned(), why };
    let mut attempts = 0;
    let folder = loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("brainmass-{}-{number}", std::process::id()));
        match create_own(&folder) {
            Ok(()) => break Unpacked(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempts < 1000 => attempts += 1,
            Err(error) => return Err(fail(format!("`{}`: {error}", folder.display()))),
        }
    };
    let Some(text) = &recipe.archive else { return Ok(folder) };
    let bytes = base64::decode(text).ok_or_else(|| fail("they are no text in base 64".to_owned()))?;
    let archive = Archive::from_bytes(bytes, "archive", LARGEST_KEPT)?;
    for file in recipe.files.iter().filter(|file| file.kept) {
        let bytes = archive.read(&file.path)?;
        let mut digest = Digest::default();
        let read = digest.content(bytes.as_slice()).map_err(|error| fail(error.to_string()))?;
        if read != file.bytes || digest.to_string() != file.digest {
            return Err(fail(format!("`{}` is not as it was", file.path)));
        }
        let path = folder.0.join(&file.path);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
        written.map_err(|error| fail(format!("`{}`: {error}", file.path)))?;
    }
    Ok(folder)
}
