//! The key `checkpoint`, by which long runs go on after their process has ended.

use std::path::PathBuf;
use std::time::Duration;

use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::values::time;

use super::checkpointing::Checkpointing;
use super::context::Context;
use super::keys::{CHECKPOINT, Keys};

/// The shortest time between two checkpoints, ms.
const SHORTEST: f64 = 100.0;

/// Reads how often a run is kept, and where, if it is. `output` are the files that the run is written to.
pub fn read(
    keys: &mut Keys,
    output: &[PathBuf],
    context: &Context,
    problems: &mut Problems,
) -> Option<Checkpointing> {
    let node = keys.take("checkpoint", problems)?;
    let mut keys = Keys::open(node, "the checkpoints", &[&CHECKPOINT], problems);
    let (every, file) = (keys.need("every", problems), keys.text("file", problems));
    keys.finish(problems);
    let every = every?;
    let ms = time(every, problems)?;
    if ms < SHORTEST {
        let message = format!("checkpoints are {SHORTEST} ms apart at least; found {ms} ms");
        problems.push(Problem::new(&every.span, message).help("write for example `every: 10 min`"));
        return None;
    }
    let beside = output.first().map(|output| output.with_extension("checkpoint"));
    let Some(file) = file.map(|name| context.path(&name)).or(beside) else {
        let problem = Problem::new(&node.span, "there is no `output` beside which checkpoints could be");
        problems.push(
            problem.help("say where they are, as in `checkpoint: {every: 10 min, file: run.checkpoint}`"),
        );
        return None;
    };
    Some(Checkpointing { every: Duration::from_secs_f64(ms / 1000.0), file })
}
