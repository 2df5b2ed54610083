//! Models of the library that are kept as text: each is read when it is first asked for.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use brainmass_spec::collection::{self, File, Known};
use brainmass_spec::model::Model;

use super::describe::describe;
use super::model::LoadedModel;
use crate::info::{Kind, ModelInfo};
use crate::registry::{Create, CreateNodes, CreateRule, Entry, ModelText};
use crate::shared::Shared;

/// Makes the entry of a model that is kept as its text. Until more than its name and its text is asked of the entry, nothing is read. `known` returns the
/// models that it may build on.
///
/// # Panics
///
/// Reading the entry panics if the text has mistakes; the build has checked the texts of the library.
pub fn interpreted_when_read(text: &'static ModelText, known: fn() -> Vec<Known<'static>>) -> Entry {
    let unread = Arc::new(Unread { text, known, described: OnceLock::new(), loaded: OnceLock::new() });
    let create = match text.kind {
        Kind::Node | Kind::Observation => {
            let unread = Arc::clone(&unread);
            let create: Arc<CreateNodes> = Arc::new(move |count| match unread.loaded().nodes(count) {
                Some(nodes) => nodes.into(),
                None => unreachable!("{} has nodes", unread.text.name),
            });
            Create::Node(create.into())
        }
        Kind::Coupling => {
            let unread = Arc::clone(&unread);
            let create: Arc<CreateRule> = Arc::new(move || match unread.loaded().rule() {
                Some(rule) => rule,
                None => unreachable!("{} is a rule", unread.text.name),
            });
            Create::Rule(create.into())
        }
        Kind::SequenceLayer | Kind::SequenceNetwork => Create::Sequence,
    };
    Entry::of_text(text, Shared::later(unread), create)
}

/// A model that is read when it is first asked for: its text for the catalogue entry, and its equations for nodes.
struct Unread {
    text: &'static ModelText,
    known: fn() -> Vec<Known<'static>>,
    described: OnceLock<(Model, Arc<ModelInfo>)>,
    loaded: OnceLock<LoadedModel>,
}

impl Unread {
    fn described(&self) -> &(Model, Arc<ModelInfo>) {
        self.described.get_or_init(|| {
            let model = self.read();
            let info = Arc::new(describe(&model));
            (model, info)
        })
    }

    fn loaded(&self) -> &LoadedModel {
        self.loaded.get_or_init(|| {
            let (model, info) = self.described();
            LoadedModel::described(Arc::clone(info).into(), model)
        })
    }

    fn read(&self) -> Model {
        let ModelText { folder, file, name, yaml, data, .. } = self.text;
        let own =
            File { name: (*file).to_owned(), folder: (*folder).to_owned(), bytes: yaml.as_bytes().into() };
        // The files of its tables lie beside it.
        let folder_of = |file: &str| file.rfind('/').map_or(String::new(), |end| file[..=end].to_owned());
        let data = data.iter().map(|(name, bytes)| File {
            name: format!("{}{name}", folder_of(file)),
            folder: String::new(),
            bytes: (*bytes).into(),
        });
        let files: Vec<File> = [own].into_iter().chain(data).collect();
        let (mut entries, report) = collection::compile_beside(&files, &(self.known)());
        match entries.pop() {
            Some(entry) => entry.model,
            None => panic!(
                "the model {name} of the library has mistakes\n{}",
                report.map_or_else(String::new, |it| it.to_string())
            ),
        }
    }
}

impl Deref for Unread {
    type Target = ModelInfo;

    fn deref(&self) -> &ModelInfo {
        &self.described().1
    }
}
