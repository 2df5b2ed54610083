//! A block of items of a batch, forward and backward through all layers.
//!
//! The items of a block stand side by side in vector lanes and go through the layers together, segment by segment: a segment is run through
//! the first layer, then through the second, and so on, so that the states of a layer that the next one reads are still in the caches.
//! The way back goes through the segments in reverse. A segment whose trace is no longer there is run once more from its checkpoint.

use super::lanes::{
    BLOCK_ITEMS, CHUNK, DelayedPairs, PackingBuffers, SignalSeries, add_outer_products, add_pair_products,
};
use super::prepared::PreparedLayer;
use brainmass_core::real::Aligned;

/// A part of a sequence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    /// Its index among the segments, from 0.
    pub index: usize,
    /// Its first step.
    pub start: usize,
    /// The number of its steps.
    pub steps: usize,
}

/// A sequence in segments of equal length, but for the last, which may be shorter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segments {
    /// Steps of the sequence.
    pub steps: usize,
    /// Steps of a segment.
    pub length: usize,
}

impl Segments {
    /// Returns the number of segments.
    pub fn count(&self) -> usize {
        self.steps.div_ceil(self.length)
    }

    /// Returns the segment of an index.
    pub fn get(&self, index: usize) -> Segment {
        let start = index * self.length;
        Segment { index, start, steps: self.length.min(self.steps - start) }
    }
}

/// A number that left the finite numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Divergence {
    /// Whether it is the adjoint of a state, met on the way back, and not the state itself.
    pub is_adjoint: bool,
    /// The layer, from 0.
    pub layer: usize,
    /// The step after which the state, or before which the adjoint was met, from 0.
    pub step: usize,
    pub cell: usize,
    /// The index of the state.
    pub state: usize,
    /// The item within the block.
    pub item: usize,
    pub value: f64,
}

/// The trace of a layer over a segment: everything that the way back needs of the run.
#[derive(Debug, Default)]
struct Trace {
    /// States before each step, and after the last: `[step][state][cell][item]`.
    states: Aligned,
    /// Inputs of each step: `[step][port][cell][item]`.
    inputs: Aligned,
}

/// The items of a block. Where there are fewer than [`BLOCK_ITEMS`], the lanes that are left run on zeros.
#[derive(Debug)]
pub(super) struct ItemBlock {
    /// The number of items.
    pub items: usize,
    /// The sequence that the first layer reads, `[step][input][item]`.
    sequence: Vec<f64>,
    /// The signals that the cells of each layer with delays sent: `[step][cell][item]`, beginning the longest delay before the sequence.
    histories: Vec<Vec<f64>>,
    /// The states of each layer at the start of each segment.
    checkpoints: Vec<Vec<Vec<f64>>>,
    /// The trace of each layer over the segment `on_trace`.
    traces: Vec<Trace>,
    /// The index of the segment that the traces are about.
    on_trace: usize,
}

/// The derivatives of the loss by states, which come from outside of the block: from the readout, and from losses on states.
pub(super) trait OutsideAdjoints: Sync {
    /// Adds the derivatives by the states of a layer after a step to their adjoints, `[state][cell][item]`.
    fn add_to(&self, layer: usize, step: usize, adjoint: &mut [f64]);
}

/// Sums over the steps of a sequence, separately for each item, from which the gradient of a layer is made.
#[derive(Debug)]
pub(super) struct GradientSums {
    /// Products of what the layer reads with the adjoints of its drive: `[input][cell][item]`.
    pub w_in: Vec<f64>,
    /// Adjoints of the drive: `[cell][item]`.
    pub bias: Vec<f64>,
    /// Products of what is sent without delay with the adjoints of the drive: `[from][to][item]`; empty where nothing is sent so.
    pub instant: Vec<f64>,
    /// The same for each pair with a delay: `[pair][item]`.
    pub pairs: Vec<f64>,
    /// Adjoints of the parameters: `[parameter][cell][item]`.
    pub parameters: Vec<f64>,
    /// Adjoints of the states at the time reached on the way back, in the end those of the initial states: `[state][cell][item]`.
    pub initial: Vec<f64>,
}

