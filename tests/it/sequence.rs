//! Layers and stacks as users make them.

use brainmass::connectome::{LaplacianNormalization, laplacian};
use brainmass::prelude::*;
use brainmass::sequence::{Layer, SequenceError, Stack};
use ndarray::{Array2, Array3, Axis, array, stack};

fn waves(steps: usize, inputs: usize, phase: f64) -> Array2<f64> {
    Array2::from_shape_fn((steps, inputs), |(step, input)| (0.3 * step as f64 + phase + input as f64).sin())
}

fn weights() -> Array2<f64> {
    array![[0.3, -0.5, 1.0], [0.8, 0.1, -0.2], [-0.7, 0.4, 0.6]]
}

fn layer() -> Layer {
    let cells = HORNSeqLayer::new(3).alpha(0.2).omega([0.2, 0.3, 0.4]).init_x([0.1, 0.2, 0.3]).init_y(0.2);
    cells.reading(array![[0.5, -0.2, 1.0], [0.3, 0.9, -0.4]]).b_in([0.1, 0.0, -0.1]).recurrent(weights())
}

fn network() -> Stack {
    let above =
        HORNSeqLayer::new(2).reading(Array2::from_shape_fn((3, 2), |(i, j)| 0.2 * i as f64 - 0.3 * j as f64));
    HORNSeqNetwork::of([layer(), above]).readout(array![[1.0], [-1.0]], [0.5])
}

#[test]
fn an_item_of_a_batch_has_the_bits_of_its_own_run() {
    let items: Vec<Array2<f64>> = (0..3).map(|item| waves(50, 2, item as f64)).collect();
    let batch: Array3<f64> =
        stack(Axis(0), &items.iter().map(|item| item.view()).collect::<Vec<_>>()).expect("of one shape");
    let layers = layer().forward_batch(batch.view(), 1.0).expect("it runs");
    let stacks = network().forward_batch(batch.view(), 1.0).expect("it runs");
    for (item, sequence) in items.iter().enumerate() {
        assert_eq!(layers[item]["x"], layer().forward(sequence.view(), 1.0).expect("it runs")["x"]);
        let alone = network().forward(sequence.view(), 1.0).expect("it runs");
        assert_eq!(stacks[item].output, alone.output);
        assert_eq!(alone.layers[0]["x"], layers[item]["x"]);
    }
}

#[test]
fn one_step_is_that_of_the_equations() {
    let run = layer().b_rec([0.3, 0.2, 0.1]).forward(array![[2.0, -1.0]].view(), 1.0).expect("it runs");
    let w = weights();
    for cell in 0..3 {
        let (x, y, omega) = ([0.1, 0.2, 0.3][cell], 0.2, [0.2, 0.3, 0.4][cell]);
        let input = 2.0 * [0.5, -0.2, 1.0][cell] - [0.3, 0.9, -0.4][cell] + [0.1, 0.0, -0.1][cell];
        let recurrent = (0..3).map(|from| y * w[[from, cell]]).sum::<f64>() + [0.3, 0.2, 0.1][cell];
        let drive = input + recurrent / 3.0_f64.sqrt();
        let velocity = y + 0.2 * drive.tanh() - omega * omega * x - 2.0 * 0.01 * y;
        assert!((run["y"][[0, cell]] - velocity).abs() < 1e-15);
        assert!((run["x"][[0, cell]] - (x + velocity)).abs() < 1e-15);
    }
}

#[test]
fn laplacian_connections_are_those_of_the_weights_into_each_cell() {
    let mut bare = weights();
    bare.diag_mut().fill(0.0);
    // Degrees are sums over where a cell's input comes from: the rows of the transpose.
    let explicit = laplacian(bare.t(), LaplacianNormalization::RandomWalk, 1e-12);
    let sequence = waves(40, 2, 0.0);
    let given = layer().recurrent(explicit.reversed_axes()).forward(sequence.view(), 0.5).expect("it runs");
    let made =
        layer().laplacian(LaplacianNormalization::RandomWalk).forward(sequence.view(), 0.5).expect("it runs");
    let apart =
        (&given["x"] - &made["x"]).iter().fold(0.0_f64, |worst, difference| worst.max(difference.abs()));
    assert!(apart < 1e-9, "{apart}");
}

#[test]
fn mistakes_in_a_layer_name_the_array_and_the_shape_needed() {
    let sequence = waves(5, 2, 0.0);
    let fails =
        |layer: Layer| layer.forward(sequence.view(), 1.0).map(|_| ()).expect_err("a mistake").to_string();
    let of =
        |stack: Stack| stack.forward(sequence.view(), 1.0).map(|_| ()).expect_err("a mistake").to_string();
    let narrow = || HORNSeqLayer::new(2).reading(Array2::ones((2, 2)));
    let short = layer().forward(Array2::zeros((0, 2)).view(), 1.0).map(|_| ());
    assert!(matches!(short, Err(SequenceError::Empty { .. })));
    insta::assert_snapshot!(
        [
            fails(HORNSeqLayer::new(2).reading(Array2::ones((2, 3)))),
            fails(HORNSeqLayer::new(2).reading(Array2::ones((3, 2)))),
            fails(narrow().b_in([1.0])),
            fails(narrow().b_rec([1.0])),
            fails(narrow().recurrent(Array2::ones((2, 3)))),
            fails(narrow().recurrent(Array2::from_elem((2, 2), f64::NAN))),
            fails(narrow().recurrent(Array2::ones((2, 2))).delays(-1.0)),
            of(HORNSeqNetwork::of([])),
            of(HORNSeqNetwork::of([layer(), narrow()])),
            of(HORNSeqNetwork::of([narrow()]).readout(Array2::ones((3, 1)), [0.0])),
            of(HORNSeqNetwork::of([narrow()]).readout(Array2::ones((2, 1)), [0.0, 1.0])),
        ]
        .join("\n")
    );
}
