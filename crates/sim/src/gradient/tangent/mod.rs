//! Forward mode: the change along one direction of everything that is recorded, and the rate at which neighbouring runs part.

pub(crate) mod edges;
pub(crate) mod nodes;
mod records;

use std::time::Instant;

use crate::gradient::derivatives::RunDerivatives;
use crate::gradient::error::GradientError;
use crate::gradient::outcome::Tangent;
use crate::gradient::settings::{enable_noise, refuse_delay};
use crate::gradient::tangent::edges::{EdgeTangents, ProjectionDirection};
use crate::gradient::tangent::nodes::{NodeTangents, NodesDirection};
use crate::gradient::tangent::records::RecordTangents;
use crate::network::{Network, Setting, SettingError};
use crate::noise::NormalStream;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::{RunError, Session};
use crate::simulator::Simulator;
use brainmass_core::quantity::Time;

/// The number of steps after which the direction of [`Simulator::lyapunov_exponent`] is brought back to length 1.
const RESCALE_STEPS: usize = 16;

impl Simulator {
    /// Runs for `duration`, the transient included, and returns the derivatives of everything that is recorded along a direction.
    ///
    /// The direction is given by names of settings (see [`Network::set`]), each with one value, or as many as [`Network::get`] tells. This takes a few
    /// times as long as the run, the more, the more states the model has, and no memory to speak of: it is for few parameters, and for records that
    /// have more numbers than a loss.
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
    /// Those of [`Simulator::gradient`]; a direction of another number of values.
    pub fn tangent(
        &self,
        duration: impl Into<Time>,
        direction: &[(&str, &[f64])],
    ) -> Result<Tangent, GradientError> {
        refuse_instruments(self)?;
        let mut pass = ForwardPass::new(self, direction, |_, _| {})?;
        let (steps, transient) = pass.count_steps(self, duration.into())?;
        // The records, and the tangents of all of them.
        pass.session.check_memory(steps - transient, 2)?;
        pass.records = pass.session.records.iter().map(RecordTangents::new).collect::<Result<_, _>>()?;
        let started = Instant::now();
        for step in 0..steps {
            pass.step(step >= transient)?;
        }
        let run = pass.session.finish(started, steps);
        for record in &pass.records {
            if let Some((row, node, value)) = record.find_not_finite() {
                let time = run.times(&record.name).map_or(f64::NAN, |times| times[row]);
                return Err(GradientError::TangentDiverged { name: record.name.clone(), node, value, time });
            }
        }
        Ok(Tangent { run, tangents: pass.records.into_iter().map(RecordTangents::into_rows).collect() })
    }

    /// Computes the largest Lyapunov exponent, per ms: the rate at which neighbouring runs part (above 0: chaos) or meet.
    ///
    /// `duration` includes the transient, in which the direction settles; the rest is the time over which the growth is averaged (Benettin et al. 1980,
    /// Meccanica 15:9, doi 10.1007/BF02128236).
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
    /// Those of [`Simulator::run`].
    pub fn lyapunov_exponent(&self, duration: impl Into<Time>) -> Result<f64, GradientError> {
        let mut pass = ForwardPass::new(self, &[], random_initial)?;
        let (steps, transient) = pass.count_steps(self, duration.into())?;
        pass.rescale();
        let mut growth = 0.0;
        for step in 0..steps {
            pass.step(false)?;
            if step + 1 == transient {
                pass.rescale();
                growth = 0.0;
            } else if (step + 1) % RESCALE_STEPS == 0 || step + 1 == steps {
                growth += pass.rescale();
            }
        }
        Ok(growth / ((steps - transient) as f64 * pass.session.dt))
    }
}

/// A direction in which a network can move, by groups and projections.
struct Direction {
    nodes: Vec<NodesDirection>,
    projections: Vec<ProjectionDirection>,
}

/// Moves all initial states in a random direction, which no symmetry of the network keeps to itself.
fn random_initial(network: &Network, direction: &mut Direction) {
    for (group, direction) in direction.nodes.iter_mut().enumerate() {
        let nodes = &network.groups[group];
        for state in 0..nodes.info().states.len() {
            let mut values = vec![0.0; nodes.nodes()];
            NormalStream::new(0, (group << 16 | state) as u32).fill(0, 0, &mut values);
            direction.initial.push((state, values));
        }
    }
}

