//! Programs: operations on many numbers at a time, chosen at run time.
//!
//! A program computes with registers, each of which holds one number a node of a *tile* of nodes. An operation goes through the whole of its
//! registers before the next one begins, so that choosing it costs little beside the numbers it computes.

use super::{Aligned, Lane, LaneJob, Real, Simd};

/// Numbers of a line: as many as a block of lanes has. See [`Place::Line`].
pub const LINE: usize = super::number::LANE_WIDTH;

/// Where the numbers of an operand stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A register with a number for each node of the tile.
    Tile,
    /// A register with the numbers of eight lanes, which are the same for every block of the tile.
    Line,
    /// A row of the coefficients, with a number for each node of the tile.
    Coefficient,
    /// A constant of the program.
    Constant,
}

impl Place {
    const ALL: [Self; 4] = [Self::Tile, Self::Line, Self::Coefficient, Self::Constant];
}

/// An operand: a place and which of the registers, rows or constants there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operand(u32);

impl Operand {
    const INDEX_BITS: u32 = 30;

    /// The operand of an index at a place.
    ///
    /// # Panics
    ///
    /// If the index is 2^30 or more.
    pub fn new(place: Place, index: usize) -> Self {
        assert!(index < 1 << Self::INDEX_BITS, "{index} is no index of an operand");
        Self((place as u32) << Self::INDEX_BITS | index as u32)
    }

    /// Where it stands.
    #[inline(always)]
    pub fn place(self) -> Place {
        Place::ALL[(self.0 >> Self::INDEX_BITS) as usize]
    }

    /// Which one it is there.
    #[inline(always)]
    pub fn index(self) -> usize {
        (self.0 & ((1 << Self::INDEX_BITS) - 1)) as usize
    }

    /// Whether it has the same lanes for every block of the tile.
    #[inline(always)]
    pub fn is_uniform(self) -> bool {
        matches!(self.place(), Place::Line | Place::Constant)
    }
}

/// What an instruction computes of its operands `a`, `b`, `c`. A truth value is 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the functions are those of `Real`")]
pub enum Operation {
    /// `a`
    Copy,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    /// `a*b + c`
    MultiplyAdd,
    /// `a*b - c`
    MultiplySubtract,
    /// `-a*b + c`
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
    Sigmoid,
    /// The derivative of `exprel` of the order that is the instruction's number.
    Exprel,
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

/// An operation with its operands; those that it does not read are equal to the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instruction {
    /// What is computed.
    pub operation: Operation,
    /// A whole number that belongs to the operation.
    pub number: i32,
    /// The register that gets the result: a line only if all operands are uniform.
    pub to: Operand,
    /// First operand.
    pub a: Operand,
    /// Second operand.
    pub b: Operand,
    /// Third operand.
    pub c: Operand,
}

/// A list of instructions that is known to read and write nothing but the registers, rows and constants that it says it has.
#[derive(Debug)]
pub struct Program {
    instructions: Vec<Instruction>,
    /// A line each.
    constants: Aligned,
    tiles: usize,
    lines: usize,
    coefficients: usize,
}

impl Program {
    /// A program with these instructions and constants.
    ///
    /// # Panics
    ///
    /// If an instruction writes to something that is no register, writes what differs from block to block into a line, or reads a constant
    /// that is not there.
    pub fn new(instructions: Vec<Instruction>, constants: &[f64]) -> Self {
        let mut lines = Aligned::zeros(constants.len() * LINE);
        for (line, constant) in lines.chunks_exact_mut(LINE).zip(constants) {
            line.fill(*constant);
        }
        let mut program =
            Self { instructions: Vec::new(), constants: lines, tiles: 0, lines: 0, coefficients: 0 };
        for Instruction { to, a, b, c, .. } in &instructions {
            [*to, *a, *b, *c].into_iter().for_each(|operand| program.needs(operand));
            let uniform = [a, b, c].into_iter().all(|operand| operand.is_uniform());
            let fits = match to.place() {
                Place::Tile => true,
                Place::Line => uniform,
                Place::Coefficient | Place::Constant => false,
            };
            assert!(fits, "an instruction cannot write to {to:?}");
        }
        program.instructions = instructions;
        program
    }

