//! HyperQueue: the shards as an array of tasks of one job, whose progress is followed.

use std::thread::sleep;
use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::Value;

use super::submission::{Submission, ask, utf8};
use crate::failure::Failure;
use crate::interrupt::Interrupts;

/// A sentence on what to do where there is no HyperQueue.
const NO_HQ: &str =
    "HyperQueue is one program, `hq`; start `hq server start` and some `hq worker start` first";

/// The shortest and the longest time between two questions about the progress.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Options that the submission sets itself.
const OWN: [&str; 4] = ["--array", "--cpus", "--stdout", "--stderr"];

/// The progress of a job.
struct State {
    finished: u64,
    running: u64,
    /// Tasks that failed or were cancelled.
    lost: u64,
    tasks: u64,
}

/// Submits the shards and waits until all are done.
///
/// # Errors
///
/// There is no HyperQueue, or no server; a task failed; a signal came, after which the job goes on.
pub fn run(submission: &Submission, interrupts: &Interrupts, bar: &ProgressBar) -> Result<(), Failure> {
    let id = submit(submission)?;
    let mut pause = PAUSES.0;
    loop {
        let state = state(id)?;
        bar.set_length(state.tasks);
        bar.set_position(state.finished);
        bar.set_message(format!(
            "{} of {} tasks, {} running (job {id})",
            state.finished, state.tasks, state.running
        ));
        if state.finished + state.lost >= state.tasks {
            return match state.lost {
                0 => Ok(()),
                lost => {
                    let log = submission.beside(".N.log");
                    let message = format!(
                        "{lost} of {} tasks of job {id} failed; {} says why",
                        state.tasks,
                        log.display()
                    );
                    Err(Failure::new(message)
                        .hint("the same command runs what is missing; what is done is not done again"))
                }
            };
        }
        if let Some(signal) = interrupts.caught() {
            let message = format!(
                "{}: job {id} goes on; `hq job cancel {id}` ends it, and `--gather {}` joins what it has done",
                signal.name(),
                submission.folder().display()
            );
            return Err(Failure::Interrupted { signal, message });
        }
        sleep(pause);
        pause = pause.mul_f64(1.3).min(PAUSES.1);
    }
}

/// Submits the job and returns its number.
fn submit(submission: &Submission) -> Result<u64, Failure> {
    let is_own = |option: &&String| OWN.iter().any(|own| option.starts_with(own));
    if let Some(option) = submission.options.iter().find(is_own) {
        let message = format!("`{option}` is set by the sweep itself");
        return Err(Failure::new(message)
            .hint("say how many tasks with `--tasks`, and their threads with `--threads`"));
    }
    let log = utf8(&submission.beside(".%{TASK_ID}.log"))?;
    let mut words: Vec<String> = ["--output-mode=json", "submit", "--name"].map(str::to_owned).to_vec();
    words.push(submission.name.clone());
    words.extend(["--array".to_owned(), format!("1-{}", submission.tasks)]);
    words.extend(["--cpus".to_owned(), submission.threads.to_string()]);
    words.extend(["--stdout".to_owned(), "none".to_owned(), "--stderr".to_owned(), log]);
    words.extend(submission.options.iter().cloned());
    words.extend(["--", "bash", "-c"].map(str::to_owned));
    words.push(submission.task("HQ_TASK_ID")?);
    let printed = ask("hq", &words, NO_HQ)?;
    let id = serde_json::from_str::<Value>(&printed).ok().and_then(|answer| answer["id"].as_u64());
    id.ok_or_else(|| unread("submit", &printed))
}

/// Asks for the progress of a job.
fn state(id: u64) -> Result<State, Failure> {
    let id = id.to_string();
    let printed = ask("hq", &["--output-mode=json", "job", "info", &id], NO_HQ)?;
    read_state(&printed).ok_or_else(|| unread("job info", &printed))
}

fn read_state(printed: &str) -> Option<State> {
    let answer: Value = serde_json::from_str(printed).ok()?;
    let info = &answer[0]["info"];
    let count = |name: &str| info["task_stats"][name].as_u64();
    let lost = ["failed", "canceled", "aborted"].into_iter().filter_map(count).sum();
    Some(State {
        finished: count("finished")?,
        running: count("running")?,
        lost,
        tasks: info["task_count"].as_u64()?,
    })
}

fn unread(command: &str, printed: &str) -> Failure {
    let shown: String = printed.chars().take(200).collect();
    Failure::new(format!("`hq {command}` printed what cannot be read here: {}", shown.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_progress_of_a_job_is_read() {
        let printed = r#"[{"info": {"id": 3, "task_count": 20, "task_stats":
            {"running": 2, "finished": 11, "failed": 1, "canceled": 0, "aborted": 0, "waiting": 6}}}]"#;
        let state = read_state(printed).unwrap();
        assert_eq!((state.finished, state.running, state.lost, state.tasks), (11, 2, 1, 20));
        assert!(read_state("[]").is_none() && read_state("job 3").is_none());
    }
}
