//! Numbers as a person would write them, for messages.

/// Returns a number as a person would write it: plain where that is short, else as a power of ten; to ten digits.
pub fn shown(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() || (1e-4..1e7).contains(&size) {
        let exact = value.to_string();
        // What is left of a computation, such as 0.30000000000000004, is shorter when it is rounded.
        let rounded = rounded(value).to_string();
        return if rounded.len() < exact.len() { rounded } else { exact };
    }
    format!("{:e}", rounded(value))
}

fn rounded(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (0.5, "0.5"),
            (-1000.0, "-1000"),
            (0.1 + 0.2, "0.3"),
            (1e80, "1e80"),
            (-5.000000000000003e196, "-5e196"),
            (1e-30, "1e-30"),
            (123_456_789.123, "1.234567891e8"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(shown(value), text);
        }
    }
}
