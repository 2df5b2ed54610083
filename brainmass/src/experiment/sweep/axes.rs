//! The values of one axis: a list, a range, a range of even ratios, seeds.

use brainmass_spec::fields::text;
use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::Span;
use brainmass_spec::unit::Quantity;
use brainmass_spec::values::finite_in_unit;
use brainmass_spec::yaml::{Node, Scalar, Value};

use super::keys::RANGE;
use crate::experiment::basics::{count, entry, has_key};
use crate::experiment::design::Levels;
use crate::experiment::keys::Keys;

/// The most levels that an axis may have.
pub const MOST_LEVELS: u64 = 10_000_000;

/// The two ends of an axis, the number of its values, and whether these are evenly apart in their logarithms.
struct Range<'a> {
    from: &'a Node,
    to: &'a Node,
    points: usize,
    log: bool,
}

/// Returns the items of a list, or the node itself where it is one value.
fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}

/// Reports an axis without values.
fn is_there(node: &Node, problems: &mut Problems) -> bool {
    let is_there =
        !matches!(&node.value, Value::List(items) if items.is_empty()) && node.value != Value::Null;
    if !is_there {
        let problem = Problem::new(&node.span, "this axis is empty: a sweep over it has no runs");
        problems.push(problem.help("give it values, as in `[0.1, 0.2]` or `{from: 0, to: 1, points: 11}`"));
    }
    is_there
}

/// Reads numbers in a unit, each with the place that it has in the file.
pub fn numbers<'a>(
    node: &'a Node,
    unit: &NamedUnit,
    problems: &mut Problems,
) -> Option<(Vec<f64>, Vec<&'a Span>)> {
    if !is_there(node, problems) {
        return None;
    }
    if let Value::Map(_) = node.value {
        let range = range(node, problems)?;
        let ends = [range.from, range.to].map(|end| finite_in_unit(end, unit, problems));
        let [Some(from), Some(to)] = ends else { return None };
        return Some((spaced(&range, from, to, problems)?, vec![&node.span]));
    }
    let items = items(node);
    let values: Vec<f64> = items.iter().filter_map(|item| finite_in_unit(item, unit, problems)).collect();
    (values.len() == items.len()).then(|| (values, items.iter().map(|item| &item.span).collect()))
}

/// Reads `{from: 0, to: 1, points: 11}` or `{log: {from: 0.001, to: 1, points: 4}}`.
fn range<'a>(node: &'a Node, problems: &mut Problems) -> Option<Range<'a>> {
    let (node, log) = match entry(node, "log") {
        Some(inner) => {
            let mut keys = Keys::open(node, "the axis", &[&RANGE[3..4]], problems);
            keys.take("log", problems);
            keys.finish(problems);
            (inner, true)
        }
        None => (node, false),
    };
    let mut keys = Keys::open(node, "the axis", &[&RANGE[..3]], problems);
    let (from, to) = (keys.need("from", problems), keys.need("to", problems));
    let points = keys.need("points", problems);
    keys.finish(problems);
    let points = count(points?, "the number of points", 1..=MOST_LEVELS, problems)?;
    Some(Range { from: from?, to: to?, points: points as usize, log })
}

/// Returns values from one end to the other, which are both among them. The values of an even range are those of numpy's `linspace`.
fn spaced(range: &Range, from: f64, to: f64, problems: &mut Problems) -> Option<Vec<f64>> {
    for (end, node) in [(from, range.from), (to, range.to)] {
        if range.log && end <= 0.0 {
            let message = format!("the ends of a range of even ratios are above 0; this one is {end}");
            problems.push(Problem::new(&node.span, message));
            return None;
        }
    }
    let last = range.points - 1;
    let step = (to - from) / last.max(1) as f64;
    let ratio = (to / from).ln() / last.max(1) as f64;
    let value = |index: usize| match index {
        0 => from,
        index if index == last => to,
        index if range.log => from * (ratio * index as f64).exp(),
        index => from + step * index as f64,
    };
    Some((0..range.points).map(value).collect())
}

