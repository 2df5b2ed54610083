//! The table of the language against what the compiler does with each key.

use brainmass_spec::collection::{Entry, File, compile};
use brainmass_spec::document::Kind;
use brainmass_spec::language::{Inherited, MODEL, SECTIONS, Section, Shape, Takes};
use brainmass_spec::model::Signal;

fn compiled(files: &[(&str, &str)]) -> Result<Vec<Entry>, String> {
    let file = |(name, text): &(&str, &str)| File {
        name: (*name).to_owned(),
        folder: String::new(),
        bytes: text.as_bytes().into(),
    };
    let (entries, report) = compile(&files.iter().map(file).collect::<Vec<_>>());
    report.map_or(Ok(entries), |report| Err(report.to_string()))
}

fn model(entries: &[Entry], name: &str) -> brainmass_spec::model::Model {
    let entry = entries.iter().find(|entry| entry.model.name == name);
    entry.unwrap_or_else(|| panic!("there is no {name}")).model.clone()
}

/// A mapping `inner` at the place where a section stands in a file.
fn placed(section: &str, takes: Takes, inner: &str) -> String {
    let held = match takes {
        Takes::Entries(_) => format!("{{a: {{{inner}}}}}"),
        Takes::Formulas(_) if section == "functions" => format!("{{a(v): {{{inner}}}}}"),
        Takes::Formulas(_) => format!("{{a: {{{inner}}}}}"),
        Takes::Items(_) => format!("[{{{inner}}}]"),
        _ => format!("{{{inner}}}"),
    };
    match section.split_once(": ") {
        Some((outer, key @ ("bounds" | "axes"))) => format!("{outer}: {{a: {{{key}: {held}}}}}"),
        Some((outer, _)) if held.starts_with('{') => {
            format!("{outer}: {{{}: {held}}}", &section[outer.len() + 2..])
        }
        _ => format!("{section}: {held}"),
    }
}

fn takes(place: &str) -> Takes {
    let mut section: &Section = &MODEL;
    let mut found = Takes::Text;
    for name in place.split(": ") {
        found = section.key(name).unwrap_or_else(|| panic!("there is no `{name}` in {}", section.what)).takes;
        if let Takes::Section(inner)
        | Takes::Entries(inner)
        | Takes::Formulas(inner)
        | Takes::Items(inner)
        | Takes::OneOrItems(inner)
        | Takes::LimitsOr(_, inner) = found
        {
            section = inner;
        }
    }
    found
}

#[test]
fn every_key_is_read_and_a_value_of_another_shape_is_told() {
    for (place, section) in &SECTIONS {
        for key in section.keys {
            let wrong = match key.takes.shape() {
                Shape::Scalar if key.takes.accepts(Shape::List) => "{zz: 1}",
                Shape::Scalar => "[zz]",
                Shape::List | Shape::Mapping => "zz",
            };
            let inner = format!("{}: {wrong}", key.name);
            let line = if place.is_empty() { inner.clone() } else { placed(place, takes(place), &inner) };
            let name = if key.name == "name" && place.is_empty() { "" } else { "name: T\n" };
            let report = compiled(&[("t.yaml", &format!("{name}{line}\n"))]).expect_err(&line);
            let expected = format!("expected {} under `{}`", key.takes.describe(), key.name);
            // An expression that is a list is told by the parser of expressions where a mapping could stand as well.
            assert!(report.contains(&expected), "`{line}` gives\n{report}\nand not\n{expected}");
            let unknown = format!("unknown key `{}`", key.name);
            assert!(!report.contains(&unknown), "{line}: {report}");
        }
        let line = if place.is_empty() { "zzz: 1".to_owned() } else { placed(place, takes(place), "zzz: 1") };
        let report = compiled(&[("t.yaml", &format!("name: T\n{line}\n"))]).expect_err(&line);
        assert!(report.contains(&format!("unknown key `zzz` in {}", section.what)), "{line}: {report}");
    }
}

