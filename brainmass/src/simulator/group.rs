//! The nodes of one model during a run.

use super::RunError;
use super::source::Source;
use crate::any::AnyModel;
use crate::engine::{Engine, Step};
use crate::info::{ModelInfo, Signal};
use crate::noise::NormalStream;
use crate::population::Population;
use crate::scheme::Scheme;

/// State and everything around it, as structures of arrays: value `i` of node `n` is at `i*nodes + n`.
pub(crate) struct Group {
    population: Population,
    engine: &'static dyn Engine,
    interaction: Option<&'static dyn crate::engine::Interaction>,
    pub nodes: usize,
    pub states: Vec<f64>,
    pub inputs: Vec<f64>,
    coefficients: Vec<f64>,
    sources: Vec<Source>,
    /// Ports that projections feed: what drives them is set anew in every step.
    coupled: Vec<usize>,
    delays: Vec<DelayLine>,
    noise: Option<Noise>,
    /// States before the last step.
    before: Vec<f64>,
    observables: Vec<f64>,
    /// Whether `observables` are those of the present state.
    observed: bool,
    observables_before: Vec<f64>,
}

/// White noise on some of the states.
struct Noise {
    /// `sigma*sqrt(dt)`, like the states.
    scale: Vec<f64>,
    /// One stream of normal deviates for each state that has noise.
    streams: Vec<(usize, NormalStream)>,
    increments: Vec<f64>,
}

/// The past of one state, as far back as its longest delay.
struct DelayLine {
    state: usize,
    /// Delay of each node, in steps.
    steps: Vec<usize>,
    /// Rows of nodes; the state after step n is in row n modulo their number.
    rows: Vec<f64>,
    length: usize,
}

impl Group {
    /// The nodes at t = 0. `first_stream` is the random stream of the first state.
    pub(super) fn new(
        model: &dyn AnyModel,
        sources: Vec<Source>,
        dt: f64,
        seed: u64,
        first_stream: usize,
    ) -> Result<Self, RunError> {
        let population = model.population().clone();
        population.check()?;
        let engine = model.engine();
        let info = engine.info();
        let nodes = population.nodes();
        let per_node = |count: usize| vec![0.0; count * nodes];
        let states: Vec<f64> = (0..info.states.len())
            .flat_map(|state| (0..nodes).map(move |node| (state, node)))
            .map(|(state, node)| population.initial_at(state, node))
            .collect();
        let delays = info
            .delays
            .iter()
            .map(|delay| {
                let parameter = &info.parameters[delay.duration];
                let steps = (0..nodes).map(|node| {
                    let value = population.parameter_at(delay.duration, node);
                    let ms = crate::quantity::Quantity::new(value, parameter.unit)
                        .ok()
                        .and_then(|q| q.in_unit("ms"));
                    match ms {
                        Some(ms) if ms >= 0.0 => Ok((ms / dt).ceil() as usize),
                        _ => Err(RunError::Time {
                            what: parameter.name,
                            given: format!("{value} {}", parameter.unit),
                            expected: "a delay is not negative",
                        }),
                    }
                });
                Ok(DelayLine::new(delay.state, steps.collect::<Result<_, _>>()?, &states, nodes))
            })
            .collect::<Result<_, RunError>>()?;
        let mut group = Self {
            interaction: model.interaction(),
            noise: Noise::new(&population, dt, seed, first_stream),
            coefficients: engine.prepare(&population),
            inputs: per_node(info.inputs.len() + info.delays.len()),
            observables: per_node(info.observables.len()),
            observables_before: per_node(info.observables.len()),
            before: states.clone(),
            population,
            engine,
            nodes,
            states,
            sources,
            coupled: Vec::new(),
            observed: false,
            delays,
        };
        for source in group.sources.iter_mut().filter(|source| source.is_constant()) {
            let start = source.port() * nodes;
            source.fill(0, 0.0, &mut group.inputs[start..start + nodes])?;
        }
        Ok(group)
    }

    pub fn info(&self) -> &'static ModelInfo {
        self.engine.info()
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

    /// Sets the inputs of the step after `step` steps, but for what projections add.
    pub fn drive(&mut self, step: usize, dt: f64) -> Result<(), RunError> {
        let nodes = self.nodes;
        let time = step as f64 * dt;
        for port in &self.coupled {
            self.inputs[port * nodes..(port + 1) * nodes].fill(0.0);
        }
        for source in &mut self.sources {
            if !source.is_constant() || self.coupled.contains(&source.port()) {
                let start = source.port() * nodes;
                source.fill(step, time, &mut self.inputs[start..start + nodes])?;
            }
        }
        let ports = self.info().inputs.len();
        if let (Some(interaction), Some(port)) = (self.interaction, self.info().internal_coupling) {
            let input = &mut self.inputs[port * nodes..(port + 1) * nodes];
            interaction.sum(&self.population, &self.states, input);
        }
        for (index, line) in self.delays.iter().enumerate() {
            let start = (ports + index) * nodes;
            line.read(step, &mut self.inputs[start..start + nodes]);
        }
        Ok(())
    }