/// Reads values of a key of the file: numbers where all are numbers of one unit, which is returned, and otherwise words. Each comes with the node
/// that is to stand in the file.
pub fn plain(node: &Node, problems: &mut Problems) -> Option<(Levels, String, Vec<Node>)> {
    if !is_there(node, problems) {
        return None;
    }
    if let Value::Map(_) = node.value {
        let range = range(node, problems)?;
        let mut quantity = |end: &Node| {
            let text = text(end, problems)?;
            match Quantity::parse(&text.value) {
                Ok(found) if found.value.is_finite() => Some(found),
                Ok(_) => {
                    problems.push(Problem::new(&text.span, "expected a finite number"));
                    None
                }
                Err(message) => {
                    problems.push(Problem::new(&text.span, message));
                    None
                }
            }
        };
        let (from, to) = (quantity(range.from), quantity(range.to));
        let (from, to) = (from?, to?);
        if from.unit != to.unit {
            let message = format!("this end is in `{}`, the other one in `{}`", to.unit, from.unit);
            problems.push(Problem::new(&range.to.span, message).help("give both ends in one unit"));
            return None;
        }
        let values = spaced(&range, from.value, to.value, problems)?;
        let written =
            |value: &f64| scalar(format!("{value} {}", from.unit).trim_end().to_owned(), &node.span);
        let nodes = values.iter().map(written).collect();
        return Some((Levels::Numbers(values), unit_of(&from), nodes));
    }
    let mut texts = Vec::new();
    for item in items(node) {
        let Value::Scalar(Scalar { text, .. }) = &item.value else {
            let message = format!("expected plain values of this key, found {}", item.describe());
            problems.push(Problem::new(&item.span, message));
            return None;
        };
        texts.push(text.trim());
    }
    let quantities: Vec<Quantity> = texts.iter().filter_map(|text| Quantity::parse(text).ok()).collect();
    if let Some(bad) = quantities.iter().position(|quantity| !quantity.value.is_finite())
        && quantities.len() == texts.len()
    {
        problems.push(Problem::new(&items(node)[bad].span, "expected a finite number"));
        return None;
    }
    let nodes = items(node).to_vec();
    let is_one_unit = quantities.windows(2).all(|pair| pair[0].unit == pair[1].unit);
    match quantities.first() {
        Some(first) if quantities.len() == texts.len() && is_one_unit => {
            let unit = unit_of(first);
            Some((Levels::Numbers(quantities.iter().map(|quantity| quantity.value).collect()), unit, nodes))
        }
        _ => Some((Levels::Words(texts.into_iter().map(str::to_owned).collect()), "1".to_owned(), nodes)),
    }
}

/// Returns the unit of a quantity, `1` if it has none.
fn unit_of(quantity: &Quantity) -> String {
    if quantity.unit.is_empty() { "1".to_owned() } else { quantity.unit.clone() }
}

/// Creates a node with a text that stands nowhere; messages show it at `span`.
pub fn scalar(text: String, span: &Span) -> Node {
    Node { value: Value::Scalar(Scalar { text, start: None }), span: span.clone() }
}

/// Reads `0..20`, whose end is not included, or a list of seeds.
pub fn seeds(node: &Node, problems: &mut Problems) -> Option<Vec<u64>> {
    if !is_there(node, problems) {
        return None;
    }
    if let Value::List(items) = &node.value {
        let seeds: Vec<u64> =
            items.iter().filter_map(|item| count(item, "a seed", 0..=u64::MAX, problems)).collect();
        return (seeds.len() == items.len()).then_some(seeds);
    }
    let found = text(node, problems)?;
    let ends = found
        .value
        .split_once("..")
        .and_then(|(from, to)| Some((from.trim().parse::<u64>().ok()?, to.trim().parse::<u64>().ok()?)));
    match ends {
        Some((from, to)) if from < to && to - from <= MOST_LEVELS => Some((from..to).collect()),
        Some((from, to)) if from < to => {
            let message = format!("these are {} seeds; {MOST_LEVELS} are the most", to - from);
            problems.push(Problem::new(&found.span, message));
            None
        }
        Some(_) => {
            let problem =
                Problem::new(&found.span, "this axis is empty: there is no seed from here to there");
            problems.push(problem.help("the end of a range is not included: `0..20` are the seeds 0 to 19"));
            None
        }
        None => {
            let message = format!("expected seeds, found `{}`", found.value);
            let problem = Problem::new(&found.span, message);
            problems.push(problem.help("write `0..20` for the seeds 0 to 19, or a list such as `[1, 5]`"));
            None
        }
    }
}

