//! Noise processes for input ports.

mod brownian;
mod colored;
mod deviates;
mod error;
mod ladder;
mod ornstein_uhlenbeck;
mod white;

#[cfg(test)]
mod statistics;

use ndarray::Array2;

use brainmass_core::quantity::Values;
use deviates::{Deviates, Mixing};

pub use brownian::BrownianNoise;
pub use colored::ColoredNoise;
pub use error::ProcessError;
pub use ornstein_uhlenbeck::OuProcess;
pub use white::{GaussianNoise, WhiteNoise};

/// Any of the noise processes.
#[derive(Debug, Clone, PartialEq)]
pub enum Process {
    /// Exponentially correlated in time.
    OrnsteinUhlenbeck(OuProcess),
    /// With a spectrum `1/f^beta`.
    Colored(ColoredNoise),
    /// A Wiener path.
    Brownian(BrownianNoise),
    /// White, whatever the time step.
    White(WhiteNoise),
    /// Independent from step to step.
    Gaussian(GaussianNoise),
}

/// Where a process is: what it needs to know besides its own numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    pub nodes: usize,
    /// The unit of the port.
    pub unit: &'a str,
    /// Time step, ms.
    pub dt: f64,
    pub seed: u64,
    pub stream: u32,
}

/// A process under way.
pub(crate) trait Path: Send + Sync {
    /// Adds the values of a step to those of the nodes. Steps are asked for one after the other, from 0 on.
    fn add(&mut self, step: u64, to: &mut [f64]);

    /// Shows every number that changes from step to step.
    fn visit(&mut self, with: &mut dyn FnMut(&mut [f64]));
}

impl Process {
    /// The process at t = 0.
    pub(crate) fn start(&self, site: &Site) -> Result<Box<dyn Path>, ProcessError> {
        match self {
            Self::OrnsteinUhlenbeck(process) => process.start(site),
            Self::Colored(process) => process.start(site),
            Self::Brownian(process) => process.start(site),
            Self::White(process) => process.start(site),
            Self::Gaussian(process) => process.start(site),
        }
    }
}

macro_rules! processes {
    ($($variant:ident($process:ident)),*) => {$(
        impl From<$process> for Process {
            fn from(process: $process) -> Self {
                Self::$variant(process)
            }
        }
    )*};
}

processes! {
    OrnsteinUhlenbeck(OuProcess), Colored(ColoredNoise), Brownian(BrownianNoise), White(WhiteNoise), Gaussian(GaussianNoise)
}

/// The values of each node.
fn values(what: &'static str, values: &Values, unit: &str, site: &Site) -> Result<Vec<f64>, ProcessError> {
    values.per_node(unit, site.nodes).map_err(|error| ProcessError::Values { what, error })
}

/// The sigma of each node, whose unit is that of the port with `root` behind it.
fn intensities(sigma: &Values, root: &str, site: &Site) -> Result<Vec<f64>, ProcessError> {
    let sigma = values("sigma", sigma, &format!("{}{root}", site.unit), site)?;
    match sigma.iter().find(|sigma| **sigma < 0.0) {
        Some(given) => Err(ProcessError::Range {
            what: "sigma",
            given: given.to_string(),
            expected: "it is not negative".to_owned(),
        }),
        None => Ok(sigma),
    }
}

/// Adds `scale` times the deviates of a step.
fn add_scaled(deviates: &[f64], scale: &[f64], to: &mut [f64]) {
    for ((to, deviate), scale) in to.iter_mut().zip(deviates).zip(scale) {
        *to += scale * deviate;
    }
}

/// The deviates of a process and how they are mixed.
fn noise(covariance: Option<&Array2<f64>>, site: &Site) -> Result<(Deviates, Mixing), ProcessError> {
    Ok((Deviates::new(site), Mixing::new(covariance, site.nodes)?))
}
