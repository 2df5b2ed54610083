//! The keys `version` and `changes` of a model file, checked against what changed.

use super::change::Effect;
use crate::model::Model;

/// Checks `version` and `changes` of the newer of two models against what differs, whose strongest effect is given. Returns a sentence for each thing
/// that is to be mended.
pub fn version_advice(old: &Model, new: &Model, effect: Option<Effect>) -> Vec<String> {
    let mut advice = Vec::new();
    let is_same = old.version == new.version;
    if is_same && effect.is_some_and(|effect| effect >= Effect::Rounding) {
        advice.push(format!(
            "results change and `version` is still {}: give the file a new one, and say under `changes` what changed",
            new.version
        ));
    }
    if !is_same && number(&new.version) < number(&old.version) {
        advice.push(format!("`version` goes back from {} to {}", old.version, new.version));
    }
    if !is_same && !new.changes.iter().any(|line| is_about(line, &new.version)) {
        advice.push(format!(
            "`changes` does not say what is new in version {0}: add a line such as `\"{0}: the default of a\"`",
            new.version
        ));
    }
    for line in old.changes.iter().filter(|line| !new.changes.contains(line)) {
        advice.push(format!("`changes` has lost the line `{line}`"));
    }
    advice
}

/// Whether a line of `changes` is about a version: it begins with it.
fn is_about(line: &str, version: &str) -> bool {
    line.strip_prefix(version)
        .is_some_and(|rest| !rest.starts_with(|next: char| next == '.' || next.is_ascii_digit()))
}

/// The numbers in a version, which order versions.
fn number(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0)).collect()
}
