//! Derivatives at single states: the cases `rhs`.

use brainmass::dynamics::VectorField;
use serde_json::Value;

use super::deviation::{Deviation, largest};
use super::file::File;
use super::numbers::Numbers;
use crate::golden::{Outcome, flat};

/// Largest deviation of a derivative that counts as agreement.
const TOLERANCE: f64 = 1e-10;

/// Runs all cases of a file, each with its id.
pub fn run(file: &File) -> Vec<(String, Outcome)> {
    let cases: Vec<&Value> = file.head["rhs"].as_array().into_iter().flatten().collect();
    let all: Vec<Option<Vec<f64>>> = cases.iter().map(|case| right(file, case)).collect();
    let most: Vec<f64> = (0..file.theirs.len())
        .map(|place| largest(all.iter().flatten().filter_map(|values| values.get(place).copied())))
        .collect();
    let outcome = |(case, expected): (&&Value, &Option<Vec<f64>>)| {
        let id = case["id"].as_str().unwrap_or("(no id)").to_owned();
        let outcome = match expected {
            Some(expected) => compare(file, case, expected, &most).unwrap_or_else(Outcome::Failed),
            None => Outcome::Skipped("the package has no number here, and the file no right one".to_owned()),
        };
        (id, outcome)
    };
    cases.iter().zip(&all).map(outcome).collect()
}

/// The right derivatives of a case: the first of the fields that hold them, if it has numbers.
fn right(file: &File, case: &Value) -> Option<Vec<f64>> {
    let field = file.row.uses.iter().map(|name| &case[name]).find(|value| value.is_array())?;
    let values = flat(field);
    values.iter().all(|value| value.is_finite()).then_some(values)
}

fn compare(file: &File, case: &Value, expected: &[f64], most: &[f64]) -> Result<Outcome, String> {
    let mut numbers = Numbers::of(case, file.couplings());
    let state = flat(&case["state"]);
    file.theirs.iter().zip(&state).for_each(|(name, value)| numbers.set(name, *value));
    let mut field = VectorField::new(&file.nodes(1, &numbers)?);
    for (port, formula) in &file.row.inputs {
        let value = formula.value(&|name| numbers.get(name))?;
        field = field.input(port, value).map_err(|error| error.to_string())?;
    }
    for (signal, formula) in &file.row.past {
        let value = formula.value(&|name| numbers.get(name))?;
        field = field.past(signal, value).map_err(|error| error.to_string())?;
    }
    let states = file.states(&state, &numbers)?;
    let rates = field.rates(&states);
    let mut deviation = Deviation::within(TOLERANCE);
    for ((state, &place), rate) in file.info.states.iter().zip(&file.place).zip(&rates) {
        let rate = rate / file.scale(&state.name, &numbers)?;
        deviation.add(&format!("d{}/dt", file.theirs[place]), expected[place], rate, most[place]);
    }
    for (name, formula) in &file.row.processes {
        let place = file.theirs.iter().position(|own| own == name);
        let place = place.ok_or_else(|| format!("the file has no state `{name}`"))?;
        let rate = formula.value(&|name| numbers.get(name))?;
        deviation.add(&format!("d{name}/dt"), expected[place], rate, most[place]);
    }
    let observed = field.observables(&states);
    let ours = |name: &str| {
        let state = file.info.state(name).map(|index| states[index]);
        let place = file.info.observables.iter().position(|observable| *observable.name == *name);
        state.or_else(|| place.map(|index| observed[index]))
    };
    let known = case["observables"].as_object().filter(|_| file.row.skip_observables.is_none());
    for (name, value) in known.into_iter().flatten() {
        if let (Some((_, formula)), Some(value)) =
            (file.row.observables.iter().find(|(own, _)| own == name), value.as_f64())
        {
            deviation.add(name, value, formula.value(&ours)?, value.abs());
        }
    }
    Ok(deviation.finish())
}
