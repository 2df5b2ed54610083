//! Colours and the qualitative palettes.

use std::fmt;

/// A colour in sRGB.
///
/// ```
/// # use brainmass_viz::Color;
/// assert_eq!(Color::hex(0x0072b2).to_string(), "#0072b2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// The share of red, 0 to 255.
    pub r: u8,
    /// The share of green, 0 to 255.
    pub g: u8,
    /// The share of blue, 0 to 255.
    pub b: u8,
}

impl Color {
    /// Creates a colour written as `0xrrggbb`.
    pub const fn hex(rgb: u32) -> Self {
        let [_, r, g, b] = rgb.to_be_bytes();
        Self { r, g, b }
    }

    /// Returns the colour a fraction `t` (0 to 1) of the way to `other`.
    pub fn mix(self, other: Self, t: f64) -> Self {
        let t = if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) };
        let channel = |a: u8, b: u8| (f64::from(a) + t * (f64::from(b) - f64::from(a))).round() as u8;
        Self { r: channel(self.r, other.r), g: channel(self.g, other.g), b: channel(self.b, other.b) }
    }

    /// Returns the relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it.
    pub fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// Returns the contrast ratio with another colour, 1 to 21, as WCAG 2.2 defines it.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

/// Colours of lines on a white ground, in order of use, that people with any colour vision can tell apart.
///
/// The first four are those of Okabe & Ito (2008), "Color Universal Design", whose other colours are too faint on white: a violet, a brown and
/// a grey stand for them. Each has a contrast of at least 3 with white, as WCAG 2.2 (1.4.11) asks of graphics.
pub const PALETTE: [Color; 10] = [
    Color::hex(0x0072b2),
    Color::hex(0xd55e00),
    Color::hex(0x009e73),
    Color::hex(0xcc79a7),
    Color::hex(0x6446d0),
    Color::hex(0x7a3310),
    Color::hex(0x4d4d4d),
    Color::hex(0x8a7400),
    Color::hex(0xb5123e),
    Color::hex(0x2b95bd),
];

/// Colours of lines on a dark ground, in order of use: those of Okabe & Ito (2008), some lightened, and a white.
pub const PALETTE_DARK: [Color; 10] = [
    Color::hex(0x56b4e9),
    Color::hex(0xe69f00),
    Color::hex(0x1fc198),
    Color::hex(0xe08fbd),
    Color::hex(0xf0e442),
    Color::hex(0xd2553a),
    Color::hex(0xeceff3),
    Color::hex(0xa08cf2),
    Color::hex(0x9cad3a),
    Color::hex(0xf7b0a4),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_on_black_has_the_contrast_of_the_standard() {
        let (black, white) = (Color::hex(0), Color::hex(0xffffff));
        assert!((white.contrast(black) - 21.0).abs() < 1e-12);
        assert_eq!(black.mix(white, 0.5), Color::hex(0x808080));
        assert_eq!(black.mix(white, f64::NAN), black);
    }
}
