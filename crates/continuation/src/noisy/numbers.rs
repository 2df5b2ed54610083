//! The numbers of a noisy network, and those of them that derivatives are by.

/// A connection of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoisyEdge {
    /// The receiving node.
    pub target: usize,
    /// The sending node.
    pub source: usize,
    /// The weight.
    pub weight: f64,
    /// The delay in ms.
    pub delay: f64,
}

/// The numbers of a network of nodes of one model that are coupled by one rule, all in declared units: a list for each node.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisyNumbers {
    /// The parameters of each node, in the order of the model.
    pub parameters: Vec<Vec<f64>>,
    /// The constants that drive the ports of each node, in the order of the model.
    pub inputs: Vec<Vec<f64>>,
    /// The intensity of the white noise on each state of each node, in its unit per sqrt(ms).
    pub sigma: Vec<Vec<f64>>,
    /// The states of each node from which the equilibrium is approached.
    pub start: Vec<Vec<f64>>,
    /// The parameters of the rule for each receiving node, in the order of the rule.
    pub rule: Vec<Vec<f64>>,
    /// The connections.
    pub edges: Vec<NoisyEdge>,
}

/// A number of a network that a derivative is by: that of one node, or of all nodes together where `node` is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Varied {
    /// A parameter of the model.
    Parameter {
        /// The index of the parameter.
        index: usize,
        /// The node.
        node: Option<usize>,
    },
    /// A constant input.
    Input {
        /// The index of the port.
        index: usize,
        /// The node.
        node: Option<usize>,
    },
    /// An intensity of noise.
    Noise {
        /// The index of the state.
        index: usize,
        /// The node.
        node: Option<usize>,
    },
    /// A parameter of the rule.
    Rule {
        /// The index of the parameter.
        index: usize,
        /// The receiving node.
        node: Option<usize>,
    },
}

impl Varied {
    /// Returns the parameter of a node that changes, if one does.
    pub(super) fn of_parameters(by: Option<&Self>, node: usize) -> Option<usize> {
        match by {
            Some(Self::Parameter { index, node: own }) if own.is_none_or(|own| own == node) => Some(*index),
            _ => None,
        }
    }

    /// Returns the port of a node whose constant input changes, if one does.
    pub(super) fn of_inputs(by: Option<&Self>, node: usize) -> Option<usize> {
        match by {
            Some(Self::Input { index, node: own }) if own.is_none_or(|own| own == node) => Some(*index),
            _ => None,
        }
    }

    /// Returns the state of a node whose noise changes, if one does.
    pub(super) fn of_noise(by: Option<&Self>, node: usize) -> Option<usize> {
        match by {
            Some(Self::Noise { index, node: own }) if own.is_none_or(|own| own == node) => Some(*index),
            _ => None,
        }
    }

    /// Returns the parameter of the rule that changes for a receiving node, if one does.
    pub(super) fn of_rule(by: Option<&Self>, node: usize) -> Option<usize> {
        match by {
            Some(Self::Rule { index, node: own }) if own.is_none_or(|own| own == node) => Some(*index),
            _ => None,
        }
    }
}
