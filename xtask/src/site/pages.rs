//! The pages of `docs/`: which there are, in which order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its path in `docs/`: `tutorials/noise.md`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Page {
    /// Its address in the site.
    pub fn url(&self) -> String {
        format!("{}.html", self.path.trim_end_matches(".md"))
    }
}

/// Pages under a common heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The pages, in order.
    pub pages: Vec<Page>,
}

/// The pages of a folder, in the order of its `SUMMARY.md`. A page that it does not name comes last in the section that holds its
/// folder's other pages, so that dropping a file into the folder is enough.
///
/// # Errors
///
/// A file cannot be read, or the summary names one that is not there.
pub fn read(folder: &Path) -> Result<Vec<Section>, String> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files)?;
    let summary = files.remove("SUMMARY.md").ok_or("docs/SUMMARY.md is missing")?;
    order(&summary, files)
}

fn collect(folder: &Path, inside: &str, files: &mut BTreeMap<String, String>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            // The pages of models are made anew, with more in them.
            if name != "models" {
                collect(&entry.path(), &format!("{name}/"), files)?;
            }
        } else if name.ends_with(".md") {
            files.insert(name, fs::read_to_string(entry.path()).map_err(failed)?);
        }
    }
    Ok(())
}

fn order(summary: &str, mut files: BTreeMap<String, String>) -> Result<Vec<Section>, String> {
    let mut sections: Vec<Section> = Vec::new();
    for line in summary.lines().map(str::trim) {
        if let Some(title) = line.strip_prefix("# ") {
            sections.push(Section { title: title.to_owned(), pages: Vec::new() });
        } else if let Some(path) = line.split_once("](").and_then(|(_, rest)| rest.split_once(')')) {
            let path = path.0.to_owned();
            let text = files
                .remove(&path)
                .ok_or_else(|| format!("docs/SUMMARY.md names {path}, which is not there"))?;
            match sections.last_mut() {
                Some(section) => section.pages.push(Page { path, text }),
                None => return Err(format!("docs/SUMMARY.md names {path} before its first heading")),
            }
        }
    }
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    for (path, text) in files {
        let own = folder(&path);
        let at = sections
            .iter()
            .position(|section| section.pages.iter().any(|page| own.is_some() && folder(&page.path) == own));
        let at = at.unwrap_or_else(|| {
            if sections.last().is_none_or(|section| section.title != "More") {
                sections.push(Section { title: "More".to_owned(), pages: Vec::new() });
            }
            sections.len() - 1
        });
        sections[at].pages.push(Page { path, text });
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_the_summary_does_not_name_joins_its_folder() {
        let files = ["index.md", "how-to/a.md", "how-to/z.md", "how-to/new.md", "else.md"];
        let files = files.map(|path| (path.to_owned(), String::new())).into();
        let summary = "# Start\n- [Home](index.md)\n# How-to\n- [Z](how-to/z.md)\n- [A](how-to/a.md)\n";
        let sections = order(summary, files).unwrap();
        let paths: Vec<Vec<&str>> = sections
            .iter()
            .map(|section| section.pages.iter().map(|page| page.path.as_str()).collect())
            .collect();
        assert_eq!(
            paths,
            [vec!["index.md"], vec!["how-to/z.md", "how-to/a.md", "how-to/new.md"], vec!["else.md"]]
        );
        assert!(order("# A\n- [B](b.md)\n", BTreeMap::new()).unwrap_err().contains("b.md"));
    }
}
