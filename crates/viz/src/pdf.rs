//! Drawings as PDF 1.7, a page of the figure's size with its text as text.

use std::collections::{BTreeMap, BTreeSet};

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, LineCapStyle, LineJoinStyle, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect as PdfRect, Ref, Str, TextStr};

use super::color::Color;
use super::drawing::{Drawing, Item, Mosaic, Path, Rect, Step, Stroke, Text};
use super::font::{CAP_HEIGHT, Weight};
use super::raster::PROVENANCE;

/// Points in a CSS pixel.
const POINTS: f32 = 0.75;
/// Effort of compression, 0 to 10.
const EFFORT: u8 = 6;
/// Sides of pictures are multiplied until they have so many pixels, so that readers which smooth pictures leave cells sharp.
const SHARP: usize = 600;
/// The numbering of glyphs in texts and fonts: that of the font itself.
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes a drawing as a file of one page. The document information holds `provenance` where it is given.
pub(crate) fn document(drawing: &Drawing, provenance: Option<&str>) -> Vec<u8> {
    let mut page = Page::new();
    let (width, height) = (drawing.size.0 as f32, drawing.size.1 as f32);
    // Pixels from the upper left corner, y down.
    page.content.transform([POINTS, 0.0, 0.0, -POINTS, 0.0, POINTS * height]);
    page.paint_area(
        &Path::rect(Rect { w: drawing.size.0, h: drawing.size.1, ..Rect::default() }),
        drawing.background,
        1.0,
    );
    for item in &drawing.items {
        page.paint(item);
    }
    page.written((POINTS * width, POINTS * height), &drawing.alt, provenance)
}

/// The numbers of a file's objects.
struct Numbers(i32);

impl Numbers {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// The content of a page, and the resources that it needs.
struct Page<'d> {
    content: Content,
    /// Opacities in thousandths.
    opacities: BTreeSet<u16>,
    mosaics: Vec<&'d Mosaic>,
    /// The glyphs used, with the character that each stands for first.
    glyphs: BTreeMap<Weight, BTreeMap<u16, char>>,
}

impl<'d> Page<'d> {
    fn new() -> Self {
        let (opacities, mosaics, glyphs) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
        Self { content: Content::new(), opacities, mosaics, glyphs }
    }

    fn paint(&mut self, item: &'d Item) {
        match item {
            Item::Rect { area, fill, opacity } => self.paint_area(&Path::rect(*area), *fill, *opacity),
            Item::Circle { centre, radius, fill, opacity, outline } => {
                let disc = Path::disc(*centre, *radius);
                self.paint_area(&disc, *fill, *opacity);
                if let Some(stroke) = outline {
                    self.paint_line(&disc, stroke);
                }
            }
            Item::Line { path, stroke } => self.paint_line(path, stroke),
            Item::Area { path, fill, opacity } => self.paint_area(path, *fill, *opacity),
            Item::Mosaic(mosaic) => self.paint_mosaic(mosaic),
            Item::Text(text) => self.paint_text(text),
            Item::Group => {
                self.content.save_state();
            }
            Item::Window(area) => {
                self.content.save_state();
                let [x, y, w, h] = [area.x, area.y, area.w, area.h].map(|v| v as f32);
                self.content.rect(x, y, w, h).clip_nonzero().end_path();
            }
            Item::Close => {
                self.content.restore_state();
            }
        }
    }

    fn paint_area(&mut self, path: &Path, fill: Color, opacity: f64) {
        self.fade(opacity);
        let [r, g, b] = channels(fill);
        self.content.set_fill_rgb(r, g, b);
        self.trace(path);
        self.content.fill_nonzero();
    }

    fn paint_line(&mut self, path: &Path, stroke: &Stroke) {
        self.fade(stroke.opacity);
        let [r, g, b] = channels(stroke.color);
        let dashes = stroke.dashes().map(|dashes| dashes.map(|v| v as f32));
        self.content
            .set_stroke_rgb(r, g, b)
            .set_line_width(stroke.width as f32)
            .set_line_cap(if stroke.has_round_ends() {
                LineCapStyle::RoundCap
            } else {
                LineCapStyle::ButtCap
            })
            .set_line_join(if stroke.round { LineJoinStyle::RoundJoin } else { LineJoinStyle::MiterJoin })
            .set_dash_pattern(dashes.iter().flatten().copied(), 0.0);
        self.trace(path);
        self.content.stroke();
    }

    /// Sets the opacity of what follows.
    fn fade(&mut self, opacity: f64) {
        let thousandths = (1000.0 * opacity.clamp(0.0, 1.0)).round() as u16;
        self.opacities.insert(thousandths);
        self.content.set_parameters(Name(opacity_name(thousandths).as_bytes()));
    }

    fn trace(&mut self, path: &Path) {
        for step in &path.steps {
            let flat = |p: [f64; 2]| p.map(|v| v as f32);
            match *step {
                Step::Move(p) => {
                    let [x, y] = flat(p);
                    self.content.move_to(x, y);
                }
                Step::Line(p) => {
                    let [x, y] = flat(p);
                    self.content.line_to(x, y);
                }
                Step::Curve(a, b, p) => {
                    let ([ax, ay], [bx, by], [x, y]) = (flat(a), flat(b), flat(p));
                    self.content.cubic_to(ax, ay, bx, by, x, y);
                }
                Step::Close => {
                    self.content.close_path();
                }
            }
        }
    }

