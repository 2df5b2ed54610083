//! Lowering of a tape to a program: operations are joined, registers allocated and reused.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use brainmass_spec::graph::{Compare, Unary};
use brainmass_spec::table::Table;
use brainmass_spec::tape::{Instruction as Written, Tape, Value};

use super::tiles::with_scratch;
use crate::real::program::{Instruction, Operand, Operation, Place, Program, Registers};

/// A program with the places of its results.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub program: Program,
    /// The place of each result of the tape.
    pub results: Vec<Operand>,
}

/// Makes a program of a tape.
///
/// `arguments` says where each argument of the tape stands. Registers of arguments keep their values, but for those that `into` gives to results:
/// result `i` ends in register `into[i]`. Other results end where the program says.
pub(crate) fn lower(tape: &Tape, arguments: &[Operand], into: &[Operand]) -> Lowered {
    let joined = Joined::new(tape);
    let mut registers = Allocation::new(&joined, arguments, into);
    for index in 0..joined.operations.len() {
        registers.write(&joined, index);
    }
    registers.finish(&joined, into, tape.tables.clone())
}

/// The operands of a place with these indices.
pub(crate) fn operands(place: Place, indices: std::ops::Range<usize>) -> Vec<Operand> {
    indices.map(|index| Operand::new(place, index)).collect()
}

/// A tape that is computed on plain numbers, with the functions of the system's mathematics library. Its program is made when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct Plain(OnceLock<Lowered>);

impl Plain {
    /// Computes the tape, which is the same in every call.
    pub fn compute(&self, tape: &Tape, arguments: &[f64]) -> Vec<f64> {
        let make = || lower(tape, &operands(Place::Tile, 0..arguments.len()), &[]);
        let Lowered { program, results } = self.0.get_or_init(make);
        with_scratch(program.scratch(1), |scratch| {
            scratch[..arguments.len()].copy_from_slice(arguments);
            let mut registers = Registers { scratch, coefficients: &[], length: 1 };
            program.run_plain(&mut registers);
            results.iter().map(|result| program.numbers(&registers, *result)[0]).collect()
        })
    }
}

/// An operation on values of a tape, or on what takes their place.
#[derive(Debug, Clone, Copy)]
struct Joint {
    operation: Operation,
    number: i32,
    operands: [Value; 3],
    arity: usize,
}

impl Joint {
    fn new(operation: Operation, operands: &[Value]) -> Self {
        let mut all = [operands[0]; 3];
        all[..operands.len()].copy_from_slice(operands);
        Self { operation, number: 0, operands: all, arity: operands.len() }
    }

    fn with(self, number: i32) -> Self {
        Self { number, ..self }
    }
}

/// The meaning of a value of a tape.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Argument(usize),
    Constant(f64),
    Computed(Joint),
    /// The same as an earlier value.
    Same(Value),
}

/// A tape whose operations are those that programs have: opposites join the sums that use them, powers of two and three are operations of their
/// own. Nothing changes a bit of a result.
struct Joined {
    meanings: Vec<Meaning>,
    /// The values that are computed, in order.
    operations: Vec<Value>,
    results: Vec<Value>,
    /// The place among the operations of the last one that reads each value; the results are read behind all.
    last_uses: Vec<usize>,
}

impl Joined {
    fn new(tape: &Tape) -> Self {
        let mut meanings: Vec<Meaning> = Vec::with_capacity(tape.instructions.len());
        for instruction in &tape.instructions {
            let meaning = meaning(*instruction, &meanings);
            meanings.push(meaning);
        }
        let results: Vec<Value> = tape.results.iter().map(|value| same(*value, &meanings)).collect();
        let mut needed = vec![false; meanings.len()];
        results.iter().for_each(|result| needed[result.index()] = true);
        for (index, meaning) in meanings.iter().enumerate().rev() {
            if let Meaning::Computed(joint) = meaning
                && needed[index]
            {
                joint.operands[..joint.arity].iter().for_each(|value| needed[value.index()] = true);
            }
        }
        let mut joined =
            Self { operations: Vec::new(), last_uses: vec![0; meanings.len()], meanings, results };
        for value in tape.values() {
            if let Meaning::Computed(joint) = joined.meanings[value.index()]
                && needed[value.index()]
            {
                for operand in &joint.operands[..joint.arity] {
                    joined.last_uses[operand.index()] = joined.operations.len();
                }
                joined.operations.push(value);
            }
        }
        for result in &joined.results {
            joined.last_uses[result.index()] = usize::MAX;
        }
        joined
    }

