//! `inputs`: what drives the ports.

use brainmass_spec::fields::{Fields, entries, list, number};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::values::{finite_in_unit, time};
use brainmass_spec::yaml::Node;

use super::Timing;
use super::groups::Scope;
use super::numbers::{PerNode, count, has_key, matrix, named_unit, per_node, rows};
use brainmass_core::quantity::Values;
use brainmass_sim::noise::{BrownianNoise, ColoredNoise, GaussianNoise, OuProcess, Process, WhiteNoise};
use brainmass_sim::runtime::time::whole_steps;
use brainmass_sim::simulator::{Input, Simulator};
use brainmass_sim::stimulus::Stimulus;

/// Courses of stimuli in time.
const SHAPES: [&str; 5] = ["pulse", "pulse_train", "sine", "ramp", "gaussian"];

/// Keys by which sources are told apart from values.
const SOURCES: [&str; 7] = ["sum", "noise", SHAPES[0], SHAPES[1], SHAPES[2], SHAPES[3], SHAPES[4]];

const PROCESSES: [&str; 8] =
    ["ornstein_uhlenbeck", "pink", "blue", "violet", "colored", "brownian", "white", "gaussian"];

pub fn read(
    fields: &mut Fields,
    scope: Option<&Scope>,
    timing: Option<&Timing>,
    problems: &mut Problems,
) -> Vec<(String, Input)> {
    let (Some(node), Some(scope)) = (fields.take("inputs"), scope) else { return Vec::new() };
    let ports = scope.list(|info| info.inputs.iter().map(|input| input.name).collect());
    let mut inputs = Vec::new();
    for (key, node) in entries(node, "a mapping with a value for each input", problems) {
        let Some((name, group, port)) = ports.iter().find(|(name, ..)| *name == key.text) else {
            let label = suggestion(&key.text, "inputs", ports.iter().map(|(name, ..)| name.as_str()));
            let message = format!("{} has no input `{}`", scope.label(), key.text);
            problems.push(Problem::new(&key.span, message).label(label));
            continue;
        };
        let member = &scope.members[*group];
        let port = &member.info().inputs[*port];
        let wanted = PerNode { name: port.name, unit: port.unit, nodes: member.nodes() };
        let Some(input) = source(node, &wanted, timing, problems) else { continue };
        if let (Some(timing), true) = (timing, has_key(node, &SOURCES)) {
            // What only the source itself can tell, such as a correlation time below 0.
            let alone = Simulator::new(member.model.clone()).dt(timing.dt).input(port.name, input.clone());
            if let Err(error) = alone.start() {
                problems.push(Problem::new(&node.span, error.to_string()));
            }
        }
        inputs.push((name.clone(), input));
    }
    inputs
}

/// What drives a port: values, a series, a stimulus, noise, or the sum of several.
fn source(node: &Node, wanted: &PerNode, timing: Option<&Timing>, problems: &mut Problems) -> Option<Input> {
    if has_key(node, &["sum"]) {
        let mut fields = Fields::new(node, "the sum", problems);
        let terms = fields.take("sum").map(|node| list(node, problems)).unwrap_or_default();
        fields.finish(problems);
        let sources: Vec<Input> =
            terms.iter().filter_map(|term| source(term, wanted, timing, problems)).collect();
        return (sources.len() == terms.len()).then_some(Input::Sum(sources));
    }
    if has_key(node, &["noise"]) {
        return noise(node, wanted, problems).map(Input::from);
    }
    if has_key(node, &SOURCES) {
        return stimulus(node, wanted, problems).map(Input::from);
    }
    series(node, wanted, timing, problems)
}

/// `{noise: ornstein_uhlenbeck, sigma: 0.1, tau: 5 ms}`
fn noise(node: &Node, wanted: &PerNode, problems: &mut Problems) -> Option<Process> {
    let mut fields = Fields::new(node, "the noise", problems);
    let name = fields.text("noise", problems)?;
    let values = |fields: &mut Fields, key, unit, problems: &mut Problems| {
        fields
            .take(key)
            .map(|node| per_node(node, &PerNode { name: key, unit, nodes: wanted.nodes }, problems))
    };
    let Some(sigma) = values(&mut fields, "sigma", wanted.unit, problems) else {
        problems.push(Problem::new(&node.span, "there is no `sigma` in the noise"));
        return None;
    };
    let covariance = fields.take("covariance");
    let covariance =
        covariance.and_then(|node| matrix(node, "covariances", (wanted.nodes, wanted.nodes), problems));
    macro_rules! correlated {
        ($process:expr) => {
            match covariance {
                Some(covariance) => $process.covariance(covariance).into(),
                None => $process.into(),
            }
        };
    }
    let process = match name.value.as_str() {
        "ornstein_uhlenbeck" => {
            let Some(tau) = values(&mut fields, "tau", "ms", problems) else {
                problems.push(
                    Problem::new(&node.span, "there is no `tau` in the noise")
                        .help("write for example `tau: 5 ms`"),
                );
                return None;
            };
            let mean = values(&mut fields, "mean", wanted.unit, problems);
            let mut process = OuProcess::new(sigma?, tau?);
            if let Some(mean) = mean {
                process = process.mean(mean?);
            }
            correlated!(process)
        }
        "colored" | "pink" | "blue" | "violet" => {
            let sigma = sigma?;
            let lowest = fields.take("lowest").map(|node| finite_in_unit(node, &named_unit("Hz"), problems));
            let mut process = match name.value.as_str() {
                "pink" => ColoredNoise::pink(sigma),
                "blue" => ColoredNoise::blue(sigma),
                "violet" => ColoredNoise::violet(sigma),
                _ => {
                    let Some(beta) = fields.take("beta").and_then(|node| number(node, problems)) else {
                        let problem = Problem::new(&node.span, "there is no `beta` in the noise");
                        problems
                            .push(problem.help("its spectrum is 1/f^beta; write for example `beta: 1.5`"));
                        return None;
                    };
                    ColoredNoise::new(beta.value, sigma)
                }
            };
            if let Some(lowest) = lowest {
                process = process.lowest(lowest?);
            }
            correlated!(process)
        }
        "brownian" => correlated!(BrownianNoise::new(sigma?)),
        "white" => correlated!(WhiteNoise::new(sigma?)),
        "gaussian" => correlated!(GaussianNoise::new(sigma?)),
        other => {
            let label = suggestion(other, "processes", PROCESSES);
            problems.push(Problem::new(&name.span, format!("there is no noise `{other}`")).label(label));
            return None;
        }
    };
    fields.finish(problems);
    Some(process)
}

