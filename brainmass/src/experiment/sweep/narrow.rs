//! The records that a run of a sweep has to make.

use crate::experiment::description::Experiment;
use crate::experiment::sweep_plan::SweepPlan;

impl SweepPlan {
    /// Returns an experiment that records what the measures take, and nothing else.
    pub fn narrowed(&self, experiment: &Experiment) -> Experiment {
        let mut narrow = experiment.clone();
        narrow.sweep = None;
        narrow.records.clear();
        for measure in &self.measures {
            let Some(signal) = &measure.signal else { continue };
            if narrow.records.iter().all(|(name, _)| *name != measure.record) {
                narrow.records.push((measure.record.clone(), signal.clone()));
            }
        }
        let is_wanted = |name: &str| {
            self.measures.iter().any(|measure| measure.signal.is_none() && measure.record == name)
        };
        narrow.observed.retain(|observed| is_wanted(&observed.name));
        narrow
    }
}
