//! Stimuli: inputs that an experimenter gives to regions, as functions of time.
//!
//! A [`Stimulus`] has a shape in time, an amplitude in the unit of the port, an onset, a duration, and the regions that it reaches. The
//! step from t to t + dt holds its value at t. Times that are whole numbers of steps are counted in steps, so that a pulse begins and ends at the
//! right step however long the run is. Outside of its duration a stimulus is 0. Stimuli, noise and other inputs of a port are added:
//!
//! ```
//! use brainmass::noise::OuProcess;
//! use brainmass::prelude::*;
//! use brainmass::stimulus::Stimulus;
//!
//! let flash = Stimulus::pulse(0.6).onset(20.0.ms()).duration(5.0.ms()).regions([0, 2]);
//! let flicker = Stimulus::sine(0.2, 40.0.hz()).onset(50.0.ms());
//! let run = Simulator::new(FitzHughNagumoStep::new(3))
//!     .input("V_inp", flash + flicker)
//!     .noise("V_inp", OuProcess::new(0.05, 5.0.ms()))
//!     .record(["V", "V_inp"])
//!     .run(100.0.ms())?;
//! assert!(run["V_inp"][[220, 2]] > 0.4);
//! # Ok::<(), brainmass::RunError>(())
//! ```

mod builder;
mod error;
mod player;
mod shape;
mod timing;

pub use builder::{Regions, Stimulus};
pub use error::StimulusError;
pub(crate) use player::Player;
pub use shape::{Between, Shape};
