//! Results of sweeps as `.parquet`, which only a build with the feature `parquet` writes.

use std::fs::{self, File};

use brainmass::experiment::SWEEP_RESULTS;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

use crate::program::run;

const SWEEP: &str = "
model: HopfStep
initial: {x: 0.5}
duration: 40 ms
sweep:
  over: {scheme: [heun, rk4], beta: [1, -40], seeds: [3, 18446744073709551615]}
  measure: {top: {signal: x, summary: maximum}, reached: {signal: x, summary: first_passage, above: 0.2}}
";

#[test]
fn a_parquet_file_holds_what_the_csv_holds_or_is_refused_by_a_build_that_leaves_it_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    fs::write(folder.join("s.yaml"), SWEEP).expect("written");
    fs::write(folder.join("named.yaml"), format!("{SWEEP}  output: s.parquet\n")).expect("written");
    let flags = ["sweep", "s.yaml", "--out", "s.csv", "--out", "s.parquet"];
    let output = run(folder, &flags);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !SWEEP_RESULTS.contains(&"parquet") {
        let of_file = run(folder, &["check", "named.yaml"]);
        let of_file = String::from_utf8_lossy(&of_file.stderr).into_owned();
        for told in [said, of_file] {
            assert!(
                told.contains("cannot tell from `s.parquet` how to write the results of a sweep"),
                "{told}"
            );
            assert!(told.contains("cargo install brainmass-cli --features parquet"), "{told}");
        }
        assert!(!folder.join("s.journal").exists(), "it is told before any run");
        return;
    }
    assert!(output.status.success(), "{said}");
    let file =
        SerializedFileReader::new(File::open(folder.join("s.parquet")).expect("a file")).expect("Parquet");
    let notes = file.metadata().file_metadata().key_value_metadata().expect("notes");
    let note = |key: &str| -> serde_json::Value {
        let found = notes.iter().find(|note| note.key == key).and_then(|note| note.value.as_deref());
        serde_json::from_str(found.expect("a note")).expect("JSON")
    };
    assert_eq!((&note("units")["reached"], &note("units")["beta"]), (&"ms".into(), &"/ms".into()));
    let metadata = fs::read_to_string(folder.join("s.csv-metadata.json")).expect("metadata");
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    assert_eq!(note("provenance"), metadata["provenance"]);

    let table = fs::read_to_string(folder.join("s.csv")).expect("a table");
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("scheme,beta,seed,top,reached,error"));
    let mut rows = 0;
    for (line, row) in lines.zip(file.get_row_iter(None).expect("rows")) {
        let cells: Vec<Field> =
            row.expect("a row").into_columns().into_iter().map(|(_, cell)| cell).collect();
        // A reason has commas of its own.
        let texts: Vec<&str> = line.splitn(6, ',').collect();
        for (cell, text) in cells.iter().zip(&texts) {
            match cell {
                Field::Double(value) if value.is_nan() => assert_eq!(*text, "NaN"),
                Field::Double(value) => assert_eq!(text.parse(), Ok(*value)),
                Field::ULong(seed) => assert_eq!(text.parse(), Ok(*seed)),
                Field::Str(word) => assert_eq!(text.trim_matches('"'), word),
                Field::Null => assert_eq!(*text, ""),
                other => panic!("{other:?}"),
            }
        }
        // One of the two values of beta lets the run diverge.
        assert_eq!(matches!(cells[5], Field::Str(_)), rows % 4 > 1, "{line}");
        rows += 1;
    }
    assert_eq!(rows, 8);
}