    /// Paints cells as a picture, whose pixels have no seams between them.
    fn paint_mosaic(&mut self, mosaic: &'d Mosaic) {
        let (rows, columns) = mosaic.dim();
        let [w, h] = [mosaic.cell[0] * columns as f64, mosaic.cell[1] * rows as f64].map(|v| v as f32);
        let [x, y] = mosaic.origin.map(|v| v as f32);
        self.fade(1.0);
        // A picture fills the unit square, its first row at the top.
        self.content.save_state().transform([w, 0.0, 0.0, -h, x, y + h]);
        self.content.x_object(Name(mosaic_name(self.mosaics.len()).as_bytes())).restore_state();
        self.mosaics.push(mosaic);
    }

    fn paint_text(&mut self, text: &Text) {
        let face = text.style.weight.face();
        let (size, start) = (text.style.size, text.start());
        let (sin, cos) = text.style.rotate.to_radians().sin_cos();
        self.fade(1.0);
        let [r, g, b] = channels(text.style.color);
        self.content.set_fill_rgb(r, g, b).begin_text();
        self.content.set_font(Name(font_name(text.style.weight).as_bytes()), size as f32);
        let [x, y] = [text.at[0] + start * cos, text.at[1] + start * sin];
        self.content.set_text_matrix([cos, sin, sin, -cos, x, y].map(|v| v as f32));
        let used = self.glyphs.entry(text.style.weight).or_default();
        let (mut pen, mut rise) = (0.0, 0.0);
        for placed in face.lay_out(&text.content) {
            used.entry(placed.glyph).or_insert(placed.character);
            if (placed.y - rise).abs() > 1e-9 {
                rise = placed.y;
                self.content.set_rise((size * rise) as f32);
            }
            let mut operation = self.content.show_positioned();
            let mut items = operation.items();
            // Thousandths of an em to the left.
            let back = 1000.0 * (pen - placed.x);
            if back.abs() > 0.01 {
                items.adjust(back as f32);
            }
            items.show(Str(&placed.glyph.to_be_bytes()));
            pen = placed.x + face.advance(placed.glyph);
        }
        if rise != 0.0 {
            self.content.set_rise(0.0);
        }
        self.content.end_text();
    }

    fn written(self, (width, height): (f32, f32), alt: &str, provenance: Option<&str>) -> Vec<u8> {
        let mut pdf = Pdf::new();
        let mut numbers = Numbers(0);
        let [catalog, pages, page, content, info] = std::array::from_fn(|_| numbers.next());
        pdf.catalog(catalog).pages(pages);
        pdf.pages(pages).kids([page]).count(1);
        let mut about = pdf.document_info(info);
        if !alt.is_empty() {
            about.title(TextStr(alt));
        }
        about.producer(TextStr(concat!("brainmass ", env!("CARGO_PKG_VERSION"))));
        if let Some(text) = provenance {
            about.pair(Name(PROVENANCE.as_bytes()), TextStr(text));
        }
        about.finish();

        let fonts: Vec<(Weight, Ref)> = self
            .glyphs
            .iter()
            .map(|(&weight, used)| (weight, write_font(&mut pdf, &mut numbers, weight, used)))
            .collect();
        let mosaics: Vec<Ref> =
            self.mosaics.iter().map(|mosaic| write_mosaic(&mut pdf, numbers.next(), mosaic)).collect();

        let mut described = pdf.page(page);
        described.parent(pages).media_box(PdfRect::new(0.0, 0.0, width, height)).contents(content);
        let mut resources = described.resources();
        let mut named = resources.fonts();
        for (weight, font) in fonts {
            named.pair(Name(font_name(weight).as_bytes()), font);
        }
        named.finish();
        let mut named = resources.x_objects();
        for (index, mosaic) in mosaics.into_iter().enumerate() {
            named.pair(Name(mosaic_name(index).as_bytes()), mosaic);
        }
        named.finish();
        let mut states = resources.ext_g_states();
        for thousandths in self.opacities {
            let opacity = f32::from(thousandths) / 1000.0;
            let mut state = states.insert(Name(opacity_name(thousandths).as_bytes())).dict();
            state.pair(Name(b"CA"), opacity).pair(Name(b"ca"), opacity);
        }
        states.finish();
        resources.finish();
        described.finish();
        let painted = compress_to_vec_zlib(&self.content.finish(), EFFORT);
        pdf.stream(content, &painted).filter(Filter::FlateDecode);
        pdf.finish()
    }
}

fn channels(color: Color) -> [f32; 3] {
    [color.r, color.g, color.b].map(|channel| f32::from(channel) / 255.0)
}

fn opacity_name(thousandths: u16) -> String {
    format!("Opacity{thousandths}")
}

