//! BOLD by a model of the hemodynamics.

use ndarray::{Array2, ArrayView2};

use super::error::ObservationError;
use super::intake::Intake;
use super::monitor::{LinearMonitor as _, Monitor, check_adjoint};
use super::period::SamplingPeriod;
use super::temporal_average::TemporalAverage;
use crate::words::{Words, put};
use brainmass_core::any::AnyModel;
use brainmass_core::engine::{Columns, Engine, Reading, ReadingVjp, Step, StepVjp};
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_spec::problem::suggestion;

/// BOLD (relative change of the signal) by an observation model of the hemodynamics, one node a region: `BalloonWindkessel` of the zoo, or
/// one of your own with a single input port.
///
/// It starts with the initial states of the model, by default at rest. A row is the signal at the end of its period; an incomplete period at
/// the end of a run gives none. The hemodynamics are advanced by the scheme of their model, driven by the temporal mean of the activity (per s).
#[derive(Debug, Clone)]
pub struct BoldSignal {
    intake: Intake,
    model: Box<dyn AnyModel>,
    scheme: Scheme,
    simd: Simd,
    /// The average of the activity over each hemodynamic step.
    drive: TemporalAverage,
    coefficients: Vec<f64>,
    states: Vec<f64>,
    /// The states after a step, while it is made.
    next: Vec<f64>,
    observables: Vec<f64>,
    /// The index of the observable that is the signal.
    signal: usize,
    /// The number of hemodynamic steps from row to row.
    stride: usize,
    /// The number of hemodynamic steps made so far.
    steps: usize,
}

impl BoldSignal {
    /// Creates a monitor that samples every `period` ms a run with steps of `dt` ms; the model has one node a region.
    ///
    /// # Errors
    ///
    /// A period that is not a whole number of steps; a mistake in the model's parameters; a model that has not exactly one input, or no
    /// observable as its output.
    pub fn new(model: impl Into<Box<dyn AnyModel>>, period: f64, dt: f64) -> Result<Self, ObservationError> {
        Self::driven_every(dt, model, period, dt)
    }

    /// Creates a monitor as [`BoldSignal::new`] does, with hemodynamic steps of `step` ms, each driven by the mean activity of its duration.
    ///
    /// # Errors
    ///
    /// Those of [`BoldSignal::new`]; a period that is not a whole number of hemodynamic steps, or those not of simulation steps.
    pub fn driven_every(
        step: f64,
        model: impl Into<Box<dyn AnyModel>>,
        period: f64,
        dt: f64,
    ) -> Result<Self, ObservationError> {
        let model = model.into();
        let population = model.population();
        population.check().map_err(|error| ObservationError::Model(error.to_string()))?;
        let info = population.info();
        let signal = output(info)?;
        let columns = Columns::alone(population.nodes());
        let rows = |count: usize| vec![0.0; count * columns.count()];
        let drive = SamplingPeriod::named("the hemodynamic step", step, dt)?;
        let sampling = SamplingPeriod::named("the repetition time", period, dt)?;
        let stride = SamplingPeriod::named("the repetition time", period, drive.period())?.steps();
        let mut bold = Self {
            intake: Intake::new(sampling),
            coefficients: Vec::new(),
            drive: TemporalAverage::every(drive),
            states: rows(info.states.len()),
            next: rows(info.states.len()),
            observables: rows(info.observables.len()),
            scheme: info.scheme,
            simd: Simd::fastest(),
            model,
            signal,
            stride,
            steps: 0,
        };
        bold.prepare();
        bold.rest();
        Ok(bold)
    }

    /// Sets the integration scheme of the hemodynamics; that of their model if not given.
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self.prepare();
        self
    }

    /// Reads the signal from another observable of the model, such as `bold_linear` of `BalloonWindkessel`, the equation of Obata et al.
    /// (2004).
    ///
    /// # Errors
    ///
    /// The model has no such observable.
    pub fn signal(mut self, name: &str) -> Result<Self, ObservationError> {
        let info = self.model.population().info();
        let mut names = info.observables.iter().map(|observable| &observable.name);
        self.signal = names.clone().position(|known| known == name).ok_or_else(|| {
            let hint = suggestion(name, "observables", &mut names);
            ObservationError::Model(format!("{} has no observable `{name}`: {hint}", info.name))
        })?;
        Ok(self)
    }

    /// The engine of the hemodynamic model.
    fn engine(&self) -> &dyn Engine {
        self.model.engine()
    }

    fn columns(&self) -> Columns {
        Columns::alone(self.model.population().nodes())
    }

    /// Computes the coefficients, which depend on the parameters, the scheme and the instruction set alone.
    fn prepare(&mut self) {
        let (population, columns) = (self.model.population(), self.columns());
        let parameters = columns.rows(population.info().parameters.len(), |parameter, node, _| {
            population.parameter_at(parameter, node)
        });
        let step = self.drive.period();
        self.coefficients = self.engine().prepare(self.simd, self.scheme, step, columns.count(), &parameters);
    }

    /// Goes back to the initial states.
    fn rest(&mut self) {
        self.states = self.initial_states();
        self.steps = 0;
    }

    fn initial_states(&self) -> Vec<f64> {
        let population = self.model.population();
        let states = population.info().states.len();
        self.columns().rows(states, |state, node, _| population.initial_at(state, node))
    }

    /// Makes one hemodynamic step, from `self.states` to `self.next`, and swaps them.
    fn advance(&mut self, drive: &[f64]) {
        let mut step = Step {
            dt: self.drive.period(),
            nodes: drive.len(),
            steps: 1,
            states: &self.states,
            next: &mut self.next,
            coefficients: &self.coefficients,
            inputs: drive,
            noise: None,
        };
        self.model.engine().advance(self.simd, self.scheme, &mut step);
        std::mem::swap(&mut self.states, &mut self.next);
        self.steps += 1;
    }
}

