//! Text that becomes HTML: escaping, plain text back, colours of code.

/// Text as HTML that shows it.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A value as JSON that may stand inside of a `<script>` element.
pub fn json(value: &impl serde::Serialize) -> Result<String, String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    Ok(text.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

/// The text of HTML made by this site: tags, scripts and pictures left out.
pub fn text_of(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let tag = &rest[start..];
        let skipped = ["script", "svg", "style", "math"]
            .into_iter()
            .find(|name| tag[1..].starts_with(name))
            .and_then(|name| tag.find(&format!("</{name}>")).map(|end| end + name.len() + 3));
        let end = skipped.or_else(|| tag.find('>').map(|end| end + 1)).unwrap_or(tag.len());
        out.push(' ');
        rest = &tag[end..];
    }
    out.push_str(rest);
    let plain = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    plain.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The keywords and comments of a programming language.
struct Language {
    comment: &'static str,
    keywords: &'static [&'static str],
    /// Whether a word before a colon is a key.
    keys: bool,
}

fn language(name: &str) -> Option<Language> {
    Some(match name {
        "rust" => Language {
            comment: "//",
            keywords: &[
                "use", "let", "fn", "mut", "for", "in", "if", "else", "return", "struct", "impl", "pub",
                "mod", "const", "static", "move", "match", "loop", "while", "as", "crate", "self", "Ok",
                "Some", "None", "Err", "true", "false",
            ],
            keys: false,
        },
        "yaml" => Language { comment: "#", keywords: &["true", "false", "null", "inf"], keys: true },
        "toml" => Language { comment: "#", keywords: &["true", "false"], keys: false },
        "sh" | "bash" | "console" => {
            Language { comment: "#", keywords: &["cargo", "cd", "git", "brainmass"], keys: false }
        }
        "python" => Language {
            comment: "#",
            keywords: &[
                "import", "from", "def", "as", "return", "for", "in", "if", "else", "with", "True", "False",
                "None",
            ],
            keys: false,
        },
        _ => return None,
    })
}

/// Code as HTML with its parts marked: comments, strings, numbers, keywords, keys.
pub fn highlight(code: &str, name: &str) -> String {
    let Some(language) = language(name) else { return escape(code) };
    let mut out = String::with_capacity(2 * code.len());
    let mut rest = code;
    let mut before = '\n';
    let span = |out: &mut String, class: &str, text: &str| {
        out.push_str(&format!("<span class=\"hl-{class}\">{}</span>", escape(text)));
    };
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with(language.comment)
            && (before.is_whitespace() || language.comment == "//")
        {
            let end = rest.find('\n').unwrap_or(rest.len());
            span(&mut out, "comment", &rest[..end]);
            end
        } else if c == '"' {
            let end = string_end(rest);
            span(&mut out, "string", &rest[..end]);
            end
        } else if c.is_ascii_digit() {
            let end =
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').unwrap_or(rest.len());
            // `0..10` and `1.ms()` are numbers up to the point.
            let end = rest[..end].find("..").unwrap_or(end);
            let unit = |(at, _): (usize, &str)| {
                rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()).then_some(at)
            };
            let end = rest[..end].match_indices('.').find_map(unit).unwrap_or(end);
            span(&mut out, "number", &rest[..end]);
            end
        } else if c.is_alphabetic() || c == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let word = &rest[..end];
            if language.keywords.contains(&word) {
                span(&mut out, "keyword", word);
            } else if language.keys && rest[end..].starts_with(':') {
                span(&mut out, "key", word);
            } else {
                out.push_str(&escape(word));
            }
            end
        } else {
            out.push_str(&escape(&rest[..c.len_utf8()]));
            c.len_utf8()
        };
        before = rest[..length].chars().next_back().unwrap_or(before);
        rest = &rest[length..];
    }
    out
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlighting_changes_no_text() {
        for (code, name) in [
            ("let x = \"a<b\"; // </script>\nrun(0..10, 1.5.ms())", "rust"),
            ("a: 0.25 /ms # <b>\n'{{ x }}': \"unclosed\n", "yaml"),
            ("`$ <anything>`", "text"),
        ] {
            let html = highlight(code, name);
            let mut text = html.clone();
            for class in ["comment", "string", "number", "keyword", "key"] {
                text = text.replace(&format!("<span class=\"hl-{class}\">"), "");
            }
            assert_eq!(text.replace("</span>", ""), escape(code));
        }
        assert!(highlight("0.1.ms()", "rust").starts_with("<span class=\"hl-number\">0.1</span>.ms"));
    }

    #[test]
    fn the_text_of_a_page_is_what_is_read() {
        assert_eq!(text_of("<h1 id='a'>A &amp; B</h1><script>x</script><p>c&lt;d</p>"), "A & B c<d");
        assert_eq!(json(&"</script>").unwrap(), "\"\\u003c/script>\"");
    }
}
