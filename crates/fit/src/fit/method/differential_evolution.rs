//! Differential evolution.

use super::draws::Draws;
use super::{Search, Step, need};
use crate::fit::error::FitError;
use crate::fit::evaluator::Evaluator;

/// Storn & Price 1997, variant `best/1/bin` with the factor drawn anew in each generation (dither): each member is crossed with a point
/// that lies off the best member by a multiple of the difference of two others, and replaced if that is better. The first member
/// begins at the first values, the others anywhere between the bounds.
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
    /// The size of the population; 15 a parameter, and at least 20, if not given.
    pub fn members(mut self, members: usize) -> Self {
        self.members = Some(members);
        self
    }

    /// Between what the factor of differences is drawn; 0.5 and 1 if not given.
    pub fn factor(mut self, lower: f64, upper: f64) -> Self {
        self.factor = (lower, upper);
        self
    }

    /// How probable it is that a number comes from the mutant; 0.7 if not given.
    pub fn crossover(mut self, probability: f64) -> Self {
        self.crossover = probability;
        self
    }

    /// The search is over when the members lie within this share of the bounds of each other; 1e-8 if not given.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        let members = self.members.unwrap_or(20);
        need(members >= 4, "the size of the population", members, "at least 4 members are needed")?;
        let (lower, upper) = self.factor;
        need(
            0.0 < lower && lower <= upper && upper <= 2.0,
            "the factor of differences",
            format!("{lower} to {upper}"),
            "it lies between 0 and 2",
        )?;
        need(
            (0.0..=1.0).contains(&self.crossover),
            "the probability of crossover",
            self.crossover,
            "it lies between 0 and 1",
        )?;
        need(
            self.tolerance >= 0.0,
            "the tolerance of the population",
            self.tolerance,
            "a number not below 0 is needed",
        )
    }

    pub(super) fn search(&self, from: Vec<f64>, seed: u64, start: u32) -> Box<dyn Search> {
        let size = self.members.unwrap_or_else(|| (15 * from.len()).max(20));
        let draws = Draws::new(seed, start);
        let dimension = from.len();
        let mut members = vec![from];
        members.extend((1..size).map(|member| draws.uniform(0, member, dimension)));
        Box::new(Evolving { settings: self.clone(), draws, members, losses: Vec::new(), generation: 0 })
    }
}

struct Evolving {
    settings: DifferentialEvolution,
    draws: Draws,
    members: Vec<Vec<f64>>,
    losses: Vec<f64>,
    generation: usize,
}

impl Search for Evolving {
    fn step(&mut self, evaluator: &mut Evaluator) -> Step {
        if self.losses.is_empty() {
            self.losses = evaluator.values(&self.members);
            return Step::at(self.best().1);
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
            return Step::last(loss, "the members of the population agree");
        }
        Step::at(loss)
    }
}

impl Evolving {
    fn best(&self) -> (usize, f64) {
        let mut best = (0, self.losses[0]);
        for (member, &loss) in self.losses.iter().enumerate() {
            if loss < best.1 {
                best = (member, loss);
            }
        }
        best
    }

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
            let each = (0..dimension).map(|index| {
                if index != always && chances[index] >= self.settings.crossover {
                    return self.members[member][index];
                }
                let difference = self.members[first][index] - self.members[second][index];
                let mutant = self.members[best][index] + factor * difference;
                // What falls out of the bounds is put anywhere between them, which does not press members against them.
                if (0.0..=1.0).contains(&mutant) { mutant } else { places[index] }
            });
            each.collect()
        };
        (0..size).map(trial).collect()
    }

    /// The largest distance between two members along an axis.
    fn width(&self) -> f64 {
        let along = |index: usize| {
            let values = self.members.iter().map(|member| member[index]);
            values.clone().fold(f64::NEG_INFINITY, f64::max) - values.fold(f64::INFINITY, f64::min)
        };
        (0..self.members[0].len()).map(along).fold(0.0, f64::max)
    }
}
