//! `connectome`: which regions are connected, how strongly and over what distance.

use brainmass_spec::fields::{Fields, list, number, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::yaml::{Node, Value};

use super::array_file::beside;
use brainmass_data::connectome::{
    Connectome, ConnectomeError, Normalization, Orientation, Share, Symmetrization,
};
use brainmass_data::datasets::{synthetic_8, synthetic_90};

/// Connectomes that are part of the library.
const BUNDLED: [Bundled; 2] = [("synthetic_8", synthetic_8), ("synthetic_90", synthetic_90)];

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

/// `synthetic_90`, `connectivity_76.zip`, or a mapping with `name` or `file` and what is to be done with it, in the order of the keys below.
pub fn read(node: &Node, problems: &mut Problems) -> Option<Connectome> {
    if !matches!(node.value, Value::Map(_)) {
        let name = text(node, problems)?;
        return load(&name, None, None, problems);
    }
    let mut fields = Fields::new(node, "the connectome", problems);
    let name = fields.text("name", problems);
    let file = fields.text("file", problems);
    let lengths = fields.text("lengths", problems);
    let orientation = choice(&mut fields, "orientation", &ORIENTATIONS, problems);
    let regions = fields.take("regions");
    let symmetrize = choice(&mut fields, "symmetrize", &SYMMETRIZATIONS, problems);
    let strongest = fields.take("strongest").and_then(|node| number(node, problems));
    let threshold = fields.take("threshold").and_then(|node| number(node, problems));
    let normalize = fields.take("normalize").map(|node| normalizations(node, problems)).unwrap_or_default();
    fields.finish(problems);
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
    let mut connectome = load(source, orientation, lengths.as_ref(), problems)?;
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
    if let Some(part) = strongest {
        connectome = told(connectome.strongest(Share::OfConnections(part.value)), &part.span, problems)?;
    }
    if let Some(least) = threshold {
        connectome = told(connectome.thresholded(least.value), &least.span, problems)?;
    }
    for way in normalize {
        connectome = told(connectome.normalized(way.value), &way.span, problems)?;
    }
    Some(connectome)
}

fn told(
    outcome: Result<Connectome, ConnectomeError>,
    span: &Span,
    problems: &mut Problems,
) -> Option<Connectome> {
    outcome.map_err(|error| problems.push(Problem::new(span, error.to_string()))).ok()
}

/// A bundled connectome by its name, or one from a file.
fn load(
    source: &Spanned<String>,
    orientation: Option<Orientation>,
    lengths: Option<&Spanned<String>>,
    problems: &mut Problems,
) -> Option<Connectome> {
    if let Some((_, bundled)) = BUNDLED.iter().find(|(name, _)| *name == source.value) {
        if let Some(lengths) = lengths {
            problems.push(Problem::new(&lengths.span, format!("`{}` has its own lengths", source.value)));
        }
        return Some(bundled());
    }
    if !source.value.contains('.') {
        let label = suggestion(&source.value, "bundled connectomes", BUNDLED.iter().map(|(name, _)| *name));
        let problem =
            Problem::new(&source.span, format!("there is no connectome `{}`", source.value)).label(label);
        problems.push(problem.help("a file is named with its ending, as in `connectivity.zip`"));
        return None;
    }
    let path = beside(source);
    let loaded = match (lengths, orientation) {
        (None, _) => Connectome::load(&path, orientation),
        (Some(lengths), Some(orientation)) => Connectome::load_pair(&path, beside(lengths), orientation),
        (Some(_), None) => Err(ConnectomeError::OrientationUnknown { origin: source.value.clone() }),
    };
    let told = |error: ConnectomeError| match error {
        ConnectomeError::OrientationUnknown { .. } => Problem::new(
            &source.span,
            format!("`{}` does not say whether its rows are targets or sources", source.value),
        )
        .help("add `orientation: target_source` or `orientation: source_target`"),
        other => Problem::new(&source.span, format!("cannot use this connectome: {other}")),
    };
    loaded.map_err(|error| problems.push(told(error))).ok()
}

/// One normalisation, or several in turn.
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

/// The value of a key that is one of a few words.
pub fn choice<T: Copy>(
    fields: &mut Fields,
    key: &'static str,
    among: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let word = fields.text(key, problems)?;
    chosen(&word, &format!("values of `{key}`"), among, problems)
}

fn chosen<T: Copy>(
    word: &Spanned<String>,
    what: &str,
    among: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let found = among.iter().find(|(name, _)| *name == word.value).map(|(_, value)| *value);
    if found.is_none() {
        let label = suggestion(&word.value, what, among.iter().map(|(name, _)| *name));
        problems.push(
            Problem::new(&word.span, format!("`{}` is not one of the {what}", word.value)).label(label),
        );
    }
    found
}
