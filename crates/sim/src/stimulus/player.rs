//! Stimuli during a run.

use std::f64::consts::TAU;

use ndarray::Array2;

use super::builder::{Regions, Stimulus};
use super::error::StimulusError;
use super::shape::{Between, Shape};
use super::timing::{Since, Span};
use brainmass_core::quantity::{Frequency, Time, Values};

/// A stimulus whose numbers have been checked, ready to be added to a port. Times are in ms.
pub(crate) struct Player {
    course: Course,
    dt: f64,
    onset: Span,
    /// The duration; `None` where it lasts to the end of the run.
    duration: Option<Span>,
    /// The amplitude times the weight of each node.
    height: Vec<f64>,
}

/// The course of a stimulus in time.
enum Course {
    Common(CommonCourse),
    Data { values: Array2<f64>, interval: Span, between: Between },
}

/// A course that all nodes share.
enum CommonCourse {
    Pulse,
    PulseTrain {
        period: Span,
        width: Span,
    },
    /// A sine, with a frequency in radians per ms.
    Sine {
        frequency: f64,
        phase: f64,
    },
    Ramp {
        rise: f64,
    },
    Gaussian {
        peak: f64,
        width: f64,
    },
}

impl Player {
    /// Checks a stimulus of a port in `unit` of `nodes` nodes, for steps of `dt` ms.
    ///
    /// # Errors
    ///
    /// A number of the stimulus cannot be taken.
    pub fn new(stimulus: &Stimulus, unit: &str, nodes: usize, dt: f64) -> Result<Self, StimulusError> {
        let span = |ms: f64| Span::new(ms, dt);
        let course = match &stimulus.shape {
            Shape::Data { values, interval, between } => {
                let (rows, columns) = values.dim();
                if rows == 0 || (columns != 1 && columns != nodes) {
                    return Err(StimulusError::Data { rows, columns, nodes });
                }
                if let Some(((row, column), &given)) = values.indexed_iter().find(|(_, v)| !v.is_finite()) {
                    return Err(StimulusError::DataNotFinite { given, row, column });
                }
                let interval = span(positive("interval", interval)?);
                Course::Data { values: values.clone(), interval, between: *between }
            }
            Shape::Pulse => Course::Common(CommonCourse::Pulse),
            Shape::PulseTrain { period, width } => {
                let (period, width) = (positive("period", period)?, positive("pulse width", width)?);
                if width > period {
                    let given = format!("{width} ms");
                    let expected = "it is no longer than the period";
                    return Err(StimulusError::Range { what: "pulse width", given, expected });
                }
                Course::Common(CommonCourse::PulseTrain { period: span(period), width: span(width) })
            }
            Shape::Sine { frequency, phase } => {
                let phase = finite("phase", *phase)?;
                Course::Common(CommonCourse::Sine { frequency: per_ms(frequency)?, phase })
            }
            Shape::Ramp { rise } => Course::Common(CommonCourse::Ramp { rise: positive("rise", rise)? }),
            Shape::Gaussian { peak, width } => {
                let (peak, width) = (time("peak", peak)?, positive("width", width)?);
                Course::Common(CommonCourse::Gaussian { peak, width })
            }
        };
        let duration = match &stimulus.duration {
            Some(duration) => Some(span(positive("duration", duration)?)),
            None => None,
        };
        let height = heights(stimulus, unit, nodes)?;
        Ok(Self { course, dt, onset: span(time("onset", &stimulus.onset)?), duration, height })
    }

    /// Adds the values of the step after `step` steps to those of the nodes.
    pub fn add_to(&self, step: usize, nodes: &mut [f64]) {
        let since = Since::new(step, self.dt, self.onset);
        let has_begun = since.is_at_least(Span::ZERO);
        if !has_begun || self.duration.is_some_and(|duration| since.is_at_least(duration)) {
            return;
        }
        match &self.course {
            Course::Common(course) => {
                let value = course.value(since, self.dt);
                nodes.iter_mut().zip(&self.height).for_each(|(node, height)| *node += value * height);
            }
            Course::Data { values, interval, between } => {
                let (row, rest) = since.divided(*interval, self.dt);
                match between {
                    Between::Held => self.add_row(values, row, 1.0, nodes),
                    Between::Linear if rest.is_zero() => self.add_row(values, row, 1.0, nodes),
                    Between::Linear if row + 1.0 < values.nrows() as f64 => {
                        let share = (since.ms / interval.ms - row).max(0.0);
                        self.add_row(values, row, 1.0 - share, nodes);
                        self.add_row(values, row + 1.0, share, nodes);
                    }
                    // There is no line beyond the last sample.
                    Between::Linear => {}
                }
            }
        }
    }

