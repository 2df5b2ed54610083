//! Numbers: counts, values for nodes, rows, matrices, with their units.

use std::ops::RangeInclusive;

use brainmass_spec::fields::{Fields, list, number, text};
use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::Span;
use brainmass_spec::unit::Unit;
use brainmass_spec::values;
use brainmass_spec::yaml::{Node, Value};
use ndarray::Array2;

use super::array_file;
use brainmass_core::quantity::Values;
use brainmass_sim::noise::UniformStream;

/// Something with a value for each node.
pub struct PerNode {
    /// What it is called.
    pub name: &'static str,
    /// The declared unit.
    pub unit: &'static str,
    /// The number of nodes.
    pub nodes: usize,
}

/// The unit that plain numbers are in, and the one that they are wanted in.
struct Units {
    plain: NamedUnit,
    wanted: NamedUnit,
}

impl Units {
    /// Reads `unit` out of `fields`; the declared unit if it is not there.
    fn read(fields: &mut Fields, declared: &str, problems: &mut Problems) -> Option<Self> {
        let wanted = named_unit(declared);
        let Some(text) = fields.text("unit", problems) else {
            return Some(Self { plain: wanted.clone(), wanted });
        };
        let plain = values::unit(&text, problems)?;
        if plain.unit.factor_to(wanted.unit).is_none() {
            let message = format!("wrong unit: expected {}, found {}", wanted.text, plain.text);
            problems.push(Problem::new(&text.span, message));
            return None;
        }
        Some(Self { plain, wanted })
    }

    fn number(&self, node: &Node, problems: &mut Problems) -> Option<f64> {
        let value = values::finite_in_unit(node, &self.plain, problems)?;
        values::convert(value, Some(self.plain.clone()), &self.wanted, node, problems)
    }

    /// A number from a file, which has no unit of its own.
    fn convert(&self, value: f64, node: &Node, problems: &mut Problems) -> f64 {
        values::convert(value, Some(self.plain.clone()), &self.wanted, node, problems).unwrap_or(value)
    }
}

/// A unit of a model or of this library.
pub fn named_unit(unit: &str) -> NamedUnit {
    // Units of a model have been read by the compiler.
    NamedUnit { unit: Unit::parse(unit).unwrap_or(Unit::ONE), text: unit.to_owned() }
}

/// A whole number within limits.
pub fn count(node: &Node, what: &str, within: RangeInclusive<u64>, problems: &mut Problems) -> Option<u64> {
    let text = text(node, problems)?;
    let found = text.value.parse().ok().filter(|number| within.contains(number));
    if found.is_none() {
        let most =
            if *within.end() == u64::MAX { String::new() } else { format!(" and at most {}", within.end()) };
        let message =
            format!("{what} is a whole number, at least {}{most}; found `{}`", within.start(), text.value);
        problems.push(Problem::new(&text.span, message));
    }
    found
}

/// One value, or one a node: `0.1 mV`, `[0.1, 0.2]`, `{values: [0.1, 0.2], unit: mV}`, `{file: start.npz, array: x, unit: mV}`,
/// `{uniform: [-1, 1], seed: 3}`.
pub fn per_node(node: &Node, wanted: &PerNode, problems: &mut Problems) -> Option<Values> {
    let declared = named_unit(wanted.unit);
    match &node.value {
        Value::Scalar(_) => values::finite_in_unit(node, &declared, problems).map(Values::Scalar),
        Value::Map(_) => {
            if has_key(node, &["uniform"]) {
                return uniform(node, wanted, problems);
            }
            let fields = Fields::new(node, "the values", problems);
            let rows = rows(fields, "values", &PerNode { nodes: 1, ..*wanted }, problems)?;
            one_each(rows.into_iter().collect(), &node.span, wanted, problems)
        }
        _ => {
            let items = list(node, problems);
            let numbers: Vec<f64> =
                items.iter().filter_map(|item| values::finite_in_unit(item, &declared, problems)).collect();
            // A number that cannot be read is reported already; the length is that of the list.
            let complete = numbers.len() == items.len();
            let lengths_agree = one_each(vec![0.0; items.len()], &node.span, wanted, problems).is_some();
            (complete && lengths_agree && !items.is_empty()).then_some(Values::PerNode(numbers))
        }
    }
}

/// `{uniform: [-1, 1], seed: 3}`: a random number a node, the same for the same seed.
fn uniform(node: &Node, wanted: &PerNode, problems: &mut Problems) -> Option<Values> {
    let mut fields = Fields::new(node, "the random values", problems);
    let limits = fields.take("uniform");
    let seed = fields.take("seed");
    fields.finish(problems);
    let seed = match seed {
        Some(node) => count(node, "the seed", 0..=u64::MAX, problems)?,
        None => 0,
    };
    let (low, high) = values::limits(limits?, &named_unit(wanted.unit), "`uniform`", problems)?;
    if !(high - low).is_finite() {
        problems.push(Problem::new(&node.span, "expected finite limits"));
        return None;
    }
    // Each name has a stream of its own, so that states of one seed are independent.
    let stream =
        wanted.name.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    let mut numbers = vec![0.0; wanted.nodes];
    UniformStream::new(seed, stream).fill(0, 0, &mut numbers);
    Some(Values::PerNode(numbers.into_iter().map(|number| low + (high - low) * number).collect()))
}

