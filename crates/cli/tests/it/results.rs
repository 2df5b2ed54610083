//! Results on the command line: repeated, shown, compared; flags that say what files say; connectomes in other formats.

use std::fs;
use std::path::Path;

use brainmass::io::npz::Npz;
use tempfile::TempDir;

use crate::program::{printed, run};

/// Returns the status, and what was printed on both streams.
fn told(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(folder, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const EXPERIMENT: &str = "
title: Three regions
model: HopfStep
connectome: {file: sc.csv, orientation: target_source}
coupling: {rule: Diffusive, from: x, k: 0.1}
noise: {x: 0.01}
duration: 20 ms
record: [x, y]
";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("e.yaml"), EXPERIMENT).expect("written");
    fs::write(folder.path().join("sc.csv"), "region,A,B,C\nA,0,0.5,2\nB,1,0,1\nC,3,0.25,0\n")
        .expect("written");
    folder
}

#[test]
fn a_result_is_repeated_in_an_empty_folder() {
    let folder = folder();
    let names = ["run.npz", "run.json", "run.csv"];
    let outputs: Vec<&str> = names.iter().flat_map(|name| ["--out", name]).collect();
    printed(folder.path(), &[&["run", "e.yaml"], &outputs[..]].concat());
    for name in names {
        let empty = tempfile::tempdir().unwrap();
        fs::copy(folder.path().join(name), empty.path().join(name)).unwrap();
        if name == "run.csv" {
            let beside = "run.csv.provenance.json";
            fs::copy(folder.path().join(beside), empty.path().join(beside)).unwrap();
        }
        let text = printed(empty.path(), &["run", name, "--out", "again.npz"]);
        assert!(text.contains(&format!("repeats  {name}: the same bits in all 2 records")), "{text}");
        let diff = printed(
            folder.path(),
            &["diff", "run.npz", &empty.path().join("again.npz").display().to_string()],
        );
        assert_eq!(diff, "settings  the same\nnumbers   the same bits in all 5 arrays\n");
    }
    // A result whose numbers were changed is not repeated, and that is said.
    let text = fs::read_to_string(folder.path().join("run.json")).unwrap();
    let mut changed: serde_json::Value = serde_json::from_str(&text).unwrap();
    changed["records"][0]["values"][3][0] = 7.5.into();
    fs::write(folder.path().join("run.json"), changed.to_string()).unwrap();
    let (status, _, errors) = told(folder.path(), &["run", "run.json"]);
    assert_eq!(status, Some(1));
    assert!(errors.contains("does not repeat `run.json`: `x`: 1 of 600 values differ"), "{errors}");
    // The file that is read is not written over.
    assert!(told(folder.path(), &["run", "run.npz", "--out", "run.npz"]).2.contains("it is read from, too"));
}

#[test]
fn diff_tells_settings_then_numbers_by_its_status() {
    let folder = folder();
    let path = folder.path();
    printed(path, &["run", "e.yaml", "--out", "a.npz"]);
    printed(path, &["run", "a.npz", "--set", "k=0.5", "--title", "Other", "--out", "b.npz"]);
    printed(path, &["run", "e.yaml", "--record", "x", "--out", "c.npz"]);
    // How many numbers differ depends on the instruction set.
    let (status, text, _) = told(path, &["diff", "a.npz", "b.npz"]);
    let expected = "settings  1 differs
  setting           first  second
  coupling_input.k  0.1    0.5
experiment
  - title: Three regions
  + parameters:
  +   k: 0.5
  + title: Other
numbers   2 arrays differ
  array  difference
  x      ";
    assert!(
        status == Some(1) && text.starts_with(expected) && text.contains(" of 600 values differ, by "),
        "{text}"
    );
    let (status, text, _) = told(path, &["diff", "a.npz", "c.npz"]);
    assert_eq!(status, Some(1));
    assert!(text.contains("only in the first") && text.contains("records"), "{text}");
    assert_eq!(told(path, &["diff", "-q", "a.npz", "b.npz"]), (Some(1), String::new(), String::new()));
    assert_eq!(told(path, &["diff", "a.npz", "a.npz"]).0, Some(0));
    assert_eq!(
        told(path, &["diff", "e.yaml", "a.npz"]),
        (Some(0), "settings  the same\n".into(), String::new())
    );
    for wrong in [["a.npz", "missing.npz"], ["a.npz", "HopfStep"], ["e.yaml", "NoModelStep"]] {
        let (status, text, errors) = told(path, &["diff", wrong[0], wrong[1]]);
        assert!(status == Some(2) && text.is_empty() && errors.starts_with("error: "), "{wrong:?}: {errors}");
    }
}

#[test]
fn diff_of_models_is_about_what_they_mean() {
    let folder = folder();
    let path = folder.path();
    let text = printed(path, &["show", "HopfStep", "--yaml"]);
    fs::write(path.join("old.yaml"), &text).unwrap();
    fs::write(path.join("texts.yaml"), text.replace("title: ", "title: The ")).unwrap();
    let default = text.lines().find(|line| line.contains("default: 0.25")).expect("a default");
    fs::write(path.join("new.yaml"), text.replace(default, &default.replace("0.25", "0.3"))).unwrap();
    assert_eq!(
        told(path, &["diff", "HopfStep", "old.yaml"]),
        (Some(0), "the two are the same model\n".into(), String::new())
    );
    let (status, text, _) = told(path, &["diff", "old.yaml", "texts.yaml"]);
    assert!(status == Some(1) && text.starts_with("texts differ; results stay as they are\n"), "{text}");
    let (status, text, _) = told(path, &["diff", "old.yaml", "new.yaml"]);
    assert!(status == Some(1) && text.starts_with("results change\n"), "{text}");
    assert!(text.contains("parameter a, default") && text.contains("`version` is still"), "{text}");
}

#[test]
fn show_tells_how_a_result_was_made_and_gives_it_back() {
    let folder = folder();
    let path = folder.path();
    printed(path, &["run", "e.yaml", "--out", "a.npz"]);
    let text = printed(path, &["show", "a.npz"]);
    for part in ["coupling_input.k", "A, B, C", "sc.csv", "title: Three regions", "(200, 3)"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let text = printed(path, &["show", "a.npz", "--extract", "kept"]);
    assert!(text.contains("kept/sc.csv") && text.contains("kept/experiment.yaml"), "{text}");
    assert_eq!(fs::read(path.join("kept/sc.csv")).unwrap(), fs::read(path.join("sc.csv")).unwrap());
    assert_eq!(printed(path, &["diff", "kept/experiment.yaml", "a.npz"]), "settings  the same\n");
    assert!(told(path, &["show", "a.npz", "--extract", "kept"]).2.contains("is not empty"));
    let json: serde_json::Value = serde_json::from_str(&printed(path, &["show", "a.npz", "--json"])).unwrap();
    assert_eq!(json["settings"]["coupling_input.k"], "0.1");
}

#[test]
fn figures_analyses_and_fits_say_how_they_were_made() {
    let folder = folder();
    let path = folder.path();
    printed(path, &["run", "e.yaml", "--out", "a.npz", "--plot", "a.svg"]);
    assert!(fs::read_to_string(path.join("a.svg")).unwrap().contains("coupling_input.k"));
    printed(path, &["analyze", "a.npz", "--fc", "--out", "fc.npz"]);
    let text = printed(path, &["show", "fc.npz"]);
    assert!(text.contains("analysis of x") && text.contains("coupling_input.k"), "{text}");

    let fit = "model: HopfStep\ninitial: {x: 0.3}\nduration: 10 ms\nsample_every: 1 ms\n";
    fs::write(path.join("fit.yaml"), fit).unwrap();
    printed(path, &["run", "fit.yaml", "--set", "a=0.4", "--out", "target.npz"]);
    let flags = [
        "--bounds",
        "a=0..1",
        "w=0.1..0.3",
        "--target",
        "@target.npz:x",
        "--method",
        "lbfgs",
        "--iterations",
        "30",
    ];
    let out = ["--out", "fit.json", "--out", "fit.csv", "--plot", "fit.svg"];
    printed(path, &[&["fit", "fit.yaml"], &flags[..], &out[..]].concat());
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(path.join(name)).unwrap()).unwrap()
    };
    let found = read("fit.json");
    assert!((found["params"]["a"][0].as_f64().unwrap() - 0.4).abs() < 1e-3, "{}", found["params"]);
    assert_eq!(
        found["provenance"]["settings"]["fitted a"].as_str().map(|text| text.contains("sigmoid(0, 1)")),
        Some(true)
    );
    assert!(fs::read_to_string(path.join("fit.svg")).unwrap().contains("fitted a"));
    // The fit is repeated from its result alone.
    let empty = tempfile::tempdir().unwrap();
    fs::copy(path.join("fit.json"), empty.path().join("fit.json")).unwrap();
    printed(empty.path(), &["fit", "fit.json", "--out", "again.json"]);
    let again = empty.path().join("again.json").display().to_string();
    assert_eq!(
        told(path, &["diff", "fit.json", &again]).0,
        Some(0),
        "{}",
        told(path, &["diff", "fit.json", &again]).1
    );
    assert!(told(empty.path(), &["run", "fit.json"]).2.contains("is the result of a fit"));
}

