//! Makes a new equation file rebuild the crate; edits to known ones are seen without it.

fn main() {
    println!("cargo::rerun-if-changed=../../models");
}
