//! Flags that stand for keys of experiment files. The tables of the keys say which there are; help texts, values and names come from there.

use std::ffi::OsString;
use std::path::PathBuf;

use brainmass::catalogue::COLLECTIONS;
use brainmass::experiment::CONTINUATION;
use brainmass::experiment::keys::{self, Flag, Form, Key};
use brainmass::fit::METHODS;
use brainmass::objectives::OBJECTIVES;
use brainmass::{Create, Scheme};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::command_line::{CommandLine, long};

/// The tables of the flags of `brainmass run`, with the headings of its help.
pub const RUN: [(&str, &[Key]); 6] = [
    ("Nodes", &keys::NODES),
    ("Models", &keys::MODELS),
    ("Network", &keys::NETWORK),
    ("Time", &keys::TIME),
    ("Records", &keys::RECORDS),
    ("Output", &keys::OUTPUT),
];

/// Keys of experiments that are no flags of `brainmass fit`, where keys of the fit have their names.
pub const NOT_OF_FIT: [&str; 5] = ["seed", "output", "plot", "title", "checkpoint"];

/// Keys of experiments that are no flags of `brainmass check`, which writes nothing.
pub const NOT_OF_CHECK: [&str; 4] = ["output", "plot", "title", "checkpoint"];

/// Keys of experiments that are no flags of `brainmass accuracy`, which compares several schemes and steps and writes nothing.
pub const NOT_OF_ACCURACY: [&str; 9] =
    ["scheme", "dt", "duration", "models", "seed", "output", "plot", "title", "checkpoint"];

/// The tables of the flags of `brainmass fit`.
pub const FIT: [(&str, &[Key]); 1] = [("Fit", &keys::FIT)];

/// The tables of the flags of `brainmass bifurcation`.
pub const BIFURCATION: [(&str, &[Key]); 1] = [("Diagram", &CONTINUATION)];

/// The table of the flags of `brainmass bifurcation` that stand for keys of the experiment, and its keys that are none.
pub const NODE: [(&str, &[Key]); 1] = [("Node", &keys::NODES)];
pub const NOT_OF_NODE: [&str; 6] = ["model", "nodes", "initial", "past", "noise", "interaction"];

/// The flags that were given, in the order in which they were typed.
#[derive(Debug, Clone, Default)]
pub struct Given(Vec<GivenFlag>);

/// A flag with one value.
#[derive(Debug, Clone)]
struct GivenFlag {
    /// The place at which it was typed among all others.
    place: usize,
    key: &'static Key,
    /// The name that was typed: that of the key, or a further one.
    name: &'static str,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    File(PathBuf),
    Truth,
}

/// Adds the flags of tables to a command, but for those of some keys.
pub fn add(mut command: Command, tables: &[(&'static str, &'static [Key])], without: &[&str]) -> Command {
    for (heading, table) in tables {
        for key in table.iter().filter(|key| !without.contains(&key.name)) {
            let Some(flag) = key.flag else { continue };
            for name in std::iter::once(&key.name).chain(flag.aliases) {
                let help = match *name == key.name {
                    true => format!("{}{}", key.doc.replace('`', ""), choices(key)),
                    false => format!("The same as {}", long(key.name)),
                };
                command = command.arg(argument(name, flag).help(help).help_heading(*heading));
            }
        }
    }
    command
}

/// Lists the names that a flag takes, where they stand in a table.
fn choices(key: &Key) -> String {
    let names: Vec<&str> = match key.name {
        "scheme" => Scheme::ALL.into_iter().map(Scheme::name).collect(),
        "method" => METHODS.iter().map(|method| method.name).collect(),
        "objective" => OBJECTIVES.iter().map(|objective| objective.name).collect(),
        "coupling" => {
            let rules = COLLECTIONS.iter().flat_map(|collection| &collection.entries);
            rules
                .filter(|entry| matches!(entry.create, Create::Rule(_)))
                .map(brainmass::Entry::name)
                .collect()
        }
        _ => return String::new(),
    };
    format!(" [names: {}]", names.join(", "))
}

fn argument(name: &'static str, flag: Flag) -> Arg {
    let argument = Arg::new(name).long(name.replace('_', "-"));
    let argument = if flag.value.is_empty() { argument } else { argument.value_name(flag.value) };
    match flag.form {
        Form::Truth => argument.action(ArgAction::SetTrue),
        Form::Value | Form::Text => argument.action(ArgAction::Set).allow_negative_numbers(true),
        Form::Entry | Form::Limits | Form::Names => argument.action(ArgAction::Append),
        Form::Range => argument.action(ArgAction::Set),
        Form::File => argument.action(ArgAction::Append).value_parser(value_parser!(PathBuf)),
    }
}

impl Given {
    /// Takes the flags of tables out of what was typed.
    pub fn of(matches: &ArgMatches, tables: &[(&'static str, &'static [Key])], without: &[&str]) -> Self {
        let mut given = Vec::new();
        let keys = tables.iter().flat_map(|(_, table)| *table).filter(|key| !without.contains(&key.name));
        for key in keys {
            let Some(flag) = key.flag else { continue };
            for &name in std::iter::once(&key.name).chain(flag.aliases) {
                let values: Vec<Value> = match flag.form {
                    Form::Truth => matches.get_flag(name).then_some(Value::Truth).into_iter().collect(),
                    Form::File => matches
                        .get_many::<PathBuf>(name)
                        .into_iter()
                        .flatten()
                        .cloned()
                        .map(Value::File)
                        .collect(),
                    Form::Value | Form::Text | Form::Entry | Form::Limits | Form::Range | Form::Names => {
                        matches
                            .get_many::<String>(name)
                            .into_iter()
                            .flatten()
                            .cloned()
                            .map(Value::Text)
                            .collect()
                    }
                };
                let places = matches.indices_of(name).into_iter().flatten();
                given.extend(places.zip(values).map(|(place, value)| GivenFlag { place, key, name, value }));
            }
        }
        given.sort_by_key(|flag: &GivenFlag| flag.place);
        Self(given)
    }

