//! Recorded arrays, from a run or from a file that one was written to.

use std::fs;
use std::path::Path;

use brainmass::Run;
use brainmass::io::IoError;
use brainmass::io::npy::NpyArray;
use brainmass::io::npz::Npz;
use brainmass::simulator::{Column, TIMES_OF};
use brainmass_spec::problem::suggestion;
use ndarray::Array2;
use serde_json::Value;

use crate::failure::Failure;

/// What was recorded, and when.
pub struct Recording {
    /// What was recorded.
    pub columns: Vec<Column>,
    /// The model, where the file says.
    pub model: Option<String>,
}

impl Recording {
    /// What a run recorded.
    pub fn of(run: &Run) -> Self {
        Self { columns: run.columns().to_vec(), model: Some(run.provenance().model.clone()) }
    }

    /// The records of these names; all of them if there are none.
    pub fn chosen(&self, names: &[String]) -> Result<Vec<&Column>, Failure> {
        if names.is_empty() {
            return Ok(self.columns.iter().collect());
        }
        let find = |name: &String| {
            self.columns.iter().find(|column| column.name == *name).ok_or_else(|| {
                let known = self.columns.iter().map(|column| column.name.as_str());
                Failure::new(format!("there is no record `{name}`")).hint(suggestion(name, "records", known))
            })
        };
        names.iter().map(find).collect()
    }

    /// Reads the matrices of an .npz file that knows of no times, of samples `interval` ms apart.
    pub fn sampled(path: &Path, interval: f64, regions_first: bool) -> Result<Self, Failure> {
        let fault = |error| Failure::new(format!("cannot read `{}`: {error}", path.display()));
        let file = Npz::open(path).map_err(fault)?;
        let mut columns = Vec::new();
        for name in file.names() {
            let array = file.get(name).map_err(fault)?;
            if array.shape().len() != 2 {
                continue;
            }
            let matrix = array.into_matrix().map_err(fault)?;
            let values = if regions_first { matrix.reversed_axes() } else { matrix };
            let ts = (1..=values.nrows()).map(|row| row as f64 * interval).collect();
            columns.push(Column { name: name.to_owned(), unit: "1".to_owned(), ts, values });
        }
        if columns.is_empty() {
            return Err(Failure::new(format!("`{}` holds no matrix", path.display())));
        }
        Ok(Self { columns, model: None })
    }

    /// Reads a file that a run was saved to.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let recording = match path.extension().and_then(|ending| ending.to_str()) {
            Some("npz") => from_npz(path),
            Some("json") => text(path).and_then(|text| from_json(&text)),
            Some("csv") => text(path).and_then(|text| from_csv(&text)),
            _ => {
                let failure = Failure::new(format!("cannot tell from `{shown}` what it is"));
                return Err(failure.hint("give a saved run: .npz, .csv or .json"));
            }
        };
        let fault = |why| Failure::new(format!("cannot read `{shown}` as a run: {why}"));
        let recording = recording.map_err(fault)?;
        let wrong = |column: &&Column| column.values.nrows() != column.ts.len();
        if let Some(column) = recording.columns.iter().find(wrong) {
            let (rows, times) = (column.values.nrows(), column.ts.len());
            return Err(fault(format!("`{}` has {rows} rows for {times} times", column.name)));
        }
        if recording.columns.iter().all(|column| column.values.is_empty()) {
            return Err(fault("it holds no recorded values".to_owned()));
        }
        Ok(recording)
    }
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| error.to_string())
}

fn from_npz(path: &Path) -> Result<Recording, String> {
    read_npz(path).map_err(|error| error.to_string())?
}

