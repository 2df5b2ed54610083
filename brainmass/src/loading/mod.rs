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

mod error;
mod files;
mod new_experiment;
mod new_model;

use std::path::{Path, PathBuf};

use brainmass_core::registry::Entry;
use brainmass_core::shared::List;
use brainmass_spec::collection::{self, Content, File, Known};
use brainmass_spec::model::Model;
use brainmass_spec::problem::{Problem, Problems, Report, suggestion};
use brainmass_spec::source::Span;
use brainmass_spec::yaml;

pub use brainmass_core::loaded::{LoadedModel, Nodes};
pub use brainmass_spec::model::Model as CheckedModel;
pub use error::LoadError;
pub use new_experiment::new_experiment;
pub use new_model::{NewModel, new_model};

use crate::catalogue::Zoo;
use error::Fault;

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
        let own = files::read(path, "").map_err(|fault| LoadError { faults: vec![fault] })?;
        self.open_read(path, own, &mut Vec::new())
    }

    /// Opens a model file that is read already, and adds the files that it builds on to `read`.
    pub(crate) fn open_read(
        &self,
        path: &Path,
        own: File,
        read: &mut Vec<PathBuf>,
    ) -> Result<LoadedModel, LoadError> {
        not_an_experiment(&own)?;
        let beside = beside(path, &own);
        let mut files = vec![own];
        for (path, base) in beside {
            read.push(path);
            files.push(base);
        }
        self.compile_first(&files)
    }

    /// Checks a model file, or the file of a model of this zoo by its name, and returns the model as the compiler has it: every name resolved, every
    /// unit sound. [`brainmass_spec::compare`] tells what differs between two of them.
    ///
    /// # Errors
    ///
    /// The file cannot be read or has mistakes, or a file that it builds on has.
    pub fn checked(&self, name: &str) -> Result<Model, LoadError> {
        let mut files = match self.find(name) {
            Some(entry) => text_files(entry),
            None => {
                vec![files::read(Path::new(name), "").map_err(|fault| LoadError { faults: vec![fault] })?]
            }
        };
        not_an_experiment(&files[0])?;
        if self.find(name).is_none() {
            files.extend(beside(Path::new(name), &files[0]).into_iter().map(|(_, base)| base));
        }
        self.first_checked(&files)
    }

    /// Checks the text of a model, which may build on models of this zoo, as [`Zoo::checked`] does; `name` is what messages call the text.
    ///
    /// # Errors
    ///
    /// The text has mistakes.
    pub fn checked_text(&self, name: &str, text: &str) -> Result<Model, LoadError> {
        let bytes = text.as_bytes().into();
        self.first_checked(&[File { name: name.to_owned(), folder: String::new(), bytes }])
    }

    /// Returns the first model of some files as the compiler has it.
    fn first_checked(&self, files: &[File]) -> Result<Model, LoadError> {
        let (mut entries, report) = collection::compile_beside(files, &self.known());
        let first = entries.iter().position(|entry| entry.model.source.name == files[0].name);
        match (first, report) {
            (Some(index), None) => Ok(entries.swap_remove(index).model),
            (_, report) => {
                let problems = report.iter().flat_map(|report| report.problems()).cloned();
                Err(LoadError { faults: problems.map(|problem| Fault::Model(Box::new(problem))).collect() })
            }
        }
    }

    /// Returns what is wrong with model files, each given by its name and its bytes. They may build on each other, on models of their folders and on
    /// those of this zoo.
    pub fn check_files(&self, given: &[(PathBuf, Vec<u8>)]) -> Option<Report> {
        let file = |(path, bytes): &(PathBuf, Vec<u8>)| File {
            name: path.display().to_string(),
            folder: String::new(),
            bytes: bytes.as_slice().into(),
        };
        let files: Vec<File> = given.iter().map(file).collect();
        let name = |file: &File| collection::names(file).map(|(name, _)| name.value);
        let names: Vec<Option<String>> = files.iter().map(name).collect();
        let mut found = Problems::default();
        let mut add = |files: &[File], about: &dyn Fn(&str) -> bool| {
            let report = collection::compile_beside(files, &self.known()).1;
            let problems = report.iter().flat_map(|report| report.problems());
            problems
                .filter(|problem| about(&problem.span.source.name))
                .for_each(|problem| found.push(problem.clone()));
        };
        // What builds on files of its folder that are not given is compiled with these; the folder of another file may have others of their names.
        let mut apart: Vec<&str> = Vec::new();
        for ((path, _), own) in given.iter().zip(&files) {
            let mut bases: Vec<File> = beside(path, own).into_iter().map(|(_, base)| base).collect();
            bases.retain(|base| collection::is_data(base) || !names.contains(&name(base)));
            if bases.is_empty() {
                continue;
            }
            apart.push(&own.name);
            let others = files.iter().filter(|other| other.name != own.name);
            let together: Vec<File> = [own].into_iter().chain(&bases).chain(others).cloned().collect();
            add(&together, &|file| file == own.name || bases.iter().any(|base| base.name == file));
        }
        add(&files, &|file| !apart.contains(&file));
        found.finish(()).err()
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
            bytes: text.as_bytes().into(),
        }])
    }

    /// Makes a model of this zoo anew from its text, to be interpreted. It gives the numbers that the model itself gives.
    ///
    /// # Errors
    ///
    /// There is no such model; the text says which may have been meant.
    pub fn interpreted(&self, name: &str) -> Result<LoadedModel, String> {
        let Some(entry) = self.find(name) else {
            let names = self.entries().map(Entry::name);
            return Err(format!("there is no model `{name}`: {}", suggestion(name, "models", names)));
        };
        let (models, report) = collection::compile_beside(&text_files(entry), &self.known());
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
            Some(other) if other.yaml().as_bytes() != &*file.bytes => {
                faults.push(name_is_taken(&name.value, &name.span));
                false
            }
            _ => true,
        }
    }

    fn known(&self) -> Vec<Known<'_>> {
        self.entries().map(Entry::known).collect()
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
        self.add_folder_reading(path.as_ref(), &mut Vec::new())
    }

    /// Adds the models of a folder, and the files that were looked at to `read`.
    pub(crate) fn add_folder_reading(
        &mut self,
        path: &Path,
        read: &mut Vec<PathBuf>,
    ) -> Result<(), LoadError> {
        let (models, outcome) = self.models_of_folder(path, read);
        let root =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into());
        let mut folders: Vec<(String, Vec<Entry>)> = Vec::new();
        for FolderModel { folder, entry, .. } in models {
            match folders.last_mut().filter(|(known, _)| *known == folder) {
                Some((_, entries)) => entries.push(entry),
                None => folders.push((folder, vec![entry])),
            }
        }
        for (folder, models) in folders {
            let name = if folder.is_empty() { root.clone() } else { format!("{root}/{folder}") };
            let added = std::mem::take(self).with(name, List::from(models));
            *self = added.unwrap_or_else(|message| unreachable!("names have been compared: {message}"));
        }
        outcome
    }

    /// Reads the models of a folder and of the folders in it that [`Zoo::add_folder`] would add, and all that is wrong with other files.
    pub fn folder_models(&self, path: impl AsRef<Path>) -> (Vec<FolderModel>, Result<(), LoadError>) {
        self.models_of_folder(path.as_ref(), &mut Vec::new())
    }

    fn models_of_folder(
        &self,
        path: &Path,
        read: &mut Vec<PathBuf>,
    ) -> (Vec<FolderModel>, Result<(), LoadError>) {
        let mut faults = Vec::new();
        let (paths, mut files): (Vec<PathBuf>, Vec<File>) =
            files::of_folder(path, &mut faults).into_iter().unzip();
        read.extend(paths);
        files.retain(|file| {
            collection::is_data(file) || collection::is_model(file) && self.has_own_name(file, &mut faults)
        });
        let (entries, report) = collection::compile_beside(&files, &self.known());
        let problems = report.iter().flat_map(|report| report.problems()).cloned();
        faults.extend(problems.map(|problem| Fault::Model(Box::new(problem))));
        let mut models = Vec::new();
        for collection::Entry { folder, model } in entries {
            match self.find(&model.name) {
                // The same text is the same model, unless it builds on another one.
                Some(other) if other.info.hash != model.hash => {
                    faults.push(name_is_taken(&model.name, &model.name_span));
                }
                Some(_) => {}
                None => {
                    let entry = Entry::from(&LoadedModel::new(&model, self.entries()));
                    models.push(FolderModel { folder, model, entry });
                }
            }
        }
        (models, LoadError::of(faults))
    }
}

