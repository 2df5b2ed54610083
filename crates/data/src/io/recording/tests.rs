//! Tests of writing and reading records.

use ndarray::{Array1, Array2, array};
use serde_json::json;
use tempfile::TempDir;

use super::*;

/// Two records, of which the second has times of its own and a name that needs quotes.
fn columns() -> Vec<Column> {
    let ts = array![0.1, 0.2, 0.30000000000000004];
    let values = array![[1.0, -2e-300], [f64::MAX, 0.1 + 0.2], [3.0, -0.0]];
    let other = array![[f64::NEG_INFINITY], [1.0 / 3.0]];
    vec![
        Column { name: "cortex.x".into(), unit: "mV/(ms*mV)".into(), ts, values },
        Column { name: "=a, [0] \"b\" (c)".into(), unit: "1".into(), ts: array![0.2, 720.0], values: other },
    ]
}

#[expect(clippy::type_complexity, reason = "every part of a column, to be compared")]
fn bits(columns: &[Column]) -> Vec<(String, String, Vec<u64>, Vec<usize>, Vec<u64>)> {
    let bits = |values: &mut dyn Iterator<Item = &f64>| values.map(|value| value.to_bits()).collect();
    let all = columns.iter().map(|Column { name, unit, ts, values }| {
        let shape = values.shape().to_vec();
        (name.clone(), unit.clone(), bits(&mut ts.iter()), shape, bits(&mut values.iter()))
    });
    all.collect()
}

fn write(folder: &TempDir, name: &str, text: &str) -> Result<Recording, String> {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let shown = format!("{}: ", path.display());
    Recording::open(&path).map_err(|error| error.to_string().replace(&shown, ""))
}

#[test]
fn what_is_saved_comes_back_to_the_same_bits() {
    let folder = TempDir::new().unwrap();
    let (columns, provenance) = (columns(), json!({"model": "HopfStep"}));
    for ending in ["npz", "csv", "json", "NPZ"] {
        let path = folder.path().join(format!("run.{ending}"));
        let ts = &columns[0].ts;
        Records { ts, columns: &columns, provenance: &provenance }.save(&path).unwrap();
        let mut back = Recording::open(&path).unwrap();
        if ending == "json" {
            let infinite = &mut back.columns[1].values[[0, 0]];
            assert!(infinite.is_nan());
            *infinite = f64::NEG_INFINITY;
        }
        assert_eq!(bits(&back.columns), bits(&columns), "{ending}");
        assert_eq!(back.model(), Some("HopfStep"));
    }
}

#[test]
fn the_provenance_of_a_table_that_was_changed_is_left_aside() {
    let folder = TempDir::new().unwrap();
    let (columns, provenance) = (columns(), json!({"model": "HopfStep"}));
    let path = folder.path().join("run.csv");
    Records { ts: &columns[0].ts, columns: &columns, provenance: &provenance }.save(&path).unwrap();
    assert_eq!(provenance_of(&path).unwrap(), Some(provenance));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("0.1", "0.2", 1)).unwrap();
    let recording = Recording::open(&path).unwrap();
    assert!(recording.provenance.is_none() && recording.notes[0].contains("was changed"), "{recording:?}");
    assert!(provenance_of(&path).is_err());
    std::fs::write(provenance_path(&path), "{").unwrap();
    assert!(Recording::open(&path).unwrap_err().to_string().contains("is not the provenance of a table"));
    std::fs::remove_file(provenance_path(&path)).unwrap();
    assert_eq!(provenance_of(&path).unwrap(), None);
}

#[test]
fn names_that_files_cannot_hold_are_refused() {
    let folder = TempDir::new().unwrap();
    let (ts, provenance) = (array![1.0], json!({}));
    for name in
        ["../evil", "a\\b", "ts.x", "x.npy", "ts", "units", "provenance", "", "a/b", "a\nb", "\u{1b}[2J"]
    {
        assert!(check_record_name(name).is_err(), "{name:?}");
        let columns = [Column { name: name.into(), unit: "1".into(), ts: ts.clone(), values: array![[1.0]] }];
        for ending in ENDINGS {
            let path = folder.path().join(format!("run.{ending}"));
            let saved = Records { ts: &ts, columns: &columns, provenance: &provenance }.save(&path);
            assert!(saved.is_err() && !path.exists(), "{name:?} in {ending}");
        }
    }
    check_record_name("cortex.x").unwrap();
    check_record_name("größe, a").unwrap();
}

