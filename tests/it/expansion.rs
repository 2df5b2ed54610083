//! The code generated for some models, as a reader sees it.

use brainmass_codegen::rust;

use crate::interpreter::zoo;

#[test]
fn reads_like_code_that_a_person_would_write() {
    for entry in zoo() {
        let name = entry.model.name.as_str();
        if ["HopfStep", "JansenRitStep", "WongWangStep", "HORNStep", "KuramotoNetwork"].contains(&name) {
            insta::assert_snapshot!(name, rust::formatted(&entry.model));
        }
    }
}
