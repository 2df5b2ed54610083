//! The reader of experiment files, which knows some models and keeps to some limits.

use std::path::{Path, PathBuf};

use brainmass_spec::problem::{Problem, Problems, Report};
use brainmass_spec::source::{MAX_BYTES, Source, Span};
use brainmass_spec::yaml::{self, Node};
use thiserror::Error;

use super::context::{Context, KeptFiles};
use super::description::Experiment;
use super::limits::Limits;
use super::models::{Models, ReadText};
use super::read;
use super::sweep_plan::{Origin, SweepPlan};
use super::variants;
use crate::catalogue::Zoo;
use brainmass_core::real::Simd;
use brainmass_data::io::{IoError, read_file};
use brainmass_sim::simulator::Session;

/// Why an experiment file cannot be used.
#[derive(Error)]
pub enum ExperimentError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] IoError),
    /// The file has mistakes.
    #[error(transparent)]
    Mistakes(#[from] Report),
}

impl Experiment {
    /// Reads a file, with the models of the library and the usual limits; [`Reader`] takes others.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has mistakes; the error holds all of them.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ExperimentError> {
        Reader::new().open(path)
    }

    /// Reads the text of a file; `name` is what messages call it, and paths in the text are relative to its folder.
    ///
    /// # Errors
    ///
    /// The text has mistakes; the report holds all of them.
    pub fn read(name: &str, text: &str) -> Result<Self, Report> {
        Reader::new().read(name, text)
    }

    /// Reads a tree, which may have been put together from several sources.
    ///
    /// # Errors
    ///
    /// The tree has mistakes; the report holds all of them.
    pub fn of(root: &Node) -> Result<Self, Report> {
        Reader::new().of(root)
    }
}

/// Reads experiment files.
///
/// ```
/// use brainmass::Experiment;
/// use brainmass::experiment::{Limits, Reader};
///
/// let text = "{model: HopfStep, nodes: 90, duration: 1 h, record: [x, y]}";
/// let small = Limits { memory: Some(1_000_000), ..Limits::default() };
/// let report = Reader::new().limits(small).read("e.yaml", text).unwrap_err();
/// assert!(report.to_string().contains("52 GB of memory"), "{report}");
/// # Ok::<(), brainmass_spec::Report>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Reader<'z> {
    zoo: Option<&'z Zoo>,
    limits: Limits,
    file: Option<PathBuf>,
    texts: Vec<ReadText>,
    leaves_fit: bool,
    kept: Option<KeptFiles>,
    simd: Option<Simd>,
    leaves_sweep: bool,
    leaves_continuation: bool,
}

impl<'z> Reader<'z> {
    /// Creates a reader that knows the models of the library.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks names of models and rules up in `zoo`.
    pub fn zoo(mut self, zoo: &'z Zoo) -> Self {
        self.zoo = Some(zoo);
        self
    }

    /// Sets how large a run may be unless its file says otherwise.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Says which file a tree was read from. Paths in it are relative to the folder of the file, which is among the files of the experiment.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Takes the text of a model file that was read already: where the experiment names the file, it is not read again.
    pub fn text_of(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.texts.push(ReadText { path: path.into(), text: text.into() });
        self
    }

    /// Says where files lie that a result keeps, whose experiment is read.
    pub(super) fn kept_files(mut self, kept: KeptFiles) -> Self {
        self.kept = Some(kept);
        self
    }

    /// Sets the instruction set of the runs; that of the environment if none is given.
    pub fn simd(mut self, simd: Simd) -> Self {
        self.simd = Some(simd);
        self
    }

    /// Leaves the section `fit` unread, as for a run, whose target need not be there.
    pub fn without_fit(mut self) -> Self {
        self.leaves_fit = true;
        self
    }

    /// Leaves the section `sweep` unread, as for one run.
    pub fn without_sweep(mut self) -> Self {
        self.leaves_sweep = true;
        self
    }

