//! The course of the nodes of a sweep until each has settled: at rest, on a cycle, or in chaos.

use super::chaos::{self, Chaos, Motion};
use super::course::{Course, Look, joined, value};

/// Nodes that have not settled are given so many times the duration of the run, one after the other.
const WAITS: [f64; 5] = [1.0, 4.0, 16.0, 64.0, 256.0];
/// After each wait they are watched for so many times the duration: what recurs slowly needs long looks.
const LOOKS: [f64; 5] = [1.0, 1.0, 4.0, 16.0, 16.0];
/// The stage from which on chaos is looked for in what has not settled. What dies out soon is no chaos.
const CHAOS_FROM: usize = 1;
/// Chaos is looked for over so many times the duration of the run, or as long as the node has been waited for last.
const CHAOS: f64 = 5.0;
/// Steps of all nodes together that a stage of waiting may take.
const MOST_STEPS: f64 = 3e8;
/// A run has settled when its extremes before and after a wait differ by less than this part of the height of the picture.
pub const SETTLED: f64 = 5e-3;
/// Extremes at half the step differ by less than this part of the height of the picture.
pub const AGREED: f64 = 0.02;

/// The end of the course of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// The node has come to rest.
    Rest,
    /// The node oscillates between extremes that do not change any more.
    Cycle,
    /// The node is chaotic: its largest Lyapunov exponent is positive.
    Chaos(Chaos),
    /// The node has left the finite numbers.
    Diverges,
    /// The extremes still change, and there is no chaos.
    Unsettled,
}

/// The ends of all nodes of a sweep.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The smallest value of the signal; NaN where a node diverges.
    pub low: Vec<f64>,
    /// The largest value of the signal; NaN where a node diverges.
    pub high: Vec<f64>,
    /// The end of each node.
    pub ends: Vec<End>,
    /// The last states of each node; empty where a node diverges.
    pub last: Vec<Vec<f64>>,
    /// The smallest and the largest value of each state over the whole sweep.
    pub reach: Vec<(f64, f64)>,
}

impl Outcome {
    /// The height of the picture.
    pub fn height(&self) -> f64 {
        let low = self.low.iter().copied().fold(f64::INFINITY, f64::min);
        let height = self.high.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low;
        // A picture in which nothing moves has a height, too.
        height.max(1e-6 * low.abs()).max(1e-9)
    }
}

