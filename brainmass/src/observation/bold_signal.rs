//! BOLD by the Balloon-Windkessel model.

use ndarray::{Array2, ArrayView2};

use super::error::ObservationError;
use super::linear::{LinearMonitor as _, check_adjoint};
use super::monitor::{Intake, Monitor};
use super::period::SamplingPeriod;
use super::temporal_average::TemporalAverage;
use crate::engine::{Columns, Compiled, Engine, Reading, Step};
use crate::gradient::Loss;
use crate::info::Described;
use crate::population::Model;
use crate::real::Simd;
use crate::scheme::Scheme;
use crate::simulator::{Input, Run, Simulator};
use crate::zoo::observation::BalloonWindkessel;

/// BOLD (relative change of the signal) by the hemodynamics of `BalloonWindkessel`, one node a region.
///
/// It starts with the initial states of the model, by default at rest. A row is the signal at the end of its period; an incomplete period at
/// the end of a run gives none. The hemodynamics are stepped by exponential Euler, driven by the temporal mean of the activity (per s).
#[derive(Debug, Clone)]
pub struct BoldSignal {
    intake: Intake,
    model: BalloonWindkessel,
    simd: Simd,
    drive: TemporalAverage,
    coefficients: Vec<f64>,
    states: Vec<f64>,
    next: Vec<f64>,
    observables: Vec<f64>,
    /// Hemodynamic steps from row to row.
    stride: usize,
    steps: usize,
    shown: usize,
}

const ENGINE: Compiled<BalloonWindkessel> = Compiled::new();
const SCHEME: Scheme = Scheme::ExpEuler;
/// The port that activity drives.
const DRIVE: &str = "z";

impl BoldSignal {
    /// Samples every `period` ms a run with steps of `dt` ms; the model has one node a region.
    ///
    /// # Errors
    /// A period that is not a whole number of steps; a mistake in the model's parameters.
    pub fn new(model: BalloonWindkessel, period: f64, dt: f64) -> Result<Self, ObservationError> {
        Self::driven_every(dt, model, period, dt)
    }

    /// As [`BoldSignal::new`], with hemodynamic steps of `step` ms, each driven by the mean activity of its duration.
    ///
    /// # Errors
    /// As [`BoldSignal::new`]; a period that is not a whole number of hemodynamic steps, or those not of simulation steps.
    pub fn driven_every(
        step: f64,
        model: BalloonWindkessel,
        period: f64,
        dt: f64,
    ) -> Result<Self, ObservationError> {
        let population = model.population();
        population.check().map_err(|error| ObservationError::Model(error.to_string()))?;
        let (simd, info) = (Simd::fastest(), BalloonWindkessel::INFO);
        let columns = Columns { nodes: population.nodes(), members: 1 };
        let parameters = columns
            .rows(info.parameters.len(), |parameter, node, _| population.parameter_at(parameter, node));
        let rows = |count: usize| vec![0.0; count * columns.count()];
        let drive = SamplingPeriod::named("the hemodynamic step", step, dt)?;
        let sampling = SamplingPeriod::named("the repetition time", period, dt)?;
        let stride = SamplingPeriod::named("the repetition time", period, drive.period())?.steps();
        let mut bold = Self {
            intake: Intake::new(sampling),
            coefficients: ENGINE.prepare(simd, SCHEME, step, columns.count(), &parameters),
            drive: TemporalAverage::every(drive),
            states: rows(info.states.len()),
            next: rows(info.states.len()),
            observables: rows(info.observables.len()),
            simd,
            model,
            stride,
            steps: 0,
            shown: 0,
        };
        bold.rest();
        Ok(bold)
    }

    /// Reads the signal from `bold_linear`, the equation of Obata et al. (2004), in place of `bold`.
    pub fn linear(mut self) -> Self {
        let linear = |signal: &crate::info::ObservableInfo| signal.name == "bold_linear";
        self.shown = BalloonWindkessel::INFO.observables.iter().position(linear).unwrap_or(self.shown);
        self
    }

    fn rest(&mut self) {
        let population = self.model.population();
        let columns = Columns { nodes: population.nodes(), members: 1 };
        let states = BalloonWindkessel::INFO.states.len();
        self.states = columns.rows(states, |state, node, _| population.initial_at(state, node));
        self.steps = 0;
    }

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
        ENGINE.advance(self.simd, SCHEME, &mut step);
        std::mem::swap(&mut self.states, &mut self.next);
        self.steps += 1;
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
                ENGINE.observe(self.simd, &reading, &mut self.observables);
                let row = &self.observables[self.shown * given..(self.shown + 1) * given];
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
        // Whether BOLD was given is what counts.
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

    /// By the gradient of a run of the hemodynamics alone, driven by what the samples make of their drive.
    fn take_back(
        &mut self,
        samples: ArrayView2<f64>,
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let drive = self.drive.clone().observe(samples)?;
        let (steps, regions) = drive.dim();
        check_adjoint(adjoint, steps / self.stride, regions)?;
        let signal = BalloonWindkessel::INFO.observables[self.shown].name;
        let drive = Input::from(drive);
        let simulator = Simulator::new(self.model.clone())
            .dt(self.drive.period())
            .scheme(SCHEME)
            .simd(self.simd)
            .input(DRIVE, drive)
            .record([signal])
            .every(self.stride);
        let loss = |_: &Run| Ok(Loss::new(0.0).by(signal, adjoint.to_owned()));
        let gradient = simulator
            .gradient(steps as f64 * self.drive.period(), &[DRIVE], loss)
            .map_err(|error| ObservationError::Model(error.to_string()))?;
        let to_drive = ArrayView2::from_shape((steps, regions), &gradient[DRIVE])
            .map_err(|error| ObservationError::Model(error.to_string()))?;
        self.drive.pullback(samples.dim(), to_drive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::signal;
    use crate::observation::monitor::testing::assert_chunks_do_not_matter;

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
            let mut bold = if linear { bold.linear() } else { bold };
            let back = bold.take_back(run.view(), adjoint.view()).unwrap();
            for index in [(0, 0), (57, 1), (118, 0)] {
                let mut at = |by: f64| {
                    let mut moved = run.clone();
                    moved[index] += by;
                    (&adjoint * &bold.observe(moved.view()).unwrap()).sum()
                };
                let difference = (at(1e-4) - at(-1e-4)) / 2e-4;
                assert!((back[index] - difference).abs() < 1e-6 * back[[57, 1]].abs(), "{index:?}");
            }
        }
        let mut bold = BoldSignal::new(BalloonWindkessel::new(2), 50.0, 5.0).unwrap();
        assert!(bold.take_back(run.view(), signal(13, 2).view()).is_err());
    }

    #[test]
    fn no_activity_gives_no_signal_and_other_regions_are_an_error() {
        let mut bold = BoldSignal::new(BalloonWindkessel::new(2), 100.0, 10.0).unwrap();
        assert!(bold.observe(Array2::zeros((50, 2)).view()).unwrap().iter().all(|x| x.abs() < 1e-15));
        assert!(bold.push(Array2::zeros((50, 3)).view()).is_err());
        assert!(BoldSignal::new(BalloonWindkessel::new(2), 725.0, 10.0).is_err());
    }
}
