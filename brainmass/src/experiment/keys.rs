//! The keys of each section of an experiment file, as tables.
//!
//! A row is a key with one line of documentation. From the rows come the reader ([`Keys`] takes no key that has no row), the suggestions for
//! keys that do not exist, the flags of the command, and the tables of `docs/experiment-files.md`.

use brainmass_spec::fields::{Fields, text, truth};
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::values::{finite_in_unit, time};
use brainmass_spec::yaml::{Node, Value};

use super::basics::{chosen, named_unit};

/// A key of a section.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The name of the key.
    pub name: &'static str,
    /// Further names under which files may give it.
    pub aliases: &'static [&'static str],
    /// One line of documentation, in Markdown.
    pub doc: &'static str,
    /// The flag of the command that says the same.
    pub flag: Option<Flag>,
}

/// A flag of the command that stands for a key. It is called as the key is, with hyphens for underscores.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// The meaning of the value of the flag.
    pub form: Form,
    /// The word for the value in help texts; empty for a flag without one.
    pub value: &'static str,
    /// Further names of the flag.
    pub aliases: &'static [&'static str],
}

/// The meaning of the value of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The value of the key; a list or a mapping is written as in a file.
    Value,
    /// A text, which may begin with a bracket.
    Text,
    /// The name of a file, which may have any characters. The flag may be given again.
    File,
    /// `name=value`, an entry of the mapping under the key. The flag may be given again, and takes several entries.
    Entry,
    /// Names between commas, `again=x` to rename: items of the list under the key.
    Names,
    /// `name=low..high`, an entry of the mapping under the key that is a list of two numbers. The flag may be given again, and takes several entries.
    Limits,
    /// `name=from..to`, the mapping under the key with a list of two numbers. The flag replaces what a file says.
    Range,
    /// No value: the flag stands for `key: true`.
    Truth,
}

impl Key {
    pub(super) const fn new(name: &'static str, doc: &'static str) -> Self {
        Self { name, aliases: &[], doc, flag: None }
    }

    /// Lets files give the key under further names.
    pub(super) const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Gives the key a flag of the command.
    pub(super) const fn flag(self, form: Form, value: &'static str) -> Self {
        Self { flag: Some(Flag { form, value, aliases: &[] }), ..self }
    }

    /// Gives the flag further names.
    pub(super) const fn flag_also(self, aliases: &'static [&'static str]) -> Self {
        match self.flag {
            Some(flag) => Self { flag: Some(Flag { aliases, ..flag }), ..self },
            None => self,
        }
    }
}

/// The keys of some nodes: of an experiment with one model, or of a group.
pub static NODES: [Key; 9] = [
    Key::new(
        "model",
        "a model of nodes by its name (`brainmass list` shows them), or a model file of yours such as `my_model.yaml`",
    ),
    Key::new("nodes", "how many nodes; as many as the connectome has regions, or 1").flag(Form::Value, "N"),
    Key::new("preset", "a named parameter set of the model: `brainmass show MODEL` lists them").flag(Form::Value, "NAME"),
    Key::new(
        "parameters",
        "values by name: parameters of the model, and any other number of the network, such as `k`, `speed`, `init_x`, `noise_x`",
    )
    .flag(Form::Entry, "NAME=VALUE")
    .flag_also(&["set"]),
    Key::new("initial", "initial states by name").flag(Form::Entry, "NAME=VALUE").flag_also(&["init"]),
    Key::new("past", "what was before t = 0 of states and observables that the model reads with a delay, by name; as at t = 0 if not given").flag(Form::Entry, "NAME=VALUE"),
    Key::new("noise", "white noise by state: its intensity, in state units per sqrt(ms)").flag(Form::Entry, "NAME=SIGMA"),
    Key::new("inputs", "what drives the input ports, by name").flag(Form::Entry, "NAME=VALUE").flag_also(&["input"]),
    Key::new("interaction", "how the nodes of a model such as KuramotoNetwork interact").flag(Form::Entry, "NAME=VALUE"),
];

