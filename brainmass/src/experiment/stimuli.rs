//! Stimuli by the names of their shapes.

use brainmass_spec::fields::{list, text};
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::yaml::Node;

use super::basics::{PerNode, named_unit};
use super::context::Context;
use super::keys::{Key, Keys, STIMULUS};
use super::numbers::per_node;
use brainmass_core::quantity::Values;
use brainmass_sim::stimulus::Stimulus;

/// A shape that a stimulus can have.
pub struct Shape {
    /// The key that holds the amplitude.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
    /// The keys of the shape, beside those that every stimulus has.
    pub keys: &'static [Key],
    /// An example, in YAML.
    pub example: &'static str,
    make: fn(Values, &mut Keys, &mut Problems) -> Option<Stimulus>,
}

/// The shapes by name.
pub static SHAPES: &[Shape] = &[
    Shape {
        name: "pulse",
        doc: "the amplitude, from onset to end",
        keys: &[],
        example: "{pulse: 0.6, onset: 20 ms, duration: 5 ms}",
        make: |amplitude, _, _| Some(Stimulus::pulse(amplitude)),
    },
    Shape {
        name: "pulse_train",
        doc: "pulses that follow on one another",
        keys: &[
            Key::new("period", "the time from the start of a pulse to that of the next"),
            Key::new("width", "how long a pulse lasts"),
        ],
        example: "{pulse_train: 1, period: 100 ms, width: 5 ms}",
        make: |amplitude, keys, problems| {
            let period = keys.needed_number("period", "ms", problems);
            let width = keys.needed_number("width", "ms", problems);
            Some(Stimulus::pulse_train(amplitude, period?, width?))
        },
    },
    Shape {
        name: "sine",
        doc: "a sine",
        keys: &[
            Key::new("frequency", "its frequency"),
            Key::new("phase", "its phase at the onset, in rad; 0 if not given"),
        ],
        example: "{sine: 0.2, frequency: 40 Hz, phase: 0}",
        make: |amplitude, keys, problems| {
            let frequency = keys.needed_number("frequency", "Hz", problems);
            let phase = keys.number("phase", "rad", problems);
            let sine = Stimulus::sine(amplitude, frequency?);
            Some(match phase {
                Some(phase) => sine.phase(phase),
                None => sine,
            })
        },
    },
    Shape {
        name: "ramp",
        doc: "rises evenly from 0 to the amplitude and stays there",
        keys: &[Key::new("rise", "how long it rises")],
        example: "{ramp: 1, rise: 50 ms}",
        make: |amplitude, keys, problems| {
            Some(Stimulus::ramp(amplitude, keys.needed_number("rise", "ms", problems)?))
        },
    },
    Shape {
        name: "gaussian",
        doc: "a bell",
        keys: &[
            Key::new("peak", "the time of its maximum, from the onset on"),
            Key::new("width", "its standard deviation in time"),
        ],
        example: "{gaussian: 1, peak: 30 ms, width: 10 ms}",
        make: |amplitude, keys, problems| {
            let peak = keys.needed_number("peak", "ms", problems);
            let width = keys.needed_number("width", "ms", problems);
            Some(Stimulus::gaussian(amplitude, peak?, width?))
        },
    },
];

/// Whether the settings of a stimulus were written beneath its name, in place of its amplitude.
fn holds_amplitude(node: &Node) -> bool {
    node.entry("amplitude").is_some()
}

/// Reads a stimulus of a shape: `{pulse: 0.6, onset: 20 ms, duration: 5 ms, regions: [V1, V4]}`.
pub fn read(
    shape: &Shape,
    node: &Node,
    wanted: &PerNode,
    context: &Context,
    problems: &mut Problems,
) -> Option<Stimulus> {
    let mut keys = Keys::open(node, "the stimulus", &[shape.keys, &STIMULUS], problems);
    let before = problems.len();
    let amplitude = keys.extra(shape.name);
    if let Some(node) = amplitude.filter(|node| holds_amplitude(node)) {
        let message = "a stimulus has its amplitude under its name, and its other keys beside it";
        problems.push(Problem::new(&node.span, message).help(format!("as in `{}`", shape.example)));
        return None;
    }
    let amplitude = amplitude.and_then(|node| per_node(node, wanted, context, problems));
    let [onset, duration] = ["onset", "duration"].map(|key| keys.time(key, problems));
    let (regions, weights) = (keys.take("regions", problems), keys.take("weights", problems));
    let amplitude = match amplitude {
        Some(amplitude) => amplitude,
        // So that the other keys are looked at too.
        None => Values::Scalar(0.0),
    };
    let stimulus = (shape.make)(amplitude, &mut keys, problems);
    keys.finish(problems);
    let mut stimulus = stimulus?;
    if let Some(onset) = onset {
        stimulus = stimulus.onset(onset);
    }
    if let Some(duration) = duration {
        stimulus = stimulus.duration(duration);
    }
    match (regions, weights) {
        (Some(node), None) => {
            let names = list(node, problems).iter();
            let names: Vec<_> = names.filter_map(|item| text(item, problems)).collect();
            let regions: Vec<usize> =
                names.iter().filter_map(|name| context.region(name, wanted.nodes, problems)).collect();
            if regions.is_empty() && problems.len() == before {
                let message = "`regions` is empty: the stimulus would reach nothing";
                problems.push(Problem::new(&node.span, message));
            }
            stimulus = stimulus.regions(regions);
        }
        (None, Some(node)) => {
            let wanted = PerNode { name: "weights", unit: named_unit("1"), nodes: wanted.nodes };
            if let Values::PerNode(weights) = per_node(node, &wanted, context, problems)? {
                stimulus = stimulus.weights(weights);
            } else {
                problems.push(Problem::new(&node.span, "`weights` are one a node"));
            }
        }
        (Some(_), Some(node)) => {
            problems.push(Problem::new(&node.span, "`regions` and `weights` are given; one is enough"));
        }
        (None, None) => {}
    }
    (problems.len() == before).then_some(stimulus)
}
