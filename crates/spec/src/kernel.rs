//! Kernel graphs: everything that a model's kernel computes, derived from its equations. These are the rates, their derivatives and
//! adjoints, and the coefficients that are computed once a run.

use std::collections::HashSet;

use crate::differentiate::{HeldValues, forward, reverse};
use crate::graph::{Graph, NodeId, Op, Symbol};
use crate::model::Model;

/// The graphs of a node kernel. Every list is in the order of the states, parameters, inputs or observables.
#[derive(Debug, Clone)]
pub struct Kernel {
    /// The graph that all nodes below are of.
    pub graph: Graph,
    /// Rates of change, per ms.
    pub rhs: Vec<NodeId>,
    /// Diagonal of the Jacobian, one entry a state, with held values constant.
    pub diagonal: Vec<NodeId>,
    /// Rows: rates; columns: states.
    pub jacobian: Vec<Vec<NodeId>>,
    /// Vector-Jacobian product of the rates: adjoints of states, parameters and inputs, from the adjoint of each rate.
    pub rhs_vjp: Adjoints,
    /// Vector-Jacobian product of the rates and the diagonal together, from the adjoints of both.
    pub rhs_diagonal_vjp: Adjoints,
    /// Observables.
    pub observables: Vec<NodeId>,
    /// Vector-Jacobian product of the observables, from the adjoint of each.
    pub observables_vjp: Adjoints,
    /// Coefficients: values that depend on parameters alone and are computed once a run. The parameters that the kernel reads come first,
    /// expressions of parameters behind them.
    pub coefficients: Vec<Coefficient>,
}

/// Adjoints of states, parameters and inputs.
#[derive(Debug, Clone)]
pub struct Adjoints {
    /// One a state.
    pub states: Vec<NodeId>,
    /// One a parameter.
    pub parameters: Vec<NodeId>,
    /// One an input, delayed states behind the ports.
    pub inputs: Vec<NodeId>,
}

/// Something that is computed once a run.
#[derive(Debug, Clone)]
pub struct Coefficient {
    /// Name of the coefficient in the generated code.
    pub name: String,
    /// Node whose value the coefficient is.
    pub node: NodeId,
}

/// The graphs of a coupling: of a rule, or inside a model.
#[derive(Debug, Clone)]
pub struct CouplingKernel {
    /// The graph that all nodes below are of.
    pub graph: Graph,
    /// Per connection.
    pub pre: NodeId,
    /// Post-synaptic function: the coupling input, from the weighted sum.
    pub post: NodeId,
    /// Vector-Jacobian product of `pre`: adjoints of the receiving states, the sending states and the parameters.
    pub pre_vjp: (Vec<NodeId>, Vec<NodeId>, Vec<NodeId>),
    /// Vector-Jacobian product of `post`: adjoints of the sum and of the parameters.
    pub post_vjp: (NodeId, Vec<NodeId>),
    /// Form of `pre`, by the values that it depends on.
    pub form: Form,
    /// Substitute of a weight, which is [`Symbol::Sum`] there, and its derivative by the weight; `None` for the weights as they are.
    pub weight: Option<[NodeId; 2]>,
}

/// Forms of the term of a connection, by the values that it depends on. They decide how often it is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The term is `x_j` itself, so that the sum is a matrix-vector product.
    Linear,
    /// The term is `x_j - x_i`, so that the sum is a matrix-vector product less the row sum times `x_i`.
    Difference,
    /// A function of `x_j` alone: evaluated once a source and step.
    Source,
    /// A function of both: evaluated once a connection and step.
    Pair,
}

