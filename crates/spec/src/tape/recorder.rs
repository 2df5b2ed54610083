//! Tapes and how they are recorded, by hand or from a graph.

use std::collections::HashMap;
use std::sync::Arc;

use super::instruction::{Instruction, Value};
use crate::graph::{Graph, NodeId, Op};
use crate::statements::{Statements, Sum};
use crate::table::Table;

/// A function as a list of instructions.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    /// Operands stand before what uses them.
    pub instructions: Vec<Instruction>,
    /// Values that the function gives.
    pub results: Vec<Value>,
    /// The tables that it looks values up in.
    pub tables: Vec<Arc<Table>>,
}

/// A tape under construction. An instruction that is already there is not written again.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    instructions: Vec<Instruction>,
    places: HashMap<Instruction, Value>,
    tables: Vec<Arc<Table>>,
}

impl Recorder {
    /// Writes an instruction, or finds the same one.
    pub fn push(&mut self, instruction: Instruction) -> Value {
        let instruction = instruction.in_order();
        *self.places.entry(instruction).or_insert_with(|| {
            self.instructions.push(instruction);
            Value((self.instructions.len() - 1) as u32)
        })
    }

    /// A number.
    pub fn constant(&mut self, value: f64) -> Value {
        self.push(Instruction::Constant(value.to_bits()))
    }

    /// An argument, by its place among the arguments.
    pub fn argument(&mut self, place: usize) -> Value {
        self.push(Instruction::Argument(place as u32))
    }

    /// Writes all that a tape does, its arguments replaced by values; gives its results.
    ///
    /// # Panics
    ///
    /// If the tape reads an argument that is not given.
    pub fn call(&mut self, tape: &Tape, arguments: &[Value]) -> Vec<Value> {
        // All tapes that are called are those of one model, whose tables are the same for each.
        if self.tables.is_empty() {
            self.tables.clone_from(&tape.tables);
        }
        let mut moved: Vec<Value> = Vec::with_capacity(tape.instructions.len());
        for instruction in &tape.instructions {
            moved.push(match instruction {
                Instruction::Argument(place) => arguments[*place as usize],
                other => self.push(other.map(|value| moved[value.index()])),
            });
        }
        tape.results.iter().map(|result| moved[result.index()]).collect()
    }

    /// The tape that gives some values: of the instructions those that they need.
    pub fn tape(&self, results: &[Value]) -> Tape {
        let mut needed = vec![false; self.instructions.len()];
        for result in results {
            needed[result.index()] = true;
        }
        for (index, instruction) in self.instructions.iter().enumerate().rev() {
            if needed[index] {
                instruction.each_operand(|operand| needed[operand.index()] = true);
            }
        }
        let mut moved = vec![Value(u32::MAX); self.instructions.len()];
        let mut instructions = Vec::new();
        for (index, instruction) in self.instructions.iter().enumerate() {
            if needed[index] {
                moved[index] = Value(instructions.len() as u32);
                instructions.push(instruction.map(|value| moved[value.index()]));
            }
        }
        let results = results.iter().map(|result| moved[result.index()]).collect();
        Tape { instructions, results, tables: self.tables.clone() }
    }
}

impl Tape {
    /// All values, in the order of their instructions.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = Value> + use<> {
        (0..self.instructions.len() as u32).map(Value)
    }

    /// The function that computes some nodes of a graph. Argument `i` is the value of node `arguments[i]`.
    pub fn new(graph: &Graph, arguments: &[NodeId], results: &[NodeId]) -> Self {
        let plan = Statements::new(graph, arguments.iter().copied(), results);
        let mut recorder = Recorder { tables: graph.tables().to_vec(), ..Recorder::default() };
        let mut values: HashMap<NodeId, Value> = HashMap::new();
        for (place, id) in arguments.iter().enumerate() {
            if plan.needs(*id) {
                values.insert(*id, recorder.argument(place));
            }
        }
        for id in plan.ids().filter(|id| !plan.is_given(*id)) {
            let value = write(&mut recorder, graph, &plan, &values, id);
            values.insert(id, value);
        }
        recorder.tape(&results.iter().map(|id| values[id]).collect::<Vec<_>>())
    }
}

