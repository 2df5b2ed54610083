//! Equations as graphs, and their values at some points.

use std::collections::HashMap;

use crate::evaluate::evaluate;
use crate::graph::{Graph, NodeId, Op, Symbol};
use crate::model::Model;

/// The number of points at which equations are computed that have different graphs.
const POINTS: u64 = 64;

/// The relative difference up to which two numbers count as the same but for rounding.
const ROUNDING: f64 = 1e-9;

/// Whether two nodes have the same values, but for rounding, at points drawn around the initial state. Parameters that both models have are the
/// same for both, others are at their defaults.
pub fn give_the_same((old, old_node): (&Model, NodeId), (new, new_node): (&Model, NodeId)) -> bool {
    (0..POINTS).all(|point| {
        let value = |model: &Model, node: NodeId| {
            let roots = [node];
            evaluate(&model.graph, &roots, |symbol| point_of((old, new), model, symbol, point))[0]
        };
        let (one, other) = (value(old, old_node), value(new, new_node));
        let size = one.abs().max(other.abs());
        one == other || (one.is_nan() && other.is_nan()) || (one - other).abs() <= ROUNDING * size.max(1e-300)
    })
}

/// Returns the value of a symbol at a point: the same for symbols of the same name.
fn point_of((old, new): (&Model, &Model), model: &Model, symbol: Symbol, point: u64) -> f64 {
    let (name, around) = match symbol {
        Symbol::Parameter(index) => {
            let parameter = &model.parameters[usize::from(index)];
            let is_in = |model: &Model| model.parameters.iter().any(|known| known.name == parameter.name);
            if !is_in(old) || !is_in(new) {
                return parameter.default;
            }
            let known = old.parameters.iter().find(|known| known.name == parameter.name);
            (symbol_name(model, symbol), known.map_or(parameter.default, |known| known.default))
        }
        Symbol::State(index) | Symbol::Source(index) => {
            (symbol_name(model, symbol), model.states.get(usize::from(index)).map_or(0.0, |state| state.init))
        }
        Symbol::Count => return (2 + point) as f64,
        _ => (symbol_name(model, symbol), 0.0),
    };
    // Between a half and one and a half of the usual value, or about zero.
    let mut draw = point.wrapping_add(0x9e37_79b9_7f4a_7c15);
    for byte in name.bytes() {
        draw = (draw ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    draw = (draw ^ draw >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let share = (draw >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
    if point == 0 { around } else { around + share * around.abs().max(1.0) }
}

/// The name of a symbol, which does not depend on its place in the file.
fn symbol_name(model: &Model, symbol: Symbol) -> String {
    let state = |index: u16| model.states.get(usize::from(index)).map_or("", |state| &state.name);
    match symbol {
        Symbol::State(index) => format!("state {}", state(index)),
        Symbol::Source(index) => format!("source {}", state(index)),
        Symbol::Parameter(index) => format!("parameter {}", model.parameters[usize::from(index)].name),
        Symbol::Input(index) => match model.inputs.get(usize::from(index)) {
            Some(input) => format!("input {}", input.name),
            None => {
                let delay = usize::from(index) - model.inputs.len();
                let of = model.delays.get(delay).map_or("", |delay| model.signal_name(delay.signal));
                format!("delayed {delay} {of}")
            }
        },
        other => format!("{other:?}"),
    }
}

/// The shape of the graph below a node, in which symbols stand by their names: equal for equal computations.
pub fn shape(model: &Model, root: NodeId) -> u128 {
    let graph: &Graph = &model.graph;
    let needed = graph.reachable(&[root]);
    let mut shapes: HashMap<NodeId, u128> = HashMap::new();
    for id in graph.ids().filter(|id| needed[id.index()]) {
        let op = graph.op(id);
        let mut text = match op {
            Op::Symbol(symbol) => symbol_name(model, symbol),
            Op::Constant(bits) => format!("constant {bits:x}"),
            Op::PowerInteger(_, exponent) => format!("power {exponent}"),
            Op::Unary(function, _) => format!("{function:?}"),
            Op::Compare(compare, ..) => format!("{compare:?}"),
            Op::Table(look_up, ..) => {
                let name = model.tables.get(usize::from(look_up.table)).map_or("", |table| &table.name);
                format!("table {name} {:?}", look_up.orders)
            }
            // The name of the operation, which its operands say the rest of.
            Op::Add(..)
            | Op::Subtract(..)
            | Op::Multiply(..)
            | Op::Divide(..)
            | Op::Negate(_)
            | Op::Power(..)
            | Op::Atan2(..)
            | Op::Min(..)
            | Op::Max(..)
            | Op::And(..)
            | Op::Or(..)
            | Op::Not(_)
            | Op::Select(..)
            | Op::Held(_) => format!("{op:?}").split('(').next().unwrap_or_default().to_owned(),
        };
        for operand in op.operands() {
            text.push_str(&format!(" {:x}", shapes.get(&operand).copied().unwrap_or_default()));
        }
        let hash = text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        shapes.insert(id, hash);
    }
    shapes.get(&root).copied().unwrap_or_default()
}
