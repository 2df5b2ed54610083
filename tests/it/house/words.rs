//! Documentation is written in sentences.

use super::crates::FLOORS;
use super::sources::{SourceFile, read};

/// Words with which a fragment begins: a doc comment begins with the verb of a function or the noun of a type, a field, a variant.
const OPENERS: &[&str] = &[
    "And", "As", "At", "Behind", "Both", "But", "By", "For", "From", "How", "If", "In", "It", "Likewise",
    "Not", "Nothing", "Of", "On", "Or", "See", "Than", "That", "These", "They", "Those", "To", "What",
    "When", "Where", "Which", "Who", "With",
];

/// Returns the doc comments that are no sentences: the place of each and its first paragraph.
fn fragments(file: &SourceFile) -> Vec<String> {
    let mut found = Vec::new();
    let mut paragraph: Option<(usize, String)> = None;
    let mut is_first = true;
    // A line that is no comment ends the last one.
    for (index, line) in file.text.lines().chain([""]).enumerate() {
        let line = line.trim_start();
        let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim);
        match (doc, &mut paragraph) {
            (Some(text), Some((_, paragraph))) if is_first && !text.is_empty() => {
                *paragraph = format!("{paragraph} {text}");
            }
            (Some(text), None) if is_first && !text.is_empty() => {
                paragraph = Some((index + 1, text.to_owned()));
            }
            (Some(text), _) if !text.is_empty() => {}
            _ => {
                let ended = paragraph.take().filter(|(_, text)| is_fragment(text));
                found.extend(ended.map(|(line, text)| place(file, line, &text)));
                is_first = doc.is_none();
            }
        }
    }
    found
}

fn place(file: &SourceFile, line: usize, text: &str) -> String {
    let start: String = text.chars().take(100).collect();
    format!("{}:{line}: {start}", file.path.display())
}

fn is_fragment(paragraph: &str) -> bool {
    // Headings, tables, lists and blocks of code.
    if paragraph.starts_with(['#', '|', '-', '*']) || paragraph.starts_with("```") {
        return false;
    }
    let first = paragraph.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let ends = paragraph.trim_end_matches(['`', '*', ')', '"', '_']).ends_with(['.', ':', '?', '!']);
    OPENERS.contains(&first) || !ends
}

#[test]
fn no_documentation_is_a_fragment() {
    let files = FLOORS.iter().flat_map(|(folder, _)| read(folder));
    let found: Vec<String> = files.flat_map(|file| fragments(&file)).collect();
    assert!(found.is_empty(), "{} doc comments are no sentences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn fragments_are_found() {
    let found = |text: &str| fragments(&SourceFile { path: "a.rs".into(), text: text.to_owned() });
    let text = "/// Of the sums.\nfn a() {}\n/// The sum of two numbers.\n///\n/// What follows is free.\nfn b() {}\n/// no end\nfn c() {}";
    assert_eq!(found(text), ["a.rs:1: Of the sums.", "a.rs:7: no end"]);
    assert_eq!(found("//! How it works.\n\nuse a::b;"), ["a.rs:1: How it works."]);
    assert_eq!(
        found("struct A {\n    /// A sentence that\n    /// does not end\n    b: u8,\n}"),
        ["a.rs:2: A sentence that does not end"]
    );
    assert_eq!(found("/// at the end of a file"), ["a.rs:1: at the end of a file"]);
    assert!(found("/// # Heading\n///\n/// | a | table |\nfn a() {}\n/// Ends in code: `x`.\nfn b() {}\n// Of no account").is_empty());
}
