//! Signals without times, as measurements come.

use std::path::Path;

use ndarray::{Array1, Array2, Axis, Ix1, Ix2};

use super::records::{Column, Recording, TIMES_OF};
use crate::io::npy;
use crate::io::npz::Npz;
use crate::io::shown::Shown;
use crate::io::table::{self, Format, Table};
use crate::io::{IoError, Problem, ending};

/// The names of columns of times, in lower case.
const TIMES: [&str; 8] = ["t_ms", "t", "time", "times", "t_s", "time_s", "time_ms", "seconds"];

/// The name of the array of an `.npz` file that names the regions.
const LABELS: &str = "labels";

/// Signals while they are gathered.
struct Signals {
    interval: f64,
    regions_first: bool,
    columns: Vec<Column>,
    nodes: Option<Vec<String>>,
    notes: Vec<String>,
}

pub(super) fn open(path: &Path, interval: f64, regions_first: bool) -> Result<Recording, IoError> {
    let fail = |problem| IoError::new(path.display(), problem);
    let mut signals =
        Signals { interval, regions_first, columns: Vec::new(), nodes: None, notes: Vec::new() };
    match ending(path).as_str() {
        "npz" => signals.add_npz(&Npz::open(path)?)?,
        "npy" => {
            let values = npy::read(path)?.into_numbers()?;
            let shape = values.shape().to_vec();
            let Some(matrix) = as_matrix(values.into_dyn()) else {
                return Err(fail(Problem::Dimensions { found: shape, expected: 2 }));
            };
            signals.add(&stem(path), matrix);
        }
        "csv" | "tsv" | "txt" => {
            let table = table::read(path, &Format::default())?;
            signals.add_table(&stem(path), table).map_err(fail)?;
        }
        _ => return Err(fail(Problem::Ending { expected: ".npz, .npy, .csv, .tsv or .txt" })),
    }
    if signals.columns.iter().all(|column| column.values.is_empty()) {
        return Err(fail(Problem::Signals("there is no matrix of numbers".to_owned())));
    }
    let Signals { columns, nodes, notes, .. } = signals;
    Ok(Recording { columns, provenance: None, nodes, notes })
}

/// Returns the file's name without its ending.
fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// Returns a matrix as it is and a vector as one column; `None` for anything else.
fn as_matrix(values: ndarray::ArrayD<f64>) -> Option<Array2<f64>> {
    match values.ndim() {
        1 => values.into_dimensionality::<Ix1>().ok().map(|vector| vector.insert_axis(Axis(1))),
        2 => values.into_dimensionality::<Ix2>().ok(),
        _ => None,
    }
}

impl Signals {
    /// Adds a signal as it stands in a file.
    fn add(&mut self, name: &str, matrix: Array2<f64>) {
        let values = if self.regions_first { matrix.reversed_axes() } else { matrix };
        let (samples, regions) = values.dim();
        if regions > samples && samples > 1 {
            let other = if self.regions_first { "samples" } else { "regions" };
            self.notes.push(format!(
                "`{}` has {samples} samples of {regions} regions; are its rows {other}?",
                Shown(name)
            ));
        }
        let ts: Array1<f64> = (1..=samples).map(|row| row as f64 * self.interval).collect();
        self.columns.push(Column { name: name.to_owned(), unit: "1".to_owned(), ts, values });
    }

    fn add_npz(&mut self, file: &Npz) -> Result<(), IoError> {
        let mut vectors = Vec::new();
        for name in file.names() {
            let array = file.get(name)?;
            if name == LABELS {
                self.nodes = array.into_strings().ok();
                continue;
            }
            let dimensions = array.shape().len();
            // A saved run has times of its own.
            if name == "ts" || name.starts_with(TIMES_OF) {
                let times = array.into_vector()?;
                self.check_times(name, &times).map_err(|problem| IoError::new(file.origin(), problem))?;
                continue;
            }
            match array.into_numbers() {
                Ok(values) if dimensions == 2 => {
                    self.add(name, as_matrix(values).unwrap_or_default());
                }
                Ok(values) if dimensions == 1 && values.len() > 1 => vectors.push((name, values)),
                Ok(_) => self.skip(name, &format!("it has {dimensions} dimensions")),
                Err(_) => self.skip(name, "it is text"),
            }
        }
        let alone = self.columns.is_empty();
        for (name, values) in vectors {
            match as_matrix(values) {
                Some(column) if alone && !self.regions_first => self.add(name, column),
                _ => self.skip(name, "it is no matrix"),
            }
        }
        let regions =
            |names: &Vec<String>| self.columns.iter().all(|column| column.values.ncols() == names.len());
        if self.nodes.as_ref().is_some_and(|names| !regions(names)) {
            self.nodes = None;
            self.skip(LABELS, "its length is not the number of regions");
        }
        Ok(())
    }

