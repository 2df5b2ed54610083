//! A sweep as tasks of an engine: the command of each, and the files beside its journal.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::failure::Failure;
use crate::text::quoted;

/// A sweep as tasks of an engine.
pub struct Submission {
    /// The name of the job.
    pub name: String,
    /// The number of tasks, each of which is a shard.
    pub tasks: u64,
    /// The threads of each task.
    pub threads: usize,
    /// The experiment file.
    pub file: PathBuf,
    /// The journal of the whole sweep, beside which those of the shards are.
    pub journal: PathBuf,
    /// Flags of each task, as words of a shell.
    pub of_tasks: Vec<String>,
    /// Flags of the command that joins the shards, as words of a shell.
    pub of_gather: Vec<String>,
    /// Further options of the engine, as they were typed.
    pub options: Vec<String>,
}

impl Submission {
    /// Returns the line of a shell that runs the task whose number, from 1, is in an environment variable.
    pub fn task(&self, variable: &str) -> Result<String, Failure> {
        let (start, threads) = (self.start()?, self.threads);
        let shard = format!("\"${variable}/{}\"", self.tasks);
        let words = [&start[..], &[format!("--threads {threads} --wait --quiet")], &self.of_tasks].concat();
        Ok(format!("{} --shard {shard}", words.join(" ")))
    }

    /// Returns the line of a shell that joins the shards and writes the results.
    pub fn gather(&self) -> Result<String, Failure> {
        let folder = quoted(&utf8(&self.folder())?);
        let words = [&self.start()?[..], &[format!("--gather {folder}")], &self.of_gather].concat();
        Ok(words.join(" "))
    }

    /// Returns the first words of a command.
    fn start(&self) -> Result<[String; 4], Failure> {
        let program = env::current_exe();
        let program =
            program.map_err(|error| Failure::new(format!("cannot tell where this program is: {error}")))?;
        Ok(["exec".to_owned(), quoted(&utf8(&program)?), "sweep".to_owned(), quoted(&utf8(&self.file)?)])
    }

    /// Returns the folder of the journals.
    pub fn folder(&self) -> PathBuf {
        let folder = self.journal.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new(".")).to_owned()
    }

    /// Returns the path of a file beside the journal, with an ending of its own.
    pub fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.journal.file_stem().unwrap_or_default().to_owned();
        name.push(ending);
        self.journal.with_file_name(name)
    }
}

/// Returns a path as text, which scripts are made of.
pub fn utf8(path: &Path) -> Result<String, Failure> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        Failure::new(format!("the name of `{}` is no text, and cannot stand in a script", path.display()))
    })
}

/// Runs a program of an engine and returns what it printed.
pub fn ask<S: AsRef<OsStr>>(program: &str, arguments: &[S], hint: &str) -> Result<String, Failure> {
    let output = Command::new(program).args(arguments).output();
    let Output { status, stdout, stderr } =
        output.map_err(|error| Failure::new(format!("cannot run `{program}`: {error}")).hint(hint))?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        return Err(Failure::new(format!("`{program}` failed ({status}): {}", said.trim())));
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}
