//! Models to Rust: step structs, kernels, catalogue entries.
//!
//! The generated text names types and calls helpers that are written by hand in the `brainmass` crate, by way of `brainmass::generated`, so that
//! it reads like code a person would write and compiles in any crate that depends on `brainmass`.

mod body;
mod coupling;
mod docs;
mod function;
pub(crate) mod identifiers;
mod info;
mod locals;
mod node;
mod parameters;
mod sequence;
mod tables;

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use brainmass_spec::collection::Entry;
use brainmass_spec::document::Kind;
use brainmass_spec::model::Model;
use identifiers::{identifier, module_name, module_of};

pub use info::texts;

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
            let name = identifier(&module_name(folder));
            let doc = format!("The models of the folder `{folder}`.");
            quote! {
                #[doc = #doc]
                pub mod #name { #items #registry }
            }
        })
        .collect()
}

/// Finds two items that would have one name, because of the names of folders and models. `None` where there is nothing of the kind.
pub fn clash(entries: &[Entry]) -> Option<String> {
    let mut items: HashMap<(&str, String), String> = HashMap::new();
    let mut seen = HashSet::new();
    let mut add = |place, name: String, what: String| {
        let message =
            |other: &String| format!("{what} and {other} would both be called `{name}`; rename one of them");
        let clash = items.get(&(place, name.clone())).map(message);
        items.insert((place, name), what);
        clash
    };
    for entry in entries {
        let folder = entry.folder.as_str();
        if !folder.is_empty()
            && seen.insert(folder)
            && let Some(clash) = add("", module_name(folder), format!("the module of the folder `{folder}`"))
        {
            return Some(clash);
        }
        let name = &entry.model.name;
        let model = add(folder, name.clone(), format!("the model `{name}`"));
        let module = || add(folder, module_of(name), format!("the module of the model `{name}`"));
        if let Some(clash) = model.or_else(module) {
            return Some(clash);
        }
    }
    None
}

/// Everything that is generated for one model: a private module that holds it, and the struct brought out of it.
pub fn model(model: &Model) -> TokenStream {
    let items = match model.kind {
        Kind::Node | Kind::Observation => node::emit(model),
        Kind::Coupling => coupling::emit(model),
        Kind::SequenceLayer => sequence::layer(model),
        Kind::SequenceNetwork => sequence::network(model),
    };
    let (module, name) = (format_ident!("{}", module_of(&model.name)), format_ident!("{}", model.name));
    quote! {
        mod #module {
            use ::brainmass::generated::*;
            #items
        }
        pub use #module::#name;
    }
}

/// Everything that is generated for one model, formatted.
#[cfg(feature = "pretty")]
pub fn formatted(model: &Model) -> String {
    let file = syn::parse2(self::model(model)).unwrap_or_else(|error| {
        unreachable!("generated code for {} does not parse: {error}", model.name);
    });
    prettyplease::unparse(&file)
}

#[cfg(test)]
mod tests {
    use brainmass_spec::collection::{Entry, File, compile};

    fn entries(files: &[(&str, &str)]) -> Vec<Entry> {
        let text = |name: &str| {
            format!(
                "name: {name}\ncategory: network\ntime_unit: 1 ms\nstates: {{x: {{init: 1}}}}\nderivatives: {{x: -x}}\n"
            )
        };
        let file = |(folder, name): &(&str, &str)| File {
            name: format!("{folder}/{name}.yaml"),
            folder: (*folder).to_owned(),
            bytes: text(name).into_bytes().into(),
        };
        compile(&files.iter().map(file).collect::<Vec<_>>()).0
    }

    #[test]
    fn folders_become_modules_and_two_of_one_name_are_told() {
        let code = super::collection(&entries(&[("fn", "A"), ("self", "B"), ("2d/cells", "C")])).to_string();
        for module in ["pub mod r#fn", "pub mod self_folder", "pub mod _2d_cells"] {
            assert!(code.contains(module), "{module} is missing");
        }
        assert_eq!(super::clash(&entries(&[("", "A"), ("b", "B")])), None);
        for (files, name) in [
            ([("a-b", "A"), ("a_b", "B")], "`a_b`"),
            ([("", "Cells"), ("Cells", "B")], "`Cells`"),
            ([("", "Cells"), ("cells_", "B")], "`cells_`"),
        ] {
            let clash = super::clash(&entries(&files)).unwrap_or_else(|| panic!("{name} stands twice"));
            assert!(clash.contains(name), "{clash}");
        }
    }
}
