//! Programs: operations on many numbers at a time, chosen at run time.
//!
//! A program computes with registers, each of which holds one number for each node of a *tile* of nodes. An operation goes through the whole of
//! its registers before the next one begins, so that choosing it costs little beside the numbers it computes.

mod execute;
mod instruction;

pub use instruction::{Instruction, LINE, Operand, Operation, Place};

use std::sync::Arc;

use brainmass_spec::table::Table;

use super::{Aligned, Lane, LaneJob, Simd};
use execute::{Memory, execute};

/// A list of instructions that is known to read and write nothing but the registers, rows and constants that the program says it has.
#[derive(Debug)]
pub struct Program {
    instructions: Vec<Instruction>,
    /// A line each.
    constants: Aligned,
    tables: Vec<Arc<Table>>,
    tiles: usize,
    lines: usize,
    coefficients: usize,
}

impl Program {
    /// Creates a program of instructions and constants, which looks values up in tables.
    ///
    /// # Panics
    ///
    /// If an instruction writes to something that is no register, writes what differs from block to block into a line, or reads a constant
    /// that is not there.
    pub fn new(instructions: Vec<Instruction>, constants: &[f64], tables: Vec<Arc<Table>>) -> Self {
        let mut lines = Aligned::zeros(constants.len() * LINE);
        for (line, constant) in lines.chunks_exact_mut(LINE).zip(constants) {
            line.fill(*constant);
        }
        let mut program =
            Self { instructions: Vec::new(), constants: lines, tables, tiles: 0, lines: 0, coefficients: 0 };
        for Instruction { to, a, b, c, .. } in &instructions {
            [*to, *a, *b, *c].into_iter().for_each(|operand| program.add_operand(operand));
            let is_uniform = [a, b, c].into_iter().all(|operand| operand.is_uniform());
            let fits = match to.place() {
                Place::Tile => true,
                Place::Line => is_uniform,
                Place::Coefficient | Place::Constant => false,
            };
            assert!(fits, "an instruction cannot write to {to:?}");
        }
        program.instructions = instructions;
        program
    }

    /// Adds an operand that callers use, whether or not an instruction does.
    ///
    /// # Panics
    ///
    /// If it is a constant that is not there.
    pub fn add_operand(&mut self, operand: Operand) {
        let count = operand.index() + 1;
        match operand.place() {
            Place::Tile => self.tiles = self.tiles.max(count),
            Place::Line => self.lines = self.lines.max(count),
            Place::Coefficient => self.coefficients = self.coefficients.max(count),
            Place::Constant => {
                assert!(count * LINE <= self.constants.len(), "there is no constant {operand:?}");
            }
        }
    }

    /// The number of registers with a number for each node.
    pub fn tiles(&self) -> usize {
        self.tiles
    }

    /// The count of numbers in all registers, for tiles of `length` nodes.
    pub fn scratch(&self, length: usize) -> usize {
        self.tiles * length + self.lines * LINE
    }

    /// The numbers of an operand: `length` of them, or those of a line where it is uniform.
    pub fn numbers<'a>(&'a self, registers: &'a Registers, operand: Operand) -> &'a [f64] {
        let (index, length) = (operand.index(), registers.length);
        match operand.place() {
            Place::Tile => &registers.scratch[index * length..][..length],
            Place::Line => &registers.scratch[self.tiles * length + index * LINE..][..LINE],
            Place::Coefficient => &registers.coefficients[index * length..][..length],
            Place::Constant => &self.constants[index * LINE..][..LINE],
        }
    }

    /// The numbers of a register, to be set.
    ///
    /// # Panics
    ///
    /// If the operand is no register.
    pub fn register<'a>(&self, registers: &'a mut Registers, operand: Operand) -> &'a mut [f64] {
        let (index, length) = (operand.index(), registers.length);
        match operand.place() {
            Place::Tile => &mut registers.scratch[index * length..][..length],
            Place::Line => &mut registers.scratch[self.tiles * length + index * LINE..][..LINE],
            Place::Coefficient | Place::Constant => panic!("{operand:?} is no register"),
        }
    }

    /// Runs the program `times` times over, in the vector lanes of an instruction set.
    ///
    /// # Panics
    ///
    /// If the length of the tile is no multiple of the lane width, or there is not enough scratch or not enough coefficients.
    pub fn run(&self, simd: Simd, registers: &mut Registers, times: usize) {
        assert!(
            registers.length.is_multiple_of(LINE),
            "a tile of {} nodes does not fill its lanes",
            registers.length
        );
        simd.run(Run { program: self, registers, times });
    }

    /// Runs the program on plain numbers, with the functions of the system's mathematics library.
    ///
    /// # Panics
    ///
    /// If there is not enough scratch or not enough coefficients.
    pub fn run_plain(&self, registers: &mut Registers) {
        Run { program: self, registers, times: 1 }.run::<f64>();
    }
}

