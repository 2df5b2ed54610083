//! A checked model: every name resolved, every unit sound, every equation in the graph.

use std::sync::Arc;

use crate::document::{Kind, Reference};
use crate::evaluate::evaluate;
use crate::expr::Expression;
use crate::graph::{Graph, NodeId, Symbol};
use crate::noise;
use crate::scheme::Scheme;
use crate::source::{Source, Span};
use crate::table::{self, Axis};
use crate::unit::Unit;

/// A unit with the text by which the author calls it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedUnit {
    /// The unit.
    pub unit: Unit,
    /// Text of the unit as written; `1` for a pure number.
    pub text: String,
}

impl NamedUnit {
    /// The unit of pure numbers.
    pub fn one() -> Self {
        Self { unit: Unit::ONE, text: "1".to_owned() }
    }
}

/// A state variable.
#[derive(Debug, Clone)]
pub struct State {
    /// Its name.
    pub name: String,
    /// Unit of its values.
    pub unit: NamedUnit,
    /// Value at the start.
    pub init: f64,
    /// Intensity of the white noise that runs add to the state, in its unit per root of a ms.
    pub noise: Option<f64>,
    /// Limits into which the state is projected after every step.
    pub bounds: Option<(f64, f64)>,
    /// Limits of the circle into which the state is moved by whole turns after every step.
    pub wrap: Option<(f64, f64)>,
    /// LaTeX, where the author gave it.
    pub symbol: Option<String>,
    /// Description of the state.
    pub doc: String,
}

impl State {
    /// The description of the state, with its noise where it has some.
    pub fn meaning(&self) -> String {
        noise::meaning(&self.doc, self.noise, &noise::per_root_ms(&self.unit.text))
    }
}

impl Input {
    /// The description of the input, with the noise that drives it where nothing else does.
    pub fn meaning(&self) -> String {
        noise::meaning(&self.doc, self.noise, &noise::times_root_ms(&self.unit.text))
    }
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Unit of its values.
    pub unit: NamedUnit,
    /// Value if none is given.
    pub default: f64,
    /// Limits between which values make sense.
    pub range: Option<(f64, f64)>,
    /// LaTeX, where the author gave it.
    pub symbol: Option<String>,
    /// Description of the parameter.
    pub doc: String,
}

/// An input port.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Unit of its values.
    pub unit: NamedUnit,
    /// Intensity of the white noise that drives it where nothing else does, in its unit times the root of a ms.
    pub noise: Option<f64>,
    /// LaTeX, where the author gave it.
    pub symbol: Option<String>,
    /// Description of the input.
    pub doc: String,
}

/// A state or an observable of the same node some time ago; the kernel reads it behind the input ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelayedSignal {
    /// Signal that is read.
    pub signal: Signal,
    /// Node of the graph with the delay in ms, which is made of parameters.
    pub duration: NodeId,
    /// The delay as written.
    pub text: String,
    /// Indices of the parameters that the delay is made of.
    pub parameters: Vec<usize>,
}

/// A reusable expression with arguments.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Expression that the function stands for.
    pub is: Expression,
    /// Description of the function.
    pub doc: String,
}

/// A table of numbers, between which look-ups interpolate.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Unit of the numbers.
    pub unit: NamedUnit,
    /// Axes of the table, rows first.
    pub axes: Vec<TableAxis>,
    /// Name of the file, as a path from the folder of the model file.
    pub file: String,
    /// Path of the file in the code that is generated.
    pub path: String,
    /// Numbers of the table.
    pub values: Arc<table::Table>,
    /// LaTeX, where the author gave it.
    pub symbol: Option<String>,
    /// Description of the table.
    pub doc: String,
}

/// An axis of a table.
#[derive(Debug, Clone)]
pub struct TableAxis {
    /// Its name.
    pub name: String,
    /// Unit of the points.
    pub unit: NamedUnit,
    /// Points of the axis in that unit.
    pub points: Axis,
    /// Description of what is looked up along the axis.
    pub doc: String,
}

impl TableAxis {
    /// The axis in words: `mu: 350 points from -1 to 7 mV/ms`.
    pub fn shown(&self) -> String {
        let Axis { first, last, points } = self.points;
        let unit = if self.unit.text == "1" { String::new() } else { format!(" {}", self.unit.text) };
        format!("{}: {points} points from {first} to {last}{unit}", self.name)
    }
}

