//! Simulations: what is run, what drives it, what is kept.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use brainmass::network::History;
use brainmass::real::Simd;
use brainmass::simulator::{Session as Started, Simulator as Simulation};
use brainmass::{Input, Network as Coupled, Run, RunError, Scheme};
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{Matrix, Vector, matrix, values};
use crate::errors;
use crate::instruments::Instrument;
use crate::networks::Network;
use crate::noises::{Process, Stimulus};
use crate::records::recorded;
use crate::supervision::{Control, Supervised, supervised};

/// A simulation to be run.
#[pyclass(module = "brainmass_rs._core")]
pub struct Simulator {
    simulation: Simulation,
    /// The inputs that drive each port, which are given to the simulation before a run: terms of one port add up.
    inputs: Vec<(String, Input)>,
}

impl Simulator {
    fn change(&mut self, change: impl FnOnce(Simulation) -> Simulation) {
        // Not a copy: a network may hold many edges.
        self.simulation = change(mem::replace(&mut self.simulation, Simulation::new(Coupled::groups())));
    }

    fn drive(&mut self, port: &str, input: Input) {
        let position = self.inputs.iter().position(|(known, _)| known == port);
        match position.map(|position| self.inputs.remove(position)) {
            Some((port, before)) => self.inputs.push((port, before + input)),
            None => self.inputs.push((port.to_owned(), input)),
        }
    }

    /// Returns the simulation with all that drives it.
    pub fn whole(&self) -> Simulation {
        let inputs = self.inputs.iter();
        inputs
            .fold(self.simulation.clone(), |simulation, (port, input)| simulation.input(port, input.clone()))
    }

    /// Returns the simulation with all that drives it, which stops when it is told to.
    pub fn controlled(&self, control: &Control) -> Simulation {
        let control = control.clone();
        self.whole().progress(move |done, total| control.tell(done, total))
    }
}

/// Gives a run to Python, or the exception that it ended with: that of a signal or a listener stands before that of the run, and holds what was
/// recorded.
pub fn finished<'py>(
    py: Python<'py>,
    supervised: Supervised<Result<Run, RunError>>,
) -> PyResult<Bound<'py, PyDict>> {
    let Supervised { outcome, interruption, elapsed } = supervised;
    let run = match (outcome, interruption) {
        (Ok(run), None) => {
            let told = recorded(py, run)?;
            told.set_item("elapsed", elapsed.as_secs_f64())?;
            return Ok(told);
        }
        (Err(error), None) => return Err(errors::run(py, error)),
        // It ended before it could be stopped.
        (Ok(run), Some(interruption)) => (recorded(py, run)?, interruption),
        (Err(RunError::Stopped { recorded: run, .. }), Some(interruption)) => {
            (recorded(py, *run)?, interruption)
        }
        (Err(_), Some(interruption)) => return Err(interruption),
    };
    let (run, interruption) = run;
    Err(errors::Ended::new_err(("interrupted", interruption.value(py).clone().unbind(), run.unbind())))
}

#[pymethods]
impl Simulator {
    /// Creates a simulation of a network with steps of `dt` ms, or of the models' own.
    #[new]
    fn new(network: &Network, dt: Option<f64>) -> Self {
        let simulation = Simulation::new(network.copied());
        let simulation = match dt {
            Some(dt) => simulation.dt(dt),
            None => simulation,
        };
        Self { simulation, inputs: Vec::new() }
    }

    /// Sets the scheme, by its name.
    fn scheme(&mut self, name: &str) -> PyResult<()> {
        let scheme: Scheme =
            name.parse().map_err(|error: <Scheme as std::str::FromStr>::Err| errors::value(error))?;
        self.change(|simulation| simulation.scheme(scheme));
        Ok(())
    }

    /// Sets the steps at the start that are not recorded, the number of steps from row to row, and whether a row is the mean over these.
    fn window(&mut self, transient: usize, every: usize, average: bool) {
        self.change(|simulation| {
            let simulation = simulation.transient_steps(transient).every(every);
            if average { simulation.average() } else { simulation }
        });
    }

    /// Sets the seed of the noise and the number of threads.
    fn seed(&mut self, seed: u64, threads: usize) {
        self.change(|simulation| simulation.seed(seed).threads(threads));
    }

