//! Estimates of the memory, the disk and the time that a sweep will take.

use std::time::{Duration, Instant};

use super::error::SweepError;
use super::results::bytes;
use crate::experiment::{Experiment, SweepPlan};
use brainmass_core::real::LANE_WIDTH;
use brainmass_sim::simulator::{Row, Sweep};

/// The memory, the disk and the time that a sweep will take.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The number of runs.
    pub runs: u64,
    /// The name of each factor of the grid, and its number of levels.
    pub factors: Vec<(String, usize)>,
    /// The memory of the results, and of the records of the runs that are under way at once, bytes.
    pub memory: u64,
    /// The size of the journal, bytes.
    pub disk: u64,
    /// The time by the clock, extrapolated from the first steps of the first runs; `None` where these fail.
    pub time: Option<Duration>,
    /// The threads that the time is for.
    pub threads: usize,
}

/// The least time that a measurement takes, so that the clock can tell it.
const LEAST: Duration = Duration::from_millis(50);
/// The steps of the first attempt.
const FIRST_STEPS: usize = 64;

impl Estimate {
    /// Estimates what the sweep of an experiment takes on so many threads. Some steps of its first runs are made for it, which takes a fraction of
    /// a second.
    ///
    /// # Errors
    ///
    /// The experiment describes no sweep.
    pub fn of(experiment: &Experiment, threads: usize) -> Result<Self, SweepError> {
        let plan = experiment.sweep.as_ref().ok_or(SweepError::NoSweep)?;
        let runs = plan.design.runs();
        let threads = threads.max(1);
        let blocks = runs.div_ceil(LANE_WIDTH as u64);
        let at_once = blocks.min(threads as u64) * LANE_WIDTH as u64;
        let numbers =
            plan.measures.iter().map(|measure| measure.shape.0 as u64 * (measure.shape.1 as u64 + 1));
        let under_way = numbers.fold(0_u64, u64::saturating_add).saturating_mul(8).saturating_mul(at_once);
        let columns = plan.measures.iter().map(|measure| measure.columns.len()).sum();
        let kept: Vec<(usize, usize)> =
            plan.measures.iter().filter(|measure| measure.is_record()).map(|measure| measure.shape).collect();
        let factors = plan.design.factors.iter().map(|factor| (factor.name(), factor.levels));
        Ok(Self {
            runs,
            factors: factors.collect(),
            memory: bytes(plan).saturating_add(under_way),
            disk: runs.saturating_mul(Row::bytes(columns, &kept)),
            time: time(experiment, plan, blocks.div_ceil(threads as u64)),
            threads,
        })
    }
}

/// Extrapolates the time of so many blocks of runs, one after the other.
fn time(experiment: &Experiment, plan: &SweepPlan, blocks: u64) -> Option<Duration> {
    let mut narrow = plan.narrowed(experiment);
    // Instruments may need the whole run for a row.
    narrow.observed.clear();
    let runs = plan.design.runs().min(LANE_WIDTH as u64);
    let points: Vec<_> = (0..runs).map(|run| plan.design.point(run)).collect();
    let all = experiment.timing.steps();
    narrow.timing.transient = 0.0;
    let mut steps = FIRST_STEPS.min(all);
    loop {
        narrow.timing.every = narrow.timing.every.min(steps);
        let simulator = narrow.simulator().threads(1);
        let started = Instant::now();
        let outcome = simulator
            .batch(Sweep::of(points.iter().cloned()))
            .reduce(steps as f64 * narrow.timing.dt, |_, run| run.is_ok());
        let elapsed = started.elapsed();
        if !outcome.ok()?.contains(&true) {
            return None;
        }
        if elapsed >= LEAST || steps == all {
            return Some(elapsed.mul_f64(all as f64 / steps as f64 * blocks as f64));
        }
        steps = steps.saturating_mul(4).min(all);
    }
}