/// Whether `node` is a mapping with one of these keys.
pub fn has_key(node: &Node, keys: &[&str]) -> bool {
    matches!(&node.value, Value::Map(entries) if entries.iter().any(|(key, _)| keys.contains(&key.text.as_str())))
}

fn one_each(numbers: Vec<f64>, span: &Span, wanted: &PerNode, problems: &mut Problems) -> Option<Values> {
    if numbers.len() == wanted.nodes {
        return Some(Values::PerNode(numbers));
    }
    let nodes = if wanted.nodes == 1 { "1 node".to_owned() } else { format!("{} nodes", wanted.nodes) };
    let message = format!("`{}` has {} values for {nodes}", wanted.name, numbers.len());
    problems.push(Problem::new(span, message).label("give one value, or one a node"));
    None
}

/// Rows of one value, or of one a node, from the list under `key` or from a `file`; the other keys are `unit` and `array`.
pub fn rows(
    mut fields: Fields,
    key: &'static str,
    wanted: &PerNode,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let span = fields.span().clone();
    let listed = fields.take(key);
    let file = fields.take("file");
    let array = fields.text("array", problems);
    let units = Units::read(&mut fields, wanted.unit, problems);
    fields.finish(problems);
    let rows = match (listed, file) {
        (Some(node), None) => {
            if let Some(array) = array {
                problems
                    .push(Problem::new(&array.span, "`array` names an array of a `file`, and there is none"));
            }
            listed_rows(node, &units?, problems)?
        }
        (None, Some(node)) => {
            let units = units?;
            let mut rows = array_file::read(node, array.as_ref(), problems)?;
            rows.mapv_inplace(|value| units.convert(value, node, problems));
            rows
        }
        (Some(_), Some(node)) => {
            problems.push(Problem::new(&node.span, format!("`{key}` and `file` are given; one is enough")));
            return None;
        }
        (None, None) => {
            problems.push(Problem::new(&span, format!("expected `{key}` or `file` here")));
            return None;
        }
    };
    let (count, width) = rows.dim();
    if count == 0 {
        problems.push(Problem::new(&span, format!("`{}` has no values", wanted.name)));
        return None;
    }
    // Values of nodes come as a column, whose length is checked by the caller.
    if key == "series" && width != 1 && width != wanted.nodes {
        let expected = if wanted.nodes == 1 { "1".to_owned() } else { format!("1 or {}", wanted.nodes) };
        let message = format!("the rows of `{}` have {width} values; {expected} are needed", wanted.name);
        problems.push(Problem::new(&listed.or(file).map_or(span, |node| node.span.clone()), message));
        return None;
    }
    Some(rows)
}

/// A list of numbers as a column, a list of lists as rows.
fn listed_rows(node: &Node, units: &Units, problems: &mut Problems) -> Option<Array2<f64>> {
    let items = list(node, problems);
    let nested = items.iter().any(|item| matches!(item.value, Value::List(_)));
    if !nested {
        let numbers: Vec<f64> = items.iter().filter_map(|item| units.number(item, problems)).collect();
        let count = numbers.len();
        return (count == items.len()).then(|| Array2::from_shape_vec((count, 1), numbers).ok())?;
    }
    nested_rows(items, &mut |item, problems| units.number(item, problems), problems)
}

fn nested_rows(
    items: &[Node],
    read: &mut dyn FnMut(&Node, &mut Problems) -> Option<f64>,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let mut numbers = Vec::new();
    let mut width = None;
    let mut complete = true;
    for item in items {
        let row = list(item, problems);
        if !matches!(item.value, Value::List(_)) {
            complete = false;
            continue;
        }
        let expected = *width.get_or_insert(row.len());
        if row.len() != expected {
            let message = format!("the length of this row is {}, that of the first {expected}", row.len());
            problems.push(Problem::new(&item.span, message));
            complete = false;
        }
        for value in row {
            match read(value, problems) {
                Some(number) => numbers.push(number),
                None => complete = false,
            }
        }
    }
    let shape = (items.len(), width.unwrap_or(0));
    complete.then(|| Array2::from_shape_vec(shape, numbers).ok())?
}

/// A matrix of plain numbers of a shape: a list of rows, or `{file: weights.npz, array: weights}`.
pub fn matrix(
    node: &Node,
    what: &str,
    (rows, columns): (usize, usize),
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let matrix = match node.value {
        Value::Map(_) => {
            let mut fields = Fields::new(node, "the matrix", problems);
            let file = fields.take("file");
            let array = fields.text("array", problems);
            fields.finish(problems);
            let Some(file) = file else {
                let message = format!("expected a list of rows or a `file` with the {what}");
                problems.push(Problem::new(&node.span, message));
                return None;
            };
            array_file::read(file, array.as_ref(), problems)?
        }
        _ => {
            let plain =
                |node: &Node, problems: &mut Problems| number(node, problems).map(|number| number.value);
            nested_rows(list(node, problems), &mut { plain }, problems)?
        }
    };
    if matrix.dim() != (rows, columns) {
        let (found_rows, found_columns) = matrix.dim();
        let message = format!("the {what} are {found_rows} x {found_columns}; {rows} x {columns} are needed");
        problems.push(Problem::new(&node.span, message));
        return None;
    }
    Some(matrix)
}
