//! Drawings as PNG.

use std::io;

use tiny_skia::{
    FillRule, LineCap, LineJoin, Mask, Paint, PathBuilder, Pixmap, Rect as SkRect, StrokeDash, Transform,
};

use super::color::Color;
use super::drawing::{Drawing, Item, Mosaic, Path, Rect, Step, Stroke, Text};
use super::error::VizError;
use super::font::Segment;

/// The longest side of a picture, in pixels: what common viewers still open.
const LARGEST: f64 = 32_767.0;
/// CSS pixels in a metre.
const PER_METRE: f64 = 96.0 / 0.0254;
/// The keyword under which a PNG keeps where its figure comes from.
pub(crate) const PROVENANCE: &str = "Provenance";

/// Paints a drawing with `scale` picture pixels for each CSS pixel. The file says how large it is to be printed and, as text under
/// [`PROVENANCE`], what `provenance` holds.
pub(crate) fn png(drawing: &Drawing, scale: f64, provenance: Option<&str>) -> Result<Vec<u8>, VizError> {
    let (width, height) = drawing.size;
    let too = |reason| VizError::Size { width, height, scale, reason };
    if !(scale.is_finite() && scale > 0.0) {
        return Err(too("the scale must be a positive number"));
    }
    let [w, h] = [width, height].map(|side| (side * scale).round());
    if w.max(h) > LARGEST || w.min(h) < 1.0 {
        return Err(too("each side must have 1 to 32767 pixels"));
    }
    let pixels = painted(drawing, w as u32, h as u32, scale)
        .ok_or_else(|| VizError::Raster("the picture does not fit into memory".into()))?;
    encoded(&pixels, scale, provenance).map_err(|error| VizError::Raster(error.to_string()))
}

/// Returns the picture; none where there is no memory for it.
fn painted(drawing: &Drawing, width: u32, height: u32, scale: f64) -> Option<Pixmap> {
    let mut painter = Painter {
        pixels: Pixmap::new(width, height)?,
        transform: Transform::from_scale(scale as f32, scale as f32),
        masks: Vec::new(),
    };
    let Color { r, g, b } = drawing.background;
    painter.pixels.fill(tiny_skia::Color::from_rgba8(r, g, b, 255));
    for item in &drawing.items {
        painter.paint(item)?;
    }
    Some(painter.pixels)
}

struct Painter {
    pixels: Pixmap,
    transform: Transform,
    /// The part of the picture that may be painted, for each open group; the innermost counts.
    masks: Vec<Option<Mask>>,
}

impl Painter {
    fn paint(&mut self, item: &Item) -> Option<()> {
        match item {
            Item::Rect { area, fill, opacity } => {
                self.fill(sk_path(&Path::rect(*area)), *fill, *opacity, true);
            }
            Item::Circle { centre: [x, y], radius, fill, opacity, outline } => {
                let disc = PathBuilder::from_circle(*x as f32, *y as f32, *radius as f32);
                self.fill(disc.clone(), *fill, *opacity, true);
                if let Some(stroke) = outline {
                    self.stroke(disc, stroke);
                }
            }
            Item::Line { path, stroke } => self.stroke(sk_path(path), stroke),
            Item::Area { path, fill, opacity } => self.fill(sk_path(path), *fill, *opacity, true),
            Item::Mosaic(mosaic) => self.mosaic(mosaic),
            Item::Text(text) => self.text(text),
            Item::Group => {
                let same = self.masks.last().cloned().flatten();
                self.masks.push(same);
            }
            Item::Window(area) => {
                let mask = self.mask(*area)?;
                self.masks.push(Some(mask));
            }
            Item::Close => {
                self.masks.pop();
            }
        }
        Some(())
    }

    /// Returns the part of the picture that lies inside of `area` and of the groups that are open.
    fn mask(&self, area: Rect) -> Option<Mask> {
        let path = sk_path(&Path::rect(area))?;
        match self.masks.last() {
            Some(Some(outer)) => {
                let mut mask = outer.clone();
                mask.intersect_path(&path, FillRule::Winding, true, self.transform);
                Some(mask)
            }
            _ => {
                let mut mask = Mask::new(self.pixels.width(), self.pixels.height())?;
                mask.fill_path(&path, FillRule::Winding, true, self.transform);
                Some(mask)
            }
        }
    }

    fn fill(&mut self, path: Option<tiny_skia::Path>, color: Color, opacity: f64, smooth: bool) {
        let Some(path) = path else { return };
        let paint = Paint { anti_alias: smooth, ..ink(color, opacity) };
        let mask = self.masks.last().and_then(Option::as_ref);
        self.pixels.fill_path(&path, &paint, FillRule::Winding, self.transform, mask);
    }

