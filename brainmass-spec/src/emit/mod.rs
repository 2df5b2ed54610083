//! From checked models to text: Rust, LaTeX, Markdown. An emitter never parses anything again.

pub mod latex;
pub mod markdown;
pub mod rust;
