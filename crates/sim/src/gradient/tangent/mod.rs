//! Forward mode: how everything that is recorded changes along one direction, and how fast neighbouring runs part.

pub(crate) mod edges;
pub(crate) mod nodes;

use std::ops::Index;
use std::time::Instant;

use ndarray::Array2;

use crate::gradient::error::GradientError;
use crate::gradient::sums::add;
use crate::gradient::wanted::refuse_delay;
use crate::network::{Setting, SettingError};
use crate::noise::NormalStream;
use crate::run::Run;
use crate::runtime::record::Source as RecordSource;
use crate::runtime::time::whole_steps;
use crate::runtime::{Record, Session};
use crate::simulator::Simulator;
use brainmass_core::quantity::Time;
use edges::{Direction, EdgesTangent};
use nodes::{NodesDirection, NodesTangent};

/// A run, and how it changes along a direction.
#[derive(Debug, Clone)]
pub struct Tangent {
    /// What was recorded.
    pub run: Run,
    changes: Vec<(String, Array2<f64>)>,
}

impl Tangent {
    /// The derivative of what was recorded under a name along the direction, `(time, node)`.
    pub fn get(&self, name: &str) -> Option<&Array2<f64>> {
        self.changes.iter().find(|(known, _)| known == name).map(|(_, changes)| changes)
    }
}

impl Index<&str> for Tangent {
    type Output = Array2<f64>;

    /// The derivative of what was recorded under a name.
    ///
    /// # Panics
    ///
    /// Nothing was recorded under it. [`Tangent::get`] gives `None` instead.
    fn index(&self, name: &str) -> &Array2<f64> {
        match self.get(name) {
            Some(changes) => changes,
            None => {
                let names: Vec<&str> = self.changes.iter().map(|(name, _)| &name[..]).collect();
                panic!("nothing was recorded as `{name}`; there is {}", names.join(", "))
            }
        }
    }
}

impl Simulator {
    /// Runs for `duration`, the transient included, and gives the derivatives of everything that is recorded along a direction: names of
    /// settings (see [`Network::set`](crate::Network::set)), each with one value, or as many as [`Network::get`](crate::Network::get) tells. It takes a few times as long as the run,
    /// the more, the more states the model has, and no memory to speak of: for few parameters, and for what has more numbers than a loss.
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// // x'' = -w^2 x: at t the phase is w t, and its derivative by w is t.
    /// let oscillator = HopfStep::new(1).a(0.0).beta(0.0).w(0.2).init_x(1.0);
    /// let simulator = Simulator::new(oscillator).dt(0.01).scheme(Scheme::Rk4).record(["x"]);
    /// let tangent = simulator.tangent(5.0, &[("w", &[1.0])])?;
    /// assert!((tangent["x"][[499, 0]] + 5.0 * 1_f64.sin()).abs() < 1e-8);
    /// # Ok::<(), GradientError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Simulator::gradient`]; a direction of another number of values.
    pub fn tangent(
        &self,
        duration: impl Into<Time>,
        direction: &[(&str, &[f64])],
    ) -> Result<Tangent, GradientError> {
        not_observed(self)?;
        let (simulator, directions) = resolve(self, direction)?;
        let mut run = Forward::new(&simulator, &directions)?;
        run.records = run.session.records.iter().map(RecordTangent::new).collect::<Result<_, _>>()?;
        let steps = whole_steps("duration", duration.into(), run.session.dt)?;
        let transient = self.transient_of(steps, run.session.dt)?;
        run.session.covers(steps)?;
        let started = Instant::now();
        for step in 0..steps {
            run.step(step >= transient)?;
        }
        let recorded = run.session.finish(started, steps);
        for record in &run.records {
            if let Some(at) = record.rows.iter().position(|change| !change.is_finite()) {
                let (row, node) = (at / record.width, at % record.width);
                let time = recorded.times(&record.name).map_or(f64::NAN, |times| times[row]);
                let (name, value) = (record.name.clone(), record.rows[at]);
                return Err(GradientError::TangentDiverged { name, node, value, time });
            }
        }
        let changes = run.records.into_iter().map(|record| {
            let rows = record.rows.len().checked_div(record.width).unwrap_or(0);
            let changes = Array2::from_shape_vec((rows, record.width), record.rows);
            (record.name, changes.unwrap_or_default())
        });
        Ok(Tangent { run: recorded, changes: changes.collect() })
    }

