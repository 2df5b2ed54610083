//! Records of runs in files: `.npz`, `.csv` and `.json`, written and read here and nowhere else.
//!
//! | ending | content |
//! |---|---|
//! | `.npz` | an array `(time, node)` for each record, under its name; `ts`, the times in ms; `ts.NAME`, the times of a record that has its own; `units`, in the order of the records; `provenance`, JSON text |
//! | `.csv` | a row a time: `t_ms`, then a column for each node of each record, called `x[3] (mV)`, without a unit where it is 1; the cells of a record that has no row at a time are empty |
//! | `.json` | `ts`; `records`, each with `name`, `unit`, `values` as rows, and `ts` where it has times of its own; `provenance` |
//!
//! Numbers come back to the same bits, but that JSON has none that are not finite: these are `null`, and read as NaN.

mod csv;
mod json;
mod npz;
mod sampled;

pub use csv::split_header;
pub use json::JSON_LIMIT;

use std::collections::HashSet;
use std::path::Path;

use ndarray::{Array1, Array2};
use serde_json::Value;

use super::archive::check_member_name;
use super::{IoError, Problem, ending, write_file};

/// The beginning of the name of an array of times, before the name of the record that has them.
pub const TIMES_OF: &str = "ts.";

/// Names that the files use for something else than records.
pub const RESERVED: [&str; 3] = ["ts", "units", "provenance"];

/// The endings of files that hold records.
pub const ENDINGS: [&str; 3] = ["npz", "csv", "json"];

/// One recorded quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Unit of its values.
    pub unit: String,
    /// Times of its rows, in ms.
    pub ts: Array1<f64>,
    /// Its values, of shape `(time, node)`.
    pub values: Array2<f64>,
}

impl Column {
    /// Returns the time from row to row, in ms; `None` where rows are not evenly spaced or there is only one.
    pub fn interval(&self) -> Option<f64> {
        let (first, last) = (self.ts.first()?, self.ts.last()?);
        let interval = (last - first) / (self.ts.len().checked_sub(1)?.max(1) as f64);
        let even =
            self.ts.windows(2).into_iter().all(|pair| (pair[1] - pair[0] - interval).abs() < 1e-3 * interval);
        (interval > 0.0 && even).then_some(interval)
    }
}

/// Checks that a record can have this name in every kind of file, a file of its own included.
///
/// # Errors
/// Where files use the name for something else ([`RESERVED`], or what begins with [`TIMES_OF`]), or it cannot be the
/// name of a file: it is empty or too long, holds a slash, a backslash or a control character, or ends in `.npy`.
pub fn check_record_name(name: &str) -> Result<(), Problem> {
    check_member_name(name)?;
    let why = if RESERVED.contains(&name) {
        "files of runs use this name themselves"
    } else if name.starts_with(TIMES_OF) {
        "names that begin with `ts.` are those of times"
    } else if name.ends_with(".npy") {
        "the name ends in `.npy`"
    } else if name.contains('/') {
        "the name holds a slash, which parts folders"
    } else {
        return Ok(());
    };
    Err(Problem::MemberName { name: name.to_owned(), why })
}

/// Records to be written to a file.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// Times, in ms, of the records that have none of their own.
    pub ts: &'a Array1<f64>,
    /// The records.
    pub columns: &'a [Column],
    /// The settings that made them.
    pub provenance: &'a Value,
}

impl Records<'_> {
    /// Writes the records in the format of the ending: `.npz`, `.csv` or `.json`. The file is written whole or not at
    /// all, see [`write_file`].
    ///
    /// # Errors
    /// Where the ending is another, two records share a name, one has a name that it cannot have (see
    /// [`check_record_name`]), or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), IoError> {
        let path = path.as_ref();
        let fail = |problem| IoError::new(path.display(), problem);
        let mut seen = HashSet::new();
        for Column { name, .. } in self.columns {
            check_record_name(name).map_err(fail)?;
            if !seen.insert(name) {
                return Err(fail(Problem::Duplicate { name: name.clone() }));
            }
        }
        let bytes = match ending(path).as_str() {
            "npz" => self.to_npz()?.into_bytes()?,
            "csv" => self.to_csv().into_bytes(),
            "json" => self.to_json().into_bytes(),
            _ => return Err(fail(Problem::Ending { expected: ".npz, .csv or .json" })),
        };
        write_file(path, &bytes)
    }
}

