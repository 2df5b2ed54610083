//! The command `brainmass diff`.

use std::path::Path;

use brainmass::Zoo;
use brainmass::experiment::{Reader, read_provenance, tree};
use brainmass::io::ending;
use brainmass::io::recording::{ResultArray, compare};
use brainmass::run::Provenance;
use brainmass_spec::collection::{Content, content};
use brainmass_spec::compare::{Effect, ModelChange, model_changes, version_advice};
use clap::Args;

use crate::failure::{Failure, warn};
use crate::models;
use crate::result::{arrays, is_result, settings};
use crate::table::Table;
use crate::terminal::Terminal;

/// Compare two results, two experiments or two models.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass diff a.npz b.npz
  brainmass diff experiment.yaml run.npz
  brainmass diff old_model.yaml new_model.yaml
  brainmass diff HopfStep my_hopf.yaml

Of results, the settings are compared first, then the numbers. An experiment has settings alone. Of models, equations,
defaults, units and limits are compared, whatever they look like as text, and whether results change is told.

The exit status is 0 if nothing differs, 1 if something does, 2 if the two cannot be compared.")]
pub struct Arguments {
    /// A result (.npz, .csv, .json), an experiment, a model file or the name of a model.
    first: String,
    /// Another one of these.
    second: String,
    /// Prints nothing; the exit status says whether they differ.
    #[arg(long, short)]
    quiet: bool,
}

/// One of the two things that are compared.
enum Side {
    /// A result or an experiment: its settings, and the arrays of a result.
    Run { provenance: Option<Box<Provenance>>, arrays: Option<Vec<ResultArray>>, duration: Option<String> },
    /// A model.
    Model(Box<brainmass_spec::model::Model>),
}

/// Runs the command; its exit status is that of `diff`.
pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> u8 {
    let outcome = compared(arguments, terminal);
    let printed = terminal.finish();
    match outcome.and_then(|is_same| printed.map(|()| is_same)) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(failure) if failure.is_closed_pipe() => 0,
        Err(failure) => {
            failure.print();
            2
        }
    }
}

/// Returns whether nothing differs.
fn compared(arguments: &Arguments, terminal: &mut Terminal) -> Result<bool, Failure> {
    let names = [&arguments.first, &arguments.second];
    match (side(names[0])?, side(names[1])?) {
        (Side::Model(first), Side::Model(second)) => of_models(&first, &second, arguments.quiet, terminal),
        (
            Side::Run { provenance, arrays, duration },
            Side::Run { provenance: other, arrays: others, duration: other_duration },
        ) => {
            let lasting = [duration, other_duration];
            let mut is_same =
                of_settings(provenance.as_deref(), other.as_deref(), lasting, arguments, terminal)?;
            if let Some((first, second)) = arrays.zip(others) {
                is_same &= of_arrays(&first, &second, arguments.quiet, terminal)?;
            }
            Ok(is_same)
        }
        (Side::Model(_), Side::Run { .. }) | (Side::Run { .. }, Side::Model(_)) => {
            let failure = Failure::new(format!("`{}` and `{}` are of two kinds", names[0], names[1]));
            Err(failure.hint("compare a model with a model, and a result or an experiment with one of these"))
        }
    }
}

