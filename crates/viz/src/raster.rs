//! From SVG to PNG.

use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

use super::error::VizError;
use super::font::Weight;

/// The longest side of a picture, in pixels: what common viewers still open.
const LARGEST: f64 = 32_767.0;

/// Reading options that know the bundled font and no other.
pub(crate) fn options() -> &'static usvg::Options<'static> {
    static OPTIONS: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
        let mut options = usvg::Options { font_family: "Inter".into(), ..usvg::Options::default() };
        let fonts = options.fontdb_mut();
        for weight in [Weight::Regular, Weight::SemiBold] {
            fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(weight.file())));
        }
        options
    });
    &OPTIONS
}

/// Draws an SVG of `width` x `height` CSS pixels with `scale` picture pixels for each of them.
pub(crate) fn png(svg: &str, width: f64, height: f64, scale: f64) -> Result<Vec<u8>, VizError> {
    let too = |reason| VizError::Size { width, height, scale, reason };
    if !(scale.is_finite() && scale > 0.0) {
        return Err(too("the scale must be a positive number"));
    }
    let [w, h] = [width, height].map(|side| (side * scale).round());
    if w.max(h) > LARGEST || w.min(h) < 1.0 {
        return Err(too("each side must have 1 to 32767 pixels"));
    }
    let tree = usvg::Tree::from_str(svg, options()).map_err(|e| VizError::Raster(e.to_string()))?;
    let mut pixels = tiny_skia::Pixmap::new(w as u32, h as u32)
        .ok_or_else(|| VizError::Raster("the picture does not fit into memory".into()))?;
    let transform = tiny_skia::Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, transform, &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| VizError::Raster(e.to_string()))
}
