//! The command as its users meet it.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use brainmass::io::npz::Npz;

use crate::program::{ROOT, brainmass, folder, printed, refused, run};

#[test]
fn list_prints_the_table_of_the_reference() {
    let golden = fs::read_to_string(format!("{ROOT}/tests/golden/list_models.json")).unwrap();
    let golden: serde_json::Value = serde_json::from_str(&golden).unwrap();
    let table = golden[0]["table"].as_str().unwrap();
    assert_eq!(printed(Path::new("."), &["list"]), format!("{table}\n"));
}

#[test]
fn list_can_be_narrowed_down_and_read_by_programs() {
    let small = printed(Path::new("."), &["list", "--category", "physiological", "--max-states", "3"]);
    assert_eq!(small.lines().count(), 2 + 6, "{small}");
    let json = printed(Path::new("."), &["list", "--category", "network", "--json"]);
    let records: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(records.as_array().map(Vec::len), Some(4));
    assert_eq!(records[0]["name"], "KuramotoNetwork");
}

#[test]
fn show_lays_a_model_out() {
    insta::assert_snapshot!("show_jansen_rit", printed(Path::new("."), &["show", "JansenRitStep"]));
    insta::assert_snapshot!("show_sigmoidal", printed(Path::new("."), &["show", "Sigmoidal"]));
    let json = printed(Path::new("."), &["show", "HopfStep", "--json"]);
    let info: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(info["parameters"][0]["name"], "a");
}

#[test]
fn every_model_can_be_shown_within_the_width() {
    let names = brainmass::catalogue::COLLECTIONS.iter().flat_map(|collection| &collection.entries);
    for entry in names {
        let text = printed(Path::new("."), &["show", &entry.info.name]);
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        // A formula without a sum to break at, or an address, may be longer.
        assert!(widest <= 120, "{}: {widest} columns", entry.info.name);
    }
}

#[test]
fn run_writes_what_it_says() {
    let folder = folder(&[]);
    let text = printed(
        folder.path(),
        &[
            "run",
            "HopfStep",
            "--nodes",
            "90",
            "--set",
            "a=0.25",
            "--duration",
            "300ms",
            "--dt",
            "0.1ms",
            "--init",
            "x=-1..1",
            "--record",
            "x",
            "--out",
            "run.npz",
            "--plot",
            "run.png",
        ],
    );
    assert!(text.contains("(3000, 90)") && text.contains("31.") && text.contains("Hz"), "{text}");
    assert!(text.contains("ns per node-step") && text.contains("run.npz, run.png"), "{text}");
    let x = Npz::open(folder.path().join("run.npz")).unwrap().get("x").unwrap().into_matrix().unwrap();
    assert_eq!(x.dim(), (3000, 90));
    assert_eq!(&fs::read(folder.path().join("run.png")).unwrap()[1..4], b"PNG");
    let said = printed(folder.path(), &["plot", "run.npz", "--out", "again.svg", "--title", "Again"]);
    assert_eq!(said, "wrote again.svg\n");
    assert!(fs::read_to_string(folder.path().join("again.svg")).unwrap().contains("Again"));
}

#[test]
fn run_tells_the_alpha_rhythm_of_eight_sources() {
    let arguments = ["run", "JansenRitStep", "--nodes", "8", "--record", "eeg", "--input", "E_inp=200 Hz"];
    let text =
        printed(Path::new("."), &[&arguments[..], &["--duration", "2s", "--transient", "1s"]].concat());
    let line = text.lines().find(|line| line.contains("eeg")).unwrap_or_default();
    let hz: f64 = line.split_whitespace().rev().nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    assert!(line.contains("(10000, 8)") && (8.0..12.0).contains(&hz), "{text}");
}

#[test]
fn flags_replace_what_a_file_says() {
    let folder = folder(&[]);
    fs::write(folder.path().join("e.yaml"), "{model: HopfStep, duration: 50, record: x}").unwrap();
    let text =
        printed(folder.path(), &["run", "e.yaml", "--duration", "3ms", "--every", "3", "--nodes", "2"]);
    assert!(text.contains("(10, 2)"), "{text}");
}

