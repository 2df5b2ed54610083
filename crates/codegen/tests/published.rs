//! The keys that the table of the language marks as published are those of the generated catalogue entry.

use std::collections::BTreeSet;

use brainmass_codegen::rust;
use brainmass_spec::collection::{File, compile};
use brainmass_spec::language::SECTIONS;
use proc_macro2::{TokenStream, TokenTree};

const NODE: &str = "
name: MyStep
category: network
references: [{cite: Someone 2020}]
tables: {f: {file: f.npy, axes: {u: {from: 0, to: 1}}}}
states: {x: {init: 1}, y: {init: 0.5}}
parameters: {tau: {default: 10 ms}, k: {default: 1 /ms}}
inputs: {c: {unit: /ms}}
derivatives: {x: -x/tau + c, y: -y/tau}
observables: {o: x*y}
coupling: {input: c, pre: sin(x_j - x_i), post: k*sum/N}
presets: {p: {set: {tau: 5 ms}}}
checks: [{final: o, is: 1, duration: 1 ms}]
plots:
  run: {duration: 1 ms, record: [x]}
  phase: {x: [0, 1], y: [0, 1]}
  sweep: {parameter: tau, from: 1, to: 2}
";

/// The names that stand before a colon: the fields of all structs that are written out.
fn fields(tokens: TokenStream, names: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => fields(group.stream(), names),
            TokenTree::Ident(name) => {
                if let Some(TokenTree::Punct(colon)) = tokens.get(index + 1)
                    && colon.as_char() == ':'
                {
                    names.insert(name.to_string());
                }
            }
            _ => {}
        }
    }
}

#[test]
fn what_the_language_publishes_is_in_the_catalogue_entry() {
    // An array of two numbers, as numpy saves it.
    let head = format!("{:117}\n", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }");
    let numbers = [0.0_f64, 1.0].iter().flat_map(|number| number.to_le_bytes());
    let table: Vec<u8> =
        b"\x93NUMPY\x01\x00\x76\x00".iter().copied().chain(head.into_bytes()).chain(numbers).collect();
    let file =
        |name: &str, bytes: Vec<u8>| File { name: name.into(), folder: String::new(), bytes: bytes.into() };
    let (mut entries, report) = compile(&[file("t.yaml", NODE.as_bytes().to_vec()), file("f.npy", table)]);
    assert_eq!(report, None);
    let model = entries.remove(0).model;
    let mut names = BTreeSet::new();
    fields(rust::model(&model), &mut names);
    for (place, section) in &SECTIONS {
        // Layers and stacks publish `LayerInfo`, which only they have.
        for key in section.keys.iter().filter(|key| !key.published.is_empty() && *place != "recurrent") {
            assert!(
                names.contains(key.published),
                "{place}.{} is not published as {}",
                key.name,
                key.published
            );
        }
    }
}
