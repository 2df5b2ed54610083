//! Typical mistakes in model files, experiment files and flags: each is told once, on less than a screen, with the way out in the first three lines.

use std::fmt::Write;
use std::fs;

use crate::program::{refused, said};

/// The lines of a screen.
const SCREEN: usize = 24;

/// A model without mistakes; a case replaces a part of it.
const MODEL: &str = "\
name: HindmarshRoseStep
title: Hindmarsh-Rose neuron
category: phenomenological
time_unit: 1 ms
states: {x: {init: -1.6}, y: {init: -12}, z: {init: 2}}
parameters: {I: {default: 2, doc: injected current}, r: {default: 0.005, doc: rate of adaptation}}
inputs: {x_inp: {doc: drive of x}}
derivatives:
  x: y - x^3 + 3*x^2 - z + I + x_inp
  y: 1 - 5*x^2 - y
  z: r*(4*(x + 1.6) - z)
integration: {scheme: heun, dt: 0.05 ms}
";

/// A model with units.
const WITH_UNITS: &str = "\
name: CableStep
title: Two compartments
category: physiological
states: {V: {init: -65 mV}, W: {init: -65 mV}}
parameters: {tau: {default: 10 ms}, E: {default: -65 mV}, g: {default: 0.1 /ms}, I: {default: 2 mV/ms}}
derivatives:
  V: (E - V)/tau + g*(W - V) + I
  W: (E - W)/tau + g*(V - W)
";

/// An experiment without mistakes.
const EXPERIMENT: &str = "\
title: Ninety oscillating regions
model: HopfStep
connectome: {name: synthetic_90, normalize: row_sum}
parameters: {a: 0.02 /ms, w: 0.06 rad/ms}
coupling: {rule: Diffusive, from: x, k: 0.04, speed: 10 mm/ms}
noise: {x: 0.004}
dt: 0.5 ms
duration: 100 ms
record: x
";

/// A mistake: what it is, the text that is replaced by another one, and what the first three lines of the message must say.
type Case = (&'static str, &'static str, &'static str, &'static str);

const IN_MODELS: [Case; 18] = [
    ("the name of a section is misspelt", "states:", "state:", "did you mean `states`?"),
    (
        "a section has the name of another program",
        "derivatives:",
        "equations:",
        "did you mean `derivatives`?",
    ),
    ("a key of an entry is misspelt", "{init: -12}", "{int: -12}", "did you mean `init`?"),
    ("a product has no sign", "3*x^2", "3 x^2", "did you mean `3*x`?"),
    ("a product before a parenthesis has no sign", "r*(4", "r (4", "did you mean `r*(4*(x + 1.6) - z)`?"),
    ("a name is unknown", "+ I +", "+ J +", "did you mean `I`?"),
    ("a function is unknown", "y: 1 - 5*x^2", "y: 1 - 5*sqr(x)", "did you mean `sqrt`?"),
    ("an equation is called dy/dt", "  y: 1", "  dy/dt: 1", "did you mean `y`?"),
    ("an equation is missing", "  y: 1 - 5*x^2 - y\n", "", "add `y:` under `derivatives`"),
    ("time has no unit", "time_unit: 1 ms\n", "", "add `time_unit: 1 ms`"),
    ("a parameter is a plain value", "{default: 2, doc: injected current}", "2", "write `{default: 2}`"),
    ("a unit has a power without its sign", "default: 2,", "default: 2 uA/cm2,", "did you mean `cm^2`?"),
    ("a unit is in words", "dt: 0.05 ms", "dt: 0.05 msec", "did you mean `ms`?"),
    ("a scheme adapts its steps elsewhere", "heun", "ode45", "steps are fixed here"),
    ("a line has no colon", "name: Hindmarsh", "name Hindmarsh", "write `name: HindmarshRoseStep`"),
    ("a line begins with a tab", "  y: 1", "\ty: 1", "indent with blanks"),
    ("a text with a colon has no quotes", "Hindmarsh-Rose neuron", "neuron: Hindmarsh-Rose", "in quotes"),
    (
        "a parenthesis is not closed",
        "r*(4*(x + 1.6) - z)",
        "r*(4*(x + 1.6) - z",
        "this parenthesis is never closed",
    ),
];

const IN_MODELS_WITH_UNITS: [Case; 3] = [
    ("a state has no unit", "V: {init: -65 mV}", "V: {init: -65}", "write `V: {unit: mV, ...}`"),
    ("a term has another unit", "(E - V)/tau +", "(E - V) +", "the other side lacks a factor of dimension s"),
    ("a default has a wrong unit", "{default: 2 mV/ms}", "{default: 2 mV/m}", "different units"),
];

