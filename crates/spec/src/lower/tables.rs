//! Tables: the files that they are read from, and their look-ups in expressions.

use std::collections::HashMap;
use std::sync::Arc;

use super::typed::{Lowering, Typed};
use super::values;
use crate::document::{AxisEntry, Document, Named, TableEntry};
use crate::expr::{Expr, Expression};
use crate::model::{NamedUnit, Table, TableAxis};
use crate::problem::{Problem, Problems, nearest};
use crate::source::Spanned;
use crate::table::{self, Axis, ENDING, LookUp, MAX_AXES, MAX_BYTES};

/// Reads the tables of a document; the names of those in which something is wrong come beside.
pub fn tables(document: &Document, problems: &mut Problems) -> (Vec<Table>, Vec<String>) {
    let (mut tables, mut broken) = (Vec::new(), Vec::new());
    for entry in &document.tables {
        let before = problems.len();
        match table(entry, problems).filter(|_| problems.len() == before) {
            Some(table) => tables.push(table),
            None => broken.push(entry.name.value.clone()),
        }
    }
    (tables, broken)
}

fn table(entry: &Named<TableEntry>, problems: &mut Problems) -> Option<Table> {
    let value = &entry.value;
    let unit = unit(value.unit.as_ref(), problems);
    word(value.interpolate.as_ref(), "interpolate", "linear", problems);
    word(value.outside.as_ref(), "outside", "hold", problems);
    let axes: Vec<Option<TableAxis>> = value.axes.iter().map(|axis| self::axis(axis, problems)).collect();
    if !(1..=MAX_AXES).contains(&axes.len()) {
        let message = format!("a table has one axis or two, this one has {}", axes.len());
        let help = "write `axes: {x: {from: 0 mV, to: 10 mV}}`: that of the rows, then that of the columns";
        problems.push(Problem::new(&entry.name.span, message).help(help));
        return None;
    }
    let Some(file) = &value.file else {
        let problem = Problem::new(&entry.name.span, format!("the table `{}` has no file", entry.name.value));
        problems.push(
            problem.help("write `file: name.npy`: the name of an array that numpy saved, beside this file"),
        );
        return None;
    };
    let (path, numbers) = numbers(file, &axes, problems)?;
    let mut axes: Vec<TableAxis> = axes.into_iter().collect::<Option<_>>()?;
    let grid = |(axis, points): (&mut TableAxis, &usize)| {
        axis.points.points = *points;
        axis.points
    };
    let grid: Vec<Axis> = axes.iter_mut().zip(&numbers.shape).map(grid).collect();
    Some(Table {
        name: entry.name.value.clone(),
        unit: unit?,
        file: file.value.clone(),
        values: Arc::new(table::Table { axes: grid, file: numbers.bytes, header: numbers.header }),
        axes,
        path,
        symbol: value.symbol.clone(),
        doc: value.doc.clone().unwrap_or_default(),
    })
}

/// The numbers of a file that has been read.
struct Numbers {
    bytes: Arc<[u8]>,
    shape: Vec<usize>,
    header: usize,
}