    fn joint(&self, index: usize) -> Joint {
        match self.meanings[self.operations[index].index()] {
            Meaning::Computed(joint) => joint,
            _ => unreachable!("only what is computed is an operation"),
        }
    }
}

fn same(value: Value, meanings: &[Meaning]) -> Value {
    match meanings[value.index()] {
        Meaning::Same(other) => other,
        _ => value,
    }
}

/// The meaning of an instruction, given the meanings of those before it.
fn meaning(instruction: Written, meanings: &[Meaning]) -> Meaning {
    let at = |value: Value| same(value, meanings);
    let constant = |value: Value| match meanings[at(value).index()] {
        Meaning::Constant(number) => Some(number),
        _ => None,
    };
    // The value whose opposite a value is.
    let minus = |value: Value| match meanings[at(value).index()] {
        Meaning::Computed(Joint { operation: Operation::Negate, operands, .. }) => Some(operands[0]),
        _ => None,
    };
    let join = |operation: Operation, operands: &[Value]| {
        Meaning::Computed(Joint::new(operation, &operands.iter().map(|value| at(*value)).collect::<Vec<_>>()))
    };
    match instruction {
        Written::Argument(place) => Meaning::Argument(place as usize),
        Written::Constant(bits) => Meaning::Constant(f64::from_bits(bits)),
        Written::Negate(a) => match constant(a) {
            Some(number) => Meaning::Constant(-number),
            None => join(Operation::Negate, &[a]),
        },
        Written::Add(a, b) => match (minus(a), minus(b)) {
            (_, Some(b)) => join(Operation::Subtract, &[a, b]),
            (Some(a), None) => join(Operation::Subtract, &[b, a]),
            (None, None) => join(Operation::Add, &[a, b]),
        },
        Written::Subtract(a, b) => match minus(b) {
            Some(b) => join(Operation::Add, &[a, b]),
            None => join(Operation::Subtract, &[a, b]),
        },
        // Exact, as is one times a number that is added.
        Written::Multiply(a, b) if constant(a) == Some(1.0) => Meaning::Same(at(b)),
        Written::Multiply(a, b) if constant(b) == Some(1.0) => Meaning::Same(at(a)),
        Written::Multiply(a, b) => join(Operation::Multiply, &[a, b]),
        Written::MultiplyAdd(a, b, c) if constant(a) == Some(1.0) => join(Operation::Add, &[b, c]),
        Written::MultiplyAdd(a, b, c) if constant(b) == Some(1.0) => join(Operation::Add, &[a, c]),
        Written::MultiplyAdd(a, b, c) => match (minus(a), minus(b), minus(c)) {
            (Some(a), Some(b), _) => join(Operation::MultiplyAdd, &[a, b, c]),
            (Some(a), None, _) => join(Operation::MinusMultiplyAdd, &[a, b, c]),
            (None, Some(b), _) => join(Operation::MinusMultiplyAdd, &[b, a, c]),
            (None, None, Some(c)) => join(Operation::MultiplySubtract, &[a, b, c]),
            (None, None, None) => join(Operation::MultiplyAdd, &[a, b, c]),
        },
        Written::Divide(a, b) => join(Operation::Divide, &[a, b]),
        Written::PowerInteger(a, 2) => join(Operation::Square, &[a]),
        Written::PowerInteger(a, 3) => join(Operation::Cube, &[a]),
        Written::PowerInteger(a, exponent) => {
            Meaning::Computed(Joint::new(Operation::PowerInteger, &[at(a)]).with(exponent))
        }
        Written::Power(a, b) => join(Operation::Power, &[a, b]),
        Written::Atan2(a, b) => join(Operation::Atan2, &[a, b]),
        Written::Table(look_up, a, b) => Meaning::Computed(
            Joint::new(Operation::Table, &[at(a), at(b.unwrap_or(a))]).with(Operation::look_up(look_up)),
        ),
        Written::Unary(Unary::Exprel(order), a) => {
            Meaning::Computed(Joint::new(Operation::Exprel, &[at(a)]).with(order.into()))
        }
        Written::Unary(function, a) => join(function_of(function), &[a]),
        Written::Min(a, b) => join(Operation::Min, &[a, b]),
        Written::Max(a, b) => join(Operation::Max, &[a, b]),
        Written::Compare(Compare::Less, a, b) => join(Operation::Less, &[a, b]),
        Written::Compare(Compare::LessEqual, a, b) => join(Operation::LessEqual, &[a, b]),
        Written::Compare(Compare::Equal, a, b) => join(Operation::Equal, &[a, b]),
        Written::And(a, b) => join(Operation::And, &[a, b]),
        Written::Or(a, b) => join(Operation::Or, &[a, b]),
        Written::Not(a) => join(Operation::Not, &[a]),
        Written::Select(a, b, c) => join(Operation::Select, &[a, b, c]),
    }
}

