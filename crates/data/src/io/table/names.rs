//! Names and numbers in cells, and how they are told apart.

use std::borrow::Cow;

use super::text::Cell;
use crate::io::error::Shown;

/// Returns the number that a cell holds, if it holds one.
pub(in crate::io) fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// Returns whether a cell is empty or holds a word that programs write in place of a number that is missing.
fn is_missing(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["NA", "N/A", "#N/A", "#NA", "<NA>", "NULL", "None", "missing", "NaT", ".", "-", "?"];
    text.is_empty() || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Returns what follows the number at the beginning of a cell, if there is one: `" mV"` of `1 mV`, `",5"` of `0,5`.
fn after_number(text: &str) -> Option<&str> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take(40).filter(|&end| number(&text[..end]).is_some()).last()?;
    // `nan` and `inf` are numbers to Rust, `nandu` and `information` are none.
    text[..end].ends_with(|c: char| c.is_ascii_digit() || c == '.').then(|| &text[end..])
}

/// Returns whether a cell is a number with a comma where Rust has a point.
fn has_decimal_comma(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(',').is_some_and(|(before, after)| {
        let after = after.split(['e', 'E']).next().unwrap_or_default();
        let before = before.trim_start_matches(['+', '-']);
        (before.is_empty() || digits(before)) && digits(after)
    })
}

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

/// Returns the reason why a cell is no number, as a sentence.
pub(in crate::io) fn no_number(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.is_empty() {
        return "the cell is empty where a number is expected".to_owned();
    }
    let short: String = text.chars().take(LONGEST).collect();
    let dots = if short.len() < text.len() { "..." } else { "" };
    let cell = format!("`{}{dots}`", Shown(&short));
    if is_missing(text) {
        format!("{cell} stands for a missing value; every cell must hold a number")
    } else if has_decimal_comma(text) {
        format!("{cell} has a decimal comma; write a decimal point")
    } else if after_number(text).is_some_and(|rest| rest.starts_with(' ')) {
        format!("{cell} is not a plain number; leave units out")
    } else {
        format!("{cell} is not a number")
    }
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
    fn cells_that_are_no_numbers_are_explained() {
        for (cell, message) in [
            ("", "the cell is empty where a number is expected"),
            ("NA", "`NA` stands for a missing value; every cell must hold a number"),
            ("#N/A", "`#N/A` stands for a missing value; every cell must hold a number"),
            ("-0,5e3", "`-0,5e3` has a decimal comma; write a decimal point"),
            (",5", "`,5` has a decimal comma; write a decimal point"),
            ("1 mV", "`1 mV` is not a plain number; leave units out"),
            ("x7", "`x7` is not a number"),
            ("\u{1b}[2J", "`\\u{1b}[2J` is not a number"),
        ] {
            assert_eq!(no_number(cell), message);
        }
        assert_eq!(no_number(&"x".repeat(1 << 20)).len(), "`...` is not a number".len() + 60);
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
