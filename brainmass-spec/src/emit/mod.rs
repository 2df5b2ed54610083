//! From checked models to text: Rust, JavaScript, LaTeX, MathML, Markdown. An emitter never parses anything again.

pub mod example;
pub mod javascript;
pub mod latex;
pub mod latex_graph;
pub mod markdown;
pub mod mathml;
pub mod rust;