fn function_of(function: Unary) -> Operation {
    match function {
        Unary::Exp => Operation::Exp,
        Unary::Expm1 => Operation::Expm1,
        Unary::Ln => Operation::Ln,
        Unary::Ln1p => Operation::Ln1p,
        Unary::Sqrt => Operation::Sqrt,
        Unary::Sin => Operation::Sin,
        Unary::Cos => Operation::Cos,
        Unary::Tanh => Operation::Tanh,
        Unary::Erf => Operation::Erf,
        Unary::Erfc => Operation::Erfc,
        Unary::Erfcx => Operation::Erfcx,
        Unary::Siegert => Operation::Siegert,
        Unary::Asin => Operation::Asin,
        Unary::Acos => Operation::Acos,
        Unary::Atan => Operation::Atan,
        Unary::Cbrt => Operation::Cbrt,
        Unary::Log10 => Operation::Log10,
        Unary::Sigmoid => Operation::Sigmoid,
        Unary::Exprel(_) => Operation::Exprel,
        Unary::Abs => Operation::Abs,
        Unary::Sign => Operation::Sign,
        Unary::Floor => Operation::Floor,
    }
}

/// Registers that are free, of those counted so far.
#[derive(Debug, Default)]
struct Free {
    /// The one freed last is taken first: it is the nearest in the cache.
    indices: Vec<usize>,
    count: usize,
}

impl Free {
    fn take(&mut self) -> usize {
        self.indices.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        })
    }
}

/// The registers of a program that is being written.
struct Allocation {
    instructions: Vec<Instruction>,
    constants: Vec<f64>,
    constant_places: HashMap<u64, usize>,
    /// The place of each value, once it has one.
    places: Vec<Option<Operand>>,
    tiles: Free,
    lines: Free,
    /// The registers of arguments, which are not given back.
    reserved: Vec<Operand>,
    /// The register in which a result is to end; the first one, if a value is several results.
    wanted: HashMap<Value, Operand>,
    /// The place of the last operation that reads the argument in a register in which a result is to end.
    busy_until: HashMap<Operand, usize>,
}

impl Allocation {
    fn new(joined: &Joined, arguments: &[Operand], into: &[Operand]) -> Self {
        let count = |place: Place| {
            let all = arguments.iter().chain(into);
            all.filter(|operand| operand.place() == place)
                .map(|operand| operand.index() + 1)
                .max()
                .unwrap_or(0)
        };
        let mut allocation = Self {
            instructions: Vec::new(),
            constants: Vec::new(),
            constant_places: HashMap::new(),
            places: vec![None; joined.meanings.len()],
            tiles: Free { indices: Vec::new(), count: count(Place::Tile) },
            lines: Free { indices: Vec::new(), count: count(Place::Line) },
            reserved: [arguments, into].concat(),
            wanted: HashMap::new(),
            busy_until: into.iter().map(|operand| (*operand, 0)).collect(),
        };
        for (index, meaning) in joined.meanings.iter().enumerate() {
            match meaning {
                Meaning::Argument(place) => {
                    let operand = arguments[*place];
                    allocation.places[index] = Some(operand);
                    if let Some(until) = allocation.busy_until.get_mut(&operand) {
                        *until = (*until).max(joined.last_uses[index]);
                    }
                }
                Meaning::Constant(number) => {
                    allocation.places[index] = Some(allocation.constant(*number));
                }
                Meaning::Computed(_) | Meaning::Same(_) => {}
            }
        }
        for (result, into) in joined.results.iter().zip(into) {
            allocation.wanted.entry(*result).or_insert(*into);
        }
        allocation
    }

