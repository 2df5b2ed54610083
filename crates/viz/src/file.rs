//! Writing figures to files, whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::VizError;

/// A kind of file that a figure can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pixels.
    Png,
    /// Shapes and text, for web pages and drawing programs. The font is asked for by name, unless it is
    /// [embedded](super::Figure::embed_font).
    Svg,
    /// Shapes and text, for papers, with the font inside.
    Pdf,
}

impl Format {
    /// Every format with the ending of its files.
    pub const ALL: [(Self, &'static str); 3] = [(Self::Png, "png"), (Self::Svg, "svg"), (Self::Pdf, "pdf")];

    /// Returns the format that the ending of a file's name asks for, in small or capital letters.
    ///
    /// # Errors
    /// [`VizError::UnknownFormat`] where the name has another ending or none.
    pub fn of(path: impl AsRef<Path>) -> Result<Self, VizError> {
        let path = path.as_ref();
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let known = Self::ALL.iter().find(|(_, known)| ending.as_deref() == Some(known));
        known.map(|(format, _)| *format).ok_or_else(|| VizError::UnknownFormat { path: path.into() })
    }
}

/// Writes a file so that there is the former one or the new one under its name at any time, whole: the bytes go into a file beside it, which
/// takes its name once they are on the disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Behind a link stands the file that is meant.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "there is something else than a file of that name",
        ));
    }
    let beside = beside(&path)?;
    let written = File::create_new(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, &path)).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

/// A name in the same folder that no other program takes.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.partial", std::process::id()));
    Ok(path.with_file_name(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.png");
        write(&path, b"first").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert!(write(folder.path(), b"over a folder").is_err());
        assert!(write(&folder.path().join("no/such.png"), b"").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_goes_on_to_lead_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("figure.svg"), folder.path().join("latest.svg"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }
}
