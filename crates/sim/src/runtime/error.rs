//! What can go wrong with a run.

use thiserror::Error;

use crate::network::{NetworkError, SettingError};
use crate::noise::ProcessError;
use crate::observation::ObservationError;
use crate::run::{Run, SaveError};
use crate::stimulus::StimulusError;
use brainmass_core::population::PopulationError;
use brainmass_core::real::SimdError;

/// Why a run cannot start, or did not end.
#[derive(Debug, Error)]
pub enum RunError {
    /// A value given to the model's builder.
    #[error(transparent)]
    Population(#[from] PopulationError),
    /// A mistake in the network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The environment asks for an instruction set that is not there.
    #[error(transparent)]
    Simd(#[from] SimdError),
    /// A number of a batch that cannot be set.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// Records that go to disk while the run goes on cannot be written.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// A run of a batch that was stopped before its turn.
    #[error("the run was not begun, because the batch was stopped")]
    NotBegun,
    /// No run of a batch recorded what is asked for.
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
        /// `dt`, `duration`, `transient`, ...
        what: &'static str,
        /// The value given.
        given: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A time that is not a whole number of steps.
    #[error(
        "{what} is {given} ms, which is not a multiple of {step} = {size} ms; the nearest are {below} ms and {above} ms"
    )]
    NotMultiple {
        /// Which time.
        what: &'static str,
        /// Its value in ms.
        given: f64,
        /// What it is counted in.
        step: &'static str,
        /// The size of that in ms.
        size: f64,
        /// The nearest multiple below.
        below: f64,
        /// The nearest multiple above.
        above: f64,
    },
    /// Nothing would be left to record.
    #[error(
        "the transient of {transient} ms leaves nothing of a run of {duration} ms; make it shorter than the run"
    )]
    NothingLeft {
        /// Time left out, ms.
        transient: f64,
        /// Time run, ms.
        duration: f64,
    },
    /// A name to record or to drive that the model does not have.
    #[error("there is no {what} `{given}` in {model}: {hint}")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// The name given.
        given: String,
        /// The model.
        model: &'static str,
        /// What there is.
        hint: String,
    },
    /// The same name twice.
    #[error("`{name}` is recorded twice; give one of them another name with `record_as`")]
    Twice {
        /// The name.
        name: String,
    },
    /// A name that a record cannot have in files.
    #[error("a run {0}; give the record another name with `record_as`")]
    RecordName(brainmass_data::io::Problem),
    /// A port that has a source already.
    #[error("the input `{port}` is given twice; add the two, as in `input(port, one + other)`")]
    InputTwice {
        /// The port.
        port: String,
    },
    /// An input of another shape.
    #[error("the input `{port}` has shape {given}; {expected}")]
    InputShape {
        /// The port.
        port: &'static str,
        /// The shape given.
        given: String,
        /// What is allowed.
        expected: String,
    },
    /// An input that is not a finite number.
    #[error("the input `{port}` is {given} at step {step}, node {node}")]
    InputNotFinite {
        /// The port.
        port: &'static str,
        /// The value.
        given: f64,
        /// Steps done before.
        step: usize,
        /// The node.
        node: usize,
    },
    /// An input in a unit of another kind.
    #[error("the input `{port}` is in {expected}, and {given} cannot be converted to that{}", given.advice(expected))]
    InputUnit {
        /// The port.
        port: &'static str,
        /// The port's unit.
        expected: &'static str,
        /// The value given.
        given: brainmass_core::quantity::Quantity,
    },
    /// Noise that cannot be.
    #[error("the noise on the input `{port}` cannot be taken: {error}")]
    Process {
        /// The port.
        port: &'static str,
        /// What is wrong with it.
        error: Box<ProcessError>,
    },
    /// A stimulus that cannot be.
    #[error("the stimulus on the input `{port}` cannot be taken: {error}")]
    Stimulus {
        /// The port.
        port: &'static str,
        /// What is wrong with it.
        error: Box<StimulusError>,
    },
    /// A monitor cannot watch the run.
    #[error("what is observed as `{name}`: {error}")]
    Observation {
        /// What its rows are called.
        name: String,
        /// What is wrong.
        error: Box<ObservationError>,
    },
    /// A monitor gave no row after the transient.
    #[error("nothing is observed as `{name}`: no period of {period} ms ends after the transient")]
    NothingObserved {
        /// What its rows are called.
        name: String,
        /// The time from row to row, ms.
        period: f64,
    },
    /// A closure to record gave another number of values than the first time.
    #[error("what is recorded as `{name}` has {given} values a step; it had {expected} in the first")]
    RecordWidth {
        /// The name.
        name: String,
        /// Values now.
        given: usize,
        /// Values in the first step.
        expected: usize,
    },
    /// The system gives no threads.
    #[error("{threads} threads cannot be started: {why}")]
    Threads {
        /// Threads asked for.
        threads: usize,
        /// What the system says.
        why: String,
    },
    /// A state left the finite numbers.
    #[error(
        "the run diverged at t = {time} ms: {model} node {node}, state `{state}` became {value} (it was {before} the step before); \
         try a smaller dt or another scheme"
    )]
    Diverged {
        /// Time at the end of the step, ms.
        time: f64,
        /// The model, with its group in networks of several.
        model: String,
        /// The node.
        node: usize,
        /// The state.
        state: &'static str,
        /// What it became.
        value: f64,
        /// What it was.
        before: f64,
        /// What was recorded until then.
        recorded: Box<Run>,
    },
    /// A run asked to stop from outside.
    #[error("the run was stopped at t = {time} ms")]
    Stopped {
        /// Time reached, ms.
        time: f64,
        /// What was recorded until then.
        recorded: Box<Run>,
    },
}