    /// An input port of all nodes.
    pub fn port_mut(&mut self, port: usize) -> &mut [f64] {
        &mut self.inputs[port * self.nodes..(port + 1) * self.nodes]
    }

    /// A state, or an observable as of the last [`Group::observe`].
    pub fn signal(&self, signal: Signal) -> &[f64] {
        let (values, index) = match signal {
            Signal::State(index) => (&self.states, index),
            Signal::Observable(index) => (&self.observables, index),
        };
        &values[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Makes one step; `step` have been made before.
    pub fn advance(&mut self, scheme: Scheme, step: usize, dt: f64) {
        let nodes = self.nodes;
        self.observed = false;
        self.before.copy_from_slice(&self.states);
        let noise = self.noise.as_mut().map(|noise| noise.draw(step, nodes));
        let mut arguments = Step {
            dt,
            nodes,
            states: &mut self.states,
            coefficients: &self.coefficients,
            inputs: &self.inputs,
            noise,
        };
        self.engine.advance(scheme, &mut arguments);
        for line in &mut self.delays {
            line.write(step + 1, &self.states, nodes);
        }
    }

    /// The node and state that left the finite numbers in the last step, with the value and the one before.
    pub fn divergence(&self) -> Option<(usize, usize, f64, f64)> {
        let at = self.states.iter().position(|value| !value.is_finite())?;
        Some((at % self.nodes, at / self.nodes, self.states[at], self.before[at]))
    }

    /// Computes the observables of the state before the last step, with the inputs that the step used.
    pub fn observe_before(&mut self) {
        let (nodes, engine) = (self.nodes, self.engine);
        engine.observe(nodes, &self.before, &self.coefficients, &self.inputs, &mut self.observables_before);
    }

    /// Computes the observables of the present state, with the inputs of the last step, unless that has been done.
    pub fn observe(&mut self) {
        if !self.observed {
            let (nodes, engine) = (self.nodes, self.engine);
            engine.observe(nodes, &self.states, &self.coefficients, &self.inputs, &mut self.observables);
            self.observed = true;
        }
    }

    /// An observable of the state before the last step, as of the last [`Group::observe_before`].
    pub fn observable_before(&self, index: usize) -> &[f64] {
        &self.observables_before[index * self.nodes..(index + 1) * self.nodes]
    }

    /// An input port of all nodes, as the last step used it.
    pub fn port(&self, index: usize) -> &[f64] {
        &self.inputs[index * self.nodes..(index + 1) * self.nodes]
    }
}

impl Noise {
    fn new(population: &Population, dt: f64, seed: u64, first_stream: usize) -> Option<Self> {
        let states = population.info().states.len();
        let nodes = population.nodes();
        let noisy: Vec<usize> = (0..states).filter(|&state| population.has_noise(state)).collect();
        if noisy.is_empty() {
            return None;
        }
        let scale =
            (0..states * nodes).map(|at| population.noise_at(at / nodes, at % nodes) * dt.sqrt()).collect();
        let stream = |state: usize| (state, NormalStream::new(seed, (first_stream + state) as u32));
        let streams = noisy.into_iter().map(stream).collect();
        Some(Self { scale, streams, increments: vec![0.0; states * nodes] })
    }

    fn draw(&mut self, step: usize, nodes: usize) -> &[f64] {
        for (state, stream) in &self.streams {
            let range = state * nodes..(state + 1) * nodes;
            let increments = &mut self.increments[range.clone()];
            stream.fill(step as u64, 0, increments);
            increments.iter_mut().zip(&self.scale[range]).for_each(|(increment, scale)| *increment *= scale);
        }
        &self.increments
    }
}

impl DelayLine {
    fn new(state: usize, steps: Vec<usize>, states: &[f64], nodes: usize) -> Self {
        let length = steps.iter().max().map_or(1, |longest| longest + 1);
        // Before t = 0 the state was what it is at t = 0.
        let rows = states[state * nodes..(state + 1) * nodes].repeat(length);
        Self { state, steps, rows, length }
    }

    /// The state of each node its delay ago, as seen by the step after `step` steps.
    fn read(&self, step: usize, out: &mut [f64]) {
        let nodes = out.len();
        for (node, value) in out.iter_mut().enumerate() {
            let row = (step + self.length - self.steps[node]) % self.length;
            *value = self.rows[row * nodes + node];
        }
    }

    fn write(&mut self, step: usize, states: &[f64], nodes: usize) {
        let row = step % self.length;
        self.rows[row * nodes..(row + 1) * nodes]
            .copy_from_slice(&states[self.state * nodes..(self.state + 1) * nodes]);
    }
}
