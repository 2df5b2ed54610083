//! Text of files as messages show it.

use std::fmt::{self, Display};

/// Text of a file in a message: control characters are escaped, so that none reaches a terminal, and what is long is
/// cut.
pub(crate) struct Shown<'a, T: ?Sized>(pub &'a T);

impl<T: AsRef<str> + ?Sized> Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 1000;
        let text = self.0.as_ref();
        for character in text.chars().take(LONGEST) {
            if is_control(character) {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        if text.chars().nth(LONGEST).is_some() { f.write_str("...") } else { Ok(()) }
    }
}

/// Returns whether a character changes how a terminal shows others: control characters, and those that turn the
/// direction of writing.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns names between commas, the first of them where there are many.
pub(crate) fn list<T: AsRef<str>>(names: &[T]) -> String {
    const MOST: usize = 12;
    if names.is_empty() {
        return "none".to_owned();
    }
    let mut text =
        names.iter().take(MOST).map(|name| format!("`{}`", Shown(name))).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text += &format!(" and {} more", names.len() - MOST);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..15).map(|index| index.to_string()).collect();
        assert!(list(&names).ends_with("`10`, `11` and 3 more"));
        assert_eq!(list::<&str>(&[]), "none");
    }
}
