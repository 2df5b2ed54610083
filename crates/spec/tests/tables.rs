//! Tables: what a look-up means, and what becomes of the files.

use std::fs;
use std::path::Path;

use brainmass_spec::collection::{File, Known, compile, compile_beside, data_names};
use brainmass_spec::compare::{Effect, model_changes};
use brainmass_spec::differentiate::{HeldValues, forward, reverse};
use brainmass_spec::evaluate::evaluate;
use brainmass_spec::graph::Symbol;
use brainmass_spec::kernel::Kernel;
use brainmass_spec::latex::equations;
use brainmass_spec::latex_graph::jacobian;
use brainmass_spec::model::Model;

const MODEL: &str = "
name: TableStep
category: network
tables:
  surface:
    file: tables/surface.npy
    unit: kHz
    axes: {mu: {from: -1 V, to: 1 V}, sigma: {from: 0, to: 3, unit: mV}}
    interpolate: linear
    outside: hold
    symbol: \\Phi
    doc: x^3 + x y + y^2/2
  line: {file: tables/line.npy, axes: {x: {from: 0 mV, to: 40 mV}}}
states: {x: {init: 250 mV}, y: {init: 1.25 mV}}
parameters: {tau: {default: 10 ms}}
let: {slope: 'diff(surface(x, y), x)', twice: 'diff(diff(surface(x, y), x), y)'}
derivatives:
  x: surface(x, y)*1[mV] - x/tau
  y: (line(y)*1[mV] - y)/tau
observables: {slope: slope, twice: twice}
";

fn file(name: &str) -> File {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    File { name: name.to_owned(), folder: String::new(), bytes: fs::read(path).expect("a file").into() }
}

fn text(text: &str) -> File {
    File { name: "t.yaml".to_owned(), folder: String::new(), bytes: text.as_bytes().into() }
}

/// The model of a text beside the files that it names.
fn model(yaml: &str) -> Model {
    let own = text(yaml);
    let files: Vec<File> = data_names(&own).iter().map(|name| file(name)).chain([own]).collect();
    let (mut entries, report) = compile(&files);
    assert_eq!(report, None);
    entries.remove(0).model
}

/// The value of a surface at a point in V and mV, as the file and the axes say: bilinear, by hand.
fn surface(x: f64, y: f64) -> f64 {
    let value = |i: usize, j: usize| {
        let (x, y) = (i as f64 / 2.0 - 1.0, j as f64);
        x.powi(3) + x * y + 0.5 * y * y
    };
    let (along, across) = ((x.clamp(-1.0, 1.0) + 1.0) * 2.0, y.clamp(0.0, 3.0));
    let (i, j) = ((along as usize).min(3), (across as usize).min(2));
    let (p, q) = (along - i as f64, across - j as f64);
    (1.0 - p) * ((1.0 - q) * value(i, j) + q * value(i, j + 1))
        + p * ((1.0 - q) * value(i + 1, j) + q * value(i + 1, j + 1))
}

#[test]
fn a_look_up_is_in_the_units_of_the_table() {
    let model = model(MODEL);
    assert_eq!(model.tables[0].axes[0].points.points, 5);
    for (x, y) in [(250.0, 1.25), (-999.0, 0.1), (-2000.0, 2.5), (500.0, 7.0), (1000.0, 3.0)] {
        let given = |symbol: Symbol| match symbol {
            Symbol::State(0) => x,
            Symbol::State(_) => y,
            _ => 10.0,
        };
        let rates = evaluate(&model.graph, &model.right_hand_side(), given);
        let expected = surface(x / 1000.0, y) - x / 10.0;
        assert!((rates[0] - expected).abs() < 1e-12, "{x} {y}: {} {expected}", rates[0]);
    }
}

#[test]
fn derivatives_forward_and_in_reverse_are_differences_of_the_table() {
    let model = model(MODEL);
    let mut graph = model.graph.clone();
    let roots = [&model.right_hand_side()[..], &[model.observables[0].node]].concat();
    let symbols = [Symbol::State(0), Symbol::State(1)];
    let forwards = symbols.map(|symbol| forward(&mut graph, &roots, symbol, HeldValues::Varying));
    let one = graph.constant(1.0);
    let backwards: Vec<_> = roots.iter().map(|root| reverse(&mut graph, &[(*root, one)], &symbols)).collect();
    for point in [[250.0_f64, 1.25], [-700.0, 0.1], [-2000.0, 2.5], [400.0, 7.0]] {
        let at = |point: [f64; 2]| {
            move |symbol: Symbol| match symbol {
                Symbol::State(i) => point[usize::from(i)],
                _ => 10.0,
            }
        };
        for (by, forwards) in forwards.iter().enumerate() {
            let step = 1e-4 * point[by].abs();
            let moved = |sign: f64| {
                let mut moved = point;
                moved[by] += sign * step;
                evaluate(&graph, &roots, at(moved))
            };
            let (above, below) = (moved(1.0), moved(-1.0));
            let exact = evaluate(&graph, forwards, at(point));
            for row in 0..roots.len() {
                let difference = (above[row] - below[row]) / (2.0 * step);
                let back = evaluate(&graph, &backwards[row], at(point))[by];
                assert!(
                    (exact[row] - difference).abs() < 1e-9,
                    "{point:?} {row} {by}: {} {difference}",
                    exact[row]
                );
                assert!((back - exact[row]).abs() < 1e-15, "{point:?} {row} {by}: {back} {}", exact[row]);
            }
        }
        // Of the second derivatives of a bilinear table the mixed one alone is not 0.
        let twice = evaluate(&graph, &[model.observables[1].node], at(point))[0];
        let inside = (-1000.0..=1000.0).contains(&point[0]) && (0.0..=3.0).contains(&point[1]);
        assert!(inside == (twice != 0.0), "{point:?}: {twice}");
    }
}

