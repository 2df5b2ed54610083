//! Results of a sweep as a grid, for figures: from a sweep, or from an `.npz` that one was saved to.

use std::path::Path;

use serde_json::Value;

use super::results::Results;
use crate::experiment::{Dimension, Levels};
use brainmass_data::io::npy::NpyArray;
use brainmass_data::io::npz::Npz;
use brainmass_data::io::{IoError, Problem};

/// Results of a sweep as a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepTable {
    /// The axes of the grid; the last one changes fastest.
    pub axes: Vec<SweepAxis>,
    /// The measured columns.
    pub measures: Vec<SweepMeasure>,
    /// The provenance of the results, where the file says.
    pub provenance: Option<Value>,
}

/// An axis of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepAxis {
    /// The name; those of axes that change together are joined.
    pub name: String,
    /// The unit of its numbers.
    pub unit: String,
    /// The number of levels.
    pub levels: usize,
    /// The number of each level, where they are numbers.
    pub numbers: Option<Vec<f64>>,
    /// The words for each level, where they are words.
    pub words: Option<Vec<String>>,
}

/// A measured column.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepMeasure {
    /// The name.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// The value of each run.
    pub values: Vec<f64>,
}

impl SweepAxis {
    /// Returns whether its levels differ in their seeds alone, so that they are chance.
    pub fn is_chance(&self) -> bool {
        self.name == "seed"
    }

    fn of(name: String, dimension: Option<&Dimension>, levels: usize) -> Self {
        let axis = Self { name, unit: "1".to_owned(), levels, numbers: None, words: None };
        match dimension {
            Some(Dimension { unit, levels: Levels::Numbers(values), .. }) => {
                Self { unit: unit.clone(), numbers: Some(values.clone()), ..axis }
            }
            Some(Dimension { levels: Levels::Words(words), .. }) => {
                Self { words: Some(words.clone()), ..axis }
            }
            // Seeds have an order that means nothing, and so have points of several numbers.
            _ => axis,
        }
    }
}

impl SweepTable {
    /// Returns the grid of results.
    pub fn of(results: &Results) -> Self {
        let axes = results.design().factors.iter().map(|factor| {
            let only = match &factor.dimensions[..] {
                [only] => Some(only),
                _ => None,
            };
            SweepAxis::of(factor.name(), only, factor.levels)
        });
        let measures = results.columns().iter().enumerate().map(|(index, column)| SweepMeasure {
            name: column.name.clone(),
            unit: column.unit.clone(),
            values: (0..results.runs()).map(|run| results.numbers(run)[index]).collect(),
        });
        Self {
            axes: axes.collect(),
            measures: measures.collect(),
            provenance: Some(results.provenance.clone()),
        }
    }

    /// Returns whether a file holds results of a sweep.
    pub fn is_in(file: &Npz) -> bool {
        ["columns", "units", "axes", "shape", "provenance"].iter().all(|name| file.contains(name))
    }

    /// Reads the grid of an `.npz` that results were saved to.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not what a sweep writes.
    pub fn open(path: &Path) -> Result<Self, IoError> {
        let file = Npz::open(path)?;
        let wrong = |why: &str| {
            IoError::new(path.display(), Problem::Recording(format!("it holds no results of a sweep: {why}")))
        };
        let strings = |name: &str| file.get(name).and_then(NpyArray::into_strings);
        let (names, units, factors) = (strings("columns")?, strings("units")?, strings("axes")?);
        let shape: Vec<usize> =
            file.get("shape")?.into_vector()?.iter().map(|levels| *levels as usize).collect();
        if names.len() != units.len() || shape.len() != factors.len() || shape.contains(&0) {
            return Err(wrong("its arrays have not the lengths that belong together"));
        }
        let runs = shape.iter().try_fold(1_usize, |runs, levels| runs.checked_mul(*levels));
        let runs = runs.ok_or_else(|| wrong("its shape is too large"))?;
        let unit_of =
            |name: &str| names.iter().position(|known| known == name).map_or("1", |index| &units[index]);
        let mut axes = Vec::new();
        for (index, (name, levels)) in factors.iter().zip(&shape).enumerate() {
            let stride: usize = shape[index + 1..].iter().product();
            let mut axis = SweepAxis::of(name.clone(), None, *levels);
            if let Some(array) = file.find(name)?.filter(|_| name != "seed") {
                if array.shape() != [runs] {
                    return Err(wrong("an axis has not one value a run"));
                }
                axis.unit = unit_of(name).to_owned();
                match array.clone().into_vector() {
                    Ok(values) => {
                        axis.numbers = Some((0..*levels).map(|level| values[level * stride]).collect());
                    }
                    Err(_) => {
                        let words = array.into_strings()?;
                        axis.words = Some((0..*levels).map(|level| words[level * stride].clone()).collect());
                    }
                }
            }
            axes.push(axis);
        }
        let in_axes = |name: &str| factors.iter().any(|factor| factor.split('+').any(|part| part == name));
        let mut measures = Vec::new();
        for (name, unit) in names.iter().zip(&units).filter(|(name, _)| !in_axes(name)) {
            let array = file.get(name)?;
            // Whole records are no columns.
            if array.shape().len() != 1 {
                continue;
            }
            let values = array.into_vector()?.to_vec();
            if values.len() != runs {
                return Err(wrong("a column has not one value a run"));
            }
            measures.push(SweepMeasure { name: name.clone(), unit: unit.clone(), values });
        }
        let provenance = strings("provenance")?.first().and_then(|text| serde_json::from_str(text).ok());
        Ok(Self { axes, measures, provenance })
    }
}
