//! LaTeX to MathML.

use std::collections::HashMap;
use std::sync::Mutex;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

/// How a formula stands on the page.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// In a line of text.
    Inline,
    /// On a line of its own.
    Display,
}

static DONE: Mutex<Option<HashMap<(String, Style), String>>> = Mutex::new(None);

/// A formula as MathML.
///
/// # Errors
///
/// It cannot be typeset; the message names it.
pub fn mathml(latex: &str, style: Style) -> Result<String, String> {
    let key = (latex.to_owned(), style);
    let mut done = DONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let done = done.get_or_insert_default();
    if let Some(text) = done.get(&key) {
        return Ok(text.clone());
    }
    let storage = Storage::new();
    let display_mode = if style == Style::Display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut text = String::new();
    push_mathml(&mut text, Parser::new(latex, &storage), config).map_err(|error| error.to_string())?;
    // What cannot be read comes back as a red box, which no page is to show.
    if text.contains("<merror") {
        return Err(format!("cannot typeset `{latex}`"));
    }
    done.insert(key, text.clone());
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml_and_mistakes_are_told() {
        let fraction = mathml(r"\frac{dx}{dt} = -x", Style::Display).unwrap();
        assert!(fraction.contains("<mfrac>") && fraction.contains("display=\"block\""), "{fraction}");
        assert!(mathml(r"\frac{1}", Style::Inline).unwrap_err().contains(r"\frac{1}"));
    }

    #[test]
    fn hostile_text_stays_text() {
        for hostile in [
            r"\text{<script>alert(1)</script>}",
            "</math><script>alert(1)</script>",
            r"\mathrm{<img src=x onerror=y>}",
        ] {
            let text = mathml(hostile, Style::Inline).unwrap_or_default();
            assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
        }
    }
}
