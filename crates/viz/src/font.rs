//! The bundled font and the widths of text set in it.
//!
//! Text is measured from the font's own `cmap` and `hmtx` tables (OpenType 1.9.1), so that layout needs no font system
//! and is the same on every machine. Kerning is left out: it moves a label by less than a pixel.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Families asked for in the SVG: the bundled one, then what looks most like it.
pub(crate) const FAMILY: &str = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";

/// Height of a capital letter above the baseline, in ems.
pub(crate) const CAP_HEIGHT: f64 = 0.727;

/// Stroke weight of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Weight {
    #[default]
    Regular,
    SemiBold,
}

impl Weight {
    pub(crate) fn css(self) -> u16 {
        match self {
            Self::Regular => 400,
            Self::SemiBold => 600,
        }
    }

    pub(crate) fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../assets/fonts/Inter-Regular.ttf"),
            Self::SemiBold => include_bytes!("../assets/fonts/Inter-SemiBold.ttf"),
        }
    }
}

/// Width of `text` in pixels at `size` pixels per em. Characters that the font lacks count as 0.6 em.
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    static REGULAR: LazyLock<BTreeMap<char, f64>> = LazyLock::new(|| advances(Weight::Regular.file()));
    static SEMI_BOLD: LazyLock<BTreeMap<char, f64>> = LazyLock::new(|| advances(Weight::SemiBold.file()));
    let table = match weight {
        Weight::Regular => &REGULAR,
        Weight::SemiBold => &SEMI_BOLD,
    };
    size * text.chars().map(|c| table.get(&c).copied().unwrap_or(0.6)).sum::<f64>()
}

/// Advance width in ems of every character of a TrueType file; empty where the file is not understood.
fn advances(file: &[u8]) -> BTreeMap<char, f64> {
    read_advances(file).unwrap_or_default()
}

fn read_advances(file: &[u8]) -> Option<BTreeMap<char, f64>> {
    let units_per_em = f64::from(u16_at(table(file, b"head")?, 18)?);
    let long_metrics = usize::from(u16_at(table(file, b"hhea")?, 34)?);
    let metrics = table(file, b"hmtx")?;
    let cmap = table(file, b"cmap")?;
    let advance = |glyph: u16| {
        let row = usize::from(glyph).min(long_metrics.checked_sub(1)?);
        Some(f64::from(u16_at(metrics, 4 * row)?) / units_per_em)
    };

    let mut widths = BTreeMap::new();
    let map = segment_map(cmap)?;
    let segments = usize::from(u16_at(map, 6)? / 2);
    for segment in 0..segments {
        let end = u16_at(map, 14 + 2 * segment)?;
        let start = u16_at(map, 16 + 2 * (segments + segment))?;
        let delta = u16_at(map, 16 + 2 * (2 * segments + segment))?;
        let offset_at = 16 + 2 * (3 * segments + segment);
        let offset = u16_at(map, offset_at)?;
        for code in start..=end.min(0xfffe) {
            let glyph = match offset {
                0 => code.wrapping_add(delta),
                _ => match u16_at(map, offset_at + usize::from(offset) + 2 * usize::from(code - start))? {
                    0 => 0,
                    glyph => glyph.wrapping_add(delta),
                },
            };
            if let (Some(c), 1..) = (char::from_u32(code.into()), glyph) {
                widths.insert(c, advance(glyph)?);
            }
        }
    }
    Some(widths)
}

/// The `cmap` subtable of format 4 (segments of the basic multilingual plane).
fn segment_map(cmap: &[u8]) -> Option<&[u8]> {
    (0..usize::from(u16_at(cmap, 2)?))
        .filter_map(|record| cmap.get(u32_at(cmap, 4 + 8 * record + 4)?..))
        .find(|map| u16_at(map, 0) == Some(4))
}

fn table<'a>(file: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    (0..usize::from(u16_at(file, 4)?))
        .map(|record| 12 + 16 * record)
        .find(|&at| file.get(at..at + 4) == Some(tag))
        .and_then(|at| file.get(u32_at(file, at + 8)?..))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::usvg;

    #[test]
    fn measured_width_is_the_width_of_the_laid_out_text() {
        for (weight, text) in
            [(Weight::Regular, "membrane potential (mV)"), (Weight::SemiBold, "Hopf 0.25 α₁ 10⁻³")]
        {
            let svg = format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="900" height="100"><text x="0" y="50"
                font-family="Inter" font-size="40" font-weight="{}">n{text}n</text></svg>"#,
                weight.css()
            );
            let tree = usvg::Tree::from_str(&svg, crate::raster::options()).unwrap();
            let laid_out = f64::from(tree.root().bounding_box().width());
            let measured = width(&format!("n{text}n"), 40.0, weight);
            assert!((measured - laid_out).abs() < 10.0, "{text}: measured {measured}, laid out {laid_out}");
        }
    }

    #[test]
    fn greek_and_superscripts_are_in_the_font() {
        let table = advances(Weight::Regular.file());
        let missing: Vec<_> = "αβγθλμσςτφωΔΣΩ∂∑√∞≈≠≤≥±×·−→⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉ₑᵢⱼₓ°µ"
            .chars()
            .filter(|c| !table.contains_key(c))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_file_that_is_no_font_has_no_widths() {
        assert!(advances(b"\x00\x01\x00\x00\xff\xffcmap").is_empty());
    }
}
