//! What the catalogue knows of a model: all that its file says, as constants.

use std::fmt;

use serde::Serialize;

use crate::scheme::Scheme;

/// Everything about a model but its equations' code. Numbers are in the units named beside them.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ModelInfo {
    /// The name of the struct.
    pub name: &'static str,
    /// What kind of thing it is.
    pub kind: Kind,
    /// A short title.
    pub title: &'static str,
    /// Its category; rules and observation models have none.
    pub category: Option<Category>,
    /// What it is good for, in a few words.
    pub use_case: &'static str,
    /// What it is.
    pub description: &'static str,
    /// Where it comes from.
    pub references: &'static [Reference],
    /// The file's own version.
    pub version: &'static str,
    /// Hash of the file and of those it extends.
    pub hash: u64,
    /// What changed from version to version.
    pub changes: &'static [&'static str],
    /// How it differs from Python brainmass 0.1.1.
    pub differences: &'static [&'static str],
    /// The model that it is a variant of.
    pub extends: Option<&'static str>,
    /// State variables.
    pub states: &'static [StateInfo],
    /// Parameters.
    pub parameters: &'static [ParameterInfo],
    /// Input ports.
    pub inputs: &'static [InputInfo],
    /// States that it reads with a delay; kernels get them behind the ports.
    pub delays: &'static [DelayedState],
    /// What can be recorded besides states.
    pub observables: &'static [ObservableInfo],
    /// The equations, as LaTeX and as text.
    pub equations: &'static [Equation],
    /// What a step returns.
    pub output: Option<Signal>,
    /// What a network reads by default.
    pub couples_from: Option<Signal>,
    /// The input that a network feeds by default.
    pub couples_to: Option<usize>,
    /// Integration scheme of a run that names none.
    pub scheme: Scheme,
    /// Time step in ms with which the model is meant to be run by its scheme.
    pub dt: f64,
    /// The input that the model's own interaction feeds, where it has one.
    pub internal_coupling: Option<usize>,
    /// How a layer or a stack is made.
    pub layer: Option<LayerInfo>,
    /// Named parameter sets.
    pub presets: &'static [Preset],
    /// What must hold.
    #[serde(skip)]
    pub checks: &'static [Check],
    /// What the docs show.
    #[serde(skip)]
    pub plots: Plots,
    /// The file.
    #[serde(skip)]
    pub yaml: &'static str,
}

/// What a file describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A neural mass.
    Node,
    /// A rule by which nodes are coupled.
    Coupling,
    /// A model of what an instrument sees.
    Observation,
    /// A layer of cells with trainable weights.
    SequenceLayer,
    /// A stack of layers with a readout.
    SequenceNetwork,
}

/// The categories of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Reproduces dynamics without claiming a mechanism.
    Phenomenological,
    /// Its variables stand for something in the tissue.
    Physiological,
    /// Interacting units.
    Network,
}

impl Category {
    /// All of them, in the order of the catalogue.
    pub const ALL: [Self; 3] = [Self::Phenomenological, Self::Physiological, Self::Network];

    /// In small letters, as model files have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phenomenological => "phenomenological",
            Self::Physiological => "physiological",
            Self::Network => "network",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Authors and year.
    pub cite: &'static str,
    /// Digital object identifier.
    pub doi: Option<&'static str>,
    /// Address of what has no DOI.
    pub url: Option<&'static str>,
    /// What is taken from it.
    pub note: Option<&'static str>,
}

/// A state variable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StateInfo {
    /// Its name.
    pub name: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// Value at the start.
    pub init: f64,
    /// What it is projected into after every step.
    pub bounds: Option<(f64, f64)>,
    /// Its symbol.
    pub latex: &'static str,
    /// What it is.
    pub doc: &'static str,
}

/// A parameter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ParameterInfo {
    /// Its name.
    pub name: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// Value if none is given.
    pub default: f64,
    /// Where it makes sense.
    pub range: Option<(f64, f64)>,
    /// Its symbol.
    pub latex: &'static str,
    /// What it is.
    pub doc: &'static str,
}

/// An input port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct InputInfo {
    /// Its name.
    pub name: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// Its symbol.
    pub latex: &'static str,
    /// What it is.
    pub doc: &'static str,
}

/// A state of the same node some time ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DelayedState {
    /// Index of the state.
    pub state: usize,
    /// Index of the parameter that says how long ago, in its unit of time.
    pub duration: usize,
}