impl ItemBlock {
    /// Prepares a block of items whose sequences are `[step][input][item]`.
    pub fn new(layers: &[PreparedLayer], sequence: Vec<f64>, items: usize, steps: usize) -> Self {
        let history = |layer: &PreparedLayer| {
            let (Some(delayed), Some(recurrence)) = (layer.delayed(), &layer.recurrence) else {
                return Vec::new();
            };
            let mut sent: Vec<f64> = delayed.past.iter().flat_map(|value| [*value; BLOCK_ITEMS]).collect();
            sent.extend(&layer.initial[recurrence.state * layer.nodes()..][..layer.nodes()]);
            sent.resize((delayed.longest + steps + 1) * layer.nodes(), 0.0);
            sent
        };
        Self {
            items,
            sequence,
            histories: layers.iter().map(history).collect(),
            checkpoints: vec![layers.iter().map(|layer| layer.initial.clone()).collect()],
            traces: layers.iter().map(|_| Trace::default()).collect(),
            on_trace: usize::MAX,
        }
    }

    /// Runs the whole sequence. With `keep_checkpoints` it can be gone through backward; without, only the last states are kept.
    pub fn run_forward(
        &mut self,
        layers: &[PreparedLayer],
        segments: Segments,
        keep_checkpoints: bool,
    ) -> Result<(), Divergence> {
        for index in 0..segments.count() {
            let segment = segments.get(index);
            self.run_segment(layers, segment)?;
            let both = layers.iter().zip(&self.traces);
            let reached: Vec<Vec<f64>> =
                both.map(|(layer, trace)| trace.states_after(layer, segment.steps - 1).to_vec()).collect();
            if !keep_checkpoints {
                self.checkpoints.clear();
            }
            self.checkpoints.push(reached);
        }
        Ok(())
    }

    /// Returns a state of a layer of `nodes` cells and items at the end of the sequence, `[cell][item]`.
    pub fn last_state(&self, layer: usize, state: usize, nodes: usize) -> &[f64] {
        let reached = self.checkpoints.last().map_or(&[][..], |states| &states[layer]);
        &reached[state * nodes..][..nodes]
    }

    /// Returns a state of a layer after a step of the segment on the traces, `[cell][item]`.
    pub fn state(&self, layer: &PreparedLayer, index: usize, step: usize, state: usize) -> &[f64] {
        &self.traces[index].states_after(layer, step)[state * layer.nodes()..][..layer.nodes()]
    }

    /// Makes sure that the traces are those of a segment, which may have to be run again from its checkpoint.
    pub fn trace_segment(&mut self, layers: &[PreparedLayer], segment: Segment) -> Result<(), Divergence> {
        if self.on_trace == segment.index { Ok(()) } else { self.run_segment(layers, segment) }
    }

    /// Runs a segment through all layers from its checkpoint, leaving the traces.
    fn run_segment(&mut self, layers: &[PreparedLayer], segment: Segment) -> Result<(), Divergence> {
        self.on_trace = segment.index;
        let at = segment.index.min(self.checkpoints.len() - 1);
        for (index, layer) in layers.iter().enumerate() {
            let (nodes, values) = (layer.nodes(), layer.states * layer.nodes());
            let (below, trace) = self.traces.split_at_mut(index);
            let trace = &mut trace[0];
            trace.states.fit((segment.steps + 1) * values);
            trace.inputs.fit(segment.steps * layer.ports * nodes);
            trace.states[..values].copy_from_slice(&self.checkpoints[at][index]);
            let history = &mut self.histories[index];
            let read = series_read(&self.sequence, below, layers, index, segment, 0);
            for step in 0..segment.steps {
                let x = &read.data[read.start + step * read.stride..][..read.cells * BLOCK_ITEMS];
                let (before, after) = trace.states[step * values..].split_at_mut(values);
                let after = &mut after[..values];
                let inputs = &mut trace.inputs[step * layer.ports * nodes..][..layer.ports * nodes];
                layer.compute_inputs(x, before, history, segment.start + step, inputs);
                layer.advance(before, inputs, after);
                if let (Some(delayed), Some(recurrence)) = (layer.delayed(), &layer.recurrence) {
                    history[(delayed.longest + segment.start + step + 1) * nodes..][..nodes]
                        .copy_from_slice(&after[recurrence.state * nodes..][..nodes]);
                }
                if let Some(at) = first_not_finite(after, self.items) {
                    return Err(divergence(after, at, nodes, index, segment.start + step));
                }
            }
        }
        Ok(())
    }

