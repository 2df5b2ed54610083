//! Figures that follow the page's theme.

use brainmass::viz::Theme;

/// An SVG with the light theme's colours replaced by the page's variables, which turn dark with the page.
///
/// Figures stand inside of the page, so they share its font and its colours.
pub fn adaptive(svg: &str) -> String {
    let light = Theme::light();
    let mut text = svg.to_owned();
    let named = [
        (light.background, "background"),
        (light.text, "text"),
        (light.muted, "muted"),
        (light.axis, "axis"),
        (light.grid, "grid"),
        (light.missing, "missing"),
    ];
    for (color, name) in named {
        text = text.replace(&format!("\"{color}\""), &format!("\"var(--fig-{name})\""));
    }
    for (index, color) in light.palette.iter().enumerate() {
        text = text.replace(&format!("\"{color}\""), &format!("\"var(--fig-{})\"", index + 1));
    }
    text
}

/// The variables that [`adaptive`] uses, for both themes: `(light, dark)`.
pub fn variables() -> (String, String) {
    let declare = |theme: &Theme| {
        let named = [
            ("background", theme.background),
            ("text", theme.text),
            ("muted", theme.muted),
            ("axis", theme.axis),
            ("grid", theme.grid),
            ("missing", theme.missing),
        ];
        let named = named.into_iter().map(|(name, color)| format!("--fig-{name}:{color};"));
        let palette =
            theme.palette.iter().enumerate().map(|(index, color)| format!("--fig-{}:{color};", index + 1));
        named.chain(palette).collect::<String>()
    };
    (declare(&Theme::light()), declare(&Theme::dark()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass::viz::{Figure, time_series};
    use ndarray::array;

    #[test]
    fn a_figure_has_no_colour_of_one_theme_alone() {
        let panel = time_series(&array![0.0, 1.0], &array![[0.0], [1.0]]).y_label("x", "mV").labels(["x"]);
        let svg = adaptive(&Figure::new().panel(panel).to_svg().unwrap());
        let quoted: Vec<&str> = svg.split('"').filter(|part| part.starts_with('#')).collect();
        assert!(quoted.is_empty(), "{quoted:?}");
        assert!(svg.contains("var(--fig-1)") && svg.contains("var(--fig-text)"));
    }
}