impl Kernel {
    /// Derives all of it from a model.
    pub fn new(model: &Model) -> Self {
        let mut g = model.graph.clone();
        let n_states = model.states.len();
        let n_inputs = model.inputs.len() + model.delays.len();
        let symbols: Vec<Symbol> = all_symbols(n_states, model.parameters.len(), n_inputs);
        let rhs = model.right_hand_side();
        let observables: Vec<NodeId> = model.observables.iter().map(|observable| observable.node).collect();

        let diagonal: Vec<NodeId> = (0..n_states)
            .map(|i| forward(&mut g, &rhs[i..=i], Symbol::State(i as u16), HeldValues::Constant)[0])
            .collect();
        let columns: Vec<Vec<NodeId>> = (0..n_states)
            .map(|j| forward(&mut g, &rhs, Symbol::State(j as u16), HeldValues::Varying))
            .collect();
        let jacobian = (0..n_states).flat_map(|i| columns.iter().map(move |column| column[i])).collect();
        let rhs_seeds = seeds(&mut g, &rhs, Symbol::Adjoint);
        let rhs_vjp = reverse(&mut g, &rhs_seeds, &symbols);
        let mut both = rhs_seeds;
        both.extend(seeds(&mut g, &diagonal, Symbol::DiagonalAdjoint));
        let rhs_diagonal_vjp = reverse(&mut g, &both, &symbols);
        let observable_seeds = seeds(&mut g, &observables, Symbol::Adjoint);
        let observables_vjp = reverse(&mut g, &observable_seeds, &symbols);

        let parts = [rhs, diagonal, jacobian, rhs_vjp, rhs_diagonal_vjp, observables, observables_vjp];
        let mut reserved: Vec<&str> = Vec::new();
        reserved.extend(model.states.iter().map(|state| state.name.as_str()));
        reserved.extend(model.parameters.iter().map(|parameter| parameter.name.as_str()));
        reserved.extend(model.inputs.iter().map(|input| input.name.as_str()));
        reserved.extend(model.lets.iter().chain(&model.observables).map(|value| value.name.as_str()));
        let (graph, parts, coefficients) = hoist(&g, &parts, model, &reserved);
        let [rhs, diagonal, jacobian, rhs_vjp, rhs_diagonal_vjp, observables, observables_vjp] = parts;
        let adjoints = |list: Vec<NodeId>| {
            let (states, rest) = list.split_at(n_states);
            let (parameters, inputs) = rest.split_at(model.parameters.len());
            Adjoints { states: states.to_vec(), parameters: parameters.to_vec(), inputs: inputs.to_vec() }
        };
        Self {
            graph,
            rhs,
            diagonal,
            jacobian: jacobian.chunks(n_states.max(1)).map(<[NodeId]>::to_vec).collect(),
            rhs_vjp: adjoints(rhs_vjp),
            rhs_diagonal_vjp: adjoints(rhs_diagonal_vjp),
            observables,
            observables_vjp: adjoints(observables_vjp),
            coefficients,
        }
    }

    /// Says of each diagonal entry whether it depends on parameters alone, so that its exponential is a constant of a run.
    pub fn constant_diagonal(&self) -> Vec<bool> {
        let dynamic = dynamic(&self.graph);
        self.diagonal.iter().map(|entry| !dynamic[entry.index()]).collect()
    }
}

impl CouplingKernel {
    /// Derives it from a rule, or from a model that interacts inside.
    pub fn new(model: &Model) -> Option<Self> {
        let coupling = model.coupling.as_ref()?;
        let mut g = model.graph.clone();
        let n_states = model.states.len().max(1);
        let parameters = (0..model.parameters.len()).map(|i| Symbol::Parameter(i as u16));
        let receiving = (0..n_states).map(|i| Symbol::State(i as u16));
        let sending = (0..n_states).map(|i| Symbol::Source(i as u16));
        let symbols: Vec<Symbol> = receiving.chain(sending).chain(parameters.clone()).collect();
        let adjoint = g.symbol(Symbol::Adjoint(0));
        let pre = reverse(&mut g, &[(coupling.pre_node, adjoint)], &symbols);
        let symbols: Vec<Symbol> = [Symbol::Sum].into_iter().chain(parameters).collect();
        let post = reverse(&mut g, &[(coupling.post_node, adjoint)], &symbols);
        let form = form(&mut g, coupling.pre_node);
        let weight = coupling.weight.as_ref().map(|weight| {
            [weight.node, forward(&mut g, &[weight.node], Symbol::Sum, HeldValues::Varying)[0]]
        });
        Some(Self {
            pre: coupling.pre_node,
            post: coupling.post_node,
            pre_vjp: (
                pre[..n_states].to_vec(),
                pre[n_states..2 * n_states].to_vec(),
                pre[2 * n_states..].to_vec(),
            ),
            post_vjp: (post[0], post[1..].to_vec()),
            form,
            weight,
            graph: g,
        })
    }
}

