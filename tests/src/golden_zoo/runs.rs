//! Runs of one node and of networks: the cases `trajectory` and `network`.

use std::collections::BTreeSet;

use brainmass::any::AnyModel;
use brainmass::network::{History, Network, Projection};
use brainmass::zoo::coupling::{
    Additive, AdditiveSquared, Diffusive, KuramotoPhaseDifference, PreHyperbolicTangent, PreSigmoidal,
    Sigmoidal, SigmoidalJansenRit,
};
use brainmass::{Input, Nodes, Run, RunError, Scheme, Simulator, Values};
use ndarray::{Array2, Array3, Array4};
use serde_json::Value;

use super::deviation::{Deviation, largest};
use super::file::File;
use super::numbers::Numbers;
use crate::golden::{Outcome, flat};

/// Largest deviation of a value after a run that counts as agreement.
const TOLERANCE: f64 = 1e-8;

/// Runs all runs of one node of a file, each with its id.
pub fn trajectories(file: &File) -> Vec<(String, Outcome)> {
    cases(file, "trajectory", |case| match &file.row.skip_runs {
        Some(reason) => Ok(Outcome::Skipped(reason.clone())),
        None => trajectory(file, case),
    })
}

/// Runs all networks of a file, each with its id.
pub fn networks(file: &File) -> Vec<(String, Outcome)> {
    cases(file, "network", |case| match &file.row.skip_networks {
        Some(reason) => Ok(Outcome::Skipped(reason.clone())),
        None => network(file, case),
    })
}

fn cases(file: &File, kind: &str, run: impl Fn(&Value) -> Result<Outcome, String>) -> Vec<(String, Outcome)> {
    let cases = file.head[kind].as_array().into_iter().flatten();
    let id = |case: &Value| case["id"].as_str().unwrap_or("(no id)").to_owned();
    cases.map(|case| (id(case), run(case).unwrap_or_else(Outcome::Failed))).collect()
}

/// Reads what a run is compared with: the states of theirs after each recorded step, shape (time, state, node).
fn expected(case: &Value, states: usize, nodes: usize, modes: usize) -> Result<Array3<f64>, String> {
    let fields = ["corrected", "values_exact", "values"].map(|name| &case[name]);
    let field = fields.into_iter().find(|value| value.is_array()).ok_or("the case has no values")?;
    by_node(flat(field), states, nodes, modes)
}

fn trajectory(file: &File, case: &Value) -> Result<Outcome, String> {
    let numbers = Numbers::of(case, file.couplings());
    let init = Array2::from_shape_vec((file.theirs.len(), 1), flat(&case["init"]));
    let init = init.map_err(|error| error.to_string())?;
    let nodes = started(file, &numbers, &init)?;
    let mut simulator = simulator(case, Simulator::new(nodes))?;
    for (port, formula) in &file.row.inputs {
        simulator = simulator.input(port, course(file, case, &numbers, &init, |at| formula.value(at))?);
    }
    for (signal, _) in &file.row.past {
        let before = case["delayed_rates"][format!("{signal}_before")].as_f64();
        simulator =
            simulator.past(signal, before.ok_or_else(|| format!("the case has no past of `{signal}`"))?);
    }
    compare(file, case, &numbers, simulator, 1)
}

/// Nodes with the parameters and initial states of a case.
fn started(file: &File, numbers: &Numbers, init: &Array2<f64>) -> Result<Nodes, String> {
    let count = init.ncols();
    let mut nodes = file.nodes(count, numbers)?;
    for (index, (state, &place)) in file.info.states.iter().zip(&file.place).enumerate() {
        let scale = file.scale(&state.name, numbers)?;
        let values: Vec<f64> = init.row(place).iter().map(|value| scale * value).collect();
        let values = if count == 1 { Values::Scalar(values[0]) } else { Values::PerNode(values) };
        nodes.population_mut().set_initial(index, values);
    }
    Ok(nodes)
}

