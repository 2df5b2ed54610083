//! A model as a page of Markdown: prose, equations, tables, sources, the file itself.

use serde::Serialize;
use tera::{Context, Tera};

use crate::escape::plain;
use brainmass_spec::document::Reference;
use brainmass_spec::latex::equations;
use brainmass_spec::model::{Model, NamedUnit};
use brainmass_spec::symbols::Symbols;

const TEMPLATE: &str = include_str!("../templates/model.md");

#[derive(Serialize)]
struct Table {
    title: &'static str,
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// The page of a model. `file` is what the page calls the model file.
///
/// # Errors
///
/// The template has a mistake, which a test of this crate would have found.
pub fn page(model: &Model, file: &str) -> Result<String, tera::Error> {
    let mut tera = Tera::default();
    tera.add_raw_template("model.md", TEMPLATE)?;
    let mut context = Context::new();
    context.insert("file", file);
    context.insert("name", &model.name);
    context.insert("title", &plain(&model.title));
    context.insert("category", &model.category);
    context.insert("use_case", &plain(&model.use_case));
    context.insert("description", &plain(&model.description));
    context.insert("differences", &model.differences.iter().map(|text| plain(text)).collect::<Vec<_>>());
    context.insert("equations", &equations(model).into_iter().map(|line| line.latex).collect::<Vec<_>>());
    context.insert("tables", &tables(model));
    context.insert("noise", &!model.states.is_empty());
    context.insert("references", &model.references.iter().map(reference).collect::<Vec<_>>());
    context.insert("yaml", model.source.text.trim());
    context.insert("fence", &fence(&model.source.text));
    let page = tera.render("model.md", &context)?;
    Ok(format!("{}\n", page.trim_end()))
}

fn tables(model: &Model) -> Vec<Table> {
    let symbols = Symbols::new(model);
    let symbol = |name: &str| format!("${}$", symbols.of(name));
    let limits =
        |limits: Option<(f64, f64)>| limits.map_or(String::new(), |(low, high)| format!("{low} to {high}"));
    let states = model.states.iter().map(|state| {
        let bounds = match state.wrap {
            Some(_) => format!("wraps, {}", limits(state.wrap)),
            None => limits(state.bounds),
        };
        let init = state.init.to_string();
        vec![code(&state.name), symbol(&state.name), unit(&state.unit), init, bounds, plain(&state.meaning())]
    });
    let parameters = model.parameters.iter().map(|parameter| {
        let (default, range) = (parameter.default.to_string(), limits(parameter.range));
        vec![
            code(&parameter.name),
            symbol(&parameter.name),
            unit(&parameter.unit),
            default,
            range,
            plain(&parameter.doc),
        ]
    });
    let inputs = model.inputs.iter().map(|input| {
        vec![code(&input.name), symbol(&input.name), unit(&input.unit), plain(&input.meaning())]
    });
    let observables = model
        .observables
        .iter()
        .map(|value| vec![code(&value.name), symbol(&value.name), unit(&value.unit), plain(&value.doc)]);
    let looked_up = model.tables.iter().map(|table| {
        let axes: Vec<String> = table.axes.iter().map(|axis| plain(&axis.shown())).collect();
        let (axes, file) = (axes.join("; "), code(&table.file));
        vec![code(&table.name), symbol(&table.name), unit(&table.unit), axes, file, plain(&table.doc)]
    });
    let presets = model.presets.iter().map(|preset| {
        let values: Vec<String> = preset
            .values
            .iter()
            .map(|&(index, value)| {
                let parameter = &model.parameters[index];
                let unit = if parameter.unit.text == "1" {
                    String::new()
                } else {
                    format!(" {}", parameter.unit.text)
                };
                format!("`{}` = {value}{unit}", parameter.name)
            })
            .collect();
        vec![code(&preset.name), values.join(", "), plain(&preset.doc)]
    });
    let all = [
        Table {
            title: "States",
            head: vec!["name", "symbol", "unit", "initial", "bounds", "meaning"],
            rows: states.collect(),
        },
        Table {
            title: "Parameters",
            head: vec!["name", "symbol", "unit", "default", "range", "meaning"],
            rows: parameters.collect(),
        },
        Table { title: "Inputs", head: vec!["name", "symbol", "unit", "meaning"], rows: inputs.collect() },
        Table {
            title: "Observables",
            head: vec!["name", "symbol", "unit", "meaning"],
            rows: observables.collect(),
        },
        Table {
            title: "Tables",
            head: vec!["name", "symbol", "unit", "axes", "file", "meaning"],
            rows: looked_up.collect(),
        },
        Table { title: "Presets", head: vec!["name", "values", "meaning"], rows: presets.collect() },
    ];
    all.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// A fence that the text does not close.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(3))
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

fn unit(unit: &NamedUnit) -> String {
    plain(&unit.text)
}

fn reference(reference: &Reference) -> String {
    let link = match (&reference.doi, &reference.url) {
        (Some(doi), _) => {
            format!(" [doi:{}](https://doi.org/{})", plain(doi), doi.replace('<', "%3C").replace('>', "%3E"))
        }
        (None, Some(url)) => format!(" <{url}>"),
        (None, None) => String::new(),
    };
    let note = reference.note.as_ref().map(|note| format!(" ({})", plain(note))).unwrap_or_default();
    format!("{}{link}{note}", plain(&reference.cite))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_everything_and_hostile_text_stays_text() {
        let text = "
name: T
category: network
use_case: '{{ name }} </script>'
description: 'a $b$ `c` | d'
states: {x: {init: 1 mV, doc: '<b>'}}
parameters: {tau: {default: 10 ms, doc: '{% if %}'}}
derivatives: {x: -x/tau}
";
        let model = brainmass_spec::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
        let page = page(&model, "t.yaml").unwrap_or_else(|error| panic!("{error}"));
        insta::assert_snapshot!(page);
    }
}
