//! The default scheme and time step of every model, against a fine reference.

use brainmass::catalogue::COLLECTIONS;
use brainmass::info::{ModelInfo, Setting};
use brainmass::prelude::*;
use brainmass::registry::CreateNodes;
use brainmass::{Create, Values};
use rayon::prelude::*;

/// Models that are chaotic at what is tried here: two runs part, however small the step, so that their statistics over a finite time differ by
/// more.
const CHAOTIC: &[&str] = &["LorenzStep", "LarterBreakspearStep"];

/// A simulation of one node in the circumstances of the picture on its page, with the parameters of a preset, if one is named.
fn simulator(
    info: &ModelInfo,
    create: &CreateNodes,
    preset: Option<&str>,
    setting: Option<&Setting>,
) -> Simulator {
    let mut model = create(1);
    let population = model.population_mut();
    if let Some(name) = preset {
        population.set_preset(name);
    }
    if let Some(setting) = setting {
        if preset.is_none() {
            setting
                .parameters
                .iter()
                .for_each(|&(index, value)| population.set_parameter(index, value.into()));
        }
        setting.init.iter().for_each(|&(index, value)| population.set_initial(index, value.into()));
    }
    let inputs = setting.map(|setting| &setting.inputs[..]).unwrap_or_default();
    inputs.iter().fold(Simulator::new(model), |simulator, &(index, value)| {
        simulator.input(info.inputs[index].name.clone(), Values::Scalar(value))
    })
}

/// The deviations of everything that can be tried of a model, each with its name.
fn deviations(info: &ModelInfo, create: &CreateNodes) -> Vec<(String, f64)> {
    let shown = info.plots.run.as_ref();
    let duration = shown.and_then(|setting| setting.duration).unwrap_or(300.0).clamp(100.0, 1000.0);
    let mut tried = vec![("defaults".to_owned(), simulator(info, create, None, None))];
    tried.extend(shown.map(|setting| ("picture".to_owned(), simulator(info, create, None, Some(setting)))));
    tried.extend(info.presets.iter().map(|preset| {
        (format!("preset {}", preset.name), simulator(info, create, Some(&preset.name), shown))
    }));
    let compare = |(name, simulator): (String, Simulator)| {
        let accuracy = simulator
            .accuracy(duration, &[(info.scheme, info.dt)])
            .unwrap_or_else(|error| panic!("{}: {error}", info.name));
        let deviations =
            accuracy.rows[0].outcome.as_ref().unwrap_or_else(|error| panic!("{}: {error}", info.name));
        (name, deviations.largest())
    };
    tried.into_iter().map(compare).collect()
}

#[test]
fn every_model_keeps_its_dynamics_at_its_own_scheme_and_step() {
    let models: Vec<_> = COLLECTIONS
        .iter()
        .flat_map(|collection| collection.entries.iter())
        .filter_map(|entry| match &entry.create {
            Create::Node(create) => Some((&entry.info, create)),
            _ => None,
        })
        .collect();
    assert!(models.len() > 20, "the catalogue is walked");
    let wrong: Vec<String> = models
        .par_iter()
        .flat_map_iter(|(info, create)| {
            let started = std::time::Instant::now();
            let most = if CHAOTIC.contains(&&*info.name) { 0.05 } else { 0.01 };
            let all = deviations(info, &***create);
            eprintln!("{} {:?} {:?}", info.name, all, started.elapsed());
            all.into_iter()
                .filter(move |(_, largest)| largest.is_nan() || *largest > most)
                .map(|(name, largest)| format!("{} ({name}): {:.2} %", info.name, 100.0 * largest))
        })
        .collect();
    assert!(wrong.is_empty(), "these deviate from rk4 at a sixteenth of the step:\n{}", wrong.join("\n"));
}
