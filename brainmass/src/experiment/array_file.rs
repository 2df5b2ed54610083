//! Arrays from files that an experiment names, with the names of their rows and columns.

use std::path::Path;

use brainmass_spec::fields::text;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::yaml::Node;
use ndarray::{Array2, Axis, Ix1, Ix2};

use super::context::Context;
use super::keys::Keys;
use brainmass_data::io::ending;
use brainmass_data::io::npy::{self, NpyArray};
use brainmass_data::io::npz::Npz;
use brainmass_data::io::table::{self, Format, Names, Table};

use crate::missing;

/// Arrays of an `.npz` that are no input: what a saved run holds besides its records, and names.
const NO_INPUT: [&str; 4] = ["ts", "units", "provenance", LABELS];
/// The array of an `.npz` that holds the names of regions.
const LABELS: &str = "labels";

/// A matrix with the names of its rows and columns.
#[derive(Debug)]
pub struct Array {
    /// The numbers.
    pub values: Array2<f64>,
    /// Names of the rows, where a table has them.
    pub rows: Option<Vec<String>>,
    /// Names of the columns, where a table has them.
    pub columns: Option<Vec<String>>,
    /// Names of regions that stand beside an array of an `.npz`: of rows or columns, whichever are as many.
    pub names: Option<Vec<String>>,
}

impl From<Array2<f64>> for Array {
    fn from(values: Array2<f64>) -> Self {
        Self { values, rows: None, columns: None, names: None }
    }
}

/// Takes `header` and `row_names` out of the keys beside a `file`: whether the first row or column of a table holds names, where that
/// cannot be seen.
pub fn layout(keys: &mut Keys, problems: &mut Problems) -> Format {
    let [header, row_names] = ["header", "row_names"].map(|key| match keys.truth(key, problems) {
        Some(true) => Names::Present,
        Some(false) => Names::Absent,
        None => Names::Detect,
    });
    Format { header, row_names, ..Format::default() }
}

/// Reads the array `array` of the file that `node` names, a table of which is laid out as `format` says; a list of numbers is a column.
pub fn read(
    node: &Node,
    array: Option<&Spanned<String>>,
    format: &Format,
    context: &Context,
    problems: &mut Problems,
) -> Option<Array> {
    let name = text(node, problems)?;
    let path = context.reads(&name);
    let found = match ending(&path).as_str() {
        "npz" => from_npz(&path, array),
        "npy" => single(array).and_then(|()| Ok(two_dimensional(npy::read(&path)?)?.into())),
        "csv" | "tsv" | "txt" => from_table(&path, array, format),
        _ => Err(Fault::File("its ending must be .npz, .npy, .csv, .tsv or .txt".to_owned())),
    };
    let found = found.and_then(|array| match array.values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Fault::File(format!("it holds {value}; all numbers must be finite"))),
        None => Ok(array),
    });
    match found {
        Ok(array) => Some(array),
        Err(Fault::File(why)) => {
            let problem = Problem::new(&name.span, format!("cannot use `{}`: {why}", name.value));
            problems.push(match missing::way_out(&path) {
                Some(help) => problem.help(help),
                None => problem,
            });
            None
        }
        Err(Fault::Array(why, help)) => {
            let span = array.map_or(&name.span, |array| &array.span);
            problems.push(Problem::new(span, why).help(help));
            None
        }
    }
}

/// A fault of the file, or of the choice of an array in it.
enum Fault {
    File(String),
    Array(String, String),
}

impl From<brainmass_data::io::IoError> for Fault {
    fn from(error: brainmass_data::io::IoError) -> Self {
        Self::File(error.to_string())
    }
}

fn from_npz(path: &Path, array: Option<&Spanned<String>>) -> Result<Array, Fault> {
    let file = Npz::open(path)?;
    let is_record = |name: &&str| !NO_INPUT.contains(name) && !name.starts_with("ts.");
    let names: Vec<&str> = match array {
        Some(_) => file.names().collect(),
        None => file.names().filter(is_record).collect(),
    };
    let values = two_dimensional(file.get(names[choose(array, &names)?])?)?;
    let labels = file.find(LABELS)?.map(NpyArray::into_strings).transpose()?;
    Ok(Array { names: labels, ..values.into() })
}

fn two_dimensional(array: NpyArray) -> Result<Array2<f64>, Fault> {
    let values = array.into_numbers()?;
    let dimensions = values.ndim();
    let matrix = match dimensions {
        // numpy makes an array without dimensions of a single number.
        0 => values.into_shape_with_order((1, 1)),
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

/// Finds the index of the array asked for; without a wish, of the only one.
fn choose(array: Option<&Spanned<String>>, names: &[&str]) -> Result<usize, Fault> {
    match (array, names) {
        (Some(wish), _) => names.iter().position(|name| *name == wish.value).ok_or_else(|| {
            let help = suggestion(&wish.value, "arrays", names.iter().copied());
            Fault::Array(format!("the file has no array `{}`", wish.value), help)
        }),
        (None, [_]) => Ok(0),
        (None, []) => Err(Fault::File("it has no arrays".to_owned())),
        (None, _) => {
            let help = format!("arrays are {}", names.join(", "));
            Err(Fault::Array("the file has several arrays; choose one with `array`".to_owned(), help))
        }
    }
}

/// Reads a table. Where its columns have names, as in a saved run, `array: x` takes the columns `x`, `x[0]`, `x[1]`, ...; without it, all but
/// `t_ms` are taken. A column `x[V1]` belongs to the region V1.
fn from_table(path: &Path, array: Option<&Spanned<String>>, format: &Format) -> Result<Array, Fault> {
    let Table { columns, rows, values } = table::read(path, format)?;
    let Some(names) = columns else {
        return single(array).map(|()| Array { rows, ..values.into() });
    };
    let parts: Vec<(&str, Option<&str>)> = names.iter().map(|name| parts(name)).collect();
    let is_wanted = |base: &str| match array {
        Some(wish) => base == wish.value,
        None => base != "t_ms",
    };
    let wanted: Vec<usize> = (0..names.len()).filter(|&column| is_wanted(parts[column].0)).collect();
    if let (Some(wish), true) = (array, wanted.is_empty()) {
        let mut known: Vec<&str> = parts.iter().map(|(base, _)| *base).collect();
        known.dedup();
        let help = suggestion(&wish.value, "columns", known);
        return Err(Fault::Array(format!("the file has no column `{}`", wish.value), help));
    }
    let name_of = |column: &usize| match parts[*column] {
        (_, Some(node)) => node.to_owned(),
        (base, None) => base.to_owned(),
    };
    let columns = wanted.iter().map(name_of).collect();
    Ok(Array { rows, columns: Some(columns), ..values.select(Axis(1), &wanted).into() })
}

/// Parts `x[V1] (mV)` into what it is of and the node.
fn parts(name: &str) -> (&str, Option<&str>) {
    let name = match name.rsplit_once(" (") {
        Some((before, unit)) if unit.ends_with(')') => before,
        _ => name,
    };
    match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((base, node)) => (base, Some(node)),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_column_has_a_name_a_node_and_a_unit() {
        assert_eq!(parts("x[V1] (mV)"), ("x", Some("V1")));
        assert_eq!(parts("cortex.x[12]"), ("cortex.x", Some("12")));
        assert_eq!(parts("left V1 (area)"), ("left V1", None));
        assert_eq!(parts("V1"), ("V1", None));
    }
}
