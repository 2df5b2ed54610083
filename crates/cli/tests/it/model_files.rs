//! Model files that run as they are, from a folder in which there is nothing else.

use std::fs;

use brainmass::experiment::read_provenance;
use brainmass::io::npz::Npz;
use brainmass::io::recording::{arrays_of, compare};
use tempfile::TempDir;

use crate::program::{ROOT, folder, printed, refused, run, text};

const DECAY: &str = "name: DecayStep\ncategory: phenomenological\nparameters: {a: {default: 0.1 /ms, doc: rate}}\n\
                     states: {x: {init: 1}}\ninputs: {drive: {unit: /ms}}\nderivatives: {x: -a*x + drive}\noutput: x\n";
const FASTER: &str = "name: FasterStep\nextends: DecayStep\nparameters: {a: {default: 0.3 /ms}}\n";
const RULE: &str =
    "name: PullRule\nkind: coupling\nparameters: {k: {default: 0.1}}\npre: x_j - x_i\npost: k*sum\n";
const BROKEN: &str = "name: BrokenStep\ncategory: network\nstates: {x: {init: 1}}\nderivatives: {x: -k*x}\n";

#[test]
fn every_model_file_gives_the_bytes_of_the_compiled_model_wherever_it_lies() {
    let (copies, compiled) = (folder(&[]), folder(&[]));
    let mut count = 0;
    for entry in fs::read_dir(format!("{ROOT}/models")).expect("the models") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        let model = fs::read_to_string(&path).expect("a model file");
        fs::write(copies.path().join(&file), &model).expect("written");
        // With another text it is interpreted: nothing of the compiled model is left but its equations.
        let other = format!("again_{file}");
        fs::write(copies.path().join(&other), format!("{model}\n# another text\n")).expect("written");
        let name = model.lines().find_map(|line| line.strip_prefix("name: ")).expect("a name");
        let name = name.split_whitespace().next().expect("a name");
        let run = |folder: &TempDir, subject: &str, out: &str| {
            let arguments = ["run", subject, "--nodes", "11", "--duration", "12ms", "--out", out];
            run(folder.path(), &arguments)
        };
        let outcome = run(&compiled, name, &format!("{file}.npz"));
        if name.starts_with("HORNSeq") {
            assert!(!outcome.status.success());
            for file in [&file, &other] {
                assert!(
                    text(&run(&copies, file, "x.npz").stderr).contains("which is made with weights"),
                    "{file}"
                );
            }
            continue;
        }
        assert!(outcome.status.success(), "{name}: {}", text(&outcome.stderr));
        for (file, out) in [(&file, format!("{file}.npz")), (&other, format!("{other}.npz"))] {
            let outcome = run(&copies, file, &out);
            assert!(outcome.status.success(), "{file}: {}", text(&outcome.stderr));
        }
        // The arrays and the settings; that one was said to be a file is all that differs.
        let result = format!("{file}.npz");
        let [copy, original] = [&copies, &compiled].map(|folder| {
            let path = folder.path().join(&result);
            (
                arrays_of(&path).expect("the run was written"),
                read_provenance(&path).expect("a provenance").settings,
            )
        });
        assert!(compare(&copy.0, &original.0).is_empty() && copy.1 == original.1, "{file}");
        let [own, zoo] = [(&copies, format!("{other}.npz")), (&compiled, result)].map(|(folder, name)| {
            let file = Npz::open(folder.path().join(name)).expect("a run");
            let output = file.names().find(|name| *name != "ts" && *name != "units" && *name != "provenance");
            let output = output.expect("a record").to_owned();
            let values = file.get(&output).expect("it is there").into_matrix().expect("numbers");
            values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>()
        });
        assert_eq!(own, zoo, "{file}");
        count += 1;
    }
    assert_eq!(count, 18, "models with nodes in the catalogue");
}

