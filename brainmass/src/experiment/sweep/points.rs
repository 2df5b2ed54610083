//! Dimensions of a design: one axis, or several that change together.

use std::collections::HashMap;

use brainmass_spec::fields::{entries, list, text};
use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::unit::{Quantity, Unit};
use brainmass_spec::values::{convert, finite_in_unit};
use brainmass_spec::yaml::{Key, Node, Value};

use super::axes::{MOST_LEVELS, is_gain, numbers, plain, scalar, seeds};
use super::keys::{RANGE, SPREAD};
use super::site::{Address, Site};
use crate::experiment::basics::{PerNode, count, entry};
use crate::experiment::design::{Dimension, Factor, Levels, Target};
use crate::experiment::keys::Keys;
use crate::experiment::numbers::per_node;
use brainmass_core::quantity::Values;
use brainmass_data::io::table::{self, Format, Names};
use brainmass_sim::simulator::Sweep;

/// Values of an axis beyond these many are not tried one by one, but for the smallest and the largest.
const MOST_TRIED: usize = 10_000;

/// Makes a factor of dimensions, which must have one length.
pub fn together(dimensions: Vec<Option<Dimension>>, node: &Node, problems: &mut Problems) -> Option<Factor> {
    let dimensions = dimensions.into_iter().collect::<Option<Vec<_>>>()?;
    let Some(first) = dimensions.first() else {
        problems.push(Problem::new(&node.span, "this axis is empty: a sweep over it has no runs"));
        return None;
    };
    let levels = first.levels.len();
    if let Some(other) = dimensions.iter().find(|dimension| dimension.levels.len() != levels) {
        let message = format!(
            "axes that change together have one length: `{}` has {levels} values, `{}` has {}",
            first.name,
            other.name,
            other.levels.len()
        );
        problems.push(Problem::new(&node.span, message));
        return None;
    }
    Some(Factor { dimensions, levels })
}

/// Reads an axis.
pub fn dimension(key: &Key, node: &Node, site: &Site, problems: &mut Problems) -> Option<Dimension> {
    let address = site.resolve(key, problems)?;
    match address {
        Address::Seed => {
            let levels = Levels::Seeds(seeds(node, problems)?);
            Some(Dimension { name: "seed".to_owned(), unit: "1".to_owned(), levels, target: Target::Seed })
        }
        Address::Setting(name) if is_gain(node) => gain(key, &name, node, site, problems),
        Address::Setting(name) => {
            let unit = site.wanted(&name).unit;
            let (values, places) = numbers(node, &unit, problems)?;
            let at = |index: usize| *places.get(index).unwrap_or(&places[0]);
            setting(key, name, values, &unit, &at, site, problems)
        }
        Address::Key(path) => {
            let (levels, unit, values) = plain(node, problems)?;
            Some(Dimension { name: key.text.clone(), unit, levels, target: Target::Key { path, values } })
        }
    }
}

/// Makes a dimension of values of a number, each of which it must be able to have.
fn setting<'s>(
    key: &Key,
    name: String,
    values: Vec<f64>,
    unit: &NamedUnit,
    at: &dyn Fn(usize) -> &'s Span,
    site: &Site,
    problems: &mut Problems,
) -> Option<Dimension> {
    let ends = |choose: fn(f64, f64) -> f64| {
        let end = values.iter().copied().reduce(choose);
        values.iter().position(|value| Some(*value) == end)
    };
    let tried = (0..values.len().min(MOST_TRIED)).chain(ends(f64::min)).chain(ends(f64::max));
    for index in tried {
        if !site.takes(&name, Values::Scalar(values[index]), at(index), problems) {
            return None;
        }
    }
    let levels = Levels::Numbers(values);
    Some(Dimension { name: key.text.clone(), unit: unit.text.clone(), levels, target: Target::Setting(name) })
}

