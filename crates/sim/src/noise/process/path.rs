//! Noise processes under way.

use ndarray::Array2;

use super::deviates::{Deviates, Mixing};
use super::error::ProcessError;
use super::site::ProcessSite;
use brainmass_core::quantity::Values;

/// A noise process under way: the path that it takes in one run.
pub(crate) trait NoisePath: Send + Sync {
    /// Adds the values of a step to those of the nodes. Steps are asked for one after the other, from 0 on.
    fn add_to(&mut self, step: u64, nodes: &mut [f64]);

    /// Returns the values that it carries from step to step; none for a process without memory.
    fn save(&self) -> Vec<f64>;

    /// Goes back to where [`NoisePath::save`] gave these values.
    fn restore(&mut self, values: &[f64]);
}

/// Returns a number of a process for each node, in `unit`.
pub(super) fn values_per_node(
    what: &'static str,
    values: &Values,
    unit: &str,
    site: &ProcessSite,
) -> Result<Vec<f64>, ProcessError> {
    values.per_node(unit, site.nodes).map_err(|error| ProcessError::Values { what, error })
}

/// Returns the sigma of each node, in the unit of the port with `root` behind it, which is empty for a standard deviation.
pub(super) fn intensities(sigma: &Values, root: &str, site: &ProcessSite) -> Result<Vec<f64>, ProcessError> {
    let sigma = values_per_node("sigma", sigma, &format!("{}{root}", site.unit), site)?;
    match sigma.iter().find(|sigma| **sigma < 0.0) {
        Some(given) => Err(ProcessError::Range {
            what: "sigma",
            given: given.to_string(),
            expected: "it is not negative".to_owned(),
        }),
        None => Ok(sigma),
    }
}

/// Adds `scale` times the deviates of a step to the values of the nodes.
pub(super) fn add_scaled(deviates: &[f64], scale: &[f64], nodes: &mut [f64]) {
    for ((node, deviate), scale) in nodes.iter_mut().zip(deviates).zip(scale) {
        *node += scale * deviate;
    }
}

/// Creates the deviates of a process, and their mixing by its covariance.
pub(super) fn mixed_deviates(
    covariance: Option<&Array2<f64>>,
    site: &ProcessSite,
) -> Result<(Deviates, Mixing), ProcessError> {
    Ok((Deviates::new(site), Mixing::new(covariance, site.nodes)?))
}
