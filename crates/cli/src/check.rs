//! `brainmass check`

use brainmass::experiment::Experiment;
use brainmass::io::read_file;
use brainmass_spec::collection::{self, File};
use brainmass_spec::problem::{Problem, Report};
use brainmass_spec::source::MAX_BYTES;
use brainmass_spec::yaml::{self, Node, Value};
use clap::Args;

use crate::failure::Failure;
use crate::models;
use crate::terminal::Terminal;

/// The largest file that is read.
const FILE_LIMIT: u64 = MAX_BYTES as u64;

/// Look for mistakes in model and experiment files.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass check experiment.yaml
  brainmass check models/*.yaml && echo \"all is well\"

All mistakes of all files are shown. The exit status is 0 if there are none. Models may extend those of the
catalogue and those of the other files given.")]
pub struct Arguments {
    /// Model or experiment files (.yaml, .json)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Says nothing of files without mistakes
    #[arg(long, short)]
    quiet: bool,
}

/// A file given, and what is wrong with it.
struct Checked {
    name: String,
    /// What it is, where it could be read.
    is: Option<String>,
    problems: Vec<Problem>,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut checked = Vec::new();
    let mut of_models = Vec::new();
    for name in &arguments.files {
        let bytes = read_file(name, FILE_LIMIT).map_err(Failure::new)?;
        let root = yaml::decode(name, &bytes).and_then(|source| yaml::parse(&source));
        let (is, problems) = match root {
            Err(problem) => (None, vec![problem]),
            Ok(root) if is_experiment(&root) => match Experiment::of(&root) {
                Ok(experiment) => (Some(describe(&experiment)), Vec::new()),
                Err(report) => (None, report.problems().to_vec()),
            },
            Ok(root) => {
                of_models.push((checked.len(), entry(&root, "name")));
                (None, Vec::new())
            }
        };
        checked.push(Checked { name: name.clone(), is, problems });
    }
    compile(&of_models, &mut checked)?;

    let paint = terminal.paint;
    for file in checked.iter().filter(|file| file.problems.is_empty() && !arguments.quiet) {
        let is = file.is.as_deref().unwrap_or_default();
        terminal.line(format!("{} {}  {}", paint.good("ok"), file.name, paint.faint(is)).trim_end())?;
    }
    terminal.finish()?;
    let wrong = checked.iter().filter(|file| !file.problems.is_empty()).count();
    let problems: Vec<Problem> = checked.into_iter().flat_map(|file| file.problems).collect();
    let count = problems.len();
    let Some(report) = Report::new(problems) else { return Ok(()) };
    let plural =
        |count: usize, word: &str| if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") };
    let message = format!("{} in {}", plural(count, "mistake"), plural(wrong, "file"));
    Err(Failure::Checked { report, message })
}

/// Model files are compiled together with those of the catalogue, which they may extend.
fn compile(of_models: &[(usize, Option<String>)], checked: &mut [Checked]) -> Result<(), Failure> {
    if of_models.is_empty() {
        return Ok(());
    }
    let mut files = Vec::new();
    for (index, _) in of_models {
        let name = &checked[*index].name;
        let bytes = read_file(name, FILE_LIMIT).map_err(Failure::new)?;
        files.push(File { name: name.clone(), folder: String::new(), bytes });
    }
    let given = |name: &str| of_models.iter().any(|(_, given)| given.as_deref() == Some(name));
    files.extend(models::all().filter(|entry| !given(entry.info.name)).map(|entry| File {
        name: format!("({} of the catalogue)", entry.info.name),
        folder: "catalogue".to_owned(),
        bytes: entry.info.yaml.as_bytes().to_vec(),
    }));
    let (_, report) = collection::compile(&files);
    let problems = report.map(|report| report.problems().to_vec()).unwrap_or_default();
    for (index, model) in of_models {
        let file = &mut checked[*index];
        file.is = model.as_ref().map(|name| format!("model {name}"));
        file.problems
            .extend(problems.iter().filter(|problem| problem.span.source.name == file.name).cloned());
    }
    Ok(())
}

/// What runs has a model, or a duration; what is compiled has equations.
fn is_experiment(root: &Node) -> bool {
    ["model", "groups", "duration"].iter().any(|key| entry_node(root, key).is_some())
}

fn entry_node<'a>(root: &'a Node, key: &str) -> Option<&'a Node> {
    let Value::Map(entries) = &root.value else { return None };
    entries.iter().find(|(have, _)| have.text == key).map(|(_, node)| node)
}

fn entry(root: &Node, key: &str) -> Option<String> {
    match &entry_node(root, key)?.value {
        Value::Scalar(scalar) => Some(scalar.text.trim().to_owned()),
        _ => None,
    }
}

fn describe(experiment: &Experiment) -> String {
    let members = experiment.network.named_groups();
    let groups = members.map(|(_, model)| {
        let population = model.population();
        format!("{} x {}", population.nodes(), population.info().name)
    });
    let groups: Vec<String> = groups.collect();
    format!("experiment: {}, {} ms", groups.join(" and "), experiment.timing.duration)
}
