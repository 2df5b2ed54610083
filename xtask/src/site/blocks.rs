//! The code blocks of the pages, compiled with this crate: run by its tests, and run by the build where they draw a figure.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use brainmass::Run;
use brainmass::sequence::StackRun;

/// A block of a page.
pub struct Block {
    /// The page's path in `docs/`, or `models/` and a model's name.
    pub page: &'static str,
    /// Its number among the page's blocks that run.
    pub number: usize,
    /// The program of the block.
    pub run: fn() -> Result<(), Box<dyn Error>>,
}

thread_local! {
    /// The lines that blocks have printed in this thread.
    static PRINTED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a line that a block prints.
pub fn print_line(line: String) {
    PRINTED.with_borrow_mut(|lines| lines.push(line));
}

/// A model's name and the program of its page, which gives what it recorded.
pub type Example = (&'static str, fn() -> Result<Activity, Box<dyn Error>>);

/// The run that an example leaves in its variable `run`.
pub struct Activity(pub Run);

impl From<Run> for Activity {
    fn from(run: Run) -> Self {
        Self(run)
    }
}

/// Takes the run of the last layer of a stack.
impl From<StackRun> for Activity {
    fn from(mut run: StackRun) -> Self {
        Self(run.layers.pop().expect("a stack has layers"))
    }
}

/// Runs the program on the page of a model; `None` for a model without one, and for models that came after the build.
pub fn example(model: &str) -> Option<Result<Run, String>> {
    let (_, run) = EXAMPLES.iter().find(|(name, _)| *name == model)?;
    Some(run().map(|activity| activity.0).map_err(|error| error.to_string()))
}

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The folder that a program works in is one for all of its threads.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs the blocks of pages whose code saves a figure, in a folder of their own. Gives each page's figures, by number of block.
pub fn figures(
    folder: &Path,
    draws: impl Fn(&str, usize) -> bool,
) -> Result<BTreeMap<(String, usize), Vec<String>>, String> {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found = BTreeMap::new();
    for block in BLOCKS.iter().filter(|block| draws(block.page, block.number)) {
        let own = folder.join(format!("{}-{}", block.page.replace('/', "-"), block.number));
        fs::create_dir_all(&own).map_err(|error| error.to_string())?;
        // Blocks save under plain names, as a reader's program would.
        PRINTED.take();
        let outcome = {
            let _inside = Inside::enter(&own)?;
            (block.run)()
        };
        outcome.map_err(|error| format!("docs/{}, block {}: {error}", block.page, block.number))?;
        let mut figures: Vec<_> = fs::read_dir(&own)
            .map_err(|error| error.to_string())?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "svg"))
            .collect();
        figures.sort();
        let texts: Result<Vec<String>, _> = figures.iter().map(fs::read_to_string).collect();
        found.insert((block.page.to_owned(), block.number), texts.map_err(|error| error.to_string())?);
    }
    Ok(found)
}

/// A stay in another folder, which ends when this is dropped, by a panic too: what else runs in the program finds its own folder again.
struct Inside {
    before: PathBuf,
}

impl Inside {
    fn enter(folder: &Path) -> Result<Self, String> {
        let before = std::env::current_dir().map_err(|error| error.to_string())?;
        std::env::set_current_dir(folder).map_err(|error| error.to_string())?;
        Ok(Self { before })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        // A folder that is gone cannot be returned to.
        let _ = std::env::set_current_dir(&self.before);
    }
}

#[cfg(test)]
mod tests {
    use brainmass::Experiment;
    use brainmass::io::npz::NpzWriter;
    use brainmass_spec::collection::{Content, content};
    use brainmass_spec::source::Source;
    use brainmass_spec::yaml;
    use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

    use super::super::{pages, zoo};
    use super::*;

    #[test]
    fn every_code_block_of_the_pages_runs() {
        let folder = tempfile::tempdir().expect("a folder");
        let drawn = figures(folder.path(), |_, _| true).unwrap_or_else(|error| panic!("{error}"));
        assert!(drawn.len() > 40, "only {} blocks", drawn.len());
        assert!(drawn.values().any(|figures| !figures.is_empty()));
    }