/// The key for networks of several models.
pub static GROUPS: [Key; 1] =
    [Key::new("groups", "in place of `model`: several groups by name, each with the keys above")
        .flag(Form::Entry, "NAME=VALUE")];

/// The key for models of one's own.
pub static MODELS: [Key; 1] = [Key::new(
    "models",
    "a folder or a list of folders with model files, whose models and rules can then be named like those of the library",
)
.flag(Form::File, "FOLDER")];

/// The keys of the interaction within a model.
pub static INTERACTION: [Key; 3] = [
    Key::new("weights", "weights of the interaction, `[target][source]`; 1 for all pairs if not given"),
    Key::new("normalize_by_n", "`true`: the sum is divided by the number of nodes"),
    Key::new("exclude_self", "`true`: a node does not act on itself"),
];

/// The keys by which values of nodes are given as a mapping.
pub static VALUES: [Key; 8] = [
    Key::new("values", "a list with one value a node"),
    Key::new("file", "in place of `values`: a file, `.npz`, `.npy`, `.csv`, `.tsv` or `.txt`"),
    Key::new("array", "which array of an `.npz`, or which column of a table"),
    Key::new(
        "header",
        "`true` if the first row of a table holds names that are numbers; other names are found",
    ),
    Key::new("row_names", "`true` if the first column of a table holds names that are numbers"),
    Key::new("unit", "the unit of the numbers; the declared unit if not given"),
    Key::new("regions", "values by the names of regions, `{V1: 0.1, V2: 0.2}`"),
    Key::new("others", "beside `regions`: the value of all other regions"),
];

/// The keys of a series.
pub static SERIES: [Key; 7] = [
    Key::new("series", "a list of numbers, or of rows with one number a node"),
    Key::new("file", "in place of `series`: a file with such rows"),
    Key::new("array", "which array of an `.npz`, or which columns of a table"),
    Key::new(
        "header",
        "`true` if the first row of a table holds names that are numbers; other names are found",
    ),
    Key::new("row_names", "`true` if the first column of a table holds names that are numbers"),
    Key::new("unit", "the unit of the numbers; the declared unit if not given"),
    Key::new("hold", "how many steps each row holds; 1 if not given"),
];

/// The key of a sum of inputs.
pub static SUM: [Key; 1] = [Key::new("sum", "a list of inputs, which are added")];

/// The keys of a matrix.
pub static MATRIX: [Key; 4] = [
    Key::new("file", "a file with the matrix"),
    Key::new("array", "which array of an `.npz`"),
    Key::new(
        "header",
        "`true` if the first row of a table holds names that are numbers; other names are found",
    ),
    Key::new("row_names", "`true` if the first column of a table holds names that are numbers"),
];

/// The keys that every stimulus has.
pub static STIMULUS: [Key; 4] = [
    Key::new("onset", "when it begins; at t = 0 if not given"),
    Key::new("duration", "how long it lasts; to the end of the run if not given"),
    Key::new(
        "regions",
        "a list of the regions that it reaches, by name or by number from 0; all if not given",
    ),
    Key::new("weights", "in place of `regions`: a factor for each region"),
];

/// The keys that every noise process has.
pub static NOISE: [Key; 3] = [
    Key::new("noise", "the process"),
    Key::new("sigma", "its size, one value or one a node"),
    Key::new("covariance", "a matrix that correlates the nodes"),
];

/// The keys of the network of an experiment.
pub static NETWORK: [Key; 3] = [
    Key::new("connectome", "which regions are connected, how strongly, over what distance")
        .flag(Form::Value, "NAME|FILE"),
    Key::new("coupling", "a projection of the nodes onto themselves, or just its rule")
        .flag(Form::Value, "RULE"),
    Key::new("projections", "a list of projections within and between groups").flag(Form::Value, "LIST"),
];

