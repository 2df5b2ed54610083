//! Colour maps for matrices.
//!
//! The notice of Crameri's maps is in `assets/colors/crameri-LICENSE.txt`.

use super::color::Color;

/// A perceptually uniform colour map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMap {
    /// The map from dark violet to yellow, for magnitudes. Stéfan van der Walt and Nathaniel Smith for matplotlib; CC0 1.0.
    Viridis,
    /// The map from black through red to cream, for magnitudes. Stéfan van der Walt and Nathaniel Smith for matplotlib; CC0 1.0.
    Magma,
    /// The map from white to black, for magnitudes.
    Greys,
    /// The map from blue through off-white to red, for values on both sides of zero. Fabio Crameri (2018),
    /// doi:10.5281/zenodo.1243862; MIT.
    Vik,
    /// The map from blue through near-black to red: [`Vik`](Self::Vik) for a dark ground. Fabio Crameri (2018),
    /// doi:10.5281/zenodo.1243862; MIT.
    Berlin,
}

impl ColorMap {
    /// Returns the colour at `t`, from 0 (lowest) to 1 (highest); `t` outside is clamped, NaN counts as 0.
    ///
    /// ```
    /// # use brainmass_viz::{Color, ColorMap};
    /// assert_eq!(ColorMap::Viridis.at(1.0), Color::hex(0xfde725));
    /// ```
    pub fn at(self, t: f64) -> Color {
        let knots = self.knots();
        let last = knots.len() - 1;
        let place = if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) * last as f64 };
        let left = (place as usize).min(last - 1);
        Color::hex(knots[left]).mix(Color::hex(knots[left + 1]), place - left as f64)
    }

    /// Returns whether the map has a neutral middle, to be put at zero.
    pub fn is_diverging(self) -> bool {
        matches!(self, Self::Vik | Self::Berlin)
    }

    fn knots(self) -> &'static [u32] {
        match self {
            Self::Viridis => &VIRIDIS,
            Self::Magma => &MAGMA,
            Self::Greys => &[0xffffff, 0x101010],
            Self::Vik => &VIK,
            Self::Berlin => &BERLIN,
        }
    }
}

// 33 equally spaced samples of the published 256; linear interpolation is within 2 of 255 levels of them everywhere.

const VIRIDIS: [u32; 33] = [
    0x440154, 0x470d60, 0x48186a, 0x482374, 0x472d7b, 0x453681, 0x424086, 0x3f4989, 0x3b528b, 0x375a8d,
    0x33638d, 0x2f6a8e, 0x2c728e, 0x297a8e, 0x26818e, 0x23898e, 0x21908c, 0x1f988b, 0x1f9f88, 0x21a685,
    0x28ae80, 0x31b57b, 0x3ebc74, 0x4cc26c, 0x5dc963, 0x6ece58, 0x82d34c, 0x96d83f, 0xabdc32, 0xc0df24,
    0xd5e21a, 0xeae51a, 0xfde725,
];

const MAGMA: [u32; 33] = [
    0x000004, 0x030311, 0x0a0822, 0x130d33, 0x1d1146, 0x28115a, 0x36106a, 0x430f76, 0x50127c, 0x5d177f,
    0x691c81, 0x762181, 0x822681, 0x8f2a81, 0x9c2e7f, 0xa9327d, 0xb63779, 0xc33b75, 0xcf4170, 0xdb486a,
    0xe65163, 0xee5c5e, 0xf5695c, 0xf9785d, 0xfb8761, 0xfd9668, 0xfea571, 0xfeb47b, 0xfec387, 0xfed194,
    0xfde0a2, 0xfceeb0, 0xfcfdbf,
];

const VIK: [u32; 33] = [
    0x001261, 0x021f69, 0x022b71, 0x023779, 0x034481, 0x045089, 0x0c5e92, 0x1b6d9b, 0x2f7ca6, 0x478db1,
    0x609dbc, 0x79adc7, 0x92bdd2, 0xacccdc, 0xc5dbe5, 0xdce5e9, 0xece5e1, 0xeedacf, 0xe9cbb9, 0xe2bba4,
    0xdcab8f, 0xd59c7b, 0xcf8e68, 0xc97f55, 0xc37243, 0xbc6331, 0xb3531f, 0xa5400e, 0x932e06, 0x832106,
    0x741506, 0x660a07, 0x590008,
];

const BERLIN: [u32; 33] = [
    0x9eb0ff, 0x8caef6, 0x79abed, 0x65a7e2, 0x529fd3, 0x4194c1, 0x3686ad, 0x2e779a, 0x286886, 0x235a74,
    0x1d4b61, 0x183e50, 0x14313f, 0x11252f, 0x111a20, 0x121214, 0x190c09, 0x210b03, 0x2a0e01, 0x351000,
    0x401201, 0x4c1602, 0x5a1c07, 0x6a2610, 0x7c331d, 0x8d412c, 0x9c503d, 0xac5e4f, 0xbc6e61, 0xcc7d74,
    0xdd8d86, 0xee9d9a, 0xffadad,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn luminances(map: ColorMap) -> Vec<f64> {
        (0..=100).map(|i| map.at(f64::from(i) / 100.0).luminance()).collect()
    }

    #[test]
    fn sequential_maps_are_ordered_by_luminance() {
        for map in [ColorMap::Viridis, ColorMap::Magma] {
            assert!(luminances(map).is_sorted(), "{map:?}");
        }
        assert!(luminances(ColorMap::Greys).iter().rev().is_sorted());
    }

    #[test]
    fn diverging_maps_turn_in_the_middle() {
        let vik = luminances(ColorMap::Vik);
        assert!(vik[..50].is_sorted() && vik[51..].iter().rev().is_sorted());
        let berlin = luminances(ColorMap::Berlin);
        assert!(berlin[..50].iter().rev().is_sorted() && berlin[51..].is_sorted());
    }

    #[test]
    fn published_colours_come_out() {
        // Entries 0, 128 and 255 of matplotlib's table of viridis.
        assert_eq!(ColorMap::Viridis.at(0.0), Color::hex(0x440154));
        assert_eq!(ColorMap::Viridis.at(1.0), Color::hex(0xfde725));
        let middle = ColorMap::Viridis.at(128.0 / 255.0);
        let published = Color::hex(0x21918c);
        for (a, b) in [(middle.r, published.r), (middle.g, published.g), (middle.b, published.b)] {
            assert!(a.abs_diff(b) <= 2, "{middle} is not {published}");
        }
    }

    #[test]
    fn values_outside_the_map_are_clamped() {
        assert_eq!(ColorMap::Vik.at(7.0), ColorMap::Vik.at(1.0));
        assert_eq!(ColorMap::Vik.at(f64::NAN), ColorMap::Vik.at(0.0));
    }
}
