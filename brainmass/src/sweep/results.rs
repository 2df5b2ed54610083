//! The results of a sweep: a row of numbers for each run.

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::Array2;
use serde_json::{Value, json};

use super::error::SweepError;
use crate::experiment::{Design, Experiment, MeasuredColumn, SweepPlan};
use brainmass_sim::simulator::{Bytes, Fingerprint, Row};

/// The results of a sweep: what was measured of each run, and the reasons why runs failed.
#[derive(Debug, Clone)]
pub struct Results {
    pub(super) design: Arc<Design>,
    /// The measured columns.
    pub(super) columns: Vec<MeasuredColumn>,
    /// The whole records that are kept.
    pub(super) kept: Vec<Kept>,
    /// The provenance of the results, for their files.
    pub(super) provenance: Value,
    /// The measured numbers, run by run; NaN where there are none.
    numbers: Vec<f64>,
    /// A bit for each run, which is set when it has been done.
    has: Vec<u64>,
    done: u64,
    pub(super) reasons: BTreeMap<u64, String>,
}

/// A record that is kept of each run.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The name.
    pub name: String,
    /// The unit of its numbers.
    pub unit: String,
    /// The record of each run that has one, shape (time, node).
    pub records: BTreeMap<u64, Array2<f64>>,
}

impl Results {
    /// Creates results without any run.
    ///
    /// # Errors
    ///
    /// All of them together would not fit into the memory.
    pub fn new(
        experiment: &Experiment,
        plan: &SweepPlan,
        fingerprint: &Fingerprint,
    ) -> Result<Self, SweepError> {
        let runs = plan.design.runs();
        let needed = bytes(plan);
        let limit = experiment.limits.bytes();
        if needed > limit {
            return Err(SweepError::Memory { runs, needed: Bytes(needed), limit: Bytes(limit) });
        }
        let columns: Vec<MeasuredColumn> =
            plan.measures.iter().flat_map(|measure| measure.columns.clone()).collect();
        let kept = plan.measures.iter().filter(|measure| measure.is_record());
        let kept = kept.map(|measure| Kept {
            name: measure.name.clone(),
            unit: measure.unit.clone(),
            records: BTreeMap::new(),
        });
        // What fits into the memory can be counted.
        let count = runs as usize;
        Ok(Self {
            design: Arc::new(plan.design.clone()),
            kept: kept.collect(),
            provenance: provenance(experiment, fingerprint),
            numbers: vec![f64::NAN; count * columns.len()],
            columns,
            has: vec![0; count.div_ceil(64)],
            done: 0,
            reasons: BTreeMap::new(),
        })
    }

    /// Adds what was kept of a run. Returns whether it fits: whether there is such a run, with so many columns and records.
    pub fn insert(&mut self, row: Row) -> bool {
        let Row { run, numbers, reason, records } = row;
        let width = self.columns.len();
        if run >= self.runs() || numbers.len() != width || records.len() != self.kept.len() {
            return false;
        }
        let at = run as usize;
        self.numbers[at * width..(at + 1) * width].copy_from_slice(&numbers);
        for (kept, record) in self.kept.iter_mut().zip(records) {
            kept.records.insert(run, record);
        }
        self.reasons.extend(reason.map(|reason| (run, reason)));
        if !self.has(run) {
            self.has[at / 64] |= 1 << (at % 64);
            self.done += 1;
        }
        true
    }

    /// Returns whether a row says the same of a run that was done.
    pub(super) fn agrees(&self, row: &Row) -> bool {
        let same = |a: &[f64], b: &[f64]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
        };
        let records = self.kept.iter().zip(&row.records).all(|(kept, record)| {
            let own = kept.records.get(&row.run);
            own.is_some_and(|own| {
                own.dim() == record.dim() && own.iter().zip(record).all(|(a, b)| a.to_bits() == b.to_bits())
            })
        });
        same(self.numbers(row.run), &row.numbers)
            && self.reasons.get(&row.run) == row.reason.as_ref()
            && records
    }

    /// Returns the number of runs of the sweep.
    pub fn runs(&self) -> u64 {
        self.design.runs()
    }

    /// Returns the number of runs that have been done, the failed ones included.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Returns the number of runs that failed, as a whole or in one of their measures.
    pub fn failed(&self) -> u64 {
        self.reasons.len() as u64
    }

    /// Returns the failed runs with their reasons.
    pub fn reasons(&self) -> impl Iterator<Item = (u64, &str)> {
        self.reasons.iter().map(|(run, reason)| (*run, reason.as_str()))
    }

    /// Returns whether a run has been done.
    pub fn has(&self, run: u64) -> bool {
        let at = run as usize;
        self.has.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    /// Returns the measured columns.
    pub fn columns(&self) -> &[MeasuredColumn] {
        &self.columns
    }

    /// Returns the measured numbers of a run, one for each column; NaN where there are none.
    pub fn numbers(&self, run: u64) -> &[f64] {
        let (at, width) = (run as usize, self.columns.len());
        &self.numbers[at * width..(at + 1) * width]
    }

    /// Returns the settings of every run.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Returns what made the results, as their files have it.
    pub fn provenance(&self) -> &Value {
        &self.provenance
    }

    /// Returns the names under which whole records are kept.
    pub fn records(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().map(|kept| kept.name.as_str())
    }

    /// Returns the whole record of a run that is kept under a name, shape (time, node).
    pub fn record(&self, name: &str, run: u64) -> Option<&Array2<f64>> {
        self.kept.iter().find(|kept| kept.name == name)?.records.get(&run)
    }
}

/// Returns the memory that the results of a sweep take, bytes.
pub fn bytes(plan: &SweepPlan) -> u64 {
    let columns: usize = plan.measures.iter().map(|measure| measure.columns.len()).sum();
    let kept = plan.measures.iter().filter(|measure| measure.is_record());
    let records = kept.map(|measure| (measure.shape.0 as u64).saturating_mul(measure.shape.1 as u64));
    let numbers = records.fold(columns as u64, u64::saturating_add);
    plan.design.runs().saturating_mul(numbers.saturating_mul(8).saturating_add(1))
}

/// Describes what made the results.
fn provenance(experiment: &Experiment, fingerprint: &Fingerprint) -> Value {
    let infos: Vec<_> =
        experiment.network.named_groups().map(|(_, model)| model.population().info().clone()).collect();
    let joined = |text: &dyn Fn(&brainmass_core::info::ModelInfo) -> String| {
        infos.iter().map(text).collect::<Vec<_>>().join(", ")
    };
    json!({
        "title": experiment.title,
        "model": joined(&|info| info.name.to_string()),
        "version": joined(&|info| info.version.to_string()),
        "hash": joined(&|info| format!("{:016x}", info.hash)),
        "brainmass": env!("CARGO_PKG_VERSION"),
        "dt": experiment.timing.dt,
        "duration": experiment.timing.duration,
        "transient": experiment.timing.transient,
        "seed": experiment.seed,
        "settings": fingerprint,
    })
}
