//! Turns the code blocks of the pages in `docs/` and the examples of the model files into functions, so that they compile with this
//! crate, run in its tests, and draw the figures that the site shows beside them.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use brainmass_codegen::{example, files};
use brainmass_spec::collection::compile;

#[path = "src/site/copied.rs"]
mod copied;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("..");
    println!("cargo::rerun-if-changed=../docs");
    println!("cargo::rerun-if-changed=../models");
    let mut code = Code::default();
    for (page, text) in pages(&root.join("docs"))? {
        if !page.starts_with("models/") {
            blocks(&text).into_iter().for_each(|block| code.add(&page, &block));
        }
    }
    for (model, text) in examples(&root)? {
        code.example(&model, &text);
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("pages.rs"), code.finish())?;
    Ok(())
}

/// The lines that blocks of pages print are compared with the lines that stand below them.
const PRINTING: &str =
    "macro_rules! println { ($($part:tt)*) => { crate::site::blocks::print_line(format!($($part)*)) } }";

/// Examples print; the build has better things to say.
const QUIET: &str = "macro_rules! println { ($($part:tt)*) => { let _ = format!($($part)*); } }";

/// The functions written so far, and their table.
#[derive(Default)]
struct Code {
    functions: String,
    table: String,
    examples: String,
    programs: String,
    count: BTreeMap<String, usize>,
}

impl Code {
    fn add(&mut self, page: &str, block: &str) {
        let number = self.count.entry(page.to_owned()).or_default();
        let name: String = page
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
            .collect();
        let name = format!("{name}_{number}");
        // What the copy button gives compiles as a module of its own. A build script among them has nothing to be run with.
        let program = copied::program(block);
        let _ =
            writeln!(self.functions, "#[allow(warnings, clippy::all)]\nmod copied_{name} {{\n{program}}}\n");
        let _ = writeln!(self.programs, "    ({page:?}, {number}, {program:?}),");
        let block = with_hidden(block);
        let block = block.as_str();
        // A block either ends in `Ok::<(), _>(())`, as one of a doc comment does, or needs no `?`.
        let body = if block.contains("Ok::<") {
            block.to_owned()
        } else {
            format!("{block}\nOk::<(), Box<dyn Error>>(())")
        };
        let _ = writeln!(
            self.functions,
            "#[allow(warnings, clippy::all)]\nfn {name}() -> Result<(), Box<dyn Error>> {{\n\
             {PRINTING}\nlet run = || {{\n{body}\n}};\nrun().map_err(|error| error.to_string())?;\nOk(())\n}}\n"
        );
        let _ = writeln!(self.table, "    Block {{ page: {page:?}, number: {number}, run: {name} }},");
        *number += 1;
    }

    /// An example as a function that gives what its variable `run` holds in the end.
    fn example(&mut self, model: &str, text: &str) {
        let name = format!("run_of_{}", model.to_ascii_lowercase());
        let _ = writeln!(
            self.functions,
            "#[allow(warnings, clippy::all)]\nfn {name}() -> Result<Activity, Box<dyn Error>> {{\n{QUIET}\n{text}\nOk(run.into())\n}}\n"
        );
        let _ = writeln!(self.examples, "    ({model:?}, {name}),");
        let page = format!("models/{model}");
        let _ =
            writeln!(self.table, "    Block {{ page: {page:?}, number: 0, run: || {name}().map(|_| ()) }},");
    }

    fn finish(self) -> String {
        format!(
            "use std::error::Error;\n\n{}pub static BLOCKS: &[Block] = &[\n{}];\npub static EXAMPLES: &[Example] = &[\n{}];\n\
             #[cfg(test)]\npub static PROGRAMS: &[(&str, usize, &str)] = &[\n{}];\n",
            self.functions, self.table, self.examples, self.programs
        )
    }
}

/// Takes the marks off the lines that a page hides.
fn with_hidden(block: &str) -> String {
    let shown = |line: &str| {
        if line == "#" { String::new() } else { line.strip_prefix("# ").unwrap_or(line).to_owned() }
    };
    block.lines().map(|line| shown(line) + "\n").collect()
}

/// The Rust blocks of a page that are to run, as the page has them: the lines that it hides begin with `#`.
fn blocks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info == "rust", String::new())),
            (Some(_), Some(_)) => {
                found.extend(open.take().filter(|(runs, _)| *runs).map(|(_, block)| block));
            }
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The example of every model that has one.
fn examples(root: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let found = files::read(&root.join("models"), "models")?;
    let (entries, report) = compile(&found.files);
    if let Some(report) = report {
        return Err(report.to_string().into());
    }
    let example = |entry: &brainmass_spec::Entry| {
        let code = example::rust(&entry.model, &entry.folder)?;
        Some((entry.model.name.clone(), code))
    };
    Ok(entries.iter().filter_map(example).collect())
}

/// The text of every page of a folder, by its path in it.
fn pages(folder: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, inside)) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = format!("{inside}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                waiting.push((entry.path(), format!("{name}/")));
            } else if name.ends_with(".md") {
                found.insert(name, fs::read_to_string(entry.path())?);
            }
        }
    }
    Ok(found)
}
