//! The section `connectome`, which says which regions are connected, how strongly and over what distance.

use brainmass_spec::fields::{list, number, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::yaml::{Node, Value};
use ndarray::Array2;

use super::array_file;
use super::basics::chosen;
use super::context::Context;
use super::keys::{CONNECTOME, Keys};
use brainmass_data::connectome::{
    Connectome, ConnectomeError, Normalization, Orientation, Share, Symmetrization,
};
use brainmass_data::datasets::{modular_90, synthetic_8, synthetic_90};
use brainmass_data::io::table::Format;

use crate::missing;

/// Connectomes that are part of the library.
pub const BUNDLED: [Bundled; 3] =
    [("synthetic_8", synthetic_8), ("synthetic_90", synthetic_90), ("modular_90", modular_90)];

/// A name and what makes the connectome.
type Bundled = (&'static str, fn() -> Connectome);

const ORIENTATIONS: [(&str, Orientation); 2] =
    [("target_source", Orientation::TargetSource), ("source_target", Orientation::SourceTarget)];

const NORMALIZATIONS: [(&str, Normalization); 4] = [
    ("max", Normalization::Max),
    ("row_sum", Normalization::RowSum),
    ("spectral_radius", Normalization::SpectralRadius),
    ("log", Normalization::Log1p),
];

const SYMMETRIZATIONS: [(&str, Symmetrization); 2] =
    [("mean", Symmetrization::Mean), ("max", Symmetrization::Max)];

/// Reads the connectome of the whole experiment, whose regions give their names to all arrays.
pub fn of_experiment(node: &Node, context: &Context, problems: &mut Problems) -> Option<Connectome> {
    let connectome = read(node, context, problems)?;
    if connectome.is_named() {
        context.name_regions(connectome.labels(), "the connectome");
    }
    Some(connectome)
}

/// Reads `synthetic_90`, `connectivity_76.zip`, or a mapping with `name` or `file` and what is to be done with it, in the order of its keys.
pub fn read(node: &Node, context: &Context, problems: &mut Problems) -> Option<Connectome> {
    let read = if matches!(node.value, Value::Map(_)) {
        of_mapping(node, context, problems)
    } else {
        let name = text(node, problems)?;
        let loaded = load(&name, None, None, &Format::default(), context, problems)?;
        warn_of_one_triangle(loaded.weights(), None, &name.span, problems);
        Some(loaded)
    };
    let connectome = read?;
    if !connectome.is_named() {
        return Some(connectome);
    }
    // The regions of another connectome stand in the order of the first.
    match context.order(connectome.labels(), "the connectome", connectome.len(), &node.span, problems)? {
        Some(order) => told(connectome.select(&order), &node.span, problems),
        None => Some(connectome),
    }
}

fn of_mapping(node: &Node, context: &Context, problems: &mut Problems) -> Option<Connectome> {
    let mut keys = Keys::open(node, "the connectome", &[&CONNECTOME], problems);
    let [name, file, lengths] = ["name", "file", "lengths"].map(|key| keys.text(key, problems));
    let orientation = keys.choice("orientation", &ORIENTATIONS, problems);
    let format = array_file::layout(&mut keys, problems);
    let regions = keys.take("regions", problems);
    let symmetrize = keys.choice("symmetrize", &SYMMETRIZATIONS, problems);
    let [strongest, density, threshold] = ["strongest", "density", "threshold"]
        .map(|key| keys.take(key, problems).and_then(|node| number(node, problems)));
    let normalize =
        keys.take("normalize", problems).map(|node| normalizations(node, problems)).unwrap_or_default();
    keys.finish(problems);
    let source =
        match (&name, &file) {
            (Some(name), None) | (None, Some(name)) => name,
            (Some(_), Some(file)) => {
                problems.push(Problem::new(&file.span, "`name` and `file` are given; one is enough"));
                return None;
            }
            (None, None) => {
                let problem = Problem::new(&node.span, "the connectome has neither `name` nor `file`");
                problems.push(problem.help(
                    "write for example `connectome: synthetic_90` or `connectome: {file: weights.csv}`",
                ));
                return None;
            }
        };
    if let (Some(_), Some(density)) = (&strongest, &density) {
        let message = "`strongest` and `density` are two ways to say how many connections are kept";
        problems.push(Problem::new(&density.span, message));
    }
    let mut connectome = load(source, orientation, lengths.as_ref(), &format, context, problems)?;
    warn_of_one_triangle(connectome.weights(), symmetrize, &source.span, problems);
    if let Some(node) = regions {
        let labels: Vec<_> = list(node, problems).iter().filter_map(|item| text(item, problems)).collect();
        for label in &labels {
            if let Err(error) = connectome.index_of(&label.value) {
                problems.push(Problem::new(&label.span, error.to_string()));
            }
        }
        let names: Vec<&str> = labels.iter().map(|label| label.value.as_str()).collect();
        connectome = connectome.select_labels(&names).ok()?;
    }
    if let Some(way) = symmetrize {
        connectome = connectome.symmetrized(way);
    }
    if let Some(share) = strongest {
        connectome = told(connectome.strongest(Share::OfConnections(share.value)), &share.span, problems)?;
    }
    if let Some(density) = density {
        connectome = told(connectome.strongest(Share::OfPairs(density.value)), &density.span, problems)?;
    }
    if let Some(least) = threshold {
        connectome = told(connectome.thresholded(least.value), &least.span, problems)?;
    }
    for way in normalize {
        connectome = told(connectome.normalized(way.value), &way.span, problems)?;
    }
    Some(connectome)
}

/// Says that weights fill one triangle alone: some programs write one of two equal halves.
pub fn warn_of_one_triangle(
    weights: &Array2<f64>,
    symmetrize: Option<Symmetrization>,
    span: &Span,
    problems: &mut Problems,
) {
    let Some(half) = Connectome::new(weights.clone()).ok().and_then(|weights| weights.triangle()) else {
        return;
    };
    if symmetrize == Some(Symmetrization::Max) {
        return;
    }
    let (consequence, help) = match symmetrize {
        Some(Symmetrization::Mean) => (
            "the mean of both directions halves every weight",
            "say `symmetrize: max` if the file holds one half of a symmetric matrix",
        ),
        _ => (
            "each connection goes one way",
            "say `symmetrize: max` if the file holds one half of a symmetric matrix",
        ),
    };
    let message = format!("the weights fill the {half} alone: {consequence}");
    problems.warn(Problem::new(span, message).help(help));
}

fn told(
    outcome: Result<Connectome, ConnectomeError>,
    span: &Span,
    problems: &mut Problems,
) -> Option<Connectome> {
    outcome.map_err(|error| problems.push(Problem::new(span, error.to_string()))).ok()
}

/// Loads a bundled connectome by its name, or one from a file.
fn load(
    source: &Spanned<String>,
    orientation: Option<Orientation>,
    lengths: Option<&Spanned<String>>,
    format: &Format,
    context: &Context,
    problems: &mut Problems,
) -> Option<Connectome> {
    if let Some((_, bundled)) = BUNDLED.iter().find(|(name, _)| *name == source.value) {
        if let Some(lengths) = lengths {
            problems.push(Problem::new(&lengths.span, format!("`{}` has its own lengths", source.value)));
        }
        return Some(bundled());
    }
    if !source.value.contains('.') {
        let help = suggestion(&source.value, "bundled connectomes", BUNDLED.iter().map(|(name, _)| *name));
        let problem =
            Problem::new(&source.span, format!("there is no connectome `{}`", source.value)).help(help);
        problems.push(problem.help("a file is named with its ending, as in `connectivity.zip`"));
        return None;
    }
    let path = context.reads(source);
    let loaded = match (lengths, orientation) {
        (None, Some(orientation)) if *format != Format::default() => {
            Connectome::load_table(&path, orientation, format)
        }
        (None, _) => Connectome::load(&path, orientation),
        (Some(lengths), Some(orientation)) => {
            Connectome::load_pair_tables(&path, context.reads(lengths), orientation, format)
        }
        (Some(_), None) => Err(ConnectomeError::OrientationUnknown { origin: source.value.clone() }),
    };
    let told = |error: ConnectomeError| match error {
        ConnectomeError::OrientationUnknown { .. } => Problem::new(
            &source.span,
            format!("`{}` does not say whether its rows are targets or sources", source.value),
        )
        .help("add `orientation: target_source` or `orientation: source_target`"),
        other => {
            let problem = Problem::new(&source.span, format!("cannot use this connectome: {other}"));
            let files = [Some(source), lengths].into_iter().flatten();
            match files.map(|name| context.path(name)).find_map(|path| missing::way_out(&path)) {
                Some(help) => problem.help(help),
                None => problem,
            }
        }
    };
    loaded.map_err(|error| problems.push(told(error))).ok()
}

/// Reads one normalisation, or several in turn.
fn normalizations(node: &Node, problems: &mut Problems) -> Vec<Spanned<Normalization>> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let one = |item: &Node, problems: &mut Problems| {
        let name = text(item, problems)?;
        Some(Spanned::new(chosen(&name, "normalisations", &NORMALIZATIONS, problems)?, name.span))
    };
    items.iter().filter_map(|item| one(item, problems)).collect()
}
