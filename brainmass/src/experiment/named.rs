//! The key `models`, and the names of models and rules: those of the library, those of folders, and those of files.

use brainmass_spec::collection::File;
use brainmass_spec::fields::text;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::yaml::{Node, Value};

use super::context::Context;
use super::keys::Keys;
use super::models::Models;
use crate::catalogue::Zoo;
use brainmass_core::info::Kind;
use brainmass_core::registry::{Create, Entry};
use brainmass_data::io::read_file;

use crate::loading::place_of_base;
use crate::missing;

/// The kind of model that is looked for under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A model that has nodes.
    Nodes,
    /// A coupling rule.
    Rule,
}

impl Wanted {
    /// The word for several of these.
    fn plural(self) -> &'static str {
        match self {
            Self::Nodes => "models",
            Self::Rule => "rules",
        }
    }

    fn is(self, entry: &Entry) -> bool {
        match (self, &entry.create) {
            (Self::Nodes, Create::Node(_)) | (Self::Rule, Create::Rule(_)) => true,
            (_, Create::Node(_) | Create::Rule(_) | Create::Sequence) => false,
        }
    }

    /// Says what may have been meant by a name, or else what there is.
    pub fn suggestion(self, name: &str, context: &Context) -> String {
        let known = context.models.zoo.entries().filter(|entry| self.is(entry));
        let hint = suggestion(name, self.plural(), known.map(Entry::name));
        match self {
            Self::Nodes if !hint.starts_with("did you mean") => format!("{hint}; `brainmass list` shows all"),
            Self::Nodes | Self::Rule => hint,
        }
    }
}

/// Reads the key `models`, folders whose models can be named.
pub fn add_folders(keys: &mut Keys, context: &mut Context, problems: &mut Problems) {
    let Some(node) = keys.take("models", problems) else { return };
    let folders: &[Node] = match &node.value {
        Value::List(items) => items,
        Value::Null | Value::Scalar(_) | Value::Map(_) => std::slice::from_ref(node),
    };
    for folder in folders {
        let Some(name) = text(folder, problems) else { continue };
        let path = context.path(&name);
        if !path.is_dir() {
            let problem = Problem::new(&name.span, format!("there is no folder `{}`", path.display()));
            let is_file = path.is_file();
            problems.push(if is_file {
                problem.help(format!("this is a file, which is named as in `model: {}`", name.value))
            } else {
                problem
            });
            continue;
        }
        let mut read = Vec::new();
        if let Err(error) = context.models.zoo.to_mut().add_folder_reading(&path, &mut read) {
            context.models.faults.extend(error.problems(&name.span));
        }
        context.note(read);
    }
}

/// Finds the model of a name or of a file; what is wrong is reported.
pub fn find(
    name: &Spanned<String>,
    wanted: Wanted,
    context: &Context,
    problems: &mut Problems,
) -> Option<Entry> {
    let models = &context.models;
    let path = context.path(name);
    let entry = if is_file(&name.value) || models.text_of(&path).is_some() {
        open(name, context, problems)?
    } else if let Some(entry) = models.zoo.find(&name.value) {
        keep_own(name, entry, context);
        entry.clone()
    } else {
        let what = wanted.plural().trim_end_matches('s');
        let problem = Problem::new(&name.span, format!("there is no {what} `{}`", name.value));
        let problem = problem.help(wanted.suggestion(&name.value, context));
        let endings = ["yaml", "yml"].map(|ending| format!("{}.{ending}", name.value));
        let file = endings.iter().find(|file| {
            !name.value.is_empty()
                && context.path(&Spanned::new((*file).clone(), name.span.clone())).is_file()
        });
        problems.push(match file {
            Some(file) => problem.help(format!("there is a file `{file}`: name it with its ending")),
            None => problem,
        });
        // It may be among those that could not be read.
        models.faults.iter().for_each(|fault| problems.push(fault.clone()));
        return None;
    };
    if !wanted.is(&entry) {
        let what = describe(entry.info.kind);
        let problem = Problem::new(&name.span, format!("`{}` is {what}", name.value));
        problems.push(problem.help(match wanted {
            Wanted::Nodes => "a model of nodes is needed".to_owned(),
            Wanted::Rule => wanted.suggestion(&name.value, context),
        }));
        return None;
    }
    is_the_only_one(name, &entry, models, problems).then_some(entry)
}

