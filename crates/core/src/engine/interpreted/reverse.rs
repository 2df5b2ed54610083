//! Steps in reverse mode.

use super::call::Call;
use super::programs::NodePrograms;
use crate::engine::StepVjp;
use crate::scheme::Scheme;

/// Takes the vector-Jacobian product of a step of all nodes, tile by tile.
pub(super) fn step_vjp(programs: &NodePrograms, scheme: Scheme, step: &mut StepVjp) {
    let nodes = step.nodes;
    let call = Call {
        simd: step.simd,
        lowered: programs.step_vjp(scheme, step.noise.is_some()),
        tiles: programs.tiles(nodes),
        nodes,
        coefficients: step.coefficients,
        rows: programs.rows(),
        dt: Some(step.dt),
    };
    let noise = step.noise.unwrap_or_default();
    let given = (step.states.len() + step.inputs.len() + noise.len()) / nodes;
    call.for_each_start(&[step.states, step.inputs, noise], |tile, registers| {
        let adjoints = registers.scratch.chunks_exact_mut(tile.length).skip(given);
        for (register, row) in adjoints.zip(step.adjoint.chunks_exact(nodes)) {
            tile.load(register, row);
        }
        let outcome = call.run(tile, registers);
        let mut results = outcome.results();
        for (row, numbers) in step.adjoint.chunks_exact_mut(nodes).zip(&mut results) {
            tile.store(numbers, row);
        }
        let noise = step.noise_adjoint.as_deref_mut().unwrap_or_default();
        let sums = [&mut *step.inputs_adjoint, &mut *step.parameters_adjoint, noise];
        let rows = sums.into_iter().flat_map(|sums| sums.chunks_exact_mut(nodes));
        rows.zip(results).for_each(|(row, numbers)| tile.accumulate(numbers, row));
    });
}