    fn stroke(&mut self, path: Option<tiny_skia::Path>, stroke: &Stroke) {
        let Some(path) = path else { return };
        let look = tiny_skia::Stroke {
            width: stroke.width as f32,
            line_cap: if stroke.has_round_ends() { LineCap::Round } else { LineCap::Butt },
            line_join: if stroke.round { LineJoin::Round } else { LineJoin::Miter },
            dash: stroke.dashes().and_then(|dashes| StrokeDash::new(dashes.map(|v| v as f32).to_vec(), 0.0)),
            ..tiny_skia::Stroke::default()
        };
        let mask = self.masks.last().and_then(Option::as_ref);
        self.pixels.stroke_path(&path, &ink(stroke.color, stroke.opacity), &look, self.transform, mask);
    }

    /// Paints cells with sharp edges, so that there are no seams between them.
    fn mosaic(&mut self, mosaic: &Mosaic) {
        let ([x, y], [w, h]) = (mosaic.origin, mosaic.cell);
        for (color, runs) in &mosaic.colors {
            let mut path = PathBuilder::new();
            for run in runs {
                let (left, right) = (x + w * run.column as f64, x + w * (run.column + run.length) as f64);
                let (top, bottom) = (y + h * run.row as f64, y + h * (run.row + 1) as f64);
                let sides =
                    [left.min(right), top.min(bottom), left.max(right), top.max(bottom)].map(|v| v as f32);
                if let Some(rect) = SkRect::from_ltrb(sides[0], sides[1], sides[2], sides[3]) {
                    path.push_rect(rect);
                }
            }
            self.fill(path.finish(), *color, 1.0, false);
        }
    }

    fn text(&mut self, text: &Text) {
        let face = text.style.weight.face();
        let (size, start) = (text.style.size, text.start());
        let mut path = PathBuilder::new();
        for placed in face.lay_out(&text.content) {
            let at =
                |[x, y]: [f64; 2]| [(start + size * (placed.x + x)) as f32, (-size * (placed.y + y)) as f32];
            for segment in face.outline(placed.glyph) {
                match segment {
                    Segment::Move(p) => {
                        let [x, y] = at(p);
                        path.move_to(x, y);
                    }
                    Segment::Line(p) => {
                        let [x, y] = at(p);
                        path.line_to(x, y);
                    }
                    Segment::Curve(towards, p) => {
                        let ([a, b], [x, y]) = (at(towards), at(p));
                        path.quad_to(a, b, x, y);
                    }
                    Segment::Close => path.close(),
                }
            }
        }
        let [x, y] = text.at.map(|v| v as f32);
        let place = Transform::from_translate(x, y).pre_rotate(text.style.rotate as f32);
        let path = path.finish().and_then(|path| path.transform(place));
        self.fill(path, text.style.color, 1.0, true);
    }
}

fn ink(color: Color, opacity: f64) -> Paint<'static> {
    let mut paint = Paint::default();
    let alpha = (255.0 * opacity.clamp(0.0, 1.0)).round() as u8;
    paint.set_color_rgba8(color.r, color.g, color.b, alpha);
    paint
}

/// Returns the path as the painter takes it; none where there is nothing of it.
fn sk_path(path: &Path) -> Option<tiny_skia::Path> {
    let mut out = PathBuilder::new();
    for step in &path.steps {
        let flat = |p: [f64; 2]| p.map(|v| v as f32);
        match *step {
            Step::Move(p) => {
                let [x, y] = flat(p);
                out.move_to(x, y);
            }
            Step::Line(p) => {
                let [x, y] = flat(p);
                out.line_to(x, y);
            }
            Step::Curve(a, b, p) => {
                let ([ax, ay], [bx, by], [x, y]) = (flat(a), flat(b), flat(p));
                out.cubic_to(ax, ay, bx, by, x, y);
            }
            Step::Close => out.close(),
        }
    }
    out.finish()
}