fn read_npz(path: &Path) -> Result<Result<Recording, String>, IoError> {
    let file = Npz::open(path)?;
    let Some(ts) = file.find("ts")?.map(NpyArray::into_vector).transpose()? else {
        return Ok(Err(
            "it has no array `ts` of times; `brainmass analyze --tr` reads signals without".to_owned()
        ));
    };
    let units = file.find("units")?.map(NpyArray::into_strings).transpose()?.unwrap_or_default();
    let provenance = file.find("provenance")?.map(NpyArray::into_strings).transpose()?.unwrap_or_default();
    let model =
        provenance.first().and_then(|line| serde_json::from_str(line).ok()).and_then(|v| model_of(&v));
    let mut columns = Vec::new();
    let names: Vec<&str> = file.names().collect();
    let is_times = |name: &str| name.strip_prefix(TIMES_OF).is_some_and(|of| names.contains(&of));
    for name in &names {
        if ["ts", "units", "provenance"].contains(name) || is_times(name) {
            continue;
        }
        let own = file.find(&format!("{TIMES_OF}{name}"))?.map(NpyArray::into_vector).transpose()?;
        let unit = units.get(columns.len()).cloned().unwrap_or_else(|| "1".to_owned());
        let values = file.get(name)?.into_matrix()?;
        columns.push(Column {
            name: (*name).to_owned(),
            unit,
            ts: own.unwrap_or_else(|| ts.clone()),
            values,
        });
    }
    Ok(Ok(Recording { columns, model }))
}

fn model_of(provenance: &Value) -> Option<String> {
    provenance["model"].as_str().map(str::to_owned)
}

fn from_json(text: &str) -> Result<Recording, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    // A number that was not finite is null.
    let numbers = |list: &Value| -> Option<Vec<f64>> {
        Some(list.as_array()?.iter().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect())
    };
    let ts = numbers(&value["ts"]).ok_or("it has no list `ts` of times")?;
    let records = value["records"].as_array().ok_or("it has no list of `records`")?;
    let column = |record: &Value| {
        let rows: Vec<Vec<f64>> = record["values"].as_array()?.iter().map(numbers).collect::<Option<_>>()?;
        let shape = (rows.len(), rows.first().map_or(0, Vec::len));
        Some(Column {
            name: record["name"].as_str()?.to_owned(),
            unit: record["unit"].as_str().unwrap_or("1").to_owned(),
            ts: numbers(&record["ts"]).unwrap_or_else(|| ts.clone()).into(),
            values: Array2::from_shape_vec(shape, rows.concat()).ok()?,
        })
    };
    let columns = records.iter().map(column).collect::<Option<Vec<_>>>();
    let columns = columns.ok_or("a record has no `name` or no rows of `values`")?;
    Ok(Recording { columns, model: model_of(&value["provenance"]) })
}

fn from_csv(text: &str) -> Result<Recording, String> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    if head.first() != Some(&"t_ms") {
        return Err("its first column is not `t_ms`".to_owned());
    }
    // What has no row at a time has empty cells there.
    let mut rows: Vec<Vec<Option<f64>>> = Vec::new();
    for (index, line) in lines.enumerate() {
        let cell = |cell: &str| if cell.is_empty() { Ok(None) } else { cell.parse().map(Some) };
        let row: Result<Vec<Option<f64>>, _> = line.split(',').map(cell).collect();
        let row = row.map_err(|error: std::num::ParseFloatError| format!("line {}: {error}", index + 2))?;
        if row.len() != head.len() {
            return Err(format!("line {} has {} cells, the first has {}", index + 2, row.len(), head.len()));
        }
        rows.push(row);
    }
    // `x[3] (mV)` is node 3 of `x` in mV; the nodes of a record follow on one another.
    let mut spans: Vec<(String, String, Vec<usize>)> = Vec::new();
    for (index, cell) in head.iter().enumerate().skip(1) {
        let name = cell.split(['[', ' ']).next().unwrap_or_default();
        let unit = cell.split_once(" (").and_then(|(_, unit)| unit.strip_suffix(')')).unwrap_or("1");
        match spans.last_mut().filter(|(last, ..)| last == name) {
            Some((.., indices)) => indices.push(index),
            None => spans.push((name.to_owned(), unit.to_owned(), vec![index])),
        }
    }
    let columns = spans
        .into_iter()
        .map(|(name, unit, indices)| {
            let own: Vec<&Vec<Option<f64>>> =
                rows.iter().filter(|row| indices.iter().any(|index| row[*index].is_some())).collect();
            let cell = |row: usize, index: usize| own[row][index].unwrap_or(f64::NAN);
            let values =
                Array2::from_shape_fn((own.len(), indices.len()), |(row, node)| cell(row, indices[node]));
            Column { name, unit, ts: (0..own.len()).map(|row| cell(row, 0)).collect(), values }
        })
        .collect();
    Ok(Recording { columns, model: None })
}
