//! Model files on the disk: one by its name, those beside it, those of a folder.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use brainmass_data::io;
use brainmass_spec::collection::{self, File};
use brainmass_spec::source::MAX_BYTES;
use brainmass_spec::table;

use super::error::Fault;

/// Most files that are looked at in a folder of models.
const MOST_FILES: usize = 10_000;

/// Reads a file.
pub(super) fn read(path: &Path, folder: &str) -> Result<File, Fault> {
    let bytes = io::read_file(path, MAX_BYTES as u64 + 1).map_err(Fault::File)?;
    Ok(File { name: path.display().to_string(), folder: folder.to_owned(), bytes: bytes.into() })
}

/// The files of tables that have been read, by their paths.
pub(super) type Tables = HashMap<PathBuf, Arc<[u8]>>;

/// Reads the files of the tables that a model file names, unless they are among those that have been read. One that cannot be read counts as
/// absent, which the compiler tells. Once they are too large together, which it tells as well, no more are read.
pub(super) fn tables_of(path: &Path, model: &File, known: &mut Tables) -> Vec<(PathBuf, File)> {
    // Called as the model file is, of which the name may be other than the path.
    let folder = model.name.rfind(['/', '\\']).map_or("", |end| &model.name[..=end]);
    let mut found = Vec::new();
    let mut sum = 0;
    for name in collection::data_names(model) {
        let path = path.with_file_name(&name);
        let Some(bytes) = known.get(&path).cloned().or_else(|| table(&path)) else { continue };
        known.insert(path.clone(), Arc::clone(&bytes));
        sum += bytes.len();
        found.push((path, File { name: format!("{folder}{name}"), folder: model.folder.clone(), bytes }));
        if sum > table::MAX_SUM {
            break;
        }
    }
    found
}

/// Reads the file of a table.
fn table(path: &Path) -> Option<Arc<[u8]>> {
    // A pipe would be waited for without an end.
    let is_file = path.metadata().is_ok_and(|found| found.is_file());
    let bytes = is_file.then(|| io::read_file(path, table::MAX_BYTES as u64 + 1))?.ok()?;
    Some(bytes.into())
}

fn is_yaml(path: &Path) -> bool {
    matches!(io::ending(path).as_str(), "yaml" | "yml")
}

/// Lists the other YAML files in the folder of a file, in the order of their names.
pub(super) fn siblings_of(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    // Without the `.` of the present folder, so that messages call the files as the user does.
    let own = path.parent().unwrap_or(Path::new(""));
    let names = entries.map(|entry| own.join(entry.file_name()));
    let mut paths: Vec<PathBuf> = names
        .filter(|other| is_yaml(other) && other.file_name() != path.file_name() && other.is_file())
        .take(MOST_FILES)
        .collect();
    paths.sort();
    paths
}

/// Takes the files out of `paths` that hold a model of this name: one, unless several texts claim the name. A file that cannot be read is passed
/// over; one with mistakes is taken.
pub(super) fn take_bases(paths: &mut Vec<PathBuf>, name: &str) -> Vec<(PathBuf, File)> {
    let holds = |file: &File| {
        mentions(file, name) && collection::names(file).is_some_and(|(own, _)| own.value == name)
    };
    let mut found: Vec<(PathBuf, File)> = Vec::new();
    paths.retain(|path| {
        let Some(file) = read(path, "").ok().filter(holds) else { return true };
        if found.iter().all(|(_, other)| other.bytes != file.bytes) {
            found.push((path.clone(), file));
        }
        false
    });
    found
}

/// Whether the bytes of a file contain a text.
fn mentions(file: &File, text: &str) -> bool {
    file.bytes.windows(text.len().max(1)).any(|window| window == text.as_bytes())
}

/// Reads the model files of a folder and of those in it, in the order of their names.
pub(super) fn of_folder(path: &Path, faults: &mut Vec<Fault>) -> Vec<(PathBuf, File)> {
    let mut files = Vec::new();
    walk(path, "", &mut Visited::default(), &mut files, faults);
    files
}

/// The folders that have been visited, by their true paths, and what has been read in them.
#[derive(Default)]
struct Visited {
    /// The folders that lead to where the walk is.
    above: Vec<PathBuf>,
    /// All folders that have been visited.
    all: HashSet<PathBuf>,
    /// The number of model files that have been read.
    models: usize,
    /// The tables that have been read.
    tables: Tables,
    /// The paths of the tables that stand among the files.
    added: HashSet<PathBuf>,
}

/// Reads the model files of a folder and of those in it. A folder that links lead to twice is read once.
fn walk(
    path: &Path,
    folder: &str,
    visited: &mut Visited,
    files: &mut Vec<(PathBuf, File)>,
    faults: &mut Vec<Fault>,
) {
    let fault = |fault: String| Fault::Folder { path: path.to_owned(), fault };
    let listed = fs::canonicalize(path).and_then(|real| {
        let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
        Ok((real, entries.collect::<Result<Vec<PathBuf>, _>>()?))
    });
    let (real, mut paths) = match listed {
        Ok(listed) => listed,
        Err(error) => return faults.push(fault(format!("the folder cannot be read: {error}"))),
    };
    if visited.above.contains(&real) {
        return faults.push(fault(format!("the link leads back to {}, which it lies in", real.display())));
    }
    if !visited.all.insert(real.clone()) {
        return;
    }
    paths.sort();
    visited.above.push(real);
    for path in paths {
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let inside = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            walk(&path, &inside, visited, files, faults);
        } else if is_yaml(&path) {
            if visited.models == MOST_FILES {
                faults
                    .push(fault(format!("there are more than {MOST_FILES} model files, which is the limit")));
                break;
            }
            // A pipe would be waited for without an end.
            if path.metadata().is_ok_and(|found| !found.is_file()) {
                faults.push(Fault::Folder { path, fault: "is not a file".to_owned() });
                continue;
            }
            match read(&path, folder) {
                Ok(file) => {
                    let mut tables = tables_of(&path, &file, &mut visited.tables);
                    // The files are called by their paths: one that another model names, too, is there already.
                    tables.retain(|(path, _)| visited.added.insert(path.clone()));
                    visited.models += 1;
                    files.push((path, file));
                    files.extend(tables);
                }
                Err(fault) => faults.push(fault),
            }
        }
    }
    visited.above.pop();
}
