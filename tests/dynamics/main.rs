//! Bifurcation diagrams and linear response against numbers that others computed.

mod auto;
mod bold;
mod canard;
mod long_runs;
mod matcont;
mod noisy;
mod phase;
mod two_values;

use std::path::Path;

use brainmass::Zoo;
use brainmass_spec::collection::compile_one;
use brainmass_spec::model::Model;
use brainmass_tests::dynamics::run_folder;

/// The text of a model file without its head.
fn text(body: &str) -> String {
    format!("name: TestedStep\ncategory: phenomenological\ntime_unit: 1 ms\n{body}")
}

/// The model of such a text.
fn model(body: &str) -> Model {
    compile_one("tested", &text(body)).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn diagrams_and_spectra_are_those_of_others() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/golden-dynamics"));
    let zoo = Zoo::default();
    let reports = run_folder(folder, "", &|name| zoo.checked(name).map_err(|error| error.to_string()))
        .expect("the folder is there");
    let mut failures = Vec::new();
    let mut compared = 0;
    for report in &reports {
        compared += report.comparisons.len();
        failures.extend(report.failures().into_iter().map(|failure| format!("{}: {failure}", report.name)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(compared >= 3000, "only {compared} comparisons were made");
}
