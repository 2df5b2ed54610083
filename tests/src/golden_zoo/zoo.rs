//! The models that files of reference numbers can be about.

use std::sync::LazyLock;

use brainmass::Zoo;

/// The models that come with the library, and those of the folder `models` that are not among them.
pub static ZOO: LazyLock<Zoo> = LazyLock::new(|| {
    let mut zoo = Zoo::default();
    // Files with mistakes are missing here, and the tests of the folder tell them.
    let _ = zoo.add_folder(concat!(env!("CARGO_MANIFEST_DIR"), "/../models"));
    zoo
});
