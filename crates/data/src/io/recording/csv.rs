//! Records as a table.

use std::collections::HashSet;
use std::path::Path;

use ndarray::{Array1, Array2};

use super::provenance::beside;
use super::records::{Column, Recording, Records};
use crate::io::numbers::number;
use crate::io::table::{
    CELL_LIMIT, Cell, Delimiter, TEXT_LIMIT, Text, push_name, push_number, shortened, without_guard,
};
use crate::io::{IoError, Problem, read_file};

/// The name of the column of times.
const TIME: &str = "t_ms";

impl Records<'_> {
    /// Returns the records as the text of a `.csv` file, see the [module](super).
    pub fn to_csv(&self) -> String {
        let mut text = String::from(TIME);
        let labels = self.labels();
        let are_names = are_names(&labels);
        for column in self.columns {
            let unit = if column.unit == "1" { String::new() } else { format!(" ({})", column.unit) };
            let named = are_names && labels.len() == column.values.ncols();
            for node in 0..column.values.ncols() {
                let own =
                    labels.get(node).filter(|_| named).map_or_else(|| node.to_string(), ToString::to_string);
                text.push(',');
                push_name(&mut text, &format!("{}[{own}]{unit}", column.name), false);
            }
        }
        text.push('\n');
        // The next row of each column.
        let mut next = vec![0; self.columns.len()];
        let waiting = |next: &[usize]| {
            let times = self.columns.iter().zip(next).filter_map(|(column, next)| column.ts.get(*next));
            times.copied().min_by(f64::total_cmp)
        };
        while let Some(time) = waiting(&next) {
            push_number(&mut text, time);
            for (column, next) in self.columns.iter().zip(&mut next) {
                if column.ts.get(*next) == Some(&time) {
                    for value in column.values.row(*next) {
                        text.push(',');
                        push_number(&mut text, *value);
                    }
                    *next += 1;
                } else {
                    text.extend(std::iter::repeat_n(',', column.values.ncols()));
                }
            }
            text.push('\n');
        }
        text
    }
}

/// Whether labels can stand in brackets behind the name of a record: each is there once, none has brackets, and none is a number, which would be
/// taken for that of a node.
fn are_names(labels: &[&str]) -> bool {
    let mut seen = HashSet::new();
    labels.iter().all(|label| is_name(label) && seen.insert(*label))
}

fn is_name(label: &str) -> bool {
    !label.is_empty() && !label.contains(['[', ']', '\n', '\r']) && label.parse::<usize>().is_err()
}

/// Splits `x[V1]` into the name of a record and that of a node.
fn named_node(name: &str) -> Option<(&str, &str)> {
    let (name, label) = name.strip_suffix(']')?.rsplit_once('[')?;
    (!name.is_empty() && is_name(label)).then_some((name, label))
}

/// Returns name and unit of the column of a record, which is headed `x`, `x[3]` or `x[3] (mV)`.
pub fn split_header(cell: &str) -> (&str, Option<usize>, &str) {
    let (rest, unit) = match cell.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        // A unit may hold parentheses, which have no space before them; what follows a node is a unit.
        Some((rest, unit)) => (rest, unit),
        None => (cell, "1"),
    };
    let node = rest.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match node.and_then(|(name, node)| Some((name, node.parse().ok()?))) {
        Some((name, node)) => (name, Some(node), unit),
        None => (rest, None, unit),
    }
}

/// The columns of a table that make up one record.
struct Span {
    name: String,
    unit: String,
    /// The first of its columns in the table.
    start: usize,
    width: usize,
    ts: Vec<f64>,
    values: Vec<f64>,
    /// The names of its nodes, where they have some.
    labels: Vec<String>,
}

pub(super) fn open(path: &Path) -> Result<Recording, IoError> {
    let bytes = read_file(path, TEXT_LIMIT)?;
    let mut recording = read(&bytes).map_err(|problem| IoError::new(path.display(), problem))?;
    match beside(path, &bytes)? {
        Some(Ok(provenance)) => recording.provenance = Some(provenance),
        Some(Err(note)) => recording.notes.push(note),
        None => {}
    }
    Ok(recording)
}

fn read(bytes: &[u8]) -> Result<Recording, Problem> {
    let no_run = |why: String| Problem::Recording(why);
    let text = Text::new(bytes, Delimiter::Detect)?;
    let mut lines = text.lines();
    let mut cells = Vec::new();
    let head = lines.next().ok_or(Problem::Empty)?;
    text.split(head, &mut cells)?;
    if cells[0].text != TIME {
        return Err(no_run(format!("its first column is not `{TIME}`")));
    }
    let mut spans = spans(&cells).map_err(no_run)?;
    let width = cells.len();
    let mut left = CELL_LIMIT;
    for line in lines {
        text.split(line, &mut cells)?;
        if cells.len() != width {
            return Err(Problem::Columns { line: line.0, found: cells.len(), expected: width });
        }
        left = left.checked_sub(width).ok_or(Problem::TooMany { what: "cells", limit: CELL_LIMIT })?;
        let cell = |column: usize| {
            let text = &cells[column].text;
            let problem = || Problem::Number { line: line.0, column: column + 1, text: shortened(text) };
            number(text).ok_or_else(problem)
        };
        let time = cell(0)?;
        for span in &mut spans {
            let columns = span.start..span.start + span.width;
            // A record that has no row at this time has no cell that is filled.
            if cells[columns.clone()].iter().all(|cell| cell.text.is_empty()) {
                continue;
            }
            span.ts.push(time);
            for column in columns {
                span.values.push(cell(column)?);
            }
        }
    }
    let nodes = spans.iter().map(|span| &span.labels).find(|labels| !labels.is_empty()).cloned();
    let columns = spans.into_iter().map(|Span { name, unit, width, ts, values, .. }| {
        // Every row has as many values as there are columns.
        let values = Array2::from_shape_vec((ts.len(), width), values).unwrap_or_default();
        Column { name, unit, ts: Array1::from_vec(ts), values }
    });
    Ok(Recording { columns: columns.collect(), provenance: None, nodes, notes: Vec::new() })
}

