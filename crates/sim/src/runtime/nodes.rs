//! The nodes of one group during a run.

mod past;

use crate::runtime::drive::{DriveCheckpoint, PortDrive};
use crate::runtime::error::RunError;
use crate::runtime::memory::MemoryBudget;
use crate::runtime::noise::StateNoise;
use crate::runtime::own_delay::OwnDelay;
use crate::runtime::replay::{InnerCoupling, Replay};
use crate::words::{Words, put};
use brainmass_core::any::AnyModel;
use brainmass_core::engine::{
    Columns, Coupled, Engine, FaultMask, InteractionData, Reading, StageWise, Step,
};
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::real::{Aligned, Simd};
use brainmass_core::scheme::Scheme;
use brainmass_core::shared::Shared;

/// The largest number of steps that are made between two looks at the nodes.
const BURST_STEPS: usize = 64;

/// The bytes of states after which samples are read before further ones are made, so that they are still in the first cache.
const SAMPLE_BYTES: usize = 16 << 10;

/// The largest number of samples that one call of the engine makes.
const BURST_SAMPLES: usize = 32;

/// The settings that all groups of a run share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunContext<'a> {
    /// The time step, ms.
    pub dt: f64,
    pub simd: Simd,
    /// The seed of each run of a batch, or of the run alone.
    pub seeds: &'a [u64],
    /// The scheme of the integration; `None` for that of each model.
    pub scheme: Option<Scheme>,
}

/// The state of the nodes of a group and everything around it, as structures of arrays: value `i` of column `n` is at `i*count + n`, see
/// [`Columns`].
pub(crate) struct Nodes {
    engine: Shared<dyn Engine>,
    interaction: Option<InnerCoupling>,
    /// The workspace of steps that evaluate the interaction at every stage.
    stage_wise: Option<StageWise>,
    scheme: Scheme,
    simd: Simd,
    columns: Columns,
    /// Several arrays of states: one is the present, another the one before the last call of the engine.
    states: Aligned,
    /// The index in `states` at which the present begins.
    present: usize,
    /// The index in `states` at which the states before the last call of the engine begin.
    before: usize,
    inputs: Aligned,
    coefficients: Aligned,
    drives: Vec<PortDrive>,
    /// The ports that projections feed. Their values are computed anew in every step.
    fed_ports: Vec<usize>,
    delays: Vec<OwnDelay>,
    noise: Option<StateNoise>,
    observables: Aligned,
    /// Whether `observables` are those of the present state.
    observed: bool,
    observables_before: Aligned,
    /// The observables as projections read them in the last step, where those of the present or of that step have been computed since.
    observables_sent: Aligned,
    /// Whether something reads observables that belong to the state before a step, which are computed in every step then.
    sends_before: bool,
    /// Whether an observable of the present state is read with a delay, and therefore computed after each step.
    delays_present: bool,
    /// The observables whose values at t = 0 were given with their past.
    given_at_start: Vec<usize>,
}

/// A state that left the finite numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Divergence {
    pub node: usize,
    /// The index of the state.
    pub state: usize,
    /// The value that it has now.
    pub value: f64,
    /// The value that it had before the last step.
    pub before: f64,
}

/// A copy of everything in [`Nodes`] that changes from step to step.
pub(crate) struct NodesCheckpoint {
    states: Vec<f64>,
    inputs: Vec<f64>,
    /// The past of each signal that is read with a delay.
    delays: Vec<Vec<f64>>,
    drives: Vec<DriveCheckpoint>,
    /// The observables of the state before the last step, where something reads them.
    observables_before: Vec<f64>,
}

impl NodesCheckpoint {
    /// Adds the copy to words.
    pub fn write(&self, words: &mut Vec<u64>) {
        put(words, &self.states);
        put(words, &self.inputs);
        self.delays.iter().for_each(|rows| put(words, rows));
        self.drives.iter().for_each(|drive| drive.write(words));
        put(words, &self.observables_before);
    }

