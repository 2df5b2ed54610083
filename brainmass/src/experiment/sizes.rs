//! The section `limits`, and the comparison of sizes in a file with it.

use brainmass_spec::fields::{number, text};
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::unit::Quantity;
use brainmass_spec::yaml::Node;

use super::basics::whole;
use super::context::Context;
use super::keys::{Keys, LIMITS};
use super::limits::{MOST_STEPS, Needed};

/// Units of memory with their bytes.
const UNITS: [(&str, f64); 9] = [
    ("B", 1.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("TiB", 1_099_511_627_776.0),
];

/// Most bytes that can be asked for: what 64-bit machines address.
const MOST_MEMORY: f64 = 1e18;

/// Reads the section, if there is one.
pub fn read(keys: &mut Keys, context: &Context, problems: &mut Problems) {
    let Some(node) = keys.take("limits", problems) else { return };
    let mut keys = Keys::open(node, "the limits", &[&LIMITS], problems);
    let mut limits = context.limits.get();
    if let Some(node) = keys.take("memory", problems) {
        limits.memory = memory(node, problems).or(limits.memory);
    }
    if let Some(node) = keys.take("steps", problems)
        && let Some(steps) = number(node, problems)
    {
        if (1.0..=MOST_STEPS as f64).contains(&steps.value) {
            limits.steps = whole(steps.value);
        } else {
            let message = format!(
                "a limit of {:e} steps cannot be; it is from 1 to {:.1e}",
                steps.value, MOST_STEPS as f64
            );
            problems.push(Problem::new(&steps.span, message));
        }
    }
    keys.finish(problems);
    context.limits.set(limits);
}

/// Reads an amount of memory, in bytes; a plain number is in GB.
fn memory(node: &Node, problems: &mut Problems) -> Option<u64> {
    let text = text(node, problems)?;
    let expected = "expected an amount of memory such as `64 GB`";
    let Ok(quantity) = Quantity::parse(&text.value) else {
        problems.push(Problem::new(&text.span, format!("{expected}, found `{}`", text.value)));
        return None;
    };
    let unit = if quantity.unit.is_empty() { "GB" } else { &quantity.unit };
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| factor);
    let bytes = factor.map(|factor| quantity.value * factor);
    match bytes.filter(|bytes| (1.0..=MOST_MEMORY).contains(bytes)) {
        Some(bytes) => Some(bytes as u64),
        None => {
            let units: Vec<&str> = UNITS.iter().map(|(name, _)| *name).collect();
            let problem = Problem::new(&text.span, format!("{expected}, found `{}`", text.value));
            problems.push(problem.help(format!("units are {}", units.join(", "))));
            None
        }
    }
}

/// Reports more pairs of nodes than memory is allowed for, before a matrix of them is made.
pub fn pairs_fit(
    (targets, sources): (usize, usize),
    node: &Node,
    context: &Context,
    problems: &mut Problems,
) -> bool {
    let mut needed = Needed::default();
    needed.add_edges((targets as u64).saturating_mul(sources as u64));
    let Some((message, help)) = needed.exceeds(context.limits.get()) else { return true };
    problems.push(Problem::new(&node.span, message).help(help));
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_spec::source::Source;
    use brainmass_spec::yaml;

    #[test]
    fn memory_is_read_with_its_unit() {
        let read = |text: &str| {
            let root = yaml::parse(&Source::new("e.yaml", text)).unwrap();
            memory(&root, &mut Problems::default())
        };
        assert_eq!(read("64 GB"), Some(64_000_000_000));
        assert_eq!(read("2GiB"), Some(2_147_483_648));
        assert_eq!(read("1.5"), Some(1_500_000_000));
        for wrong in ["64 gigs", "-1 GB", "1e300 TB", "much"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
