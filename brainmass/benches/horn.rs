//! A HORN network on a long sequence: 128 cells, 784 steps, a batch of 32; forward alone, then forward and the gradient by all weights.

use std::hint::black_box;

use brainmass::prelude::*;
use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::{Array2, Array3};

fn horn(criterion: &mut Criterion) {
    let (cells, steps, items) = (128, 784, 32);
    let weights = |rows: usize, columns: usize| {
        Array2::from_shape_fn((rows, columns), |(i, j)| (12.9898 * i as f64 + 78.233 * j as f64).sin())
    };
    let layer = HORNSeqLayer::new(cells).reading(weights(1, cells)).recurrent(weights(cells, cells));
    let delays = Array2::from_shape_fn((cells, cells), |(i, j)| ((7 * i + 11 * j) % 40 + 1) as f64);
    let delayed = layer.clone().delays(delays);
    let stack = |layer| HORNSeqNetwork::of([layer]).readout(weights(cells, 10), vec![0.0; 10]);
    let (instant, delayed) = (stack(layer), stack(delayed));
    let batch =
        Array3::from_shape_fn((items, steps, 1), |(item, step, _)| (0.1 * (item * step) as f64).sin());
    let adjoint = Array2::ones((items, 10));

    let mut group = criterion.benchmark_group("horn_128x784x32");
    group.sample_size(20);
    group.bench_function("forward", |b| b.iter(|| black_box(instant.outputs(batch.view(), 1.0))));
    for (name, stack) in [("forward_and_gradient", &instant), ("with_delays", &delayed)] {
        group.bench_function(name, |b| {
            b.iter(|| black_box(stack.pass(batch.view(), 1.0).and_then(|mut p| p.gradient(adjoint.view()))));
        });
    }
    group.finish();
}

criterion_group!(benches, horn);
criterion_main!(benches);
