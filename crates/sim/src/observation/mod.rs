//! From activity to what instruments see.
//!
//! A [`Monitor`] takes a run in chunks of shape (time, region), one row a step, and gives the rows an instrument would
//! have recorded, in memory that does not grow with the run: [`TemporalAverage`], [`Subsample`], [`GlobalAverage`],
//! BOLD by the Balloon-Windkessel model ([`BoldSignal`]) or by convolution with a hemodynamic response ([`HrfBold`]), and the sensors
//! of a [`LeadField`] ([`Sensors`]), correlations ([`FunctionalConnectivity`]), or one after the other ([`Chain`]).
//! [`Simulator::observe`](crate::Simulator::observe) lets them watch a run while it goes on. However a run is cut into chunks, a monitor
//! gives the same bits. Those that are linear take derivatives back to the run ([`LinearMonitor`]).

mod bold_signal;
mod chain;
mod connectivity;
mod convolution;
mod error;
mod global_average;
mod hrf;
mod hrf_bold;
mod lead_field;
mod linear;
mod monitor;
mod period;
mod readout;
mod sensor_noise;
mod sensor_unit;
mod sensors;
mod subsample;
mod temporal_average;
mod vertices;

pub use bold_signal::BoldSignal;
pub use chain::Chain;
pub use connectivity::FunctionalConnectivity;
pub use convolution::{ConvolutionMethod, ConvolutionMode};
pub use error::ObservationError;
pub use global_average::GlobalAverage;
pub use hrf::{DoubleExponential, FirstOrderVolterra, Gamma, HrfKernel, MixtureOfGammas};
pub use hrf_bold::{HrfBold, HrfBoldSettings, KernelGrid};
pub use lead_field::{LeadField, Modality, Reference};
pub use linear::LinearMonitor;
pub use monitor::Monitor;
pub use period::SamplingPeriod;
pub use readout::{LeadFieldReadout, Norm, ReadoutGradient};
pub use sensor_noise::SensorNoise;
pub use sensor_unit::SensorUnit;
pub use sensors::Sensors;
pub use subsample::Subsample;
pub use temporal_average::TemporalAverage;
pub use vertices::{ComponentOrder, compress_vertices, orientation_weights};
