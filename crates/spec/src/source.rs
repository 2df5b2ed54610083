//! The text of a file, and places in it.

use std::ops::Range;
use std::sync::Arc;

use crate::table::DataFile;

/// Largest file that the compiler reads, in bytes. The zoo's files are a few KiB each.
pub const MAX_BYTES: usize = 1 << 20;

/// A file's name and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name of the file, as messages print it.
    pub name: String,
    /// The whole file.
    pub text: String,
    /// The files that it names.
    pub data: Vec<DataFile>,
}

impl Source {
    /// A source that several spans share.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), data: Vec::new() })
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..floor_char_boundary(&self.text, byte)];
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// A range of bytes in a source. A variant's entries point into the file of its base, so the source travels along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes.
    pub range: Range<usize>,
}

impl Span {
    /// A span whose ends are moved into the text and onto character boundaries.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        let start = floor_char_boundary(&source.text, range.start);
        let end = floor_char_boundary(&source.text, range.end).max(start);
        Self { source: Arc::clone(source), range: start..end }
    }

    /// The text it covers.
    pub fn text(&self) -> &str {
        &self.source.text[self.range.clone()]
    }
}

/// The last character boundary at or before `byte`.
fn floor_char_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let source = Source::new("f", "a: 1\n\u{3c9}: 2\n");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(7), (2, 2), "omega is one character of two bytes");
    }

    #[test]
    fn spans_are_moved_into_the_text() {
        let source = Source::new("f", "\u{3c9}");
        assert_eq!(Span::new(&source, 1..99).range, 0..2);
    }
}
