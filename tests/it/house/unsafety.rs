//! Unsafe code stands in few places.

use proc_macro2::{TokenStream, TokenTree};

use super::sources::{SourceFile, read};

const FOLDERS: &[&str] = &["brainmass", "brainmass-derive", "crates", "python", "tests", "xtask"];

/// The places of unsafe code: instructions of the processor and the programs of the interpreter, and allocators that count.
const PLACES: &[&str] =
    &["crates/core/src/real/", "crates/zoo/tests/interpreted/loaded.rs", "tests/src/counting.rs"];

/// Whether the word stands among the tokens of a file, its tests included; attributes such as `allow(unsafe_code)` are another word.
fn is_unsafe(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "unsafe",
        TokenTree::Group(group) => is_unsafe(group.stream()),
        _ => false,
    })
}

fn found(files: impl IntoIterator<Item = SourceFile>) -> Vec<String> {
    let files = files.into_iter().filter(|file| is_unsafe(file.text.parse().unwrap()));
    let paths = files.map(|file| file.path.display().to_string().replace('\\', "/"));
    paths.filter(|path| !PLACES.iter().any(|place| path.starts_with(place))).collect()
}

#[test]
fn unsafe_code_stands_in_few_places() {
    let found = found(
        FOLDERS
            .iter()
            .flat_map(|folder| read(folder))
            .filter(|file| !file.path.starts_with("tests/downstream/target")),
    );
    assert!(found.is_empty(), "unsafe code stands in {}", found.join(", "));
}

#[test]
fn unsafe_code_is_found_wherever_it_stands() {
    let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.to_owned() };
    let files = [
        file("crates/sim/src/a.rs", "fn a() { if true { unsafe { b() } } }"),
        file("crates/sim/src/b.rs", "// unsafe\n#![deny(unsafe_code)]\nfn a() { \"unsafe\"; }"),
        file("crates/core/src/real/avx2.rs", "unsafe fn a() {}"),
    ];
    assert_eq!(found(files), ["crates/sim/src/a.rs"]);
}
