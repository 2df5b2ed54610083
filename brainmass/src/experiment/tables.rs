//! The reference of the format: all keys and names, as tables in Markdown.

use std::fmt::Write as _;

use super::continuation::CONTINUATION;
use super::instruments::{INSTRUMENTS, KERNELS};
use super::keys::{self, Key};
use super::processes::PROCESSES;
use super::random::RANDOM;
use super::stimuli::SHAPES;
use super::sweep;
use brainmass_core::scheme::Scheme;

/// A table of the reference of experiment files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name of the table, one word.
    pub name: &'static str,
    /// The table, in Markdown.
    pub markdown: String,
}

/// Returns the tables of `docs/experiment-files.md`: the keys of each section, and what can be asked for by name.
pub fn tables() -> Vec<Table> {
    let mut all = vec![
        of_keys("nodes", &[&keys::NODES, &keys::GROUPS, &keys::MODELS]),
        of_keys("interaction", &[&keys::INTERACTION]),
        of_keys("values", &[&keys::VALUES]),
        random(),
        of_keys("series", &[&keys::SERIES]),
        shapes(),
        of_keys("stimulus", &[&keys::STIMULUS]),
        processes(),
        of_keys("noise", &[&keys::NOISE[1..]]),
        of_keys("network", &[&keys::NETWORK]),
        of_keys("connectome", &[&keys::CONNECTOME]),
        of_keys("projection", &[&keys::PROJECTION]),
        of_keys("time", &[&keys::TIME]),
        schemes(),
        of_keys("limits", &[&keys::LIMITS]),
        of_keys("checkpoint", &[&keys::CHECKPOINT]),
        of_keys("records", &[&keys::RECORDS]),
        of_keys("instrument", &[&keys::INSTRUMENT]),
        instruments(),
        kernels(),
        of_keys("output", &[&keys::OUTPUT]),
        of_keys("fit", &[&keys::FIT]),
        of_keys("fit_parameter", &[&keys::FIT_PARAMETER]),
        of_keys("continuation", &[&CONTINUATION]),
        of_keys("sweep", &[&sweep::SWEEP]),
        of_keys("sweep_over", &[&sweep::OVER]),
        of_keys("sweep_range", &[&sweep::RANGE]),
        of_keys("sweep_spread", &[&sweep::SPREAD]),
        of_keys("sweep_measure", &[&sweep::MEASURE]),
        summaries(),
    ];
    #[cfg(feature = "fit")]
    all.push(methods());
    #[cfg(feature = "fit")]
    all.push(objectives());
    all.sort_by_key(|table| table.name);
    all
}

fn table<const N: usize>(
    name: &'static str,
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Table {
    let mut markdown = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        let _ = writeln!(markdown, "| {} |", row.join(" | "));
    }
    Table { name, markdown }
}

fn of_keys(name: &'static str, tables: &[&[Key]]) -> Table {
    let row = |key: &Key| {
        let aliases: String = key.aliases.iter().map(|alias| format!(" (or `{alias}`)")).collect();
        [format!("`{}`{aliases}", key.name), key.doc.to_owned()]
    };
    table(name, ["key", "what it says"], tables.iter().flat_map(|table| table.iter()).map(row))
}

/// Lists keys in a cell.
fn listed(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{}`: {}", key.name, key.doc)).collect();
    keys.join("<br>")
}

fn random() -> Table {
    let rows = RANDOM.iter().map(|random| {
        let [first, second] = random.takes;
        [format!("`{{{}: [{first}, {second}], seed: 2}}`", random.name), random.doc.to_owned()]
    });
    table("random", ["random values", "what they are"], rows)
}

fn shapes() -> Table {
    let rows =
        SHAPES.iter().map(|shape| [format!("`{}`", shape.example), shape.doc.to_owned(), listed(shape.keys)]);
    table("stimuli", ["stimulus", "what it is", "keys of its own"], rows)
}

fn processes() -> Table {
    let rows = PROCESSES
        .iter()
        .map(|process| [format!("`{}`", process.example), process.doc.to_owned(), listed(process.keys)]);
    table("processes", ["noise", "what it is", "keys of its own"], rows)
}

fn instruments() -> Table {
    let rows = INSTRUMENTS.iter().map(|instrument| {
        [format!("`{}`", instrument.name), instrument.doc.to_owned(), listed(instrument.keys)]
    });
    table("instruments", ["instrument", "what it gives each `every`", "keys of its own"], rows)
}

fn kernels() -> Table {
    let rows = KERNELS.iter().map(|kernel| [format!("`{}`", kernel.name), kernel.doc.to_owned()]);
    table("kernels", ["kernel", "what it is"], rows)
}

fn schemes() -> Table {
    let rows = Scheme::ALL.into_iter().map(|scheme| {
        let names: Vec<String> = scheme.names().iter().map(|name| format!("`{name}`")).collect();
        [names.join(", "), format!("order {}", scheme.order())]
    });
    table("schemes", ["scheme", "order of convergence without noise"], rows)
}

fn summaries() -> Table {
    use brainmass_data::summaries::{Across, SUMMARIES, Summary};
    let row = |summary: &Summary| {
        let aliases: String = summary.aliases.iter().map(|alias| format!(" (or `{alias}`)")).collect();
        let across = match summary.across {
            Across::Mean => "the mean of the nodes",
            Across::Least => "the least of the nodes",
            Across::Greatest => "the greatest of the nodes",
            Across::Together => "one of all nodes together",
        };
        [format!("`{}`{aliases}", summary.name), summary.doc.to_owned(), across.to_owned()]
    };
    table("summaries", ["summary", "what it is", "of several nodes"], SUMMARIES.iter().map(row))
}

#[cfg(feature = "fit")]
fn methods() -> Table {
    use brainmass_fit::fit::{METHODS, MethodSetting};
    let setting = |setting: &MethodSetting| {
        format!("`{}`: {}; {} if not given", setting.key, setting.doc, setting.default)
    };
    let rows = METHODS.iter().map(|method| {
        let settings: Vec<String> = method.settings.iter().map(setting).collect();
        let name = format!("`{}`", method.name);
        [name, method.doc.to_owned(), method.needs().to_owned(), settings.join("<br>")]
    });
    table("methods", ["method", "how it searches", "needs", "settings"], rows)
}

#[cfg(feature = "fit")]
fn objectives() -> Table {
    use brainmass_data::objectives::{Better, OBJECTIVES};
    let rows = OBJECTIVES.iter().map(|entry| {
        let better = match entry.better {
            Better::Higher => "a score",
            Better::Lower => "a loss",
        };
        [format!("`{}`", entry.name), format!("{}; {better}", entry.doc)]
    });
    table("objectives", ["objective", "what it measures"], rows)
}
