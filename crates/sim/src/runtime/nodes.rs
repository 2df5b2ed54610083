//! The nodes of one model during a run.

use crate::runtime::delay_line::DelayLine;
use crate::runtime::drive::Source;
use crate::runtime::error::RunError;
use crate::runtime::noise::Noise;
use brainmass_core::any::AnyModel;
use brainmass_core::engine::{
    Columns, Coupled, Engine, FaultMask, Interaction, InteractionData, Reading, StageWise, Step, StepJvp,
    StepVjp,
};
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::real::{Aligned, Simd};
use brainmass_core::scheme::Scheme;

/// Most steps that are made between two records without a look at them.
const BURST: usize = 64;

/// Bytes of states that records are taken from at once: they stay in the first cache.
const AT_ONCE: usize = 16 << 10;

/// Most records that are taken from one call of the engine.
const MOST_AT_ONCE: usize = 32;

/// What the groups of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub dt: f64,
    pub simd: Simd,
    /// The seed of each member.
    pub seeds: &'a [u64],
}

/// State and everything around it, as structures of arrays: value `i` of column `n` is at `i*count + n`, see [`Columns`].
pub(crate) struct Nodes {
    engine: &'static dyn Engine,
    interaction: Option<InnerCoupling>,
    /// The room for steps that evaluate the interaction at every stage.
    stage_wise: Option<StageWise>,
    scheme: Scheme,
    simd: Simd,
    columns: Columns,
    /// Arrays of states: one is the present, another that before the last call of the engine.
    states: Aligned,
    /// Where the present begins.
    present: usize,
    /// Where the states before the last call of the engine begin.
    before: usize,
    inputs: Aligned,
    coefficients: Aligned,
    sources: Vec<Source>,
    /// Ports that projections feed: what drives them is set anew in every step.
    coupled: Vec<usize>,
    delays: Vec<DelayLine>,
    noise: Option<Noise>,
    observables: Aligned,
    /// Whether `observables` are those of the present state.
    observed: bool,
    observables_before: Aligned,
}

impl Nodes {
    /// The nodes at t = 0: those of one model, or of the members of a batch side by side. `first_stream` is the random stream of the
    /// first state.
    pub(crate) fn new(
        models: &[&dyn AnyModel],
        sources: Vec<Source>,
        scheme: Option<Scheme>,
        setting: Setting,
        first_stream: usize,
    ) -> Result<Self, RunError> {
        models.iter().try_for_each(|model| model.population().check())?;
        let (population, engine) = (models[0].population(), models[0].engine());
        let info = engine.info();
        let Setting { dt, simd, seeds } = setting;
        let scheme = scheme.unwrap_or(info.scheme);
        let columns = Columns { nodes: population.nodes(), runs: models.len() };
        let parameters = columns.rows(info.parameters.len(), |parameter, node, member| {
            models[member].population().parameter_at(parameter, node)
        });
        let states = columns.rows(info.states.len(), |state, node, member| {
            models[member].population().initial_at(state, node)
        });
        let delays = info
            .delays
            .iter()
            .map(|delay| DelayLine::new(delay, models, columns, &states, dt))
            .collect::<Result<_, RunError>>()?;
        let rows = |count: usize| Aligned::zeros(count * columns.count());
        let n_inputs = info.inputs.len() + info.delays.len();
        let coefficients = engine.prepare(simd, scheme, dt, columns.count(), &parameters);
        let inner = models[0].interaction().zip(info.internal_coupling);
        let interaction = inner.map(|(interaction, port)| InnerCoupling {
            interaction,
            data: InteractionData::new(population.interaction(), columns, parameters),
            port,
        });
        let mut group = Self {
            coefficients: Aligned::from(&coefficients[..]),
            stage_wise: interaction
                .as_ref()
                .and_then(|_| StageWise::new(scheme, states.len(), n_inputs * columns.count())),
            interaction,
            noise: Noise::new(models, columns, seeds, first_stream, dt),
            inputs: rows(n_inputs),
            observables: rows(info.observables.len()),
            observables_before: rows(info.observables.len()),
            engine,
            scheme,
            simd,
            columns,
            states: Aligned::default(),
            present: 0,
            before: 0,
            sources,
            coupled: Vec::new(),
            observed: false,
            delays,
        };
        group.fill(0, 0.0, |source, _| source.is_constant())?;
        group.states = Aligned::zeros((1 + group.samples()) * states.len());
        group.states[..states.len()].copy_from_slice(&states);
        Ok(group)
    }

