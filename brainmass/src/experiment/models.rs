//! The models that an experiment can name, and what has been made of them so far.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

use brainmass_spec::problem::{Problem, Problems};

use crate::catalogue::Zoo;
use brainmass_core::registry::Entry;

/// The text of a model file that was read before the experiment.
#[derive(Debug, Clone)]
pub struct ReadText {
    pub path: PathBuf,
    pub text: String,
}

/// The models that an experiment can name.
pub struct Models<'z> {
    /// The models with names: those of the library, and of folders.
    pub zoo: Cow<'z, Zoo>,
    /// The mistakes in the folders.
    pub faults: Vec<Problem>,
    texts: &'z [ReadText],
    /// The files that were opened, each once, whatever happens to it later; `None` for those with mistakes.
    pub opened: RefCell<Vec<(PathBuf, Option<Entry>)>>,
    /// The models that are used: by what they are named, and what they are.
    pub used: RefCell<Vec<(String, Entry)>>,
}

impl<'z> Models<'z> {
    pub fn new(zoo: &'z Zoo, texts: &'z [ReadText]) -> Self {
        Self {
            zoo: Cow::Borrowed(zoo),
            faults: Vec::new(),
            texts,
            opened: RefCell::default(),
            used: RefCell::default(),
        }
    }

    /// Returns the text of a file that was read before. The path as text stands for the file, whose own path may be none.
    pub fn text_of(&self, path: &Path) -> Option<&ReadText> {
        self.texts.iter().find(|known| known.path.to_string_lossy() == path.to_string_lossy())
    }

    /// Warns of what is wrong in the folders, which keeps nobody from using what is right there.
    pub fn warn_of_folders(&self, problems: &mut Problems) {
        self.faults.iter().for_each(|fault| problems.warn(fault.clone()));
    }
}
