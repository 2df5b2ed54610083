//! The names that no model may have, compared with the text that is generated.

use brainmass_codegen::rust;
use brainmass_spec::collection::{Entry, File, compile};
use brainmass_spec::reserved;
use proc_macro2::{TokenStream, TokenTree};

/// Models of every kind, with everything that changes what is generated, and no capital letter in a name of the file.
const MODELS: [(&str, &str); 5] = [
    (
        "node.yaml",
        "
name: MyStep
category: network
integration: {scheme: symplectic_euler, dt: 0.1 ms}
states: {x: {init: 1, bounds: [0, 2]}, y: {init: 0.5}}
parameters: {tau: {default: 10 ms, range: [0, inf]}, late: {default: 2 ms}, k: {default: 1 /ms}}
inputs: {drive: {unit: /ms}, c: {unit: /ms}}
let: {r: {is: x^2, held: true}}
derivatives: {y: 'where(x > 0 and y > 0 or not (x <= 1), -y, floor(y))/tau', x: '-x*r/tau + drive*x + c + delay(x, late)/tau'}
observables: {o: {is: x*y, at: start}}
coupling: {input: c, pre: sin(x_j - x_i), post: k*sum/N}
presets: {p: {set: {tau: 5 ms}}}
checks:
  - {fixed_point: {x: 0}, set: {k: 0}, source: s}
  - {final: o, is: 1, duration: 1 ms}
  - {frequency: x, from: 1 Hz, to: 2 Hz, duration: 1 ms}
  - {within: x, from: 0, to: 1, duration: 1 ms}
plots:
  run: {duration: 1 ms, record: [x]}
  phase: {x: [0, 1], y: [0, 1]}
  sweep: {parameter: tau, from: 1, to: 2}
",
    ),
    ("rule.yaml", "
name: MyRule
kind: coupling
weights: laplacian
parameters: {k: {default: 1}}
pre: x_j - x_i
post: k*sum
"),
    ("observation.yaml", "
name: MyObservation
kind: observation
states: {x: {init: 1}}
parameters: {tau: {default: 10 ms}}
inputs: {z: {unit: 1}}
derivatives: {x: (z - x)/tau}
input: z
"),
    ("layer.yaml", "
name: MyLayer
kind: sequence_layer
cell: MyCell
input: drive
recurrent: {from: x, gain: 1/sqrt(n)}
"),
    ("stack.yaml", "
name: MyStack
kind: sequence_network
layer: MyLayer
between: x
readout: x
"),
];

const CELL: &str = "
name: MyCell
category: network
states: {x: {init: 1}}
parameters: {tau: {default: 10 ms}}
inputs: {drive: {unit: 1}}
derivatives: {x: (drive - x)/tau}
";

fn models() -> Vec<Entry> {
    let file = |(name, text): (&str, &str)| File {
        name: name.to_owned(),
        folder: String::new(),
        bytes: text.as_bytes().into(),
    };
    let files: Vec<File> = MODELS.into_iter().chain([("cell.yaml", CELL)]).map(file).collect();
    let (entries, report) = compile(&files);
    if let Some(report) = report {
        panic!("{report}");
    }
    entries
}

fn flatten(tokens: TokenStream, out: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                out.push("(".to_owned());
                flatten(group.stream(), out);
                out.push(")".to_owned());
            }
            TokenTree::Literal(_) => out.push("literal".to_owned()),
            other => out.push(other.to_string()),
        }
    }
}

/// Every name with a capital letter that stands without a path and defines nothing, hence is found in the scope.
fn names_from_the_scope(tokens: TokenStream) -> Vec<String> {
    let mut flat = Vec::new();
    flatten(tokens, &mut flat);
    let mut names = Vec::new();
    for (index, token) in flat.iter().enumerate() {
        let before = |back: usize| index.checked_sub(back).map_or("", |at| flat[at].as_str());
        let is_name = token.starts_with(|c: char| c.is_ascii_uppercase());
        let of_a_path = before(1) == ":" && before(2) == ":";
        let defined = matches!(before(1), "type" | "const" | "struct");
        if is_name && !of_a_path && !defined {
            names.push(token.clone());
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn generated_code_takes_no_name_from_its_scope_that_a_model_could_have() {
    let entries = models();
    let own: Vec<&str> = entries.iter().map(|entry| entry.model.name.as_str()).collect();
    let mut seen = Vec::new();
    for name in names_from_the_scope(rust::collection(&entries)) {
        // `N` is a variable: the number of nodes, in the functions of a coupling.
        if !own.contains(&name.as_str()) && name != "N" {
            assert!(reserved::is_model_name(&name), "a model could be called `{name}`");
            seen.push(name);
        }
    }
    // The list names nothing without need.
    for name in reserved::STANDARD {
        assert!(["MODELS"].contains(&name) || seen.iter().any(|seen| seen == name), "{name}");
    }
}
