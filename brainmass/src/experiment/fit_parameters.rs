//! The section `parameters` of a fit, which says where each starts, how it is searched, what is expected of it.

use brainmass_spec::fields::{entries, number};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Span;
use brainmass_spec::yaml::{Node, Value};

use super::description::Experiment;
use super::keys::{FIT_PARAMETER, Keys, PRIOR};
use super::lists::{numbers, pair};
use brainmass_core::quantity::Values;
use brainmass_fit::fit::{Param, Params, Prior, Transform};

/// A transform, by which limits are kept in a search.
pub struct NamedTransform {
    /// The name.
    pub name: &'static str,
    /// The limits that it goes with.
    limits: Limits,
    make: fn(f64, f64) -> Transform,
}

/// The limits of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limits {
    None,
    Above,
    Between,
}

impl Limits {
    /// Returns the key that gives such limits, for messages.
    fn key(self) -> &'static str {
        match self {
            Self::None => "neither `between` nor `above`",
            Self::Above => "`above`",
            Self::Between => "`between`",
        }
    }
}

/// The transforms by name; the first of those with the same limits is the usual one.
pub static TRANSFORMS: &[NamedTransform] = &[
    NamedTransform { name: "identity", limits: Limits::None, make: |_, _| Transform::Identity },
    NamedTransform {
        name: "softplus",
        limits: Limits::Above,
        make: |lower, _| Transform::Softplus { lower },
    },
    NamedTransform { name: "exp", limits: Limits::Above, make: |lower, _| Transform::Exp { lower } },
    NamedTransform {
        name: "sigmoid",
        limits: Limits::Between,
        make: |lower, upper| Transform::Sigmoid { lower, upper },
    },
    NamedTransform {
        name: "clip",
        limits: Limits::Between,
        make: |lower, upper| Transform::Clip { lower, upper },
    },
];

/// Reads the parameters of a fit to an experiment, and limits by their names. Returns them with the places of their names.
pub fn read(
    node: Option<&Node>,
    bounds: Option<&Node>,
    experiment: &Experiment,
    problems: &mut Problems,
) -> (Params, Vec<(String, Span)>) {
    let mut params = Params::new();
    let mut spans = Vec::new();
    let listed = |node: Option<&'_ Node>, what: &str, problems: &mut Problems| match node {
        Some(node) => entries(node, what, problems).to_vec(),
        None => Vec::new(),
    };
    let limits = listed(bounds, "a mapping with two limits for each parameter", problems);
    let mut all = listed(node, "a mapping with an entry for each parameter", problems);
    // What has limits alone is fitted from its present value.
    for (key, limits) in &limits {
        if all.iter().all(|(known, _)| known.text != key.text) {
            all.push((key.clone(), Node { value: Value::Null, span: limits.span.clone() }));
        }
    }
    for (key, value) in &all {
        let limits = limits.iter().find(|(known, _)| known.text == key.text).map(|(_, node)| node);
        if let (Some(limits), Some(given)) =
            (limits, ["between", "above"].iter().find_map(|limit| value.entry(limit)))
            && limits.span.source == given.span.source
        {
            let message = format!("`{}` has limits already, in `parameters`", key.text);
            problems.push(Problem::new(&limits.span, message).help("give them in one of the two places"));
            continue;
        }
        let limits = match limits.map(|node| pair(node, "limits", problems)) {
            Some(None) => continue,
            Some(limits) => limits,
            None => None,
        };
        let Some(param) = param(&key.text, value, experiment, problems) else { continue };
        let set = param.and_then(|param| {
            let param = match limits {
                Some((lower, upper)) => param.transform(Transform::Sigmoid { lower, upper }),
                None => param,
            };
            let values = match param.values() {
                [value] => Values::Scalar(*value),
                values => Values::PerNode(values.to_vec()),
            };
            // What cannot be set is wrong for every candidate.
            let mut simulator = experiment.simulator();
            simulator.set(&key.text, values).map_err(|error| error.to_string())?;
            Ok(param)
        });
        match set {
            Ok(param) => {
                params = params.with(&key.text, param);
                spans.push((key.text.clone(), key.span.clone()));
            }
            Err(message) => problems.push(Problem::new(&key.span, message)),
        }
    }
    (params, spans)
}

