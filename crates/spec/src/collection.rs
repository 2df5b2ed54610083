//! A folder of model files, compiled together: variants and layers find what they build on by its name.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::document::{self, Document, Kind};
use crate::extends::{self, Relation};
use crate::language::MODEL;
use crate::lower::{CATEGORIES, lower};
use crate::model::Model;
use crate::problem::{Problem, Problems, Report, suggestion};
use crate::source::{Source, Spanned};
use crate::table::{DataFile, ENDING, MAX_SUM, is_beside};
use crate::yaml::{self, Key, Node, Value};

/// One file of a collection: a model, or the file of a table that one names, which is known by its ending.
#[derive(Debug, Clone)]
pub struct File {
    /// Name of the file in messages.
    pub name: String,
    /// The folder under the collection's root that it lies in; empty for the root itself.
    pub folder: String,
    /// Its bytes, which models that name one file share.
    pub bytes: Arc<[u8]>,
}

/// A compiled model and the folder that it came from.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The folder under the collection's root; empty for the root itself.
    pub folder: String,
    /// The model.
    pub model: Model,
}

/// A model that files may build on although it is not among them.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// The name of the model.
    pub name: &'a str,
    /// The text of its file.
    pub yaml: &'a str,
    /// The files that it names, by their names there, with their bytes.
    pub data: Vec<(&'a str, &'a [u8])>,
}

/// Compiles all files. What is right comes back even if other files are wrong; the report holds every mistake of every file.
///
/// The models come in the order of the catalogue: by folder, category, `order`, name. Of two models with one name the second is a mistake.
pub fn compile(files: &[File]) -> (Vec<Entry>, Option<Report>) {
    compile_beside(files, &[])
}

/// Compiles all files, as [`compile`] does, where they may build on known models as well as on each other. A file that has the name of a known
/// model takes its place.
pub fn compile_beside(files: &[File], known: &[Known]) -> (Vec<Entry>, Option<Report>) {
    let mut found = Vec::new();
    let mut parsed: Vec<Parsed> = Vec::new();
    // Models whose own file is wrong: what builds on them is not told that they are missing.
    let mut unread: HashSet<String> = HashSet::new();
    for file in files.iter().filter(|file| !is_data(file)) {
        match read(file, &|name| find_data(files, file, name)) {
            Ok(file) => parsed.push(file),
            Err((problems, name)) => {
                found.extend(problems);
                unread.extend(name);
            }
        }
    }
    let repeated = duplicates(&parsed, &mut found);
    let own = parsed.len();
    add_bases(&mut parsed, known, &mut unread, &mut found);
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for (index, file) in parsed.iter().enumerate() {
        by_name.entry(file.document.name.value.as_str()).or_insert(index);
    }
    let names =
        || by_name.keys().copied().chain(known.iter().map(|known| known.name)).collect::<BTreeSet<_>>();
    let mut entries = Vec::new();
    for file in
        parsed[..own].iter().enumerate().filter(|(index, _)| !repeated.contains(index)).map(|(_, file)| file)
    {
        let mut problems = Problems::default();
        let merged = merged(file, &parsed, &by_name, &names, &unread, &mut problems);
        let model = merged.and_then(|(document, hash)| {
            misplaced(&file.root, &document, &mut problems);
            lower(&document, hash, &mut problems)
        });
        match problems.finish(()) {
            Ok(()) => entries.extend(model.map(|model| Entry { folder: file.folder.clone(), model })),
            Err(report) => found.extend(report.problems().to_vec()),
        }
    }
    entries.sort_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal));
    // A variant repeats the mistakes of its base: they are told once.
    let mut unique = Problems::default();
    found.into_iter().for_each(|problem| unique.push(problem));
    (entries, unique.finish(()).err())
}

/// The name of the model in a file and that of the model it builds on, as far as the file is a mapping that says them: it may have mistakes.
pub fn names(file: &File) -> Option<(Spanned<String>, Option<String>)> {
    let root = yaml::decode(&file.name, &file.bytes).and_then(|source| yaml::parse(&source)).ok()?;
    let said = |key: &str| match root.entry(key) {
        Some(Node { value: Value::Scalar(scalar), span }) => {
            Some(Spanned::new(scalar.text.trim().to_owned(), span.clone()))
        }
        _ => None,
    };
    let base = ["extends", "cell", "layer"].into_iter().find_map(said);
    Some((said("name")?, base.map(|base| base.value)))
}

/// Whether a file is that of a table, by its name.
pub fn is_data(file: &File) -> bool {
    file.name.ends_with(ENDING)
}

/// The names of the files of tables that a model file gives, as far as it can be read: paths from its folder, none of which leads out of it.
pub fn data_names(file: &File) -> Vec<String> {
    let root = yaml::decode(&file.name, &file.bytes).and_then(|source| yaml::parse(&source));
    root.map(|root| data_in(&root)).unwrap_or_default()
}

