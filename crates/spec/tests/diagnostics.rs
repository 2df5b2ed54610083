//! Mistakes in model files, as their authors see them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use brainmass_spec::collection::{File, compile, data_names};

/// The report of one file; empty if it compiles.
fn report(name: &str, bytes: Vec<u8>) -> String {
    let file = File { name: name.to_owned(), folder: String::new(), bytes: bytes.into() };
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables"));
    let table = |name: String| {
        let bytes = fs::read(folder.join(&name)).ok()?.into();
        Some(File { name, folder: String::new(), bytes })
    };
    let tables = data_names(&file).into_iter().filter_map(table);
    let (models, report) = compile(&tables.chain([file.clone()]).collect::<Vec<_>>());
    match report {
        Some(report) => {
            assert!(models.is_empty(), "a wrong file gives no model");
            report.render(false)
        }
        None => String::new(),
    }
}

#[test]
fn every_bad_file_is_told_what_is_wrong_and_where() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad_files"));
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the files are part of the repository")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 40);
    for name in names {
        let report = report(&name, fs::read(folder.join(&name)).expect("a file"));
        assert!(!report.is_empty(), "{name} compiles");
        insta::assert_snapshot!(name.trim_end_matches(".yaml"), report);
    }
}

const HEAD: &str =
    "name: HugeStep\ncategory: network\nstates: {x: {init: 0}}\nparameters: {tau: {default: 1 ms}}\n";

/// The first line of the report of a file that is made to do harm; it must come at once.
#[track_caller]
fn first_line(text: String) -> String {
    let start = Instant::now();
    let report = report("huge.yaml", text.into_bytes());
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    assert!(report.len() < 100_000, "the report has {} bytes", report.len());
    report.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn files_made_to_do_harm_are_refused_at_once() {
    let derivative = |expression: String| first_line(format!("{HEAD}derivatives:\n  x: '{expression}'\n"));
    let many = |n: usize, part: &str, between: &str| vec![part; n].join(between);
    let nested = |n: usize| format!("{}x{}", "(".repeat(n), ")".repeat(n));
    let flow = |n: usize| format!("{HEAD}title: {}{}\n", "[".repeat(n), "]".repeat(n));
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", many(10, &format!("*a{}", level - 1), ", ")));
    }
    let mut functions = String::from("functions:\n  f0(u): u\n");
    for level in 1..40 {
        functions.push_str(&format!("  f{level}(u): f{}(u + 1) + f{}(u + 2)\n", level - 1, level - 1));
    }
    let expansion = format!("{HEAD}{functions}derivatives:\n  x: f39(x)/tau\n");
    let states: String = (0..10_000).map(|i| format!("  s{i}: {{init: 0}}\n")).collect();
    let lines = [
        ("100 MB", first_line("x".repeat(100_000_000))),
        ("100,000 parentheses", derivative(nested(100_000))),
        ("500 parentheses", derivative(nested(500))),
        ("100,000 terms", derivative(many(100_000, "x", "+"))),
        ("500 terms", derivative(many(500, "x", "+"))),
        ("500 signs", derivative(format!("{}x", "-".repeat(500)))),
        ("deep YAML", first_line(flow(100_000))),
        ("alias bomb", first_line(bomb)),
        ("exponential functions", first_line(expansion)),
        (
            "derivatives of derivatives",
            derivative(format!("{}exp(x)/(1 + x^2){}", "diff(".repeat(40), ", x)".repeat(40))),
        ),
        (
            "10,000 states",
            first_line(format!("name: A\ncategory: network\nstates:\n{states}derivatives: {{}}\n")),
        ),
    ];
    let shown: Vec<String> = lines.iter().map(|(what, line)| format!("{what}: {line}")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn ordinary_names_that_other_tools_capture_are_just_names() {
    let text = "
name: CapturedStep
category: network
states: {E: {init: 0}, I: {init: 0}, S: {init: 0}}
parameters: {gamma: {default: 1 /ms}, beta: {default: 1}, N: {default: 1}, Q: {default: 1}, lambda: {default: 1}, fn: {default: 1}, type: {default: 1}}
derivatives: {E: -gamma*E*beta*N*fn, I: -gamma*I*Q*lambda, S: -gamma*S*type}
";
    assert_eq!(report("captured.yaml", text.into()), "");
}

#[test]
fn a_mistake_in_a_base_is_told_once() {
    let base = format!("{HEAD}derivatives: {{x: -x/tua}}\n").replace("HugeStep", "BaseStep");
    let file = |name: &str, text: String| File {
        name: name.into(),
        folder: String::new(),
        bytes: text.into_bytes().into(),
    };
    let variant = |name: &str| file(name, format!("name: {name}\nextends: BaseStep\n"));
    let (models, report) = compile(&[file("base.yaml", base), variant("FirstStep"), variant("SecondStep")]);
    assert!(models.is_empty());
    let report = report.expect("the base is wrong");
    assert_eq!(report.problems().len(), 1, "{report}");
}
