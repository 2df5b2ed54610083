//! Mistakes in networks.

use thiserror::Error;

use brainmass_core::coupling::RuleError;
use brainmass_core::quantity::Quantity;
use brainmass_core::shared::Text;

/// The reason why a network cannot be run. Builders keep the first mistake, and a run reports it.
#[derive(Clone, PartialEq, Error)]
pub enum NetworkError {
    /// The past of a signal that no equation reads with a delay.
    #[error("no equation reads `{signal}` with a delay, so its past would have no effect")]
    NoDelay {
        /// The name of the signal.
        signal: String,
    },
    /// A network without nodes.
    #[error("the network has no group of nodes; add one with `group(name, model)`")]
    NoGroups,
    /// A network of one group on a connectome without a coupling rule.
    #[error("nothing says how the nodes are coupled; use `coupling(rule, signal)`")]
    Uncoupled,
    /// A setting of a coupling before there is one.
    #[error("`{what}` belongs to a coupling: say `coupling(rule, signal)` first")]
    BeforeCoupling {
        /// The method that was called.
        what: &'static str,
    },
    /// The method `coupling` on a network of several groups.
    #[error(
        "`coupling` is for networks of one model; couple groups with `projection(Projection::from(..).to(..))`"
    )]
    CouplingOfGroups,
    /// Two groups of one name.
    #[error("there are two groups called `{name}`")]
    GroupTwice {
        /// The name.
        name: String,
    },
    /// A group name that would make record names ambiguous.
    #[error("`{name}` cannot be the name of a group: it must not be empty or contain a dot")]
    GroupName {
        /// The name.
        name: String,
    },
    /// A group, signal or port that is not there.
    #[error("{projection}: there is no {what} `{given}` in {of}: {hint}")]
    Unknown {
        /// The projection.
        projection: String,
        /// The kind of thing that was looked for.
        what: &'static str,
        /// The name given.
        given: String,
        /// The model or network that was searched.
        of: String,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A projection that lacks a setting which it needs.
    #[error("{projection}: {missing}")]
    Missing {
        /// The projection.
        projection: String,
        /// The setting that is missing, and the way to give it.
        missing: &'static str,
    },
    /// Two projections of one name.
    #[error("there are two projections called `{name}`; name one of them otherwise with `name(..)`")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// An array of another shape.
    #[error(
        "{projection}: the {what} are {rows} x {columns}; {targets} targets and {sources} sources need {targets} x {sources}"
    )]
    Shape {
        /// The projection.
        projection: String,
        /// The array: weights, lengths or delays.
        what: &'static str,
        /// The number of rows given.
        rows: usize,
        /// The number of columns given.
        columns: usize,
        /// The number of nodes of the target group.
        targets: usize,
        /// The number of nodes of the source group.
        sources: usize,
    },
    /// An edge to or from a node that is not there.
    #[error(
        "{projection}: a connection goes from source {source_node} to target {target}; there are {sources} sources and {targets} targets"
    )]
    Node {
        /// The projection.
        projection: String,
        /// The target given.
        target: usize,
        /// The source given.
        source_node: usize,
        /// The number of nodes of the target group.
        targets: usize,
        /// The number of nodes of the source group.
        sources: usize,
    },
    /// A number that cannot be one.
    #[error("{projection}: the {what} from source {source_node} to target {target} is {given}; {expected}")]
    Number {
        /// The projection.
        projection: String,
        /// The number: weight, length or delay.
        what: &'static str,
        /// The target.
        target: usize,
        /// The source.
        source_node: usize,
        /// The value.
        given: f64,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// A speed or a common delay that cannot be one.
    #[error("{projection}: the {what} is {given}; {expected}")]
    Scalar {
        /// The projection.
        projection: String,
        /// The number: speed, delay or epsilon.
        what: &'static str,
        /// The value given.
        given: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// Explicit delays together with a speed.
    #[error("{projection}: give either delays or a speed, not both")]
    DelaysAndSpeed {
        /// The projection.
        projection: String,
    },
    /// A parameter of a rule that cannot be taken.
    #[error("{projection}: {error}")]
    Rule {
        /// The projection.
        projection: String,
        /// The mistake.
        error: RuleError,
    },
    /// A rule's parameter with another number of values.
    #[error(
        "{projection}: `{parameter}` has {given} values for {targets} targets; give one, or one a target"
    )]
    RuleLength {
        /// The projection.
        projection: String,
        /// The parameter.
        parameter: Text,
        /// The number of values given.
        given: usize,
        /// The number of nodes of the target group.
        targets: usize,
    },
    /// A normalisation for a rule that has no Laplacian.
    #[error(
        "{projection}: `normalize` is for rules that use the graph Laplacian; {rule} uses the weights as they are"
    )]
    NotLaplacian {
        /// The projection.
        projection: String,
        /// The rule.
        rule: Text,
    },
    /// A Laplacian between two groups.
    #[error(
        "{projection}: the graph Laplacian is that of the nodes of one group, not of connections between two"
    )]
    LaplacianBetween {
        /// The projection.
        projection: String,
    },
    /// A history of another shape.
    #[error("{what}: the history has {given}; {expected}")]
    History {
        /// The projection, or the signal that a node reads of its own past.
        what: String,
        /// The array or value given.
        given: String,
        /// The array that is needed.
        expected: String,
    },
    /// A history in a unit of another kind.
    #[error("{projection}: the history is in {expected}, and {given} cannot be converted to that{}", given.advice(expected))]
    HistoryUnit {
        /// The projection.
        projection: String,
        /// The unit of the signal.
        expected: Text,
        /// The value given.
        given: Box<Quantity>,
    },
    /// A run that cannot be continued.
    #[error("the run cannot be a history of `{signal}`: {why}")]
    Continued {
        /// The signal.
        signal: String,
        /// The reason.
        why: String,
    },
    /// A past that is longer than can be addressed.
    #[error(
        "{projection}: the history of {sources} sources over {steps} steps is too long; use a larger dt or shorter delays"
    )]
    TooLong {
        /// The projection.
        projection: String,
        /// The number of nodes of the source group.
        sources: usize,
        /// The longest delay in steps.
        steps: usize,
    },
}

brainmass_spec::debug_as_text!(NetworkError);