/// A named value: of `let`, of `observables`.
#[derive(Debug, Clone)]
pub struct NamedValue {
    /// Its name.
    pub name: String,
    /// Unit of its values.
    pub unit: NamedUnit,
    /// Expression as written.
    pub is: Expression,
    /// Node of the graph with the value in its unit.
    pub node: NodeId,
    /// LaTeX, where the author gave it.
    pub symbol: Option<String>,
    /// Description of the value.
    pub doc: String,
    /// Whether a let is computed once a step, and whether an observable belongs to the state before the step.
    pub at_start: bool,
}

/// The rate of change of a state.
#[derive(Debug, Clone)]
pub struct Derivative {
    /// Index of the state that changes.
    pub state: usize,
    /// Expression as written.
    pub is: Expression,
    /// Node of the graph with the rate, in the state's unit per ms.
    pub node: NodeId,
}

/// A state or an observable, as a step returns and a network reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// A state, by its index.
    State(usize),
    /// An observable, by its index.
    Observable(usize),
}

/// A signal that a network reads of other nodes, and the input that it feeds with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Couple {
    /// The signal that is read.
    pub from: Signal,
    /// Index of the input that is fed.
    pub to: usize,
    /// Name of the coupling rule that experiments take unless they name one.
    pub rule: Option<String>,
}

/// Scheme and step by which a model is integrated unless a program says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Integration {
    /// Integration scheme.
    pub scheme: Scheme,
    /// Time step in ms.
    pub dt: f64,
}

impl Default for Integration {
    /// Heun's scheme with steps of 0.1 ms.
    fn default() -> Self {
        Self { scheme: Scheme::HEUN, dt: 0.1 }
    }
}

/// A coupling: of a rule, or inside a model.
#[derive(Debug, Clone)]
pub struct Coupling {
    /// Index of the input that gets the result, inside a model; `None` for a rule.
    pub input: Option<usize>,
    /// Per connection, as written.
    pub pre: Expression,
    /// Node of the graph with the term of a connection.
    pub pre_node: NodeId,
    /// Post-synaptic function as written.
    pub post: Expression,
    /// Node of the graph with the post-synaptic function.
    pub post_node: NodeId,
    /// Whether the graph Laplacian takes the place of the weights.
    pub laplacian: bool,
    /// Substitute of each weight; `None` for the weights as they are.
    pub weight: Option<Weight>,
}

/// A substitute of the weights in the sum of a rule.
#[derive(Debug, Clone)]
pub struct Weight {
    /// Expression as written, of `w_ij`.
    pub is: Expression,
    /// Node of the graph with its value, in which [`Symbol::Sum`] stands for the weight.
    pub node: NodeId,
}

/// Parts of a layer of cells, or of a stack of layers.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The cell's model, or for a stack the layer's.
    pub of: String,
    /// The cell's input that gets the drive.
    pub input: Option<String>,
    /// The cell's state that feeds back.
    pub recurrent: Option<String>,
    /// The factor on the recurrent sum, in the graph; [`Symbol::Count`](crate::graph::Symbol::Count) is the number of cells.
    pub gain: Option<NodeId>,
    /// The state that the next layer reads.
    pub between: Option<String>,
    /// The state that the readout reads.
    pub readout: Option<String>,
}

/// A named set of parameter values.
#[derive(Debug, Clone)]
pub struct Preset {
    /// Its name.
    pub name: String,
    /// Description of the preset.
    pub doc: String,
    /// Source of the values.
    pub cite: Option<String>,
    /// Its DOI.
    pub doi: Option<String>,
    /// Parameter indices and values in their units.
    pub values: Vec<(usize, f64)>,
}

/// Settings of a run that a check or a plot makes.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Parameter indices and values.
    pub parameters: Vec<(usize, f64)>,
    /// State indices and initial values.
    pub init: Vec<(usize, f64)>,
    /// Input indices and constant values.
    pub inputs: Vec<(usize, f64)>,
    /// Time step in ms.
    pub dt: Option<f64>,
    /// Time left out, in ms.
    pub transient: f64,
    /// Time run, in ms.
    pub duration: Option<f64>,
}

/// Something that must hold.
#[derive(Debug, Clone)]
pub struct Check {
    /// The claim.
    pub what: CheckKind,
    /// Under which circumstances.
    pub setting: Setting,
    /// Source of the claim.
    pub source: String,
    /// Place of the claim in the file, for messages.
    pub span: Span,
}

/// The kinds of checks; values are in the units of what they are about, frequencies in Hz.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "documented in models/README.md")]
pub enum CheckKind {
    FixedPoint { state: Vec<(usize, f64)>, tolerance: f64 },
    Final { signal: Signal, is: f64, tolerance: f64 },
    Frequency { signal: Signal, from: f64, to: f64 },
    Within { signal: Signal, from: f64, to: f64 },
}

