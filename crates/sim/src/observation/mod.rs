//! Instruments: from activity to the signals that they record.
//!
//! A [`Monitor`] takes a run in chunks of shape (time, region), one row a step, and gives the rows that an instrument would
//! have recorded, in memory that does not grow with the run: [`TemporalAverage`], [`Subsample`], [`GlobalAverage`],
//! BOLD by the Balloon-Windkessel model ([`BoldSignal`]) or by convolution with a hemodynamic response ([`HrfBold`]), and the sensors
//! of a [`LeadField`] ([`Sensors`]), correlations ([`FunctionalConnectivity`]), or one after the other ([`Chain`]).
//! [`Simulator::observe`](crate::simulator::Simulator::observe) lets them observe a run while it goes on. Whatever chunks a run comes in, a monitor
//! gives the same bits. Every monitor passes adjoints back to the run ([`Monitor::vjp`]); linear ones do so without its samples
//! ([`LinearMonitor`]).

mod bold_signal;
mod connectivity;
mod convolution;
mod error;
mod global_average;
mod hrf;
mod hrf_bold;
mod intake;
mod lead_field;
mod monitor;
mod period;
mod readout;
mod sensor_noise;
mod sensor_unit;
mod sensors;
mod subsample;
mod temporal_average;
#[cfg(test)]
mod testing;
mod vertices;

pub use bold_signal::BoldSignal;
pub use connectivity::FunctionalConnectivity;
pub use convolution::{ConvolutionMethod, ConvolutionMode};
pub use error::ObservationError;
pub use global_average::GlobalAverage;
pub use hrf::{DoubleExponential, FirstOrderVolterra, Gamma, HrfKernel, MixtureOfGammas};
pub use hrf_bold::{HrfBold, HrfBoldSettings, HrfConvention, KernelGrid};
pub use lead_field::{LeadField, Modality, Reference};
pub use monitor::{Chain, LinearMonitor, Monitor};
pub use period::SamplingPeriod;
pub use readout::{LeadFieldReadout, Norm, ReadoutGradient};
pub use sensor_noise::SensorNoise;
pub use sensor_unit::SensorUnit;
pub use sensors::Sensors;
pub use subsample::Subsample;
pub use temporal_average::TemporalAverage;
pub use vertices::{ComponentOrder, compress_vertices, orientation_weights};
