//! Models to Rust: step structs, kernels, catalogue entries.
//!
//! The generated text names types and calls helpers that are written by hand in the `brainmass` crate, by way of `brainmass::generated`, so that
//! it reads like code a person would write and compiles in any crate that depends on `brainmass`.

mod body;
mod coupling;
mod docs;
mod function;
mod info;
mod node;
mod sequence;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

use brainmass_spec::collection::Entry;
use brainmass_spec::document::Kind;
use brainmass_spec::model::Model;

/// The modules of a collection: its root's models at the top, each folder's in a module of that name.
pub fn collection(entries: &[Entry]) -> TokenStream {
    let mut folders: Vec<&str> = entries.iter().map(|entry| entry.folder.as_str()).collect();
    folders.sort_unstable();
    folders.dedup();
    folders
        .into_iter()
        .map(|folder| {
            let models: Vec<&Model> =
                entries.iter().filter(|entry| entry.folder == folder).map(|entry| &entry.model).collect();
            let items: TokenStream = models.iter().map(|model| self::model(model)).collect();
            let registry = info::registry(&models);
            if folder.is_empty() {
                return quote!(#items #registry);
            }
            let name = format_ident!("{}", module_name(folder));
            let doc = format!("The models of the folder `{folder}`.");
            quote! {
                #[doc = #doc]
                pub mod #name { #items #registry }
            }
        })
        .collect()
}

/// Everything that is generated for one model: a private module that holds it, and the struct brought out of it.
pub fn model(model: &Model) -> TokenStream {
    let items = match model.kind {
        Kind::Node | Kind::Observation => node::emit(model),
        Kind::Coupling => coupling::emit(model),
        Kind::SequenceLayer => sequence::layer(model),
        Kind::SequenceNetwork => sequence::network(model),
    };
    let (module, name) = (format_ident!("{}_", snake_case(&model.name)), format_ident!("{}", model.name));
    quote! {
        mod #module {
            use ::brainmass::generated::*;
            #items
        }
        pub use #module::#name;
    }
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

/// Everything that is generated for one model, formatted.
#[cfg(feature = "pretty")]
pub fn formatted(model: &Model) -> String {
    let file = syn::parse2(self::model(model)).unwrap_or_else(|error| {
        unreachable!("generated code for {} does not parse: {error}", model.name);
    });
    prettyplease::unparse(&file)
}

/// A builder method for each parameter; `set` is what takes its index and its value.
fn parameter_methods(model: &Model, set: &TokenStream) -> TokenStream {
    let methods = model.parameters.iter().enumerate().map(|(i, parameter)| {
        let (method, doc) = (identifier(&parameter.name), docs::parameter(parameter));
        let index = Literal::usize_unsuffixed(i);
        quote! {
            #doc
            #[track_caller]
            pub fn #method(mut self, value: impl Into<Values>) -> Self {
                self.#set(#index, value.into());
                self
            }
        }
    });
    methods.collect()
}

fn module_name(folder: &str) -> String {
    let name: String = folder.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// A name of the file as a Rust identifier; a keyword gets `r#`.
fn identifier(name: &str) -> Ident {
    syn::parse_str::<Ident>(name).unwrap_or_else(|_| Ident::new_raw(name, Span::call_site()))
}
