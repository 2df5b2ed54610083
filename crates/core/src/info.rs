//! The catalogue entries of models: all that their files say. Those of compiled models are constants.

use std::fmt;

use brainmass_spec::noise;
use serde::Serialize;

use crate::real::Real;
use crate::scheme::Scheme;
use crate::shared::{List, Shared, Text};

/// Everything that a model file says about a model, but for the code of its equations. Numbers are in the units named beside them.
#[derive(Debug, Clone, Serialize)]
pub struct ModelInfo {
    /// The name of the model, which is that of the generated struct.
    pub name: Text,
    /// The kind of model: a node, a coupling rule and so on.
    pub kind: Kind,
    /// A short title.
    pub title: Text,
    /// The category of a node model; `None` for rules and observation models.
    pub category: Option<Category>,
    /// The use of the model, in a few words.
    pub use_case: Text,
    /// A description in prose.
    pub description: Text,
    /// The publications that the equations and parameters come from.
    pub references: List<Reference>,
    /// The version of the model file.
    pub version: Text,
    /// A hash of the text of the file and of the files that it extends.
    pub hash: u64,
    /// The changes from version to version, one line each.
    pub changes: List<Text>,
    /// The differences from Python brainmass 0.1.1, one line each.
    pub differences: List<Text>,
    /// The name of the model that this one is a variant of.
    pub extends: Option<Text>,
    /// The state variables.
    pub states: List<StateInfo>,
    /// The parameters.
    pub parameters: List<ParameterInfo>,
    /// The input ports.
    pub inputs: List<InputInfo>,
    /// The tables that the equations look values up in.
    pub tables: List<TableInfo>,
    /// The states and observables that the equations read with a delay; kernels receive them behind the input ports.
    pub delays: List<DelayedSignal>,
    /// The quantities that can be recorded besides the states.
    pub observables: List<ObservableInfo>,
    /// The equations, as LaTeX and as text.
    pub equations: List<Equation>,
    /// The signal that is recorded where nothing else is asked for.
    pub output: Option<Signal>,
    /// The signals that a network reads, and the input ports that it feeds with them, where nothing else is named.
    pub couples: List<Couple>,
    /// Integration scheme of a run that names none.
    pub scheme: Scheme,
    /// Time step in ms with which the model is meant to be run by its scheme.
    pub dt: f64,
    /// The index of the input port that the interaction inside the model feeds; `None` for a model whose nodes do not interact.
    pub internal_coupling: Option<usize>,
    /// The way in which a layer is made of cells, or a stack of layers; `None` for other kinds.
    pub layer: Option<LayerInfo>,
    /// Named sets of parameters.
    pub presets: List<Preset>,
    /// Claims about the model that tests hold it to.
    #[serde(skip)]
    pub checks: List<Check>,
    /// The runs and sweeps that the documentation shows.
    #[serde(skip)]
    pub plots: Plots,
    /// The text of the model file.
    #[serde(skip)]
    pub yaml: Text,
}

/// The kinds of models that a file describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The equations of a neural mass.
    Node,
    /// A rule by which nodes are coupled.
    Coupling,
    /// A model of what an instrument sees of the activity.
    Observation,
    /// A layer of cells with trainable weights.
    SequenceLayer,
    /// A stack of layers with a readout.
    SequenceNetwork,
}

/// The categories of node models in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Models that reproduce dynamics without claiming a mechanism.
    Phenomenological,
    /// Models whose variables stand for quantities of the tissue.
    Physiological,
    /// Models of interacting units.
    Network,
}

impl Category {
    /// Every category, in the order of the catalogue.
    pub const ALL: [Self; 3] = [Self::Phenomenological, Self::Physiological, Self::Network];

    /// The name of the category in small letters, as model files have it.
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

/// A publication that a model is taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Authors and year.
    pub cite: Text,
    /// The digital object identifier.
    pub doi: Option<Text>,
    /// The address of a source that has no digital object identifier.
    pub url: Option<Text>,
    /// The part of the model that is taken from the source.
    pub note: Option<Text>,
}

/// A state variable of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateInfo {
    /// The name of the state.
    pub name: Text,
    /// The unit of its values.
    pub unit: Text,
    /// The initial value.
    pub init: f64,
    /// The intensity of the white noise that a run adds to the state unless told otherwise, in its unit per sqrt(ms); `None` without noise.
    pub noise: Option<f64>,
    /// The bounds into which the state is projected after every step; `None` without bounds.
    pub bounds: Option<(f64, f64)>,
    /// The limits of the circle that the state goes round: after every step it is moved into them by whole turns; `None` for other states.
    pub wrap: Option<(f64, f64)>,
    /// The symbol of the state in LaTeX.
    pub latex: Text,
    /// The meaning of the state.
    pub doc: Text,
}

impl StateInfo {
    /// The meaning of the state, with its noise where it has some.
    pub fn meaning(&self) -> String {
        noise::meaning(&self.doc, self.noise, &noise::per_root_ms(&self.unit))
    }

