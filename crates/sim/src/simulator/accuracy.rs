//! The accuracy of integration schemes and time steps, against a fine reference.

use std::time::Duration;

use brainmass_core::quantity::Time;
use brainmass_core::scheme::Scheme;
use brainmass_data::steps::{self, Steps};
use ndarray::ArrayView1;

use super::builder::Simulator;
use crate::network::Input;
use crate::run::Run;
use crate::runtime::RunError;

/// The number of steps of the reference in one of the simulation's own steps.
pub const REFERENCE_STEPS: f64 = 16.0;

/// The share of a signal's largest magnitude in the whole run below which its amplitude is taken for rest, which has no frequency.
const REST: f64 = 1e-6;

/// The deviations of runs with several schemes and steps from a fine reference, see [`Simulator::accuracy`].
#[derive(Debug, Clone)]
pub struct Accuracy {
    /// The time step of the reference, which is made with the scheme `rk4`, ms.
    pub reference_dt: f64,
    /// A row for each scheme and step, in the order in which they were asked for.
    pub rows: Vec<AccuracyRow>,
}

/// The deviations of runs with one scheme and step: the largest over all signals and nodes.
#[derive(Debug, Clone)]
pub struct AccuracyRow {
    /// The scheme.
    pub scheme: Scheme,
    /// The time step, ms.
    pub dt: f64,
    /// The deviations; a message where the run failed or could not be made.
    pub outcome: Result<Deviations, String>,
    /// The time that the run took.
    pub elapsed: Duration,
}

/// Deviations from the reference, each relative to its size there.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Deviations {
    /// The deviation of the mean, relative to the larger of the mean's magnitude and the amplitude.
    pub mean: f64,
    /// The deviation of the difference between maximum and minimum, relative to the larger of this difference and a thousandth of the mean's
    /// magnitude.
    pub amplitude: f64,
    /// The deviation of the frequency of crossings of the mean; infinite where one of the two rests and the other oscillates, and `None` where
    /// both rest.
    pub frequency: Option<f64>,
}

impl Deviations {
    /// The largest of the deviations.
    pub fn largest(self) -> f64 {
        self.mean.max(self.amplitude).max(self.frequency.unwrap_or(0.0))
    }

    /// The larger of each of the deviations.
    fn max(self, other: Self) -> Self {
        Self {
            mean: self.mean.max(other.mean),
            amplitude: self.amplitude.max(other.amplitude),
            frequency: match (self.frequency, other.frequency) {
                (Some(one), Some(other)) => Some(one.max(other)),
                (one, other) => one.or(other),
            },
        }
    }
}

impl Accuracy {
    /// The index of the row that took the least time of those whose largest deviation is within `tolerance`.
    pub fn cheapest(&self, tolerance: f64) -> Option<usize> {
        let within = |row: &AccuracyRow| {
            row.outcome.as_ref().is_ok_and(|deviations| deviations.largest() <= tolerance)
        };
        let rows = self.rows.iter().enumerate().filter(|(_, row)| within(row));
        rows.min_by_key(|(_, row)| row.elapsed).map(|(index, _)| index)
    }
}

impl Simulator {
    /// Compares runs with each of several schemes and time steps (ms) with a reference: `rk4` at a sixteenth of the simulation's own step.
    ///
    /// The mean, the amplitude and the frequency of everything that is recorded are compared over the second half of `duration`, so that
    /// runs that part in a transient but settle on the same attractor agree. Noise on states is left out: a scheme's error is that of the
    /// equations without it.
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// let simulator = Simulator::new(VanDerPolStep::new(1).init_x(1.0)).dt(0.1);
    /// let accuracy = simulator.accuracy(200.0, &[(Scheme::Euler, 0.1), (Scheme::Rk4, 0.1)])?;
    /// let worst = |row: usize| accuracy.rows[row].outcome.as_ref().unwrap().largest();
    /// assert!(worst(0) > 0.01 && worst(1) < 1e-4);
    /// assert_eq!(accuracy.cheapest(0.001), Some(1));
    /// # Ok::<(), brainmass::RunError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The reference itself cannot be run, for the reasons that [`Simulator::run`] gives.
    pub fn accuracy(
        &self,
        duration: impl Into<Time>,
        choices: &[(Scheme, f64)],
    ) -> Result<Accuracy, RunError> {
        let duration = duration.into();
        let own = self.start()?.time_step();
        let reference_dt = own / REFERENCE_STEPS;
        let reference = self.summarised(&duration, Scheme::Rk4, own, reference_dt)?;
        let rows = choices.iter().map(|&(scheme, dt)| {
            let run = self.summarised(&duration, scheme, own, dt);
            let elapsed = run.as_ref().map_or(Duration::ZERO, |(_, elapsed)| *elapsed);
            let compare = |(signals, _): (Vec<Summary>, Duration)| {
                let pairs = signals.iter().zip(&reference.0);
                pairs
                    .map(|(signal, reference)| signal.deviations(reference))
                    .fold(Deviations::default(), Deviations::max)
            };
            AccuracyRow { scheme, dt, outcome: run.map(compare).map_err(|error| error.to_string()), elapsed }
        });
        Ok(Accuracy { reference_dt, rows: rows.collect() })
    }

