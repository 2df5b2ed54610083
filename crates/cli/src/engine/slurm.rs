//! Slurm: the shards as a job array, and a job that joins them when all are done.

use std::env;

use brainmass::io::write_file;

use super::submission::{Submission, ask, utf8};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// A sentence on what to do where there is no Slurm.
const NO_SLURM: &str = "Slurm has it on the machines from which jobs are submitted; `--shard I/N` and `--gather FOLDER` need no engine";

/// Writes the scripts beside the journal, submits them, and says what was submitted.
pub fn submit(submission: &Submission, quiet: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let (tasks, gather) = (submission.beside(".tasks.sh"), submission.beside(".gather.sh"));
    for (path, script) in [(&tasks, task_script(submission)?), (&gather, gather_script(submission)?)] {
        write_file(path, script.as_bytes()).map_err(Failure::new)?;
    }
    let array = job_id(&ask("sbatch", &["--parsable".to_owned(), utf8(&tasks)?], NO_SLURM)?)?;
    let dependency = format!("--dependency=afterok:{array}");
    let joining = ask("sbatch", &["--parsable".to_owned(), dependency, utf8(&gather)?], NO_SLURM);
    let joining = job_id(&joining?)?;
    if quiet {
        return Ok(());
    }
    terminal.line(format!(
        "submitted job {array} of {} tasks ({}), and job {joining}, which joins them when all are done",
        submission.tasks,
        tasks.display()
    ))?;
    terminal.line(format!(
        "follow them with `squeue --job {array},{joining}`; a task that is killed goes on where it stood"
    ))
}

/// Returns the script of the job array.
fn task_script(submission: &Submission) -> Result<String, Failure> {
    let head = head(submission, "", &submission.beside(".%a.log"))?;
    let (tasks, threads) = (submission.tasks, submission.threads);
    let array = format!("#SBATCH --array=1-{tasks}\n#SBATCH --cpus-per-task={threads}\n#SBATCH --requeue\n");
    Ok(format!("{head}{array}\n{}\n", submission.task("SLURM_ARRAY_TASK_ID")?))
}

/// Returns the script of the job that joins the shards.
fn gather_script(submission: &Submission) -> Result<String, Failure> {
    let head = head(submission, "-gather", &submission.beside(".gather.log"))?;
    Ok(format!("{head}\n{}\n", submission.gather()?))
}

/// Returns the first lines of a script. What Slurm reads of them has no quotes, so that names with blanks or quotes are refused.
fn head(submission: &Submission, kind: &str, log: &std::path::Path) -> Result<String, Failure> {
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the present folder: {error}")))?;
    let mut lines = vec![
        format!("--job-name={}{kind}", submission.name),
        format!("--chdir={}", utf8(&here)?),
        format!("--output={}", utf8(log)?),
    ];
    lines.extend(submission.options.iter().cloned());
    if let Some(line) = lines
        .iter()
        .find(|line| line.contains(|c: char| c.is_whitespace() || c.is_control() || "'\"".contains(c)))
    {
        let failure =
            Failure::new(format!("`{line}` cannot stand in a script of Slurm: it has blanks or quotes"));
        return Err(failure.hint("rename the folder or the file, or write an option as in `--time=2:00:00`"));
    }
    if let Some(option) = submission.options.iter().find(|option| !option.starts_with('-')) {
        let failure = Failure::new(format!("`{option}` is no option of sbatch"));
        return Err(failure.hint("write it with its hyphens, as in `--engine-option=--time=2:00:00`"));
    }
    let directives: String = lines.iter().map(|line| format!("#SBATCH {line}\n")).collect();
    Ok(format!("#!/bin/bash\n{directives}"))
}

/// Reads the number of a job from what `sbatch --parsable` prints: `4711` or `4711;cluster`.
fn job_id(printed: &str) -> Result<u64, Failure> {
    let first = printed.trim().split(';').next().unwrap_or_default();
    first.parse().map_err(|_| {
        Failure::new(format!(
            "`sbatch` printed `{}` where the number of the job was expected",
            printed.trim()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission() -> Submission {
        Submission {
            name: "s".into(),
            tasks: 20,
            threads: 2,
            file: "my runs.yaml".into(),
            journal: "out/s.journal".into(),
            of_tasks: vec!["--journal out/s.journal".into()],
            of_gather: vec!["--out out/s.csv".into()],
            options: vec!["--time=2:00:00".into()],
        }
    }

    #[test]
    fn a_script_has_its_options_and_one_command() {
        let script = task_script(&submission()).ok().unwrap();
        let lines: Vec<&str> = script.lines().collect();
        assert_eq!(lines[0], "#!/bin/bash");
        for line in [
            "#SBATCH --job-name=s",
            "#SBATCH --output=out/s.%a.log",
            "#SBATCH --time=2:00:00",
            "#SBATCH --array=1-20",
            "#SBATCH --cpus-per-task=2",
        ] {
            assert!(lines.contains(&line), "{line}: {script}");
        }
        let end = "sweep 'my runs.yaml' --threads 2 --wait --quiet --journal out/s.journal --shard \"$SLURM_ARRAY_TASK_ID/20\"";
        assert!(
            lines.last().is_some_and(|line| line.starts_with("exec ") && line.ends_with(end)),
            "{script}"
        );
        let script = gather_script(&submission()).ok().unwrap();
        assert!(script.ends_with("sweep 'my runs.yaml' --gather out --out out/s.csv\n"), "{script}");
    }

    #[test]
    fn what_slurm_would_misread_is_refused() {
        for option in ["--time=2 h", "--comment='x'", "--a\n#SBATCH --b", "time=2"] {
            let submission = Submission { options: vec![option.into()], ..submission() };
            assert!(task_script(&submission).is_err(), "{option:?}");
        }
        assert!(job_id("4711;cluster\n").is_ok_and(|id| id == 4711));
        assert!(job_id("Submitted batch job").is_err());
    }
}