    /// The value within its bounds, or on its circle.
    pub fn projected(&self, value: f64) -> f64 {
        let value = match self.bounds {
            Some((low, high)) => Real::min(high, Real::max(low, value)),
            None => value,
        };
        match self.wrap {
            Some((low, high)) => value - (high - low) * ((value - low) / (high - low)).floor(),
            None => value,
        }
    }
}

/// A parameter of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterInfo {
    /// The name of the parameter.
    pub name: Text,
    /// The unit of its values.
    pub unit: Text,
    /// The value that it has if none is given.
    pub default: f64,
    /// The range in which the parameter makes sense; `None` if the file says nothing.
    pub range: Option<(f64, f64)>,
    /// The symbol of the parameter in LaTeX.
    pub latex: Text,
    /// The meaning of the parameter.
    pub doc: Text,
}

/// An input port of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputInfo {
    /// The name of the port.
    pub name: Text,
    /// The unit of its values.
    pub unit: Text,
    /// The intensity of the white noise that drives the port where a run gives it no input, in its unit times sqrt(ms); `None` without noise.
    pub noise: Option<f64>,
    /// The symbol of the input in LaTeX.
    pub latex: Text,
    /// The meaning of the input.
    pub doc: Text,
}

impl InputInfo {
    /// The meaning of the input, with the noise that drives it where nothing else does.
    pub fn meaning(&self) -> String {
        noise::meaning(&self.doc, self.noise, &noise::times_root_ms(&self.unit))
    }
}

/// A table of numbers that the equations look values up in.
#[derive(Debug, Clone, Serialize)]
pub struct TableInfo {
    /// The name of the table.
    pub name: Text,
    /// The unit of its numbers.
    pub unit: Text,
    /// The axes: that of the rows, and that of the columns of a table that has two.
    pub axes: List<AxisInfo>,
    /// The name of the file, as a path from the folder of the model file.
    pub file: Text,
    /// The symbol of the table in LaTeX.
    pub latex: Text,
    /// The meaning of the table.
    pub doc: Text,
    /// The content of the file.
    #[serde(skip)]
    pub bytes: Shared<[u8]>,
}

/// An axis of a table, whose points are evenly spaced.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AxisInfo {
    /// The name of what is looked up along the axis.
    pub name: Text,
    /// The unit of the points.
    pub unit: Text,
    /// The first point.
    pub from: f64,
    /// The last point.
    pub to: f64,
    /// The number of points.
    pub points: usize,
    /// The meaning of what is looked up along the axis.
    pub doc: Text,
}

/// A signal that a network reads of other nodes, and the input port that it feeds with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Couple {
    /// The signal that is read.
    pub from: Signal,
    /// The index of the input port that is fed.
    pub to: usize,
    /// The name of the coupling rule that an experiment takes unless it names one itself.
    pub rule: Option<Text>,
}

/// A state or an observable that a node reads of its own past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DelayedSignal {
    /// The signal that is read.
    pub signal: Signal,
    /// The delay as the file has it: the name of a parameter, or an expression of parameters.
    pub duration: Text,
    /// The indices of the parameters that the delay is made of.
    pub parameters: List<usize>,
}

/// A quantity that can be recorded besides the states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObservableInfo {
    /// The name of the observable.
    pub name: Text,
    /// The unit of its values.
    pub unit: Text,
    /// Whether the observable belongs to the state before a step and the inputs of that step, in place of the state after it.
    pub at_start: bool,
    /// The symbol of the observable in LaTeX.
    pub latex: Text,
    /// The meaning of the observable.
    pub doc: Text,
}

/// A line of the equations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Equation {
    /// The name of what the line defines.
    pub name: Text,
    /// The kind of line.
    pub role: Role,
    /// The line in LaTeX.
    pub latex: Text,
    /// The line as the file has it.
    pub text: Text,
}

/// The kinds of lines that equations have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The rate of change of a state.
    Derivative,
    /// An intermediate value.
    Let,
    /// The definition of a function.
    Function,
    /// The definition of an observable.
    Observable,
    /// The coupling input of a node.
    Coupling,
}

/// A state or an observable of a model, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The state of this index.
    State(usize),
    /// The observable of this index.
    Observable(usize),
}

/// The way in which a layer is made of cells, or a stack of layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayerInfo {
    /// The name of the model that it is made of.
    pub of: Text,
    /// The name of the cell's input port that receives the drive.
    pub input: Option<Text>,
    /// The name of the cell's state that feeds back.
    pub recurrent: Option<Text>,
    /// The name of the state that the next layer reads.
    pub between: Option<Text>,
    /// The name of the state that the readout reads.
    pub readout: Option<Text>,
}

/// A named set of parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preset {
    /// The name of the preset.
    pub name: Text,
    /// The purpose of the preset.
    pub doc: Text,
    /// The publication that the values come from.
    pub cite: Option<Text>,
    /// The digital object identifier of that publication.
    pub doi: Option<Text>,
    /// The index of each parameter that is set, with its value in the declared unit.
    pub values: List<(usize, f64)>,
}

