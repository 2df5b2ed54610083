//! Eight items of a batch, forward and back through all layers.

use super::lanes::{CHUNK, LANES, Late, Packing, Series, add_outer, add_pairs};
use super::prepared::Prepared;
use brainmass_core::real::Aligned;

/// Where in a sequence a part of it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// Which part.
    pub index: usize,
    /// Its first step.
    pub start: usize,
    pub steps: usize,
}

/// A sequence in parts of equal length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spans {
    pub steps: usize,
    pub length: usize,
}

impl Spans {
    pub fn count(&self) -> usize {
        self.steps.div_ceil(self.length)
    }

    pub fn get(&self, index: usize) -> Span {
        let start = index * self.length;
        Span { index, start, steps: self.length.min(self.steps - start) }
    }
}

/// A state that left the finite numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub layer: usize,
    pub step: usize,
    pub cell: usize,
    pub state: usize,
    /// Within the block.
    pub item: usize,
    pub value: f64,
}

/// What a layer did over a span.
#[derive(Debug, Default)]
struct Tape {
    /// States before each step, and after the last.
    states: Aligned,
    inputs: Aligned,
}

/// Eight items, or fewer: lanes without an item run on zeros.
#[derive(Debug)]
pub(super) struct Block {
    /// Items that are there.
    pub items: usize,
    /// `[step][input][item]`.
    sequence: Vec<f64>,
    /// What the cells of each layer with delays sent: rows of nodes, that of t = 0 after `longest` others.
    pasts: Vec<Vec<f64>>,
    /// The states of each layer at the start of each span.
    checkpoints: Vec<Vec<Vec<f64>>>,
    tapes: Vec<Tape>,
    /// The span on the tapes.
    on_tape: usize,
}

/// Adjoints that are given to a block from outside.
pub(super) trait Given: Sync {
    /// Adds those of the states of a layer after a step.
    fn add(&self, layer: usize, step: usize, adjoint: &mut [f64]);
}

/// Sums over the steps of a sequence, item by item, of what gradients are made of.
#[derive(Debug)]
pub(super) struct Sums {
    /// `[input][cell][item]`
    pub w_in: Vec<f64>,
    /// Of the drive of each cell.
    pub bias: Vec<f64>,
    /// `[from][to][item]`; empty without instantaneous connections.
    pub instant: Vec<f64>,
    /// `[pair][item]`
    pub pairs: Vec<f64>,
    /// Like the parameters.
    pub parameters: Vec<f64>,
    /// Like the states.
    pub initial: Vec<f64>,
}

impl Block {
    /// Items whose sequences are `[step][input][item]`.
    pub fn new(layers: &[Prepared], sequence: Vec<f64>, items: usize, steps: usize) -> Self {
        let past = |layer: &Prepared| {
            let (Some(delayed), Some(recurrence)) = (layer.delayed(), &layer.recurrence) else {
                return Vec::new();
            };
            let mut past: Vec<f64> = delayed.past.iter().flat_map(|value| [*value; LANES]).collect();
            past.extend(&layer.initial[recurrence.state * layer.nodes()..][..layer.nodes()]);
            past.resize((delayed.longest + steps + 1) * layer.nodes(), 0.0);
            past
        };
        Self {
            items,
            sequence,
            pasts: layers.iter().map(past).collect(),
            checkpoints: vec![layers.iter().map(|layer| layer.initial.clone()).collect()],
            tapes: layers.iter().map(|_| Tape::default()).collect(),
            on_tape: usize::MAX,
        }
    }

    /// Runs the whole sequence. With `keep`, it can be taken back.
    pub fn run(&mut self, layers: &[Prepared], spans: Spans, keep: bool) -> Result<(), Fault> {
        for index in 0..spans.count() {
            let span = spans.get(index);
            self.run_span(layers, span)?;
            let reached = layers
                .iter()
                .zip(&self.tapes)
                .map(|(layer, tape)| tape.after(layer, span.steps - 1).to_vec());
            let reached: Vec<Vec<f64>> = reached.collect();
            if !keep {
                self.checkpoints.clear();
            }
            self.checkpoints.push(reached);
        }
        Ok(())
    }