/// The keys of a connectome.
pub static CONNECTOME: [Key; 12] = [
    Key::new(
        "name",
        "a bundled connectome: `synthetic_8`, `synthetic_90`, or `modular_90` with five networks",
    ),
    Key::new(
        "file",
        "in place of `name`: The Virtual Brain's `.zip`, `.npz`, `.npy`, `.csv`, `.tsv` or `.txt`",
    ),
    Key::new("lengths", "a second file with tract lengths (mm), where the first has the weights alone"),
    Key::new(
        "orientation",
        "`target_source` (rows are targets) or `source_target`; a format that does not say it needs this: nothing is guessed",
    ),
    Key::new(
        "header",
        "`true` if the first row of a table holds names that are numbers; other names are found",
    ),
    Key::new("row_names", "`true` if the first column of a table holds names that are numbers"),
    Key::new("regions", "names of the regions to keep, in this order"),
    Key::new(
        "symmetrize",
        "`mean` or `max` of the two directions; a file that has one triangle alone needs `max`",
    ),
    Key::new("strongest", "keep this share of the connections that there are, the strongest"),
    Key::new(
        "density",
        "keep the strongest connections, as many as this share of all pairs of regions that could be connected",
    ),
    Key::new("threshold", "keep the weights from here on"),
    Key::new("normalize", "`max`, `row_sum`, `spectral_radius` or `log`, or a list of these"),
];

/// The keys of a projection; the parameters of its rule stand beside them.
pub static PROJECTION: [Key; 15] = [
    Key::new(
        "rule",
        "`Diffusive`, `Additive`, `Sigmoidal`, ... (`brainmass list --collection coupling` shows them), or a file of yours such as `my_rule.yaml`",
    ),
    Key::new(
        "from",
        "a state or observable: `x`, with groups `cortex.eeg`; what the model couples by if not given",
    ),
    Key::new("to", "an input port: `x_inp`, `thalamus.x_inp`; what the model couples to if not given"),
    Key::new(
        "weights",
        "`[target][source]`: a list of rows, a `{file: ...}`, one number for all pairs, or `one_to_one`",
    ),
    Key::new("lengths", "lengths of the tracts in mm, beside `weights`"),
    Key::new("connectome", "in place of `weights`; the connectome of the whole file if neither is given"),
    Key::new("speed", "speed of conduction: delays are length / speed, in whole steps, rounded up"),
    Key::new("delay", "in place of `speed`: one time, or a matrix in ms"),
    Key::new(
        "history",
        "the signal before t = 0: a value, or a series whose last row is one step before t = 0, or t = 0 itself for an observable of the step before; as at t = 0 if not given",
    ),
    Key::new(
        "name",
        "a name of its current, to be recorded; otherwise `coupling_input`, `coupling_input_2`, ...",
    ),
    Key::new(
        "receiving",
        "the targets' own signal in rules such as Diffusive; called as the sources' if not given",
    ),
    Key::new("self_connections", "whether nodes send to themselves; `false` if not given"),
    Key::new("normalize", "of rules that use the graph Laplacian: `none`, `random_walk` or `symmetric`"),
    Key::new("epsilon", "the smallest degree that a normalised Laplacian divides by"),
    Key::new("connectivity", "how it is stored: `auto`, `dense` or `sparse`; the numbers are the same"),
];

/// The keys that say how a run is made.
pub static TIME: [Key; 7] = [
    Key::new(
        "duration",
        "how long to run, the transient included; the one key besides the nodes that must be there, but for a `continuation`: it takes no time",
    )
    .flag(Form::Value, "TIME"),
    Key::new("transient", "time at the start that is not recorded").flag(Form::Value, "TIME"),
    Key::new("dt", "time step; the model's own if not given, mostly 0.1 ms").flag(Form::Value, "TIME"),
    Key::new("scheme", "`heun`, `rk4`, `exp_euler`, `euler`, ...; each model's own if not given")
        .also(&["integrator"])
        .flag(Form::Value, "NAME"),
    Key::new("seed", "seed of the noise; 0 if not given").flag(Form::Value, "N"),
    Key::new("limits", "how large a run may be: a run that would be larger is refused before it starts")
        .flag(Form::Entry, "NAME=VALUE"),
    Key::new(
        "checkpoint",
        "of long runs: how often the state is kept, so that the run goes on from there if its process ends",
    )
    .flag(Form::Entry, "NAME=VALUE"),
];

