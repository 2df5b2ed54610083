//! Imports between the modules of a crate.
//!
//! Two rules hold in each crate. The modules at its top import each other in one direction only; and no file imports what leads back to it, be
//! it from one other file or over several, where an import through a re-export counts as one of the file that defines the item. A path inside
//! of an expression counts like `use`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenTree};

use super::crates::FLOORS;
use super::sources::{SourceFile, read};

/// The modules of a crate by path (the root is empty), each with the modules that it imports.
struct Imports {
    modules: BTreeMap<String, BTreeSet<String>>,
}

impl Imports {
    fn of(files: &[SourceFile], root: &str) -> Self {
        let names: BTreeSet<String> = files.iter().map(|file| module_name(file, root)).collect();
        let mut paths: BTreeMap<String, Vec<Path>> = BTreeMap::new();
        for file in files {
            let module = module_name(file, root);
            let mut found = Vec::new();
            collect(&file.tokens(), &mut found);
            let absolute = found.into_iter().filter_map(|path| path.absolute(&module, &names)).collect();
            paths.insert(module, absolute);
        }
        // The names that each module brings in by `use`, and where they come from.
        let mut aliases: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for (module, paths) in &paths {
            for path in paths.iter().filter(|path| path.is_use) {
                if let Some(name) = path.alias.clone().or_else(|| path.parts.last().cloned()) {
                    aliases.insert((module.clone(), name), path.parts.clone());
                }
            }
        }
        let resolve = |parts: &[String]| {
            let mut parts = parts.to_vec();
            for _ in 0..8 {
                let length =
                    (0..=parts.len()).rev().find(|&n| names.contains(&parts[..n].join("::"))).unwrap_or(0);
                let module = parts[..length].join("::");
                let Some(item) = parts.get(length) else { return module };
                match aliases.get(&(module.clone(), item.clone())) {
                    Some(origin) if origin[..] != parts[..=length] => {
                        let rest = parts[length + 1..].to_vec();
                        parts = origin.iter().cloned().chain(rest).collect();
                    }
                    _ => return module,
                }
            }
            parts.join("::")
        };
        let modules = paths
            .iter()
            .map(|(module, paths)| {
                let imported = paths.iter().map(|path| resolve(&path.parts)).filter(|other| other != module);
                (module.clone(), imported.collect())
            })
            .collect();
        Self { modules }
    }

    /// Returns the files that lie on a circle, each with those of them that it imports.
    fn circles(&self) -> Vec<String> {
        circles(self.modules.clone())
    }

    /// Returns the same for the modules at the top of the crate, each of them with all that it holds.
    fn top_circles(&self) -> Vec<String> {
        let top = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
        let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (module, imported) in self.modules.iter().filter(|(module, _)| !module.is_empty()) {
            let others = imported.iter().map(|other| top(other)).filter(|other| !other.is_empty());
            graph.entry(top(module)).or_default().extend(others.filter(|other| *other != top(module)));
        }
        circles(graph)
    }
}

/// Returns what is left of a graph once everything that no circle needs is taken away, node by node.
fn circles(mut graph: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let imports_none = |name: &String| !graph[name].iter().any(|other| graph.contains_key(other));
        let is_unused = |name: &String| !graph.values().any(|imported| imported.contains(name));
        let Some(free) = graph.keys().find(|name| imports_none(name) || is_unused(name)).cloned() else {
            break;
        };
        graph.remove(&free);
    }
    let within = |imported: &BTreeSet<String>| {
        imported.iter().filter(|other| graph.contains_key(*other)).cloned().collect::<Vec<_>>().join(", ")
    };
    graph.iter().map(|(module, imported)| format!("{module} -> {}", within(imported))).collect()
}

/// A path of the sources that begins in this crate.
struct Path {
    parts: Vec<String>,
    alias: Option<String>,
    is_use: bool,
}

impl Path {
    /// The same path from the root of the crate; `None` if it leads out of the crate.
    fn absolute(self, module: &str, names: &BTreeSet<String>) -> Option<Self> {
        let own: Vec<String> =
            module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let supers = self.parts.iter().take_while(|part| *part == "super").count();
        let parts = match self.parts.first()?.as_str() {
            "crate" => self.parts[1..].to_vec(),
            "self" => own.iter().cloned().chain(self.parts[1..].iter().cloned()).collect(),
            "super" => {
                let above = own.len().checked_sub(supers)?;
                own[..above].iter().cloned().chain(self.parts[supers..].iter().cloned()).collect()
            }
            // `use child::Item`.
            _ => {
                let child: Vec<String> = own.iter().cloned().chain(self.parts.iter().cloned()).collect();
                if !names.contains(&child[..=own.len()].join("::")) {
                    return None;
                }
                child
            }
        };
        Some(Self { parts, ..self })
    }
}

fn module_name(file: &SourceFile, root: &str) -> String {
    let inside = file.path.strip_prefix(root).unwrap().with_extension("");
    let mut parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts.join("::")
}

/// Collects all paths: of `use` items, and those of two or more parts inside of other items.
fn collect(tokens: &[TokenTree], found: &mut Vec<Path>) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(ident) if ident == "use" => {
                let end = (at..tokens.len())
                    .find(|&i| matches!(&tokens[i], TokenTree::Punct(punct) if punct.as_char() == ';'))
                    .unwrap_or(tokens.len());
                use_tree(&tokens[at + 1..end], &[], found);
                at = end;
            }
            TokenTree::Ident(_) => {
                let (parts, next) = path(tokens, at);
                if parts.len() > 1 {
                    found.push(Path { parts, alias: None, is_use: false });
                }
                at = next.max(at + 1);
                continue;
            }
            TokenTree::Group(group) => collect(&group.stream().into_iter().collect::<Vec<_>>(), found),
            _ => {}
        }
        at += 1;
    }
}

