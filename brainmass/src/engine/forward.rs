//! Steps forward: a scheme applied to blocks of nodes in vector lanes.

use std::marker::PhantomData;

use super::{Faults, Rows, Step};
use crate::kernel::{Array, Kernel};
use crate::real::{Lane, LaneJob};
use crate::scheme::{MAX_STAGES, Scheme, Tableau};

/// Makes the steps of a [`Step`].
pub(super) struct Advance<'s, 'a, K> {
    scheme: Scheme,
    step: &'s mut Step<'a>,
    kernel: PhantomData<K>,
}

impl<'s, 'a, K> Advance<'s, 'a, K> {
    pub fn new(scheme: Scheme, step: &'s mut Step<'a>) -> Self {
        Self { scheme, step, kernel: PhantomData }
    }
}

impl<K: Kernel> LaneJob for Advance<'_, '_, K> {
    type Output = Faults;

    #[inline(always)]
    fn run<R: Lane>(self) -> Faults {
        let step = self.step;
        match self.scheme {
            Scheme::ExpEuler => each::<K, R, ExponentialEuler>(step, ()),
            Scheme::SymplecticEuler => each::<K, R, SymplecticEuler>(step, ()),
            Scheme::Euler => each::<K, R, Euler>(step, ()),
            scheme => match scheme.tableau() {
                Some(tableau) => {
                    // The predictor of Heun's scheme sees the noise too: with it, this is the stochastic Heun scheme.
                    each::<K, R, RungeKutta>(step, (tableau, scheme == Scheme::Heun))
                }
                None => Faults::default(),
            },
        }
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

/// How the states after a step follow from those before.
trait Method {
    type Settings: Copy;
    /// Whether it adds the noise itself, to each state in its turn.
    const ADDS_NOISE: bool = false;
    /// Whether it uses [`Block::factors`].
    const USES_FACTORS: bool = false;
    fn next<K: Kernel, R: Lane>(
        settings: Self::Settings,
        x: K::States<R>,
        block: &Block<K, R>,
    ) -> K::States<R>;
}

struct ExponentialEuler;

impl Method for ExponentialEuler {
    type Settings = ();
    const USES_FACTORS: bool = true;

    #[inline(always)]
    fn next<K: Kernel, R: Lane>((): (), x: K::States<R>, block: &Block<K, R>) -> K::States<R> {
        let (rates, diagonal) = K::rhs_diagonal(x, block.coefficients, block.inputs);
        let mut next = x;
        for (i, value) in next.as_mut().iter_mut().enumerate() {
            let factor = if K::CONSTANT_DIAGONAL[i] {
                block.factors.as_ref()[i]
            } else {
                block.dt * (block.dt * diagonal.as_ref()[i]).exprel(0)
            };
            *value = factor.mul_add(rates.as_ref()[i], *value);
        }
        next
    }
}

struct Euler;

impl Method for Euler {
    type Settings = ();

    #[inline(always)]
    fn next<K: Kernel, R: Lane>((): (), x: K::States<R>, block: &Block<K, R>) -> K::States<R> {
        let rates = K::rhs(x, block.coefficients, block.inputs);
        let mut next = x;
        for (value, rate) in next.as_mut().iter_mut().zip(rates.as_ref()) {
            *value = block.dt.mul_add(*rate, *value);
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
            for (sum, rate) in sum.as_mut().iter_mut().zip(rates.as_ref()) {
                *sum = R::splat(*weight).mul_add(*rate, *sum);
            }
        }
    }
    let mut out = x;
    for (value, sum) in out.as_mut().iter_mut().zip(sum.as_ref()) {
        *value = dt.mul_add(*sum, *value);
    }
    out
}

#[inline(always)]
fn add<R: Lane, A: Array<R>>(values: &mut A, terms: &A) {
    for (value, term) in values.as_mut().iter_mut().zip(terms.as_ref()) {
        *value = *value + *term;
    }
}

/// Makes the steps of all nodes, block by block, the states of a block staying in registers.
#[inline(always)]
fn each<K: Kernel, R: Lane, M: Method>(step: &mut Step, settings: M::Settings) -> Faults {
    let nodes = step.nodes;
    let n_coefficients = <K::Coefficients<R> as Array<R>>::LEN;
    let mut check = R::splat(0.0);
    for at in super::blocks::<R>(nodes) {
        let rows = Rows { nodes, at };
        let block = Block::<K, R> {
            dt: R::splat(step.dt),
            coefficients: rows.load(step.coefficients),
            factors: match M::USES_FACTORS {
                true => rows.load(&step.coefficients[n_coefficients * nodes..]),
                false => K::States::splat(R::splat(0.0)),
            },
            inputs: rows.load(step.inputs),
            noise: step.noise.map(|noise| rows.load(noise)),
        };
        let mut x: K::States<R> = rows.load(step.states);
        for _ in 0..step.steps {
            x = M::next::<K, R>(settings, x, &block);
            if let Some(noise) = block.noise.as_ref().filter(|_| !M::ADDS_NOISE) {
                add(&mut x, noise);
            }
            x = K::project(x);
        }
        for value in x.as_ref() {
            // 0 for a finite number, NaN for others.
            check = value.mul_add(R::splat(0.0), check);
        }
        rows.store(x, step.next);
    }
    Faults::of(check)
}