/// Reads `{map: {file: map.csv}, gain: [0, 0.5, 1], relative: true}`.
fn gain(key: &Key, name: &str, node: &Node, site: &Site, problems: &mut Problems) -> Option<Dimension> {
    let mut keys = Keys::open(node, "the axis", &[&RANGE[4..]], problems);
    let (map, gain) = (keys.need("map", problems), keys.need("gain", problems));
    let relative = keys.truth("relative", problems).unwrap_or(false);
    keys.finish(problems);
    let wanted = site.wanted(name);
    let nodes = wanted.nodes;
    // The gain of a relative map is a pure number, and so is that of a map in the unit of the values.
    let of_map = PerNode { unit: if relative { NamedUnit::one() } else { wanted.unit }, ..wanted };
    let map = per_node(map?, &of_map, site.context, problems);
    let gains = numbers(gain?, &NamedUnit::one(), problems);
    let ((gains, places), map) = (gains?, map?);
    let base = site.present(name, nodes);
    let mut map = match map {
        Values::PerNode(values) => values,
        Values::Scalar(value) => vec![value; nodes],
        Values::Quantity(_) | Values::Quantities(_) => return None,
    };
    if relative {
        map.iter_mut().zip(&base).for_each(|(map, base)| *map *= base);
    }
    for (index, gain) in gains.iter().enumerate().take(MOST_TRIED) {
        let values = base.iter().zip(&map).map(|(base, map)| base + gain * map).collect();
        let span = places.get(index).unwrap_or(&places[0]);
        if !site.takes(name, Values::PerNode(values), span, problems) {
            return None;
        }
    }
    Some(Dimension {
        name: format!("{}_gain", key.text),
        unit: "1".to_owned(),
        levels: Levels::Numbers(gains),
        target: Target::Gain { name: name.to_owned(), base, map },
    })
}

/// Makes a dimension of numbers that were not written one by one; they are in `unit`, or in that of what is named if there is none.
fn of_numbers(
    key: &Key,
    values: Vec<f64>,
    unit: Option<&str>,
    place: &Node,
    site: &Site,
    problems: &mut Problems,
) -> Option<Dimension> {
    match site.resolve(key, problems)? {
        Address::Seed => {
            let is_seed =
                |value: &f64| value.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(value);
            if let Some(value) = values.iter().find(|value| !is_seed(value)) {
                let message = format!("a seed is a whole number from 0 on; found {value}");
                problems.push(Problem::new(&place.span, message));
                return None;
            }
            let levels = Levels::Seeds(values.into_iter().map(|value| value as u64).collect());
            Some(Dimension { name: "seed".to_owned(), unit: "1".to_owned(), levels, target: Target::Seed })
        }
        Address::Setting(name) => {
            let wanted = site.wanted(&name).unit;
            let own = match unit {
                Some(unit) => {
                    let text = Spanned::new(unit.to_owned(), place.span.clone());
                    Some(brainmass_spec::values::unit(&text, problems)?)
                }
                None => None,
            };
            let converted: Option<Vec<f64>> = values
                .into_iter()
                .map(|value| convert(value, own.clone(), &wanted, place, problems))
                .collect();
            setting(key, name, converted?, &wanted, &|_| &place.span, site, problems)
        }
        Address::Key(path) => {
            let written = |value: &f64| {
                scalar(format!("{value} {}", unit.unwrap_or("")).trim_end().to_owned(), &place.span)
            };
            let nodes = values.iter().map(written).collect();
            let unit = unit.unwrap_or("1").to_owned();
            let target = Target::Key { path, values: nodes };
            Some(Dimension { name: key.text.clone(), unit, levels: Levels::Numbers(values), target })
        }
    }
}

