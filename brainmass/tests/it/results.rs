//! Results say how they were made: each is repeated from itself alone, bit by bit, and settings that differ make provenance that differs.

use std::fs;
use std::path::Path;

use brainmass::experiment::{Reader, Repeat, RepeatError, read_provenance, tree};
use brainmass::io::npy;
use brainmass::{Experiment, Run};
use brainmass_spec::source::Source;
use brainmass_spec::yaml::{self, Node, Value};
use ndarray::Array2;
use tempfile::TempDir;

const EXPERIMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../experiments");

/// The bits of everything that a run recorded, by name.
fn bits(run: &Run) -> Vec<(String, Vec<u64>, Vec<u64>)> {
    let all = run.columns().iter().map(|column| {
        let bits = |values: &mut dyn Iterator<Item = &f64>| values.map(|value| value.to_bits()).collect();
        (column.name.clone(), bits(&mut column.ts.iter()), bits(&mut column.values.iter()))
    });
    all.collect()
}

/// Saves a run, and repeats it from the file alone, in a folder that holds nothing else.
#[track_caller]
fn repeat_alone(run: &Run, what: &str) {
    let empty = TempDir::new().expect("a folder");
    let result = empty.path().join("result.npz");
    run.save(&result).expect("written");
    let repeat = Repeat::open(&result).unwrap_or_else(|error| panic!("{what}: {error}"));
    let (experiment, mut session) =
        repeat.start(Reader::new()).unwrap_or_else(|error| panic!("{what}: {error}\n{}", repeat.text()));
    let again = experiment.finish(&mut session).expect("it runs");
    assert_eq!(bits(&again), bits(run), "{what}");
    assert_eq!(again.provenance(), run.provenance(), "{what}");
}

/// Shortens the times of an experiment.
fn shortened(root: &mut Node, times: &[(&str, &str)]) {
    let Value::Map(entries) = &mut root.value else { panic!("a mapping") };
    entries.retain(|(key, _)| !["output", "plot"].contains(&key.text.as_str()));
    for (key, node) in entries {
        if let Some((_, time)) = times.iter().find(|(name, _)| *name == key.text)
            && let Value::Scalar(scalar) = &mut node.value
        {
            scalar.text = (*time).to_owned();
        }
    }
}

#[test]
fn every_experiment_of_the_repository_is_repeated_from_its_result_alone() {
    let mut count = 0;
    for entry in fs::read_dir(EXPERIMENTS).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut root = tree(&path).expect("an experiment");
        let times: &[(&str, &str)] = match name.as_str() {
            "bold" => &[("duration", "2160 ms"), ("transient", "720 ms")],
            "resting_bold" => &[("duration", "760 ms"), ("transient", "40 ms")],
            "resting_state" => &[("duration", "3 s"), ("transient", "1 s")],
            "fit_ringing" => &[],
            _ => &[("duration", "40 ms"), ("transient", "10 ms")],
        };
        shortened(&mut root, times);
        let experiment = Reader::new()
            .file(&path)
            .without_fit()
            .of(&root)
            .unwrap_or_else(|report| panic!("{name}: {report}"));
        repeat_alone(&experiment.run().expect("it runs"), &name);
        count += 1;
    }
    assert!(count >= 9, "{count} experiments");
}

/// A generator of pseudorandom numbers (Knuth's MMIX), by which experiments are put together.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn number(&mut self) -> String {
        format!("{:.6}", self.below(1_000_000) as f64 * 1e-6)
    }
}

/// The files that generated experiments read.
fn write_files(folder: &Path) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    write("sc.csv", "region,A,B,C\nA,0,0.5,2\nB,1,0,1\nC,3,0.25,0\n");
    write("data/lengths.csv", "region,A,B,C\nA,0,8,20\nB,10,0,11\nC,30,2.5,0\n");
    write("data/a.csv", "region,a\nC,0.3\nA,0.1\nB,0.2\n");
    let rows: Vec<String> =
        (0..200).map(|row| format!("{},{},0.5\n", row as f64 * 1e-3, 1.0 / (row + 3) as f64)).collect();
    write("data/drive.csv", &format!("A,B,C\n{}", rows.concat()));
    write(
        "rules/square.yaml",
        "{name: Square, kind: coupling, title: Square, parameters: {k: {default: 1, doc: strength}}, pre: x_j^2, post: k*sum}",
    );
    let model = "name: OwnStep