/// The names of the tables for which the text of a model gives the file itself, so that it does not inherit it.
pub fn tables_with_files(text: &str) -> Vec<String> {
    let root = yaml::decode("", text.as_bytes()).and_then(|source| yaml::parse(&source));
    root.map(|root| files_in(&root).into_iter().map(|(table, _)| table).collect()).unwrap_or_default()
}

/// The names of the files of tables in a tree.
fn data_in(root: &Node) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, name) in files_in(root) {
        if is_beside(&name) && name.ends_with(ENDING) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The tables in a tree that give a file, each with the name of the file.
fn files_in(root: &Node) -> Vec<(String, String)> {
    let Some(Node { value: Value::Map(tables), .. }) = root.entry("tables") else { return Vec::new() };
    let file = |(key, table): &(Key, Node)| match table.entry("file") {
        Some(Node { value: Value::Scalar(scalar), .. }) => {
            Some((key.text.clone(), scalar.text.trim().to_owned()))
        }
        _ => None,
    };
    tables.iter().filter_map(file).collect()
}

/// Tells that the tables which one file names are too large together.
fn too_large(source: &Arc<Source>) -> Option<Problem> {
    let sum: usize = source.data.iter().map(|data| data.bytes.len()).sum();
    let root = (sum > MAX_SUM).then(|| yaml::parse(source).ok())??;
    let span = root.entry("tables").map_or(&root.span, |tables| &tables.span);
    // Whoever reads the files may stop where the limit is passed.
    let message = "the files of the tables have more than 64 MiB together, which is the limit of a model";
    Some(Problem::new(span, message).help("use fewer points, or fewer tables"))
}

/// Finds the file of a table by its name: gives its path in messages, and its bytes.
type FindData<'f> = dyn Fn(&str) -> Option<(String, Arc<[u8]>)> + 'f;

/// Finds the file of a table among those that are compiled together.
fn find_data(files: &[File], model: &File, name: &str) -> Option<(String, Arc<[u8]>)> {
    let folder = model.name.rfind(['/', '\\']).map_or("", |end| &model.name[..=end]);
    let is_it = |file: &&File| {
        let inside = file.name.strip_prefix(folder);
        is_data(file) && inside.is_some_and(|inside| inside.replace('\\', "/") == name)
    };
    let file = files.iter().find(is_it)?;
    Some((file.name.clone(), Arc::clone(&file.bytes)))
}

/// The subject of a file, as far as the keys at its top tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A model: it has equations, or a name.
    Model,
    /// An experiment: it says which model or which groups it runs, or for how long.
    Experiment,
    /// Neither, or something that is not a mapping.
    Unknown,
}

/// Tells what a file is about from its tree.
pub fn content(root: &Node) -> Content {
    let has = |keys: &[&str]| keys.iter().any(|key| root.entry(key).is_some());
    if has(&["model", "groups", "duration"]) {
        Content::Experiment
    } else if has(&["name", "kind", "extends", "states", "derivatives", "post", "cell", "layer"]) {
        Content::Model
    } else {
        Content::Unknown
    }
}

/// Whether a file is to be read as a model: every file is that does not describe an experiment, so that what is wrong with it is told.
pub fn is_model(file: &File) -> bool {
    let root = yaml::decode(&file.name, &file.bytes).and_then(|source| yaml::parse(&source));
    root.map_or(true, |root| content(&root) != Content::Experiment)
}

