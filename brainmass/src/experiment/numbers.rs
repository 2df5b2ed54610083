//! Numbers: values of nodes, rows and matrices, with their units.

use brainmass_spec::fields::{entries, list};
use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::values;
use brainmass_spec::yaml::{Node, Value};
use ndarray::{Array2, Axis};

use super::array_file::{self, Array};
use super::basics::{PerNode, count, has_key, named_unit};
use super::context::Context;
use super::keys::{Keys, MATRIX, SERIES, VALUES};
use super::random::RANDOM;
use brainmass_core::quantity::Values;
use brainmass_data::io::table::Format;

/// The unit that plain numbers are in, and the one that they are wanted in.
struct Units {
    plain: NamedUnit,
    wanted: NamedUnit,
}

impl Units {
    /// Reads `unit` out of `keys`; both units are the declared one if it is not there.
    fn read(keys: &mut Keys, declared: &NamedUnit, problems: &mut Problems) -> Option<Self> {
        let wanted = declared.clone();
        let Some(text) = keys.text("unit", problems) else {
            return Some(Self { plain: wanted.clone(), wanted });
        };
        let plain = values::unit(&text, problems)?;
        if plain.unit.convert(1.0, wanted.unit).is_err() {
            let message = format!("wrong unit: expected {}, found {}", wanted.text, plain.text);
            let problem = Problem::new(&text.span, message);
            problems.push(match values::advice(1.0, &plain, &wanted) {
                Some(advice) => problem.help(advice),
                None => problem,
            });
            return None;
        }
        Some(Self { plain, wanted })
    }

    fn number(&self, node: &Node, problems: &mut Problems) -> Option<f64> {
        let value = values::finite_in_unit(node, &self.plain, problems)?;
        values::convert(value, Some(self.plain.clone()), &self.wanted, node, problems)
    }

    /// Converts a number from a file, which has no unit of its own.
    fn convert(&self, value: f64, node: &Node, problems: &mut Problems) -> f64 {
        values::convert(value, Some(self.plain.clone()), &self.wanted, node, problems).unwrap_or(value)
    }
}

/// Reads one value, or one a node, in any of the forms that files have for them.
pub fn per_node(node: &Node, wanted: &PerNode, context: &Context, problems: &mut Problems) -> Option<Values> {
    match &node.value {
        Value::Scalar(_) => values::finite_in_unit(node, &wanted.unit, problems).map(Values::Scalar),
        Value::Null => {
            problems.push(Problem::new(&node.span, format!("`{}` has no value", wanted.name)));
            None
        }
        Value::Map(_) => {
            if let Some(random) = RANDOM.iter().find(|random| has_key(node, &[random.name])) {
                return random.read(node, wanted, problems);
            }
            of_mapping(node, wanted, context, problems)
        }
        Value::List(items) => {
            let numbers: Vec<f64> = items
                .iter()
                .filter_map(|item| values::finite_in_unit(item, &wanted.unit, problems))
                .collect();
            // A number that cannot be read is reported already; the length is that of the list.
            let complete = numbers.len() == items.len();
            let lengths_agree = one_each(vec![0.0; items.len()], &node.span, wanted, problems).is_some();
            (complete && lengths_agree && !items.is_empty()).then_some(Values::PerNode(numbers))
        }
    }
}

