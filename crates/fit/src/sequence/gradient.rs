//! Gradients of a loss by everything that a stack is made of.

use ndarray::{Array1, Array2, Array3, ArrayD, ArrayView2, s};
use rayon::prelude::*;

use super::block::{Block, Fault, Given, Sums};
use super::lanes::{LANES, over_items};
use super::pass::diverged;
use super::prepared::Prepared;
use super::{Layer, Pass, SequenceError, Weights, check};

/// The derivative of a loss by a state of a layer after every step.
#[derive(Debug, Clone, PartialEq)]
pub struct StateAdjoint {
    /// The layer, counted from 1.
    pub layer: usize,
    /// The state.
    pub state: String,
    /// `(item, time, cell)`
    pub values: Array3<f64>,
}

impl Pass<'_> {
    /// The gradient of a loss by [`Stack::weights`](super::Stack::weights), from the derivatives of the loss by the outputs, `(item, output)`.
    ///
    /// Delays are whole numbers of steps: a loss has no derivative by them.
    ///
    /// # Errors
    ///
    /// Derivatives of another shape, or not finite.
    pub fn gradient(&mut self, outputs: ArrayView2<f64>) -> Result<Weights, SequenceError> {
        self.gradient_with(outputs, &[])
    }

    /// [`Pass::gradient`] of a loss that depends on states too.
    ///
    /// # Errors
    ///
    /// As [`Pass::gradient`], or a layer or state that is not there.
    pub fn gradient_with(
        &mut self,
        outputs: ArrayView2<f64>,
        states: &[StateAdjoint],
    ) -> Result<Weights, SequenceError> {
        let name = self.stack.info.name;
        let shape = self.outputs().shape().to_vec();
        check(name, "the derivative by the outputs", &outputs, &shape)?;
        let states = states.iter().map(|given| self.resolve(given)).collect::<Result<Vec<_>, _>>()?;
        let to_read = match &self.stack.readout {
            Some((w_out, _)) => outputs.dot(&w_out.t()),
            None => outputs.to_owned(),
        };
        let Self { stack, layers, blocks, spans, .. } = self;
        let (layers, spans) = (&layers[..], *spans);
        let back = |(index, block): (usize, &mut Block)| {
            let (first, items, last_step) = (index * LANES, block.items, spans.steps - 1);
            let given = Outside { layers, first, items, last_step, read: &to_read, states: &states };
            block.back(layers, spans, &given)
        };
        let sums: Vec<Result<Vec<Sums>, Fault>> = blocks.par_iter_mut().enumerate().map(back).collect();
        let mut by_layer: Vec<Vec<Sums>> = layers.iter().map(|_| Vec::new()).collect();
        for (index, sums) in sums.into_iter().enumerate() {
            let sums = sums.map_err(|fault| diverged(layers, stack, index, fault))?;
            by_layer.iter_mut().zip(sums).for_each(|(layer, sums)| layer.push(sums));
        }
        let mut gradient = Weights::new();
        for (index, (layer, sums)) in layers.iter().zip(&by_layer).enumerate() {
            for (name, values) in of_layer(&stack.layers[index], layer, sums) {
                gradient.insert(format!("layer{}.{name}", index + 1), values);
            }
        }
        if stack.readout.is_some() {
            let read: Vec<f64> = (0..self.items).flat_map(|item| self.read(item)).collect();
            let cells = read.len() / self.items;
            let read = Array2::from_shape_fn((cells, self.items), |(cell, item)| read[item * cells + cell]);
            gradient.insert("W_out", read.dot(&outputs).into_dyn());
            gradient.insert("b_out", outputs.sum_axis(ndarray::Axis(0)).into_dyn());
        }
        Ok(gradient)
    }

    fn resolve<'a>(&self, given: &'a StateAdjoint) -> Result<Resolved<'a>, SequenceError> {
        let (layer, state) = self.find(given.layer, &given.state)?;
        let expected = [self.items, self.spans.steps, self.layers[layer].cells];
        let what = format!("the derivative by `{}`", given.state);
        check(&self.layers[layer].label, &what, &given.values, &expected)?;
        Ok(Resolved { layer, state, values: &given.values })
    }
}

struct Resolved<'a> {
    layer: usize,
    state: usize,
    values: &'a Array3<f64>,
}

