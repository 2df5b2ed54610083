//! The code blocks of the pages, compiled with this crate: run by its tests, and run by the build where they draw a figure.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
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

/// Runs the blocks of pages whose code saves a figure, in a folder of their own. Gives each page's figures, by number of block.
pub fn figures(
    folder: &Path,
    draws: impl Fn(&str, usize) -> bool,
) -> Result<BTreeMap<(String, usize), Vec<String>>, String> {
    // The folder that a program works in is one for all of its threads.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let before = std::env::current_dir().map_err(|error| error.to_string())?;
    let mut found = BTreeMap::new();
    for block in BLOCKS.iter().filter(|block| draws(block.page, block.number)) {
        let own = folder.join(format!("{}-{}", block.page.replace('/', "-"), block.number));
        fs::create_dir_all(&own).map_err(|error| error.to_string())?;
        // Blocks save under plain names, as a reader's program would.
        std::env::set_current_dir(&own).map_err(|error| error.to_string())?;
        let outcome = (block.run)();
        std::env::set_current_dir(&before).map_err(|error| error.to_string())?;
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