/// Finds the observable that a model gives as its output.
///
/// # Errors
///
/// The model has not exactly one input, has delays, or gives no observable.
fn output(info: &ModelInfo) -> Result<usize, ObservationError> {
    let refuse = |reason: &str| ObservationError::Model(format!("{} {reason}", info.name));
    if info.inputs.len() != 1 || !info.delays.is_empty() {
        return Err(refuse(
            "cannot be driven by activity: a model of BOLD has exactly one input, and no delays",
        ));
    }
    match info.output {
        Some(Signal::Observable(index)) => Ok(index),
        _ => Err(refuse("has no observable as its `output`, which would be the BOLD signal")),
    }
}

impl Monitor for BoldSignal {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let (expected, given) = (self.model.population().nodes(), samples.ncols());
        if given != expected {
            let what = "the activity that drives the BOLD signal";
            return Err(ObservationError::RegionCount { what, expected, given });
        }
        self.intake.accept(samples)?;
        let mut out = Vec::new();
        for drive in self.drive.push(samples)?.outer_iter() {
            let drive = drive.to_vec();
            self.advance(&drive);
            if self.steps.is_multiple_of(self.stride) {
                let reading = Reading {
                    nodes: given,
                    states: &self.states,
                    coefficients: &self.coefficients,
                    inputs: &drive,
                };
                self.model.engine().observe(self.simd, &reading, &mut self.observables);
                let row = &self.observables[self.signal * given..(self.signal + 1) * given];
                if let Some(region) = row.iter().position(|value| !value.is_finite()) {
                    let time = self.steps as f64 * self.drive.period();
                    return Err(ObservationError::Collapsed { region, time });
                }
                out.extend_from_slice(row);
            }
        }
        let rows = Array2::from_shape_vec((out.len().checked_div(given).unwrap_or(0), given), out);
        Ok(self.intake.give(rows.expect("whole rows were written")))
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        self.rest();
        // An error of the average does not matter: whether BOLD was given is what counts.
        let _ = self.drive.finish();
        self.intake.finish()?;
        Ok(Array2::zeros((0, self.model.population().nodes())))
    }

    fn period(&self) -> f64 {
        self.intake.period().period()
    }

    fn dt(&self) -> f64 {
        self.intake.period().dt()
    }

    fn unit(&self, _: &str) -> String {
        "1".to_owned()
    }

    fn compute_with(&mut self, simd: Simd) {
        self.simd = simd;
        self.prepare();
    }

    fn save(&self) -> Option<Vec<u64>> {
        let mut words = Vec::new();
        self.intake.save(&mut words);
        words.push(self.steps as u64);
        put(&mut words, &self.states);
        words.extend(self.drive.save()?);
        Some(words)
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        let mut words = Words(saved);
        let mut read = || {
            self.intake.restore(&mut words)?;
            self.steps = words.whole()?;
            let states = words.numbers()?;
            (states.len() == self.states.len()).then(|| self.states = states)?;
            self.drive.restore(words.0).then_some(())
        };
        read().is_some()
    }

    /// Goes back through the hemodynamic steps. Their states are computed twice: once to keep every `sqrt(N)`-th of N, once again for each stretch
    /// between two of those, so that memory for `2 sqrt(N)` states is enough.
    fn vjp(
        &mut self,
        samples: ArrayView2<f64>,
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let drive = self.drive.clone().observe(samples)?;
        let (steps, regions) = drive.dim();
        check_adjoint(adjoint, steps / self.stride, regions)?;
        let stretch = ((steps as f64).sqrt().ceil() as usize).max(1);
        let mut kept = Vec::with_capacity(steps.div_ceil(stretch));
        self.rest();
        for (step, drive) in drive.outer_iter().enumerate() {
            if step.is_multiple_of(stretch) {
                kept.push(self.states.clone());
            }
            self.advance(&drive.to_vec());
        }
        let info = self.model.population().shared_info();
        let mut drive_adjoint = Array2::zeros((steps, regions));
        let mut states_adjoint = vec![0.0; info.states.len() * regions];
        let mut parameters_adjoint = vec![0.0; info.parameters.len() * regions];
        for (index, start) in kept.into_iter().enumerate().rev() {
            let first = index * stretch;
            let end = steps.min(first + stretch);
            // The states before each step of the stretch, and those after its last.
            let mut states = Vec::with_capacity(end - first + 1);
            self.states.clone_from(&start);
            states.push(start);
            for step in first..end {
                self.advance(&drive.row(step).to_vec());
                states.push(self.states.clone());
            }
            for step in (first..end).rev() {
                let inputs = drive.row(step).to_vec();
                let mut inputs_adjoint = vec![0.0; regions];
                if (step + 1).is_multiple_of(self.stride) {
                    let mut observables_adjoint = vec![0.0; info.observables.len() * regions];
                    let row = &mut observables_adjoint[self.signal * regions..][..regions];
                    row.iter_mut().zip(adjoint.row(step / self.stride)).for_each(|(to, from)| *to = *from);
                    self.engine().observe_vjp(&mut ReadingVjp {
                        simd: self.simd,
                        reading: Reading {
                            nodes: regions,
                            states: &states[step + 1 - first],
                            coefficients: &self.coefficients,
                            inputs: &inputs,
                        },
                        adjoint: &observables_adjoint,
                        states_adjoint: &mut states_adjoint,
                        inputs_adjoint: &mut inputs_adjoint,
                        parameters_adjoint: &mut parameters_adjoint,
                    });
                }
                self.engine().step_vjp(
                    self.scheme,
                    &mut StepVjp {
                        simd: self.simd,
                        dt: self.drive.period(),
                        nodes: regions,
                        states: &states[step - first],
                        coefficients: &self.coefficients,
                        inputs: &inputs,
                        noise: None,
                        adjoint: &mut states_adjoint,
                        inputs_adjoint: &mut inputs_adjoint,
                        parameters_adjoint: &mut parameters_adjoint,
                        noise_adjoint: None,
                    },
                );
                drive_adjoint
                    .row_mut(step)
                    .iter_mut()
                    .zip(&inputs_adjoint)
                    .for_each(|(to, from)| *to = *from);
            }
        }
        self.rest();
        self.drive.pullback(samples.dim(), drive_adjoint.view())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::testing::assert_chunks_do_not_matter;
    use brainmass_data::analysis::testing::signal;
    use brainmass_zoo::observation::BalloonWindkessel;

    #[test]
    fn chunks_do_not_matter() {
        let model = BalloonWindkessel::new(3);
        assert_chunks_do_not_matter(&mut BoldSignal::driven_every(5.0, model, 50.0, 1.0).unwrap());
    }

    #[test]
    fn steady_activity_settles_at_the_closed_form() {
        let mut bold = BoldSignal::new(BalloonWindkessel::new(1), 1000.0, 10.0).unwrap();
        let rows = bold.observe(Array2::from_elem((12_000, 1), 0.205).view()).unwrap();
        assert_eq!(rows.nrows(), 120);
        assert!((rows[[119, 0]] - 0.019_238_524_625_251_236).abs() < 1e-9);
    }

    #[test]
    fn derivatives_equal_central_differences() {
        let run = signal(120, 2).mapv(|x| 0.2 + 0.1 * x);
        let adjoint = signal(12, 2);
        for (linear, step) in [(false, 5.0), (true, 10.0)] {
            let bold = BoldSignal::driven_every(step, BalloonWindkessel::new(2), 50.0, 5.0).unwrap();
            let mut bold = if linear { bold.signal("bold_linear").unwrap() } else { bold };
            let pulled = bold.vjp(run.view(), adjoint.view()).unwrap();
            for index in [(0, 0), (57, 1), (118, 0)] {
                let mut at = |by: f64| {
                    let mut moved = run.clone();
                    moved[index] += by;
                    (&adjoint * &bold.observe(moved.view()).unwrap()).sum()
                };
                let difference = (at(1e-4) - at(-1e-4)) / 2e-4;
                assert!((pulled[index] - difference).abs() < 1e-6 * pulled[[57, 1]].abs(), "{index:?}");
            }
        }
        let mut bold = BoldSignal::new(BalloonWindkessel::new(2), 50.0, 5.0).unwrap();
        assert!(bold.vjp(run.view(), signal(13, 2).view()).is_err());
    }

    #[test]
    fn no_activity_gives_no_signal_and_other_regions_are_an_error() {
        let mut bold = BoldSignal::new(BalloonWindkessel::new(2), 100.0, 10.0).unwrap();
        assert!(bold.observe(Array2::zeros((50, 2)).view()).unwrap().iter().all(|x| x.abs() < 1e-15));
        assert!(bold.push(Array2::zeros((50, 3)).view()).is_err());
        assert!(BoldSignal::new(BalloonWindkessel::new(2), 725.0, 10.0).is_err());
    }
}
