//! The recipe of an experiment: its text and the files that it reads, as its results keep them.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Component, Path, PathBuf};

use brainmass_spec::yaml::{Key, Node, Value};

use super::base64;
use super::context::{Context, Named};
use super::written::written;
use brainmass_data::digest::Digest;
use brainmass_data::io::archive::ArchiveWriter;
use brainmass_data::io::read_file;
use brainmass_sim::run::{Recipe, RecipeFile};

/// The largest file whose content results keep, bytes; of larger ones they keep the digest.
pub const LARGEST_KEPT: u64 = 2 << 20;
/// The largest sum of files whose content results keep, bytes.
pub const MOST_KEPT: u64 = 8 << 20;

/// Keys of an experiment and of a fit that say what is written, not what is run.
const WRITES: [&str; 2] = ["output", "plot"];

/// Makes the recipe of an experiment that has been read from a tree.
pub fn recipe(root: &Node, context: &Context) -> Recipe {
    let named = context.named();
    let paths: Vec<&Path> = named.iter().map(|named| named.path.as_path()).collect();
    let places = places(&paths, context);
    let renamed = |node: &Node| {
        let found = named.iter().find(|named| {
            named.span.as_ref().is_some_and(|span| {
                std::sync::Arc::ptr_eq(&span.source, &node.span.source) && span.range == node.span.range
            })
        });
        found.and_then(|named| places.get(&named.path).cloned())
    };
    let experiment = written(&settings_of(root, context), &renamed);
    let mut files: Vec<RecipeFile> = Vec::new();
    let (mut archive, mut room) = (ArchiveWriter::new(), MOST_KEPT);
    for Named { path, content, .. } in &named {
        let place = &places[path];
        if files.iter().any(|file| file.path == *place) {
            continue;
        }
        let content = match content {
            Some(content) => Some(content.clone()),
            None => read_file(path, LARGEST_KEPT.min(room)).ok(),
        };
        let mut digest = Digest::default();
        let bytes = match &content {
            Some(bytes) => digest.content(bytes.as_slice()).ok(),
            None => File::open(path).and_then(|file| digest.content(file)).ok(),
        };
        let fits = |content: &Vec<u8>| content.len() as u64 <= LARGEST_KEPT.min(room);
        let kept = content.filter(fits).is_some_and(|bytes| {
            room -= bytes.len() as u64;
            archive.add(place, &bytes).is_ok()
        });
        let bytes = bytes.unwrap_or(0);
        files.push(RecipeFile { path: place.clone(), bytes, digest: digest.to_string(), kept });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let archive = files.iter().any(|file| file.kept).then(|| archive.into_bytes().ok()).flatten();
    Recipe { experiment, files, archive: archive.map(|bytes| base64::encode(&bytes)) }
}

/// Leaves out what says which files are written, checkpoints included, the folders whose models are named (those that are used are kept one by one), and a fit, a
/// sweep or a diagram that was not read.
fn settings_of(root: &Node, context: &Context) -> Node {
    let Value::Map(entries) = &root.value else { return root.clone() };
    let keep = |(key, node): &(Key, Node)| match key.text.as_str() {
        "models" | "checkpoint" => None,
        "fit" if context.leaves_fit => None,
        "sweep" if context.leaves_sweep => None,
        // Without it a run whose file says nothing of a duration would have none.
        "continuation" if context.leaves_continuation && root.entry("duration").is_some() => None,
        key if WRITES.contains(&key) => None,
        "fit" => {
            let Value::Map(entries) = &node.value else { return Some((key.clone(), node.clone())) };
            let entries = entries.iter().filter(|(key, _)| !WRITES.contains(&key.text.as_str())).cloned();
            Some((key.clone(), Node { value: Value::Map(entries.collect()), span: node.span.clone() }))
        }
        _ => Some((key.clone(), node.clone())),
    };
    Node { value: Value::Map(entries.iter().filter_map(keep).collect()), span: root.span.clone() }
}

/// Finds the path under which each file is kept: relative to the folder that holds them all, or its name alone where there is none.
fn places(paths: &[&Path], context: &Context) -> HashMap<PathBuf, String> {
    // Files of a result that is repeated keep their places in it.
    let known = |path: &Path| context.place_in_result(path);
    let absolute = |path: &Path| plain(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let folders = paths.iter().filter(|path| known(path).is_none()).map(|path| {
        let path = absolute(path);
        path.parent().map_or_else(PathBuf::new, Path::to_owned)
    });
    let root = folders.reduce(|one, other| {
        one.components()
            .zip(other.components())
            .take_while(|(one, other)| one == other)
            .map(|(one, _)| one)
            .collect()
    });
    let mut places: HashMap<PathBuf, String> = HashMap::new();
    for path in paths {
        if places.contains_key(*path) {
            continue;
        }
        let relative = known(path).unwrap_or_else(|| {
            let path = absolute(path);
            let below =
                root.as_ref().filter(|root| root.has_root()).and_then(|root| path.strip_prefix(root).ok());
            below
                .map(Path::to_owned)
                .unwrap_or_else(|| path.file_name().map(PathBuf::from).unwrap_or_default())
        });
        let parts: Vec<String> =
            relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let mut place = parts.join("/");
        let mut number = 2;
        while places.values().any(|other| *other == place) {
            place = format!("{number}-{}", parts.join("/"));
            number += 1;
        }
        places.insert((*path).to_owned(), place);
    }
    places
}

/// Resolves `.` and `..` in a path, as text: links are not followed.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use brainmass_spec::source::Source;
    use brainmass_spec::yaml::parse;

    use super::*;
    use crate::catalogue::Zoo;
    use crate::experiment::keys::{self, Key as Row};
    use crate::experiment::limits::Limits;
    use crate::experiment::models::Models;

    /// The keys that say what is written, and the folders of models, of which the models that are used are kept one by one.
    const LEFT_OUT: [&str; 6] = ["output", "plot", "models", "checkpoint", "fit.output", "fit.plot"];

    #[test]
    fn every_key_of_every_table_shows_in_the_recipe() {
        let zoo = Zoo::default();
        let context = Context::new(Models::new(&zoo, &[]), Limits::default(), None, false);
        let kept = |text: &str| recipe(&parse(&Source::new("e.yaml", text)).unwrap(), &context).experiment;
        let whole = keys::EXPERIMENT.iter().map(|table| (*table, ""));
        let sections: [(&[Row], &str); 15] = [
            (&keys::INTERACTION, "interaction"),
            (&keys::VALUES, "parameters.a"),
            (&keys::SERIES, "inputs.x_inp"),
            (&keys::SUM, "inputs.x_inp"),
            (&keys::STIMULUS, "inputs.x_inp"),
            (&keys::NOISE, "inputs.x_inp"),
            (&keys::MATRIX, "coupling.weights"),
            (&keys::CONNECTOME, "connectome"),
            (&keys::PROJECTION, "coupling"),
            (&keys::LIMITS, "limits"),
            (&keys::INSTRUMENT, "observe.m"),
            (&keys::NODES, "groups.cortex"),
            (&keys::FIT, "fit"),
            (&keys::FIT_PARAMETER, "fit.parameters.a"),
            (&keys::PRIOR, "fit.parameters.a.prior"),
        ];
        let mut left_out = Vec::new();
        for (table, section) in whole.chain(sections) {
            for key in table {
                let path = format!("{section}.{}", key.name);
                let path = path.trim_start_matches('.');
                let text = |value: &str| {
                    let start = path.split('.').map(|part| format!("{{{part}: ")).collect::<String>();
                    format!("{start}{value}{}", "}".repeat(path.split('.').count()))
                };
                if kept(&text("1")) == kept(&text("2")) {
                    left_out.push(path.to_owned());
                }
                // That it is there at all shows as well.
                let is_there = kept(&text("1")).contains(&format!("{}:", key.name));
                assert_eq!(is_there, !LEFT_OUT.contains(&path), "{path}");
            }
        }
        assert_eq!(left_out, LEFT_OUT);
    }

    #[test]
    fn files_are_kept_relative_to_the_folder_that_holds_them_all() {
        let zoo = Zoo::default();
        let context = Context::new(Models::new(&zoo, &[]), Limits::default(), None, false);
        let place = |paths: &[&str]| {
            let paths: Vec<&Path> = paths.iter().map(Path::new).collect();
            let places = places(&paths, &context);
            paths.iter().map(|path| places[*path].clone()).collect::<Vec<_>>()
        };
        assert_eq!(place(&["/a/b/sc.csv"]), ["sc.csv"]);
        assert_eq!(
            place(&["/a/b/sc.csv", "/a/c/d/x.npz", "/a/b/../y.npy"]),
            ["b/sc.csv", "c/d/x.npz", "y.npy"]
        );
        assert_eq!(place(&["sc.csv", "./data/x.csv"]), ["sc.csv", "data/x.csv"]);
    }
}