/// `{pulse: 0.6, onset: 20 ms, duration: 5 ms, regions: [0, 2]}`: the amplitude stands under the shape's name.
fn stimulus(node: &Node, wanted: &PerNode, problems: &mut Problems) -> Option<Stimulus> {
    let mut fields = Fields::new(node, "the stimulus", problems);
    let (mut found, mut span) = (None, None);
    for shape in SHAPES {
        let Some(node) = fields.take(shape) else { continue };
        if found.replace((shape, node)).is_some() {
            problems.push(Problem::new(&node.span, "a stimulus has one shape; put several under `sum`"));
            return None;
        }
        span = Some(&node.span);
    }
    let (shape, amplitude) = found?;
    let amplitude = per_node(amplitude, wanted, problems);
    let [onset, duration] =
        ["onset", "duration"].map(|key| fields.take(key).map(|node| time(node, problems)));
    let mut needed = |key: &'static str, unit: &str, problems: &mut Problems| {
        let value = fields.take(key).map(|node| finite_in_unit(node, &named_unit(unit), problems));
        if let (None, Some(span)) = (value, span) {
            problems.push(Problem::new(span, format!("a stimulus of the shape `{shape}` needs `{key}`")));
        }
        value.flatten()
    };
    let mut stimulus = match shape {
        "pulse" => Stimulus::pulse(amplitude?),
        "pulse_train" => {
            let (period, width) = (needed("period", "ms", problems), needed("width", "ms", problems));
            Stimulus::pulse_train(amplitude?, period?, width?)
        }
        "sine" => {
            let frequency = needed("frequency", "Hz", problems);
            Stimulus::sine(amplitude?, frequency?)
        }
        "ramp" => {
            let rise = needed("rise", "ms", problems);
            Stimulus::ramp(amplitude?, rise?)
        }
        _ => {
            let (peak, width) = (needed("peak", "ms", problems), needed("width", "ms", problems));
            Stimulus::gaussian(amplitude?, peak?, width?)
        }
    };
    if let Some(node) = (shape == "sine").then(|| fields.take("phase")).flatten() {
        stimulus = stimulus.phase(finite_in_unit(node, &named_unit("rad"), problems)?);
    }
    if let Some(onset) = onset {
        stimulus = stimulus.onset(onset?);
    }
    if let Some(duration) = duration {
        stimulus = stimulus.duration(duration?);
    }
    let (regions, weights) = (fields.take("regions"), fields.take("weights"));
    match (regions, weights) {
        (Some(node), None) => {
            let last = wanted.nodes as u64 - 1;
            let items = list(node, problems);
            let read = |item: &Node, problems: &mut Problems| {
                count(item, "the number of a node", 0..=last, problems)
            };
            let regions: Vec<usize> =
                items.iter().filter_map(|item| read(item, problems)).map(|node| node as usize).collect();
            stimulus = stimulus.regions(regions);
        }
        (None, Some(node)) => {
            let wanted = PerNode { name: "weights", unit: "1", nodes: wanted.nodes };
            if let Values::PerNode(weights) = per_node(node, &wanted, problems)? {
                stimulus = stimulus.weights(weights);
            } else {
                problems.push(Problem::new(&node.span, "`weights` are one a node"));
            }
        }
        (Some(_), Some(node)) => {
            problems.push(Problem::new(&node.span, "`regions` and `weights` are given; one is enough"));
        }
        (None, None) => {}
    }
    fields.finish(problems);
    Some(stimulus)
}

/// One value, one a node, or rows of them over time.
fn series(node: &Node, wanted: &PerNode, timing: Option<&Timing>, problems: &mut Problems) -> Option<Input> {
    if !has_key(node, &["series", "file"]) {
        return per_node(node, wanted, problems).map(Input::from);
    }
    let mut fields = Fields::new(node, "the input", problems);
    let hold = match fields.take("hold") {
        Some(node) => count(node, "`hold` in steps", 1..=u64::from(u32::MAX), problems),
        None => Some(1),
    };
    let rows = rows(fields, "series", wanted, problems)?;
    let hold = usize::try_from(hold?).ok()?;
    let steps = timing.and_then(|timing| whole_steps("duration", timing.duration.into(), timing.dt).ok());
    let covered = rows.nrows().saturating_mul(hold);
    if let Some(steps) = steps.filter(|steps| covered < *steps) {
        let message = format!(
            "the series of `{}` ends after {covered} steps of {steps}: {} rows are needed, there are {}",
            wanted.name,
            steps.div_ceil(hold),
            rows.nrows()
        );
        problems
            .push(Problem::new(&node.span, message).help("hold each row longer with `hold`, or run shorter"));
        return None;
    }
    Some(Input::Series { rows, hold })
}
