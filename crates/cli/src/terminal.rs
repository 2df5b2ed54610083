//! Standard output: its width, its colours, text wrapped to fit.

use std::env;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use terminal_size::{Width, terminal_size};

use crate::failure::Failure;

/// Narrowest and widest that text is laid out for.
const WIDTHS: (usize, usize) = (40, 140);
/// Where nothing says how wide the output is.
const USUAL_WIDTH: usize = 80;

/// Standard output.
pub struct Terminal {
    out: BufWriter<Stdout>,
    /// Columns that there is room for.
    pub width: usize,
    /// Its colours.
    pub paint: Paint,
}

impl Terminal {
    /// Standard output as it is.
    pub fn open() -> Self {
        let stdout = io::stdout();
        let measured =
            stdout.is_terminal().then(terminal_size).flatten().map(|(Width(width), _)| width.into());
        let told = || env::var("COLUMNS").ok()?.parse().ok();
        let width = measured.or_else(told).unwrap_or(USUAL_WIDTH).clamp(WIDTHS.0, WIDTHS.1);
        let paint = Paint { on: wants_colour(stdout.is_terminal()) };
        Self { out: BufWriter::new(stdout), width, paint }
    }

    /// Writes a line.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        writeln!(self.out, "{}", text.as_ref())?;
        Ok(())
    }

    /// Writes what is still held back.
    pub fn finish(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }
}

/// Colours, or none.
#[derive(Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// The colours of standard error.
    pub fn of_stderr() -> Self {
        Self { on: wants_colour(io::stderr().is_terminal()) }
    }

    /// Whether there are colours.
    pub fn on(self) -> bool {
        self.on
    }

    /// The name of what is shown.
    pub fn title(self, text: &str) -> String {
        self.code("1;36", text)
    }

    /// The head of a section.
    pub fn heading(self, text: &str) -> String {
        self.code("1", text)
    }

    /// Names within a text.
    pub fn name(self, text: &str) -> String {
        self.code("36", text)
    }

    /// What matters less.
    pub fn faint(self, text: &str) -> String {
        self.code("2", text)
    }

    /// That it went well.
    pub fn good(self, text: &str) -> String {
        self.code("1;32", text)
    }

    /// That it did not.
    pub fn error(self, text: &str) -> String {
        self.code("1;31", text)
    }

    /// What to do about it.
    pub fn hint(self, text: &str) -> String {
        self.code("1;36", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Whether to use colours: <https://no-color.org>, <https://bixense.com/clicolors>.
fn wants_colour(is_terminal: bool) -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    if is_set("NO_COLOR") {
        return false;
    }
    is_set("CLICOLOR_FORCE") || is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Text in lines of at most `width` characters, broken at blanks; a longer word has a line of its own.
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
