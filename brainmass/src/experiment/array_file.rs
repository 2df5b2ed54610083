//! Arrays from `.npz` and `.csv` files that an experiment names.

use std::fs;
use std::path::{Path, PathBuf};

use brainmass_spec::fields::text;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::yaml::Node;
use ndarray::{Array2, Ix1, Ix2};

use crate::io::npz::{self, Array};

/// A path of an experiment file, which is relative to that file.
pub fn beside(name: &Spanned<String>) -> PathBuf {
    let folder = Path::new(&name.span.source.name).parent().unwrap_or(Path::new(""));
    folder.join(&name.value)
}

/// The array `array` of the file that `node` names; a list of numbers is a column.
pub fn read(node: &Node, array: Option<&Spanned<String>>, problems: &mut Problems) -> Option<Array2<f64>> {
    let name = text(node, problems)?;
    let path = beside(&name);
    let found = match path.extension().and_then(|ending| ending.to_str()) {
        Some("npz") => from_npz(&path, array),
        Some("csv") => from_csv(&path, array),
        _ => Err(Fault::File("its ending must be .npz or .csv".to_owned())),
    };
    let found = found.and_then(|values| match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Fault::File(format!("it holds {value}; all numbers must be finite"))),
        None => Ok(values),
    });
    match found {
        Ok(values) => Some(values),
        Err(Fault::File(why)) => {
            problems.push(Problem::new(&name.span, format!("cannot use `{}`: {why}", name.value)));
            None
        }
        Err(Fault::Array(why, label)) => {
            let span = array.map_or(&name.span, |array| &array.span);
            problems.push(Problem::new(span, why).label(label));
            None
        }
    }
}

/// What is wrong, with the file or with the choice of an array.
enum Fault {
    File(String),
    Array(String, String),
}

fn from_npz(path: &Path, array: Option<&Spanned<String>>) -> Result<Array2<f64>, Fault> {
    let arrays = npz::read(path).map_err(|error| Fault::File(error.to_string()))?;
    // The times of a recorded run are no input.
    let named: Vec<_> = arrays
        .into_iter()
        .filter_map(|(name, array)| match array {
            Array::Numbers(values) => Some((name, values)),
            Array::Text(_) => None,
        })
        .filter(|(name, _)| name != "ts" || array.is_some_and(|array| array.value == "ts"))
        .collect();
    let names = || named.iter().map(|(name, _)| name.as_str());
    let index = choose(array, &names().collect::<Vec<_>>())?;
    let (name, values) = &named[index];
    let fault = || {
        let message = format!("the array `{name}` has {} dimensions; 1 or 2 are needed", values.ndim());
        Fault::Array(message, String::new())
    };
    match values.ndim() {
        1 => values.clone().into_dimensionality::<Ix1>().map(|column| column.insert_axis(ndarray::Axis(1))),
        _ => values.clone().into_dimensionality::<Ix2>(),
    }
    .map_err(|_| fault())
}

/// The index of the array asked for; without a wish, of the only one.
fn choose(array: Option<&Spanned<String>>, names: &[&str]) -> Result<usize, Fault> {
    match (array, names) {
        (Some(wish), _) => names.iter().position(|name| *name == wish.value).ok_or_else(|| {
            let label = suggestion(&wish.value, "arrays", names.iter().copied());
            Fault::Array(format!("the file has no array `{}`", wish.value), label)
        }),
        (None, [_]) => Ok(0),
        (None, []) => Err(Fault::File("it has no arrays of numbers".to_owned())),
        (None, _) => {
            let label = format!("arrays are {}", names.join(", "));
            Err(Fault::Array("the file has several arrays; choose one with `array`".to_owned(), label))
        }
    }
}

/// Rows of numbers between commas. Under a line of names, as in a saved run, `array: x` takes the columns `x`, `x[0]`, `x[1]`, ...; without
/// it, all but `t_ms` are taken.
fn from_csv(path: &Path, array: Option<&Spanned<String>>) -> Result<Array2<f64>, Fault> {
    let text = fs::read_to_string(path).map_err(|error| Fault::File(error.to_string()))?;
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let first = lines.peek().map(|(_, line)| cells(line)).unwrap_or_default();
    let has_names = first.iter().any(|cell| cell.parse::<f64>().is_err());
    let columns: Vec<usize> = if has_names {
        lines.next();
        named_columns(&first, array)?
    } else if let Some(wish) = array {
        let why = format!("the file has no line of names to find `{}` in", wish.value);
        return Err(Fault::Array(why, String::new()));
    } else {
        (0..first.len()).collect()
    };
    let mut numbers = Vec::new();
    let mut rows = 0;
    for (index, line) in lines {
        let row = cells(line);
        if row.len() != first.len() {
            let why = format!("line {} has {} cells, the first has {}", index + 1, row.len(), first.len());
            return Err(Fault::File(why));
        }
        for &column in &columns {
            let cell = &row[column];
            let fault = || Fault::File(format!("`{cell}` in line {} is not a number", index + 1));
            numbers.push(cell.parse().map_err(|_| fault())?);
        }
        rows += 1;
    }
    Array2::from_shape_vec((rows, columns.len()), numbers).map_err(|error| Fault::File(error.to_string()))
}

fn named_columns(names: &[String], array: Option<&Spanned<String>>) -> Result<Vec<usize>, Fault> {
    // `x[3] (mV)` is column 3 of `x`.
    let base = |name: &str| name.split(['[', ' ']).next().unwrap_or_default().to_owned();
    let columns = |wanted: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..names.len()).filter(|&column| wanted(&base(&names[column]))).collect()
    };
    let Some(wish) = array else { return Ok(columns(&|name| name != "t_ms")) };
    let found = columns(&|name| name == wish.value);
    if found.is_empty() {
        let mut known: Vec<String> = names.iter().map(|name| base(name)).collect();
        known.dedup();
        let label = suggestion(&wish.value, "columns", known.iter().map(String::as_str));
        return Err(Fault::Array(format!("the file has no column `{}`", wish.value), label));
    }
    Ok(found)
}