    pub fn info(&self) -> &'static ModelInfo {
        self.engine.info()
    }

    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// How nodes and members stand in the arrays.
    pub fn columns(&self) -> Columns {
        self.columns
    }

    /// Reports an input that ends before the run does.
    pub fn covers(&self, steps: usize) -> Result<(), RunError> {
        self.sources.iter().try_for_each(|source| source.covers(steps))
    }

    /// Says that a projection feeds a port.
    pub fn couple(&mut self, port: usize) {
        if !self.coupled.contains(&port) {
            self.coupled.push(port);
        }
    }

    /// How many steps can be made at once: more than one where nothing from outside changes between them, and no bounds can hide that a
    /// state left the finite numbers.
    pub fn burst(&self) -> usize {
        let alone = self.coupled.is_empty()
            && self.sources.iter().all(Source::is_constant)
            && self.interaction.is_none()
            && self.delays.is_empty()
            && self.noise.is_none()
            && self.info().states.iter().all(|state| state.bounds.is_none());
        if alone { BURST } else { 1 }
    }

    /// How many records may be taken from one call of the engine.
    pub fn samples(&self) -> usize {
        let bytes = (self.info().states.len() * self.columns.count() * size_of::<f64>()).max(1);
        (AT_ONCE / bytes).clamp(1, MOST_AT_ONCE)
    }

    /// Sets the inputs of the step after `step` steps, but for what projections add.
    pub fn drive(&mut self, step: usize, dt: f64) -> Result<(), RunError> {
        let (count, width) = (self.columns.count(), self.width());
        let range = |port: usize| port * count..(port + 1) * count;
        for port in &self.coupled {
            self.inputs[range(*port)].fill(0.0);
        }
        self.fill(step, step as f64 * dt, |source, coupled| {
            !source.is_constant() || coupled.contains(&source.port())
        })?;
        if let Some(InnerCoupling { interaction, data, port }) = &self.interaction {
            interaction.coupling_inputs(
                self.simd,
                data,
                of(&self.states, self.present, width),
                &mut self.inputs[range(*port)],
            );
        }
        let ports = self.info().inputs.len();
        for (index, line) in self.delays.iter().enumerate() {
            line.read(step, &mut self.inputs[range(ports + index)]);
        }
        Ok(())
    }

    /// Fills the ports of some sources, chosen by what they are and the ports that projections feed.
    fn fill(
        &mut self,
        step: usize,
        time: f64,
        which: impl Fn(&Source, &[usize]) -> bool,
    ) -> Result<(), RunError> {
        let count = self.columns.count();
        for source in self.sources.iter_mut().filter(|source| which(source, &self.coupled)) {
            let start = source.port() * count;
            source.fill(step, time, self.columns, &mut self.inputs[start..start + count])?;
        }
        Ok(())
    }

    /// An input port of all nodes.
    pub fn port_mut(&mut self, port: usize) -> &mut [f64] {
        let count = self.columns.count();
        &mut self.inputs[port * count..(port + 1) * count]
    }

    /// A state, or an observable as of the last [`Nodes::observe`].
    pub fn signal(&self, signal: Signal) -> &[f64] {
        match signal {
            Signal::State(index) => self.row(self.states(), index),
            Signal::Observable(index) => self.row(&self.observables, index),
        }
    }

    /// Makes `steps` steps, and as many again for each further sample, with the inputs as they are; `step` have been made before. The first
    /// sample becomes the present.
    pub fn advance(&mut self, step: usize, samples: usize, steps: usize, dt: f64) -> FaultMask {
        self.observed = false;
        let width = self.width();
        if samples > 1 && self.present > 0 {
            self.states.copy_within(self.present..self.present + width, 0);
            self.present = 0;
        }
        let noise = self.noise.as_mut().map(|noise| noise.draw(step));
        // The present is followed by the samples, or by turns the second array and the first.
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
                stage_wise.advance(&inner.coupled(self.engine, self.simd), &mut arguments)
            }
            _ => self.engine.advance(self.simd, self.scheme, &mut arguments),
        };
        self.before = self.present;
        self.present = if self.present == 0 { width } else { 0 };
        for line in &mut self.delays {
            line.write(step + 1, of(&self.states, self.present, width));
        }
        faults
    }

    /// Goes on to the next sample of the last [`Nodes::advance`].
    pub fn next_sample(&mut self) {
        self.present += self.width();
        self.observed = false;
    }

    /// Takes the last [`Nodes::advance`] of more than one step back.
    pub fn rewind(&mut self) {
        self.present = self.before;
        self.observed = false;
    }

    /// The node and state that left the finite numbers in the last step, with the value and the one before.
    pub fn divergence(&self) -> Option<(usize, usize, f64, f64)> {
        let at = self.states().iter().position(|value| !value.is_finite())?;
        let count = self.columns.count();
        let (node, _) = self.columns.node_and_run(at % count);
        Some((node, at / count, self.states()[at], self.before()[at]))
    }

    /// Computes the observables of the state before the last step, with the inputs that the step used.
    pub fn observe_before(&mut self) {
        let reading = reading(
            self.columns,
            of(&self.states, self.before, self.width()),
            &self.coefficients,
            &self.inputs,
        );
        self.engine.observe(self.simd, &reading, &mut self.observables_before);
    }

    /// Computes the observables of the present state, with the inputs of the last step, unless that has been done.
    pub fn observe(&mut self) {
        if !self.observed {
            let states = of(&self.states, self.present, self.width());
            let reading = reading(self.columns, states, &self.coefficients, &self.inputs);
            self.engine.observe(self.simd, &reading, &mut self.observables);
            self.observed = true;
        }
    }

    /// An observable of the state before the last step, as of the last [`Nodes::observe_before`].
    pub fn observable_before(&self, index: usize) -> &[f64] {
        self.row(&self.observables_before, index)
    }

    /// An input port of all nodes, as the last step used it.
    pub fn port(&self, index: usize) -> &[f64] {
        self.row(&self.inputs, index)
    }

    /// Numbers of an array of states.
    fn width(&self) -> usize {
        self.info().states.len() * self.columns.count()
    }

    fn row<'a>(&self, rows: &'a [f64], index: usize) -> &'a [f64] {
        let count = self.columns.count();
        &rows[index * count..(index + 1) * count]
    }
}