/// The content of a file: the records of a run, or measured signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The records.
    pub columns: Vec<Column>,
    /// The settings that made them, where the file says.
    pub provenance: Option<Value>,
    /// Names of the nodes, where the file has them.
    pub nodes: Option<Vec<String>>,
    /// Sentences about contents of the file that were left out or may be misunderstood.
    pub notes: Vec<String>,
}

impl Recording {
    /// Reads a file that a run was saved to; the ending tells its format.
    ///
    /// # Errors
    /// Where the ending is none of `.npz`, `.csv` and `.json`, the file cannot be read or is larger than the limit of
    /// its format, it is not what a run is saved as, or parts of it contradict each other: two records of one name,
    /// more times than rows, units that differ within a record.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, IoError> {
        let path = path.as_ref();
        let recording = match ending(path).as_str() {
            "npz" => npz::open(path),
            "csv" => csv::open(path),
            "json" => json::open(path),
            _ => Err(IoError::new(path.display(), Problem::Ending { expected: ".npz, .csv or .json" })),
        }?;
        recording.checked().map_err(|why| IoError::new(path.display(), Problem::Recording(why)))
    }

    /// Reads signals that come without times, sampled every `interval` ms, from `.npz`, `.npy` or a text table.
    ///
    /// Rows are samples and columns are regions, or the other way round where `regions_first` says so. Every matrix of
    /// an `.npz` file is a signal, a vector too where there is no matrix; names of the regions are the array `labels`.
    ///
    /// # Errors
    /// Where the file cannot be read, holds no signal, or has times that are not `interval` apart.
    pub fn sampled(path: impl AsRef<Path>, interval: f64, regions_first: bool) -> Result<Self, IoError> {
        sampled::open(path.as_ref(), interval, regions_first)
    }

    /// Returns the model that made the records, where the file says.
    pub fn model(&self) -> Option<&str> {
        self.provenance.as_ref()?["model"].as_str()
    }

    fn checked(self) -> Result<Self, String> {
        let mut seen = HashSet::new();
        for Column { name, ts, values, .. } in &self.columns {
            if !seen.insert(name) {
                return Err(format!("it holds two records called `{name}`"));
            }
            let (rows, times) = (values.nrows(), ts.len());
            if rows != times {
                return Err(format!("`{name}` has {rows} rows for {times} times"));
            }
        }
        if self.columns.iter().all(|column| column.values.is_empty()) {
            return Err("it holds no recorded values".to_owned());
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
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
            Column {
                name: "=a, [0] \"b\" (c)".into(),
                unit: "1".into(),
                ts: array![0.2, 720.0],
                values: other,
            },
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
            assert_eq!(back.model(), (ending != "csv").then_some("HopfStep"));
        }
    }

    #[test]
    fn names_that_files_cannot_hold_are_refused() {
        let folder = TempDir::new().unwrap();
        let (ts, provenance) = (array![1.0], json!({}));
        for name in
            ["../evil", "a\\b", "ts.x", "x.npy", "ts", "units", "provenance", "", "a/b", "a\nb", "\u{1b}[2J"]
        {
            assert!(check_record_name(name).is_err(), "{name:?}");
            let columns =
                [Column { name: name.into(), unit: "1".into(), ts: ts.clone(), values: array![[1.0]] }];
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
        assert_eq!(
            error.to_string(),
            "run.mat: has an unknown format; its ending must be .npz, .csv or .json"
        );
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
}
