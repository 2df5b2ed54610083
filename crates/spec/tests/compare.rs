//! Two models are compared: what differs between them is found, and whether their results change.

use brainmass_spec::collection::{File, compile_beside};
use brainmass_spec::compare::{Effect, model_changes, version_advice};
use brainmass_spec::model::Model;

const BASE: &str = "
name: WaveStep
category: phenomenological
title: Waves
version: 1.0.0
description: A model of waves.
parameters:
  a: {default: 0.2 /ms, range: [0, 1], doc: growth}
  w: {default: 0.3 /ms, doc: frequency}
states:
  x: {init: 0.1, doc: first}
  y: {init: 0, bounds: [-2, 2], doc: second}
inputs:
  x_inp: {unit: 1/ms, doc: drive}
let:
  r: x^2 + y^2
derivatives:
  x: a*x*(1 - r) - w*y + x_inp
  y: a*y*(1 - r) + w*x
observables:
  radius: {is: sqrt(r), doc: amplitude}
output: x
couples: {from: x, to: x_inp}
presets:
  slow: {set: {w: 0.1 /ms}, doc: slow}
";

fn model(text: &str) -> Model {
    let file = File { name: "wave.yaml".into(), folder: String::new(), bytes: text.as_bytes().into() };
    let (mut entries, report) = compile_beside(&[file], &[]);
    if let Some(report) = report {
        panic!("{report}");
    }
    entries.remove(0).model
}

/// Returns what changed and by which effect, where a part of the text is replaced.
fn changed(old: &str, new: &str) -> Vec<(String, Effect)> {
    let text = BASE.replace(old, new);
    assert_ne!(text, BASE, "{old}");
    let changes = model_changes(&model(BASE), &model(&text));
    changes.into_iter().map(|change| (change.what, change.effect)).collect()
}

#[test]
fn every_kind_of_change_is_told_with_its_effect() {
    use Effect::{Interface, Results, Rounding, Texts};
    type Case = (&'static str, &'static str, &'static [(&'static str, Effect)]);
    let cases: [Case; 19] = [
        ("title: Waves", "title: Other", &[("title", Texts)]),
        ("doc: growth", "doc: growing", &[("parameter a", Texts)]),
        ("default: 0.2 /ms", "default: 0.25 /ms", &[("parameter a, default", Results)]),
        ("default: 0.2 /ms, range", "default: 0.2 kHz, range", &[("parameter a, unit", Texts)]),
        ("range: [0, 1]", "range: [0, 2]", &[("parameter a, range", Interface)]),
        ("init: 0.1", "init: 0.2", &[("state x, init", Results)]),
        ("bounds: [-2, 2]", "bounds: [-3, 2]", &[("state y, bounds", Results)]),
        ("w*y + x_inp", "2*w*y + x_inp", &[("derivative of x", Results)]),
        ("w*y + x_inp", "w * y   + x_inp", &[("derivative of x", Texts)]),
        // The same function in another order of operations.
        ("a*x*(1 - r) - w*y + x_inp", "x_inp - w*y + a*(x - x*r)", &[("derivative of x", Rounding)]),
        // A name of an intermediate value is nobody's business.
        ("r: x^2 + y^2", "r: y^2 + x^2", &[]),
        ("is: sqrt(r)", "is: r", &[("observable radius", Results)]),
        ("output: x", "output: y", &[("output", Results)]),
        ("w: 0.1 /ms", "w: 0.15 /ms", &[("preset slow", Results)]),
        (
            "output: x",
            "output: x\nintegration: {scheme: rk4, dt: 0.1 ms}",
            &[("integration, scheme", Results)],
        ),
        ("output: x", "output: x\nintegration: {scheme: heun, dt: 0.2 ms}", &[("integration, dt", Results)]),
        ("  w: {default", "  b: {default: 1, doc: new}\n  w: {default", &[("parameter b", Interface)]),
        ("  radius:", "  square: {is: x^2, doc: power}\n  radius:", &[("observable square", Interface)]),
        ("version: 1.0.0", "version: 1.0.1", &[("version", Texts)]),
    ];
    for (old, new, expected) in cases {
        let found = changed(old, new);
        let strongest = found.iter().map(|(_, effect)| *effect).max();
        for (what, effect) in expected {
            assert!(found.contains(&((*what).to_owned(), *effect)), "{new}: {found:?}");
        }
        let limit = expected.iter().map(|(_, effect)| *effect).max().unwrap_or(Rounding);
        assert!(strongest.is_none_or(|strongest| strongest <= limit), "{new}: {found:?}");
    }
    assert_eq!(model_changes(&model(BASE), &model(BASE)), []);
}

#[test]
fn names_of_intermediate_values_order_and_comments_do_not_count() {
    let renamed = BASE
        .replace("r: x^2 + y^2", "square: x^2 + y^2")
        .replace("1 - r", "1 - square")
        .replace("sqrt(r)", "sqrt(square)");
    let changes = model_changes(&model(BASE), &model(&renamed));
    assert!(changes.iter().all(|change| change.effect == Effect::Texts), "{changes:?}");
    let swapped = BASE.replace("  a: {default: 0.2 /ms, range: [0, 1], doc: growth}\n", "").replace(
        "doc: frequency}\n",
        "doc: frequency}\n  a: {default: 0.2 /ms, range: [0, 1], doc: growth} # moved\n",
    );
    assert_eq!(model_changes(&model(BASE), &model(&swapped)), []);
}

#[test]
fn the_version_and_what_is_said_of_it_are_checked() {
    let advice = |old: &str, new: &str| {
        let (old, new) = (model(old), model(new));
        let effect = model_changes(&old, &new).iter().map(|change| change.effect).max();
        version_advice(&old, &new, effect).join("; ")
    };
    let other = BASE.replace("init: 0.1", "init: 0.2");
    assert!(advice(BASE, &other).contains("`version` is still 1.0.0"), "{}", advice(BASE, &other));
    let numbered = other.replace("version: 1.0.0", "version: 1.1.0");
    assert!(advice(BASE, &numbered).contains("does not say what is new in version 1.1.0"));
    let told = numbered.replace("version: 1.1.0", "version: 1.1.0\nchanges: [\"1.1.0: x begins at 0.2\"]");
    assert_eq!(advice(BASE, &told), "");
    assert!(advice(&told, BASE).contains("goes back from 1.1.0 to 1.0.0"), "{}", advice(&told, BASE));
    assert!(advice(&told, BASE).contains("has lost the line"));
    // Texts alone need no version.
    assert_eq!(advice(BASE, &BASE.replace("title: Waves", "title: Other")), "");
}