#[test]
fn keys_of_another_kind_are_refused() {
    let values = |takes: Takes| match takes {
        Takes::Names | Takes::Texts | Takes::Items(_) | Takes::Limits(_) => "[]",
        Takes::Name | Takes::Text | Takes::Expression => "x",
        Takes::Number | Takes::Quantity(_) => "1",
        _ => "{a: {}}",
    };
    for key in MODEL.keys.iter().filter(|key| !key.kinds.is_empty()) {
        for (word, kind) in Kind::ALL {
            let text = format!("name: T\nkind: {word}\n{}: {}\n", key.name, values(key.takes));
            let report = compiled(&[("t.yaml", &text)]).expect_err(&text);
            // `scheme` is written out as `integration`.
            let shown = if key.name == "scheme" { "integration" } else { key.name };
            let refused = report.contains(&format!("`{shown}` has no meaning for a model of kind `{word}`"));
            // What builds on a model that is not there is not looked at any further.
            let unlinked = matches!(key.name, "cell" | "layer");
            assert!(unlinked || refused != key.kinds.contains(&kind), "{text}: {report}");
        }
    }
}

const BASE: &str = "
name: Base
kind: observation
title: Base
order: 3
use_case: base
description: base
references: [{cite: Base 2020}]
version: 2.0.0
changes: [first]
differences: [one]
time_unit: 1 ms
integration: {scheme: heun, dt: 0.05 ms}
states: {x: {init: 1, doc: base}, y: {init: 2}}
parameters: {a: {default: 1}, b: {default: 2}}
inputs: {z: {unit: 1}, w: {unit: 1}}
functions: {f(v): a*v}
let: {l: f(x)}
derivatives: {x: -l + z + w, y: -b*y}
observables: {o: x + y}
output: o
couples: {from: y, to: w}
input: z
presets: {p: {set: {a: 3}}}
checks: [{fixed_point: {x: 0, y: 0}, source: base}]
plots: {run: {duration: 10 ms, record: [o]}, phase: {x: [0, 1], y: [0, 1]}}
";

#[test]
fn a_variant_takes_what_the_table_says() {
    let variant = "name: Variant\nextends: Base\nparameters: {a: {default: 5}}\ncouples: {to: z}\nplots: {phase: {y: [0, 2], x: [0, 1]}}\n";
    let entries = compiled(&[("base.yaml", BASE), ("variant.yaml", variant)])
        .unwrap_or_else(|report| panic!("{report}"));
    let (base, own) = (model(&entries, "Base"), model(&entries, "Variant"));

    assert_eq!((own.kind, own.order, own.title.as_str()), (Kind::Observation, Some(3.0), "Base"));
    assert_eq!((own.use_case.as_str(), own.description.as_str()), ("base", "base"));
    assert_eq!(own.references, base.references);
    assert_eq!(own.integration, base.integration);
    assert_eq!((own.output, own.couples[0].from), (base.output, base.couples[0].from));
    assert_eq!((own.couples[0].to, base.couples[0].to), (0, 1), "one end is its own");
    let defaults: Vec<f64> = own.parameters.iter().map(|parameter| parameter.default).collect();
    assert_eq!(defaults, [5.0, 2.0], "one entry is its own");
    assert_eq!((own.states.len(), own.inputs.len(), own.lets.len()), (2, 2, 1));
    assert_eq!((own.presets.len(), own.observables.len()), (1, 1));
    assert_eq!(own.plots.run.as_ref().and_then(|run| run.duration), Some(10.0));
    assert_eq!(own.plots.phase[0], (1, 0.0, 2.0), "one plot is its own");
    // What tells of the base's own file, or claims something about its numbers, stays there.
    assert_eq!(
        (own.version.as_str(), own.changes.len(), own.differences.len(), own.checks.len()),
        ("0.0.0", 0, 0, 0)
    );
    assert_eq!((base.changes.len(), base.differences.len(), base.checks.len()), (1, 1, 1));
}

