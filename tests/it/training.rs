//! Stacks that learn.

use brainmass::prelude::*;
use brainmass::sequence::{Stack, Weights};
use brainmass::training::{Examples, Init, Schedule, Targets, Trainer, TrainingError, UpdateRule, tasks};
use ndarray::{Array2, Array3};

fn stack(inputs: usize, cells: usize, outputs: usize) -> Stack {
    let weights = |from: usize, to: usize, seed: u64| Init::KaimingNormal.draw((from, to), seed);
    let omega: Vec<f64> = Init::Uniform(0.1, 1.0).draw((1, cells), 4).into_iter().collect();
    let layer = HORNSeqLayer::new(cells)
        .alpha(1.0)
        .omega(omega)
        .reading(weights(inputs, cells, 1))
        .recurrent(weights(cells, cells, 2));
    HORNSeqNetwork::of([layer]).readout(weights(cells, outputs, 3), vec![0.0; outputs])
}

fn matching(items: usize, seed: u64) -> Examples {
    tasks::DelayedMatch::new().symbols(2).steps(6).noise(0.05).examples(items, seed).expect("a task")
}

fn trainer() -> Trainer {
    Trainer::new(stack(2, 12, 2)).rate(0.03).batch(16).epochs(30).clip(1.0).schedule(Schedule::cosine(0.01))
}

#[test]
fn a_stack_learns_to_remember() {
    let held_out = matching(64, 2);
    let trained = trainer().train_with(&matching(64, 1), &held_out).expect("it learns");
    let epochs = &trained.history.epochs;
    let accuracy = |epoch: usize| epochs[epoch].held_out.and_then(|score| score.accuracy).expect("classes");
    assert!(accuracy(0) < 0.8, "{} at the start", accuracy(0));
    assert!(accuracy(29) > 0.95, "{} at the end", accuracy(29));
    let score = trained.stack.score(&held_out, 1.0).expect("it runs");
    assert_eq!(Some(score), epochs[29].held_out);
}

#[test]
fn values_are_learned_with_the_parameters_of_the_cells() {
    // The target is the position that another stack comes to, which differs in the frequency of its cells alone.
    let inputs = Array3::from_shape_fn((24, 12, 1), |(item, step, _)| (0.7 * (item * step) as f64).sin());
    let make = |omega: f64| {
        let layer = HORNSeqLayer::new(3).alpha(0.5).omega(omega).reading(Init::Normal(1.0).draw((1, 3), 1));
        HORNSeqNetwork::of([layer])
    };
    let targets = Targets::Values(make(0.4).outputs(inputs.view(), 1.0).expect("it runs"));
    let examples = Examples::new(inputs, targets).expect("examples");
    let trainer = Trainer::new(make(0.3)).learn(["layer1.omega"]).rate(0.01).batch(24).epochs(150);
    let trained = trainer.train(&examples).expect("it learns");
    let weights = trained.stack.weights();
    assert!((weights["layer1.omega"][0] - 0.4).abs() < 1e-3, "{}", weights["layer1.omega"]);
    assert_eq!(weights["layer1.W_in"], make(0.3).weights()["layer1.W_in"], "only omega is learned");
}

#[test]
fn a_seed_gives_the_same_bits_on_any_number_of_threads() {
    let learned = |seed: u64, threads: usize| -> Weights {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let trainer = trainer().epochs(2).seed(seed);
        pool.install(|| trainer.train(&matching(64, 1)).expect("it learns").stack.weights())
    };
    let one = learned(1, 1);
    assert_eq!(one, learned(1, 3));
    assert_ne!(one, learned(2, 1));
}

#[test]
fn saved_weights_make_the_same_stack() {
    let examples = matching(16, 1);
    let trained = trainer().epochs(1).train(&examples).expect("it learns").stack;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weights.npz");
    trained.weights().save(&path).expect("it is written");
    let mut other = stack(2, 12, 2);
    other.set(&Weights::load(&path).expect("it is read")).expect("it fits");
    let outputs = |stack: &Stack| stack.outputs(examples.inputs().view(), 1.0).expect("it runs");
    assert_eq!(outputs(&trained), outputs(&other));
}

#[test]
fn a_training_stops_when_its_listener_says_so() {
    let trainer = trainer().progress(|epoch| epoch.number < 3);
    assert_eq!(trainer.train(&matching(16, 1)).expect("it learns").history.epochs.len(), 3);
}

#[test]
fn a_training_whose_loss_or_gradient_is_not_finite_says_in_which_batch() {
    let examples = matching(16, 1);
    let far = Examples::new(examples.inputs().clone(), Targets::Values(Array2::from_elem((16, 2), 1e200)));
    let error = trainer().train(&far.expect("examples")).map(|_| ()).expect_err("it cannot be learned");
    assert!(matches!(error, TrainingError::Loss { epoch: 1, batch: 1, .. }), "{error}");
    assert!(error.to_string().starts_with("epoch 1, batch 1: the loss is inf; try"), "{error}");
}

#[test]
fn mistakes_in_a_training_are_named() {
    let fails = |trainer: Trainer, examples: &Examples| {
        trainer.train(examples).map(|_| ()).expect_err("a mistake").to_string()
    };
    let examples = matching(16, 1);
    let values = |width: usize| {
        Examples::new(examples.inputs().clone(), Targets::Values(Array2::zeros((16, width))))
            .expect("examples")
    };
    let wide = Examples::new(Array3::zeros((2, 6, 3)), Targets::Classes(vec![0, 1])).expect("examples");
    let three = Examples::new(Array3::zeros((2, 6, 2)), Targets::Classes(vec![0, 2])).expect("examples");
    // The first step takes the frequencies where the second batch cannot run.
    let wild = trainer()
        .learn(["omega"])
        .rate(1e200)
        .rule(UpdateRule::Sgd { momentum: 0.0, nesterov: false })
        .batch(8);
    let diverged = wild.train(&examples).map(|_| ()).expect_err("it diverges");
    assert!(matches!(diverged, TrainingError::Failed { epoch: 1, batch: 2, .. }), "{diverged}");
    insta::assert_snapshot!(
        [
            fails(trainer().epochs(0), &examples),
            fails(trainer().batch(0), &examples),
            fails(trainer().rate(-0.1), &examples),
            fails(trainer().clip(0.0), &examples),
            fails(trainer().learn(["omgea"]), &examples),
            fails(trainer(), &values(3)),
            fails(trainer(), &three),
            fails(trainer(), &wide),
            fails(trainer().memory(1000), &examples),
        ]
        .join("\n")
    );
}