/// Writes the instruction of a node whose operands have values already. A product is written even where a sum computes it within its own
/// operation; then nothing needs it, and the finished tape does not have it.
fn write(
    recorder: &mut Recorder,
    graph: &Graph,
    plan: &Statements,
    values: &HashMap<NodeId, Value>,
    id: NodeId,
) -> Value {
    let at = |id: NodeId| values[&id];
    let instruction = match graph.op(id) {
        Op::Held(a) => return at(a),
        Op::Symbol(symbol) => unreachable!("{symbol:?} is not given to this function"),
        Op::Constant(bits) => Instruction::Constant(bits),
        Op::Add(..) | Op::Subtract(..) => match plan.sum(id) {
            None => unreachable!("every sum has a plan"),
            Some(Sum::Plus(a, b)) => Instruction::Add(at(a), at(b)),
            Some(Sum::Minus(a, b)) => Instruction::Subtract(at(a), at(b)),
            Some(Sum::ProductPlus(a, b, c)) => Instruction::MultiplyAdd(at(a), at(b), at(c)),
            Some(Sum::ProductMinus(a, b, c)) => {
                let minus = recorder.push(Instruction::Negate(at(c)));
                Instruction::MultiplyAdd(at(a), at(b), minus)
            }
            Some(Sum::MinusProductPlus(a, b, c)) => {
                let minus = recorder.push(Instruction::Negate(at(a)));
                Instruction::MultiplyAdd(minus, at(b), at(c))
            }
        },
        Op::Multiply(a, b) => Instruction::Multiply(at(a), at(b)),
        Op::Divide(a, b) => Instruction::Divide(at(a), at(b)),
        Op::Negate(a) => Instruction::Negate(at(a)),
        Op::PowerInteger(a, exponent) => Instruction::PowerInteger(at(a), exponent),
        Op::Power(a, b) => Instruction::Power(at(a), at(b)),
        Op::Atan2(a, b) => Instruction::Atan2(at(a), at(b)),
        Op::Table(look_up, a, b) => Instruction::Table(look_up, at(a), b.map(at)),
        Op::Unary(function, a) => Instruction::Unary(function, at(a)),
        Op::Min(a, b) => Instruction::Min(at(a), at(b)),
        Op::Max(a, b) => Instruction::Max(at(a), at(b)),
        Op::Compare(compare, a, b) => Instruction::Compare(compare, at(a), at(b)),
        Op::And(a, b) => Instruction::And(at(a), at(b)),
        Op::Or(a, b) => Instruction::Or(at(a), at(b)),
        Op::Not(a) => Instruction::Not(at(a)),
        Op::Select(condition, yes, no) => Instruction::Select(at(condition), at(yes), at(no)),
    };
    recorder.push(instruction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Symbol, Unary};

    /// The instructions of a tape with their places.
    fn listed(tape: &Tape) -> Vec<String> {
        tape.instructions.iter().enumerate().map(|(place, i)| format!("{place}: {i:?}")).collect()
    }

    #[test]
    fn a_tape_has_what_the_results_need_and_joins_products_with_sums() {
        let mut g = Graph::default();
        let [x, y, z] = [0, 1, 2].map(|i| g.symbol(Symbol::State(i)));
        let product = g.multiply(x, y);
        let difference = g.subtract(z, product);
        let sine = g.unary(Unary::Sin, difference);
        g.unary(Unary::Exp, y);
        let tape = Tape::new(&g, &[x, y, z], &[sine, x]);
        assert_eq!(
            listed(&tape),
            [
                "0: Argument(0)",
                "1: Argument(1)",
                "2: Argument(2)",
                "3: Negate(Value(0))",
                "4: MultiplyAdd(Value(1), Value(3), Value(2))",
                "5: Unary(Sin, Value(4))"
            ]
        );
        assert_eq!(tape.results, [Value(5), Value(0)]);
    }

    #[test]
    fn a_called_tape_is_written_with_other_arguments_and_nothing_twice() {
        let mut g = Graph::default();
        let [x, y] = [0, 1].map(|i| g.symbol(Symbol::State(i)));
        let sum = g.add(x, y);
        let tape = Tape::new(&g, &[x, y], &[sum]);
        let mut recorder = Recorder::default();
        let (a, two) = (recorder.argument(0), recorder.constant(2.0));
        let once = recorder.call(&tape, &[a, two]);
        // A sum has the same bits in either order.
        assert_eq!(recorder.call(&tape, &[two, a]), once);
        let tape = recorder.tape(&once);
        assert_eq!(
            listed(&tape),
            ["0: Argument(0)", "1: Constant(4611686018427387904)", "2: Add(Value(0), Value(1))"]
        );
    }

    #[test]
    fn a_held_value_is_that_value() {
        let mut g = Graph::default();
        let x = g.symbol(Symbol::State(0));
        let sine = g.unary(Unary::Sin, x);
        let held = g.held(sine);
        let tape = Tape::new(&g, &[x], &[held, sine]);
        assert_eq!(tape.results, [Value(1), Value(1)]);
    }
}
