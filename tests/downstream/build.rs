//! Makes a new model file rebuild the crate.

fn main() {
    println!("cargo::rerun-if-changed=models");
}