/// What going through a run again, back or beside, needs to know.
impl Nodes {
    pub fn engine(&self) -> &'static dyn Engine {
        self.engine
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.columns.nodes
    }

    pub fn simd(&self) -> Simd {
        self.simd
    }

    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The interaction inside the model.
    pub fn coupled(&self) -> Option<Coupled<'_>> {
        self.interaction.as_ref().map(|inner| inner.coupled(self.engine, self.simd))
    }

    /// The states that are read with a delay, with the delay of each node in steps.
    pub fn delays(&self) -> impl Iterator<Item = (usize, &[usize])> {
        self.delays.iter().map(DelayLine::reads)
    }

    /// All states.
    pub fn states(&self) -> &[f64] {
        of(&self.states, self.present, self.width())
    }

    /// All states before the last step.
    pub fn before(&self) -> &[f64] {
        of(&self.states, self.before, self.width())
    }

    /// All inputs of the last step.
    pub fn inputs(&self) -> &[f64] {
        &self.inputs
    }

    /// A state before the last step, or an observable as projections read it then.
    pub fn signal_before(&self, signal: Signal) -> &[f64] {
        match signal {
            Signal::State(index) => self.row(self.before(), index),
            Signal::Observable(index) => self.row(&self.observables, index),
        }
    }

    /// The step after `step` steps, to be differentiated.
    pub fn replay(&mut self, step: usize) -> Replay<'_> {
        let matters = self.scheme.noise_rule().is_seen_within_step()
            || self.info().states.iter().any(|state| state.bounds.is_some());
        let inner = self.interaction.as_ref();
        Replay {
            coefficients: &self.coefficients,
            noise: self.noise.as_mut().filter(|_| matters).map(|noise| noise.draw(step)),
            engine: self.engine,
            scheme: self.scheme,
            stage_wise: self
                .stage_wise
                .as_mut()
                .zip(inner.map(|inner| inner.coupled(self.engine, self.simd))),
        }
    }

    /// The normal deviates behind the noise on a state in the step after `step` steps; zeros for a state without noise.
    pub fn deviates(&self, step: usize, state: usize, out: &mut [f64]) {
        out.fill(0.0);
        if let Some(noise) = &self.noise {
            noise.deviates(step, state, out);
        }
    }

    /// Whether a state has noise.
    pub fn has_noise(&self, state: usize) -> bool {
        self.noise.as_ref().is_some_and(|noise| noise.is_on(state))
    }

    /// Shows every number that changes from step to step.
    pub fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        let (start, width) = (self.present, self.width());
        with(&mut self.states[start..start + width]);
        with(&mut self.inputs);
        self.delays.iter_mut().for_each(|line| with(line.rows_mut()));
        self.sources.iter_mut().for_each(|source| source.visit(with));
        self.observed = false;
    }
}