/// Compiles one file on its own.
///
/// # Errors
///
/// Every mistake in it.
pub fn compile_one(name: &str, text: &str) -> Result<Model, Report> {
    let file = File { name: name.to_owned(), folder: String::new(), bytes: text.as_bytes().into() };
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

/// A file on its own: its tree, and what it says itself.
struct Parsed {
    folder: String,
    root: Node,
    document: Document,
}

fn read(file: &File, data: &FindData) -> Result<Parsed, (Vec<Problem>, Option<String>)> {
    let alone = |problem: Problem| (vec![problem], None);
    let mut source = yaml::decode(&file.name, &file.bytes).map_err(alone)?;
    // Most files name no table, and are parsed once.
    let has_tables = source.text.contains("tables");
    let named = if has_tables { yaml::parse(&source).map(|root| data_in(&root)) } else { Ok(Vec::new()) };
    let named = named.unwrap_or_default();
    if let Some(source) = Arc::get_mut(&mut source) {
        source.data = named
            .into_iter()
            .filter_map(|name| data(&name).map(|(path, bytes)| DataFile { name, path, bytes }))
            .collect();
    }
    if let Some(problem) = too_large(&source) {
        return Err(alone(problem));
    }
    let root = yaml::parse(&source).map_err(alone)?;
    let mut problems = Problems::default();
    let root = document::written_out(root, &mut problems);
    let document = Document::read(&source, &root, &mut problems);
    match (problems.finish(()), document) {
        (Ok(()), Some(document)) => Ok(Parsed { folder: file.folder.clone(), root, document }),
        // The file could be read, yet some entry is wrong: go on to find what else is.
        (Err(report), Some(document)) => {
            let mut all = report.problems().to_vec();
            let mut more = Problems::default();
            if base(&document).is_none() {
                misplaced(&root, &document, &mut more);
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

/// The model that a document builds on, and how.
fn base(document: &Document) -> Option<(&Spanned<String>, Relation)> {
    let of = document.cell.as_ref().or(document.layer.as_ref());
    let variant = document.extends.as_ref().map(|base| (base, Relation::Variant));
    variant.or(of.map(|base| (base, Relation::Layer)))
}

/// Reports keys of a file that have no meaning for a model of its kind.
fn misplaced(root: &Node, document: &Document, problems: &mut Problems) {
    let Value::Map(entries) = &root.value else { return };
    for (key, node) in entries {
        let Some(described) = MODEL.key(&key.text).filter(|_| node.value != Value::Null) else { continue };
        if !described.kinds.is_empty() && !described.kinds.contains(&document.kind) {
            let kinds: Vec<&str> = described.kinds.iter().map(|kind| kind.name()).collect();
            let message =
                format!("`{}` has no meaning for a model of kind `{}`", key.text, document.kind.name());
            problems.push(Problem::new(&key.span, message).help(format!("it is for {}", kinds.join(", "))));
        }
    }
}

/// Reports models that have the name of one before them; gives their places.
fn duplicates(parsed: &[Parsed], found: &mut Vec<Problem>) -> HashSet<usize> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut repeated = HashSet::new();
    for (index, Parsed { document, .. }) in parsed.iter().enumerate() {
        let name = document.name.value.as_str();
        if let Some(other) = first.get(name) {
            let message = format!("there are two models called `{name}`; the other is in {other}");
            found.push(Problem::new(&document.name.span, message));
            repeated.insert(index);
        } else {
            first.insert(name, &document.source.name);
        }
    }
    repeated
}

/// Reads the known models that files build on, and those that these build on in turn.
fn add_bases(
    parsed: &mut Vec<Parsed>,
    known: &[Known],
    unread: &mut HashSet<String>,
    found: &mut Vec<Problem>,
) {
    let mut next = 0;
    while let Some(file) = parsed.get(next) {
        next += 1;
        let Some((base, _)) = base(&file.document) else { continue };
        let is_there =
            parsed.iter().any(|file| file.document.name.value == base.value) || unread.contains(&base.value);
        let Some(known) = known.iter().find(|known| !is_there && known.name == base.value) else { continue };
        let (name, bytes) = (known.name.to_owned(), known.yaml.as_bytes().into());
        let data = |name: &str| {
            let (_, bytes) = known.data.iter().find(|(own, _)| *own == name)?;
            Some((known_path(known.name, name), Arc::from(*bytes)))
        };
        match read(&File { name: name.clone(), folder: String::new(), bytes }, &data) {
            Ok(file) => parsed.push(file),
            Err((problems, _)) => {
                found.extend(problems);
                unread.insert(name);
            }
        }
    }
}

/// The path of a file that a known model names, as [`crate::model::Table::path`] has it: another model may name one alike.
pub fn known_path(model: &str, file: &str) -> String {
    format!("{model}: {file}")
}

/// The document of a file laid over what it builds on, and the hash of all the files involved.
fn merged<'n>(
    file: &Parsed,
    parsed: &[Parsed],
    by_name: &HashMap<&str, usize>,
    names: &dyn Fn() -> BTreeSet<&'n str>,
    unread: &HashSet<String>,
    problems: &mut Problems,
) -> Option<(Document, u64)> {
    let mut chain = vec![file];
    // How each file of the chain builds on the next.
    let mut relations = Vec::new();
    let mut seen = HashSet::from([file.document.name.value.as_str()]);
    while let Some((base, relation)) = chain.last().and_then(|last| base(&last.document)) {
        let Some(&index) = by_name.get(base.value.as_str()) else {
            if unread.contains(&base.value) {
                return None;
            }
            let help = suggestion(&base.value, "models", names());
            problems.push(Problem::new(&base.span, format!("there is no model `{}`", base.value)).help(help));
            return None;
        };
        if !seen.insert(&parsed[index].document.name.value) {
            problems.push(Problem::new(&base.span, format!("`{}` builds on itself", base.value)));
            return None;
        }
        chain.push(&parsed[index]);
        relations.push(relation);
    }
    let hash = chain.iter().fold(FNV_OFFSET, |hash, file| {
        let source = &file.document.source;
        let hash = fnv1a(hash, source.text.as_bytes());
        source.data.iter().fold(hash, |hash, data| fnv1a(hash, &data.bytes))
    });
    if chain.len() == 1 {
        return Some((file.document.clone(), hash));
    }
    let mut tree = chain[chain.len() - 1].root.clone();
    for (own, relation) in chain.iter().zip(relations).rev() {
        tree = extends::merge(&tree, &own.root, relation, problems);
    }
    Document::read(&file.document.source, &tree, problems).map(|document| (document, hash))
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
