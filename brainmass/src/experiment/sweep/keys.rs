//! The keys of the section `sweep` and of what stands in it.

use crate::experiment::keys::Key;

/// The keys of a sweep.
pub static SWEEP: [Key; 5] = [
    Key::new(
        "over",
        "what changes from run to run: a mapping of axes, of which every combination is run, or a list of points",
    ),
    Key::new("measure", "what is kept of each run, by names"),
    Key::new(
        "output",
        "files for the results: `.csv` (a row a run) or `.npz` (columns as arrays, and whole records), or `.parquet` (as `.csv`) where the build has it",
    ),
    Key::new("plot", "a figure of the results: `.png`, `.svg` or `.pdf`"),
    Key::new(
        "journal",
        "the file to which results are appended as they come, and from which an interrupted sweep goes on; beside the first output, with the ending `.journal`, if not given",
    ),
];

/// The keys of `over` that are no names of axes.
pub static OVER: [Key; 6] = [
    Key::new("seeds", "the seeds of the noise: `0..20` (the end is not included) or a list"),
    Key::new("zip", "axes of one length that change together: `{a: [1, 2], k: [3, 4]}` has two points"),
    Key::new("list", "a list of points, `[{a: 1, k: 3}, {a: 2, k: 4}]`"),
    Key::new("file", "a table (`.csv`, `.tsv`, `.txt`) with a row a point and a column a name"),
    Key::new("sobol", "points of Sobol's sequence, which fill ranges evenly; powers of two are best"),
    Key::new("latin_hypercube", "random points, one in each part of every range"),
];

/// The keys of an axis that is written as a mapping.
pub static RANGE: [Key; 7] = [
    Key::new("from", "the first value"),
    Key::new("to", "the last value"),
    Key::new("points", "the number of values, evenly apart, both ends included"),
    Key::new(
        "log",
        "in place of the others: `{from: 0.001, to: 1, points: 7}`, of which each is the same multiple of the one before",
    ),
    Key::new(
        "map",
        "a value a node, as under `parameters`: the axis is its gain, and each node gets its present value + gain * map",
    ),
    Key::new("gain", "beside `map`: the gains, an axis themselves"),
    Key::new("relative", "beside `map`, `true`: each node gets its present value * (1 + gain * map) instead"),
];

/// The keys of `sobol` and `latin_hypercube`.
pub static SPREAD: [Key; 3] = [
    Key::new("points", "the number of points"),
    Key::new("between", "the range of each name: `{a: [0, 1], k: {log: [0.001, 1]}}`"),
    Key::new("seed", "of `latin_hypercube`: what the points are drawn from; 0 if not given"),
];

/// The keys of a measure.
pub static MEASURE: [Key; 11] = [
    Key::new("signal", "the signal, record or instrument that it is of; may be left out where there is one"),
    Key::new("summary", "a summary or an objective by its name").also(&["objective"]),
    Key::new(
        "record",
        "in place of `signal` and `summary`: a whole record or the rows of an instrument, for `.npz` alone",
    ),
    Key::new("regions", "the nodes that count, by name or by number from 0; all if not given"),
    Key::new("each", "`true`: a column for each node in place of one for all"),
    Key::new(
        "band",
        "of summaries of spectra and phases: the lowest and the highest frequency, `[8 Hz, 12 Hz]`",
    ),
    Key::new("above", "of `first_passage`: the level that the signal reaches from below"),
    Key::new("below", "of `first_passage`: the level that the signal reaches from above"),
    Key::new("target", "of objectives: what the signal is compared with, rows or the array of a file"),
    Key::new(
        "target_is",
        "of objectives of functional connectivity: `signal`, or `connectivity` for a matrix",
    ),
    Key::new("windows", "of objectives of its dynamics: size and step in rows, `[30, 5]` if not given"),
];
