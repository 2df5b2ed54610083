//! Kerning: how much nearer two neighbours stand than their advances say, from the `GPOS` table.
//!
//! Read are adjustments of pairs (lookups of type 2), which are all that the bundled font has for Latin and Greek.

use super::tables::{i16_at, table, u16_at, u32_at};

/// Lookup types: of pairs, and of lookups that lie far away in the table.
const PAIR: u16 = 2;
const EXTENSION: u16 = 9;

/// Returns what is added to the advance of `left` before `right`, in font units.
pub(super) fn between(file: &[u8], left: u16, right: u16) -> i16 {
    table(file, b"GPOS").and_then(|gpos| search(gpos, left, right)).unwrap_or(0)
}

fn search(gpos: &[u8], left: u16, right: u16) -> Option<i16> {
    let lookups = gpos.get(usize::from(u16_at(gpos, 8)?)..)?;
    for i in 0..usize::from(u16_at(lookups, 0)?) {
        let lookup = lookups.get(usize::from(u16_at(lookups, 2 + 2 * i)?)..)?;
        for j in 0..usize::from(u16_at(lookup, 4)?) {
            let mut kind = u16_at(lookup, 0)?;
            let mut subtable = lookup.get(usize::from(u16_at(lookup, 6 + 2 * j)?)..)?;
            if kind == EXTENSION {
                kind = u16_at(subtable, 2)?;
                subtable = subtable.get(u32_at(subtable, 4)?..)?;
            }
            if kind == PAIR
                && let Some(adjustment) = of_pair(subtable, left, right)
            {
                return Some(adjustment);
            }
        }
    }
    None
}

/// The adjustment that a subtable has for a pair; `None` where it has none.
fn of_pair(subtable: &[u8], left: u16, right: u16) -> Option<i16> {
    let covered = coverage(subtable.get(usize::from(u16_at(subtable, 2)?)..)?, left)?;
    // Records of the first and of the second glyph hold a number for each bit of these; the advance has the third bit.
    let formats = [u16_at(subtable, 4)?, u16_at(subtable, 6)?];
    let sizes = formats.map(|format| 2 * format.count_ones() as usize);
    let advance = |record: usize, bytes: &[u8]| match formats[0] & 4 {
        0 => Some(0),
        _ => i16_at(bytes, record + 2 * (formats[0] & 3).count_ones() as usize),
    };
    match u16_at(subtable, 0)? {
        1 => {
            let pairs = subtable.get(usize::from(u16_at(subtable, 10 + 2 * covered)?)..)?;
            let step = 2 + sizes[0] + sizes[1];
            let at = (0..usize::from(u16_at(pairs, 0)?))
                .map(|i| 2 + step * i)
                .find(|&at| u16_at(pairs, at) == Some(right))?;
            advance(at + 2, pairs)
        }
        2 => {
            let class =
                |at: usize, glyph| class_of(subtable.get(usize::from(u16_at(subtable, at)?)..)?, glyph);
            let (first, second) = (class(8, left)?, class(10, right)?);
            let columns = usize::from(u16_at(subtable, 14)?);
            advance(16 + (first * columns + second) * (sizes[0] + sizes[1]), subtable)
        }
        _ => None,
    }
}

/// The place of a glyph in a coverage table.
fn coverage(bytes: &[u8], glyph: u16) -> Option<usize> {
    let count = usize::from(u16_at(bytes, 2)?);
    match u16_at(bytes, 0)? {
        1 => (0..count).find(|i| u16_at(bytes, 4 + 2 * i) == Some(glyph)),
        2 => (0..count).map(|i| 4 + 6 * i).find_map(|at| {
            let (first, last) = (u16_at(bytes, at)?, u16_at(bytes, at + 2)?);
            let inside = (first..=last).contains(&glyph);
            inside.then(|| Some(usize::from(u16_at(bytes, at + 4)?) + usize::from(glyph - first)))?
        }),
        _ => None,
    }
}

/// The class of a glyph; 0 for those that are not listed.
fn class_of(bytes: &[u8], glyph: u16) -> Option<usize> {
    match u16_at(bytes, 0)? {
        1 => {
            let (first, count) = (u16_at(bytes, 2)?, u16_at(bytes, 4)?);
            match glyph.checked_sub(first) {
                Some(i) if i < count => Some(usize::from(u16_at(bytes, 6 + 2 * usize::from(i))?)),
                _ => Some(0),
            }
        }
        2 => {
            let ranges = (0..usize::from(u16_at(bytes, 2)?)).map(|i| 4 + 6 * i);
            let found = ranges
                .filter_map(|at| Some((u16_at(bytes, at)?..=u16_at(bytes, at + 2)?, u16_at(bytes, at + 4)?)))
                .find(|(glyphs, _)| glyphs.contains(&glyph));
            Some(found.map_or(0, |(_, class)| usize::from(class)))
        }
        _ => None,
    }
}
