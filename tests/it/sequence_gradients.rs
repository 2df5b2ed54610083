//! Batches through stacks, forward and back.

use brainmass::connectome::LaplacianNormalization;
use brainmass::prelude::*;
use brainmass::sequence::{Layer, SequenceError, Stack, StateAdjoint, Weights};
use ndarray::{Array2, Array3, ArrayView3, array};

const DT: f64 = 1.0;

/// Numbers without pattern between -1 and 1.
fn numbers(shape: (usize, usize), seed: f64) -> Array2<f64> {
    Array2::from_shape_fn(shape, |(i, j)| (12.9898 * (i as f64 + seed) + 78.233 * j as f64).sin())
}

fn batch(items: usize, steps: usize) -> Array3<f64> {
    Array3::from_shape_fn((items, steps, 2), |(item, step, input)| {
        (0.3 * step as f64 + item as f64 + 2.0 * input as f64).sin()
    })
}

fn cells() -> HORNSeqLayer {
    HORNSeqLayer::new(5)
        .alpha(0.3)
        .omega([0.2, 0.3, 0.4, 0.25, 0.35])
        .v(-0.1)
        .gamma(0.05)
        .init_x(0.1)
        .init_y([0.2, -0.1, 0.3, 0.0, 0.1])
}

fn bare() -> Layer {
    cells().reading(numbers((2, 5), 0.3)).b_in([0.1, 0.0, -0.1, 0.2, 0.3])
}

fn delays() -> Array2<f64> {
    Array2::from_shape_fn((5, 5), |(from, to)| ((3 * from + 2 * to) % 5) as f64 * 1.5)
}

/// Layers with every kind of connections.
fn layers() -> Vec<(&'static str, Layer)> {
    let recurrent = || bare().recurrent(numbers((5, 5), 0.7)).b_rec([0.3, -0.2, 0.1, 0.0, 0.4]);
    let positive = || bare().recurrent(numbers((5, 5), 0.9).mapv(f64::abs));
    vec![
        ("no connections", bare()),
        ("recurrent", recurrent()),
        ("another gain", recurrent().gain(0.8)),
        ("delays, some of them 0", recurrent().delays(delays())),
        ("one delay", recurrent().delays(3.0.ms())),
        ("delays and a past", recurrent().delays(delays()).history(0.2)),
        ("Laplacian", positive().laplacian(LaplacianNormalization::None)),
        ("random walk Laplacian", positive().laplacian(LaplacianNormalization::RandomWalk)),
        (
            "symmetric Laplacian with delays",
            positive().laplacian(LaplacianNormalization::Symmetric).delays(delays()),
        ),
    ]
}

fn stack_on(layer: Layer) -> Stack {
    let above = HORNSeqLayer::new(3).alpha(0.2).reading(numbers((5, 3), 0.2)).recurrent(numbers((3, 3), 0.4));
    HORNSeqNetwork::of([layer, above]).readout(numbers((3, 2), 0.6), [0.5, -0.5])
}

#[test]
fn items_of_a_batch_have_the_numbers_of_their_own_runs() {
    let batch = batch(11, 90);
    for (name, layer) in layers() {
        let exact = !name.contains("elay") && !name.contains("Laplacian");
        let stack = stack_on(layer);
        let outputs = stack.outputs(batch.view(), DT).expect("it runs");
        let mut pass = stack.pass(batch.view(), DT).expect("it runs");
        assert_eq!(outputs, pass.outputs(), "{name}");
        let states = pass.state(1, "y").expect("a state");
        for (item, sequence) in batch.outer_iter().enumerate() {
            let alone = stack.forward(sequence, DT).expect("it runs");
            let apart = |a: f64, b: f64| (a - b).abs() > if exact { 0.0 } else { 1e-12 };
            for (output, expected) in outputs.row(item).iter().zip(&alone.output) {
                assert!(!apart(*output, *expected), "{name}, item {item}: {output} {expected}");
            }
            for (value, expected) in
                states.index_axis(ndarray::Axis(0), item).iter().zip(&alone.layers[0]["y"])
            {
                assert!(!apart(*value, *expected), "{name}, item {item}: {value} {expected}");
            }
        }
    }
}

/// A loss on the outputs and on a state of the first layer.
fn loss(stack: &Stack, batch: ArrayView3<f64>) -> f64 {
    let mut pass = stack.pass(batch, DT).expect("it runs");
    let outputs: f64 = pass.outputs().iter().map(|output| output.powi(2)).sum();
    let states: f64 = pass.state(1, "x").expect("a state").iter().map(|x| x.powi(3)).sum();
    outputs + states
}

fn gradient(stack: &Stack, batch: ArrayView3<f64>, memory: usize) -> Weights {
    let mut pass = stack.pass_within(batch, DT, memory).expect("it runs");
    let values = pass.state(1, "x").expect("a state").mapv(|x| 3.0 * x * x);
    let outputs = pass.outputs().mapv(|output| 2.0 * output);
    let given = StateAdjoint { layer: 1, state: "x".to_owned(), values };
    pass.gradient_with(outputs.view(), &[given]).expect("a gradient")
}

