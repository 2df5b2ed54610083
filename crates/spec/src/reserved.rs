//! Names that generated code uses itself, which therefore no file can give to something else.
//!
//! Local variables need no such list: the emitter gives each of them a name of its own. What is listed here is what a name of a file would
//! hide or repeat. Tests compare each list with the code it is about: [`IMPORTS`] with the module that generated code imports from,
//! [`STANDARD`] with the text that is generated, [`BUILDER_METHODS`] with the traits that generated structs implement.

/// Items that the library's module for generated code offers, all of which generated code imports.
pub const IMPORTS: [&str; 29] = [
    "engine_of",
    "interaction_of",
    "Rule",
    "Settings",
    "Engine",
    "Interaction",
    "info",
    "Category",
    "Described",
    "ModelInfo",
    "ModelText",
    "Adjoints",
    "CouplingKernel",
    "Form",
    "Kernel",
    "Model",
    "Population",
    "SequenceCell",
    "SequenceStack",
    "Values",
    "Real",
    "Table",
    "Axis",
    "Create",
    "Entry",
    "Scheme",
    "List",
    "Shared",
    "Text",
];

/// Names of the standard library, and of generated code's own items, that stand in generated code without a path.
pub const STANDARD: [&str; 11] =
    ["Option", "Some", "None", "Into", "Default", "Debug", "Clone", "Copy", "Self", "R", "MODELS"];

/// Methods that can be called on a generated struct. A parameter's builder method of the same name would hide one of them.
pub const BUILDER_METHODS: [&str; 21] = [
    // Inherent, and derived.
    "new",
    "clone",
    "default",
    // Of populations of nodes.
    "engine",
    "interaction",
    "population",
    "population_mut",
    "info",
    "nodes",
    "parameter",
    "initial",
    "noise",
    "preset",
    "weights",
    "normalize_by_n",
    "exclude_self",
    "check",
    // Of coupling rules.
    "settings",
    "settings_mut",
    // Of cells of a layer.
    "gain",
    "reading",
];

/// Words that Rust takes for nothing else, not even with `r#` in front of them, or that are keywords in one edition alone.
const WORDS: [&str; 9] = ["self", "Self", "super", "crate", "gen", "Some", "None", "Ok", "Err"];

/// Whether Rust keeps a word for itself.
pub fn is_word(name: &str) -> bool {
    WORDS.contains(&name)
}

/// Whether generated code uses a name where that of a model would stand.
pub fn is_model_name(name: &str) -> bool {
    IMPORTS.contains(&name) || STANDARD.contains(&name)
}

/// Whether a generated struct has a method of this name.
pub fn is_builder_method(name: &str) -> bool {
    BUILDER_METHODS.contains(&name)
}
