//! The command `brainmass list`.

use std::path::PathBuf;

use brainmass::catalogue::{COLLECTIONS, records};
use brainmass::{Category, Entry, ModelRecord, Zoo, to_table};
use clap::Args;

use crate::failure::Failure;
use crate::models::is_there;
use crate::table::Table;
use crate::terminal::Terminal;

/// List the models.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass list
  brainmass list --category physiological --max-states 3
  brainmass list --collection wilson_cowan
  brainmass list --models my_models
  brainmass list --json | jq '.[].name'")]
pub struct Arguments {
    /// Lists only models of this category.
    #[arg(long, value_name = "CATEGORY", value_parser = categories())]
    category: Option<String>,
    /// Lists only models with at most so many state variables.
    #[arg(long, value_name = "N")]
    max_states: Option<usize>,
    /// Lists the models of another collection.
    #[arg(long, value_name = "NAME", value_parser = collections(), default_value = COLLECTIONS[0].name.as_str())]
    collection: String,
    /// Lists the models of a folder with model files, rules included.
    #[arg(long, value_name = "FOLDER", conflicts_with = "collection")]
    models: Vec<PathBuf>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

fn categories() -> Vec<&'static str> {
    Category::ALL.into_iter().map(Category::name).collect()
}

fn collections() -> Vec<&'static str> {
    COLLECTIONS.iter().map(|collection| collection.name.as_str()).collect()
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let (entries, outcome) = entries(arguments)?;
    print(&entries, arguments, terminal)?;
    outcome
}

/// The models to list, and what is wrong with others: what is right is listed all the same.
fn entries(arguments: &Arguments) -> Result<(Vec<Entry>, Result<(), Failure>), Failure> {
    if arguments.models.is_empty() {
        let collection = COLLECTIONS.iter().find(|collection| collection.name == arguments.collection);
        return Ok((collection.map_or(Vec::new(), |collection| collection.entries.to_vec()), Ok(())));
    }
    let mut zoo = Zoo::default();
    let known = zoo.collections().len();
    let mut failures = Vec::new();
    for folder in &arguments.models {
        is_there(folder)?;
        failures.extend(zoo.add_folder(folder).err().map(Failure::from));
    }
    let own = &zoo.collections()[known..];
    let entries = own.iter().flat_map(|collection| collection.entries.to_vec()).collect();
    Ok((entries, Failure::all(failures)))
}

fn print(entries: &[Entry], arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let is_wanted = |record: &ModelRecord| {
        arguments.category.as_ref().is_none_or(|category| record.category.name() == category)
            && arguments.max_states.is_none_or(|most| record.n_state_vars <= most)
    };
    // Rules and the like have no category to be listed by.
    let (with, without): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| entry.info.category.is_some());
    let with: Vec<Entry> = with.into_iter().cloned().collect();
    let found: Vec<ModelRecord> = records(&with).into_iter().filter(is_wanted).collect();
    let is_narrowed = arguments.category.is_some() || arguments.max_states.is_some();
    let without = if is_narrowed && !with.is_empty() { Vec::new() } else { without };
    if arguments.json {
        let brief =
            |entry: &&Entry| serde_json::json!({"name": entry.info.name, "use_case": entry.info.use_case});
        let records = found.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>();
        let mut all = records.map_err(Failure::new)?;
        all.extend(without.iter().map(brief));
        return terminal.line(serde_json::to_string_pretty(&all).map_err(Failure::new)?);
    }
    if !with.is_empty() {
        terminal.line(to_table(&found))?;
    }
    if without.is_empty() {
        return Ok(());
    }
    if !with.is_empty() {
        terminal.line("")?;
    }
    let mut table = Table::new(["name", "use_case"]);
    without
        .iter()
        .for_each(|entry| table.row([entry.info.name.to_string(), entry.info.use_case.to_string()]));
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))
}
