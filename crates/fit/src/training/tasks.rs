//! Tasks for training.

use ndarray::{Array3, Axis};

use super::{Examples, Targets, TrainingError};
use crate::optimiser::need;
use brainmass_data::io::npz::Npz;
use brainmass_sim::noise::{NormalStream, UniformStream};

/// The delayed match-to-sample task: a sample, a delay, and a probe. An item is of class 1 if the probe is the sample, else of class 0.
///
/// Symbols are one-hot: each has an input of its own. The sample comes in the first step, the probe in the last, and nothing comes between. Half
/// of the items match; the probe of the others is any other symbol. Without noise there are only as many different items as pairs of
/// symbols, so that a test set repeats what was learned; noise makes every item different.
///
/// ```
/// use brainmass::training::tasks::DelayedMatch;
///
/// let examples = DelayedMatch::new().symbols(4).steps(10).examples(128, 0)?;
/// assert_eq!(examples.inputs().dim(), (128, 10, 4)); // (item, time, symbol)
/// # Ok::<(), brainmass::training::TrainingError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DelayedMatch {
    symbols: usize,
    steps: usize,
    noise: f64,
}

impl Default for DelayedMatch {
    fn default() -> Self {
        Self { symbols: 4, steps: 10, noise: 0.0 }
    }
}

impl DelayedMatch {
    /// Creates the task with four symbols and ten steps, without noise.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the number of symbols, at least 2.
    pub fn symbols(mut self, symbols: usize) -> Self {
        self.symbols = symbols;
        self
    }

    /// Sets the length of the sequences in steps, at least 2.
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    /// Sets the standard deviation of the normal noise on all inputs at all steps.
    pub fn noise(mut self, deviation: f64) -> Self {
        self.noise = deviation;
        self
    }

    /// Draws items with a seed.
    ///
    /// # Errors
    ///
    /// A setting is out of its range.
    pub fn examples(&self, items: usize, seed: u64) -> Result<Examples, TrainingError> {
        let Self { symbols, steps, noise } = *self;
        need(symbols >= 2, "the number of symbols", symbols, "at least 2 are needed")?;
        need(steps >= 2, "the number of steps", steps, "at least 2 are needed")?;
        need(noise >= 0.0 && noise.is_finite(), "the noise", noise, "it is finite and not negative")?;
        let mut inputs = Array3::zeros((items, steps, symbols));
        let mut classes = Vec::with_capacity(items);
        let order = super::init::permutation(items, seed, 0);
        let (uniform, normal) = (UniformStream::new(seed, 0), NormalStream::new(seed, 0));
        for (item, mut sequence) in inputs.axis_iter_mut(Axis(0)).enumerate() {
            let mut draws = [0.0; 2];
            uniform.fill(item as u64, 0, &mut draws);
            let pick = |draw: f64, count: usize| ((draw * count as f64) as usize).min(count - 1);
            let sample = pick(draws[0], symbols);
            let matches = order[item] < items / 2;
            let probe = if matches { sample } else { (sample + 1 + pick(draws[1], symbols - 1)) % symbols };
            if noise > 0.0 {
                let mut drawn = vec![0.0; steps * symbols];
                normal.fill(item as u64, 0, &mut drawn);
                sequence.iter_mut().zip(drawn).for_each(|(input, drawn)| *input = noise * drawn);
            }
            sequence[[0, sample]] += 1.0;
            sequence[[steps - 1, probe]] += 1.0;
            classes.push(usize::from(matches));
        }
        Examples::new(inputs, Targets::Classes(classes))
    }
}

/// Returns the task of reading 1797 handwritten digits: images of 8 x 8 pixels, one pixel a step, row by row from the top left. Inputs are from
/// 0 to 1; the class is the digit.
///
/// The data are the test set of E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
/// Repository 1998, <https://doi.org/10.24432/C50P49>, licensed under CC BY 4.0.
///
/// ```
/// let digits = brainmass::training::tasks::digits()?;
/// assert_eq!(digits.inputs().dim(), (1797, 64, 1)); // (item, time, pixel)
/// # Ok::<(), brainmass::training::TrainingError>(())
/// ```
///
/// # Errors
///
/// The bundled file cannot be unpacked.
pub fn digits() -> Result<Examples, TrainingError> {
    let file = Npz::from_bytes(&include_bytes!("data/digits.npz")[..], "digits.npz")?;
    let (images, labels) = (file.get("images")?.into_numbers()?, file.get("labels")?.into_vector()?);
    let pixels: Vec<f64> = images.iter().map(|pixel| pixel / 16.0).collect();
    let steps = pixels.len() / labels.len();
    let inputs =
        Array3::from_shape_fn((labels.len(), steps, 1), |(item, step, _)| pixels[item * steps + step]);
    Examples::new(inputs, Targets::Classes(labels.iter().map(|label| *label as usize).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(examples: &Examples) -> &[usize] {
        match examples.targets() {
            Targets::Classes(classes) => classes,
            Targets::Values(_) => panic!("classes"),
        }
    }

    #[test]
    fn half_of_the_probes_match_and_nothing_is_said_in_the_delay() {
        let examples = DelayedMatch::new().symbols(3).steps(7).examples(50, 4).unwrap();
        assert_eq!(classes(&examples).iter().sum::<usize>(), 25);
        let symbol = |item: usize, step: usize| {
            let row: Vec<f64> = (0..3).map(|symbol| examples.inputs()[[item, step, symbol]]).collect();
            row.iter().position(|input| *input == 1.0).filter(|_| row.iter().sum::<f64>() == 1.0)
        };
        let mut seen = [0; 3];
        for (item, class) in classes(&examples).iter().enumerate() {
            let (sample, probe) = (symbol(item, 0).unwrap(), symbol(item, 6).unwrap());
            assert_eq!(sample == probe, *class == 1);
            assert!((1..6).all(|step| symbol(item, step).is_none()));
            seen[sample] += 1;
        }
        assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
        assert_ne!(examples, DelayedMatch::new().symbols(3).steps(7).examples(50, 5).unwrap());
        assert!(DelayedMatch::new().symbols(1).examples(5, 0).is_err());
    }

    #[test]
    fn the_digits_are_those_of_their_source() {
        let digits = digits().unwrap();
        let mut count = [0; 10];
        classes(&digits).iter().for_each(|class| count[*class] += 1);
        // The class distribution of optdigits.tes, in its description.
        assert_eq!(count, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        // The first rows of its first image.
        let first: Vec<f64> = digits.inputs().iter().take(12).map(|input| 16.0 * input).collect();
        assert_eq!(first, [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0, 0.0, 0.0, 13.0, 15.0]);
    }
}