/// Something that can be recorded besides states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ObservableInfo {
    /// Its name.
    pub name: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// Whether it belongs to the state before the step: what the step used.
    pub at_start: bool,
    /// Its symbol.
    pub latex: &'static str,
    /// What it is.
    pub doc: &'static str,
}

/// A line of the equations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Equation {
    /// What it defines.
    pub name: &'static str,
    /// What kind of line it is.
    pub role: Role,
    /// In LaTeX.
    pub latex: &'static str,
    /// As the file has it.
    pub text: &'static str,
}

/// The kinds of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The rate of change of a state.
    Derivative,
    /// An intermediate value.
    Let,
    /// A function.
    Function,
    /// What can be recorded besides states.
    Observable,
    /// What a connection adds.
    Coupling,
}

/// A state or an observable, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// A state.
    State(usize),
    /// An observable.
    Observable(usize),
}

/// How a layer is made of cells, or a stack of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LayerInfo {
    /// The model that it is made of.
    pub of: &'static str,
    /// The cell's port that gets the drive.
    pub input: Option<&'static str>,
    /// The cell's state that feeds back.
    pub recurrent: Option<&'static str>,
    /// The state that the next layer reads.
    pub between: Option<&'static str>,
    /// The state that the readout reads.
    pub readout: Option<&'static str>,
}

/// A named parameter set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// Where it stands.
    pub cite: Option<&'static str>,
    /// Its DOI.
    pub doi: Option<&'static str>,
    /// Indices of parameters and their values.
    pub values: &'static [(usize, f64)],
}

/// The circumstances of a run: indices and values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Parameters.
    pub parameters: &'static [(usize, f64)],
    /// Initial states.
    pub init: &'static [(usize, f64)],
    /// Constant inputs.
    pub inputs: &'static [(usize, f64)],
    /// Time step in ms.
    pub dt: Option<f64>,
    /// Time left out, in ms.
    pub transient: f64,
    /// Time run, in ms.
    pub duration: Option<f64>,
}

/// Something that must hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// What.
    pub what: CheckKind,
    /// Under which circumstances.
    pub setting: Setting,
    /// Where the claim comes from.
    pub source: &'static str,
}

/// The kinds of checks, as `models/README.md` describes them; frequencies in Hz.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "documented in models/README.md")]
pub enum CheckKind {
    FixedPoint { state: &'static [(usize, f64)], tolerance: f64 },
    Final { signal: Signal, is: f64, tolerance: f64 },
    Frequency { signal: Signal, from: f64, to: f64 },
    Within { signal: Signal, from: f64, to: f64 },
}

/// What the docs show of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plots {
    /// A run.
    pub run: Option<Setting>,
    /// What it records.
    pub record: &'static [&'static str],
    /// The phase plane: state, from, to.
    pub phase: &'static [(usize, f64, f64)],
    /// A one-parameter sweep.
    pub sweep: Option<Sweep>,
}

/// A one-parameter sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sweep {
    /// Index of the parameter.
    pub parameter: usize,
    /// From where.
    pub from: f64,
    /// To where.
    pub to: f64,
    /// What is shown.
    pub of: Signal,
}

impl ModelInfo {
    /// The number of state variables.
    pub fn n_state_vars(&self) -> usize {
        self.states.len()
    }

    /// The index of a state.
    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.iter().position(|state| state.name == name)
    }

    /// The index of a parameter.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }

    /// The index of an input port.
    pub fn input(&self, name: &str) -> Option<usize> {
        self.inputs.iter().position(|input| input.name == name)
    }

    /// The state or observable of a name.
    pub fn signal(&self, name: &str) -> Option<Signal> {
        let observable = || self.observables.iter().position(|observable| observable.name == name);
        self.state(name).map(Signal::State).or_else(|| observable().map(Signal::Observable))
    }

    /// The name of a signal.
    pub fn signal_name(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::State(index) => self.states[index].name,
            Signal::Observable(index) => self.observables[index].name,
        }
    }

    /// The unit of a signal.
    pub fn signal_unit(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::State(index) => self.states[index].unit,
            Signal::Observable(index) => self.observables[index].unit,
        }
    }

    /// The names of everything that can be recorded.
    pub fn signal_names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let observables = self.observables.iter().map(|observable| observable.name);
        self.states.iter().map(|state| state.name).chain(observables)
    }
}

/// What stands in a catalogue.
pub trait Described {
    /// Its entry.
    const INFO: &'static ModelInfo;
}
