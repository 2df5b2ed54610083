//! The proc-macro of brainmass: [`include_models!`] turns a folder of equation files into Rust.
//!
//! It finds and reads the files; every rule about what stands in them is in `brainmass-spec`, and the Rust is written by
//! `brainmass-codegen`.

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};

use brainmass_codegen::files::{self, Found};
use brainmass_codegen::rust;
use brainmass_spec::CATEGORIES;
use brainmass_spec::collection::{self, Entry};
use brainmass_spec::problem::suggestion;
use proc_macro::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

/// Generates the models of a folder.
///
/// `include_models!("models")` reads every `*.yaml` and `*.yml` file of the folder `models` beside the crate's `Cargo.toml`, and of the folders in
/// it. Models of the folder itself are generated where the macro stands, those of a folder inside it in a module of that name; each
/// place also gets `MODELS`, the list of its catalogue entries.
///
/// `include_models!("models", except = ["coupling", "observation"])` leaves out the models of these folders in the folder, and
/// `include_models!("models", only = ["coupling"])` leaves out all but theirs, so that a collection can be spread over modules or crates.
/// A name may also be a category, as in `only = ["physiological"]`: it stands for the models of the folder itself that have it. What is left out
/// is read and checked all the same, since models build on each other.
///
/// The crate needs `brainmass` as a dependency. Editing a file rebuilds the crate; so that a new file does too, its `build.rs` says
/// `println!("cargo::rerun-if-changed=models");`.
///
/// # Errors
///
/// Every mistake in every file is a compile error that shows the file, the line, and the text underlined. Models without mistakes are
/// generated all the same, so that one mistake is not followed by errors about missing names.
#[proc_macro]
pub fn include_models(input: TokenStream) -> TokenStream {
    let request = syn::parse_macro_input!(input as Request);
    match generate(&request) {
        Ok(tokens) => tokens.into(),
        Err(message) => quote!(::core::compile_error!(#message);).into(),
    }
}

/// The request that the macro is given: a folder, and the models in it that are to be generated.
struct Request {
    folder: String,
    chosen: Chosen,
}

/// The choice of models of a collection, by the names of folders and categories.
enum Chosen {
    All,
    Only(Vec<String>),
    Except(Vec<String>),
}

impl Chosen {
    /// Whether a model is generated. A folder stands for the folders in it, too; a category for models that lie in no folder.
    fn takes(&self, entry: &Entry) -> bool {
        let is_of = |name: &str| entry.folder.is_empty() && entry.model.category == name;
        let is_in = |names: &[String]| names.iter().any(|name| contains(name, &entry.folder) || is_of(name));
        match self {
            Self::All => true,
            Self::Only(names) => is_in(names),
            Self::Except(names) => !is_in(names),
        }
    }

    fn names(&self) -> &[String] {
        match self {
            Self::All => &[],
            Self::Only(names) | Self::Except(names) => names,
        }
    }
}

/// Whether a folder is `name` or lies in it.
fn contains(name: &str, folder: &str) -> bool {
    folder.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Parse for Request {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let folder = input.parse::<LitStr>()?.value();
        let mut chosen = Chosen::All;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        if !input.is_empty() {
            let option = input.parse::<Ident>()?;
            input.parse::<Token![=]>()?;
            let list;
            syn::bracketed!(list in input);
            let names = list.parse_terminated(|name: ParseStream| name.parse::<LitStr>(), Token![,])?;
            let names = names.iter().map(|name| name.value().trim_matches('/').to_owned()).collect();
            chosen = match option.to_string().as_str() {
                "only" => Chosen::Only(names),
                "except" => Chosen::Except(names),
                _ => {
                    let message = "expected `only = [\"folder\", ...]` or `except = [\"folder\", ...]`";
                    return Err(syn::Error::new(option.span(), message));
                }
            };
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(Self { folder, chosen })
    }
}

fn generate(request: &Request) -> Result<proc_macro2::TokenStream, String> {
    let folder = request.folder.as_str();
    let root = find(folder)?;
    let Found { files, paths } = files::read(&root, folder)?;
    if files.is_empty() {
        return Err(format!("there is no .yaml or .yml file in the folder {}", root.display()));
    }
    for name in request.chosen.names() {
        if !CATEGORIES.contains(&name.as_str()) && !files.iter().any(|file| contains(name, &file.folder)) {
            let folders = files.iter().map(|file| file.folder.as_str()).filter(|folder| !folder.is_empty());
            let mut known: Vec<&str> = folders.collect();
            known.dedup();
            known.extend(CATEGORIES);
            let hint = suggestion(name, "folders and categories", known);
            return Err(format!(
                "there is no folder `{name}` with models in `{folder}`, and no such category: {hint}"
            ));
        }
    }
    let (mut entries, report) = collection::compile(&files);
    entries.retain(|entry| request.chosen.takes(entry));
    if let Some(clash) = rust::clash(&entries) {
        return Err(format!("{clash} (in `{folder}`)"));
    }
    let models = rust::collection(&entries);
    let errors = report.map(|report| {
        let message = format!("the models in `{folder}` have mistakes\n\n{report}\n");
        quote!(::core::compile_error!(#message);)
    });
    // The compiler rebuilds when a file that the code includes has changed.
    let tracked = paths.iter().map(|path| {
        let path = path.display().to_string();
        quote!(
            const _: &[u8] = ::core::include_bytes!(#path);
        )
    });
    Ok(quote!(#models #errors #(#tracked)*))
}

/// The folder beside the crate's `Cargo.toml`, or else beside the file that the macro stands in.
fn find(folder: &str) -> Result<PathBuf, String> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let file = proc_macro::Span::call_site().local_file();
    let beside_file = file.and_then(|file| file.parent().map(Path::to_path_buf));
    let places: Vec<PathBuf> =
        [manifest, beside_file].into_iter().flatten().map(|place| place.join(folder)).collect();
    let found = places.iter().find(|place| place.is_dir());
    found.and_then(|place| fs::canonicalize(place).ok()).ok_or_else(|| {
        let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        format!("there is no folder `{folder}`; looked for {}", places.join(" and "))
    })
}