#[test]
fn a_list_of_couplings_is_taken_or_replaced_as_a_whole() {
    let base = BASE.replace("couples: {from: y, to: w}", "couples: [{from: y, to: w, rule: R}, {to: z}]");
    let same = "name: Same\nextends: Base\n";
    let one = "name: One\nextends: Base\ncouples: {to: w}\n";
    let entries = compiled(&[("base.yaml", &base), ("same.yaml", same), ("one.yaml", one)])
        .unwrap_or_else(|report| panic!("{report}"));
    let ends = |name: &str| -> Vec<(Signal, usize, Option<String>)> {
        let couples = model(&entries, name).couples;
        couples.into_iter().map(|couple| (couple.from, couple.to, couple.rule)).collect()
    };
    let all = [(Signal::State(1), 1, Some("R".to_owned())), (Signal::Observable(0), 0, None)];
    assert_eq!((ends("Base"), ends("Same")), (all.to_vec(), all.to_vec()));
    assert_eq!(ends("One"), [(Signal::Observable(0), 1, None)]);
}

#[test]
fn variants_of_rules_layers_and_stacks_take_their_keys() {
    let files = [
        (
            "rule.yaml",
            "name: MyRule\nkind: coupling\nweights: laplacian\nparameters: {k: {default: 1}}\npre: x_j - x_i\npost: k*sum\n",
        ),
        ("strong.yaml", "name: Strong\nextends: MyRule\nparameters: {k: {default: 9}}\n"),
        (
            "cell.yaml",
            "name: Cell\ncategory: network\norder: 7\ntime_unit: 1 ms\nstates: {x: {init: 0}}\ninputs: {u: {unit: 1}}\nderivatives: {x: u - x}\nchecks: [{fixed_point: {x: 0}, source: s}]\nplots: {run: {duration: 1 ms}}\n",
        ),
        (
            "layer.yaml",
            "name: Layer1\nkind: sequence_layer\ncell: Cell\ninput: u\nrecurrent: {from: x, gain: 1/n}\n",
        ),
        ("wide.yaml", "name: Wide\nextends: Layer1\ntitle: wide\n"),
        ("stack.yaml", "name: Stack1\nkind: sequence_network\nlayer: Wide\nbetween: x\nreadout: x\n"),
        ("tall.yaml", "name: Tall\nextends: Stack1\n"),
    ];
    let entries = compiled(&files).unwrap_or_else(|report| panic!("{report}"));
    let strong = model(&entries, "Strong");
    assert_eq!((strong.kind, strong.parameters[0].default), (Kind::Coupling, 9.0));
    assert!(strong.coupling.is_some_and(|coupling| coupling.laplacian));
    let wide = model(&entries, "Wide");
    let layer = wide.layer.expect("it is a layer");
    assert_eq!(
        (wide.kind, layer.of.as_str(), layer.recurrent.as_deref()),
        (Kind::SequenceLayer, "Cell", Some("x"))
    );
    assert!(layer.gain.is_some());
    let tall = model(&entries, "Tall");
    let stack = tall.layer.expect("it is a stack");
    assert_eq!(
        (tall.kind, stack.readout.as_deref(), stack.between.as_deref()),
        (Kind::SequenceNetwork, Some("x"), Some("x"))
    );
    // A layer takes of its cell what makes up the cells, and not what is said about the cell.
    let layer = model(&entries, "Layer1");
    assert_eq!(
        (layer.states.len(), layer.order, layer.plots.run.is_some(), layer.checks.len()),
        (1, None, false, 0)
    );
}

#[test]
fn what_is_inherited_by_entries_is_a_mapping() {
    for key in MODEL.keys {
        let by_entries = key.inherited.by_entries();
        assert!(!by_entries || key.takes.shape() == Shape::Mapping, "{}", key.name);
        assert!(key.doc.ends_with('.'), "{}: {}", key.name, key.doc);
        assert!(key.inherited != Inherited::Never || !key.inherited.by_layers());
    }
}