    /// Reads a copy that was added to words, of the same nodes as this one; `None` where that is not what they are.
    pub fn read(&self, words: &mut Words) -> Option<Self> {
        let like =
            |words: &mut Words, own: &Vec<f64>| words.numbers().filter(|numbers| numbers.len() == own.len());
        let (states, inputs) = (like(words, &self.states)?, like(words, &self.inputs)?);
        let delays = self.delays.iter().map(|rows| like(words, rows)).collect::<Option<_>>()?;
        let drives = self.drives.iter().map(|drive| drive.read(words)).collect::<Option<_>>()?;
        let observables_before = like(words, &self.observables_before)?;
        Some(Self { states, inputs, delays, drives, observables_before })
    }

    /// The memory that it takes, bytes.
    pub fn bytes(&self) -> usize {
        let delays: usize = self.delays.iter().map(|rows| size_of_val(&rows[..])).sum();
        let drives: usize = self.drives.iter().map(DriveCheckpoint::bytes).sum();
        let observables = size_of_val(&self.observables_before[..]);
        size_of_val(&self.states[..]) + size_of_val(&self.inputs[..]) + delays + drives + observables
    }
}

impl Nodes {
    /// Creates the nodes at t = 0: those of one model, or of the runs of a batch side by side, whose models differ in nothing but numbers.
    ///
    /// `first_stream` is the random stream of the first state.
    ///
    /// # Errors
    ///
    /// A value of a model cannot be taken, an input is not finite at t = 0, or the arrays do not fit into the memory.
    pub(crate) fn new(
        models: &[&dyn AnyModel],
        drives: Vec<PortDrive>,
        context: RunContext,
        first_stream: usize,
        memory: &mut MemoryBudget,
    ) -> Result<Self, RunError> {
        models.iter().try_for_each(|model| model.population().check())?;
        let (population, engine) = (models[0].population(), models[0].shared_engine());
        let info = population.info();
        let RunContext { dt, simd, seeds, scheme } = context;
        let scheme = scheme.unwrap_or(info.scheme);
        let columns = Columns { nodes: population.nodes(), runs: models.len() };
        let n_inputs = info.inputs.len() + info.delays.len();
        // Parameters and the coefficients made of them; states now, before and of samples, with their noise; inputs; observables three times.
        let arrays =
            2 * info.parameters.len() + 6 * info.states.len() + n_inputs + 3 * info.observables.len();
        let what =
            || format!("the states, parameters and inputs of the {} nodes of {}", columns.nodes, info.name);
        memory.take(what, "use fewer nodes", &[columns.nodes, columns.runs, arrays])?;
        let parameters = columns.rows(info.parameters.len(), |parameter, node, run| {
            models[run].population().parameter_at(parameter, node)
        });
        let states = columns
            .rows(info.states.len(), |state, node, run| models[run].population().initial_at(state, node));
        let delays: Vec<OwnDelay> = (0..info.delays.len())
            .map(|delay| OwnDelay::new(delay, models, columns, dt, memory))
            .collect::<Result<_, RunError>>()?;
        let rows = |count: usize| Aligned::zeros(count * columns.count());
        let coefficients = engine.prepare(simd, scheme, dt, columns.count(), &parameters);
        let inner = models[0].shared_interaction().zip(info.internal_coupling);
        let interaction = inner.map(|(interaction, port)| InnerCoupling {
            interaction,
            data: InteractionData::new(population.interaction(), columns, parameters),
            port,
        });
        let mut nodes = Self {
            coefficients: Aligned::from(&coefficients[..]),
            stage_wise: interaction
                .as_ref()
                .and_then(|_| StageWise::new(scheme, states.len(), n_inputs * columns.count())),
            interaction,
            noise: StateNoise::new(models, columns, seeds, first_stream, dt),
            inputs: rows(n_inputs),
            observables: rows(info.observables.len()),
            observables_before: rows(info.observables.len()),
            observables_sent: rows(info.observables.len()),
            sends_before: false,
            delays_present: false,
            given_at_start: Vec::new(),
            engine,
            scheme,
            simd,
            columns,
            states: Aligned::default(),
            present: 0,
            before: 0,
            drives,
            fed_ports: Vec::new(),
            observed: false,
            delays,
        };
        nodes.fill_ports(0, 0.0, |drive, _| drive.is_constant())?;
        nodes.states = Aligned::zeros((1 + nodes.burst_samples()) * states.len());
        nodes.states[..states.len()].copy_from_slice(&states);
        nodes.begin_delays();
        Ok(nodes)
    }

