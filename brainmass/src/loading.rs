//! Models that are read from files while the program runs.
//!
//! A model file runs as it is, without a compiler: its equations are interpreted, with the bits that compiled code gives. A file whose text is that of
//! a model of the library runs compiled.
//!
//! ```
//! use brainmass::{Simulator, open_model};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("hindmarsh_rose.yaml");
//! std::fs::write(&path, "
//! name: HindmarshRoseStep
//! category: phenomenological
//! time_unit: 1 ms
//! parameters: {I: {default: 3.25, doc: drive}, r: {default: 0.005, doc: rate of adaptation}}
//! states: {x: {init: -1.6}, y: {init: -10}, z: {init: 3}}
//! derivatives:
//!   x: y - x^3 + 3*x^2 - z + I
//!   y: 1 - 5*x^2 - y
//!   z: r*(4*(x + 1.6) - z)
//! output: x
//! ")?;
//! let nodes = open_model(&path)?.nodes(3).expect("it is a node model").set("I", vec![1.5, 2.5, 3.25]);
//! let run = Simulator::new(nodes).dt(0.01).run(50.0)?;
//! assert_eq!(run["x"].dim(), (5000, 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use brainmass_core::registry::Entry;
use brainmass_core::shared::List;
use brainmass_data::io::{self, IoError};
use brainmass_spec::collection::{self, File, Known};
use brainmass_spec::problem::{Diagnostic, Problem, suggestion};
use brainmass_spec::source::{MAX_BYTES, Span};

pub use brainmass_core::loaded::{LoadedModel, Nodes};

use crate::catalogue::Zoo;

/// Most files that are looked at in a folder of models.
const MOST_FILES: usize = 10_000;

/// The error of models that could not be read: all that is wrong with their files.
#[derive(Debug)]
pub struct LoadError {
    faults: Vec<Fault>,
}

/// A fault of a file or a folder.
#[derive(Debug)]
enum Fault {
    File(IoError),
    Folder { path: PathBuf, fault: String },
    Model(Box<Problem>),
}

impl LoadError {
    fn of(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }

