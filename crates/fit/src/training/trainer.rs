//! The loop of a training.

use std::sync::Arc;

use brainmass_spec::problem::suggestion;

use super::error::need;
use super::init::permutation;
use super::{Descent, Epoch, Examples, History, Rule, Schedule, Score, TrainingError};
use crate::sequence::{DEFAULT_MEMORY, SequenceError, Stack, Weights};
use brainmass_core::quantity::Time;

/// What is learned unless it is said: the weights and biases of all layers and of the readout.
const LEARNED: [&str; 6] = ["W_in", "b_in", "W_rec", "b_rec", "W_out", "b_out"];

/// Told each epoch as it ends; a training stops when it answers `false`.
type Progress = Arc<dyn Fn(&Epoch) -> bool + Send + Sync>;

/// A training to be run. The same seed gives the same bits, whatever the number of threads.
#[derive(Clone)]
pub struct Trainer {
    stack: Stack,
    dt: Time,
    epochs: usize,
    batch: usize,
    rate: f64,
    rule: Rule,
    schedule: Schedule,
    clip: Option<f64>,
    seed: u64,
    learned: Vec<String>,
    memory: usize,
    progress: Option<Progress>,
}

/// The outcome of a training.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The stack with what it learned.
    pub stack: Stack,
    /// How it went.
    pub history: History,
}

impl Trainer {
    /// A training of a stack: a step of 1 ms a row, 20 epochs, batches of 32 items, Adam at a rate of 0.001, gradients as they are.
    pub fn new(stack: Stack) -> Self {
        Self {
            stack,
            dt: 1.0.into(),
            epochs: 20,
            batch: 32,
            rate: 1e-3,
            rule: Rule::ADAM,
            schedule: Schedule::Constant,
            clip: None,
            seed: 0,
            learned: LEARNED.map(str::to_owned).to_vec(),
            memory: DEFAULT_MEMORY,
            progress: None,
        }
    }

    /// The time step of a row of the sequences; a plain number is in ms.
    pub fn dt(mut self, dt: impl Into<Time>) -> Self {
        self.dt = dt.into();
        self
    }

