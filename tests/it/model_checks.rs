//! The `checks:` of the model files, run for every model.

use brainmass::analysis::Welch;
use brainmass::any::AnyModel;
use brainmass::dynamics::VectorField;
use brainmass::info::{Check, CheckKind, ModelInfo, Setting};
use brainmass::registry::CreateNodes;
use brainmass::{Create, Entry, Run, Simulator, Values, Zoo};

/// A population of one node in the circumstances of a check.
fn model(create: &CreateNodes, setting: &Setting) -> Box<dyn AnyModel> {
    let mut model = create(1);
    let population = model.population_mut();
    // A claim holds for the equations without noise.
    population.remove_noise();
    setting.parameters.iter().for_each(|&(index, value)| population.set_parameter(index, value.into()));
    setting.init.iter().for_each(|&(index, value)| population.set_initial(index, value.into()));
    model
}

fn run(info: &ModelInfo, create: &CreateNodes, setting: &Setting, record: &str) -> Run {
    let mut simulator = Simulator::new(model(create, setting))
        .dt(setting.dt.unwrap_or(info.dt))
        .transient(setting.transient)
        .record([record]);
    for &(index, value) in &setting.inputs {
        simulator = simulator.input(info.inputs[index].name.clone(), Values::Scalar(value));
    }
    let duration = setting.duration.unwrap_or(100.0) + setting.transient;
    simulator.run(duration).unwrap_or_else(|error| panic!("{}: {error}", info.name))
}

/// Runs a check; returns a message if it does not hold.
fn verify(info: &ModelInfo, create: &CreateNodes, check: &Check) -> Option<String> {
    let setting = &check.setting;
    match check.what.clone() {
        CheckKind::FixedPoint { state, tolerance } => {
            let model = model(create, setting);
            let population = model.population();
            let mut states: Vec<f64> = (0..info.states.len()).map(|i| population.initial_at(i, 0)).collect();
            state.iter().for_each(|&(index, value)| states[index] = value);
            let mut field = VectorField::new(&*model);
            for &(index, value) in &setting.inputs {
                field = field.input(&info.inputs[index].name, value).expect("it is a port");
            }
            let rates = field.rates(&states);
            let moving = rates.iter().zip(&info.states).find(|(rate, _)| rate.abs() > tolerance);
            moving.map(|(rate, state)| format!("d{}/dt is {rate}, not 0", state.name))
        }
        CheckKind::Final { signal, is, tolerance } => {
            let name = info.signal_name(signal);
            let run = run(info, create, setting, name);
            let last = *run[name].iter().last().unwrap_or(&f64::NAN);
            let near = (last - is).abs() <= tolerance;
            (!near).then(|| format!("{name} ends at {last}, not at {is} within {tolerance}"))
        }
        CheckKind::Frequency { signal, from, to } => {
            let name = info.signal_name(signal);
            let run = run(info, create, setting, name);
            let values = &run[name];
            let dt = setting.dt.unwrap_or(info.dt);
            let spectrum = Welch::new(values.nrows()).estimate(values.view(), dt);
            let peak = spectrum
                .and_then(|s| s.peak_frequency(0.0..=f64::INFINITY))
                .map_or(f64::NAN, |peaks| peaks[0]);
            (!(from..=to).contains(&peak))
                .then(|| format!("{name} peaks at {peak} Hz, not between {from} and {to} Hz"))
        }
        CheckKind::Within { signal, from, to } => {
            let name = info.signal_name(signal);
            let run = run(info, create, setting, name);
            let outside = run[name].iter().find(|value| !(from..=to).contains(*value));
            outside.map(|value| format!("{name} reaches {value}, outside {from} to {to}"))
        }
    }
}

#[test]
fn every_model_keeps_what_its_file_promises() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let zoo = Zoo::default();
    for entry in zoo.entries().filter(|entry| matches!(entry.create, Create::Node(_))) {
        // Interpreted, which gives the bits of compiled code: a test build compiles kernels without optimisation, but the interpreter with it.
        let entry = Entry::from(&zoo.interpreted(&entry.info.name).expect("it is there"));
        let Create::Node(create) = &entry.create else { continue };
        for check in &entry.info.checks {
            count += 1;
            if let Some(what) = verify(&entry.info, &**create, check) {
                wrong.push(format!("{}: {what} ({})", entry.info.name, check.source));
            }
        }
    }
    crate::tell(&format!("{count} checks of the model files"));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 28, "every model has a check");
}
