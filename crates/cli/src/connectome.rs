//! The command `brainmass connectome`.

use std::path::PathBuf;

use brainmass::connectome::{Connectome, ConnectomeError, Orientation};
use brainmass::datasets::{modular_90, synthetic_8, synthetic_90};
use brainmass::io::check_outputs;
use brainmass::simulator::Digest;
use brainmass_spec::problem::suggestion;
use clap::{Args, Subcommand};

use crate::failure::{Failure, warn_of};
use crate::summary::digits;
use crate::terminal::Terminal;

/// Look at connectomes, and write them in other formats.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass connectome show synthetic_90
  brainmass connectome show connectivity_76.zip
  brainmass connectome convert synthetic_90 connectome.npz
  brainmass connectome convert weights.csv connectome.npz --lengths lengths.csv --orientation target_source

Rows of what is written are targets. `.npz` holds all that is known of a connectome, and so does `.zip`, which has names of
regions together with their centres alone. `.csv`, `.tsv`, `.txt` and `.npy` hold the weights, with `--lengths-to` the tract lengths in a second file.")]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Shows what a connectome holds.
    Show {
        #[command(flatten)]
        source: Source,
    },
    /// Writes a connectome in the format of the ending.
    Convert {
        #[command(flatten)]
        source: Source,
        /// The file to write: .npz, .zip, .npy, .csv, .tsv or .txt.
        to: PathBuf,
        /// Writes the tract lengths (mm) to a second file: .npy, .csv, .tsv or .txt.
        #[arg(long, value_name = "FILE")]
        lengths_to: Option<PathBuf>,
    },
}

/// A connectome by its name or its files.
#[derive(Args)]
struct Source {
    /// A bundled connectome (synthetic_8, synthetic_90, modular_90) or a file (.zip, .npz, .npy, .csv, .tsv, .txt).
    #[arg(value_name = "NAME|FILE")]
    from: PathBuf,
    /// A second file with tract lengths (mm), where the first has the weights alone.
    #[arg(long, value_name = "FILE")]
    lengths: Option<PathBuf>,
    /// The meaning of the rows of the file, where it does not say it: target_source (rows are targets) or source_target.
    #[arg(long, value_name = "WORD", value_parser = orientation)]
    orientation: Option<Orientation>,
}

fn orientation(text: &str) -> Result<Orientation, String> {
    match text {
        "target_source" => Ok(Orientation::TargetSource),
        "source_target" => Ok(Orientation::SourceTarget),
        _ => Err("write `target_source` (rows are targets) or `source_target`".to_owned()),
    }
}

/// A name and what makes the connectome.
type Bundled = (&'static str, fn() -> Connectome);

/// Bundled connectomes, by name.
const BUNDLED: [Bundled; 3] =
    [("synthetic_8", synthetic_8), ("synthetic_90", synthetic_90), ("modular_90", modular_90)];

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    match &arguments.action {
        Action::Show { source } => show(&source.read()?, terminal),
        Action::Convert { source, to, lengths_to } => {
            let inputs: Vec<&PathBuf> = [&source.from].into_iter().chain(&source.lengths).collect();
            let outputs: Vec<&PathBuf> = [to].into_iter().chain(lengths_to).collect();
            check_outputs(&inputs, &outputs).map_err(Failure::new)?;
            let connectome = source.read()?;
            match lengths_to {
                Some(lengths) => connectome.save_pair(to, lengths),
                None => connectome.save(to),
            }
            .map_err(Failure::new)?;
            outputs.iter().try_for_each(|path| terminal.line(format!("wrote {}", path.display())))
        }
    }
}

impl Source {
    fn read(&self) -> Result<Connectome, Failure> {
        let name = self.from.to_string_lossy();
        if let Some((_, bundled)) = BUNDLED.iter().find(|(known, _)| *known == name) {
            return Ok(bundled());
        }
        if !name.contains('.') {
            let failure = Failure::new(format!("there is no connectome `{name}`"));
            return Err(failure.hint(suggestion(
                &name,
                "bundled connectomes",
                BUNDLED.iter().map(|(name, _)| *name),
            )));
        }
        let read = match (&self.lengths, self.orientation) {
            (None, orientation) => Connectome::load(&self.from, orientation),
            (Some(lengths), Some(orientation)) => Connectome::load_pair(&self.from, lengths, orientation),
            (Some(_), None) => {
                return Err(unoriented(&name));
            }
        };
        let connectome = read.map_err(|error| match error {
            ConnectomeError::OrientationUnknown { .. } => unoriented(&name),
            error => Failure::new(error),
        })?;
        connectome.warnings().iter().for_each(|warning| warn_of(warning));
        Ok(connectome)
    }
}

/// The failure of a file that does not say which way its connections go.
fn unoriented(name: &str) -> Failure {
    Failure::new(format!("`{name}` does not say whether its rows are targets or sources"))
        .hint("add `--orientation target_source` (rows are targets) or `--orientation source_target`")
}

fn show(connectome: &Connectome, terminal: &mut Terminal) -> Result<(), Failure> {
    let weights = connectome.weights();
    let mut rows: Vec<(&str, String)> = vec![("regions", connectome.len().to_string())];
    let pairs = connectome.len() * connectome.len().saturating_sub(1);
    let own = weights.diag().iter().filter(|weight| **weight != 0.0).count();
    let edges = connectome.edges().saturating_sub(own);
    let share = 100.0 * edges as f64 / pairs.max(1) as f64;
    let selves = if own == 0 { String::new() } else { format!("; {own} more of regions to themselves") };
    rows.push(("edges", format!("{edges} of {pairs} pairs, {} %{selves}", digits(share, 3))));
    let present: Vec<f64> = weights.iter().copied().filter(|weight| *weight != 0.0).collect();
    let range = |values: &[f64]| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        format!("{} … {}, mean {}", digits(low, 4), digits(high, 4), digits(mean, 4))
    };
    if !present.is_empty() {
        rows.push(("weights", range(&present)));
    }
    let is_symmetric = weights.indexed_iter().all(|((i, j), weight)| weights[[j, i]] == *weight);
    rows.push(("symmetric", if is_symmetric { "yes" } else { "no" }.to_owned()));
    match connectome.tract_lengths() {
        Some(lengths) => {
            let of_edges = lengths.iter().zip(weights).filter(|(_, weight)| **weight != 0.0);
            let of_edges: Vec<f64> = of_edges.map(|(length, _)| *length).collect();
            if !of_edges.is_empty() {
                rows.push(("lengths", format!("{} mm", range(&of_edges))));
            }
        }
        None => rows.push(("lengths", "not known".to_owned())),
    }
    let further = [
        ("centres", connectome.centres().is_some()),
        ("hemispheres", connectome.hemispheres().is_some()),
        ("areas", connectome.areas().is_some()),
        ("cortical", connectome.cortical().is_some()),
        ("orientations", connectome.orientations().is_some()),
    ];
    let held: Vec<&str> = further.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
    if !held.is_empty() {
        rows.push(("holds", held.join(", ")));
    }
    let mut digest = Digest::default();
    weights
        .iter()
        .chain(connectome.tract_lengths().into_iter().flatten())
        .for_each(|number| digest.number(*number));
    rows.push(("digest", digest.to_string()));
    if connectome.is_named() {
        rows.push(("labels", connectome.labels().join(", ")));
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, text) in rows {
        terminal.line(format!("{}  {text}", terminal.paint.faint(&format!("{name:<width$}"))))?;
    }
    Ok(())
}
