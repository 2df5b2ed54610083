//! The loop of a training.

use std::sync::Arc;

use brainmass_spec::problem::suggestion;

use super::init::permutation;
use super::{Epoch, Examples, History, Score, TrainingError};
use crate::optimiser::{Clipping, Optimiser, Schedule, UpdateRule, need};
use crate::sequence::{DEFAULT_MEMORY, SequenceError, Stack, Weights};
use brainmass_core::quantity::Time;

/// The arrays that are learned unless others are named: the weights and biases of all layers and of the readout.
const LEARNED: [&str; 6] = ["W_in", "b_in", "W_rec", "b_rec", "W_out", "b_out"];

/// Told each epoch as it ends; the training stops when it answers `false`.
type EpochListener = Arc<dyn Fn(&Epoch) -> bool + Send + Sync>;

/// Asked before each batch; the training stops when it answers `true`.
type StopRequest = Arc<dyn Fn() -> bool + Send + Sync>;

/// A training of a [`Stack`] on [`Examples`]. The same seed gives the same bits, whatever the number of threads.
#[derive(Clone)]
pub struct Trainer {
    stack: Stack,
    dt: Time,
    epochs: usize,
    batch: usize,
    rate: f64,
    rule: UpdateRule,
    schedule: Schedule,
    clip: Option<Clipping>,
    seed: u64,
    learned: Vec<String>,
    memory: usize,
    listener: Option<EpochListener>,
    stop: Option<StopRequest>,
}

/// The outcome of a training.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The stack with what it learned.
    pub stack: Stack,
    /// The course of the training.
    pub history: History,
}

impl Trainer {
    /// Creates a training of a stack, with a time step of 1 ms for each row, 20 epochs, batches of 32 items, and Adam at a rate of 0.001 without
    /// clipping.
    pub fn new(stack: Stack) -> Self {
        Self {
            stack,
            dt: 1.0.into(),
            epochs: 20,
            batch: 32,
            rate: 1e-3,
            rule: UpdateRule::ADAM,
            schedule: Schedule::constant(),
            clip: None,
            seed: 0,
            learned: LEARNED.map(str::to_owned).to_vec(),
            memory: DEFAULT_MEMORY,
            listener: None,
            stop: None,
        }
    }

    /// Sets the time step of a row of the sequences; a plain number is in ms.
    pub fn dt(mut self, dt: impl Into<Time>) -> Self {
        self.dt = dt.into();
        self
    }

