//! Steps forward: a scheme applied to blocks of nodes in vector lanes.

use std::marker::PhantomData;

use super::{Faults, Rows, Step, load_block};
use crate::kernel::{Array, Kernel};
use crate::real::{Lane, LaneJob, Simd};
use crate::scheme::{MAX_STAGES, Scheme, Tableau};

/// Makes the steps of a [`Step`]. A job for each scheme: one for all would need the stack of all, where nothing is optimised.
pub(super) fn advance<K: Kernel>(simd: Simd, scheme: Scheme, step: &mut Step) -> Faults {
    match scheme {
        Scheme::ExpEuler => simd.run(Advance::<K, ExponentialEuler>::new(step, ())),
        Scheme::SymplecticEuler => simd.run(Advance::<K, SymplecticEuler>::new(step, ())),
        Scheme::Euler => simd.run(Advance::<K, Euler>::new(step, ())),
        scheme => match scheme.tableau() {
            // The predictor of Heun's scheme sees the noise too: with it, this is the stochastic Heun scheme.
            Some(tableau) => simd.run(Advance::<K, RungeKutta>::new(step, (tableau, scheme == Scheme::Heun))),
            None => Faults::default(),
        },
    }
}

/// The steps by one method.
struct Advance<'s, 'a, K, M: Method> {
    step: &'s mut Step<'a>,
    settings: M::Settings,
    kernel: PhantomData<K>,
}

impl<'s, 'a, K, M: Method> Advance<'s, 'a, K, M> {
    fn new(step: &'s mut Step<'a>, settings: M::Settings) -> Self {
        Self { step, settings, kernel: PhantomData }
    }
}

impl<K: Kernel, M: Method> LaneJob for Advance<'_, '_, K, M> {
    type Output = Faults;

    #[inline(always)]
    fn run<R: Lane>(self) -> Faults {
        each::<K, R, M>(self.step, self.settings)
    }
}

/// What a scheme is given of a block of nodes.
struct Block<K: Kernel, R: Lane> {
    dt: R,
    coefficients: K::Coefficients<R>,
    /// `dt exprel(dt J)` of the states whose J depends on parameters alone.
    factors: K::States<R>,
    inputs: K::Inputs<R>,
    noise: Option<K::States<R>>,
}

/// Blocks that are advanced side by side: a processor overlaps their chains of operations.
const TOGETHER: usize = 4;

/// How the states after a step follow from those before.
trait Method {
    type Settings: Copy;
    /// Whether it adds the noise itself, to each state in its turn.
    const ADDS_NOISE: bool = false;
    /// Whether a step is so short that it pays to keep the states of a small model in registers from one to the next.
    const SHORT: bool = false;
    fn next<K: Kernel, R: Lane>(
        settings: Self::Settings,
        x: K::States<R>,
        block: &Block<K, R>,
    ) -> K::States<R>;
}

struct ExponentialEuler;

impl Method for ExponentialEuler {
    type Settings = ();

    #[inline(always)]
    fn next<K: Kernel, R: Lane>((): (), x: K::States<R>, block: &Block<K, R>) -> K::States<R> {
        let (rates, diagonal) = K::rhs_diagonal(x, block.coefficients, block.inputs);
        let mut next = x;
        for i in 0..<K::States<R> as Array<R>>::LEN {
            let factor = if K::CONSTANT_DIAGONAL[i] {
                block.factors.as_ref()[i]
            } else {
                block.dt * (block.dt * diagonal.as_ref()[i]).exprel(0)
            };
            next.as_mut()[i] = factor.mul_add(rates.as_ref()[i], x.as_ref()[i]);
        }
        next
    }
}

struct Euler;

impl Method for Euler {
    type Settings = ();
    const SHORT: bool = true;

    #[inline(always)]
    fn next<K: Kernel, R: Lane>((): (), x: K::States<R>, block: &Block<K, R>) -> K::States<R> {
        let rates = K::rhs(x, block.coefficients, block.inputs);
        let mut next = x;
        for i in 0..<K::States<R> as Array<R>>::LEN {
            next.as_mut()[i] = block.dt.mul_add(rates.as_ref()[i], x.as_ref()[i]);
        }
        next
    }
}

struct SymplecticEuler;

impl Method for SymplecticEuler {
    type Settings = ();
    const ADDS_NOISE: bool = true;

    #[inline(always)]
    fn next<K: Kernel, R: Lane>((): (), mut x: K::States<R>, block: &Block<K, R>) -> K::States<R> {
        for turn in 0..<K::States<R> as Array<R>>::LEN {
            let i = K::SYMPLECTIC_ORDER.map_or(turn, |order| order[turn]);
            let rates = K::rhs(x, block.coefficients, block.inputs);
            let mut value = block.dt.mul_add(rates.as_ref()[i], x.as_ref()[i]);
            if let Some(noise) = &block.noise {
                value = value + noise.as_ref()[i];
            }
            x.as_mut()[i] = value;
        }
        x
    }
}

struct RungeKutta;

