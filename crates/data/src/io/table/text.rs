//! Lines and cells of a table, from its bytes.

use std::borrow::Cow;

use super::format::{CELL_LIMIT, COLUMN_LIMIT, Delimiter};
use crate::io::Problem;

/// The text of a table and what parts its cells.
#[derive(Clone, Copy)]
pub(in crate::io) struct Text<'a> {
    text: &'a str,
    delimiter: Delimiter,
    /// Whether every line ends in a delimiter that parts nothing.
    trailing: bool,
    /// Lines before the text.
    before: usize,
}

/// A cell as it stands in a line.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::io) struct Cell<'a> {
    /// Its text without the white space and the quotes around it.
    pub text: Cow<'a, str>,
    /// Whether it stood in quotes.
    pub quoted: bool,
}

impl<'a> Text<'a> {
    /// Decodes a table and finds out what parts its cells where `delimiter` does not say.
    pub fn new(bytes: &'a [u8], delimiter: Delimiter) -> Result<Self, Problem> {
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(Problem::Utf16);
        }
        // Whatever stands in them, so many lines are too many; they are counted before any is looked at.
        if bytes.iter().filter(|&&byte| byte == b'\n').count() > CELL_LIMIT {
            return Err(Problem::TooMany { what: "cells", limit: CELL_LIMIT });
        }
        let text = str::from_utf8(bytes).map_err(|error| Problem::Encoding {
            line: 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count(),
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut found = Self { text, delimiter, trailing: false, before: 0 };
        let first = found.lines().next();
        if let Some(stated) = first.and_then(|(_, line)| stated(line)) {
            // Spreadsheets write it so that others of them know.
            let rest = text.split_once(['\r', '\n']).map_or("", |(_, rest)| rest);
            found = Self { text: rest.strip_prefix('\n').unwrap_or(rest), before: 1, ..found };
            if delimiter == Delimiter::Detect {
                found.delimiter = Delimiter::Character(stated);
            }
        } else if delimiter == Delimiter::Detect {
            found.delimiter = detect(first.map_or("", |(_, line)| line));
        }
        // Some programs end each line in a tab. After a comma a number may be missing.
        if found.delimiter == Delimiter::Character('\t') {
            found.trailing = found.lines().all(|(_, line)| line.trim_end_matches(' ').ends_with('\t'));
        }
        Ok(found)
    }

    /// Iterates over the lines that hold cells, with their numbers from 1: neither empty ones nor comments.
    pub fn lines(self) -> impl Iterator<Item = (usize, &'a str)> + Clone {
        self.all_lines().filter(|(_, line)| !line.trim().is_empty() && !is_comment(line))
    }

    /// Returns the number of the first empty line between two that hold cells.
    pub fn first_gap(self) -> Option<usize> {
        let mut gap = None;
        let mut begun = false;
        for (number, line) in self.all_lines() {
            if line.trim().is_empty() {
                if begun && gap.is_none() {
                    gap = Some(number);
                }
            } else if !is_comment(line) {
                if gap.is_some() {
                    return gap;
                }
                begun = true;
            }
        }
        None
    }

    /// Iterates over all lines, which end in a line feed, a carriage return or both.
    fn all_lines(self) -> impl Iterator<Item = (usize, &'a str)> + Clone {
        let text = self.text;
        let mut start = Some(0);
        // The next line feed is looked for once, however many lines before it end in a carriage return.
        let mut feed = None;
        let lines = std::iter::from_fn(move || {
            let at = start?;
            let to = match feed {
                Some(to) if to >= at => to,
                _ => *feed.insert(text[at..].find('\n').map_or(text.len(), |length| at + length)),
            };
            let end = text[at..to].find('\r').map_or(to, |length| at + length);
            let pair = text[end..].starts_with("\r\n");
            start = (end < text.len()).then_some(end + if pair { 2 } else { 1 });
            Some(&text[at..end])
        });
        let before = self.before;
        lines.enumerate().map(move |(index, line)| (before + index + 1, line))
    }

    /// Puts the cells of a line in place of what is in `cells`; there may be at most [`COLUMN_LIMIT`].
    pub fn split(self, (number, line): (usize, &'a str), cells: &mut Vec<Cell<'a>>) -> Result<(), Problem> {
        cells.clear();
        let separates = |c: char| match self.delimiter {
            Delimiter::Character(character) => c == character,
            Delimiter::Whitespace | Delimiter::Detect => c.is_whitespace(),
        };
        let runs = !matches!(self.delimiter, Delimiter::Character(_));
        let blank = |c: char| c.is_whitespace() && !separates(c);
        let mut rest = if runs { line.trim() } else { line };
        if self.trailing {
            rest = rest.trim_end_matches(' ');
            rest = rest.strip_suffix('\t').unwrap_or(rest);
        }
        loop {
            rest = rest.trim_start_matches(blank);
            if let Some(quoted) = rest.strip_prefix('"') {
                let (text, after) =
                    unquote(quoted).ok_or(Problem::Quote { line: number, column: cells.len() + 1 })?;
                cells.push(Cell { text, quoted: true });
                rest = after.trim_start_matches(blank);
                if !rest.is_empty() && !rest.starts_with(separates) {
                    return Err(Problem::Quote { line: number, column: cells.len() });
                }
            } else {
                let end = rest.find(separates).unwrap_or(rest.len());
                cells.push(Cell { text: Cow::Borrowed(rest[..end].trim()), quoted: false });
                rest = &rest[end..];
            }
            let mut left = rest.chars();
            if left.next().is_none() {
                return Ok(());
            }
            if cells.len() == COLUMN_LIMIT {
                return Err(Problem::TooMany { what: "columns", limit: COLUMN_LIMIT });
            }
            rest = if runs { rest.trim_start() } else { left.as_str() };
        }
    }
}

/// Returns whether a line is a comment, which begins with `#`, or with `%` as in MATLAB.
///
/// The words that spreadsheets write where a cell has no value begin so too, and a row that begins with one of them
/// must not be skipped.
fn is_comment(line: &str) -> bool {
    const NO_VALUES: [&str; 8] = ["#N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"];
    line.starts_with(['#', '%']) && !NO_VALUES.iter().any(|word| line.starts_with(word))
}

/// Returns the delimiter that a first line `sep=;` states.
fn stated(line: &str) -> Option<char> {
    let mut rest = line.strip_prefix("sep=")?.chars();
    rest.next().filter(|_| rest.next().is_none())
}

/// Returns the first of semicolon, tab and comma that stands outside quotes; white space if none does.
fn detect(line: &str) -> Delimiter {
    let outside: String = line.split('"').step_by(2).collect();
    match [';', '\t', ','].into_iter().find(|&character| outside.contains(character)) {
        Some(character) => Delimiter::Character(character),
        None => Delimiter::Whitespace,
    }
}

/// Returns the text up to the closing quote and what follows it.
fn unquote(quoted: &str) -> Option<(Cow<'_, str>, &str)> {
    let (before, mut rest) = quoted.split_once('"')?;
    let mut cell = Cow::Borrowed(before);
    while let Some(after) = rest.strip_prefix('"') {
        let (before, after) = after.split_once('"')?;
        let cell = cell.to_mut();
        cell.push('"');
        cell.push_str(before);
        rest = after;
    }
    Some((cell, rest))
}

/// Returns the beginning of a cell, as much of it as a message shows.
pub(in crate::io) fn shortened(cell: &str) -> String {
    cell.chars().take(100).collect()
}