#[test]
fn equations_and_derivatives_name_the_table() {
    let model = model(MODEL);
    let mut lines: Vec<String> = equations(&model).into_iter().map(|line| line.latex).collect();
    lines.extend(jacobian(&model, &Kernel::new(&model)).into_iter().map(|entry| entry.latex));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_variant_takes_tables_over_and_the_hash_follows_their_numbers() {
    let base = model(MODEL);
    let variant = "name: VariantStep\nextends: TableStep\nparameters: {tau: {default: 20 ms}}\n";
    let tables = [file("tables/surface.npy"), file("tables/line.npy")];
    let (entries, report) =
        compile(&[&[text(MODEL)][..], &tables, &[File { name: "v.yaml".into(), ..text(variant) }]].concat());
    assert_eq!(report, None);
    let beside =
        entries.into_iter().find(|entry| entry.model.name == "VariantStep").expect("it is there").model;
    assert_eq!(beside.tables.len(), 2);
    // The base is known, and with it its files.
    let data = [("tables/surface.npy", &*tables[0].bytes), ("tables/line.npy", &*tables[1].bytes)];
    let known = |data: &[(&'static str, &'static [u8])]| {
        let (entries, report) = compile_beside(
            &[text(variant)],
            &[Known { name: "TableStep", yaml: MODEL, data: data.to_vec() }],
        );
        (entries.into_iter().next().map(|entry| entry.model.hash), report.map(|report| report.to_string()))
    };
    let data = data.map(|(name, bytes)| (name, &*bytes.to_vec().leak()));
    assert_eq!(known(&data), (Some(beside.hash), None));
    let mut other = tables[1].bytes.to_vec();
    *other.last_mut().expect("it has bytes") ^= 1;
    let (changed, report) = known(&[data[0], (data[1].0, other.leak())]);
    assert!(report.is_none() && changed != Some(beside.hash) && base.hash != beside.hash);
    let missing = known(&[]).1.expect("the files are missing");
    assert!(missing.contains("there is no file `tables/surface.npy` beside the model file"), "{missing}");
}

#[test]
fn changes_of_tables_are_told() {
    let base = model(MODEL);
    let changes = |other: &Model| {
        let all = model_changes(&base, other).into_iter();
        all.map(|change| (change.what, change.effect)).collect::<Vec<_>>()
    };
    let replaced = |old: &str, new: &str| {
        let text = MODEL.replace(old, new);
        assert_ne!(text, MODEL, "{old}");
        changes(&model(&text))
    };
    let told = |what: &str, effect| (what.to_owned(), effect);
    assert_eq!(replaced("to: 3, unit", "to: 4, unit"), [told("table surface, axes", Effect::Results)]);
    assert_eq!(replaced("doc: x^3", "doc: about x^3"), [told("table surface", Effect::Texts)]);
    // A look-up in another table is another equation, which gives the same where the numbers are the same.
    let another = "line: {file: tables/line.npy, axes: {x: {from: 0 mV, to: 40 mV}}}";
    let with_another =
        format!("{another}\n  other: {{file: tables/line.npy, axes: {{x: {{from: 0 mV, to: 40 mV}}}}}}");
    let longer = MODEL.replace(another, &with_another);
    assert_eq!(changes(&model(&longer)), [told("table other", Effect::Results)]);
    let text_of_other = longer.replace("(line(y)", "(other(y)");
    let moved = changes(&model(&text_of_other));
    assert_eq!(moved, [told("table other", Effect::Results), told("derivative of y", Effect::Rounding)]);
    // Other numbers in the same file.
    let mut line = file("tables/line.npy");
    *line.bytes.last_mut().expect("it has bytes") ^= 1;
    let (mut entries, report) = compile(&[text(MODEL), file("tables/surface.npy"), line]);
    assert_eq!(report, None);
    assert_eq!(changes(&entries.remove(0).model), [told("table line, numbers", Effect::Results)]);
}
