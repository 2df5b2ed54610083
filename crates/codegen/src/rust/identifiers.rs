//! Names of files, folders and models as identifiers of Rust.

use proc_macro2::{Ident, Span};

/// The private module of a model: `hopf_step_` for `HopfStep`.
pub fn module_of(model: &str) -> String {
    format!("{}_", snake_case(model))
}

/// `HopfStep` as `hopf_step`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The module of a folder: its path with `_` for everything that a name cannot hold, and in front of a digit.
pub fn module_name(folder: &str) -> String {
    let name: String = folder.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    match name.as_str() {
        // Words that are no names even with `r#` in front, and the word for nothing.
        "self" | "Self" | "super" | "crate" | "_" => format!("{name}_folder"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    }
}

/// A name of the file as a Rust identifier; a keyword gets `r#`.
pub fn identifier(name: &str) -> Ident {
    syn::parse_str::<Ident>(name).unwrap_or_else(|_| Ident::new_raw(name, Span::call_site()))
}
