//! Reverse mode: adjoints from the end of a run back to its start.
//!
//! The run is made once, part by part, and each part is gone through backwards with the trace of what its steps read. A part whose trace has been
//! dropped is made again from a checkpoint, see [`schedule`].

pub(crate) mod adjoint_buffer;
pub(crate) mod edges;
pub(crate) mod nodes;
pub(crate) mod schedule;
pub(crate) mod trace;

use std::time::Instant;

use ndarray::Array2;

use crate::gradient::derivatives::RunDerivatives;
use crate::gradient::error::GradientError;
use crate::gradient::loss::{Loss, LossError};
use crate::gradient::outcome::Gradient;
use crate::gradient::reverse::edges::EdgeAdjoints;
use crate::gradient::reverse::nodes::{NodeAdjoints, TracedStep};
use crate::gradient::reverse::schedule::{Schedule, Sizes};
use crate::gradient::reverse::trace::Trace;
use crate::gradient::settings::enable_noise;
use crate::gradient::wanted::{self, Wanted};
use crate::network::{Network, Setting};
use crate::run::Run;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::record::RecordSource;
use crate::runtime::{RunError, Session};
use crate::simulator::Simulator;
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;

/// The number of steps forth between two reports of progress.
const PROGRESS_STEPS: usize = 256;

/// The number of steps back between two checks that the adjoints are still finite.
const CHECK_STEPS: usize = 64;

/// Computes the gradient of a loss of a run for `duration` by what the names in `by` stand for.
///
/// # Errors
///
/// The run fails, a name is not there, the loss fails, or a derivative is not finite.
pub(crate) fn gradient<S: AsRef<str>>(
    simulator: &Simulator,
    duration: Time,
    by: &[S],
    loss: impl FnOnce(&Run) -> Result<Loss, LossError>,
) -> Result<Gradient, GradientError> {
    let mut simulator = simulator.clone().threads(1);
    enable_noise(&mut simulator.network, by.iter().map(AsRef::as_ref))?;
    let (mut session, plans) = simulator.start_planned()?;
    let steps = session.count_steps("duration", duration)?;
    let transient = simulator.transient_of(steps, session.dt)?;
    let wanted = wanted::resolve(&simulator, by, steps)?;
    session.check_coverage(steps)?;
    // The records, and the derivatives of the loss by all of them.
    session.check_memory(steps - transient, 2)?;
    session.instruments.iter_mut().for_each(|instrument| instrument.keep_samples());

    let adjoints = new_adjoints(&session, &simulator.network, plans, &wanted)?;
    let start =
        session.nodes.iter().map(|nodes| (nodes.states().to_vec(), nodes.inputs().to_vec())).collect();
    let (step, trace) = Trace::bytes(&session, &adjoints.edges);
    let sizes = Sizes { step, trace, checkpoint: session.save().bytes() };
    let schedule = Schedule::new(steps, simulator.gradient_memory, sizes)?;
    let mut pass = ReversePass {
        simd: session.simd,
        session,
        schedule,
        steps,
        transient,
        by: by.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", "),
        wanted,
        adjoints,
        start,
        records: Vec::new(),
        observed: Vec::new(),
        loss: Some(loss),
        outcome: None,
        started: Instant::now(),
    };
    pass.part(0, steps, schedule.checkpoints)?;
    pass.finish();
    let ReversePass { wanted, adjoints, outcome, .. } = pass;
    let (value, run) = outcome.expect("the first way forth ends with the loss");
    let parts = wanted.into_iter().zip(by).map(|(variable, name)| {
        let name = name.as_ref().to_owned();
        let values = variable.gradient(&simulator.network, &name, &adjoints.nodes, &adjoints.edges);
        match values.iter().position(|value| !value.is_finite()) {
            Some(index) => {
                let (count, value) = (values.len(), values[index]);
                Err(GradientError::NotFiniteDerivative { name, index, count, value })
            }
            None => Ok((name, values)),
        }
    });
    Ok(Gradient { value, run, parts: parts.collect::<Result<_, _>>()? })
}

/// Creates the adjoints of a run at its start, all zero, with room for those that are wanted.
fn new_adjoints(
    session: &Session,
    network: &Network,
    plans: Vec<ProjectionPlan>,
    wanted: &[Wanted],
) -> Result<RunDerivatives<NodeAdjoints, EdgeAdjoints>, GradientError> {
    let wants_weights = |index: usize| {
        let of_projection = |variable: &Wanted| matches!(variable, Wanted::Setting(Setting::Weights { projection }) if *projection == index);
        wanted.iter().any(of_projection)
    };
    let edges = EdgeAdjoints::new(network, plans, &session.nodes, session.dt, session.simd, wants_weights)?;
    let nodes = session.nodes.iter().enumerate().map(|(group, nodes)| {
        let noisy_state = |variable: &Wanted| match variable {
            Wanted::Setting(Setting::Noise { group: of, index }) if *of == group => Some(*index),
            _ => None,
        };
        NodeAdjoints::new(nodes, wanted.iter().filter_map(noisy_state).collect())
    });
    Ok(RunDerivatives { nodes: nodes.collect(), edges })
}

