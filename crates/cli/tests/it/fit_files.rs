//! Fits that experiment files describe, read and run.

use std::fs;

use brainmass::Experiment;
use brainmass::fit::Param;

use crate::program::{printed, run};

const MODEL: &str = "model: HopfStep\ninitial: {x: 0.3}\ndt: 0.2 ms\nduration: 40 ms\n";

const FIT: &str = "
fit:
  parameters:
    a: {start: 0.1, between: [0, 2]}
    beta:
  target: {file: target.npz, array: x}
  method: lbfgs
  iterations: 60
  output: [fit.json, fit.csv]
  plot: fit.svg
";

#[test]
fn the_command_finds_again_what_made_a_run_and_writes_what_it_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    fs::write(folder.join("run.yaml"), MODEL).expect("written");
    fs::write(folder.join("fit.yaml"), format!("{MODEL}{FIT}")).expect("written");
    printed(folder, &["run", "run.yaml", "--set", "a=0.4", "--set", "beta=1.5", "--out", "target.npz"]);

    let text = printed(folder, &["fit", "fit.yaml"]);
    assert!(text.contains("lbfgs") && text.contains("fit.json, fit.csv, fit.svg"), "{text}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("written");
    let found: serde_json::Value = serde_json::from_str(&read("fit.json")).expect("JSON");
    let value = |name: &str| found["params"][name][0].as_f64().expect("a number");
    assert!((value("a") - 0.4).abs() < 1e-4 && (value("beta") - 1.5).abs() < 1e-3, "{found}");
    assert!(read("fit.csv").starts_with("start,iteration,loss,best,evaluations\n0,0,"));
    assert!(read("fit.svg").contains("<svg"));

    printed(folder, &["fit", "fit.yaml", "--iterations", "3", "--checkpoint", "part.json", "-q"]);
    printed(folder, &["fit", "fit.yaml", "--resume", "part.json", "-q"]);
    let resumed: serde_json::Value = serde_json::from_str(&read("fit.json")).expect("JSON");
    assert_eq!(resumed["params"], found["params"]);

    let output = run(folder, &["fit", "run.yaml"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && errors.contains("`run.yaml` has no section `fit`"), "{errors}");
}

#[test]
fn the_bundled_fit_finds_the_rhythm_that_its_target_was_made_with() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../experiments/fit_ringing.yaml");
    fs::copy(file, folder.path().join("fit.yaml")).expect("the file is there");
    printed(folder.path(), &["fit", "fit.yaml"]);
    let found = fs::read_to_string(folder.path().join("fit_ringing.json")).expect("written");
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    for (name, expected) in [("a", -0.02), ("w", 0.15)] {
        let value = found["params"][name][0].as_f64().expect("a number");
        assert!((value - expected).abs() < 0.01 * expected.abs(), "{name} = {value}, not {expected}");
    }
}

#[test]
fn the_bundled_fit_by_linear_response_finds_what_a_run_was_made_with() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../experiments/fit_connectivity.yaml");
    fs::copy(file, folder.path().join("fit.yaml")).expect("the file is there");
    let text = printed(folder.path(), &["fit", "fit.yaml"]);
    assert!(text.contains("(fc_rmse by linear response)") && text.contains(" candidates, "), "{text}");
    let found = fs::read_to_string(folder.path().join("fit_connectivity.json")).expect("written");
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let k = found["params"]["k"][0].as_f64().expect("a number");
    assert!((k - 0.2).abs() < 0.006, "k = {k}, not 0.2");
}

