//! Gradients of a loss by the weights and parameters of a stack.

use ndarray::{Array1, Array2, Array3, ArrayD, ArrayView2, s};
use rayon::prelude::*;

use super::block::{Divergence, GradientSums, ItemBlock, OutsideAdjoints};
use super::lanes::{BLOCK_ITEMS, sums_over_items};
use super::pass::divergence_error;
use super::prepared::PreparedLayer;
use super::shape::check;
use super::{Layer, Pass, SequenceError, Weights};

/// The derivative of a loss by a state of a layer after every step.
#[derive(Debug, Clone, PartialEq)]
pub struct StateAdjoint {
    /// The layer, counted from 1.
    pub layer: usize,
    /// The state.
    pub state: String,
    /// The derivatives, `(item, time, cell)`.
    pub values: Array3<f64>,
}

impl Pass<'_> {
    /// Computes the gradient of a loss by [`Stack::weights`](super::Stack::weights) from the derivatives of the loss by the outputs,
    /// `(item, output)`.
    ///
    /// Delays are whole numbers of steps, so that a loss has no derivative by them.
    ///
    /// # Errors
    ///
    /// Derivatives of another shape, derivatives that are not finite, or a gradient that leaves the finite numbers on the way back.
    pub fn gradient(&mut self, outputs: ArrayView2<f64>) -> Result<Weights, SequenceError> {
        self.gradient_with(outputs, &[])
    }

    /// Computes the gradient like [`Pass::gradient`], of a loss that depends on states too.
    ///
    /// # Errors
    ///
    /// As [`Pass::gradient`], or a layer or state that does not exist.
    pub fn gradient_with(
        &mut self,
        outputs: ArrayView2<f64>,
        states: &[StateAdjoint],
    ) -> Result<Weights, SequenceError> {
        let name = &self.stack.info.name;
        let shape = self.outputs().shape().to_vec();
        check(name, "the derivative by the outputs", &outputs, &shape)?;
        let states = states.iter().map(|given| self.resolve(given)).collect::<Result<Vec<_>, _>>()?;
        let state_read_out = match &self.stack.readout {
            Some((w_out, _)) => outputs.dot(&w_out.t()),
            None => outputs.to_owned(),
        };
        let Self { stack, layers, blocks, segments, .. } = self;
        let (layers, segments) = (&layers[..], *segments);
        let run_backward = |(index, block): (usize, &mut ItemBlock)| {
            let (first, items, last_step) = (index * BLOCK_ITEMS, block.items, segments.steps - 1);
            let outside =
                LossAdjoints { layers, first, items, last_step, read_out: &state_read_out, states: &states };
            block.run_backward(layers, segments, &outside)
        };
        let sums: Vec<Result<Vec<GradientSums>, Divergence>> =
            blocks.par_iter_mut().enumerate().map(run_backward).collect();
        let mut by_layer: Vec<Vec<GradientSums>> = layers.iter().map(|_| Vec::new()).collect();
        for (index, sums) in sums.into_iter().enumerate() {
            let sums = sums.map_err(|divergence| divergence_error(layers, stack, index, divergence))?;
            by_layer.iter_mut().zip(sums).for_each(|(layer, sums)| layer.push(sums));
        }
        let mut gradient = Weights::new();
        for (index, (layer, sums)) in layers.iter().zip(&by_layer).enumerate() {
            for (name, values) in layer_gradient(&stack.layers[index], layer, sums) {
                gradient.insert(format!("layer{}.{name}", index + 1), values);
            }
        }
        if stack.readout.is_some() {
            let read: Vec<f64> = (0..self.items).flat_map(|item| self.state_read_out(item)).collect();
            let cells = read.len() / self.items;
            let read = Array2::from_shape_fn((cells, self.items), |(cell, item)| read[item * cells + cell]);
            gradient.insert("W_out", read.dot(&outputs).into_dyn());
            gradient.insert("b_out", outputs.sum_axis(ndarray::Axis(0)).into_dyn());
        }
        for (name, values) in gradient.iter() {
            check(&self.stack.info.name, &format!("the gradient by `{name}`"), values, values.shape())?;
        }
        Ok(gradient)
    }

    /// Finds the state that derivatives are given for, and checks their shape.
    fn resolve<'a>(&self, given: &'a StateAdjoint) -> Result<Resolved<'a>, SequenceError> {
        let (layer, state) = self.find(given.layer, &given.state)?;
        let expected = [self.items, self.segments.steps, self.layers[layer].cells];
        let what = format!("the derivative by `{}`", given.state);
        check(&self.layers[layer].label, &what, &given.values, &expected)?;
        Ok(Resolved { layer, state, values: &given.values })
    }
}

