//! Figures as the pages show them, and how they write numbers and units.

use brainmass::viz::{Figure, Panel};

use super::theme::adaptive;

/// A figure as inline SVG, with what is said below it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Shown {
    /// The picture.
    pub svg: String,
    /// Its caption.
    pub caption: String,
}

/// Draws a panel alone, as SVG in the colours of the page.
pub fn figure(panel: Panel, size: (f64, f64), alt: &str) -> Result<String, String> {
    let svg = Figure::new().size(size.0, size.1).alt(alt).panel(panel).to_svg();
    svg.map(|svg| adaptive(&svg)).map_err(|error| error.to_string())
}

/// The unit as an axis shows it: nothing for pure numbers.
pub fn unit_text(unit: &str) -> String {
    if unit == "1" { String::new() } else { unit.to_owned() }
}

/// Four significant digits.
pub fn short(value: f64) -> String {
    rounded(value, 4)
}

/// The number with so many significant digits.
pub fn rounded(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let power = value.abs().log10().floor() as i32;
    if !(-4..6).contains(&power) {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.*}", (digits - 1 - power).clamp(0, 8) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