fn simulator(case: &Value, simulator: Simulator) -> Result<Simulator, String> {
    let dt = case["dt"].as_f64().ok_or("the case has no dt")?;
    let scheme = match case["method"].as_str() {
        Some("heun") => Scheme::Heun,
        Some("euler") => Scheme::Euler,
        other => return Err(format!("the scheme {other:?} is not known")),
    };
    Ok(simulator.dt(dt).scheme(scheme))
}

/// The course of an input over the steps of a run. The processes of a file take Euler's steps, as in the package.
fn course(
    file: &File,
    case: &Value,
    numbers: &Numbers,
    init: &Array2<f64>,
    value: impl Fn(&dyn Fn(&str) -> Option<f64>) -> Result<f64, String>,
) -> Result<Input, String> {
    let dt = case["dt"].as_f64().unwrap_or(f64::NAN);
    let steps = if file.row.processes.is_empty() { 1 } else { case["steps"].as_u64().unwrap_or(0) as usize };
    let mut rows = Array2::zeros((steps, init.ncols()));
    for (node, mut column) in rows.columns_mut().into_iter().enumerate() {
        let mut now = numbers.clone();
        file.theirs.iter().zip(init.column(node)).for_each(|(name, value)| now.set(name, *value));
        for row in &mut column {
            *row = value(&|name| now.get(name))?;
            let rates: Result<Vec<f64>, String> =
                file.row.processes.iter().map(|(_, formula)| formula.value(&|name| now.get(name))).collect();
            for ((name, _), rate) in file.row.processes.iter().zip(rates?) {
                let old = now.get(name).ok_or_else(|| format!("the file has no state `{name}`"))?;
                now.set(name, old + dt * rate);
            }
        }
    }
    Ok(match (steps, rows.ncols()) {
        (1, 1) => Input::from(rows[[0, 0]]),
        (1, _) => Input::from(rows.row(0).to_vec()),
        _ => Input::from(rows),
    })
}

/// Runs a simulation and compares the states of theirs, and what else the case records, after every recorded step. Where a run is so sensitive that
/// rounding decides on its course, it is compared up to there.
fn compare(
    file: &File,
    case: &Value,
    numbers: &Numbers,
    simulator: Simulator,
    nodes: usize,
) -> Result<Outcome, String> {
    let modes = file.head["modes"].as_u64().unwrap_or(1) as usize;
    let expected = expected(case, file.theirs.len(), nodes, modes)?;
    let every = case["every"].as_u64().unwrap_or(1) as usize;
    let duration = case["steps"].as_u64().unwrap_or(0) as f64 * case["dt"].as_f64().unwrap_or(f64::NAN);
    let states = file.info.states.iter().map(|state| state.name.to_string());
    let observables = file.info.observables.iter().map(|observable| observable.name.to_string());
    let names: BTreeSet<String> = states.chain(observables).collect();
    let simulator = simulator.record(&names).every(every);
    let run = simulator.run(duration).map_err(|error| error.to_string())?;
    let rows = expected.len_of(ndarray::Axis(0));
    let outcome = compare_rows(file, case, numbers, &run, &expected, rows)?;
    if matches!(outcome, Outcome::Passed(_)) {
        return Ok(outcome);
    }
    let certain = certain_rows(file, case, numbers, simulator, &run, duration)?;
    if certain * 4 < rows {
        return Ok(outcome);
    }
    compare_rows(file, case, numbers, &run, &expected, certain)
}

