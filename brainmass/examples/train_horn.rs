//! Train harmonic oscillator recurrent networks: to remember a symbol over a delay, and to read handwritten digits pixel by pixel.
//!
//! `cargo run --release --example train_horn` prints how the training goes and draws `train_horn.png`.

use std::error::Error;
use std::time::Instant;

use brainmass::prelude::*;
use brainmass::sequence::Stack;
use brainmass::training::{Epoch, Examples, History, Init, Schedule, Trained, Trainer, tasks};
use brainmass::viz::{Figure, training_accuracy, training_loss};

fn main() -> Result<(), Box<dyn Error>> {
    // Was the last of 20 inputs the same of four symbols as the first? Noise makes every item another one.
    let task = tasks::DelayedMatch::new().symbols(4).steps(20).noise(0.05);
    let (learned, held_out) = (task.examples(1024, 1)?, task.examples(1000, 2)?);
    let trainer = Trainer::new(network((4, 64, 2), 1.0, (0.1, 1.0))).epochs(20).rate(0.01);
    let matching = train("Delayed match-to-sample", trainer, &learned, &held_out)?;

    // 64 pixels, one a step.
    let (learned, held_out) = tasks::digits()?.split(0.8, 1)?;
    let trainer = Trainer::new(network((1, 64, 10), 0.3, (0.05, 0.5))).epochs(30).rate(0.01);
    let digits = train("Sequential digits", trainer, &learned, &held_out)?;

    let file = std::env::temp_dir().join("train_horn.npz");
    digits.stack.weights().save(&file)?;
    println!("wrote {}", file.display());

    let panels = |history: &History, task: &str| {
        [training_loss(history), training_accuracy(history)].map(|panel| {
            let title = format!("{task}: {}", panel.title.to_lowercase());
            panel.title(title)
        })
    };
    let figure = Figure::new()
        .title("Training of HORN networks")
        .alt("Losses and accuracies over the epochs of two tasks.");
    let all = [panels(&matching.history, "Delayed match"), panels(&digits.history, "Digits")];
    all.into_iter().flatten().fold(figure, Figure::panel).save("train_horn.png")?;
    println!("wrote train_horn.png");
    Ok(())
}

/// Inputs, a layer of oscillators whose drive is `alpha` and whose frequencies lie between two, and outputs.
fn network((inputs, cells, outputs): (usize, usize, usize), alpha: f64, (slow, fast): (f64, f64)) -> Stack {
    let weights = |from: usize, to: usize, seed: u64| Init::KaimingNormal.draw((from, to), seed);
    let omega: Vec<f64> = Init::Uniform(slow, fast).draw((1, cells), 10).into_iter().collect();
    let layer = HORNSeqLayer::new(cells)
        .alpha(alpha)
        .omega(omega)
        .reading(weights(inputs, cells, 11))
        .recurrent(weights(cells, cells, 12));
    HORNSeqNetwork::of([layer]).readout(weights(cells, outputs, 13), vec![0.0; outputs])
}

fn train(
    name: &str,
    trainer: Trainer,
    learned: &Examples,
    held_out: &Examples,
) -> Result<Trained, Box<dyn Error>> {
    println!("{name}: {} items to learn, {} held out", learned.len(), held_out.len());
    let started = Instant::now();
    let trained = trainer
        .batch(32)
        .schedule(Schedule::cosine(0.01))
        .clip(1.0)
        .seed(1)
        .progress(|epoch| {
            if epoch.number == 1 || epoch.number % 5 == 0 {
                print(epoch);
            }
            true
        })
        .train_with(learned, held_out)?;
    let accuracy = trained.history.last().and_then(|epoch| epoch.held_out).and_then(|score| score.accuracy);
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "  {:.1} % of the items held out are right, after {seconds:.0} s\n",
        100.0 * accuracy.unwrap_or(f64::NAN)
    );
    Ok(trained)
}

fn print(epoch: &Epoch) {
    let per_cent = |accuracy: Option<f64>| 100.0 * accuracy.unwrap_or(f64::NAN);
    let held_out = epoch.held_out.unwrap_or(epoch.learned);
    println!(
        "  epoch {:3}: loss {:.4}, right {:5.1} %; held out {:.4}, {:5.1} %",
        epoch.number,
        epoch.learned.loss,
        per_cent(epoch.learned.accuracy),
        held_out.loss,
        per_cent(held_out.accuracy),
    );
}