    /// Says that the program has an operand, which its instructions need not use.
    ///
    /// # Panics
    ///
    /// If it is a constant that is not there.
    pub fn needs(&mut self, operand: Operand) {
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

    /// The instructions.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// Registers with a number for each node.
    pub fn tiles(&self) -> usize {
        self.tiles
    }

    /// Numbers of all registers, for tiles of `length` nodes.
    pub fn scratch(&self, length: usize) -> usize {
        self.tiles * length + self.lines * LINE
    }

    /// The numbers of an operand: `length` of them, or for a uniform one those of a line.
    pub fn numbers<'a>(&'a self, registers: &'a Registers, operand: Operand) -> &'a [f64] {
        let index = operand.index();
        match operand.place() {
            Place::Tile => &registers.scratch[index * registers.length..][..registers.length],
            Place::Line => &registers.scratch[self.tiles * registers.length + index * LINE..][..LINE],
            Place::Coefficient => &registers.coefficients[index * registers.length..][..registers.length],
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
    /// If the length of the tile is no multiple of eight, or there is not enough scratch or not enough coefficients.
    pub fn run(&self, simd: Simd, registers: &mut Registers, times: usize) {
        assert!(registers.length % LINE == 0, "a tile of {} nodes does not fill its lanes", registers.length);
        simd.run(Execute { program: self, registers, times });
    }

    /// Runs the program on plain numbers, with the functions of the system's library.
    ///
    /// # Panics
    ///
    /// If there is not enough scratch or not enough coefficients.
    pub fn run_plain(&self, registers: &mut Registers) {
        Execute { program: self, registers, times: 1 }.run::<f64>();
    }
}

/// The numbers that a program computes with.
#[derive(Debug)]
pub struct Registers<'a> {
    /// The registers: at least [`Program::scratch`] numbers.
    pub scratch: &'a mut [f64],
    /// Rows of `length` numbers.
    pub coefficients: &'a [f64],
    /// Nodes of the tile.
    pub length: usize,
}

struct Execute<'p, 'r, 's> {
    program: &'p Program,
    registers: &'r mut Registers<'s>,
    times: usize,
}

impl LaneJob for Execute<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Self { program, registers, times } = self;
        let length = registers.length;
        assert!(registers.scratch.len() >= program.scratch(length), "the registers need more room");
        assert!(registers.coefficients.len() >= program.coefficients * length, "coefficients are missing");
        let scratch = registers.scratch.as_mut_ptr();
        let memory = Memory {
            bases: [
                scratch.cast_const(),
                scratch.wrapping_add(program.tiles * length).cast_const(),
                registers.coefficients.as_ptr(),
                program.constants.as_ptr(),
            ],
            scratch,
            sizes: [length, LINE, length, LINE],
            lines: program.tiles * length,
            blocks: length / R::WIDTH,
        };
        for _ in 0..times {
            for instruction in &program.instructions {
                // SAFETY: `Program::new` has checked what the operands point to, and the assertions above that it is there.
                unsafe { execute::<R>(instruction, &memory) };
            }
        }
    }
}

/// Where a program's numbers are.
struct Memory {
    /// By [`Place`].
    bases: [*const f64; 4],
    /// Numbers of each operand, by [`Place`].
    sizes: [usize; 4],
    scratch: *mut f64,
    /// Where the lines begin in the scratch.
    lines: usize,
    /// Blocks of lanes in a tile.
    blocks: usize,
}

impl Memory {
    #[inline(always)]
    fn at(&self, operand: Operand) -> *const f64 {
        let place = (operand.0 >> Operand::INDEX_BITS) as usize;
        self.bases[place].wrapping_add(operand.index() * self.sizes[place])
    }

    /// Where a result goes, and of how many blocks it has.
    #[inline(always)]
    fn to(&self, operand: Operand) -> (*mut f64, usize) {
        match operand.place() {
            Place::Line => (self.scratch.wrapping_add(self.lines + operand.index() * LINE), 1),
            _ => (self.scratch.wrapping_add(operand.index() * self.sizes[0]), self.blocks),
        }
    }
}

/// # Safety
///
/// There are `R::WIDTH` numbers to read.
#[inline(always)]
unsafe fn load<R: Lane>(from: *const f64) -> R {
    // SAFETY: as promised by the caller.
    R::load(unsafe { std::slice::from_raw_parts(from, R::WIDTH) })
}

