//! Pages before they are written.

use super::markdown::Heading;

/// A page to be written.
pub struct Output {
    pub url: String,
    pub title: String,
    /// The kind of page that a card or a search result names.
    pub kind: &'static str,
    pub content: String,
    pub headings: Vec<Heading>,
    pub wide: bool,
}