    /// Goes through the whole sequence backward, and returns the sums of each layer.
    pub fn run_backward(
        &mut self,
        layers: &[PreparedLayer],
        segments: Segments,
        outside: &impl OutsideAdjoints,
    ) -> Result<Vec<GradientSums>, Divergence> {
        let mut adjoints = BlockAdjoints::new(layers, segments);
        for index in (0..segments.count()).rev() {
            let segment = segments.get(index);
            self.trace_segment(layers, segment)?;
            // A chunk at a time, whose adjoints stay in the caches until their products are summed.
            for first in (0..segment.steps).step_by(CHUNK).rev() {
                let steps = CHUNK.min(segment.steps - first);
                let chunk = Segment { index: segment.index, start: segment.start + first, steps };
                self.run_chunk_backward(layers, chunk, first, &mut adjoints, outside);
                adjoints.check(layers, self.items, chunk.start)?;
            }
        }
        let BlockAdjoints { mut sums, drives, .. } = adjoints;
        for ((layer, sums), drives) in layers.iter().zip(&mut sums).zip(&drives) {
            let (Some(delayed), Some(recurrence)) = (layer.delayed(), &layer.recurrence) else { continue };
            if delayed.past_is_initial {
                // What was sent before the sequence was the initial state, which so has a part in every delayed drive.
                let nodes = layer.nodes();
                let initial = &mut sums.initial[recurrence.state * nodes..][..nodes];
                for row in 0..delayed.longest {
                    delayed.add_sender_adjoint(
                        layer.simd,
                        recurrence.gain,
                        drives,
                        row,
                        layer.cells,
                        initial,
                    );
                }
            }
        }
        Ok(sums)
    }

    /// Goes through a chunk of the segment on the traces backward. The chunk begins with step `first` of the traces.
    fn run_chunk_backward(
        &self,
        layers: &[PreparedLayer],
        chunk: Segment,
        first: usize,
        adjoints: &mut BlockAdjoints,
        outside: &impl OutsideAdjoints,
    ) {
        // The adjoints of what the layer above reads from this one, `[step][cell][item]`.
        let mut from_above: Option<Vec<f64>> = None;
        for (index, layer) in layers.iter().enumerate().rev() {
            let mut to_below = (index > 0).then(|| vec![0.0; chunk.steps * layer.inputs * BLOCK_ITEMS]);
            let BlockAdjoints { drives, sums, packing } = &mut *adjoints;
            let (drive, sums) = (&mut drives[index], &mut sums[index]);
            let backward = LayerBackward { layer, index, chunk, first, drive: &mut *drive, sums: &mut *sums };
            backward.run(&self.traces[index], from_above.as_deref(), to_below.as_deref_mut(), outside);
            let read = series_read(&self.sequence, &self.traces[..index], layers, index, chunk, first);
            let sent = SeriesSent::new(layer, &self.traces[index], &self.histories[index], chunk, first);
            add_weight_products(layer, read, sent, chunk, drive, packing, sums);
            from_above = to_below;
        }
    }
}

/// The adjoints of a block on its way back.
struct BlockAdjoints {
    /// The adjoints of the drive of each layer, `[step][cell][item]`: of a chunk, or, where connections have delays, of the whole sequence and
    /// as many steps before and behind it as the longest delay has.
    drives: Vec<Aligned>,
    sums: Vec<GradientSums>,
    packing: PackingBuffers,
}

impl BlockAdjoints {
    fn new(layers: &[PreparedLayer], segments: Segments) -> Self {
        let drive = |layer: &PreparedLayer| {
            let rows = match layer.delayed() {
                Some(delayed) => 2 * delayed.longest + segments.steps,
                None => CHUNK.min(segments.length),
            };
            Aligned::zeros(rows * layer.nodes())
        };
        Self {
            drives: layers.iter().map(drive).collect(),
            sums: layers.iter().map(GradientSums::new).collect(),
            packing: PackingBuffers::default(),
        }
    }

