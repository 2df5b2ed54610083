//! A batch through a stack, many items at once.

use ndarray::{Array2, Array3, ArrayView3, Axis, s};
use rayon::prelude::*;

use super::block::{Block, Fault, Spans};
use super::lanes::{CHUNK, LANES};
use super::prepared::Prepared;
use super::{SequenceError, Stack, check};
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;
use brainmass_sim::runtime::time::positive;
use brainmass_sim::simulator::RunError;

/// Memory that a pass may keep unless another budget is given: 1 GiB.
pub const DEFAULT_MEMORY: usize = 1 << 30;

/// Steps that are made at once where nothing is kept of them.
const ROLLING: usize = 64;

/// A batch that has run through a stack and can be taken back.
///
/// Items stand side by side in vector lanes, eight to a block; blocks run on all threads. An item has the numbers of its own
/// [`Stack::forward`], and every sum over items has a fixed order: nothing depends on the number of threads.
///
/// What reverse mode needs is kept as far as the budget of memory allows. Beyond it, only the states at some steps are kept, and the
/// steps between them are made again on the way back (Griewank & Walther 2008, Evaluating derivatives, chapter 12): once more at
/// most, whatever the length of the sequence.
///
/// ```
/// use brainmass::prelude::*;
/// use ndarray::{Array2, Array3, array};
///
/// let layer = HORNSeqLayer::new(3).reading(array![[0.5, -0.2, 1.0]]).recurrent(Array2::from_elem((3, 3), 0.1));
/// let stack = HORNSeqNetwork::of([layer]).readout(array![[1.0], [-1.0], [0.5]], [0.0]);
/// let batch = Array3::from_shape_fn((20, 50, 1), |(item, step, _)| (0.1 * (item + step) as f64).sin());
/// let mut pass = stack.pass(batch.view(), 1.0.ms())?;
/// assert_eq!(pass.outputs().dim(), (20, 1)); // (item, output)
///
/// // The gradient of the mean of all outputs.
/// let gradient = pass.gradient(Array2::from_elem((20, 1), 1.0 / 20.0).view())?;
/// assert_eq!(gradient["layer1.W_rec"].shape(), [3, 3]);
/// # Ok::<(), brainmass::sequence::SequenceError>(())
/// ```
pub struct Pass<'a> {
    pub(super) stack: &'a Stack,
    pub(super) layers: Vec<Prepared>,
    pub(super) blocks: Vec<Block>,
    pub(super) spans: Spans,
    pub(super) items: usize,
    outputs: Array2<f64>,
}

impl Stack {
    /// Runs a batch (item, time, input) with a step of `dt` a row, keeping what [`Pass::gradient`] needs in at most
    /// [`DEFAULT_MEMORY`] bytes.
    ///
    /// # Errors
    ///
    /// Shapes that do not fit, numbers that are not finite, cells that batches do not run, divergence, or a budget that is too small.
    pub fn pass(&self, batch: ArrayView3<f64>, dt: impl Into<Time>) -> Result<Pass<'_>, SequenceError> {
        self.pass_within(batch, dt, DEFAULT_MEMORY)
    }

    /// [`Stack::pass`] with a budget of memory, in bytes.
    ///
    /// # Errors
    ///
    /// As [`Stack::pass`].
    pub fn pass_within(
        &self,
        batch: ArrayView3<f64>,
        dt: impl Into<Time>,
        memory: usize,
    ) -> Result<Pass<'_>, SequenceError> {
        let layers = self.prepare(batch, dt.into())?;
        let spans = spans(&layers, batch.dim(), memory)?;
        self.run_batch(layers, batch, spans, true)
    }

    /// What the readout makes of each item of a batch (item, time, input) at its end, `(item, output)`.
    ///
    /// # Errors
    ///
    /// As [`Stack::pass`], but for the budget: nothing is kept of the steps.
    pub fn outputs(&self, batch: ArrayView3<f64>, dt: impl Into<Time>) -> Result<Array2<f64>, SequenceError> {
        let layers = self.prepare(batch, dt.into())?;
        let steps = batch.dim().1;
        let spans = Spans { steps, length: ROLLING.min(steps) };
        self.run_batch(layers, batch, spans, false).map(|pass| pass.outputs)
    }

    fn prepare(&self, batch: ArrayView3<f64>, dt: Time) -> Result<Vec<Prepared>, SequenceError> {
        self.check()?;
        let name = || self.info.name.to_owned();
        let (items, steps, _) = batch.dim();
        let inputs = self.layers.first().map_or(0, |layer| layer.w_in.nrows());
        check(self.info.name, "the batch", &batch, &[items, steps, inputs])?;
        if batch.is_empty() {
            return Err(SequenceError::Empty { layer: name() });
        }
        let fails = |error: RunError| SequenceError::Run { layer: name(), error: Box::new(error) };
        let dt = positive("dt", dt).map_err(fails)?;
        let simd = Simd::from_environment().map_err(|error| fails(error.into()))?;
        let (between, read) = self.signals();
        let count = self.layers.len();
        let prepared = self.layers.iter().enumerate().map(|(index, layer)| {
            let read = if index + 1 < count { between } else { read };
            Prepared::new(layer, format!("layer {} of {}", index + 1, self.info.name), read, dt, simd)
        });
        prepared.collect()
    }

    fn run_batch(
        &self,
        layers: Vec<Prepared>,
        batch: ArrayView3<f64>,
        spans: Spans,
        keep: bool,
    ) -> Result<Pass<'_>, SequenceError> {
        let (items, steps, inputs) = batch.dim();
        let run = |items: ArrayView3<f64>| {
            let mut sequence = vec![0.0; steps * inputs * LANES];
            for ((lane, step, input), value) in items.indexed_iter() {
                sequence[(step * inputs + input) * LANES + lane] = *value;
            }
            let mut block = Block::new(&layers, sequence, items.dim().0, steps);
            block.run(&layers, spans, keep).map(|()| block)
        };
        let parts: Vec<ArrayView3<f64>> = batch.axis_chunks_iter(Axis(0), LANES).collect();
        let ran: Vec<Result<Block, Fault>> = parts.into_par_iter().map(run).collect();
        let mut blocks = Vec::with_capacity(ran.len());
        for (index, block) in ran.into_iter().enumerate() {
            blocks.push(block.map_err(|fault| diverged(&layers, self, index, fault))?);
        }
        let outputs = Array2::zeros((items, self.n_outputs()));
        let mut pass = Pass { stack: self, layers, blocks, spans, items, outputs };
        for item in 0..items {
            let output = self.read_out(pass.read(item).into());
            pass.outputs.row_mut(item).assign(&output);
        }
        Ok(pass)
    }
}

