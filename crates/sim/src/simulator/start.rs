//! The start of a simulation: nodes, edges, records and instruments at t = 0.

use std::sync::Arc;

use brainmass_core::any::AnyModel;
use brainmass_core::engine::{Execution, FaultMask};
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_data::io::recording::check_record_name;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::builder::{Simulator, Span};
use crate::fingerprint::Fingerprint;
use crate::network::{Input, Network};
use crate::noise::{Process, WhiteNoise};
use crate::run::Provenance;
use crate::runtime::drive::{DriveContext, PortDrive};
use crate::runtime::edges::Edges;
use crate::runtime::edges::plan::{ProjectionPlan, plan_side_by_side};
use crate::runtime::memory::{MemoryBudget, bytes};
use crate::runtime::nodes::RunContext;
use crate::runtime::step_error::{ErrorWatch, REFERENCE_STEPS, Twins};
use crate::runtime::time::{positive, whole_steps};
use crate::runtime::{Names, Nodes, Record, RecordSpec, RunError, Session};
use brainmass_core::shared::Text;

impl Simulator {
    /// Starts a session, which can be run piece by piece. The transient is left to the caller, see [`Session::skip`].
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::run`], without those of the duration.
    pub fn start(&self) -> Result<Session, RunError> {
        let (mut session, _) = self.start_planned()?;
        let provenance =
            Provenance { settings: self.fingerprint(), ..Provenance::clone(&session.provenance) };
        session.provenance = Arc::new(provenance);
        Ok(session)
    }

    /// Starts a session, and returns with it the plans of the projections from which its edges were made.
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::start`].
    pub(crate) fn start_planned(&self) -> Result<(Session, Vec<ProjectionPlan>), RunError> {
        let (session, mut plans) = self.start_runs(&[self])?;
        Ok((session, plans.swap_remove(0)))
    }

    /// Starts a simulation, or those of a batch side by side, as this one is to be run. They differ in nothing but their seeds, the numbers of their
    /// networks, and their constant inputs. Returns with the session the plans of the projections of each network.
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::start`].
    pub(super) fn start_runs(&self, runs: &[&Self]) -> Result<(Session, Vec<Vec<ProjectionPlan>>), RunError> {
        let dt = positive("dt", self.time_step()?)?;
        let stride = self.stride_of(dt)?;
        let names = self.names();
        let execution = Execution {
            simd: self.simd.map_or_else(Simd::from_environment, Ok)?,
            parallel: self.threads.unwrap_or(1) > 1 && runs.len() == 1,
        };
        let seeds: Vec<u64> = runs.iter().map(|run| run.seed).collect();
        let context = RunContext { dt, simd: execution.simd, seeds: &seeds, scheme: self.scheme };
        let mut memory = MemoryBudget::new(self.memory);
        let mut nodes = Vec::new();
        let mut streams = 0;
        for (group, drives) in self.drives(runs, &names, dt, &seeds)?.into_iter().enumerate() {
            let models: Vec<&dyn AnyModel> =
                runs.iter().map(|run| run.network.groups[group].model.as_ref()).collect();
            let started = Nodes::new(&models, drives, context, streams, &mut memory)?;
            streams += started.info().states.len();
            nodes.push(started);
        }
        self.set_pasts(&names, &mut nodes, dt)?;
        let plans: Vec<Vec<ProjectionPlan>> = plan_side_by_side(runs.iter().map(|run| &run.network), dt)?;
        let planned: Vec<(&Network, &[ProjectionPlan])> =
            runs.iter().zip(&plans).map(|(run, plans)| (&run.network, &plans[..])).collect();
        let pool = if execution.parallel { Some(build_pool(self.threads.unwrap_or(1))?) } else { None };
        let mut start_edges = || Edges::new(&planned, &mut nodes, dt, execution, &mut memory);
        let edges = match &pool {
            Some(pool) => pool.install(start_edges),
            None => start_edges(),
        }?;
        let records = self.resolve_records(&names, &nodes, &edges)?;
        let started = self
            .instruments
            .iter()
            .map(|spec| spec.start((dt, runs.len(), execution.simd), &names, &nodes, &edges));
        let instruments = started.collect::<Result<_, _>>()?;
        let schemes: Vec<Scheme> = nodes.iter().map(Nodes::scheme).collect();
        let error_watch = match runs {
            [run] if self.estimates_error => {
                Some(self.error_watch(&run.network, dt, execution.simd, &mut memory)?)
            }
            _ => None,
        };
        let session = Session {
            provenance: Arc::new(self.provenance(&names, (&schemes, dt), execution.simd, seeds[0])),
            names,
            nodes,
            edges,
            records,
            instruments,
            simd: execution.simd,
            dt,
            stride,
            averaged: self.averaged,
            progress: self.progress.clone(),
            step: 0,
            in_stride: 0,
            times: Vec::new(),
            pool,
            seeds,
            diverged: FaultMask::default(),
            memory,
            most_steps: self.most_steps,
            error_watch,
        };
        Ok((session, plans))
    }

    /// Creates the nodes with which a run estimates the error of its steps: without noise, in steps of its own and in small ones.
    fn error_watch(
        &self,
        network: &Network,
        dt: f64,
        simd: Simd,
        memory: &mut MemoryBudget,
    ) -> Result<ErrorWatch, RunError> {
        let mut quiet = network.clone();
        quiet.remove_noise();
        let fine_dt = dt / REFERENCE_STEPS as f64;
        let mut twins = Vec::new();
        for group in &quiet.groups {
            let mut nodes = |dt: f64, scheme: Option<Scheme>| {
                let context = RunContext { dt, simd, seeds: &[0], scheme };
                Nodes::new(&[group.model.as_ref()], Vec::new(), context, 0, memory)
            };
            twins.push(Twins { own: nodes(dt, self.scheme)?, fine: nodes(fine_dt, Some(Scheme::Rk4))? });
        }
        Ok(ErrorWatch::new(twins, dt))
    }

    /// Returns the number of steps from row to row of the records.
    fn stride_of(&self, dt: f64) -> Result<usize, RunError> {
        match &self.stride {
            Span::Steps(0) => Err(RunError::Time {
                what: "stride".into(),
                given: "0 steps".into(),
                expected: "at least 1 is needed",
            }),
            Span::Steps(steps) => Ok(*steps),
            Span::Time(time) => {
                positive("sampling interval", time.clone())?;
                whole_steps("sampling interval", time.clone(), dt)
            }
        }
    }

    /// The names of the groups of the network.
    pub(crate) fn names(&self) -> Names {
        Names::new(
            self.network
                .groups
                .iter()
                .map(|group| (group.name.clone(), group.model.population().shared_info())),
        )
    }

    /// Reports an array of `rows` times `width` derivatives by an input that does not fit into the memory.
    pub(crate) fn check_gradient_of_input(
        &self,
        name: &str,
        rows: usize,
        width: usize,
    ) -> Result<(), RunError> {
        let what = || format!("a gradient by `{name}` in each of {rows} rows of {width} values");
        let advice = "drive the port by a constant or a shorter series, or make the run shorter";
        MemoryBudget::new(self.memory).check(what, advice, bytes(&[rows, width])).map(|_| ())
    }

    /// Describes what made the run; entries of several groups are separated by commas.
    fn provenance(
        &self,
        names: &Names,
        (schemes, dt): (&[Scheme], f64),
        simd: Simd,
        seed: u64,
    ) -> Provenance {
        let joined = |text: &dyn Fn(usize, &ModelInfo) -> String| {
            let groups = self.network.groups.iter().enumerate();
            groups.map(|(index, group)| text(index, group.info())).collect::<Vec<_>>().join(", ")
        };
        Provenance {
            model: joined(&|index, _| names.words(index)),
            version: joined(&|_, info| info.version.to_string()),
            hash: joined(&|_, info| format!("{:016x}", info.hash)),
            brainmass: env!("CARGO_PKG_VERSION").to_owned(),
            simd: simd.name().to_owned(),
            scheme: joined(&|index, _| schemes[index].name().to_owned()),
            dt,
            seed,
            ended_at: None,
            settings: Fingerprint::default(),
            labels: Vec::new(),
            recipe: None,
        }
    }

    /// Collects the drives of the ports of each group. The constant inputs are those of each run; all else is that of this simulation.
    fn drives(
        &self,
        runs: &[&Self],
        names: &Names,
        dt: f64,
        seeds: &[u64],
    ) -> Result<Vec<Vec<PortDrive>>, RunError> {
        let mut drives: Vec<Vec<PortDrive>> = self.network.groups.iter().map(|_| Vec::new()).collect();
        let mut context = DriveContext { dt, seeds, processes: 0 };
        // Noise joins the input of its port; two inputs of one port are a mistake.
        let inputs = self.inputs.iter().map(|(name, input)| (name, input.clone(), false));
        let noises = self.noises.iter().map(|(name, process)| (name, Input::from(process.clone()), true));
        for (name, input, joins) in inputs.chain(noises) {
            let of_runs: Vec<&Input> = match &input {
                Input::Constant(_) if !joins => runs.iter().filter_map(|run| run.input_of(name)).collect(),
                _ => vec![&input],
            };
            let (group, port) = names
                .find(name, ModelInfo::input)
                .ok_or_else(|| names.unknown("input", name, "inputs", input_names, []))?;
            let (nodes, driven) = (&self.network.groups[group], &mut drives[group]);
            let at = match driven.iter().position(|drive| drive.port() == port) {
                Some(_) if !joins => return Err(RunError::InputTwice { port: name.clone() }),
                Some(at) => at,
                None => {
                    driven.push(PortDrive::new(nodes.info(), port));
                    driven.len() - 1
                }
            };
            let unit = &nodes.info().inputs[port].unit;
            driven[at].add_inputs(&of_runs, unit, nodes.nodes(), &mut context)?;
        }
        self.drive_by_default(&mut drives, &mut context)?;
        Ok(drives)
    }

    /// Gives signals that are read with a delay the pasts that were set.
    fn set_pasts(&self, names: &Names, nodes: &mut [Nodes], dt: f64) -> Result<(), RunError> {
        for (name, history) in &self.pasts {
            let signal = names.find(name, ModelInfo::signal);
            let unknown =
                || names.unknown("signal", name, "states and observables", ModelInfo::signal_names, []);
            let (group, signal) = signal.ok_or_else(unknown)?;
            nodes[group].set_past(signal, history, name, dt)?;
        }
        Ok(())
    }

    /// Drives the ports for which the model's file gives noise, and to which nothing else is given, by that noise.
    fn drive_by_default(
        &self,
        drives: &mut [Vec<PortDrive>],
        context: &mut DriveContext,
    ) -> Result<(), RunError> {
        for (group, driven) in self.network.groups.iter().zip(drives) {
            for (port, input) in group.info().inputs.iter().enumerate() {
                let noise = group.model.population().input_noise(port);
                let Some(sigma) = noise.filter(|_| driven.iter().all(|drive| drive.port() != port)) else {
                    continue;
                };
                let mut drive = PortDrive::new(group.info(), port);
                let process = Input::from(Process::from(WhiteNoise::new(sigma)));
                drive.add_inputs(&[&process], &input.unit, group.nodes(), context)?;
                driven.push(drive);
            }
        }
        Ok(())
    }

    /// Returns the input of a port by its name.
    fn input_of(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|(port, _)| port == name).map(|(_, input)| input)
    }

    /// Resolves what is to be recorded: the output of each model where nothing was said.
    fn resolve_records(
        &self,
        names: &Names,
        nodes: &[Nodes],
        edges: &Edges,
    ) -> Result<Vec<Record>, RunError> {
        let outputs: Vec<(String, RecordSpec)>;
        let asked = if self.records.is_empty() && self.instruments.is_empty() {
            let output = |(group, nodes): (usize, &Nodes)| {
                let info = nodes.info();
                let name = names.full(group, info.signal_name(info.output.unwrap_or(Signal::State(0))));
                (name.clone(), RecordSpec::Name(name))
            };
            outputs = nodes.iter().enumerate().map(output).collect();
            &outputs
        } else {
            &self.records
        };
        let observed = self.instruments.iter().map(|instrument| &instrument.name);
        let all: Vec<&String> = asked.iter().map(|(name, _)| name).chain(observed).collect();
        for (index, name) in all.iter().enumerate() {
            if all[..index].contains(name) {
                return Err(RunError::Twice { name: (*name).clone() });
            }
            check_record_name(name).map_err(RunError::RecordName)?;
        }
        asked.iter().map(|(name, spec)| Record::new(name, spec, names, nodes, edges)).collect()
    }
}

/// Starts the threads of a run or a batch.
///
/// # Errors
///
/// The system gives no threads.
pub(super) fn build_pool(threads: usize) -> Result<ThreadPool, RunError> {
    let built = ThreadPoolBuilder::new().num_threads(threads).build();
    built.map_err(|error| RunError::Threads { threads, why: error.to_string() })
}

/// The names of the input ports of a model.
fn input_names(info: &ModelInfo) -> impl Iterator<Item = &Text> {
    info.inputs.iter().map(|input| &input.name)
}