/// The adjoints that a block is given by the readout and by losses on states.
struct Outside<'a> {
    layers: &'a [Prepared],
    /// The first item of the block, and how many there are.
    first: usize,
    items: usize,
    last_step: usize,
    /// Of what the readout reads, `(item, cell)`.
    read: &'a Array2<f64>,
    states: &'a [Resolved<'a>],
}

impl Given for Outside<'_> {
    fn add(&self, layer: usize, step: usize, adjoint: &mut [f64]) {
        let nodes = self.layers[layer].nodes();
        let items = self.first..self.first + self.items;
        if layer + 1 == self.layers.len() && step == self.last_step {
            let read = &mut adjoint[self.layers[layer].between * nodes..][..nodes];
            add_items(self.read.slice(s![items.clone(), ..]), read);
        }
        for given in self.states.iter().filter(|given| given.layer == layer) {
            add_items(
                given.values.slice(s![items.clone(), step, ..]),
                &mut adjoint[given.state * nodes..][..nodes],
            );
        }
    }
}

/// Adds `(item, cell)` to `[cell][item]`.
fn add_items(values: ArrayView2<f64>, to: &mut [f64]) {
    for ((item, cell), value) in values.indexed_iter() {
        to[cell * LANES + item] += value;
    }
}

/// From the sums of all blocks to the gradient by what a layer is made of.
fn of_layer(layer: &Layer, prepared: &Prepared, blocks: &[Sums]) -> Vec<(String, ArrayD<f64>)> {
    let cells = prepared.cells;
    let w_in = total(blocks, |sums| &sums.w_in);
    let bias = total(blocks, |sums| &sums.bias);
    let mut gradient = vec![
        ("W_in".to_owned(), matrix(w_in, prepared.inputs, cells).into_dyn()),
        ("b_in".to_owned(), bias.clone().into_dyn()),
    ];
    let mut to_gain = bias.dot(&layer.b_rec);
    if let Some(recurrence) = &prepared.recurrence {
        let mut sent = match recurrence.instant {
            Some(_) => matrix(total(blocks, |sums| &sums.instant), cells, cells),
            None => Array2::zeros((cells, cells)),
        };
        if let Some(delayed) = &recurrence.delayed {
            for (pair, sum) in delayed.pairs.iter().zip(total(blocks, |sums| &sums.pairs)) {
                sent[[pair.source, pair.target]] = sum;
            }
        }
        to_gain += (&sent * &recurrence.weights).sum();
        let w_rec = layer.take_effective_back(sent * recurrence.gain);
        gradient.push(("W_rec".to_owned(), w_rec.into_dyn()));
    }
    gradient.push(("b_rec".to_owned(), (bias * layer.gain).into_dyn()));
    gradient.push(("gain".to_owned(), Array1::from_elem(1, to_gain).into_dyn()));

    let population = layer.cells.population();
    let info = layer.cells.engine().info();
    let parameters = matrix(total(blocks, |sums| &sums.parameters), prepared.parameters, cells);
    for (index, parameter) in info.parameters.iter().enumerate() {
        let values = as_given(parameters.row(index).to_owned(), population.parameter(index).len());
        gradient.push((parameter.name.to_owned(), values));
    }
    let initial = matrix(total(blocks, |sums| &sums.initial), prepared.states, cells);
    for (index, state) in info.states.iter().enumerate() {
        let values = as_given(initial.row(index).to_owned(), population.initial(index).len());
        gradient.push((format!("init_{}", state.name), values));
    }
    gradient
}

/// The sum over the items of all blocks, in their order.
fn total(blocks: &[Sums], of: impl Fn(&Sums) -> &[f64]) -> Array1<f64> {
    let count = blocks.first().map_or(0, |sums| of(sums).len() / LANES);
    blocks.iter().fold(Array1::zeros(count), |mut total, sums| {
        total.iter_mut().zip(over_items(of(sums))).for_each(|(total, sum)| *total += sum);
        total
    })
}

fn matrix(values: Array1<f64>, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(row, column)| values[row * columns + column])
}

/// One entry a cell, or their sum where all cells share a value.
fn as_given(values: Array1<f64>, given: usize) -> ArrayD<f64> {
    if given == values.len() { values.into_dyn() } else { Array1::from_elem(1, values.sum()).into_dyn() }
}
