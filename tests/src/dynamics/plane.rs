//! Curves of folds and Hopf points in two parameters.

use brainmass::continuation::{Plane, PlanePoint, Range};
use serde_json::Value;

use super::case::Case;
use super::report::{Report, list, numbers};

/// Follows the curves of a case and compares them at some second values and at their special points.
pub(super) fn compare(case: &Case, report: &mut Report) {
    let second = &case.file["second_parameter"];
    let (Some(name), [from, to]) = (second["name"].as_str(), &numbers(&second["range"])[..]) else { return };
    // Curves may leave the range and come back.
    let width = case.range.to - case.range.from;
    let first = Range::new(case.range.from - width, case.range.to + width);
    let plane = Plane::new(&case.model, &case.setting, (&case.over, first), (name, Range::new(*from, *to)));
    let plane = match plane {
        Ok(plane) => plane,
        Err(error) => return report.fail("second parameter", error.to_string()),
    };
    let tolerance = second["tolerance"]["value"].as_f64().unwrap_or(1e-10) * width.max(1.0);
    for at in list(&second["points_at"]) {
        let value2 = at["value2"].as_f64().unwrap_or(f64::NAN);
        let found = plane.at_second(value2);
        for point in list(&at["points"]) {
            let kind = point["kind"].as_str().unwrap_or_default();
            let value = point["value"].as_f64().unwrap_or(f64::NAN);
            let states = numbers(&point["state"]);
            let what = format!("{kind} at {value}, {value2}");
            let distance = |other: &PlanePoint| -> f64 {
                let terms =
                    other.states.iter().zip(&states).map(|(a, b)| ((a - b) / b.abs().max(1.0)).powi(2));
                ((other.values[0] - value) / width).powi(2) + terms.sum::<f64>()
            };
            let own = found.iter().filter(|(of, _)| of.letters() == kind).map(|(_, point)| point);
            match own.min_by(|a, b| distance(a).total_cmp(&distance(b))) {
                Some(own) => {
                    report.compare(&what, &[own.values[0]], &[value], tolerance);
                    report.compare(&format!("{what}: state"), &own.states, &states, 1e-8);
                    for (key, found) in [("omega", own.frequency), ("l1", own.first_lyapunov)] {
                        if let Some(expected) = point[key].as_f64() {
                            report.compare(&format!("{what}: {key}"), &[found], &[expected], 1e-7);
                        }
                    }
                }
                None => report.fail(&what, "no such point was found"),
            }
        }
    }
    for point in list(&second["codim2"]) {
        special(&plane, point, width, report);
    }
}

fn special(plane: &Plane, expected: &Value, width: f64, report: &mut Report) {
    let kind = expected["kind"].as_str().unwrap_or_default();
    let values = [&expected["value"], &expected["value2"]].map(|value| value.as_f64().unwrap_or(f64::NAN));
    let what = format!("{kind} at {}, {}", values[0], values[1]);
    let own = plane.special().into_iter().filter(|point| point.kind.letters() == kind);
    let distance = |point: &brainmass::continuation::SpecialPlane| {
        (point.values[0] - values[0]).abs() + (point.values[1] - values[1]).abs()
    };
    match own.min_by(|a, b| distance(a).total_cmp(&distance(b))) {
        // At these points what is solved for is singular or nearly so: half of the digits are left of the slowest number.
        Some(own) => report.compare(&what, &own.values, &values, 1e-7 * width.max(1.0)),
        None => report.fail(&what, "no such point was found"),
    }
}
