//! Designs of sweeps: the settings of every run, by its number.

use brainmass_core::quantity::Values;
use brainmass_sim::simulator::Point;
use brainmass_spec::yaml::Node;

/// The settings of every run of a sweep: each combination of the levels of its factors, those of the last factor changing fastest.
///
/// Runs are numbered from 0. Nothing is stored for a run, so that a design of any size takes the memory of its axes.
#[derive(Debug, Clone, Default)]
pub struct Design {
    /// The factors.
    pub factors: Vec<Factor>,
}

/// Dimensions that change together.
#[derive(Debug, Clone)]
pub struct Factor {
    /// The dimensions, each with as many levels as the factor.
    pub dimensions: Vec<Dimension>,
    /// The number of levels.
    pub levels: usize,
}

/// Something that has another value from level to level.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// The name of its column in results.
    pub name: String,
    /// The unit of its numbers; `1` for pure numbers and for words.
    pub unit: String,
    /// The values.
    pub levels: Levels,
    /// The place that the values go to.
    pub target: Target,
}

/// The values of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub enum Levels {
    /// Numbers, in the unit of the dimension.
    Numbers(Vec<f64>),
    /// Words, such as the names of schemes.
    Words(Vec<String>),
    /// Seeds.
    Seeds(Vec<u64>),
}

/// The value of a dimension in a run, for tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// A number.
    Number(f64),
    /// A word.
    Word(&'a str),
    /// A seed.
    Seed(u64),
}

/// The place that the values of a dimension go to.
#[derive(Debug, Clone)]
pub enum Target {
    /// The seed of the noise.
    Seed,
    /// A number that `Simulator::set` knows by this name.
    Setting(String),
    /// A number that `Simulator::set` knows by this name: each node gets `base + gain * map`.
    Gain {
        /// The name.
        name: String,
        /// The value of each node at gain 0.
        base: Vec<f64>,
        /// The number that a gain of 1 adds to the value of each node.
        map: Vec<f64>,
    },
    /// A key of the experiment file.
    Key {
        /// The keys that lead to it, from the top of the file.
        path: Vec<String>,
        /// The value of each level as the file is to have it.
        values: Vec<Node>,
    },
}

impl Levels {
    /// Returns the number of levels.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Words(values) => values.len(),
            Self::Seeds(values) => values.len(),
        }
    }

    /// Returns whether there are no levels.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value of a level.
    pub fn cell(&self, level: usize) -> Cell<'_> {
        match self {
            Self::Numbers(values) => Cell::Number(values[level]),
            Self::Words(values) => Cell::Word(&values[level]),
            Self::Seeds(values) => Cell::Seed(values[level]),
        }
    }
}

impl Design {
    /// Returns the number of runs.
    pub fn runs(&self) -> u64 {
        self.factors.iter().fold(1, |runs, factor| runs * factor.levels as u64)
    }

    /// Returns all dimensions, each with the index of its factor.
    pub fn dimensions(&self) -> impl Iterator<Item = (usize, &Dimension)> {
        let factors = self.factors.iter().enumerate();
        factors.flat_map(|(index, factor)| factor.dimensions.iter().map(move |dimension| (index, dimension)))
    }

    /// Returns the level of each factor in a run.
    pub fn levels(&self, run: u64) -> Vec<usize> {
        let mut rest = run;
        let mut levels = vec![0; self.factors.len()];
        for (level, factor) in levels.iter_mut().zip(&self.factors).rev() {
            // A factor has fewer levels than there are runs, which are counted in 64 bits.
            *level = (rest % factor.levels as u64) as usize;
            rest /= factor.levels as u64;
        }
        levels
    }