    /// Adds a share of a row of data, of one value or one a node; nothing where there is no such row.
    fn add_row(&self, values: &Array2<f64>, row: f64, share: f64, nodes: &mut [f64]) {
        if row >= values.nrows() as f64 {
            return;
        }
        let row = values.row(row as usize);
        for (index, (node, height)) in nodes.iter_mut().zip(&self.height).enumerate() {
            *node += share * height * row[if row.len() == 1 { 0 } else { index }];
        }
    }
}

impl CommonCourse {
    /// The value at a time since the onset.
    fn value(&self, since: Since, dt: f64) -> f64 {
        let t = since.ms;
        match *self {
            Self::Pulse => 1.0,
            Self::PulseTrain { period, width } => {
                let (_, since_pulse) = since.divided(period, dt);
                if since_pulse.is_at_least(width) { 0.0 } else { 1.0 }
            }
            Self::Sine { frequency, phase } => (frequency * t + phase).sin(),
            Self::Ramp { rise } => (t / rise).clamp(0.0, 1.0),
            Self::Gaussian { peak, width } => (-0.5 * ((t - peak) / width).powi(2)).exp(),
        }
    }
}

/// Computes the height at each node: amplitude times weight.
fn heights(stimulus: &Stimulus, unit: &str, nodes: usize) -> Result<Vec<f64>, StimulusError> {
    let values = |what, values: &Values, unit: &str| {
        values.per_node(unit, nodes).map_err(|error| StimulusError::Values { what, error })
    };
    let amplitude = values("amplitude", &stimulus.amplitude, unit)?;
    let weights = match &stimulus.regions {
        Regions::All => return Ok(amplitude),
        Regions::Some(regions) => {
            let mut weights = vec![0.0; nodes];
            for &region in regions {
                let last = nodes.saturating_sub(1);
                *weights.get_mut(region).ok_or(StimulusError::Region { given: region, last })? = 1.0;
            }
            weights
        }
        Regions::Weighted(weights) => values("list of weights", &weights.clone().into(), "1")?,
    };
    Ok(amplitude.iter().zip(weights).map(|(amplitude, weight)| amplitude * weight).collect())
}

/// Reports a number that is not finite.
fn finite(what: &'static str, value: f64) -> Result<f64, StimulusError> {
    match value.is_finite() {
        true => Ok(value),
        false => Err(StimulusError::Range {
            what,
            given: value.to_string(),
            expected: "a finite number is needed",
        }),
    }
}

/// Returns a time in ms.
fn time(what: &'static str, time: &Time) -> Result<f64, StimulusError> {
    match time.ms() {
        Ok(ms) => finite(what, ms),
        Err(quantity) => {
            Err(StimulusError::Range { what, given: quantity.to_string(), expected: "a time is needed" })
        }
    }
}

/// Returns a time above 0, in ms.
fn positive(what: &'static str, given: &Time) -> Result<f64, StimulusError> {
    let ms = time(what, given)?;
    match ms > 0.0 {
        true => Ok(ms),
        false => Err(StimulusError::Range {
            what,
            given: format!("{ms} ms"),
            expected: "a time above 0 is needed",
        }),
    }
}

