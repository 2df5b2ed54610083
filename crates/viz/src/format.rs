//! The kinds of files that figures are written to.

use std::path::Path;

use super::error::VizError;

/// A kind of file that a figure can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A picture of pixels.
    Png,
    /// A drawing of shapes and text, for web pages and drawing programs. The font is asked for by name, unless it is
    /// [embedded](super::Figure::embed_font).
    Svg,
    /// A page of shapes and text, for papers, with the font inside.
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
