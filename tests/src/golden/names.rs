//! The names by which the reference calls what this library calls otherwise, where nothing but the name differs.

use brainmass::Scheme;
use serde_json::Value;

/// Classes in which the reference calls the weight of rI on rE `wIE` and that of rE on rI `wEI`: the other way round from its own
/// docstrings and its other variants, which we follow (`DEFECTS.md`, 7).
const WEIGHTS_EXCHANGED: [&str; 4] =
    ["WilsonCowanStep", "WilsonCowanNoSaturationStep", "WilsonCowanSymmetricStep", "WilsonCowanLinearStep"];

/// Schemes that the reference calls by a name that means another one here (`DEFECTS.md`, 32).
const SCHEMES: [(&str, Scheme); 2] = [("heun", Scheme::Heun3), ("rk2", Scheme::Heun)];

/// Our name for a parameter of the reference; `None` for one that the corrected model does not have.
pub fn parameter<'a>(model: &str, name: &'a str) -> Option<&'a str> {
    match name {
        "wIE" if WEIGHTS_EXCHANGED.contains(&model) => Some("wEI"),
        "wEI" if WEIGHTS_EXCHANGED.contains(&model) => Some("wIE"),
        // The threshold of the reference's f-I curve; the paper's has b and d in its place (`DEFECTS.md`, 2).
        "theta" if model == "WongWangStep" => None,
        _ => Some(name),
    }
}

/// Our name for what the reference records of a model.
pub fn signal<'a>(model: &str, name: &'a str) -> &'a str {
    match name {
        // The reference computes both rates at coupling 0, whatever the coupling is.
        "H_e" if model == "WongWangExcInhStep" => "H_e_uncoupled",
        "H_i" if model == "WongWangExcInhStep" => "H_i_uncoupled",
        _ => name,
    }
}

/// Our name for a model of the reference.
pub fn model(name: &str) -> &str {
    match name {
        "BOLDSignal" => "BalloonWindkessel",
        other => other,
    }
}

/// Our name for a coupling of the reference.
pub fn rule(coupling: &str) -> Result<&'static str, String> {
    Ok(match coupling {
        "diffusive" => "Diffusive",
        "additive" => "Additive",
        "laplacian" => "Laplacian",
        "sigmoidal" => "Sigmoidal",
        "tanh" | "hyperbolic_tangent" => "HyperbolicTangent",
        "sigmoidal_jansen_rit" => "SigmoidalJansenRit",
        other => return Err(format!("there is no coupling `{other}`")),
    })
}

/// Our scheme for a method of the reference.
pub fn scheme(method: &str) -> Result<Scheme, String> {
    match SCHEMES.iter().find(|(name, _)| *name == method) {
        Some((_, scheme)) => Ok(*scheme),
        None => method.parse(),
    }
}

/// Whether a defect is one of names alone, or only that of the weights from which a Laplacian is made: what the reference made it from
/// can be given as weights.
pub fn can_be_expressed(defect: &str) -> bool {
    defect.starts_with("wIE and wEI stand in each other's place") || defect.contains("Laplacian of W*exp(W)")
}

/// Returns the reason why a case that holds what the reference does wrong is not run; its corrected twin is. `None` for other cases.
pub fn defect(case: &Value) -> Option<String> {
    let defect = case["known_defect"].as_str()?;
    let wrong = defect.split("; ").find(|part| !can_be_expressed(part))?;
    Some(format!("the reference is wrong here: {wrong}"))
}
