//! Hemodynamic response functions: the BOLD signal that follows a brief event.
//!
//! Times are in ms, and rates and frequencies in Hz.

mod double_exponential;
mod first_order_volterra;
mod gamma;
mod gamma_function;
mod kernel;
mod mixture_of_gammas;

pub use double_exponential::DoubleExponential;
pub use first_order_volterra::FirstOrderVolterra;
pub use gamma::Gamma;
pub use kernel::HrfKernel;
pub use mixture_of_gammas::MixtureOfGammas;
