//! The list of all models that come with the library, with what they can be found by: family, signals, dynamics, sources.
//!
//! [`list_models`](crate::list_models) is the catalogue of the reference, twenty models. [`list_models_in`] lists any collection, or with `"all"` all of them.
//! What a model shows is told by the words of its own file: a model whose text speaks of EEG is found by the signal `eeg`.

use brainmass_core::info::{Category, ModelInfo};
use brainmass_core::registry::Entry;
use brainmass_core::shared::Text;
use brainmass_spec::problem::suggestion;

use crate::catalogue::COLLECTIONS;

/// The name that stands for the models of all collections.
pub const ALL: &str = "all";

/// A word that models are found by, and the words of a model's text that tell it, in lower case.
pub type Told = (&'static str, &'static [&'static str]);

/// The signals that models are found by.
pub const SIGNALS: [Told; 5] = [
    ("eeg", &["eeg", "meg ", "meg.", "evoked potential"]),
    ("bold", &["bold", "fmri", "resting-state", "functional connectivity"]),
    ("lfp", &["local field potential", "depth eeg", "depth electrodes"]),
    ("spikes", &["firing rate", "spike", "rate of the population", "rates of"]),
    ("phases", &["phase oscillator", "phases", "order parameter"]),
];

/// The dynamics that models are found by.
pub const DYNAMICS: [Told; 6] = [
    ("limit_cycle", &["limit cycle", "oscillat", "rhythm", "hopf"]),
    ("bistable", &["bistab", "coexist", "two stable states", "two attractors", "two active states"]),
    ("chaos", &["chaos", "chaotic"]),
    ("excitable", &["excitable", "excitability"]),
    ("bursting", &["burst"]),
    ("plastic", &["plasticity", "learns", "short-term"]),
];

/// A model of the list of all models.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Listing {
    /// The name of the model.
    pub name: Text,
    /// The title of the model.
    pub title: Text,
    /// The collection that the model belongs to: `catalogue`, or its family.
    pub family: Text,
    /// The category of the model; `None` for coupling rules and observation models.
    pub category: Option<Category>,
    /// The number of state variables.
    pub n_state_vars: usize,
    /// The signals that the model's text speaks of, names of [`SIGNALS`].
    pub signals: Vec<&'static str>,
    /// The dynamics that the model's text speaks of, names of [`DYNAMICS`].
    pub dynamics: Vec<&'static str>,
    /// The sources of the model, as its file cites them.
    pub sources: Vec<Text>,
    /// The use case of the model, in a few words.
    pub use_case: Text,
}

impl Listing {
    /// Describes an entry of a family.
    pub fn new(family: impl Into<Text>, entry: &Entry) -> Self {
        let info = &entry.info;
        let text = text_of(info);
        let told = |words: &[Told]| -> Vec<&'static str> {
            words
                .iter()
                .filter(|(_, told)| told.iter().any(|word| text.contains(word)))
                .map(|(name, _)| *name)
                .collect()
        };
        Self {
            name: info.name.clone(),
            title: info.title.clone(),
            family: family.into(),
            category: info.category,
            n_state_vars: info.n_state_vars(),
            signals: told(&SIGNALS),
            dynamics: told(&DYNAMICS),
            sources: info.references.iter().map(|reference| reference.cite.clone()).collect(),
            use_case: info.use_case.clone(),
        }
    }

    /// Returns whether a source of the model has some text, in lower or upper case.
    pub fn is_from(&self, text: &str) -> bool {
        let text = plain(text);
        self.sources.iter().any(|source| plain(source).contains(&text))
    }
}

/// Returns a text in lower case and without the accents of names of authors.
fn plain(text: &str) -> String {
    let letter = |letter: char| match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'é' | 'è' | 'ê' | 'ë' | 'ě' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ñ' | 'ń' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'š' | 'ś' => 's',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ý' => 'y',
        'ž' | 'ź' => 'z',
        other => other,
    };
    text.to_lowercase().chars().map(letter).collect()
}

/// Gathers what the file of a model says of it, in lower case.
fn text_of(info: &ModelInfo) -> String {
    let presets = info.presets.iter().map(|preset| &*preset.doc);
    let observables = info.observables.iter().flat_map(|observable| [&*observable.name, &*observable.doc]);
    let parts =
        [&*info.title, &*info.use_case, &*info.description].into_iter().chain(presets).chain(observables);
    parts.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Lists the models of a collection, in its order: `catalogue`, a family such as `wilson_cowan`, or [`ALL`] for those of all collections.
///
/// ```
/// use brainmass::listing::list_models_in;
///
/// let all = list_models_in("all")?;
/// assert!(all.len() > 30);
/// let bistable = all.iter().filter(|model| model.dynamics.contains(&"bistable") && model.n_state_vars == 2);
/// assert!(bistable.clone().any(|model| model.name == "MontbrioPazoRoxinStep"));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
///
/// There is no such collection; the text says which there are.
pub fn list_models_in(collection: &str) -> Result<Vec<Listing>, String> {
    let is_known = collection == ALL || COLLECTIONS.iter().any(|known| known.name == collection);
    if !is_known {
        let names = COLLECTIONS.iter().map(|known| known.name.as_str()).chain([ALL]);
        let hint = suggestion(collection, "collections", names);
        return Err(format!("there is no collection `{collection}`: {hint}"));
    }
    let wanted = COLLECTIONS.iter().filter(|known| collection == ALL || known.name == collection);
    Ok(wanted
        .flat_map(|known| known.entries.iter().map(|entry| Listing::new(known.name.clone(), entry)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(is_wanted: impl Fn(&Listing) -> bool) -> Vec<String> {
        let all = list_models_in(ALL).expect("all models");
        all.into_iter().filter(is_wanted).map(|model| model.name.to_string()).collect()
    }

    #[test]
    fn all_models_are_listed_once_and_the_catalogue_keeps_its_order() {
        let all = list_models_in(ALL).unwrap();
        let mut names: Vec<_> = all.iter().map(|model| model.name.clone()).collect();
        let catalogue: Vec<_> = crate::list_models().into_iter().map(|model| model.name).collect();
        assert_eq!(names[..20], catalogue[..]);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all.len());
        assert_eq!(list_models_in("wilson_cowan").unwrap().len(), 11);
        let message = list_models_in("wilson").unwrap_err();
        assert!(message.contains("there is no collection `wilson`"), "{message}");
    }

    #[test]
    fn models_are_found_by_what_their_files_say() {
        let has = |names: &[String], name: &str| names.iter().any(|own| own == name);
        let eeg = found(|model| model.signals.contains(&"eeg"));
        assert!(has(&eeg, "JansenRitStep") && !has(&eeg, "MontbrioPazoRoxinStep"), "{eeg:?}");
        let bold = found(|model| model.signals.contains(&"bold"));
        assert!(has(&bold, "WongWangExcInhStep") && has(&bold, "BalloonWindkessel"), "{bold:?}");
        assert!(has(&found(|model| model.signals.contains(&"phases")), "KuramotoNetwork"));
        let chaos = found(|model| model.dynamics.contains(&"chaos"));
        assert!(has(&chaos, "LorenzStep") && has(&chaos, "LarterBreakspearStep"), "{chaos:?}");
        assert!(!has(&chaos, "HopfStep"));
        assert!(has(&found(|model| model.dynamics.contains(&"excitable")), "FitzHughNagumoStep"));
        assert!(has(&found(|model| model.is_from("montbrió")), "MontbrioPazoRoxinStep"));
    }
}