/// # Safety
///
/// There is room for `R::WIDTH` numbers, which nothing else refers to.
#[inline(always)]
unsafe fn store<R: Lane>(value: R, to: *mut f64) {
    // SAFETY: as promised by the caller.
    value.store(unsafe { std::slice::from_raw_parts_mut(to, R::WIDTH) });
}

// Loops over the blocks of a tile. They are macros because a closure that is too long to be inlined would not be compiled for the instruction set.

/// A function of one operand, block by block.
macro_rules! unary {
    ($i:ident, $memory:ident, |$a:ident| $value:expr) => {{
        let ((to, blocks), a) = ($memory.to($i.to), $memory.at($i.a));
        let step = if $i.a.is_uniform() { 0 } else { R::WIDTH };
        for block in 0..blocks {
            let $a: R = load(a.add(block * step));
            store::<R>($value, to.add(block * R::WIDTH));
        }
    }};
}

/// A function of two operands, block by block. What is the same for every block is read once.
macro_rules! binary {
    ($i:ident, $memory:ident, |$a:ident, $b:ident| $value:expr) => {{
        let ((to, blocks), a, b) = ($memory.to($i.to), $memory.at($i.a), $memory.at($i.b));
        match ($i.a.is_uniform(), $i.b.is_uniform()) {
            (false, false) => {
                for block in 0..blocks {
                    let at = block * R::WIDTH;
                    let ($a, $b): (R, R) = (load(a.add(at)), load(b.add(at)));
                    store::<R>($value, to.add(at));
                }
            }
            (false, true) => {
                let $b: R = load(b);
                for block in 0..blocks {
                    let $a: R = load(a.add(block * R::WIDTH));
                    store::<R>($value, to.add(block * R::WIDTH));
                }
            }
            (true, false) => {
                let $a: R = load(a);
                for block in 0..blocks {
                    let $b: R = load(b.add(block * R::WIDTH));
                    store::<R>($value, to.add(block * R::WIDTH));
                }
            }
            (true, true) => {
                let ($a, $b): (R, R) = (load(a), load(b));
                let value: R = $value;
                for block in 0..blocks {
                    store::<R>(value, to.add(block * R::WIDTH));
                }
            }
        }
    }};
}

/// A function of two operands that takes so long that reading them does not matter: its code stands once.
macro_rules! long_binary {
    ($i:ident, $memory:ident, |$a:ident, $b:ident| $value:expr) => {{
        let ((to, blocks), a, b) = ($memory.to($i.to), $memory.at($i.a), $memory.at($i.b));
        let (by_a, by_b) =
            (if $i.a.is_uniform() { 0 } else { R::WIDTH }, if $i.b.is_uniform() { 0 } else { R::WIDTH });
        for block in 0..blocks {
            let ($a, $b): (R, R) = (load(a.add(block * by_a)), load(b.add(block * by_b)));
            store::<R>($value, to.add(block * R::WIDTH));
        }
    }};
}

/// A function of three operands, block by block.
macro_rules! ternary {
    ($i:ident, $memory:ident, |$a:ident, $b:ident, $c:ident| $value:expr) => {{
        let ((to, blocks), a, b, c) =
            ($memory.to($i.to), $memory.at($i.a), $memory.at($i.b), $memory.at($i.c));
        match ($i.a.is_uniform(), $i.b.is_uniform(), $i.c.is_uniform()) {
            (false, false, false) => {
                for block in 0..blocks {
                    let at = block * R::WIDTH;
                    let ($a, $b, $c): (R, R, R) = (load(a.add(at)), load(b.add(at)), load(c.add(at)));
                    store::<R>($value, to.add(at));
                }
            }
            (true, false, false) => {
                let $a: R = load(a);
                for block in 0..blocks {
                    let at = block * R::WIDTH;
                    let ($b, $c): (R, R) = (load(b.add(at)), load(c.add(at)));
                    store::<R>($value, to.add(at));
                }
            }
            (false, false, true) => {
                let $c: R = load(c);
                for block in 0..blocks {
                    let at = block * R::WIDTH;
                    let ($a, $b): (R, R) = (load(a.add(at)), load(b.add(at)));
                    store::<R>($value, to.add(at));
                }
            }
            (true, false, true) => {
                let ($a, $c): (R, R) = (load(a), load(c));
                for block in 0..blocks {
                    let $b: R = load(b.add(block * R::WIDTH));
                    store::<R>($value, to.add(block * R::WIDTH));
                }
            }
            (a_uniform, b_uniform, c_uniform) => {
                let (by_a, by_b, by_c) = (
                    if a_uniform { 0 } else { R::WIDTH },
                    if b_uniform { 0 } else { R::WIDTH },
                    if c_uniform { 0 } else { R::WIDTH },
                );
                for block in 0..blocks {
                    let $a: R = load(a.add(block * by_a));
                    let ($b, $c): (R, R) = (load(b.add(block * by_b)), load(c.add(block * by_c)));
                    store::<R>($value, to.add(block * R::WIDTH));
                }
            }
        }
    }};
}

