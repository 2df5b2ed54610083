//! Drawings as SVG 1.1.
//!
//! Several figures can stand in one HTML page: the only ids are those of clipping rectangles, named by their place and
//! size, so that equal ids mean equal rectangles. There is no CSS besides an embedded font.

use std::fmt::Write as _;

use super::drawing::{Anchor, Drawing, Item, Mosaic, Path, Rect, Step, Stroke, Text};
use super::font::{self, Weight};

/// Writes a drawing as a whole file. `provenance` is kept as metadata; `embed_font` puts the bundled font into the file.
pub(crate) fn document(drawing: &Drawing, provenance: Option<&str>, embed_font: bool) -> String {
    let [w, h] = [drawing.size.0, drawing.size.1].map(num);
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" font-family="{}">"#,
        font::FAMILY
    );
    out.push('\n');
    if !drawing.alt.is_empty() {
        let _ = writeln!(out, "<title>{}</title>", escaped(&drawing.alt));
    }
    if let Some(text) = provenance {
        let _ = writeln!(out, "<metadata>{}</metadata>", escaped(&without_forbidden(text)));
    }
    if embed_font {
        let face = |weight: Weight| {
            format!(
                "@font-face{{font-family:Inter;font-weight:{};src:url(data:font/ttf;base64,{})}}",
                weight.css(),
                base64(weight.file())
            )
        };
        let _ = writeln!(out, "<style>{}{}</style>", face(Weight::Regular), face(Weight::SemiBold));
    }
    let _ = writeln!(out, r#"<rect x="0" y="0" width="{w}" height="{h}" fill="{}"/>"#, drawing.background);
    out.push_str(&body(drawing));
    out.push_str("</svg>\n");
    out
}