    /// Returns whether no flag changes what is run: at most files are named that are written.
    pub fn are_only_files(&self) -> bool {
        self.0.iter().all(|flag| ["output", "plot", "title"].contains(&flag.key.name))
    }

    /// Returns whether no flag was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes the flags into a line, as keys of a section of the file or of the whole of it.
    pub fn write(&self, line: &mut CommandLine, section: Option<&'static str>) {
        for GivenFlag { key, name, value, .. } in &self.0 {
            let Some(flag) = key.flag else { continue };
            match value {
                Value::Truth => line.push(section, key, name, flag.form, ""),
                Value::Text(text) => line.push(section, key, name, flag.form, text),
                Value::File(file) => line.push(section, key, name, flag.form, &file.to_string_lossy()),
            }
        }
    }

    /// Returns the last text that was given for a key.
    pub fn text(&self, name: &str) -> Option<&str> {
        let mut texts =
            self.0.iter().filter(|flag| flag.key.name == name).filter_map(|flag| match &flag.value {
                Value::Text(text) => Some(text.as_str()),
                Value::File(_) | Value::Truth => None,
            });
        texts.next_back()
    }

    /// Returns the files that were given for a key, whose names may be no text.
    pub fn files(&self, name: &str) -> Vec<PathBuf> {
        let of_key = self.0.iter().filter(|flag| flag.key.name == name);
        let files = of_key.filter_map(|flag| match &flag.value {
            Value::File(file) => Some(file.clone()),
            Value::Text(_) | Value::Truth => None,
        });
        files.collect()
    }
}

/// Lets a flag with entries take several: `--set a=1 b=2` is `--set a=1 --set b=2`.
pub fn spread(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut spread: Vec<OsString> = Vec::new();
    // The flag whose entries may follow, and whether its first one has come.
    let mut open: Option<(OsString, bool)> = None;
    // Of the commands that take keys of experiments as flags.
    let mut is_run = false;
    for (index, word) in words.into_iter().enumerate() {
        is_run |= index == 1
            && ["run", "fit", "check", "accuracy", "bifurcation"].iter().any(|command| word == *command);
        let text = word.to_string_lossy().into_owned();
        if let Some((flag, has_entry)) = &mut open {
            let is_entry = text.contains('=') && !text.starts_with('-') && !is_file_name(&text);
            if is_entry && *has_entry {
                spread.push(flag.clone());
            }
            if is_entry || !*has_entry {
                *has_entry = true;
                spread.push(word);
                continue;
            }
        }
        let (flag, value) =
            text.split_once('=').map_or((text.as_str(), None), |(flag, value)| (flag, Some(value)));
        open = (is_run && takes_entries(flag)).then(|| (OsString::from(flag), value.is_some()));
        spread.push(word);
    }
    spread
}

fn takes_entries(flag: &str) -> bool {
    let Some(name) = flag.strip_prefix("--") else { return false };
    RUN.iter().chain(&FIT).flat_map(|(_, table)| *table).any(|key| {
        let is_called = |flag: Flag| long(key.name) == format!("--{name}") || flag.aliases.contains(&name);
        key.flag.is_some_and(|flag| matches!(flag.form, Form::Entry | Form::Limits) && is_called(flag))
    })
}

/// Returns whether a name is that of a file with a model or an experiment.
pub fn is_file_name(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| name.to_lowercase().ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_flag_takes_the_entries_that_follow() {
        let spread_out = |line: &str| spread(words(line)) == words(&line.replace('|', "--set"));
        assert!(spread_out("brainmass run e.yaml --set a=1 --dt 1"));
        assert_eq!(
            spread(words("brainmass run --set k=0.1 speed=5 cortex.C=140 a=b.yaml --out o.npz")),
            words("brainmass run --set k=0.1 --set speed=5 --set cortex.C=140 a=b.yaml --out o.npz")
        );
        assert_eq!(
            spread(words("brainmass run M --init=x=1 y=2 --noise x=1")),
            words("brainmass run M --init=x=1 --init y=2 --noise x=1")
        );
        assert_eq!(spread(words("brainmass run --set a HopfStep")), words("brainmass run --set a HopfStep"));
        assert_eq!(spread(words("brainmass plot --set a=1 b=2")), words("brainmass plot --set a=1 b=2"));
    }

    #[test]
    fn every_flag_has_one_meaning() {
        for tables in [&RUN[..], &FIT, &BIFURCATION] {
            let mut names: Vec<String> = Vec::new();
            for key in tables.iter().flat_map(|(_, table)| *table) {
                let Some(flag) = key.flag else { continue };
                names.push(long(key.name));
                names.extend(flag.aliases.iter().map(|alias| long(alias)));
                assert_eq!(flag.value.is_empty(), flag.form == Form::Truth, "{}", key.name);
            }
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        }
    }
}
