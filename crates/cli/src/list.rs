//! The command `brainmass list`.

use std::path::PathBuf;

use brainmass::catalogue::{COLLECTIONS, records};
use brainmass::listing::{self, Listing};
use brainmass::{Category, Entry, Zoo, to_table};
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
  brainmass list --family wilson_cowan
  brainmass list --all --signal eeg --dynamics bistable
  brainmass list --all --source Montbrió
  brainmass list --models my_models
  brainmass list --json | jq '.[].name'")]
pub struct Arguments {
    /// Lists only models of this category.
    #[arg(long, value_name = "CATEGORY", value_parser = categories())]
    category: Option<String>,
    /// Lists only models with at most so many state variables.
    #[arg(long, value_name = "N")]
    max_states: Option<usize>,
    /// Lists only models with so many state variables.
    #[arg(long, value_name = "N")]
    states: Option<usize>,
    /// Lists only models whose file speaks of this signal.
    #[arg(long, value_name = "SIGNAL", value_parser = names(&listing::SIGNALS))]
    signal: Option<String>,
    /// Lists only models whose file speaks of these dynamics.
    #[arg(long, value_name = "DYNAMICS", value_parser = names(&listing::DYNAMICS))]
    dynamics: Option<String>,
    /// Lists only models with a source that has this text, such as an author.
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Lists the models of another collection: a family, or coupling rules.
    #[arg(long, visible_alias = "family", value_name = "NAME", value_parser = collections(), default_value = COLLECTIONS[0].name.as_str())]
    collection: String,
    /// Lists the models of all collections, with their families.
    #[arg(long, conflicts_with_all = ["collection", "models"])]
    all: bool,
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

fn names(words: &'static [listing::Told]) -> Vec<&'static str> {
    words.iter().map(|(name, _)| *name).collect()
}

/// The line that stands in place of an empty table.
const NONE: &str = "no model fits these filters";

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    if arguments.all {
        return all(arguments, terminal);
    }
    let (entries, outcome) = entries(arguments)?;
    print(&entries, arguments, terminal)?;
    outcome
}

impl Arguments {
    /// Whether a model is to be listed.
    fn takes(&self, model: &Listing) -> bool {
        self.category.as_ref().is_none_or(|category| model.category.is_some_and(|own| own.name() == category))
            && self.max_states.is_none_or(|most| model.n_state_vars <= most)
            && self.states.is_none_or(|states| model.n_state_vars == states)
            && self.signal.as_ref().is_none_or(|signal| model.signals.contains(&signal.as_str()))
            && self.dynamics.as_ref().is_none_or(|dynamics| model.dynamics.contains(&dynamics.as_str()))
            && self.source.as_ref().is_none_or(|source| model.is_from(source))
    }

    /// Whether anything is left out.
    fn narrows(&self) -> bool {
        self.category.is_some()
            || self.max_states.is_some()
            || self.states.is_some()
            || self.signal.is_some()
            || self.dynamics.is_some()
            || self.source.is_some()
    }
}

/// Lists the models of all collections.
fn all(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let models = listing::list_models_in(listing::ALL).map_err(Failure::new)?;
    let models: Vec<Listing> = models.into_iter().filter(|model| arguments.takes(model)).collect();
    if arguments.json {
        return terminal.line(serde_json::to_string_pretty(&models).map_err(Failure::new)?);
    }
    if models.is_empty() {
        return terminal.line(NONE);
    }
    let mut table = Table::new(["name", "family", "#states", "use_case"]);
    for model in &models {
        table.row([
            model.name.to_string(),
            model.family.to_string(),
            model.n_state_vars.to_string(),
            model.use_case.to_string(),
        ]);
    }
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))
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
    // Rules and the like have no category to be listed by.
    let (with, without): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| entry.info.category.is_some());
    let is_wanted = |entry: &&Entry| arguments.takes(&Listing::new(arguments.collection.clone(), entry));
    let found: Vec<Entry> = with.iter().copied().filter(is_wanted).cloned().collect();
    let found = records(&found);
    let without = if arguments.narrows() && !with.is_empty() { Vec::new() } else { without };
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
