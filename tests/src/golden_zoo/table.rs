//! The table of names: which model of ours a file of reference numbers is about, and what its parts are called here.

use brainmass_spec::yaml::{self, Node, Scalar, Value};

use super::formula::Formula;

/// The table, as it stands in `tests/golden-zoo/names.yaml`, which says what each key means.
const TEXT: &str = include_str!("../../golden-zoo/names.yaml");

/// A list of formulas, each with the name of what it computes.
pub type Formulas = Vec<(String, Formula)>;

/// A list of texts, each with the name that it belongs to.
pub type Texts = Vec<(String, String)>;

/// A row of the table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The name of our model; empty where there is none.
    pub model: String,
    /// The reason why no case of the file is run.
    pub skip: Option<String>,
    /// The reason why its runs of one node are not run.
    pub skip_runs: Option<String>,
    /// The reason why its networks are not run.
    pub skip_networks: Option<String>,
    /// The reason why observables at single states are not compared.
    pub skip_observables: Option<String>,
    /// The parameters of theirs that have no effect though the file does not say so, each with the reason.
    pub ignores: Texts,
    /// Our name and theirs of each state that has another name.
    pub states: Texts,
    /// The factors that states of theirs are multiplied by to give ours, by our names.
    pub scale: Formulas,
    /// The states of ours that they keep between calls and replace in each, with the parameters of theirs that they start from.
    pub memory: Texts,
    /// The states of theirs that ours computes from others, each with what it is here.
    pub without: Texts,
    /// The rates of change of states of theirs that are inputs here, such as noise.
    pub processes: Formulas,
    /// Our parameters by those of theirs; parameters of one name need no row.
    pub parameters: Formulas,
    /// Our signals that are read with a delay, by their coupling inputs at single states.
    pub past: Formulas,
    /// Our inputs by their coupling inputs `c0`, `c1`, ..., parameters and processes.
    pub inputs: Formulas,
    /// Their observables by our states and observables.
    pub observables: Formulas,
    /// Our observable that is the difference of the two states that a column sends.
    pub potential: Option<String>,
    /// Our observable that a coupling with moving thresholds sends.
    pub activity: Option<String>,
    /// The fields of a case that hold the right derivatives, the first that a case has.
    pub uses: Vec<String>,
}

impl Row {
    /// Returns our name for a state of theirs.
    pub fn state<'a>(&'a self, theirs: &'a str) -> &'a str {
        self.states.iter().find(|(_, own)| own == theirs).map_or(theirs, |(ours, _)| ours)
    }
}

/// Finds the row of a file, which is called by its name without `.json`.
///
/// # Errors
///
/// The table has no such row, or the row cannot be read.
pub fn row(stem: &str) -> Result<Row, String> {
    let source = yaml::decode("names.yaml", TEXT.as_bytes()).map_err(|problem| problem.message)?;
    let root = yaml::parse(&source).map_err(|problem| problem.message)?;
    let node =
        root.entry(stem).ok_or("the table of names has no row for it (tests/golden-zoo/names.yaml)")?;
    let Value::Map(entries) = &node.value else { return Err(format!("the row of {stem} is no mapping")) };
    let mut row = Row { uses: ["corrected", "d_exact", "d"].map(str::to_owned).to_vec(), ..Row::default() };
    for (key, value) in entries {
        match key.text.as_str() {
            "model" => row.model = text(value)?,
            "skip" => row.skip = Some(text(value)?),
            "skip_runs" => row.skip_runs = Some(text(value)?),
            "skip_observables" => row.skip_observables = Some(text(value)?),
            "ignores" => row.ignores = texts(value)?,
            "skip_networks" => row.skip_networks = Some(text(value)?),
            "states" => row.states = texts(value)?,
            "scale" => row.scale = formulas(value)?,
            "memory" => row.memory = texts(value)?,
            "without" => row.without = texts(value)?,
            "processes" => row.processes = formulas(value)?,
            "parameters" => row.parameters = formulas(value)?,
            "past" => row.past = formulas(value)?,
            "inputs" => row.inputs = formulas(value)?,
            "observables" => row.observables = formulas(value)?,
            "potential" => row.potential = Some(text(value)?),
            "activity" => row.activity = Some(text(value)?),
            "use" => row.uses.insert(0, text(value)?),
            other => return Err(format!("the row of {stem} has an unknown key `{other}`")),
        }
    }
    Ok(row)
}

fn text(node: &Node) -> Result<String, String> {
    match &node.value {
        Value::Scalar(Scalar { text, .. }) => Ok(text.clone()),
        _ => Err(format!("a text is expected, and the table has {}", node.describe())),
    }
}

fn entries<T>(node: &Node, read: impl Fn(&Node) -> Result<T, String>) -> Result<Vec<(String, T)>, String> {
    let Value::Map(entries) = &node.value else {
        return Err(format!("a mapping is expected, and the table has {}", node.describe()));
    };
    entries.iter().map(|(key, value)| Ok((key.text.clone(), read(value)?))).collect()
}

fn texts(node: &Node) -> Result<Texts, String> {
    entries(node, text)
}

fn formulas(node: &Node) -> Result<Formulas, String> {
    entries(node, Formula::read)
}