    /// Returns what is wrong as data, for programs that show it in their own way. What is wrong with a whole file stands at its first line.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let whole = |file: String, message: String| Diagnostic {
            file,
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
            text: String::new(),
            message,
            label: String::new(),
            help: None,
        };
        let diagnostic = |fault: &Fault| match fault {
            Fault::File(error) => whole(error.origin.clone(), error.problem.to_string()),
            Fault::Folder { path, fault } => whole(path.display().to_string(), fault.clone()),
            Fault::Model(problem) => Diagnostic::from(&**problem),
        };
        self.faults.iter().map(diagnostic).collect()
    }

    /// Returns what is wrong as text, with the lines that it is about; in colour for a terminal.
    pub fn render(&self, colour: bool) -> String {
        const SHOWN: usize = 100;
        let text = |fault: &Fault| match fault {
            Fault::File(error) => format!("error: {error}"),
            Fault::Folder { path, fault } => format!("error: {}: {fault}", path.display()),
            Fault::Model(problem) => problem.render(colour),
        };
        let mut texts: Vec<String> = self.faults.iter().take(SHOWN).map(text).collect();
        if self.faults.len() > SHOWN {
            texts.push(format!("... and {} more mistakes", self.faults.len() - SHOWN));
        }
        texts.join("\n\n")
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for LoadError {}

/// Opens a model file. It may build on models of the library and of its own folder.
///
/// # Errors
///
/// The file cannot be read or has mistakes, or a file that it builds on has.
pub fn open_model(path: impl AsRef<Path>) -> Result<LoadedModel, LoadError> {
    Zoo::default().open(path)
}

impl Zoo {
    /// Opens a model file. It may build on models of its own folder and of this zoo, and takes the place of one that has its name.
    ///
    /// # Errors
    ///
    /// The file cannot be read or has mistakes, or a file that it builds on has.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<LoadedModel, LoadError> {
        let path = path.as_ref();
        let own = read(path, "").map_err(|fault| LoadError { faults: vec![fault] })?;
        let mut files = vec![own];
        // Bases that stand in files of the same folder, of which only those are read that have a name that is asked for.
        let mut wanted = collection::names(&files[0]).and_then(|(_, base)| base);
        let mut siblings: Option<Vec<File>> = None;
        while let Some(base) = wanted.take() {
            let siblings = siblings.get_or_insert_with(|| siblings_of(path));
            let found = siblings.iter().position(|file| {
                mentions(file, &base) && collection::names(file).is_some_and(|(name, _)| name.value == base)
            });
            if let Some(index) = found {
                let file = siblings.swap_remove(index);
                wanted = collection::names(&file).and_then(|(_, base)| base);
                files.push(file);
            }
        }
        self.compile_first(&files)
    }

    /// Reads a model from a text. It may build on models of this zoo, and takes the place of one that has its name; messages call the text `name`.
    ///
    /// # Errors
    ///
    /// The text has mistakes.
    pub fn read(&self, name: &str, text: &str) -> Result<LoadedModel, LoadError> {
        self.compile_first(&[File {
            name: name.to_owned(),
            folder: String::new(),
            bytes: text.as_bytes().to_vec(),
        }])
    }

    /// Makes a model of this zoo anew from its text, to be interpreted. It gives the numbers that the model itself gives.
    ///
    /// # Errors
    ///
    /// There is no such model; the text says which may have been meant.
    pub fn interpreted(&self, name: &str) -> Result<LoadedModel, String> {
        let Some(entry) = self.find(name) else {
            let names = self.entries().map(|entry| &entry.info.name);
            return Err(format!("there is no model `{name}`: {}", suggestion(name, "models", names)));
        };
        let file =
            File { name: name.to_owned(), folder: String::new(), bytes: entry.info.yaml.as_bytes().to_vec() };
        let (models, report) = collection::compile_beside(&[file], &self.known());
        match models.first() {
            Some(entry) => Ok(LoadedModel::interpreted(&entry.model)),
            None => Err(report.map_or_else(String::new, |report| report.to_string())),
        }
    }

    /// Compiles files of which the first is wanted.
    fn compile_first(&self, files: &[File]) -> Result<LoadedModel, LoadError> {
        let (entries, report) = collection::compile_beside(files, &self.known());
        let first = entries.iter().find(|entry| entry.model.source.name == files[0].name);
        match (first, report) {
            (Some(entry), None) => Ok(LoadedModel::new(&entry.model, self.entries())),
            (_, report) => {
                let problems = report.iter().flat_map(|report| report.problems()).cloned();
                Err(LoadError { faults: problems.map(|problem| Fault::Model(Box::new(problem))).collect() })
            }
        }
    }

    /// Tells whether the model of a file is none of this zoo's, or has the text of the one that has its name; if not, that is a fault.
    fn has_own_name(&self, file: &File, faults: &mut Vec<Fault>) -> bool {
        let Some((name, _)) = collection::names(file) else { return true };
        match self.find(&name.value) {
            Some(other) if other.info.yaml.as_bytes() != file.bytes => {
                faults.push(name_is_taken(&name.value, &name.span));
                false
            }
            _ => true,
        }
    }

    fn known(&self) -> Vec<Known<'_>> {
        self.entries().map(|entry| Known { name: &entry.info.name, yaml: &entry.info.yaml }).collect()
    }

    /// Adds the models of a folder and of the folders in it. They may build on each other and on the models of this zoo.
    ///
    /// # Errors
    ///
    /// A file or folder cannot be read, a model has mistakes, or it has the name of another one. [`Zoo::add_folder`] keeps what is right.
    pub fn with_folder(mut self, path: impl AsRef<Path>) -> Result<Self, LoadError> {
        self.add_folder(path)?;
        Ok(self)
    }

    /// Adds the models of a folder and of the folders in it, as [`Zoo::with_folder`] does. Whatever is right is added, even where other files are
    /// wrong. Experiments that lie in the folder are left alone, and so are files with the text of a model that is there already.
    ///
    /// # Errors
    ///
    /// All that is wrong with the files that were not added.
    pub fn add_folder(&mut self, path: impl AsRef<Path>) -> Result<(), LoadError> {
        let path = path.as_ref();
        let (mut files, mut faults) = (Vec::new(), Vec::new());
        walk(path, "", &mut Vec::new(), &mut files, &mut faults);
        files.retain(|file| collection::is_model(file) && self.has_own_name(file, &mut faults));
        let (entries, report) = collection::compile_beside(&files, &self.known());
        let problems = report.iter().flat_map(|report| report.problems()).cloned();
        faults.extend(problems.map(|problem| Fault::Model(Box::new(problem))));
        let mut folders: Vec<(String, Vec<Entry>)> = Vec::new();
        for entry in &entries {
            let model = &entry.model;
            if let Some(other) = self.find(&model.name) {
                // The same text is the same model, unless it builds on another one.
                if other.info.hash != model.hash {
                    faults.push(name_is_taken(&model.name, &model.name_span));
                }
                continue;
            }
            let loaded = Entry::from(&LoadedModel::new(model, self.entries()));
            match folders.last_mut().filter(|(folder, _)| *folder == entry.folder) {
                Some((_, models)) => models.push(loaded),
                None => folders.push((entry.folder.clone(), vec![loaded])),
            }
        }
        let root =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into());
        for (folder, models) in folders {
            let name = if folder.is_empty() { root.clone() } else { format!("{root}/{folder}") };
            let added = std::mem::take(self).with(name, List::from(models));
            *self = added.unwrap_or_else(|message| unreachable!("names have been compared: {message}"));
        }
        LoadError::of(faults)
    }
}

