//! The Rust sources of the workspace, as tokens.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A source file: its path below the root of the workspace, and its text.
pub struct SourceFile {
    pub path: PathBuf,
    pub text: String,
}

/// Reads every `.rs` file below a folder of the workspace but those that cargo has built, in the order of their paths.
pub fn read(folder: &str) -> Vec<SourceFile> {
    let mut files = Vec::new();
    visit(&Path::new(ROOT).join(folder), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn visit(folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                visit(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            files.push(SourceFile { path: path.strip_prefix(ROOT).unwrap().to_owned(), text });
        }
    }
}

impl SourceFile {
    /// Returns the tokens of the file without its unit tests, `#[cfg(test)] mod ... { ... }`.
    pub fn tokens(&self) -> Vec<TokenTree> {
        let stream: TokenStream =
            self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.path.display()));
        without_tests(stream.into_iter().collect())
    }
}

fn without_tests(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_attribute = matches!(&tokens[at], TokenTree::Punct(punct) if punct.as_char() == '#');
        let is_test = is_attribute
            && matches!(tokens.get(at + 1), Some(TokenTree::Group(group)) if group.to_string().replace(' ', "") == "[cfg(test)]");
        if is_test {
            // Up to the end of the item that the attribute belongs to.
            at += 2;
            while at < tokens.len() {
                let ends = match &tokens[at] {
                    TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Brace,
                    TokenTree::Punct(punct) => punct.as_char() == ';',
                    _ => false,
                };
                at += 1;
                if ends {
                    break;
                }
            }
            continue;
        }
        kept.push(tokens[at].clone());
        at += 1;
    }
    kept
}
