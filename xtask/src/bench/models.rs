//! The time of a step of a node of each model and the accuracy of its own scheme and step: measured here, committed, and read by the site, whose build would measure something else
//! each time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use brainmass::bench::Speed;
use brainmass::{Create, Zoo, find_model};

use super::table::{date, processor};

/// Nodes side by side, as regions of a brain are.
const NODES: usize = 90;

/// Returns the path of the file that holds the numbers.
pub fn file() -> PathBuf {
    crate::workspace::root().join("docs/costs.csv")
}

/// The shortest run whose accuracy is looked at, ms: long enough for means over a chaotic attractor.
const SHORTEST: f64 = 500.0;

/// The columns of the file.
const COLUMNS: &str = "model,scheme,dt (ms),ns per node-step,largest deviation (%)";

/// Measures every model that has nodes, prints what each takes, and writes the file of costs if asked to.
pub fn run(only: &str, write: bool) -> Result<(), String> {
    let mut text = format!(
        "# made by `cargo xtask bench --models --write`: {NODES} uncoupled nodes at the defaults, the output recorded every 10 steps\n\
         # the deviation is that of mean, amplitude or frequency from rk4 at a sixteenth of the step, the largest at the defaults, in the picture of the page and with each preset\n\
         # measured on {} on {}\n{COLUMNS}\n",
        date()?,
        processor()
    );
    for entry in crate::models::all()? {
        let name = &entry.model.name;
        let is_node = matches!(find_model(name)?.create, Create::Node(_)) && !entry.model.states.is_empty();
        if !is_node || !name.starts_with(only) {
            continue;
        }
        let speed = match brainmass::bench::model(name, NODES, None) {
            Ok(speed) => speed,
            Err(error) => {
                println!("{name}: left out: {error}");
                continue;
            }
        };
        let model = Zoo::default().interpreted(name).map_err(|error| error.to_string())?;
        let found =
            brainmass::bench::deviations(&model, SHORTEST).map_err(|error| format!("{name}: {error}"))?;
        let largest = found
            .into_iter()
            .try_fold(0.0_f64, |largest, run| run.outcome.map(|found| largest.max(found.largest())))
            .map_err(|error| format!("{name}: {error}"))?;
        let (dt, percent) = (model.info().dt, 100.0 * largest);
        println!("{speed}, {percent:.4} % from rk4 at {} ms", dt / 16.0);
        let Speed { scheme, per_node_step, .. } = speed;
        let _ = writeln!(text, "{name},{scheme},{dt},{per_node_step:.2},{percent:.4}");
    }
    if !write {
        return Ok(());
    }
    if !only.is_empty() {
        return Err("the file of costs holds all models: leave out `--only`".to_owned());
    }
    fs::write(file(), text).map_err(|error| format!("cannot write {}: {error}", file().display()))
}

/// The cost of a step of a node.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Cost {
    /// The scheme that steps were made with.
    pub scheme: String,
    /// The step, ms.
    pub dt: f64,
    /// ns per node and step.
    pub ns: f64,
    /// The largest deviation from `rk4` at a sixteenth of the step, %.
    pub deviation: f64,
}

/// The costs of a file by model. A model that is younger than the file has none.
///
/// # Errors
///
/// The file cannot be read, or is not such a file.
pub fn read(path: &Path) -> Result<BTreeMap<String, Cost>, String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).skip(1);
    lines
        .map(|(number, line)| {
            let wrong = || format!("{}:{}: expected `{COLUMNS}`", path.display(), number + 1);
            let [model, scheme, dt, ns, deviation] = line.split(',').collect::<Vec<_>>()[..] else {
                return Err(wrong());
            };
            let number = |text: &str| text.parse::<f64>().map_err(|_| wrong());
            let (dt, ns, deviation) = (number(dt)?, number(ns)?, number(deviation)?);
            Ok((model.to_owned(), Cost { scheme: scheme.to_owned(), dt, ns, deviation }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_read_and_mistakes_have_a_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("costs.csv");
        fs::write(&path, format!("# made\n{COLUMNS}\nHopfStep,exp_euler,0.1,8.89,0.5\n")).unwrap();
        let costs = read(&path).unwrap();
        let expected = Cost { scheme: "exp_euler".to_owned(), dt: 0.1, ns: 8.89, deviation: 0.5 };
        assert_eq!(costs["HopfStep"], expected);
        fs::write(&path, format!("{COLUMNS}\nHopfStep,fast\n")).unwrap();
        assert!(read(&path).unwrap_err().contains("costs.csv:2"));
    }

    #[test]
    fn every_model_of_the_committed_file_is_in_the_zoo() {
        let costs = read(&file()).unwrap();
        assert!(costs.len() > 15, "only {} models", costs.len());
        for (model, cost) in costs {
            assert!(find_model(&model).is_ok(), "{model} is gone: run `cargo xtask bench --models --write`");
            assert!(cost.ns > 0.1 && cost.ns < 1e5, "{model}: {} ns", cost.ns);
        }
    }
}