/// Reads `{values: ...}`, `{file: ...}` or `{regions: ...}`.
fn of_mapping(node: &Node, wanted: &PerNode, context: &Context, problems: &mut Problems) -> Option<Values> {
    let mut keys = Keys::open(node, "the values", &[&VALUES], problems);
    let (regions, others) = (keys.take("regions", problems), keys.take("others", problems));
    let (listed, file) = (keys.take("values", problems), keys.take("file", problems));
    let given = Given { listed, file, format: array_file::layout(&mut keys, problems) };
    let array = keys.text("array", problems);
    let units = Units::read(&mut keys, &wanted.unit, problems);
    keys.finish(problems);
    if let Some(regions) = regions {
        if let Some(node) = given.listed.or(given.file) {
            let message = "`regions` stands alone: its values are not in a list or a file";
            problems.push(Problem::new(&node.span, message));
            return None;
        }
        return of_regions(regions, others, &units?, wanted, context, problems);
    }
    if let Some(node) = others {
        problems.push(Problem::new(&node.span, "`others` goes with `regions`, and there are none"));
    }
    let found = given.read("values", array.as_ref(), &units?, node, context, problems)?;
    let names = match (&found.rows, &found.columns) {
        (Some(names), _) => Some(names.clone()),
        // A table of one row has its names above it.
        (None, Some(names)) if found.values.nrows() == 1 && names.len() > 1 => Some(names.clone()),
        _ => found.names.clone(),
    };
    let numbers: Vec<f64> = found.values.into_iter().collect();
    let span = &given.file.unwrap_or(node).span;
    let order = match names {
        Some(names) if names.len() == numbers.len() => {
            context.order(&names, &format!("`{}`", wanted.name), wanted.nodes, span, problems)?
        }
        _ => None,
    };
    match order {
        Some(order) => Some(Values::PerNode(order.into_iter().map(|index| numbers[index]).collect())),
        None => one_each(numbers, span, wanted, problems),
    }
}

/// Reads values by the names of regions.
fn of_regions(
    node: &Node,
    others: Option<&Node>,
    units: &Units,
    wanted: &PerNode,
    context: &Context,
    problems: &mut Problems,
) -> Option<Values> {
    let values = entries(node, "a mapping with a value for each region", problems);
    let others = match others {
        Some(node) => Some(units.number(node, problems)?),
        None => None,
    };
    let mut numbers = vec![others; wanted.nodes];
    let mut complete = true;
    for (key, value) in values {
        let region =
            context.region(&Spanned::new(key.text.clone(), key.span.clone()), wanted.nodes, problems);
        match region.zip(units.number(value, problems)) {
            Some((region, value)) => numbers[region] = Some(value),
            None => complete = false,
        }
    }
    let missing = numbers.iter().filter(|number| number.is_none()).count();
    if complete && missing > 0 {
        let message = format!("{missing} of {} regions have no value of `{}`", wanted.nodes, wanted.name);
        let problem = Problem::new(&node.span, message);
        problems.push(problem.help("name them too, or give the value of all others under `others`"));
    }
    complete.then(|| numbers.into_iter().collect::<Option<Vec<f64>>>()).flatten().map(Values::PerNode)
}

/// The place that numbers come from: a list in the file, or another file.
struct Given<'a> {
    listed: Option<&'a Node>,
    file: Option<&'a Node>,
    /// The layout of a table in the file.
    format: Format,
}

impl Given<'_> {
    fn read(
        &self,
        key: &str,
        array: Option<&Spanned<String>>,
        units: &Units,
        whole: &Node,
        context: &Context,
        problems: &mut Problems,
    ) -> Option<Array> {
        let found = match (self.listed, self.file) {
            (Some(node), None) => {
                if let Some(array) = array {
                    let message = "`array` names an array of a `file`, and there is none";
                    problems.push(Problem::new(&array.span, message));
                }
                Array::from(listed_rows(node, units, problems)?)
            }
            (None, Some(node)) => {
                let mut found = array_file::read(node, array, &self.format, context, problems)?;
                found.values.mapv_inplace(|value| units.convert(value, node, problems));
                found
            }
            (Some(_), Some(node)) => {
                let message = format!("`{key}` and `file` are given; one is enough");
                problems.push(Problem::new(&node.span, message));
                return None;
            }
            (None, None) => {
                let random: Vec<String> = RANDOM.iter().map(|random| format!("`{}`", random.name)).collect();
                let forms = match key {
                    "values" => {
                        format!("`values`, `file`, `regions`, or random numbers: {}", random.join(", "))
                    }
                    key => format!("`{key}` or `file`"),
                };
                problems.push(Problem::new(&whole.span, format!("expected {forms} here")));
                return None;
            }
        };
        if found.values.is_empty() {
            problems.push(Problem::new(&self.file.unwrap_or(whole).span, "there are no numbers in it"));
            return None;
        }
        Some(found)
    }
}

