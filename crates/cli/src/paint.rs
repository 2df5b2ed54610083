//! Colours, and text that is safe to print in them.

use std::env;
use std::io::{self, IsTerminal};

use crate::text::visible;

/// Marks around the code of a colour. [`colourful`] alone turns them into the sequences that terminals obey, so that no text from elsewhere
/// can bring a sequence of its own.
const CODE: (char, char) = ('\u{f8f0}', '\u{f8f1}');
/// The codes of the colours that are used: bold cyan, bold, cyan, faint, bold green, bold red, bold yellow, none.
const CODES: [&str; 8] = ["1;36", "1", "36", "2", "1;32", "1;31", "1;33", "0"];

/// The colours of an output, or none.
#[derive(Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Returns the colours of an output, which is a terminal or not.
    pub fn of(is_terminal: bool) -> Self {
        Self { on: wants_colour(is_terminal) }
    }

    /// Returns the colours of standard error.
    pub fn of_stderr() -> Self {
        Self::of(io::stderr().is_terminal())
    }

    /// Returns whether there are colours.
    pub fn on(self) -> bool {
        self.on
    }

    /// Paints the name of what is shown.
    pub fn title(self, text: &str) -> String {
        self.code("1;36", text)
    }

    /// Paints the head of a section.
    pub fn heading(self, text: &str) -> String {
        self.code("1", text)
    }

    /// Paints names within a text.
    pub fn name(self, text: &str) -> String {
        self.code("36", text)
    }

    /// Paints what matters less.
    pub fn faint(self, text: &str) -> String {
        self.code("2", text)
    }

    /// Paints that something went well.
    pub fn good(self, text: &str) -> String {
        self.code("1;32", text)
    }

    /// Paints that something went wrong.
    pub fn error(self, text: &str) -> String {
        self.code("1;31", text)
    }

    /// Paints that something may be wrong.
    pub fn warning(self, text: &str) -> String {
        self.code("1;33", text)
    }

    /// Paints what to do about something.
    pub fn hint(self, text: &str) -> String {
        self.code("1;36", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        let (start, end) = CODE;
        if self.on && !text.is_empty() {
            format!("{start}{code}{end}{text}{start}0{end}")
        } else {
            text.to_owned()
        }
    }
}

/// Escapes the control characters of a text that [`Paint`] coloured, and turns its marks into colours.
pub fn colourful(text: &str, paint: Paint) -> String {
    let shown = visible(text);
    if !paint.on {
        return shown;
    }
    let (start, end) = CODE;
    let mut parts = shown.split(start);
    let mut painted = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(end) {
            Some((code, rest)) if CODES.contains(&code) => painted.push_str(&format!("\x1b[{code}m{rest}")),
            _ => painted.push_str(part),
        }
    }
    painted
}

/// Returns whether to use colours: <https://no-color.org>, <https://bixense.com/clicolors>.
fn wants_colour(is_terminal: bool) -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    if is_set("NO_COLOR") {
        return false;
    }
    is_set("CLICOLOR_FORCE") || is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_ours_and_no_one_elses() {
        let paint = Paint { on: true };
        let hostile = "a\u{1b}[31m\u{f8f0}9;9\u{f8f1}b";
        let shown = colourful(&format!("{}{hostile}", paint.title("x")), paint);
        assert_eq!(shown, "\u{1b}[1;36mx\u{1b}[0ma\\u{1b}[31m9;9\u{f8f1}b");
        assert_eq!(colourful("a\u{1b}b", Paint { on: false }), "a\\u{1b}b");
    }
}
