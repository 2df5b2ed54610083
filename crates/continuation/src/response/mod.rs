//! Linear response: what noise does around a stable equilibrium, and whether delays make it unstable.

mod covariance;
mod delayed;
mod network;
mod roots;
mod system;
#[cfg(test)]
mod tests;
mod watched;

pub(crate) use covariance::{KRONROD, Lyapunov, product};
pub use delayed::{DelayedEquilibrium, DelayedHopf, DelayedNode};
pub use network::{LinearNetwork, NetworkError};
pub use system::LinearSystem;
pub use watched::{WatchedSignal, WatchedSystem};