fn form(g: &mut Graph, pre: NodeId) -> Form {
    let (receiving, sending) = (g.symbol(Symbol::State(0)), g.symbol(Symbol::Source(0)));
    if pre == sending {
        return Form::Linear;
    }
    if pre == g.subtract(sending, receiving) {
        return Form::Difference;
    }
    let needed = g.reachable(&[pre]);
    let sees_receiver =
        g.ids().any(|id| needed[id.index()] && matches!(g.op(id), Op::Symbol(Symbol::State(_))));
    if sees_receiver { Form::Pair } else { Form::Source }
}

fn all_symbols(states: usize, parameters: usize, inputs: usize) -> Vec<Symbol> {
    let states = (0..states).map(|i| Symbol::State(i as u16));
    let parameters = (0..parameters).map(|i| Symbol::Parameter(i as u16));
    states.chain(parameters).chain((0..inputs).map(|i| Symbol::Input(i as u16))).collect()
}

fn seeds(g: &mut Graph, roots: &[NodeId], symbol: impl Fn(u16) -> Symbol) -> Vec<(NodeId, NodeId)> {
    roots.iter().enumerate().map(|(i, &root)| (root, g.symbol(symbol(i as u16)))).collect()
}

/// Marks the nodes that change during a run: all but constants, parameters and expressions of these alone.
fn dynamic(g: &Graph) -> Vec<bool> {
    let mut dynamic = vec![false; g.len()];
    for id in g.ids() {
        dynamic[id.index()] = match g.op(id) {
            Op::Symbol(Symbol::Parameter(_)) | Op::Constant(_) => false,
            Op::Symbol(_) => true,
            op => op.operands().any(|operand| dynamic[operand.index()]),
        };
    }
    dynamic
}

/// Rebuilds the graph with divisions by what depends on parameters alone turned into products with the reciprocal (within 1 ulp of the
/// quotient), and finds what can be computed once a run.
fn hoist<const N: usize>(
    g: &Graph,
    parts: &[Vec<NodeId>; N],
    model: &Model,
    reserved: &[&str],
) -> (Graph, [Vec<NodeId>; N], Vec<Coefficient>) {
    let changing = dynamic(g);
    let mut out = Graph::beside(g);
    let nothing = out.constant(0.0);
    let mut moved = vec![nothing; g.len()];
    let roots: Vec<NodeId> = parts.concat();
    let needed = g.reachable(&roots);
    for id in g.ids().filter(|id| needed[id.index()]) {
        let new = rebuild(g, &mut out, id, &moved, &changing);
        if let Some(name) = g.name_of(id) {
            out.name(new, name);
        }
        moved[id.index()] = new;
    }
    let parts = parts.each_ref().map(|part| part.iter().map(|id| moved[id.index()]).collect::<Vec<_>>());
    let coefficients = coefficients(&out, &parts.concat(), model, reserved);
    (out, parts, coefficients)
}

fn rebuild(g: &Graph, out: &mut Graph, id: NodeId, moved: &[NodeId], changing: &[bool]) -> NodeId {
    let at = |id: NodeId| moved[id.index()];
    match g.op(id) {
        Op::Constant(bits) => out.constant(f64::from_bits(bits)),
        Op::Symbol(symbol) => out.symbol(symbol),
        Op::Add(a, b) => out.add(at(a), at(b)),
        Op::Subtract(a, b) => out.subtract(at(a), at(b)),
        Op::Multiply(a, b) => out.multiply(at(a), at(b)),
        Op::Divide(a, b) if changing[a.index()] && !changing[b.index()] => {
            // Built by hand: the graph's own product would turn it back into a quotient.
            let one = out.constant(1.0);
            let reciprocal = out.divide(one, at(b));
            out.multiply_as_is(at(a), reciprocal)
        }
        Op::Divide(a, b) => out.divide(at(a), at(b)),
        Op::Negate(a) => out.negate(at(a)),
        Op::PowerInteger(a, exponent) => out.power_integer(at(a), exponent),
        Op::Power(a, b) => out.power(at(a), at(b)),
        Op::Atan2(a, b) => out.atan2(at(a), at(b)),
        Op::Table(look_up, a, b) => out.look_up(look_up, at(a), b.map(at)),
        Op::Unary(function, a) => out.unary(function, at(a)),
        Op::Min(a, b) => out.min(at(a), at(b)),
        Op::Max(a, b) => out.max(at(a), at(b)),
        Op::Compare(compare, a, b) => out.compare(compare, at(a), at(b)),
        Op::And(a, b) => out.and(at(a), at(b)),
        Op::Or(a, b) => out.or(at(a), at(b)),
        Op::Not(a) => out.not(at(a)),
        Op::Select(condition, yes, no) => out.select(at(condition), at(yes), at(no)),
        Op::Held(a) => at(a),
    }
}

