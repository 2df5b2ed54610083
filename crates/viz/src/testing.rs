//! A second renderer, resvg, that the figures are compared with.

use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

use super::font::Weight;

/// Reads an SVG as resvg does, with the bundled font and no other.
pub(crate) fn reference_tree(svg: &str) -> usvg::Tree {
    static OPTIONS: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
        let mut options = usvg::Options { font_family: "Inter".into(), ..usvg::Options::default() };
        let fonts = options.fontdb_mut();
        for weight in [Weight::Regular, Weight::SemiBold] {
            fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(weight.file())));
        }
        options
    });
    usvg::Tree::from_str(svg, &OPTIONS).expect("a readable SVG")
}

/// Draws an SVG as resvg does, with `scale` pixels for each unit; red, green, blue and opacity of each pixel.
pub(crate) fn reference_pixels(svg: &str, width: u32, height: u32, scale: f32) -> Vec<[u8; 4]> {
    let mut pixels = tiny_skia::Pixmap::new(width, height).expect("memory");
    resvg::render(&reference_tree(svg), tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.pixels().iter().map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect()
}