    /// Sets the memory that a run may take, bytes, the largest number of its steps, and the instruction set, each if it is given.
    fn limits(&mut self, memory: Option<u64>, most_steps: Option<u64>, simd: Option<&str>) -> PyResult<()> {
        if let Some(bytes) = memory {
            self.change(|simulation| simulation.memory(bytes).gradient_memory(bytes as usize));
        }
        if let Some(steps) = most_steps {
            self.change(|simulation| simulation.most_steps(steps));
        }
        if let Some(name) = simd {
            // The message is about the variable of the environment, which is not set here.
            let wrong = |error: brainmass::real::SimdError| {
                errors::value(error.to_string().trim_start_matches("BRAINMASS_SIMD: "))
            };
            let simd = Simd::named(name).map_err(wrong)?;
            self.change(|simulation| simulation.simd(simd));
        }
        Ok(())
    }

    /// Records a state, observable, input or current under a name.
    fn record(&mut self, name: &str, signal: &str) {
        self.change(|simulation| simulation.record_as(name, signal));
    }

    /// Lets an instrument watch a signal, in steps of `dt` ms.
    fn observe(&mut self, name: &str, signal: &str, instrument: &Instrument, dt: f64) -> PyResult<()> {
        self.simulation =
            instrument.attach(self.simulation.clone(), name, signal, dt).map_err(errors::value)?;
        Ok(())
    }

    /// Drives a port with a constant, or one a node.
    fn input_constant(&mut self, port: &str, array: Vector) {
        self.drive(port, Input::Constant(values(&array)));
    }

    /// Drives a port with a row a step, shape (step, 1) or (step, node).
    fn input_series(&mut self, port: &str, rows: Matrix) {
        self.drive(port, Input::Series { rows: matrix(&rows), hold: 1 });
    }

    /// Drives a port with noise.
    fn input_noise(&mut self, port: &str, process: &Process) {
        self.drive(port, Input::Process(process.0.clone()));
    }

    /// Drives a port with a stimulus.
    fn input_stimulus(&mut self, port: &str, stimulus: &Stimulus) {
        self.drive(port, Input::Stimulus(stimulus.0.clone()));
    }

    /// Says what a signal that is read with a delay was before the run: a constant, or one a node.
    fn past_constant(&mut self, signal: &str, array: Vector) {
        self.change(|simulation| simulation.past(signal, History::Constant(values(&array))));
    }

    /// Says what a signal that is read with a delay was before the run: a row a step, the last one a step before the run, shape (step, node).
    fn past_rows(&mut self, signal: &str, rows: Matrix) {
        self.change(|simulation| simulation.past(signal, matrix(&rows)));
    }

    /// Returns the names of all numbers that can be set.
    fn setting_names(&self) -> Vec<String> {
        self.simulation.setting_names()
    }

    /// Sets a number by its name: of the network, or a constant input.
    fn set(&mut self, name: &str, array: Vector) -> PyResult<()> {
        let mut changed = self.whole();
        changed.set(name, values(&array)).map_err(errors::value)?;
        (self.simulation, self.inputs) = (changed, Vec::new());
        Ok(())
    }

    /// Runs for `duration` ms. `listener` is called with the steps done and the steps in all some times a second.
    fn run<'py>(
        &self,
        py: Python<'py>,
        duration: f64,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        finished(py, supervised(py, listener.as_ref(), |control| self.controlled(control).run(duration))?)
    }

    /// Starts a session, which can be run piece by piece.
    fn start(&self) -> PyResult<Session> {
        let session = self.whole().start().map_err(|error| errors::value(error.to_string()))?;
        Ok(Session { session: Mutex::new(Some(session)) })
    }
}

/// A started simulation, whose runs follow on one another.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct Session {
    /// The session; it is away while a run of it goes on.
    session: Mutex<Option<Started>>,
}

impl Session {
    fn held(&self) -> MutexGuard<'_, Option<Started>> {
        // Nothing that holds the lock can panic, so that a poisoned one is as good.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the exception of a session that is away.
fn busy() -> PyErr {
    errors::value("this session is running in another thread")
}

#[pymethods]
impl Session {
    /// Runs on for `duration` ms, recording.
    fn run<'py>(
        &self,
        py: Python<'py>,
        duration: f64,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let mut session = self.held().take().ok_or_else(busy)?;
        let supervised = supervised(py, listener.as_ref(), |control| {
            let listening = control.clone();
            session.listen(move |done, total| listening.tell(done, total));
            session.run(duration)
        });
        *self.held() = Some(session);
        finished(py, supervised?)
    }

    /// Returns the time reached, ms.
    fn time(&self) -> PyResult<f64> {
        self.held().as_ref().map(Started::time).ok_or_else(busy)
    }

    /// Returns a state of all nodes at the time reached.
    fn state<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let state = self.held().as_ref().ok_or_else(busy)?.state(name);
        Ok(state.ok_or_else(|| errors::key(format!("there is no state `{name}`")))?.into_pyarray(py))
    }
}