const IN_EXPERIMENTS: [Case; 14] = [
    ("a key is misspelt", "connectome:", "conectome:", "did you mean `connectome`?"),
    ("a key has the name of another program", "duration:", "simulation_length:", "did you mean `duration`?"),
    ("a model is misspelt", "HopfStep", "HopStep", "did you mean `HopfStep`?"),
    ("a rule is misspelt", "Diffusive", "Difusive", "did you mean `Diffusive`?"),
    (
        "a connectome does not exist",
        "{name: synthetic_90, normalize: row_sum}",
        "nowhere.npz",
        "the .npz files there are connectivity.npz",
    ),
    ("a connectome is misspelt", "synthetic_90", "synthetic90", "did you mean `synthetic_90`?"),
    ("a parameter is misspelt", "a: 0.02", "aa: 0.02", "did you mean `a`?"),
    ("a frequency is in Hz", "w: 0.06 rad/ms", "w: 10 Hz", "write `0.06283185307 rad/ms`"),
    ("parameters are a list", "{a: 0.02 /ms, w: 0.06 rad/ms}", "[0.02, 0.06]", "as in `{a: 0.1}`"),
    ("a signal is misspelt", "record: x", "record: [x, radios]", "did you mean `radius`?"),
    ("the duration is missing", "duration: 100 ms\n", "", "as in `duration: 300 ms`"),
    (
        "there are as many values as nodes of another parcellation",
        "w: 0.06 rad/ms",
        "w: [0.05, 0.06, 0.07]",
        "give one value, or one a node",
    ),
    ("tracts conduct at no speed", "speed: 10 mm/ms", "speed: 0", "give one above 0"),
    (
        "there are other nodes than regions",
        "model: HopfStep",
        "model: HopfStep\nnodes: 80",
        "leave `nodes` out",
    ),
];

/// A mistake on the command line: the arguments, and what the first three lines of the message must say.
const IN_FLAGS: [(&[&str], &str); 18] = [
    (&["run", "HopStep"], "did you mean `HopfStep`?"),
    (&["run", "modle.yaml"], "did you mean `model.yaml`?"),
    (&["run", "HopfStep", "--duraton", "1s"], "'--duration'"),
    (&["run", "HopfStep", "--duration", "1 sec"], "did you mean `s`?"),
    (&["run", "HopfStep", "--duration", "1e80"], "run shorter"),
    (&["run", "HopfStep", "--dt", "1e80"], "the nearest are 0 ms and 1e80 ms"),
    (&["run", "HopfStep", "--set", "a"], "`a=0.25`"),
    (&["run", "HopfStep", "--set", "a=1e80"], "try a smaller --dt"),
    (&["run", "HopfStep", "--nodes", "3", "--set", "w=0.1,0.2,0.3"], "`\"[0.1,0.2,0.3]\"`"),
    (&["run", "HopfStep", "--scheme", "lsoda"], "steps are fixed here"),
    (&["run", "HopfStep", "--observe", "bold"], "instrument: bold"),
    (&["run", "HopfStep", "--coupling", "Diffusive"], "a `connectome`"),
    (&["run", "HopfStep", "--plot", "a.gif"], "its ending must be .png, .svg, .pdf"),
    (&["plot", "missing.npz"], "connectivity.npz"),
    (&["show", "WilsonCowan"], "did you mean `WilsonCowanStep`?"),
    (&["rnu", "HopfStep"], "did you mean `run`?"),
    (&["connectome", "weights.csv"], "commands are show, convert"),
    (&["fit", "experiment.yaml"], "`fit`"),
];

/// The messages so far, and what is wrong with some of them.
#[derive(Default)]
struct Told {
    all: String,
    wrong: Vec<String>,
}

impl Told {
    /// Checks one message and keeps it.
    fn check(&mut self, what: &str, said: &str, way_out: &str) {
        let first: Vec<&str> = said.lines().take(3).collect();
        let rules = [
            (first.join("\n").contains(way_out), format!("`{way_out}` is not in the first lines")),
            (said.lines().count() <= SCREEN, "it is more than a screen".to_owned()),
            (said.lines().all(|line| line.chars().count() <= 250), "a line is too long".to_owned()),
            (said.matches("error: ").count() == 1, "there is more than one message".to_owned()),
        ];
        for (_, rule) in rules.into_iter().filter(|(holds, _)| !holds) {
            self.wrong.push(format!("{what}: {rule}\n{said}"));
        }
        write!(self.all, "## {what}\n{}\n\n", said.trim_end()).expect("a text takes all");
    }
}

#[test]
fn typical_mistakes_are_told_once_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    fs::write(folder.join("connectivity.npz"), "").expect("written");
    let mut told = Told::default();
    let (models, with_units) = (IN_MODELS.iter().map(|case| (MODEL, case)), IN_MODELS_WITH_UNITS.iter());
    let with_units = with_units.map(|case| (WITH_UNITS, case));
    let experiments = IN_EXPERIMENTS.iter().map(|case| (EXPERIMENT, case));
    for (text, (what, right, wrong, way_out)) in models.chain(with_units).chain(experiments) {
        assert!(text.contains(right), "`{right}` is not in the file");
        let name = if text == EXPERIMENT { "experiment.yaml" } else { "model.yaml" };
        fs::write(folder.join(name), text.replacen(right, wrong, 1)).expect("written");
        told.check(what, &refused(folder, &["run", name]), way_out);
    }
    fs::write(folder.join("model.yaml"), MODEL).expect("written");
    fs::write(folder.join("experiment.yaml"), EXPERIMENT).expect("written");
    for (arguments, way_out) in IN_FLAGS {
        let what = format!("brainmass {}", arguments.join(" "));
        told.check(&what, &refused(folder, arguments), way_out);
    }
    assert!(IN_MODELS.len() + IN_MODELS_WITH_UNITS.len() + IN_EXPERIMENTS.len() + IN_FLAGS.len() >= 40);
    assert!(told.wrong.is_empty(), "{}", told.wrong.join("\n"));
    insta::assert_snapshot!(told.all);
}

#[test]
fn the_files_without_their_mistakes_are_right() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [("model.yaml", MODEL), ("units.yaml", WITH_UNITS), ("experiment.yaml", EXPERIMENT)] {
        fs::write(folder.path().join(name), text).expect("written");
    }
    said(folder.path(), &["check", "model.yaml", "units.yaml", "experiment.yaml"]);
}