/// The number of records before two runs that start a part in 10^12 from each other are a part in 10^7 apart: a hundred thousand times as far, so
/// that rounding, which differs from program to program, decides on what comes after. One of them has noise of a part in 10^13 a step, since
/// rounding too acts in every step, and may so excite what a start alone does not.
fn certain_rows(
    file: &File,
    case: &Value,
    numbers: &Numbers,
    simulator: Simulator,
    run: &Run,
    duration: f64,
) -> Result<usize, String> {
    let modes = file.head["modes"].as_u64().unwrap_or(1) as usize;
    let init = flat(&case["init"]);
    let nodes = init.len() / file.theirs.len().max(1);
    let init = by_node(init, file.theirs.len(), nodes, modes)?.remove_axis(ndarray::Axis(0));
    let mut twin = simulator;
    for (state, &place) in file.info.states.iter().zip(&file.place) {
        let scale = file.scale(&state.name, numbers)? * (1.0 + 1e-12);
        let moved: Vec<f64> = init.row(place).iter().map(|value| scale * value).collect();
        twin.set(&format!("init_{}", state.name), Values::from(moved)).map_err(|error| error.to_string())?;
        let most = run.get(&state.name).map_or(0.0, |values| largest(values.iter().copied()));
        let noise = 1e-13 * most / case["dt"].as_f64().unwrap_or(1.0).sqrt();
        twin.set(&format!("noise_{}", state.name), noise).map_err(|error| error.to_string())?;
    }
    // A twin that diverges is certain up to its end.
    let twin = match twin.run(duration) {
        Ok(twin) => twin,
        Err(RunError::Diverged { recorded, .. }) => *recorded,
        Err(error) => return Err(error.to_string()),
    };
    let mut certain = usize::MAX;
    for state in &file.info.states {
        let (Some(one), Some(other)) = (run.get(&state.name), twin.get(&state.name)) else { continue };
        let most = largest(one.iter().copied());
        let apart = |(one, other): (ndarray::ArrayView1<f64>, ndarray::ArrayView1<f64>)| {
            one.iter().zip(other).any(|(one, other)| (one - other).abs() > 1e-7 * one.abs().max(1e-3 * most))
        };
        let rows = one.rows().into_iter().zip(other.rows()).take_while(|pair| !apart(*pair)).count();
        certain = certain.min(rows);
    }
    Ok(certain)
}

/// Compares the first rows of the records of a run with those of a case.
fn compare_rows(
    file: &File,
    case: &Value,
    numbers: &Numbers,
    run: &Run,
    expected: &Array3<f64>,
    rows: usize,
) -> Result<Outcome, String> {
    let mut deviation = Deviation::within(TOLERANCE);
    for (state, &place) in file.info.states.iter().zip(&file.place) {
        let scale = file.scale(&state.name, numbers)?;
        let values = run.get(&state.name).ok_or("a record is missing")?;
        let wanted = expected.index_axis(ndarray::Axis(1), place);
        if values.dim() != wanted.dim() {
            return Err(format!("{:?} values are expected, {:?} computed", wanted.dim(), values.dim()));
        }
        // What a package keeps between calls is not recorded in every run.
        if file.row.memory.iter().any(|(ours, _)| *ours == *state.name) && wanted.iter().all(|v| v.is_nan()) {
            continue;
        }
        let most = largest(wanted.iter().copied());
        for (want, got) in wanted.rows().into_iter().zip(values.rows()).take(rows) {
            for (want, got) in want.iter().zip(got) {
                deviation.add(&file.theirs[place], *want, got / scale, most);
            }
        }
    }
    let named = case["observable_names"].as_array().into_iter().flatten();
    for (index, name) in named.filter_map(Value::as_str).enumerate() {
        let Some((_, formula)) = file.row.observables.iter().find(|(own, _)| own == name) else { continue };
        let recorded = case["observables"].as_array().into_iter().flatten();
        let wanted: Vec<f64> = recorded.map(|row| row[index].as_f64().unwrap_or(f64::NAN)).collect();
        let most = largest(wanted.iter().copied());
        for (time, want) in wanted.iter().enumerate().take(rows) {
            let at = |name: &str| run.get(name).map(|values| values[[time, 0]]);
            deviation.add(name, *want, formula.value(&at)?, most);
        }
    }
    Ok(deviation.finish())
}