#[test]
fn flags_say_what_files_say_also_for_fits_and_checks() {
    let folder = folder();
    let path = folder.path();
    let flags = [
        "--connectome",
        "synthetic_8",
        "--coupling",
        "Diffusive",
        "--set",
        "k=0.1",
        "speed=5",
        "--input",
        "x_inp={noise: pink, sigma: 0.1}",
        "--observe",
        "m={signal: x, instrument: average, every: 1 ms}",
        "--duration",
        "5ms",
    ];
    printed(path, &[&["run", "HopfStep"], &flags[..], &["--out", "flags.npz"]].concat());
    let file = "{model: HopfStep, connectome: synthetic_8, coupling: {rule: Diffusive, k: 0.1, speed: 5}, inputs: {x_inp: {noise: pink, sigma: 0.1}}, observe: {m: {signal: x, instrument: average, every: 1 ms}}, duration: 5 ms}";
    fs::write(path.join("f.yaml"), file).unwrap();
    printed(path, &["run", "f.yaml", "--out", "file.npz"]);
    assert_eq!(told(path, &["diff", "flags.npz", "file.npz"]).0, Some(0));
    assert!(Npz::open(path.join("flags.npz")).unwrap().contains("m"));

    assert!(printed(path, &["check", "e.yaml", "--set", "k=0.2"]).starts_with("ok e.yaml"));
    let (status, _, errors) = told(path, &["check", "e.yaml", "--set", "kk=0.2", "--duration", "3 mV"]);
    assert!(status == Some(1) && errors.contains("kk=0.2") && errors.contains("2 mistakes"), "{errors}");
    let accuracy = ["accuracy", "HopfStep", "--scheme", "heun", "--dt", "0.1", "--duration", "100", "--json"];
    let slow = printed(path, &[&accuracy[..], &["--set", "w=0.02"]].concat());
    assert_ne!(slow, printed(path, &accuracy));
    // A parameter that leaves its range is warned of once.
    let (status, _, errors) = told(path, &["run", "JansenRitStep", "--set", "Ae=20", "--duration", "5ms"]);
    assert_eq!((status, errors.matches("warning:").count()), (Some(0), 1), "{errors}");
    assert!(errors.contains("`Ae` is 20, outside 2.6 … 9.75"), "{errors}");
}

#[test]
fn connectomes_are_shown_and_converted() {
    let folder = folder();
    let path = folder.path();
    let text = printed(path, &["connectome", "show", "synthetic_90"]);
    assert!(text.starts_with("regions    90\n"), "{text}");
    printed(path, &["connectome", "convert", "synthetic_90", "c.npz"]);
    let digest = |text: &str| text.lines().find(|line| line.starts_with("digest")).map(str::to_owned);
    assert_eq!(digest(&printed(path, &["connectome", "show", "c.npz"])), digest(&text));
    printed(path, &["connectome", "convert", "c.npz", "w.csv", "--lengths-to", "l.csv"]);
    printed(
        path,
        &["connectome", "convert", "w.csv", "d.npz", "--lengths", "l.csv", "--orientation", "target_source"],
    );
    assert_eq!(digest(&printed(path, &["connectome", "show", "d.npz"])), digest(&text));
    let (status, _, errors) = told(path, &["connectome", "show", "w.csv"]);
    assert!(status == Some(1) && errors.contains("target"), "{errors}");
    assert!(told(path, &["connectome", "show", "synthetic_80"]).2.contains("synthetic_90"));
}