/// Resolves the names of a direction.
///
/// # Errors
///
/// A name is not there or stands for a delay, or has another number of values.
fn resolve(
    network: &Network,
    plans: &[ProjectionPlan],
    direction: &[(&str, &[f64])],
) -> Result<Direction, GradientError> {
    let mut resolved = Direction { nodes: Vec::new(), projections: Vec::new() };
    resolved.nodes.resize_with(network.groups.len(), NodesDirection::default);
    resolved.projections.resize_with(plans.len(), ProjectionDirection::default);
    for (name, values) in direction {
        let setting = network.setting(name)?;
        refuse_delay(network, name, setting)?;
        let known = network.get(name)?.len();
        if values.len() != known && values.len() != 1 {
            let expected = format!("one value, or {known} are needed");
            let given = format!("{} values are", values.len());
            return Err(SettingError::Values { name: (*name).to_owned(), given, expected }.into());
        }
        let spread = |count: usize| if let [value] = values { vec![*value; count] } else { values.to_vec() };
        let nodes = |group: usize| network.groups[group].nodes();
        match setting {
            Setting::Parameter { group, index } => {
                resolved.nodes[group].parameters.push((index, spread(nodes(group))));
            }
            Setting::Initial { group, index } => {
                resolved.nodes[group].initial.push((index, spread(nodes(group))));
            }
            Setting::Noise { group, index } => {
                resolved.nodes[group].noise.push((index, spread(nodes(group))));
            }
            Setting::Rule { projection, index } => {
                let targets = nodes(plans[projection].target_group);
                resolved.projections[projection].rule.push((index, spread(targets)));
            }
            Setting::Weights { projection } => {
                resolved.projections[projection].weights = Some(spread(known));
            }
            Setting::Speed { .. } => {}
        }
    }
    Ok(resolved)
}

/// A run that is followed along a direction.
struct ForwardPass {
    session: Session,
    tangents: RunDerivatives<NodeTangents, EdgeTangents>,
    records: Vec<RecordTangents>,
    /// The number of samples taken into the present stride.
    in_stride: usize,
}

impl ForwardPass {
    /// Starts a run and its tangents at t = 0, which record nothing yet. `change` may add to the direction.
    ///
    /// # Errors
    ///
    /// The run cannot be started, or the direction cannot be resolved.
    fn new(
        simulator: &Simulator,
        direction: &[(&str, &[f64])],
        change: impl Fn(&Network, &mut Direction),
    ) -> Result<Self, GradientError> {
        let mut simulator = simulator.clone().threads(1);
        enable_noise(&mut simulator.network, direction.iter().map(|(name, _)| *name))?;
        let (session, plans) = simulator.start_planned()?;
        let network = &simulator.network;
        let mut direction = resolve(network, &plans, direction)?;
        change(network, &mut direction);
        let both = session.nodes.iter().zip(&direction.nodes);
        let nodes: Vec<NodeTangents> =
            both.map(|(nodes, direction)| NodeTangents::new(nodes, direction)).collect();
        let run = (session.dt, session.simd);
        let edges = EdgeTangents::new(network, plans, &session.nodes, &nodes, run, &direction.projections)?;
        Ok(Self { session, tangents: RunDerivatives { nodes, edges }, records: Vec::new(), in_stride: 0 })
    }

    /// Counts the steps of a run and of its transient, and checks that inputs last as long.
    fn count_steps(&self, simulator: &Simulator, duration: Time) -> Result<(usize, usize), RunError> {
        let steps = self.session.count_steps("duration", duration)?;
        let transient = simulator.transient_of(steps, self.session.dt)?;
        self.session.check_coverage(steps)?;
        Ok((steps, transient))
    }

    /// Makes a step, and follows it.
    fn step(&mut self, record: bool) -> Result<(), GradientError> {
        let (step, dt) = (self.session.step, self.session.dt);
        let RunDerivatives { nodes: tangents, edges } = &mut self.tangents;
        self.session.advance_step(record, |session| {
            for (tangents, nodes) in tangents.iter_mut().zip(&session.nodes) {
                tangents.set_inputs(step, nodes);
            }
            edges.deliver(&session.edges, &session.nodes, tangents);
        })?;
        for (tangents, nodes) in self.tangents.nodes.iter_mut().zip(&mut self.session.nodes) {
            tangents.advance(step, dt, nodes);
        }
        if record {
            self.record();
        }
        Ok(())
    }

    /// Takes a sample of the tangents of every record.
    fn record(&mut self) {
        self.in_stride += 1;
        let (stride, averaged) = (self.session.stride, self.session.averaged);
        let ends_stride = self.in_stride == stride;
        for record in &mut self.records {
            if let Some(tangents) = self.tangents.recorded_mut(&record.source) {
                record.take(tangents, averaged, ends_stride, stride);
            }
        }
        if ends_stride {
            self.in_stride = 0;
        }
    }

    /// Brings the tangent of the states to length 1, and returns the logarithm of the length that it had.
    fn rescale(&mut self) -> f64 {
        let squared: f64 = self.tangents.nodes.iter().map(NodeTangents::squared_length).sum();
        let length = squared.sqrt();
        self.tangents.nodes.iter_mut().for_each(|tangents| tangents.scale(1.0 / length));
        self.tangents.edges.scale(1.0 / length);
        length.ln()
    }
}

/// Reports an instrument: tangents are not shown to them.
fn refuse_instruments(simulator: &Simulator) -> Result<(), GradientError> {
    match simulator.instruments.first() {
        Some(instrument) => Err(GradientError::Observed { name: instrument.name.clone() }),
        None => Ok(()),
    }
}