fn side(name: &str) -> Result<Side, Failure> {
    let path = Path::new(name);
    if is_result(path) {
        let provenance = match read_provenance(path) {
            Ok(provenance) => Some(Box::new(provenance)),
            // Numbers of other programs can be compared as well.
            Err(brainmass::experiment::RepeatError::NoProvenance { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        return Ok(Side::Run { provenance, arrays: Some(arrays(path)?), duration: None });
    }
    let is_file = ["yaml", "yml", "json"].contains(&ending(path).as_str()) || path.is_file();
    if is_file && content(&tree(path)?) != Content::Model {
        let root = tree(path)?;
        let reader = Reader::new().file(path).without_fit().without_sweep().without_continuation();
        let (experiment, session) = reader.start(&root)?;
        warn(&experiment.warnings);
        let duration = Some(format!("{} ms", experiment.timing.duration));
        let provenance = Some(Box::new(session.provenance().clone()));
        return Ok(Side::Run { provenance, arrays: None, duration });
    }
    if !is_file {
        models::find(&Zoo::default(), name)?;
    }
    Ok(Side::Model(Box::new(Zoo::default().checked(name)?)))
}

fn of_settings(
    first: Option<&Provenance>,
    second: Option<&Provenance>,
    durations: [Option<String>; 2],
    arguments: &Arguments,
    terminal: &mut Terminal,
) -> Result<bool, Failure> {
    let (first, second) = match (first, second) {
        (Some(first), Some(second)) => (first, second),
        (None, None) => return Ok(true),
        (known, _) => {
            if !arguments.quiet {
                let name = if known.is_none() { &arguments.first } else { &arguments.second };
                terminal.line(format!("settings  `{name}` does not say how it was made"))?;
            }
            return Ok(false);
        }
    };
    let [mut one, mut other] = [settings(first), settings(second)];
    for (rows, duration) in [&mut one, &mut other].into_iter().zip(durations) {
        rows.extend(duration.map(|text| ("duration".to_owned(), text)));
    }
    for (name, text) in [("version of brainmass", &first.brainmass), ("instruction set", &first.simd)] {
        one.push((name.to_owned(), text.clone()));
    }
    for (name, text) in [("version of brainmass", &second.brainmass), ("instruction set", &second.simd)] {
        other.push((name.to_owned(), text.clone()));
    }
    let find = |rows: &[(String, String)], name: &str| {
        rows.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    };
    let names = one.iter().chain(other.iter().filter(|(name, _)| find(&one, name).is_none()));
    let differing: Vec<(&String, Option<String>, Option<String>)> = names
        .map(|(name, _)| (name, find(&one, name), find(&other, name)))
        .filter(|(_, one, other)| one != other)
        .collect();
    if differing.is_empty() {
        if !arguments.quiet {
            terminal.line("settings  the same")?;
            of_experiments(first, second, terminal)?;
        }
        return Ok(true);
    }
    if !arguments.quiet {
        let differ = if differing.len() == 1 { "differs" } else { "differ" };
        terminal.line(format!("settings  {} {differ}", differing.len()))?;
        let mut table = Table::new(["setting", "first", "second"]);
        for (name, one, other) in differing {
            let shown = |text: Option<String>| text.map_or_else(|| "-".to_owned(), |text| short(&text));
            table.row([name.clone(), shown(one), shown(other)]);
        }
        table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))?;
        of_experiments(first, second, terminal)?;
    }
    Ok(false)
}

/// Prints the lines in which two experiments differ: what stands in long settings, and what changes no setting, such as the title.
fn of_experiments(first: &Provenance, second: &Provenance, terminal: &mut Terminal) -> Result<(), Failure> {
    let (Some(first), Some(second)) = (&first.recipe, &second.recipe) else { return Ok(()) };
    let (one, other): (Vec<&str>, Vec<&str>) =
        (first.experiment.lines().collect(), second.experiment.lines().collect());
    let changes = changed_lines(&one, &other);
    if changes.is_empty() {
        return Ok(());
    }
    terminal.line("experiment")?;
    for (sign, line) in changes {
        terminal.line(format!("  {sign} {line}"))?;
    }
    Ok(())
}

/// The most lines of an experiment that are aligned with those of another one.
const MOST_LINES: usize = 2000;

/// Returns the lines that the first text alone has (`-`) and those that the second alone has (`+`), in their order: those outside a longest common
/// subsequence.
fn changed_lines<'t>(first: &[&'t str], second: &[&'t str]) -> Vec<(char, &'t str)> {
    let (rows, columns) = (first.len().min(MOST_LINES), second.len().min(MOST_LINES));
    // The length of the longest common subsequence from each pair of lines on.
    let mut common = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row][column] = if first[row] == second[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut changes) = (0, 0, Vec::new());
    while row < rows || column < columns {
        if row < rows && column < columns && first[row] == second[column] {
            (row, column) = (row + 1, column + 1);
        } else if column == columns || (row < rows && common[row + 1][column] >= common[row][column + 1]) {
            changes.push(('-', first[row]));
            row += 1;
        } else {
            changes.push(('+', second[column]));
            column += 1;
        }
    }
    changes
}

/// Cuts the digest in a text to what tells two apart.
pub fn short(text: &str) -> String {
    match text.split_once("digest ") {
        Some((words, digest)) if digest.len() > 8 => format!("{words}digest {}…", &digest[..8]),
        _ => text.to_owned(),
    }
}

fn of_arrays(
    first: &[ResultArray],
    second: &[ResultArray],
    quiet: bool,
    terminal: &mut Terminal,
) -> Result<bool, Failure> {
    let differences = compare(first, second);
    if !quiet {
        match differences.len() {
            0 => terminal.line(format!("numbers   the same bits in all {} arrays", first.len()))?,
            1 => terminal.line("numbers   1 array differs")?,
            count => terminal.line(format!("numbers   {count} arrays differ"))?,
        }
        let mut table = Table::new(["array", "difference"]);
        for (name, difference) in &differences {
            table.row([name.clone(), difference.to_string()]);
        }
        table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))?;
    }
    Ok(differences.is_empty())
}

fn of_models(
    first: &brainmass_spec::model::Model,
    second: &brainmass_spec::model::Model,
    quiet: bool,
    terminal: &mut Terminal,
) -> Result<bool, Failure> {
    let changes = model_changes(first, second);
    if quiet {
        return Ok(changes.is_empty());
    }
    let effect = changes.iter().map(|change| change.effect).max();
    terminal.line(match effect {
        None => "the two are the same model".to_owned(),
        Some(Effect::Texts) => "texts differ; results stay as they are".to_owned(),
        Some(Effect::Rounding) => {
            "equations are written in another way: they may be the same, and results may differ by rounding".to_owned()
        }
        Some(Effect::Interface) => {
            "what is offered differs (names, limits, presets, checks); results at the same values stay as they are".to_owned()
        }
        Some(Effect::Results) => "results change".to_owned(),
    })?;
    let mut table = Table::new(["what", "effect", "change"]);
    for ModelChange { what, effect, text } in &changes {
        table.row([what.clone(), effect.to_string(), text.clone()]);
    }
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))?;
    for advice in version_advice(first, second, effect) {
        terminal.line(format!("{} {advice}", terminal.paint.hint("note:")))?;
    }
    Ok(changes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_stay_are_left_out() {
        assert_eq!(
            changed_lines(&["a", "b", "c"], &["a", "x", "c", "d"]),
            [('-', "b"), ('+', "x"), ('+', "d")]
        );
        assert_eq!(changed_lines(&["a"], &["a"]), []);
        assert_eq!(changed_lines(&[], &["a"]), [('+', "a")]);
    }
}
