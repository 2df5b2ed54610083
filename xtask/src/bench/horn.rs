//! W8: a HORN network on a batch of long sequences, forward, and back to the gradient of all weights.

use brainmass::prelude::*;
use brainmass::sequence::SequenceError;
use ndarray::{Array2, Array3};

use super::outcome::Outcome;

const CELLS: usize = 128;
const STEPS: usize = 784;
const ITEMS: usize = 32;
const OUTPUTS: usize = 10;

/// Cells times steps times items.
pub const NODE_STEPS: usize = CELLS * STEPS * ITEMS;

/// 100 ms, in ns per node-step.
pub const TARGET: f64 = 31.1;

/// HORNStep's defaults, with a step of 1 ms.
const ALPHA: f64 = 0.04;
const OMEGA: f64 = 0.224_399_475_256_413_8;
const GAMMA: f64 = 0.01;

fn weight(from: usize, to: usize) -> f64 {
    (12.9898 * from as f64 + 78.233 * to as f64).sin()
}

fn input(item: usize, step: usize) -> f64 {
    (0.1 * (item * step) as f64).sin()
}

/// The outputs, then the gradient of their sum, with the library.
pub fn library() -> Result<Outcome, SequenceError> {
    let weights = |from, to| Array2::from_shape_fn((from, to), |(from, to)| weight(from, to));
    let layer = HORNSeqLayer::new(CELLS).reading(weights(1, CELLS)).recurrent(weights(CELLS, CELLS));
    let stack = HORNSeqNetwork::of([layer]).readout(weights(CELLS, OUTPUTS), [0.0; OUTPUTS]);
    let batch = Array3::from_shape_fn((ITEMS, STEPS, 1), |(item, step, _)| input(item, step));
    let mut pass = stack.pass(batch.view(), 1.0)?;
    let gradient = pass.gradient(Array2::ones((ITEMS, OUTPUTS)).view())?;
    let names = ["layer1.W_in", "layer1.b_in", "layer1.W_rec", "layer1.b_rec", "W_out", "b_out"];
    let of_weights = names.iter().filter_map(|name| gradient.get(name)).flatten();
    Ok(Outcome::Rows(pass.outputs().iter().chain(of_weights).copied().collect()))
}

/// The same, item by item.
pub fn plain() -> Vec<f64> {
    let gain = 1.0 / (CELLS as f64).sqrt();
    let recurrent: Vec<f64> = (0..CELLS * CELLS).map(|at| gain * weight(at / CELLS, at % CELLS)).collect();
    let readout: Vec<f64> = (0..CELLS * OUTPUTS).map(|at| weight(at / OUTPUTS, at % OUTPUTS)).collect();
    let mut outputs = Vec::new();
    let mut by_input = vec![0.0; 2 * CELLS];
    let mut by_recurrent = vec![0.0; CELLS * (CELLS + 1)];
    let mut by_readout = vec![0.0; (CELLS + 1) * OUTPUTS];
    for item in 0..ITEMS {
        let (mut x, mut y) = (vec![0.0; CELLS], vec![0.0; CELLS]);
        let (mut velocities, mut drives) = (Vec::new(), Vec::new());
        for step in 0..STEPS {
            let mut drive: Vec<f64> = (0..CELLS).map(|cell| input(item, step) * weight(0, cell)).collect();
            for (y, weights) in y.iter().zip(recurrent.chunks_exact(CELLS)) {
                drive.iter_mut().zip(weights).for_each(|(drive, weight)| *drive += y * weight);
            }
            drive.iter_mut().for_each(|drive| *drive = drive.tanh());
            velocities.push(y.clone());
            for ((x, y), drive) in x.iter_mut().zip(&mut y).zip(&drive) {
                *y += ALPHA * drive - OMEGA * OMEGA * *x - 2.0 * GAMMA * *y;
                *x += *y;
            }
            drives.push(drive);
        }
        for output in 0..OUTPUTS {
            let weights = readout[output..].iter().step_by(OUTPUTS);
            outputs.push(x.iter().zip(weights).map(|(x, weight)| x * weight).sum());
            by_readout[CELLS * OUTPUTS + output] += 1.0;
            x.iter().zip(by_readout.chunks_exact_mut(OUTPUTS)).for_each(|(x, by)| by[output] += x);
        }
        let mut by_x: Vec<f64> = readout.chunks_exact(OUTPUTS).map(|weights| weights.iter().sum()).collect();
        let mut by_y = vec![0.0; CELLS];
        for step in (0..STEPS).rev() {
            by_y.iter_mut().zip(&by_x).for_each(|(by_y, by_x)| *by_y += by_x);
            let by_drive: Vec<f64> = by_y
                .iter()
                .zip(&drives[step])
                .map(|(by, drive)| ALPHA * by * (1.0 - drive * drive))
                .collect();
            for (cell, by) in by_drive.iter().enumerate() {
                by_input[cell] += input(item, step) * by;
                by_input[CELLS + cell] += by;
                by_recurrent[CELLS * CELLS + cell] += gain * by;
                by_x[cell] -= OMEGA * OMEGA * by_y[cell];
                by_y[cell] *= 1.0 - 2.0 * GAMMA;
            }
            for cell in 0..CELLS {
                let row = cell * CELLS..(cell + 1) * CELLS;
                let back = recurrent[row.clone()].iter().zip(&by_drive).map(|(weight, by)| weight * by);
                by_y[cell] += back.sum::<f64>();
                let velocity = gain * velocities[step][cell];
                by_recurrent[row].iter_mut().zip(&by_drive).for_each(|(sum, by)| *sum += velocity * by);
            }
        }
    }
    [outputs, by_input, by_recurrent, by_readout].concat()
}