    /// Reports the first adjoint of a state that is not finite before step `step`.
    fn check(&self, layers: &[PreparedLayer], items: usize, step: usize) -> Result<(), Divergence> {
        for (index, (layer, sums)) in layers.iter().zip(&self.sums).enumerate() {
            if let Some(at) = first_not_finite(&sums.initial, items) {
                let divergence = divergence(&sums.initial, at, layer.nodes(), index, step);
                return Err(Divergence { is_adjoint: true, ..divergence });
            }
        }
        Ok(())
    }
}

impl Trace {
    /// Returns the states after a step, `[state][cell][item]`.
    fn states_after(&self, layer: &PreparedLayer, step: usize) -> &[f64] {
        let values = layer.states * layer.nodes();
        &self.states[(step + 1) * values..][..values]
    }
}

impl GradientSums {
    fn new(layer: &PreparedLayer) -> Self {
        let nodes = layer.nodes();
        let recurrence = layer.recurrence.as_ref();
        let instant = recurrence.is_some_and(|recurrence| recurrence.instant.is_some());
        let pairs = layer.delayed().map_or(0, |delayed| delayed.pairs.len());
        Self {
            w_in: written_zeros(layer.inputs * nodes),
            bias: vec![0.0; nodes],
            instant: written_zeros(if instant { layer.cells * nodes } else { 0 }),
            pairs: written_zeros(pairs * BLOCK_ITEMS),
            parameters: vec![0.0; layer.parameters * nodes],
            initial: vec![0.0; layer.states * nodes],
        }
    }
}

/// Returns zeros that are written, and not mapped by the system on demand as those of `vec![0.0; n]`. A page on demand is shared until it is
/// written for the first time, and that first write makes all threads look its address up again.
fn written_zeros(count: usize) -> Vec<f64> {
    let mut zeros = Vec::with_capacity(count);
    zeros.resize(count, 0.0);
    zeros
}

/// Returns what a layer reads over a segment, or over a part of it that begins with step `first` of the traces: the sequence, or a state of
/// the layer below after each of its steps.
fn series_read<'a>(
    sequence: &'a [f64],
    below: &'a [Trace],
    layers: &[PreparedLayer],
    index: usize,
    segment: Segment,
    first: usize,
) -> SignalSeries<'a> {
    let cells = layers[index].inputs;
    match below.last() {
        None => SignalSeries {
            data: sequence,
            start: segment.start * cells * BLOCK_ITEMS,
            stride: cells * BLOCK_ITEMS,
            cells,
        },
        Some(trace) => {
            let (below, stride) = (&layers[index - 1], layers[index - 1].states * cells * BLOCK_ITEMS);
            let start = (1 + first) * stride + below.between * cells * BLOCK_ITEMS;
            SignalSeries { data: &trace.states, start, stride, cells }
        }
    }
}

/// Returns the place of the first number of an item that is not finite.
fn first_not_finite(values: &[f64], items: usize) -> Option<usize> {
    // 0 times a finite number is 0, so that the sum is NaN exactly if one is not; this needs no branch for each number.
    let check: f64 = values.iter().map(|value| 0.0 * value).sum();
    if check == 0.0 {
        return None;
    }
    let mut numbers = values.iter().enumerate();
    numbers.find(|(at, value)| at % BLOCK_ITEMS < items && !value.is_finite()).map(|(at, _)| at)
}

/// Describes the number at a place of `[state][cell][item]`.
fn divergence(values: &[f64], at: usize, nodes: usize, layer: usize, step: usize) -> Divergence {
    Divergence {
        is_adjoint: false,
        layer,
        step,
        cell: at % nodes / BLOCK_ITEMS,
        state: at / nodes,
        item: at % BLOCK_ITEMS,
        value: values[at],
    }
}

/// A layer on its way back through a chunk of the segment on the traces.
struct LayerBackward<'a> {
    layer: &'a PreparedLayer,
    index: usize,
    chunk: Segment,
    /// The step of the traces with which the chunk begins.
    first: usize,
    /// Adjoints of the drive.
    drive: &'a mut [f64],
    sums: &'a mut GradientSums,
}

