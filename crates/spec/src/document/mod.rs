//! A model file as it is written: every key read, nothing resolved yet.

mod read;
mod shorthand;
mod time;
mod vectors;

pub use shorthand::written_out;

use std::sync::Arc;

use crate::expr::Expression;
pub use crate::language::Kind;
use crate::source::{Source, Span, Spanned};
use crate::yaml::{Key, Node};

/// An entry under a name of the author's choice.
#[derive(Debug, Clone)]
pub struct Named<T> {
    /// The name.
    pub name: Spanned<String>,
    /// The entry itself.
    pub value: T,
}

/// `states:`
#[derive(Debug, Clone)]
pub struct StateEntry {
    /// Number of components of a vector.
    pub size: Option<Node>,
    /// Value at the start.
    pub init: Option<Node>,
    /// Unit, where `init` does not carry it.
    pub unit: Option<Spanned<String>>,
    /// Intensity of the white noise on the state.
    pub noise: Option<Node>,
    /// Limits into which the state is projected after a step.
    pub bounds: Option<Node>,
    /// Limits of the circle that the state goes round.
    pub wrap: Option<Node>,
    /// LaTeX.
    pub symbol: Option<String>,
    /// Description of the state.
    pub doc: Option<String>,
}

/// `parameters:`
#[derive(Debug, Clone)]
pub struct ParameterEntry {
    /// Number of components of a vector.
    pub size: Option<Node>,
    /// Default value.
    pub default: Option<Node>,
    /// Unit, where `default` does not carry it.
    pub unit: Option<Spanned<String>>,
    /// Limits between which values make sense.
    pub range: Option<Node>,
    /// LaTeX.
    pub symbol: Option<String>,
    /// Description of the parameter.
    pub doc: Option<String>,
}

/// `inputs:`
#[derive(Debug, Clone)]
pub struct InputEntry {
    /// Number of components of a vector.
    pub size: Option<Node>,
    /// Unit.
    pub unit: Option<Spanned<String>>,
    /// Intensity of the white noise that drives the input.
    pub noise: Option<Node>,
    /// LaTeX.
    pub symbol: Option<String>,
    /// Description of the input.
    pub doc: Option<String>,
}

/// `functions:`
#[derive(Debug, Clone)]
pub struct FunctionEntry {
    /// Names of its arguments.
    pub arguments: Vec<String>,
    /// Expression that the function stands for.
    pub is: Expression,
    /// Description of the function.
    pub doc: Option<String>,
}

/// `tables:`
#[derive(Debug, Clone)]
pub struct TableEntry {
    /// Name of the file of the numbers.
    pub file: Option<Spanned<String>>,
    /// Axes of the table, rows first.
    pub axes: Vec<Named<AxisEntry>>,
    /// Unit of the numbers.
    pub unit: Option<Spanned<String>>,
    /// Word for how values between the points are made.
    pub interpolate: Option<Spanned<String>>,
    /// Word for what holds beyond the ends of an axis.
    pub outside: Option<Spanned<String>>,
    /// LaTeX.
    pub symbol: Option<String>,
    /// Description of the table.
    pub doc: Option<String>,
}

/// `axes:` of a table.
#[derive(Debug, Clone)]
pub struct AxisEntry {
    /// First point.
    pub from: Option<Node>,
    /// Last point.
    pub to: Option<Node>,
    /// Unit, where `from` does not carry it.
    pub unit: Option<Spanned<String>>,
    /// Description of the axis.
    pub doc: Option<String>,
}

/// `let:` and `observables:`
#[derive(Debug, Clone)]
pub struct ValueEntry {
    /// Expression that the value is equal to.
    pub is: Expression,
    /// Unit to express it in.
    pub unit: Option<Spanned<String>>,
    /// LaTeX.
    pub symbol: Option<String>,
    /// Description of the value.
    pub doc: Option<String>,
    /// Computed once a step.
    pub held: bool,
    /// Belongs to the state before the step.
    pub at_start: bool,
}

/// `references:`
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Authors and year, or more.
    pub cite: String,
    /// Digital object identifier, without a prefix.
    pub doi: Option<String>,
    /// Address of what has no DOI.
    pub url: Option<String>,
    /// Note on the part that is taken from the source.
    pub note: Option<String>,
}

/// `couples:`, or an item of it.
#[derive(Debug, Clone)]
pub struct CoupleEntry {
    /// The whole entry.
    pub span: Span,
    /// The signal that is read.
    pub from: Option<Spanned<String>>,
    /// The input that is fed.
    pub to: Option<Spanned<String>>,
    /// The coupling rule.
    pub rule: Option<Spanned<String>>,
}

/// `coupling:` of a model that interacts inside.
#[derive(Debug, Clone)]
pub struct InternalCouplingEntry {
    /// The input that gets the sum.
    pub input: Spanned<String>,
    /// Per connection.
    pub pre: Expression,
    /// Post-synaptic function of the weighted sum.
    pub post: Expression,
}

/// Values given by name: `{tau: 10 ms}`.
pub type Assignments = Vec<(Key, Node)>;

/// `presets:`
#[derive(Debug, Clone)]
pub struct PresetEntry {
    /// Source of the values.
    pub cite: Option<String>,
    /// Its DOI.
    pub doi: Option<String>,
    /// Description of the preset.
    pub doc: Option<String>,
    /// The values.
    pub set: Assignments,
}

