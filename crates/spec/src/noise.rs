//! Noise that belongs to a model, in words.

/// The unit of the intensity of white noise on a state in `unit`, as text: `mV/sqrt(ms)`, or `/sqrt(ms)` for a pure number.
pub fn per_root_ms(unit: &str) -> String {
    let unit = if unit == "1" { "" } else { unit };
    format!("{unit}/sqrt(ms)")
}

/// The unit of the intensity of white noise that drives an input in `unit`, as text: `mV*sqrt(ms)`, or `mV/sqrt(ms)` where the unit is `mV/ms`.
pub fn times_root_ms(unit: &str) -> String {
    match unit.strip_suffix("/ms") {
        _ if unit == "1" => "sqrt(ms)".to_owned(),
        Some(stem) => format!("{stem}/sqrt(ms)"),
        None => format!("{unit}*sqrt(ms)"),
    }
}

/// Returns the description of a state or an input, with the intensity of its noise behind it where it has some. `unit` is that of the intensity.
pub fn meaning(doc: &str, noise: Option<f64>, unit: &str) -> String {
    match noise {
        None => doc.to_owned(),
        Some(sigma) if doc.is_empty() => format!("white noise of {sigma} {unit}"),
        Some(sigma) => format!("{doc}; white noise of {sigma} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_stands_behind_the_description_in_its_unit() {
        assert_eq!(meaning("potential", None, &per_root_ms("mV")), "potential");
        let of = |unit: &str| meaning("potential", Some(0.5), unit);
        assert_eq!(of(&per_root_ms("mV")), "potential; white noise of 0.5 mV/sqrt(ms)");
        assert_eq!(of(&per_root_ms("1")), "potential; white noise of 0.5 /sqrt(ms)");
        assert_eq!(of(&times_root_ms("mV/ms")), "potential; white noise of 0.5 mV/sqrt(ms)");
        assert_eq!(of(&times_root_ms("1")), "potential; white noise of 0.5 sqrt(ms)");
        assert_eq!(meaning("", Some(2.0), &times_root_ms("Hz")), "white noise of 2 Hz*sqrt(ms)");
    }
}
