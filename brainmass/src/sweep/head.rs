//! Fingerprints of sweeps: everything that their results depend on; and where their journals are.

use std::path::{Path, PathBuf};

use super::shard::Shard;
use super::versions::Versions;
use crate::experiment::{Experiment, Levels, SweepPlan, Target};
use brainmass_core::real::Simd;
use brainmass_sim::simulator::{Digest, Fingerprint, RunError};

/// Describes everything that determines the results of a sweep: what determines a run (the texts of the models, the data, the settings), the axes,
/// the measures with their targets, the version of this library, and the instruction set, whose last bits differ from those of others.
///
/// # Errors
///
/// The instruction set that the environment names is not there.
pub fn fingerprint(experiment: &Experiment, plan: &SweepPlan) -> Result<Fingerprint, RunError> {
    let narrow = plan.narrowed(experiment);
    let mut all = narrow.simulator().fingerprint();
    all.add("duration", format!("{} ms", experiment.timing.duration));
    all.add("version of brainmass", env!("CARGO_PKG_VERSION"));
    all.add("instruction set", experiment.simd.map_or_else(Simd::from_environment, Ok)?.name());
    for (factor, dimension) in plan.design.dimensions() {
        let name = format!("axis {}", dimension.name);
        let mut digest = Digest::default();
        match &dimension.levels {
            Levels::Numbers(values) => values.iter().for_each(|value| digest.number(*value)),
            Levels::Seeds(seeds) => seeds.iter().for_each(|seed| digest.bytes(&seed.to_le_bytes())),
            Levels::Words(words) => words.iter().for_each(|word| {
                digest.bytes(&(word.len() as u64).to_le_bytes());
                digest.bytes(word.as_bytes());
            }),
        }
        let target = match &dimension.target {
            Target::Seed => "the seed".to_owned(),
            Target::Setting(name) => name.clone(),
            Target::Gain { name, base, map } => {
                base.iter().chain(map).for_each(|value| digest.number(*value));
                format!("{name} by a map")
            }
            Target::Key { path, .. } => format!("the key {}", path.join(".")),
        };
        let count = dimension.levels.len();
        // Factors are told apart, since a grid and a list of the same values are different runs.
        all.add(
            name,
            format!("{count} values of {target} ({}) at place {factor}, digest {digest}", dimension.unit),
        );
    }
    for (index, measure) in plan.measures.iter().enumerate() {
        all.add(format!("measure {}", measure.name), format!("number {index}: {}", measure.describe()));
    }
    if plan.design.has_variants() {
        let mut digest = Digest::default();
        for text in Versions::new(&narrow, plan).fingerprints() {
            digest.bytes(text.as_bytes());
        }
        all.add("versions of the file", format!("digest {digest}"));
    }
    Ok(all)
}

/// Returns where the journal of a sweep is, if it is not said otherwise: as the experiment says, or else beside its first output, or else beside
/// `file`, the experiment file. Each shard has a journal of its own.
pub fn journal_path(plan: &SweepPlan, file: &Path, shard: Option<Shard>) -> PathBuf {
    let path = match (&plan.journal, plan.output.first()) {
        (Some(journal), _) => journal.clone(),
        (None, Some(output)) => output.with_extension("journal"),
        (None, None) => file.with_extension("journal"),
    };
    let Some(shard) = shard else { return path };
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!(".{}-of-{}.journal", shard.index(), shard.of()));
    path.with_file_name(name)
}