#[test]
fn the_past_of_delayed_signals_can_be_said_in_a_flag() {
    let folder = folder(&[]);
    let text = "{model: WilsonCowanDelayedStep, duration: 20, past: {rE: 0.8}, record: rE, output: file.npz}";
    fs::write(folder.path().join("e.yaml"), text).unwrap();
    printed(folder.path(), &["run", "e.yaml"]);
    let by_flags = ["run", "WilsonCowanDelayedStep", "--duration", "20", "--record", "rE", "--out"];
    printed(folder.path(), &[&by_flags[..], &["flag.npz", "--past", "rE=0.8"]].concat());
    printed(folder.path(), &[&by_flags[..], &["without.npz"]].concat());
    let [file, flag, without] = ["file", "flag", "without"].map(|name| {
        Npz::open(folder.path().join(format!("{name}.npz")))
            .unwrap()
            .get("rE")
            .unwrap()
            .into_matrix()
            .unwrap()
    });
    assert!(file == flag && file != without);
    let text = refused(folder.path(), &["run", "WilsonCowanDelayedStep", "--past", "rX=0.8"]);
    assert!(text.contains("reads no `rX` with a delay") && text.contains("rE"), "{text}");
}

#[test]
fn a_network_tells_its_edges_delays_and_memory() {
    let folder = folder(&[]);
    let text = "{model: HopfStep, connectome: synthetic_8, coupling: {rule: Diffusive, from: x, speed: 5 mm/ms}, duration: 5}";
    fs::write(folder.path().join("e.yaml"), text).unwrap();
    let text = printed(folder.path(), &["run", "e.yaml"]);
    let connectome = brainmass::datasets::synthetic_8();
    assert!(text.contains(&format!("{} edges, 8 -> 8 nodes, delays up to", connectome.edges())), "{text}");
    assert!(text.contains("KiB of history"), "{text}");
}

#[test]
fn errors_come_with_a_hint_and_a_status() {
    let here = Path::new(".");
    let text = refused(here, &["show", "HopStep"]);
    assert!(text.starts_with("error: there is no model `HopStep`\nhint: did you mean `HopfStep`?"), "{text}");
    let text = refused(here, &["run", "HopfStep", "--set", "b=1", "--duration", "1mV"]);
    assert!(
        text.contains("HopfStep has no parameter `b`") && text.contains("wrong unit: expected ms"),
        "{text}"
    );
    let text = refused(here, &["run", "HopfStep", "--out", "no/such/folder/run.npz"]);
    assert!(text.contains("there is no folder") && text.contains("hint: make it with `mkdir -p"), "{text}");
    let text = refused(here, &["plot", "nothing.npz"]);
    assert!(text.contains("nothing.npz: cannot be read"), "{text}");
    let text = refused(here, &["run", "LorenzStep", "--init", "x=1e200"]);
    assert!(text.contains("diverged") && text.contains("hint: try a smaller --dt"), "{text}");
}

#[test]
fn check_shows_all_mistakes_of_all_files() {
    let folder = folder(&[]);
    let model = "name: Mine\ntitle: Mine\nstates: {x: {init: 0}}\nparameters: {a: {default: 1 /ms}}\nderivatives: {x: -b*x}\n";
    fs::write(folder.path().join("model.yaml"), model).unwrap();
    fs::write(folder.path().join("bad.yaml"), "{model: HopfStep, duration: 1, nodes: -1, seed: x}").unwrap();
    fs::write(folder.path().join("good.yaml"), "{model: HopfStep, duration: 1}").unwrap();
    let output = run(folder.path(), &["check", "model.yaml", "bad.yaml", "good.yaml"]);
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "ok good.yaml  experiment: 1 x HopfStep, 1 ms\n");
    let errors = String::from_utf8_lossy(&output.stderr);
    for part in
        ["model.yaml:5", "unknown name `b`", "bad.yaml:1:", "the seed is a whole number", "in 2 files"]
    {
        assert!(errors.contains(part), "{part}: {errors}");
    }
}

