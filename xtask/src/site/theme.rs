//! Figures that follow the page's theme.

use brainmass::viz::{Color, Theme};

/// Lines that are too many for the palette have colours of a ramp, of which the page knows so many.
const RAMP: usize = 32;
/// Farthest that a colour lies from that of the ramp which stands for it, in levels of a channel.
const NEAR: u8 = 8;

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
    with_ramp(&text, &light.line_colors(RAMP))
}

/// Replaces the colours of lines that lie on the ramp. Cells of matrices, which are filled, keep their colours on both grounds.
fn with_ramp(svg: &str, ramp: &[Color]) -> String {
    let mut parts = svg.split("stroke=\"#");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(6).unwrap_or((part, ""));
        let far =
            |a: &Color, b: Color| [a.r.abs_diff(b.r), a.g.abs_diff(b.g), a.b.abs_diff(b.b)].into_iter().max();
        let nearest = u32::from_str_radix(digits, 16).ok().map(Color::hex).and_then(|color| {
            let (index, near) = ramp.iter().enumerate().min_by_key(|(_, own)| far(own, color))?;
            (far(near, color) <= Some(NEAR)).then_some(index)
        });
        match nearest {
            Some(index) => text.push_str(&format!("stroke=\"var(--fig-ramp-{index}){rest}")),
            None => text.push_str(&format!("stroke=\"#{part}")),
        }
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
        let ramp = theme.line_colors(RAMP);
        let ramp = ramp.iter().enumerate().map(|(index, color)| format!("--fig-ramp-{index}:{color};"));
        named.chain(palette).chain(ramp).collect::<String>()
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

    #[test]
    fn many_lines_have_colours_of_both_themes() {
        let x = ndarray::Array2::from_shape_fn((2, 90), |(t, region)| (t * region) as f64);
        let svg = adaptive(&Figure::new().panel(time_series(&array![0.0, 1.0], &x)).to_svg().unwrap());
        assert!(!svg.contains("stroke=\"#"), "{}", svg.split("stroke=\"#").nth(1).unwrap_or_default());
        assert!(svg.contains("var(--fig-ramp-0)") && svg.contains("var(--fig-ramp-31)"));
        assert!(variables().1.contains("--fig-ramp-31:"));
    }

    /// Lines must not be see-through: a part of a colour has less contrast than the colour.
    #[test]
    fn no_line_of_the_interactive_phase_plane_is_see_through() {
        let script = include_str!("../../assets/phase-plane.js");
        assert!(
            !script.contains("globalAlpha"),
            "lines of the axis colour have a contrast of 3.9 at full strength alone"
        );
    }

    /// The colours of this name in a style sheet, in their order.
    fn declared(css: &str, name: &str) -> Vec<Color> {
        let key = format!("{name}:");
        let values = css.split(&key).skip(1);
        values
            .map(|rest| rest.trim_start().split(';').next().unwrap_or(""))
            .filter_map(|value| u32::from_str_radix(value.strip_prefix('#')?, 16).ok())
            .map(Color::hex)
            .collect()
    }

    #[test]
    fn lines_stand_out_from_what_lies_below_them_in_both_themes() {
        let css = include_str!("../../assets/site.css");
        let grounds = declared(css, "--ground");
        assert_eq!(grounds.len(), 3, "light, dark, and dark by the system's choice");
        for (theme, page) in
            [(Theme::light(), grounds[0]), (Theme::dark(), grounds[1]), (Theme::dark(), grounds[2])]
        {
            for color in theme.palette.iter().chain(&theme.line_colors(RAMP)).chain([
                &theme.axis,
                &theme.muted,
                &theme.text,
            ]) {
                for ground in [theme.background, page] {
                    let contrast = color.contrast(ground);
                    assert!(contrast >= 3.0, "{color} on {ground}: {contrast}");
                }
            }
        }
    }

    #[test]
    fn the_interactive_phase_plane_has_the_colours_of_the_figure() {
        let script = include_str!("../../assets/phase-plane.js");
        let panel: brainmass::viz::Panel = brainmass::viz::PhasePortrait::new("x", "y")
            .flow((-1.0, 1.0), (-1.0, 1.0), |x, y| (y, -x))
            .trajectory(&[0.0, 1.0], &[0.0, 1.0])
            .fixed_point(0.0, 0.0, brainmass::viz::FixedPointKind::Marginal)
            .into();
        let svg = Figure::new().panel(panel).to_svg().unwrap();
        let own: Vec<&str> =
            script.split('"').filter(|part| part.len() == 7 && part.starts_with('#')).collect();
        assert!(own.len() > 5);
        for color in own {
            assert!(svg.contains(color), "{color} is not a colour of the figure");
        }
    }
}