    /// A state of the layer at the end, `[cell][item]`.
    pub fn last(&self, layer: usize, state: usize, nodes: usize) -> &[f64] {
        let reached = self.checkpoints.last().map_or(&[][..], |states| &states[layer]);
        &reached[state * nodes..][..nodes]
    }

    /// A state of a layer after a step of the span on the tapes.
    pub fn state(&self, layer: &Prepared, index: usize, step: usize, state: usize) -> &[f64] {
        &self.tapes[index].after(layer, step)[state * layer.nodes()..][..layer.nodes()]
    }

    /// Puts a span on the tapes, from its checkpoint.
    pub fn recall(&mut self, layers: &[Prepared], span: Span) -> Result<(), Fault> {
        if self.on_tape == span.index { Ok(()) } else { self.run_span(layers, span) }
    }

    fn run_span(&mut self, layers: &[Prepared], span: Span) -> Result<(), Fault> {
        self.on_tape = span.index;
        let at = span.index.min(self.checkpoints.len() - 1);
        for (index, layer) in layers.iter().enumerate() {
            let (nodes, values) = (layer.nodes(), layer.states * layer.nodes());
            let (below, tape) = self.tapes.split_at_mut(index);
            let tape = &mut tape[0];
            tape.states.fit((span.steps + 1) * values);
            tape.inputs.fit(span.steps * layer.ports * nodes);
            tape.states[..values].copy_from_slice(&self.checkpoints[at][index]);
            let past = &mut self.pasts[index];
            let read = read(&self.sequence, below, layers, index, span, 0);
            for step in 0..span.steps {
                let x = &read.data[read.start + step * read.stride..][..read.cells * LANES];
                let (before, after) = tape.states[step * values..].split_at_mut(values);
                let after = &mut after[..values];
                let inputs = &mut tape.inputs[step * layer.ports * nodes..][..layer.ports * nodes];
                layer.drive(x, before, past, span.start + step, inputs);
                layer.advance(before, inputs, after);
                if let (Some(delayed), Some(recurrence)) = (layer.delayed(), &layer.recurrence) {
                    past[(delayed.longest + span.start + step + 1) * nodes..][..nodes]
                        .copy_from_slice(&after[recurrence.state * nodes..][..nodes]);
                }
                if let Some((at, value)) = not_finite(after, self.items) {
                    let (state, cell, item) = (at / nodes, at % nodes / LANES, at % LANES);
                    return Err(Fault { layer: index, step: span.start + step, cell, state, item, value });
                }
            }
        }
        Ok(())
    }

    /// Takes the whole sequence back.
    pub fn back(
        &mut self,
        layers: &[Prepared],
        spans: Spans,
        given: &impl Given,
    ) -> Result<Vec<Sums>, Fault> {
        let mut adjoints = Adjoints::new(layers, spans);
        for index in (0..spans.count()).rev() {
            let span = spans.get(index);
            self.recall(layers, span)?;
            // By chunks, whose adjoints stay in the caches until their products are summed.
            for first in (0..span.steps).step_by(CHUNK).rev() {
                let steps = CHUNK.min(span.steps - first);
                let chunk = Span { index: span.index, start: span.start + first, steps };
                self.chunk_back(layers, chunk, first, &mut adjoints, given);
            }
        }
        let Adjoints { mut sums, drives, .. } = adjoints;
        for ((layer, sums), drives) in layers.iter().zip(&mut sums).zip(&drives) {
            let (Some(delayed), Some(recurrence)) = (layer.delayed(), &layer.recurrence) else { continue };
            if delayed.past_is_initial {
                let nodes = layer.nodes();
                let initial = &mut sums.initial[recurrence.state * nodes..][..nodes];
                for row in 0..delayed.longest {
                    delayed.give_back(layer.simd, recurrence.gain, drives, row, layer.cells, initial);
                }
            }
        }
        Ok(sums)
    }

