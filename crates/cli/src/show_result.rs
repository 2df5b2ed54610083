//! The part of the command `brainmass show` that is about results.

use std::fs;
use std::path::Path;

use brainmass::experiment::{Repeat, read_provenance};
use brainmass::io::recording::{ResultValues, provenance_of};
use brainmass::io::write_file;

use crate::diff::short;
use crate::failure::Failure;
use crate::result::{arrays, settings};
use crate::table::Table;
use crate::terminal::Terminal;

/// The form in which a result is shown.
pub enum Form<'a> {
    /// Tables for readers.
    Tables,
    /// The provenance as JSON.
    Json,
    /// The text of the experiment.
    Experiment,
    /// The experiment and the files that it reads, written into a folder.
    Extract(&'a Path),
}

/// Shows how a result was made and what it holds.
pub fn run(path: &Path, form: &Form, terminal: &mut Terminal) -> Result<(), Failure> {
    match form {
        Form::Tables => tables(path, terminal),
        Form::Json => {
            read_provenance(path)?;
            let value = provenance_of(path).map_err(Failure::new)?;
            terminal.line(format!("{:#}", value.unwrap_or_default()))
        }
        Form::Experiment => terminal.line(Repeat::open(path)?.text().trim_end()),
        Form::Extract(folder) => extract(path, folder, terminal),
    }
}

fn tables(path: &Path, terminal: &mut Terminal) -> Result<(), Failure> {
    let provenance = read_provenance(path)?;
    let paint = terminal.paint;
    let simd = match provenance.simd.as_str() {
        "" => String::new(),
        name => format!(", instruction set {name}"),
    };
    let model = if provenance.model.is_empty() { "measured signals" } else { &provenance.model };
    terminal.line(format!("{}  {}", paint.title(model), path.display()))?;
    terminal.line(paint.faint(&format!("brainmass {}{simd}", provenance.brainmass)))?;
    let mut table = Table::new(["setting", "value"]);
    for (name, text) in settings(&provenance) {
        table.row([name, short(&text)]);
    }
    print(&table, "Settings", terminal)?;
    if let Some(recipe) = &provenance.recipe {
        heading("Experiment", terminal)?;
        recipe.experiment.lines().try_for_each(|line| terminal.line(format!("  {line}")))?;
        let mut table = Table::new(["file", "bytes", "kept", "digest"]);
        for file in &recipe.files {
            let kept = if file.kept { "yes" } else { "no" };
            table.row([file.path.clone(), file.bytes.to_string(), kept.to_owned(), file.digest.clone()]);
        }
        print(&table, "Files", terminal)?;
    }
    let mut table = Table::new(["array", "shape", "content"]);
    for array in arrays(path)? {
        let (shape, content) = match &array.values {
            ResultValues::Numbers(values) => (values.shape().to_vec(), "numbers".to_owned()),
            ResultValues::Texts(texts) => (vec![texts.len()], texts.join(", ")),
        };
        let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
        table.row([array.name, format!("({})", shape.join(", ")), content]);
    }
    print(&table, "Arrays", terminal)
}

fn heading(text: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    terminal.line("")?;
    terminal.line(terminal.paint.heading(text))
}

fn print(table: &Table, name: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let lines = table.lines(terminal.width, terminal.paint);
    if lines.is_empty() {
        return Ok(());
    }
    heading(name, terminal)?;
    lines.iter().try_for_each(|line| terminal.line(line))
}

/// Writes the experiment of a result, and the files that it keeps, into a folder that is new or empty.
fn extract(path: &Path, folder: &Path, terminal: &mut Terminal) -> Result<(), Failure> {
    let repeat = Repeat::open(path)?;
    let is_taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken || folder.is_file() {
        let failure = Failure::new(format!("`{}` is not empty", folder.display()));
        return Err(failure.hint("name a folder that is new or empty: nothing is written over"));
    }
    let fail =
        |error: std::io::Error| Failure::new(format!("cannot write into `{}`: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(fail)?;
    for file in repeat.files().iter().filter(|file| file.kept) {
        let to = folder.join(&file.path);
        to.parent().map_or(Ok(()), fs::create_dir_all).map_err(fail)?;
        fs::copy(repeat.kept_path(file), &to).map_err(fail)?;
        terminal.line(format!("wrote {}", to.display()))?;
    }
    let to = folder.join("experiment.yaml");
    write_file(&to, repeat.text().as_bytes()).map_err(Failure::new)?;
    terminal.line(format!("wrote {}", to.display()))
}
