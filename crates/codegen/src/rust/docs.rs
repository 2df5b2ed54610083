//! The doc comments of generated items.

use proc_macro2::TokenStream;
use quote::quote;

use crate::escape::plain;
#[cfg(feature = "mathml")]
use crate::mathml::{Style, mathml};
use brainmass_spec::latex::{Equation, equations};
use brainmass_spec::model::{Model, Parameter, State};

/// A text as doc comments, a comment a line.
fn comments(text: &str) -> TokenStream {
    text.trim_end().lines().map(indented).map(|line| quote!(#[doc = #line])).collect()
}

/// A line as it stands behind the slashes of a comment.
fn indented(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {line}") }
}

/// Documents the struct: the description of the model, its equations, tables and sources.
pub fn model(model: &Model) -> TokenStream {
    let mut doc = String::new();
    let title = if model.title.is_empty() { &model.name } else { &model.title };
    doc.push_str(&format!("{}.\n\n", plain(title.trim_end_matches('.'))));
    if !model.description.is_empty() {
        doc.push_str(&format!("{}\n\n", plain(&model.description)));
    }
    if !model.differences.is_empty() {
        doc.push_str("# How it differs from Python brainmass 0.1.1\n\n");
        model.differences.iter().for_each(|text| doc.push_str(&format!("- {}\n", plain(text))));
        doc.push('\n');
    }
    doc.push_str("# Equations\n\n");
    let before = comments(&doc);
    let equations = equations_of(model);
    let mut doc = String::new();
    table(
        &mut doc,
        "States",
        ["state", "unit", "initial", "meaning"],
        model.states.iter().map(|state| {
            [state.name.clone(), state.unit.text.clone(), state.init.to_string(), state.doc.clone()]
        }),
    );
    table(
        &mut doc,
        "Parameters",
        ["parameter", "unit", "default", "meaning"],
        model
            .parameters
            .iter()
            .map(|p| [p.name.clone(), p.unit.text.clone(), p.default.to_string(), p.doc.clone()]),
    );
    table(
        &mut doc,
        "Inputs",
        ["input", "unit", "", "meaning"],
        model
            .inputs
            .iter()
            .map(|input| [input.name.clone(), input.unit.text.clone(), String::new(), input.doc.clone()]),
    );
    table(
        &mut doc,
        "Observables",
        ["observable", "unit", "", "meaning"],
        model
            .observables
            .iter()
            .map(|value| [value.name.clone(), value.unit.text.clone(), String::new(), value.doc.clone()]),
    );
    if !model.states.is_empty() {
        doc.push_str("Noise on a state is given as sigma in state units per sqrt(ms): each step adds `sigma*sqrt(dt)*xi`,\n`xi` standard normal.\n\n");
    }
    if !model.references.is_empty() {
        doc.push_str("# References\n\n");
        for reference in &model.references {
            let link = match (&reference.doi, &reference.url) {
                (Some(doi), _) => format!(" <https://doi.org/{doi}>"),
                (None, Some(url)) => format!(" <{url}>"),
                (None, None) => String::new(),
            };
            let note = reference.note.as_ref().map(|note| format!(" ({})", plain(note))).unwrap_or_default();
            doc.push_str(&format!("- {}{link}{note}\n", plain(&reference.cite)));
        }
    }
    let after = comments(&doc);
    quote!(#before #[doc = ""] #equations #[doc = ""] #after)
}

/// The equations: as maths on the pages of rustdoc, and as the file's text in an editor, which would show markup as it stands. Without the
/// feature `mathml`, or with a symbol that cannot be typeset, they are text in both.
fn equations_of(model: &Model) -> TokenStream {
    let lines = equations(model);
    // A fence cannot be closed from inside: no expression holds a backtick.
    let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let text = format!("```text\n{text}```");
    match typeset(&lines) {
        None => comments(&text),
        Some(maths) => {
            let shown = format!("<div style=\"overflow-x: auto; margin: 1em 0\">{maths}</div>");
            let text = text.lines().map(indented);
            quote!(#[cfg_attr(doc, doc = #shown)] #(#[cfg_attr(not(doc), doc = #text)])*)
        }
    }
}

/// Returns the equations as markup, each on a line of its own; `None` where one of them cannot be typeset.
#[cfg(feature = "mathml")]
fn typeset(lines: &[Equation]) -> Option<String> {
    lines.iter().map(|line| formula(&line.latex).ok()).collect()
}

/// Returns `None`: nothing can be typeset without the feature `mathml`.
#[cfg(not(feature = "mathml"))]
fn typeset(_: &[Equation]) -> Option<String> {
    None
}

/// A formula on a line of its own. Markup is one block to Markdown only as long as it holds no blank line.
#[cfg(feature = "mathml")]
fn formula(latex: &str) -> Result<String, String> {
    let math = mathml(latex, Style::Display)?;
    let joined = math.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(format!("<div style=\"margin: 0.8em 0; width: max-content\">{joined}</div>"))
}

/// Documents the method of a parameter.
pub fn parameter(parameter: &Parameter) -> TokenStream {
    let what = if parameter.doc.is_empty() { &parameter.name } else { &parameter.doc };
    let range = parameter.range.map(|(low, high)| format!(", range {low} to {high}")).unwrap_or_default();
    comments(&format!(
        "{} (`{}`, {}; default {}{range}).\n\nOne value for all nodes, or one a node; a plain number is in the declared unit.",
        capital(&plain(what)),
        parameter.name,
        unit(&parameter.unit.text),
        parameter.default
    ))
}

/// Documents the `init_` and `noise_` methods of a state.
pub fn state_methods(state: &State) -> (TokenStream, TokenStream) {
    let (name, unit) = (&state.name, unit(&state.unit.text));
    (
        comments(&format!("Initial value of `{name}` ({unit}; default {}).", state.init)),
        comments(&format!(
            "Intensity of the white noise on `{name}`: sigma {unit} per sqrt(ms); {} if not given.",
            state.noise.unwrap_or(0.0)
        )),
    )
}

fn unit(text: &str) -> String {
    if text == "1" { "dimensionless".to_owned() } else { format!("in {text}") }
}

/// A text with its first letter in upper case.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn table<const N: usize>(
    doc: &mut String,
    title: &str,
    head: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let kept: Vec<usize> = (0..N).filter(|&column| !head[column].is_empty()).collect();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    doc.push_str(&format!("# {title}\n\n"));
    doc.push_str(&line(kept.iter().map(|&column| head[column].to_owned()).collect()));
    doc.push_str(&line(kept.iter().map(|_| "---".to_owned()).collect()));
    for row in rows {
        doc.push_str(&line(kept.iter().map(|&column| plain(&row[column])).collect()));
    }
    doc.push('\n');
}

#[cfg(test)]
mod tests {
    fn documented(symbol: &str) -> String {
        let text = format!(
            "name: T\ncategory: phenomenological\nstates: {{x: {{init: 1}}}}\n\
             parameters: {{tau: {{default: 10 ms, symbol: '{symbol}'}}}}\nderivatives: {{x: -x/tau}}\n"
        );
        let model = brainmass_spec::compile_one("t.yaml", &text).unwrap_or_else(|report| panic!("{report}"));
        super::model(&model).to_string()
    }

    #[cfg(feature = "mathml")]
    #[test]
    fn equations_are_maths_to_rustdoc_and_text_to_an_editor() {
        let doc = documented(r"\tau_x");
        assert!(doc.contains("cfg_attr (doc , doc = \"<div") && doc.contains("<mi>τ</mi>"), "{doc}");
        assert!(doc.contains("cfg_attr (not (doc) , doc = \" dx/dt = -x/tau\")"), "{doc}");
    }

    #[cfg(not(feature = "mathml"))]
    #[test]
    fn equations_are_text_where_nothing_can_be_typeset() {
        let doc = documented(r"\tau_x");
        assert!(!doc.contains("<math") && doc.contains("# [doc = \" dx/dt = -x/tau\"]"), "{doc}");
    }

    #[test]
    fn a_symbol_that_cannot_be_typeset_leaves_the_text() {
        let doc = documented(r"\frac{1}");
        assert!(!doc.contains("<math") && doc.contains("# [doc = \" dx/dt = -x/tau\"]"), "{doc}");
    }
}