/// Whether an axis is the gain of a map.
pub fn is_gain(node: &Node) -> bool {
    has_key(node, &["map", "gain", "relative"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_spec::source::Source;
    use brainmass_spec::yaml::parse;

    fn read<T>(text: &str, read: impl FnOnce(&Node, &mut Problems) -> Option<T>) -> Result<T, String> {
        let node = parse(&Source::new("s.yaml", text)).unwrap();
        let mut problems = Problems::default();
        let found = read(&node, &mut problems);
        problems.finish(()).map_err(|report| report.problems()[0].message.clone())?;
        found.ok_or_else(|| "nothing was said".to_owned())
    }

    fn values(text: &str) -> Result<Vec<f64>, String> {
        let ms = NamedUnit { unit: brainmass_spec::unit::Unit::MS, text: "ms".into() };
        read(text, |node, problems| numbers(node, &ms, problems).map(|(values, _)| values))
    }

    #[test]
    fn lists_and_ranges_are_read_in_the_unit() {
        assert_eq!(values("[1, 2 s, 3 ms]").unwrap(), [1.0, 2000.0, 3.0]);
        assert_eq!(values("5 ms").unwrap(), [5.0]);
        assert_eq!(values("{from: 0, to: 0.2, points: 5}").unwrap(), [0.0, 0.05, 0.1, 3.0 * 0.05, 0.2]);
        assert_eq!(values("{from: 0, to: 1 s, points: 1}").unwrap(), [0.0]);
        let log = values("{log: {from: 0.001, to: 1, points: 4}}").unwrap();
        assert!(log.iter().zip([0.001, 0.01, 0.1, 1.0]).all(|(a, b)| (a - b).abs() <= 1e-15 * b), "{log:?}");
    }

    #[test]
    fn bad_axes_are_told() {
        for (text, message) in [
            ("[]", "this axis is empty"),
            ("[1, nan]", "found `nan`"),
            ("[1, inf]", "expected a finite number"),
            ("[1, 2 mV]", "wrong unit: expected ms, found mV"),
            ("{from: 0, to: 1, points: 0}", "the number of points is a whole number, at least 1"),
            ("{from: 0, to: nan, points: 3}", "found `nan`"),
            ("{from: 0, to: 1}", "there is no `points`"),
            ("{from: 0, to: 1, points: 3, step: 2}", "unknown key"),
            ("{log: {from: 0, to: 1, points: 3}}", "the ends of a range of even ratios are above 0"),
        ] {
            let found = values(text).unwrap_err();
            assert!(found.contains(message), "{text}: {found}");
        }
    }

    #[test]
    fn seeds_are_a_range_without_its_end_or_a_list() {
        let of = |text: &str| read(text, seeds);
        assert_eq!(of("0..3").unwrap(), [0, 1, 2]);
        assert_eq!(of("[7, 3]").unwrap(), [7, 3]);
        for (text, message) in [
            ("3..3", "this axis is empty"),
            ("10", "expected seeds, found `10`"),
            ("[1, -2]", "a seed is a whole number"),
            ("0..100000000000", "seeds; 10000000 are the most"),
        ] {
            let found = of(text).unwrap_err();
            assert!(found.contains(message), "{text}: {found}");
        }
    }

    #[test]
    fn values_of_keys_are_numbers_of_one_unit_or_words() {
        let of = |text: &str| read(text, plain).map(|(levels, unit, _)| (levels, unit));
        assert_eq!(of("[1 ms, 2 ms]").unwrap(), (Levels::Numbers(vec![1.0, 2.0]), "ms".to_owned()));
        let words = Levels::Words(vec!["heun".into(), "rk4".into()]);
        assert_eq!(of("[heun, rk4]").unwrap(), (words, "1".to_owned()));
        let (levels, unit, nodes) = read("{from: 0.1 ms, to: 0.3 ms, points: 3}", plain).unwrap();
        assert_eq!((levels.len(), unit.as_str()), (3, "ms"));
        assert!(matches!(&nodes[2].value, Value::Scalar(scalar) if scalar.text == "0.3 ms"));
        assert!(of("{from: 1 ms, to: 1 s, points: 3}").unwrap_err().contains("the other one in"));
        assert!(of("[[1], [2]]").unwrap_err().contains("expected plain values"));
    }
}