/// Writes the pixels, without transparency, for figures have a ground.
fn encoded(pixels: &Pixmap, scale: f64, provenance: Option<&str>) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(io::Cursor::new(&mut file), pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (scale * PER_METRE).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    if let Some(text) = provenance {
        encoder.add_itxt_chunk(PROVENANCE.into(), text.replace('\0', "\u{fffd}"))?;
    }
    let rows: Vec<u8> = pixels.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rows)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::super::testing::reference_pixels;
    use super::super::{
        Axis, Band, Dash, Figure, Heatmap, Panel, PhasePortrait, Points, Rule, Series, stacked,
    };
    use super::super::{FixedPointKind, Legend};
    use super::*;
    use ndarray::{Array1, Array2};

    /// Returns the width, height, and red, green and blue of each pixel of a PNG.
    fn decoded(file: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
        let mut reader = png::Decoder::new(io::Cursor::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        (info.width, info.height, bytes.chunks(3).map(|p| [p[0], p[1], p[2]]).collect())
    }

    /// Returns a figure that has every kind of thing in it.
    fn figure() -> Figure {
        let t = Array1::linspace(0.0, 6.0, 200);
        let wave = t.mapv(|v: f64| (3.0 * v).sin());
        let lines = Panel::new()
            .title("Waves ½ Typografie, AVATAR")
            .x(Axis::new("time").unit("s").tight())
            .y(Axis::new("x\u{304} and ẏ").unit("µV²/Hz"))
            .draw(Band::new(&t, &wave.mapv(|v| v - 0.3), &wave.mapv(|v| v + 0.2)).label("spread"))
            .draw(Series::new(&t, &wave).label("mean"))
            .draw(Series::new(&t, &wave.mapv(|v| 0.5 * v)).dash(Dash::Dashed).opacity(0.7))
            .draw(Series::new(&t, &wave.mapv(|v| -0.5 * v)).dash(Dash::Dotted).width(2.5))
            .draw(Series::new(&[1.0, 2.0, 3.0], &[1.0, f64::NAN, 1.0]).width(6.0))
            .draw(Points::new(&[2.0, 4.0], &[0.5, 0.5]).radius(4.0).opacity(0.5))
            .draw(Rule::horizontal(0.0))
            .legend(Legend::Outside);
        let portrait = PhasePortrait::new("V", "W")
            .flow((-2.5, 2.5), (-1.5, 2.0), |v, w| (v - v.powi(3) / 3.0 - w, 0.08 * (v + 0.7 - 0.8 * w)))
            .fixed_point(-1.2, -0.62, FixedPointKind::Stable)
            .fixed_point(1.2, 0.62, FixedPointKind::Saddle);
        let map =
            Heatmap::new(&Array2::from_shape_fn(
                (7, 9),
                |(i, j)| if i == j { f64::NAN } else { (i * j) as f64 },
            ));
        let traces = stacked(
            &t,
            &Array2::from_shape_fn((200, 3), |(i, j)| wave[i] * j as f64),
            &["a", "b", "c"],
            "mV",
        );
        Figure::new()
            .title("Everything & more")
            .size(1000.0, 700.0)
            .panel(lines)
            .panel(portrait)
            .panel(map)
            .panel(traces)
    }

    /// Returns the mean difference of two pictures, and the share of their pixels that differ visibly, as thin edges that are drawn a
    /// little otherwise do.
    fn difference(a: &[[u8; 3]], b: &[[u8; 4]]) -> (f64, f64) {
        let far =
            |(p, q): (&[u8; 3], &[u8; 4])| (0..3).map(|c| p[c].abs_diff(q[c])).max().map_or(0.0, f64::from);
        let all: Vec<f64> = a.iter().zip(b).map(far).collect();
        let count = all.len() as f64;
        (all.iter().sum::<f64>() / count, all.iter().filter(|d| **d > 60.0).count() as f64 / count)
    }

    #[test]
    fn pictures_are_those_of_another_renderer() {
        for scale in [1.0, 1.5] {
            let figure = figure();
            let (width, height, ours) = decoded(&figure.to_png(scale).unwrap());
            let theirs = reference_pixels(&figure.to_svg().unwrap(), width, height, scale as f32);
            assert_eq!(ours.len(), theirs.len());
            let (mean, visible) = difference(&ours, &theirs);
            assert!(mean < 0.4 && visible < 2e-3, "scale {scale}: mean {mean}, visible in {visible}");
            // The measure tells a shift by a pixel.
            let shifted = difference(&ours[1..], &theirs);
            assert!(shifted.0 > 5.0 * mean && shifted.1 > 5.0 * visible, "{shifted:?} {mean} {visible}");
        }
    }

    #[test]
    fn a_picture_says_how_large_it_is_and_where_it_comes_from() {
        let text = "model: HopfStep\nseed: 1\nunit: µV";
        let figure = Figure::new().size_mm(90.0, 60.0).resolution(300.0).provenance(text).panel(Panel::new());
        let file = figure.to_bytes(super::super::Format::Png).unwrap();
        let reader = png::Decoder::new(io::Cursor::new(&file)).read_info().unwrap();
        let info = reader.info();
        let dims = info.pixel_dims.unwrap();
        let mm = |pixels: u32| 1e3 * f64::from(pixels) / f64::from(dims.xppu);
        assert!((mm(info.width) - 90.0).abs() < 0.1 && (mm(info.height) - 60.0).abs() < 0.1, "{info:?}");
        let kept = &info.utf8_text[0];
        assert_eq!((kept.keyword.as_str(), kept.get_text().unwrap().as_str()), ("Provenance", text));
    }
}
