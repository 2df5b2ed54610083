//! What can go wrong, and how it is told.

use std::fmt::Display;
use std::io::{self, Write};

use brainmass::{ExperimentError, RunError};
use brainmass_spec::Report;

use crate::terminal::Paint;

/// Why a command did not do what it was asked for.
pub enum Failure {
    /// In a sentence, with what to do about it.
    Message {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// Mistakes in files or flags.
    Mistakes(Report),
    /// Mistakes in files that were checked.
    Checked {
        /// All of them.
        report: Report,
        /// The sum of it.
        message: String,
    },
    /// Standard output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// A failure in a sentence.
    pub fn new(message: impl Display) -> Self {
        Self::Message { message: message.to_string(), hint: None }
    }

    /// Adds what to do about it.
    pub fn hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Message { message, .. } => Self::Message { message, hint: Some(text.into()) },
            other => other,
        }
    }

    /// Whether the reader of the output is gone.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Prints it on standard error. There is nowhere left to tell that this failed.
    pub fn print(&self) {
        let paint = Paint::of_stderr();
        let error = paint.error("error:");
        let text = match self {
            Self::Message { message, hint: None } => format!("{error} {message}"),
            Self::Message { message, hint: Some(hint) } => {
                format!("{error} {message}\n{} {hint}", paint.hint("hint:"))
            }
            Self::Mistakes(report) => report.render(paint.on()),
            Self::Checked { report, message } => {
                format!("{}\n\n{error} {message}", report.render(paint.on()))
            }
            Self::Output(source) => format!("{error} cannot write to standard output: {source}"),
        };
        let _ = writeln!(io::stderr(), "{text}");
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Mistakes(report)
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        match error {
            ExperimentError::Mistakes(report) => Self::Mistakes(report),
            other => Self::new(other),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::new(error)
    }
}
