//! Tells the linker that the functions of Python are there when the module is loaded.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