/// The numbers that a program computes with.
#[derive(Debug)]
pub struct Registers<'a> {
    /// The registers: at least [`Program::scratch`] numbers.
    pub scratch: &'a mut [f64],
    /// The coefficients, in rows of `length` numbers.
    pub coefficients: &'a [f64],
    /// The number of nodes in the tile.
    pub length: usize,
}

struct Run<'p, 'r, 's> {
    program: &'p Program,
    registers: &'r mut Registers<'s>,
    times: usize,
}

impl LaneJob for Run<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Self { program, registers, times } = self;
        let length = registers.length;
        assert!(registers.scratch.len() >= program.scratch(length), "the registers need more room");
        assert!(registers.coefficients.len() >= program.coefficients * length, "coefficients are missing");
        let scratch = registers.scratch.as_mut_ptr();
        let lines = program.tiles * length;
        let memory = Memory {
            bases: [
                scratch.cast_const(),
                scratch.wrapping_add(lines).cast_const(),
                registers.coefficients.as_ptr(),
                program.constants.as_ptr(),
            ],
            sizes: [length, LINE, length, LINE],
            scratch,
            lines,
            blocks: length / R::WIDTH,
        };
        for _ in 0..times {
            for instruction in &program.instructions {
                // SAFETY: `Program` counts the registers, rows and constants that its instructions refer to, and the assertions above say that so
                // many are there.
                unsafe { execute::<R>(instruction, &memory, &program.tables) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instruction(operation: Operation, to: Operand, [a, b, c]: [Operand; 3]) -> Instruction {
        Instruction { operation, number: 0, to, a, b, c }
    }

    #[test]
    fn operands_of_every_place_meet() {
        let tile = |index| Operand::new(Place::Tile, index);
        let (line, row) = (Operand::new(Place::Line, 0), Operand::new(Place::Coefficient, 0));
        let two = Operand::new(Place::Constant, 0);
        // line = 2 line; tile 1 = tile 0 + line; tile 1 = 2 tile 1 + row
        let program = Program::new(
            vec![
                instruction(Operation::Multiply, line, [two, line, two]),
                instruction(Operation::Add, tile(1), [tile(0), line, tile(0)]),
                instruction(Operation::MultiplyAdd, tile(1), [two, tile(1), row]),
            ],
            &[2.0],
            Vec::new(),
        );
        let length = 24;
        let numbers = |from: f64, count: usize| -> Vec<f64> { (0..count).map(|i| from + i as f64).collect() };
        let (given, lanes, coefficients) = (numbers(0.0, length), numbers(100.0, LINE), numbers(0.5, length));
        let expected: Vec<f64> =
            (0..length).map(|i| 2.0 * (given[i] + 2.0 * lanes[i % LINE]) + coefficients[i]).collect();
        for simd in ["avx512", "avx2", "plain"].into_iter().filter_map(|name| Simd::named(name).ok()) {
            let mut scratch = vec![0.0; program.scratch(length)];
            let mut registers = Registers { scratch: &mut scratch, coefficients: &coefficients, length };
            program.register(&mut registers, tile(0)).copy_from_slice(&given);
            program.register(&mut registers, line).copy_from_slice(&lanes);
            program.run(simd, &mut registers, 1);
            assert_eq!(program.numbers(&registers, tile(1)), expected, "{}", simd.name());
        }
        let mut scratch = vec![1.0; program.scratch(3)];
        let mut registers = Registers { scratch: &mut scratch, coefficients: &[1.0, 2.0, 3.0], length: 3 };
        program.run_plain(&mut registers);
        assert_eq!(program.numbers(&registers, tile(1)), [7.0, 8.0, 9.0]);
    }

    #[test]
    #[should_panic(expected = "cannot write to")]
    fn a_line_does_not_hold_what_differs_from_block_to_block() {
        let (tile, line) = (Operand::new(Place::Tile, 0), Operand::new(Place::Line, 0));
        Program::new(vec![instruction(Operation::Negate, line, [tile; 3])], &[], Vec::new());
    }

    #[test]
    #[should_panic(expected = "more room")]
    fn a_program_does_not_run_in_too_little_room() {
        let tile = Operand::new(Place::Tile, 3);
        let program = Program::new(vec![instruction(Operation::Negate, tile, [tile; 3])], &[], Vec::new());
        let mut scratch = vec![0.0; 8];
        program.run(
            Simd::fastest(),
            &mut Registers { scratch: &mut scratch, coefficients: &[], length: 8 },
            1,
        );
    }
}
