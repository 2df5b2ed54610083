//! The look of a figure: colours and sizes.

use super::color::{Color, PALETTE, PALETTE_DARK};
use super::color_map::ColorMap;

/// The least contrast of a line with what it is drawn on, as WCAG 2.2 (1.4.11) asks of graphics.
pub(crate) const LEAST_CONTRAST: f64 = 3.0;

/// Colours and sizes of a figure. Sizes are in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// The ground of the whole figure.
    pub background: Color,
    /// The colour of titles and labels.
    pub text: Color,
    /// The colour of tick labels, notes and reference lines.
    pub muted: Color,
    /// The colour of axis lines, ticks and arrows.
    pub axis: Color,
    /// The colour of grid lines, a shade off the background.
    pub grid: Color,
    /// The colour of cells of a matrix without a number.
    pub missing: Color,
    /// The colours of lines, in order of use.
    pub palette: Vec<Color>,
    /// The colours of magnitudes.
    pub sequential: ColorMap,
    /// The colours of values on both sides of zero.
    pub diverging: ColorMap,
    /// The size of the figure's title.
    pub figure_title: f64,
    /// The size of panel titles.
    pub title: f64,
    /// The size of axis labels.
    pub label: f64,
    /// The size of tick labels and legends.
    pub tick: f64,
}

impl Theme {
    /// Creates a theme of dark ink on white.
    pub fn light() -> Self {
        Self {
            background: Color::hex(0xffffff),
            text: Color::hex(0x1d2128),
            muted: Color::hex(0x545b66),
            axis: Color::hex(0x7b828c),
            grid: Color::hex(0xebedf0),
            missing: Color::hex(0xd9dce1),
            palette: PALETTE.to_vec(),
            sequential: ColorMap::Viridis,
            diverging: ColorMap::Vik,
            figure_title: 16.0,
            title: 13.0,
            label: 12.0,
            tick: 11.0,
        }
    }

    /// Creates a theme of light ink on near-black.
    pub fn dark() -> Self {
        Self {
            background: Color::hex(0x14171c),
            text: Color::hex(0xe9ebee),
            muted: Color::hex(0xa9b0ba),
            axis: Color::hex(0x7d8590),
            grid: Color::hex(0x272c34),
            missing: Color::hex(0x3a404a),
            palette: PALETTE_DARK.to_vec(),
            diverging: ColorMap::Berlin,
            ..Self::light()
        }
    }

    /// Returns the colours of `n` lines: those of the palette while they last, else colours spread over the part of the sequential map that
    /// stands out from the background.
    pub fn line_colors(&self, n: usize) -> Vec<Color> {
        if n <= self.palette.len() {
            return self.palette[..n].to_vec();
        }
        let steps = 256_u32;
        let mut seen: Vec<Color> = (0..=steps)
            .map(|step| self.sequential.at(f64::from(step) / f64::from(steps)))
            .filter(|color| color.contrast(self.background) >= LEAST_CONTRAST)
            .collect();
        seen.dedup();
        // A map that is nowhere far from the background has nothing to offer but the colour of text.
        let pick = |i: usize| *seen.get(i * seen.len().saturating_sub(1) / (n - 1)).unwrap_or(&self.text);
        (0..n).map(pick).collect()
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::light()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_readable_and_lines_stand_out() {
        for theme in [Theme::light(), Theme::dark()] {
            assert!(theme.text.contrast(theme.background) > 7.0, "WCAG level AAA");
            assert!(theme.muted.contrast(theme.background) > 4.5, "WCAG level AA");
            let numbers = (1..=20).chain([50, 90, 400]);
            for color in numbers.flat_map(|n| theme.line_colors(n)).chain([theme.axis, theme.muted]) {
                let contrast = color.contrast(theme.background);
                assert!(contrast >= 3.0, "{color} has contrast {contrast}");
            }
        }
    }

    #[test]
    fn many_lines_get_distinct_colours() {
        for theme in [Theme::light(), Theme::dark()] {
            let colors: std::collections::BTreeSet<_> =
                theme.line_colors(90).iter().map(ToString::to_string).collect();
            assert_eq!(colors.len(), 90);
        }
    }

    #[test]
    fn a_map_without_contrast_leaves_the_colour_of_text() {
        let theme = Theme { sequential: ColorMap::Greys, background: Color::hex(0x777777), ..Theme::light() };
        assert!(
            theme
                .line_colors(11)
                .iter()
                .all(|color| color.contrast(theme.background) >= 3.0 || *color == theme.text)
        );
    }
}
