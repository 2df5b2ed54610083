//! Batches: many items through a stack at once.

use ndarray::{Array2, Array3, ArrayView3, Axis, s};
use rayon::prelude::*;

use super::block::{Divergence, ItemBlock, Segments};
use super::lanes::{BLOCK_ITEMS, CHUNK};
use super::prepared::PreparedLayer;
use super::shape::check;
use super::{SequenceError, Stack};
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;
use brainmass_sim::runtime::time::positive;
use brainmass_sim::simulator::RunError;

/// Memory that a pass may take unless another budget is given, bytes: 1 GiB.
pub const DEFAULT_MEMORY: usize = 1 << 30;

/// The length of segments where nothing is kept of them, in steps.
const FORWARD_SEGMENT: usize = 64;

/// A batch that has run through a stack, and from which gradients can be computed.
///
/// Items stand side by side in vector lanes, eight to a block; blocks run on all threads. An item has the numbers of its own
/// [`Stack::forward`], and every sum over items has a fixed order, so that nothing depends on the number of threads.
///
/// The trace that reverse mode needs is kept as far as the budget of memory allows. Beyond it only the states at some steps are kept, and the
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
    pub(super) layers: Vec<PreparedLayer>,
    pub(super) blocks: Vec<ItemBlock>,
    pub(super) segments: Segments,
    pub(super) items: usize,
    outputs: Array2<f64>,
}

impl Stack {
    /// Runs a batch `(item, time, input)` with a time step of `dt` for each row, keeping what [`Pass::gradient`] needs in at most
    /// [`DEFAULT_MEMORY`] bytes.
    ///
    /// # Errors
    ///
    /// Shapes that do not fit, numbers that are not finite, cells that batches cannot run, divergence, or a budget that is too small.
    pub fn pass(&self, batch: ArrayView3<f64>, dt: impl Into<Time>) -> Result<Pass<'_>, SequenceError> {
        self.pass_within(batch, dt, DEFAULT_MEMORY)
    }

    /// Runs a batch like [`Stack::pass`], with another budget of memory, in bytes.
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
        let segments = plan_segments(&layers, batch.dim(), memory)?;
        self.run_batch(layers, batch, segments, true)
    }

    /// Runs a batch `(item, time, input)` and returns the outputs of the readout at its end, `(item, output)`.
    ///
    /// # Errors
    ///
    /// As [`Stack::pass`], but for the budget, since nothing is kept of the steps.
    pub fn outputs(&self, batch: ArrayView3<f64>, dt: impl Into<Time>) -> Result<Array2<f64>, SequenceError> {
        let layers = self.prepare(batch, dt.into())?;
        let steps = batch.dim().1;
        let segments = Segments { steps, length: FORWARD_SEGMENT.min(steps) };
        self.run_batch(layers, batch, segments, false).map(|pass| pass.outputs)
    }

    /// Checks the stack and a batch, and prepares the layers.
    fn prepare(&self, batch: ArrayView3<f64>, dt: Time) -> Result<Vec<PreparedLayer>, SequenceError> {
        self.check()?;
        let name = || self.info.name.to_owned();
        let (items, steps, _) = batch.dim();
        let inputs = self.layers.first().map_or(0, |layer| layer.w_in.nrows());
        check(&self.info.name, "the batch", &batch, &[items, steps, inputs])?;
        if batch.is_empty() {
            return Err(SequenceError::Empty { layer: name().to_string() });
        }
        let fails =
            |error: RunError| SequenceError::Run { layer: name().to_string(), error: Box::new(error) };
        let dt = positive("dt", dt).map_err(fails)?;
        let simd = Simd::from_environment().map_err(|error| fails(error.into()))?;
        let (between, read) = self.signals();
        let count = self.layers.len();
        let prepared = self.layers.iter().enumerate().map(|(index, layer)| {
            let read = if index + 1 < count { between } else { read };
            PreparedLayer::new(layer, format!("layer {} of {}", index + 1, self.info.name), read, dt, simd)
        });
        prepared.collect()
    }

    /// Runs a batch block by block; `keep_checkpoints` says whether it can be gone through backward.
    fn run_batch(
        &self,
        layers: Vec<PreparedLayer>,
        batch: ArrayView3<f64>,
        segments: Segments,
        keep_checkpoints: bool,
    ) -> Result<Pass<'_>, SequenceError> {
        let (items, steps, inputs) = batch.dim();
        let run_block = |items: ArrayView3<f64>| {
            let mut sequence = vec![0.0; steps * inputs * BLOCK_ITEMS];
            for ((lane, step, input), value) in items.indexed_iter() {
                sequence[(step * inputs + input) * BLOCK_ITEMS + lane] = *value;
            }
            let mut block = ItemBlock::new(&layers, sequence, items.dim().0, steps);
            block.run_forward(&layers, segments, keep_checkpoints).map(|()| block)
        };
        let parts: Vec<ArrayView3<f64>> = batch.axis_chunks_iter(Axis(0), BLOCK_ITEMS).collect();
        let ran: Vec<Result<ItemBlock, Divergence>> = parts.into_par_iter().map(run_block).collect();
        let mut blocks = Vec::with_capacity(ran.len());
        for (index, block) in ran.into_iter().enumerate() {
            blocks.push(block.map_err(|divergence| divergence_error(&layers, self, index, divergence))?);
        }
        let outputs = Array2::zeros((items, self.n_outputs()));
        let mut pass = Pass { stack: self, layers, blocks, segments, items, outputs };
        for item in 0..items {
            let output = self.read_out(pass.state_read_out(item).into());
            pass.outputs.row_mut(item).assign(&output);
        }
        Ok(pass)
    }
}

