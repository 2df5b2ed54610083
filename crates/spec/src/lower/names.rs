//! Checks of the names that an author gives.

use std::collections::HashMap;

use crate::document::{Document, Kind, Named};
use crate::problem::{Problem, Problems};
use crate::source::{Span, Spanned};
use crate::{functions, reserved};

/// Most entries that a section may have.
const MAX_ENTRIES: usize = 300;

/// Longest name.
const MAX_LENGTH: usize = 64;

/// Whether a section has more entries than a model may have, which is reported: nothing else of such a file is looked at.
pub fn too_many(document: &Document, problems: &mut Problems) -> bool {
    fn extra<T>(entries: &[Named<T>]) -> Option<&Spanned<String>> {
        entries.get(MAX_ENTRIES).map(|entry| &entry.name)
    }
    let sections = [
        extra(&document.states),
        extra(&document.parameters),
        extra(&document.inputs),
        extra(&document.functions),
        extra(&document.tables),
        extra(&document.lets),
        extra(&document.derivatives),
        extra(&document.observables),
        extra(&document.presets),
    ];
    for name in sections.iter().flatten() {
        let message = format!("a model has at most {MAX_ENTRIES} entries of a kind");
        problems.push(Problem::new(&name.span, message));
    }
    sections.iter().any(Option::is_some)
}

/// Reports names that are no names, that stand for something else, or that come twice.
pub fn check(document: &Document, problems: &mut Problems) {
    model_name(&document.name, document.kind, problems);
    let mut taken: HashMap<&str, &'static str> = HashMap::new();
    section(&document.states, "state", &mut taken, problems);
    section(&document.parameters, "parameter", &mut taken, problems);
    section(&document.inputs, "input", &mut taken, problems);
    section(&document.functions, "function", &mut taken, problems);
    section(&document.tables, "table", &mut taken, problems);
    section(&document.lets, "let", &mut taken, problems);
    // An observable may show an input, a parameter or a let under its own name, but not stand for a state.
    let mut states = taken;
    states.retain(|_, what| *what == "state");
    section(&document.observables, "observable", &mut states, problems);
    builder(document, problems);
    coupling(document, problems);
    for function in &document.functions {
        for argument in &function.value.arguments {
            identifier(argument, &function.name.span, problems);
        }
    }
}

fn model_name(name: &Spanned<String>, kind: Kind, problems: &mut Problems) {
    if name.value.is_empty() {
        return;
    }
    let starts_well = name.value.starts_with(|c: char| c.is_ascii_uppercase());
    let all_well = name.value.chars().all(|c| c.is_ascii_alphanumeric());
    if reserved::is_model_name(&name.value) {
        let message = format!("a model cannot be called `{}`: generated code uses that name", name.value);
        problems.push(Problem::new(&name.span, message).help("add `Step`"));
    } else if name.value.len() > MAX_LENGTH {
        let message = format!("the name of a model has at most {MAX_LENGTH} characters");
        problems.push(Problem::new(&name.span, message));
    } else if !starts_well || !all_well {
        let example = if kind == Kind::Node { "MyModelStep" } else { "MyRule" };
        let message = format!("`{}` cannot be the name of a model", name.value);
        problems.push(
            Problem::new(&name.span, message)
                .help(format!("a capital letter, then letters and digits: `{example}`")),
        );
    }
}

fn section<'a, T>(
    entries: &'a [Named<T>],
    what: &'static str,
    taken: &mut HashMap<&'a str, &'static str>,
    problems: &mut Problems,
) {
    for Named { name, .. } in entries {
        identifier(&name.value, &name.span, problems);
        if let Some(other) = taken.insert(&name.value, what) {
            let message = format!("the name `{}` is taken: it is a {other} already", name.value);
            problems.push(Problem::new(&name.span, message));
        }
    }
}

fn identifier(name: &str, span: &Span, problems: &mut Problems) {
    let well_formed = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.ends_with('_');
    let message = if functions::is_reserved(name) {
        format!("`{name}` is a function or a constant of the language and cannot be a name")
    } else if reserved::is_word(name) {
        format!("`{name}` is a word that Rust keeps for itself and cannot be a name")
    } else if name.len() > MAX_LENGTH {
        format!("a name has at most {MAX_LENGTH} characters, this one has {}", name.chars().count())
    } else if !well_formed {
        format!(
            "`{name}` is not a name: letters, digits and `_`, not starting with a digit, not ending in `_`"
        )
    } else {
        return;
    };
    problems.push(Problem::new(span, message).help("give it another name; `symbol` says how it is printed"));
}

/// Names that become methods of the builder: parameters as they are, states behind `init_` and `noise_`.
fn builder(document: &Document, problems: &mut Problems) {
    for Named { name, .. } in &document.parameters {
        let state = name.value.strip_prefix("init_").or_else(|| name.value.strip_prefix("noise_"));
        let hides_state =
            state.is_some_and(|state| document.states.iter().any(|entry| entry.name.value == state));
        if reserved::is_builder_method(&name.value) || hides_state {
            let message = format!(
                "a parameter cannot be called `{}`: the builder has a method of that name",
                name.value
            );
            problems.push(
                Problem::new(&name.span, message)
                    .help("give it another name; `symbol` says how it is printed"),
            );
        }
    }
}

/// Names that the expressions of a coupling have of their own, beside the parameters that they see.
fn coupling(document: &Document, problems: &mut Problems) {
    let mut own: Vec<(String, &str)> = Vec::new();
    if document.kind == Kind::Coupling {
        own.push(("x_i".to_owned(), "the coupled variable of the receiving node"));
        own.push(("x_j".to_owned(), "what the sending node sends"));
        own.push(("w_ij".to_owned(), "the weight of a connection"));
        own.push(("sum".to_owned(), "the weighted sum over the sending nodes"));
    } else if document.coupling.is_some() {
        for state in &document.states {
            own.push((format!("{}_i", state.name.value), "a state of the receiving node"));
            own.push((format!("{}_j", state.name.value), "a state of the sending node"));
        }
        own.push(("sum".to_owned(), "the weighted sum over the sending nodes"));
        own.push(("N".to_owned(), "the number of nodes"));
    }
    let parameters = document.parameters.iter().map(|entry| &entry.name);
    // Rules see their lets as well; inside a model, `pre` and `post` see parameters alone.
    let lets = document.lets.iter().filter(|_| document.kind == Kind::Coupling).map(|entry| &entry.name);
    for name in parameters.chain(lets) {
        if let Some((_, what)) = own.iter().find(|(own, _)| *own == name.value) {
            let message = format!("`{}` is taken: in the expressions of a coupling it is {what}", name.value);
            problems.push(
                Problem::new(&name.span, message)
                    .help("give it another name; `symbol` says how it is printed"),
            );
        }
    }
}
