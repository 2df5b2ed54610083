//! Arrays from files that an experiment names.

use std::path::{Path, PathBuf};

use brainmass_spec::fields::text;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::yaml::Node;
use ndarray::{Array2, Axis, Ix1, Ix2};

use brainmass_data::io::npy::{self, NpyArray};
use brainmass_data::io::npz::Npz;
use brainmass_data::io::table::{self, Format, Table};

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
        Some("npy") => single(array).and_then(|()| two_dimensional(npy::read(&path)?)),
        Some("csv" | "tsv" | "txt") => from_table(&path, array),
        _ => Err(Fault::File("its ending must be .npz, .npy, .csv, .tsv or .txt".to_owned())),
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

impl From<brainmass_data::io::IoError> for Fault {
    fn from(error: brainmass_data::io::IoError) -> Self {
        Self::File(error.to_string())
    }
}

fn from_npz(path: &Path, array: Option<&Spanned<String>>) -> Result<Array2<f64>, Fault> {
    let file = Npz::open(path)?;
    // What a saved run holds besides its records is no input.
    let is_record = |name: &&str| !["ts", "units", "provenance"].contains(name);
    let names: Vec<&str> = match array {
        Some(_) => file.names().collect(),
        None => file.names().filter(is_record).collect(),
    };
    two_dimensional(file.get(names[choose(array, &names)?])?)
}

fn two_dimensional(array: NpyArray) -> Result<Array2<f64>, Fault> {
    let values = array.into_numbers()?;
    let dimensions = values.ndim();
    let matrix = match dimensions {
        1 => values.into_dimensionality::<Ix1>().map(|column| column.insert_axis(Axis(1))),
        _ => values.into_dimensionality::<Ix2>(),
    };
    matrix.map_err(|_| {
        Fault::Array(format!("the array has {dimensions} dimensions; 1 or 2 are needed"), String::new())
    })
}

/// Reports the choice of an array in a file that has only one.
fn single(array: Option<&Spanned<String>>) -> Result<(), Fault> {
    array.map_or(Ok(()), |wish| {
        let why = format!("the file holds one array, without a name; there is no `{}`", wish.value);
        Err(Fault::Array(why, "leave `array` out".to_owned()))
    })
}

/// The index of the array asked for; without a wish, of the only one.
fn choose(array: Option<&Spanned<String>>, names: &[&str]) -> Result<usize, Fault> {
    match (array, names) {
        (Some(wish), _) => names.iter().position(|name| *name == wish.value).ok_or_else(|| {
            let label = suggestion(&wish.value, "arrays", names.iter().copied());
            Fault::Array(format!("the file has no array `{}`", wish.value), label)
        }),
        (None, [_]) => Ok(0),
        (None, []) => Err(Fault::File("it has no arrays".to_owned())),
        (None, _) => {
            let label = format!("arrays are {}", names.join(", "));
            Err(Fault::Array("the file has several arrays; choose one with `array`".to_owned(), label))
        }
    }
}

/// A table. Where its columns have names, as in a saved run, `array: x` takes the columns `x`, `x[0]`, `x[1]`, ...; without it, all but
/// `t_ms` are taken.
fn from_table(path: &Path, array: Option<&Spanned<String>>) -> Result<Array2<f64>, Fault> {
    let Table { columns, values, .. } = table::read(path, &Format::default())?;
    let Some(names) = columns else {
        return single(array).map(|()| values);
    };
    // `x[3] (mV)` is column 3 of `x`.
    let base = |name: &str| name.split(['[', ' ']).next().unwrap_or_default().to_owned();
    let is_wanted = |name: &String| match array {
        Some(wish) => base(name) == wish.value,
        None => base(name) != "t_ms",
    };
    let wanted: Vec<usize> = (0..names.len()).filter(|&column| is_wanted(&names[column])).collect();
    if let (Some(wish), true) = (array, wanted.is_empty()) {
        let mut known: Vec<String> = names.iter().map(|name| base(name)).collect();
        known.dedup();
        let label = suggestion(&wish.value, "columns", known.iter().map(String::as_str));
        return Err(Fault::Array(format!("the file has no column `{}`", wish.value), label));
    }
    Ok(values.select(Axis(1), &wanted))
}