#[test]
fn check_knows_the_models_that_a_file_extends() {
    let folder = folder(&[]);
    let variant =
        "name: SlowHopf\nextends: HopfStep\ntitle: Slow Hopf\nparameters: {w: {default: 0.01 rad/ms}}\n";
    fs::write(folder.path().join("slow.yaml"), variant).unwrap();
    assert_eq!(printed(folder.path(), &["check", "slow.yaml"]), "ok slow.yaml  model SlowHopf\n");
    let hopf = format!("{ROOT}/models/hopf.yaml");
    assert!(printed(folder.path(), &["check", &hopf]).ends_with("model HopfStep\n"));
}

#[test]
fn analyze_tells_and_draws_what_a_run_holds() {
    let folder = folder(&[]);
    let experiment = format!("{ROOT}/experiments/whole_brain.yaml");
    fs::copy(experiment, folder.path().join("e.yaml")).unwrap();
    printed(folder.path(), &["run", "e.yaml", "--duration", "1500ms", "--out", "run.npz"]);
    let arguments = ["analyze", "run.npz", "--fc", "--psd", "--plot", "a.png", "--out", "a.npz"];
    let text = printed(folder.path(), &arguments);
    assert!(text.contains("mean correlation") && text.contains("peak"), "{text}");
    assert_eq!(&fs::read(folder.path().join("a.png")).unwrap()[1..4], b"PNG");
    let run = Npz::open(folder.path().join("run.npz")).unwrap().get("x").unwrap().into_matrix().unwrap();
    let file = Npz::open(folder.path().join("a.npz")).unwrap();
    let fc = file.get("x_fc").unwrap().into_matrix().unwrap();
    let expected = brainmass::analysis::functional_connectivity(run.view()).unwrap();
    assert!((fc - expected).iter().all(|difference| difference.abs() < 1e-12));
    assert_eq!(file.get("x_psd").unwrap().shape()[1], 90);
    assert!(refused(folder.path(), &["analyze", "run.npz", "--record", "y"]).contains("no record `y`"));
}

#[test]
fn analyze_reads_signals_without_times() {
    let folder = folder(&[]);
    let signal = ndarray::Array2::from_shape_fn((4, 300), |(region, sample)| {
        (0.1 * sample as f64 + region as f64).sin() + (0.37 * (region * sample) as f64).cos()
    });
    let mut file = brainmass::io::npz::NpzWriter::new();
    file.add("bold", &signal).unwrap();
    file.save(folder.path().join("bold.npz")).unwrap();
    assert!(refused(folder.path(), &["analyze", "bold.npz"]).contains("--tr"));
    let sampled = ["analyze", "bold.npz", "--tr", "720ms", "--regions-first"];
    let windows =
        ["--fcd", "--window", "21.6s", "--window-step", "3.6s", "--plot", "a.png", "--out", "a.npz"];
    let text = printed(folder.path(), &[&sampled[..], &windows[..]].concat());
    assert!(text.contains("(300, 4)") && text.contains("55 windows of 21.6 s every 3.60 s"), "{text}");
    let fcd = Npz::open(folder.path().join("a.npz")).unwrap().get("bold_fcd").unwrap().into_matrix().unwrap();
    let windows = brainmass::analysis::Windows::new(30, 5).unwrap();
    assert_eq!(fcd, brainmass::analysis::fcd(signal.t(), windows).unwrap());
    assert!(refused(folder.path(), &[&sampled[..], &["--window", "3 mV"]].concat()).contains("no time"));
}

#[test]
fn analyze_reads_measured_signals_from_tables_and_arrays() {
    let folder = folder(&[]);
    let signal = ndarray::Array2::from_shape_fn((300, 3), |(sample, region)| {
        (0.1 * sample as f64 + region as f64).sin() + (0.37 * (region * sample) as f64).cos()
    });
    let names = ["V1", "V2", "V3"].map(str::to_owned);
    let path = |name: &str| folder.path().join(name);
    brainmass::io::table::write(path("bold.tsv"), '\t', Some(&names), None, signal.view()).unwrap();
    brainmass::io::table::write(path("bold.csv"), ',', None, None, signal.view()).unwrap();
    brainmass::io::npy::write(path("bold.npy"), &signal).unwrap();
    let analyse = |name: &str| printed(folder.path(), &["analyze", name, "--tr", "720ms"]);
    let text = analyse("bold.tsv");
    assert!(text.contains("bold  (300, 3)") && text.contains("windows of 59.8 s"), "{text}");
    assert_eq!(analyse("bold.csv"), text);
    assert_eq!(analyse("bold.npy"), text);
    let text = refused(folder.path(), &["analyze", "bold.tsv"]);
    assert!(text.contains("bold.tsv: has an unknown format") && text.contains("--tr 720ms"), "{text}");
    fs::write(path("bad.csv"), "1,2\n3,NA\n").unwrap();
    let text = refused(folder.path(), &["analyze", "bad.csv", "--tr", "1s"]);
    assert!(text.contains("bad.csv: line 2, column 2: `NA` stands for a missing value"), "{text}");
}