    fn constant(&mut self, number: f64) -> Operand {
        let next = self.constants.len();
        let place = *self.constant_places.entry(number.to_bits()).or_insert(next);
        if place == next {
            self.constants.push(number);
        }
        Operand::new(Place::Constant, place)
    }

    fn place(&self, value: Value) -> Operand {
        self.places[value.index()].unwrap_or_else(|| unreachable!("operands stand before what uses them"))
    }

    /// Writes the operation at a place.
    fn write(&mut self, joined: &Joined, index: usize) {
        let (joint, value) = (joined.joint(index), joined.operations[index]);
        let operands = joint.operands.map(|value| self.place(value));
        // What is read here for the last time gives its register to the result, or to a later one.
        for (place, operand) in joint.operands[..joint.arity].iter().enumerate() {
            let is_last = joined.last_uses[operand.index()] == index;
            let is_repeated = joint.operands[..place].contains(operand);
            if is_last && !is_repeated {
                self.give_back(operands[place]);
            }
        }
        let is_uniform = operands.iter().all(|operand| operand.is_uniform());
        let free_target =
            self.wanted.get(&value).copied().filter(|target| {
                !is_uniform && self.busy_until.get(target).is_some_and(|until| *until <= index)
            });
        let to = match free_target {
            Some(target) => target,
            None if is_uniform => Operand::new(Place::Line, self.lines.take()),
            None => Operand::new(Place::Tile, self.tiles.take()),
        };
        self.places[value.index()] = Some(to);
        let [mut a, mut b, c] = operands;
        let is_product = matches!(
            joint.operation,
            Operation::Multiply
                | Operation::MultiplyAdd
                | Operation::MultiplySubtract
                | Operation::MinusMultiplyAdd
        );
        // The factor that is the same for every block is first; either order has the same bits.
        if is_product && b.is_uniform() {
            std::mem::swap(&mut a, &mut b);
        }
        self.instructions.push(Instruction { operation: joint.operation, number: joint.number, to, a, b, c });
    }

    fn give_back(&mut self, operand: Operand) {
        if self.reserved.contains(&operand) {
            return;
        }
        match operand.place() {
            Place::Tile => self.tiles.indices.push(operand.index()),
            Place::Line => self.lines.indices.push(operand.index()),
            Place::Coefficient | Place::Constant => {}
        }
    }

    /// Brings the results to where they are to end.
    fn finish(mut self, joined: &Joined, into: &[Operand], tables: Vec<Arc<Table>>) -> Lowered {
        let mut results: Vec<Operand> = joined.results.iter().map(|result| self.place(*result)).collect();
        // A result that still stands in the register of another one is moved away first.
        for (index, target) in into.iter().enumerate() {
            if results[index] != *target && into.contains(&results[index]) {
                let to = Operand::new(Place::Tile, self.tiles.take());
                self.copy(results[index], to);
                results[index] = to;
            }
        }
        for (result, target) in results.iter_mut().zip(into) {
            if *result != *target {
                self.copy(*result, *target);
                *result = *target;
            }
        }
        let mut program = Program::new(self.instructions, &self.constants, tables);
        self.reserved
            .into_iter()
            .chain(results.iter().copied())
            .for_each(|operand| program.add_operand(operand));
        Lowered { program, results }
    }

    fn copy(&mut self, a: Operand, to: Operand) {
        self.instructions.push(Instruction { operation: Operation::Copy, number: 0, to, a, b: a, c: a });
    }
}
