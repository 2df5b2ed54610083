//! Standard output: its width, and text wrapped to fit.

use std::env;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use terminal_size::{Width, terminal_size};

use crate::failure::Failure;
use crate::paint::{Paint, colourful};

/// The narrowest and the widest that text is laid out for.
const WIDTHS: (usize, usize) = (40, 140);
/// The width where nothing says how wide the output is.
const USUAL_WIDTH: usize = 80;

/// Standard output.
pub struct Terminal {
    out: BufWriter<Stdout>,
    /// The columns that there is room for.
    pub width: usize,
    /// The colours of the output.
    pub paint: Paint,
}

impl Terminal {
    /// Opens standard output as it is.
    pub fn open() -> Self {
        let stdout = io::stdout();
        let measured =
            stdout.is_terminal().then(terminal_size).flatten().map(|(Width(width), _)| width.into());
        let told = || env::var("COLUMNS").ok()?.parse().ok();
        let width = measured.or_else(told).unwrap_or(USUAL_WIDTH).clamp(WIDTHS.0, WIDTHS.1);
        let paint = Paint::of(stdout.is_terminal());
        Self { out: BufWriter::new(stdout), width, paint }
    }

    /// Writes a line, in which control characters are escaped.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        writeln!(self.out, "{}", colourful(text.as_ref(), self.paint))?;
        Ok(())
    }

    /// Clears the screen of a terminal, so that what follows stands in the place of what was there.
    pub fn clear(&mut self) -> Result<(), Failure> {
        if self.out.get_ref().is_terminal() {
            write!(self.out, "\x1b[2J\x1b[H")?;
        }
        Ok(())
    }

    /// Writes what is still held back.
    pub fn finish(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }
}

/// Breaks text into lines of at most `width` characters, broken at blanks; a longer word has a line of its own.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_they_may_be_and_no_word_is_lost() {
        assert_eq!(wrap("one two  three\nfour", 9), ["one two", "three", "four"]);
        assert_eq!(wrap("a verylongword b", 5), ["a", "verylongword", "b"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