#[test]
fn analyze_counts_what_does_not_vary_and_leaves_it_out() {
    let folder = folder(&[]);
    let mut signal = ndarray::Array2::from_shape_fn((200, 5), |(sample, region)| {
        (0.1 * sample as f64 + region as f64).sin() + (0.37 * (region * sample) as f64).cos()
    });
    signal.column_mut(1).fill(0.1);
    signal[[7, 3]] = f64::NAN;
    let names = ["A", "B", "C", "D", "E"].map(str::to_owned);
    brainmass::io::table::write(folder.path().join("x.csv"), ',', Some(&names), None, signal.view()).unwrap();
    let arguments = ["analyze", "x.csv", "--tr", "1s", "--out", "a.npz"];
    let text = printed(folder.path(), &arguments);
    assert!(text.contains("1 of 5 nodes does not vary and is left out: B"), "{text}");
    assert!(text.contains("1 of 5 nodes has values that are not finite and is left out: D"), "{text}");
    let file = Npz::open(folder.path().join("a.npz")).unwrap();
    let fc = file.get("x_fc").unwrap().into_matrix().unwrap();
    let varying = ndarray::concatenate![
        ndarray::Axis(1),
        signal.slice(ndarray::s![.., ..1]),
        signal.slice(ndarray::s![.., 2..3]),
        signal.slice(ndarray::s![.., 4..])
    ];
    let expected = brainmass::analysis::functional_connectivity(varying.view()).unwrap();
    assert_eq!([fc[[0, 2]], fc[[0, 4]], fc[[2, 4]]], [expected[[0, 1]], expected[[0, 2]], expected[[1, 2]]]);
    assert!([1, 3].iter().all(|&silent| fc.row(silent).iter().all(|r| r.is_nan())));
    let mean = (expected[[0, 1]] + expected[[0, 2]] + expected[[1, 2]]) / 3.0;
    assert!(text.contains(&format!("mean correlation {mean:.2}")), "{mean}: {text}");
    let power = file.get("x_psd").unwrap().into_matrix().unwrap();
    assert!(
        power.column(1).iter().all(|power| power.is_nan()) && power.column(0).iter().all(|p| p.is_finite())
    );
}

#[test]
fn analyses_that_a_record_does_not_allow_are_left_out_unless_they_are_asked_for() {
    let folder = folder(&[]);
    // A minute between samples: windows of a minute hold one.
    let run = [
        "run",
        "LinearStep",
        "--scheme",
        "exp_euler",
        "--duration",
        "10min",
        "--dt",
        "1ms",
        "--every",
        "60000",
    ];
    printed(
        folder.path(),
        &[&run[..], &["--noise", "x=.1", "--nodes", "3", "--out", "s.npz", "-q"]].concat(),
    );
    let text = printed(folder.path(), &["analyze", "s.npz"]);
    assert!(
        text.contains("mean correlation") && text.contains("fcd  left out: the window size is 1"),
        "{text}"
    );
    let text = refused(folder.path(), &["analyze", "s.npz", "--fcd"]);
    assert!(text.contains("the window size is 1") && text.contains("hint: say with `--window`"), "{text}");
}

