//! Steps that were made, to be differentiated.

use brainmass_core::engine::{Coupled, Engine, Interaction, InteractionData, StageWise, StepJvp, StepVjp};
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;

/// The interaction inside a model, with its data and the port that it feeds.
pub(crate) struct InnerCoupling {
    pub interaction: &'static dyn Interaction,
    pub data: InteractionData,
    /// The index of the input port that the interaction feeds.
    pub port: usize,
}

impl InnerCoupling {
    /// Joins the interaction to the engine whose nodes it couples.
    pub fn coupled(&self, engine: &'static dyn Engine, simd: Simd) -> Coupled<'_> {
        Coupled { engine, interaction: self.interaction, data: &self.data, port: self.port, simd }
    }
}

/// A step that a group of nodes has made, ready to be differentiated.
pub(crate) struct Replay<'a> {
    /// The coefficients of the engine.
    pub coefficients: &'a [f64],
    /// The increments of the noise in the step, where the derivatives depend on them: the scheme sees the noise within the step, or a state has
    /// bounds.
    pub noise: Option<&'a [f64]>,
    pub(super) engine: &'static dyn Engine,
    pub(super) scheme: Scheme,
    /// The workspace and the interaction, where the scheme evaluates an interaction at every stage.
    pub(super) stage_wise: Option<(&'a mut StageWise, Coupled<'a>)>,
}

impl Replay<'_> {
    /// Computes the vector-Jacobian product of the step. The adjoint of the coupling inputs at the start of the step is added to those of the
    /// inputs.
    pub fn vjp(&mut self, step: &mut StepVjp) {
        match &mut self.stage_wise {
            Some((stage_wise, coupled)) => stage_wise.vjp(coupled, step),
            None => self.engine.step_vjp(self.scheme, step),
        }
    }

    /// Computes the Jacobian-vector product of the step and returns `true`, if the scheme evaluates an interaction at every stage.
    ///
    /// Only then does the state of a node after the step depend on other nodes. Otherwise this returns `false`, and the rows of the Jacobian,
    /// which [`Replay::vjp`] gives one by one, are all that is needed.
    pub fn jvp(&mut self, step: &mut StepJvp) -> bool {
        let Some((stage_wise, coupled)) = &mut self.stage_wise else { return false };
        stage_wise.jvp(coupled, step);
        true
    }
}