    /// Returns the numbers that are set in a run and its seed, if it has one of its own. Keys of the file are not among them.
    pub fn point(&self, run: u64) -> Point {
        let levels = self.levels(run);
        let mut point = Point::default();
        for (factor, dimension) in self.dimensions() {
            let level = levels[factor];
            match (&dimension.target, dimension.levels.cell(level)) {
                (Target::Seed, Cell::Seed(seed)) => point.seed = Some(seed),
                (Target::Setting(name), Cell::Number(value)) => {
                    point.settings.push((name.clone(), Values::Scalar(value)));
                }
                (Target::Gain { name, base, map }, Cell::Number(gain)) => {
                    let values = base.iter().zip(map).map(|(base, map)| base + gain * map).collect();
                    point.settings.push((name.clone(), Values::PerNode(values)));
                }
                _ => {}
            }
        }
        point
    }

    /// Returns what tells the version of the experiment file that a run is of: the levels of the factors that change keys of the file, and 0 for
    /// all others.
    pub fn variant(&self, run: u64) -> Vec<usize> {
        let mut levels = self.levels(run);
        for (level, factor) in levels.iter_mut().zip(&self.factors) {
            if !factor.changes_keys() {
                *level = 0;
            }
        }
        levels
    }

    /// Returns the keys of the file that a variant changes, with their values.
    pub fn changes(&self, variant: &[usize]) -> Vec<(&[String], &Node)> {
        let keys = self.dimensions().filter_map(|(factor, dimension)| match &dimension.target {
            Target::Key { path, values } => Some((&path[..], &values[variant[factor]])),
            _ => None,
        });
        keys.collect()
    }

    /// Returns a variant for each value of each axis that is a key of the file, all other axes at their first value: whatever is wrong with one value
    /// alone is wrong in one of these. Of a long axis, the first and the last values are there.
    pub fn each_variant(&self) -> Vec<Vec<usize>> {
        const MOST: usize = 32;
        let first = self.variant(0);
        let mut all = Vec::new();
        for (index, factor) in self.factors.iter().enumerate().filter(|(_, factor)| factor.changes_keys()) {
            let levels = (0..factor.levels).filter(|level| *level < MOST || level + MOST >= factor.levels);
            all.extend(levels.map(|level| {
                let mut variant = first.clone();
                variant[index] = level;
                variant
            }));
        }
        all
    }

    /// Returns whether any axis is a key of the file, so that there are several versions of it.
    pub fn has_variants(&self) -> bool {
        self.factors.iter().any(Factor::changes_keys)
    }
}

impl Factor {
    /// Returns the names of the dimensions, with a plus sign between them.
    pub fn name(&self) -> String {
        let names: Vec<&str> = self.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        names.join("+")
    }

    /// Returns whether one of the dimensions is a key of the file.
    pub fn changes_keys(&self) -> bool {
        self.dimensions.iter().any(|dimension| matches!(dimension.target, Target::Key { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(name: &str, levels: Levels, target: Target) -> Factor {
        let count = levels.len();
        let dimension = Dimension { name: name.into(), unit: "1".into(), levels, target };
        Factor { dimensions: vec![dimension], levels: count }
    }

    #[test]
    fn the_last_factor_changes_fastest_and_every_combination_is_there_once() {
        let map = Target::Gain { name: "w".into(), base: vec![1.0, 2.0], map: vec![10.0, -10.0] };
        let design = Design {
            factors: vec![
                factor("a", Levels::Numbers(vec![0.1, 0.2]), Target::Setting("a".into())),
                factor("w", Levels::Numbers(vec![0.0, 1.0]), map),
                factor("seed", Levels::Seeds(vec![5, 6, 7]), Target::Seed),
            ],
        };
        assert_eq!(design.runs(), 12);
        let point = design.point(10);
        assert_eq!(point.seed, Some(6));
        let settings =
            [("a".to_owned(), Values::Scalar(0.2)), ("w".to_owned(), Values::PerNode(vec![11.0, -8.0]))];
        assert_eq!(point.settings, settings);
        let mut all: Vec<Vec<usize>> = (0..12).map(|run| design.levels(run)).collect();
        assert_eq!((&all[0][..], &all[1][..]), (&[0, 0, 0][..], &[0, 0, 1][..]));
        all.dedup();
        assert_eq!(all.len(), 12);
        assert!(!design.has_variants() && design.changes(&design.variant(5)).is_empty());
    }
}
