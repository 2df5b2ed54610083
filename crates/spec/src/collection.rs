//! A folder of model files, compiled together: variants and layers find what they build on by its name.

use std::collections::{HashMap, HashSet};

use crate::document::{Document, Kind};
use crate::extends;
use crate::lower::{CATEGORIES, lower};
use crate::model::Model;
use crate::problem::{Problem, Problems, Report, suggestion};
use crate::yaml;

/// One file of a collection.
#[derive(Debug, Clone)]
pub struct File {
    /// How messages call it.
    pub name: String,
    /// The folder under the collection's root that it lies in; empty for the root itself.
    pub folder: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A compiled model and the folder that it came from.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The folder under the collection's root; empty for the root itself.
    pub folder: String,
    /// The model.
    pub model: Model,
}

/// Compiles all files. What is right comes back even if other files are wrong; the report holds every mistake of every file.
///
/// The models come in the order of the catalogue: by folder, category, `order`, name.
pub fn compile(files: &[File]) -> (Vec<Entry>, Option<Report>) {
    let mut found = Vec::new();
    let mut documents: Vec<(String, Document)> = Vec::new();
    // Models whose own file is wrong: what builds on them is not told that they are missing.
    let mut unread: HashSet<String> = HashSet::new();
    for file in files {
        match read(file) {
            Ok(document) => documents.push((file.folder.clone(), document)),
            Err((problems, name)) => {
                found.extend(problems);
                unread.extend(name);
            }
        }
    }
    duplicates(&documents, &mut found);
    let by_name: HashMap<String, usize> = documents
        .iter()
        .enumerate()
        .map(|(index, (_, document))| (document.name.value.clone(), index))
        .collect();
    let mut entries = Vec::new();
    for (folder, document) in &documents {
        let mut problems = Problems::default();
        let merged = merged(document, &documents, &by_name, &unread, &mut problems);
        let model = merged.and_then(|(document, hash)| lower(&document, hash, &mut problems));
        match problems.finish(()) {
            Ok(()) => entries.extend(model.map(|model| Entry { folder: folder.clone(), model })),
            Err(report) => found.extend(report.problems().to_vec()),
        }
    }
    entries.sort_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal));
    // A variant repeats the mistakes of its base: they are told once.
    let mut unique: Vec<Problem> = Vec::new();
    for problem in found {
        if !unique.contains(&problem) {
            unique.push(problem);
        }
    }
    (entries, Report::new(unique))
}

/// Compiles one file on its own.
///
/// # Errors
///
/// Every mistake in it.
pub fn compile_one(name: &str, text: &str) -> Result<Model, Report> {
    let file = File { name: name.to_owned(), folder: String::new(), bytes: text.as_bytes().to_vec() };
    let (mut entries, report) = compile(&[file]);
    match (report, entries.pop()) {
        (Some(report), _) => Err(report),
        (None, Some(entry)) => Ok(entry.model),
        (None, None) => unreachable!("a file without mistakes has a model"),
    }
}

fn rank(entry: &Entry) -> (String, usize, f64, String) {
    let category = CATEGORIES.iter().position(|category| *category == entry.model.category);
    let order = entry.model.order.unwrap_or(f64::INFINITY);
    (entry.folder.clone(), category.unwrap_or(CATEGORIES.len()), order, entry.model.name.clone())
}

fn read(file: &File) -> Result<Document, (Vec<Problem>, Option<String>)> {
    let alone = |problem: Problem| (vec![problem], None);
    let source = yaml::decode(&file.name, &file.bytes).map_err(alone)?;
    let root = yaml::parse(&source).map_err(alone)?;
    let mut problems = Problems::default();
    let document = Document::read(&source, &root, &mut problems);
    match (problems.finish(()), document) {
        (Ok(()), Some(document)) => Ok(document),
        // The file could be read, yet some entry is wrong: go on to find what else is.
        (Err(report), Some(document)) => {
            let mut all = report.problems().to_vec();
            let mut more = Problems::default();
            if document.extends.is_none() && document.cell.is_none() && document.layer.is_none() {
                lower(&document, 0, &mut more);
            }
            if let Err(report) = more.finish(()) {
                all.extend(report.problems().iter().cloned());
            }
            Err((all, Some(document.name.value)))
        }
        (Err(report), None) => Err((report.problems().to_vec(), None)),
        (Ok(()), None) => Err(alone(Problem::new(&root.span, "the file has no entries"))),
    }
}

fn duplicates(documents: &[(String, Document)], found: &mut Vec<Problem>) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for (_, document) in documents {
        let name = document.name.value.as_str();
        if let Some(other) = first.insert(name, &document.source.name) {
            let message = format!("there are two models called `{name}`; the other is in {other}");
            found.push(Problem::new(&document.name.span, message));
        }
    }
}

/// The document laid over what it extends or is made of, and the hash of all the files involved.
fn merged(
    document: &Document,
    documents: &[(String, Document)],
    by_name: &HashMap<String, usize>,
    unread: &HashSet<String>,
    problems: &mut Problems,
) -> Option<(Document, u64)> {
    let mut chain = vec![document];
    let mut seen = HashSet::from([document.name.value.as_str()]);
    while let Some(base) =
        chain.last().and_then(|last| last.extends.as_ref().or(last.cell.as_ref()).or(last.layer.as_ref()))
    {
        let Some(&index) = by_name.get(&base.value) else {
            if unread.contains(&base.value) {
                return None;
            }
            let mut known: Vec<&str> = by_name.keys().map(String::as_str).collect();
            known.sort_unstable();
            let label = suggestion(&base.value, "models", known);
            problems
                .push(Problem::new(&base.span, format!("there is no model `{}`", base.value)).label(label));
            return None;
        };
        if !seen.insert(&documents[index].1.name.value) {
            problems.push(Problem::new(&base.span, format!("`{}` builds on itself", base.value)));
            return None;
        }
        chain.push(&documents[index].1);
    }
    let hash = chain.iter().fold(FNV_OFFSET, |hash, document| fnv1a(hash, document.source.text.as_bytes()));
    let mut merged: Option<Document> = None;
    for own in chain.into_iter().rev() {
        merged = Some(match merged {
            None => own.clone(),
            Some(base) => extends::merge(&base, own, problems),
        });
    }
    merged.map(|document| (document, hash))
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// The 64-bit FNV-1a hash: the same on every machine, which is all that is asked of it.
fn fnv1a(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a model can be run as a population of nodes.
pub fn is_node(model: &Model) -> bool {
    matches!(model.kind, Kind::Node | Kind::Observation)
}
