//! Any bytes as a model file: the compiler gives a model or a report, never a crash, and what it accepts is differentiated, becomes Rust that
//! parses, a page, and formulas that are typeset or refused; and it runs, interpreted, for ten steps.
#![no_main]

use brainmass_codegen::mathml::{Style, mathml};
use brainmass_codegen::{example, javascript, markdown, rust};
use brainmass_core::loaded::LoadedModel;
use brainmass_sim::simulator::Simulator;
use brainmass_spec::collection::{File, compile};
use brainmass_spec::kernel::Kernel;
use brainmass_spec::{latex, latex_graph};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file = File { name: "fuzzed.yaml".to_owned(), folder: String::new(), bytes: data.into() };
    let (entries, report) = compile(&[file]);
    if let Some(report) = report {
        assert!(!report.render(false).is_empty());
    }
    for entry in entries {
        let model = &entry.model;
        let text = rust::formatted(model);
        assert!(syn::parse_file(&text).is_ok());
        let kernel = Kernel::new(model);
        javascript::object(&kernel);
        // A symbol of the file may be no LaTeX; that is told, not met with a crash.
        let derivatives = latex_graph::jacobian(model, &kernel).into_iter().map(|entry| entry.latex);
        for formula in latex::equations(model).into_iter().map(|line| line.latex).chain(derivatives) {
            let _ = mathml(&formula, Style::Display);
        }
        assert!(markdown::page(model, "fuzzed.yaml").is_ok());
        example::rust(model, "");
        example::experiment(model);
        if let Some(nodes) = LoadedModel::interpreted(model).nodes(3) {
            let steps = Simulator::new(nodes).dt(0.125).memory(64 << 20).run(1.25);
            // Values of any file may diverge, or need more memory than there is; both are told.
            if let Err(error) = steps {
                assert!(!error.to_string().is_empty());
            }
        }
    }
});
