//! The tables of a TrueType file. Whatever is not as it should be reads as `None`.

use std::collections::BTreeMap;

/// Returns the font units per em.
pub(super) fn units_per_em(file: &[u8]) -> Option<f64> {
    Some(f64::from(u16_at(table(file, b"head")?, 18)?)).filter(|units| *units > 0.0)
}

/// Returns the left, lower, right and upper end of all glyphs together, in font units.
pub(super) fn extent(file: &[u8]) -> Option<[i16; 4]> {
    let head = table(file, b"head")?;
    Some([i16_at(head, 36)?, i16_at(head, 38)?, i16_at(head, 40)?, i16_at(head, 42)?])
}

/// Returns how far the pen moves on after each glyph, in font units. Glyphs beyond the end advance as the last does.
pub(super) fn advances(file: &[u8]) -> Option<Vec<u16>> {
    let count = usize::from(u16_at(table(file, b"hhea")?, 34)?);
    let metrics = table(file, b"hmtx")?;
    (0..count).map(|glyph| u16_at(metrics, 4 * glyph)).collect()
}

/// Returns the glyph of each character of the basic multilingual plane.
pub(super) fn characters(file: &[u8]) -> Option<BTreeMap<char, u16>> {
    let map = segment_map(table(file, b"cmap")?)?;
    let segments = usize::from(u16_at(map, 6)? / 2);
    let mut glyphs = BTreeMap::new();
    for segment in 0..segments {
        let end = u16_at(map, 14 + 2 * segment)?;
        let start = u16_at(map, 16 + 2 * (segments + segment))?;
        let delta = u16_at(map, 16 + 2 * (2 * segments + segment))?;
        let offset_at = 16 + 2 * (3 * segments + segment);
        let offset = u16_at(map, offset_at)?;
        for code in start..=end.min(0xfffe) {
            let glyph = match offset {
                0 => code.wrapping_add(delta),
                _ => match u16_at(map, offset_at + usize::from(offset) + 2 * usize::from(code - start))? {
                    0 => 0,
                    glyph => glyph.wrapping_add(delta),
                },
            };
            if let (Some(c), 1..) = (char::from_u32(code.into()), glyph) {
                glyphs.insert(c, glyph);
            }
        }
    }
    Some(glyphs)
}

/// Returns the `cmap` subtable of format 4 (segments of the basic multilingual plane).
fn segment_map(cmap: &[u8]) -> Option<&[u8]> {
    (0..usize::from(u16_at(cmap, 2)?))
        .filter_map(|record| cmap.get(u32_at(cmap, 4 + 8 * record + 4)?..))
        .find(|map| u16_at(map, 0) == Some(4))
}

/// Returns the place of a glyph's outline in the `glyf` table, in bytes.
pub(super) fn place_of_glyph(file: &[u8], glyph: u16) -> Option<std::ops::Range<usize>> {
    let (head, loca, glyph) = (table(file, b"head")?, table(file, b"loca")?, usize::from(glyph));
    // Whole offsets where the format is 1, halves otherwise.
    let offset = |i: usize| match u16_at(head, 50)? {
        0 => Some(2 * usize::from(u16_at(loca, 2 * i)?)),
        _ => u32_at(loca, 4 * i),
    };
    Some(offset(glyph)?..offset(glyph + 1)?)
}

/// Returns the bytes of a table.
pub(super) fn table<'a>(file: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    (0..usize::from(u16_at(file, 4)?))
        .map(|record| 12 + 16 * record)
        .find(|&at| file.get(at..at + 4) == Some(tag))
        .and_then(|at| {
            let (start, length) = (u32_at(file, at + 8)?, u32_at(file, at + 12)?);
            file.get(start..start.checked_add(length)?)
        })
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(super) fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    u16_at(bytes, at).map(u16::cast_signed)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}
