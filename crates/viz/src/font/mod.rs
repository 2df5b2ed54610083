//! The bundled font: how wide text is, where its characters go, and what they look like.
//!
//! Everything is read from the font's own tables (OpenType 1.9.1), so that layout needs no font system and is the same on every machine.
//! What the font has no use for is left out: no ligatures, no scripts that are written from right to left, no hints.

mod kerning;
mod outline;
mod subset;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kerning::Kerning;

pub(crate) use outline::Segment;

/// Families asked for in the SVG: the bundled one, then what looks most like it.
pub(crate) const FAMILY: &str = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";

/// Height of a capital letter above the baseline, in ems.
pub(crate) const CAP_HEIGHT: f64 = 0.727;

/// Height of a small letter without ascender above the baseline, in ems.
const X_HEIGHT: f64 = 0.546;

/// No line of a figure is that wide, in ems; what is wider is not measured to its end.
const WIDEST: f64 = 3000.0;

/// The character that stands for those that the font lacks: a white square.
const MISSING: char = '□';

/// Stroke weight of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    #[default]
    Regular,
    SemiBold,
}

impl Weight {
    /// Returns the weight as CSS counts it.
    pub(crate) fn css(self) -> u16 {
        match self {
            Self::Regular => 400,
            Self::SemiBold => 600,
        }
    }

    /// Returns the bytes of the TrueType file.
    pub(crate) fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../assets/fonts/Inter-Regular.ttf"),
            Self::SemiBold => include_bytes!("../../assets/fonts/Inter-SemiBold.ttf"),
        }
    }

    /// Returns the face of this weight, read once.
    pub(crate) fn face(self) -> &'static Face {
        static REGULAR: LazyLock<Face> = LazyLock::new(|| Face::read(Weight::Regular.file()));
        static SEMI_BOLD: LazyLock<Face> = LazyLock::new(|| Face::read(Weight::SemiBold.file()));
        match self {
            Self::Regular => &REGULAR,
            Self::SemiBold => &SEMI_BOLD,
        }
    }
}

/// Returns the width of `text` in pixels at `size` pixels per em.
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    size * weight.face().width(text)
}

/// Returns `text`, cut with an ellipsis where it is wider than `room` pixels. The time taken does not grow with what is cut off.
pub(crate) fn fitted(text: &str, size: f64, weight: Weight, room: f64) -> String {
    let face = weight.face();
    let dots = face.width("…");
    // Where a cut text may end at the latest, in bytes, with room for the ellipsis.
    let mut cut = 0;
    for placed in face.lay_out(text) {
        let end = size * (placed.x + placed.advance);
        if end > room {
            let short = text[..cut].trim_end();
            return if size * dots <= room { format!("{short}…") } else { String::new() };
        }
        if end + size * dots <= room {
            cut = placed.end;
        }
    }
    text.into()
}

/// Returns `text` in one line, or in two where it is wider than `room` pixels and has a space to break at; what does not fit then is cut with an
/// ellipsis.
pub(crate) fn in_lines(text: &str, size: f64, weight: Weight, room: f64) -> Vec<String> {
    let mut space = None;
    for placed in weight.face().lay_out(text) {
        if size * (placed.x + placed.advance) > room {
            let Some(space) = space else { return vec![fitted(text, size, weight, room)] };
            let (first, second) = text.split_at(space);
            return vec![first.trim_end().into(), fitted(second.trim_start(), size, weight, room)];
        }
        if placed.character == ' ' {
            space = Some(placed.end);
        }
    }
    vec![text.into()]
}

/// A glyph of a line of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlacedGlyph {
    /// Number of the glyph in the font.
    pub glyph: u16,
    /// The character that it shows.
    pub character: char,
    /// The distance from the start of the line to the origin of the glyph, in ems.
    pub x: f64,
    /// The distance from the baseline up to the origin of the glyph, in ems; not zero for accents over tall letters.
    pub y: f64,
    /// The distance that the pen moves on, in ems.
    pub advance: f64,
    /// The place where the character ends in the text, in bytes.
    pub end: usize,
}

