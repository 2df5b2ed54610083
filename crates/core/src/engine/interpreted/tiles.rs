//! Tiles: consecutive nodes whose numbers a program computes together, and the room that they need.

use std::cell::RefCell;

use crate::real::Aligned;
use crate::real::program::LINE;

/// Bytes of registers and coefficients of a tile: about as many as stay in the first cache beside other things.
const CACHE: usize = 24 << 10;

/// Least blocks of lanes in a tile. With fewer, choosing an operation takes longer than computing it.
const FEWEST_BLOCKS: usize = 4;

/// Most blocks of lanes in a tile. More gain nothing.
const MOST_BLOCKS: usize = 16;

/// Consecutive nodes, cut into tiles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiles {
    nodes: usize,
    /// The nodes of every tile but the last, which may be shorter.
    length: usize,
}

/// Some consecutive nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tile {
    /// The first node.
    pub first: usize,
    /// The number of nodes.
    pub count: usize,
    /// The length of registers: the number of nodes, rounded up to full lanes.
    pub length: usize,
}

impl Tiles {
    /// Cuts nodes into tiles for programs that use about so many registers and coefficients a node.
    pub fn new(nodes: usize, registers: usize) -> Self {
        let blocks = nodes.div_ceil(LINE).max(1);
        let fitting = CACHE / (size_of::<f64>() * LINE * registers.max(1));
        let tiles = blocks.div_ceil(fitting.clamp(FEWEST_BLOCKS, MOST_BLOCKS));
        Self { nodes, length: blocks.div_ceil(tiles) * LINE }
    }

    /// Iterates over the tiles.
    pub fn iter(self) -> impl Iterator<Item = Tile> {
        (0..self.nodes).step_by(self.length).map(move |first| {
            let count = self.length.min(self.nodes - first);
            Tile { first, count, length: count.next_multiple_of(LINE) }
        })
    }

    /// The count of numbers in an array that has `rows` rows of each tile, see [`Tile::packed`].
    pub fn packed(self, rows: usize) -> usize {
        self.nodes.next_multiple_of(LINE) * rows
    }
}

impl Tile {
    /// The place of the tile's numbers in an array that has `rows` rows of each tile, one tile after the other.
    pub fn packed(self, rows: usize) -> std::ops::Range<usize> {
        self.first * rows..(self.first + self.length) * rows
    }

    /// Fills a register from a row of all nodes. Lanes beyond the last node repeat it.
    pub fn load(self, register: &mut [f64], row: &[f64]) {
        let row = &row[self.first..self.first + self.count];
        register[..self.count].copy_from_slice(row);
        if let Some(last) = row.last() {
            register[self.count..].fill(*last);
        }
    }

    /// Writes the numbers of an operand, which may be a line that all blocks share, to a row of all nodes.
    pub fn store(self, numbers: &[f64], row: &mut [f64]) {
        let row = &mut row[self.first..self.first + self.count];
        if numbers.len() >= self.count {
            row.copy_from_slice(&numbers[..self.count]);
        } else {
            row.chunks_mut(numbers.len()).for_each(|block| block.copy_from_slice(&numbers[..block.len()]));
        }
    }

    /// Adds the numbers of an operand to a row of all nodes.
    pub fn accumulate(self, numbers: &[f64], row: &mut [f64]) {
        let row = &mut row[self.first..self.first + self.count];
        for (value, number) in row.iter_mut().zip(numbers.iter().cycle()) {
            *value += number;
        }
    }
}

thread_local! {
    /// The registers of the programs that run on this thread.
    static SCRATCH: RefCell<Aligned> = RefCell::default();
}

/// Calls a function with room for so many numbers, which it must not take for zeros. Every call on a thread has the same room, so that steps
/// allocate nothing; a function cannot call this again.
pub(crate) fn with_scratch<T>(numbers: usize, function: impl FnOnce(&mut [f64]) -> T) -> T {
    SCRATCH.with_borrow_mut(|scratch| {
        if scratch.len() < numbers {
            scratch.fit(numbers);
        }
        function(&mut scratch[..numbers])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_all_nodes_once() {
        for (nodes, registers) in [(1, 3), (7, 3), (8, 3), (90, 10), (90, 100), (720, 20), (1000, 400)] {
            let tiles = Tiles::new(nodes, registers);
            let all: Vec<Tile> = tiles.iter().collect();
            let mut next = (0, 0);
            for tile in &all {
                assert_eq!((tile.first, tile.packed(3).start), next);
                next = (tile.first + tile.count, tile.packed(3).end);
                assert!(tile.length >= tile.count && tile.length < tile.count + LINE);
            }
            assert_eq!(next, (nodes, tiles.packed(3)));
            assert!(all.iter().all(|tile| tile.length <= MOST_BLOCKS * LINE));
        }
        assert_eq!(Tiles::new(90, 10).iter().count(), 1);
        assert_eq!(Tiles::new(90, 48).iter().count(), 2);
    }

    #[test]
    fn a_short_tile_repeats_its_last_node_and_a_line_is_spread() {
        let tile = Tile { first: 2, count: 3, length: 8 };
        let mut register = [0.0; 8];
        tile.load(&mut register, &[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(register, [3.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0]);
        let tile = Tile { first: 0, count: 10, length: 16 };
        let mut row = [0.0; 10];
        tile.store(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], &mut row);
        tile.accumulate(&[1.0; 8], &mut row);
        assert_eq!(row, [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 2.0, 3.0]);
    }
}
