//! A small writer of SVG 1.1.
//!
//! Several figures can stand in one HTML page: the only ids are those of clipping rectangles, named by their place and
//! size, so that equal ids mean equal rectangles. There is no CSS besides an embedded font.

use std::fmt::Write as _;

use super::color::Color;
use super::font::{self, Weight};

/// A rectangle in pixels, y down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rect {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl Rect {
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// The rectangle with every edge moved outwards by `by`.
    pub fn grown(&self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub color: Color,
    pub width: f64,
    pub opacity: f64,
    pub dash: Dash,
}

impl Stroke {
    pub fn new(color: Color, width: f64) -> Self {
        Self { color, width, opacity: 1.0, dash: Dash::Solid }
    }

    fn attributes(&self) -> String {
        let mut text = format!(r#" stroke="{}" stroke-width="{}""#, self.color, num(self.width));
        match self.dash {
            Dash::Solid => {}
            Dash::Dashed => {
                let _ = write!(
                    text,
                    r#" stroke-dasharray="{} {}""#,
                    num(4.0 * self.width),
                    num(2.5 * self.width)
                );
            }
            Dash::Dotted => {
                let _ =
                    write!(text, r#" stroke-dasharray="0 {}" stroke-linecap="round""#, num(2.4 * self.width));
            }
        }
        if self.opacity < 1.0 {
            let _ = write!(text, r#" stroke-opacity="{}""#, num(self.opacity));
        }
        text
    }
}

/// Which point of a text its coordinates name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Anchor {
    #[default]
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextStyle {
    pub size: f64,
    pub color: Color,
    pub weight: Weight,
    pub anchor: Anchor,
    /// Rotation in degrees, clockwise.
    pub rotate: f64,
}

impl TextStyle {
    pub fn new(size: f64, color: Color, anchor: Anchor) -> Self {
        Self { size, color, anchor, weight: Weight::Regular, rotate: 0.0 }
    }

    /// Distance from the middle of the capitals down to the baseline.
    pub fn half_height(&self) -> f64 {
        0.5 * font::CAP_HEIGHT * self.size
    }
}

/// The SVG written so far.
#[derive(Debug, Default)]
pub(crate) struct Svg {
    out: String,
    open: Vec<&'static str>,
}

impl Svg {
    /// Opens the root element; `alt` is read out by screen readers.
    pub fn start(&mut self, width: f64, height: f64, alt: &str) {
        let (w, h) = (num(width), num(height));
        self.open_tag("svg", &format!(
            r#" xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" font-family="{}""#,
            font::FAMILY
        ));
        if !alt.is_empty() {
            self.line(&format!("<title>{}</title>", escaped(alt)));
        }
    }

    /// Carries the bundled font inside the file.
    pub fn embed_font(&mut self) {
        let face = |weight: Weight| {
            format!(
                "@font-face{{font-family:Inter;font-weight:{};src:url(data:font/ttf;base64,{})}}",
                weight.css(),
                base64(weight.file())
            )
        };
        self.line(&format!("<style>{}{}</style>", face(Weight::Regular), face(Weight::SemiBold)));
    }

    /// Closes everything that is open and hands over the text.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    /// Opens a group that passes its attributes down.
    pub fn group(&mut self, attributes: &str) {
        self.open_tag("g", attributes);
    }

    /// Opens a group of which only what lies inside of `area` is shown.
    pub fn window(&mut self, area: Rect) {
        let [x, y, w, h] = [area.x, area.y, area.w, area.h].map(num);
        let id = format!("clip-{x}-{y}-{w}-{h}");
        self.line(&format!(
            r#"<clipPath id="{id}"><rect x="{x}" y="{y}" width="{w}" height="{h}"/></clipPath>"#
        ));
        self.open_tag("g", &format!(r#" clip-path="url(#{id})""#));
    }

    /// Closes the innermost group.
    pub fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            self.line(&format!("</{tag}>"));
        }
    }

    pub fn rect(&mut self, area: Rect, fill: Color, opacity: f64) {
        let [x, y, w, h] = [area.x, area.y, area.w, area.h].map(num);
        let opacity =
            if opacity < 1.0 { format!(r#" fill-opacity="{}""#, num(opacity)) } else { String::new() };
        self.line(&format!(r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}"{opacity}/>"#));
    }

    pub fn straight(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], stroke: &Stroke) {
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(num);
        self.line(&format!(r#"<path d="M{x1} {y1}L{x2} {y2}" fill="none"{}/>"#, stroke.attributes()));
    }

    /// A path that is only stroked.
    pub fn stroke(&mut self, data: &str, stroke: &Stroke) {
        if !data.is_empty() {
            self.line(&format!(r#"<path d="{data}" fill="none"{}/>"#, stroke.attributes()));
        }
    }

    /// A path that is only filled.
    pub fn fill(&mut self, data: &str, color: Color, opacity: f64) {
        let opacity =
            if opacity < 1.0 { format!(r#" fill-opacity="{}""#, num(opacity)) } else { String::new() };
        if !data.is_empty() {
            self.line(&format!(r#"<path d="{data}" fill="{color}"{opacity}/>"#));
        }
    }

    pub fn circle(&mut self, [x, y]: [f64; 2], r: f64, fill: Color, opacity: f64, outline: Option<&Stroke>) {
        let [x, y, r] = [x, y, r].map(num);
        let opacity =
            if opacity < 1.0 { format!(r#" fill-opacity="{}""#, num(opacity)) } else { String::new() };
        let outline = outline.map(Stroke::attributes).unwrap_or_default();
        self.line(&format!(r#"<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"{opacity}{outline}/>"#));
    }

    /// Text with its baseline at `y`.
    pub fn text(&mut self, [x, y]: [f64; 2], style: &TextStyle, content: &str) {
        if content.is_empty() {
            return;
        }
        let mut attributes = format!(r#" font-size="{}" fill="{}""#, num(style.size), style.color);
        match style.anchor {
            Anchor::Start => {}
            Anchor::Middle => attributes.push_str(r#" text-anchor="middle""#),
            Anchor::End => attributes.push_str(r#" text-anchor="end""#),
        }
        if style.weight != Weight::Regular {
            let _ = write!(attributes, r#" font-weight="{}""#, style.weight.css());
        }
        let [x, y] = [x, y].map(num);
        if style.rotate != 0.0 {
            let _ = write!(attributes, r#" transform="rotate({} {x} {y})""#, num(style.rotate));
        }
        self.line(&format!(r#"<text x="{x}" y="{y}"{attributes}>{}</text>"#, escaped(content)));
    }

    /// Text whose capitals are centred on `[x, y]` across the reading direction.
    pub fn text_centred(&mut self, [x, y]: [f64; 2], style: &TextStyle, content: &str) {
        let (sin, cos) = style.rotate.to_radians().sin_cos();
        let down = style.half_height();
        self.text([x - down * sin, y + down * cos], style, content);
    }

    fn open_tag(&mut self, tag: &'static str, attributes: &str) {
        self.line(&format!("<{tag}{attributes}>"));
        self.open.push(tag);
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }
}

/// A coordinate with at most two decimals and no idle zeros.
pub(crate) fn num(value: f64) -> String {
    let mut text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    if text == "-0" { "0".into() } else { text }
}

/// Text made safe for XML; characters that XML 1.0 forbids become the replacement character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Base64 with padding (RFC 4648, section 4).
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
    fn base64_matches_the_vectors_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn labels_cannot_break_out_of_their_element() {
        let mut svg = Svg::default();
        svg.start(10.0, 10.0, "</title><script>");
        svg.text([0.0, 0.0], &TextStyle::new(9.0, Color::hex(0), Anchor::Start), "a<b & \"c\"\u{1}]]>");
        let text = svg.finish();
        assert!(!text.contains("<script>"));
        let document = resvg::usvg::roxmltree::Document::parse(&text).unwrap();
        let label = document.descendants().find(|n| n.has_tag_name("text")).unwrap();
        assert_eq!(label.text(), Some("a<b & \"c\"\u{fffd}]]>"));
    }
}
