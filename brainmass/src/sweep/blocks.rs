//! Blocks of runs: those that can stand side by side, handed out to threads one after the other.

use std::collections::{HashMap, VecDeque};

use crate::experiment::{Design, Experiment, SweepPlan, Target};
use brainmass_core::real::LANE_WIDTH;
use brainmass_sim::network::Setting;

/// Runs that are looked at together to find those that can stand side by side.
const WINDOW: usize = 4096;

/// The runs that are left to do, block by block.
pub struct Blocks<'a, I> {
    design: &'a Design,
    /// The factors in which the runs of a block agree: those that change keys of the file, edges or delays.
    apart: Vec<bool>,
    left: I,
    ready: VecDeque<Vec<u64>>,
}

impl<'a, I: Iterator<Item = u64>> Blocks<'a, I> {
    /// Divides the runs of `left` into blocks.
    pub fn new(experiment: &Experiment, plan: &'a SweepPlan, left: I) -> Self {
        let sets_edges = |target: &Target| {
            let (name, by_node) = match target {
                Target::Setting(name) => (name, false),
                Target::Gain { name, .. } => (name, true),
                Target::Key { .. } => return true,
                Target::Seed => return false,
            };
            match experiment.network.setting(name) {
                Ok(Setting::Speed { .. } | Setting::Weights { .. }) => true,
                Ok(Setting::Rule { .. }) => by_node,
                _ => false,
            }
        };
        let factors = plan.design.factors.iter();
        let apart =
            factors.map(|factor| factor.dimensions.iter().any(|dimension| sets_edges(&dimension.target)));
        Self { design: &plan.design, apart: apart.collect(), left, ready: VecDeque::new() }
    }

    fn refill(&mut self) {
        if !self.apart.contains(&true) {
            // All runs can stand side by side.
            self.ready.extend(
                Some(self.left.by_ref().take(LANE_WIDTH).collect::<Vec<u64>>())
                    .filter(|block| !block.is_empty()),
            );
            return;
        }
        let mut order: Vec<Vec<u64>> = Vec::new();
        let mut places: HashMap<Vec<usize>, usize> = HashMap::new();
        for run in self.left.by_ref().take(WINDOW) {
            let mut key = self.design.levels(run);
            for (level, apart) in key.iter_mut().zip(&self.apart) {
                if !apart {
                    *level = 0;
                }
            }
            let place = *places.entry(key).or_insert_with(|| {
                order.push(Vec::new());
                order.len() - 1
            });
            order[place].push(run);
        }
        self.ready.extend(order.iter().flat_map(|runs| runs.chunks(LANE_WIDTH)).map(<[u64]>::to_vec));
    }
}

impl<I: Iterator<Item = u64>> Iterator for Blocks<'_, I> {
    type Item = Vec<u64>;

    fn next(&mut self) -> Option<Vec<u64>> {
        if self.ready.is_empty() {
            self.refill();
        }
        self.ready.pop_front()
    }
}
