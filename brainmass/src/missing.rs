//! Names of files that do not exist, and those that may have been meant.

use std::path::Path;

use brainmass_spec::problem::{nearest, suggestion};

/// The most entries of a folder that are looked at.
const LOOKED_AT: usize = 10_000;

/// Says which file may be meant by the path of one that does not exist, or where it was looked for; `None` where there is something at the path, or
/// nothing can be said of it.
pub fn way_out(path: &Path) -> Option<String> {
    if path.exists() {
        return None;
    }
    let name = path.file_name()?.to_string_lossy().into_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = folder.read_dir() else {
        return Some(format!("there is no folder `{}`", folder.display()));
    };
    let names =
        entries.take(LOOKED_AT).flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    // Endings, which many names share, make none of them near.
    let stem = |name: &str| {
        Path::new(name).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    };
    let stems: Vec<String> = names.iter().map(|name| stem(name)).collect();
    if let Some(near) = nearest(&stem(&name), stems.iter().map(String::as_str)) {
        let of_stem = names.iter().zip(&stems).filter(|(_, own)| *own == near).map(|(file, _)| file);
        let meant = of_stem.clone().find(|file| Path::new(file).extension() == path.extension());
        let meant = meant.or_else(|| of_stem.clone().next())?;
        return Some(format!("did you mean `{}`?", path.with_file_name(meant).display()));
    }
    let ending =
        |name: &str| Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let wanted = ending(&name)?;
    names.retain(|other| ending(other).as_ref() == Some(&wanted));
    let looked_in = match folder {
        folder if folder == Path::new(".") => "this folder".to_owned(),
        folder => format!("`{}`", folder.display()),
    };
    Some(match names.is_empty() {
        true => format!("it was looked for in {looked_in}, which has no .{wanted} files"),
        false => {
            let files = suggestion(&name, &format!("the .{wanted} files there"), &names);
            format!("it was looked for in {looked_in}; {files}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_and_else_what_there_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("hopf.yaml"), "").unwrap();
        std::fs::write(folder.path().join("run.npz"), "").unwrap();
        let of = |name: &str| way_out(&folder.path().join(name));
        assert!(of("hopf.yml").unwrap().contains("did you mean"), "{:?}", of("hopf.yml"));
        assert!(of("hopf.yml").unwrap().ends_with("hopf.yaml`?"));
        assert!(of("connectome_of_mine.npz").unwrap().ends_with("the .npz files there are run.npz"));
        assert!(of("other.csv").unwrap().ends_with("which has no .csv files"));
        assert!(of("nowhere/other.csv").unwrap().starts_with("there is no folder"));
        assert_eq!(of("run.npz"), None);
    }
}