/// A run that is gone through backwards.
struct ReversePass<L> {
    session: Session,
    schedule: Schedule,
    steps: usize,
    /// The number of steps that are not recorded.
    transient: usize,
    simd: Simd,
    /// The names that the gradient is by, for messages.
    by: String,
    wanted: Vec<Wanted>,
    adjoints: RunDerivatives<NodeAdjoints, EdgeAdjoints>,
    /// The states and inputs of each group at t = 0.
    start: Vec<(Vec<f64>, Vec<f64>)>,
    /// The derivatives of the loss by what was recorded.
    records: Vec<(RecordSource, Array2<f64>)>,
    /// The derivatives of the loss by what instruments were shown, a row for every step of the run.
    observed: Vec<(RecordSource, Array2<f64>)>,
    /// The loss, until the run is complete for the first time.
    loss: Option<L>,
    /// The value of the loss and the run.
    outcome: Option<(f64, Run)>,
    started: Instant,
}

impl<L: FnOnce(&Run) -> Result<Loss, LossError>> ReversePass<L> {
    /// Goes through steps `from..to` backwards, with at most so many checkpoints at a time. The session stands at `from`.
    fn part(&mut self, from: usize, to: usize, checkpoints: usize) -> Result<(), GradientError> {
        let Some(middle) = self.schedule.split(from, to, checkpoints) else {
            return self.segment(from, to);
        };
        let checkpoint = self.session.save();
        for step in from..middle {
            self.step_forth(step, None)?;
        }
        self.part(middle, to, checkpoints - 1)?;
        self.session.restore(&checkpoint);
        drop(checkpoint);
        self.part(from, middle, checkpoints)
    }

    /// Makes the steps of a segment with a trace, and goes through them backwards.
    fn segment(&mut self, from: usize, to: usize) -> Result<(), GradientError> {
        let mut trace = Trace::new(&self.session, &self.adjoints.edges, to - from);
        for step in from..to {
            self.step_forth(step, Some(&mut trace))?;
        }
        trace.close(&self.session);
        if let Some(loss) = self.loss.take() {
            self.evaluate_loss(loss)?;
        }
        for row in (0..to - from).rev() {
            self.step_back(from + row, row, &mut trace);
            if (from + row).is_multiple_of(CHECK_STEPS) {
                self.check_adjoints(from + row)?;
            }
        }
        self.adjoints.edges.end_trace(from, &trace.edges);
        Ok(())
    }

    /// Makes a step, with a trace or without. The first way forth also records.
    fn step_forth(&mut self, step: usize, trace: Option<&mut Trace>) -> Result<(), GradientError> {
        let session = &mut self.session;
        let first_time = self.loss.is_some();
        if first_time && step.is_multiple_of(PROGRESS_STEPS) && !session.report(step, self.steps) {
            let time = session.time();
            let recorded = Box::new(session.finish(self.started, step));
            return Err(RunError::Stopped { time, recorded }.into());
        }
        let recording = step >= self.transient;
        session.advance_step(first_time && recording, |session| {
            if let Some(trace) = trace {
                trace.push(session);
            }
        })?;
        if first_time && !session.instruments.is_empty() {
            session.observe(recording)?;
            if step + 1 == self.transient {
                session.flush_instruments(recording)?;
            }
        }
        Ok(())
    }

    /// Evaluates the loss of the complete run, and keeps its derivatives by what was recorded and observed.
    fn evaluate_loss(&mut self, loss: L) -> Result<(), GradientError> {
        self.session.flush_instruments(true)?;
        let mut run = self.session.finish(self.started, self.steps);
        self.session.end(&mut run)?;
        let Loss { value, adjoints } = loss(&run).map_err(GradientError::Loss)?;
        if !value.is_finite() {
            return Err(GradientError::NotFinite(value));
        }
        for (name, adjoint) in adjoints {
            let record = self.session.records.iter().find(|record| record.name == name);
            let mut instruments = self.session.instruments.iter_mut();
            let instrument = instruments.find(|instrument| instrument.record.name == name);
            if record.is_none() && instrument.is_none() {
                let known = run.names().collect::<Vec<_>>().join(", ");
                return Err(GradientError::NotRecorded { name, known });
            }
            let expected = run.get(&name).map_or((0, 0), Array2::dim);
            if adjoint.dim() != expected {
                let (given, expected) = (adjoint.dim().into(), expected.into());
                return Err(GradientError::Shape { name, given, expected });
            }
            if let Some(instrument) = instrument {
                let by_samples = instrument
                    .vjp(adjoint.view())
                    .map_err(|error| GradientError::Observation { name, error: Box::new(error) })?;
                self.observed.push((instrument.record.source().clone(), by_samples));
            } else if let Some(record) = record {
                if matches!(record.source(), RecordSource::Closure(_)) {
                    return Err(GradientError::Closure { name });
                }
                self.records.push((record.source().clone(), adjoint));
            }
        }
        // The samples that they kept are no longer needed.
        self.session.instruments.clear();
        self.outcome = Some((value, run));
        Ok(())
    }