/// Whether what stands where a model is named is the name of a file. Names of models have letters and digits alone.
fn is_file(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".yaml", ".yml", ".json"].iter().any(|ending| lower.ends_with(ending)) || name.contains(['/', '\\'])
}

/// Lets results keep the text of a model that the library does not have, and of those that it builds on, as if each was a file in a
/// folder of its own, with its tables beside it.
fn keep_own(name: &Spanned<String>, entry: &Entry, context: &Context) {
    let library = Zoo::default();
    let is_own =
        |entry: &Entry| library.find(&entry.info.name).is_none_or(|known| known.info.hash != entry.info.hash);
    let mut next = Some(entry).filter(|entry| is_own(entry));
    let mut path = context.path(&Spanned::new(format!("{0}/{0}.yaml", entry.info.name), name.span.clone()));
    if next.is_some() && context.is_kept(&path) {
        return context.keep(Some(&name.span), &path, None);
    }
    let mut span = Some(&name.span);
    let mut tables = Vec::new();
    while let Some(entry) = next {
        context.keep(span.take(), &path, Some(entry.info.yaml.as_bytes().to_vec()));
        let of_table = |(table, bytes): (&str, &[u8])| (path.with_file_name(table), bytes.to_vec());
        tables.extend(entry.known().data.into_iter().map(of_table));
        let base = entry.info.extends.as_deref().and_then(|base| context.models.zoo.find(base));
        next = base.filter(|entry| is_own(entry));
        if let Some(base) = next {
            path = place_of_base(&path, &base.info.name);
        }
    }
    // After the texts, as where the model is opened by its file: a repetition keeps the files in the same order.
    tables.into_iter().for_each(|(path, bytes)| context.keep(None, &path, Some(bytes)));
}

/// Opens a model file, or gives what was opened under its name before.
fn open(name: &Spanned<String>, context: &Context, problems: &mut Problems) -> Option<Entry> {
    let path = context.path(name);
    let models = &context.models;
    context.keep(Some(&name.span), &path, models.text_of(&path).map(|known| known.text.clone().into_bytes()));
    if let Some((_, entry)) = models.opened.borrow().iter().find(|(known, _)| *known == path) {
        return entry.clone();
    }
    let known = models.text_of(&path);
    let bytes = match known {
        Some(known) => Ok(known.text.clone().into_bytes()),
        None => read_file(&path, LARGEST),
    };
    let real = known.map_or(&path, |known| &known.path);
    context.note([real.clone()]);
    let entry = match bytes {
        Err(error) => {
            let problem = Problem::new(&name.span, error.to_string());
            problems.push(match missing::way_out(real) {
                Some(help) => problem.help(help),
                None => problem,
            });
            None
        }
        Ok(bytes) => {
            let mut read = Vec::new();
            let file = File { name: real.display().to_string(), folder: String::new(), bytes: bytes.into() };
            let opened = models.zoo.open_read(real, file, &mut read);
            read.iter().for_each(|base| context.keep(None, base, None));
            context.note(read);
            if let Err(error) = &opened {
                error.problems(&name.span).into_iter().for_each(|problem| problems.push(problem));
            }
            opened.ok().map(|model| Entry::from(&model))
        }
    };
    models.opened.borrow_mut().push((path, entry.clone()));
    entry
}

/// Bytes of a file that is read; one that is larger than the compiler takes is told by the compiler.
const LARGEST: u64 = brainmass_spec::source::MAX_BYTES as u64 + 1;

/// Notes that a model is used, and reports another one of its name, as what is said of the two could not be told apart.
fn is_the_only_one(name: &Spanned<String>, entry: &Entry, models: &Models, problems: &mut Problems) -> bool {
    let mut used = models.used.borrow_mut();
    let own = &entry.info;
    let other = used.iter().find(|(_, other)| other.info.name == own.name && other.info.hash != own.hash);
    if let Some((place, _)) = other {
        let message = format!("`{}` and `{place}` are two models called `{}`", name.value, own.name);
        problems.push(Problem::new(&name.span, message).help("give one of them another name"));
        return false;
    }
    used.push((name.value.clone(), entry.clone()));
    true
}

/// Says what a model of a kind is.
fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Node => "a model of nodes",
        Kind::Coupling => "a coupling rule, which has no states of its own",
        Kind::Observation => "an observation model",
        Kind::SequenceLayer => "a layer, which is made with weights",
        Kind::SequenceNetwork => "a stack of layers, which is made with weights",
    }
}