/// The circumstances of a run that a check or a plot describes: indices of parameters, states and inputs with their values.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The parameters that are set.
    pub parameters: List<(usize, f64)>,
    /// The initial states that are set.
    pub init: List<(usize, f64)>,
    /// The inputs that are held at a constant value.
    pub inputs: List<(usize, f64)>,
    /// The time step in ms; `None` for the one of the model.
    pub dt: Option<f64>,
    /// The time at the start that is left out, in ms.
    pub transient: f64,
    /// The duration of the run in ms; `None` for the usual one.
    pub duration: Option<f64>,
}

/// A claim about a model that a test holds it to.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The claim.
    pub what: CheckKind,
    /// The circumstances under which it is claimed.
    pub setting: Setting,
    /// The publication or derivation that the claim comes from.
    pub source: Text,
}

/// The kinds of checks, as `models/README.md` describes them; frequencies are in Hz.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "documented in models/README.md")]
pub enum CheckKind {
    FixedPoint { state: List<(usize, f64)>, tolerance: f64 },
    Final { signal: Signal, is: f64, tolerance: f64 },
    Frequency { signal: Signal, from: f64, to: f64 },
    Within { signal: Signal, from: f64, to: f64 },
}

/// The runs and sweeps that the documentation shows of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Plots {
    /// The circumstances of the run that is drawn.
    pub run: Option<Setting>,
    /// The names of the signals that are drawn.
    pub record: List<Text>,
    /// The axes of the phase plane: index of the state, lower end, upper end.
    pub phase: List<(usize, f64, f64)>,
    /// The sweep that is drawn.
    pub sweep: Option<Sweep>,
}

/// The quantity that a sweep varies, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// A parameter.
    Parameter(usize),
    /// An input, which is constant in each run of the sweep.
    Input(usize),
}

/// A sweep over one parameter or one constant input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sweep {
    /// The quantity that is varied.
    pub over: Swept,
    /// The value at which the sweep begins, in the unit of that quantity.
    pub from: f64,
    /// The value at which the sweep ends, in the unit of that quantity.
    pub to: f64,
    /// The signal that is shown.
    pub of: Signal,
}

impl ModelInfo {
    /// The number of state variables.
    pub fn n_state_vars(&self) -> usize {
        self.states.len()
    }

    /// The signal that a network reads where none is named: that of the first coupling, or the output.
    pub fn couples_from(&self) -> Option<Signal> {
        self.couples.first().map_or(self.output, |couple| Some(couple.from))
    }

    /// The index of the input port that a network feeds where none is named: that of the first coupling.
    pub fn couples_to(&self) -> Option<usize> {
        self.couples.first().map(|couple| couple.to)
    }

    /// The index of a state by its name.
    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.iter().position(|state| state.name == name)
    }

    /// The index of a parameter by its name.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }

    /// The index of an input port by its name.
    pub fn input(&self, name: &str) -> Option<usize> {
        self.inputs.iter().position(|input| input.name == name)
    }

    /// The state or observable that has a name.
    pub fn signal(&self, name: &str) -> Option<Signal> {
        let observable = || self.observables.iter().position(|observable| observable.name == name);
        self.state(name).map(Signal::State).or_else(|| observable().map(Signal::Observable))
    }

    /// The name of a signal.
    pub fn signal_name(&self, signal: Signal) -> &Text {
        match signal {
            Signal::State(index) => &self.states[index].name,
            Signal::Observable(index) => &self.observables[index].name,
        }
    }

    /// The unit of a signal.
    pub fn signal_unit(&self, signal: Signal) -> &Text {
        match signal {
            Signal::State(index) => &self.states[index].unit,
            Signal::Observable(index) => &self.observables[index].unit,
        }
    }

    /// The names of the states, then those of the observables.
    pub fn signal_names(&self) -> impl Iterator<Item = &Text> {
        let observables = self.observables.iter().map(|observable| &observable.name);
        self.states.iter().map(|state| &state.name).chain(observables)
    }
}

/// A type that has a catalogue entry.
pub trait Described {
    /// The catalogue entry.
    const INFO: &'static ModelInfo;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_moved_onto_its_circle_by_whole_turns() {
        let state = StateInfo {
            name: Text::new("x"),
            unit: Text::new("1"),
            init: 0.0,
            noise: None,
            bounds: None,
            wrap: Some((-1.0, 3.0)),
            latex: Text::new("x"),
            doc: Text::new(""),
        };
        let moved = [-1.0, 0.5, 3.0, 4.5, -9.5, 2.0].map(|value| state.projected(value));
        assert_eq!(moved, [-1.0, 0.5, -1.0, 0.5, 2.5, 2.0]);
        assert!(state.projected(f64::INFINITY).is_nan(), "what has left the numbers is not hidden");
    }
}