category: phenomenological
title: Own
parameters: {a: {default: 0.2 /ms, doc: growth}, w: {default: 0.3 rad/ms, doc: frequency}, b: {default: 1 /ms, doc: saturation}}
states: {x: {init: 0.1, doc: first}, y: {init: 0, doc: second}}
inputs: {x_inp: {unit: /ms, doc: drive}}
derivatives: {x: a*x - b*x^3 - w*y + x_inp, y: a*y - b*y^3 + w*x}
output: x
couples: {from: x, to: x_inp}
";
    write("models/own.yaml", model);
    write(
        "models/variant.yaml",
        "name: VariantStep\nextends: OwnStep\ntitle: Variant\nparameters: {a: {default: 0.4 /ms}}\n",
    );
}

/// The text of an experiment.
fn generated(draw: &mut Draw) -> String {
    let mut text = String::new();
    let model =
        draw.of(&["HopfStep", "HopfStep", "StuartLandauStep", "models/own.yaml", "models/variant.yaml"]);
    let mut line = |part: &str| {
        text.push_str(part);
        text.push('\n');
    };
    line(&format!("title: \"{}: {}\"", draw.of(&["a", "#b", "it's"]), draw.number()));
    if draw.below(4) == 0 {
        line("models: models");
        line(&format!("model: {}", draw.of(&["OwnStep", "VariantStep"])));
    } else {
        line(&format!("model: {model}"));
    }
    let is_coupled = draw.below(3) > 0;
    let connectome = draw.of(&[
        "{file: sc.csv, orientation: target_source}",
        "{file: sc.csv, orientation: source_target, lengths: data/lengths.csv, normalize: max}",
        "{name: synthetic_8, regions: [R1, R2, R3]}",
    ]);
    let has_names = is_coupled && !connectome.contains("synthetic");
    if is_coupled {
        let connectome = if connectome.contains("synthetic") {
            "{name: synthetic_8, normalize: row_sum}"
        } else {
            connectome
        };
        line(&format!("connectome: {connectome}"));
        let rule = draw.of(&["Diffusive", "Additive", "rules/square.yaml"]);
        let delay = if connectome.contains("lengths") || connectome.contains("synthetic") {
            draw.of(&["", ", speed: 20", ", delay: 0.5 ms"])
        } else {
            draw.of(&["", ", delay: 1 ms"])
        };
        line(&format!("coupling: {{rule: {rule}, from: x, k: 0.0{}{delay}}}", draw.below(9) + 1));
    } else {
        line("nodes: 3");
    }
    let a = match draw.below(5) {
        0 => "{uniform: [0.1, 0.3], seed: 5}".to_owned(),
        1 if has_names => "{file: data/a.csv}".to_owned(),
        2 if has_names => "{regions: {A: 0.2}, others: 0.1}".to_owned(),
        _ => draw.number(),
    };
    line(&format!("parameters: {{a: {a}, w: {} rad/ms}}", draw.number()));
    line(&format!("initial: {{x: {}, y: {{normal: [0, 0.1], seed: {}}}}}", draw.number(), draw.below(9)));
    if draw.below(2) == 0 {
        line(&format!("noise: {{x: 0.{}}}", draw.below(10)));
    }
    let all = if is_coupled && !has_names { "0.1" } else { "{file: data/drive.csv}" };
    let input = match draw.below(6) {
        0 => "0.01".to_owned(),
        1 => "{noise: ornstein_uhlenbeck, sigma: 0.1, tau: 5 ms}".to_owned(),
        2 => {
            "{sum: [0.01, {noise: pink, sigma: 0.01}, {pulse: 0.1, onset: 2 ms, duration: 3 ms}]}".to_owned()
        }
        3 => "{sine: 0.1, frequency: 40 Hz}".to_owned(),
        _ => all.to_owned(),
    };
    line(&format!("inputs: {{x_inp: {input}}}"));
    line(&format!("seed: {}", draw.below(5)));
    line(&format!("scheme: {}", draw.of(&["heun", "euler", "rk4", "exp_euler"])));
    line("dt: 0.1 ms\nduration: 12 ms");
    line(&format!("transient: {} ms", draw.below(5)));
    line(draw.of(&["every: 1", "every: 2", "sample_every: 0.5 ms"]));
    line(draw.of(&["average: true", "average: false"]));
    line(draw.of(&[
        "record: [x, y]",
        "record: {again: x}",
        "record: x\nobserve: {mean: {signal: y, instrument: average, every: 1 ms}}",
    ]));
    text
}