impl Pass<'_> {
    /// What the readout makes of each item at its end, `(item, output)`; without a readout, the state that it would read.
    pub fn outputs(&self) -> &Array2<f64> {
        &self.outputs
    }

    /// A state of a layer, counted from 1, after every step: `(item, time, cell)`.
    ///
    /// # Errors
    ///
    /// There is no such layer or state.
    pub fn state(&mut self, layer: usize, name: &str) -> Result<Array3<f64>, SequenceError> {
        let (index, state) = self.find(layer, name)?;
        let Self { stack, layers, blocks, spans, items, .. } = self;
        let (layers, spans) = (&layers[..], *spans);
        let mut states = Array3::zeros((*items, spans.steps, layers[index].cells));
        for (number, block) in blocks.iter_mut().enumerate() {
            for span in (0..spans.count()).rev().map(|part| spans.get(part)) {
                block.recall(layers, span).map_err(|fault| diverged(layers, stack, number, fault))?;
                for step in 0..span.steps {
                    let values = block.state(&layers[index], index, step, state);
                    for item in 0..block.items {
                        let mut row = states.slice_mut(s![number * LANES + item, span.start + step, ..]);
                        row.iter_mut().enumerate().for_each(|(c, to)| *to = values[c * LANES + item]);
                    }
                }
            }
        }
        Ok(states)
    }

    /// The index of a layer, counted from 1, and of one of its states.
    pub(super) fn find(&self, layer: usize, name: &str) -> Result<(usize, usize), SequenceError> {
        let unknown = |given: String, hint: String| SequenceError::Unknown {
            of: self.stack.info.name.to_owned(),
            given,
            hint,
        };
        let count = self.layers.len();
        if layer == 0 || layer > count {
            return Err(unknown(format!("layer {layer}"), format!("layers are counted from 1 to {count}")));
        }
        let info = self.stack.layers[layer - 1].cells.engine().info();
        let known = info.states.iter().map(|state| state.name);
        let hint = || brainmass_spec::problem::suggestion(name, "states", known);
        info.state(name).map(|state| (layer - 1, state)).ok_or_else(|| unknown(name.to_owned(), hint()))
    }

    /// What the readout reads of an item.
    pub(super) fn read(&self, item: usize) -> Vec<f64> {
        let index = self.layers.len() - 1;
        let layer = &self.layers[index];
        let values = self.blocks[item / LANES].last(index, layer.between, layer.nodes());
        values.chunks_exact(LANES).map(|cell| cell[item % LANES]).collect()
    }
}

/// The error of a block.
pub(super) fn diverged(layers: &[Prepared], stack: &Stack, block: usize, fault: Fault) -> SequenceError {
    SequenceError::Diverged {
        layer: layers[fault.layer].label.clone(),
        item: block * LANES + fault.item,
        step: fault.step,
        cell: fault.cell,
        state: stack.layers[fault.layer].cells.engine().info().states[fault.state].name,
        value: fault.value,
    }
}

/// Into how many parts a sequence must fall so that what is kept of it fits into the budget.
fn spans(
    layers: &[Prepared],
    (items, steps, inputs): (usize, usize, usize),
    memory: usize,
) -> Result<Spans, SequenceError> {
    let sum = |of: &dyn Fn(&Prepared) -> usize| layers.iter().map(of).sum::<usize>();
    // For each step of a span: states and inputs. Of each step of a chunk: adjoints of the drive and of what the layer reads.
    let a_step = sum(&|layer| (layer.states + layer.ports) * layer.nodes());
    let a_chunk = CHUNK * sum(&|layer| layer.nodes() + layer.inputs * LANES);
    let a_span = sum(&|layer| layer.states * layer.nodes());
    // For the whole sequence: itself, and the past of delayed connections, there and back.
    let past = |layer: &Prepared| match layer.delayed() {
        Some(delayed) => (2 * steps + 3 * delayed.longest + 1) * layer.nodes(),
        None => 0,
    };
    let fixed = steps * inputs * LANES + sum(&past) + a_chunk;
    let blocks = items.div_ceil(LANES);
    let bytes =
        |length: usize| 8 * blocks * (fixed + length * a_step + (steps.div_ceil(length) + 1) * a_span);
    // Whole chunks, so that sums are the same whatever the budget.
    let chunks = steps.div_ceil(CHUNK);
    let lengths = (1..=chunks).map(|parts| chunks.div_ceil(parts) * CHUNK);
    match lengths.clone().find(|length| bytes(*length) <= memory) {
        Some(length) => Ok(Spans { steps, length: length.min(steps) }),
        None => {
            let needed = lengths.map(bytes).min().unwrap_or_default();
            Err(SequenceError::Memory { needed, given: memory })
        }
    }
}