/// The keys of checkpoints.
pub static CHECKPOINT: [Key; 2] = [
    Key::new("every", "the time by the clock between two checkpoints, such as `10 min`"),
    Key::new("file", "where they are; beside the first output, with the ending `.checkpoint`, if not given"),
];

/// The keys of the limits of a run.
pub static LIMITS: [Key; 2] = [
    Key::new(
        "memory",
        "memory that records, connections and delays may take together, such as `64 GB`; what the machine has if not given",
    ),
    Key::new("steps", "steps that a run may have; 1e10 if not given"),
];

/// The keys that say what is kept.
pub static RECORDS: [Key; 5] = [
    Key::new(
        "record",
        "a state, observable, input or current, a list of these, or `name: signal` to rename; the model's output if not given",
    )
    .flag(Form::Names, "NAMES"),
    Key::new("every", "a row for each so many steps").flag(Form::Value, "STEPS"),
    Key::new("sample_every", "in place of `every`: a row each so long").flag(Form::Value, "TIME"),
    Key::new("average", "`true`: the mean over each stride in place of its last state").flag(Form::Truth, ""),
    Key::new("observe", "instruments that watch the run, by name").flag(Form::Entry, "NAME=INSTRUMENT"),
];

/// The keys that every instrument has.
pub static INSTRUMENT: [Key; 4] = [
    Key::new("signal", "the state, observable, input or current that it watches"),
    Key::new("instrument", "which instrument it is"),
    Key::new("every", "the time from row to row"),
    Key::new(
        "functional_connectivity",
        "`true`: the correlations of what it gives are kept, at the end of the run, and nothing else",
    ),
];

/// The keys of what is written.
pub static OUTPUT: [Key; 3] = [
    Key::new("title", "heads the summary and the figure").flag(Form::Text, "TEXT"),
    Key::new(
        "output",
        "a file or a list of files: `.npz` (arrays by name, `ts` in ms, `units`, `provenance`), `.csv` or `.json`",
    )
    .flag(Form::File, "FILE")
    .flag_also(&["out"]),
    Key::new("plot", "a figure of the run: `.png`, `.svg` or `.pdf`").flag(Form::File, "FILE"),
];

/// The key of the section that describes a fit.
pub static FITS: [Key; 1] = [Key::new("fit", "what is fitted to what, and how")];

/// The key of the section that describes a sweep.
pub static SWEEPS: [Key; 1] = [Key::new("sweep", "many runs of the experiment, and what is kept of each")];

/// The key of the section that describes a bifurcation diagram.
pub static CONTINUATIONS: [Key; 1] =
    [Key::new("continuation", "a bifurcation diagram of the model: what varies in it, in which range")];

