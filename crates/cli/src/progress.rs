//! A bar on long runs.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The time within which a run that is done shows nothing.
const PATIENCE: Duration = Duration::from_millis(400);

/// Makes a bar for work whose length nobody knows, and what moves it: a function of the points and the cycles found so far. Nothing is shown unless standard
/// error is a terminal.
pub fn spinner() -> (ProgressBar, impl Fn(usize, usize) + Send + Sync + 'static) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {msg}") {
        bar.set_style(style);
    }
    let listener = bar.clone();
    let advance = move |points: usize, cycles: usize| {
        if listener.is_hidden() {
            if listener.elapsed() < PATIENCE {
                return;
            }
            listener.set_draw_target(ProgressDrawTarget::stderr());
        }
        listener.set_message(format!("{points} points, {cycles} cycles"));
        listener.tick();
    };
    (bar, advance)
}

/// Makes a bar and what moves it: a function of the steps done and the steps in all. Nothing is shown unless standard error is a terminal.
pub fn bar() -> (ProgressBar, impl Fn(usize, usize) + Send + Sync + 'static) {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{bar:40.cyan/dim} {percent:>3}%  {eta} left") {
        bar.set_style(style.progress_chars("━━─"));
    }
    let listener = bar.clone();
    let advance = move |done: usize, steps: usize| {
        if listener.is_hidden() && listener.elapsed() > PATIENCE {
            listener.set_draw_target(ProgressDrawTarget::stderr());
        }
        listener.set_length(steps as u64);
        listener.set_position(done as u64);
    };
    (bar, advance)
}
