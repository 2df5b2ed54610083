//! Files that build on models that are not among them, and good files beside bad ones.

use brainmass_spec::collection::{File, Known, compile, compile_beside};

const DECAY: &str = "name: DecayStep\ncategory: phenomenological\nparameters: {a: {default: 2}}\nstates: {x: {init: 1}}\n\
                     derivatives: {x: -a*x}\noutput: x\ntime_unit: 1 ms\n";
const FASTER: &str = "name: FasterStep\nextends: DecayStep\nparameters: {a: {default: 3}}\n";
const FASTEST: &str = "name: FastestStep\nextends: FasterStep\nparameters: {a: {default: 4}}\n";

fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), folder: String::new(), bytes: text.as_bytes().into() }
}

fn names(entries: &[brainmass_spec::Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.model.name.as_str()).collect()
}

#[test]
fn a_file_builds_on_known_models_and_has_the_hash_of_all_texts() {
    let together =
        compile(&[file("decay.yaml", DECAY), file("faster.yaml", FASTER), file("fastest.yaml", FASTEST)]);
    assert_eq!(together.1, None);
    let known = [("DecayStep", DECAY), ("FasterStep", FASTER)];
    let known = known.map(|(name, yaml)| Known { name, yaml, data: Vec::new() });
    let (entries, report) = compile_beside(&[file("fastest.yaml", FASTEST)], &known);
    assert_eq!((names(&entries), report), (vec!["FastestStep"], None));
    let same = together.0.iter().find(|entry| entry.model.name == "FastestStep").expect("it is compiled");
    assert_eq!(entries[0].model.hash, same.model.hash);
    assert_eq!(entries[0].model.parameters[0].default, 4.0);
}

#[test]
fn a_file_takes_the_place_of_a_known_model() {
    let own = DECAY.replace("default: 2", "default: 7");
    let known = [Known { name: "DecayStep", yaml: DECAY, data: Vec::new() }];
    let (entries, report) = compile_beside(
        &[file("faster.yaml", "name: SameStep\nextends: DecayStep\n"), file("own.yaml", &own)],
        &known,
    );
    assert_eq!(report, None);
    assert!(entries.iter().all(|entry| entry.model.parameters[0].default == 7.0));
}

#[test]
fn a_good_file_beside_bad_ones_is_compiled() {
    let bad = [
        ("circle_a.yaml", "name: AStep\nextends: BStep\n"),
        ("circle_b.yaml", "name: BStep\nextends: AStep\n"),
        ("itself.yaml", "name: CStep\nextends: CStep\n"),
        ("missing.yaml", "name: DStep\nextends: DecySep\n"),
        ("twice.yaml", "name: FasterStep\nextends: DecayStep\n"),
        ("broken.yaml", "name: [\n"),
        ("empty.yaml", ""),
    ];
    let mut files = vec![file("decay.yaml", DECAY), file("faster.yaml", FASTER)];
    files.extend(bad.iter().map(|(name, text)| file(name, text)));
    let (entries, report) = compile(&files);
    assert_eq!(names(&entries), ["DecayStep", "FasterStep"]);
    let report = report.expect("most files are wrong").diagnostics();
    let told: Vec<String> =
        report.iter().map(|d| format!("{}:{}:{}: {}", d.file, d.line, d.column, d.message)).collect();
    for expected in [
        "circle_a.yaml:2:10: `BStep` builds on itself",
        "circle_b.yaml:2:10: `AStep` builds on itself",
        "itself.yaml:2:10: `CStep` builds on itself",
        "missing.yaml:2:10: there is no model `DecySep`",
        "twice.yaml:1:7: there are two models called `FasterStep`; the other is in faster.yaml",
    ] {
        assert!(told.iter().any(|told| told == expected), "{expected}\nis not among\n{}", told.join("\n"));
    }
    for (name, _) in bad {
        assert!(report.iter().any(|d| d.file == name), "nothing is said of {name}");
    }
    assert!(
        report.iter().any(|d| d.help.as_ref().is_some_and(|help| help.contains("did you mean `DecayStep`")))
    );
}