/// `checks:`
#[derive(Debug, Clone)]
pub struct CheckEntry {
    /// The whole entry.
    pub span: Span,
    /// The claim.
    pub what: CheckKind,
    /// Lower limit of `frequency` and `within`.
    pub from: Option<Node>,
    /// Upper limit.
    pub to: Option<Node>,
    /// Expected value of `final`.
    pub is: Option<Node>,
    /// Largest deviation at which the claim holds.
    pub tolerance: Option<f64>,
    /// Parameters.
    pub set: Assignments,
    /// Initial states.
    pub init: Assignments,
    /// Constant inputs.
    pub inputs: Assignments,
    /// Time step.
    pub dt: Option<Node>,
    /// Time to leave out.
    pub transient: Option<Node>,
    /// Time to run.
    pub duration: Option<Node>,
    /// Source of the claim.
    pub source: Option<String>,
}

/// The kinds of checks.
#[derive(Debug, Clone)]
pub enum CheckKind {
    /// Every derivative vanishes at this state.
    FixedPoint(Assignments),
    /// A state or observable ends at a value.
    Final(Spanned<String>),
    /// The largest spectral peak of a state or observable lies in a band.
    Frequency(Spanned<String>),
    /// A state or observable stays inside limits.
    Within(Spanned<String>),
}

/// `plots:`
#[derive(Debug, Clone, Default)]
pub struct PlotsEntry {
    /// The run to show.
    pub run: Option<PlotRunEntry>,
    /// Limits of the phase plane.
    pub phase: Assignments,
    /// The sweep to show.
    pub sweep: Option<SweepEntry>,
}

/// `plots: run:`
#[derive(Debug, Clone)]
pub struct PlotRunEntry {
    /// Time to run.
    pub duration: Option<Node>,
    /// Time step.
    pub dt: Option<Node>,
    /// Time to leave out.
    pub transient: Option<Node>,
    /// Parameters.
    pub set: Assignments,
    /// Initial states.
    pub init: Assignments,
    /// Constant inputs.
    pub inputs: Assignments,
    /// Names of the signals to show.
    pub record: Vec<Spanned<String>>,
    /// Values that differ between the nodes of the run.
    pub nodes: Assignments,
}

/// `plots: sweep:`
#[derive(Debug, Clone)]
pub struct SweepEntry {
    /// Name of the parameter or input that is varied.
    pub over: Spanned<String>,
    /// Whether that is the name of an input.
    pub input: bool,
    /// First value.
    pub from: Node,
    /// Last value.
    pub to: Node,
    /// Name of the signal to show.
    pub of: Option<Spanned<String>>,
}

/// `recurrent:` of a layer.
#[derive(Debug, Clone)]
pub struct RecurrentEntry {
    /// The state that feeds back.
    pub from: Spanned<String>,
    /// Factor on the recurrent sum; `n` is the number of cells.
    pub gain: Option<Expression>,
}

/// A file, read.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are the keys of the language, documented in models/README.md")]
pub struct Document {
    pub source: Arc<Source>,
    pub name: Spanned<String>,
    pub kind: Kind,
    pub title: Option<Spanned<String>>,
    pub category: Option<Spanned<String>>,
    pub order: Option<f64>,
    pub use_case: Option<Spanned<String>>,
    pub description: Option<Spanned<String>>,
    pub references: Vec<Reference>,
    pub version: Option<Spanned<String>>,
    pub changes: Vec<String>,
    pub differences: Vec<String>,
    pub extends: Option<Spanned<String>>,
    pub remove: Vec<Spanned<String>>,
    pub time_unit: Option<Spanned<String>>,
    pub states: Vec<Named<StateEntry>>,
    pub parameters: Vec<Named<ParameterEntry>>,
    pub inputs: Vec<Named<InputEntry>>,
    pub functions: Vec<Named<FunctionEntry>>,
    pub tables: Vec<Named<TableEntry>>,
    pub lets: Vec<Named<ValueEntry>>,
    pub derivatives: Vec<Named<Expression>>,
    pub observables: Vec<Named<ValueEntry>>,
    pub output: Option<Spanned<String>>,
    pub couples: Vec<CoupleEntry>,
    pub scheme: Option<Spanned<String>>,
    pub dt: Option<Node>,
    pub coupling: Option<InternalCouplingEntry>,
    pub presets: Vec<Named<PresetEntry>>,
    pub checks: Vec<CheckEntry>,
    pub plots: PlotsEntry,
    pub pre: Option<Expression>,
    pub post: Option<Expression>,
    pub weights: Option<Node>,
    pub cell: Option<Spanned<String>>,
    pub layer: Option<Spanned<String>>,
    pub input: Option<Spanned<String>>,
    pub recurrent: Option<RecurrentEntry>,
    pub between: Option<Spanned<String>>,
    pub readout: Option<Spanned<String>>,
    /// Names of entries that could not be read: nothing more is said about their uses.
    pub unread: Vec<String>,
    /// Whether vectors were written out, so that one place of the file stands for several equations.
    pub has_vectors: bool,
    /// Whether a whole section could not be read, so that any name may be missing.
    pub incomplete: bool,
}
