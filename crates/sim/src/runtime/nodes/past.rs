//! The past of nodes: signals that their own equations read with a delay, and observables that belong to the state before a step.

use super::Nodes;
use crate::network::{History, NetworkError};
use crate::runtime::edges::history::value_before;
use brainmass_core::info::Signal;

impl Nodes {
    /// Lets the past of each signal that is read with a delay be what it is now, at t = 0. Where observables read delayed values themselves, these count as 0.
    pub(super) fn begin_delays(&mut self) {
        self.observe_before();
        for index in 0..self.delays.len() {
            let signal = self.delays[index].signal();
            self.mark_read(signal);
            if matches!(signal, Signal::Observable(_)) {
                self.delays_present |= !self.is_before(signal);
                self.observe();
            }
            let now = self.signal(signal).to_vec();
            self.delays[index].begin(&now);
        }
    }

    /// Gives a signal that is read with a delay a past before t = 0; `label` is what messages call it. An observable that belongs to the state before a
    /// step has its value at t = 0 from the past, too.
    ///
    /// # Errors
    ///
    /// Nothing reads the signal with a delay, or the history has another shape, unit or time step, or is not finite.
    pub fn set_past(
        &mut self,
        signal: Signal,
        history: &History,
        label: &str,
        dt: f64,
    ) -> Result<(), NetworkError> {
        let (columns, runs) = (self.columns, self.columns.runs);
        let unit = self.info().signal_unit(signal).clone();
        let is_before = self.is_before(signal);
        let mut is_read = false;
        for index in 0..self.delays.len() {
            if self.delays[index].signal() != signal {
                continue;
            }
            is_read = true;
            if *history == History::Initial {
                continue;
            }
            let initial: Vec<f64> = self.signal(signal).iter().step_by(runs).copied().collect();
            let longest = self.delays[index].longest();
            let before = value_before(history, (label, is_before), &unit, &initial, longest, dt)?;
            let node = |column: usize| columns.node_and_run(column).0;
            self.delays[index]
                .begin_with(usize::from(!is_before), |steps, column| before(steps, node(column)));
            if is_before {
                self.set_before(signal, |node, _| before(0, node));
            }
        }
        if is_read { Ok(()) } else { Err(NetworkError::NoDelay { signal: label.to_owned() }) }
    }

    /// Whether a signal is an observable that belongs to the state before a step.
    pub fn is_before(&self, signal: Signal) -> bool {
        matches!(signal, Signal::Observable(index) if self.info().observables[index].at_start)
    }

    /// Sets an observable that belongs to the state before a step as projections read it at t = 0.
    pub fn set_before(&mut self, signal: Signal, value: impl Fn(usize, usize) -> f64) {
        let (count, columns) = (self.columns.count(), self.columns);
        if let Signal::Observable(index) = signal {
            self.given_at_start.push(index);
            let now = &mut self.observables_before[index * count..(index + 1) * count];
            for (column, now) in now.iter_mut().enumerate() {
                let (node, run) = columns.node_and_run(column);
                *now = value(node, run);
            }
        }
    }

    /// The observables whose values at t = 0 were given with their past.
    pub fn given_at_start(&self) -> &[usize] {
        &self.given_at_start
    }

    /// Notes that projections or delays read a signal.
    pub fn mark_read(&mut self, signal: Signal) {
        self.sends_before |= self.is_before(signal);
    }

    /// Takes in what is read with a delay later, after so many steps.
    pub(super) fn write_delays(&mut self, step: usize) {
        if self.delays_present {
            let (count, info) = (self.columns.count(), self.engine.info());
            let present = info.observables.iter().enumerate().filter(|(_, observable)| !observable.at_start);
            for (index, _) in present {
                let row = index * count..(index + 1) * count;
                self.observables_sent[row.clone()].copy_from_slice(&self.observables[row]);
            }
            self.observe();
        }
        let mut delays = std::mem::take(&mut self.delays);
        delays.iter_mut().for_each(|delay| delay.write(step, self.signal(delay.signal())));
        self.delays = delays;
    }
}
