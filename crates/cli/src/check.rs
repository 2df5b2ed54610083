//! The command `brainmass check`.

use std::path::PathBuf;

use brainmass::experiment::{Experiment, Reader};
use brainmass::io::read_file;
use brainmass::sweep::Estimate;
use brainmass::{Zoo, missing};
use brainmass_spec::collection::{Content, content};
use brainmass_spec::problem::{Problem, Problems, Report};
use brainmass_spec::source::MAX_BYTES;
use brainmass_spec::yaml::{self, Node, Value};
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use crate::bifurcation;
use crate::command_line::CommandLine;
use crate::failure::{Failure, told, warn};
use crate::flags::{self, Given};
use crate::outputs;
use crate::sweep;
use crate::terminal::Terminal;

/// The largest file that is read.
const FILE_LIMIT: u64 = MAX_BYTES as u64;

/// Look for mistakes in model and experiment files.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass check experiment.yaml
  brainmass check models/*.yaml && echo \"all is well\"
  brainmass check experiment.yaml --set k=0.1 --duration 10min

All mistakes of all files are shown, and what `run`, `fit` and `sweep` would refuse: memory that does not suffice, files
that cannot be written. Of a sweep it is said how many runs it has, what they take, and how long. The exit status is 0 if there is nothing of the kind. Models may extend those of the catalogue and
those of the other files given and of the folders in which they lie.")]
pub struct Arguments {
    /// Model or experiment files (.yaml, .json).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Says nothing of files without mistakes.
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    flags: Flags,
}

/// The flags that stand for keys of experiments, which are laid over each experiment given.
struct Flags(Given);

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        flags::add(command, &flags::RUN, &flags::NOT_OF_CHECK)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self(Given::of(matches, &flags::RUN, &flags::NOT_OF_CHECK)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A file given, and what is wrong with it.
struct Checked {
    path: PathBuf,
    name: String,
    bytes: Vec<u8>,
    /// Whether it is a model that builds on another one.
    has_base: bool,
    /// The kind of file and its content in a few words, where it could be read.
    is: Option<String>,
    problems: Vec<Problem>,
    /// A fault that is not in the text of the file.
    failure: Option<Failure>,
}

impl Checked {
    fn is_right(&self) -> bool {
        self.problems.is_empty() && self.failure.is_none()
    }
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut checked = Vec::new();
    let mut of_models = Vec::new();
    for path in &arguments.files {
        let name = path.display().to_string();
        let mut file = Checked {
            path: path.clone(),
            name,
            bytes: Vec::new(),
            has_base: false,
            is: None,
            problems: Vec::new(),
            failure: None,
        };
        match read_file(path, FILE_LIMIT) {
            Err(error) => {
                let failure = Failure::new(error);
                file.failure = Some(match missing::way_out(path) {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                });
            }
            Ok(bytes) => {
                let root = yaml::decode(&file.name, &bytes).and_then(|source| yaml::parse(&source));
                file.bytes = bytes;
                match root {
                    Err(problem) => file.problems.push(problem),
                    Ok(root) if content(&root) == Content::Experiment => {
                        // What it warns of is printed where it is read.
                        let mut line = CommandLine::new(&format!("brainmass check {}", file.name));
                        arguments.flags.0.write(&mut line, None);
                        let mut problems = Problems::default();
                        let root = line.over(Some(root), &mut problems);
                        let read = Reader::new().file(path).of(&root);
                        match told(problems, read.map_err(Failure::from)) {
                            Ok(experiment) => {
                                warn(&experiment.warnings);
                                file.failure = unwritable(&experiment);
                                let diagram = experiment.continuation.as_ref().map(bifurcation::describe);
                                let described = [describe(&experiment)].into_iter().chain(diagram);
                                file.is = Some(described.collect::<Vec<_>>().join("; "));
                                file.failure = file.failure.take().or(unswept(
                                    &experiment,
                                    arguments.quiet,
                                    &mut file.is,
                                ));
                            }
                            Err(Failure::Mistakes(report)) => file.problems = report.problems().to_vec(),
                            Err(failure) => file.failure = Some(failure),
                        }
                    }
                    Ok(_) if !arguments.flags.0.is_empty() => {
                        let failure = Failure::new(format!(
                            "`{}` is a model file, and flags are about experiments",
                            file.name
                        ));
                        file.failure =
                            Some(failure.hint(format!("`brainmass run {}` runs it with them", file.name)));
                    }
                    Ok(root) => {
                        file.has_base =
                            ["extends", "cell", "layer"].iter().any(|key| root.entry(key).is_some());
                        of_models.push((checked.len(), plain(&root, "name")));
                    }
                }
            }
        }
        checked.push(file);
    }
    compile(&of_models, &mut checked);

    let paint = terminal.paint;
    for file in checked.iter().filter(|file| file.is_right() && !arguments.quiet) {
        let is = file.is.as_deref().unwrap_or_default();
        terminal.line(format!("{} {}  {}", paint.good("ok"), file.name, paint.faint(is)).trim_end())?;
    }
    terminal.finish()?;
    let wrong = checked.iter().filter(|file| !file.is_right()).count();
    let mut problems: Vec<Problem> = Vec::new();
    let mut failures = Vec::new();
    for file in checked {
        problems.extend(file.problems);
        failures.extend(file.failure);
    }
    let count = problems.len() + failures.len();
    if count == 0 {
        return Ok(());
    }
    let plural =
        |count: usize, word: &str| if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") };
    let message = format!("{} in {}", plural(count, "mistake"), plural(wrong, "file"));
    match Report::new(problems) {
        Some(report) => failures.insert(0, report.into()),
        None if count == 1 => return Failure::all(failures),
        None => {}
    }
    failures.push(Failure::new(message));
    Failure::all(failures)
}

/// Says which file the experiment could not be written to, by a run, a fit or a diagram.
fn unwritable(experiment: &Experiment) -> Option<Failure> {
    let of_run: Vec<&PathBuf> = experiment.output.iter().chain(&experiment.plot).collect();
    let of_fit: Vec<&PathBuf> =
        experiment.fit.iter().flat_map(|plan| plan.output.iter().chain(&plan.plot)).collect();
    let of_diagram = experiment.continuation.iter().flat_map(bifurcation::files).collect();
    [of_run, of_fit, of_diagram].into_iter().find_map(|files| outputs::check(&experiment.files, &files).err())
}

/// Adds what a sweep will take to the description of an experiment that has one. Returns the reason why it could not be made.
fn unswept(experiment: &Experiment, quiet: bool, description: &mut Option<String>) -> Option<Failure> {
    let plan = experiment.sweep.as_ref()?;
    if let Err(failure) = sweep::check_outputs(experiment, plan) {
        return Some(failure);
    }
    if quiet {
        return None;
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    match Estimate::of(experiment, threads) {
        Ok(estimate) => {
            let described = description.get_or_insert_default();
            described.push_str("; ");
            described.push_str(&sweep::describe(&estimate));
            None
        }
        Err(error) => Some(error.into()),
    }
}

/// Compiles model files together, with what they build on.
fn compile(of_models: &[(usize, Option<String>)], checked: &mut [Checked]) {
    let given: Vec<(PathBuf, Vec<u8>)> = of_models
        .iter()
        .map(|(index, _)| (checked[*index].path.clone(), std::mem::take(&mut checked[*index].bytes)))
        .collect();
    if given.is_empty() {
        return;
    }
    let report = Zoo::default().check_files(&given);
    let mut problems = report.map(|report| report.problems().to_vec()).unwrap_or_default();
    for (index, model) in of_models {
        let file = &mut checked[*index];
        file.is = model.as_ref().map(|name| format!("model {name}"));
        let own;
        (own, problems) = problems.into_iter().partition(|problem| problem.span.source.name == file.name);
        file.problems.extend::<Vec<Problem>>(own);
    }
    // The mistakes of files that were not given keep those that build on them from being models.
    let builds_on = |(index, _): &&(usize, Option<String>)| checked[*index].has_base;
    if let Some((index, _)) = of_models.iter().find(builds_on).or(of_models.first()) {
        checked[*index].problems.extend(problems);
    }
}

/// Returns the text of a plain value under a key.
fn plain(root: &Node, key: &str) -> Option<String> {
    match &root.entry(key)?.value {
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