/// Several nodes that a run shows together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nodes {
    /// Name of the model whose nodes a coupling rule couples; empty for other models.
    pub model: String,
    /// Name of the signal that these nodes send; empty for other models.
    pub signal: String,
    /// Parameters with the value of each node.
    pub parameters: Vec<(String, Vec<f64>)>,
    /// States with the initial value of each node.
    pub init: Vec<(String, Vec<f64>)>,
}

impl Nodes {
    /// Returns the number of nodes.
    pub fn count(&self) -> usize {
        self.parameters.iter().chain(&self.init).map(|(_, values)| values.len()).next().unwrap_or(1)
    }
}

/// Plots that the docs show.
#[derive(Debug, Clone, Default)]
pub struct Plots {
    /// The run.
    pub run: Option<Setting>,
    /// Names of the signals that the run records.
    pub record: Vec<String>,
    /// The nodes of the run, where it has several.
    pub nodes: Option<Nodes>,
    /// Limits of the phase plane: state, from, to.
    pub phase: Vec<(usize, f64, f64)>,
    /// The sweep.
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
#[derive(Debug, Clone)]
pub struct Sweep {
    /// The quantity that is varied.
    pub over: Swept,
    /// First value of that quantity, in its unit.
    pub from: f64,
    /// Last value of that quantity, in its unit.
    pub to: f64,
    /// Signal that is shown.
    pub of: Signal,
}

/// A model.
#[derive(Debug, Clone)]
pub struct Model {
    /// The file.
    pub source: Arc<Source>,
    /// The name of the generated struct.
    pub name: String,
    /// The place of the name in its file.
    pub name_span: Span,
    /// Kind of the model.
    pub kind: Kind,
    /// A short title.
    pub title: String,
    /// `phenomenological`, `physiological` or `network`; empty for rules and observation models.
    pub category: String,
    /// Place in the catalogue within its category.
    pub order: Option<f64>,
    /// Use of the model, in a few words.
    pub use_case: String,
    /// Description of the model.
    pub description: String,
    /// Sources of the equations.
    pub references: Vec<Reference>,
    /// The file's own version.
    pub version: String,
    /// Changes from version to version of the file.
    pub changes: Vec<String>,
    /// Differences from the reference implementation.
    pub differences: Vec<String>,
    /// Hash of everything that makes the model: its file and those it extends.
    pub hash: u64,
    /// The model it is a variant of.
    pub extends: Option<String>,
    /// State variables.
    pub states: Vec<State>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Input ports.
    pub inputs: Vec<Input>,
    /// Delayed reads of own states and observables.
    pub delays: Vec<DelayedSignal>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Tables of numbers.
    pub tables: Vec<Table>,
    /// Intermediate values, in the order of the file.
    pub lets: Vec<NamedValue>,
    /// One a state, in the order of the file.
    pub derivatives: Vec<Derivative>,
    /// Values that can be recorded besides the states.
    pub observables: Vec<NamedValue>,
    /// Signal that a step returns.
    pub output: Option<Signal>,
    /// Signals that a network reads and the inputs that it feeds with them, where nothing else is said.
    pub couples: Vec<Couple>,
    /// Scheme and time step of a run that names none.
    pub integration: Integration,
    /// The interaction inside, or the rule itself.
    pub coupling: Option<Coupling>,
    /// Parts of a layer or a stack; `None` for other models.
    pub layer: Option<Layer>,
    /// Named parameter sets.
    pub presets: Vec<Preset>,
    /// Claims that must hold.
    pub checks: Vec<Check>,
    /// Plots that the docs show.
    pub plots: Plots,
    /// All expressions.
    pub graph: Graph,
}

impl Model {
    /// The index of a state.
    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.iter().position(|state| state.name == name)
    }

    /// The name of a signal.
    pub fn signal_name(&self, signal: Signal) -> &str {
        match signal {
            Signal::State(index) => &self.states[index].name,
            Signal::Observable(index) => &self.observables[index].name,
        }
    }

    /// Computes the delays in ms, in the order of the delayed reads, from one value a parameter.
    pub fn durations(&self, parameters: &[f64]) -> Vec<f64> {
        let nodes: Vec<NodeId> = self.delays.iter().map(|delay| delay.duration).collect();
        evaluate(&self.graph, &nodes, |symbol| match symbol {
            Symbol::Parameter(index) => parameters[usize::from(index)],
            _ => f64::NAN,
        })
    }

    /// The derivative's node of each state, in the order of the states.
    pub fn right_hand_side(&self) -> Vec<NodeId> {
        let node = |state: usize| self.derivatives.iter().find(|derivative| derivative.state == state);
        (0..self.states.len()).filter_map(|state| node(state).map(|derivative| derivative.node)).collect()
    }
}