    fn skip(&mut self, name: &str, why: &str) {
        self.notes.push(format!("`{}` is left out: {why}", Shown(name)));
    }

    fn add_table(&mut self, name: &str, table: Table) -> Result<(), Problem> {
        let Table { mut columns, mut rows, mut values } = table;
        let is_times = |names: &Option<Vec<String>>| {
            let first = names.as_ref().and_then(|names| names.first());
            first.is_some_and(|name| TIMES.contains(&name.to_lowercase().as_str()))
        };
        let axis = Axis(usize::from(!self.regions_first));
        let names = if self.regions_first { &mut rows } else { &mut columns };
        if is_times(names) {
            let times = values.index_axis(axis, 0).to_owned();
            let called = names.as_mut().map(|names| names.remove(0)).unwrap_or_default();
            if !called.to_lowercase().ends_with("ms") {
                return Err(Problem::Signals(format!(
                    "`{}` holds times, but does not say in which unit; call it `t_ms` or take it out",
                    Shown(&called)
                )));
            }
            self.check_times(&called, &times)?;
            values.remove_index(axis, 0);
        }
        self.nodes = names.take();
        self.add(name, values);
        Ok(())
    }

    /// Checks that times in a file, in ms, are those that the interval says.
    fn check_times(&self, called: &str, times: &Array1<f64>) -> Result<(), Problem> {
        let agrees = |step: f64| (step / self.interval - 1.0).abs() < 1e-3;
        match times.windows(2).into_iter().map(|pair| pair[1] - pair[0]).find(|step| !agrees(*step)) {
            Some(step) => Err(Problem::Signals(format!(
                "the samples of `{}` are {step} ms apart, but they were said to be {} ms apart",
                Shown(called),
                self.interval
            ))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};
    use tempfile::TempDir;

    use super::*;
    use crate::io::npz::NpzWriter;

    const SIGNALS: [[f64; 2]; 3] = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];

    fn text(name: &str, text: &str, regions_first: bool) -> Result<Recording, String> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let shown = format!("{}: ", path.display());
        Recording::sampled(&path, 720.0, regions_first).map_err(|error| error.to_string().replace(&shown, ""))
    }

    #[test]
    fn text_arrays_and_archives_hold_signals() {
        let folder = TempDir::new().unwrap();
        let signals = Array2::from(SIGNALS.to_vec());
        npy::write(folder.path().join("bold.npy"), &signals).unwrap();
        NpzWriter::new()
            .with("bold", &signals)
            .unwrap()
            .with("labels", &array!["V1", "V2"])
            .unwrap()
            .with("tr", &ndarray::arr0(0.72))
            .unwrap()
            .save(folder.path().join("bold.npz"))
            .unwrap();
        let mut read = vec![
            Recording::sampled(folder.path().join("bold.npy"), 720.0, false).unwrap(),
            Recording::sampled(folder.path().join("bold.npz"), 720.0, false).unwrap(),
            text("bold.csv", "1,2\n3,4\n5,6\n", false).unwrap(),
            text("bold.tsv", "V1\tV2\n1\t2\n3\t4\n5\t6\n", false).unwrap(),
            text("bold.txt", "1 3 5\n2 4 6\n", true).unwrap(),
            text("bold.csv", "V1,1,3,5\nV2,2,4,6\n", true).unwrap(),
            text("bold.csv", "t_ms,V1,V2\n720,1,2\n1440,3,4\n2160,5,6\n", false).unwrap(),
        ];
        for recording in &read {
            let [bold] = &recording.columns[..] else { panic!("{recording:?}") };
            assert_eq!(bold.values, signals);
            assert_eq!(bold.ts, Array1::from(vec![720.0, 1440.0, 2160.0]));
            assert_eq!(bold.name, "bold");
        }
        let named = |recording: &Recording| recording.nodes.is_some();
        assert_eq!(read.iter().map(named).collect::<Vec<_>>(), [false, true, false, true, false, true, true]);
        assert_eq!(read.remove(1).notes, ["`tr` is left out: it has 0 dimensions"]);
    }

    #[test]
    fn times_that_contradict_the_interval_are_refused() {
        let error = text("bold.csv", "t_ms,V1\n1,1\n2,3\n3,5\n", false).unwrap_err();
        assert_eq!(
            error,
            "holds no signals that can be read: the samples of `t_ms` are 1 ms apart, but they were said to be 720 ms apart"
        );
        assert!(text("bold.csv", "Time,V1\n1,1\n2,3\n", false).unwrap_err().contains("call it `t_ms`"));
    }

    #[test]
    fn what_may_be_turned_round_is_told() {
        let notes = text("bold.csv", "1,2,3\n4,5,6\n", false).unwrap().notes;
        assert_eq!(notes, ["`bold` has 2 samples of 3 regions; are its rows regions?"]);
    }
}