    /// The largest Lyapunov exponent, per ms: how fast neighbouring runs part (above 0: chaos) or meet. `duration` includes the transient,
    /// in which the direction settles; the rest is the time over which the growth is averaged (Benettin et al. 1980, Meccanica 15:9, doi
    /// 10.1007/BF02128236).
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// // Linear decay: neighbours meet at the rate of the slowest state.
    /// let decay = HopfStep::new(1).a(-0.3).beta(0.0).w(0.1);
    /// let exponent = Simulator::new(decay).transient(10.0).lyapunov_exponent(100.0)?;
    /// assert!((exponent + 0.3).abs() < 1e-2);
    /// # Ok::<(), GradientError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Simulator::run`].
    pub fn lyapunov_exponent(&self, duration: impl Into<Time>) -> Result<f64, GradientError> {
        /// Steps between looks at the length of the direction.
        const LOOK: usize = 16;
        let (simulator, mut directions) = resolve(self, &[])?;
        for (group, direction) in directions.groups.iter_mut().enumerate() {
            // A direction that no symmetry of a network keeps to itself.
            let member = &simulator.network.groups[group];
            for state in 0..member.info().states.len() {
                let mut values = vec![0.0; member.nodes()];
                NormalStream::new(0, (group << 16 | state) as u32).fill(0, 0, &mut values);
                direction.initial.push((state, values));
            }
        }
        let mut run = Forward::new(&simulator, &directions)?;
        let dt = run.session.dt;
        let steps = whole_steps("duration", duration.into(), dt)?;
        let transient = self.transient_of(steps, dt)?;
        run.session.covers(steps)?;
        run.rescale();
        let mut grown = 0.0;
        for step in 0..steps {
            run.step(false)?;
            if step + 1 == transient {
                run.rescale();
                grown = 0.0;
            } else if (step + 1) % LOOK == 0 || step + 1 == steps {
                grown += run.rescale();
            }
        }
        Ok(grown / ((steps - transient) as f64 * dt))
    }
}

/// A direction, by groups and projections.
struct Directions {
    groups: Vec<NodesDirection>,
    projections: Vec<Direction>,
}

/// What the names of a direction stand for, and the simulator that can move along it.
fn resolve(
    simulator: &Simulator,
    direction: &[(&str, &[f64])],
) -> Result<(Simulator, Directions), GradientError> {
    let mut simulator = simulator.clone().threads(1);
    let mut directions = Directions { groups: Vec::new(), projections: Vec::new() };
    directions.groups.resize_with(simulator.network.groups.len(), NodesDirection::default);
    let targets: Vec<usize> =
        simulator.start()?.projections().iter().map(|summary| summary.targets).collect();
    directions.projections.resize_with(targets.len(), Direction::default);
    for (name, values) in direction {
        let setting = simulator.network.setting(name)?;
        refuse_delay(&simulator.network, name, setting)?;
        let known = simulator.network.get(name)?.len();
        if values.len() != known && values.len() != 1 {
            let expected = format!("one value, or {known} are needed");
            let given = format!("{} values are", values.len());
            return Err(SettingError::Values { name: (*name).to_owned(), given, expected }.into());
        }
        let spread = |count: usize| if let [value] = values { vec![*value; count] } else { values.to_vec() };
        let nodes = |group: usize| simulator.network.groups[group].nodes();
        match setting {
            Setting::Parameter { group, index } => {
                directions.groups[group].parameters.push((index, spread(nodes(group))));
            }
            Setting::Initial { group, index } => {
                directions.groups[group].initial.push((index, spread(nodes(group))));
            }
            Setting::Noise { group, index } => {
                directions.groups[group].noise.push((index, spread(nodes(group))));
                if !simulator.network.groups[group].model.population().has_noise(index) {
                    simulator.network.set(name, 0.0)?;
                }
            }
            Setting::Rule { projection, index } => {
                directions.projections[projection].rule.push((index, spread(targets[projection])));
            }
            Setting::Weights { projection } => {
                directions.projections[projection].weights = Some(spread(known));
            }
            Setting::Speed { .. } => {}
        }
    }
    Ok((simulator, directions))
}

