//! The context that all sections of an experiment are read in: the models, the limits, the names of the regions, the files.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::{Span, Spanned};

use super::limits::Limits;
use super::models::Models;
use brainmass_core::real::Simd;
use brainmass_data::connectome::only_count;

/// The context that all sections are read in.
pub struct Context<'z> {
    /// The models that names are looked up in, and those of files.
    pub models: Models<'z>,
    /// The limits of the run.
    pub limits: Cell<Limits>,
    /// The instruction set to run with, where one is given.
    pub simd: Option<Simd>,
    /// Whether the section `fit` is left unread.
    pub leaves_fit: bool,
    /// Whether the section `sweep` is left unread.
    pub leaves_sweep: bool,
    /// Whether the section `continuation` is left unread.
    pub leaves_continuation: bool,
    /// The experiment file, where it was read from one.
    file: Option<PathBuf>,
    regions: RefCell<Option<Regions>>,
    files: RefCell<Vec<PathBuf>>,
    /// The files that results keep: those that the experiment names, and those that they build on.
    named: RefCell<Vec<Named>>,
    /// The result whose experiment is read, where it is one.
    result: Option<KeptFiles>,
}

/// A file that the numbers of a run depend on.
#[derive(Debug, Clone)]
pub struct Named {
    /// The place of its name; `None` where another file names it.
    pub span: Option<Span>,
    /// The path by which it is read.
    pub path: PathBuf,
    /// Its content, where that is known and may be no file.
    pub content: Option<Vec<u8>>,
}

/// The files that a result keeps, unpacked.
#[derive(Debug, Clone)]
pub struct KeptFiles {
    /// The folder that they lie in.
    pub folder: PathBuf,
    /// The folder of the result, in which files lie that it does not keep.
    pub beside: PathBuf,
}

/// The names of the regions.
struct Regions {
    names: Vec<String>,
    /// The words for the place that the names come from, for messages.
    origin: String,
}

impl<'z> Context<'z> {
    pub fn new(models: Models<'z>, limits: Limits, file: Option<&Path>, leaves_fit: bool) -> Self {
        let files: Vec<PathBuf> = file.map(Path::to_owned).into_iter().collect();
        Self {
            models,
            limits: Cell::new(limits),
            leaves_fit,
            leaves_sweep: false,
            leaves_continuation: false,
            file: file.map(Path::to_owned),
            regions: RefCell::new(None),
            files: RefCell::new(files),
            named: RefCell::default(),
            result: None,
            simd: None,
        }
    }

    /// Says that the experiment is that of a result, which keeps files and was made with an instruction set.
    pub fn of_result(mut self, kept: Option<KeptFiles>, simd: Option<Simd>) -> Self {
        (self.result, self.simd) = (kept, simd);
        self
    }

    /// Returns the place of a file of a result that is repeated: where it lies among those that are kept, or beside the result.
    pub fn place_in_result(&self, path: &Path) -> Option<PathBuf> {
        let kept = self.result.as_ref()?;
        let within = path.strip_prefix(&kept.folder).or_else(|_| path.strip_prefix(&kept.beside));
        within.ok().filter(|path| path.is_relative()).map(Path::to_owned)
    }

    /// Notes a file that results keep, at the place of its name; `content` is what is in it where it may be no file.
    pub fn keep(&self, span: Option<&Span>, path: &Path, content: Option<Vec<u8>>) {
        let named = Named { span: span.cloned(), path: path.to_owned(), content };
        self.named.borrow_mut().push(named);
    }

    /// Whether a file is among those that results keep.
    pub fn is_kept(&self, path: &Path) -> bool {
        self.named.borrow().iter().any(|named| named.path == path)
    }

    /// Returns the files that results keep.
    pub fn named(&self) -> Vec<Named> {
        self.named.borrow().clone()
    }

    /// Returns the path of a file that the experiment names: relative to the file that names it, or to the present folder for a flag.
    pub fn path(&self, name: &Spanned<String>) -> PathBuf {
        let source = &name.span.source.name;
        // The name of the source is text; the path of the file may be none.
        let by_path = self.file.as_deref().filter(|file| file.to_string_lossy() == source.as_str());
        let file = by_path.unwrap_or(Path::new(source));
        let path = file.parent().unwrap_or(Path::new("")).join(&name.value);
        let Some(kept) = self.result.as_ref().filter(|_| by_path.is_some()) else { return path };
        match path.strip_prefix(&kept.beside).map(|within| kept.folder.join(within)) {
            Ok(unpacked) if unpacked.exists() => unpacked,
            _ => path,
        }
    }

    /// Notes a file that is read, and returns its path.
    pub fn reads(&self, name: &Spanned<String>) -> PathBuf {
        let path = self.path(name);
        self.note([path.clone()]);
        self.keep(Some(&name.span), &path, None);
        path
    }

    /// Notes files that were read.
    pub fn note(&self, files: impl IntoIterator<Item = PathBuf>) {
        self.files.borrow_mut().extend(files);
    }

    /// Takes the paths of all files that were read.
    pub fn take_files(&self) -> Vec<PathBuf> {
        self.files.take()
    }

    /// Says how the regions are called.
    pub fn name_regions(&self, names: &[String], origin: &str) {
        *self.regions.borrow_mut() = Some(Regions { names: names.to_vec(), origin: origin.to_owned() });
    }

    /// Returns the names of the regions, where there are any.
    pub fn region_names(&self) -> Option<Vec<String>> {
        self.regions.borrow().as_ref().map(|regions| regions.names.clone())
    }

