//! Bifurcation diagrams as the command makes them: of a model, of a file, and what it says of mistakes.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{printed, refused, run};

fn with_file(text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("e.yaml"), text).expect("the folder can be written");
    folder
}

const FILE: &str = "\
model: WilsonCowanStep
parameters: {wEE: 16}
inputs: {rI_inp: 0.5}
continuation:
  over: {rE_inp: 0..4}
  of: rI
  output: branches.csv
  plot: diagram.svg
";

/// The special points that the command prints as JSON: kinds and values.
fn points(folder: &Path, arguments: &[&str]) -> Vec<(String, f64)> {
    let told: Value = serde_json::from_str(&printed(folder, arguments)).expect("JSON");
    let all = ["equilibria", "cycles"]
        .into_iter()
        .flat_map(|part| told[part].as_array().cloned().unwrap_or_default());
    all.map(|point| {
        (point["kind"].as_str().unwrap_or_default().to_owned(), point["value"].as_f64().unwrap_or(f64::NAN))
    })
    .collect()
}

#[test]
fn a_section_of_a_file_is_what_the_flags_are() {
    let folder = with_file(FILE);
    let of_file = points(folder.path(), &["bifurcation", "e.yaml", "--json"]);
    let flags = ["--over", "rE_inp=0..4", "--set", "wEE=16", "--input", "rI_inp=0.5"];
    let of_flags =
        points(folder.path(), &[&["bifurcation", "WilsonCowanStep", "--json"], &flags[..]].concat());
    assert!(!of_file.is_empty());
    assert_eq!(of_file, of_flags);
    let table = fs::read_to_string(folder.path().join("branches.csv")).unwrap();
    assert!(table.starts_with("branch,kind,special,rE_inp,period,unstable,rE_min,rE_max"), "{table}");
    assert!(fs::read_to_string(folder.path().join("diagram.svg")).unwrap().contains(">rI<"));
    // Flags replace what the file says, and the range with them.
    let other = points(folder.path(), &["bifurcation", "e.yaml", "--json", "--over", "wEE=1..3"]);
    assert!(other.iter().all(|(_, value)| (1.0..=3.0).contains(value)));
    let text = printed(folder.path(), &["check", "e.yaml"]);
    assert!(text.contains("1000 ms; diagram over rE_inp from 0 to 4"), "{text}");
    // A run leaves the section alone.
    let text = printed(folder.path(), &["run", "e.yaml", "--duration", "5ms", "--out", "run.npz"]);
    assert!(text.contains("WilsonCowanStep"), "{text}");
    // Without a duration of its own, a run and its repetition have the usual one.
    printed(folder.path(), &["run", "e.yaml", "--quiet", "--dt", "1ms", "--out", "usual.npz"]);
    let text = printed(folder.path(), &["run", "usual.npz"]);
    assert!(text.contains("same bits") || text.contains("same numbers"), "{text}");
}

#[test]
fn what_varies_may_change_in_time_or_from_node_to_node_in_runs_of_the_file() {
    let driven = "\
model: WilsonCowanStep
nodes: 2
parameters: {wEE: [16, 15]}
inputs: {rE_inp: {noise: pink, sigma: 0.1}}
duration: 10 ms
continuation: {over: {rE_inp: 0..4}, and: {wEE: 12..17}, equilibria: true, output: curves.csv}
";
    let folder = with_file(driven);
    printed(folder.path(), &["bifurcation", "e.yaml"]);
    assert!(fs::read_to_string(folder.path().join("curves.csv")).unwrap().lines().count() > 10);
    // With one value that varies, the other must be told.
    let one = driven.replace("and: {wEE: 12..17}, ", "");
    let text = refused(with_file(&one).path(), &["bifurcation", "e.yaml"]);
    assert!(text.contains("`wEE` differs from node to node") && !text.contains("changes in time"), "{text}");
}

