//! The models in the folders of `models`, each a family, generated from their equation files.

#![forbid(unsafe_code)]
#![allow(
    clippy::possible_missing_comma,
    reason = "all that a macro writes stands in one place, which the lint takes for one line"
)]

// Generated code names the library as it does in any crate that depends on it.
extern crate brainmass_core as brainmass;

brainmass_derive::include_models!(
    "../../models",
    except = [
        "coupling",
        "phenomenological",
        "physiological",
        "network",
        "adaptation",
        "cortex",
        "effective_connectivity",
        "epilepsy",
        "excitable",
        "next_generation",
        "oscillators",
        "phase",
        "plasticity",
        "thalamus",
        "wong_wang"
    ]
);
