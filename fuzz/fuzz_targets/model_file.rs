//! Any bytes as a model file: the compiler gives a model or a report, never a crash, and what it accepts becomes Rust that parses.
#![no_main]

use brainmass_codegen::{markdown, rust};
use brainmass_spec::collection::{File, compile};
use brainmass_spec::latex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file = File { name: "fuzzed.yaml".to_owned(), folder: String::new(), bytes: data.to_vec() };
    let (entries, report) = compile(&[file]);
    if let Some(report) = report {
        assert!(!report.render(false).is_empty());
    }
    for entry in entries {
        let text = rust::formatted(&entry.model);
        assert!(syn::parse_file(&text).is_ok());
        latex::equations(&entry.model);
        assert!(markdown::page(&entry.model, "fuzzed.yaml").is_ok());
    }
});
