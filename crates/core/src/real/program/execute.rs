//! The loops in which instructions go through the numbers of a tile.

use std::sync::Arc;

use brainmass_spec::table as spec;

use super::instruction::{Instruction, LINE, Operand, Operation, Place};
use crate::real::{Lane, Real, Table};

/// The addresses of a program's numbers.
pub(super) struct Memory {
    /// The first number of each [`Place`].
    pub bases: [*const f64; 4],
    /// The count of numbers of an operand, by [`Place`].
    pub sizes: [usize; 4],
    /// The registers: tiles, then lines.
    pub scratch: *mut f64,
    /// The distance of the first line from the first tile.
    pub lines: usize,
    /// The number of blocks of lanes in a tile.
    pub blocks: usize,
}

impl Memory {
    #[inline(always)]
    fn at(&self, operand: Operand) -> *const f64 {
        let place = operand.place_index();
        self.bases[place].wrapping_add(operand.index() * self.sizes[place])
    }

    /// The address of a register, and its number of blocks.
    #[inline(always)]
    fn to(&self, operand: Operand) -> (*mut f64, usize) {
        match operand.place() {
            Place::Line => (self.scratch.wrapping_add(self.lines + operand.index() * LINE), 1),
            _ => (self.scratch.wrapping_add(operand.index() * self.sizes[0]), self.blocks),
        }
    }
}

/// Loads a block of lanes.
///
/// # Safety
///
/// There are `R::WIDTH` numbers to read.
#[inline(always)]
unsafe fn load<R: Lane>(from: *const f64) -> R {
    // SAFETY: as promised by the caller.
    R::load(unsafe { std::slice::from_raw_parts(from, R::WIDTH) })
}

/// Stores a block of lanes.
///
/// # Safety
///
/// There is room for `R::WIDTH` numbers, which nothing else refers to.
#[inline(always)]
unsafe fn store<R: Lane>(value: R, to: *mut f64) {
    // SAFETY: as promised by the caller.
    value.store(unsafe { std::slice::from_raw_parts_mut(to, R::WIDTH) });
}

// The loops are macros, because a closure that is too long to be inlined would not be compiled for the instruction set.

/// Computes a function of one operand, block by block.
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

/// Computes a function of two operands, block by block. An operand that is the same for every block is read once.
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

/// Computes a function of two operands that takes so long that reading them does not matter: its code stands once.
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

/// Computes a function of three operands, block by block.
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

/// Computes an instruction for all nodes of a tile.
///
/// # Safety
///
/// All that the operands refer to lies within `memory`.
#[inline(always)]
pub(super) unsafe fn execute<R: Lane>(i: &Instruction, memory: &Memory, tables: &[Arc<spec::Table>]) {
    // SAFETY: as promised by the caller; no reference to a number outlives the operation on it.
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
            Operation::Erfc => unary!(i, memory, |a| a.erfc()),
            Operation::Erfcx => unary!(i, memory, |a| a.erfcx()),
            Operation::Siegert => unary!(i, memory, |a| a.siegert()),
            Operation::Asin => unary!(i, memory, |a| a.asin()),
            Operation::Acos => unary!(i, memory, |a| a.acos()),
            Operation::Atan => unary!(i, memory, |a| a.atan()),
            Operation::Cbrt => unary!(i, memory, |a| a.cbrt()),
            Operation::Log10 => unary!(i, memory, |a| a.log10()),
            Operation::Atan2 => long_binary!(i, memory, |a, b| a.atan2(b)),
            Operation::Sigmoid => unary!(i, memory, |a| a.sigmoid()),
            Operation::Exprel => match i.number {
                // The one order of steps forward, with its loop over orders gone.
                0 => unary!(i, memory, |a| a.exprel(0)),
                order => unary!(i, memory, |a| a.exprel(order as u8)),
            },
            Operation::Abs => unary!(i, memory, |a| a.abs()),
            Operation::Sign => unary!(i, memory, |a| a.signum()),
            Operation::Table => {
                let (index, orders) = Operation::looked_up(i.number);
                let spec::Table { axes, file, header } = &*tables[index];
                match axes[..] {
                    [first, second] => {
                        let table = Table::new([first, second], file, *header);
                        long_binary!(i, memory, |a, b| table.derivative(orders, [a, b]));
                    }
                    _ => {
                        let table = Table::new([axes[0]], file, *header);
                        unary!(i, memory, |a| table.derivative([orders[0]], [a]));
                    }
                }
            }
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