    /// Runs with another scheme and step, and summarises every signal of every node over the second half of the run.
    fn summarised(
        &self,
        duration: &Time,
        scheme: Scheme,
        own: f64,
        dt: f64,
    ) -> Result<(Vec<Summary>, Duration), RunError> {
        let mut simulator = self.clone().scheme(scheme).dt(dt).every(1).transient(0.0);
        simulator.averaged = false;
        simulator.instruments.clear();
        simulator.noises.clear();
        simulator.network.remove_noise();
        let inputs = std::mem::take(&mut simulator.inputs).into_iter();
        simulator.inputs = inputs.filter_map(|(port, input)| Some((port, without_noise(input)?))).collect();
        for (_, input) in &mut simulator.inputs {
            // Rows of a series belong to the simulation's own steps.
            if let Input::Series { hold, .. } = input {
                let held = steps::count(*hold as f64 * own, dt).and_then(Steps::whole);
                let Some(held) = held.filter(|held| *held > 0) else {
                    return Err(RunError::Time {
                        what: "dt".into(),
                        given: format!("{dt} ms"),
                        expected: "a whole number of steps is needed for each row of the series that drive inputs",
                    });
                };
                *hold = held;
            }
        }
        // The reference is sampled at the simulation's own step, so that it takes no more memory than the run itself.
        if dt < own {
            simulator = simulator.every((own / dt).round() as usize);
        }
        let run = simulator.run(duration.clone())?;
        let elapsed = run.elapsed();
        Ok((summaries(&run), elapsed))
    }
}

/// Returns an input without the noise processes in it; `None` if it is nothing else.
fn without_noise(input: Input) -> Option<Input> {
    match input {
        Input::Process(_) => None,
        Input::Sum(terms) => {
            let terms: Vec<Input> = terms.into_iter().filter_map(without_noise).collect();
            (!terms.is_empty()).then_some(Input::Sum(terms))
        }
        other => Some(other),
    }
}

/// The summary of a signal of a node.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Summary {
    mean: f64,
    amplitude: f64,
    /// The frequency of crossings of the mean upwards, in Hz; 0 at rest.
    frequency: f64,
    /// The size below which a difference is none: a millionth of the largest magnitude in the whole run.
    rest: f64,
}

/// Summarises every signal of every node over the second half of a run.
fn summaries(run: &Run) -> Vec<Summary> {
    let half = run.ts.len() / 2;
    let times = run.ts.slice(ndarray::s![half..]);
    let names: Vec<&str> = run.names().collect();
    let signals = names.into_iter().filter_map(|name| run.get(name));
    signals
        .flat_map(|values| {
            let late = values.slice(ndarray::s![half.min(values.nrows()).., ..]);
            let columns = late.columns().into_iter().zip(values.columns());
            columns.map(|(late, all)| Summary::new(times, late, magnitude(all))).collect::<Vec<_>>()
        })
        .collect()
}

/// The largest magnitude of some values.
fn magnitude(values: ArrayView1<f64>) -> f64 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