/// One weight of the font.
pub(crate) struct Face {
    file: &'static [u8],
    units_per_em: f64,
    glyphs: BTreeMap<char, u16>,
    advances: Vec<u16>,
    missing: u16,
    kerning: Kerning,
}

impl Face {
    /// Reads a TrueType file; a face without characters where it is not understood.
    fn read(file: &'static [u8]) -> Self {
        let glyphs = tables::characters(file).unwrap_or_default();
        Self {
            file,
            units_per_em: tables::units_per_em(file).unwrap_or(1.0),
            missing: glyphs.get(&MISSING).copied().unwrap_or(0),
            advances: tables::advances(file).unwrap_or_default(),
            kerning: Kerning::read(file),
            glyphs,
        }
    }

    /// Returns the width of a line of text in ems; of a very long one, a width that is at least [`WIDEST`].
    fn width(&self, text: &str) -> f64 {
        let mut width = 0.0;
        for placed in self.lay_out(text) {
            width = placed.x + placed.advance;
            if width > WIDEST {
                break;
            }
        }
        width
    }

    /// Returns how far the pen moves on after a glyph, in ems.
    pub(crate) fn advance(&self, glyph: u16) -> f64 {
        // Glyphs beyond the end of the table advance as the last of it does.
        let row = usize::from(glyph).min(self.advances.len().saturating_sub(1));
        self.advances.get(row).map_or(0.0, |&advance| f64::from(advance) / self.units_per_em)
    }

    /// Places the glyphs of a line of text: kerned, with accents centred over the letters before them.
    pub(crate) fn lay_out(&self, text: &str) -> impl Iterator<Item = PlacedGlyph> {
        let mut pen = 0.0;
        let mut before: Option<PlacedGlyph> = None;
        text.char_indices().map(move |(start, character)| {
            let glyph = self.glyphs.get(&character).copied().unwrap_or(self.missing);
            let end = start + character.len_utf8();
            if let Some(base) = before.filter(|_| is_accent(character)) {
                let (dx, dy) = self.accent_place(glyph, base.glyph);
                return PlacedGlyph {
                    glyph,
                    character,
                    x: base.x + dx,
                    y: dy,
                    advance: pen - base.x - dx,
                    end,
                };
            }
            if let Some(base) = before {
                pen += f64::from(self.kerning.between(base.glyph, glyph)) / self.units_per_em;
            }
            let placed = PlacedGlyph { glyph, character, x: pen, y: 0.0, advance: self.advance(glyph), end };
            pen += placed.advance;
            before = Some(placed);
            placed
        })
    }

    /// Returns the distance from the origin of a letter to that of its accent, in ems.
    fn accent_place(&self, accent: u16, letter: u16) -> (f64, f64) {
        let (Some(accent), Some(letter)) = (self.bounds(accent), self.bounds(letter)) else {
            return (0.0, 0.0);
        };
        let dx = 0.5 * (letter[0] + letter[2]) - 0.5 * (accent[0] + accent[2]);
        // Accents are drawn for letters without ascender; one below its letter stays where it is.
        let dy = if accent[1] > 0.0 { (letter[3] - X_HEIGHT).max(0.0) } else { 0.0 };
        (dx, dy)
    }

    /// Returns the outline of a glyph, in ems, y up.
    pub(crate) fn outline(&self, glyph: u16) -> Vec<Segment> {
        outline::of(self.file, glyph, 1.0 / self.units_per_em)
    }

    /// Returns the left, lower, right and upper end of a glyph, in ems; nothing where it is empty.
    fn bounds(&self, glyph: u16) -> Option<[f64; 4]> {
        Some(outline::bounds(self.file, glyph)?.map(|v| f64::from(v) / self.units_per_em))
    }

