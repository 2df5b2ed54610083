//! The catalogue: every model by its name, as data; and [`Zoo`], the models that names in experiment files are looked up in.

use std::fmt::Write as _;
use std::sync::LazyLock;

use brainmass_core::info::Category;
use brainmass_core::loaded::{LoadedModel, Nodes};
use brainmass_core::registry::{Collection, Entry};
use brainmass_core::shared::{List, Text};
use brainmass_spec::problem::suggestion;

/// The collections that come with the library: the catalogue first, then the families in the order of their names, rules and observation models.
pub static COLLECTIONS: LazyLock<Vec<Collection>> = LazyLock::new(|| {
    let collection = |name: &'static str, entries: &[Entry]| Collection {
        name: name.into(),
        entries: entries.to_vec().into(),
    };
    let mut all = vec![collection("catalogue", &brainmass_zoo::MODELS)];
    all.extend(brainmass_zoo::families());
    all.push(collection("coupling", brainmass_rules::MODELS));
    all.push(collection("observation", brainmass_zoo::observation::MODELS));
    all
});

/// The models, coupling rules and observation models that a program knows by name: those that come with the library, and its own.
///
/// ```
/// use brainmass::{Experiment, Zoo};
/// use brainmass::experiment::Reader;
///
/// // A crate with models of its own says `Zoo::default().with("mine", my_zoo::MODELS)?`.
/// let zoo = Zoo::default();
/// assert!(zoo.find("HopfStep").is_some());
/// let experiment = Reader::new().zoo(&zoo).read("e.yaml", "{model: HopfStep, duration: 10 ms}")?;
/// assert_eq!(experiment.run().unwrap()["x"].dim(), (100, 1));
/// # Ok::<(), brainmass_spec::Report>(())
/// ```
#[derive(Debug, Clone)]
pub struct Zoo {
    collections: Vec<Collection>,
}

impl Default for Zoo {
    /// Creates a zoo of the models that come with the library.
    fn default() -> Self {
        Self { collections: COLLECTIONS.to_vec() }
    }
}

impl Zoo {
    /// Adds a collection of models, as `include_models!` makes them, under a name.
    ///
    /// # Errors
    ///
    /// Two models have one name; the text says which.
    pub fn with(mut self, name: impl Into<Text>, entries: impl Into<List<Entry>>) -> Result<Self, String> {
        let entries = entries.into();
        for (index, entry) in entries.iter().enumerate() {
            let own = entry.name();
            if entries[..index].iter().any(|other| other.name() == own) || self.find(own).is_some() {
                return Err(format!("there are two models called `{own}`; give one of them another name"));
            }
        }
        self.collections.push(Collection { name: name.into(), entries });
        Ok(self)
    }

    /// Returns the collections, in the order in which they were added.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// Iterates over the models of all collections.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.collections.iter().flat_map(|collection| &collection.entries)
    }

    /// Finds a model, rule or observation model by its name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries().find(|entry| entry.name() == name)
    }
}

/// A row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ModelRecord {
    /// The name of the model and of its struct.
    pub name: Text,
    /// The category of the model.
    pub category: Category,
    /// The number of state variables.
    pub n_state_vars: usize,
    /// The use case of the model, in a few words.
    pub use_case: Text,
}

/// Lists the models of the catalogue, in its order.
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
    records(&brainmass_zoo::MODELS)
}

/// Makes the rows of a list of entries. Entries without a category, such as coupling rules, are left out.
pub fn records(entries: &[Entry]) -> Vec<ModelRecord> {
    let record = |entry: &Entry| {
        Some(ModelRecord {
            name: entry.info.name.clone(),
            category: entry.info.category?,
            n_state_vars: entry.info.n_state_vars(),
            use_case: entry.info.use_case.clone(),
        })
    };
    entries.iter().filter_map(record).collect()
}

/// Finds a model, rule or observation model of any collection by its name.
///
/// # Errors
///
/// No model has that name; the text says which may have been meant.
pub fn find_model(name: &str) -> Result<Entry, String> {
    let all = || COLLECTIONS.iter().flat_map(|collection| &collection.entries);
    all().find(|entry| entry.name() == name).cloned().ok_or_else(|| {
        let names = all().map(Entry::name);
        format!("there is no model `{name}`: {}", suggestion(name, "models", names))
    })
}

/// Makes nodes of a model of any collection by its name, with default parameters. Models of families that are not compiled have no struct, and are
/// made so.
///
/// ```
/// use brainmass::{Simulator, nodes_of};
///
/// let columns = nodes_of("WilsonCowanAdaptiveStep", 3)?.set("wEI", vec![4.0, 5.0, 6.0]).init("rE", 0.1);
/// let run = Simulator::new(columns).dt(0.1).run(10.0)?;
/// assert_eq!(run["rE"].dim(), (100, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// No model has that name, and the text says which may have been meant; or the model has no nodes.
#[track_caller]
pub fn nodes_of(name: &str, count: usize) -> Result<Nodes, String> {
    let model = LoadedModel::from(&find_model(name)?);
    model.nodes(count).ok_or_else(|| format!("`{name}` is not a model that has nodes"))
}

/// Writes rows as a table for a terminal: each column is as wide as its widest cell, with two blanks between columns.
pub fn to_table(records: &[ModelRecord]) -> String {
    const HEAD: [&str; 4] = ["name", "category", "#states", "use_case"];
    let rows: Vec<[String; 4]> = records
        .iter()
        .map(|r| {
            [r.name.to_string(), r.category.to_string(), r.n_state_vars.to_string(), r.use_case.to_string()]
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