    /// The description of the model.
    pub fn info(&self) -> &ModelInfo {
        self.engine.info()
    }

    /// The scheme of the integration.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The layout of nodes and runs in the arrays.
    pub fn columns(&self) -> Columns {
        self.columns
    }

    /// Reports an input that ends before so many steps are made.
    pub fn check_coverage(&self, steps: usize) -> Result<(), RunError> {
        self.drives.iter().try_for_each(|drive| drive.check_coverage(steps))
    }

    /// Marks a port as one that a projection feeds.
    pub fn mark_fed(&mut self, port: usize) {
        if !self.fed_ports.contains(&port) {
            self.fed_ports.push(port);
        }
    }

    /// The number of steps that can be made at once: more than one where nothing from outside changes between them, and where no bounds can
    /// hide that a state left the finite numbers.
    pub fn burst_steps(&self) -> usize {
        let is_alone = self.fed_ports.is_empty()
            && self.drives.iter().all(PortDrive::is_constant)
            && self.interaction.is_none()
            && self.delays.is_empty()
            && !self.sends_before
            && self.noise.is_none()
            && self.info().states.iter().all(|state| state.bounds.is_none());
        if is_alone { BURST_STEPS } else { 1 }
    }

    /// The number of samples that may be taken from one call of the engine.
    pub fn burst_samples(&self) -> usize {
        let bytes = (self.info().states.len() * self.columns.count() * size_of::<f64>()).max(1);
        (SAMPLE_BYTES / bytes).clamp(1, BURST_SAMPLES)
    }

    /// Sets the inputs of the step after `step` steps, without what projections add.
    ///
    /// # Errors
    ///
    /// An input is not finite.
    pub fn set_inputs(&mut self, step: usize, dt: f64) -> Result<(), RunError> {
        let (count, width) = (self.columns.count(), self.width());
        let range = |port: usize| port * count..(port + 1) * count;
        for port in &self.fed_ports {
            self.inputs[range(*port)].fill(0.0);
        }
        self.fill_ports(step, step as f64 * dt, |drive, fed_ports| {
            !drive.is_constant() || fed_ports.contains(&drive.port())
        })?;
        if let Some(InnerCoupling { interaction, data, port }) = &self.interaction {
            interaction.coupling_inputs(
                self.simd,
                data,
                array_at(&self.states, self.present, width),
                &mut self.inputs[range(*port)],
            );
        }
        let ports = self.info().inputs.len();
        for (index, delay) in self.delays.iter().enumerate() {
            delay.read(step, &mut self.inputs[range(ports + index)]);
        }
        Ok(())
    }

    /// Fills the ports of the drives that `is_due` chooses, which also sees the ports that projections feed.
    fn fill_ports(
        &mut self,
        step: usize,
        time: f64,
        is_due: impl Fn(&PortDrive, &[usize]) -> bool,
    ) -> Result<(), RunError> {
        let count = self.columns.count();
        for drive in self.drives.iter_mut().filter(|drive| is_due(drive, &self.fed_ports)) {
            let start = drive.port() * count;
            drive.fill(step, time, self.columns, &mut self.inputs[start..start + count])?;
        }
        Ok(())
    }

    /// An input port of all columns, to be added to.
    pub fn port_mut(&mut self, port: usize) -> &mut [f64] {
        let count = self.columns.count();
        &mut self.inputs[port * count..(port + 1) * count]
    }

    /// A state of all columns, or an observable as of the last [`Nodes::observe`]; one that belongs to the state before a step as of the last step.
    pub fn signal(&self, signal: Signal) -> &[f64] {
        match signal {
            Signal::State(index) => self.row(self.states(), index),
            Signal::Observable(index) if self.is_before(signal) => self.row(&self.observables_before, index),
            Signal::Observable(index) => self.row(&self.observables, index),
        }
    }

