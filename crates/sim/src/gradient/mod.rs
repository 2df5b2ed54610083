//! Gradients through whole runs, in reverse mode: the derivatives of one number that is computed from what was recorded, by anything
//! that the run was made of, for a few times the cost of the run.
//!
//! The derivatives are exact: those of the steps that were made, by whatever scheme, through bounds, inputs, coupling, delays and noise
//! (whose random numbers stay what they are: the pathwise derivative). The run is the same to the last bit as one without a gradient.
//!
//! **By what.** Everything that [`Network::set`](crate::Network::set) knows by name, and input ports:
//!
//! | name | values, in this order |
//! |---|---|
//! | a parameter, `init_x`, `noise_x`, a parameter of a rule | as many as [`Network::get`](crate::Network::get) tells: one, or one a node |
//! | `weights` | one a connection, in the order of targets, and of sources within a target |
//! | an input port given as a constant | one, or one a node |
//! | an input port given as an array | as the array, row by row |
//! | an input port given as a function, or not at all | (step, node), row by row |
//!
//! **Of what.** Everything that is recorded or observed: states, observables, inputs and couplings, every step, every so many or their means, and
//! what instruments see of them ([`Simulator::observe`]), such as BOLD or EEG. Gains that are fitted themselves are those of a
//! [`LeadFieldReadout`](crate::observation::LeadFieldReadout), weights of trained layers those of [`brainmass_fit::sequence`]. Two
//! things have no names: the settings of a noise process on an input port, where the derivative by the port, step by step, tells what any change
//! of it does; and weights inside of a model, as those of `KuramotoNetwork`, which a projection by `KuramotoPhaseDifference` can have in their
//! place.
//!
//! **Not by delays.** A delay is a whole number of steps, so a run does not change at all with a small change of a conduction speed or of
//! a delay of a model: that derivative is zero but for jumps, and asking for it is an error that says so. States that are projected into their
//! bounds depend on nothing there; at the kinks of `max`, `abs` and comparisons, the derivative of one side is taken.
//!
//! **Memory.** A gradient stores what each step read: `T` bytes, which are 8 for every state and input of every node and for every target of a
//! projection (twice that and 8 for each source where weights are wanted). Where that is more than
//! [`Simulator::gradient_memory`] allows, checkpoints are stored and parts of the run are made again. With checkpoints of `C` bytes (states,
//! inputs and the past that delays reach), `N` steps need `2 sqrt(N T C)` bytes so that each step is made twice; with less, steps are made
//! more often, by the binomial schedule of Griewank & Walther (2000, doi 10.1145/347837.347846). Ten minutes of 90 uncoupled Hopf nodes
//! at 0.1 ms need some 14 MB, where the whole run would take 17 GB. What is recorded comes on top of that, and so do 16 bytes for each step
//! and node that an instrument watches: for BOLD of long runs, make `BalloonWindkessel` a group of the network, which needs nothing beside its
//! states, or look at means over some steps (`SimulationLoss::through`).
//!
//! **Forward mode.** [`Simulator::tangent`] gives the derivatives of everything that is recorded along one direction, and
//! [`Simulator::lyapunov_exponent`] the rate at which neighbouring runs part.
//!
//! ```
//! use brainmass::prelude::*;
//!
//! // How does the mean square of x change with a?
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

mod error;
mod loss;
mod reverse;
mod sums;
mod tangent;
mod wanted;

use std::ops::Index;

use brainmass_core::quantity::Time;

use crate::run::Run;
use crate::simulator::Simulator;

pub use error::GradientError;
pub use loss::{Loss, LossError};
pub use tangent::Tangent;

/// The value of a loss, its gradient, and the run that it was computed from.
#[derive(Debug, Clone)]
pub struct Gradient {
    /// The value of the loss.
    pub value: f64,
    /// What was recorded.
    pub run: Run,
    parts: Vec<(String, Vec<f64>)>,
}

impl Gradient {
    /// The derivatives by what a name stands for, in the order that the table of [`crate::gradient`] says.
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, values)| &values[..])
    }

    /// The names and derivatives, in the order in which they were asked for.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.parts.iter().map(|(name, values)| (&name[..], &values[..]))
    }

    /// All derivatives in a row, in the order in which they were asked for.
    pub fn flat(&self) -> Vec<f64> {
        self.parts.iter().flat_map(|(_, values)| values).copied().collect()
    }
}

impl Index<&str> for Gradient {
    type Output = [f64];

    /// The derivatives by what a name stands for.
    ///
    /// # Panics
    ///
    /// The gradient was not asked for by that name. [`Gradient::get`] gives `None` instead.
    fn index(&self, name: &str) -> &[f64] {
        match self.get(name) {
            Some(values) => values,
            None => {
                let names: Vec<&str> = self.parts().map(|(name, _)| name).collect();
                panic!("the gradient is not by `{name}`; it is by {}", names.join(", "))
            }
        }
    }
}

impl Simulator {
    /// Runs for `duration`, the transient included, and gives the value of a loss and its derivatives by what the names stand for: see
    /// [`crate::gradient`].
    ///
    /// `loss` is given what was recorded, and says its value and how that changes with each recorded number.
    ///
    /// # Errors
    ///
    /// As [`Simulator::run`]; a name that is not there or stands for a delay; a loss that fails, or that depends on what was not
    /// recorded; a derivative that is not finite, which says where it was met.
    pub fn gradient<S: AsRef<str>>(
        &self,
        duration: impl Into<Time>,
        by: &[S],
        loss: impl FnOnce(&Run) -> Result<Loss, LossError>,
    ) -> Result<Gradient, GradientError> {
        reverse::gradient(self, duration.into(), by, loss)
    }

    /// The memory, in bytes, that [`Simulator::gradient`] may use to store the run; 1 GiB if not given. Less memory costs time and changes
    /// no bit of the result.
    pub fn gradient_memory(mut self, bytes: usize) -> Self {
        self.gradient_memory = bytes;
        self
    }
}