#[test]
fn a_file_stands_wherever_a_name_does() {
    let folder =
        folder(&[("decay.yaml", DECAY), ("faster.yml", FASTER), ("pull.yaml", RULE), ("no_ending", DECAY)]);
    let here = folder.path();
    let ran = printed(here, &["run", "faster.yml"]);
    assert!(ran.contains("FasterStep") && ran.contains("(10000, 1)"), "{ran}");
    let ran = printed(
        here,
        &[
            "run",
            "decay.yaml",
            "--nodes",
            "3",
            "--duration",
            "2 ms",
            "--set",
            "a=[1, 2, 3]",
            "--plot",
            "x.svg",
        ],
    );
    assert!(ran.contains("(20, 3)") && ran.contains("wrote   x.svg"), "{ran}");
    assert!(fs::read_to_string(here.join("x.svg")).expect("drawn").contains("<svg"));
    assert!(printed(here, &["run", "no_ending", "--duration", "1"]).contains("DecayStep"));
    // Paths are those of the one who types them.
    fs::create_dir(here.join("inside")).expect("made");
    assert!(
        printed(&here.join("inside"), &["run", "../faster.yml", "--duration", "1"]).contains("FasterStep")
    );
    assert!(printed(here, &["run", "decay.yaml", "HopfStep", "--duration", "1"]).contains("HopfStep"));
    let networked = [
        "run",
        "faster.yml",
        "--connectome",
        "synthetic_8",
        "--coupling",
        "{rule: pull.yaml, from: x, to: drive}",
    ];
    assert!(printed(here, &[&networked[..], &["--duration", "1"]].concat()).contains("29 edges"));
    let shown = printed(here, &["show", "faster.yml"]);
    assert!(
        shown.contains("FasterStep") && shown.contains("0.3 /ms") && shown.contains("dx/dt = -a*x + drive"),
        "{shown}"
    );
    assert!(printed(here, &["show", "pull.yaml", "--latex"]).contains("sum"));
    assert_eq!(printed(here, &["check", "faster.yml"]), "ok faster.yml  model FasterStep\n");
    let speeds =
        printed(here, &["bench", "decay.yaml", "HopfStep", "--nodes", "2", "--scheme", "euler", "--json"]);
    let speeds: serde_json::Value = serde_json::from_str(&speeds).expect("JSON");
    assert_eq!((&speeds[0]["model"], &speeds[1]["model"]), (&"DecayStep".into(), &"HopfStep".into()));
    let accuracy =
        printed(here, &["accuracy", "faster.yml", "--duration", "20", "--scheme", "rk4", "--dt", "0.1"]);
    assert!(accuracy.contains("the cheapest is rk4"), "{accuracy}");
}

