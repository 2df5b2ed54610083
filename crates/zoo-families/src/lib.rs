//! Models in the folders of `models`, generated from their equation files: of each folder, which is a family, if the feature of its name is on.
//!
//! Models of a family that is not compiled are interpreted, with the same bits. The model of the BOLD signal is always compiled.

#![forbid(unsafe_code)]
#![allow(
    clippy::possible_missing_comma,
    reason = "all that a macro writes stands in one place, which the lint takes for one line"
)]

// Generated code names the library as it does in any crate that depends on it.
extern crate brainmass_core as brainmass;

use brainmass_core::registry::Entry;

brainmass_derive::include_models!("../../models", only = ["observation"]);

/// Lists the families that can be compiled: the feature and folder of each, and the module in which its models are generated.
macro_rules! families {
    ($($folder:tt as $module:ident),* $(,)?) => {
        $(
            #[cfg(feature = $folder)]
            brainmass_derive::include_models!("../../models", only = [$folder]);
        )*

        /// Returns the models of a folder; `None` where they are not compiled.
        pub fn compiled(folder: &str) -> Option<&'static [Entry]> {
            match folder {
                $(
                    #[cfg(feature = $folder)]
                    $folder => Some($module::MODELS),
                )*
                _ => None,
            }
        }
    };
}

families! {
    "adaptation" as adaptation,
    "adaptive_exponential" as adaptive_exponential,
    "attractor" as attractor,
    "bounded" as bounded,
    "cortex" as cortex,
    "effective_connectivity" as effective_connectivity,
    "epilepsy" as epilepsy,
    "excitable" as excitable,
    "next_generation" as next_generation,
    "oscillators" as oscillators,
    "phase" as phase,
    "plasticity" as plasticity,
    "thalamus" as thalamus,
    "wilson_cowan" as wilson_cowan,
    "wong_wang" as wong_wang,
}