    #[test]
    fn what_the_copy_button_gives_is_what_the_build_compiled() {
        let mut compared = 0;
        for section in pages::read(&crate::workspace::root().join("docs")).expect("the pages") {
            for page in section.pages {
                let html = super::super::markdown::render(&page.path, &page.text, &BTreeMap::new())
                    .expect("a page")
                    .html;
                let own: Vec<&str> = PROGRAMS
                    .iter()
                    .filter(|(path, ..)| *path == page.path)
                    .map(|(.., program)| *program)
                    .collect();
                let given: Vec<String> = html
                    .split("data-copy=\"")
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next())
                    .map(|text| {
                        ["&lt;<", "&gt;>", "&quot;\"", "&#39;'", "&#x27;'", "&amp;&"].iter().fold(
                            text.to_owned(),
                            |text, pair| {
                                let (from, to) = pair.split_at(pair.len() - 1);
                                text.replace(from, to)
                            },
                        )
                    })
                    .collect();
                assert_eq!(given, own, "docs/{}", page.path);
                for program in own {
                    assert!(program.contains("fn main()"), "{program}");
                    assert!(program.contains("// cargo add ") || program.contains("build.rs"), "{program}");
                }
                compared += given.len();
            }
        }
        assert_eq!(compared, PROGRAMS.len());
        assert!(compared > 40, "only {compared} programs");
    }

    /// Returns what a page shows below each of its blocks of Rust, where it shows what the block prints.
    fn shown(text: &str) -> Vec<Option<String>> {
        let blocks = text.split("\n```rust\n").skip(1);
        let below = |block: &str| {
            let (_, rest) = block.split_once("\n```\n")?;
            let (lines, _) = rest.strip_prefix("\n```text\n")?.split_once("\n```")?;
            Some(lines.to_owned())
        };
        blocks.map(below).collect()
    }

    #[test]
    fn pages_show_what_their_blocks_print() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut wrong = Vec::new();
        let mut compared = 0;
        for section in pages::read(&crate::workspace::root().join("docs")).expect("the pages") {
            for page in section.pages {
                for (number, shown) in shown(&page.text).into_iter().enumerate() {
                    let Some(shown) = shown else { continue };
                    figures(folder.path(), |path, own| path == page.path && own == number)
                        .unwrap_or_else(|error| panic!("{error}"));
                    let printed = PRINTED.take().join("\n");
                    compared += 1;
                    if printed != shown {
                        wrong.push(format!(
                            "docs/{} block {number} prints\n{printed}\nand not\n{shown}\n",
                            page.path
                        ));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(compared > 20, "only {compared} blocks");
    }

    #[test]
    fn a_panic_leaves_the_folder_as_it_was() {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::env::current_dir().expect("a folder");
        let folder = tempfile::tempdir().expect("a folder");
        let outcome = std::panic::catch_unwind(|| {
            let _inside = Inside::enter(folder.path()).expect("it is there");
            panic!("as an example may");
        });
        assert!(outcome.is_err());
        assert_eq!(std::env::current_dir().expect("a folder"), before);
    }

    /// The blocks of YAML of a page.
    fn yaml(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = None;
        for event in Parser::new(text) {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info == "yaml" => {
                    open = Some(String::new());
                }
                Event::End(TagEnd::CodeBlock) => found.extend(open.take()),
                Event::Text(text) => {
                    if let Some(open) = &mut open {
                        open.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        found
    }

    #[test]
    fn every_experiment_and_model_of_the_pages_is_without_mistake() {
        // The pages fit to a file of data, which lies beside the experiment.
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data.npz");
        let fc = ndarray::Array2::<f64>::eye(8);
        NpzWriter::new().with("fc", &fc).and_then(|file| file.save(&data)).expect("written");
        let rows: String = (1..=60).map(|row| format!("{row},{}\n", -40 - row % 7)).collect();
        fs::write(folder.path().join("recording.csv"), format!("t_ms,V[0] (mV)\n{rows}")).expect("written");
        let (mut experiments, mut models) = (0, 0);
        for section in pages::read(&crate::workspace::root().join("docs")).expect("the pages") {
            for page in section.pages {
                for block in yaml(&page.text) {
                    // A file says its name in its first line, by which others may name it.
                    let first = block.lines().next().and_then(|line| line.strip_prefix("# "));
                    if let Some(name) = first.filter(|name| name.ends_with(".yaml")) {
                        fs::write(folder.path().join(name), &block).expect("written");
                    }
                    let root = yaml::parse(&Source::new(&page.path, block.as_str()));
                    let outcome = if root.is_ok_and(|root| content(&root) == Content::Model) {
                        models += 1;
                        brainmass_spec::compile_one(&page.path, &block).map(|_| ())
                    } else {
                        experiments += 1;
                        let name = folder.path().join("page.yaml");
                        Experiment::read(&name.to_string_lossy(), &block).map(|_| ())
                    };
                    outcome.unwrap_or_else(|report| panic!("docs/{}: {report}", page.path));
                }
            }
        }
        assert!(experiments >= 2 && models >= 2, "{experiments} experiments, {models} models");
    }

    #[test]
    fn the_model_file_of_the_pages_is_the_one_that_their_code_includes() {
        let read = |path: &str| fs::read_to_string(crate::workspace::root().join(path)).expect("a file");
        let shown = yaml(&read("docs/how-to/add-a-model.md"));
        assert!(shown.contains(&read("xtask/models/my_model.yaml")));
    }

    #[test]
    fn the_experiment_on_the_page_of_every_model_runs() {
        for item in zoo::all().expect("the zoo") {
            let Some(text) = brainmass_codegen::example::experiment(&item.model) else { continue };
            let experiment = Experiment::read(&item.model.name, &text)
                .unwrap_or_else(|report| panic!("{}: {report}", item.model.name));
            let run = experiment.run().unwrap_or_else(|error| panic!("{}: {error}", item.model.name));
            assert!(run.ts.len() > 10, "{}", item.model.name);
        }
    }
}
