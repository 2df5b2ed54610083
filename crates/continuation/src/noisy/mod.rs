//! The functional connectivity of noisy networks around their equilibrium, by linear response, and its exact gradient.
//!
//! A [`NoisyModel`] is made once of the equations of node, rule and, if a Balloon model watches, vessels. With the numbers of a network
//! ([`NoisyNumbers`]) it gives a [`NoisyResponse`]: the stable equilibrium, the correlations of the signals there, and the derivatives of any
//! function of these by the numbers.

mod bars;
mod dual;
mod functions;
mod linear;
mod lyapunov;
mod numbers;
mod quadrature;
mod response;
mod spectral;
#[cfg(test)]
mod tests;

pub use functions::{NoisyModel, NoisyModelError, Watching};
pub use numbers::{NoisyEdge, NoisyNumbers, Varied};
pub use response::{NoisyError, NoisyResponse};
