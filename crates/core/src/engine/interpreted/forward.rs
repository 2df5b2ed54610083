//! Steps forward.

use super::call::Call;
use super::programs::NodePrograms;
use crate::engine::{FaultMask, Step};
use crate::real::{Lane, LaneJob, Simd};
use crate::scheme::Scheme;

/// Advances all nodes, tile by tile.
pub(super) fn advance(programs: &NodePrograms, simd: Simd, scheme: Scheme, step: &mut Step) -> FaultMask {
    let nodes = step.nodes;
    let call = Call {
        simd,
        lowered: programs.step(scheme, step.noise.is_some()),
        tiles: programs.tiles(nodes),
        nodes,
        coefficients: step.coefficients,
        rows: programs.rows(),
        dt: Some(step.dt),
    };
    let (width, states) = (step.states.len(), programs.tapes.states);
    let mut is_finite = true;
    call.for_each_start(
        &[step.states, step.inputs, step.noise.unwrap_or_default()],
        |tile, mut registers| {
            for next in step.next.chunks_exact_mut(width) {
                call.lowered.program.run(simd, &mut registers, step.steps);
                let after = &registers.scratch[..states * tile.length];
                for (register, row) in after.chunks_exact(tile.length).zip(next.chunks_exact_mut(nodes)) {
                    tile.store(register, row);
                }
                is_finite &= simd.run(IsFinite(after));
            }
        },
    );
    if is_finite { FaultMask::default() } else { FaultMask::of_rows(step.next, nodes) }
}

/// Tells whether numbers that fill their lanes are finite.
struct IsFinite<'a>(&'a [f64]);

impl LaneJob for IsFinite<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<R: Lane>(self) -> bool {
        let mut check = R::splat(0.0);
        for values in self.0.chunks_exact(R::WIDTH) {
            // 0 for a finite number, NaN for others: one operation, and no branch.
            check = R::load(values).mul_add(R::splat(0.0), check);
        }
        FaultMask::of_lanes(check).is_empty()
    }
}