    /// How often all examples are gone through.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.epochs = epochs;
        self
    }

    /// Items of a batch; the last batch of an epoch may have fewer.
    pub fn batch(mut self, items: usize) -> Self {
        self.batch = items;
        self
    }

    /// The learning rate.
    pub fn rate(mut self, rate: f64) -> Self {
        self.rate = rate;
        self
    }

    /// How gradients become steps.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// How the learning rate changes over the training.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Shortens longer gradients to this length, keeping their direction (Pascanu, Mikolov & Bengio 2013).
    pub fn clip(mut self, length: f64) -> Self {
        self.clip = Some(length);
        self
    }

    /// The seed of the order of the examples.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// What is learned: names of [`Stack::weights`], such as `layer1.omega`, or what stands behind the dot, for all layers. Weights and
    /// biases if not given.
    pub fn learn<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.learned = names.into_iter().map(Into::into).collect();
        self
    }

    /// Memory that a batch may take, in bytes, see [`Stack::pass_within`].
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Tells each epoch as it ends; the training stops when the listener answers `false`.
    pub fn progress(mut self, listener: impl Fn(&Epoch) -> bool + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(listener));
        self
    }

    /// Learns examples.
    ///
    /// # Errors
    ///
    /// A setting that cannot be one, names that the stack does not have, examples that do not fit the stack, or a run that diverges.
    pub fn train(self, examples: &Examples) -> Result<Trained, TrainingError> {
        self.run(examples, None)
    }

    /// Learns examples, and after each epoch tries others, which are not learned.
    ///
    /// # Errors
    ///
    /// As [`Trainer::train`].
    pub fn train_with(self, examples: &Examples, held_out: &Examples) -> Result<Trained, TrainingError> {
        self.run(examples, Some(held_out))
    }

    fn run(mut self, examples: &Examples, held_out: Option<&Examples>) -> Result<Trained, TrainingError> {
        self.check(examples, held_out)?;
        let mut descent = Descent::new(self.rule)?;
        let mut weights = self.stack.weights().filtered(|name| self.learns(name));
        let mut history = History::default();
        for number in 1..=self.epochs {
            let mut epoch = self.epoch(number, examples, &mut weights, &mut descent)?;
            epoch.held_out =
                held_out.map(|examples| self.stack.score(examples, self.dt.clone())).transpose()?;
            history.epochs.push(epoch);
            if self.progress.as_ref().is_some_and(|progress| !progress(&epoch)) {
                break;
            }
        }
        Ok(Trained { stack: self.stack, history })
    }

    fn epoch(
        &mut self,
        number: usize,
        examples: &Examples,
        weights: &mut Weights,
        descent: &mut Descent,
    ) -> Result<Epoch, TrainingError> {
        let order = permutation(examples.len(), self.seed, number);
        let batches = order.len().div_ceil(self.batch);
        let (mut loss, mut right, mut length, mut rate) = (0.0, None, 0.0, 0.0);
        for (index, items) in order.chunks(self.batch).enumerate() {
            let done = (number - 1) * batches + index;
            rate = self.rate * self.schedule.factor(done as f64 / (self.epochs * batches) as f64);
            let batch = examples.select(items);
            let fails = |error| match error {
                SequenceError::Diverged { .. } | SequenceError::NotFinite { .. } => {
                    TrainingError::Failed { epoch: number, batch: index + 1, error: Box::new(error) }
                }
                error => error.into(),
            };
            let mut pass =
                self.stack.pass_within(batch.inputs().view(), self.dt.clone(), self.memory).map_err(fails)?;
            let (batch_loss, derivative) = batch.targets().loss(pass.outputs().view());
            let accuracy = batch.targets().accuracy(pass.outputs().view());
            let mut gradient = pass.gradient(derivative.view()).map_err(fails)?;
            drop(pass);

            gradient = gradient.filtered(|name| weights.get(name).is_some());
            let norm = gradient.norm();
            if let Some(longest) = self.clip.filter(|longest| norm > *longest) {
                gradient.iter_mut().for_each(|(_, slopes)| *slopes *= longest / norm);
            }
            descent.step(weights, &gradient, rate);
            self.stack.set(weights).map_err(fails)?;

            let share = items.len() as f64 / examples.len() as f64;
            loss += share * batch_loss;
            right = accuracy.map(|accuracy| right.unwrap_or(0.0) + share * accuracy);
            length += norm / batches as f64;
        }
        let learned = Score { loss, accuracy: right };
        Ok(Epoch { number, learned, held_out: None, rate, gradient: length })
    }

    /// Whether an array of [`Stack::weights`] is learned.
    fn learns(&self, name: &str) -> bool {
        let own = name.split_once('.').map_or(name, |(_, own)| own);
        self.learned.iter().any(|learned| learned == name || learned == own)
    }

    fn check(&self, examples: &Examples, held_out: Option<&Examples>) -> Result<(), TrainingError> {
        need(self.epochs > 0, "the number of epochs", self.epochs, "at least 1 is needed")?;
        need(self.batch > 0, "the number of items of a batch", self.batch, "at least 1 is needed")?;
        let rate = self.rate;
        need(rate > 0.0 && rate.is_finite(), "the learning rate", rate, "a finite number above 0 is needed")?;
        if let Some(longest) = self.clip {
            need(longest > 0.0, "the length of shortened gradients", longest, "a number above 0 is needed")?;
        }
        let weights = self.stack.weights();
        let defaults = self.learned == LEARNED;
        for learned in self.learned.iter().filter(|_| !defaults) {
            let is =
                |name: &str| name == learned || name.split_once('.').is_some_and(|(_, own)| own == learned);
            if !weights.names().any(is) {
                let hint = suggestion(learned, "weights and parameters", weights.names());
                return Err(TrainingError::Unknown { given: learned.clone(), hint });
            }
        }
        [Some(examples), held_out]
            .into_iter()
            .flatten()
            .try_for_each(|examples| examples.fit(self.stack.n_outputs()))
    }
}

/// Items that are tried together.
const TRIED: usize = 256;

impl Stack {
    /// How well the stack does on examples, with a step of `dt` a row.
    ///
    /// # Errors
    ///
    /// Examples that do not fit the stack, or a run that diverges.
    pub fn score(&self, examples: &Examples, dt: impl Into<Time>) -> Result<Score, TrainingError> {
        examples.fit(self.n_outputs())?;
        let dt = dt.into();
        let items: Vec<usize> = (0..examples.len()).collect();
        let mut score = Score { loss: 0.0, accuracy: None };
        for items in items.chunks(TRIED) {
            let part = examples.select(items);
            let outputs = self.outputs(part.inputs().view(), dt.clone())?;
            let share = items.len() as f64 / examples.len() as f64;
            score.loss += share * part.targets().loss(outputs.view()).0;
            let accuracy = part.targets().accuracy(outputs.view());
            score.accuracy = accuracy.map(|accuracy| score.accuracy.unwrap_or(0.0) + share * accuracy);
        }
        Ok(score)
    }
}
