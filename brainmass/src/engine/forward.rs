//! Steps forward: a scheme applied to every node.

use super::{States, Step, load, store};
use crate::kernel::{Array, Kernel};
use crate::scheme::{MAX_STAGES, Scheme, Tableau};

/// Advances all nodes by one step, and projects them into their bounds.
pub(super) fn advance<K: Kernel>(scheme: Scheme, step: &mut Step) {
    let dt = step.dt;
    match scheme {
        Scheme::ExpEuler => each::<K>(step, |x, c, u, noise| {
            let (f, j) = K::rhs_diagonal(x, c, u);
            let (x, f, j) = (x.as_ref(), f.as_ref(), j.as_ref());
            States::<K>::from_fn(|i| x[i] + dt * crate::real::Real::exprel(dt * j[i], 0) * f[i] + noise(i))
        }),
        Scheme::SymplecticEuler => each::<K>(step, |mut x, c, u, noise| {
            let in_turn = 0..<States<K> as Array<f64>>::LEN;
            let mut advance = |i: usize| {
                let f = K::rhs(x, c, u);
                x.as_mut()[i] += dt * f.as_ref()[i] + noise(i);
            };
            match K::SYMPLECTIC_ORDER {
                Some(order) => order.iter().for_each(|&i| advance(i)),
                None => in_turn.for_each(&mut advance),
            }
            x
        }),
        Scheme::Euler => each::<K>(step, |x, c, u, noise| {
            let f = K::rhs(x, c, u);
            States::<K>::from_fn(|i| x.as_ref()[i] + dt * f.as_ref()[i] + noise(i))
        }),
        // The predictor sees the noise too: with it, this is the stochastic Heun scheme.
        Scheme::Heun => each::<K>(step, |x, c, u, noise| {
            let first = K::rhs(x, c, u);
            let predicted = States::<K>::from_fn(|i| x.as_ref()[i] + dt * first.as_ref()[i] + noise(i));
            let second = K::rhs(predicted, c, u);
            States::<K>::from_fn(|i| {
                x.as_ref()[i] + dt * (0.5 * first.as_ref()[i] + 0.5 * second.as_ref()[i]) + noise(i)
            })
        }),
        _ => {
            if let Some(tableau) = scheme.tableau() {
                each::<K>(step, |x, c, u, noise| runge_kutta::<K>(tableau, dt, x, c, u, noise));
            }
        }
    }
}

/// Observables of all nodes.
pub(super) fn observe<K: Kernel>(
    nodes: usize,
    states: &[f64],
    coefficients: &[f64],
    inputs: &[f64],
    out: &mut [f64],
) {
    for node in 0..nodes {
        let observables: K::Observables<f64> =
            K::observe(load(states, nodes, node), load(coefficients, nodes, node), load(inputs, nodes, node));
        store(observables, out, nodes, node);
    }
}

/// Applies `advance` to every node and projects the outcome.
#[inline(always)]
fn each<K: Kernel>(
    step: &mut Step,
    advance: impl Fn(States<K>, K::Coefficients<f64>, K::Inputs<f64>, &dyn Fn(usize) -> f64) -> States<K>,
) {
    let nodes = step.nodes;
    for node in 0..nodes {
        let noise = |i: usize| step.noise.map_or(0.0, |noise| noise[i * nodes + node]);
        let next = advance(
            load(step.states, nodes, node),
            load(step.coefficients, nodes, node),
            load(step.inputs, nodes, node),
            &noise,
        );
        store(K::project(next), step.states, nodes, node);
    }
}

#[inline(always)]
fn runge_kutta<K: Kernel>(
    tableau: &Tableau,
    dt: f64,
    x: States<K>,
    c: K::Coefficients<f64>,
    u: K::Inputs<f64>,
    noise: &dyn Fn(usize) -> f64,
) -> States<K> {
    let mut stages = [x; MAX_STAGES];
    stages[0] = K::rhs(x, c, u);
    for (stage, row) in tableau.a.iter().enumerate() {
        let at = States::<K>::from_fn(|i| x.as_ref()[i] + dt * weighted(row, &stages, i));
        stages[stage + 1] = K::rhs(at, c, u);
    }
    States::<K>::from_fn(|i| x.as_ref()[i] + dt * weighted(tableau.b, &stages, i) + noise(i))
}

#[inline(always)]
fn weighted<A: AsRef<[f64]>>(weights: &[f64], stages: &[A], i: usize) -> f64 {
    weights
        .iter()
        .zip(stages)
        .filter(|(weight, _)| **weight != 0.0)
        .map(|(weight, k)| weight * k.as_ref()[i])
        .sum()
}