fn one_each(numbers: Vec<f64>, span: &Span, wanted: &PerNode, problems: &mut Problems) -> Option<Values> {
    if numbers.len() == wanted.nodes {
        return Some(Values::PerNode(numbers));
    }
    let nodes = if wanted.nodes == 1 { "1 node".to_owned() } else { format!("{} nodes", wanted.nodes) };
    let message = format!("`{}` has {} values for {nodes}", wanted.name, numbers.len());
    problems.push(Problem::new(span, message).help("give one value, or one a node"));
    None
}

/// Reads a series: rows of one value or of one a node, and the steps that each holds.
pub fn series(
    node: &Node,
    wanted: &PerNode,
    context: &Context,
    problems: &mut Problems,
) -> Option<(Array2<f64>, usize)> {
    let mut keys = Keys::open(node, "the series", &[&SERIES], problems);
    let (listed, file) = (keys.take("series", problems), keys.take("file", problems));
    let given = Given { listed, file, format: array_file::layout(&mut keys, problems) };
    let array = keys.text("array", problems);
    let units = Units::read(&mut keys, &wanted.unit, problems);
    let hold = match keys.take("hold", problems) {
        Some(node) => count(node, "`hold` in steps", 1..=u64::from(u32::MAX), problems),
        None => Some(1),
    };
    keys.finish(problems);
    let found = given.read("series", array.as_ref(), &units?, node, context, problems)?;
    let span = &given.listed.or(given.file).unwrap_or(node).span;
    let names = found.columns.clone().or_else(|| found.names.clone());
    let mut rows = found.values;
    let width = rows.ncols();
    if let Some(names) = names.filter(|names| width > 1 && names.len() == width)
        && let Some(order) =
            context.order(&names, &format!("`{}`", wanted.name), wanted.nodes, span, problems)?
    {
        rows = rows.select(Axis(1), &order);
    }
    let width = rows.ncols();
    if width != 1 && width != wanted.nodes {
        let expected = if wanted.nodes == 1 { "1".to_owned() } else { format!("1 or {}", wanted.nodes) };
        let message = format!("the rows of `{}` have {width} values; {expected} are needed", wanted.name);
        problems.push(Problem::new(span, message));
        return None;
    }
    Some((rows, usize::try_from(hold?).ok()?))
}

/// Reads a list of numbers as a column, a list of lists as rows.
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

/// Reads a list of rows, which must have one length.
pub fn nested_rows(
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

/// Reads a matrix of a shape: a list of rows, or `{file: weights.npz, array: weights}`. Plain numbers are in `unit`. Where a file names rows
/// or columns after regions, they are put in the order of the regions.
pub fn matrix(
    node: &Node,
    (what, unit): (&str, &str),
    (rows, columns): (usize, usize),
    context: &Context,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let (found, file) = match node.value {
        Value::Map(_) => {
            let mut keys = Keys::open(node, "the matrix", &[&MATRIX], problems);
            let (file, array) = (keys.take("file", problems), keys.text("array", problems));
            let format = array_file::layout(&mut keys, problems);
            keys.finish(problems);
            let Some(file) = file else {
                let message = format!("expected a list of rows or a `file` with the {what}");
                problems.push(Problem::new(&node.span, message));
                return None;
            };
            (array_file::read(file, array.as_ref(), &format, context, problems)?, file)
        }
        _ => {
            let unit = named_unit(unit);
            let mut read =
                |node: &Node, problems: &mut Problems| values::finite_in_unit(node, &unit, problems);
            (Array::from(nested_rows(list(node, problems), &mut read, problems)?), node)
        }
    };
    let mut matrix = found.values;
    for (axis, names, nodes) in [(0, found.rows, rows), (1, found.columns, columns)] {
        let names =
            names.or_else(|| found.names.clone()).filter(|names| names.len() == matrix.len_of(Axis(axis)));
        if let Some(names) = names
            && let Some(order) = context.order(&names, &format!("the {what}"), nodes, &file.span, problems)?
        {
            matrix = matrix.select(Axis(axis), &order);
        }
    }
    if matrix.dim() != (rows, columns) {
        let (found_rows, found_columns) = matrix.dim();
        let message = format!("the {what} are {found_rows} x {found_columns}; {rows} x {columns} are needed");
        problems.push(Problem::new(&node.span, message));
        return None;
    }
    Some(matrix)
}