/// Reads a list of points, `[{a: 1, k: 3}, {a: 2, k: 4}]`, all of which have the same names.
pub fn listed(node: &Node, site: &Site, problems: &mut Problems) -> Option<Factor> {
    let items = list(node, problems);
    let points: Vec<&[(Key, Node)]> =
        items.iter().map(|item| entries(item, "a point, as in `{a: 1, k: 3}`", problems)).collect();
    let Some(first) = points.first() else {
        if matches!(node.value, Value::List(_)) {
            problems.push(Problem::new(&node.span, "this axis is empty: a sweep over it has no runs"));
        }
        return None;
    };
    for (item, point) in items.iter().zip(&points) {
        let lacks = first.iter().find(|(key, _)| point.iter().all(|(own, _)| own.text != key.text));
        let has_more = point.iter().find(|(key, _)| first.iter().all(|(own, _)| own.text != key.text));
        if let Some((key, _)) = lacks.or(has_more) {
            let message =
                format!("all points of a list name the same numbers; `{}` is not in each", key.text);
            problems.push(Problem::new(&item.span, message));
            return None;
        }
    }
    let dimensions = first.iter().map(|(key, _)| {
        let values = points.iter().filter_map(|point| point.iter().find(|(own, _)| own.text == key.text));
        let values: Vec<Node> = values.map(|(_, node)| node.clone()).collect();
        let list = Node { value: Value::List(values), span: node.span.clone() };
        dimension(key, &list, site, problems)
    });
    let dimensions = dimensions.collect();
    together(dimensions, node, problems)
}

/// Reads the points of a table: a row a point, a column a name, which may have its unit in parentheses behind it.
pub fn of_file(node: &Node, site: &Site, problems: &mut Problems) -> Option<Factor> {
    let name = text(node, problems)?;
    let path = site.context.reads(&name);
    let format = Format { header: Names::Present, row_names: Names::Absent, ..Format::default() };
    let found = match table::read(&path, &format) {
        Ok(found) => found,
        Err(error) => {
            problems.push(Problem::new(&name.span, format!("cannot use `{}`: {error}", name.value)));
            return None;
        }
    };
    let columns = found.columns.unwrap_or_default();
    let mut dimensions = Vec::new();
    for (column, values) in columns.iter().zip(found.values.columns()) {
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            let message =
                format!("cannot use `{}`: `{column}` is {} in row {}", name.value, values[row], row + 1);
            problems.push(Problem::new(&name.span, message));
            return None;
        }
        let (base, unit) = match column.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
            Some((base, unit)) => (base, Some(unit)),
            None => (column.as_str(), None),
        };
        let key = Key { text: base.to_owned(), span: name.span.clone() };
        dimensions.push(of_numbers(&key, values.to_vec(), unit, node, site, problems));
    }
    together(dimensions, node, problems)
}

/// A way to spread points over ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    Sobol,
    LatinHypercube,
}

/// The most ranges that Sobol's sequence has direction numbers for here.
const MOST_SOBOL: usize = 21;

/// Reads `{points: 64, between: {a: [0, 1], k: {log: [0.001, 1]}}}`.
pub fn spread(node: &Node, kind: Spread, site: &Site, problems: &mut Problems) -> Option<Factor> {
    let tables = match kind {
        Spread::Sobol => &SPREAD[..2],
        Spread::LatinHypercube => &SPREAD[..],
    };
    let mut keys = Keys::open(node, "the design", &[tables], problems);
    let (points, between) = (keys.need("points", problems), keys.need("between", problems));
    let seed = match kind {
        Spread::Sobol => None,
        Spread::LatinHypercube => keys.take("seed", problems),
    };
    keys.finish(problems);
    let seed = match seed {
        Some(node) => count(node, "the seed", 0..=u64::MAX, problems)?,
        None => 0,
    };
    let points = count(points?, "the number of points", 1..=MOST_LEVELS, problems)? as usize;
    let between = between?;
    let ranges = entries(between, "a mapping with a range for each name", problems);
    if kind == Spread::Sobol && ranges.len() > MOST_SOBOL {
        let message =
            format!("Sobol's sequence has {MOST_SOBOL} dimensions here; these are {}", ranges.len());
        problems.push(Problem::new(&between.span, message).help("use `latin_hypercube`"));
        return None;
    }
    let unit_ranges = ranges.iter().map(|(key, _)| (key.text.as_str(), 0.0..1.0));
    let sweep = match kind {
        Spread::Sobol => Sweep::sobol(unit_ranges, points),
        Spread::LatinHypercube => Sweep::latin_hypercube(unit_ranges, points, seed),
    };
    let dimensions = ranges.iter().enumerate().map(|(axis, (key, node))| {
        let range = range(key, node, site, problems)?;
        let value = |point: &brainmass_sim::simulator::Point| match point.settings[axis].1 {
            Values::Scalar(share) => range.at(share),
            _ => f64::NAN,
        };
        let values = sweep.points().iter().map(value).collect();
        of_numbers(key, values, range.unit.as_deref(), node, site, problems)
    });
    let dimensions = dimensions.collect();
    together(dimensions, node, problems)
}

