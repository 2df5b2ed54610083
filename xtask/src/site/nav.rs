//! The navigation beside the pages.

use serde::Serialize;

/// An entry of a page's navigation.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    /// The text of the link.
    pub title: String,
    /// The address of the page, from the root of the site.
    pub url: String,
}

/// The entries of a section of the site.
#[derive(Debug, Clone, Serialize)]
pub struct NavSection {
    /// The name of the section.
    pub title: String,
    /// The pages of the section.
    pub links: Vec<Link>,
}