#[test]
fn two_hundred_generated_experiments_are_repeated_from_their_results_alone() {
    let mut draw = Draw(1);
    let mut kinds = std::collections::BTreeSet::new();
    for index in 0..200 {
        let text = generated(&mut draw);
        let run = {
            // The files are gone when the result is repeated.
            let folder = TempDir::new().expect("a folder");
            write_files(folder.path());
            let path = folder.path().join("experiment.yaml");
            fs::write(&path, &text).expect("written");
            let experiment =
                Experiment::open(&path).unwrap_or_else(|error| panic!("{index}: {error}\n{text}"));
            experiment.run().expect("it runs")
        };
        let recipe = run.provenance().recipe.clone().expect("a recipe");
        kinds.extend(recipe.files.iter().map(|file| file.path.rsplit('/').next().unwrap_or("").to_owned()));
        repeat_alone(&run, &format!("{index}\n{text}"));
    }
    let expected = [
        "OwnStep.yaml",
        "VariantStep.yaml",
        "a.csv",
        "drive.csv",
        "lengths.csv",
        "own.yaml",
        "sc.csv",
        "square.yaml",
        "variant.yaml",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected, "every kind of file is read by some of them");
}

/// Reads an experiment in a folder of files.
fn read(folder: &Path, text: &str) -> Experiment {
    let name = folder.join("e.yaml").display().to_string();
    let root = yaml::parse(&Source::new(name.clone(), text)).expect("YAML");
    Reader::new().file(name).of(&root).unwrap_or_else(|report| panic!("{report}\n{text}"))
}

/// Pairs of experiments that differ in one thing, for every section that numbers depend on.
#[test]
fn settings_that_differ_make_provenance_that_differs() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    write_files(folder);
    let base = "model: WongWangExcInhStep
connectome: {name: synthetic_8, normalize: row_sum}
parameters: {G: 0.1}
coupling: {rule: Additive, from: S_e, speed: 10 mm/ms}
initial: {S_e: 0.1}
noise: {S_e: 0.002}
inputs: {coupling: {noise: ornstein_uhlenbeck, sigma: 0.1, tau: 5 ms}}
seed: 1
dt: 0.5 ms
scheme: heun
duration: 20 ms
transient: 5 ms
every: 2
average: false
record: S_e
observe: {m: {signal: S_i, instrument: average, every: 1 ms}}
";
    let changes = [
        ("G: 0.1", "G: 0.5", "G"),
        ("synthetic_8", "synthetic_90", "connectome"),
        ("normalize: row_sum", "normalize: max", "connectome"),
        ("rule: Additive", "rule: Diffusive", "rule of coupling_input"),
        ("from: S_e", "from: S_i", "ends of coupling_input"),
        ("from: S_e", "from: S_e, k: 1.5", "coupling_input.k"),
        ("from: S_e", "from: S_e, self_connections: true", "self-connections of coupling_input"),
        ("from: S_e", "from: S_e, history: 0.3", "history of coupling_input"),
        ("speed: 10 mm/ms", "speed: 11 mm/ms", "coupling_input.speed"),
        ("speed: 10 mm/ms", "delay: 3 ms", "delays of coupling_input"),
        ("initial: {S_e: 0.1}", "initial: {S_e: 0.2}", "init_S_e"),
        ("noise: {S_e: 0.002}", "noise: {S_e: 0.003}", "noise_S_e"),
        ("sigma: 0.1", "sigma: 0.2", "input coupling"),
        ("tau: 5 ms", "tau: 6 ms", "input coupling"),
        ("seed: 1", "seed: 2", "seed of the noise"),
        ("dt: 0.5 ms", "dt: 0.25 ms", "dt"),
        ("scheme: heun", "scheme: rk4", "scheme"),
        ("duration: 20 ms", "duration: 25 ms", "duration"),
        ("transient: 5 ms", "transient: 10 ms", "transient"),
        ("every: 2\n", "every: 5\n", "sampling interval"),
        ("average: false", "average: true", "averaged"),
        ("record: S_e", "record: S_i", "records"),
        ("every: 1 ms", "every: 2 ms", "instrument m"),
        ("signal: S_i", "signal: S_e", "instrument m"),
        ("model: WongWangExcInhStep", "model: WongWangExcInhBoundedStep", "model"),
    ];
    let run = |text: &str| read(folder, text).run().unwrap_or_else(|error| panic!("{error}\n{text}"));
    let before = run(base);
    for (old, new, part) in changes {
        let text = base.replacen(old, new, 1);
        assert_ne!(text, base, "{old}");
        let after = run(&text);
        assert_ne!(after.provenance(), before.provenance(), "{new}");
        let (one, other) = (&before.provenance().settings, &after.provenance().settings);
        assert_ne!(one.part(part), other.part(part), "{new}: {:?}", other.differences(one));
    }
    // Where nothing that numbers depend on differs, the settings are the same, however they are written.
    for (old, new) in
        [("duration: 20 ms", "duration: 0.02 s"), ("G: 0.1", "G: 1e-1"), ("model:", "title: Other\nmodel:")]
    {
        let after = run(&base.replacen(old, new, 1));
        assert_eq!(after.provenance().settings, before.provenance().settings, "{new}");
    }
}

