//! Steps in reverse mode: the vector-Jacobian product of a scheme's step, applied to all nodes.
//!
//! The adjoint of a number is the derivative of a loss by it. Each scheme is taken apart from its last operation to its first, with the
//! vector-Jacobian products of the kernel, see [`Method::vjp`].

use std::marker::PhantomData;

use super::StepVjp;
use super::block::{NodeBlock, load_coefficients};
use super::kernel_equations::KernelEquations;
use super::usual::is_usual;
use crate::kernel::{Array, Kernel};
use crate::real::{Lane, LaneJob};
use crate::scheme::Scheme;
use crate::scheme::step::{Method, MethodJob, TakenStep};

/// Takes the vector-Jacobian product of a step of all nodes.
pub(super) fn step_vjp<K: Kernel>(scheme: Scheme, step: &mut StepVjp) {
    scheme.with_shared_method(VjpBy::<K> { step, kernel: PhantomData });
}

/// The vector-Jacobian product of a step of all nodes.
struct VjpBy<'s, 'a, K> {
    step: &'s mut StepVjp<'a>,
    kernel: PhantomData<K>,
}

impl<K: Kernel> MethodJob for VjpBy<'_, '_, K> {
    type Output = ();

    #[inline(always)]
    fn run<M: Method>(self, settings: M::Settings) {
        let simd = self.step.simd;
        let job = Vjp::<K, M> { step: self.step, settings, kernel: PhantomData };
        // Gradients go back through the scheme that the model is meant for, as a rule.
        if const { is_usual(M::KIND, K::INFO) } {
            simd.run_compact(job);
        } else {
            simd.run_compact_seldom(job);
        }
    }
}

/// The vector-Jacobian product of a step of all nodes by one method.
struct Vjp<'s, 'a, K, M: Method> {
    step: &'s mut StepVjp<'a>,
    settings: M::Settings,
    kernel: PhantomData<K>,
}

impl<K: Kernel, M: Method> LaneJob for Vjp<'_, '_, K, M> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let step = self.step;
        let nodes = step.nodes;
        // Not by `block_starts`: blocks that overlap would add the adjoints of their nodes twice.
        for first in (0..nodes).step_by(R::WIDTH) {
            let block = NodeBlock { nodes, first };
            let equations = KernelEquations::<K, R> {
                dt: R::splat(step.dt),
                coefficients: load_coefficients::<K, R>(step.coefficients, nodes, first),
                // Reverse mode computes the factors anew, since their derivatives need what they are made of.
                factors: Array::splat(R::splat(0.0)),
                inputs: block.load(step.inputs),
                noise: step.noise.map(|noise| block.load(noise)),
            };
            let taken = TakenStep { states: block.load(step.states), equations: &equations };
            let adjoints = M::vjp(self.settings, &taken, block.load(step.adjoint));
            block.store(adjoints.states, step.adjoint);
            block.accumulate(adjoints.inputs, step.inputs_adjoint);
            block.accumulate(adjoints.parameters, step.parameters_adjoint);
            if let Some(noise_adjoint) = &mut step.noise_adjoint {
                block.accumulate(adjoints.noise, noise_adjoint);
            }
        }
    }
}