/// Reads `a::b::c` from a place on; returns its parts, and where it ends.
fn path(tokens: &[TokenTree], start: usize) -> (Vec<String>, usize) {
    let mut parts = Vec::new();
    let mut at = start;
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        parts.push(ident.to_string());
        let is_colon =
            |i: usize| matches!(tokens.get(i), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
        if is_colon(at + 1) && is_colon(at + 2) {
            at += 3;
        } else {
            return (parts, at + 1);
        }
    }
    (parts, at)
}

fn use_tree(tokens: &[TokenTree], before: &[String], found: &mut Vec<Path>) {
    let (mut parts, end) = path(tokens, 0);
    if let Some(TokenTree::Group(group)) = tokens.get(end)
        && group.delimiter() == Delimiter::Brace
    {
        let before: Vec<String> = before.iter().cloned().chain(parts).collect();
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        inner.split(is_comma).filter(|item| !item.is_empty()).for_each(|item| use_tree(item, &before, found));
        return;
    }
    if parts.last().is_some_and(|last| last == "self") && !(before.is_empty() && parts.len() == 1) {
        parts.pop();
    }
    let alias = match (tokens.get(end), tokens.get(end + 1)) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Ident(alias))) if word == "as" => {
            Some(alias.to_string())
        }
        _ => None,
    };
    let parts = before.iter().cloned().chain(parts).collect();
    found.push(Path { parts, alias, is_use: true });
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.to_owned() }
}

#[test]
fn no_two_modules_import_each_other() {
    let mut circles = Vec::new();
    for (folder, _) in FLOORS {
        let folder = format!("{folder}/src");
        let imports = Imports::of(&read(&folder), &folder);
        circles.extend(imports.circles().into_iter().map(|circle| format!("{folder}: {circle}")));
        circles.extend(imports.top_circles().into_iter().map(|circle| format!("{folder}: {circle}")));
    }
    assert!(circles.is_empty(), "{} circles:\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn a_circle_made_by_hand_is_found() {
    let files = [
        file("src/lib.rs", "mod a; mod b;"),
        file("src/a.rs", "use crate::b::{B, C}; pub struct A;"),
        file("src/b.rs", "pub struct B(super::a::A); pub struct C;"),
    ];
    assert_eq!(Imports::of(&files, "src").circles(), ["a -> b", "b -> a"]);
    // Through a re-export, and over three modules.
    let files = [
        file("src/lib.rs", "mod a; mod b; mod c;"),
        file("src/a/mod.rs", "mod inner; pub use inner::A;"),
        file("src/a/inner.rs", "use crate::b::B; pub struct A;"),
        file("src/b.rs", "use crate::c::C; pub struct B;"),
        file("src/c.rs", "use crate::a::A; pub struct C;"),
        file("src/d.rs", "use crate::a::A; use crate::c::C;"),
    ];
    let imports = Imports::of(&files, "src");
    assert_eq!(imports.circles(), ["a::inner -> b", "b -> c", "c -> a::inner"]);
    assert_eq!(imports.top_circles(), ["a -> b", "b -> c", "c -> a"]);
    // Between two folders, though no file of them lies on a circle.
    let files = [
        file("src/lib.rs", "mod a; mod b;"),
        file("src/a/upper.rs", "use crate::b::lower::B;"),
        file("src/a/lower.rs", "pub struct A;"),
        file("src/b/upper.rs", "use crate::a::lower::A;"),
        file("src/b/lower.rs", "pub struct B;"),
    ];
    let imports = Imports::of(&files, "src");
    assert!(imports.circles().is_empty());
    assert_eq!(imports.top_circles(), ["a -> b", "b -> a"]);
}

#[test]
fn a_parent_and_a_child_make_a_circle() {
    // The child is called by its path, within a function, in an attribute or in a macro.
    for call in
        ["fn f() { child::run(); }", "#[serde(with = child::run)] struct S;", "tell!(self::child::run());"]
    {
        let files = [
            file("src/lib.rs", "mod a;"),
            file("src/a/mod.rs", &format!("mod child; pub const LIMIT: u8 = 1; {call}")),
            file("src/a/child.rs", "use super::LIMIT; pub fn run() {}"),
        ];
        assert_eq!(Imports::of(&files, "src").circles(), ["a -> a::child", "a::child -> a"], "{call}");
    }
    // A parent that only re-exports is no circle.
    let files = [
        file("src/lib.rs", "mod a;"),
        file("src/a/mod.rs", "mod child; mod other; pub use child::run; pub use other::LIMIT;"),
        file("src/a/child.rs", "use super::LIMIT; pub fn run() {}"),
        file("src/a/other.rs", "pub const LIMIT: u8 = 1;"),
    ];
    assert!(Imports::of(&files, "src").circles().is_empty());
}

#[test]
fn one_direction_and_unit_tests_are_no_circle() {
    let files = [
        file("src/lib.rs", "mod a; mod b;"),
        file("src/a.rs", "use crate::b::B; pub struct A;"),
        file("src/b.rs", "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }"),
    ];
    let imports = Imports::of(&files, "src");
    assert!(imports.circles().is_empty() && imports.top_circles().is_empty());
}
