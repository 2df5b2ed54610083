//! The order of the crates: each knows only those below it.

use std::process::Command;

use serde_json::Value;

use super::sources::ROOT;

/// Every crate of the workspace, and the crates of the workspace that it depends on, from the ground up. A crate stands below those that
/// import it, so that no two can import each other. Tests and examples of a crate may use any.
pub const FLOORS: &[(&str, &[&str])] = &[
    ("crates/files", &[]),
    ("crates/spec", &[]),
    ("crates/viz", &["files"]),
    ("crates/codegen", &["spec"]),
    ("brainmass-derive", &["codegen", "spec"]),
    ("crates/core", &["spec"]),
    ("crates/data", &["files"]),
    ("crates/rules", &["core", "derive"]),
    ("crates/zoo-families", &["core", "derive"]),
    ("crates/zoo-phenomenological", &["core", "derive"]),
    ("crates/zoo-physiological", &["core", "derive"]),
    ("crates/zoo", &["core", "derive", "zoo-families", "zoo-phenomenological", "zoo-physiological"]),
    ("crates/sim", &["core", "data", "spec"]),
    ("crates/continuation", &["core", "sim", "spec"]),
    ("crates/fit", &["continuation", "core", "data", "rules", "sim", "spec"]),
    (
        "brainmass",
        &[
            "continuation",
            "core",
            "data",
            "derive",
            "fit",
            "rules",
            "sim",
            "spec",
            "viz",
            "zoo",
            "zoo-families",
        ],
    ),
    ("crates/cli", &["brainmass", "spec"]),
    ("python", &["brainmass", "cli"]),
    ("tests", &["brainmass", "codegen", "spec"]),
    ("xtask", &["brainmass", "codegen", "spec", "tests"]),
];

/// Libraries that read or write code, and the crate that uses them. No program that simulates may link them.
const CODE_GENERATORS: &[&str] =
    &["brainmass-codegen", "prettyplease", "proc-macro2", "pulldown-latex", "quote", "syn", "tera"];

/// Libraries that `brainmass` brings only with a feature, or that belong to the command or to tests.
const HEAVY: &[&str] = &[
    "argmin",
    "brainmass-cli",
    "brainmass-continuation",
    "brainmass-fit",
    "brainmass-viz",
    "clap",
    "resvg",
    "tiny-skia",
];

/// A crate of the workspace: its folder, and the names of the crates of the workspace that it depends on, tests aside.
#[derive(Clone)]
struct Member {
    folder: String,
    depends_on: Vec<String>,
}

