//! Kerning: how much nearer two neighbours stand than their advances say, from the `GPOS` table.
//!
//! Read are adjustments of pairs (lookups of type 2), which are all that the bundled font has for Latin and Greek but a few signs.

use std::collections::BTreeMap;

use super::tables::{i16_at, table, u16_at, u32_at};

/// The type of lookups that adjust pairs.
const PAIR: u16 = 2;
/// The type of lookups that lead to another, which lies far away in the table.
const EXTENSION: u16 = 9;

/// The adjustments of a font, in the order in which they are asked.
#[derive(Debug, Default)]
pub(super) struct Kerning {
    tables: Vec<Pairs>,
}

/// One table of adjustments in font units.
#[derive(Debug)]
enum Pairs {
    /// Adjustments by the two glyphs.
    Glyphs(BTreeMap<(u16, u16), i16>),
    /// Adjustments by the classes of the two glyphs; a left glyph without class is not adjusted by this table.
    Classes { left: BTreeMap<u16, usize>, right: BTreeMap<u16, usize>, columns: usize, values: Vec<i16> },
}

impl Kerning {
    /// Reads the adjustments of a font file; none where the table is missing or not understood.
    pub fn read(file: &[u8]) -> Self {
        let mut tables = Vec::new();
        let _ = table(file, b"GPOS")
            .and_then(|gpos| each_pair_table(gpos, |subtable| tables.extend(pairs(subtable))));
        Self { tables }
    }

    /// Returns what is added to the advance of `left` before `right`, in font units.
    pub fn between(&self, left: u16, right: u16) -> i16 {
        let found = self.tables.iter().find_map(|pairs| match pairs {
            Pairs::Glyphs(values) => values.get(&(left, right)).copied(),
            Pairs::Classes { left: firsts, right: seconds, columns, values } => {
                let class = seconds.get(&right).copied().unwrap_or(0);
                firsts.get(&left).and_then(|first| values.get(first * columns + class)).copied()
            }
        });
        found.unwrap_or(0)
    }
}

/// Calls `each` with every table of pairs, in their order.
fn each_pair_table(gpos: &[u8], mut each: impl FnMut(&[u8])) -> Option<()> {
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
            if kind == PAIR {
                each(subtable);
            }
        }
    }
    Some(())
}

fn pairs(subtable: &[u8]) -> Option<Pairs> {
    let covered = coverage(subtable.get(usize::from(u16_at(subtable, 2)?)..)?)?;
    // Records of the first and of the second glyph hold a number for each bit of these; the advance has the third bit.
    let formats = [u16_at(subtable, 4)?, u16_at(subtable, 6)?];
    let [first, second] = formats.map(|format| 2 * format.count_ones() as usize);
    let advance = |record: usize, bytes: &[u8]| match formats[0] & 4 {
        0 => Some(0),
        _ => i16_at(bytes, record + 2 * (formats[0] & 3).count_ones() as usize),
    };
    match u16_at(subtable, 0)? {
        1 => {
            let mut values = BTreeMap::new();
            for (place, left) in covered.into_iter().enumerate() {
                let set = subtable.get(usize::from(u16_at(subtable, 10 + 2 * place)?)..)?;
                for at in (0..usize::from(u16_at(set, 0)?)).map(|i| 2 + (2 + first + second) * i) {
                    values.insert((left, u16_at(set, at)?), advance(at + 2, set)?);
                }
            }
            Some(Pairs::Glyphs(values))
        }
        2 => {
            let classes = |at: usize| classes(subtable.get(usize::from(u16_at(subtable, at)?)..)?);
            let (firsts, right) = (classes(8)?, classes(10)?);
            let left =
                covered.iter().map(|glyph| (*glyph, firsts.get(glyph).copied().unwrap_or(0))).collect();
            let (rows, columns) = (usize::from(u16_at(subtable, 12)?), usize::from(u16_at(subtable, 14)?));
            let records = (0..rows * columns).map(|i| 16 + i * (first + second));
            let values = records.map(|at| advance(at, subtable)).collect::<Option<_>>()?;
            Some(Pairs::Classes { left, right, columns, values })
        }
        _ => None,
    }
}

/// Returns the glyphs of a coverage table, in their order.
fn coverage(bytes: &[u8]) -> Option<Vec<u16>> {
    let count = usize::from(u16_at(bytes, 2)?);
    match u16_at(bytes, 0)? {
        1 => (0..count).map(|i| u16_at(bytes, 4 + 2 * i)).collect(),
        2 => {
            let mut glyphs = Vec::new();
            for at in (0..count).map(|i| 4 + 6 * i) {
                glyphs.extend(u16_at(bytes, at)?..=u16_at(bytes, at + 2)?);
            }
            Some(glyphs)
        }
        _ => None,
    }
}

/// Returns the class of each glyph that has one other than 0.
fn classes(bytes: &[u8]) -> Option<BTreeMap<u16, usize>> {
    let mut classes = BTreeMap::new();
    match u16_at(bytes, 0)? {
        1 => {
            let first = u16_at(bytes, 2)?;
            for i in 0..u16_at(bytes, 4)? {
                classes.insert(first.checked_add(i)?, usize::from(u16_at(bytes, 6 + 2 * usize::from(i))?));
            }
        }
        2 => {
            for at in (0..usize::from(u16_at(bytes, 2)?)).map(|i| 4 + 6 * i) {
                let class = usize::from(u16_at(bytes, at + 4)?);
                classes.extend((u16_at(bytes, at)?..=u16_at(bytes, at + 2)?).map(|glyph| (glyph, class)));
            }
        }
        _ => return None,
    }
    Some(classes)
}
