//! The model files of a folder and the tables that they name, for the programs that generate from them.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use brainmass_spec::collection::{self, File};
use brainmass_spec::table;

/// Model files with the files of their tables, and where they lie.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, folder by folder in the order of their names.
    pub files: Vec<File>,
    /// The path of each file.
    pub paths: Vec<PathBuf>,
}

impl Found {
    /// Parts the models by their folders: first those of which `is_own` takes the folder, then the others. The file of a table goes to each part
    /// that has a model which names it.
    pub fn part(self, is_own: impl Fn(&str) -> bool) -> [Self; 2] {
        let all = self.files.into_iter().zip(self.paths);
        let (tables, models): (Vec<_>, Vec<_>) = all.partition(|(file, _)| collection::is_data(file));
        let (own, others): (Vec<_>, Vec<_>) = models.into_iter().partition(|(file, _)| is_own(&file.folder));
        [own, others].map(|mut part| {
            if !tables.is_empty() {
                let of_model = |(file, path): &(File, PathBuf)| {
                    let names = collection::data_names(file).into_iter();
                    names.map(|name| path.with_file_name(name)).collect::<Vec<_>>()
                };
                let named: HashSet<PathBuf> = part.iter().flat_map(of_model).collect();
                part.extend(tables.iter().filter(|(_, path)| named.contains(path)).cloned());
            }
            let (files, paths) = part.into_iter().unzip();
            Self { files, paths }
        })
    }
}

/// Whether a file is a model file by its name: it ends in `.yaml` or `.yml`.
pub fn is_model_file(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| matches!(ending.to_ascii_lowercase().as_str(), "yaml" | "yml"))
}

/// Reads all model files of a folder and of the folders in it, with the files of tables that they name. In messages they are called by their path in the folder behind `shown`.
///
/// # Errors
///
/// A message that names the folder or file that cannot be read.
pub fn read(root: &Path, shown: &str) -> Result<Found, String> {
    let mut found = Found::default();
    read_folder(root, root, shown, &mut found)?;
    Ok(found)
}

fn read_folder(folder: &Path, root: &Path, shown: &str, found: &mut Found) -> Result<(), String> {
    let fault = |path: &Path, error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| fault(folder, error))? {
        entries.push(entry.map_err(|error| fault(folder, error))?.path());
    }
    entries.sort();
    for path in entries {
        if path.is_dir() {
            read_folder(&path, root, shown, found)?;
        } else if is_model_file(&path) {
            let inside = path.strip_prefix(root).unwrap_or(&path);
            let folder = inside.parent().map(slashes).unwrap_or_default();
            let bytes = fs::read(&path).map_err(|error| fault(&path, error))?.into();
            let file = File { name: format!("{shown}/{}", slashes(inside)), folder, bytes };
            let tables = collection::data_names(&file);
            found.files.push(file);
            found.paths.push(path.clone());
            for name in tables {
                add_table(&path.with_file_name(&name), root, shown, found)?;
            }
        }
    }
    Ok(())
}

/// A path with slashes between its parts, as messages show it everywhere.
fn slashes(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Reads the file of a table, unless another model names it, too. A file that is not there is told where its model is compiled.
fn add_table(path: &Path, root: &Path, shown: &str, found: &mut Found) -> Result<(), String> {
    if found.paths.iter().any(|known| known == path) || !path.is_file() {
        return Ok(());
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(table::MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let inside = path.strip_prefix(root).unwrap_or(path);
    // The folder is that of the model, wherever below it the file lies.
    let folder = found.files.last().map_or(String::new(), |model| model.folder.clone());
    found.files.push(File { name: format!("{shown}/{}", slashes(inside)), folder, bytes: bytes.into() });
    found.paths.push(path.to_owned());
    Ok(())
}
