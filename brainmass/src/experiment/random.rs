//! Random values of nodes: a number a node, always the same for the same seed.

use brainmass_spec::fields::list;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::values;
use brainmass_spec::yaml::Node;

use super::basics::{PerNode, count};
use super::keys::{Key, Keys};
use brainmass_core::quantity::Values;
use brainmass_sim::noise::{NormalStream, UniformStream};

/// The key that every distribution has.
pub static SEED: [Key; 1] =
    [Key::new("seed", "seed of the random numbers; 0 if not given. Each name has random numbers of its own")];

/// A distribution that values are drawn from.
pub struct Random {
    /// The key that holds its two numbers.
    pub name: &'static str,
    /// The names of the two numbers.
    pub takes: [&'static str; 2],
    /// One line of documentation.
    pub doc: &'static str,
    /// Says what is wrong with the two numbers, if anything is.
    check: fn(f64, f64) -> Option<&'static str>,
    /// Writes a number a node, drawn with a seed and a stream, from the two numbers.
    draw: fn((u64, u32), [f64; 2], &mut [f64]),
}

/// The distributions by name.
pub static RANDOM: &[Random] = &[
    Random {
        name: "uniform",
        takes: ["low", "high"],
        doc: "evenly distributed between two limits",
        check: |low, high| match () {
            () if low >= high => Some("the lower limit must be below the upper one"),
            () if !(high - low).is_finite() => Some("the distance of the limits must be finite"),
            () => None,
        },
        draw: |(seed, stream), [low, high], out| {
            UniformStream::new(seed, stream).fill(0, 0, out);
            out.iter_mut().for_each(|number| *number = low + (high - low) * *number);
        },
    },
    Random {
        name: "normal",
        takes: ["mean", "deviation"],
        doc: "normally distributed, by mean and standard deviation",
        check: |_, deviation| (deviation < 0.0).then_some("a standard deviation is not below 0"),
        draw: |(seed, stream), [mean, deviation], out| {
            NormalStream::new(seed, stream).fill(0, 0, out);
            out.iter_mut().for_each(|number| *number = mean + deviation * *number);
        },
    },
];

impl Random {
    /// Reads `{uniform: [-1, 1], seed: 3}` and draws the numbers.
    pub fn read(&self, node: &Node, wanted: &PerNode, problems: &mut Problems) -> Option<Values> {
        let mut keys = Keys::open(node, "the random values", &[&SEED], problems);
        let given = keys.extra(self.name);
        let seed = keys.take("seed", problems);
        keys.finish(problems);
        let seed = match seed {
            Some(node) => count(node, "the seed", 0..=u64::MAX, problems)?,
            None => 0,
        };
        let given = given?;
        let before = problems.len();
        let numbers: Vec<f64> = list(given, problems)
            .iter()
            .filter_map(|item| values::finite_in_unit(item, &wanted.unit, problems))
            .collect();
        let [first, second] = numbers[..] else {
            if problems.len() == before {
                let [first, second] = self.takes;
                let message = format!("`{}` is a list of two: [{first}, {second}]", self.name);
                problems.push(Problem::new(&given.span, message));
            }
            return None;
        };
        if let Some(wrong) = (self.check)(first, second) {
            let message = format!("`{}: [{first}, {second}]` cannot be: {wrong}", self.name);
            problems.push(Problem::new(&given.span, message));
            return None;
        }
        // Each name has a stream of its own, so that states of one seed are independent.
        let stream =
            wanted.name.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
        let mut out = vec![0.0; wanted.nodes];
        (self.draw)((seed, stream), [first, second], &mut out);
        Some(Values::PerNode(out))
    }
}
