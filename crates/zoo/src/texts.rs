//! The texts of the models in folders. The folders of coupling rules and of observation models are compiled, and so is what lies in none.

brainmass_derive::include_model_texts!(
    "../../models",
    except = ["coupling", "observation", "phenomenological", "physiological", "network"]
);
