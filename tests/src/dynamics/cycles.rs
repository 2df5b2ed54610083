//! Limit cycles and their special points.

use brainmass::continuation::{CyclePoint, Cycles, Equilibria, SpecialCycle};
use serde_json::Value;

use super::case::Case;
use super::equilibria::complex;
use super::report::{Comparison, Report, list, numbers};

/// The accuracy of periods and values that collocation reaches, relative to them or to the range. The files are computed by shooting.
const RELATIVE: f64 = 1e-7;
/// The accuracy of multipliers that collocation reaches, relative to the largest or to 1.
const MULTIPLIERS: f64 = 1e-5;

/// Follows the cycles of a case and compares them.
pub(super) fn compare(case: &Case, equilibria: &Equilibria, report: &mut Report) {
    let (expected, special) = (list(&case.file["cycles"]), list(&case.file["cycle_points"]));
    if expected.is_empty() && special.is_empty() {
        return;
    }
    let cycles = Cycles::of(&case.equations, equilibria);
    let mut values: Vec<f64> = expected.iter().filter_map(|cycle| cycle["value"].as_f64()).collect();
    values.dedup();
    for value in values {
        let found = cycles.at(&case.equations, value);
        for cycle in expected.iter().filter(|cycle| cycle["value"].as_f64() == Some(value)) {
            compare_cycle(value, &found, cycle, report);
        }
    }
    let found = cycles.special();
    for point in special {
        compare_special(case, &found, point, report);
    }
}

fn compare_cycle(value: f64, found: &[CyclePoint], expected: &Value, report: &mut Report) {
    let period = expected["period"].as_f64().unwrap_or(f64::NAN);
    let what = format!("cycle of {period} ms at {value}");
    let best = found.iter().min_by(|a, b| {
        let distance = |cycle: &CyclePoint| (cycle.period - period).abs();
        // Cycles of one period differ in their states.
        let extent = |cycle: &CyclePoint| {
            let max = numbers(&expected["max"]);
            cycle.max.iter().zip(&max).map(|(a, b)| (a - b).abs()).sum::<f64>()
        };
        let rounded = |distance: f64| (distance / (1e-4 * period)).floor();
        rounded(distance(a)).total_cmp(&rounded(distance(b))).then(extent(a).total_cmp(&extent(b)))
    });
    let Some(cycle) = best else { return report.fail(&what, "no cycle was found there") };
    relative(report, &format!("{what}: period"), cycle.period, period, RELATIVE);
    compare_multipliers(&what, &cycle.multipliers, &expected["multipliers"], report);
    if let Some(unstable) = expected["unstable"].as_u64() {
        let counted = cycle.unstable() as u64;
        report.check(
            &format!("{what}: unstable"),
            counted == unstable,
            format!("{counted} in place of {unstable}"),
        );
    }
    let (min, max) = (numbers(&expected["min"]), numbers(&expected["max"]));
    for (name, found, wanted) in [("min", &cycle.min, &min), ("max", &cycle.max, &max)] {
        let deviations = found
            .iter()
            .zip(wanted)
            .enumerate()
            .map(|(i, (found, wanted))| (found - wanted).abs() / (max[i] - min[i]).max(1e-9));
        let worst = deviations.fold(0.0, f64::max) / 1e-6;
        report.comparisons.push(Comparison { what: format!("{what}: {name}"), outcome: Ok(worst) });
    }
}

fn compare_multipliers(
    what: &str,
    found: &[brainmass::dynamics::Complex64],
    expected: &Value,
    report: &mut Report,
) {
    let mut wanted = complex(expected);
    wanted.sort_by(|a, b| b.norm().total_cmp(&a.norm()).then(b.im.total_cmp(&a.im)));
    let largest = wanted.iter().map(|value| value.norm()).fold(1.0, f64::max);
    let worst = found.iter().zip(&wanted).map(|(a, b)| (a - b).norm()).fold(0.0, f64::max);
    let outcome = if found.len() == wanted.len() {
        Ok(worst / (MULTIPLIERS * largest))
    } else {
        Err(format!("{} multipliers in place of {}", found.len(), wanted.len()))
    };
    report.comparisons.push(Comparison { what: format!("{what}: multipliers"), outcome });
}

fn compare_special(case: &Case, found: &[&SpecialCycle], expected: &Value, report: &mut Report) {
    let (kind, value) =
        (expected["kind"].as_str().unwrap_or_default(), expected["value"].as_f64().unwrap_or(f64::NAN));
    let what = format!("{kind} at {value}");
    let range = case.range.to - case.range.from;
    let candidates = found.iter().filter(|point| point.kind.letters() == kind);
    let best = candidates.min_by(|a, b| (a.value - value).abs().total_cmp(&(b.value - value).abs()));
    let Some(point) = best else { return report.fail(&what, "no such point was found") };
    let tolerance = expected["tolerance"]["value"].as_f64().unwrap_or(0.0).max(RELATIVE) * range.max(1.0);
    report.compare(&what, &[point.value], &[value], tolerance);
    if let Some(period) = expected["period"].as_f64() {
        let tolerance = (expected["tolerance"]["period"].as_f64().unwrap_or(0.0) / period).max(1e-6);
        relative(report, &format!("{what}: period"), point.cycle.period, period, tolerance);
    }
}

/// Notes the deviation of a number as a share of its size.
fn relative(report: &mut Report, what: &str, found: f64, expected: f64, tolerance: f64) {
    let share = (found - expected).abs() / (tolerance * expected.abs());
    report.comparisons.push(Comparison { what: what.to_owned(), outcome: Ok(share) });
}