impl LayerBackward<'_> {
    /// Goes through the steps backward. `sums.initial` holds the adjoints of the states: at the end of the chunk before, at its start
    /// afterwards.
    fn run(
        self,
        trace: &Trace,
        from_above: Option<&[f64]>,
        mut to_below: Option<&mut [f64]>,
        outside: &impl OutsideAdjoints,
    ) {
        let Self { layer, index, chunk, first, drive: drives, sums } = self;
        let (nodes, values) = (layer.nodes(), layer.states * layer.nodes());
        let adjoint = &mut sums.initial[..];
        let mut inputs_adjoint = vec![0.0; layer.ports * nodes];
        let first_row = first_drive_row(layer, chunk);
        for step in (0..chunk.steps).rev() {
            outside.add_to(index, chunk.start + step, adjoint);
            if let Some(from_above) = from_above {
                let between = &mut adjoint[layer.between * nodes..][..nodes];
                let above = &from_above[step * nodes..][..nodes];
                between.iter_mut().zip(above).for_each(|(adjoint, above)| *adjoint += above);
            }
            layer.advance_backward(
                &trace.states[(first + step) * values..][..values],
                &trace.inputs[(first + step) * layer.ports * nodes..][..layer.ports * nodes],
                adjoint,
                &mut inputs_adjoint,
                &mut sums.parameters,
            );
            let row = (first_row + step) * nodes..(first_row + step + 1) * nodes;
            drives[row.clone()].copy_from_slice(&inputs_adjoint[layer.port * nodes..][..nodes]);
            let now = &drives[row];
            layer.add_recurrent_adjoint(now, drives, chunk.start + step, adjoint);
            if let Some(x) = to_below.as_deref_mut() {
                let x = &mut x[step * layer.inputs * BLOCK_ITEMS..][..layer.inputs * BLOCK_ITEMS];
                layer.add_read_adjoint(now, x);
            }
            sums.bias.iter_mut().zip(now).for_each(|(bias, drive)| *bias += drive);
        }
    }
}

/// Returns the row of the adjoints of a layer's drive that the first step of a chunk has.
fn first_drive_row(layer: &PreparedLayer, chunk: Segment) -> usize {
    layer.delayed().map_or(0, |delayed| delayed.longest + chunk.start)
}

/// The signals that the cells of a layer send to one another over a chunk.
struct SeriesSent<'a> {
    /// The state that feeds back, before each step of the chunk.
    instant: SignalSeries<'a>,
    /// The same from the longest delay before the chunk on.
    delayed: SignalSeries<'a>,
}

impl<'a> SeriesSent<'a> {
    /// The chunk begins with step `first` of the trace.
    fn new(
        layer: &PreparedLayer,
        trace: &'a Trace,
        history: &'a [f64],
        chunk: Segment,
        first: usize,
    ) -> Self {
        let (nodes, cells, stride) = (layer.nodes(), layer.cells, layer.states * layer.nodes());
        let state = layer.recurrence.as_ref().map_or(0, |recurrence| recurrence.state);
        let start = first * stride + state * nodes;
        Self {
            instant: SignalSeries { data: &trace.states, start, stride, cells },
            delayed: SignalSeries { data: history, start: chunk.start * nodes, stride: nodes, cells },
        }
    }
}

/// Adds the products of what a layer read and sent over a chunk with the adjoints of its drive: the gradient by its weights.
fn add_weight_products(
    layer: &PreparedLayer,
    read: SignalSeries,
    sent: SeriesSent,
    chunk: Segment,
    drive: &[f64],
    packing: &mut PackingBuffers,
    sums: &mut GradientSums,
) {
    let (nodes, cells, steps) = (layer.nodes(), layer.cells, chunk.steps);
    let start = first_drive_row(layer, chunk) * nodes;
    let drive = SignalSeries { data: drive, start, stride: nodes, cells };
    add_outer_products(layer.simd, read, drive, steps, packing, &mut sums.w_in);
    let Some(recurrence) = &layer.recurrence else { return };
    if recurrence.instant.is_some() {
        add_outer_products(layer.simd, sent.instant, drive, steps, packing, &mut sums.instant);
    }
    if let Some(delayed) = &recurrence.delayed {
        let pairs = DelayedPairs { pairs: &delayed.pairs, longest: delayed.longest };
        add_pair_products(layer.simd, sent.delayed, drive, steps, pairs, packing, &mut sums.pairs);
    }
}
