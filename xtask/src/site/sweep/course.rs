//! The nodes of a sweep, looked at for stretches of time.

use brainmass::dynamics::VectorField;
use brainmass::info::Signal;

use crate::site::circumstances::{Circumstances, extremes};

/// Rows of the states that are kept of a look.
const ROWS: f64 = 256.0;

/// The view of some nodes over a stretch of time.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// The extremes of the signal; NaN where a node diverges.
    pub signal: Vec<(f64, f64)>,
    /// The last states of each node; empty where a node diverges.
    pub last: Vec<Vec<f64>>,
    /// The smallest and the largest value of each state.
    pub reach: Vec<(f64, f64)>,
}

/// The nodes of a sweep, one for each value.
pub struct Course<'a> {
    /// The model and the settings with which they are run.
    pub circumstances: Circumstances<'a>,
    /// The signal that is shown.
    pub of: Signal,
    /// The name of that signal.
    pub signal: &'a str,
    /// The values of the quantity that is swept.
    pub values: &'a [f64],
    /// The time step, ms.
    pub dt: f64,
}

impl Course<'_> {
    /// Looks at some nodes for `length` ms after a wait. They go on from `start`, which they reached after `elapsed` ms. Where some of them
    /// diverge, they run one by one.
    ///
    /// # Errors
    ///
    /// None of the nodes can be run.
    pub fn look(
        &self,
        open: &[usize],
        start: Option<&[Vec<f64>]>,
        elapsed: f64,
        wait: f64,
        length: f64,
    ) -> Result<Look, String> {
        let values: Vec<f64> = open.iter().map(|index| self.values[*index]).collect();
        if let Ok(look) = self.try_look(&values, start, elapsed, wait, length) {
            return Ok(look);
        }
        let mut all = Look::default();
        let mut failed = None;
        for (place, value) in values.iter().enumerate() {
            let start = start.map(|start| &start[place..=place]);
            match self.try_look(&[*value], start, elapsed, wait, length) {
                Ok(one) => {
                    all.signal.extend(one.signal);
                    all.last.extend(one.last);
                    all.reach = joined(&all.reach, &one.reach);
                }
                Err(error) => {
                    all.signal.push((f64::NAN, f64::NAN));
                    all.last.push(Vec::new());
                    failed = Some(error);
                }
            }
        }
        // What stops every run is a mistake, not divergence at some values.
        failed.filter(|_| all.last.iter().all(Vec::is_empty)).map_or(Ok(all), Err)
    }

    fn try_look(
        &self,
        values: &[f64],
        start: Option<&[Vec<f64>]>,
        elapsed: f64,
        wait: f64,
        length: f64,
    ) -> Result<Look, String> {
        let own = &self.circumstances;
        if start.is_some_and(|start| start.iter().any(Vec::is_empty)) {
            return Err("a node has diverged".to_owned());
        }
        let whole = |time: f64, dt: f64| (time / dt).ceil() * dt;
        if !own.is_resumable() {
            let wait = whole(elapsed + wait, self.dt);
            let names = std::iter::once(self.signal.to_owned())
                .chain(own.states().into_iter().filter(|name| name != self.signal));
            let run = own
                .simulator(values, None)?
                .dt(self.dt)
                .transient(wait)
                .record(names)
                .run(wait + whole(length, self.dt));
            let run = run.map_err(|error| error.to_string())?;
            return Ok(Look {
                signal: extremes(run[self.signal].view()),
                last: own.last(&run),
                reach: reach(&own.states(), &run),
            });
        }
        let start = own.advance(values, start, self.dt, wait)?;
        // Every step of the signal counts; of the states, fewer show where they go.
        let simulator = own.simulator(values, Some(&start))?.dt(self.dt).record([self.signal]);
        let rows = ((length / self.dt) / ROWS).ceil().max(1.0);
        let looks = (whole(length, rows * self.dt) / (rows * self.dt)).round() as usize;
        let mut session = simulator.start().map_err(|error| error.to_string())?;
        let mut look = Look {
            signal: vec![NOTHING; values.len()],
            last: vec![Vec::new(); values.len()],
            reach: vec![NOTHING; own.states().len()],
        };
        for _ in 0..looks {
            let run = session.run(rows * self.dt).map_err(|error| error.to_string())?;
            let seen = extremes(run[self.signal].view());
            look.signal.iter_mut().zip(seen).for_each(|(all, part)| *all = hull(*all, part));
            look.last.iter_mut().for_each(Vec::clear);
            for (state, reach) in own.states().iter().zip(&mut look.reach) {
                let values = session.state(state).ok_or("a model has its states")?;
                for (last, x) in look.last.iter_mut().zip(values) {
                    last.push(x);
                    *reach = hull(*reach, (x, x));
                }
            }
        }
        Ok(look)
    }
}

/// The extremes of nothing.
const NOTHING: (f64, f64) = (f64::INFINITY, f64::NEG_INFINITY);

/// The extremes of two parts together.
fn hull((a, b): (f64, f64), (low, high): (f64, f64)) -> (f64, f64) {
    (a.min(low), b.max(high))
}

/// The value of a signal at a state.
pub fn value(field: &VectorField, of: Signal, states: &[f64]) -> f64 {
    match of {
        Signal::State(index) => states[index],
        Signal::Observable(index) => field.observables(states)[index],
    }
}

/// The smallest and the largest value of each state over all nodes.
fn reach(states: &[String], run: &brainmass::Run) -> Vec<(f64, f64)> {
    let all = |name: &String| extremes(run[name.as_str()].view()).into_iter().fold(NOTHING, hull);
    states.iter().map(all).collect()
}

/// Intervals that hold both.
pub fn joined(a: &[(f64, f64)], b: &[(f64, f64)]) -> Vec<(f64, f64)> {
    match (a, b) {
        ([], other) | (other, []) => other.to_vec(),
        _ => a.iter().zip(b).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))).collect(),
    }
}
