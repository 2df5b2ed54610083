//! Evaluations around the steps: coefficients before the first, observables after some, rates at the stages of a step.

use super::call::Call;
use super::lower::Lowered;
use super::programs::NodePrograms;
use crate::engine::{Reading, ReadingVjp};
use crate::real::Simd;
use crate::scheme::Scheme;

/// Computes coefficients tile by tile and, behind those of a tile, the factors of exponential Euler where the scheme reads them.
pub(super) fn prepare(
    programs: &NodePrograms,
    simd: Simd,
    scheme: Scheme,
    dt: f64,
    nodes: usize,
    parameters: &[f64],
) -> Vec<f64> {
    let needs_factors = scheme.needs_factors();
    let lowered = if needs_factors { programs.factors() } else { &programs.coefficients };
    let (tiles, rows) = (programs.tiles(nodes), programs.rows());
    let dt = needs_factors.then_some(dt);
    let call = Call { simd, lowered, tiles, nodes, coefficients: &[], rows: 0, dt };
    let mut out = vec![0.0; tiles.packed(rows)];
    call.for_each(&[parameters], |outcome| {
        let tile = outcome.tile;
        let out = out[tile.packed(rows)].chunks_exact_mut(tile.length);
        for (numbers, out) in outcome.results().zip(out) {
            out.chunks_exact_mut(numbers.len()).for_each(|out| out.copy_from_slice(numbers));
        }
    });
    out
}

/// Computes observables.
pub(super) fn observe(programs: &NodePrograms, simd: Simd, reading: &Reading, out: &mut [f64]) {
    read(programs, programs.observe(), simd, reading, out);
}

/// Computes rates of change.
pub(super) fn rates(programs: &NodePrograms, simd: Simd, reading: &Reading, out: &mut [f64]) {
    read(programs, programs.rates(), simd, reading, out);
}

/// Takes the vector-Jacobian product of observables.
pub(super) fn observe_vjp(programs: &NodePrograms, job: &mut ReadingVjp) {
    read_vjp(programs, programs.observe_vjp(), job);
}

/// Takes the vector-Jacobian product of rates of change.
pub(super) fn rates_vjp(programs: &NodePrograms, job: &mut ReadingVjp) {
    read_vjp(programs, programs.rates_vjp(), job);
}

fn call<'a>(
    programs: &NodePrograms,
    lowered: &'a Lowered,
    simd: Simd,
    &Reading { nodes, coefficients, .. }: &Reading<'a>,
) -> Call<'a> {
    Call { simd, lowered, tiles: programs.tiles(nodes), nodes, coefficients, rows: programs.rows(), dt: None }
}

fn read(programs: &NodePrograms, lowered: &Lowered, simd: Simd, reading: &Reading, out: &mut [f64]) {
    call(programs, lowered, simd, reading).for_each(&[reading.states, reading.inputs], |outcome| {
        for (numbers, row) in outcome.results().zip(out.chunks_exact_mut(reading.nodes)) {
            outcome.tile.store(numbers, row);
        }
    });
}

fn read_vjp(programs: &NodePrograms, lowered: &Lowered, job: &mut ReadingVjp) {
    let reading = &job.reading;
    let given = [reading.states, reading.inputs, job.adjoint];
    call(programs, lowered, job.simd, reading).for_each(&given, |outcome| {
        let sums = [&mut *job.states_adjoint, &mut *job.parameters_adjoint, &mut *job.inputs_adjoint];
        let rows = sums.into_iter().flat_map(|sums| sums.chunks_exact_mut(reading.nodes));
        outcome.results().zip(rows).for_each(|(numbers, row)| outcome.tile.accumulate(numbers, row));
    });
}