impl Method for RungeKutta {
    /// The tableau, and whether the later stages see the noise.
    type Settings = (&'static Tableau, bool);

    #[inline(always)]
    fn next<K: Kernel, R: Lane>(
        (tableau, noisy_stages): (&'static Tableau, bool),
        x: K::States<R>,
        block: &Block<K, R>,
    ) -> K::States<R> {
        let mut rates = [x; MAX_STAGES];
        let mut at = x;
        for stage in 0..tableau.b.len() {
            rates[stage] = K::rhs(at, block.coefficients, block.inputs);
            at = match tableau.a.get(stage) {
                Some(row) => combine::<K, R>(row, &rates, x, block.dt),
                None => combine::<K, R>(tableau.b, &rates, x, block.dt),
            };
            if let Some(noise) = block.noise.as_ref().filter(|_| noisy_stages && stage < tableau.a.len()) {
                add(&mut at, noise);
            }
        }
        at
    }
}

/// `x + dt * (sum of weights times rates)`.
#[inline(always)]
fn combine<K: Kernel, R: Lane>(
    weights: &[f64],
    rates: &[K::States<R>; MAX_STAGES],
    x: K::States<R>,
    dt: R,
) -> K::States<R> {
    let mut sum = K::States::<R>::splat(R::splat(0.0));
    for (weight, rates) in weights.iter().zip(rates) {
        if *weight != 0.0 {
            for i in 0..<K::States<R> as Array<R>>::LEN {
                sum.as_mut()[i] = R::splat(*weight).mul_add(rates.as_ref()[i], sum.as_ref()[i]);
            }
        }
    }
    let mut out = x;
    for i in 0..<K::States<R> as Array<R>>::LEN {
        out.as_mut()[i] = dt.mul_add(sum.as_ref()[i], x.as_ref()[i]);
    }
    out
}

#[inline(always)]
fn add<R: Lane, A: Array<R>>(values: &mut A, terms: &A) {
    for i in 0..A::LEN {
        values.as_mut()[i] = values.as_ref()[i] + terms.as_ref()[i];
    }
}

/// Makes the steps of all nodes, a few blocks after the other.
#[inline(always)]
fn each<K: Kernel, R: Lane, M: Method>(step: &mut Step, settings: M::Settings) -> Faults {
    let n_blocks = step.nodes.div_ceil(R::WIDTH);
    // A single step has no chain that others could overlap.
    let is_burst = step.steps > 1 || step.next.len() > step.states.len();
    let (mut start, mut check) = (0, R::splat(0.0));
    while start < n_blocks {
        let left = n_blocks - start;
        let count = if !in_registers::<K, R, M>() {
            TOGETHER.min(left)
        } else if is_burst && left >= TOGETHER {
            TOGETHER
        } else {
            1
        };
        check = if count == TOGETHER && in_registers::<K, R, M>() {
            some::<K, R, M, true>(step, settings, start, count, check)
        } else {
            some::<K, R, M, false>(step, settings, start, count, check)
        };
        start += count;
    }
    Faults::of(check)
}

/// Whether states stay in registers from step to step, of one block or of [`TOGETHER`]: then loops over blocks are unrolled.
const fn in_registers<K: Kernel, R: Lane, M: Method>() -> bool {
    M::SHORT && <K::States<R> as Array<R>>::LEN <= 2
}

/// Makes the steps of `count` blocks, at most [`TOGETHER`], by turns; `check` becomes NaN where a state leaves the finite numbers. `WHOLE` says
/// that there are as many, which the compiler is to know, as it is to know of a single one.
#[inline(always)]
fn some<K: Kernel, R: Lane, M: Method, const WHOLE: bool>(
    step: &mut Step,
    settings: M::Settings,
    start: usize,
    count: usize,
    mut check: R,
) -> R {
    let count = match WHOLE {
        true => TOGETHER,
        false if in_registers::<K, R, M>() => 1,
        false => count,
    };
    let nodes = step.nodes;
    let (n_coefficients, n_states) = (<K::Coefficients<R> as Array<R>>::LEN, <K::States<R> as Array<R>>::LEN);
    let per_block = (n_coefficients + n_states) * R::WIDTH;
    let last = nodes.saturating_sub(R::WIDTH);
    // As `blocks` does, but without an iterator between the registers.
    let rows = |i: usize| Rows { nodes, at: last.min((start + i) * R::WIDTH) };
    let mut x = [K::States::splat(R::splat(0.0)); TOGETHER];
    let mut inputs = [K::Inputs::splat(R::splat(0.0)); TOGETHER];
    let mut noise = [K::States::splat(R::splat(0.0)); TOGETHER];
    for i in 0..count {
        x[i] = rows(i).load(step.states);
        inputs[i] = rows(i).load(step.inputs);
        if let Some(increments) = step.noise {
            noise[i] = rows(i).load(increments);
        }
    }
    let coefficients = &step.coefficients[start * per_block..][..count * per_block];
    for next in step.next.chunks_exact_mut(step.states.len()) {
        for _ in 0..step.steps {
            for i in 0..count {
                let numbers = &coefficients[i * per_block..][..per_block];
                let block = Block::<K, R> {
                    dt: R::splat(step.dt),
                    coefficients: load_block(numbers),
                    factors: load_block(&numbers[n_coefficients * R::WIDTH..]),
                    inputs: inputs[i],
                    noise: step.noise.map(|_| noise[i]),
                };
                let mut next = M::next::<K, R>(settings, x[i], &block);
                if let Some(noise) = block.noise.as_ref().filter(|_| !M::ADDS_NOISE) {
                    add(&mut next, noise);
                }
                x[i] = K::project(next);
            }
        }
        for (i, x) in x[..count].iter().enumerate() {
            for value in x.as_ref() {
                // 0 for a finite number, NaN for others.
                check = value.mul_add(R::splat(0.0), check);
            }
            rows(i).store(*x, next);
        }
    }
    check
}