    /// Sets the number of epochs, passes through all examples.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.epochs = epochs;
        self
    }

    /// Sets the number of items of a batch; the last batch of an epoch may have fewer.
    pub fn batch(mut self, items: usize) -> Self {
        self.batch = items;
        self
    }

    /// Sets the learning rate.
    pub fn rate(mut self, rate: f64) -> Self {
        self.rate = rate;
        self
    }

    /// Sets how gradients become steps.
    pub fn rule(mut self, rule: UpdateRule) -> Self {
        self.rule = rule;
        self
    }

    /// Sets how the learning rate changes over the training. A step of the schedule is a batch; without a length of its own it lasts for the whole
    /// training.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Shortens gradients that are too long; a plain number is the greatest Euclidean length of all arrays together.
    pub fn clip(mut self, clip: impl Into<Clipping>) -> Self {
        self.clip = Some(clip.into());
        self
    }

    /// Sets the seed of the order of the examples.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets which arrays are learned: names of [`Stack::weights`], such as `layer1.omega`, or only what stands behind the dot, for all layers. If
    /// not given, weights and biases are learned.
    pub fn learn<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.learned = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the memory that a batch may take, in bytes, see [`Stack::pass_within`].
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Reports each epoch as it ends; the training stops when the listener answers `false`.
    pub fn progress(mut self, listener: impl Fn(&Epoch) -> bool + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Asks before each batch whether to stop, for programs that can be interrupted. What was learned until then is kept; the epoch that was not ended
    /// is none of the history.
    pub fn stop_when(mut self, asked: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.stop = Some(Arc::new(asked));
        self
    }

    /// Returns the number of epochs that the training lasts for unless it is stopped.
    pub fn epochs_in_all(&self) -> usize {
        self.epochs
    }

    /// Trains the stack on examples.
    ///
    /// # Errors
    ///
    /// A setting is out of its range, the stack does not have a name, the examples do not fit the stack, or a run, its loss or its gradient
    /// leaves the finite numbers.
    pub fn train(self, examples: &Examples) -> Result<Trained, TrainingError> {
        self.train_epochs(examples, None)
    }

    /// Trains the stack on examples, and after each epoch tests it with others, from which it does not learn.
    ///
    /// # Errors
    ///
    /// As [`Trainer::train`].
    pub fn train_with(self, examples: &Examples, held_out: &Examples) -> Result<Trained, TrainingError> {
        self.train_epochs(examples, Some(held_out))
    }

    fn train_epochs(
        mut self,
        examples: &Examples,
        held_out: Option<&Examples>,
    ) -> Result<Trained, TrainingError> {
        self.check(examples, held_out)?;
        let mut optimiser = Optimiser::new(self.rule)?;
        let mut weights = self.stack.weights().filtered(|name| self.learns(name));
        let mut history = History::default();
        for number in 1..=self.epochs {
            let Some(mut epoch) = self.train_epoch(number, examples, &mut weights, &mut optimiser)? else {
                break;
            };
            epoch.held_out =
                held_out.map(|examples| self.stack.score(examples, self.dt.clone())).transpose()?;
            history.epochs.push(epoch);
            if self.listener.as_ref().is_some_and(|listener| !listener(&epoch)) {
                break;
            }
        }
        Ok(Trained { stack: self.stack, history })
    }

    /// Goes through all examples once, in a random order, with a step of the optimiser after each batch. Returns `None` when it is asked to stop.
    fn train_epoch(
        &mut self,
        number: usize,
        examples: &Examples,
        weights: &mut Weights,
        optimiser: &mut Optimiser,
    ) -> Result<Option<Epoch>, TrainingError> {
        let order = permutation(examples.len(), self.seed, number);
        let batches = order.len().div_ceil(self.batch);
        let (mut loss, mut right, mut length, mut rate) = (0.0, None, 0.0, 0.0);
        for (index, items) in order.chunks(self.batch).enumerate() {
            if self.stop.as_ref().is_some_and(|asked| asked()) {
                return Ok(None);
            }
            let done = (number - 1) * batches + index;
            rate = self.rate * self.schedule.factor(done, self.epochs * batches);
            let batch = examples.select(items);
            let fails = |error| match error {
                SequenceError::Diverged { .. }
                | SequenceError::NotFinite { .. }
                | SequenceError::GradientDiverged { .. } => {
                    TrainingError::Failed { epoch: number, batch: index + 1, error: Box::new(error) }
                }
                error => error.into(),
            };
            let mut pass =
                self.stack.pass_within(batch.inputs().view(), self.dt.clone(), self.memory).map_err(fails)?;
            let (batch_loss, derivative) = batch.targets().loss(pass.outputs().view());
            if !batch_loss.is_finite() {
                return Err(TrainingError::Loss { epoch: number, batch: index + 1, loss: batch_loss });
            }
            let accuracy = batch.targets().accuracy(pass.outputs().view());
            let mut gradient = pass.gradient(derivative.view()).map_err(fails)?;
            drop(pass);

            gradient = gradient.filtered(|name| weights.get(name).is_some());
            let norm = gradient.norm();
            if let Some(clip) = self.clip {
                clip.apply(norm, gradient.iter_mut().flat_map(|(_, derivatives)| derivatives));
            }
            optimiser.step(weights.numbers_with(&gradient), rate);
            self.stack.set(weights).map_err(fails)?;

            let share = items.len() as f64 / examples.len() as f64;
            loss += share * batch_loss;
            right = accuracy.map(|accuracy| right.unwrap_or(0.0) + share * accuracy);
            length += norm / batches as f64;
        }
        let learned = Score { loss, accuracy: right };
        Ok(Some(Epoch { number, learned, held_out: None, rate, gradient: length }))
    }

    /// Returns whether an array of [`Stack::weights`] is learned.
    fn learns(&self, name: &str) -> bool {
        let own = name.split_once('.').map_or(name, |(_, own)| own);
        self.learned.iter().any(|learned| learned == name || learned == own)
    }

    fn check(&self, examples: &Examples, held_out: Option<&Examples>) -> Result<(), TrainingError> {
        need(self.epochs > 0, "the number of epochs", self.epochs, "at least 1 is needed")?;
        need(self.batch > 0, "the number of items of a batch", self.batch, "at least 1 is needed")?;
        let rate = self.rate;
        need(rate > 0.0 && rate.is_finite(), "the learning rate", rate, "a finite number above 0 is needed")?;
        self.clip.map_or(Ok(()), Clipping::check)?;
        self.schedule.check()?;
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
            .try_for_each(|examples| examples.check_outputs(self.stack.n_outputs()))
    }
}

/// Items that are scored together.
const SCORED_TOGETHER: usize = 256;

impl Stack {
    /// Scores the stack on examples, with a time step of `dt` for each row.
    ///
    /// # Errors
    ///
    /// The examples do not fit the stack, or a run diverges.
    pub fn score(&self, examples: &Examples, dt: impl Into<Time>) -> Result<Score, TrainingError> {
        examples.check_outputs(self.n_outputs())?;
        let dt = dt.into();
        let items: Vec<usize> = (0..examples.len()).collect();
        let mut score = Score { loss: 0.0, accuracy: None };
        for items in items.chunks(SCORED_TOGETHER) {
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
