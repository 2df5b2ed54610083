//! Model files in experiments: models, rules and folders of them, and what is said where they are wrong.

use std::fs;
use std::path::Path;

use brainmass::dynamics::VectorField;
use brainmass::experiment::{Experiment, Reader};
use brainmass::{Run, open_model};
use tempfile::TempDir;

const RINGING: &str = "
name: RingingStep
category: phenomenological
parameters: {w: {default: 0.3 rad/ms}, d: {default: 0.05 /ms}}
states: {x: {init: 1}, v: {init: 0 /ms}}
inputs: {drive: {unit: 1/ms^2}}
derivatives: {x: v, v: -w^2*x - 2*d*v + drive}
couples: {from: x, to: drive}
output: x
integration: {scheme: heun, dt: 0.1 ms}
";

const VARIANT: &str = "name: SlowRingingStep\nextends: RingingStep\nparameters: {w: {default: 0.1 rad/ms}}\n";

const RULE: &str = "
name: PullRule
kind: coupling
parameters: {k: {default: 0.1}}
pre: x_j - x_i
post: k*sum
";

/// A model that looks its gain up in a table, and reads what it sends with a delay.
const LOOKING: &str = "
name: LookingStep
category: phenomenological
time_unit: 1 ms
tables: {gain: {file: tables/gain.npy, axes: {x: {from: 0, to: 2}}}}
states: {x: {init: 1.5}}
parameters: {d: {default: 1 ms}}
derivatives:
  x: -x + gain(x) + 0.1*delay(sent, d)
observables: {sent: {is: gain(x), unit: 1}}
output: x
integration: {scheme: euler, dt: 0.5 ms}
";

/// An array as numpy writes it.
pub fn npy(numbers: &[f64]) -> Vec<u8> {
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({},), }}", numbers.len());
    let header = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    bytes
}