/// The fault of a name that a model of the zoo has.
fn name_is_taken(name: &str, span: &Span) -> Fault {
    let problem = Problem::new(span, format!("there is a model called `{name}` already"));
    Fault::Model(Box::new(problem.help("give this one another name")))
}

/// Reads a file.
fn read(path: &Path, folder: &str) -> Result<File, Fault> {
    let bytes = io::read_file(path, MAX_BYTES as u64 + 1).map_err(Fault::File)?;
    Ok(File { name: path.display().to_string(), folder: folder.to_owned(), bytes })
}

fn is_yaml(path: &Path) -> bool {
    matches!(io::ending(path).as_str(), "yaml" | "yml")
}

/// The other model files in the folder of a file, as far as they can be read.
fn siblings_of(path: &Path) -> Vec<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = entries
        .filter(|other| is_yaml(other) && other.file_name() != path.file_name())
        .take(MOST_FILES)
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| read(path, "").ok()).collect()
}

/// Whether the bytes of a file contain a text.
fn mentions(file: &File, text: &str) -> bool {
    file.bytes.windows(text.len().max(1)).any(|window| window == text.as_bytes())
}

/// Reads the model files of a folder and of those in it, in the order of their names. `above` holds the true paths of the folders that lead here.
fn walk(path: &Path, folder: &str, above: &mut Vec<PathBuf>, files: &mut Vec<File>, faults: &mut Vec<Fault>) {
    let fault = |fault: String| Fault::Folder { path: path.to_owned(), fault };
    let listed = fs::canonicalize(path).and_then(|real| {
        let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
        Ok((real, entries.collect::<Result<Vec<PathBuf>, _>>()?))
    });
    let (real, mut paths) = match listed {
        Ok(listed) => listed,
        Err(error) => return faults.push(fault(format!("the folder cannot be read: {error}"))),
    };
    if above.contains(&real) {
        return faults.push(fault(format!("the link leads back to {}, which it lies in", real.display())));
    }
    paths.sort();
    above.push(real);
    for path in paths {
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let inside = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            walk(&path, &inside, above, files, faults);
        } else if is_yaml(&path) {
            if files.len() == MOST_FILES {
                faults
                    .push(fault(format!("there are more than {MOST_FILES} model files, which is the limit")));
                break;
            }
            match read(&path, folder) {
                Ok(file) => files.push(file),
                Err(fault) => faults.push(fault),
            }
        }
    }
    above.pop();
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_core::engine::EngineKind;

    const DECAY: &str = "name: DecayStep\ncategory: phenomenological\nparameters: {a: {default: 2}}\nstates: {x: {init: 1}}\n\
                         derivatives: {x: -a*x}\noutput: x\ntime_unit: 1 ms\n";

    fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_file_builds_on_its_folder_first_and_on_the_zoo() {
        let folder = tempfile::tempdir().unwrap();
        let variant = "name: FasterStep\nextends: DecayStep\nparameters: {a: {default: 3}}\n";
        let path = write(folder.path(), "faster.yaml", variant);
        let missing = open_model(&path).unwrap_err();
        assert!(missing.to_string().contains("there is no model `DecayStep`"), "{missing}");
        write(folder.path(), "decay.yaml", DECAY);
        write(folder.path(), "other.yaml", "name: [broken, DecayStep\n");
        assert_eq!(open_model(&path).unwrap().info().parameters[0].default, 3.0);
        let of_zoo = write(folder.path(), "hopf.yaml", "name: FastHopfStep\nextends: HopfStep\n");
        let model = open_model(&of_zoo).unwrap();
        assert_eq!(model.engine().unwrap().kind(), EngineKind::Interpreted);
        assert!(model.nodes(2).unwrap().set("a", 0.1).check().is_ok());
    }

    #[test]
    fn what_is_right_in_a_folder_is_added_and_what_is_wrong_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path();
        write(inside, "decay.yaml", DECAY);
        write(inside, "deep/faster.yml", "name: FasterStep\nextends: DecayStep\n");
        write(inside, "again.yaml", "name: DecayStep\nextends: HopfStep\n");
        write(inside, "hopf.yaml", "name: HopfStep\nextends: DecayStep\n");
        write(inside, "kuramoto.yaml", &Zoo::default().find("KuramotoNetwork").unwrap().info.yaml);
        write(inside, "run.yaml", "model: DecayStep\nduration: 10 ms\n");
        write(inside, "broken.yaml", "name: BrokenStep\nstates: {x: {init: 1}}\nderivatives: {x: -k*x}\n");
        let mut zoo = Zoo::default();
        let error = zoo.add_folder(inside).unwrap_err();
        let told: Vec<String> =
            error.diagnostics().iter().map(|d| format!("{}: {}", d.file, d.message)).collect();
        let has = |file: &str, text: &str| told.iter().any(|told| told.contains(file) && told.contains(text));
        assert!(
            has("again.yaml", "two models called `DecayStep`") || has("decay.yaml", "two models called"),
            "{told:?}"
        );
        assert!(has("hopf.yaml", "there is a model called `HopfStep` already"), "{told:?}");
        assert!(has("broken.yaml", "`k`"), "{told:?}");
        assert!(
            !told.iter().any(|told| told.contains("run.yaml") || told.contains("kuramoto.yaml")),
            "{told:?}"
        );
        assert!(zoo.find("FasterStep").unwrap().nodes(3).is_some());
        let name = inside.file_name().unwrap().to_string_lossy().into_owned();
        let names: Vec<&str> = zoo.collections().iter().map(|collection| &*collection.name).collect();
        assert!(names.contains(&&*name) && names.contains(&&*format!("{name}/deep")), "{names:?}");
        assert!(Zoo::default().with_folder(inside).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_is_told_and_followed_once() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "decay.yaml", DECAY);
        fs::create_dir(folder.path().join("inside")).unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("inside/back")).unwrap();
        let mut zoo = Zoo::default();
        let error = zoo.add_folder(folder.path()).unwrap_err();
        assert!(error.to_string().contains("inside/back: the link leads back to"), "{error}");
        assert!(zoo.find("DecayStep").is_some());
    }

    #[test]
    fn files_that_cannot_be_read_are_told_with_their_names() {
        let error = open_model("nowhere/model.yaml").unwrap_err();
        assert!(error.to_string().contains("nowhere/model.yaml"), "{error}");
        assert_eq!(error.diagnostics()[0].file, "nowhere/model.yaml");
        assert!(Zoo::default().with_folder("nowhere").unwrap_err().to_string().contains("cannot be read"));
    }
}