/// Finds the file of a table and reads it. Its shape is that of the axes.
fn numbers(
    file: &Spanned<String>,
    axes: &[Option<TableAxis>],
    problems: &mut Problems,
) -> Option<(String, Numbers)> {
    let name = &file.value;
    let mut told = |message: String, help: Option<String>| {
        let problem = Problem::new(&file.span, message);
        problems.push(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    };
    if !name.ends_with(ENDING) {
        let message = format!("the file of a table ends in `{ENDING}`, as numpy's `save` names it");
        told(message, None);
        return None;
    }
    if !table::is_beside(name) {
        let message =
            "the file of a table lies in the folder of the model file, or in one below it".to_owned();
        told(
            message,
            Some("write its path from there, without `..` and with `/`: `tables/rate.npy`".to_owned()),
        );
        return None;
    }
    let Some(data) = file.span.source.data.iter().find(|data| data.name == *name) else {
        let given = file.span.source.data.iter().map(|data| data.name.as_str());
        let help = nearest(name, given).map(|near| format!("did you mean `{near}`?"));
        told(format!("there is no file `{name}` beside the model file"), help);
        return None;
    };
    let array = match table::read(&data.bytes) {
        Ok(array) => array,
        Err((what, help)) => {
            told(format!("`{name}` is no table: {what}"), help);
            return None;
        }
    };
    let shape: Vec<String> = array.shape.iter().map(usize::to_string).collect();
    let shape = shape.join(" x ");
    if array.shape.len() != axes.len() {
        let axes = if axes.len() == 1 { "1 axis is".to_owned() } else { format!("{} axes are", axes.len()) };
        told(format!("`{name}` has {shape} numbers, {} axes, and {axes} declared", array.shape.len()), None);
        return None;
    }
    if array.shape.iter().any(|length| *length < 2) {
        told(format!("`{name}` has {shape} numbers, and an axis needs two at least"), None);
        return None;
    }
    Some((
        data.path.clone(),
        Numbers { bytes: Arc::clone(&data.bytes), shape: array.shape, header: array.header },
    ))
}

fn unit(text: Option<&Spanned<String>>, problems: &mut Problems) -> Option<NamedUnit> {
    match text {
        Some(text) => values::unit(text, problems),
        None => Some(NamedUnit::one()),
    }
}

/// Reads an axis, whose number of points the file says.
fn axis(entry: &Named<AxisEntry>, problems: &mut Problems) -> Option<TableAxis> {
    let value = &entry.value;
    let mut missing = |key: &str| {
        let message = format!("the axis `{}` has no `{key}`", entry.name.value);
        problems.push(
            Problem::new(&entry.name.span, message)
                .help("write `{from: 0 mV, to: 10 mV}`: its first and its last point"),
        );
    };
    if value.from.is_none() {
        missing("from");
    }
    if value.to.is_none() {
        missing("to");
    }
    let (first, unit) = values::declared(value.from.as_ref(), value.unit.as_ref(), problems);
    let unit = unit?;
    let last = values::finite_in_unit(value.to.as_ref()?, &unit, problems)?;
    let first = first.filter(|_| value.from.is_some())?;
    // The same axis on the other way would be a table whose rows stand in the other order.
    if !(first.is_finite() && first < last) {
        let span = &value.to.as_ref()?.span;
        let message = format!("the axis is reversed or empty: {first} is not below {last}");
        problems.push(Problem::new(span, message));
        return None;
    }
    // Where the numbers of a computer no longer tell points apart, no look-up finds its place.
    let across = last - first;
    if !across.is_finite() || !(MAX_BYTES as f64 / across).is_finite() {
        let span = &value.to.as_ref()?.span;
        let message = "the axis is so wide or so narrow that its points cannot be told apart";
        problems.push(Problem::new(span, message).help("take another unit"));
        return None;
    }
    let points = Axis { first, last, points: 0 };
    Some(TableAxis {
        name: entry.name.value.clone(),
        unit,
        points,
        doc: value.doc.clone().unwrap_or_default(),
    })
}

/// Checks a word of which there is one as yet.
fn word(given: Option<&Spanned<String>>, key: &str, only: &'static str, problems: &mut Problems) {
    if let Some(given) = given.filter(|given| given.value != only) {
        let message = format!("expected `{only}` under `{key}`, found `{}`", given.value);
        problems.push(
            Problem::new(&given.span, message)
                .help(format!("it is the only way yet: leave `{key}` out, or write `{only}`")),
        );
    }
}

impl Lowering<'_> {
    /// Lowers a look-up in the table of this index.
    pub(super) fn look_up(
        &mut self,
        index: usize,
        given: &[Expr],
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        let typed: Vec<Option<Typed>> = given.iter().map(|a| self.expr(a, whole, arguments)).collect();
        let tables = Arc::clone(&self.tables);
        let table = &tables[index];
        let mut at = Vec::new();
        for ((typed, expr), axis) in typed.into_iter().zip(given).zip(&table.axes) {
            let what = format!("`{}` of the table `{}`", axis.name, table.name);
            self.unit_names.push((axis.unit.unit, axis.unit.text.clone()));
            at.push(typed.and_then(|typed| self.convert(typed, axis.unit.unit, &whole.span(expr), &what)));
            self.unit_names.pop();
        }
        let at: Vec<_> = at.into_iter().collect::<Option<_>>()?;
        let look_up = LookUp { table: index as u16, orders: [0; MAX_AXES] };
        let node = self.graph.look_up(look_up, *at.first()?, at.get(1).copied());
        Some(Typed::number(node, table.unit.unit))
    }
}
