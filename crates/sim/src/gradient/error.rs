//! Errors of gradients.

use crate::network::{NetworkError, SettingError};
use crate::observation::ObservationError;
use crate::runtime::RunError;
use thiserror::Error;

/// The reason why there is no gradient.
#[derive(Error)]
pub enum GradientError {
    /// A run that cannot be made, or diverged.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A mistake in the network.
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
    /// A delay, or a speed, from which delays are computed.
    #[error(
        "there is no useful gradient by `{name}`: delays are whole steps, so a run does not change at all with small changes of it, but \
         for jumps where a delay changes by a step; try values of it in turn, or a method of fitting without gradients"
    )]
    Delay {
        /// The name.
        name: String,
    },
    /// A loss that could not be computed.
    #[error("the loss: {0}")]
    Loss(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A loss that is not a finite number.
    #[error("the loss is {0}; a finite number is needed")]
    NotFinite(f64),
    /// A derivative that left the finite numbers on the way back through the run.
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
    /// A derivative by a name that was asked for which is not finite, although those by all states are.
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
    /// A derivative of a record along a direction that is not finite.
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
    /// A derivative of the loss by something that was not recorded.
    #[error("the loss gives a derivative by `{name}`, which was not recorded; there is {known}")]
    NotRecorded {
        /// The name.
        name: String,
        /// The names that were recorded.
        known: String,
    },
    /// A derivative of another shape than the record that it belongs to.
    #[error("the derivative by `{name}` has shape {given:?}, and what was recorded {expected:?}")]
    Shape {
        /// The name.
        name: String,
        /// The shape of the derivative.
        given: [usize; 2],
        /// The shape of the record.
        expected: [usize; 2],
    },
    /// A derivative of the loss by a record of a closure.
    #[error(
        "`{name}` is recorded by a closure, which has no derivative; record states or observables, and compute the rest in the loss"
    )]
    Closure {
        /// The name.
        name: String,
    },
    /// An instrument that observes a run in forward mode.
    #[error(
        "forward mode does not go through what is observed as `{name}`; record the signal that it observes"
    )]
    Observed {
        /// The name.
        name: String,
    },
    /// An instrument without derivatives.
    #[error("the derivative by `{name}`, which is observed: {error}")]
    Observation {
        /// The name.
        name: String,
        /// The reason.
        error: Box<ObservationError>,
    },
    /// A memory that is too small for a single step and a checkpoint.
    #[error("{given} bytes are too few for a gradient of this run; it needs at least {needed}")]
    Memory {
        /// The memory that may be used, bytes.
        given: usize,
        /// The least memory that is enough, bytes.
        needed: usize,
    },
}

brainmass_spec::debug_as_text!(GradientError);