impl Pass<'_> {
    /// Returns the outputs of the readout at the end of each item, `(item, output)`; without a readout, the state that it would read.
    pub fn outputs(&self) -> &Array2<f64> {
        &self.outputs
    }

    /// Returns a state of a layer, counted from 1, after every step: `(item, time, cell)`.
    ///
    /// # Errors
    ///
    /// The layer or the state does not exist.
    pub fn state(&mut self, layer: usize, name: &str) -> Result<Array3<f64>, SequenceError> {
        let (index, state) = self.find(layer, name)?;
        let Self { stack, layers, blocks, segments, items, .. } = self;
        let (layers, segments) = (&layers[..], *segments);
        let mut states = Array3::zeros((*items, segments.steps, layers[index].cells));
        for (number, block) in blocks.iter_mut().enumerate() {
            // The last segment is still on the traces.
            for segment in (0..segments.count()).rev().map(|index| segments.get(index)) {
                let traced = block.trace_segment(layers, segment);
                traced.map_err(|divergence| divergence_error(layers, stack, number, divergence))?;
                for step in 0..segment.steps {
                    let values = block.state(&layers[index], index, step, state);
                    for item in 0..block.items {
                        let mut row =
                            states.slice_mut(s![number * BLOCK_ITEMS + item, segment.start + step, ..]);
                        row.iter_mut().enumerate().for_each(|(c, to)| *to = values[c * BLOCK_ITEMS + item]);
                    }
                }
            }
        }
        Ok(states)
    }

    /// Returns the index of a layer, which is counted from 1, and of one of its states.
    pub(super) fn find(&self, layer: usize, name: &str) -> Result<(usize, usize), SequenceError> {
        let unknown = |given: String, hint: String| SequenceError::Unknown {
            of: self.stack.info.name.to_string(),
            given,
            hint,
        };
        let count = self.layers.len();
        if layer == 0 || layer > count {
            return Err(unknown(format!("layer {layer}"), format!("layers are counted from 1 to {count}")));
        }
        let info = self.stack.layers[layer - 1].cells.engine().info();
        let known = info.states.iter().map(|state| &state.name);
        let hint = || brainmass_spec::problem::suggestion(name, "states", known);
        info.state(name).map(|state| (layer - 1, state)).ok_or_else(|| unknown(name.to_owned(), hint()))
    }

    /// Returns the state that the readout reads of an item, one number a cell.
    pub(super) fn state_read_out(&self, item: usize) -> Vec<f64> {
        let index = self.layers.len() - 1;
        let layer = &self.layers[index];
        let values = self.blocks[item / BLOCK_ITEMS].last_state(index, layer.between, layer.nodes());
        values.chunks_exact(BLOCK_ITEMS).map(|cell| cell[item % BLOCK_ITEMS]).collect()
    }
}

/// Returns the error for a divergence in a block.
pub(super) fn divergence_error(
    layers: &[PreparedLayer],
    stack: &Stack,
    block: usize,
    divergence: Divergence,
) -> SequenceError {
    let Divergence { is_adjoint, layer: index, step, cell, state, item, value } = divergence;
    let layer = layers[index].label.clone();
    let item = block * BLOCK_ITEMS + item;
    let state = stack.layers[index].cells.engine().info().states[state].name.clone();
    if is_adjoint {
        SequenceError::GradientDiverged { layer, item, step, cell, state, value }
    } else {
        SequenceError::Diverged { layer, item, step, cell, state, value }
    }
}

/// Divides a sequence into the fewest segments with which everything that is kept fits into the budget.
fn plan_segments(
    layers: &[PreparedLayer],
    (items, steps, inputs): (usize, usize, usize),
    memory: usize,
) -> Result<Segments, SequenceError> {
    let sum = |numbers: &dyn Fn(&PreparedLayer) -> usize| layers.iter().map(numbers).sum::<usize>();
    // The trace of a step of a segment: states and inputs.
    let per_step = sum(&|layer| (layer.states + layer.ports) * layer.nodes());
    // The adjoints of a chunk: those of the drive and of what the layer reads.
    let per_chunk = CHUNK * sum(&|layer| layer.nodes() + layer.inputs * BLOCK_ITEMS);
    // The checkpoint of a segment.
    let per_segment = sum(&|layer| layer.states * layer.nodes());
    // For the whole sequence: what was sent over connections with delays, and the adjoints of their drives.
    let history = |layer: &PreparedLayer| match layer.delayed() {
        Some(delayed) => (2 * steps + 3 * delayed.longest + 1) * layer.nodes(),
        None => 0,
    };
    let fixed = steps * inputs * BLOCK_ITEMS + sum(&history) + per_chunk;
    let blocks = items.div_ceil(BLOCK_ITEMS);
    let bytes =
        |length: usize| 8 * blocks * (fixed + length * per_step + (steps.div_ceil(length) + 1) * per_segment);
    // Segments are whole chunks, so that sums have the same order whatever the budget.
    let chunks = steps.div_ceil(CHUNK);
    let lengths = (1..=chunks).map(|parts| chunks.div_ceil(parts) * CHUNK);
    match lengths.clone().find(|length| bytes(*length) <= memory) {
        Some(length) => Ok(Segments { steps, length: length.min(steps) }),
        None => {
            let needed = lengths.map(bytes).min().unwrap_or_default();
            Err(SequenceError::Memory { needed, given: memory })
        }
    }
}
