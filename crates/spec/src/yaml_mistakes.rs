//! Mistakes in the writing of YAML, told in words: the reader's own messages speak of scalars and flow mappings.

use std::sync::Arc;

use crate::problem::Problem;
use crate::source::{Source, Span};

/// Returns what is wrong with a text that is no YAML. `message` is what the reader says of it, `span` where it stopped.
pub fn explained(message: &str, span: &Span) -> Problem {
    let source = &span.source;
    if let Some(tab) = indenting_tab(source, span.range.start) {
        return Problem::new(&tab, "a tab stands at the beginning of this line")
            .help("indent with blanks: YAML takes no tabs there");
    }
    let says = |part: &str| message.contains(part);
    if says("mapping values are not allowed") || says("could not find expected ':'") {
        if let Some(line) = line_without_colon(source, span.range.start) {
            let text = line.text();
            let help = match text.split_once(char::is_whitespace) {
                Some((key, value)) => format!("write `{key}: {}`", value.trim_start()),
                None => format!("write `{text}:` and what belongs to it"),
            };
            return Problem::new(&line, "this line has no colon").help(help);
        }
        return Problem::new(span, "a second colon stands in this line")
            .help("put a text that holds `: ` in quotes, as in `doc: \"rate: slow\"`");
    }
    if says("flow mapping") || says("flow sequence") || says("expected ',' or") {
        let (open, close) = if says("sequence") || says("']'") { ('[', ']') } else { ('{', '}') };
        let message = format!("what begins with `{open}` does not go on as it should here");
        return Problem::new(span, message).help(format!(
            "a comma or `{close}` is missing, or a text that holds `: `, `,` or a bracket needs quotes"
        ));
    }
    if says("illegal placement of ':'") {
        return Problem::new(span, "a colon stands where none can be")
            .help("a bracket or brace before it is not closed, or a text that holds `: ` needs quotes");
    }
    if says("quoted scalar") || says("unclosed quote") {
        return Problem::new(span, "a quote is never closed")
            .help("end the text with the quote that it begins with");
    }
    if says("did not find expected key")
        || says("block mapping")
        || says("block collection")
        || says("indent")
    {
        return Problem::new(span, "this line does not line up with those before it")
            .help("entries of one section begin in one column, further in than the name of the section");
    }
    if says("unknown anchor") || says("alias") || says("anchor") {
        return Problem::new(span, message).help("put a text that begins with `*` or `&` in quotes");
    }
    if says("non-finite float") {
        return Problem::new(span, format!("`{}` is no finite number", span.text()))
            .help("every number in a file is finite; leave out what is not known");
    }
    if says("cannot start any token") {
        return Problem::new(span, message).help("put a text that begins with this character in quotes");
    }
    Problem::new(span, message)
}

/// Finds a tab among the blanks at the beginning of a line, in the lines up to the one behind `byte`.
fn indenting_tab(source: &Arc<Source>, byte: usize) -> Option<Span> {
    let until = source.line_column(byte).0 + 1;
    let mut start = 0;
    for line in source.text.split_inclusive('\n').take(until) {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..blanks].find('\t').filter(|_| !line.trim().is_empty()) {
            return Some(Span::new(source, start + tab..start + tab + 1));
        }
        start += line.len();
    }
    None
}

/// Finds the line at which an entry has no colon: that of `byte`, or the last one before it that is not empty.
fn line_without_colon(source: &Arc<Source>, byte: usize) -> Option<Span> {
    let number = source.line_column(byte).0;
    let mut found = None;
    let mut start = 0;
    for line in source.text.split_inclusive('\n').take(number) {
        let text = line.trim();
        if !text.is_empty() && !text.starts_with('#') {
            let at = start + (line.len() - line.trim_start().len());
            let is_entry = text.contains(':') || text.starts_with(['-', '{', '[', '}', ']']);
            if !is_entry {
                found = Some(Span::new(source, at..at + text.len()));
            } else if source.line_column(start).0 != number {
                found = None;
            }
        }
        start += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    /// Returns the message, the text that it is about and the way out.
    fn told(text: &str) -> (String, String, String) {
        let problem = parse(&Source::new("m.yaml", text)).unwrap_err();
        (problem.message, problem.span.text().to_owned(), problem.help.unwrap_or_default())
    }

    #[test]
    fn mistakes_are_told_in_words_at_their_place() {
        let (message, at, help) = told("a:\n  b: 1\n\tc: 2\n");
        assert_eq!((message.as_str(), at.as_str()), ("a tab stands at the beginning of this line", "\t"));
        assert!(help.contains("blanks"));
        let (message, at, help) = told("name HopfStep\ntitle: x\n");
        assert_eq!((message.as_str(), at.as_str()), ("this line has no colon", "name HopfStep"));
        assert_eq!(help, "write `name: HopfStep`");
        let (message, _, help) = told("a: rate: slow\n");
        assert_eq!(message, "a second colon stands in this line");
        assert!(help.contains("quotes"));
        let (message, ..) = told("a: {b: 1, c: rate: slow}\n");
        assert!(message.contains("begins with `{`"), "{message}");
        let (message, ..) = told("a: [1, 2\nb: 3\n");
        assert_eq!(message, "a colon stands where none can be");
        let (message, ..) = told("a: \"b\nc: 1\n");
        assert_eq!(message, "a quote is never closed");
        let (message, ..) = told("a:\n  b: 1\n c: 2\n");
        assert_eq!(message, "this line does not line up with those before it");
    }
}
