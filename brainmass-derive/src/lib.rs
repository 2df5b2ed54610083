//! The proc-macro of brainmass: [`include_models!`] turns a folder of equation files into Rust.
//!
//! It finds and reads the files; every rule about what stands in them is in `brainmass-spec`, and the Rust is written by
//! `brainmass-codegen`.

#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use brainmass_codegen::files::{self, Found};
use brainmass_codegen::rust;
use brainmass_spec::CATEGORIES;
use brainmass_spec::collection::{self, Entry, File, Known, known_path};
use brainmass_spec::problem::{Report, suggestion};
use proc_macro::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

#[cfg(test)]
mod tests;

/// Generates the models of a folder.
///
/// `include_models!("models")` reads every `*.yaml` and `*.yml` file of the folder `models` beside the crate's `Cargo.toml`, and of the folders in
/// it. Models of the folder itself are generated where the macro stands, those of a folder inside it in a module of that name; each
/// place also gets `MODELS`, the list of its catalogue entries.
///
/// `include_models!("models", except = ["coupling", "observation"])` leaves out the models of these folders in the folder, and
/// `include_models!("models", only = ["coupling"])` leaves out all but theirs, so that a collection can be spread over modules or crates.
/// A name may also be a category, as in `only = ["physiological"]`: it stands for the models of the folder itself that have it. Models may build on
/// those that are left out.
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
    match read(&request).and_then(|found| generate(&request, found)) {
        Ok(tokens) => tokens.into(),
        Err(message) => quote!(::core::compile_error!(#message);).into(),
    }
}

/// Keeps the models of a folder as their texts, which are interpreted when a program first asks for one.
///
/// It takes what [`include_models!`] takes and writes `TEXTS`, the list of the chosen models. All models of the folder are read and checked, as
/// [`include_models!`] checks them, but no code is generated for any. The library keeps the models of its folders so.
///
/// # Errors
///
/// Every mistake in every file is a compile error, as with [`include_models!`].
#[doc(hidden)]
#[proc_macro]
pub fn include_model_texts(input: TokenStream) -> TokenStream {
    let request = syn::parse_macro_input!(input as Request);
    match read(&request).map(|found| keep_texts(&request, &found)) {
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

    /// Whether models of a folder may be generated: which of those that lie in no folder depends on their category.
    fn may_take(&self, folder: &str) -> bool {
        let is_in = |names: &[String]| names.iter().any(|name| contains(name, folder));
        let is_of_root = folder.is_empty();
        match self {
            Self::All => true,
            Self::Only(names) => {
                is_in(names) || is_of_root && names.iter().any(|name| CATEGORIES.contains(&name.as_str()))
            }
            Self::Except(names) => {
                let leaves_root = CATEGORIES.iter().all(|category| names.iter().any(|name| name == category));
                !(is_in(names) || is_of_root && leaves_root)
            }
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

/// Generates the models of the files that were found in the folder.
fn generate(request: &Request, found: Found) -> Result<proc_macro2::TokenStream, String> {
    let folder = request.folder.as_str();
    let [Found { files, paths }, rest] = found.part(|folder| request.chosen.may_take(folder));
    let bases = bases(&files, rest.files.into_iter().zip(rest.paths).collect());
    let known: Vec<Known> = bases.iter().map(Base::known).collect();
    let (mut entries, report) = collection::compile_beside(&files, &known);
    entries.retain(|entry| request.chosen.takes(entry));
    let of_base = |base: &Base| {
        let path = |(name, path, _): &(String, PathBuf, _)| (known_path(&base.name, name), path.clone());
        base.data.iter().map(path).collect::<Vec<_>>()
    };
    let of_bases = bases.iter().flat_map(of_base);
    let own = files.iter().map(|file| file.name.clone()).zip(paths.iter().cloned());
    place_tables(&mut entries, &own.chain(of_bases).collect());
    if let Some(clash) = rust::clash(&entries) {
        return Err(format!("{clash} (in `{folder}`)"));
    }
    let models = rust::collection(&entries);
    let errors = report.map(|report| mistakes(folder, &report));
    let of_bases =
        bases.iter().flat_map(|base| base.data.iter().map(|(_, path, _)| path).chain([&base.path]));
    let tracked = tracked(paths.iter().chain(of_bases));
    Ok(quote!(#models #errors #tracked))
}

/// Keeps the texts of the models that were found in the folder.
fn keep_texts(request: &Request, found: &Found) -> proc_macro2::TokenStream {
    let (mut entries, report) = collection::compile(&found.files);
    entries.retain(|entry| request.chosen.takes(entry));
    let paths = found.files.iter().map(|file| file.name.clone()).zip(found.paths.iter().cloned());
    place_tables(&mut entries, &paths.collect());
    let texts = rust::texts(&entries);
    let errors = report.map(|report| mistakes(&request.folder, &report));
    let tracked = tracked(found.paths.iter());
    quote!(#texts #errors #tracked)
}

/// Reads the files of the folder, and checks that the request names folders and categories that there are.
fn read(request: &Request) -> Result<Found, String> {
    let folder = request.folder.as_str();
    let root = find(folder)?;
    let found = files::read(&root, folder)?;
    let files = &found.files;
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
    Ok(found)
}

/// Says of tables where their files lie, which generated code includes. Until then their paths are those of messages.
fn place_tables(entries: &mut [Entry], paths: &HashMap<String, PathBuf>) {
    for table in entries.iter_mut().flat_map(|entry| &mut entry.model.tables) {
        if let Some(path) = paths.get(&table.path) {
            table.path = path.display().to_string();
        }
    }
}

/// A model that chosen ones build on, and that is not generated itself.
struct Base {
    path: PathBuf,
    name: String,
    yaml: String,
    /// The files of its tables: their names in the text, their paths and their bytes.
    data: Vec<(String, PathBuf, Arc<[u8]>)>,
}

impl Base {
    fn known(&self) -> Known<'_> {
        let data = self.data.iter().map(|(name, _, bytes)| (name.as_str(), &**bytes));
        Known { name: &self.name, yaml: &self.yaml, data: data.collect() }
    }
}

/// Finds the models that files build on among others. As long as the files build on nothing but each other, the others are not read.
fn bases(files: &[File], others: Vec<(File, PathBuf)>) -> Vec<Base> {
    let named = |file: &File| collection::names(file).map(|(name, base)| (name.value, base));
    let own: Vec<_> = files.iter().filter_map(named).collect();
    let is_own = |name: &String| own.iter().any(|(own, _)| own == name);
    let mut wanted: Vec<String> =
        own.iter().filter_map(|(_, base)| base.clone()).filter(|base| !is_own(base)).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let (tables, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|(file, _)| collection::is_data(file));
    let mut others: Vec<_> = others
        .into_iter()
        .filter_map(|(file, path)| {
            let (name, base) = named(&file)?;
            let of_table = |name: String| {
                let place = path.with_file_name(&name);
                let (file, _) = tables.iter().find(|(_, path)| *path == place)?;
                Some((name, place, Arc::clone(&file.bytes)))
            };
            let data = collection::data_names(&file).into_iter().filter_map(of_table).collect();
            let yaml = String::from_utf8(file.bytes.to_vec()).ok()?;
            Some((Base { path, name, yaml, data }, base))
        })
        .collect();
    let mut found = Vec::new();
    while let Some(name) = wanted.pop() {
        if let Some(at) = others.iter().position(|(other, _)| other.name == name) {
            let (base, next) = others.swap_remove(at);
            found.push(base);
            wanted.extend(next.filter(|next| !is_own(next)));
        }
    }
    found
}

/// The compile error that shows the mistakes in the files of a folder.
fn mistakes(folder: &str, report: &Report) -> proc_macro2::TokenStream {
    let message = format!("the models in `{folder}` have mistakes\n\n{report}\n");
    quote!(::core::compile_error!(#message);)
}

/// Items that include files: the compiler rebuilds when one of them has changed.
fn tracked<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> proc_macro2::TokenStream {
    let item = |path: &PathBuf| {
        let path = path.display().to_string();
        quote!(
            const _: &[u8] = ::core::include_bytes!(#path);
        )
    };
    paths.map(item).collect()
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