/// Derivatives by a state whose indices are known.
struct Resolved<'a> {
    layer: usize,
    state: usize,
    values: &'a Array3<f64>,
}

/// The derivatives of a loss by the states of a block: by those that the readout reads, and by those that the loss itself depends on.
struct LossAdjoints<'a> {
    layers: &'a [PreparedLayer],
    /// The first item of the block.
    first: usize,
    /// The number of its items.
    items: usize,
    last_step: usize,
    /// The derivatives by what the readout reads, `(item, cell)`.
    read_out: &'a Array2<f64>,
    states: &'a [Resolved<'a>],
}

impl OutsideAdjoints for LossAdjoints<'_> {
    fn add_to(&self, layer: usize, step: usize, adjoint: &mut [f64]) {
        let nodes = self.layers[layer].nodes();
        let items = self.first..self.first + self.items;
        if layer + 1 == self.layers.len() && step == self.last_step {
            let read = &mut adjoint[self.layers[layer].between * nodes..][..nodes];
            add_items(self.read_out.slice(s![items.clone(), ..]), read);
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
        to[cell * BLOCK_ITEMS + item] += value;
    }
}

/// Makes the gradient by the weights and parameters of a layer of the sums of all blocks.
fn layer_gradient(
    layer: &Layer,
    prepared: &PreparedLayer,
    blocks: &[GradientSums],
) -> Vec<(String, ArrayD<f64>)> {
    let cells = prepared.cells;
    let w_in = total(blocks, |sums| &sums.w_in);
    let bias = total(blocks, |sums| &sums.bias);
    let mut gradient = vec![
        ("W_in".to_owned(), matrix(w_in, prepared.inputs, cells).into_dyn()),
        ("b_in".to_owned(), bias.clone().into_dyn()),
    ];
    let mut by_gain = bias.dot(&layer.b_rec);
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
        by_gain += (&sent * &recurrence.weights).sum();
        let w_rec = layer.recurrent_adjoint(sent * recurrence.gain);
        gradient.push(("W_rec".to_owned(), w_rec.into_dyn()));
    }
    gradient.push(("b_rec".to_owned(), (bias * layer.gain).into_dyn()));
    gradient.push(("gain".to_owned(), Array1::from_elem(1, by_gain).into_dyn()));

    let population = layer.cells.population();
    let info = layer.cells.engine().info();
    let parameters = matrix(total(blocks, |sums| &sums.parameters), prepared.parameters, cells);
    for (index, parameter) in info.parameters.iter().enumerate() {
        let values = as_given(parameters.row(index).to_owned(), population.parameter(index).len());
        gradient.push((parameter.name.to_string(), values));
    }
    let initial = matrix(total(blocks, |sums| &sums.initial), prepared.states, cells);
    for (index, state) in info.states.iter().enumerate() {
        let values = as_given(initial.row(index).to_owned(), population.initial(index).len());
        gradient.push((format!("init_{}", state.name), values));
    }
    gradient
}

/// Sums `numbers` of all blocks over all items, in their order.
fn total(blocks: &[GradientSums], numbers: impl Fn(&GradientSums) -> &[f64]) -> Array1<f64> {
    let count = blocks.first().map_or(0, |sums| numbers(sums).len() / BLOCK_ITEMS);
    blocks.iter().fold(Array1::zeros(count), |mut total, sums| {
        total.iter_mut().zip(sums_over_items(numbers(sums))).for_each(|(total, sum)| *total += sum);
        total
    })
}

/// Returns numbers that stand row by row as a matrix.
fn matrix(values: Array1<f64>, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(row, column)| values[row * columns + column])
}

/// Returns one derivative a cell, or their sum where all cells share a value.
fn as_given(values: Array1<f64>, given: usize) -> ArrayD<f64> {
    if given == values.len() { values.into_dyn() } else { Array1::from_elem(1, values.sum()).into_dyn() }
}
