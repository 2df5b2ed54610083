//! `noise`, `seed`: white noise on states.

use brainmass_spec::fields::{Fields, entries};
use brainmass_spec::problem::{Problem, Problems};

use super::groups::Scope;
use super::numbers::count;
use super::parameters::{named, states};
use brainmass_core::quantity::Values;

pub fn read(fields: &mut Fields, scope: Option<&mut Scope>, problems: &mut Problems) {
    let noise = fields.take("noise");
    let (Some(node), Some(scope)) = (noise, scope) else { return };
    for (key, value) in entries(node, "a mapping with an intensity for each state", problems) {
        // One by one, so that a negative intensity is reported where it stands.
        let own = brainmass_spec::yaml::Node {
            value: brainmass_spec::yaml::Value::Map(vec![(key.clone(), value.clone())]),
            span: node.span.clone(),
        };
        for (group, index, sigma) in named(&own, "state", scope, states, problems) {
            let negative = match &sigma {
                Values::Scalar(value) => *value < 0.0,
                Values::PerNode(values) => values.iter().any(|value| *value < 0.0),
                _ => false,
            };
            if negative {
                let message = format!("the noise on `{}` is below 0; an intensity is not", key.text);
                problems.push(Problem::new(&value.span, message));
            } else {
                scope.members[group].model.population_mut().set_noise(index, sigma);
            }
        }
    }
}

pub fn seed(fields: &mut Fields, problems: &mut Problems) -> u64 {
    let seed = fields.take("seed").and_then(|node| count(node, "the seed", 0..=u64::MAX, problems));
    seed.unwrap_or(0)
}
