//! The tapes of a node model.

use super::instruction::Instruction;
use super::recorder::{Recorder, Tape};
use crate::graph::{NodeId, Symbol, Unary};
use crate::kernel::{Adjoints, Kernel};
use crate::model::Model;
use crate::scheme::Scheme;

/// Everything that a node kernel computes, as tapes.
///
/// Arguments and results come in the order of the states, parameters, inputs (delayed values behind the ports) and observables of the model.
#[derive(Debug, Clone)]
pub struct NodeTapes {
    /// The number of states.
    pub states: usize,
    /// The number of parameters.
    pub parameters: usize,
    /// The number of input ports and of delayed values.
    pub inputs: usize,
    /// The number of observables.
    pub observables: usize,
    /// Whether the diagonal entry of the Jacobian depends on parameters alone, one entry a state.
    pub constant_diagonal: Vec<bool>,
    /// The order in which symplectic Euler advances the states, for models that ask for it.
    pub symplectic_order: Option<Vec<usize>>,
    /// Whether a state has bounds.
    pub has_bounds: bool,
    /// Whether each state goes round a circle.
    pub wraps: Vec<bool>,
    /// Tape from parameters to the delays in ms.
    pub durations: Tape,
    /// Tape from parameters to coefficients, which are computed once a run.
    pub coefficients: Tape,
    /// Tape from states, coefficients and inputs to rates of change.
    pub rhs: Tape,
    /// Tape from the same to rates of change, then the derivative of each by its own state, with held values constant.
    pub rhs_diagonal: Tape,
    /// Tape from the same to the derivatives of all rates by all states, row by row.
    pub jacobian: Tape,
    /// Tape from the same and adjoints of the rates to adjoints of states, parameters and inputs.
    pub rhs_vjp: Tape,
    /// Tape from the same, adjoints of the rates and of the diagonal to adjoints of states, parameters and inputs.
    pub rhs_diagonal_vjp: Tape,
    /// Tape from states, coefficients and inputs to observables.
    pub observe: Tape,
    /// Tape from the same and adjoints of the observables to adjoints of states, parameters and inputs.
    pub observe_vjp: Tape,
    /// Tape from states to states within their bounds or on their circles.
    pub project: Tape,
}

impl NodeTapes {
    /// The tapes of a model.
    pub fn new(model: &Model) -> Self {
        let mut kernel = Kernel::new(model);
        let (n_states, n_inputs) = (model.states.len(), model.inputs.len() + model.delays.len());
        let n_observables = model.observables.len();
        let symbols = |kernel: &mut Kernel, count: usize, of: fn(u16) -> Symbol| -> Vec<NodeId> {
            (0..count).map(|i| kernel.graph.symbol(of(i as u16))).collect()
        };
        let parameters = symbols(&mut kernel, model.parameters.len(), Symbol::Parameter);
        let states = symbols(&mut kernel, n_states, Symbol::State);
        let inputs = symbols(&mut kernel, n_inputs, Symbol::Input);
        let rates = symbols(&mut kernel, n_states, Symbol::Adjoint);
        let diagonal = symbols(&mut kernel, n_states, Symbol::DiagonalAdjoint);
        let observables = symbols(&mut kernel, n_observables, Symbol::Adjoint);
        let coefficients: Vec<NodeId> =
            kernel.coefficients.iter().map(|coefficient| coefficient.node).collect();

        let mut graph = model.graph.clone();
        let own: Vec<NodeId> =
            (0..model.parameters.len()).map(|i| graph.symbol(Symbol::Parameter(i as u16))).collect();
        let delays: Vec<NodeId> = model.delays.iter().map(|delay| delay.duration).collect();
        let durations = Tape::new(&graph, &own, &delays);

        let node = [states, coefficients.clone(), inputs].concat();
        let tape = |seeds: &[&[NodeId]], results: &[NodeId]| {
            Tape::new(&kernel.graph, &[&node, &seeds.concat()[..]].concat(), results)
        };
        let all =
            |adjoints: &Adjoints| [&adjoints.states[..], &adjoints.parameters, &adjoints.inputs].concat();
        Self {
            states: n_states,
            parameters: model.parameters.len(),
            inputs: n_inputs,
            observables: n_observables,
            constant_diagonal: kernel.constant_diagonal(),
            symplectic_order: (model.integration.scheme == Scheme::SYMPLECTIC_EULER)
                .then(|| model.derivatives.iter().map(|derivative| derivative.state).collect()),
            has_bounds: model.states.iter().any(|state| state.bounds.is_some()),
            wraps: model.states.iter().map(|state| state.wrap.is_some()).collect(),
            durations,
            coefficients: Tape::new(&kernel.graph, &parameters, &coefficients),
            rhs: tape(&[], &kernel.rhs),
            rhs_diagonal: tape(&[], &[&kernel.rhs[..], &kernel.diagonal].concat()),
            jacobian: tape(&[], &kernel.jacobian.concat()),
            rhs_vjp: tape(&[&rates], &all(&kernel.rhs_vjp)),
            rhs_diagonal_vjp: tape(&[&rates, &diagonal], &all(&kernel.rhs_diagonal_vjp)),
            observe: tape(&[], &kernel.observables),
            observe_vjp: tape(&[&observables], &all(&kernel.observables_vjp)),
            project: project(model),
        }
    }

    /// The number of coefficients.
    pub fn n_coefficients(&self) -> usize {
        self.coefficients.results.len()
    }
}

/// States moved into their bounds, or onto their circles by whole turns. The bound is the first operand, because the result of a comparison with NaN
/// is the second: a state that became NaN stays so, and is found, in place of hiding at its bound.
fn project(model: &Model) -> Tape {
    let mut tape = Recorder::default();
    let mut results = Vec::new();
    for (index, state) in model.states.iter().enumerate() {
        let mut value = tape.argument(index);
        let (low, high) = state.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        if low.is_finite() {
            let low = tape.constant(low);
            value = tape.push(Instruction::Max(low, value));
        }
        if high.is_finite() {
            let high = tape.constant(high);
            value = tape.push(Instruction::Min(high, value));
        }
        if let Some((low, high)) = state.wrap {
            let (low, turn) = (tape.constant(low), tape.constant(high - low));
            let ahead = tape.push(Instruction::Subtract(value, low));
            let turns = tape.push(Instruction::Divide(ahead, turn));
            let whole = tape.push(Instruction::Unary(Unary::Floor, turns));
            let back = tape.push(Instruction::Multiply(turn, whole));
            value = tape.push(Instruction::Subtract(value, back));
        }
        results.push(value);
    }
    tape.tape(&results)
}
