//! Documentation is written in sentences.

use super::sources::{SourceFile, read};

const FOLDERS: &[&str] = &[
    "brainmass/src",
    "brainmass/examples",
    "brainmass-derive/src",
    "crates/cli/src",
    "crates/codegen/src",
    "crates/core/src",
    "crates/data/src",
    "crates/files/src",
    "crates/fit/src",
    "crates/rules/src",
    "crates/sim/src",
    "crates/spec/src",
    "crates/viz/src",
    "crates/zoo/src",
    "tests/src",
    "tests/it",
    "xtask/src",
];

/// Words with which a fragment begins: a doc comment begins with the verb of a function or the noun of a type, a field, a variant.
const OPENERS: &[&str] = &[
    "And", "As", "At", "Behind", "Both", "But", "By", "For", "From", "How", "If", "In", "It", "Likewise", "Not", "Nothing", "Of", "On",
    "Or", "See", "Than", "That", "These", "They", "Those", "To", "What", "When", "Where", "Which", "Who", "With",
];

/// A doc comment that is no sentence: its place and its first paragraph.
fn fragments(file: &SourceFile) -> Vec<String> {
    let mut found = Vec::new();
    let mut paragraph: Option<(usize, String)> = None;
    let mut is_first = true;
    for (index, line) in file.text.lines().enumerate() {
        let line = line.trim_start();
        let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        match doc.map(str::trim) {
            Some("") => {
                found.extend(paragraph.take().filter(|(_, text)| is_fragment(text)).map(|(at, text)| place(file, at, &text)));
                is_first = false;
            }
            Some(text) if is_first => match &mut paragraph {
                Some((_, paragraph)) => *paragraph = format!("{paragraph} {text}"),
                None => paragraph = Some((index + 1, text.to_owned())),
            },
            Some(_) => {}
            None => {
                found.extend(paragraph.take().filter(|(_, text)| is_fragment(text)).map(|(at, text)| place(file, at, &text)));
                is_first = true;
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
    let files = FOLDERS.iter().flat_map(|folder| read(folder));
    let found: Vec<String> = files.flat_map(|file| fragments(&file)).collect();
    assert!(found.is_empty(), "{} doc comments are no sentences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn fragments_are_found() {
    let text = "/// Of the sums.\nfn a() {}\n/// The sum of two numbers.\n///\n/// What follows is free.\nfn b() {}\n/// no end\nfn c() {}";
    let found = fragments(&SourceFile { path: "a.rs".into(), text: text.to_owned() });
    assert_eq!(found, ["a.rs:1: Of the sums.", "a.rs:7: no end"]);
}