/// Finds the records of a table, whose nodes follow on one another.
fn spans(head: &[Cell]) -> Result<Vec<Span>, String> {
    let mut spans: Vec<Span> = Vec::new();
    for (column, cell) in head.iter().enumerate().skip(1) {
        let cell = without_guard(&cell.text);
        let (name, node, unit) = split_header(cell);
        // Nodes have numbers or names; a record without either has one.
        let (name, node, label) = match (node, named_node(name)) {
            (None, Some((name, label))) => {
                let before = spans.last().filter(|last| last.name == name && !last.labels.is_empty());
                (name, before.map_or(0, |last| last.width), Some(label))
            }
            (node, _) => (name, node.unwrap_or(0), None),
        };
        match spans.last_mut().filter(|last| last.name == name && node > 0) {
            Some(last) if node == last.width => {
                if last.unit != unit {
                    return Err(format!("the columns of `{name}` have the units {} and {unit}", last.unit));
                }
                last.width += 1;
                last.labels.extend(label.map(str::to_owned));
            }
            _ if node > 0 => {
                let width = spans.last().filter(|last| last.name == name).map_or(0, |last| last.width);
                return Err(format!(
                    "column {}, `{cell}`, stands where node {width} of `{name}` belongs",
                    column + 1
                ));
            }
            _ => spans.push(Span {
                name: name.to_owned(),
                unit: unit.to_owned(),
                start: column,
                width: 1,
                ts: Vec::new(),
                values: Vec::new(),
                labels: label.map(str::to_owned).into_iter().collect(),
            }),
        }
    }
    Ok(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_split_from_their_end() {
        for (cell, parts) in [
            ("x", ("x", None, "1")),
            ("x[3]", ("x", Some(3), "1")),
            ("x[3] (mV)", ("x", Some(3), "mV")),
            ("x (mV)", ("x", None, "mV")),
            ("a[0] (b)[12] (1/(ms*mV))", ("a[0] (b)", Some(12), "1/(ms*mV)")),
            ("a[b]", ("a[b]", None, "1")),
        ] {
            assert_eq!(split_header(cell), parts, "{cell}");
        }
    }

    #[test]
    fn names_of_nodes_come_back() {
        let ts = Array1::from_vec(vec![0.5]);
        let column = |name: &str, unit: &str, values: Vec<f64>| Column {
            name: name.into(),
            unit: unit.into(),
            ts: ts.clone(),
            values: Array2::from_shape_vec((1, values.len()), values).unwrap(),
        };
        let columns = [
            column("x", "1", vec![1.0, 2.0]),
            column("y", "mV", vec![3.0, 4.0]),
            column("z", "1", vec![5.0]),
        ];
        let text = |labels: &[&str]| {
            let provenance = serde_json::json!({ "labels": labels });
            Records { ts: &ts, columns: &columns, provenance: &provenance }.to_csv()
        };
        let named = text(&["V1, left", "=V1"]);
        assert_eq!(
            named.lines().next(),
            Some("t_ms,\"x[V1, left]\",x[=V1],\"y[V1, left] (mV)\",\"y[=V1] (mV)\",z[0]")
        );
        let recording = read(named.as_bytes()).unwrap();
        assert_eq!(recording.columns, columns);
        assert_eq!(recording.nodes, Some(vec!["V1, left".to_owned(), "=V1".to_owned()]));
        // Names that could be taken for something else give way to numbers.
        for labels in [["1", "2"], ["a[", "b"], ["a", "a"]] {
            let text = text(&labels);
            assert!(text.starts_with("t_ms,x[0],x[1],"), "{text}");
            assert_eq!(read(text.as_bytes()).unwrap().columns, columns);
        }
    }

    #[test]
    fn cells_are_empty_where_a_record_has_no_row() {
        let column = |name: &str, ts: &[f64], values: &[f64]| Column {
            name: name.into(),
            unit: "1".into(),
            ts: Array1::from_vec(ts.to_vec()),
            values: Array2::from_shape_vec((ts.len(), 1), values.to_vec()).unwrap(),
        };
        let columns = [column("a", &[1.0, 2.0], &[0.5, -1.0]), column("b", &[2.0, 3.0], &[7.0, 8.0])];
        let records = Records { ts: &columns[0].ts, columns: &columns, provenance: &serde_json::Value::Null };
        let text = records.to_csv();
        assert_eq!(text, "t_ms,a[0],b[0]\n1,0.5,\n2,-1,7\n3,,8\n");
        assert_eq!(read(text.as_bytes()).unwrap().columns, columns);
    }
}
