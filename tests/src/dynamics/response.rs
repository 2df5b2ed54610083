//! Linear response and delays.

use brainmass::continuation::{
    DelayedNode, Equations, Equilibria, LinearNetwork, LinearSystem, Matrix, Quantity, Range, Setting,
};
use brainmass::dynamics::Complex64;
use brainmass_spec::model::Model;
use ndarray::Array2;
use serde_json::Value;

use super::case::model_of;
use super::equilibria::complex;
use super::report::{Comparison, Report, list, numbers};

/// Compares a file of one of the kinds that are no diagrams.
pub(super) fn compare(
    file: &Value,
    find: &dyn Fn(&str) -> Result<Model, String>,
    report: &mut Report,
) -> Result<(), String> {
    let has = |key: &str| file.get(key).is_some();
    if has("network") && has("special_points") {
        onset(file, find, report)?;
    } else if has("network") {
        network(file, find, report)?;
    } else if has("psd_one_sided_per_hz") {
        node(file, find, report)?;
    } else if has("continue") {
        delayed_node(file, find, report)?;
    }
    Ok(())
}

/// Notes the largest deviation beside the largest number, as a share of a tolerance.
fn relative(report: &mut Report, what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    let outcome = if found.len() == expected.len() {
        let largest = expected.iter().fold(0.0, |size: f64, x| size.max(x.abs())).max(1e-300);
        let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        Ok(if worst.is_nan() { f64::INFINITY } else { worst / largest / tolerance })
    } else {
        Err(format!("{} numbers, expected {}", found.len(), expected.len()))
    };
    report.comparisons.push(Comparison { what: what.to_owned(), outcome });
}

fn tolerance(file: &Value, of: &str) -> f64 {
    file["tolerance"][of].as_f64().unwrap_or(1e-8)
}

fn matrix(value: &Value) -> Vec<f64> {
    list(value).iter().flat_map(numbers).collect()
}

fn entries(matrix: &Matrix<f64>) -> Vec<f64> {
    (0..matrix.rows()).flat_map(|row| matrix.row(row).to_vec()).collect()
}

/// The noise of each state by its name.
fn noise(file: &Value, model: &Model) -> Vec<f64> {
    model.states.iter().map(|state| file["noise"][&state.name].as_f64().unwrap_or(0.0)).collect()
}

fn compare_spectrum(file: &Value, system: &LinearSystem, states: &[usize], report: &mut Report) {
    let frequencies = numbers(&file["frequency_hz"]);
    for (key, of) in [("psd_one_sided_per_hz", &states[..1]), ("psd_of_x_one_sided_per_hz", states)] {
        if file[key].is_null() {
            continue;
        }
        let rows: Vec<Value> = match &file[key][0] {
            Value::Array(_) => list(&file[key]).to_vec(),
            _ => vec![file[key].clone()],
        };
        for (row, state) in rows.iter().zip(of) {
            let found: Vec<f64> =
                frequencies.iter().map(|f| system.spectrum(*f)[(*state, *state)].re).collect();
            relative(report, &format!("{key} of {state}"), &found, &numbers(row), tolerance(file, key));
        }
    }
    for key in ["cross_spectrum_12_one_sided_per_hz", "cross_spectrum_x1_x2_one_sided_per_hz"] {
        if file[key].is_null() {
            continue;
        }
        let flat = |values: &[Complex64]| values.iter().flat_map(|x| [x.re, x.im]).collect::<Vec<_>>();
        let found: Vec<Complex64> =
            frequencies.iter().map(|f| system.spectrum(*f)[(states[0], states[1])]).collect();
        let bound = tolerance(file, "psd_one_sided_per_hz").max(tolerance(file, "psd_of_x_one_sided_per_hz"));
        relative(report, key, &flat(&found), &flat(&complex(&file[key])), bound);
    }
}

fn compare_covariance(file: &Value, system: &LinearSystem, states: &[usize], report: &mut Report) {
    let Some(covariance) = system.covariance() else {
        return report.fail("covariance", "the system is not stable");
    };
    let expected = matrix(&file["covariance"]);
    relative(report, "covariance", &entries(&covariance), &expected, tolerance(file, "covariance"));
    for key in ["correlation", "correlation_of_x"] {
        if let (false, Some(found)) = (file[key].is_null(), system.correlations(states)) {
            let bound = tolerance(file, "covariance").max(tolerance(file, "correlation_of_x"));
            relative(report, key, &entries(&found), &matrix(&file[key]), bound);
        }
    }
    for key in ["characteristic_roots", "rightmost_characteristic_roots", "eigenvalues"] {
        if !file[key].is_null() {
            let expected = complex(&file[key]);
            compare_roots(key, &system.roots(expected.len() + 2), &expected, tolerance(file, key), report);
        }
    }
}

