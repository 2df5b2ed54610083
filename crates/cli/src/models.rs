//! Models by their names.

use brainmass::Entry;
use brainmass::catalogue::COLLECTIONS;
use brainmass_spec::problem::suggestion;

use crate::failure::Failure;

/// Every model, rule and observation model.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    COLLECTIONS.iter().flat_map(|collection| &collection.entries)
}

/// The entry of a name.
pub fn find(name: &str) -> Result<&'static Entry, Failure> {
    all().find(|entry| entry.info.name == name).ok_or_else(|| {
        let names = all().map(|entry| &entry.info.name);
        Failure::new(format!("there is no model `{name}`")).hint(suggestion(name, "models", names))
    })
}

/// A number as one would write it.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) && value.is_finite() {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// A number with its unit; pure numbers have none.
pub fn quantity(value: f64, unit: &str) -> String {
    if unit == "1" { number(value) } else { format!("{} {unit}", number(value)) }
}

/// Limits of a value.
pub fn limits(range: Option<(f64, f64)>) -> String {
    match range {
        None => String::new(),
        Some((low, f64::INFINITY)) => format!("≥ {}", number(low)),
        Some((f64::NEG_INFINITY, high)) => format!("≤ {}", number(high)),
        Some((low, high)) => format!("{} … {}", number(low), number(high)),
    }
}