/// The interaction inside a model.
struct InnerCoupling {
    interaction: &'static dyn Interaction,
    data: InteractionData,
    /// The input port that it feeds.
    port: usize,
}

impl InnerCoupling {
    fn coupled(&self, engine: &'static dyn Engine, simd: Simd) -> Coupled<'_> {
        Coupled { engine, interaction: self.interaction, data: &self.data, port: self.port, simd }
    }
}

/// A step that was made, to be differentiated.
pub(crate) struct Replay<'a> {
    /// The coefficients of the engine.
    pub coefficients: &'a [f64],
    /// What noise added in the step, where the scheme sees it or a state has bounds.
    pub noise: Option<&'a [f64]>,
    engine: &'static dyn Engine,
    scheme: Scheme,
    stage_wise: Option<(&'a mut StageWise, Coupled<'a>)>,
}

impl Replay<'_> {
    /// Vector-Jacobian product of the step. The adjoint of the coupling inputs at its start is left among those of the inputs.
    pub fn vjp(&mut self, step: &mut StepVjp) {
        match &mut self.stage_wise {
            Some((stage_wise, coupled)) => stage_wise.vjp(coupled, step),
            None => self.engine.step_vjp(self.scheme, step),
        }
    }

    /// Jacobian-vector product of the step, if it evaluates an interaction at every stage, so that a node's state after it depends on the
    /// states of others; otherwise returns false, and the rows of [`Replay::vjp`] tell all.
    pub fn jvp(&mut self, step: &mut StepJvp) -> bool {
        let Some((stage_wise, coupled)) = &mut self.stage_wise else { return false };
        stage_wise.jvp(coupled, step);
        true
    }
}

/// One of several arrays of states.
fn of(states: &[f64], start: usize, width: usize) -> &[f64] {
    &states[start..start + width]
}

fn reading<'a>(
    columns: Columns,
    states: &'a [f64],
    coefficients: &'a [f64],
    inputs: &'a [f64],
) -> Reading<'a> {
    Reading { nodes: columns.count(), states, coefficients, inputs }
}
