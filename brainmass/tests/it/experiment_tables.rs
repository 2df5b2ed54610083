//! The tables of `docs/experiment-files.md` are those that files are read with.
//!
//! `INSTA_UPDATE=always cargo test -p brainmass --features fit --test it experiment_tables` writes them.

#![cfg(feature = "fit")]

use std::{env, fs};

use brainmass::experiment::tables;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/experiment-files.md");

/// Puts a table between its marks; the page must have them.
fn filled(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->\n"));
    let place = page.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = place.unwrap_or_else(|| panic!("the page has no place for the table `{name}`"));
    format!("{before}{begin}{table}{end}{after}")
}

#[test]
fn the_page_has_every_table_as_it_is() {
    let page = fs::read_to_string(PAGE).expect("the page");
    let expected =
        tables().iter().fold(page.clone(), |page, table| filled(&page, table.name, &table.markdown));
    assert_eq!(page.matches("<!-- begin: ").count(), tables().len(), "a place has no table");
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(PAGE, expected).expect("the page can be written");
        return;
    }
    let differs = page.lines().zip(expected.lines()).find(|(have, want)| have != want);
    assert!(
        page == expected,
        "the tables of docs/experiment-files.md are stale, first where it says\n  {differs:?}; write them with\n  \
         INSTA_UPDATE=always cargo test -p brainmass --features fit --test it experiment_tables"
    );
}
