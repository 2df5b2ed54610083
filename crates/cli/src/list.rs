//! The command `brainmass list`.

use brainmass::catalogue::{COLLECTIONS, records};
use brainmass::{Category, ModelRecord, to_table};
use clap::Args;

use crate::failure::Failure;
use crate::table::Table;
use crate::terminal::Terminal;

/// List the models.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass list
  brainmass list --category physiological --max-states 3
  brainmass list --collection wilson_cowan
  brainmass list --json | jq '.[].name'")]
pub struct Arguments {
    /// Lists only models of this category.
    #[arg(long, value_name = "CATEGORY", value_parser = categories())]
    category: Option<String>,
    /// Lists only models with at most so many state variables.
    #[arg(long, value_name = "N")]
    max_states: Option<usize>,
    /// Lists the models of another folder.
    #[arg(long, value_name = "NAME", value_parser = collections(), default_value = COLLECTIONS[0].name.as_str())]
    collection: String,
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
    let collection = COLLECTIONS.iter().find(|collection| collection.name == arguments.collection);
    let entries = collection.map_or(&[][..], |collection| &collection.entries);
    let is_wanted = |record: &ModelRecord| {
        arguments.category.as_ref().is_none_or(|category| record.category.name() == category)
            && arguments.max_states.is_none_or(|most| record.n_state_vars <= most)
    };
    // Rules and the like have no category to be listed by.
    let has_records = entries.iter().any(|entry| entry.info.category.is_some());
    let found: Vec<ModelRecord> = records(entries).into_iter().filter(is_wanted).collect();
    if arguments.json {
        let text = if has_records {
            serde_json::to_string_pretty(&found)
        } else {
            let brief = |entry: &brainmass::Entry| serde_json::json!({"name": entry.info.name, "use_case": entry.info.use_case});
            serde_json::to_string_pretty(&entries.iter().map(brief).collect::<Vec<_>>())
        };
        return terminal.line(text.map_err(Failure::new)?);
    }
    if has_records {
        return terminal.line(to_table(&found));
    }
    let mut table = Table::new(["name", "use_case"]);
    entries
        .iter()
        .for_each(|entry| table.row([entry.info.name.to_string(), entry.info.use_case.to_string()]));
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))
}