/// A model that stands in a folder.
#[derive(Debug, Clone)]
pub struct FolderModel {
    /// The folder in which its file lies, within the one that was asked for; empty for that one itself.
    pub folder: String,
    /// The model as the compiler knows it.
    pub model: Model,
    /// The model as it stands in lists.
    pub entry: Entry,
}

/// The fault of a name that a model of the zoo has.
fn name_is_taken(name: &str, span: &Span) -> Fault {
    let problem = Problem::new(span, format!("there is a model called `{name}` already"));
    Fault::Model(Box::new(problem.help("give this one another name")))
}

/// The place in results of the model `base`, on which the one in the file `path` builds. Each has a folder of its own, so that files of tables that
/// have one name stay apart.
pub(crate) fn place_of_base(path: &Path, base: &str) -> PathBuf {
    path.with_file_name(base).join(format!("{base}.yaml"))
}

/// Reads what a file builds on, and what that builds on in turn, as far as it stands in files of its folder, or in a folder beside the file that
/// has its name, as results keep it. Files are kept only if they have a name that is asked for; where several have it, that is told when they are
/// compiled together.
fn bases_of(path: &Path, own: &File) -> Vec<(PathBuf, File)> {
    let mut found: Vec<(PathBuf, File)> = Vec::new();
    let mut siblings: Option<Vec<PathBuf>> = None;
    let mut wanted = collection::names(own).and_then(|(_, base)| base);
    while let Some(base) = wanted.take() {
        let siblings = siblings.get_or_insert_with(|| files::siblings_of(path));
        let mut bases = files::take_bases(siblings, &base);
        if bases.is_empty() {
            let builder = found.last().map_or(path, |(path, _)| path);
            let place = Some(place_of_base(builder, &base)).filter(|place| place.is_file());
            bases = files::take_bases(&mut place.into_iter().collect(), &base);
        }
        wanted = bases.first().and_then(|(_, file)| collection::names(file)).and_then(|(_, base)| base);
        found.extend(bases);
    }
    found
}

