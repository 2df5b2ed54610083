//! What can go wrong with a gradient.

use crate::network::{NetworkError, SettingError};
use crate::observation::ObservationError;
use crate::runtime::RunError;
use thiserror::Error;

/// Why there is no gradient.
#[derive(Debug, Error)]
pub enum GradientError {
    /// The run itself cannot be made, or diverged.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The network cannot be made.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A name that is neither a number of the network nor an input, or a value that cannot be set.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// A name that is given twice.
    #[error("`{name}` is asked for twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// A delay, or a speed, which makes delays.
    #[error(
        "there is no useful gradient by `{name}`: delays are whole steps, so a run does not change at all with small changes of it, but \
         for jumps where a delay changes by a step; try values of it in turn, or a method of fitting without gradients"
    )]
    Delay {
        /// The name.
        name: String,
    },
    /// The loss could not be computed.
    #[error("the loss: {0}")]
    Loss(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The loss is not a finite number.
    #[error("the loss is {0}; a finite number is needed")]
    NotFinite(f64),
    /// A derivative left the finite numbers on the way back through the run.
    #[error(
        "the gradient by {by} is not finite: on the way back through the run, the derivative of the loss by {quantity} at node {node} became {value} \
         at t = {time} ms. Derivatives of chaotic runs grow without bound, and there are none at kinks such as sqrt(0): make the run shorter, \
         begin it elsewhere, or search without gradients"
    )]
    Diverged {
        /// The names that the gradient was asked for.
        by: String,
        /// The state or parameter whose derivative was met.
        quantity: String,
        /// The node.
        node: usize,
        /// The value of the derivative: NaN or infinite.
        value: f64,
        /// The time that had been reached, ms. The derivative may have been finite until some steps later.
        time: f64,
    },
    /// A derivative by something that was asked for is not finite, although those by all states are.
    #[error(
        "the derivative of the loss by `{name}` is {value} in place {index} of {count}; a finite number is needed"
    )]
    NotFiniteDerivative {
        /// The name.
        name: String,
        /// The place among its derivatives, from 0.
        index: usize,
        /// The number of its derivatives.
        count: usize,
        /// The value: NaN or infinite.
        value: f64,
    },
    /// The derivative of what was recorded along a direction is not finite.
    #[error(
        "the derivative of `{name}` along the direction became {value} at node {node} by t = {time} ms; derivatives of chaotic runs grow \
         without bound: make the run shorter"
    )]
    TangentDiverged {
        /// The name of the record.
        name: String,
        /// The node.
        node: usize,
        /// The value: NaN or infinite.
        value: f64,
        /// The time of the row, ms.
        time: f64,
    },
    /// The loss depends on something that was not recorded.
    #[error("the loss gives a derivative by `{name}`, which was not recorded; there is {known}")]
    NotRecorded {
        /// The name.
        name: String,
        /// What was recorded.
        known: String,
    },
    /// A derivative of another shape than what it belongs to.
    #[error("the derivative by `{name}` has shape {given:?}, and what was recorded {expected:?}")]
    Shape {
        /// The name.
        name: String,
        /// The shape of the derivative.
        given: [usize; 2],
        /// The shape of what was recorded.
        expected: [usize; 2],
    },
    /// The loss depends on what a closure recorded.
    #[error(
        "`{name}` is recorded by a closure, which has no derivative; record states or observables, and compute the rest in the loss"
    )]
    Closure {
        /// The name.
        name: String,
    },
    /// An instrument watches a run in forward mode.
    #[error(
        "forward mode does not go through what is observed as `{name}`; record the signal that it watches"
    )]
    Observed {
        /// The name.
        name: String,
    },
    /// An instrument takes no derivatives back.
    #[error("the derivative by `{name}`, which is observed: {error}")]
    Observation {
        /// The name.
        name: String,
        /// Why not.
        error: Box<ObservationError>,
    },
    /// Too little memory for a single step and a checkpoint.
    #[error("{given} bytes are too few for a gradient of this run; it needs at least {needed}")]
    Memory {
        /// The bytes that may be used.
        given: usize,
        /// The least that will do.
        needed: usize,
    },
}
