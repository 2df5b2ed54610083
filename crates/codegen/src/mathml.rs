//! LaTeX to MathML, which browsers typeset by themselves.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

/// Places of a formula on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A formula in a line of text.
    Inline,
    /// A formula on a line of its own.
    Display,
}

/// A formula as a `<math>` element. Its text is escaped, and its colour is that of the text around it.
///
/// ```
/// use brainmass_codegen::mathml::{Style, mathml};
///
/// let rate = mathml(r"\frac{dx}{dt} = -x", Style::Inline)?;
/// assert!(rate.starts_with("<math") && rate.contains("<mfrac>"));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
///
/// It cannot be typeset; the message names it.
pub fn mathml(latex: &str, style: Style) -> Result<String, String> {
    let storage = Storage::new();
    let display_mode = if style == Style::Display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut text = String::new();
    push_mathml(&mut text, Parser::new(latex, &storage), config).map_err(|error| error.to_string())?;
    // What cannot be read comes back as a red box, which no page is to show.
    if text.contains("<merror") {
        return Err(format!("cannot typeset `{latex}`"));
    }
    // The sign of the prefix micro is upright in fonts of maths; the letter is what `\mu` means.
    Ok(text.replace('\u{b5}', "\u{3bc}"))
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

    #[test]
    fn no_symbol_that_a_file_may_hold_makes_it_panic() {
        for odd in [
            "\\",
            "{",
            "}",
            "&",
            "^",
            "_",
            "#1",
            "%",
            "$",
            "\\left(",
            "\\begin{x}",
            "\\\\",
            "",
            "\u{0}",
            "x'^2",
        ] {
            let _ = mathml(odd, Style::Inline);
        }
    }
}
