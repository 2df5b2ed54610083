//! Settings of a network that derivatives are by.

use crate::gradient::error::GradientError;
use crate::network::{Network, Setting, SettingError};

/// Reports a setting that is a delay, or from which delays are computed.
pub(crate) fn refuse_delay(network: &Network, name: &str, setting: Setting) -> Result<(), GradientError> {
    let is_delay = match setting {
        Setting::Speed { .. } => true,
        Setting::Parameter { group, index } => {
            network.groups[group].info().delays.iter().any(|delayed| delayed.parameters.contains(&index))
        }
        _ => false,
    };
    if is_delay { Err(GradientError::Delay { name: name.to_owned() }) } else { Ok(()) }
}

/// Gives the states whose noise intensity is among the names an intensity of 0, where they have none.
///
/// The derivative by an intensity needs the random numbers that it scales, which only a state with noise has. Names that are no settings are left
/// to be reported by who resolves them.
///
/// # Errors
///
/// The intensity cannot be set.
pub(crate) fn enable_noise<'n>(
    network: &mut Network,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<(), SettingError> {
    for name in names {
        if let Ok(Setting::Noise { group, index }) = network.setting(name)
            && !network.groups[group].model.population().has_noise(index)
        {
            network.set(name, 0.0)?;
        }
    }
    Ok(())
}
