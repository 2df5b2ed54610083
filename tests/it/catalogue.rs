//! The catalogue as users see it.

use std::fs;

use brainmass::catalogue::{COLLECTIONS, records};
use brainmass::{Category, find_model, list_models, to_table};

fn golden() -> serde_json::Value {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/golden/list_models.json"))
        .expect("is there");
    serde_json::from_str::<serde_json::Value>(&text).expect("is JSON")[0].clone()
}

#[test]
fn lists_the_models_of_the_reference_in_its_order() {
    let ours = serde_json::to_value(list_models()).expect("records are plain data");
    assert_eq!(ours, golden()["records"]);
}

#[test]
fn prints_the_table_of_the_reference() {
    assert_eq!(to_table(&list_models()), golden()["table"].as_str().unwrap_or_default());
}

#[test]
fn filters_like_ordinary_data() {
    let names: Vec<_> = list_models()
        .into_iter()
        .filter(|model| model.category == Category::Physiological && model.n_state_vars <= 3)
        .map(|model| model.name)
        .collect();
    assert_eq!(
        names,
        [
            "WilsonCowanStep",
            "WongWangStep",
            "WongWangExcInhStep",
            "MontbrioPazoRoxinStep",
            "CoombesByrneStep",
            "LarterBreakspearStep"
        ]
    );
}

#[test]
fn has_the_further_collections() {
    let counts: Vec<(&str, usize)> = COLLECTIONS.iter().map(|c| (c.name.as_str(), c.entries.len())).collect();
    assert_eq!(counts[0], ("catalogue", 20));
    assert!(counts.contains(&("wilson_cowan", 11)) && counts.contains(&("bounded", 4)), "{counts:?}");
    let family =
        COLLECTIONS.iter().find(|collection| collection.name == "wilson_cowan").expect("it is there");
    assert_eq!(records(&family.entries).len(), 11);
}

#[test]
fn finds_models_by_name_and_suggests_near_ones() {
    assert_eq!(find_model("JansenRitStep").map(|entry| entry.info.states.len()), Ok(6));
    let message = find_model("JansenRit").expect_err("the name lacks `Step`");
    assert!(message.contains("did you mean `JansenRitStep`?"), "{message}");
}

#[test]
fn every_entry_is_complete() {
    for entry in COLLECTIONS.iter().flat_map(|collection| &collection.entries) {
        let info = &entry.info;
        let name = &info.name;
        assert!(!info.title.is_empty(), "{name} has no title");
        assert!(info.description.len() > 60, "{name} has no description to speak of");
        assert!(!info.references.is_empty(), "{name} has no reference");
        assert!(info.references.iter().any(|reference| reference.doi.is_some()), "{name} has no DOI");
        assert!(!info.use_case.is_empty(), "{name} has no use case");
        for parameter in &info.parameters {
            assert!(!parameter.doc.is_empty(), "{name}: parameter {} has no doc", parameter.name);
        }
        for state in &info.states {
            assert!(!state.doc.is_empty(), "{name}: state {} has no doc", state.name);
        }
        for input in &info.inputs {
            assert!(!input.doc.is_empty(), "{name}: input {} has no doc", input.name);
        }
    }
}
