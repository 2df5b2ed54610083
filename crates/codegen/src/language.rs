//! The tables of keys in `models/README.md`, from the description of the model language.

use std::fmt::Write as _;

use brainmass_spec::language::{Inherited, Key, Kind, MODEL, SECTIONS};

/// A table of the keys of a file, and a table for each mapping in it.
pub fn tables() -> String {
    let mut text = String::from(
        "| key | takes | of kinds | variants take | meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    for key in MODEL.keys {
        let Key { name, takes, kinds, inherited, doc, .. } = key;
        let (kinds, inherited) = (kinds_of(kinds), taken(*inherited));
        let _ = writeln!(text, "| `{name}` | {} | {kinds} | {inherited} | {doc} |", takes.describe());
    }
    for (place, section) in SECTIONS.iter().filter(|(place, _)| !place.is_empty()) {
        let what = if section.what.starts_with('`') { String::new() } else { format!(" ({})", section.what) };
        let _ = writeln!(text, "\n`{place}`{what}:\n\n| key | takes | meaning |\n| --- | --- | --- |");
        for Key { name, takes, doc, .. } in section.keys {
            let _ = writeln!(text, "| `{name}` | {} | {doc} |", takes.describe());
        }
    }
    text
}

fn kinds_of(kinds: &[Kind]) -> String {
    match kinds {
        [] => "all".to_owned(),
        kinds if kinds.len() + 1 == Kind::ALL.len() => {
            let missing = Kind::ALL.iter().find(|(_, kind)| !kinds.contains(kind));
            missing.map_or_else(String::new, |(name, _)| format!("all but `{name}`"))
        }
        kinds => kinds.iter().map(|kind| format!("`{}`", kind.name())).collect::<Vec<_>>().join(", "),
    }
}

fn taken(inherited: Inherited) -> &'static str {
    match inherited {
        Inherited::Never => "nothing",
        Inherited::ByVariants => "all",
        Inherited::Always => "all; layers too",
        Inherited::EntriesByVariants => "each entry",
        Inherited::EntriesAlways => "each entry; layers too",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_key_has_a_row_of_its_own() {
        let text = super::tables();
        let row = "| `order` | a number | all | all | Place in the catalogue within the category. Models without one come after the others, by name. |\n";
        assert!(text.contains(row), "{text}");
        assert!(
            text.contains("\n`integration`:\n") && text.contains("| `dt` | a quantity in ms |"),
            "{text}"
        );
        assert!(text.contains("\n`states` (a state):\n"), "{text}");
        // A cell that held the sign between cells would be two.
        let cells = |line: &str| line.matches('|').count();
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert!(rows.iter().all(|line| matches!(cells(line), 4 | 6)), "{text}");
    }
}
