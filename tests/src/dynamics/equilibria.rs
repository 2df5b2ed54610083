//! Equilibria and their special points.

use brainmass::continuation::{Equilibria, EquilibriumPoint, SpecialEquilibrium};
use brainmass::dynamics::Complex64;
use serde_json::Value;

use super::case::Case;
use super::report::{Report, list, numbers};

/// Follows the branches of a case and compares them.
pub(super) fn compare(case: &Case, report: &mut Report) -> Equilibria {
    let found = Equilibria::from_starts(&case.equations, case.range, &case.starts);
    for expected in list(&case.file["equilibria"]) {
        let value = expected["value"].as_f64().unwrap_or(f64::NAN);
        let states = numbers(&expected["state"]);
        let what = format!("equilibrium at {value}");
        let points = found.at(&case.equations, value);
        match nearest(&points, &states) {
            Some(point) => compare_point(case, &what, point, expected, report),
            None => report.fail(&what, "no branch is there"),
        }
    }
    let special = found.special();
    let mut used = vec![false; special.len()];
    for expected in list(&case.file["special_points"]) {
        compare_special(case, &special, &mut used, expected, report);
    }
    for (point, _) in special.iter().zip(&used).filter(|(_, used)| !**used) {
        let what = format!("{} at {}", point.kind.letters(), point.point.value);
        report.fail(&what, "the file has no such point");
    }
    found
}

fn nearest<'a>(points: &'a [EquilibriumPoint], states: &[f64]) -> Option<&'a EquilibriumPoint> {
    let distance = |point: &&EquilibriumPoint| -> f64 {
        let terms = point.states.iter().zip(states);
        terms.map(|(a, b)| ((a - b) / b.abs().max(1.0)).powi(2)).sum()
    };
    points.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

fn compare_point(case: &Case, what: &str, point: &EquilibriumPoint, expected: &Value, report: &mut Report) {
    let states = numbers(&expected["state"]);
    report.compare(&format!("{what}: state"), &point.states, &states, case.tolerance("state"));
    let eigenvalues = complex(&expected["eigenvalues"]);
    let (found, wanted) = (flat(&point.eigenvalues), flat(&eigenvalues));
    // Two eigenvalues that meet are as exact as the root of what decides them.
    let meet = eigenvalues.windows(2).any(|pair| (pair[0] - pair[1]).norm() < 1e-6);
    let tolerance = case.tolerance("eigenvalues");
    let tolerance = if meet { tolerance.max(1e-7) } else { tolerance };
    report.compare(&format!("{what}: eigenvalues"), &found, &wanted, tolerance);
    if let Some(unstable) = expected["unstable"].as_u64() {
        let counted = point.unstable() as u64;
        report.check(
            &format!("{what}: unstable"),
            counted == unstable,
            format!("{counted} in place of {unstable}"),
        );
    }
}

fn compare_special(
    case: &Case,
    special: &[&SpecialEquilibrium],
    used: &mut [bool],
    expected: &Value,
    report: &mut Report,
) {
    let (kind, value) =
        (expected["kind"].as_str().unwrap_or_default(), expected["value"].as_f64().unwrap_or(f64::NAN));
    let what = format!("{kind} at {value}");
    let states = numbers(&expected["state"]);
    let distance = |point: &SpecialEquilibrium| -> f64 {
        let terms = point.point.states.iter().zip(&states).map(|(a, b)| ((a - b) / b.abs().max(1.0)).powi(2));
        ((point.point.value - value) / (case.range.to - case.range.from)).powi(2) + terms.sum::<f64>()
    };
    let candidates =
        (0..special.len()).filter(|index| special[*index].kind.letters() == kind && !used[*index]);
    let best = candidates.min_by(|a, b| distance(special[*a]).total_cmp(&distance(special[*b])));
    let Some(best) = best.filter(|index| distance(special[*index]) < 1e-6) else {
        return report.fail(&what, "no such point was found");
    };
    used[best] = true;
    let point = special[best];
    let tolerance = case.tolerance("value") * (case.range.to - case.range.from).max(1.0);
    report.compare(&what, &[point.point.value], &[value], tolerance);
    // Branch points of symmetric systems are exact; their eigenvalues are zero to rounding.
    compare_point(case, &what, &point.point, expected, report);
    if let Some(hopf) = point.hopf {
        for (name, found) in
            [("omega", hopf.frequency), ("l1", hopf.first_lyapunov), ("period", hopf.period())]
        {
            if let Some(expected) = expected[name].as_f64() {
                let tolerance = case.tolerance(if name == "period" { "omega" } else { name });
                report.compare(&format!("{what}: {name}"), &[found], &[expected], tolerance);
            }
        }
    }
    if let Some(fold) = point.fold {
        if let Some(a) = expected["a"].as_f64() {
            report.compare(&format!("{what}: a"), &[fold.coefficient], &[a], case.tolerance("a"));
        }
        if let Some(side) = expected["branch_opens"].as_str() {
            let opens = if fold.opens_above { "above" } else { "below" };
            report.check(&format!("{what}: side"), side == opens, format!("{opens} in place of {side}"));
        }
    }
}

/// Reads complex numbers.
pub(super) fn complex(value: &Value) -> Vec<Complex64> {
    let pair = |pair: &Value| {
        Complex64::new(pair[0].as_f64().unwrap_or(f64::NAN), pair[1].as_f64().unwrap_or(f64::NAN))
    };
    list(value).iter().map(pair).collect()
}

/// Lays real and imaginary parts out by falling real part, of a pair the part above the axis first; real parts that differ by rounding count as equal.
pub(super) fn flat(values: &[Complex64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    let largest = values.iter().map(|value| value.norm()).fold(0.0, f64::max);
    sorted.sort_by(|a, b| {
        if (a.re - b.re).abs() > 1e-9 * largest { b.re.total_cmp(&a.re) } else { b.im.total_cmp(&a.im) }
    });
    sorted.iter().flat_map(|value| [value.re, value.im]).collect()
}
