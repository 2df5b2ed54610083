//! The models as the catalogue, the guide, the comparison and the gallery show them.

use brainmass::listing::Told as Word;
use brainmass::listing::{DYNAMICS, Listing, SIGNALS};
use serde::Serialize;
use tera::Context;

use super::accuracy::{Accuracy, Told};
use super::figures::Figures;
use super::html::{escape, json};
use super::model_page::{Known, class};
use super::nav::{Link, NavSection};
use super::zoo::Item;

/// An entry of a list of models.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    name: String,
    title: String,
    category: String,
    folder: String,
    states: usize,
    parameters: usize,
    inputs: String,
    output: String,
    use_case: String,
    description: String,
    first: String,
    references: Vec<String>,
    planar: bool,
    chosen: bool,
    /// The cost of a step; empty where it has not been measured.
    cost: String,
    /// The number of reference cases that agree.
    cases: usize,
    /// The name with places at which it may break.
    breakable: String,
    thumbnail: Option<String>,
    /// The signals that the model is found by, separated by blanks.
    signals: String,
    /// The dynamics that the model is found by, separated by blanks.
    dynamics: String,
    /// The changes of its pictures at half the time step.
    pictures: Option<Told>,
}

/// Models that belong together, for the guide.
#[derive(Debug, Serialize)]
struct Group<'a> {
    name: &'static str,
    question: &'static str,
    answer: &'static str,
    cards: Vec<&'a Card>,
}

impl Card {
    /// Gathers a card.
    pub fn new(item: &Item, figures: &Figures, known: Option<&Known>) -> Self {
        let (model, info) = (&item.model, item.info());
        let description = model.description.split_whitespace().collect::<Vec<_>>().join(" ");
        let first = match description.find(". ") {
            Some(end) => description[..=end].to_owned(),
            None => description.clone(),
        };
        let listing = Listing::new(item.folder.clone(), &item.entry);
        Self {
            name: model.name.clone(),
            title: model.title.clone(),
            category: item.category().to_owned(),
            folder: item.folder.clone(),
            states: model.states.len(),
            parameters: model.parameters.len(),
            inputs: model.inputs.iter().map(|input| input.name.clone()).collect::<Vec<_>>().join(", "),
            output: info.output.map_or(String::new(), |signal| info.signal_name(signal).to_string()),
            use_case: model.use_case.clone(),
            first,
            description,
            references: model.references.iter().map(|reference| reference.cite.clone()).collect(),
            planar: item.is_planar(),
            chosen: item.folder.is_empty(),
            cost: known.and_then(|known| known.cost.as_ref()).map_or("", |cost| class(cost.ns)).to_owned(),
            cases: known.and_then(|known| known.agreement).map_or(0, |agreement| agreement.passed),
            breakable: breakable(&model.name),
            signals: listing.signals.join(" "),
            dynamics: listing.dynamics.join(" "),
            thumbnail: figures.thumbnail.clone(),
            pictures: figures.accuracy.as_ref().map(Accuracy::told),
        }
    }
}

/// A name as HTML that may break before capitals.
fn breakable(name: &str) -> String {
    let mut out = String::new();
    let mut before = 'A';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            out.push_str("<wbr>");
        }
        out.push_str(&escape(&c.to_string()));
        before = c;
    }
    out
}

/// The models by what they are, as the pages of the reference list them; titles are HTML.
pub fn navigation(cards: &[Card]) -> Vec<NavSection> {
    let titles = [
        ("phenomenological", "Phenomenological"),
        ("physiological", "Physiological"),
        ("network", "Network"),
        ("variant", "Variants"),
        ("other", "Other models"),
        ("coupling", "Coupling rules"),
        ("observation", "Observation models"),
    ];
    titles
        .into_iter()
        .map(|(category, title)| NavSection {
            title: title.to_owned(),
            links: cards
                .iter()
                .filter(|card| card.category == category)
                .map(|card| Link { title: card.breakable.clone(), url: format!("models/{}.html", card.name) })
                .collect(),
        })
        .filter(|section| !section.links.is_empty())
        .collect()
}

/// The categories as the guide asks for them: name, question, what it leads to.
const QUESTIONS: [(&str, &str, &str); 5] = [
    (
        "phenomenological",
        "The shape of the dynamics matters, not its mechanism",
        "Few parameters with a clear effect on the dynamics: onset of rhythms, excitability, bistability, chaos.",
    ),
    (
        "physiological",
        "Variables and parameters must stand for something in the tissue",
        "Rates, potentials and synapses of populations, with time constants and gains that can be measured.",
    ),
    (
        "network",
        "The interaction itself is the model, or a network is to learn",
        "Phases that synchronise, oscillators trained on sequences.",
    ),
    (
        "variant",
        "One of these is nearly right, but an assumption is in the way",
        "Variants of the models above, each with one assumption changed.",
    ),
    ("other", "Something else", "Models without a category of their own."),
];

/// Returns the values that the templates of the catalogue take.
///
/// # Errors
///
/// A value cannot be written as JSON.
pub fn context(cards: &[Card], root: &str) -> Result<Context, String> {
    let groups: Vec<Group> = QUESTIONS
        .into_iter()
        .map(|(name, question, answer)| Group {
            name,
            question,
            answer,
            cards: cards.iter().filter(|card| card.category == name).collect(),
        })
        .filter(|group| !group.cards.is_empty())
        .collect();
    let mut context = Context::new();
    context.insert("root", root);
    context.insert("cards", cards);
    context.insert("groups", &groups);
    let names = |words: &[Word]| words.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    context.insert("signals", &names(&SIGNALS));
    context.insert("dynamics", &names(&DYNAMICS));
    let mut families: Vec<&str> =
        cards.iter().filter(|card| card.states > 0).map(|card| card.folder.as_str()).collect();
    families.retain(|family| !family.is_empty());
    families.sort_unstable();
    families.dedup();
    context.insert("families", &families);
    let nodes: Vec<&Card> = cards.iter().filter(|card| card.states > 0).collect();
    context.insert("nodes", &nodes);
    let rules: Vec<&Card> =
        cards.iter().filter(|card| matches!(card.category.as_str(), "coupling" | "observation")).collect();
    context.insert("rules", &rules);
    // Pictures are in the page already.
    let bare: Vec<Card> = nodes.iter().map(|card| Card { thumbnail: None, ..(*card).clone() }).collect();
    context.insert("data", &json(&bare)?);
    Ok(context)
}