    /// Takes a chunk of the span on the tapes back, of which it begins with the step `first`.
    fn chunk_back(
        &self,
        layers: &[Prepared],
        chunk: Span,
        first: usize,
        adjoints: &mut Adjoints,
        given: &impl Given,
    ) {
        // What the layer above gives to this one, step by step.
        let mut from_above: Option<Vec<f64>> = None;
        for (index, layer) in layers.iter().enumerate().rev() {
            let mut to_below = (index > 0).then(|| vec![0.0; chunk.steps * layer.inputs * LANES]);
            let Adjoints { drives, sums, packing } = &mut *adjoints;
            let (drive, sums) = (&mut drives[index], &mut sums[index]);
            let back = Back { layers, index, chunk, first, drive: &mut *drive, sums: &mut *sums };
            back.steps(&self.tapes[index], from_above.as_deref(), to_below.as_deref_mut(), given);
            let read = read(&self.sequence, &self.tapes[..index], layers, index, chunk, first);
            let sent = sent(layer, &self.tapes[index], &self.pasts[index], chunk, first);
            gather(layer, read, sent, chunk, drive, packing, sums);
            from_above = to_below;
        }
    }
}

/// What a block is taken back with.
struct Adjoints {
    /// Those of the drive of each layer: of a chunk, or of the whole sequence and what lies before and behind where connections are late.
    drives: Vec<Aligned>,
    sums: Vec<Sums>,
    packing: Packing,
}

impl Adjoints {
    fn new(layers: &[Prepared], spans: Spans) -> Self {
        let drive = |layer: &Prepared| {
            let rows = match layer.delayed() {
                Some(delayed) => 2 * delayed.longest + spans.steps,
                None => CHUNK.min(spans.length),
            };
            Aligned::zeros(rows * layer.nodes())
        };
        Self {
            drives: layers.iter().map(drive).collect(),
            sums: layers.iter().map(Sums::new).collect(),
            packing: Packing::default(),
        }
    }
}

impl Tape {
    /// States after a step.
    fn after(&self, layer: &Prepared, step: usize) -> &[f64] {
        let values = layer.states * layer.nodes();
        &self.states[(step + 1) * values..][..values]
    }
}

impl Sums {
    fn new(layer: &Prepared) -> Self {
        let nodes = layer.nodes();
        let recurrence = layer.recurrence.as_ref();
        let instant = recurrence.is_some_and(|recurrence| recurrence.instant.is_some());
        let pairs = layer.delayed().map_or(0, |delayed| delayed.pairs.len());
        Self {
            w_in: written_zeros(layer.inputs * nodes),
            bias: vec![0.0; nodes],
            instant: written_zeros(if instant { layer.cells * nodes } else { 0 }),
            pairs: written_zeros(pairs * LANES),
            parameters: vec![0.0; layer.parameters * nodes],
            initial: vec![0.0; layer.states * nodes],
        }
    }
}

/// Zeros to add to. They are written, not left to the system: that would show the same page of zeros everywhere until a number is added, and
/// then have all threads forget where it was.
fn written_zeros(count: usize) -> Vec<f64> {
    let mut zeros = Vec::with_capacity(count);
    zeros.resize(count, 0.0);
    zeros
}

/// What a layer reads over a span, or a part of it that begins with the step `first` on the tapes: the sequence, or a state of the layer below
/// after each of its steps.
fn read<'a>(
    sequence: &'a [f64],
    below: &'a [Tape],
    layers: &[Prepared],
    index: usize,
    span: Span,
    first: usize,
) -> Series<'a> {
    let cells = layers[index].inputs;
    match below.last() {
        None => Series { data: sequence, start: span.start * cells * LANES, stride: cells * LANES, cells },
        Some(tape) => {
            let (below, stride) = (&layers[index - 1], layers[index - 1].states * cells * LANES);
            let start = (1 + first) * stride + below.between * cells * LANES;
            Series { data: &tape.states, start, stride, cells }
        }
    }
}

/// The first number of an item that is not finite.
fn not_finite(values: &[f64], items: usize) -> Option<(usize, f64)> {
    // A sum of zeros, or NaN, needs no branch for each number.
    let check: f64 = values.iter().map(|value| 0.0 * value).sum();
    if check == 0.0 {
        return None;
    }
    let mut faults = values.iter().enumerate().filter(|(at, value)| at % LANES < items && !value.is_finite());
    faults.next().map(|(at, value)| (at, *value))
}

