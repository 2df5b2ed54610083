//! The tapes of a coupling.

use super::recorder::Tape;
use crate::graph::{NodeId, Symbol};
use crate::kernel::{CouplingKernel, Form};
use crate::model::Model;

/// Everything that a coupling computes, as tapes: that of a rule, or the interaction inside a model.
#[derive(Debug, Clone)]
pub struct CouplingTapes {
    /// Number of values of a node that the coupling sees: one for a rule, all states for an interaction inside a model.
    pub coupled: usize,
    /// The number of parameters.
    pub parameters: usize,
    /// Form of `pre`, by the values that it depends on.
    pub form: Form,
    /// Whether `pre` depends on a parameter, one entry a parameter.
    pub pre_parameters: Vec<bool>,
    /// Whether the graph Laplacian takes the place of the weights.
    pub laplacian: bool,
    /// Tape from a weight to what takes its place and the derivative of that; `None` for the weights as they are.
    pub weight: Option<Tape>,
    /// Tape from values of the receiver, values of the sender and parameters to the term of their connection, without its weight.
    pub pre: Tape,
    /// Tape from the same and the adjoint of the term to adjoints of the receiver's values, the sender's values and the parameters.
    pub pre_vjp: Tape,
    /// Tape from parameters, the weighted sum and the number of nodes to the result.
    pub post: Tape,
    /// Tape from the same and the adjoint of the result to adjoints of the sum and of the parameters.
    pub post_vjp: Tape,
}

impl CouplingTapes {
    /// The tapes of a rule, or of a model that interacts inside; `None` for other models.
    pub fn new(model: &Model) -> Option<Self> {
        let mut kernel = CouplingKernel::new(model)?;
        let coupled = model.states.len().max(1);
        let g = &mut kernel.graph;
        let receiving = (0..coupled).map(|i| g.symbol(Symbol::State(i as u16))).collect::<Vec<_>>();
        let sending = (0..coupled).map(|i| g.symbol(Symbol::Source(i as u16))).collect::<Vec<_>>();
        let parameters: Vec<NodeId> =
            (0..model.parameters.len()).map(|i| g.symbol(Symbol::Parameter(i as u16))).collect();
        let (sum, count, adjoint) =
            (g.symbol(Symbol::Sum), g.symbol(Symbol::Count), g.symbol(Symbol::Adjoint(0)));
        let needed = kernel.graph.reachable(&[kernel.pre]);
        let pre = [&receiving[..], &sending, &parameters].concat();
        let post = [&parameters[..], &[sum, count]].concat();
        let tape = |arguments: &[NodeId], results: &[NodeId]| Tape::new(&kernel.graph, arguments, results);
        let (to_receiving, to_sending, to_parameters) = &kernel.pre_vjp;
        let (to_sum, by_post) = &kernel.post_vjp;
        Some(Self {
            coupled,
            parameters: model.parameters.len(),
            form: kernel.form,
            pre_parameters: parameters.iter().map(|id| needed[id.index()]).collect(),
            laplacian: model.coupling.as_ref().is_some_and(|coupling| coupling.laplacian),
            weight: kernel.weight.map(|weight| tape(&[sum], &weight)),
            pre: tape(&pre, &[kernel.pre]),
            pre_vjp: tape(
                &[&pre[..], &[adjoint]].concat(),
                &[&to_receiving[..], to_sending, to_parameters].concat(),
            ),
            post: tape(&post, &[kernel.post]),
            post_vjp: tape(&[&post[..], &[adjoint]].concat(), &[&[*to_sum][..], by_post].concat()),
        })
    }
}