/// The range of a name in a spread design.
struct SpreadRange {
    from: f64,
    to: f64,
    log: bool,
    /// The unit of both ends; that of what is named if there is none.
    unit: Option<String>,
}

impl SpreadRange {
    /// Returns the value at a share of the range, 0 to 1.
    fn at(&self, share: f64) -> f64 {
        match self.log {
            true => self.from * ((self.to / self.from).ln() * share).exp(),
            false => self.from + (self.to - self.from) * share,
        }
    }
}

/// Reads `[0, 1]` or `{log: [0.001, 1]}`.
fn range(key: &Key, node: &Node, site: &Site, problems: &mut Problems) -> Option<SpreadRange> {
    let (ends, log) = entry(node, "log").map_or((node, false), |inner| (inner, true));
    let items = list(ends, problems);
    let [from, to] = items else {
        if matches!(ends.value, Value::List(_)) {
            problems.push(Problem::new(&ends.span, "expected the two ends of the range, as in `[0, 1]`"));
        }
        return None;
    };
    let unit_text = |node: &Node| match &node.value {
        Value::Scalar(scalar) => Quantity::parse(&scalar.text).ok().map(|quantity| quantity.unit),
        _ => None,
    };
    let (wanted, unit) = match site.resolve(key, problems)? {
        Address::Setting(name) => (site.wanted(&name).unit, None),
        Address::Seed => (NamedUnit::one(), None),
        Address::Key(_) => {
            let text = unit_text(from).filter(|text| !text.is_empty());
            let unit = text.as_deref().and_then(|text| Unit::parse(text).ok());
            let named = NamedUnit { unit: unit.unwrap_or(Unit::ONE), text: text.clone().unwrap_or_default() };
            (named, text)
        }
    };
    let (from_value, to_value) =
        (finite_in_unit(from, &wanted, problems)?, finite_in_unit(to, &wanted, problems)?);
    let message = match () {
        () if from_value >= to_value => "the first end of a range is below the second one",
        () if log && from_value <= 0.0 => "the ends of a range of even ratios are above 0",
        () => return Some(SpreadRange { from: from_value, to: to_value, log, unit }),
    };
    problems.push(Problem::new(&ends.span, message));
    None
}

/// Reports targets that are named by two axes.
pub fn report_twice(factors: &[(Span, Factor)], problems: &mut Problems) {
    let mut seen: HashMap<String, ()> = HashMap::new();
    for (span, factor) in factors {
        for dimension in &factor.dimensions {
            let target = match &dimension.target {
                Target::Seed => "seeds".to_owned(),
                Target::Setting(name) | Target::Gain { name, .. } => name.clone(),
                Target::Key { path, .. } => path.join("."),
            };
            if seen.insert(target.clone(), ()).is_some() {
                problems.push(Problem::new(span, format!("`{target}` is swept twice; give one of the two")));
            }
        }
    }
}
