//! Differential evolution.

use super::draws::{CandidateDraws, MOST_CANDIDATES};
use super::search::{Search, SearchStart, SearchStep};
use super::setting::{MethodSetting, setting};
use crate::fit::evaluator::Evaluator;
use crate::optimiser::{InvalidSetting, need};

/// Differential evolution: Storn & Price 1997, variant `best/1/bin` with the factor drawn anew in each generation (dither).
///
/// Each member of the population is crossed with a point that lies off the best member by a multiple of the difference of two others, and is
/// replaced if the outcome is better. The first member begins at the first values, the others anywhere between the bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferentialEvolution {
    members: Option<usize>,
    factor: (f64, f64),
    crossover: f64,
    tolerance: f64,
}

impl Default for DifferentialEvolution {
    fn default() -> Self {
        Self { members: None, factor: (0.5, 1.0), crossover: 0.7, tolerance: 1e-8 }
    }
}

impl DifferentialEvolution {
    pub(super) const SETTINGS: &'static [MethodSetting] = &[
        setting!(
            DifferentialEvolution,
            "members",
            "max(15 n, 20)",
            whole,
            "size of the population",
            |evolution, value| evolution.members = Some(value as usize)
        ),
        setting!(
            DifferentialEvolution,
            "least_factor",
            "0.5",
            real,
            "least factor on the differences of members",
            |evolution, value| { evolution.factor.0 = value }
        ),
        setting!(
            DifferentialEvolution,
            "largest_factor",
            "1",
            real,
            "largest factor on the differences of members",
            |evolution, value| { evolution.factor.1 = value }
        ),
        setting!(
            DifferentialEvolution,
            "crossover",
            "0.7",
            real,
            "probability that a number comes from the mutant",
            |evolution, value| { evolution.crossover = value }
        ),
        setting!(
            DifferentialEvolution,
            "tolerance",
            "1e-8",
            real,
            "the search ends when the members lie within this share of the bounds of each other",
            |evolution, value| { evolution.tolerance = value }
        ),
    ];

    /// Sets the size of the population; 15 for each fitted number, and at least 20, if not given.
    pub fn members(mut self, members: usize) -> Self {
        self.members = Some(members);
        self
    }

    /// Sets between which numbers the factor on differences is drawn; 0.5 and 1 if not given.
    pub fn factor(mut self, lower: f64, upper: f64) -> Self {
        self.factor = (lower, upper);
        self
    }

    /// Sets how probable it is that a number comes from the mutant; 0.7 if not given.
    pub fn crossover(mut self, probability: f64) -> Self {
        self.crossover = probability;
        self
    }

    /// Ends the search when the members lie within this share of the bounds of each other; 1e-8 if not given.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let members = self.members.unwrap_or(20);
        let range = format!("4 to {MOST_CANDIDATES} members are allowed");
        need((4..=MOST_CANDIDATES).contains(&members), "the size of the population", members, range)?;
        let (lower, upper) = self.factor;
        let given = format!("{lower} to {upper}");
        let allowed = 0.0 < lower && lower <= upper && upper <= 2.0;
        need(allowed, "the factor of differences", given, "it lies between 0 and 2")?;
        let crossover = self.crossover;
        let allowed = (0.0..=1.0).contains(&crossover);
        need(allowed, "the probability of crossover", crossover, "it lies between 0 and 1")?;
        let tolerance = self.tolerance;
        need(tolerance >= 0.0, "the tolerance of the population", tolerance, "a number not below 0 is needed")
    }

    fn size(&self, dimension: usize) -> usize {
        self.members.unwrap_or_else(|| dimension.saturating_mul(15).clamp(20, MOST_CANDIDATES))
    }

    pub(super) fn memory_of(&self, n: f64) -> f64 {
        // Two generations.
        2.0 * self.size(n as usize) as f64 * (n + 1.0)
    }

    pub(super) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        let SearchStart { from, seed, start, .. } = start;
        let (size, dimension) = (self.size(from.len()), from.len());
        let draws = CandidateDraws::new(seed, start);
        let mut members = vec![from];
        members.extend((1..size).map(|member| draws.uniform(0, member, dimension)));
        Box::new(DifferentialSearch {
            settings: self.clone(),
            draws,
            members,
            losses: Vec::new(),
            generation: 0,
        })
    }
}

struct DifferentialSearch {
    settings: DifferentialEvolution,
    draws: CandidateDraws,
    members: Vec<Vec<f64>>,
    /// The loss of each member; none before the first iteration.
    losses: Vec<f64>,
    generation: usize,
}

impl Search for DifferentialSearch {
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep {
        if self.losses.is_empty() {
            self.losses = evaluator.values(&self.members);
            return SearchStep::at(self.best().1);
        }
        self.generation += 1;
        let trials = self.trials();
        let losses = evaluator.values(&trials);
        for (member, (trial, loss)) in trials.into_iter().zip(losses).enumerate() {
            if loss <= self.losses[member] {
                self.members[member] = trial;
                self.losses[member] = loss;
            }
        }
        let (_, loss) = self.best();
        if self.width() <= self.settings.tolerance {
            return SearchStep::last(loss, "the members of the population agree");
        }
        SearchStep::at(loss)
    }
}

impl DifferentialSearch {
    /// Returns the index of the best member and its loss.
    fn best(&self) -> (usize, f64) {
        let mut best = (0, self.losses[0]);
        for (member, &loss) in self.losses.iter().enumerate() {
            if loss < best.1 {
                best = (member, loss);
            }
        }
        best
    }

    /// Makes the candidate that each member is compared with.
    fn trials(&self) -> Vec<Vec<f64>> {
        let (best, _) = self.best();
        let size = self.members.len();
        let (lower, upper) = self.settings.factor;
        let dimension = self.members[0].len();
        let dither = self.draws.uniform(self.generation, size, 1)[0];
        let factor = lower + (upper - lower) * dither;
        let trial = |member: usize| {
            let draws = self.draws.uniform(self.generation, member, 3 + 2 * dimension);
            // Two others, different from each other and from the member.
            let pick = |t: f64, among: usize| (t * among as f64) as usize;
            let mut others: Vec<usize> = (0..size).filter(|other| *other != member).collect();
            let first = others.swap_remove(pick(draws[0], size - 1));
            let second = others[pick(draws[1], size - 2)];
            let always = pick(draws[2], dimension);
            let (chances, places) = draws[3..].split_at(dimension);
            let numbers = (0..dimension).map(|index| {
                if index != always && chances[index] >= self.settings.crossover {
                    return self.members[member][index];
                }
                let difference = self.members[first][index] - self.members[second][index];
                let mutant = self.members[best][index] + factor * difference;
                // What falls out of the bounds is put anywhere between them, which does not press members against them.
                if (0.0..=1.0).contains(&mutant) { mutant } else { places[index] }
            });
            numbers.collect()
        };
        (0..size).map(trial).collect()
    }

    /// Returns the largest distance between two members along a number.
    fn width(&self) -> f64 {
        let along = |index: usize| {
            let values = self.members.iter().map(|member| member[index]);
            values.clone().fold(f64::NEG_INFINITY, f64::max) - values.fold(f64::INFINITY, f64::min)
        };
        (0..self.members[0].len()).map(along).fold(0.0, f64::max)
    }
}