#[test]
fn a_file_that_changes_changes_the_provenance() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    write_files(folder);
    let text = "{model: models/variant.yaml, nodes: 3, inputs: {x_inp: {file: data/drive.csv}}, parameters: {a: {file: data/a.csv}}, duration: 5 ms}";
    let provenance = || read(folder, text).run().expect("it runs").provenance().clone();
    let before = provenance();
    for name in ["data/drive.csv", "data/a.csv", "models/variant.yaml", "models/own.yaml"] {
        let path = folder.join(name);
        let old = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{}\n", old.replace("0.2", "0.25").replace("0.5\n", "0.75\n"))).unwrap();
        assert_ne!(provenance(), before, "{name}");
        fs::write(&path, old).unwrap();
    }
    assert_eq!(provenance(), before);
}

/// A file above the limit is kept by its digest alone: it must lie beside the result, as it was.
#[test]
fn large_files_are_looked_for_beside_the_result() {
    let folder = TempDir::new().expect("a folder");
    let mut rows = Array2::<f64>::from_elem((150_000, 2), 0.25);
    npy::write(folder.path().join("large.npy"), &rows).unwrap();
    let text = "{model: HopfStep, nodes: 2, inputs: {x_inp: {file: large.npy}}, duration: 5 ms}";
    let run = read(folder.path(), text).run().expect("it runs");
    let file = run.provenance().recipe.as_ref().expect("a recipe").files[0].clone();
    assert_eq!((file.path.as_str(), file.kept, file.bytes), ("large.npy", false, 128 + 8 * 300_000));
    let empty = TempDir::new().expect("a folder");
    let result = empty.path().join("result.npz");
    run.save(&result).unwrap();
    let error = Repeat::open(&result).unwrap_err();
    assert!(matches!(&error, RepeatError::Missing { file, .. } if file == "large.npy"), "{error}");
    rows[[77_777, 1]] = 0.5;
    npy::write(empty.path().join("large.npy"), &rows).unwrap();
    let error = Repeat::open(&result).unwrap_err();
    assert!(matches!(&error, RepeatError::Changed { .. }), "{error}");
    fs::copy(folder.path().join("large.npy"), empty.path().join("large.npy")).unwrap();
    let (experiment, mut session) = Repeat::open(&result).unwrap().start(Reader::new()).unwrap();
    assert_eq!(bits(&experiment.finish(&mut session).unwrap()), bits(&run));
}