#[test]
fn a_table_lies_beside_its_model_and_is_kept_with_results() {
    let experiment = "model: looking.yaml\nduration: 1 ms\nrecord: [x, sent]\npast: {sent: 2}\n";
    let folder = folder(&[("looking.yaml", LOOKING), ("run.yaml", experiment)]);
    let missing = mistakes(folder.path(), "run.yaml");
    assert!(missing.contains("there is no file `tables/gain.npy` beside the model file"), "{missing}");
    fs::create_dir(folder.path().join("tables")).expect("made");
    let table = folder.path().join("tables/gain.npy");
    fs::write(&table, npy(&[0.0, 1.0, 4.0])).expect("written");
    let run = run(folder.path(), "run.yaml");
    // From 1.5, where the gain is 2.5, and with 2 sent before.
    let (first, second) = (1.5 + 0.5 * (-1.5 + 2.5 + 0.2), 2.1 + 0.5 * (-2.1 + 4.0 + 0.2));
    assert_eq!(run["x"].iter().copied().collect::<Vec<_>>(), [first, second]);
    assert_eq!(run["sent"].iter().copied().collect::<Vec<_>>(), [4.0, 4.0]);
    let recipe = run.provenance().recipe.clone().expect("an experiment has one");
    let kept = recipe.files.iter().find(|file| file.path == "tables/gain.npy").expect("it is kept");
    assert!(kept.kept && kept.bytes == table.metadata().expect("it is there").len());
    // Other numbers are another model.
    let hash = open_model(folder.path().join("looking.yaml")).expect("it opens").info().hash;
    fs::write(&table, npy(&[0.0, 1.0, 3.0])).expect("written");
    assert_ne!(open_model(folder.path().join("looking.yaml")).expect("it opens").info().hash, hash);
    let wrong = "model: looking.yaml\nduration: 1 ms\npast: {x: 2}\n";
    fs::write(folder.path().join("wrong.yaml"), wrong).expect("written");
    let told = mistakes(folder.path(), "wrong.yaml");
    assert!(told.contains("LookingStep reads no `x` with a delay") && told.contains("sent"), "{told}");
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

fn run(folder: &Path, file: &str) -> Run {
    Experiment::open(folder.join(file)).unwrap_or_else(|error| panic!("{error}")).run().expect("it runs")
}

/// The mistakes of a file as text.
fn mistakes(folder: &Path, file: &str) -> String {
    Experiment::open(folder.join(file)).expect_err("it has mistakes").to_string()
}

#[test]
fn models_and_rules_of_files_stand_where_names_stand() {
    // The rule of the zoo has the same equations.
    let network = |model: &str, rule: &str| {
        format!(
            "model: {model}\nconnectome: synthetic_8\ninitial: {{x: {{uniform: [-1, 1], seed: 3}}}}\nnoise: {{x: 0.01}}\n\
             coupling: {{rule: {rule}, k: 0.02, speed: 5 mm/ms}}\nduration: 30 ms\nseed: 5\n"
        )
    };
    let folder = folder(&[
        ("cells/ringing.yaml", RINGING),
        ("cells/slow.yaml", VARIANT),
        ("rules/pull.yml", RULE),
        ("files.yaml", &network("cells/ringing.yaml", "rules/pull.yml")),
        ("zoo_rule.yaml", &network("./cells/ringing.yaml", "Diffusive")),
        ("names.yaml", &(network("RingingStep", "PullRule") + "models: [cells, rules]\n")),
        ("slow_file.yaml", &network("cells/slow.yaml", "Diffusive")),
        ("slow_name.yaml", &(network("SlowRingingStep", "PullRule") + "models: .\n")),
    ]);
    let here = folder.path();
    let files = run(here, "files.yaml");
    assert_eq!(files["x"].dim(), (300, 8));
    for other in ["zoo_rule.yaml", "names.yaml"] {
        assert_eq!(files["x"], run(here, other)["x"], "{other}");
    }
    assert_eq!(run(here, "slow_file.yaml")["x"], run(here, "slow_name.yaml")["x"]);
    assert_ne!(files["x"], run(here, "slow_file.yaml")["x"]);
    let hash = |run: &Run| run.provenance().hash.clone();
    assert_eq!(hash(&files), hash(&run(here, "names.yaml")));
    // What was read is told, for those who must not write over it or wait for its changes.
    let read = |file: &str| Experiment::open(here.join(file)).expect("it is right").files;
    for file in ["cells/ringing.yaml", "rules/pull.yml"] {
        assert!(read("files.yaml").contains(&here.join(file)), "{:?}", read("files.yaml"));
    }
    assert!(read("slow_file.yaml").contains(&here.join("cells/ringing.yaml")), "the base");
}

#[test]
fn groups_of_files_and_of_the_zoo_couple() {
    let folder = folder(&[
        ("ringing.yaml", RINGING),
        ("slow.yaml", VARIANT),
        (
            "e.yaml",
            "groups:\n  a: {model: ringing.yaml, nodes: 2}\n  b: {model: slow.yaml, parameters: {w: 0.2}}\n  c: {model: HopfStep}\n\
             projections: [{from: a.x, to: b.drive, weights: 1, rule: Additive, k: 0.01, delay: 1 ms}, \
             {from: b.x, to: c.x_inp, weights: 1, rule: Additive, k: 0.01}]\nrecord: [b.x, c.x]\nduration: 10 ms\n",
        ),
    ]);
    let run = run(folder.path(), "e.yaml");
    assert_eq!((run["b.x"].dim(), run["c.x"].dim()), ((100, 1), (100, 1)));
    assert!(run["c.x"].iter().any(|x| *x != 0.0), "nothing reaches the last group");
}

#[test]
fn a_file_is_read_once() {
    let folder = folder(&[
        ("ringing.yaml", RINGING),
        (
            "e.yaml",
            "groups: {a: {model: ringing.yaml}, b: {model: ringing.yaml}}\nduration: 10 ms\nrecord: [a.x, b.x]\n",
        ),
    ]);
    let path = folder.path().join("ringing.yaml");
    let experiment = Experiment::open(folder.path().join("e.yaml")).expect("it is right");
    let before = experiment.run().expect("it runs");
    // What becomes of the file later is nothing to what was read.
    fs::write(&path, "name: [").expect("written");
    assert_eq!(before["a.x"], experiment.run().expect("it runs")["a.x"]);
    fs::remove_file(&path).expect("removed");
    assert_eq!(before["b.x"], experiment.run().expect("it runs")["b.x"]);
    // A text that was read already stands for the file, which is not there any more.
    let file = folder.path().join("e.yaml");
    let root = brainmass::experiment::tree(&file).expect("YAML");
    let again = Reader::new().file(&file).text_of(&path, RINGING).of(&root).expect("it is right");
    assert_eq!(before["a.x"], again.run().expect("it runs")["a.x"]);
    assert!(mistakes(folder.path(), "e.yaml").contains("ringing.yaml: cannot be read"));
}

#[test]
fn gradients_go_through_models_and_rules_of_files() {
    let text = |model: &str, rule: &str| {
        format!(
            "model: {model}\nconnectome: synthetic_8\ninitial: {{x: {{uniform: [-1, 1], seed: 3}}}}\n\
             coupling: {{rule: {rule}, k: 0.02, speed: 5 mm/ms}}\nduration: 10 ms\nrecord: x\n"
        )
    };
    let folder = folder(&[
        ("ringing.yaml", RINGING),
        ("pull.yaml", RULE),
        ("e.yaml", &text("ringing.yaml", "pull.yaml")),
        ("f.yaml", &text("ringing.yaml", "Diffusive")),
    ]);
    let gradient = |file: &str| {
        let experiment = Experiment::open(folder.path().join(file)).expect("it is right");
        let power =
            |run: &Run| Ok(brainmass::Loss::new((&run["x"] * &run["x"]).sum()).by("x", 2.0 * &run["x"]));
        experiment
            .simulator()
            .gradient(experiment.timing.duration, &["k", "w", "d"], power)
            .expect("it has a gradient")
    };
    let (own, zoo) = (gradient("e.yaml"), gradient("f.yaml"));
    for name in ["k", "w", "d"] {
        assert_eq!(own[name], zoo[name], "{name}");
        assert!(own[name].iter().all(|value| value.is_finite() && *value != 0.0), "{name}: {:?}", &own[name]);
    }
    // The derivative by the strength of the coupling, by a difference.
    let loss = |k: f64| {
        let experiment = Experiment::open(folder.path().join("e.yaml")).expect("it is right");
        let mut network = experiment.network.clone();
        network.set("k", k).expect("it has `k`");
        let run = Experiment { network, ..experiment }.run().expect("it runs");
        (&run["x"] * &run["x"]).sum()
    };
    let difference = (loss(0.02 + 1e-6) - loss(0.02 - 1e-6)) / 2e-6;
    assert!((own["k"][0] / difference - 1.0).abs() < 1e-6, "{} and {difference}", own["k"][0]);
}

#[cfg(feature = "fit")]
#[test]
fn a_parameter_of_a_file_is_fitted() {
    let target: Vec<String> = {
        let model = open_model_of(RINGING);
        let run = brainmass::Simulator::new(model.nodes(1).expect("nodes").set("w", 0.4))
            .every(10)
            .run(20.0)
            .expect("it runs");
        run["x"].iter().map(|value| format!("[{value:?}]")).collect()
    };
    let folder = folder(&[
        ("ringing.yaml", RINGING),
        (
            "e.yaml",
            &format!(
                "model: ringing.yaml\nduration: 20 ms\nevery: 10\nfit: {{parameters: {{w: {{start: 0.3, between: [0.2, 0.6]}}}}, \
                 target: [{}], method: lbfgs, iterations: 20, enough: 1e-8}}\n",
                target.join(", ")
            ),
        ),
    ]);
    let experiment = Experiment::open(folder.path().join("e.yaml")).unwrap_or_else(|error| panic!("{error}"));
    let plan = experiment.fit.clone().expect("it has a fit");
    let fit = plan.fitter(&experiment).run().expect("it fits");
    let (_, found) = fit.best.iter().next().expect("a parameter");
    assert!((found[0] - 0.4).abs() < 1e-6, "{found:?}");
}

fn open_model_of(text: &str) -> brainmass::LoadedModel {
    brainmass::Zoo::default().read("ringing.yaml", text).expect("a model")
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_the_rest_is_used() {
    let folder = folder(&[
        ("ringing.yaml", RINGING),
        ("pull.yaml", RULE),
        ("models/slow.yaml", VARIANT),
        ("models/ringing.yaml", RINGING),
        ("models/broken.yaml", "name: BrokenStep\nstates: {x: {init: 1}}\nderivatives: {x: -k*x}\n"),
        ("models/lost.yaml", "name: LostStep\nextends: NowhereStep\n"),
        ("models/one.yaml", "name: OneStep\nextends: OtherStep\n"),
        ("models/other.yaml", "name: OtherStep\nextends: OneStep\n"),
        ("models/again.yaml", "name: SlowRingingStep\nextends: HopfStep\n"),
        ("good.yaml", "model: SlowRingingStep\nmodels: models\nduration: 1 ms\n"),
        ("wanted.yaml", "model: BrokenStep\nmodels: models\nduration: 1 ms\n"),
        ("broken.yaml", "model: models/broken.yaml\nduration: 1 mV\n"),
        ("circle.yaml", "model: models/one.yaml\nduration: 1\n"),
        (
            "missing.yaml",
            "model: ringing.yaml\nnodes: 2\ncoupling: {rule: rules/none.yaml, weights: 1}\nduration: 1\n",
        ),
        ("kinds.yaml", "model: pull.yaml\nduration: 1\n"),
        (
            "kinds_too.yaml",
            "model: ringing.yaml\nnodes: 2\ncoupling: {rule: ringing.yaml, weights: 1}\nduration: 1\n",
        ),
        ("nested.yaml", "model: good.yaml\nduration: 1\n"),
        ("two.yaml", "groups: {a: {model: ringing.yaml}, b: {model: changed.yaml}}\nduration: 1\n"),
        ("changed.yaml", &RINGING.replace("0.05", "0.06")),
        ("folders.yaml", "model: HopfStep\nmodels: [nowhere, ringing.yaml]\nduration: 1\n"),
    ]);
    let here = folder.path();
    // Of two with one name, the one that was read first counts, and the other is told.
    let good = Experiment::open(here.join("good.yaml")).unwrap_or_else(|error| panic!("{error}"));
    let warned: Vec<String> = good.warnings.iter().map(|warning| warning.render_warning(false)).collect();
    let warned = warned.join("\n");
    for part in [
        "broken.yaml:3",
        "unknown name `k`",
        "lost.yaml:2",
        "no model `NowhereStep`",
        "builds on itself",
        "two models called `SlowRingingStep`",
    ] {
        assert!(warned.contains(part), "{part}: {warned}");
    }
    assert!(good.run().is_ok());
    let wanted = mistakes(here, "wanted.yaml");
    assert!(
        wanted.contains("there is no model `BrokenStep`") && wanted.contains("unknown name `k`"),
        "{wanted}"
    );
    // Mistakes of the experiment and of the model come together.
    let broken = mistakes(here, "broken.yaml");
    assert!(broken.contains("models/broken.yaml:3:") && broken.contains("broken.yaml:2:11"), "{broken}");
    for (file, parts) in [
        ("circle.yaml", ["builds on itself", "models/o"]),
        ("missing.yaml", ["rules/none.yaml: cannot be read", "missing.yaml:3:18"]),
        ("kinds.yaml", ["`pull.yaml` is a coupling rule", "kinds.yaml:1:8"]),
        ("kinds_too.yaml", ["`ringing.yaml` is a model of nodes", "rules are Diffusive"]),
        ("nested.yaml", ["this is an experiment, and a model file is expected", "good.yaml:1:8"]),
        (
            "two.yaml",
            ["`changed.yaml` and `ringing.yaml` are two models called `RingingStep`", "two.yaml:1:47"],
        ),
        ("folders.yaml", ["there is no folder", "this is a file"]),
        ("ringing.yaml", ["this is a model file, and an experiment is expected", "brainmass run"]),
    ] {
        let text = mistakes(here, file);
        assert!(parts.iter().all(|part| text.contains(part)), "{file}: {text}");
    }
    let error = open_model(here.join("good.yaml")).expect_err("an experiment").to_string();
    assert!(error.contains("this is an experiment"), "{error}");
}

#[test]
fn a_base_with_a_mistake_is_told_as_what_it_is() {
    let folder =
        folder(&[("slow.yaml", VARIANT), ("ringing.yaml", &RINGING.replace("v: -w^2*x", "v: -q^2*x"))]);
    let error = open_model(folder.path().join("slow.yaml")).expect_err("the base is wrong").to_string();
    assert!(error.contains("ringing.yaml:7") && error.contains("unknown name `q`"), "{error}");
    assert!(!error.contains("there is no model"), "{error}");
}

const TWO: &str = "
name: TwoWaysStep
category: phenomenological
states: {x: {init: 1}, y: {init: 0.5}}
parameters: {tau: {default: 10 ms}}
inputs: {x_inp: {unit: /ms}, y_inp: {unit: /ms}}
derivatives: {x: x_inp - x/tau, y: y_inp - y/tau}
observables: {both: x + y}
couples:
  - {from: both, to: x_inp, rule: PullRule}
  - {from: y, to: y_inp, rule: Additive}
";

#[test]
fn every_coupling_of_a_model_is_meant_where_an_experiment_names_no_ends() {
    let network = |coupling: &str| {
        format!(
            "model: two.yaml\nmodels: [.]\nconnectome: synthetic_8\ninitial: {{x: {{uniform: [-1, 1], seed: 3}}}}\n\
             coupling: {coupling}\nrecord: [x, y, coupling_input, coupling_input_2]\nduration: 30 ms\n"
        )
    };
    let shared = "k: 0.02, speed: 5 mm/ms";
    let folder = folder(&[
        ("two.yaml", TWO),
        ("rule.yaml", RULE),
        ("short.yaml", &network(&format!("{{{shared}}}"))),
        (
            "long.yaml",
            &network(&format!(
                "[{{rule: PullRule, from: both, to: x_inp, receiving: both, {shared}}}, {{rule: Additive, from: y, to: y_inp, {shared}}}]"
            )),
        ),
        ("one_rule.yaml", &network(&format!("{{rule: Additive, {shared}}}"))),
        ("wrong.yaml", &network(&format!("{{rule: Additve, {shared}}}"))),
        (
            "one_end.yaml",
            &network(&format!("{{rule: Additive, to: y_inp, {shared}}}")).replace(", coupling_input_2", ""),
        ),
    ]);
    let (short, long) = (run(folder.path(), "short.yaml"), run(folder.path(), "long.yaml"));
    for name in ["x", "y", "coupling_input", "coupling_input_2"] {
        assert_eq!(short[name], long[name], "{name}");
    }
    let one_rule = run(folder.path(), "one_rule.yaml");
    assert_ne!(short["coupling_input"], one_rule["coupling_input"], "the rule of the experiment goes first");
    assert_eq!(short["coupling_input_2"], one_rule["coupling_input_2"]);
    // Where one end is named, the other is that of the first coupling, and there is one projection.
    let one_end = run(folder.path(), "one_end.yaml");
    assert!(one_end["y"].iter().zip(&short["y"]).any(|(a, b)| a != b));
    let told = mistakes(folder.path(), "wrong.yaml");
    assert_eq!(told.matches("there is no rule `Additve`").count(), 1, "{told}");
}

#[test]
fn values_that_hear_their_own_past_are_what_they_are_where_nothing_changes() {
    // m = g m + x, which takes thousands of rounds of putting in for g = 0.999, and grows without end by them for g = -1.5.
    let text = "name: EchoStep\ncategory: network\ntime_unit: 1 ms\nstates: {x: {init: 1}}\n\
                parameters: {d: {default: 5 ms}, g: {default: 0.5}}\nlet: {m: {is: 'g*delay(m, d) + x', unit: '1'}}\n\
                derivatives: {x: -m}\noutput: x\n";
    for gain in [0.0, 0.5, 0.999, -1.5, 7.0] {
        let node = open_model_of(text).nodes(1).expect("nodes").set("g", gain);
        let rates = VectorField::new(&node).rates(&[2.0]);
        let expected = -2.0 / (1.0 - gain);
        assert!((rates[0] - expected).abs() <= 1e-9 * expected.abs(), "{gain}: {rates:?}, {expected}");
    }
    let node = open_model_of(text).nodes(1).expect("nodes").set("g", 1.0);
    assert!(VectorField::new(&node).rates(&[2.0])[0].is_nan(), "no value solves m = m + x");
}

#[test]
fn weights_that_a_rule_makes_no_numbers_of_are_refused() {
    let rule = "name: RootRule\nkind: coupling\npre: x_j\npost: k*sum\nweights: sqrt(w_ij)\nparameters: {k: {default: 1}}\n";
    let folder = folder(&[("ringing.yaml", RINGING), ("root.yaml", rule)]);
    let read = |weight: &str| {
        fs::write(folder.path().join("w.csv"), format!("0,{weight}\n1,0\n")).expect("written");
        let text = "model: ringing.yaml\nconnectome: {file: w.csv, orientation: target_source}\n\
                    coupling: {rule: root.yaml, k: 0.01}\nduration: 1 ms\n";
        let path = folder.path().join("e.yaml");
        fs::write(&path, text).expect("written");
        Experiment::open(&path).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(read("4"), Ok(()));
    let error = read("-4").expect_err("there is no root");
    assert!(
        error.contains("the weight, as the rule takes it,") && error.contains("source 1 to target 0"),
        "{error}"
    );
    // A weight is a pure number.
    let text = rule.replace("sqrt(w_ij)", "w_ij*5[ms]");
    let error =
        brainmass::Zoo::default().read("root.yaml", &text).expect_err("the unit is wrong").to_string();
    assert!(error.contains("must be a pure number") || error.contains("wrong unit"), "{error}");
}
