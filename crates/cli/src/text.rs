//! Text of others, made harmless for terminals and shells.

/// Shows text that may come from anywhere: control characters, and those that turn the direction of writing, are escaped. Line ends and tabs
/// stay.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character != '\n' && character != '\t' && is_hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a character changes how a terminal shows others.
fn is_hidden(character: char) -> bool {
    let turns =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns
}

/// Quotes a word so that a shell takes it as one word and runs nothing in it.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:+,@%".contains(c);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(is_plain) {
        return word.to_owned();
    }
    if word.chars().any(|c| c.is_control()) {
        // Between such quotes, a shell reads escapes.
        let escaped: String = word
            .chars()
            .map(|c| match c {
                '\\' | '\'' => format!("\\{c}"),
                c if c.is_control() => c.to_string().bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
                c => c.to_string(),
            })
            .collect();
        return format!("$'{escaped}'");
    }
    let quoted = format!("'{}'", word.replace('\'', r"'\''"));
    if word.starts_with('-') { format!("./{quoted}") } else { quoted }
}

/// Joins the lines of each paragraph in the closing texts of a command and its subcommands, which are then wrapped once, to the terminal's width.
/// Lines that are indented, such as examples, stay as they are.
pub fn with_whole_paragraphs(command: clap::Command) -> clap::Command {
    let command = match command.get_after_help().map(|text| whole_paragraphs(&text.to_string())) {
        Some(text) => command.after_help(text),
        None => command,
    };
    command.mut_subcommands(with_whole_paragraphs)
}

fn whole_paragraphs(text: &str) -> String {
    let mut joined = String::new();
    let mut is_open = false;
    for line in text.lines() {
        let is_prose = !line.is_empty() && !line.starts_with(' ');
        joined.push_str(match (joined.is_empty(), is_open && is_prose) {
            (true, _) => "",
            (false, true) => " ",
            (false, false) => "\n",
        });
        joined.push_str(line);
        is_open = is_prose;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{7}\n\tc \u{202e}d größe"),
            "a\\u{1b}[2Jb\\u{7}\n\tc \\u{202e}d größe"
        );
    }

    #[test]
    fn a_shell_takes_a_quoted_word_as_it_is() {
        for word in
            ["a b", "a; echo INJECTED", "it's", "$(x) `y` \"z\" \\", "größe/a.b", "a\nb\u{1b}c'\\", "", "*"]
        {
            let script = format!("printf %s {}", quoted(word));
            let output = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word, "{script}");
        }
        assert_eq!(quoted("runs/a.npz"), "runs/a.npz");
        assert_eq!(quoted("-p"), "./'-p'");
    }

    #[test]
    fn lines_of_a_paragraph_are_joined_and_examples_are_not() {
        let text = "One\ntwo.\n\nExamples:\n  a b\n  c d\n\nThree\nfour.";
        assert_eq!(whole_paragraphs(text), "One two.\n\nExamples:\n  a b\n  c d\n\nThree four.");
    }
}
