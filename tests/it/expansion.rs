//! The code generated for some models, as a reader sees it.

use std::path::Path;

use brainmass_codegen::rust;
use brainmass_spec::collection::{Entry, File, compile};

fn zoo() -> Vec<Entry> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../models"));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root).expect("the models are there").map(|entry| entry.expect("an entry"))
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".yaml") {
            let bytes = std::fs::read(entry.path()).expect("a file");
            files.push(File { name, folder: String::new(), bytes });
        }
    }
    let (entries, report) = compile(&files);
    assert_eq!(report, None);
    entries
}

#[test]
fn reads_like_code_that_a_person_would_write() {
    for entry in zoo() {
        let name = entry.model.name.as_str();
        if ["HopfStep", "JansenRitStep", "WongWangStep", "HORNStep", "KuramotoNetwork"].contains(&name) {
            insta::assert_snapshot!(name, rust::formatted(&entry.model));
        }
    }
}
