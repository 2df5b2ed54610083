//! Steps forward: the step of a scheme applied to all nodes, node block by node block.

use std::marker::PhantomData;

use super::block::{NodeBlock, load_coefficients, load_factors, load_packed};
use super::kernel_equations::KernelEquations;
use super::usual::is_usual;
use super::{FaultMask, Step};
use crate::kernel::{Array, Kernel};
use crate::real::{LANE_WIDTH, Lane, LaneJob, Simd};
use crate::scheme::Scheme;
use crate::scheme::step::{Method, MethodJob, MethodKind, next_states};

/// Advances all nodes.
pub(super) fn advance<K: Kernel>(simd: Simd, scheme: Scheme, step: &mut Step) -> FaultMask {
    scheme.with_method(AdvanceBy::<K> { simd, step, kernel: PhantomData })
}

/// The steps of all nodes. Each family of schemes is a [`LaneJob`] of its own: one for all would need the stack of all, where nothing is optimised.
struct AdvanceBy<'s, 'a, K> {
    simd: Simd,
    step: &'s mut Step<'a>,
    kernel: PhantomData<K>,
}

impl<K: Kernel> MethodJob for AdvanceBy<'_, '_, K> {
    type Output = FaultMask;

    #[inline(always)]
    fn run<M: Method>(self, settings: M::Settings) -> FaultMask {
        let job = Advance::<K, M> { step: self.step, settings, kernel: PhantomData };
        // Few models are stepped by symplectic Euler, and those say so.
        if const { M::KIND.is(MethodKind::SymplecticEuler) && !is_usual(M::KIND, K::INFO) } {
            self.simd.run_seldom(job)
        } else {
            self.simd.run_wide(job)
        }
    }
}

/// The steps of all nodes by one method.
struct Advance<'s, 'a, K, M: Method> {
    step: &'s mut Step<'a>,
    settings: M::Settings,
    kernel: PhantomData<K>,
}

impl<K: Kernel, M: Method> LaneJob for Advance<'_, '_, K, M> {
    type Output = FaultMask;

    #[inline(always)]
    fn run<R: Lane>(self) -> FaultMask {
        advance_nodes::<K, R, M>(self.step, self.settings)
    }
}

/// Node blocks that are advanced in an interleaved loop, so that a processor overlaps their chains of operations: a step is often shorter than
/// the latency of its operations, and the next step of the same block has to wait for it.
const BLOCKS_TOGETHER: usize = 4;

/// Advances every node by `step.steps` steps, and by as many again for each further array in `step.next`, [`BLOCKS_TOGETHER`] node blocks at a
/// time. Returns the fault mask of all lanes.
#[inline(always)]
fn advance_nodes<K: Kernel, R: Lane, M: Method>(step: &mut Step, settings: M::Settings) -> FaultMask {
    let n_blocks = step.nodes.div_ceil(R::WIDTH);
    // A single step has no chain that the steps of other blocks could overlap.
    let is_burst = step.steps > 1 || step.next.len() > step.states.len();
    let (mut start, mut check) = (0, R::splat(0.0));
    while start < n_blocks {
        let left = n_blocks - start;
        let count = if !in_registers::<K, R, M>() {
            BLOCKS_TOGETHER.min(left)
        } else if is_burst && left >= BLOCKS_TOGETHER {
            BLOCKS_TOGETHER
        } else {
            1
        };
        check = if count == BLOCKS_TOGETHER && in_registers::<K, R, M>() {
            advance_blocks::<K, R, M, true>(step, settings, start, count, check)
        } else {
            advance_blocks::<K, R, M, false>(step, settings, start, count, check)
        };
        start += count;
    }
    let faults = FaultMask::of_lanes(check);
    if R::WIDTH == LANE_WIDTH || faults.is_empty() {
        return faults;
    }
    // Fewer lanes do not tell the columns apart.
    FaultMask::of_rows(step.next, step.nodes)
}

/// Whether the states of one node block, or of [`BLOCKS_TOGETHER`], stay in registers from step to step: then the loops over blocks are unrolled.
const fn in_registers<K: Kernel, R: Lane, M: Method>() -> bool {
    M::SHORT && <K::States<R> as Array<R>>::LEN <= 2
}

/// Advances the node blocks `start..start + count` in an interleaved loop; `count` is at most [`BLOCKS_TOGETHER`]. `FULL` says that it is as
/// many: a constant lets the compiler unroll the loop, as it does for a single block. Returns `check`, with NaN in the lanes in which a state
/// left the finite numbers.
#[inline(always)]
fn advance_blocks<K: Kernel, R: Lane, M: Method, const FULL: bool>(
    step: &mut Step,
    settings: M::Settings,
    start: usize,
    count: usize,
    mut check: R,
) -> R {
    let count = match FULL {
        true => BLOCKS_TOGETHER,
        false if in_registers::<K, R, M>() => 1,
        false => count,
    };
    let nodes = step.nodes;
    let (n_coefficients, n_states) = (<K::Coefficients<R> as Array<R>>::LEN, <K::States<R> as Array<R>>::LEN);
    let per_block = (n_coefficients + n_states) * LANE_WIDTH;
    let last = nodes.saturating_sub(R::WIDTH);
    // The blocks of `block_starts`, without an iterator between the registers.
    let block = |i: usize| NodeBlock { nodes, first: last.min((start + i) * R::WIDTH) };
    let mut x = [K::States::splat(R::splat(0.0)); BLOCKS_TOGETHER];
    let mut inputs = [K::Inputs::splat(R::splat(0.0)); BLOCKS_TOGETHER];
    let mut noise = [K::States::splat(R::splat(0.0)); BLOCKS_TOGETHER];
    for i in 0..count {
        x[i] = block(i).load(step.states);
        inputs[i] = block(i).load(step.inputs);
        if let Some(increments) = step.noise {
            noise[i] = block(i).load(increments);
        }
    }
    // A block of fewer lanes finds its coefficients itself.
    let is_whole = R::WIDTH == LANE_WIDTH;
    let coefficients = if is_whole {
        &step.coefficients[start * per_block..][..count * per_block]
    } else {
        step.coefficients
    };
    for after in step.next.chunks_exact_mut(step.states.len()) {
        for _ in 0..step.steps {
            // The coefficients of each block are taken from an iterator, so that they are read through a pointer that moves on. An index added to each
            // address makes long steps, such as those of Jansen-Rit, slower by a twentieth.
            let mut packed = coefficients.chunks_exact(per_block);
            for i in 0..count {
                let (of_block, factors) = if is_whole {
                    let numbers = packed.next().unwrap_or_default();
                    (load_packed(numbers), load_packed(&numbers[n_coefficients * LANE_WIDTH..]))
                } else {
                    let first = block(i).first;
                    let factors = load_factors::<K, R>(coefficients, nodes, first);
                    (load_coefficients::<K, R>(coefficients, nodes, first), factors)
                };
                let equations = KernelEquations::<K, R> {
                    dt: R::splat(step.dt),
                    coefficients: of_block,
                    factors,
                    inputs: inputs[i],
                    noise: step.noise.map(|_| noise[i]),
                };
                x[i] = next_states::<R, KernelEquations<K, R>, M>(settings, x[i], &equations);
            }
        }
        for (i, x) in x[..count].iter().enumerate() {
            for value in x.as_ref() {
                // 0 for a finite number, NaN for others: one operation, and no branch.
                check = value.mul_add(R::splat(0.0), check);
            }
            block(i).store(*x, after);
        }
    }
    check
}