/// Reads all that stands beside a model file and belongs to it: what it builds on, and the tables of both.
fn beside(path: &Path, own: &File) -> Vec<(PathBuf, File)> {
    let bases = bases_of(path, own);
    let mut known = files::Tables::new();
    let mut tables = files::tables_of(path, own, &mut known);
    for (path, base) in &bases {
        tables.extend(files::tables_of(path, base, &mut known));
    }
    bases.into_iter().chain(tables).collect()
}

/// The text of a model with the files of its tables, as if they lay beside each other.
fn text_files(entry: &Entry) -> Vec<File> {
    let Known { name, yaml, data } = entry.known();
    let file =
        |name: &str, bytes: &[u8]| File { name: name.to_owned(), folder: String::new(), bytes: bytes.into() };
    let tables = data.into_iter().map(|(name, bytes)| file(name, bytes));
    [file(name, yaml.as_bytes())].into_iter().chain(tables).collect()
}

/// Refuses a file that describes an experiment, with what to do about it.
fn not_an_experiment(file: &File) -> Result<(), LoadError> {
    let root = yaml::decode(&file.name, &file.bytes).and_then(|source| yaml::parse(&source));
    let Some(root) = root.ok().filter(|root| collection::content(root) == Content::Experiment) else {
        return Ok(());
    };
    let key = ["model", "groups", "duration"].into_iter().find_map(|key| root.entry(key));
    let span = key.map_or(&root.span, |node| &node.span);
    let problem = Problem::new(span, "this is an experiment, and a model file is expected");
    let problem = problem.help(format!("`brainmass run {}` runs it", file.name));
    LoadError::of(vec![Fault::Model(Box::new(problem))])
}

#[cfg(test)]
mod tests {
    use std::fs;

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

    const LOOKING: &str = "name: LookingStep\ncategory: phenomenological\nstates: {x: {init: 1}}\nderivatives: {x: rate(x) - x}\n\
                           output: x\ntime_unit: 1 ms\ntables: {rate: {file: deep/rate.npy, axes: {x: {from: 0, to: 1}}}}\n";

    #[test]
    fn models_that_name_one_table_share_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "looking.yaml", LOOKING);
        write(folder.path(), "other.yaml", &LOOKING.replace("LookingStep", "OtherStep"));
        let inside = LOOKING.replace("LookingStep", "InsideStep").replace("deep/", "");
        write(folder.path(), "deep/inside.yaml", &inside);
        let header = format!("{:<117}\n", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }");
        let bytes = [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &[0; 16]].concat();
        fs::write(folder.path().join("deep/rate.npy"), bytes).unwrap();
        let (models, outcome) = Zoo::default().folder_models(folder.path());
        outcome.unwrap();
        let files: Vec<_> = models.iter().map(|found| &found.model.tables[0].values.file).collect();
        assert_eq!(files.len(), 3);
        assert!(files.iter().all(|file| std::sync::Arc::ptr_eq(file, files[0])));
    }

    #[test]
    fn tables_that_are_too_large_together_are_told_before_all_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let axes = "axes: {x: {from: 0, to: 1}}";
        let tables: String = (0..8).map(|i| format!("  t{i}: {{file: t{i}.npy, {axes}}}\n")).collect();
        let head = LOOKING.split_once("tables:").unwrap().0;
        let path = write(folder.path(), "looking.yaml", &format!("{head}tables:\n{tables}"));
        for index in 0..8 {
            let file = fs::File::create(folder.path().join(format!("t{index}.npy"))).unwrap();
            file.set_len(16 << 20).unwrap();
        }
        let own = files::read(&path, "").unwrap();
        assert_eq!(files::tables_of(&path, &own, &mut files::Tables::new()).len(), 5);
        let error = open_model(&path).unwrap_err();
        assert_eq!(error.mistakes().count(), 1, "{error}");
        assert!(error.to_string().contains("more than 64 MiB together"), "{error}");
    }

    #[test]
    fn files_that_cannot_be_read_are_told_with_their_names() {
        let error = open_model("nowhere/model.yaml").unwrap_err();
        assert!(error.to_string().contains("nowhere/model.yaml"), "{error}");
        assert_eq!(error.diagnostics()[0].file, "nowhere/model.yaml");
        assert!(Zoo::default().with_folder("nowhere").unwrap_err().to_string().contains("cannot be read"));
    }
}
