//! Noise processes for input ports.

mod brownian;
mod colored;
mod deviates;
mod error;
mod ladder;
mod ornstein_uhlenbeck;
mod path;
mod site;
mod white;

#[cfg(test)]
mod statistics;

use ndarray::Array2;

pub use brownian::BrownianNoise;
pub use colored::ColoredNoise;
pub use error::ProcessError;
pub use ornstein_uhlenbeck::OuProcess;
pub use white::{GaussianNoise, WhiteNoise};

pub(crate) use path::NoisePath;
pub(crate) use site::ProcessSite;

/// A noise process of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Process {
    /// Noise that is exponentially correlated in time.
    OrnsteinUhlenbeck(OuProcess),
    /// Noise with a spectrum `1/f^beta`.
    Colored(ColoredNoise),
    /// A Wiener path.
    Brownian(BrownianNoise),
    /// White noise, whatever the time step.
    White(WhiteNoise),
    /// Deviates that are independent from step to step.
    Gaussian(GaussianNoise),
}

impl Process {
    /// Starts the process at t = 0.
    ///
    /// # Errors
    ///
    /// A number of the process cannot be taken.
    pub(crate) fn start(&self, site: &ProcessSite) -> Result<Box<dyn NoisePath>, ProcessError> {
        match self {
            Self::OrnsteinUhlenbeck(process) => process.start(site),
            Self::Colored(process) => process.start(site),
            Self::Brownian(process) => process.start(site),
            Self::White(process) => process.start(site),
            Self::Gaussian(process) => process.start(site),
        }
    }

    /// The covariance of the noise of the nodes, if they are not independent.
    pub(crate) fn covariance_mut(&mut self) -> &mut Option<Array2<f64>> {
        match self {
            Self::OrnsteinUhlenbeck(process) => &mut process.covariance,
            Self::Colored(process) => &mut process.covariance,
            Self::Brownian(process) => &mut process.covariance,
            Self::White(process) => &mut process.covariance,
            Self::Gaussian(process) => &mut process.covariance,
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
