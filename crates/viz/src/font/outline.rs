//! The outlines of glyphs: the `glyf` table.

use super::tables::{i16_at, place_of_glyph, table, u16_at};

/// A piece of an outline, in ems, y up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Segment {
    /// Begins a contour.
    Move([f64; 2]),
    /// A straight line to a point.
    Line([f64; 2]),
    /// A parabola to the second point, bent towards the first.
    Curve([f64; 2], [f64; 2]),
    /// Ends a contour where it began.
    Close,
}

/// Glyphs may consist of others, these again, but not without end.
const DEEPEST: usize = 6;

/// Returns the outline of a glyph, every coordinate times `scale`; nothing for blanks.
pub(super) fn of(file: &[u8], glyph: u16, scale: f64) -> Vec<Segment> {
    let mut out = Vec::new();
    let _ = add(file, glyph, [0.0, 0.0], DEEPEST, &mut out);
    let scaled = |p: [f64; 2]| p.map(|v| v * scale);
    out.into_iter()
        .map(|segment| match segment {
            Segment::Move(p) => Segment::Move(scaled(p)),
            Segment::Line(p) => Segment::Line(scaled(p)),
            Segment::Curve(a, b) => Segment::Curve(scaled(a), scaled(b)),
            Segment::Close => Segment::Close,
        })
        .collect()
}

/// Returns the left, lower, right and upper end of a glyph in font units.
pub(super) fn bounds(file: &[u8], glyph: u16) -> Option<[i16; 4]> {
    let bytes = data(file, glyph)?;
    Some([i16_at(bytes, 2)?, i16_at(bytes, 4)?, i16_at(bytes, 6)?, i16_at(bytes, 8)?])
}

/// Returns the glyphs that a glyph consists of; none where it has contours of its own.
pub(super) fn parts(file: &[u8], glyph: u16) -> Vec<u16> {
    let mut out = Vec::new();
    let _ = data(file, glyph).and_then(|bytes| each_part(bytes, |part, _| out.push(part)));
    out
}

fn data(file: &[u8], glyph: u16) -> Option<&[u8]> {
    table(file, b"glyf")?.get(place_of_glyph(file, glyph)?).filter(|bytes| !bytes.is_empty())
}

fn add(file: &[u8], glyph: u16, at: [f64; 2], depth: usize, out: &mut Vec<Segment>) -> Option<()> {
    let bytes = data(file, glyph)?;
    match usize::try_from(i16_at(bytes, 0)?) {
        Ok(contours) => add_contours(bytes, contours, at, out),
        Err(_) => each_part(bytes, |part, [x, y]| {
            if depth > 0 {
                let _ = add(file, part, [at[0] + x, at[1] + y], depth - 1, out);
            }
        }),
    }
}

/// Calls `part` with each glyph that a composite glyph consists of and where that stands, in font units. Parts that are turned or scaled stand
/// as they are: the bundled font has none.
fn each_part(bytes: &[u8], mut part: impl FnMut(u16, [f64; 2])) -> Option<()> {
    if i16_at(bytes, 0)? >= 0 {
        return Some(());
    }
    let (words, shifts, scale, more, scale_xy, matrix) = (0x1, 0x2, 0x8, 0x20, 0x40, 0x80);
    let mut at = 10;
    loop {
        let (flags, glyph) = (u16_at(bytes, at)?, u16_at(bytes, at + 2)?);
        let shift = match flags & words {
            0 => [at + 4, at + 5].map(|at| bytes.get(at).map(|&b| i16::from(b.cast_signed()))),
            _ => [at + 4, at + 6].map(|at| i16_at(bytes, at)),
        };
        // Without the flag the two numbers are points to be laid over each other.
        let shift =
            if flags & shifts != 0 { [f64::from(shift[0]?), f64::from(shift[1]?)] } else { [0.0, 0.0] };
        part(glyph, shift);
        at += if flags & words != 0 { 8 } else { 6 };
        at += match () {
            () if flags & scale != 0 => 2,
            () if flags & scale_xy != 0 => 4,
            () if flags & matrix != 0 => 8,
            () => 0,
        };
        if flags & more == 0 {
            return Some(());
        }
    }
}

fn add_contours(bytes: &[u8], contours: usize, at: [f64; 2], out: &mut Vec<Segment>) -> Option<()> {
    let ends: Vec<usize> =
        (0..contours).map(|i| Some(usize::from(u16_at(bytes, 10 + 2 * i)?) + 1)).collect::<Option<_>>()?;
    let count = ends.last().copied().unwrap_or(0);
    let mut place = 10 + 2 * contours;
    place += 2 + usize::from(u16_at(bytes, place)?);

    let (on_curve, x_short, y_short, repeat, x_same, y_same) =
        (0x1_u8, 0x2_u8, 0x4_u8, 0x8_u8, 0x10_u8, 0x20_u8);
    let mut flags = Vec::with_capacity(count);
    while flags.len() < count {
        let flag = *bytes.get(place)?;
        place += 1;
        let mut times = 1;
        if flag & repeat != 0 {
            times += usize::from(*bytes.get(place)?);
            place += 1;
        }
        flags.extend(std::iter::repeat_n(flag, times.min(count - flags.len())));
    }
    let mut coordinates = |short: u8, same: u8| -> Option<Vec<f64>> {
        let mut value = 0_i32;
        flags
            .iter()
            .map(|flag| {
                if flag & short != 0 {
                    let step = i32::from(*bytes.get(place)?);
                    place += 1;
                    value += if flag & same != 0 { step } else { -step };
                } else if flag & same == 0 {
                    value += i32::from(i16_at(bytes, place)?);
                    place += 2;
                }
                Some(f64::from(value))
            })
            .collect()
    };
    let (xs, ys) = (coordinates(x_short, x_same)?, coordinates(y_short, y_same)?);
    let point = |i: usize| ([at[0] + xs[i], at[1] + ys[i]], flags[i] & on_curve != 0);
    let mut start = 0;
    for end in ends {
        let points: Vec<_> = (start..end).map(point).collect();
        add_contour(&points, out);
        start = end;
    }
    Some(())
}

/// Adds a closed contour of points on it and of points that it bends towards; half way between two of the latter lies one on it.
fn add_contour(points: &[([f64; 2], bool)], out: &mut Vec<Segment>) {
    let middle = |a: [f64; 2], b: [f64; 2]| [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
    let (Some(&(first, first_on)), Some(&(last, last_on))) = (points.first(), points.last()) else { return };
    let start = match (first_on, last_on) {
        (true, _) => first,
        (false, true) => last,
        (false, false) => middle(first, last),
    };
    out.push(Segment::Move(start));
    let mut bend: Option<[f64; 2]> = None;
    for &(point, on) in &points[usize::from(first_on)..] {
        match (bend.take(), on) {
            (None, true) => out.push(Segment::Line(point)),
            (Some(towards), true) => out.push(Segment::Curve(towards, point)),
            (None, false) => bend = Some(point),
            (Some(towards), false) => {
                out.push(Segment::Curve(towards, middle(towards, point)));
                bend = Some(point);
            }
        }
    }
    if let Some(towards) = bend {
        out.push(Segment::Curve(towards, start));
    }
    out.push(Segment::Close);
}
