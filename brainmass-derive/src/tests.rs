//! The tests say which files the generated code includes as tables.

use std::sync::Arc;

use super::*;

/// The text of a model with tables, each given by its name and its file.
fn model(name: &str, head: &str, tables: &[(&str, &str)]) -> String {
    let table = |(name, file): &(&str, &str)| {
        format!("  {name}: {{file: {file}, axes: {{x: {{from: 0, to: 2}}}}}}\n")
    };
    let tables: String = tables.iter().map(table).collect();
    let tables = if tables.is_empty() { tables } else { format!("tables:\n{tables}") };
    format!("name: {name}\n{head}\n{tables}")
}

/// The keys of a model that builds on no other.
const HEAD: &str =
    "category: network\ntime_unit: 1 ms\nstates: {x: {init: 1}}\nderivatives: {x: -x}\noutput: x";

/// The file of a table, as numpy writes it.
fn npy(numbers: &[f64]) -> Vec<u8> {
    let shape = numbers.len();
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape},), }}");
    let header = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(header.as_bytes());
    numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    bytes
}

/// Files as they are found in the folder `/m`, which messages call `m`.
fn found(files: &[(&str, Vec<u8>)]) -> Found {
    let mut found = Found::default();
    for (name, bytes) in files {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        found.files.push(File { name: format!("m/{name}"), folder, bytes: Arc::from(&**bytes) });
        found.paths.push(PathBuf::from(format!("/m/{name}")));
    }
    found
}

fn request(chosen: Chosen) -> Request {
    Request { folder: "m".to_owned(), chosen }
}

/// Finds what stands in a text behind each `start`, up to the next `end`.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Vec<&'t str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[test]
fn tables_of_bases_whose_files_have_one_name_are_told_apart() {
    let variant = |name: &str, base: &str| model(name, &format!("extends: {base}"), &[]).into_bytes();
    let base = |name: &str| model(name, HEAD, &[("rate", "rate.npy")]).into_bytes();
    let files = [
        ("a/base.yaml", base("FirstStep")),
        ("a/rate.npy", npy(&[1.0, 2.0])),
        ("b/base.yaml", base("SecondStep")),
        ("b/rate.npy", npy(&[3.0, 4.0, 5.0])),
        ("c/one.yaml", variant("OneStep", "FirstStep")),
        ("c/two.yaml", variant("TwoStep", "SecondStep")),
    ];
    let code =
        generate(&request(Chosen::Only(vec!["c".to_owned()])), found(&files)).expect("code").to_string();
    assert!(!code.contains("compile_error"), "{code}");
    for path in ["\"/m/a/rate.npy\"", "\"/m/b/rate.npy\""] {
        // Once as a table, and once so that an edit is seen.
        assert_eq!(code.matches(path).count(), 2, "{path} in\n{code}");
    }
}

#[test]
fn a_table_goes_to_each_part_that_names_it() {
    let files = [
        ("root.yaml", model("RootStep", HEAD, &[("rate", "sub/t.npy")]).into_bytes()),
        ("sub/t.npy", npy(&[1.0, 2.0])),
        ("sub/b.yaml", model("InsideStep", HEAD, &[("rate", "t.npy")]).into_bytes()),
    ];
    for chosen in [Chosen::Only, Chosen::Except] {
        let mut found = found(&files);
        // As they are read: the folder is that of the model that names the file first.
        found.files[1].folder = String::new();
        let code = generate(&request(chosen(vec!["sub".to_owned()])), found).expect("code").to_string();
        assert!(!code.contains("compile_error"), "{code}");
        assert_eq!(code.matches("\"/m/sub/t.npy\"").count(), 2, "{code}");
    }
}

#[test]
fn a_text_is_kept_with_its_own_table_where_an_inherited_one_has_its_name() {
    let files = [
        ("a/base.yaml", model("FirstStep", HEAD, &[("rate", "rate.npy")]).into_bytes()),
        ("a/rate.npy", npy(&[1.0, 2.0])),
        ("b/variant.yaml", model("OneStep", "extends: FirstStep", &[("gain", "rate.npy")]).into_bytes()),
        ("b/rate.npy", npy(&[3.0, 4.0, 5.0])),
    ];
    let texts = keep_texts(&request(Chosen::All), &found(&files)).to_string();
    assert!(!texts.contains("compile_error"), "{texts}");
    let data: Vec<&str> = between(&texts, "data : & [", "]");
    assert_eq!(data.len(), 2, "{texts}");
    assert!(data[0].contains("/m/a/rate.npy") && !data[0].contains("/m/b/"), "{}", data[0]);
    assert!(data[1].contains("/m/b/rate.npy") && !data[1].contains("/m/a/"), "{}", data[1]);
}