/// Models of a registry of one's own are kept in full, and come back without it.
#[test]
fn models_of_a_registry_are_kept_in_results() {
    let folder = TempDir::new().expect("a folder");
    write_files(folder.path());
    let zoo = brainmass::Zoo::default().with_folder(folder.path().join("models")).expect("models");
    let text = "{model: VariantStep, nodes: 2, duration: 5 ms}";
    let run = Reader::new().zoo(&zoo).read("e.yaml", text).expect("an experiment").run().expect("it runs");
    drop(folder);
    repeat_alone(&run, "of a registry");
}

/// A program may change what it has read; results do not say then that they can be repeated from what was read.
#[test]
fn an_experiment_that_a_program_changed_keeps_no_recipe() {
    let mut experiment =
        Experiment::read("e.yaml", "{model: HopfStep, noise: {x: 0.1}, duration: 5 ms}").unwrap();
    assert!(experiment.run().unwrap().provenance().recipe.is_some());
    experiment.seed = 7;
    let run = experiment.run().unwrap();
    let provenance = run.provenance();
    assert_eq!(
        (provenance.recipe.as_ref(), provenance.settings.part("seed of the noise")),
        (None, Some("7"))
    );
    experiment.seed = 0;
    experiment.timing.duration = 6.0;
    assert!(experiment.run().unwrap().provenance().recipe.is_none());
}

#[test]
fn what_is_no_result_is_refused_in_one_sentence() {
    let folder = TempDir::new().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let run = Experiment::read("e.yaml", "{model: HopfStep, duration: 5 ms}").unwrap().run().unwrap();
    run.save(path("run.npz")).unwrap();
    run.save(path("run.json")).unwrap();
    run.save(path("run.csv")).unwrap();
    let message = |name: &str| Repeat::open(path(name)).unwrap_err().to_string();
    // Cut at any length.
    for name in ["run.npz", "run.json"] {
        let whole = fs::read(path(name)).unwrap();
        for length in (0..whole.len()).step_by(whole.len() / 40 + 1) {
            let cut = format!("cut.{}", &name[4..]);
            fs::write(path(&cut), &whole[..length]).unwrap();
            assert!(Repeat::open(path(&cut)).is_err(), "{name} cut to {length}");
        }
    }
    // Of a program that knows nothing of this.
    fs::write(path("foreign.json"), "{\"provenance\": {\"model\": 3}}").unwrap();
    assert!(message("foreign.json").contains("was not written by brainmass"), "{}", message("foreign.json"));
    fs::write(path("none.json"), "{\"x\": 3}").unwrap();
    assert!(message("none.json").contains("does not say how it was made"), "{}", message("none.json"));
    // Of an earlier version, which kept less.
    let text = fs::read_to_string(path("run.json")).unwrap();
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    for key in ["recipe", "settings", "simd"] {
        old["provenance"].as_object_mut().unwrap().remove(key);
    }
    fs::write(path("old.json"), old.to_string()).unwrap();
    assert!(message("old.json").contains("keeps no experiment"), "{}", message("old.json"));
    assert_eq!(read_provenance(path("old.json")).unwrap().model, "HopfStep");
    // Another version would have made other settings.
    let mut other: serde_json::Value = serde_json::from_str(&text).unwrap();
    other["provenance"]["settings"]["a"] = "0.125 /ms".into();
    fs::write(path("other.json"), other.to_string()).unwrap();
    let error =
        Repeat::open(path("other.json")).unwrap().start(Reader::new()).map(drop).unwrap_err().to_string();
    assert!(error.contains("`a` is 0.25 /ms and was 0.125 /ms"), "{error}");
    // A table that is not the one that the file beside it is about.
    let table = fs::read_to_string(path("run.csv")).unwrap();
    fs::write(path("run.csv"), table.replacen("0.1", "0.2", 1)).unwrap();
    assert!(message("run.csv").contains("the table was changed"), "{}", message("run.csv"));
    // A file that was smuggled into the archive climbs nowhere.
    let mut evil: serde_json::Value = serde_json::from_str(&text).unwrap();
    let file = serde_json::json!({"path": "../evil", "bytes": 0, "digest": "", "kept": true});
    evil["provenance"]["recipe"]["files"] = serde_json::json!([file]);
    evil["provenance"]["recipe"]["archive"] = "AAAA".into();
    fs::write(path("evil.json"), evil.to_string()).unwrap();
    assert!(Repeat::open(path("evil.json")).is_err() && !path("../evil").exists());
}
