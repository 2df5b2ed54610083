//! What must be known of some successive steps to take their projections back.

use super::current::CurrentBack;
use crate::runtime::Nodes;
use crate::runtime::edges::Edges;
use brainmass_core::kernel::Form;

pub(crate) struct EdgesTape {
    pub(crate) currents: Vec<CurrentTape>,
    pub(crate) steps: usize,
    done: usize,
}

/// The part of a projection.
pub(crate) struct CurrentTape {
    /// The sums of each step, a row of targets a step.
    pub sums: Vec<f64>,
    /// The targets' own signal, a row of targets a step.
    pub own: Option<Vec<f64>>,
    /// The source signal, a row of sources a step.
    pub signal: Option<Vec<f64>>,
    /// What each source sent: a lane of `longest + steps` values a source, the last of them those of the steps.
    pub sent: Option<Vec<f64>>,
    /// What the sums of each step were given: a lane of steps a target.
    pub to_sums: Option<Vec<f64>>,
}

/// Which parts a tape of a projection has.
struct Needs {
    own: bool,
    signal: bool,
    sent: bool,
    to_sums: bool,
}

impl CurrentBack {
    fn needs(&self) -> Needs {
        let (form, weights) = (self.plan.rule.form(), self.to_weights.is_some());
        let pairs = form == Form::Pair;
        Needs {
            own: pairs || weights && form == Form::Difference,
            signal: form == Form::Source,
            sent: pairs || weights,
            to_sums: weights && !pairs,
        }
    }

    /// Bytes that a tape takes for each step, and beside that.
    pub fn tape_bytes(&self) -> (usize, usize) {
        let needs = self.needs();
        let a_target = 1 + usize::from(needs.own) + usize::from(needs.to_sums);
        let a_source = usize::from(needs.signal) + usize::from(needs.sent);
        let lanes = if needs.sent { self.sources() * self.longest } else { 0 };
        let numbers = self.targets() * a_target + self.sources() * a_source;
        (size_of::<f64>() * numbers, size_of::<f64>() * lanes)
    }
}

impl EdgesTape {
    /// Empty, for so many steps from where `couplings` stand now.
    pub(crate) fn new(currents: &[CurrentBack], couplings: &Edges, steps: usize) -> Self {
        let tape = |(index, current): (usize, &CurrentBack)| {
            let (needs, longest) = (current.needs(), current.longest);
            let rows = |needed: bool, width: usize| needed.then(|| vec![0.0; steps * width]);
            let sent = needs.sent.then(|| {
                let mut lanes = vec![0.0; current.sources() * (longest + steps)];
                for (source, lane) in lanes.chunks_exact_mut(longest + steps).enumerate() {
                    couplings.copy_sent(index, source, &mut lane[..longest]);
                }
                lanes
            });
            CurrentTape {
                sums: vec![0.0; steps * current.targets()],
                own: rows(needs.own, current.targets()),
                signal: rows(needs.signal, current.sources()),
                sent,
                to_sums: rows(needs.to_sums, current.targets()),
            }
        };
        Self { currents: currents.iter().enumerate().map(tape).collect(), steps, done: 0 }
    }

    /// Takes in the step that was just made.
    pub fn push(&mut self, back: &super::EdgesBack, couplings: &Edges, groups: &[Nodes]) {
        let (row, steps) = (self.done, self.steps);
        let copy = |rows: &mut [f64], values: &[f64]| {
            rows[row * values.len()..(row + 1) * values.len()].copy_from_slice(values);
        };
        for (index, (tape, current)) in self.currents.iter_mut().zip(&back.currents).enumerate() {
            let plan = &current.plan;
            copy(&mut tape.sums, couplings.sums(index));
            if let (Some(own), Some(receiving)) = (&mut tape.own, plan.receiving) {
                copy(own, groups[plan.target_group].signal_before(receiving));
            }
            if let Some(signal) = &mut tape.signal {
                copy(signal, groups[plan.source_group].signal_before(plan.signal));
            }
            if let Some(lanes) = &mut tape.sent {
                let lanes = lanes.chunks_exact_mut(current.longest + steps);
                for (lane, value) in lanes.zip(couplings.sent(index)) {
                    lane[current.longest + row] = *value;
                }
            }
        }
        self.done += 1;
    }
}
