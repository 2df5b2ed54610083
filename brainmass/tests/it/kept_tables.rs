//! Tables of models in results: each model keeps its own, and what is too large is told by its size and digest.

use std::fs;
use std::path::Path;

use brainmass::experiment::{Reader, Repeat};
use brainmass::{Experiment, Run};
use tempfile::TempDir;

use crate::model_files::npy;

/// A model that looks its rate up in a file `rate.npy` beside it.
const MODEL: &str = "
name: OneStep
category: phenomenological
time_unit: 1 ms
tables: {rate: {file: rate.npy, axes: {x: {from: 0, to: 2}}}}
states: {x: {init: 1.5}}
derivatives: {x: -x + rate(x)}
output: x
integration: {scheme: euler, dt: 0.5 ms}
";

/// A model that inherits a table, and has one of its own whose file has the same name in another folder.
const VARIANT: &str = "
name: VariantStep
extends: OneStep
tables: {gain: {file: rate.npy, axes: {x: {from: 0, to: 2}}}}
derivatives: {x: -x + rate(x) + 10*gain(x)}
";

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, bytes).expect("written");
}

fn run(folder: &Path, text: &str) -> Run {
    let name = folder.join("e.yaml");
    let experiment = Reader::new().read(&name.display().to_string(), text);
    experiment.unwrap_or_else(|error| panic!("{error}")).run().expect("it runs")
}

/// Saves a run in an empty folder with other files, and repeats it there.
fn repeated(run: &Run, beside: &[(&str, &[u8])]) -> Run {
    let empty = TempDir::new().expect("a folder");
    let result = empty.path().join("result.npz");
    run.save(&result).expect("written");
    beside.iter().for_each(|(name, bytes)| write(empty.path(), name, bytes));
    let repeat = Repeat::open(&result).unwrap_or_else(|error| panic!("{error}"));
    let (experiment, mut session): (Experiment, _) =
        repeat.start(Reader::new()).unwrap_or_else(|error| panic!("{error}\n{}", repeat.text()));
    experiment.finish(&mut session).expect("it runs")
}

fn last(run: &Run, name: &str) -> f64 {
    *run[name].iter().last().expect("a value")
}

#[test]
fn models_of_folders_keep_tables_whose_files_have_one_name() {
    let folder = TempDir::new().expect("a folder");
    let here = folder.path();
    write(here, "a/one.yaml", MODEL);
    write(here, "a/rate.npy", npy(&[0.0, 1.0, 4.0]));
    write(here, "b/two.yaml", MODEL.replace("OneStep", "TwoStep"));
    write(here, "b/rate.npy", npy(&[0.0, 1.0, 2.0]));
    write(here, "c/variant.yaml", VARIANT);
    write(here, "c/rate.npy", npy(&[1.0, 1.0, 1.0]));
    let groups = "{models: ., duration: 0.5 ms, groups: \
                  {one: {model: OneStep}, two: {model: TwoStep}, other: {model: VariantStep}, again: {model: TwoStep}}}";
    let run = run(here, groups);
    // From 1.5, where the rates are 2.5 and 1.5.
    let expected = [("one.x", 2.0), ("two.x", 1.5), ("other.x", 7.0), ("again.x", 1.5)];
    let values = |run: &Run| expected.map(|(name, _)| (name, last(run, name)));
    assert_eq!(values(&run), expected);
    drop(folder);
    let again = repeated(&run, &[]);
    assert_eq!(values(&again), expected);
    assert_eq!(again.provenance(), run.provenance());
}

#[test]
fn a_table_that_does_not_fit_is_told_by_its_size_and_digest() {
    let folder = TempDir::new().expect("a folder");
    let here = folder.path();
    let large = npy(&vec![1.0; 1 << 20]);
    write(here, "a/one.yaml", MODEL);
    write(here, "a/rate.npy", &large);
    let file = |run: &Run| {
        let recipe = run.provenance().recipe.clone().expect("an experiment has one");
        let file = recipe.files.into_iter().find(|file| file.path.ends_with("rate.npy"));
        file.expect("it is told")
    };
    let by_name = run(here, "{models: a, model: OneStep, duration: 1 ms}");
    let by_path = run(here, "{model: a/one.yaml, duration: 1 ms}");
    let (named, path) = (file(&by_name), file(&by_path));
    assert!(!named.kept && !path.kept);
    assert_eq!((named.bytes, &named.digest), (large.len() as u64, &path.digest));
    // Whoever has the file can repeat the run.
    for (run, place) in [(&by_name, &named.path), (&by_path, &path.path)] {
        let again = repeated(run, &[(place, &large)]);
        assert_eq!(last(&again, "x"), last(run, "x"), "{place}");
    }
}