/// A layer on its way back through a chunk of the span on the tapes.
struct Back<'a> {
    layers: &'a [Prepared],
    index: usize,
    chunk: Span,
    /// The step of the tapes with which the chunk begins.
    first: usize,
    /// Adjoints of the drive.
    drive: &'a mut [f64],
    sums: &'a mut Sums,
}

impl Back<'_> {
    /// `sums.initial` is the adjoint of the states: at the end of the chunk, then at its start.
    fn steps(
        self,
        tape: &Tape,
        from_above: Option<&[f64]>,
        mut to_below: Option<&mut [f64]>,
        given: &impl Given,
    ) {
        let (layer, chunk) = (&self.layers[self.index], self.chunk);
        let (nodes, values) = (layer.nodes(), layer.states * layer.nodes());
        let adjoint = &mut self.sums.initial[..];
        let mut inputs_adjoint = vec![0.0; layer.ports * nodes];
        let first_row = first_row(layer, chunk);
        for step in (0..chunk.steps).rev() {
            given.add(self.index, chunk.start + step, adjoint);
            if let Some(from_above) = from_above {
                let between = &mut adjoint[layer.between * nodes..][..nodes];
                let above = &from_above[step * nodes..][..nodes];
                between.iter_mut().zip(above).for_each(|(adjoint, above)| *adjoint += above);
            }
            layer.take_back(
                &tape.states[(self.first + step) * values..][..values],
                &tape.inputs[(self.first + step) * layer.ports * nodes..][..layer.ports * nodes],
                adjoint,
                &mut inputs_adjoint,
                &mut self.sums.parameters,
            );
            let row = (first_row + step) * nodes..(first_row + step + 1) * nodes;
            self.drive[row.clone()].copy_from_slice(&inputs_adjoint[layer.port * nodes..][..nodes]);
            let now = &self.drive[row];
            layer.give_back(now, self.drive, chunk.start + step, adjoint);
            if let Some(x) = to_below.as_deref_mut() {
                layer.give_inputs(now, &mut x[step * layer.inputs * LANES..][..layer.inputs * LANES]);
            }
            self.sums.bias.iter_mut().zip(now).for_each(|(bias, drive)| *bias += drive);
        }
    }
}

/// Where in the adjoints of its drive a layer has the first step of a chunk.
fn first_row(layer: &Prepared, chunk: Span) -> usize {
    layer.delayed().map_or(0, |delayed| delayed.longest + chunk.start)
}

/// What the cells of a layer send to one another over a chunk, which begins with the step `first` on the tapes.
struct Sent<'a> {
    at_once: Series<'a>,
    /// From the longest delay before the chunk on.
    late: Series<'a>,
}

fn sent<'a>(layer: &Prepared, tape: &'a Tape, past: &'a [f64], chunk: Span, first: usize) -> Sent<'a> {
    let (nodes, cells, stride) = (layer.nodes(), layer.cells, layer.states * layer.nodes());
    let state = layer.recurrence.as_ref().map_or(0, |recurrence| recurrence.state);
    Sent {
        at_once: Series { data: &tape.states, start: first * stride + state * nodes, stride, cells },
        late: Series { data: past, start: chunk.start * nodes, stride: nodes, cells },
    }
}

/// Adds the products of what a layer read over a chunk with the adjoints of its drive.
fn gather(
    layer: &Prepared,
    read: Series,
    sent: Sent,
    chunk: Span,
    drive: &[f64],
    packing: &mut Packing,
    sums: &mut Sums,
) {
    let (nodes, cells, steps) = (layer.nodes(), layer.cells, chunk.steps);
    let drive = Series { data: drive, start: first_row(layer, chunk) * nodes, stride: nodes, cells };
    add_outer(layer.simd, read, drive, steps, packing, &mut sums.w_in);
    let Some(recurrence) = &layer.recurrence else { return };
    if recurrence.instant.is_some() {
        add_outer(layer.simd, sent.at_once, drive, steps, packing, &mut sums.instant);
    }
    if let Some(delayed) = &recurrence.delayed {
        let late = Late { pairs: &delayed.pairs, longest: delayed.longest };
        add_pairs(layer.simd, sent.late, drive, steps, late, packing, &mut sums.pairs);
    }
}