/// The keys of a fit.
pub static FIT: [Key; 17] = [
    Key::new(
        "parameters",
        "what is fitted: parameters of the model, `init_x`, `noise_x`, `k`, `weights`, input ports, ...; plain numbers in declared units",
    ),
    Key::new(
        "bounds",
        "limits by name, `{a: [0, 1]}`, in place of `between`; what has no entry in `parameters` is fitted from its present value",
    )
    .flag(Form::Limits, "NAME=LOW..HIGH"),
    Key::new("signal", "the record or the instrument of `observe` that is compared, where there are several")
        .flag(Form::Value, "NAME"),
    Key::new(
        "objective",
        "`timeseries_rmse` if not given; `fc_corr`, `fc_rmse`, `fcd_ks`, `cosine_sim`, ... A score that is better when higher counts as 1 less it",
    )
    .flag(Form::Value, "NAME"),
    Key::new(
        "by",
        "where functional connectivity comes from: `simulation` if not given, or `linear_response`, the theory of small fluctuations around the stable equilibrium, for `fc_corr` and `fc_rmse`; it makes no run, and of `duration` and its like nothing counts but `dt`, to whose steps delays are rounded",
    )
    .flag(Form::Value, "WORD"),
    Key::new("target", "what it is compared with: rows, or the array of a file").flag(Form::Value, "@FILE:ARRAY"),
    Key::new("target_is", "of objectives of functional connectivity: `signal`, or `connectivity` for a matrix")
        .flag(Form::Value, "WORD"),
    Key::new("windows", "of objectives of its dynamics: size and step in rows, `[30, 5]` if not given")
        .flag(Form::Value, "[SIZE, STEP]"),
    Key::new("method", "how to search, `cma_es` or with settings `{name: cma_es, candidates: 20}`; `adam` if not given").flag(Form::Value, "NAME"),
    Key::new("rate", "learning rate of `adam`, `adamw`, `rmsprop` and `sgd`").flag(Form::Value, "NUMBER"),
    Key::new("iterations", "how many iterations each start may make; 200 if not given").flag(Form::Value, "N"),
    Key::new("starts", "from how many points to start; 1 if not given").flag(Form::Value, "N"),
    Key::new("seed", "what candidates and starts are drawn from; 0 if not given").flag(Form::Value, "N"),
    Key::new("patience", "so many iterations without improvement end a start").flag(Form::Value, "N"),
    Key::new("enough", "a loss that ends the fit").flag(Form::Value, "LOSS"),
    Key::new("output", "files for the result (`.json`) and the history (`.csv`)")
        .flag(Form::File, "FILE")
        .flag_also(&["out"]),
    Key::new("plot", "a figure of the history: `.png`, `.svg` or `.pdf`").flag(Form::File, "FILE"),
];

/// The keys of a parameter that is fitted.
pub static FIT_PARAMETER: [Key; 5] = [
    Key::new(
        "start",
        "a number, or one a node: each is then fitted by itself; the present value if not given",
    ),
    Key::new("between", "limits, `[lower, upper]`; the model file's range if not given"),
    Key::new("above", "a lower limit alone"),
    Key::new(
        "transform",
        "how limits are kept: `sigmoid` (or `clip`) with `between`, `softplus` (or `exp`) with `above`",
    ),
    Key::new(
        "prior",
        "`{mean: 1, deviation: 0.5}`: what is expected, as a normal distribution; or `{l1: 0.1}`, `{l2: 0.1}`: the weight of a penalty on the size",
    ),
];

/// The keys of a prior.
pub static PRIOR: [Key; 4] = [
    Key::new("mean", "the mean of a normal distribution"),
    Key::new("deviation", "its standard deviation"),
    Key::new("l1", "the weight of the sum of magnitudes"),
    Key::new("l2", "the weight of the sum of squares"),
];

/// The tables of the keys of an experiment as a whole.
pub static EXPERIMENT: [&[Key]; 10] =
    [&OUTPUT, &NODES, &GROUPS, &MODELS, &NETWORK, &TIME, &RECORDS, &FITS, &SWEEPS, &CONTINUATIONS];