/// Reads one parameter; `None` where a problem was pushed, an error where its name or value is wrong as a whole.
fn param(
    name: &str,
    node: &Node,
    experiment: &Experiment,
    problems: &mut Problems,
) -> Option<Result<Param, String>> {
    let known = Param::of(&experiment.network, name);
    let mut param = match &node.value {
        Value::Null => return Some(known.map_err(|error| error.to_string())),
        Value::Map(_) => {
            let mut keys = Keys::open(node, "the parameter", &[&FIT_PARAMETER], problems);
            let start = keys.take("start", problems).map(|node| numbers(node, problems));
            let between = keys.take("between", problems).map(|node| pair(node, "limits", problems));
            let above = keys.take("above", problems).map(|node| number(node, problems));
            let transform = keys.text("transform", problems);
            let prior = keys.take("prior", problems).map(|node| prior(node, problems));
            keys.finish(problems);
            let mut param = match (start, known) {
                (Some(values), known) => started(values?, known.ok()),
                (None, Ok(param)) => param,
                (None, Err(error)) => return Some(Err(error.to_string())),
            };
            let (limits, lower, upper) = match (between, above) {
                (None, None) => (Limits::None, 0.0, 0.0),
                (None, Some(above)) => (Limits::Above, above?.value, f64::INFINITY),
                (Some(limits), None) => {
                    let (lower, upper) = limits?;
                    (Limits::Between, lower, upper)
                }
                (Some(_), Some(_)) => {
                    let message = "`between` and `above` are given; one is enough";
                    problems.push(Problem::new(&node.span, message));
                    return None;
                }
            };
            let chosen = match &transform {
                // Without limits, the parameter is searched within the range of its model file.
                None if limits == Limits::None => None,
                None => TRANSFORMS.iter().find(|transform| transform.limits == limits),
                Some(name) => {
                    let Some(found) = TRANSFORMS.iter().find(|transform| transform.name == name.value) else {
                        let names = TRANSFORMS.iter().map(|transform| transform.name);
                        let help = suggestion(&name.value, "transforms", names);
                        let message = format!("there is no transform `{}`", name.value);
                        problems.push(Problem::new(&name.span, message).help(help));
                        return None;
                    };
                    if found.limits != limits {
                        let message = format!("the transform `{}` does not fit here", name.value);
                        let problem = Problem::new(&name.span, message);
                        problems.push(problem.help(format!("it goes with {}", found.limits.key())));
                        return None;
                    }
                    Some(found)
                }
            };
            if let Some(transform) = chosen {
                param = param.transform((transform.make)(lower, upper));
            }
            match prior {
                Some(prior) => param.prior(prior?),
                None => param,
            }
        }
        _ => started(numbers(node, problems)?, known.ok()),
    };
    param = param.fit(true);
    Some(Ok(param))
}

/// Makes a parameter that starts elsewhere; it is searched as its model file says, where that says something that the start fits into.
fn started(values: Vec<f64>, known: Option<Param>) -> Param {
    let search = known
        .map(|param| param.search())
        .filter(|search| values.iter().all(|value| search.inverse(*value).is_some()));
    let param = match values[..] {
        [value] => Param::new(value),
        _ => Param::new(values),
    };
    param.transform(search.unwrap_or_default())
}

/// Reads `{mean: 1, deviation: 0.5}`, `{l1: 0.1}` or `{l2: 0.1}`.
fn prior(node: &Node, problems: &mut Problems) -> Option<Prior> {
    let mut keys = Keys::open(node, "the prior", &[&PRIOR], problems);
    let mut value = |key: &'static str| {
        let given = keys.take(key, problems)?;
        Some(number(given, problems).map(|number| number.value))
    };
    let given = (value("l1"), value("l2"), value("mean"), value("deviation"));
    keys.finish(problems);
    Some(match given {
        (Some(weight), None, None, None) => Prior::L1 { weight: weight? },
        (None, Some(weight), None, None) => Prior::L2 { weight: weight? },
        (None, None, Some(mean), Some(deviation)) => Prior::Gaussian { mean: mean?, deviation: deviation? },
        _ => {
            let message = "a prior has a `mean` and a `deviation`, or a weight `l1` or `l2`";
            problems.push(Problem::new(&node.span, message));
            return None;
        }
    })
}
