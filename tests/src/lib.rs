//! The golden harness shared by the tests and `cargo xtask golden`.