#[test]
fn what_is_read_is_not_written_over() {
    let folder = folder(&[]);
    printed(folder.path(), &["run", "HopfStep", "--duration", "30ms", "--out", "x.npz", "-q"]);
    let before = fs::read(folder.path().join("x.npz")).unwrap();
    let text = refused(folder.path(), &["analyze", "x.npz", "--psd", "--out", "./x.npz"]);
    assert!(text.contains("./x.npz: cannot be written: it is read from, too"), "{text}");
    let text = refused(folder.path(), &["analyze", "x.npz", "--psd", "--plot", "a/b.png"]);
    assert!(text.contains("a/b.png: cannot be written: its folder does not exist"), "{text}");
    assert_eq!(fs::read(folder.path().join("x.npz")).unwrap(), before);
}

#[test]
fn output_can_be_piped_and_cut_short() {
    let mut child = brainmass(Path::new("."), &["show", "EpileptorStep", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = printed(Path::new("."), &["show", "HopfStep"]);
    assert!(!text.contains('\x1b'), "no colours in a pipe");
}

#[test]
fn every_help_has_an_example() {
    let text = printed(Path::new("."), &["--help"]);
    let commands: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        // The rest of a sentence stands further in.
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(
        commands,
        [
            "list",
            "show",
            "run",
            "fit",
            "sweep",
            "plot",
            "analyze",
            "diff",
            "connectome",
            "check",
            "bench",
            "accuracy",
            "bifurcation",
            "new-model",
            "new-experiment",
            "completions"
        ]
    );
    for command in commands {
        let text = printed(Path::new("."), &[command, "--help"]);
        assert!(text.contains("Examples:") && text.contains(&format!("brainmass {command}")), "{text}");
    }
}

#[test]
fn bench_measures_one_model_after_the_other() {
    let arguments = ["bench", "HopfStep", "JansenRitStep", "--nodes", "4", "--scheme", "euler", "--json"];
    let speeds: serde_json::Value = serde_json::from_str(&printed(Path::new("."), &arguments)).unwrap();
    for (speed, model) in speeds.as_array().unwrap().iter().zip(["HopfStep", "JansenRitStep"]) {
        assert_eq!((&speed["model"], &speed["nodes"]), (&model.into(), &4.into()));
        let number = |name: &str| speed[name].as_f64().unwrap();
        let product = number("per_node_step") * 4.0 * number("steps_per_second");
        assert!((product / 1e9 - 1.0).abs() < 1e-9, "{speed}");
    }
    let unknown = refused(Path::new("."), &["bench", "HopfStp"]);
    assert!(unknown.contains("did you mean `HopfStep`"), "{unknown}");
    let rule = refused(Path::new("."), &["bench", "Diffusive"]);
    assert!(rule.contains("no nodes of its own"), "{rule}");
    let scheme = refused(Path::new("."), &["bench", "HopfStep", "--scheme", "eler"]);
    assert!(scheme.contains("did you mean `euler`"), "{scheme}");
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let script = printed(Path::new("."), &["completions", shell]);
        assert!(
            ["analyze", "sample-every", "max-states"].iter().all(|word| script.contains(word)),
            "{shell}"
        );
    }
}

#[test]
fn every_experiment_runs() {
    for entry in fs::read_dir(format!("{ROOT}/experiments")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let folder = folder(&[]);
        // Models beside those of the library are named from the folder of the experiments.
        let text = fs::read_to_string(&path).unwrap().replace("../models", &format!("{ROOT}/models"));
        fs::write(folder.path().join("e.yaml"), text).unwrap();
        // A debug build is slow: a tenth of a second shows that all of it works, and two rows of what is sampled each 720 ms.
        let slow = ["run", "e.yaml", "--duration", "2200ms", "--transient", "20ms"];
        let arguments =
            ["run", "e.yaml", "--duration", "120ms", "--transient", "20ms", "--sample-every", "1ms"];
        let observed = fs::read_to_string(&path).unwrap().contains("\nobserve:");
        let text = printed(folder.path(), if observed { &slow } else { &arguments });
        assert!(text.contains(if observed { "(3, " } else { "(100, " }), "{}: {text}", path.display());
        // A file that describes a sweep may write nothing of a run.
        let said = fs::read_to_string(&path).unwrap();
        let writes = ["\noutput:", "\nplot:"].iter().any(|key| said.contains(key));
        assert!(text.contains("wrote") == writes && !text.contains("NaN"), "{}: {text}", path.display());
    }
}