/// Compares roots, of which a pair may be cut at the end of the list.
fn compare_roots(
    what: &str,
    found: &[Complex64],
    expected: &[Complex64],
    tolerance: f64,
    report: &mut Report,
) {
    let largest = expected.iter().map(|root| root.norm()).fold(0.0, f64::max).max(1e-300);
    let nearest =
        |root: &Complex64| found.iter().map(|other| (other - root).norm()).fold(f64::INFINITY, f64::min);
    let worst = expected.iter().map(nearest).fold(0.0, f64::max);
    report.comparisons.push(Comparison { what: what.to_owned(), outcome: Ok(worst / largest / tolerance) });
    // None may be missed: as many lie to the right of the last one.
    let last = expected.iter().map(|root| root.re).fold(f64::INFINITY, f64::min);
    let right = |roots: &[Complex64]| roots.iter().filter(|root| root.re > last + 1e-6 * largest).count();
    let (own, theirs) = (right(found), right(expected));
    report.check(&format!("{what}: count"), own == theirs, format!("{own} in place of {theirs}"));
}

fn node(
    file: &Value,
    find: &dyn Fn(&str) -> Result<Model, String>,
    report: &mut Report,
) -> Result<(), String> {
    let (model, setting) = model_of(file, find)?;
    let quantity = Quantity::Parameter(0);
    let equations = Equations::new(&model, &setting, &[quantity]).map_err(|error| error.to_string())?;
    let given = numbers(&file["state"]);
    let value = setting.get(quantity);
    let range = Range::new(value - 1e-3 * value.abs().max(1.0), value + 1e-3 * value.abs().max(1.0));
    let equilibria = Equilibria::from_starts(&equations, range, &[(given.clone(), value)]);
    let point = equilibria.at(&equations, value).into_iter().next().ok_or("no equilibrium was found")?;
    report.compare("state", &point.states, &given, 1e-9);
    let jacobian = equations.jacobian(&[&point.states[..], &[value]].concat());
    relative(report, "jacobian", &entries(&jacobian), &matrix(&file["jacobian"]), 1e-9);
    let system = LinearSystem::new(jacobian).noise(noise(file, &model));
    let weights: Vec<f64> = model
        .states
        .iter()
        .map(|state| file["signal_weights"][&state.name].as_f64().unwrap_or(0.0))
        .collect();
    let found: Vec<f64> =
        numbers(&file["frequency_hz"]).iter().map(|hertz| system.power(*hertz, &weights)).collect();
    let bound = tolerance(file, "psd_one_sided_per_hz");
    relative(report, "spectrum of the signal", &found, &numbers(&file["psd_one_sided_per_hz"]), bound);
    compare_covariance(file, &system, &[0], report);
    Ok(())
}

/// The network of a file; with `delay`, all connections have that one.
fn network_of(
    file: &Value,
    find: &dyn Fn(&str) -> Result<Model, String>,
    delay: Option<f64>,
) -> Result<(LinearNetwork, Model, usize), String> {
    let (model, setting) = model_of(file, find)?;
    let described = &file["network"];
    let nodes = described["nodes"].as_u64().ok_or("there is no number of nodes")? as usize;
    let mut settings = vec![setting; nodes];
    for (name, values) in file["nodes"].as_object().into_iter().flatten() {
        let quantity = Quantity::find(&model, name).map_err(|error| error.to_string())?;
        let each = numbers(values);
        for (node, setting) in settings.iter_mut().enumerate() {
            let value = each.get(node).copied().or(values.as_f64()).ok_or("a value is missing")?;
            setting.set(quantity, value);
        }
    }
    let rule = find(described["rule"].as_str().unwrap_or_default())?;
    let mut of_rule = Setting::of(&rule);
    let k = Quantity::find(&rule, "k").map_err(|error| error.to_string())?;
    of_rule.set(k, described["k"].as_f64().ok_or("there is no k")?);
    let array = |value: &Value| Array2::from_shape_vec((nodes, nodes), matrix(value));
    let weights = array(&described["weights"]).map_err(|error| error.to_string())?;
    let delays = match (delay, described["delays"].is_null()) {
        (Some(delay), _) => Array2::from_elem((nodes, nodes), delay),
        (None, true) => Array2::zeros((nodes, nodes)),
        (None, false) => array(&described["delays"]).map_err(|error| error.to_string())?,
    };
    let ends = (described["from"].as_str(), described["to"].as_str());
    let network = LinearNetwork::new(&model, &settings, &rule, of_rule.parameters, ends, weights, delays)
        .map_err(|error| error.to_string())?;
    Ok((network, model, nodes))
}

fn network(
    file: &Value,
    find: &dyn Fn(&str) -> Result<Model, String>,
    report: &mut Report,
) -> Result<(), String> {
    let (network, model, nodes) = network_of(file, find, None)?;
    let n = model.states.len();
    let start = vec![1e-3; nodes * n];
    let origin = network.equilibrium(&start).map_err(|error| error.to_string())?;
    report.compare("origin", &origin, &vec![0.0; nodes * n], 1e-9);
    let sigma: Vec<f64> = (0..nodes).flat_map(|_| noise(file, &model)).collect();
    let system: LinearSystem = network.linearised(&origin).noise(sigma);
    let states: Vec<usize> = (0..nodes).map(|node| node * n).collect();
    compare_spectrum(file, &system, &states, report);
    compare_covariance(file, &system, &states, report);
    Ok(())
}