/// The entries of one mapping, which are taken out by the keys of tables. What is left at the end is unknown.
pub struct Keys<'a> {
    /// The words for the mapping in messages.
    what: &'static str,
    fields: Fields<'a>,
    tables: Vec<&'static [Key]>,
    asked: Vec<&'static str>,
    /// The keys that are there.
    given: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    /// Opens a mapping whose keys are those of `tables`; `what` names it in messages. A list or a text there is reported.
    pub fn open(
        node: &'a Node,
        what: &'static str,
        tables: &[&'static [Key]],
        problems: &mut Problems,
    ) -> Self {
        let tables = tables.to_vec();
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        let is_known = |name: &str| tables.iter().flat_map(|table| *table).any(|key| key.name == name);
        for (key, value) in entries {
            if value.value == Value::Null && is_known(&key.text) {
                let message = format!("`{}` has no value; give it one, or leave the key out", key.text);
                problems.push(Problem::new(&key.span, message));
            }
        }
        let given = entries.iter().map(|(key, _)| key.text.as_str()).collect();
        let rows = tables.iter().flat_map(|table| *table);
        let names = rows.flat_map(|key| std::iter::once(key.name).chain(key.aliases.iter().copied()));
        let fields = Fields::new(node, what, problems).among(names);
        Self { what, fields, tables, asked: Vec::new(), given }
    }

    /// Whether the mapping has a key, taken out already or not.
    pub fn had(&self, name: &str) -> bool {
        self.given.contains(&name)
    }

    /// Returns where the mapping starts.
    pub fn span(&self) -> &Span {
        self.fields.span()
    }

    /// Takes the value of a key, under its name or one of its further names.
    pub fn take(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a Node> {
        self.asked.push(name);
        let key = self.tables.iter().flat_map(|table| *table).find(|key| key.name == name);
        debug_assert!(key.is_some(), "`{name}` is in no table");
        let mut found = self.fields.take(name);
        for alias in key.map_or(&[][..], |key| key.aliases) {
            let Some(other) = self.fields.take(*alias) else { continue };
            if found.is_some() {
                let message = format!("`{alias}` is another name of `{name}`, which is given too");
                problems.push(Problem::new(&other.span, message));
            }
            found = Some(other);
        }
        found
    }

    /// Takes the value of a key that no table has, such as a parameter of a rule.
    pub fn extra(&mut self, name: &str) -> Option<&'a Node> {
        self.fields.take(name.to_owned())
    }

    /// Takes the value of a key that must be there, and reports where it is not.
    pub fn need(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a Node> {
        let found = self.take(name, problems);
        if found.is_none() && !self.had(name) {
            let problem = Problem::new(self.span(), format!("there is no `{name}` in {}", self.what));
            problems.push(problem.help(format!("`{name}` is {}", self.doc(name))));
        }
        found
    }

    fn doc(&self, name: &str) -> &'static str {
        let key = self.tables.iter().flat_map(|table| *table).find(|key| key.name == name);
        key.map_or("", |key| key.doc)
    }

    /// Takes a text.
    pub fn text(&mut self, name: &'static str, problems: &mut Problems) -> Option<Spanned<String>> {
        self.take(name, problems).and_then(|node| text(node, problems))
    }

    /// Takes `true` or `false`.
    pub fn truth(&mut self, name: &'static str, problems: &mut Problems) -> Option<bool> {
        self.take(name, problems).and_then(|node| truth(node, problems))
    }

    /// Takes a time, in ms.
    pub fn time(&mut self, name: &'static str, problems: &mut Problems) -> Option<f64> {
        self.take(name, problems).and_then(|node| time(node, problems))
    }

    /// Takes a number, in `unit`.
    pub fn number(&mut self, name: &'static str, unit: &str, problems: &mut Problems) -> Option<f64> {
        self.take(name, problems).and_then(|node| finite_in_unit(node, &named_unit(unit), problems))
    }

    /// Takes a number that must be there, in `unit`.
    pub fn needed_number(&mut self, name: &'static str, unit: &str, problems: &mut Problems) -> Option<f64> {
        self.need(name, problems).and_then(|node| finite_in_unit(node, &named_unit(unit), problems))
    }

    /// Takes a word that stands for something.
    pub fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        among: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let word = self.text(name, problems)?;
        chosen(&word, &format!("values of `{name}`"), among, problems)
    }

    /// Reports every entry that was not asked for.
    pub fn finish(self, problems: &mut Problems) {
        // A key that has a row and is not read would be accepted without an effect.
        debug_assert!(
            self.tables.iter().flat_map(|table| *table).all(|key| self.asked.contains(&key.name)),
            "not all keys of a table are read: {:?}",
            self.asked
        );
        self.fields.finish(problems);
    }
}