/// Returns a frequency in radians per ms.
fn per_ms(frequency: &Frequency) -> Result<f64, StimulusError> {
    let what = "frequency";
    match frequency.hz() {
        Ok(hz) => Ok(TAU * 1e-3 * finite(what, hz)?),
        Err(quantity) => {
            Err(StimulusError::Range { what, given: quantity.to_string(), expected: "a frequency is needed" })
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use brainmass_core::quantity::Units as _;

    /// Plays a stimulus to two nodes for so many steps of 0.1 ms.
    fn course(stimulus: &Stimulus, steps: usize) -> Vec<[f64; 2]> {
        let player = Player::new(stimulus, "nA", 2, 0.1).unwrap();
        let mut rows = vec![[0.0; 2]; steps];
        for (step, row) in rows.iter_mut().enumerate() {
            player.add_to(step, row);
        }
        rows
    }

    /// The steps at which the first node gets something.
    fn on(stimulus: &Stimulus, steps: usize) -> Vec<usize> {
        let rows = course(stimulus, steps);
        rows.iter().enumerate().filter(|(_, row)| row[0] != 0.0).map(|(step, _)| step).collect()
    }

    #[test]
    fn a_pulse_is_there_in_the_steps_that_start_within_it() {
        let pulse = Stimulus::pulse(500.0.pa()).onset(0.3).duration(0.4.ms());
        assert_eq!(on(&pulse, 20), [3, 4, 5, 6]);
        assert_eq!(course(&pulse, 20)[4], [0.5, 0.5], "500 pA are 0.5 nA");
        // Products such as 3 * 0.1 are not decimal fractions; every onset on the grid must hit its step.
        for step in 0..2000 {
            let onset = step as f64 / 10.0;
            assert_eq!(on(&Stimulus::pulse(1.0).onset(onset).duration(0.2), 2010), [step, step + 1]);
        }
    }

    #[test]
    fn a_train_stays_on_its_steps_late_in_a_long_run() {
        // 1007 and 503 steps of 0.01 ms; from t = 131 s on, half a unit in the last place of t is more than a billionth of a step.
        let player = Player::new(&Stimulus::pulse_train(1.0, 10.07, 5.03), "nA", 1, 0.01).unwrap();
        for step in 14_000_000..14_010_000 {
            let mut node = [0.0];
            player.add_to(step, &mut node);
            assert_eq!(node[0] != 0.0, step % 1007 < 503, "step {step}");
        }
    }

    #[test]
    fn a_train_has_a_pulse_at_the_start_of_each_period() {
        let train = Stimulus::pulse_train(1.0, 0.5, 0.2).onset(0.1).duration(1.2);
        assert_eq!(on(&train, 40), [1, 2, 6, 7, 11, 12]);
    }

    #[test]
    fn a_sine_starts_with_its_phase_at_the_onset() {
        let sine = Stimulus::sine(2.0, 250.0).onset(1.0).phase(0.25 * TAU);
        let rows = course(&sine, 60);
        assert_eq!((rows[9][0], rows[10][0]), (0.0, 2.0));
        assert!((rows[50][0] - 2.0).abs() < 1e-12, "250 Hz have a period of 4 ms");
        assert!(rows[20][0].abs() < 1e-12 && (rows[30][0] + 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_ramp_rises_and_stays_and_a_bump_is_gaussian() {
        let ramp = course(&Stimulus::ramp(3.0, 1.0).onset(0.5), 40);
        assert!((ramp[10][0] - 1.5).abs() < 1e-12);
        assert_eq!((ramp[5][0], ramp[39][0]), (0.0, 3.0));
        let bump = course(&Stimulus::gaussian(2.0, 1.0, 0.2).onset(1.0), 40);
        assert_eq!((bump[9][0], bump[20][0]), (0.0, 2.0));
        assert!((bump[22][0] - 2.0 * (-0.5_f64).exp()).abs() < 1e-12);
    }

    #[test]
    fn data_are_held_or_joined_by_lines_and_end() {
        let data = Stimulus::data(array![[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]], 0.2).onset(0.3);
        let held: Vec<f64> = course(&data, 12).iter().map(|row| row[1]).collect();
        assert_eq!(held, [0.0, 0.0, 0.0, 10.0, 10.0, 20.0, 20.0, 40.0, 40.0, 0.0, 0.0, 0.0]);
        let joined: Vec<f64> = course(&data.interpolated(), 12).iter().map(|row| row[0]).collect();
        for (found, expected) in
            joined.iter().zip([0.0, 0.0, 0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0])
        {
            assert!((found - expected).abs() < 1e-12, "{joined:?}");
        }
    }

    #[test]
    fn regions_are_chosen_or_weighted() {
        let at = |stimulus: Stimulus| course(&stimulus, 1)[0];
        assert_eq!(at(Stimulus::pulse(2.0).regions([1])), [0.0, 2.0]);
        assert_eq!(at(Stimulus::pulse([2.0, 3.0]).weights([0.5, -1.0])), [1.0, -3.0]);
    }

    #[test]
    fn mistakes_name_the_value_and_what_is_allowed() {
        let fault = |stimulus: Stimulus| Player::new(&stimulus, "nA", 2, 0.1).err().unwrap().to_string();
        let faults = [
            fault(Stimulus::pulse(1.0.mv())),
            fault(Stimulus::pulse([1.0; 3])),
            fault(Stimulus::pulse(f64::NAN)),
            fault(Stimulus::pulse(1.0).onset(3.0.mv())),
            fault(Stimulus::pulse(1.0).onset(f64::NAN)),
            fault(Stimulus::pulse(1.0).duration(0.0)),
            fault(Stimulus::pulse(1.0).regions([2])),
            fault(Stimulus::pulse(1.0).weights([1.0])),
            fault(Stimulus::pulse_train(1.0, 1.0, 2.0)),
            fault(Stimulus::pulse_train(1.0, f64::INFINITY, 2.0)),
            fault(Stimulus::sine(1.0, 5.0.ms())),
            fault(Stimulus::ramp(1.0, -1.0)),
            fault(Stimulus::gaussian(1.0, 1.0, 0.0)),
            fault(Stimulus::data(Array2::zeros((0, 1)), 1.0)),
            fault(Stimulus::data(array![[1.0, 2.0, 3.0]], 1.0)),
            fault(Stimulus::data(array![[1.0], [f64::NAN]], 1.0)),
        ];
        insta::assert_snapshot!(faults.join("\n"));
    }
}
