//! Failures of the command, and their messages.

use std::fmt::Display;
use std::io::{self, Write};

use brainmass::{ExperimentError, LoadError, RunError};
use brainmass_spec::Report;
use brainmass_spec::problem::{Problem, Problems};

use crate::interrupt::Signal;
use crate::paint::{Paint, colourful};

/// Why a command did not do what it was asked for.
pub enum Failure {
    /// A failure in a sentence, with what to do about it.
    Message {
        /// The sentence.
        message: String,
        /// A sentence on what to do.
        hint: Option<String>,
    },
    /// Mistakes in files or flags.
    Mistakes(Report),
    /// Several failures, none of which kept the others from being tried.
    Several(Vec<Failure>),
    /// A signal ended the command.
    Interrupted {
        /// The signal.
        signal: Signal,
        /// A sentence on what was done until then.
        message: String,
    },
    /// Standard output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// Creates a failure in a sentence.
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

    /// Adds what to do about it where nothing is said of that.
    pub fn or_hint(self, text: &str) -> Self {
        match self {
            Self::Message { hint: None, .. } => self.hint(text),
            other => other,
        }
    }

    /// Makes one failure of several, or none of none.
    pub fn all(mut failures: Vec<Self>) -> Result<(), Self> {
        match failures.len() {
            0 => Ok(()),
            1 => Err(failures.remove(0)),
            _ => Err(Self::Several(failures)),
        }
    }

    /// Returns whether the reader of the output is gone.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Returns the status with which the command ends: that of a signal, or 1.
    pub fn status(&self) -> u8 {
        match self {
            Self::Interrupted { signal, .. } => signal.status(),
            Self::Several(failures) => {
                let signal = failures.iter().find(|failure| matches!(failure, Self::Interrupted { .. }));
                signal.map_or(1, Self::status)
            }
            _ => 1,
        }
    }

    /// Prints the failure on standard error. There is nowhere left to tell that this failed.
    pub fn print(&self) {
        let paint = Paint::of_stderr();
        let error = paint.error("error:");
        match self {
            Self::Message { message, hint: None } => say(&format!("{error} {message}")),
            Self::Message { message, hint: Some(hint) } => {
                say(&format!("{error} {message}\n{} {hint}", paint.hint("hint:")));
            }
            Self::Mistakes(report) => say_rendered(&report.render(paint.on())),
            Self::Several(failures) => {
                for (index, failure) in failures.iter().enumerate() {
                    if index > 0 && matches!(failures[index - 1], Self::Mistakes(_)) {
                        say("");
                    }
                    failure.print();
                }
            }
            Self::Interrupted { message, .. } => say(&format!("{error} {message}")),
            Self::Output(source) => say(&format!("{error} cannot write to standard output: {source}")),
        }
    }
}

/// Returns what was read, or the problems of the flags and of the rest together.
pub fn told<T>(problems: Problems, read: Result<T, Failure>) -> Result<T, Failure> {
    match (problems.finish(()), read) {
        (Ok(()), read) => read,
        (Err(flags), Err(Failure::Mistakes(rest))) => {
            let all = [flags.problems(), rest.problems()].concat();
            Err(Report::new(all).unwrap_or(rest).into())
        }
        (Err(report), _) => Err(report.into()),
    }
}

/// Prints warnings on standard error.
pub fn warn(warnings: &[Problem]) {
    let paint = Paint::of_stderr();
    for warning in warnings {
        say_rendered(&warning.render_warning(paint.on()));
    }
}

/// Prints a warning in a sentence on standard error.
pub fn warn_of(message: &str) {
    say(&format!("{} {message}", Paint::of_stderr().warning("warning:")));
}

/// Prints what is wrong with some models as warnings, where others are used.
pub fn warn_of_models(error: &LoadError) {
    error.mistakes().for_each(|problem| warn(std::slice::from_ref(problem)));
    error.unread().for_each(|message| warn_of(&message));
}

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", colourful(text, Paint::of_stderr()));
}

/// Prints what the compiler's renderer made, which escapes control characters of files itself.
fn say_rendered(text: &str) {
    let paint = Paint::of_stderr();
    let text = if paint.on() { text.to_owned() } else { colourful(text, paint) };
    let _ = writeln!(io::stderr(), "{text}");
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
            ExperimentError::Io(error) => Self::new(error),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        let mistakes = Report::new(error.mistakes().cloned().collect());
        let mut failures: Vec<Self> = mistakes.map(Self::Mistakes).into_iter().collect();
        failures.extend(error.unread().map(Self::new));
        match failures.len() {
            1 => failures.remove(0),
            _ => Self::Several(failures),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::new(error)
    }
}