/// A mask as a number.
#[inline(always)]
fn truth<R: Real>(mask: R::Mask) -> R {
    R::select(mask, R::splat(1.0), R::splat(0.0))
}

/// A number as a mask.
#[inline(always)]
fn holds<R: Real>(value: R) -> R::Mask {
    R::not(value.eq(R::splat(0.0)))
}

/// # Safety
///
/// The operands lie within `memory`.
#[inline(always)]
unsafe fn execute<R: Lane>(i: &Instruction, memory: &Memory) {
    // SAFETY: as promised by the caller.
    unsafe {
        match i.operation {
            Operation::Copy => unary!(i, memory, |a| a),
            Operation::Add => binary!(i, memory, |a, b| a + b),
            Operation::Subtract => binary!(i, memory, |a, b| a - b),
            Operation::Multiply => binary!(i, memory, |a, b| a * b),
            Operation::Divide => binary!(i, memory, |a, b| a / b),
            Operation::Negate => unary!(i, memory, |a| -a),
            Operation::MultiplyAdd => ternary!(i, memory, |a, b, c| a.mul_add(b, c)),
            Operation::MultiplySubtract => ternary!(i, memory, |a, b, c| a.mul_add(b, -c)),
            Operation::MinusMultiplyAdd => ternary!(i, memory, |a, b, c| (-a).mul_add(b, c)),
            Operation::Square => unary!(i, memory, |a| a * a),
            Operation::Cube => unary!(i, memory, |a| a * (a * a)),
            Operation::PowerInteger => unary!(i, memory, |a| a.powi(i.number)),
            Operation::Power => long_binary!(i, memory, |a, b| a.powf(b)),
            Operation::Exp => unary!(i, memory, |a| a.exp()),
            Operation::Expm1 => unary!(i, memory, |a| a.expm1()),
            Operation::Ln => unary!(i, memory, |a| a.ln()),
            Operation::Ln1p => unary!(i, memory, |a| a.ln_1p()),
            Operation::Sqrt => unary!(i, memory, |a| a.sqrt()),
            Operation::Sin => unary!(i, memory, |a| a.sin()),
            Operation::Cos => unary!(i, memory, |a| a.cos()),
            Operation::Tanh => unary!(i, memory, |a| a.tanh()),
            Operation::Erf => unary!(i, memory, |a| a.erf()),
            Operation::Sigmoid => unary!(i, memory, |a| a.sigmoid()),
            Operation::Exprel => match i.number {
                // The one order of steps forward, with its loop over orders gone.
                0 => unary!(i, memory, |a| a.exprel(0)),
                order => unary!(i, memory, |a| a.exprel(order as u8)),
            },
            Operation::Abs => unary!(i, memory, |a| a.abs()),
            Operation::Sign => unary!(i, memory, |a| a.signum()),
            Operation::Floor => unary!(i, memory, |a| a.floor()),
            Operation::Min => binary!(i, memory, |a, b| a.min(b)),
            Operation::Max => binary!(i, memory, |a, b| a.max(b)),
            Operation::Less => binary!(i, memory, |a, b| truth(a.lt(b))),
            Operation::LessEqual => binary!(i, memory, |a, b| truth(a.le(b))),
            Operation::Equal => binary!(i, memory, |a, b| truth(a.eq(b))),
            Operation::And => binary!(i, memory, |a, b| truth(R::and(holds(a), holds(b)))),
            Operation::Or => binary!(i, memory, |a, b| truth(R::or(holds(a), holds(b)))),
            Operation::Not => unary!(i, memory, |a| truth(a.eq(R::splat(0.0)))),
            Operation::Select => ternary!(i, memory, |a, b, c| R::select(holds(a), b, c)),
        }
    }
}