    /// Returns the left, lower, right and upper end of all glyphs together, in ems.
    pub(crate) fn extent(&self) -> [f64; 4] {
        tables::extent(self.file).unwrap_or_default().map(|v| f64::from(v) / self.units_per_em)
    }

    /// Returns a font file that has the outlines of these glyphs and keeps the numbers of all.
    pub(crate) fn subset(&self, glyphs: &BTreeSet<u16>) -> Vec<u8> {
        subset::of(self.file, glyphs).unwrap_or_else(|| self.file.to_vec())
    }
}

/// Returns whether the character stands above or below the one before it (combining diacritical marks, Unicode block 0300).
fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the width in pixels at 40 px per em, as another layout engine finds it: the ink between two bars.
    fn laid_out(text: &str, weight: Weight) -> f64 {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="900" height="100"><text x="0" y="50"
            font-family="Inter" font-size="40" font-weight="{}">|{text}|</text></svg>"#,
            weight.css()
        );
        f64::from(crate::testing::reference_tree(&svg).root().bounding_box().width())
    }

    #[test]
    fn measured_width_is_the_width_of_the_laid_out_text() {
        for (weight, text) in [
            (Weight::Regular, "membrane potential (mV)"),
            (Weight::SemiBold, "Hopf 0.25 α₁ 10⁻³"),
            (Weight::Regular, "Time AVATAR To. LT \"Wave\" F,"),
            (Weight::SemiBold, "Typical Wong–Wang, P.V."),
            (Weight::Regular, "x\u{304}y\u{307} \u{e9}\u{159}"),
        ] {
            let face = weight.face();
            // Both have the same bars around them, which count from their ink, not from their origins.
            let measured = 40.0 * (face.width(&format!("|{text}|")) - face.width("||"));
            let found = laid_out(text, weight) - laid_out("", weight);
            // A third of a pixel in labels; some kerning depends on more than two neighbours, which is not read.
            assert!((measured - found).abs() < 1.2, "{text}: measured {measured}, laid out {found}");
        }
    }

    #[test]
    fn greek_and_superscripts_are_in_the_font() {
        let missing: Vec<_> = "αβγθλμσςτφωΔΣΩ∂∑√∞≈≠≤≥±×·−→⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉ₑᵢⱼₓ°µ□"
            .chars()
            .filter(|c| !Weight::Regular.face().glyphs.contains_key(c))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_file_that_is_no_font_has_no_widths() {
        let face = Face::read(b"\x00\x01\x00\x00\xff\xffcmap");
        assert_eq!(face.width("abc"), 0.0);
        assert!(face.outline(3).is_empty());
    }

    #[test]
    fn long_names_are_cut_to_the_room() {
        let cut = fitted(&"a very long name ".repeat(9), 11.0, Weight::Regular, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 11.0, Weight::Regular) <= 100.0, "{cut}");
        assert!(width(&cut, 11.0, Weight::Regular) > 80.0, "{cut}");
        assert_eq!(fitted("short", 11.0, Weight::Regular, 100.0), "short");
        assert_eq!(fitted("short", 11.0, Weight::Regular, 3.0), "");
        assert_eq!(fitted("", 11.0, Weight::Regular, 3.0), "");
    }

    #[test]
    fn accents_stand_over_their_letters() {
        let face = Weight::Regular.face();
        for (apart, composed) in [("e\u{301}", "é"), ("E\u{301}", "É")] {
            let ink = |text: &str| {
                let found = face.lay_out(text).flat_map(|g| {
                    face.bounds(g.glyph).map(|b| [b[0] + g.x, b[1] + g.y, b[2] + g.x, b[3] + g.y])
                });
                found.fold([f64::INFINITY, f64::INFINITY, -1.0, -1.0], |a, b| {
                    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
                })
            };
            for (a, b) in ink(apart).into_iter().zip(ink(composed)) {
                assert!((a - b).abs() < 0.06, "{apart}: {:?} is not {:?}", ink(apart), ink(composed));
            }
            assert_eq!(face.width(apart), face.width(&apart[..1]));
        }
    }
}
