//! The error of models that could not be read.

use std::fmt;
use std::path::PathBuf;

use brainmass_data::io::IoError;
use brainmass_spec::problem::{Diagnostic, Problem};
use brainmass_spec::source::Span;

/// The error of models that could not be read: all that is wrong with their files.
pub struct LoadError {
    pub(super) faults: Vec<Fault>,
}

/// A fault of a file or a folder.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file cannot be read.
    File(IoError),
    /// The folder cannot be read, or not all of it.
    Folder { path: PathBuf, fault: String },
    /// The text of a file has a mistake.
    Model(Box<Problem>),
}

impl LoadError {
    pub(super) fn of(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }

    /// Returns the mistakes in the texts of files, in the order in which they were found.
    pub fn mistakes(&self) -> impl Iterator<Item = &Problem> {
        self.faults.iter().filter_map(|fault| match fault {
            Fault::Model(problem) => Some(&**problem),
            Fault::File(_) | Fault::Folder { .. } => None,
        })
    }

    /// Returns a sentence for each file and folder that could not be read.
    pub fn unread(&self) -> impl Iterator<Item = String> {
        self.faults.iter().filter_map(|fault| match fault {
            Fault::File(error) => Some(error.to_string()),
            Fault::Folder { path, fault } => Some(format!("{}: {fault}", path.display())),
            Fault::Model(_) => None,
        })
    }

    /// Returns all that is wrong as mistakes; what could not be read is one of the text at `span` that names it.
    pub(crate) fn problems(&self, span: &Span) -> Vec<Problem> {
        let unread = self.unread().map(|message| Problem::new(span, message));
        unread.chain(self.mistakes().cloned()).collect()
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

impl fmt::Debug for LoadError {
    /// Shows what is wrong as text, as a `main` that returns it prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there are models that cannot be read\n\n{self}")
    }
}

impl std::error::Error for LoadError {}
