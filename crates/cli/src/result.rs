//! Results: files that say how they were made.

use std::path::Path;

use brainmass::experiment::{Reader, Repeat, RepeatError};
use brainmass::io::ending;
use brainmass::io::recording::{
    Recording, ResultArray, ResultValues, arrays_of, compare, provenance_of, records_of,
};
use brainmass::run::Provenance;
use brainmass::{Experiment, Run, Session};
use brainmass_spec::yaml::Node;
use ndarray::Array2;

use crate::failure::Failure;
use crate::recording;

/// Returns whether a file is a result: an `.npz` or `.csv` file, or JSON that says how it was made.
pub fn is_result(path: &Path) -> bool {
    match ending(path).as_str() {
        "npz" | "csv" => true,
        // What cannot be read at all is reported by whoever reads it.
        "json" => {
            let holds_records = || Recording::open(path).is_ok();
            path.is_file() && (matches!(provenance_of(path), Ok(Some(_))) || holds_records())
        }
        _ => false,
    }
}

impl From<RepeatError> for Failure {
    fn from(error: RepeatError) -> Self {
        let hint = match &error {
            RepeatError::Mistakes(report) => return Self::Mistakes(report.clone()),
            RepeatError::OtherSettings { path, .. } => Some(format!(
                "`brainmass show {path} --extract FOLDER` writes the experiment, to be run with what this version makes of it"
            )),
            RepeatError::NoProvenance { path } if path.to_lowercase().ends_with(".csv") => Some(
                "a table has its provenance in a file beside it, such as `run.csv.provenance.json`"
                    .to_owned(),
            ),
            RepeatError::NoProvenance { .. } | RepeatError::NoRecipe { .. } => Some(
                "what `brainmass run` writes, and what `Experiment::run` gives in Rust, can be repeated"
                    .to_owned(),
            ),
            _ => None,
        };
        let failure = Self::new(error);
        hint.into_iter().fold(failure, Failure::hint)
    }
}

/// A result whose run is made again.
pub struct Repeated {
    repeat: Repeat,
    name: String,
    /// The records of the result; `None` for results of other kinds.
    recording: Option<Recording>,
}

impl Repeated {
    /// Opens a result.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let recording = Recording::open(path).ok();
        Ok(Self { repeat: Repeat::open(path)?, name: path.display().to_string(), recording })
    }

    /// The tree of the experiment.
    pub fn tree(&self) -> &Node {
        self.repeat.tree()
    }

    /// Starts the run again as it was.
    pub fn start(&self, reader: Reader) -> Result<(Experiment, Session), Failure> {
        Ok(self.repeat.start(reader)?)
    }

    /// Starts a changed run.
    pub fn start_changed(&self, reader: Reader, root: &Node) -> Result<(Experiment, Session), Failure> {
        // That nothing but the flags differs from what was run is told before they are laid over it.
        self.repeat.start(reader.clone())?;
        Ok(self.repeat.start_changed(reader, root)?)
    }

    /// Says how a repeated run compares with the result: `Ok` with a sentence where it has the same bits.
    pub fn verdict(&self, run: &Run) -> Result<Option<String>, Failure> {
        let Some(before) = &self.recording else { return Ok(None) };
        let mut then = records_of(before);
        let mut now = records_of(&recording::of(run));
        let ended_at = self.repeat.provenance().ended_at;
        if ended_at.is_some() {
            // The run of the result was cut short, and this one was not.
            keep_first(&mut now, &then);
        }
        if ending(&self.name) == "json" {
            // JSON has no numbers that are not finite.
            then.iter_mut().chain(&mut now).for_each(without_infinities);
        }
        let differences = compare(&then, &now);
        let Some((name, difference)) = differences.first() else {
            let far = ended_at.map_or(String::new(), |time| format!(" up to t = {time} ms"));
            return Ok(Some(format!(
                "{}: the same bits in all {} records{far}",
                self.name,
                before.columns.len()
            )));
        };
        let message = format!("the run does not repeat `{}`: `{name}`: {difference}", self.name);
        let (own, other) = (run.provenance(), self.repeat.provenance());
        let failure = Failure::new(message);
        Err(if own.simd != other.simd {
            failure.hint(format!(
                "the result was made with the instructions `{}`, this run with `{}`",
                other.simd, own.simd
            ))
        } else if own.brainmass != other.brainmass {
            failure.hint(format!(
                "the result was written by version {}, this is {}",
                other.brainmass, own.brainmass
            ))
        } else {
            failure
        })
    }
}

/// Returns the weights `[target][source]` of the network whose run a result holds; `None` where there is no network, or the result does not say.
pub fn structure(path: &Path) -> Option<Array2<f64>> {
    let repeat = Repeat::open(path).ok()?;
    let (experiment, _) = repeat.start(Reader::new().without_fit().without_continuation()).ok()?;
    weights(&experiment)
}

/// Returns the weights `[target][source]` between the regions of the first group of an experiment that is coupled with itself.
pub fn weights(experiment: &Experiment) -> Option<Array2<f64>> {
    let network = &experiment.network;
    network.named_groups().find_map(|(name, _)| network.weights_within(name))
}

fn keep_first(arrays: &mut [ResultArray], like: &[ResultArray]) {
    use ResultValues::Numbers;
    for array in arrays {
        let Some(other) = like.iter().find(|other| other.name == array.name) else { continue };
        if let (Numbers(values), Numbers(other)) = (&mut array.values, &other.values)
            && let (Some(&rows), Some(&wanted)) = (values.shape().first(), other.shape().first())
            && wanted < rows
        {
            *values = values.slice_axis(ndarray::Axis(0), ndarray::Slice::from(..wanted)).to_owned();
        }
    }
}

fn without_infinities(array: &mut ResultArray) {
    if let ResultValues::Numbers(values) = &mut array.values {
        values.mapv_inplace(|value| if value.is_finite() { value } else { f64::NAN });
    }
}

/// The settings of a provenance, with what stands beside them there: rows of a name and a text.
pub fn settings(provenance: &Provenance) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> =
        provenance.settings.parts().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    if rows.is_empty() {
        // Files of former versions have no more than this.
        let Provenance { model, hash, scheme, dt, seed, .. } = provenance;
        let all = [
            ("model", format!("{model} with the text {hash}")),
            ("scheme", scheme.clone()),
            ("dt", format!("{dt} ms")),
        ];
        rows.extend(all.map(|(name, text)| (name.to_owned(), text)));
        rows.push(("seed of the noise".to_owned(), seed.to_string()));
    }
    if let Some(time) = provenance.ended_at {
        rows.push(("ended before its time at".to_owned(), format!("{time} ms")));
    }
    if !provenance.labels.is_empty() {
        rows.push(("regions".to_owned(), provenance.labels.join(", ")));
    }
    rows
}

/// Returns the arrays of a result.
pub fn arrays(path: &Path) -> Result<Vec<ResultArray>, Failure> {
    arrays_of(path).map_err(Failure::new)
}
