//! The default scheme and time step of every model, against a fine reference.

use brainmass::any::AnyModel as _;
use brainmass::bench::Deviating;
use brainmass::prelude::*;
use brainmass::{Create, LoadedModel, Values, Zoo};
use rayon::prelude::*;

/// Models that are chaotic at what is tried here: two runs part, however small the step, so that their statistics over a finite time differ by
/// more.
const CHAOTIC: &[&str] = &["LorenzStep", "LarterBreakspearStep"];

/// A simulation of one node in the circumstances of the picture on its page. The model is interpreted, which gives the bits of compiled code: a test
/// build compiles kernels without optimisation, but the interpreter with it.
fn shown(model: &LoadedModel) -> Simulator {
    let (info, mut nodes) = (model.info(), model.nodes(1).expect("it is a model of nodes"));
    let Some(setting) = &info.plots.run else { return Simulator::new(nodes) };
    let population = nodes.population_mut();
    setting.parameters.iter().for_each(|&(index, value)| population.set_parameter(index, value.into()));
    setting.init.iter().for_each(|&(index, value)| population.set_initial(index, value.into()));
    setting.inputs.iter().fold(Simulator::new(nodes), |simulator, &(index, value)| {
        simulator.input(info.inputs[index].name.clone(), Values::Scalar(value))
    })
}

/// The largest deviation of each run that can be tried of a model, with its name.
fn deviations(model: &LoadedModel) -> Vec<(String, f64)> {
    let name = &model.info().name;
    let shortest = if CHAOTIC.contains(&&**name) { 500.0 } else { 100.0 };
    let found = brainmass::bench::deviations(model, shortest);
    let found = found.unwrap_or_else(|error| panic!("{name}: {error}"));
    let largest = |run: Deviating| {
        let deviations = run.outcome.unwrap_or_else(|error| panic!("{name} ({}): {error}", run.at));
        (run.at, deviations.largest())
    };
    found.into_iter().map(largest).collect()
}

#[test]
fn every_model_keeps_its_dynamics_at_its_own_scheme_and_step() {
    let zoo = Zoo::default();
    let names =
        zoo.entries().filter(|entry| matches!(entry.create, Create::Node(_))).map(|entry| &*entry.info.name);
    let models: Vec<LoadedModel> = names.map(|name| zoo.interpreted(name).expect("it is there")).collect();
    assert!(models.len() > 20, "the catalogue is walked");
    let wrong: Vec<String> = models
        .par_iter()
        .flat_map_iter(|model| {
            let name = &model.info().name;
            let most = if CHAOTIC.contains(&&**name) { 0.1 } else { 0.01 };
            deviations(model)
                .into_iter()
                .filter(move |(_, largest)| largest.is_nan() || *largest > most)
                .map(move |(tried, largest)| format!("{name} ({tried}): {:.2} %", 100.0 * largest))
        })
        .collect();
    assert!(wrong.is_empty(), "these deviate from rk4 at a sixteenth of the step:\n{}", wrong.join("\n"));
}

#[test]
fn runs_whose_steps_are_too_large_say_so_and_no_others() {
    let error = |simulator: Simulator, duration: f64| {
        simulator.estimate_error().run(duration).expect("it runs").step_error().cloned()
    };
    let zoo = Zoo::default();
    for entry in zoo.entries().filter(|entry| matches!(entry.create, Create::Node(_))) {
        let model = zoo.interpreted(&entry.info.name).expect("it is there");
        if let Some(error) = error(shown(&model), 100.0) {
            assert!(!error.is_large(), "{}: {error:?}", entry.info.name);
        }
    }
    // Runs that stay finite and are garbage.
    let column = Simulator::new(JansenRitStep::new(1)).input("E_inp", 200.0);
    let coarse = column.clone().scheme(Scheme::Euler).dt(200.0);
    assert!(error(coarse, 20_000.0).expect("it moves").is_large());
    assert!(!error(column.scheme(Scheme::Euler).dt(0.05), 200.0).expect("it moves").is_large());
    let gates = Simulator::new(WongWangStep::new(1)).scheme(Scheme::Euler).dt(20.0);
    assert!(error(gates, 400.0).is_some_and(|error| error.is_large()));
}