impl Course<'_> {
    /// Runs every node until it has settled, or patience ends.
    ///
    /// # Errors
    ///
    /// No node can be run, or chaos cannot be measured.
    pub fn settle(&self) -> Result<Outcome, String> {
        self.settle_beside(None)
    }

    /// Runs every node until it has settled, or patience ends. Where `other`, of another step, has found no chaos, chaos is looked for only in what does not settle:
    /// a node counts as chaotic if it is so by both steps.
    ///
    /// # Errors
    ///
    /// No node can be run, or chaos cannot be measured.
    pub fn settle_beside(&self, other: Option<&Outcome>) -> Result<Outcome, String> {
        let (count, duration) = (self.values.len(), self.circumstances.duration());
        let transient = self.circumstances.setting.transient;
        let mut outcome = Outcome {
            low: vec![f64::NAN; count],
            high: vec![f64::NAN; count],
            ends: vec![End::Unsettled; count],
            last: vec![Vec::new(); count],
            reach: Vec::new(),
        };
        let mut open: Vec<usize> = (0..count).collect();
        let mut elapsed = transient + duration;
        let mut before = self.look(&open, None, 0.0, elapsed, duration)?;
        elapsed += duration;
        for (stage, (wait, length)) in WAITS.into_iter().zip(LOOKS).enumerate() {
            let (wait, length) = (wait * duration, length * duration);
            if stage > CHAOS_FROM && open.len() as f64 * (wait + length) / self.dt > MOST_STEPS {
                break;
            }
            let after = self.look(&open, Some(&before.last), elapsed, wait, length)?;
            elapsed += wait + length;
            for (place, &index) in open.iter().enumerate() {
                (outcome.low[index], outcome.high[index]) = after.signal[place];
                outcome.last[index].clone_from(&after.last[place]);
            }
            outcome.reach = joined(&outcome.reach, &after.reach);
            let height = outcome.height();
            for (place, &index) in open.iter().enumerate() {
                outcome.ends[index] = self.end(index, stage, before.signal[place], &after, place, height)?;
            }
            // The extremes of chaos may agree by chance.
            let may_be_chaotic = |index: usize| {
                other.is_none_or(|other| matches!(other.ends[index], End::Chaos(_) | End::Unsettled))
            };
            let moves = |index: &usize| match outcome.ends[*index] {
                End::Cycle => may_be_chaotic(*index),
                End::Unsettled => stage >= CHAOS_FROM,
                _ => false,
            };
            let moving: Vec<usize> = open.iter().copied().filter(moves).collect();
            self.find_chaos(&mut outcome, &moving, (wait + length).max(CHAOS * duration))?;
            let still = |place: &usize| outcome.ends[open[*place]] == End::Unsettled;
            let places: Vec<usize> = (0..open.len()).filter(still).collect();
            before = Look {
                signal: places.iter().map(|place| after.signal[*place]).collect(),
                last: places.iter().map(|place| after.last[*place].clone()).collect(),
                reach: Vec::new(),
            };
            open = places.into_iter().map(|place| open[place]).collect();
            if open.is_empty() {
                break;
            }
        }
        Ok(outcome)
    }

    /// The end of a node by its extremes before and after a wait.
    fn end(
        &self,
        index: usize,
        stage: usize,
        before: (f64, f64),
        after: &Look,
        place: usize,
        height: f64,
    ) -> Result<End, String> {
        let now = after.signal[place];
        if now.0.is_nan() {
            return Ok(End::Diverges);
        }
        let least = SETTLED * height;
        let stays = (before.0 - now.0).abs() <= least && (before.1 - now.1).abs() <= least;
        if !stays {
            return Ok(End::Unsettled);
        }
        if now.1 - now.0 > least {
            return Ok(End::Cycle);
        }
        // What creeps past the place where two fixed points met looks at rest for long, but there is no fixed point.
        let rests = stage > CHAOS_FROM || self.is_at_fixed_point(index, &after.last[place], least)?;
        Ok(if rests { End::Rest } else { End::Unsettled })
    }

    /// Whether a fixed point shows the same signal as these states, to `least`, and Newton's method finds it from them.
    fn is_at_fixed_point(&self, index: usize, states: &[f64], least: f64) -> Result<bool, String> {
        let field = self.circumstances.field(self.values[index])?;
        let point = field.fixed_point_near(states).map_err(|error| error.to_string())?;
        let signal = |states: &[f64]| value(&field, self.of, states);
        Ok(point.is_some_and(|point| (signal(&point.states) - signal(states)).abs() <= least))
    }

    /// Decides which of some moving nodes are chaotic, by exponents over a time of this order.
    fn find_chaos(&self, outcome: &mut Outcome, moving: &[usize], time: f64) -> Result<(), String> {
        if moving.is_empty() || !self.circumstances.is_resumable() {
            return Ok(());
        }
        let values: Vec<f64> = moving.iter().map(|index| self.values[*index]).collect();
        let start: Vec<Vec<f64>> = moving.iter().map(|index| outcome.last[*index].clone()).collect();
        let found = chaos::find(self, &values, &start, &outcome.reach, time)?;
        for (&index, motion) in moving.iter().zip(found) {
            match motion {
                Motion::Regular => {}
                Motion::Chaotic(chaos) => outcome.ends[index] = End::Chaos(chaos),
                Motion::Open => outcome.ends[index] = End::Unsettled,
            }
        }
        Ok(())
    }
}