    /// Makes `samples` times `steps` steps with the inputs as they are, and keeps the states after each `steps` of them. The first of these
    /// samples becomes the present. `step` steps have been made before.
    pub fn advance(&mut self, step: usize, samples: usize, steps: usize, dt: f64) -> FaultMask {
        self.observed = false;
        let width = self.width();
        if samples > 1 && self.present > 0 {
            self.states.copy_within(self.present..self.present + width, 0);
            self.present = 0;
        }
        let noise = self.noise.as_mut().map(|noise| noise.draw(step));
        // Samples follow the present, which is the first array then. Otherwise the first and the second array take turns.
        let (first, rest) = self.states.split_at_mut(self.present.max(width));
        let (states, next) = match self.present {
            0 => (&*first, &mut rest[..samples * width]),
            _ => (&rest[..width], &mut first[..width]),
        };
        let mut arguments = Step {
            dt,
            nodes: self.columns.count(),
            steps,
            states,
            next,
            coefficients: &self.coefficients,
            inputs: &self.inputs,
            noise,
        };
        let faults = match (&mut self.stage_wise, &self.interaction) {
            (Some(stage_wise), Some(inner)) => {
                stage_wise.advance(&inner.coupled(&*self.engine, self.simd), &mut arguments)
            }
            _ => self.engine.advance(self.simd, self.scheme, &mut arguments),
        };
        self.before = self.present;
        self.present = if self.present == 0 { width } else { 0 };
        if self.sends_before {
            std::mem::swap(&mut self.observables_sent, &mut self.observables_before);
            self.observe_before();
        }
        self.write_delays(step + 1);
        faults
    }

    /// Goes on to the next sample of the last [`Nodes::advance`].
    pub fn next_sample(&mut self) {
        self.present += self.width();
        self.observed = false;
    }

    /// Goes back to the states before the last [`Nodes::advance`], which made more than one step.
    pub fn rewind(&mut self) {
        self.present = self.before;
        self.observed = false;
    }

    /// Finds the first state that left the finite numbers in the last step.
    pub fn find_divergence(&self) -> Option<Divergence> {
        let at = self.states().iter().position(|value| !value.is_finite())?;
        let count = self.columns.count();
        let (node, _) = self.columns.node_and_run(at % count);
        Some(Divergence { node, state: at / count, value: self.states()[at], before: self.before()[at] })
    }

    /// Computes the observables of the state before the last step, with the inputs that the step used.
    pub fn observe_before(&mut self) {
        let states = array_at(&self.states, self.before, self.width());
        let reading = reading(self.columns, states, &self.coefficients, &self.inputs);
        self.engine.observe(self.simd, &reading, &mut self.observables_before);
    }

    /// Computes the observables of the present state, with the inputs of the last step, unless that has been done.
    pub fn observe(&mut self) {
        if !self.observed {
            let states = array_at(&self.states, self.present, self.width());
            let reading = reading(self.columns, states, &self.coefficients, &self.inputs);
            self.engine.observe(self.simd, &reading, &mut self.observables);
            self.observed = true;
        }
    }

    /// An observable of the state before the last step, as of the last [`Nodes::observe_before`].
    pub fn observable_before(&self, index: usize) -> &[f64] {
        self.row(&self.observables_before, index)
    }

    /// An input port of all columns, as the last step used it.
    pub fn port(&self, index: usize) -> &[f64] {
        self.row(&self.inputs, index)
    }

    /// The number of values of one array of states.
    fn width(&self) -> usize {
        self.info().states.len() * self.columns.count()
    }

    fn row<'a>(&self, rows: &'a [f64], index: usize) -> &'a [f64] {
        let count = self.columns.count();
        &rows[index * count..(index + 1) * count]
    }
}

/// The parts that derivatives of a run read: states, inputs and steps that can be made again.
impl Nodes {
    /// The engine of the model.
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// The number of nodes of one run.
    pub fn node_count(&self) -> usize {
        self.columns.nodes
    }

    /// The instruction set.
    pub fn simd(&self) -> Simd {
        self.simd
    }

