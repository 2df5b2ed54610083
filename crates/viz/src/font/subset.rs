//! Font files that hold only the glyphs that a text uses.

use std::collections::BTreeSet;

use super::outline::parts;
use super::tables::{place_of_glyph, table, u16_at};

/// The tables that a reader of PDF needs of a font whose glyphs are asked for by number (ISO 32000-1, section 9.9).
const TABLES: [&[u8; 4]; 6] = [b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"];

/// Returns a TrueType file in which only `glyphs`, and those that they consist of, have outlines. Numbers of glyphs stay.
pub(super) fn of(file: &[u8], glyphs: &BTreeSet<u16>) -> Option<Vec<u8>> {
    let mut wanted = glyphs.clone();
    wanted.insert(0);
    let mut todo: Vec<u16> = wanted.iter().copied().collect();
    while let Some(glyph) = todo.pop() {
        todo.extend(parts(file, glyph).into_iter().filter(|part| wanted.insert(*part)));
    }

    let outlines = table(file, b"glyf")?;
    let count = u16_at(table(file, b"maxp")?, 4)?;
    let (mut glyf, mut loca) = (Vec::new(), vec![0_u32]);
    for glyph in 0..count {
        if wanted.contains(&glyph) {
            glyf.extend_from_slice(outlines.get(place_of_glyph(file, glyph)?)?);
            glyf.resize(glyf.len().next_multiple_of(4), 0);
        }
        loca.push(u32::try_from(glyf.len()).ok()?);
    }
    // Offsets are whole numbers of bytes (format 1 of the head table).
    let mut head = table(file, b"head")?.to_vec();
    head.get_mut(50..52)?.copy_from_slice(&[0, 1]);
    let loca: Vec<u8> = loca.into_iter().flat_map(u32::to_be_bytes).collect();

    let count = u16::try_from(TABLES.len()).ok()?;
    let power = count.ilog2();
    let range = 16_u16 << power;
    let mut out = [&[0, 1, 0, 0][..], &count.to_be_bytes(), &range.to_be_bytes()].concat();
    out.extend(u16::try_from(power).ok()?.to_be_bytes());
    out.extend((16 * count - range).to_be_bytes());
    let mut body = Vec::new();
    for tag in TABLES {
        let bytes = match tag {
            b"glyf" => &glyf[..],
            b"head" => &head,
            b"loca" => &loca,
            tag => table(file, tag)?,
        };
        out.extend_from_slice(tag);
        out.extend(checksum(bytes).to_be_bytes());
        out.extend(u32::try_from(12 + 16 * TABLES.len() + body.len()).ok()?.to_be_bytes());
        out.extend(u32::try_from(bytes.len()).ok()?.to_be_bytes());
        body.extend_from_slice(bytes);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    out.extend(body);
    Some(out)
}

/// Returns the sum of a table's numbers of four bytes.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0_u32, |sum, chunk| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Weight;
    use super::*;

    #[test]
    fn a_subset_is_small_and_looks_the_same() {
        let face = Weight::Regular.face();
        let glyphs: BTreeSet<u16> = face.lay_out("Zeitverlauf é").map(|placed| placed.glyph).collect();
        let file = face.subset(&glyphs);
        assert!(file.len() < 12_000, "{} bytes", file.len());
        let outline = |file: &[u8], glyph| super::super::outline::of(file, glyph, 1.0);
        for &glyph in &glyphs {
            assert_eq!(outline(&file, glyph), outline(face.file, glyph));
        }
        let unused = face.lay_out("W").next().unwrap().glyph;
        assert!(outline(&file, unused).is_empty() && !outline(face.file, unused).is_empty());
    }
}
