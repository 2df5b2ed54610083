//! Names in cells, and how they are told from numbers.

use std::borrow::Cow;

use super::text::Cell;
use crate::io::numbers::{after_number, has_decimal_comma, is_missing, number};

/// Returns whether a cell is what is written above names of rows.
pub(super) fn is_corner(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "region", "regions", "roi", "rois", "area", "areas", "node", "nodes", "parcel", "parcels", "label",
        "labels", "name", "names", "id", "index",
    ];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Returns whether a cell is a number with a unit, or one that is written in another way than numbers are here.
pub(super) fn is_quantity(text: &str) -> bool {
    const LONGEST: usize = 6;
    has_decimal_comma(text)
        || after_number(text).is_some_and(|rest| {
            let unit = rest.trim();
            unit.chars().count() <= LONGEST && !unit.contains(['_', '-'])
        })
}

/// Returns whether a cell is the name of a row or column.
///
/// Numbers are none, nor is what stands for a number that is missing. Atlases have names such as `3a` and `5mv`, which
/// may be quantities elsewhere, so these are left to [`are_names`].
pub(super) fn is_name(cell: &Cell) -> bool {
    number(&cell.text).is_none() && !is_missing(&cell.text)
}

/// Returns whether cells are names of rows or columns: each is one and not all may be quantities.
pub(super) fn are_names(cells: &[Cell]) -> bool {
    !cells.is_empty() && cells.iter().all(is_name) && !cells.iter().all(|cell| is_quantity(&cell.text))
}

/// The characters that make a spreadsheet take a cell for a formula.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// Returns a name as it is written: one that a spreadsheet would compute is put behind an apostrophe, which makes it
/// text there.
///
/// So is one that begins with an apostrophe before such a character, so that [`without_guard`] gives back every name.
pub(super) fn with_guard(name: &str) -> Cow<'_, str> {
    if name.trim_start_matches('\'').starts_with(FORMULA) {
        Cow::Owned(format!("'{name}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Returns a name as it was before [`with_guard`].
pub(in crate::io) fn without_guard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(name) if name.trim_start_matches('\'').starts_with(FORMULA) => name,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells<'a>(texts: &[&'a str]) -> Vec<Cell<'a>> {
        texts.iter().map(|text| Cell { text: Cow::Borrowed(text), quoted: false }).collect()
    }

    #[test]
    fn names_of_atlases_are_names_and_quantities_are_not() {
        for names in [
            &["V1", "V2"][..],
            &["V1", "3a", "3b", "5mv"],
            &["7Networks_LH_Vis_1", "7Networks_LH_Vis_2"],
            &["lh.bankssts", "rh.bankssts"],
            &["t_ms", "x[0] (mV)"],
            &["information", "nandu"],
            &["größer", "脳"],
        ] {
            assert!(are_names(&cells(names)), "{names:?}");
        }
        for row in [
            &["1", "NA"][..],
            &["NA", "NA"],
            &["V1", ""],
            &["1 mV", "10 mV"],
            &["0,5", "1,5"],
            &["1mV"],
            &["50%", "60%"],
            &["-", "-"],
            &["nan", "inf"],
            &[],
        ] {
            assert!(!are_names(&cells(row)), "{row:?}");
        }
    }

    #[test]
    fn formulas_are_guarded_and_come_back() {
        for name in ["=1+1", "+x", "-x", "@x", "'=x", "''-x"] {
            assert!(with_guard(name).starts_with('\''));
            assert_eq!(without_guard(&with_guard(name)), name);
        }
        for name in ["x", "'x", "a=b", ""] {
            assert_eq!(with_guard(name), name);
            assert_eq!(without_guard(name), name);
        }
    }
}