fn mosaic_name(index: usize) -> String {
    format!("Cells{index}")
}

fn font_name(weight: Weight) -> String {
    format!("Inter{}", weight.css())
}

/// Writes a font with the glyphs that are used, and returns the number of its object.
fn write_font(pdf: &mut Pdf, numbers: &mut Numbers, weight: Weight, used: &BTreeMap<u16, char>) -> Ref {
    let face = weight.face();
    let [font, cid_font, descriptor, file, unicode] = std::array::from_fn(|_| numbers.next());
    let style = match weight {
        Weight::Regular => "Regular",
        Weight::SemiBold => "SemiBold",
    };
    // Six letters mark a font of which only a part is there.
    let name = format!("BRMASS+Inter-{style}");
    let name = Name(name.as_bytes());
    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid_font)
        .to_unicode(unicode);
    let mut described = pdf.cid_font(cid_font);
    described.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor);
    described.cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = described.widths();
    for &glyph in used.keys() {
        widths.consecutive(glyph, [1000.0 * face.advance(glyph) as f32]);
    }
    widths.finish();
    described.finish();
    let [left, lower, right, upper] = face.extent().map(|v| 1000.0 * v as f32);
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(PdfRect::new(left, lower, right, upper))
        .italic_angle(0.0)
        .ascent(upper)
        .descent(lower)
        .cap_height(1000.0 * CAP_HEIGHT as f32)
        .stem_v(f32::from(weight.css()) / 5.0)
        .font_file2(file);
    let subset = face.subset(&used.keys().copied().collect());
    let packed = compress_to_vec_zlib(&subset, EFFORT);
    let mut stream = pdf.stream(file, &packed);
    stream.filter(Filter::FlateDecode);
    stream.pair(Name(b"Length1"), subset.len() as i32);
    stream.finish();
    let mut map = UnicodeCmap::<u16>::new(Name(b"Inter"), IDENTITY);
    for (&glyph, &character) in used {
        map.pair(glyph, character);
    }
    pdf.cmap(unicode, &map.finish());
    font
}

fn write_mosaic(pdf: &mut Pdf, id: Ref, mosaic: &Mosaic) -> Ref {
    let (rows, columns) = mosaic.dim();
    let (down, across) = (SHARP.div_ceil(rows.max(1)), SHARP.div_ceil(columns.max(1)));
    let width = columns * across;
    let mut pixels = vec![0; 3 * width * rows * down];
    for (color, runs) in &mosaic.colors {
        for run in runs {
            for row in run.row * down..(run.row + 1) * down {
                let start = row * width + run.column * across;
                for pixel in pixels[3 * start..3 * (start + run.length * across)].chunks_mut(3) {
                    pixel.copy_from_slice(&[color.r, color.g, color.b]);
                }
            }
        }
    }
    let packed = compress_to_vec_zlib(&pixels, EFFORT);
    let mut image = pdf.image_xobject(id, &packed);
    image.filter(Filter::FlateDecode);
    image.width(width as i32).height((rows * down) as i32).bits_per_component(8).interpolate(false);
    image.color_space().device_rgb();
    image.finish();
    id
}

#[cfg(test)]
mod tests {
    use super::super::{Figure, Heatmap, Panel, Series};
    use ndarray::array;

    fn file() -> Vec<u8> {
        let panel =
            Panel::new().title("Decay").draw(Series::new(&[0.0, 1.0], &[1.0, 0.0]).opacity(0.5).label("ẋ"));
        let map = Heatmap::new(&array![[0.0, 1.0], [1.0, 0.5]]);
        Figure::new().title("Two").panel(panel).panel(map).provenance("seed: 1").to_pdf().unwrap()
    }

    /// Returns where a text lies in the file.
    fn find(file: &[u8], text: &str) -> Option<usize> {
        file.windows(text.len()).position(|window| window == text.as_bytes())
    }

    #[test]
    fn the_table_of_objects_leads_to_them() {
        let file = file();
        let table = find(&file, "\nxref\n").expect("a table") + 6;
        let lines: Vec<&str> = std::str::from_utf8(&file[table..]).unwrap().lines().collect();
        let count: usize = lines[0].strip_prefix("0 ").unwrap().parse().unwrap();
        assert!(count > 12, "two fonts of five objects, a picture, a page: {count}");
        for (number, line) in lines[1..=count].iter().enumerate().skip(1) {
            let at: usize = line[..10].parse().unwrap();
            assert!(file[at..].starts_with(format!("{number} 0 obj").as_bytes()), "object {number}");
        }
    }

    #[test]
    fn text_stays_text_and_the_origin_is_kept() {
        let file = file();
        for part in ["/Provenance (seed: 1)", "/Title (Two)", "/BaseFont /BRMASS+Inter-SemiBold", "/CA 0.5"] {
            assert!(find(&file, part).is_some(), "{part}");
        }
        // The map from glyphs to characters knows the title of the panel and the label.
        for character in ['D', 'ẋ'] {
            assert!(
                find(&file, &format!("{:04x}>", u32::from(character)).to_uppercase()).is_some(),
                "{character}"
            );
        }
    }
}
