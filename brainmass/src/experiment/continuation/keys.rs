//! The keys of the section `continuation`.

use crate::experiment::keys::{Form, Key};

/// The keys of a bifurcation diagram.
pub static CONTINUATION: [Key; 8] = [
    Key::new("over", "the parameter or input that varies, and its range: `{E_inp: 0..400 Hz}`")
        .flag(Form::Range, "NAME=FROM..TO"),
    Key::new(
        "and",
        "a second parameter or input and its range: folds and Hopf points are followed while both vary",
    )
    .flag(Form::Range, "NAME=FROM..TO"),
    Key::new("of", "the state or observable that is drawn and listed; the output of the model if not given")
        .flag(Form::Value, "NAME"),
    Key::new("equilibria", "`true`: equilibria are followed, and no cycles").flag(Form::Truth, ""),
    Key::new(
        "phase_response",
        "a value of what varies: the phase responses of the cycles there are made in place of the diagram",
    )
    .flag(Form::Value, "VALUE"),
    Key::new("step", "the longest step along a branch, as a share of the range; 0.02 if not given")
        .flag(Form::Value, "SHARE"),
    Key::new("output", "a table of all points of all branches: `.csv`")
        .flag(Form::File, "FILE")
        .flag_also(&["out"]),
    Key::new("plot", "the diagram as a figure: `.png`, `.svg` or `.pdf`").flag(Form::File, "FILE"),
];
