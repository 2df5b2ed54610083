//! The versions of an experiment whose axes are keys of its file, each made when it is needed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::experiment::{Experiment, Reader, SweepPlan};
use brainmass_sim::simulator::Simulator;

/// The most versions that are kept at once.
const MOST_KEPT: usize = 64;

/// A version: its simulation and its duration in ms, or the reason why it cannot be made.
pub type Version = Result<(Simulator, f64), String>;

/// The versions of an experiment, shared by threads.
pub struct Versions<'a> {
    plan: &'a SweepPlan,
    /// The one version of a sweep without such axes.
    only: Option<Arc<Version>>,
    made: Mutex<HashMap<Vec<usize>, Arc<Version>>>,
}

impl<'a> Versions<'a> {
    /// Creates the versions of an experiment that records what the measures take.
    pub fn new(narrow: &Experiment, plan: &'a SweepPlan) -> Self {
        let only = (!plan.design.has_variants()).then(|| Arc::new(Ok(version(narrow))));
        Self { plan, only, made: Mutex::default() }
    }

    /// Returns the version of some runs.
    pub fn get(&self, variant: &[usize]) -> Arc<Version> {
        if let Some(only) = &self.only {
            return Arc::clone(only);
        }
        let find = || self.made.lock().ok()?.get(variant).cloned();
        if let Some(known) = find() {
            return known;
        }
        let read = Reader::new().variant(self.plan, variant);
        let made = read.map(|experiment| version(&self.plan.narrowed(&experiment)));
        let made = Arc::new(made.map_err(|report| {
            let messages = report.problems().iter().map(|problem| problem.message.as_str());
            messages.collect::<Vec<_>>().join("; ")
        }));
        if let Ok(mut all) = self.made.lock() {
            if all.len() >= MOST_KEPT {
                all.clear();
            }
            all.insert(variant.to_vec(), Arc::clone(&made));
        }
        made
    }

    /// Returns what the runs of the versions depend on, as text: of each value of each axis, all other axes at their first.
    pub fn fingerprints(&self) -> Vec<String> {
        let text = |version: &Version| match version {
            Ok((simulator, duration)) => {
                let parts = serde_json::to_string(&simulator.fingerprint()).unwrap_or_default();
                format!("{parts} {duration}")
            }
            Err(reason) => reason.clone(),
        };
        self.plan.design.each_variant().iter().map(|variant| text(&self.get(variant))).collect()
    }
}

/// Makes the simulation of a version. Blocks of runs are shared out over threads, so that each has one.
fn version(experiment: &Experiment) -> (Simulator, f64) {
    (experiment.simulator().threads(1), experiment.timing.duration)
}