#[test]
fn tables_of_other_programs_are_read() {
    let folder = TempDir::new().unwrap();
    let expected = write(&folder, "a.csv", "t_ms,x[0] (mV),x[1] (mV)\n1,2,3\n2,4,5\n").unwrap();
    assert_eq!(expected.columns[0].values, array![[2.0, 3.0], [4.0, 5.0]]);
    assert_eq!((expected.columns[0].name.as_str(), expected.columns[0].unit.as_str()), ("x", "mV"));
    for text in [
        "\u{feff}t_ms,x[0] (mV),x[1] (mV)\r\n1,2,3\r\n2,4,5\r\n",
        "\"t_ms\";\"x[0] (mV)\";\"x[1] (mV)\"\n1;2;3\n2;4;5",
        "t_ms\tx[0] (mV)\tx[1] (mV)\r1\t2\t3\r2\t4\t5\r",
    ] {
        assert_eq!(write(&folder, "a.csv", text).unwrap(), expected, "{text:?}");
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let folder = TempDir::new().unwrap();
    let csv = |text: &str| write(&folder, "a.csv", text).unwrap_err();
    assert_eq!(csv("x[0]\n1\n"), "is no saved run: its first column is not `t_ms`");
    assert_eq!(
        csv("t_ms,x[0] (mV),x[1] (V)\n1,2,3\n"),
        "is no saved run: the columns of `x` have the units mV and V"
    );
    assert_eq!(
        csv("t_ms,x[1],x[0]\n1,2,3\n"),
        "is no saved run: column 2, `x[1]`, stands where node 0 of `x` belongs"
    );
    assert_eq!(csv("t_ms,x[0],y[0],x[0]\n1,2,3,4\n"), "is no saved run: it holds two records called `x`");
    assert_eq!(
        csv("t_ms,x[0],x[1]\n1,2,\n"),
        "line 2, column 3: the cell is empty where a number is expected"
    );
    assert_eq!(csv("t_ms,x[0],x[1]\n1,2\n"), "line 2 has 2 columns where 3 are expected");
    assert_eq!(csv("t_ms,x[0]\n1,2\n2,1.0e\n"), "line 3, column 2: `1.0e` is not a number");
    assert_eq!(csv("t_ms,x[0]\n"), "is no saved run: it holds no recorded values");
    let json = |text: &str| write(&folder, "a.json", text).unwrap_err();
    assert_eq!(
        json(r#"{"ts": [1], "records": [{"name": "x", "values": [[1], [2]]}]}"#),
        "is no saved run: `x` has 2 rows for 1 times"
    );
    assert_eq!(
        json(r#"{"ts": [1, 2], "records": [{"name": "x", "values": [[1], [2, 3]]}]}"#),
        "is no saved run: the rows of `x` have different lengths"
    );
    let same = r#"{"name": "x", "values": [[1]]}"#;
    assert_eq!(
        json(&format!(r#"{{"ts": [1], "records": [{same}, {same}]}}"#)),
        "is no saved run: it holds two records called `x`"
    );
    assert!(json(r#"{"ts": [1], "records": [{"name": "x", "val"#).starts_with("is no saved run: EOF"));
}

#[test]
fn an_archive_or_json_that_is_cut_is_refused() {
    let folder = TempDir::new().unwrap();
    let (columns, provenance) = (columns(), json!({}));
    for ending in ["npz", "json"] {
        let path = folder.path().join(format!("run.{ending}"));
        Records { ts: &columns[0].ts, columns: &columns, provenance: &provenance }.save(&path).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert!(Recording::open(&path).is_err(), "{ending} cut to {length} of {} bytes", whole.len());
        }
    }
}

#[test]
fn an_unknown_ending_is_told_the_known_ones() {
    let error = Recording::open("run.mat").unwrap_err();
    assert_eq!(error.to_string(), "run.mat: has an unknown format; its ending must be .npz, .csv or .json");
}

#[test]
fn an_interval_needs_evenly_spaced_rows() {
    let column = |ts: Array1<f64>| {
        let values = Array2::zeros((ts.len(), 1));
        Column { name: "x".into(), unit: "1".into(), ts, values }.interval()
    };
    assert_eq!(column(array![1.0, 3.0, 5.0]), Some(2.0));
    assert_eq!(column(array![1.0, 3.0, 6.0]), None);
    assert_eq!(column(array![1.0]), None);
    assert_eq!(column(array![]), None);
}