/// Reads a list of rows.
fn matrix(value: &Value) -> Result<Array2<f64>, String> {
    let rows = value.as_array().map_or(0, Vec::len);
    let values = flat(value);
    Array2::from_shape_vec((rows, values.len() / rows.max(1)), values).map_err(|error| error.to_string())
}

/// Runs a network. Each coupling input of theirs that an input of ours is made of becomes a coupling over the same edges, since rules are linear in
/// what they are multiplied by; its constant part is added to the input.
fn network(file: &File, case: &Value) -> Result<Outcome, String> {
    if !file.row.past.is_empty() {
        return network_of_rates(file, case);
    }
    let mut numbers = Numbers::of(case, 0);
    // A unit whose threshold moves has the sigmoid of its coupling inside.
    for (name, value) in case["coupling_params"].as_object().into_iter().flatten() {
        if file.row.activity.is_some() && file.info.parameter(name).is_some() {
            numbers.add(name, value);
        }
    }
    let modes = file.head["modes"].as_u64().unwrap_or(1) as usize;
    let sent: Vec<String> =
        (0..file.couplings()).flat_map(|index| of_modes(&format!("c{index}"), modes)).collect();
    sent.iter().for_each(|name| numbers.set(name, 0.0));
    let weights = matrix(&case["weights"])?;
    let count = weights.nrows();
    let init = by_node(flat(&case["init"]), file.theirs.len(), count, modes)?.remove_axis(ndarray::Axis(0));
    let own = ["corrected_delay_steps", "delay_steps"].map(|name| &case[name]);
    let steps = matrix(own.into_iter().find(|value| value.is_array()).ok_or("the case has no delays")?)?;
    let dt = case["dt"].as_f64().unwrap_or(f64::NAN);
    let coupled = case["coupled"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let coupled: Vec<String> = coupled.flat_map(|name| of_modes(name, modes)).collect();
    let rule = Rule { case, weights: &weights, sent: coupled.len() / modes };
    let mut network = Network::new(started(file, &numbers, &init)?, weights.clone());
    let mut offsets = vec![vec![0.0; count]; file.row.inputs.len()];
    for (port, offset) in file.row.inputs.iter().zip(&mut offsets) {
        for (index, signal) in coupled.iter().enumerate() {
            let factor = slope(&port.1, &sent[index], &numbers)?;
            if factor == 0.0 {
                continue;
            }
            let past = |index: usize| history(case, index, coupled.len(), count, modes);
            if rule.name() == "PreSigmoidal" && coupled.len() == 2 {
                let ours = file.row.activity.as_deref().ok_or("the table names no activity")?;
                let past = rule.activity(&past(0)?, &past(1)?);
                network = if index == 0 {
                    let next = network.coupling(Additive::new(), ours).to(&port.0);
                    let next = next.delays(&steps * dt).self_connections(true);
                    next.history(History::Rows { rows: past, dt: None })
                } else {
                    // The second input is a unit's own activity, which the package holds over a step.
                    let own = Projection::from("", ours).to("", &port.0).weights(Array2::<f64>::eye(count));
                    network.projection(own.rule(Additive::new()).self_connections(true))
                };
                continue;
            }
            let (ours, scale, past) = if rule.name() == "SigmoidalJansenRit" {
                let potential = file.row.potential.as_deref().ok_or("the table names no potential")?;
                (potential, 1.0, past(0)? - past(1)?)
            } else {
                let (ours, past) = (file.row.state(signal), past(index)?);
                let scale = file.scale(ours, &numbers)?;
                (ours, scale, past * scale)
            };
            let (next, constant) = rule.couple(network, ours, factor, scale)?;
            offset.iter_mut().zip(constant).for_each(|(sum, constant)| *sum += constant);
            let next = next.to(&port.0).delays(&steps * dt).self_connections(true);
            network = next.history(History::Rows { rows: past, dt: None });
        }
    }
    let mut simulator = simulator(case, Simulator::new(network))?;
    for ((port, formula), offset) in file.row.inputs.iter().zip(offsets) {
        let uncoupled = course(file, case, &numbers, &init, |at| formula.value(at))?;
        simulator = simulator.input(port, uncoupled + Input::from(offset));
    }
    compare(file, case, &numbers, simulator, count)
}

/// Runs a network whose nodes send a rate of the step before, and read their own with delays: over the same connections goes the sum of the rates by the
/// weights, and that by their squares. The past of the rates ends with those of the step before the first.
fn network_of_rates(file: &File, case: &Value) -> Result<Outcome, String> {
    let numbers = Numbers::of(case, file.couplings());
    let weights = matrix(&case["weights"])?;
    let count = weights.nrows();
    let dt = case["dt"].as_f64().unwrap_or(f64::NAN);
    let delays = matrix(&case["delay_steps"])? * dt;
    let init = by_node(flat(&case["init"]), file.theirs.len(), count, 1)?.remove_axis(ndarray::Axis(0));
    let past = |name: &str| -> Result<History, String> {
        let rows = by_node(flat(&case[name]), 1, count, 1)?.remove_axis(ndarray::Axis(1));
        Ok(History::Rows { rows, dt: None })
    };
    let mut network = Network::new(started(file, &numbers, &init)?, weights);
    let rate = "rate_exc";
    network = network.coupling(Additive::new(), rate).to("rate_inp");
    network = network.delays(&delays).history(past("history")?);
    network = network.coupling(AdditiveSquared::new(), rate).to("rate_sq_inp");
    network = network.delays(&delays).history(past("history")?);
    let mut simulator = simulator(case, Simulator::new(network))?;
    simulator = simulator.past(rate, past("history")?).past("rate_inh", past("history_inh")?);
    for (port, formula) in &file.row.inputs {
        simulator = simulator.input(port, formula.value(&|name| numbers.get(name))?);
    }
    compare(file, case, &numbers, simulator, count)
}

/// The names of the modes of something.
fn of_modes(name: &str, modes: usize) -> Vec<String> {
    if modes == 1 {
        vec![name.to_owned()]
    } else {
        (1..=modes).map(|mode| format!("{name}_{mode}")).collect()
    }
}

/// Brings values in the order (time, signal, node, mode) into the shape (time, signal and mode, node); `signals` counts the modes of each.
fn by_node(values: Vec<f64>, signals: usize, nodes: usize, modes: usize) -> Result<Array3<f64>, String> {
    let rows = values.len() / (signals * nodes).max(1);
    let all = Array4::from_shape_vec((rows, signals / modes, nodes, modes), values);
    let all = all.map_err(|error| error.to_string())?.permuted_axes([0, 1, 3, 2]);
    let all = all.as_standard_layout().into_owned();
    all.into_shape_with_order((rows, signals, nodes)).map_err(|error| error.to_string())
}

/// Computes how much an input of ours grows with a coupling input of theirs.
fn slope(formula: &super::formula::Formula, name: &str, numbers: &Numbers) -> Result<f64, String> {
    if !formula.has(name) {
        return Ok(0.0);
    }
    let at = |value: f64| {
        let mut numbers = numbers.clone();
        numbers.set(name, value);
        formula.value(&|name| Some(numbers.get(name).unwrap_or(0.0)))
    };
    let (zero, one, two) = (at(0.0)?, at(1.0)?, at(2.0)?);
    let is_linear = (two - 2.0 * one + zero).abs() <= 1e-12 * (one - zero).abs();
    if is_linear { Ok(one - zero) } else { Err(format!("an input is not linear in {name}")) }
}

/// The rows of a coupled signal before the start, the oldest first; the last row of theirs is the initial state.
fn history(
    case: &Value,
    index: usize,
    signals: usize,
    nodes: usize,
    modes: usize,
) -> Result<Array2<f64>, String> {
    let all = by_node(flat(&case["history"]), signals, nodes, modes)?;
    let before = all.len_of(ndarray::Axis(0)).saturating_sub(1);
    Ok(all.slice(ndarray::s![..before, index, ..]).to_owned())
}

/// A coupling of theirs.
struct Rule<'a> {
    case: &'a Value,
    weights: &'a Array2<f64>,
    sent: usize,
}

