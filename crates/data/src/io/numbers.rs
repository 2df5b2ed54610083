//! Numbers in the cells of tables, and what stands where a number is expected.

use super::shown::Shown;

/// Returns the number that a cell holds, if it holds one.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// Returns whether a cell is empty or holds a word that programs write in place of a number that is missing.
pub(super) fn is_missing(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["NA", "N/A", "#N/A", "#NA", "<NA>", "NULL", "None", "missing", "NaT", ".", "-", "?"];
    text.is_empty() || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Returns what follows the number at the beginning of a cell, if there is one: `" mV"` of `1 mV`, `",5"` of `0,5`.
pub(super) fn after_number(text: &str) -> Option<&str> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take(40).filter(|&end| number(&text[..end]).is_some()).last()?;
    // `nan` and `inf` are numbers to Rust, `nandu` and `information` are none.
    text[..end].ends_with(|c: char| c.is_ascii_digit() || c == '.').then(|| &text[end..])
}

/// Returns whether a cell is a number with a comma where Rust has a point.
pub(super) fn has_decimal_comma(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(',').is_some_and(|(before, after)| {
        let after = after.split(['e', 'E']).next().unwrap_or_default();
        let before = before.trim_start_matches(['+', '-']);
        (before.is_empty() || digits(before)) && digits(after)
    })
}

/// Returns the reason why a cell is no number, as a sentence.
pub(super) fn no_number(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
