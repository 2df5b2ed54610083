//! The instructions of programs.

use brainmass_spec::table::{LookUp, MAX_AXES};

use crate::real::LANE_WIDTH;

/// The count of numbers of a line, see [`Place::Line`].
pub const LINE: usize = LANE_WIDTH;

/// The place of an operand's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A register with a number for each node of the tile.
    Tile,
    /// A register with the numbers of one block of lanes, which stand for those of every block of the tile.
    Line,
    /// A row of the coefficients, with a number for each node of the tile.
    Coefficient,
    /// A constant of the program, in all lanes.
    Constant,
}

impl Place {
    const ALL: [Self; 4] = [Self::Tile, Self::Line, Self::Coefficient, Self::Constant];
}

/// An operand: a place, and the index of a register, row or constant there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operand(u32);

impl Operand {
    const INDEX_BITS: u32 = 30;

    /// The first line.
    pub const FIRST_LINE: Self = Self((Place::Line as u32) << Self::INDEX_BITS);

    /// The operand of an index at a place.
    ///
    /// # Panics
    ///
    /// If the index is 2^30 or more.
    pub fn new(place: Place, index: usize) -> Self {
        assert!(index < 1 << Self::INDEX_BITS, "{index} is no index of an operand");
        Self((place as u32) << Self::INDEX_BITS | index as u32)
    }

    /// The place.
    #[inline(always)]
    pub fn place(self) -> Place {
        Place::ALL[self.place_index()]
    }

    /// The place as an index into lists that have an entry for each place.
    #[inline(always)]
    pub fn place_index(self) -> usize {
        (self.0 >> Self::INDEX_BITS) as usize
    }

    /// The index at its place.
    #[inline(always)]
    pub fn index(self) -> usize {
        (self.0 & ((1 << Self::INDEX_BITS) - 1)) as usize
    }

    /// Whether every block of the tile has the same numbers.
    #[inline(always)]
    pub fn is_uniform(self) -> bool {
        matches!(self.place(), Place::Line | Place::Constant)
    }
}

/// The function that an instruction computes of its operands `a`, `b`, `c`. Truth values are the numbers 1 and 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `a`.
    Copy,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    /// `a*b + c`.
    MultiplyAdd,
    /// `a*b - c`.
    MultiplySubtract,
    /// `-a*b + c`.
    MinusMultiplyAdd,
    Square,
    Cube,
    /// `a` to the power of the instruction's number.
    PowerInteger,
    Power,
    Exp,
    Expm1,
    Ln,
    Ln1p,
    Sqrt,
    Sin,
    Cos,
    Tanh,
    Erf,
    Erfc,
    Erfcx,
    Siegert,
    Asin,
    Acos,
    Atan,
    /// The angle of the point `(b, a)`.
    Atan2,
    Cbrt,
    Log10,
    Sigmoid,
    /// The derivative of `exprel` of the order that is the instruction's number.
    Exprel,
    /// A value or a derivative of the table that the instruction's number says, see [`Operation::look_up`].
    Table,
    Abs,
    Sign,
    Floor,
    Min,
    Max,
    Less,
    LessEqual,
    Equal,
    And,
    Or,
    Not,
    /// `b` where `a` holds, else `c`.
    Select,
}

impl Operation {
    /// The number of an instruction that looks up in a table.
    pub fn look_up(LookUp { table, orders }: LookUp) -> i32 {
        i32::from(table) << 2 | i32::from(orders[0]) << 1 | i32::from(orders[1])
    }

    /// The index of the table that such a number says, and the orders of the derivative along its axes.
    #[inline(always)]
    pub fn looked_up(number: i32) -> (usize, [u8; MAX_AXES]) {
        ((number >> 2) as usize, [(number >> 1 & 1) as u8, (number & 1) as u8])
    }
}

/// An operation with its operands; operands that it does not read are equal to the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instruction {
    /// The function that is computed.
    pub operation: Operation,
    /// A whole number that belongs to the operation.
    pub number: i32,
    /// The register that gets the result: a line only if all operands are uniform.
    pub to: Operand,
    /// The first operand.
    pub a: Operand,
    /// The second operand.
    pub b: Operand,
    /// The third operand.
    pub c: Operand,
}
