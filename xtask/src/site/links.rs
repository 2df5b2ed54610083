//! Every link and asset of the written site leads somewhere, and nothing is loaded from elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Checks all pages of a folder.
///
/// # Errors
///
/// A link that leads nowhere, an asset that is missing, something loaded from another machine.
pub fn check(folder: &Path) -> Result<(), String> {
    let mut pages = BTreeMap::new();
    collect(folder, &mut pages)?;
    let anchors: BTreeMap<&PathBuf, BTreeSet<&str>> =
        pages.iter().map(|(path, text)| (path, attributes(text, "id").collect())).collect();
    let mut wrong = Vec::new();
    for (path, text) in &pages {
        let shown = path.strip_prefix(folder).unwrap_or(path).display();
        for source in attributes(text, "src") {
            if source.contains("://") || source.starts_with("//") {
                wrong.push(format!("{shown} loads {source}"));
            } else if !resolved(path, source).exists() {
                wrong.push(format!("{shown} misses {source}"));
            }
        }
        for link in attributes(text, "href") {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) =
                link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { path.clone() } else { resolved(path, file) };
            let known = match (anchors.get(&target), anchor) {
                (Some(anchors), Some(anchor)) => anchor.is_empty() || anchors.contains(anchor),
                (None, Some(_)) => false,
                (_, None) => target.exists(),
            };
            if !known {
                wrong.push(format!("{shown} links to {link}, which is not there"));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn collect(folder: &Path, pages: &mut BTreeMap<PathBuf, String>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|ending| ending == "html") {
            let text = fs::read_to_string(&path).map_err(failed)?;
            pages.insert(path, text);
        }
    }
    Ok(())
}

/// The values of an attribute in all tags of a page.
fn attributes<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let opening = format!(" {name}=\"");
    text.match_indices(&opening)
        .map(|(at, found)| at + found.len())
        .filter_map(|start| text[start..].split_once('"').map(|(value, _)| value))
        .collect::<Vec<_>>()
        .into_iter()
}

/// A link from a page, as a path without `..`.
fn resolved(page: &Path, link: &str) -> PathBuf {
    let mut path = page.parent().map(Path::to_path_buf).unwrap_or_default();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_nowhere_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write(
            "a.html",
            "<a href=\"b.html#there\">b</a><a href=\"https://doi.org/x\">x</a><h2 id=\"here\"></h2><a href=\"#here\">h</a>",
        );
        write("b.html", "<h2 id=\"there\"></h2>");
        assert_eq!(check(folder.path()), Ok(()));
        write("b.html", "<img src=\"https://far.away/x.png\"><a href=\"c.html\">c</a>");
        let message = check(folder.path()).unwrap_err();
        for part in ["a.html links to b.html#there", "b.html loads https://far.away", "links to c.html"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