/// A run with a direction.
struct Forward {
    session: Session,
    groups: Vec<NodesTangent>,
    couplings: EdgesTangent,
    records: Vec<RecordTangent>,
    /// Samples taken into the present stride.
    in_stride: usize,
}

/// What a record gathers.
struct RecordTangent {
    name: String,
    source: RecordSource,
    width: usize,
    sum: Vec<f64>,
    rows: Vec<f64>,
}

impl Forward {
    /// At t = 0, recording nothing.
    fn new(simulator: &Simulator, directions: &Directions) -> Result<Self, GradientError> {
        let session = simulator.start()?;
        let (groups, dt, simd) = (&session.groups, session.dt, session.simd);
        let both = groups.iter().zip(&directions.groups);
        let tangents: Vec<NodesTangent> = both.map(|(group, of)| NodesTangent::new(group, of)).collect();
        let (network, projections) = (&simulator.network, &directions.projections);
        let couplings = EdgesTangent::new(network, groups, &tangents, dt, simd, projections)?;
        Ok(Self { session, groups: tangents, couplings, records: Vec::new(), in_stride: 0 })
    }

    /// Makes a step, and follows it.
    fn step(&mut self, record: bool) -> Result<(), GradientError> {
        let (step, dt) = (self.session.step, self.session.dt);
        let (tangents, couplings) = (&mut self.groups, &mut self.couplings);
        self.session.watched_step(record, |session| {
            for (tangent, group) in tangents.iter_mut().zip(&session.groups) {
                tangent.drive(step, group);
            }
            couplings.feed(&session.couplings, &session.groups, tangents);
        })?;
        for (tangent, group) in self.groups.iter_mut().zip(&mut self.session.groups) {
            tangent.advance(step, dt, group);
        }
        if record {
            self.record();
        }
        Ok(())
    }

    fn record(&mut self) {
        self.in_stride += 1;
        let (stride, averaged) = (self.session.stride, self.session.averaged);
        let ends = self.in_stride == stride;
        for record in &mut self.records {
            let changes = match &record.source {
                RecordSource::Signal { group, signal } => self.groups[*group].signal(*signal),
                RecordSource::Before { group, index } => self.groups[*group].at_start(*index),
                RecordSource::Input { group, index } => self.groups[*group].port(*index),
                RecordSource::Coupling(index) => self.couplings.current(*index),
                RecordSource::Closure(_) => continue,
            };
            record.take(changes, averaged, ends, stride);
        }
        if ends {
            self.in_stride = 0;
        }
    }

    /// Brings the direction of the states to length 1; the logarithm of the length that it had.
    fn rescale(&mut self) -> f64 {
        let length = self.groups.iter().map(NodesTangent::square).sum::<f64>().sqrt();
        self.groups.iter_mut().for_each(|group| group.scale(1.0 / length));
        self.couplings.scale(1.0 / length);
        length.ln()
    }
}

impl RecordTangent {
    fn new(record: &Record) -> Result<Self, GradientError> {
        let name = record.name.clone();
        match record.source() {
            RecordSource::Closure(_) => Err(GradientError::Closure { name }),
            source => Ok(Self { name, source: source.clone(), width: 0, sum: Vec::new(), rows: Vec::new() }),
        }
    }

    fn take(&mut self, changes: &[f64], averaged: bool, ends: bool, stride: usize) {
        self.width = changes.len();
        if !averaged {
            if ends {
                self.rows.extend_from_slice(changes);
            }
            return;
        }
        self.sum.resize(changes.len(), 0.0);
        add(&mut self.sum, changes);
        if ends {
            self.rows.extend(self.sum.drain(..).map(|sum| sum / stride as f64));
        }
    }
}

/// Refuses instruments: changes are not shown to them.
fn not_observed(simulator: &Simulator) -> Result<(), GradientError> {
    match simulator.observations.first() {
        Some(observation) => Err(GradientError::Observed { name: observation.name.clone() }),
        None => Ok(()),
    }
}
