//! The index of the site's search: the words of every page, in a script, because pages opened from a disk cannot fetch.

use serde::Serialize;

use super::html::{json, text_of};
use super::output::Output;

/// Characters of a page that are searched.
const LENGTH: usize = 6000;

#[derive(Serialize)]
struct Entry<'a> {
    url: &'a str,
    title: &'a str,
    kind: &'a str,
    headings: Vec<(&'a str, &'a str)>,
    text: String,
}

/// The script that defines the index.
///
/// # Errors
///
/// A page cannot be written as JSON.
pub fn index(pages: &[Output]) -> Result<String, String> {
    let entries: Vec<Entry> = pages
        .iter()
        .map(|page| Entry {
            url: &page.url,
            title: &page.title,
            kind: page.kind,
            headings: page
                .headings
                .iter()
                .map(|heading| (heading.id.as_str(), heading.text.as_str()))
                .collect(),
            text: text_of(&page.content).chars().take(LENGTH).collect(),
        })
        .collect();
    Ok(format!("window.searchIndex = {};\n", json(&entries)?))
}
