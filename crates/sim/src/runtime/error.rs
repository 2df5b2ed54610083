//! Errors of runs.

use thiserror::Error;

use crate::network::{NetworkError, SettingError};
use crate::noise::ProcessError;
use crate::observation::ObservationError;
use crate::run::{Run, SaveError};
use crate::runtime::bytes::Bytes;
use crate::stimulus::StimulusError;
use brainmass_core::population::PopulationError;
use brainmass_core::real::SimdError;
use brainmass_core::shared::Text;
use brainmass_spec::number::shown;

/// The reason why a run cannot start, or did not reach its end.
#[derive(Error)]
pub enum RunError {
    /// A value of the model that cannot be taken.
    #[error(transparent)]
    Population(#[from] PopulationError),
    /// A mistake in the network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// An instruction set that the environment asks for and the machine does not have.
    #[error(transparent)]
    Simd(#[from] SimdError),
    /// A number of a batch that cannot be set.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// A file of records that cannot be written.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// A run of a batch that was stopped before this run began.
    #[error("the run was not begun, because the batch was stopped")]
    NotBegun,
    /// A run of a batch that failed before the batch went on from its journal.
    #[error("{why}")]
    Former {
        /// The message of the error with which it failed.
        why: String,
    },
    /// A name under which no run of a batch recorded anything.
    #[error("none of {runs} runs recorded `{name}`")]
    NotRecorded {
        /// The name.
        name: String,
        /// The number of runs.
        runs: usize,
    },
    /// A time that cannot be one.
    #[error("{what} is {given}; {expected}")]
    Time {
        /// The time: `dt`, `duration`, `transient`, ...
        what: Text,
        /// The value given.
        given: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// A time that is not a whole number of steps.
    #[error(
        "{what} is {} ms, which is not a multiple of {step} = {} ms; the nearest are {} ms and {} ms",
        shown(*given),
        shown(*size),
        shown(*below),
        shown(*above)
    )]
    NotMultiple {
        /// The time: `duration`, `transient`, ...
        what: &'static str,
        /// The value in ms.
        given: f64,
        /// The name of the step that it is counted in.
        step: &'static str,
        /// The size of the step in ms.
        size: f64,
        /// The nearest multiple below.
        below: f64,
        /// The nearest multiple above.
        above: f64,
    },
    /// More steps than a run may have.
    #[error(
        "{what} is {steps} steps of {} ms, and a run may have {limit}; make the run shorter or the step larger, or allow more with `most_steps`",
        shown(*dt)
    )]
    Steps {
        /// The time: duration or transient.
        what: &'static str,
        /// Its number of steps.
        steps: usize,
        /// The time step, ms.
        dt: f64,
        /// The largest number of steps.
        limit: u64,
    },
    /// More memory than a run may take.
    #[error(
        "{what} would need {needed} of memory, and {limit} may be taken; {advice}, or allow more with `memory`"
    )]
    Memory {
        /// The part of the run that does not fit.
        what: String,
        /// The memory that the run needs with this part.
        needed: Bytes,
        /// The largest memory that a run may take.
        limit: Bytes,
        /// The ways to need less.
        advice: &'static str,
    },
    /// Memory that the system refused.
    #[error("the system gives no {needed} of memory for {what}; {advice}")]
    OutOfMemory {
        /// The part of the run that does not fit.
        what: String,
        /// The memory that it needs.
        needed: Bytes,
        /// The ways to need less.
        advice: &'static str,
    },
    /// A transient that leaves no part of the run to be recorded.
    #[error(
        "the transient of {} ms leaves nothing of a run of {} ms; make it shorter than the run",
        shown(*transient),
        shown(*duration)
    )]
    NothingLeft {
        /// The time left out, ms.
        transient: f64,
        /// The duration of the run, ms.
        duration: f64,
    },
    /// A name to record or to drive that the model does not have.
    #[error("there is no {what} `{given}` in {model}: {hint}")]
    Unknown {
        /// The kind of thing that was looked for.
        what: &'static str,
        /// The name given.
        given: String,
        /// The model.
        model: Text,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A name that two records have.
    #[error("`{name}` is recorded twice; give one of them another name with `record_as`")]
    Twice {
        /// The name.
        name: String,
    },
    /// A name that a record cannot have in files.
    #[error("a run {0}; give the record another name with `record_as`")]
    RecordName(brainmass_data::io::Problem),
    /// A port that is driven by another input already.
    #[error("the input `{port}` is given twice; add the two, as in `input(port, one + other)`")]
    InputTwice {
        /// The port.
        port: String,
    },
    /// An input of another shape.
    #[error("the input `{port}` has shape {given}; {expected}")]
    InputShape {
        /// The port.
        port: Text,
        /// The shape given.
        given: String,
        /// The values that are allowed.
        expected: String,
    },
    /// An input that is not a finite number.
    #[error("the input `{port}` is {given} at step {step}, node {node}")]
    InputNotFinite {
        /// The port.
        port: Text,
        /// The value.
        given: f64,
        /// The number of steps done before.
        step: usize,
        /// The node.
        node: usize,
    },
    /// An input in a unit of another kind.
    #[error("the input `{port}` is in {expected}, and {given} cannot be converted to that{}", given.advice(expected))]
    InputUnit {
        /// The port.
        port: Text,
        /// The port's unit.
        expected: Text,
        /// The value given.
        given: brainmass_core::quantity::Quantity,
    },
    /// A noise process that cannot be taken.
    #[error("the noise on the input `{port}` cannot be taken: {error}")]
    Process {
        /// The port.
        port: Text,
        /// The mistake.
        error: Box<ProcessError>,
    },
    /// A stimulus that cannot be taken.
    #[error("the stimulus on the input `{port}` cannot be taken: {error}")]
    Stimulus {
        /// The port.
        port: Text,
        /// The mistake.
        error: Box<StimulusError>,
    },
    /// An instrument that cannot observe the run.
    #[error("what is observed as `{name}`: {error}")]
    Observation {
        /// The name of its rows.
        name: String,
        /// The mistake.
        error: Box<ObservationError>,
    },
    /// An instrument that gave no row after the transient.
    #[error("nothing is observed as `{name}`: no period of {} ms ends after the transient", shown(*period))]
    NothingObserved {
        /// The name of its rows.
        name: String,
        /// The time from row to row, ms.
        period: f64,
    },
    /// A recorded closure that gave another number of values than the first time.
    #[error("what is recorded as `{name}` has {given} values a step; it had {expected} in the first")]
    RecordWidth {
        /// The name.
        name: String,
        /// The number of values now.
        given: usize,
        /// The number of values in the first step.
        expected: usize,
    },
    /// Threads that the system does not give.
    #[error("{threads} threads cannot be started: {why}")]
    Threads {
        /// The number of threads asked for.
        threads: usize,
        /// The reason that the system gives.
        why: String,
    },
    /// A state left the finite numbers.
    #[error(
        "the run diverged at t = {} ms: {model} node {node}, state `{state}` became {} (it was {} the step before); \
         try a smaller dt or another scheme",
        shown(*time),
        shown(*value),
        shown(*before)
    )]
    Diverged {
        /// The time at the end of the step, ms.
        time: f64,
        /// The model, with its group in networks of several.
        model: String,
        /// The node.
        node: usize,
        /// The state.
        state: Text,
        /// The value that it became.
        value: f64,
        /// The value before.
        before: f64,
        /// The run until then.
        recorded: Box<Run>,
    },
    /// A run that a listener stopped.
    #[error("the run was stopped at t = {} ms", shown(*time))]
    Stopped {
        /// The time reached, ms.
        time: f64,
        /// The run until then.
        recorded: Box<Run>,
    },
}

brainmass_spec::debug_as_text!(RunError);