#[test]
fn a_folder_of_models_can_be_listed_and_named() {
    let folder = folder(&[("my/decay.yaml", DECAY), ("my/deep/faster.yaml", FASTER), ("my/pull.yaml", RULE)]);
    let here = folder.path();
    let listed = printed(here, &["list", "--models", "my"]);
    for name in ["DecayStep", "FasterStep", "PullRule"] {
        assert!(listed.contains(name), "{listed}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&printed(here, &["list", "--models", "my", "--json"])).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(3), "{json}");
    let small = printed(here, &["list", "--models", "my", "--category", "phenomenological"]);
    assert!(small.contains("DecayStep") && !small.contains("PullRule"), "{small}");
    assert!(
        printed(here, &["run", "FasterStep", "--models", "my", "--duration", "1"]).contains("FasterStep")
    );
    assert!(printed(here, &["show", "FasterStep", "--models", "my"]).contains("0.3 /ms"));
    assert!(refused(here, &["show", "FastrStep", "--models", "my"]).contains("did you mean `FasterStep`"));
    // A good file beside a bad one still works, and the bad one is told.
    fs::write(here.join("my/broken.yaml"), BROKEN).expect("written");
    let output = run(here, &["list", "--models", "my"]);
    assert!(text(&output.stdout).contains("FasterStep") && output.status.code() == Some(1));
    assert!(text(&output.stderr).contains("my/broken.yaml:4:"), "{}", text(&output.stderr));
    let output = run(here, &["run", "FasterStep", "--models", "my", "--duration", "1"]);
    assert!(output.status.success() && text(&output.stderr).starts_with("warning: unknown name `k`"));
    assert!(refused(here, &["list", "--models", "nowhere"]).contains("there is no folder `nowhere`"));
    assert!(refused(here, &["list", "--models", "my/decay.yaml"]).contains("this is a file"));
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_are_told() {
    let folder = folder(&[("my/deep/decay.yaml", DECAY)]);
    std::os::unix::fs::symlink("..", folder.path().join("my/deep/back")).expect("a link");
    let output = run(folder.path(), &["list", "--models", "my"]);
    assert!(text(&output.stdout).contains("DecayStep"));
    assert!(
        text(&output.stderr).contains("my/deep/back: the link leads back to"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_new_model_runs_and_stays_as_it_is() {
    let folder = folder(&[]);
    let here = folder.path();
    let said = printed(here, &["new-model", "SlowWavesStep"]);
    assert!(said.starts_with("wrote slow_waves.yaml\n"), "{said}");
    assert_eq!(printed(here, &["check", "slow_waves.yaml"]), "ok slow_waves.yaml  model SlowWavesStep\n");
    assert!(printed(here, &["run", "slow_waves.yaml", "--duration", "1"]).contains("SlowWavesStep"));
    fs::write(here.join("slow_waves.yaml"), "mine").expect("written");
    assert!(refused(here, &["new-model", "SlowWavesStep"]).contains("`slow_waves.yaml` is there already"));
    assert_eq!(fs::read_to_string(here.join("slow_waves.yaml")).expect("a file"), "mine");
    printed(here, &["new-model", "SlowWavesStep", "--out", "other.yaml"]);
    assert!(fs::read_to_string(here.join("other.yaml")).expect("a file").contains("name: SlowWavesStep"));
    assert!(refused(here, &["new-model", "slow_waves"]).contains("cannot be the name of a model"));
    assert!(refused(here, &["new-model", "../Waves"]).contains("cannot be the name of a model"));
    assert_eq!(fs::read_dir(here).expect("a folder").count(), 2);
}

#[test]
fn a_model_is_no_experiment_and_an_experiment_no_model() {
    let folder = folder(&[
        ("decay.yaml", DECAY),
        ("e.yaml", "model: decay.yaml\nduration: 3 ms\n"),
        ("fit.yaml", "model: e.yaml\nduration: 3 ms\n"),
        ("neither.yaml", "nodes: 3\n"),
    ]);
    let here = folder.path();
    let text = refused(here, &["fit", "decay.yaml"]);
    assert!(
        text.contains("`decay.yaml` is a model file, and a fit needs an experiment")
            && text.contains("model: decay.yaml")
    );
    for command in ["show", "bench"] {
        let text = refused(here, &[command, "e.yaml"]);
        assert!(
            text.contains("this is an experiment, and a model file is expected")
                && text.contains("`brainmass run e.yaml` runs it")
        );
    }
    assert!(refused(here, &["run", "fit.yaml"]).contains("e.yaml:1:8"));
    assert!(refused(here, &["run", "neither.yaml"]).contains("there is no `model`"));
    assert!(printed(here, &["accuracy", "e.yaml", "--scheme", "heun", "--dt", "0.1"]).contains("heun"));
}

#[test]
fn mistakes_come_with_their_place() {
    let folder = folder(&[
        ("broken.yaml", BROKEN),
        ("variant.yaml", "name: VariantStep\nextends: BrokenStep\n"),
        ("lost.yaml", "name: LostStep\nextends: NowhereStep\n"),
        ("one.yaml", "name: OneStep\nextends: OtherStep\n"),
        ("other.yaml", "name: OtherStep\nextends: OneStep\n"),
        ("syntax.yaml", "name: [\n"),
        ("bad_flags.yaml", &BROKEN.replace("BrokenStep", "OddStep")),
        ("twice/decay.yaml", DECAY),
        ("twice/faster.yaml", FASTER),
        ("twice/other.yaml", &DECAY.replace("0.1", "0.2")),
        ("pull.yaml", RULE),
    ]);
    let here = folder.path();
    for (file, part) in [
        ("broken.yaml", "broken.yaml:4:19"),
        ("variant.yaml", "broken.yaml:4:19"),
        ("lost.yaml", "lost.yaml:2:10"),
        ("one.yaml", "builds on itself"),
        ("syntax.yaml", "syntax.yaml:"),
        ("twice/faster.yaml", "twice/other.yaml:1:7"),
    ] {
        for command in ["run", "check", "show"] {
            let text = refused(here, &[command, file]);
            assert!(text.contains(part), "{command} {file}: {text}");
        }
    }
    assert!(refused(here, &["run", "twice/faster.yaml"]).contains("there are two models called `DecayStep`"));
    let text = refused(here, &["run", "bad_flags.yaml", "--dt", "1 mV"]);
    assert!(text.contains("bad_flags.yaml:4:19") && text.contains("expected ms, found mV"), "{text}");
    let text = refused(here, &["run", "pull.yaml"]);
    assert!(text.contains("`pull.yaml` is a coupling rule"), "{text}");
    assert!(refused(here, &["run", "pull"]).contains("there is a file `pull.yaml`"));
    assert!(refused(here, &["run", "nowhere.yaml"]).contains("nowhere.yaml: cannot be read"));
    // What the model was read from is not written over.
    fs::write(here.join("decay.json"), "{\"name\": \"DecayStep\", \"category\": \"network\", \"states\": {\"x\": {\"init\": 1}}, \"derivatives\": {\"x\": \"-x/1[ms]\"}}").expect("written");
    assert!(refused(here, &["run", "decay.json", "--out", "decay.json"]).contains("it is read from, too"));
}
