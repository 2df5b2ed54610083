//! The names that no model file may use, compared with the library that generated code is written against.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use brainmass_spec::reserved;
use syn::{Item, TraitItem, UseTree};

fn items(file: &str) -> Vec<Item> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())).items
}

fn imported(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => match path.tree.as_ref() {
            // `info::{self, Category}` brings `info` itself in.
            UseTree::Group(group) => {
                for tree in &group.items {
                    match tree {
                        UseTree::Name(name) if name.ident == "self" => {
                            names.insert(path.ident.to_string());
                        }
                        tree => imported(tree, names),
                    }
                }
            }
            tree => imported(tree, names),
        },
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
        UseTree::Rename(_) | UseTree::Glob(_) => panic!("what this brings in cannot be seen"),
    }
}

#[test]
fn no_model_can_be_called_like_what_generated_code_imports() {
    let mut offered = BTreeSet::new();
    for item in items("crates/core/src/lib.rs") {
        if let Item::Mod(module) = item
            && module.ident == "generated"
        {
            for item in module.content.expect("it stands in the file").1 {
                match item {
                    Item::Use(item) => imported(&item.tree, &mut offered),
                    _ => panic!("the module holds nothing but imports"),
                }
            }
        }
    }
    let reserved: BTreeSet<String> = reserved::IMPORTS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(offered, reserved);
}

#[test]
fn no_parameter_hides_a_method_of_a_generated_struct() {
    let traits = [
        ("crates/core/src/population.rs", "Model"),
        ("crates/core/src/population.rs", "SequenceCell"),
        ("crates/core/src/coupling/rule.rs", "Rule"),
        ("crates/fit/src/sequence/layer.rs", "SequenceLayer"),
    ];
    let mut methods: BTreeSet<String> = ["new", "clone", "default"].map(str::to_owned).into();
    for (file, name) in traits {
        let found = items(file).into_iter().find_map(|item| match item {
            Item::Trait(item) if item.ident == name => Some(item),
            _ => None,
        });
        for item in found.unwrap_or_else(|| panic!("there is no trait {name} in {file}")).items {
            if let TraitItem::Fn(function) = item {
                methods.insert(function.sig.ident.to_string());
            }
        }
    }
    let reserved: BTreeSet<String> =
        reserved::BUILDER_METHODS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(methods, reserved);
}
