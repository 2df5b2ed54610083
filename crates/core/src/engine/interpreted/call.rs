//! Calls of a program for all nodes, tile by tile.

use super::lower::Lowered;
use super::programs::TIME_STEP;
use super::tiles::{Tile, Tiles, with_scratch};
use crate::real::Simd;
use crate::real::program::Registers;

/// A program with the numbers that it is given.
pub(super) struct Call<'a> {
    pub simd: Simd,
    pub lowered: &'a Lowered,
    pub tiles: Tiles,
    /// The number of nodes.
    pub nodes: usize,
    /// The coefficients, of each tile as many rows as `rows` says.
    pub coefficients: &'a [f64],
    /// The number of rows of coefficients.
    pub rows: usize,
    /// The time step, for programs that read it.
    pub dt: Option<f64>,
}

/// The numbers of one tile after a run of the program.
pub(super) struct Outcome<'a> {
    pub tile: Tile,
    lowered: &'a Lowered,
    registers: Registers<'a>,
}

impl<'c> Call<'c> {
    /// Runs the program for each tile. `given` holds arrays of rows of all nodes, which fill the first registers in their order.
    pub fn for_each(&self, given: &[&[f64]], mut with: impl FnMut(&Outcome)) {
        self.for_each_start(given, |tile, registers| with(&self.run(tile, registers)));
    }

    /// Calls a function for each tile, with registers from which the program can start.
    pub fn for_each_start(&self, given: &[&[f64]], mut with: impl FnMut(Tile, Registers)) {
        let program = &self.lowered.program;
        for tile in self.tiles.iter() {
            with_scratch(program.scratch(tile.length), |scratch| {
                let coefficients = &self.coefficients[tile.packed(self.rows)];
                let mut registers = Registers { scratch, coefficients, length: tile.length };
                let rows = given.iter().flat_map(|rows| rows.chunks_exact(self.nodes));
                for (row, register) in rows.zip(registers.scratch.chunks_exact_mut(tile.length)) {
                    tile.load(register, row);
                }
                if let Some(dt) = self.dt {
                    program.register(&mut registers, TIME_STEP).fill(dt);
                }
                with(tile, registers);
            });
        }
    }

    /// Runs the program once for a tile.
    pub fn run<'a>(&self, tile: Tile, mut registers: Registers<'a>) -> Outcome<'a>
    where
        'c: 'a,
    {
        self.lowered.program.run(self.simd, &mut registers, 1);
        Outcome { tile, lowered: self.lowered, registers }
    }
}

impl Outcome<'_> {
    /// The numbers of each result: one for each node, or a line that all blocks share.
    pub fn results(&self) -> impl Iterator<Item = &[f64]> {
        let numbers = |operand| self.lowered.program.numbers(&self.registers, operand);
        self.lowered.results.iter().map(move |operand| numbers(*operand))
    }
}
