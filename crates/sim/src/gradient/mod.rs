//! Gradients through whole runs in reverse mode, and derivatives along directions in forward mode.
//!
//! Reverse mode gives the derivatives of one number that is computed from what was recorded, by anything that the run was made of, for a few times
//! the cost of the run. The derivatives are exact: those of the steps that were made, by whatever scheme, through bounds, inputs, coupling, delays
//! and noise (whose random numbers stay what they are: the pathwise derivative). The run is the same to the last bit as one without a gradient.
//!
//! **Variables.** A gradient can be by everything that [`Network::set`](crate::network::Network::set) knows by name, and by input ports:
//!
//! | name | values, in this order |
//! |---|---|
//! | a parameter, `init_x`, `noise_x`, a parameter of a rule | as many as [`Network::get`](crate::network::Network::get) tells: one, or one a node |
//! | `weights` | one an edge, in the order of targets, and of sources within a target |
//! | an input port given as a constant | one, or one a node |
//! | an input port given as an array | as many as the array, row by row |
//! | an input port given as a function, or not at all | one for each step and node, step by step |
//!
//! **Losses.** A loss is computed from everything that is recorded or observed: states, observables, inputs and currents, every step, every so many or
//! their means, and what instruments see of them ([`Simulator::observe`]), such as BOLD or EEG. Gains that are fitted themselves are those of a
//! [`LeadFieldReadout`](crate::observation::LeadFieldReadout); weights of trained layers belong to the module `sequence` of the crate `brainmass`.
//! Two things have no names: the settings of a noise process on an input port, where the derivative by the port, step by step, tells the effect of any
//! change; and weights inside of a model, such as those of `KuramotoNetwork`, which a projection by `KuramotoPhaseDifference` can have in their place.
//!
//! **Delays are left out.** A delay is a whole number of steps, so a run does not change at all with a small change of a conduction speed or of a
//! delay of a model: that derivative is zero but for jumps, and asking for it is an error that says so. States that are projected into their bounds
//! depend on nothing there; at the kinks of `max`, `abs` and comparisons, the derivative of one side is taken.
//!
//! **Memory.** A gradient stores what each step read: `T` bytes, which are 8 for every state and input of every node and for every target of a
//! projection (twice that and 8 for each source where weights are wanted). Where that is more than [`Simulator::gradient_memory`] allows, checkpoints
//! are stored and parts of the run are made again. With checkpoints of `C` bytes (states, inputs and the past that delays reach), `N` steps need
//! `2 sqrt(N T C)` bytes so that each step is made twice; with less, steps are made more often, by the binomial schedule of Griewank & Walther (2000,
//! doi 10.1145/347837.347846). Ten minutes of 90 uncoupled Hopf nodes at 0.1 ms need some 14 MB, where the whole run would take 17 GB. What is recorded
//! comes on top of that, and so do 16 bytes for each step and node that an instrument observes: for BOLD of long runs, make `BalloonWindkessel` a group
//! of the network, which needs nothing beside its states, or look at means over some steps (`SimulationLoss::through`).
//!
//! **Forward mode.** [`Simulator::tangent`] gives the derivatives of everything that is recorded along one direction, and
//! [`Simulator::lyapunov_exponent`] the rate at which neighbouring runs part.
//!
//! ```
//! use brainmass::prelude::*;
//!
//! // The derivative of the mean square of x by a.
//! let simulator = Simulator::new(HopfStep::new(3).a(0.2).init_x([0.1, 0.2, 0.3])).record(["x"]);
//! let gradient = simulator.gradient(20.0, &["a", "init_x"], |run| {
//!     let x = &run["x"];
//!     let count = x.len() as f64;
//!     Ok(Loss::new((x * x).sum() / count).by("x", 2.0 / count * x))
//! })?;
//! assert!(gradient["a"][0] > 0.0);
//! assert_eq!(gradient["init_x"].len(), 3);
//! # Ok::<(), GradientError>(())
//! ```

mod derivatives;
mod error;
mod loss;
mod outcome;
mod reverse;
mod settings;
mod tangent;
mod wanted;
mod weights;

use brainmass_core::quantity::Time;

use crate::run::Run;
use crate::simulator::Simulator;

pub use error::GradientError;
pub use loss::{Loss, LossError};
pub use outcome::{Gradient, Tangent};

impl Simulator {
    /// Runs for `duration`, the transient included, and returns the value of a loss and its derivatives by the variables that the names stand for: see
    /// [`crate::gradient`].
    ///
    /// `loss` gets the run, and returns its value and the derivatives of the value by each recorded number.
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::run`]; a name that is not there or stands for a delay; a loss that fails, or that depends on what was not
    /// recorded; a derivative that is not finite, which says where it was met.
    pub fn gradient<S: AsRef<str>>(
        &self,
        duration: impl Into<Time>,
        by: &[S],
        loss: impl FnOnce(&Run) -> Result<Loss, LossError>,
    ) -> Result<Gradient, GradientError> {
        reverse::gradient(self, duration.into(), by, loss)
    }

    /// Sets the memory that [`Simulator::gradient`] may use to store the run, bytes; 1 GiB if not given. Less memory costs time and changes
    /// no bit of the result.
    pub fn gradient_memory(mut self, bytes: usize) -> Self {
        self.gradient_memory = bytes;
        self
    }
}