    /// Goes back through one step; `row` is its place in the trace.
    fn step_back(&mut self, step: usize, row: usize, trace: &mut Trace) {
        self.add_loss_derivatives(step);
        for group in 0..self.adjoints.nodes.len() {
            let traced = self.traced_step(step, row, trace, group);
            self.adjoints.nodes[group].step_vjp(&mut self.session.nodes[group], &traced);
        }
        self.adjoints.edges.step_vjp(row, &mut trace.edges, &mut self.adjoints.nodes);
        for variable in &mut self.wanted {
            if let Wanted::Input(input) = variable
                && !input.is_overwritten(&self.session.nodes[input.group])
            {
                input.take(step, self.adjoints.nodes[input.group].port(input.port));
            }
        }
        for group in 0..self.adjoints.nodes.len() {
            let traced = self.traced_step(step, row, trace, group);
            let adjoints = &mut self.adjoints.nodes[group];
            adjoints.own_inputs_vjp(&self.session.nodes[group], &traced);
            adjoints.end_step();
        }
    }

    /// Reports an adjoint of a state, or of a parameter that was asked for, that is not finite before a step.
    fn check_adjoints(&self, step: usize) -> Result<(), GradientError> {
        let names = &self.session.names;
        let states = self.adjoints.nodes.iter().zip(&self.session.nodes).enumerate();
        let states = states.filter_map(|(group, (adjoints, nodes))| {
            let (index, node, value) = adjoints.find_not_finite()?;
            Some((format!("the state `{}`", names.full(group, nodes.info().states[index].name)), node, value))
        });
        let parameters = self.wanted.iter().filter_map(|want| {
            let Wanted::Setting(Setting::Parameter { group, index }) = *want else { return None };
            let values = self.adjoints.nodes[group].parameter(index);
            let node = values.iter().position(|value| !value.is_finite())?;
            let name = self.session.nodes[group].info().parameters[index].name;
            Some((format!("the parameter `{}`", names.full(group, name)), node, values[node]))
        });
        match states.chain(parameters).next() {
            None => Ok(()),
            Some((quantity, node, value)) => {
                let (by, time) = (self.by.clone(), step as f64 * self.session.dt);
                Err(GradientError::Diverged { by, quantity, node, value, time })
            }
        }
    }

    /// The part of a trace that belongs to a group and a step.
    fn traced_step<'t>(&self, step: usize, row: usize, trace: &'t Trace, group: usize) -> TracedStep<'t> {
        let trace = &trace.nodes[group];
        TracedStep {
            step,
            dt: self.session.dt,
            simd: self.simd,
            states: trace.states(row),
            next: trace.states(row + 1),
            inputs: trace.inputs(row),
        }
    }

    /// Adds the derivatives of the loss by what was recorded after a step, or shown to instruments, to the adjoints.
    fn add_loss_derivatives(&mut self, step: usize) {
        let mut add_row = |source: &RecordSource, adjoint: &Array2<f64>, row: usize, weight: f64| {
            if let Some(to) = self.adjoints.recorded_mut(source) {
                to.iter_mut().zip(adjoint.row(row)).for_each(|(to, given)| *to += weight * given);
            }
        };
        for (source, adjoint) in &self.observed {
            add_row(source, adjoint, step, 1.0);
        }
        if step < self.transient {
            return;
        }
        let (done, stride) = (step + 1 - self.transient, self.session.stride);
        let (row, weight) = match self.session.averaged {
            true => ((done - 1) / stride, 1.0 / stride as f64),
            false if done % stride == 0 => (done / stride - 1, 1.0),
            false => return,
        };
        for (source, adjoint) in self.records.iter().filter(|(_, adjoint)| row < adjoint.nrows()) {
            add_row(source, adjoint, row, weight);
        }
    }

    /// Ends at t = 0, with what was read of then and of the time before.
    fn finish(&mut self) {
        self.adjoints.edges.finish(&mut self.adjoints.nodes);
        for (group, adjoints) in self.adjoints.nodes.iter_mut().enumerate() {
            let (states, inputs) = &self.start[group];
            let traced =
                TracedStep { step: 0, dt: self.session.dt, simd: self.simd, states, next: states, inputs };
            adjoints.finish(&self.session.nodes[group], &traced);
        }
        for variable in &mut self.wanted {
            if let Wanted::Input(input) = variable
                && input.is_constant()
            {
                input.take(0, self.adjoints.nodes[input.group].port(input.port));
            }
        }
    }
}
