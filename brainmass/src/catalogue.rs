//! The catalogue: every model by its name, as data.

use std::fmt::Write as _;

use brainmass_core::info::{Category, ModelInfo};
use brainmass_core::registry::{Collection, Entry};
use brainmass_spec::problem::suggestion;

/// All collections, the catalogue first. No constant: that would be computed in each crate that uses it, with a copy of every model's code.
pub static COLLECTIONS: [Collection; 5] = [
    Collection { name: "catalogue", entries: brainmass_zoo::MODELS },
    Collection { name: "wilson_cowan", entries: brainmass_zoo::wilson_cowan::MODELS },
    Collection { name: "bounded", entries: brainmass_zoo::bounded::MODELS },
    Collection { name: "coupling", entries: brainmass_rules::MODELS },
    Collection { name: "observation", entries: brainmass_zoo::observation::MODELS },
];

/// A row of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ModelRecord {
    /// The struct's name.
    pub name: &'static str,
    /// Its category.
    pub category: Category,
    /// The number of state variables.
    pub n_state_vars: usize,
    /// What it is good for.
    pub use_case: &'static str,
}

/// The models of the catalogue, in its order.
///
/// ```
/// use brainmass::{Category, list_models};
///
/// let small: Vec<_> = list_models()
///     .into_iter()
///     .filter(|model| model.category == Category::Physiological && model.n_state_vars <= 3)
///     .map(|model| model.name)
///     .collect();
/// assert_eq!(small[0], "WilsonCowanStep");
/// ```
pub fn list_models() -> Vec<ModelRecord> {
    records(brainmass_zoo::MODELS)
}

/// The rows of a list of entries; those without a category are left out.
pub fn records(entries: &[Entry]) -> Vec<ModelRecord> {
    let record = |entry: &Entry| {
        Some(ModelRecord {
            name: entry.info.name,
            category: entry.info.category?,
            n_state_vars: entry.info.n_state_vars(),
            use_case: entry.info.use_case,
        })
    };
    entries.iter().filter_map(record).collect()
}

/// A model, rule or observation model of any collection, by its name.
///
/// # Errors
///
/// There is none of that name; the text says what may have been meant.
pub fn find_model(name: &str) -> Result<Entry, String> {
    let all = || COLLECTIONS.iter().flat_map(|collection| collection.entries);
    all().find(|entry| entry.info.name == name).copied().ok_or_else(|| {
        let names = all().map(|entry| entry.info.name);
        format!("there is no model `{name}`: {}", suggestion(name, "models", names))
    })
}

/// The rows as a table: columns as wide as their widest cell, two blanks between.
pub fn to_table(records: &[ModelRecord]) -> String {
    const HEAD: [&str; 4] = ["name", "category", "#states", "use_case"];
    let rows: Vec<[String; 4]> = records
        .iter()
        .map(|r| {
            [r.name.to_owned(), r.category.to_string(), r.n_state_vars.to_string(), r.use_case.to_owned()]
        })
        .collect();
    let widths: Vec<usize> = (0..4)
        .map(|column| {
            rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).max(HEAD[column].len())
        })
        .collect();
    let mut table = String::new();
    let mut line = |cells: &[String]| {
        let padded: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(table, "{}", padded.join("  "));
    };
    line(&HEAD.map(str::to_owned));
    line(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    rows.iter().for_each(|row| line(row));
    table.pop();
    table
}