#[test]
fn gradients_are_the_central_differences() {
    let batch = batch(9, 20);
    for (name, layer) in layers() {
        let stack = stack_on(layer);
        let gradient = gradient(&stack, batch.view(), usize::MAX);
        let weights = stack.weights();
        assert!(gradient.names().eq(weights.names()), "{name}");
        for (entry, values) in weights.iter() {
            let scale = gradient[entry].iter().fold(1e-3_f64, |most, value| most.max(value.abs()));
            for index in 0..values.len() {
                let at = |step: f64| {
                    let mut changed = values.clone();
                    if let Some(value) = changed.iter_mut().nth(index) {
                        *value += step;
                    }
                    let mut stack = stack.clone();
                    stack.set(&[(entry.to_owned(), changed)].into_iter().collect()).expect("it fits");
                    loss(&stack, batch.view())
                };
                let step = 1e-4;
                // Differences of the fourth order.
                let difference =
                    (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step))) / (12.0 * step);
                let exact = gradient[entry].iter().nth(index).copied().unwrap_or(f64::NAN);
                assert!(
                    (exact - difference).abs() < 1e-8 * scale,
                    "{name}, {entry}[{index}]: {exact} by reverse mode, {difference} by differences"
                );
            }
        }
    }
}

#[test]
fn a_small_budget_gives_the_same_bits() {
    let batch = batch(9, 100);
    for (name, layer) in layers() {
        let stack = stack_on(layer);
        let needed = match stack.pass_within(batch.view(), DT, 1).map(|_| ()) {
            Err(SequenceError::Memory { needed, given: 1 }) => needed,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(
            gradient(&stack, batch.view(), needed),
            gradient(&stack, batch.view(), usize::MAX),
            "{name}"
        );
    }
}

#[test]
fn gradients_do_not_depend_on_the_number_of_threads() {
    let batch = batch(40, 30);
    let stack = stack_on(bare().recurrent(numbers((5, 5), 0.7)));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| gradient(&stack, batch.view(), usize::MAX))
    };
    assert_eq!(on(1), on(3));
}

/// Cells without damping that drive themselves: the states stay small where the sequence is silent, the derivatives do not.
#[test]
fn a_gradient_that_leaves_the_finite_numbers_says_where() {
    let growing = HORNSeqLayer::new(2).alpha(1.0).gamma(0.0).v(0.0).omega(0.1);
    let layer = growing.reading(Array2::ones((1, 2))).recurrent(array![[40.0, 0.0], [0.0, 40.0]]).gain(1.0);
    let stack = HORNSeqNetwork::of([layer]);
    let silence = Array3::zeros((9, 400, 1));
    let mut pass = stack.pass(silence.view(), DT).map_err(|error| error.to_string()).expect("it runs");
    assert!(pass.outputs().iter().all(|output| *output == 0.0));
    let mut outputs = Array2::zeros((9, 2));
    outputs[[8, 1]] = 1.0;
    let error = pass.gradient(outputs.view()).expect_err("it diverges");
    let SequenceError::GradientDiverged { item: 8, step, value, .. } = &error else { panic!("{error}") };
    assert!((100..400).contains(step) && !value.is_finite(), "{error}");
    assert!(error.to_string().contains("the gradient of item 8 diverged on the way back to step"), "{error}");
    // As long a sequence as the derivatives bear.
    let short = Array3::zeros((9, 50, 1));
    let mut pass = stack.pass(short.view(), DT).map_err(|error| error.to_string()).expect("it runs");
    pass.gradient(outputs.view()).expect("a gradient");
}

#[test]
fn mistakes_in_a_batch_are_named() {
    let stack = stack_on(bare());
    let fails = |stack: &Stack, batch: Array3<f64>| {
        stack.outputs(batch.view(), DT).map(|_| ()).expect_err("a mistake").to_string()
    };
    let mut unreadable = batch(3, 10);
    unreadable[[1, 2, 0]] = f64::NAN;
    let noisy = HORNSeqNetwork::of([cells().noise_x(0.1).reading(Array2::ones((2, 5)))]);
    let wild = HORNSeqNetwork::of([cells().omega(1e200).reading(Array2::ones((2, 5)))]);
    let mut pass = stack.pass(batch(3, 10).view(), DT).map_err(|error| error.to_string()).expect("it runs");
    let narrow = pass.gradient(Array2::zeros((3, 1)).view()).expect_err("a mistake").to_string();
    let mut other = stack.clone();
    let wrong =
        |name: &str| [(name.to_owned(), array![1.0, 2.0].into_dyn())].into_iter().collect::<Weights>();
    insta::assert_snapshot!(
        [
            fails(&stack, Array3::zeros((3, 10, 4))),
            fails(&stack, Array3::zeros((0, 10, 2))),
            fails(&stack, unreadable),
            fails(&noisy, batch(3, 10)),
            fails(&wild, batch(3, 10)),
            narrow,
            pass.state(3, "x").expect_err("a mistake").to_string(),
            pass.state(1, "z").expect_err("a mistake").to_string(),
            other.set(&wrong("layer1.W_in")).expect_err("a mistake").to_string(),
            other.set(&wrong("layer1.alfa")).expect_err("a mistake").to_string(),
            other.set(&wrong("W_uot")).expect_err("a mistake").to_string(),
        ]
        .join("\n")
    );
}
