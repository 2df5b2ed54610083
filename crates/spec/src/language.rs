//! The model language: which keys there are, what each takes, and what becomes of it.
//!
//! One table describes every key. The reader takes shapes and suggestions from it, variants and layers what they inherit, the tests what the
//! catalogue publishes, and `models/README.md` its tables. A new key is a row here, a field of the document that reads it, and whatever
//! computes with it.

/// The kinds of models, by which a file says what it describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A neural mass: the usual kind.
    Node,
    /// A rule by which nodes are coupled.
    Coupling,
    /// A model of what an instrument sees, driven by a recorded signal.
    Observation,
    /// A layer of cells with trainable weights.
    SequenceLayer,
    /// A stack of layers with a readout.
    SequenceNetwork,
}

impl Kind {
    /// Every kind, by the word that a file uses for it.
    pub const ALL: [(&'static str, Self); 5] = [
        ("node", Self::Node),
        ("coupling", Self::Coupling),
        ("observation", Self::Observation),
        ("sequence_layer", Self::SequenceLayer),
        ("sequence_network", Self::SequenceNetwork),
    ];

    /// The word that a file uses for the kind.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// A mapping of the language: its name in messages, and the keys that may stand in it.
#[derive(Debug)]
pub struct Section {
    /// The name of the mapping in messages, as in "unknown key in a state".
    pub what: &'static str,
    /// The keys, in the order in which documentation lists them.
    pub keys: &'static [Key],
}

impl Section {
    /// The description of a key.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// A key of the language.
#[derive(Debug)]
pub struct Key {
    /// The key as it is written.
    pub name: &'static str,
    /// The values that may stand behind the key.
    pub takes: Takes,
    /// The kinds of models that it has a meaning for; empty for all.
    pub kinds: &'static [Kind],
    /// The part of the key that a model takes from the model that it builds on.
    pub inherited: Inherited,
    /// The field of `ModelInfo` (of an entry: of the entry's description there) that publishes it; empty where it is used up.
    pub published: &'static str,
    /// A sentence that says what the key means.
    pub doc: &'static str,
}

/// The values that may stand behind a key.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// A text of any length.
    Text,
    /// A text of at most so many characters, which is shown on one line.
    Line(usize),
    /// The name of something, or one of a few words.
    Name,
    /// A list of names.
    Names,
    /// A list of texts.
    Texts,
    /// A plain number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A number, with a unit behind it unless it is in this one.
    Quantity(&'static str),
    /// A quantity, or a list of one for each component of a vector.
    Quantities(&'static str),
    /// `[low, high]`, each a quantity.
    Limits(&'static str),
    /// `[low, high]`, each a quantity, or a mapping.
    LimitsOr(&'static str, &'static Section),
    /// A formula.
    Expression,
    /// Names of the author's choice with a formula each.
    Expressions,
    /// Names of parameters, states or inputs with a quantity each.
    Values,
    /// Names of parameters or states with a list of quantities each.
    Lists,
    /// Names of states with `[low, high]` each.
    Ranges,
    /// A mapping with keys of its own.
    Section(&'static Section),
    /// Names of the author's choice with a mapping each.
    Entries(&'static Section),
    /// Names of the author's choice with a formula each, or a mapping that has the formula under `is`.
    Formulas(&'static Section),
    /// A list of mappings.
    Items(&'static Section),
    /// One mapping, or a list of them.
    OneOrItems(&'static Section),
}

/// The shapes that a value may have in the tree of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text, a number or a truth value.
    Scalar,
    /// A list.
    List,
    /// A mapping.
    Mapping,
}

impl Takes {
    /// Whether a value of this shape may stand there.
    pub fn accepts(self, shape: Shape) -> bool {
        match self {
            Self::OneOrItems(_) | Self::LimitsOr(..) => shape != Shape::Scalar,
            Self::Quantities(_) => shape != Shape::Mapping,
            other => shape == other.shape(),
        }
    }

    /// The shape that the value has, or the simpler one where it may have two.
    pub fn shape(self) -> Shape {
        match self {
            Self::Text
            | Self::Line(_)
            | Self::Name
            | Self::Number
            | Self::Truth
            | Self::Quantity(_)
            | Self::Quantities(_)
            | Self::Expression => Shape::Scalar,
            Self::Names | Self::Texts | Self::Limits(_) | Self::LimitsOr(..) | Self::Items(_) => Shape::List,
            Self::Expressions
            | Self::Values
            | Self::Lists
            | Self::Ranges
            | Self::Section(_)
            | Self::OneOrItems(_)
            | Self::Entries(_)
            | Self::Formulas(_) => Shape::Mapping,
        }
    }

    /// Describes the expected value, for messages and for the tables of the documentation.
    pub fn describe(self) -> String {
        let in_unit = |unit: &str| if unit.is_empty() { String::new() } else { format!(" in {unit}") };
        match self {
            Self::Text | Self::Line(_) => "text".to_owned(),
            Self::Name => "a name".to_owned(),
            Self::Names => "a list of names".to_owned(),
            Self::Texts => "a list of texts".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Truth => "true or false".to_owned(),
            Self::Quantity(unit) => format!("a quantity{}", in_unit(unit)),
            Self::Quantities(unit) => format!("a quantity{}, or a list of them", in_unit(unit)),
            Self::Limits(unit) => format!("[low, high]{}", in_unit(unit)),
            Self::LimitsOr(unit, _) => format!("[low, high]{}, or a mapping", in_unit(unit)),
            Self::Expression => "an expression".to_owned(),
            Self::Expressions => "a mapping of names to expressions".to_owned(),
            Self::Values => "a mapping of names to values".to_owned(),
            Self::Lists => "a mapping of names to lists of values".to_owned(),
            Self::Ranges => "a mapping of names to [low, high]".to_owned(),
            Self::Section(_) => "a mapping".to_owned(),
            Self::Entries(section) => format!("a mapping of names, each {}", section.what),
            Self::Formulas(section) => format!("a mapping of names, each an expression or {}", section.what),
            Self::Items(section) => format!("a list, each item {}", section.what),
            Self::OneOrItems(_) => "a mapping, or a list of them".to_owned(),
        }
    }
}

/// The part of a key that a model takes from the model that it builds on, where its own file does not give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inherited {
    /// No part: the key says something about its own file alone.
    Never,
    /// All of it, by a variant (`extends`).
    ByVariants,
    /// All of it, by a variant, and by a layer from its cell or a stack from its layer.
    Always,
    /// Entry by entry, by a variant: its own entries replace those of the same name.
    EntriesByVariants,
    /// Entry by entry, by variants, layers and stacks.
    EntriesAlways,
}

impl Inherited {
    /// Whether a layer or a stack takes it, too.
    pub fn by_layers(self) -> bool {
        matches!(self, Self::Always | Self::EntriesAlways)
    }

    /// Whether it is taken entry by entry.
    pub fn by_entries(self) -> bool {
        matches!(self, Self::EntriesByVariants | Self::EntriesAlways)
    }
}

use Inherited::{Always, ByVariants, EntriesAlways, EntriesByVariants, Never};
use Kind::{Coupling, Node, Observation, SequenceLayer, SequenceNetwork};
use Takes::{
    Entries, Expression, Expressions, Formulas, Items, Limits, Line, Lists, Name, Names, Number, Quantity,
    Ranges, Text, Texts, Truth, Values,
};

/// A key of the file itself.
const fn top(
    name: &'static str,
    takes: Takes,
    kinds: &'static [Kind],
    inherited: Inherited,
    published: &'static str,
    doc: &'static str,
) -> Key {
    Key { name, takes, kinds, inherited, published, doc }
}

/// A key of a mapping in the file. What the mapping is inherited by, it is.
const fn key(name: &'static str, takes: Takes, published: &'static str, doc: &'static str) -> Key {
    Key { name, takes, kinds: &[], inherited: Never, published, doc }
}

/// Most characters of a symbol or a unit, which stand in a formula as often as the name does.
const SYMBOL: usize = 200;
/// Most characters of a title.
const TITLE: usize = 300;

/// The kinds whose models have states, or are made of models that have.
const WITH_STATES: &[Kind] = &[Node, Observation, SequenceLayer, SequenceNetwork];
const RULES: &[Kind] = &[Coupling];
const ALL: &[Kind] = &[];

/// The keys of a model file.
#[rustfmt::skip]
pub static MODEL: Section = Section {
    what: "a model file",
    keys: &[
        top("name", Name, ALL, Never, "name", "Name of the model and of the struct that is generated for it: a capital letter, then letters and digits."),
        top("kind", Name, ALL, ByVariants, "kind", "What the file describes: `node` (the default), `coupling`, `observation`, `sequence_layer` or `sequence_network`."),
        top("title", Line(TITLE), ALL, Always, "title", "Short title."),
        top("category", Name, ALL, Always, "category", "Category in the catalogue: `phenomenological`, `physiological` or `network`. A node model needs one."),
        top("order", Number, ALL, ByVariants, "", "Place in the catalogue within the category. Models without one come after the others, by name."),
        top("use_case", Line(TITLE), ALL, Always, "use_case", "What the model is good for, in a few words."),
        top("description", Text, ALL, Always, "description", "What the model is, what its variables stand for, and when to take it."),
        top("references", Items(&REFERENCE), ALL, Always, "references", "The sources of the equations."),
        top("version", Line(TITLE), ALL, Never, "version", "The file's own version, such as `1.0.0`. A hash of the file is stamped into results beside it."),
        top("changes", Texts, ALL, Never, "changes", "What changed from version to version of this file."),
        top("differences", Texts, ALL, Never, "differences", "How the model differs from its counterpart in Python brainmass 0.1.1, and by which source."),
        top("extends", Name, ALL, Never, "extends", "The model that this one is a variant of; see below."),
        top("remove", Names, ALL, Never, "", "Entries of the base that the variant does not have."),
        top("time_unit", Quantity("ms"), WITH_STATES, Always, "", "`1 ms` or `1 s`: the equations are written in dimensionless time, and one unit of it lasts so long."),
        top("states", Entries(&STATE), WITH_STATES, EntriesAlways, "states", "State variables."),
        top("parameters", Entries(&PARAMETER), ALL, EntriesAlways, "parameters", "Parameters."),
        top("inputs", Entries(&INPUT), WITH_STATES, EntriesAlways, "inputs", "Input ports. One that nothing drives is 0."),
        top("functions", Formulas(&FUNCTION), ALL, EntriesAlways, "equations", "Functions by their heads, `S(v): s_max*sigmoid(r*(v - v0))`. They are written out where they are called."),
        top("tables", Entries(&TABLE), WITH_STATES, EntriesAlways, "tables", "Tables of numbers in files beside this one, which expressions call as functions, `r(mu, sigma)`; see below."),
        top("let", Formulas(&LET), ALL, EntriesAlways, "equations", "Named intermediate values, in any order, without cycles."),
        top("derivatives", Expressions, WITH_STATES, EntriesAlways, "equations", "The rate of change of each state."),
        top("observables", Formulas(&OBSERVABLE), WITH_STATES, EntriesAlways, "observables", "What can be recorded besides the states."),
        top("output", Name, WITH_STATES, Always, "output", "The state or observable that a step returns; the first state if absent."),
        top("couples", Takes::OneOrItems(&COUPLES), WITH_STATES, EntriesAlways, "couples", "What a network reads and feeds where nothing else is said; see below."),
        top("integration", Takes::Section(&INTEGRATION), WITH_STATES, EntriesAlways, "scheme", "Scheme and time step with which the model is meant to be run."),
        top("scheme", Name, WITH_STATES, Never, "scheme", "Short for `integration: {scheme: ...}`."),
        top("coupling", Takes::Section(&INTERACTION), &[Node, Observation], Always, "internal_coupling", "Interaction between the nodes of the model itself; see below."),
        top("presets", Entries(&PRESET), ALL, EntriesAlways, "presets", "Named sets of parameter values."),
        top("checks", Items(&CHECK), WITH_STATES, Never, "checks", "What must hold of this very model, with the source that says so; see below. The tests run them."),
        top("plots", Takes::Section(&PLOTS), ALL, EntriesByVariants, "plots", "What the docs show; see below."),
        top("pre", Expression, RULES, ByVariants, "equations", "The term of one connection, before its weight."),
        top("post", Expression, RULES, ByVariants, "equations", "What is made of the weighted sum."),
        top("weights", Expression, RULES, ByVariants, "equations", "`plain` (the default); `laplacian`: the graph Laplacian takes the place of the weights; or an expression of `w_ij`, such as `w_ij^2`, that takes the place of each."),
        top("cell", Name, &[SequenceLayer], ByVariants, "layer", "The model whose nodes are the cells of the layer."),
        top("layer", Name, &[SequenceNetwork], ByVariants, "layer", "The layer that the stack is made of."),
        top("input", Name, &[Observation, SequenceLayer], Always, "layer", "The input port that the recorded signal, or the drive of a layer, goes to."),
        top("recurrent", Takes::Section(&RECURRENT), &[SequenceLayer], ByVariants, "layer", "How the cells of a layer feed back on each other."),
        top("between", Name, &[SequenceNetwork], ByVariants, "layer", "The state of a layer that the next one reads."),
        top("readout", Name, &[SequenceNetwork], ByVariants, "layer", "The state of the last layer that the readout reads."),
    ],
};

/// An entry of `states`.
#[rustfmt::skip]
pub static STATE: Section = Section {
    what: "a state",
    keys: &[
        key("size", Number, "", "Number of components, for a vector; see below."),
        key("init", Takes::Quantities("its unit"), "init", "Value at the start; 0 if absent. Its unit is that of the state where `unit` is absent."),
        key("unit", Line(SYMBOL), "unit", "Unit of the values; none where `init` has none either."),
        key("noise", Quantity("its unit/sqrt(ms)"), "noise", "Intensity of the white noise that a run adds to the state unless it is told another one; none if absent. See below."),
        key("bounds", Takes::LimitsOr("its unit", &BOUNDS), "bounds", "Limits into which the state is moved after every step; `inf` and `-inf` are allowed."),
        key("symbol", Line(SYMBOL), "latex", "How the name is printed, in LaTeX."),
        key("doc", Text, "doc", "What the state is."),
    ],
};

/// The mapping `bounds` of a state.
#[rustfmt::skip]
pub static BOUNDS: Section = Section {
    what: "`bounds`",
    keys: &[
        key("wrap", Limits("its unit"), "wrap", "Limits of a circle: after every step the state is moved into them by whole turns. They may be multiples of `pi`."),
    ],
};

/// An entry of `parameters`.
#[rustfmt::skip]
pub static PARAMETER: Section = Section {
    what: "a parameter",
    keys: &[
        key("size", Number, "", "Number of components, for a vector; see below."),
        key("default", Takes::Quantities("its unit"), "default", "Value where none is given. Its unit is that of the parameter where `unit` is absent."),
        key("unit", Line(SYMBOL), "unit", "Unit of the values; none where `default` has none either."),
        key("range", Limits("its unit"), "range", "Limits between which values make sense; `inf` and `-inf` are allowed."),
        key("symbol", Line(SYMBOL), "latex", "How the name is printed, in LaTeX."),
        key("doc", Text, "doc", "What the parameter is."),
    ],
};

/// An entry of `inputs`.
#[rustfmt::skip]
pub static INPUT: Section = Section {
    what: "an input",
    keys: &[
        key("size", Number, "", "Number of components, for a vector; see below."),
        key("unit", Line(SYMBOL), "unit", "Unit of the values; none if absent."),
        key("noise", Quantity("its unit*sqrt(ms)"), "noise", "Intensity of the white noise that drives the input where a run drives it with nothing else; none if absent. See below."),
        key("symbol", Line(SYMBOL), "latex", "How the name is printed, in LaTeX."),
        key("doc", Text, "doc", "What drives the input."),
    ],
};

/// An entry of `functions` that is a mapping.
#[rustfmt::skip]
pub static FUNCTION: Section = Section {
    what: "a function",
    keys: &[
        key("is", Expression, "equations", "What the function computes."),
        key("doc", Text, "", "What the function is."),
    ],
};

/// An entry of `let` that is a mapping.
#[rustfmt::skip]
pub static LET: Section = Section {
    what: "a named value",
    keys: &[
        key("is", Expression, "equations", "What the value is equal to."),
        key("unit", Line(SYMBOL), "", "Unit to express the value in; that of the expression if absent."),
        key("symbol", Line(SYMBOL), "", "How the name is printed, in LaTeX."),
        key("doc", Text, "", "What the value is."),
        key("held", Truth, "", "Whether the value is computed once a step, from the state before it."),
    ],
};

/// An entry of `observables` that is a mapping.
#[rustfmt::skip]
pub static OBSERVABLE: Section = Section {
    what: "an observable",
    keys: &[
        key("is", Expression, "equations", "What the observable is equal to."),
        key("unit", Line(SYMBOL), "unit", "Unit to express it in; that of the expression if absent."),
        key("symbol", Line(SYMBOL), "latex", "How the name is printed, in LaTeX."),
        key("doc", Text, "doc", "What the observable is."),
        key("at", Name, "at_start", "`start`: it belongs to the state before the step; `end` (the default): to the state after it."),
    ],
};

/// An item of `references`.
#[rustfmt::skip]
pub static REFERENCE: Section = Section {
    what: "a reference",
    keys: &[
        key("cite", Text, "cite", "Authors and year."),
        key("doi", Text, "doi", "Digital object identifier, without `https://doi.org/`."),
        key("url", Text, "url", "Address of what has no DOI."),
        key("note", Text, "note", "What is taken from the source."),
    ],
};

/// The mapping `couples`, or an item of it.
#[rustfmt::skip]
pub static COUPLES: Section = Section {
    what: "`couples`",
    keys: &[
        key("from", Name, "from", "The state or observable that a network reads; `output` if absent."),
        key("to", Name, "to", "The input that a network feeds; the first if absent."),
        key("rule", Name, "rule", "The coupling rule of an experiment that names none."),
    ],
};

/// The mapping `integration`.
#[rustfmt::skip]
pub static INTEGRATION: Section = Section {
    what: "`integration`",
    keys: &[
        key("scheme", Name, "scheme", "An integration scheme of the library, by any of its names; `heun` if absent."),
        key("dt", Quantity("ms"), "dt", "Time step; 0.1 ms if absent."),
    ],
};

/// The mapping `coupling` of a model that interacts inside.
#[rustfmt::skip]
pub static INTERACTION: Section = Section {
    what: "`coupling`",
    keys: &[
        key("input", Name, "internal_coupling", "The input that gets the result."),
        key("pre", Expression, "equations", "The term of one connection, before its weight."),
        key("post", Expression, "equations", "What is made of the weighted sum."),
    ],
};

/// An entry of `presets`.
#[rustfmt::skip]
pub static PRESET: Section = Section {
    what: "a preset",
    keys: &[
        key("set", Values, "values", "The values of the parameters that differ from the defaults."),
        key("cite", Text, "cite", "The source of the values."),
        key("doi", Text, "doi", "The DOI of that source."),
        key("doc", Text, "doc", "What the values are for."),
    ],
};

/// An entry of `tables`.
#[rustfmt::skip]
pub static TABLE: Section = Section {
    what: "a table",
    keys: &[
        key("file", Name, "file", "The file of the numbers, by its path from the folder of the model file: an npy file of 64-bit numbers, row by row."),
        key("axes", Entries(&AXIS), "axes", "The axes by the names of what is looked up along them, one or two: that of the rows, then that of the columns."),
        key("unit", Line(SYMBOL), "unit", "Unit of the numbers; none if absent."),
        key("interpolate", Name, "", "How values between the points are made: `linear`, the only way there is."),
        key("outside", Name, "", "What holds beyond the ends of an axis: `hold`, the value at its end, the only way there is."),
        key("symbol", Line(SYMBOL), "latex", "How the name is printed, in LaTeX."),
        key("doc", Text, "doc", "What the numbers are, and where they come from."),
    ],
};

/// An entry of `axes` of a table.
#[rustfmt::skip]
pub static AXIS: Section = Section {
    what: "an axis",
    keys: &[
        key("from", Quantity("its unit"), "from", "The first point. Its unit is that of the axis where `unit` is absent."),
        key("to", Quantity("its unit"), "to", "The last point. The points are evenly spaced; the file says how many there are."),
        key("unit", Line(SYMBOL), "unit", "Unit of the points; none where `from` has none either."),
        key("doc", Text, "doc", "What is looked up along the axis."),
    ],
};

/// An item of `checks`.
#[rustfmt::skip]
pub static CHECK: Section = Section {
    what: "a check",
    keys: &[
        key("fixed_point", Values, "what", "Every derivative vanishes at this state, to `tolerance`."),
        key("final", Name, "what", "The state or observable has the value `is` at the end, to `tolerance`."),
        key("frequency", Name, "what", "The largest peak in the spectrum of the state or observable lies between `from` and `to`."),
        key("within", Name, "what", "The state or observable lies between `from` and `to` at every step."),
        key("is", Quantity("its unit"), "what", "The value of `final`."),
        key("from", Quantity("its unit, or Hz"), "what", "Lower limit of `frequency` or `within`."),
        key("to", Quantity("its unit, or Hz"), "what", "Upper limit of `frequency` or `within`."),
        key("tolerance", Number, "what", "How far the value may be off; 1e-9 if absent."),
        key("set", Values, "setting", "Parameters that differ from the defaults."),
        key("init", Values, "setting", "Initial states that differ from the file's."),
        key("inputs", Values, "setting", "Inputs with a constant value."),
        key("dt", Quantity("ms"), "setting", "Time step; that of the model if absent."),
        key("transient", Quantity("ms"), "setting", "Time that is left out at the start."),
        key("duration", Quantity("ms"), "setting", "Time to run. Every check but `fixed_point` needs one."),
        key("source", Text, "source", "Where the claim comes from."),
    ],
};

/// The mapping `plots`.
#[rustfmt::skip]
pub static PLOTS: Section = Section {
    what: "`plots`",
    keys: &[
        key("run", Takes::Section(&RUN), "run", "The run that is shown."),
        key("phase", Ranges, "phase", "The states of the phase plane, and its limits."),
        key("sweep", Takes::Section(&SWEEP), "sweep", "A parameter or an input, over which a signal is shown."),
    ],
};

/// The mapping `run` in `plots`.
#[rustfmt::skip]
pub static RUN: Section = Section {
    what: "`run`",
    keys: &[
        key("duration", Quantity("ms"), "duration", "Time to run."),
        key("dt", Quantity("ms"), "dt", "Time step; that of the model if absent."),
        key("transient", Quantity("ms"), "transient", "Time that is left out at the start."),
        key("set", Values, "parameters", "Parameters that differ from the defaults."),
        key("init", Values, "init", "Initial states that differ from the file's."),
        key("inputs", Values, "inputs", "Inputs with a constant value."),
        key("record", Names, "record", "The states and observables that are shown."),
        key("nodes", Lists, "", "Values that differ from node to node, where one alone would show little."),
    ],
};

/// The mapping `sweep` in `plots`.
#[rustfmt::skip]
pub static SWEEP: Section = Section {
    what: "`sweep`",
    keys: &[
        key("parameter", Name, "over", "The parameter that is varied."),
        key("input", Name, "over", "In its place, the input that is varied; it is constant in each run."),
        key("from", Quantity("its unit"), "from", "Its first value."),
        key("to", Quantity("its unit"), "to", "Its last value."),
        key("of", Name, "of", "The state or observable that is shown; `output` if absent."),
    ],
};

/// The mapping `recurrent` of a layer.
#[rustfmt::skip]
pub static RECURRENT: Section = Section {
    what: "`recurrent`",
    keys: &[
        key("from", Name, "recurrent", "The state that feeds back."),
        key("gain", Expression, "", "Factor on the recurrent sum; `n` is the number of cells."),
    ],
};

/// Every section, with the keys under which it stands: the parts of the documentation's tables.
pub static SECTIONS: [(&str, &Section); 20] = [
    ("", &MODEL),
    ("states", &STATE),
    ("states: bounds", &BOUNDS),
    ("parameters", &PARAMETER),
    ("inputs", &INPUT),
    ("functions", &FUNCTION),
    ("tables", &TABLE),
    ("tables: axes", &AXIS),
    ("let", &LET),
    ("observables", &OBSERVABLE),
    ("references", &REFERENCE),
    ("couples", &COUPLES),
    ("integration", &INTEGRATION),
    ("coupling", &INTERACTION),
    ("presets", &PRESET),
    ("checks", &CHECK),
    ("plots", &PLOTS),
    ("plots: run", &RUN),
    ("plots: sweep", &SWEEP),
    ("recurrent", &RECURRENT),
];