    /// Leaves the section `continuation` unread, as for one run.
    pub fn without_continuation(mut self) -> Self {
        self.leaves_continuation = true;
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has mistakes; the error holds all of them.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Experiment, ExperimentError> {
        let root = tree(&path)?;
        Ok(self.file(path.as_ref()).of(&root)?)
    }

    /// Reads the text of a file; `name` is what messages call it, and paths in the text are relative to its folder.
    ///
    /// # Errors
    ///
    /// The text has mistakes; the report holds all of them.
    pub fn read(self, name: &str, text: &str) -> Result<Experiment, Report> {
        let root = yaml::parse(&Source::new(name, text)).map_err(Report::from)?;
        self.of(&root)
    }

    /// Reads a tree, which may have been put together from several sources.
    ///
    /// # Errors
    ///
    /// The tree has mistakes; the report holds all of them.
    pub fn of(self, root: &Node) -> Result<Experiment, Report> {
        Ok(self.start(root)?.0)
    }

    /// Reads a tree and starts the run that it describes, which is the last check of it: the network is built once for both.
    ///
    /// # Errors
    ///
    /// As [`Reader::of`].
    pub fn start(self, root: &Node) -> Result<(Experiment, Session), Report> {
        let own;
        let zoo = match self.zoo {
            Some(zoo) => zoo,
            None => {
                own = Zoo::default();
                &own
            }
        };
        let mut problems = Problems::default();
        let mut experiment = self.read_tree(root, self.leaves_sweep, zoo, &mut problems);
        if let Some(plan) = experiment.as_mut().and_then(|(experiment, _)| experiment.sweep.as_mut())
            && plan.design.has_variants()
        {
            for variant in plan.design.each_variant() {
                let changes = plan.design.changes(&variant);
                let mut own = Problems::default();
                let changed = variants::changed(root, &changes, &mut own);
                self.read_tree(&changed, true, zoo, &mut own);
                if let Err(report) = own.finish(()) {
                    report
                        .problems()
                        .iter()
                        .for_each(|problem| problems.push(variants::told(problem, &changes)));
                    break;
                }
            }
            let (file, texts) = (self.file.clone(), self.texts.clone());
            plan.origin = Some(Origin { root: root.clone(), file, limits: self.limits, texts });
        }
        let experiment = problems.finish(experiment)?;
        // What is missing has been reported, so that without a report there is an experiment.
        experiment.ok_or_else(|| Problem::new(&root.span, "this is not an experiment").into())
    }

    /// Reads a tree and starts its run; what is wrong is reported.
    fn read_tree(
        &self,
        root: &Node,
        leaves_sweep: bool,
        zoo: &Zoo,
        problems: &mut Problems,
    ) -> Option<(Experiment, Session)> {
        let models = Models::new(zoo, &self.texts);
        let mut context = Context::new(models, self.limits, self.file.as_deref(), self.leaves_fit);
        context = context.of_result(self.kept.clone(), self.simd);
        context.leaves_sweep = leaves_sweep;
        context.leaves_continuation = self.leaves_continuation;
        read::experiment(root, &mut context, problems)
    }

    /// Reads the version of the experiment that some runs of a sweep are of, see [`Design::variant`].
    ///
    /// # Errors
    ///
    /// The values that the version has under some keys do not go together; the report says what is wrong.
    ///
    /// [`Design::variant`]: super::Design::variant
    pub fn variant(mut self, plan: &SweepPlan, variant: &[usize]) -> Result<Experiment, Report> {
        let Some(origin) = &plan.origin else {
            return Err(Report::from(Problem::new(
                &Span::new(&Source::new("sweep", ""), 0..0),
                "this sweep has one version of its file",
            )));
        };
        let mut problems = Problems::default();
        let root = variants::changed(&origin.root, &plan.design.changes(variant), &mut problems);
        problems.finish(())?;
        self.limits = origin.limits;
        self.file = origin.file.clone();
        self.texts = origin.texts.clone();
        self.without_fit().without_sweep().without_continuation().of(&root)
    }
}

/// Reads the tree of an experiment file, in which nothing is checked yet.
///
/// # Errors
///
/// The file cannot be read, is larger than 1 MiB, or is not YAML.
pub fn tree(path: impl AsRef<Path>) -> Result<Node, ExperimentError> {
    let name = path.as_ref().display().to_string();
    let bytes = read_file(path, MAX_BYTES as u64)?;
    let root = yaml::decode(&name, &bytes).and_then(|source| yaml::parse(&source));
    Ok(root.map_err(Report::from)?)
}

brainmass_spec::debug_as_text!(ExperimentError);