/// Finds the values that depend on parameters alone and are used by a value that does not, or are results themselves.
fn coefficients(g: &Graph, roots: &[NodeId], model: &Model, reserved: &[&str]) -> Vec<Coefficient> {
    let changing = dynamic(g);
    let needed = g.reachable(roots);
    let is_value = |id: NodeId| !matches!(g.op(id), Op::Compare(..) | Op::And(..) | Op::Or(..) | Op::Not(..));
    let mut wanted = vec![false; g.len()];
    for id in g.ids().filter(|id| needed[id.index()]) {
        let fixed = |operand: NodeId| !changing[operand.index()] && g.value(operand).is_none();
        if changing[id.index()] {
            for operand in g.op(id).operands().filter(|operand| fixed(*operand)) {
                wanted[operand.index()] |= is_value(operand);
                // A condition is not a number and cannot be stored: it is computed from numbers that are.
                if !is_value(operand) {
                    operands_of_condition(g, operand, &mut wanted);
                }
            }
        }
    }
    for &root in roots {
        wanted[root.index()] |= !changing[root.index()] && g.value(root).is_none();
    }
    let mut taken: HashSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
    let mut numbered = 0;
    let mut list: Vec<Coefficient> = Vec::new();
    for id in g.ids().filter(|id| wanted[id.index()]) {
        let name = match g.op(id) {
            Op::Symbol(Symbol::Parameter(i)) => model.parameters[usize::from(i)].name.clone(),
            op => fresh(g, op, id, model, &mut taken, &mut numbered),
        };
        list.push(Coefficient { name, node: id });
    }
    // Plain parameters first, in their own order; what is computed behind them.
    list.sort_by_key(|coefficient| match g.op(coefficient.node) {
        Op::Symbol(Symbol::Parameter(i)) => (0, usize::from(i)),
        _ => (1, coefficient.node.index()),
    });
    list
}

fn operands_of_condition(g: &Graph, condition: NodeId, wanted: &mut [bool]) {
    let mut stack = vec![condition];
    while let Some(id) = stack.pop() {
        match g.op(id) {
            Op::Compare(_, a, b) => {
                for operand in [a, b] {
                    wanted[operand.index()] |= g.value(operand).is_none();
                }
            }
            op => stack.extend(op.operands()),
        }
    }
}

/// A name for a computed coefficient: `per_tau` for a reciprocal, the author's name, or a number.
fn fresh(
    g: &Graph,
    op: Op,
    id: NodeId,
    model: &Model,
    taken: &mut HashSet<String>,
    numbered: &mut usize,
) -> String {
    let parameter = |id: NodeId| match g.op(id) {
        Op::Symbol(Symbol::Parameter(i)) => Some(model.parameters[usize::from(i)].name.as_str()),
        _ => None,
    };
    let told = match op {
        Op::Divide(one, p) if g.value(one) == Some(1.0) => parameter(p).map(|name| format!("per_{name}")),
        Op::Negate(p) => parameter(p).map(|name| format!("minus_{name}")),
        Op::PowerInteger(p, 2) => parameter(p).map(|name| format!("{name}_squared")),
        Op::Multiply(a, b) => parameter(a).zip(parameter(b)).map(|(a, b)| format!("{a}_{b}")),
        _ => g.name_of(id).map(|name| format!("{name}_")),
    };
    if let Some(name) = told
        && taken.insert(name.clone())
    {
        return name;
    }
    loop {
        *numbered += 1;
        let name = format!("k{numbered}");
        if taken.insert(name.clone()) {
            return name;
        }
    }
}