#[test]
fn what_linear_response_cannot_do_is_said_at_its_key() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../experiments/fit_connectivity.yaml");
    let text = fs::read_to_string(file).expect("the file is there");
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        fs::write(folder.join("fit.yaml"), text.replacen(from, to, 1)).expect("written");
        let output = run(folder, &["fit", "fit.yaml"]);
        assert!(!output.status.success(), "{to}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    for (from, to, expected) in [
        ("objective: fc_rmse", "objective: fcd_ks", "linear response gives functional connectivity"),
        ("noise: {x: 0.001, y: 0.001}", "", "no state has noise"),
        ("k: {start: 0.05, between: [0, 1]}", "a: {start: 0.05, between: [0.01, 0.2]}", "is not stable"),
        ("record: x\n", "record: x\naverage: true\n", "linear response is of single moments"),
        (
            "coupling: {rule",
            "inputs: {x_inp: {noise: white, sigma: 0.1}}\ncoupling: {rule",
            "changes over time or is noise",
        ),
        ("by: linear_response", "by: theory", "linear_response"),
        (
            "    k: {start: 0.05, between: [0, 1]}",
            "    speed: {start: 10, between: [1, 30]}",
            "no derivative by `speed`",
        ),
    ] {
        let errors = refused(from, to);
        assert!(errors.contains(expected), "{to}: {errors}");
    }
}

