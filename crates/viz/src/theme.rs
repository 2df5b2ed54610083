//! The look of a figure: colours and sizes.

use super::color::{Color, OKABE_ITO, OKABE_ITO_DARK};
use super::color_map::ColorMap;

/// Colours and sizes of a figure. Sizes are in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Ground of the whole figure.
    pub background: Color,
    /// Titles and labels.
    pub text: Color,
    /// Tick labels, notes and reference lines.
    pub muted: Color,
    /// Axis lines and ticks.
    pub axis: Color,
    /// Grid lines, a shade off the background.
    pub grid: Color,
    /// Cells of a matrix without a number.
    pub missing: Color,
    /// Colours of series, in order of use.
    pub palette: Vec<Color>,
    /// Colours of magnitudes.
    pub sequential: ColorMap,
    /// Colours of values on both sides of zero.
    pub diverging: ColorMap,
    /// Size of the figure's title.
    pub figure_title: f64,
    /// Size of panel titles.
    pub title: f64,
    /// Size of axis labels.
    pub label: f64,
    /// Size of tick labels and legends.
    pub tick: f64,
}

impl Theme {
    /// Dark ink on white.
    pub fn light() -> Self {
        Self {
            background: Color::hex(0xffffff),
            text: Color::hex(0x1d2128),
            muted: Color::hex(0x545b66),
            axis: Color::hex(0x7b828c),
            grid: Color::hex(0xebedf0),
            missing: Color::hex(0xd9dce1),
            palette: OKABE_ITO.to_vec(),
            sequential: ColorMap::Viridis,
            diverging: ColorMap::Vik,
            figure_title: 16.0,
            title: 13.0,
            label: 12.0,
            tick: 11.0,
        }
    }

    /// Light ink on near-black.
    pub fn dark() -> Self {
        Self {
            background: Color::hex(0x14171c),
            text: Color::hex(0xe9ebee),
            muted: Color::hex(0xa9b0ba),
            axis: Color::hex(0x7d8590),
            grid: Color::hex(0x272c34),
            missing: Color::hex(0x3a404a),
            palette: OKABE_ITO_DARK.to_vec(),
            diverging: ColorMap::Berlin,
            ..Self::light()
        }
    }

    /// Colour number `i` of `n` series: from the palette while it lasts, else spread over the sequential map.
    pub(crate) fn series_color(&self, i: usize, n: usize) -> Color {
        match self.palette.get(i) {
            Some(&color) if n <= self.palette.len() => color,
            // The light end of the map would vanish on white, the dark end on black.
            _ => {
                let t = i as f64 / n.saturating_sub(1).max(1) as f64;
                self.sequential.at(if self.background.luminance() > 0.5 { 0.82 * t } else { 0.25 + 0.75 * t })
            }
        }
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
    fn text_is_readable_and_series_stand_out() {
        for theme in [Theme::light(), Theme::dark()] {
            assert!(theme.text.contrast(theme.background) > 7.0, "WCAG level AAA");
            assert!(theme.muted.contrast(theme.background) > 4.5, "WCAG level AA");
            for &color in &theme.palette {
                let contrast = color.contrast(theme.background);
                assert!(contrast > 2.2, "{color} has contrast {contrast}");
            }
        }
    }

    #[test]
    fn many_series_get_distinct_colours() {
        let theme = Theme::light();
        let colors: Vec<_> = (0..90).map(|i| theme.series_color(i, 90).to_string()).collect();
        let distinct: std::collections::BTreeSet<_> = colors.iter().collect();
        assert_eq!(distinct.len(), 90);
    }
}