/// The delays at which a pair of roots is imaginary: there the network has them.
fn onset(
    file: &Value,
    find: &dyn Fn(&str) -> Result<Model, String>,
    report: &mut Report,
) -> Result<(), String> {
    for point in list(&file["special_points"]) {
        let (delay, omega) =
            (point["delay"].as_f64().unwrap_or(f64::NAN), point["omega"].as_f64().unwrap_or(f64::NAN));
        let what = format!("onset at a delay of {delay}");
        let at = |delay: f64| -> Result<Complex64, String> {
            let (network, _, _) = network_of(file, find, Some(delay))?;
            let origin = network.equilibrium(&[1e-3, 1e-3]).map_err(|error| error.to_string())?;
            let roots = network.linearised(&origin).roots(12);
            let near = |a: &&Complex64, b: &&Complex64| {
                let wanted = Complex64::new(0.0, omega);
                (*a - wanted).norm().total_cmp(&(*b - wanted).norm())
            };
            roots.iter().min_by(near).copied().ok_or_else(|| "there are no roots".to_owned())
        };
        // The zero of the real part, by the secant through both sides.
        let (mut low, mut high) = (0.9 * delay, 1.1 * delay);
        let (mut at_low, mut at_high) = (at(low)?, at(high)?);
        for _ in 0..12 {
            if (at_high.re - at_low.re).abs() < 1e-18 || (high - low).abs() < 1e-13 {
                break;
            }
            let next = high - at_high.re * (high - low) / (at_high.re - at_low.re);
            (low, at_low) = (high, at_high);
            (high, at_high) = (next, at(next)?);
        }
        report.compare(&what, &[high, at_high.im], &[delay, omega], tolerance(file, "delay").max(1e-10));
    }
    Ok(())
}

/// The equilibria of a node with delays, their roots and its Hopf points.
fn delayed_node(
    file: &Value,
    find: &dyn Fn(&str) -> Result<Model, String>,
    report: &mut Report,
) -> Result<(), String> {
    let (model, setting) = model_of(file, find)?;
    let continued = &file["continue"];
    let over = continued["name"].as_str().ok_or("nothing varies")?;
    let node = DelayedNode::new(&model, &setting, over).map_err(|error| error.to_string())?;
    let ends = [&continued["from"], &continued["to"]].map(|end| end.as_f64().unwrap_or(f64::NAN));
    let equilibria = Equilibria::search(node.equations(), Range::new(ends[0], ends[1]));
    for expected in list(&file["equilibria"]) {
        let value = expected["value"].as_f64().unwrap_or(f64::NAN);
        let what = format!("equilibrium at {value}");
        let (states, roots) = (numbers(&expected["state"]), complex(&expected["rightmost_roots"]));
        let found = node.at(&equilibria, value, roots.len() + 4);
        let distance =
            |point: &[f64]| -> f64 { point.iter().zip(&states).map(|(a, b)| (a - b).powi(2)).sum() };
        let Some(point) = found.iter().min_by(|a, b| distance(&a.states).total_cmp(&distance(&b.states)))
        else {
            report.fail(&what, "no branch is there");
            continue;
        };
        report.compare(&format!("{what}: state"), &point.states, &states, tolerance(file, "state"));
        compare_roots(
            &format!("{what}: roots"),
            &point.roots,
            &roots,
            tolerance(file, "rightmost_roots"),
            report,
        );
        let unstable = roots.iter().filter(|root| root.re > 0.0).count();
        if expected["unstable"].as_u64() == Some(unstable as u64) {
            let counted = point.unstable();
            report.check(
                &format!("{what}: unstable"),
                counted == unstable,
                format!("{counted} in place of {unstable}"),
            );
        }
    }
    let hopf = node.hopf_points(&equilibria);
    for expected in list(&file["special_points"]) {
        let value = expected["value"].as_f64().unwrap_or(f64::NAN);
        let near = |a: &&_, b: &&_| {
            let distance = |point: &brainmass::continuation::DelayedHopf| (point.point.value - value).abs();
            distance(a).total_cmp(&distance(b))
        };
        let what = format!("HB at {value}");
        match hopf.iter().min_by(near) {
            Some(point) => {
                report.compare(&what, &[point.point.value], &[value], tolerance(file, "value").max(1e-9));
                let omega = expected["omega"].as_f64().unwrap_or(f64::NAN);
                report.compare(
                    &format!("{what}: omega"),
                    &[point.frequency],
                    &[omega],
                    tolerance(file, "omega").max(1e-9),
                );
            }
            None => report.fail(&what, "no such point was found"),
        }
    }
    let (own, theirs) = (hopf.len(), list(&file["special_points"]).len());
    report.check("Hopf points", own == theirs, format!("{own} in place of {theirs}"));
    Ok(())
}