impl Summary {
    /// Summarises the values of a signal at some times (ms); `magnitude` is the largest of the whole run.
    fn new(times: ArrayView1<f64>, values: ArrayView1<f64>, magnitude: f64) -> Self {
        let mean = values.sum() / values.len().max(1) as f64;
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
            (low.min(value), high.max(value))
        });
        let amplitude = (high - low).max(0.0);
        let rest = (REST * magnitude).max(f64::MIN_POSITIVE);
        let mut summary = Self { mean, amplitude, frequency: 0.0, rest };
        if amplitude > rest {
            summary.frequency = crossings(times, values, mean);
        }
        summary
    }

    /// Computes the deviations from a reference.
    fn deviations(&self, reference: &Self) -> Deviations {
        let size = reference.mean.abs().max(reference.amplitude).max(reference.rest);
        let swing = reference.amplitude.max(1e-3 * reference.mean.abs()).max(reference.rest);
        let frequency = match (self.frequency > 0.0, reference.frequency > 0.0) {
            (true, true) => Some((self.frequency / reference.frequency - 1.0).abs()),
            (false, false) => None,
            // An oscillation that dies away on one side only counts where it is as large as what is compared.
            _ if self.amplitude.max(reference.amplitude) < 1e-3 * size => None,
            _ => Some(f64::INFINITY),
        };
        Deviations {
            mean: (self.mean - reference.mean).abs() / size,
            amplitude: (self.amplitude - reference.amplitude).abs() / swing,
            frequency,
        }
    }
}

/// Computes the frequency, in Hz, at which a signal crosses a level upwards, between its first and its last such crossing, which are interpolated.
fn crossings(times: ArrayView1<f64>, values: ArrayView1<f64>, level: f64) -> f64 {
    let crossed = (1..values.len()).filter(|&i| values[i - 1] < level && values[i] >= level);
    let at = |i: usize| {
        let share = (level - values[i - 1]) / (values[i] - values[i - 1]);
        times[i - 1] + share * (times[i] - times[i - 1])
    };
    let moments: Vec<f64> = crossed.map(at).collect();
    match moments[..] {
        [first, .., last] if last > first => 1000.0 * (moments.len() - 1) as f64 / (last - first),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use brainmass_core::population::Model as _;
    use brainmass_zoo::{HopfStep, LinearStep};

    use super::*;

    #[test]
    fn deviations_shrink_with_the_order_of_the_scheme() {
        // The limit cycle of the Hopf normal form turns at w and has the radius sqrt(a/beta).
        let hopf = HopfStep::new(1).a(0.25).w(0.2).init_x(0.5).noise("x", 0.3);
        let choices = [(Scheme::Euler, 0.2), (Scheme::Euler, 0.1), (Scheme::Heun, 0.2), (Scheme::Rk4, 0.2)];
        let accuracy = Simulator::new(hopf).dt(0.2).record(["x"]).accuracy(400.0, &choices).unwrap();
        let worst: Vec<f64> =
            accuracy.rows.iter().map(|row| row.outcome.as_ref().unwrap().largest()).collect();
        assert!((worst[0] / worst[1] - 2.0).abs() < 0.3, "{worst:?}");
        assert!(worst[2] < 0.1 * worst[0] && worst[3] < 0.1 * worst[2].max(1e-3), "{worst:?}");
        assert_eq!(accuracy.reference_dt, 0.0125);
    }

    #[test]
    fn what_rests_has_no_frequency_to_be_compared() {
        let resting = HopfStep::new(1).a(-0.25).init_x(0.5);
        let row = |model: HopfStep| {
            let accuracy = Simulator::new(model).record(["x"]).accuracy(2000.0, &[(Scheme::Heun, 0.1)]);
            accuracy.unwrap().rows[0].outcome.clone().unwrap()
        };
        let at_rest = row(resting);
        assert!(at_rest.frequency.is_none() && at_rest.largest() < 1e-3, "{at_rest:?}");
        assert!(row(HopfStep::new(1).a(0.25).init_x(0.5)).frequency.is_some());
    }

    #[test]
    fn a_run_that_fails_is_a_row_with_its_reason() {
        let linear = LinearStep::new(1).gamma(-10.0).init_x(1.0);
        let accuracy = Simulator::new(linear).dt(0.1).accuracy(600.0, &[(Scheme::Euler, 1.0)]).unwrap();
        let reason = accuracy.rows[0].outcome.as_ref().unwrap_err();
        assert!(reason.contains("diverge") || reason.contains("finite"), "{reason}");
        assert_eq!(accuracy.cheapest(0.01), None);
    }

    #[test]
    fn crossings_are_interpolated() {
        let times = ndarray::Array1::from_iter((0..1000).map(|i| f64::from(i) * 0.7));
        let values = times.mapv(|t| (t * std::f64::consts::TAU / 31.0).sin());
        assert!((crossings(times.view(), values.view(), 0.0) - 1000.0 / 31.0).abs() < 1e-3);
    }
}