/// Writes what a drawing consists of, one element a line.
pub(crate) fn body(drawing: &Drawing) -> String {
    let mut out = String::new();
    for item in &drawing.items {
        let _ = match item {
            Item::Rect { area, fill, opacity } => {
                let [x, y, w, h] = [area.x, area.y, area.w, area.h].map(num);
                writeln!(
                    out,
                    r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}"{}/>"#,
                    fading(*opacity)
                )
            }
            Item::Circle { centre, radius, fill, opacity, outline } => {
                let [x, y, r] = [centre[0], centre[1], *radius].map(num);
                let outline = outline.as_ref().map(attributes).unwrap_or_default();
                writeln!(
                    out,
                    r#"<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"{}{outline}/>"#,
                    fading(*opacity)
                )
            }
            Item::Line { path, stroke } => {
                writeln!(out, r#"<path d="{}" fill="none"{}/>"#, data(path), attributes(stroke))
            }
            Item::Area { path, fill, opacity } => {
                writeln!(out, r#"<path d="{}" fill="{fill}"{}/>"#, data(path), fading(*opacity))
            }
            Item::Mosaic(mosaic) => writeln!(out, "{}", cells(mosaic)),
            Item::Text(text) => writeln!(out, "{}", line_of_text(text)),
            Item::Group => writeln!(out, "<g>"),
            Item::Window(area) => writeln!(out, "{}", window(area)),
            Item::Close => writeln!(out, "</g>"),
        };
    }
    out
}

fn fading(opacity: f64) -> String {
    if opacity < 1.0 { format!(r#" fill-opacity="{}""#, num(opacity)) } else { String::new() }
}

fn attributes(stroke: &Stroke) -> String {
    let mut text = format!(r#" stroke="{}" stroke-width="{}""#, stroke.color, num(stroke.width));
    if let Some([dash, gap]) = stroke.dashes() {
        let _ = write!(text, r#" stroke-dasharray="{} {}""#, num(dash), num(gap));
    }
    if stroke.has_round_ends() {
        text.push_str(r#" stroke-linecap="round""#);
    }
    if stroke.round {
        text.push_str(r#" stroke-linejoin="round""#);
    }
    if stroke.opacity < 1.0 {
        let _ = write!(text, r#" stroke-opacity="{}""#, num(stroke.opacity));
    }
    text
}

fn window(area: &Rect) -> String {
    let [x, y, w, h] = [area.x, area.y, area.w, area.h].map(num);
    let id = format!("clip-{x}-{y}-{w}-{h}");
    format!(
        "<clipPath id=\"{id}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath>\n<g clip-path=\"url(#{id})\">"
    )
}

fn line_of_text(text: &Text) -> String {
    let style = &text.style;
    let mut attributes = format!(r#" font-size="{}" fill="{}""#, num(style.size), style.color);
    match style.anchor {
        Anchor::Start => {}
        Anchor::Middle => attributes.push_str(r#" text-anchor="middle""#),
        Anchor::End => attributes.push_str(r#" text-anchor="end""#),
    }
    if style.weight != Weight::Regular {
        let _ = write!(attributes, r#" font-weight="{}""#, style.weight.css());
    }
    let [x, y] = text.at.map(num);
    if style.rotate != 0.0 {
        let _ = write!(attributes, r#" transform="rotate({} {x} {y})""#, num(style.rotate));
    }
    format!(r#"<text x="{x}" y="{y}"{attributes}>{}</text>"#, escaped(&text.content))
}

/// Returns a group in which a cell is one unit wide and high, with a path for each colour.
fn cells(mosaic: &Mosaic) -> String {
    let mut out = format!(
        r#"<g transform="translate({} {}) scale({:.5} {:.5})" shape-rendering="crispEdges">"#,
        num(mosaic.origin[0]),
        num(mosaic.origin[1]),
        mosaic.cell[0],
        mosaic.cell[1]
    );
    for (color, runs) in &mosaic.colors {
        out.push_str("\n<path d=\"M0 0");
        // Where the path has come to: below the last run, at its left.
        let [mut x, mut y] = [0, 0];
        for run in runs {
            let _ = write!(
                out,
                "m{} {}h{length}v1h-{length}",
                run.column as i64 - x as i64,
                run.row as i64 - y as i64,
                length = run.length
            );
            [x, y] = [run.column, run.row + 1];
        }
        let _ = write!(out, r#"" fill="{color}"/>"#);
    }
    out.push_str("\n</g>");
    out
}

/// Returns the path data in tenths of a pixel, relative after the first point.
fn data(path: &Path) -> String {
    let tenths = |p: [f64; 2]| p.map(|v| (10.0 * v).round() as i64);
    let mut out = String::new();
    let (mut last, mut start, mut stands) = ([0, 0], [0, 0], false);
    // A piece that goes nowhere is written all the same: under round ends it is a dot.
    let dot = |out: &mut String, stands: bool| {
        if stands {
            out.push_str("h0");
        }
    };
    for step in &path.steps {
        match *step {
            Step::Move(p) => {
                dot(&mut out, stands);
                last = tenths(p);
                (start, stands) = (last, true);
                write_pair(&mut out, 'M', last);
            }
            Step::Line(p) => {
                let at = tenths(p);
                match [at[0] - last[0], at[1] - last[1]] {
                    [0, 0] => continue,
                    [dx, 0] => write_one(&mut out, 'h', dx),
                    [0, dy] => write_one(&mut out, 'v', dy),
                    by => write_pair(&mut out, 'l', by),
                }
                (last, stands) = (at, false);
            }
            Step::Curve(a, b, p) => {
                let relative = |p| {
                    let at = tenths(p);
                    [at[0] - last[0], at[1] - last[1]]
                };
                write_pair(&mut out, 'c', relative(a));
                write_pair(&mut out, ' ', relative(b));
                write_pair(&mut out, ' ', relative(p));
                (last, stands) = (tenths(p), false);
            }
            Step::Close => {
                out.push('z');
                (last, stands) = (start, false);
            }
        }
    }
    dot(&mut out, stands);
    out
}

fn write_pair(out: &mut String, command: char, [x, y]: [i64; 2]) {
    write_one(out, command, x);
    if y >= 0 {
        out.push(' ');
    }
    write_number(out, y);
}

fn write_one(out: &mut String, command: char, value: i64) {
    out.push(command);
    write_number(out, value);
}

fn write_number(out: &mut String, tenths: i64) {
    let sign = if tenths < 0 { "-" } else { "" };
    let _ = match (tenths.abs() / 10, tenths.abs() % 10) {
        (whole, 0) => write!(out, "{sign}{whole}"),
        (0, tenth) => write!(out, "{sign}.{tenth}"),
        (whole, tenth) => write!(out, "{sign}{whole}.{tenth}"),
    };
}

/// Returns a coordinate with at most two decimals and no idle zeros.
fn num(value: f64) -> String {
    let mut text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    if text == "-0" { "0".into() } else { text }
}

/// Returns text made safe for XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Returns the text with its breaks, without characters that XML 1.0 forbids. A carriage return would be read back as a line feed.
fn without_forbidden(text: &str) -> String {
    let allowed =
        |c: &char| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(allowed).collect()
}

/// Returns Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_usize, |bits, &b| bits << 8 | usize::from(b)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let used = digit <= chunk.len();
            out.push(if used { char::from(DIGITS[bits >> (18 - 6 * digit) & 63]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::color::Color;
    use super::super::drawing::TextStyle;
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in
            [(1.0, "1"), (0.1 + 0.2, "0.3"), (-0.001, "0"), (12.345, "12.35"), (f64::NAN, "0")]
        {
            assert_eq!(num(value), text);
        }
    }

    #[test]
    fn paths_are_short_and_lone_points_stay() {
        let lines =
            [vec![[0.0, 0.0], [1.0, 5.0]], vec![[3.0, 3.0]], vec![[5.0, 5.0], [6.0, 0.0], [6.04, 0.0]]];
        assert_eq!(data(&Path::lines(&lines)), "M0 0l1 5M3 3h0M5 5l1-5");
        assert_eq!(data(&Path::rect(Rect { x: 0.5, y: 1.0, w: 2.0, h: 3.0 })), "M.5 1h2v3h-2z");
        assert_eq!(data(&Path::left_half_disc([5.0, 5.0], 2.0)), "M5 3c-1.1 0 -2 .9 -2 2c0 1.1 .9 2 2 2z");
    }

    #[test]
    fn base64_matches_the_vectors_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn labels_cannot_break_out_of_their_element() {
        let mut drawing = Drawing::new((10.0, 10.0), Color::hex(0xffffff), "</title><script>");
        drawing.text([0.0, 0.0], &TextStyle::new(9.0, Color::hex(0), Anchor::Start), "a<b & \"c\"\u{1}]]>");
        let text = document(&drawing, Some("</metadata><script>\u{0}\na: \"b\" & c"), false);
        assert!(!text.contains("<script>"));
        let document = resvg::usvg::roxmltree::Document::parse(&text).unwrap();
        let find = |tag| document.descendants().find(|n| n.has_tag_name(tag)).unwrap().text();
        assert_eq!(find("text"), Some("a<b & \"c\"\u{fffd}]]>"));
        assert_eq!(find("metadata"), Some("</metadata><script>\na: \"b\" & c"));
    }
}