impl Rule<'_> {
    fn name(&self) -> &str {
        self.case["coupling"].as_str().unwrap_or_default()
    }

    fn parameter(&self, name: &str) -> f64 {
        self.case["coupling_params"][name].as_f64().unwrap_or(f64::NAN)
    }

    /// Computes the activities of units from rows of their potentials and thresholds.
    fn activity(&self, potentials: &Array2<f64>, thresholds: &Array2<f64>) -> Array2<f64> {
        let [h, q, g, p] = ["H", "Q", "G", "P"].map(|name| self.parameter(name));
        let mut activities = potentials.clone();
        activities.zip_mut_with(thresholds, |value, threshold| {
            *value = h * (q + (g * (p * *value - threshold)).tanh());
        });
        activities
    }

    /// Adds the coupling, multiplied by `factor`, to a network whose signal is `scale` times theirs; returns what is constant in it, for each node.
    fn couple(
        &self,
        network: Network,
        signal: &str,
        factor: f64,
        scale: f64,
    ) -> Result<(Network, Vec<f64>), String> {
        let nodes = self.weights.nrows();
        let at = |name: &str| self.parameter(name);
        let none = vec![0.0; nodes];
        let k = |name: &str| factor * at(name) / scale;
        Ok(match self.name() {
            "Linear" => {
                let network = network.coupling(Additive::new().k(k("a")), signal);
                (network, vec![factor * at("b"); nodes])
            }
            "Scaling" => (network.coupling(Additive::new().k(k("a")), signal), none),
            "Difference" => (network.coupling(Diffusive::new().k(k("a")), signal), none),
            "HyperbolicTangent" => {
                let rule = PreHyperbolicTangent::new().a(factor * at("a")).b(at("b") / scale);
                let rule = rule.midpoint(at("midpoint")).sigma(at("sigma"));
                (network.coupling(rule, signal), none)
            }
            "Sigmoidal" => {
                let rule = Sigmoidal::new().k(factor * (at("cmax") - at("cmin"))).a(1.0 / scale);
                let rule = rule.slope(at("a") / at("sigma")).midpoint(at("midpoint"));
                (network.coupling(rule, signal), vec![factor * at("cmin"); nodes])
            }
            "SigmoidalJansenRit" => {
                let rule = SigmoidalJansenRit::new().k(factor * at("a")).cmin(at("cmin")).cmax(at("cmax"));
                (network.coupling(rule.midpoint(at("midpoint")).r(at("r") / scale), signal), none)
            }
            "PreSigmoidal" => {
                let rule = PreSigmoidal::new().H(factor * at("H")).Q(at("Q")).G(at("G")).P(at("P") / scale);
                (network.coupling(rule.theta(at("theta")), signal), none)
            }
            "Kuramoto" => {
                let rule = KuramotoPhaseDifference::new().k(factor * at("a") / nodes as f64);
                (network.coupling(rule, signal), none)
            }
            "diffusive" => (network.coupling(Diffusive::new().k(k("K")), signal), none),
            "own" if signal == "theta" => {
                let rule = KuramotoPhaseDifference::new().k(factor * at("K") / nodes as f64);
                (network.coupling(rule, signal), none)
            }
            "additive" | "own" => (network.coupling(Additive::new().k(k("K")), signal), none),
            other => {
                return Err(format!("there is no rule for the coupling `{other}` of {} signals", self.sent));
            }
        })
    }
}
