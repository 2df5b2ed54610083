//! The models in the folders of `models`, each a family, generated from their equation files.

// Generated code names the library as it does in any crate that depends on it.
extern crate brainmass_core as brainmass;

brainmass_derive::include_models!(
    "../../models",
    except = ["coupling", "phenomenological", "physiological", "network"]
);
