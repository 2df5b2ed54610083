//! The time of a step of a node of each model: measured here, committed, and read by the site, whose build would measure something else
//! each time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use brainmass::bench::Speed;
use brainmass::{Create, find_model};

use super::table::{date, processor};

/// Nodes side by side, as regions of a brain are.
const NODES: usize = 90;

/// Returns the path of the file that holds the numbers.
pub fn file() -> PathBuf {
    crate::workspace::root().join("docs/costs.csv")
}

/// Measures every model that has nodes and runs in steps of 0.1 ms, prints what each takes, and writes the file of costs if asked to.
pub fn run(only: &str, write: bool) -> Result<(), String> {
    let mut text = format!(
        "# made by `cargo xtask bench --models --write`: {NODES} uncoupled nodes at the defaults, the output recorded every 10 steps\n\
         # measured on {} on {}\nmodel,scheme,ns per node-step\n",
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
            // Such as LorenzStep, which needs smaller steps.
            Err(error) => {
                println!("{name}: left out: {error}");
                continue;
            }
        };
        println!("{speed}");
        let Speed { scheme, per_node_step, .. } = speed;
        let _ = writeln!(text, "{name},{scheme},{per_node_step:.2}");
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
    /// ns per node and step.
    pub ns: f64,
}

/// The costs of a file by model. A model that is younger than the file, or that needs smaller steps, has none.
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
            let wrong = || format!("{}:{}: expected `model,scheme,ns`", path.display(), number + 1);
            let [model, scheme, ns] = line.split(',').collect::<Vec<_>>()[..] else { return Err(wrong()) };
            let ns = ns.parse().map_err(|_| wrong())?;
            Ok((model.to_owned(), Cost { scheme: scheme.to_owned(), ns }))
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
        fs::write(&path, "# made\nmodel,scheme,ns per node-step\nHopfStep,exp_euler,8.89\n").unwrap();
        let costs = read(&path).unwrap();
        assert_eq!(costs["HopfStep"], Cost { scheme: "exp_euler".to_owned(), ns: 8.89 });
        fs::write(&path, "model,scheme,ns per node-step\nHopfStep,fast\n").unwrap();
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