#[test]
fn what_instruments_see_is_fitted_with_gradients() {
    // Every kind of BOLD, of a run whose beginning is left out.
    for instrument in
        ["instrument: bold, step: 10 ms", "instrument: hrf, step: 100 ms", "instrument: average"]
    {
        let run = format!(
            "model: HopfStep\ninitial: {{x: 0.3}}\ndt: 10 ms\nduration: 3 s\ntransient: 1 s\n\
             parameters: {{a: 0.04, w: 0.001}}\nobserve: {{seen: {{signal: radius, every: 500 ms, {instrument}}}}}\n"
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = folder.path();
        fs::write(folder.join("run.yaml"), &run).expect("written");
        fs::write(
            folder.join("fit.yaml"),
            format!(
                "{run}fit: {{parameters: {{a: {{start: 0.02, between: [0, 0.1]}}}}, target: {{file: target.npz, array: seen}}, \
                 method: lbfgs, iterations: 12, enough: 1e-7, output: fit.json}}\n"
            ),
        )
        .expect("written");
        printed(folder, &["run", "run.yaml", "--out", "target.npz"]);
        printed(folder, &["fit", "fit.yaml"]);
        let found = fs::read_to_string(folder.join("fit.json")).expect("written");
        let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
        let a = found["params"]["a"][0].as_f64().expect("a number");
        assert!((a - 0.04).abs() < 1e-4, "{instrument}: a = {a}");
    }
}

#[test]
fn every_mistake_of_the_section_is_told_with_its_place() {
    let text = format!(
        "{MODEL}fit: {{parameters: {{omga: {{start: }}, a: {{between: [0, 1], transform: exp}}, w: {{prior: {{mean: 1, l1: 2}}}}}}, signal: y, objective: fc_cor, \
         target: [[1], [2, 3]], method: lbfg, starts: 0, patience: 0, output: fit.npz, iteration: 3}}\n"
    );
    let report = Experiment::read("fit.yaml", &text).expect_err("it has mistakes").to_string();
    for expected in [
        "there is nothing called `omga` to be set",
        "the transform `exp` does not fit here",
        "a prior has a `mean` and a `deviation`, or a weight `l1` or `l2`",
        "there is no record `y`",
        "there is no objective `fc_cor`",
        "the rows of the target have different lengths",
        "there is no method `lbfg`",
        "starts is a whole number, at least 1",
        "patience is a whole number, at least 1",
        "cannot tell from `fit.npz` how to write the result of a fit",
        "unknown key `iteration` in the fit",
    ] {
        assert!(report.contains(expected), "{expected}: {report}");
    }
    let rate = format!("{MODEL}fit: {{parameters: {{a: }}, target: [[1]], method: pso, rate: 0.1}}\n");
    let report = Experiment::read("fit.yaml", &rate).expect_err("it has a mistake").to_string();
    assert!(report.contains("pso has no setting `rate`: it is one of adam, adamw, rmsprop, sgd"), "{report}");
    let empty = Experiment::read("fit.yaml", &format!("{MODEL}fit: {{method: pso}}\n"))
        .expect_err("nothing")
        .to_string();
    assert!(
        empty.contains("a fit needs `parameters`") && empty.contains("a fit needs a `target`"),
        "{empty}"
    );
}

#[test]
fn a_section_says_starts_bounds_and_priors() {
    let text = format!(
        "nodes: 2\n{MODEL}fit: {{parameters: {{a: {{start: 0.1, between: [0, 2], prior: {{mean: 1, deviation: 0.5}}}}, w: 0.3, beta: {{start: 1, above: 0, prior: {{l1: 0.1}}}}, x_inp: {{start: 0, between: [-1, 1], transform: clip}}}}, \
         target: [[1, 0.5], [0.5, 1]], objective: fc_rmse, target_is: connectivity, windows: [20, 2], patience: 9, enough: 0.01, seed: 7}}\n"
    );
    let plan = Experiment::read("fit.yaml", &text).expect("no mistakes").fit.expect("a fit");
    assert_eq!(plan.params.labels(), ["a", "w", "beta", "x_inp"]);
    let beta = Param::new(1.0).softplus(0.0).l1(0.1);
    assert_eq!(plan.params.get("beta"), Some(&beta));
    assert_eq!((plan.patience, plan.enough), (Some(9), Some(0.01)));
    assert_eq!(plan.params.get("w").map(|w| w.values()), Some(&[0.3][..]));
    assert_eq!((plan.signal.as_str(), plan.starts, plan.seed), ("x", 1, 7));
    assert_eq!((plan.target.dim(), plan.method.name()), ((2, 2), "adam"));
}

#[test]
fn the_checkpoint_of_another_experiment_is_refused_with_what_differs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let text = format!(
        "{MODEL}sample_every: 10 ms\nrecord: x\nfit:\n  parameters: {{a: {{start: -0.1, between: [-0.3, 0]}}}}\n  \
         target: [[0.1], [0.2], [-0.1], [0]]\n  method: nelder_mead\n  iterations: 8\n  seed: 1\n"
    );
    let refused = |text: &str, arguments: &[&str]| {
        fs::write(folder.join("other.yaml"), text).expect("written");
        let output = run(folder, &[&["fit", "other.yaml", "-q"], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{text}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    fs::write(folder.join("fit.yaml"), &text).expect("written");
    printed(folder, &["fit", "fit.yaml", "--checkpoint", "part.json", "-q"]);
    printed(folder, &["fit", "fit.yaml", "--resume", "part.json", "--iterations", "12", "-q"]);
    for (from, to, expected) in [
        ("[0]]", "[0.3]]", "`target` differs"),
        ("HopfStep", "StuartLandauStep", "`model` is StuartLandauStep with the text "),
        ("x: 0.3", "x: 0.5", "`init_x` is 0.5 and was 0.3"),
        ("dt: 0.2 ms", "dt: 0.4 ms", "`dt` is 0.4 ms and was 0.2 ms"),
        ("record: x", "record: y", "`signal` is y and was x"),
        ("method:", "objective: cosine_sim\n  method:", "`objective` is AsLoss(CosineSim"),
        ("duration:", "parameters: {w: 0.3}\nduration:", "`w` is 0.3 rad/ms and was 0.2 rad/ms"),
        ("duration:", "inputs: {x_inp: 0.1}\nduration:", "`input x_inp` is new"),
        ("duration:", "scheme: rk4\nduration:", "`scheme` is rk4"),
        ("between: [-0.3, 0]", "between: [-0.4, 0]", "`fitted a` is [-0.1] by sigmoid(-0.4, 0) and was"),
    ] {
        let errors = refused(&text.replace(from, to), &["--resume", "part.json"]);
        assert!(
            errors.contains("belongs to another fit: ") && errors.contains(expected),
            "{expected}: {errors}"
        );
    }
    let content = fs::read_to_string(folder.join("part.json")).expect("written");
    let loss = content.find("{\"value\":0.").expect("a loss") + "{\"value\":0.".len();
    let changed = format!("{}9{}", &content[..loss], &content[loss..]);
    fs::write(folder.join("changed.json"), changed).expect("written");
    let errors = refused(&text, &["--resume", "changed.json"]);
    assert!(errors.contains("its checksum does not fit"), "{errors}");
}
