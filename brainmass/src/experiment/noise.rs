//! `noise`, `seed`: white noise on states.

use brainmass_spec::fields::{Fields, entries};
use brainmass_spec::problem::{Problem, Problems};

use super::numbers::count;
use super::parameters::named;
use crate::any::AnyModel;
use crate::quantity::Values;

pub fn read(fields: &mut Fields, model: Option<&mut (dyn AnyModel + 'static)>, problems: &mut Problems) {
    let noise = fields.take("noise");
    let (Some(node), Some(model)) = (noise, model) else { return };
    let population = model.population_mut();
    let (info, nodes) = (population.info(), population.nodes());
    let known: Vec<_> = info.states.iter().map(|entry| (entry.name, entry.unit)).collect();
    for (index, sigma) in named(node, "state", info.name, &known, nodes, problems) {
        let negative = match &sigma {
            Values::Scalar(value) => *value < 0.0,
            Values::PerNode(values) => values.iter().any(|value| *value < 0.0),
            _ => false,
        };
        if !negative {
            population.set_noise(index, sigma);
            continue;
        }
        let name = known[index].0;
        for (_, value) in entries(node, "", problems).iter().filter(|(key, _)| key.text == name) {
            let message = format!("the noise on `{name}` is below 0; an intensity is not");
            problems.push(Problem::new(&value.span, message));
        }
    }
}

pub fn seed(fields: &mut Fields, problems: &mut Problems) -> u64 {
    let seed = fields.take("seed").and_then(|node| count(node, "the seed", 0..=u64::MAX, problems));
    seed.unwrap_or(0)
}