#[test]
fn phase_responses_are_printed_written_and_drawn() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let flags = ["--over", "a=-0.1..0.3 /ms", "--set", "w=0.2", "--phase-response", "0.04"];
    let files = ["--out", "r.csv", "--plot", "r.svg"];
    let arguments = [&["bifurcation", "HopfStep"], &flags[..], &files].concat();
    let text = printed(folder.path(), &arguments);
    assert!(text.contains("A stable cycle at a = 0.04 /ms, period 31.415927 ms"), "{text}");
    let table = fs::read_to_string(folder.path().join("r.csv")).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("cycle,phase,time,x,response_x,y,response_y"));
    let (mut rows, mut worst) = (0, 0.0_f64);
    for line in lines {
        let row: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        // Pushes along the circle of radius 0.2 alone move the phase, and phase 0 is where x is largest.
        worst = worst.max((row[4] + row[5] / 0.04).abs()).max((row[6] - row[3] / 0.04).abs());
        worst = worst.max((row[3] - 0.2 * row[1].cos()).abs() * 0.01);
        rows += 1;
    }
    assert!(rows == 401 && worst < 1e-4, "{rows} {worst}");
    assert!(fs::read_to_string(folder.path().join("r.svg")).unwrap().contains("phase response"));
    let none = ["bifurcation", "HopfStep", "--over", "a=-0.1..0.3", "--phase-response", "-0.05"];
    let text = refused(folder.path(), &none);
    assert!(text.contains("there is no cycle at a = -0.05 /ms"), "{text}");
    let outside = ["bifurcation", "HopfStep", "--over", "a=-0.1..0.3", "--phase-response", "7"];
    assert!(refused(folder.path(), &outside).contains("7 is outside of the range of `a`"));
}

#[test]
fn mistakes_of_the_section_have_their_places() {
    let text = "\
model: JansenRitStep
nodes: 2
parameters: {C: [135, 130]}
inputs: {E_inp: {noise: pink, sigma: 1 Hz}}
duration: 1 s
continuation:
  over: {A: 0..10 Hz}
  and: {B: 5..3, a: 1..2}
  step: 0.5
  plots: x.png
";
    insta::assert_snapshot!(refused(with_file(text).path(), &["check", "e.yaml"]));
    let delayed = "{model: HopfStep, continuation: {over: {a: [0.5, 0.1 /ms]}, of: z}}";
    insta::assert_snapshot!(refused(with_file(delayed).path(), &["bifurcation", "e.yaml"]));
    let none = "{model: HopfStep, duration: 1 s}";
    insta::assert_snapshot!(refused(with_file(none).path(), &["bifurcation", "e.yaml"]));
}

#[test]
fn a_coupling_is_left_out_with_a_warning() {
    let text = "{model: HopfStep, connectome: {name: synthetic_8}, coupling: {rule: Diffusive, k: 0.1}, continuation: {over: {a: -1..1}}}";
    let folder = with_file(text);
    let output = run(folder.path(), &["bifurcation", "e.yaml"]);
    let (said, told) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success() && said.contains("one node by itself"), "{said}");
    assert!(told.contains("supercritical"), "{told}");
}

#[test]
fn what_is_nowhere_stable_is_said() {
    // The linear focus dx/dt = a x - y, dy/dt = x + a y has nothing stable for a > 0.
    let model = "\
name: FocusStep
category: phenomenological
time_unit: 1 ms
states: {x: {init: 0.1}, y: {init: 0}}
parameters: {a: {default: 0.1, doc: growth}}
derivatives: {x: a*x - y, y: x + a*y}
";
    let folder = with_file(model);
    let text = printed(folder.path(), &["bifurcation", "e.yaml", "--over", "a=0.1..1"]);
    assert!(text.contains("Nowhere in the range was anything stable found"), "{text}");
    let text = printed(folder.path(), &["bifurcation", "e.yaml", "--over", "a=-1..1"]);
    assert!(text.contains("From 0.000000 to 1.000000 nothing stable was found"), "{text}");
}