/// Runs cargo in the workspace and returns what it prints.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(ROOT)
        .output()
        .unwrap_or_else(|error| panic!("cargo cannot be run: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?} failed:\n{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the name of a crate without the beginning that all share.
fn short(name: &str) -> &str {
    name.strip_prefix("brainmass-").unwrap_or(name)
}

/// Reads the manifests of all crates of the workspace.
fn members() -> Vec<Member> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let root = metadata["workspace_root"].as_str().unwrap();
    let member = |package: &Value| {
        let manifest = package["manifest_path"].as_str().unwrap();
        let folder = manifest.strip_prefix(root).and_then(|path| path.strip_suffix("Cargo.toml")).unwrap();
        let own = |dependency: &&Value| {
            let name = dependency["name"].as_str().unwrap();
            dependency["kind"] != "dev" && (name == "brainmass" || name.starts_with("brainmass-"))
        };
        let depends_on = package["dependencies"].as_array().unwrap().iter().filter(own);
        Member {
            folder: folder.trim_matches(['/', '\\']).replace('\\', "/"),
            depends_on: depends_on.map(|it| short(it["name"].as_str().unwrap()).to_owned()).collect(),
        }
    };
    metadata["packages"].as_array().unwrap().iter().map(member).collect()
}

/// Returns a sentence for every crate or dependency that is not as the floors have it.
fn differences(floors: &[(&str, &[&str])], members: &[Member]) -> Vec<String> {
    let mut found = Vec::new();
    let mut below: Vec<&str> = Vec::new();
    for (folder, allowed) in floors {
        let Some(member) = members.iter().find(|member| member.folder == *folder) else {
            found.push(format!("{folder} has a row in FLOORS and is no crate"));
            continue;
        };
        for name in &member.depends_on {
            if !allowed.contains(&name.as_str()) {
                found.push(format!("{folder} depends on `{name}`, which its row of FLOORS does not allow"));
            }
            if !below.contains(&name.as_str()) {
                found.push(format!("{folder} depends on `{name}`, which does not stand below it"));
            }
        }
        let unused = allowed.iter().filter(|name| !member.depends_on.iter().any(|used| used == *name));
        found.extend(unused.map(|name| format!("{folder} does not depend on `{name}`, which its row names")));
        below.push(short(folder.rsplit('/').next().unwrap_or(folder)));
    }
    let unknown = members.iter().filter(|member| floors.iter().all(|(folder, _)| *folder != member.folder));
    found.extend(unknown.map(|member| format!("{} has no row in FLOORS", member.folder)));
    found
}

/// Returns the names of all crates that a crate of the workspace brings along, itself included. `edges` are those that cargo follows:
/// `normal` for all that are built for it, `normal,no-proc-macro` for those that a program with it holds.
fn brought(package: &str, features: &str, edges: &str) -> Vec<String> {
    let tree =
        cargo(&["tree", "--package", package, "--features", features, "--edges", edges, "--prefix", "none"]);
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Returns those of `names` that are among `banned`, each once and in the order of the alphabet.
fn among<'a>(names: &'a [String], banned: &[&[&str]]) -> Vec<&'a str> {
    let mut found: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| banned.concat().contains(name)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn crates_depend_only_on_those_below_them() {
    let found = differences(FLOORS, &members());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn dependencies_that_differ_from_the_floors_are_found() {
    let member = |folder: &str, depends_on: &[&str]| Member {
        folder: folder.to_owned(),
        depends_on: depends_on.iter().map(|name| (*name).to_owned()).collect(),
    };
    let floors: &[(&str, &[&str])] =
        &[("crates/core", &[]), ("crates/sim", &["core"]), ("brainmass", &["core", "sim"])];
    let good =
        [member("crates/core", &[]), member("crates/sim", &["core"]), member("brainmass", &["core", "sim"])];
    assert!(differences(floors, &good).is_empty());
    let with = |at: usize, changed: Member| {
        let mut members = good.to_vec();
        members[at] = changed;
        differences(floors, &members)
    };
    assert_eq!(
        with(0, member("crates/core", &["brainmass"])),
        [
            "crates/core depends on `brainmass`, which its row of FLOORS does not allow",
            "crates/core depends on `brainmass`, which does not stand below it"
        ]
    );
    assert_eq!(
        with(1, member("crates/sim", &[])),
        ["crates/sim does not depend on `core`, which its row names"]
    );
    assert_eq!(
        with(2, member("crates/new", &[])),
        ["brainmass has a row in FLOORS and is no crate", "crates/new has no row in FLOORS"]
    );
    // A row that allows a crate above.
    let floors: &[(&str, &[&str])] = &[("crates/core", &["sim"]), ("crates/sim", &[])];
    assert_eq!(
        differences(floors, &[member("crates/core", &["sim"]), member("crates/sim", &[])]),
        ["crates/core depends on `sim`, which does not stand below it"]
    );
}

#[test]
fn the_library_without_features_is_light() {
    let linked = brought("brainmass", "", "normal,no-proc-macro");
    assert!(linked.iter().any(|name| name == "ndarray"), "{linked:?}");
    assert_eq!(among(&linked, &[CODE_GENERATORS, HEAVY]), [""; 0]);
}

#[test]
fn no_program_links_a_code_generator() {
    for (package, features) in [("brainmass", "fit,viz"), ("brainmass-cli", "")] {
        let linked = brought(package, features, "normal,no-proc-macro");
        assert!(linked.iter().any(|name| name == "argmin"), "{linked:?}");
        assert_eq!(among(&linked, &[CODE_GENERATORS, &["resvg"]]), [""; 0], "{package}");
    }
}

#[test]
fn crates_that_are_not_wanted_are_found() {
    // To build the library, its macro is compiled with these.
    let built = brought("brainmass", "", "normal");
    assert_eq!(among(&built, &[&["brainmass-codegen", "syn", "clap"]]), ["brainmass-codegen", "syn"]);
    let linked = brought("brainmass", "fit,viz", "normal,no-proc-macro");
    assert_eq!(
        among(&linked, &[HEAVY]),
        ["argmin", "brainmass-continuation", "brainmass-fit", "brainmass-viz", "tiny-skia"]
    );
    assert_eq!(among(&brought("xtask", "", "normal,no-proc-macro"), &[&["clap", "tera"]]), ["clap", "tera"]);
}
