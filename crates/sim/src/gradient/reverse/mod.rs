//! The way back through a run.

pub(crate) mod edges;
pub(crate) mod nodes;
mod ring;
mod schedule;
mod tape;

use std::time::Instant;

use ndarray::{Array2, ArrayView1};

use crate::gradient::Gradient;
use crate::gradient::error::GradientError;
use crate::gradient::loss::{Loss, LossError};
use crate::gradient::wanted::{self, Wanted};
use crate::network::Setting;
use crate::run::Run;
use crate::runtime::record::Source as RecordSource;
use crate::runtime::time::whole_steps;
use crate::runtime::{RunError, Session};
use crate::simulator::Simulator;
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;
use edges::EdgesBack;
use nodes::{Moment, NodesBack};
use schedule::{Schedule, Sizes};
use tape::Tape;

/// How often the way forth tells its progress, in steps.
const PROGRESS_STEPS: usize = 256;

/// How often the way back looks whether the derivatives are still finite, in steps.
const LOOK_STEPS: usize = 64;

/// The value of a loss, and its gradient by what the names stand for.
pub(crate) fn gradient<S: AsRef<str>>(
    simulator: &Simulator,
    duration: Time,
    by: &[S],
    loss: impl FnOnce(&Run) -> Result<Loss, LossError>,
) -> Result<Gradient, GradientError> {
    let mut simulator = simulator.clone().threads(1);
    let mut session = simulator.start()?;
    let steps = whole_steps("duration", duration, session.dt)?;
    let transient = simulator.transient_of(steps, session.dt)?;
    let wanted = wanted::resolve(&simulator, by, steps)?;
    let mut is_changed = false;
    for (want, name) in wanted.iter().zip(by) {
        if let Wanted::Setting(Setting::Noise { group, index }) = want
            && !session.groups[*group].has_noise(*index)
        {
            // Noise that there is not has an intensity of 0 and random numbers that it would scale.
            simulator.network.set(name.as_ref(), 0.0)?;
            is_changed = true;
        }
    }
    // To start is a part of the cost that shows where connections are many and steps few.
    if is_changed {
        session = simulator.start()?;
    }
    session.covers(steps)?;
    session.watches.iter_mut().for_each(|watch| watch.keep_samples());
    let simd = session.simd;

    let weights = |index: usize| {
        let of_index = |want: &Wanted| matches!(want, Wanted::Setting(Setting::Weights { projection }) if *projection == index);
        wanted.iter().any(of_index)
    };
    let couplings = EdgesBack::new(&simulator.network, &session.groups, session.dt, simd, weights)?;
    let groups = session.groups.iter().enumerate().map(|(group, nodes)| {
        let intensity = |want: &Wanted| match want {
            Wanted::Setting(Setting::Noise { group: of, index }) if *of == group => Some(*index),
            _ => None,
        };
        NodesBack::new(nodes, wanted.iter().filter_map(intensity).collect())
    });
    let groups = groups.collect();
    let start =
        session.groups.iter().map(|group| (group.states().to_vec(), group.inputs().to_vec())).collect();
    let (step, tape) = Tape::bytes(&session, &couplings);
    let sizes = Sizes { step, tape, checkpoint: session.save().bytes() };
    let schedule = Schedule::new(steps, simulator.gradient_memory, sizes)?;
    let mut back = Back {
        session,
        schedule,
        steps,
        transient,
        simd,
        by: by.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", "),
        wanted,
        groups,
        couplings,
        start,
        records: Vec::new(),
        watched: Vec::new(),
        loss: Some(loss),
        outcome: None,
        started: Instant::now(),
    };
    back.part(0, steps, schedule.checkpoints)?;
    back.finish();
    let Back { wanted, groups, couplings, outcome, .. } = back;
    let (value, run) = outcome.expect("the first way forth ends with the loss");
    let parts = wanted.into_iter().zip(by).map(|(want, name)| {
        let name = name.as_ref().to_owned();
        let values = want.gradient(&simulator.network, &name, &groups, &couplings);
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

/// A run that is gone through backwards.
struct Back<L> {
    session: Session,
    schedule: Schedule,
    steps: usize,
    /// Steps that are not recorded.
    transient: usize,
    simd: Simd,
    /// The names that the gradient is by, for messages.
    by: String,
    wanted: Vec<Wanted>,
    groups: Vec<NodesBack>,
    couplings: EdgesBack,
    /// States and inputs of each group at t = 0.
    start: Vec<(Vec<f64>, Vec<f64>)>,
    /// The derivatives of the loss by what was recorded.
    records: Vec<(RecordSource, Array2<f64>)>,
    /// The derivatives of the loss by what instruments were shown, a row for every step of the run.
    watched: Vec<(RecordSource, Array2<f64>)>,
    /// Taken when the run is complete for the first time.
    loss: Option<L>,
    outcome: Option<(f64, Run)>,
    started: Instant,
}

impl<L: FnOnce(&Run) -> Result<Loss, LossError>> Back<L> {
    /// Takes steps `from` to `to` back; the session stands at `from`, and so many checkpoints can be made.
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

    /// Takes the steps of a segment back.
    fn segment(&mut self, from: usize, to: usize) -> Result<(), GradientError> {
        let mut tape = Tape::new(&self.session, &self.couplings, to - from);
        for step in from..to {
            self.step_forth(step, Some(&mut tape))?;
        }
        tape.close(&self.session);
        if let Some(loss) = self.loss.take() {
            self.judge(loss)?;
        }
        for row in (0..to - from).rev() {
            self.step_back(from + row, row, &mut tape);
            if (from + row).is_multiple_of(LOOK_STEPS) {
                self.check_derivatives(from + row)?;
            }
        }
        self.couplings.end(from, &tape.couplings);
        Ok(())
    }

    fn step_forth(&mut self, step: usize, tape: Option<&mut Tape>) -> Result<(), GradientError> {
        let (session, couplings) = (&mut self.session, &self.couplings);
        let first_time = self.loss.is_some();
        if first_time && step.is_multiple_of(PROGRESS_STEPS) && !session.report(step, self.steps) {
            let time = session.time();
            let recorded = Box::new(session.finish(self.started, step));
            return Err(RunError::Stopped { time, recorded }.into());
        }
        let recording = step >= self.transient;
        session.watched_step(first_time && recording, |session| {
            if let Some(tape) = tape {
                tape.push(session, couplings);
            }
        })?;
        if first_time && !session.watches.is_empty() {
            session.watch(recording)?;
            if step + 1 == self.transient {
                session.flush_watches(recording)?;
            }
        }
        Ok(())
    }

    /// Asks for the loss of the complete run.
    fn judge(&mut self, loss: L) -> Result<(), GradientError> {
        self.session.flush_watches(true)?;
        let mut run = self.session.finish(self.started, self.steps);
        self.session.end(&mut run)?;
        let Loss { value, adjoints } = loss(&run).map_err(GradientError::Loss)?;
        if !value.is_finite() {
            return Err(GradientError::NotFinite(value));
        }
        for (name, adjoint) in adjoints {
            let record = self.session.records.iter().find(|record| record.name == name);
            let watch = self.session.watches.iter_mut().find(|watch| watch.record.name == name);
            if record.is_none() && watch.is_none() {
                let known = run.names().collect::<Vec<_>>().join(", ");
                return Err(GradientError::NotRecorded { name, known });
            }
            let expected = run.get(&name).map_or((0, 0), Array2::dim);
            if adjoint.dim() != expected {
                let (given, expected) = (adjoint.dim().into(), expected.into());
                return Err(GradientError::Shape { name, given, expected });
            }
            if let Some(watch) = watch {
                let by_samples = watch
                    .take_back(adjoint.view())
                    .map_err(|error| GradientError::Observation { name, error: Box::new(error) })?;
                self.watched.push((watch.record.source().clone(), by_samples));
            } else if let Some(record) = record {
                if matches!(record.source(), RecordSource::Closure(_)) {
                    return Err(GradientError::Closure { name });
                }
                self.records.push((record.source().clone(), adjoint));
            }
        }
        // What they kept is no longer needed.
        self.session.watches.clear();
        self.outcome = Some((value, run));
        Ok(())
    }

    /// Takes one step back; `row` is its place on the tape.
    fn step_back(&mut self, step: usize, row: usize, tape: &mut Tape) {
        self.unrecord(step);
        for index in 0..self.groups.len() {
            let moment = self.moment(step, row, tape, index);
            self.groups[index].take_back(&mut self.session.groups[index], &moment);
        }
        self.couplings.take_back(row, &mut tape.couplings, &mut self.groups);
        for want in &mut self.wanted {
            if let Wanted::Input(input) = want
                && !input.is_overwritten(&self.session.groups[input.group])
            {
                input.take(step, self.groups[input.group].port(input.port));
            }
        }
        for index in 0..self.groups.len() {
            let moment = self.moment(step, row, tape, index);
            self.groups[index].feed_back(&self.session.groups[index], &moment);
            self.groups[index].end_step();
        }
    }

    /// Reports a derivative by a state, or by a parameter that was asked for, that is no finite number any more before a step.
    fn check_derivatives(&self, step: usize) -> Result<(), GradientError> {
        let names = &self.session.names;
        let states = self.groups.iter().enumerate().filter_map(|(group, back)| {
            let (index, node, value) = back.find_not_finite()?;
            let name = self.session.groups[group].info().states[index].name;
            Some((format!("the state `{}`", names.full(group, name)), node, value))
        });
        let parameters = self.wanted.iter().filter_map(|want| {
            let Wanted::Setting(Setting::Parameter { group, index }) = *want else { return None };
            let values = self.groups[group].parameter(index);
            let node = values.iter().position(|value| !value.is_finite())?;
            let name = self.session.groups[group].info().parameters[index].name;
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

    /// Where a group stood in a step.
    fn moment<'t>(&self, step: usize, row: usize, tape: &'t Tape, group: usize) -> Moment<'t> {
        let tape = &tape.groups[group];
        Moment {
            step,
            dt: self.session.dt,
            simd: self.simd,
            states: tape.states(row),
            next: tape.states(row + 1),
            inputs: tape.inputs(row),
        }
    }

    /// Gives what was recorded after a step, or shown to instruments, its derivatives.
    fn unrecord(&mut self, step: usize) {
        for (source, adjoint) in &self.watched {
            give(&mut self.groups, &mut self.couplings, source, adjoint.row(step), 1.0);
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
            give(&mut self.groups, &mut self.couplings, source, adjoint.row(row), weight);
        }
    }

    /// Ends at t = 0, with what was read of then and of the time before.
    fn finish(&mut self) {
        self.couplings.finish(&mut self.groups);
        for (index, back) in self.groups.iter_mut().enumerate() {
            let (states, inputs) = &self.start[index];
            let moment =
                Moment { step: 0, dt: self.session.dt, simd: self.simd, states, next: states, inputs };
            back.finish(&self.session.groups[index], &moment);
        }
        for want in &mut self.wanted {
            if let Wanted::Input(input) = want
                && input.is_constant()
            {
                input.take(0, self.groups[input.group].port(input.port));
            }
        }
    }
}

/// Adds derivatives by a recorded signal to those by what it was taken from.
fn give(
    groups: &mut [NodesBack],
    couplings: &mut EdgesBack,
    source: &RecordSource,
    adjoint: ArrayView1<f64>,
    weight: f64,
) {
    let to = match source {
        RecordSource::Signal { group, signal } => groups[*group].signal_mut(*signal),
        RecordSource::Before { group, index } => groups[*group].at_start_mut(*index),
        RecordSource::Input { group, index } => groups[*group].port_mut(*index),
        RecordSource::Coupling(index) => couplings.current_mut(*index),
        RecordSource::Closure(_) => return,
    };
    to.iter_mut().zip(adjoint).for_each(|(to, given)| *to += weight * given);
}