    /// The coefficients of the engine.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The interaction inside the model, where it has one.
    pub fn inner_coupling(&self) -> Option<Coupled<'_>> {
        self.interaction.as_ref().map(|inner| inner.coupled(&*self.engine, self.simd))
    }

    /// The signals that are read with a delay.
    pub fn delays(&self) -> &[OwnDelay] {
        &self.delays
    }

    /// All states at the time reached.
    pub fn states(&self) -> &[f64] {
        array_at(&self.states, self.present, self.width())
    }

    /// All states before the last step.
    pub fn before(&self) -> &[f64] {
        array_at(&self.states, self.before, self.width())
    }

    /// All inputs of the last step.
    pub fn inputs(&self) -> &[f64] {
        &self.inputs
    }

    /// A state before the last step, or an observable as projections read it then.
    pub fn signal_before(&self, signal: Signal) -> &[f64] {
        match signal {
            Signal::State(index) => self.row(self.before(), index),
            Signal::Observable(index) if self.is_before(signal) || self.delays_present => {
                self.row(&self.observables_sent, index)
            }
            Signal::Observable(index) => self.row(&self.observables, index),
        }
    }

    /// Prepares the step after `step` steps to be differentiated.
    pub fn replay(&mut self, step: usize) -> Replay<'_> {
        let needs_noise = self.scheme.noise_rule().is_seen_within_step()
            || self.info().states.iter().any(|state| state.bounds.is_some());
        let inner = self.interaction.as_ref();
        Replay {
            coefficients: &self.coefficients,
            noise: self.noise.as_mut().filter(|_| needs_noise).map(|noise| noise.draw(step)),
            engine: &*self.engine,
            scheme: self.scheme,
            stage_wise: self
                .stage_wise
                .as_mut()
                .zip(inner.map(|inner| inner.coupled(&*self.engine, self.simd))),
        }
    }

    /// Writes the normal deviates behind the noise on a state in the step after `step` steps; zeros for a state without noise.
    pub fn deviates(&self, step: usize, state: usize, out: &mut [f64]) {
        out.fill(0.0);
        if let Some(noise) = &self.noise {
            noise.deviates(step, state, out);
        }
    }

    /// Takes over the present states and the last inputs of other nodes of the same model.
    pub fn take_over(&mut self, other: &Self) {
        let (start, width) = (self.present, self.width());
        self.states[start..start + width].copy_from_slice(other.states());
        self.inputs.copy_from_slice(&other.inputs);
    }

    /// Copies everything that changes from step to step.
    pub fn save(&self) -> NodesCheckpoint {
        NodesCheckpoint {
            states: self.states().to_vec(),
            inputs: self.inputs.to_vec(),
            delays: self.delays.iter().map(|delay| delay.rows().to_vec()).collect(),
            drives: self.drives.iter().map(PortDrive::save).collect(),
            observables_before: if self.sends_before { self.observables_before.to_vec() } else { Vec::new() },
        }
    }

    /// Goes back to where a checkpoint was made.
    pub fn restore(&mut self, checkpoint: &NodesCheckpoint) {
        let (start, width) = (self.present, self.width());
        self.states[start..start + width].copy_from_slice(&checkpoint.states);
        self.inputs.copy_from_slice(&checkpoint.inputs);
        for (delay, rows) in self.delays.iter_mut().zip(&checkpoint.delays) {
            delay.restore(rows);
        }
        for (drive, saved) in self.drives.iter_mut().zip(&checkpoint.drives) {
            drive.restore(saved);
        }
        if self.sends_before {
            self.observables_before.copy_from_slice(&checkpoint.observables_before);
        }
        self.observed = false;
    }
}

/// One of several arrays of `width` values that lie behind each other.
fn array_at(arrays: &[f64], start: usize, width: usize) -> &[f64] {
    &arrays[start..start + width]
}

fn reading<'a>(
    columns: Columns,
    states: &'a [f64],
    coefficients: &'a [f64],
    inputs: &'a [f64],
) -> Reading<'a> {
    Reading { nodes: columns.count(), states, coefficients, inputs }
}
