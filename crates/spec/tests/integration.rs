//! `integration:` of a model file: the scheme and the step that it asks for.

use brainmass_spec::collection::{File, compile};
use brainmass_spec::compile_one;
use brainmass_spec::model::Integration;
use brainmass_spec::scheme::Scheme;

fn file(name: &str, head: &str) -> String {
    format!(
        "name: {name}\ncategory: phenomenological\n{head}\nstates: {{x: {{init: 1}}}}\n\
         parameters: {{tau: {{default: 10 ms}}}}\nderivatives: {{x: -x/tau}}\n"
    )
}

fn integration(head: &str) -> Integration {
    compile_one("t.yaml", &file("T", head)).unwrap_or_else(|report| panic!("{report}")).integration
}

#[test]
fn a_file_states_its_scheme_and_step() {
    let named = |name: &str| Scheme::named(name).unwrap_or_else(|| panic!("there is no `{name}`"));
    let heun = named("heun");
    assert_eq!(
        integration("integration: {scheme: heun, dt: 0.05 ms}"),
        Integration { scheme: heun, dt: 0.05 }
    );
    assert_eq!(integration("integration: {scheme: rk2, dt: 0.5}").scheme, heun, "by its other name");
    assert_eq!(integration("integration: {dt: 2e-5 s}"), Integration { scheme: heun, dt: 0.02 });
    assert_eq!(integration("scheme: rk4"), Integration { scheme: named("rk4"), dt: 0.1 }, "the short form");
    assert_eq!(integration(""), Integration { scheme: heun, dt: 0.1 }, "the defaults");
    for scheme in Scheme::all() {
        for name in scheme.names() {
            assert_eq!(integration(&format!("integration: {{scheme: {name}}}")).scheme, scheme);
        }
    }
}

#[test]
fn a_variant_takes_what_it_does_not_say() {
    let base = file("Base", "integration: {scheme: heun, dt: 0.05 ms}");
    let variant = "name: Variant\nextends: Base\nintegration: {dt: 0.01 ms}\n";
    let file = |name: &str, text: &str| File {
        name: name.to_owned(),
        folder: String::new(),
        bytes: text.as_bytes().into(),
    };
    let (entries, report) = compile(&[file("base.yaml", &base), file("variant.yaml", variant)]);
    assert_eq!(report, None);
    let variant = entries.iter().find(|entry| entry.model.name == "Variant").expect("it is there");
    assert_eq!((variant.model.integration.scheme.name(), variant.model.integration.dt), ("heun", 0.01));
}