    /// Finds a region by its name, or by its number from 0.
    pub fn region(&self, name: &Spanned<String>, nodes: usize, problems: &mut Problems) -> Option<usize> {
        let regions = self.regions.borrow();
        let names: &[String] = match regions.as_ref() {
            Some(regions) if regions.names.len() == nodes => &regions.names,
            _ => &[],
        };
        if let Some(index) = names.iter().position(|known| *known == name.value) {
            return Some(index);
        }
        let numbered = name.value.parse::<usize>().ok().filter(|index| *index < nodes);
        if numbered.is_none() {
            let problem = if names.is_empty() {
                let last = nodes.saturating_sub(1);
                let message = format!("there is no region `{}`", name.value);
                Problem::new(&name.span, message)
                    .help(format!("the regions have no names here, but numbers from 0 to {last}"))
            } else {
                let help = suggestion(&name.value, "regions", names.iter().map(String::as_str));
                Problem::new(&name.span, format!("there is no region `{}`", name.value)).help(help)
            };
            problems.push(problem);
        }
        numbered
    }

    /// Compares names that an array has with those of the regions; `what` is how messages call the array. Returns where in the array each region
    /// stands: `Some(None)` where the order is the same or nothing is known of the names, `None` where the names disagree, which is
    /// reported at `span`.
    ///
    /// The first array that names as many regions as there are `nodes` gives them their names, if nothing else has.
    #[expect(clippy::option_option, reason = "an order, no order to be kept, or a mistake")]
    pub fn order(
        &self,
        names: &[String],
        what: &str,
        nodes: usize,
        span: &Span,
        problems: &mut Problems,
    ) -> Option<Option<Vec<usize>>> {
        // Names that count the rows say nothing, unless the regions are called so. Other numbers are names as atlases have them.
        let are_regions = |regions: &Regions| names.iter().all(|name| regions.names.contains(name));
        if only_count(names) && !self.regions.borrow().as_ref().is_some_and(are_regions) {
            return Some(None);
        }
        let mut places = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            if places.insert(name.as_str(), index).is_some() {
                let message = format!("{what} names the region `{name}` twice");
                problems.push(Problem::new(span, message));
                return None;
            }
        }
        let mut known = self.regions.borrow_mut();
        let Some(regions) = known.as_ref().filter(|regions| regions.names.len() == nodes) else {
            if known.is_none() && names.len() == nodes {
                *known = Some(Regions { names: names.to_vec(), origin: what.to_owned() });
            }
            return Some(None);
        };
        let missing: Vec<&str> =
            regions.names.iter().map(String::as_str).filter(|name| !places.contains_key(name)).collect();
        let further: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| !regions.names.iter().any(|own| own == name))
            .collect();
        if !missing.is_empty() {
            let message = format!("{what} has no values for the regions {}", shortened(&missing));
            let help = match &further[..] {
                [] => "give it a value for each region, or `others:` for the rest".to_owned(),
                names => {
                    format!("it has values for {}, which {} does not have", shortened(names), regions.origin)
                }
            };
            problems.push(Problem::new(span, message).help(help));
            return None;
        }
        if !further.is_empty() {
            let message = format!(
                "{what} has values for {}, which are no regions here: they are left out",
                shortened(&further)
            );
            problems.warn(Problem::new(span, message));
        }
        if names.len() == nodes && names.iter().zip(&regions.names).all(|(name, own)| name == own) {
            return Some(None);
        }
        Some(Some(regions.names.iter().map(|name| places[name.as_str()]).collect()))
    }
}

/// Names between commas, of many the first few.
fn shortened(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Zoo;
    use brainmass_spec::source::Source;

    #[track_caller]
    fn order(context: &Context, names: &[&str]) -> (Option<Option<Vec<usize>>>, Vec<String>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let span = Span::new(&Source::new("e.yaml", "x"), 0..1);
        let mut problems = Problems::default();
        let found = context.order(&names, "`a`", 3, &span, &mut problems);
        let warnings = problems.take_warnings().into_iter().map(|warning| warning.message);
        let messages = warnings.collect::<Vec<_>>();
        let errors = problems.finish(()).err().map(|report| report.problems()[0].message.clone());
        (found, messages.into_iter().chain(errors).collect())
    }

    #[test]
    fn names_give_the_order_and_others_are_refused() {
        let zoo = Zoo::default();
        let context = Context::new(Models::new(&zoo, &[]), Limits::default(), None, false);
        // The first names there are stand for all that follow.
        assert_eq!(order(&context, &["V1", "V2", "V3"]), (Some(None), vec![]));
        assert_eq!(order(&context, &["V3", "V1", "V2"]), (Some(Some(vec![1, 2, 0])), vec![]));
        assert_eq!(order(&context, &["1", "2", "3"]), (Some(None), vec![]));
        let (found, messages) = order(&context, &["V3", "V4", "V1", "V2"]);
        assert_eq!(found, Some(Some(vec![2, 3, 0])));
        assert_eq!(messages, ["`a` has values for V4, which are no regions here: they are left out"]);
        let (found, messages) = order(&context, &["V1", "V2", "A"]);
        assert_eq!(found, None);
        assert_eq!(messages, ["`a` has no values for the regions V3"]);
        let (_, messages) = order(&context, &["V1", "V2", "V2"]);
        assert_eq!(messages, ["`a` names the region `V2` twice"]);
    }
}
