//! A model's tapes as the equations that schemes step.

use brainmass_spec::tape::NodeTapes;

use super::recorded::Recorded;
use crate::adjoints::Adjoints;
use crate::real::Real;
use crate::scheme::equations::{AdjointsBy, Equations};
use crate::scheme::tableau::MAX_STAGES;

/// The equations of a model in a step that is recorded.
pub(super) struct RecordedEquations<'a> {
    pub tapes: &'a NodeTapes,
    pub dt: Recorded,
    pub coefficients: Vec<Recorded>,
    /// The factors of exponential Euler, see [`Equations::factor`].
    pub factors: Vec<Recorded>,
    pub inputs: Vec<Recorded>,
    pub noise: Option<Vec<Recorded>>,
}

impl RecordedEquations<'_> {
    /// The arguments of tapes that start from states.
    fn arguments(&self, states: &[Recorded], seeds: &[&[Recorded]]) -> Vec<Recorded> {
        [states, &self.coefficients, &self.inputs, &seeds.concat()].concat()
    }

    fn adjoints(&self, mut all: Vec<Recorded>) -> AdjointsBy<Self, Recorded> {
        let inputs = all.split_off(self.tapes.states + self.tapes.parameters);
        let parameters = all.split_off(self.tapes.states);
        Adjoints { states: all, parameters, inputs }
    }
}

impl Equations<Recorded> for RecordedEquations<'_> {
    type States = Vec<Recorded>;
    type Parameters = Vec<Recorded>;
    type Inputs = Vec<Recorded>;
    type Stages = Vec<Vec<Recorded>>;

    fn dt(&self) -> Recorded {
        self.dt
    }
    fn noise(&self) -> Option<&Vec<Recorded>> {
        self.noise.as_ref()
    }
    fn factor(&self, state: usize) -> Option<Recorded> {
        self.tapes.constant_diagonal[state].then(|| self.factors[state])
    }
    fn turn(&self, place: usize) -> usize {
        self.tapes.symplectic_order.as_ref().map_or(place, |order| order[place])
    }
    fn has_bounds(&self) -> bool {
        self.tapes.has_bounds
    }
    fn wraps(&self, state: usize) -> bool {
        self.tapes.wraps[state]
    }
    fn copy(states: &Vec<Recorded>) -> Vec<Recorded> {
        states.clone()
    }
    fn stages(&self, states: &Vec<Recorded>) -> Self::Stages {
        vec![states.clone(); MAX_STAGES]
    }
    fn no_states(&self) -> Vec<Recorded> {
        vec![Recorded::splat(0.0); self.tapes.states]
    }
    fn no_parameters(&self) -> Vec<Recorded> {
        vec![Recorded::splat(0.0); self.tapes.parameters]
    }
    fn no_inputs(&self) -> Vec<Recorded> {
        vec![Recorded::splat(0.0); self.tapes.inputs]
    }
    fn rhs(&self, states: &Vec<Recorded>) -> Vec<Recorded> {
        Recorded::call(&self.tapes.rhs, &self.arguments(states, &[]))
    }
    fn rhs_diagonal(&self, states: &Vec<Recorded>) -> (Vec<Recorded>, Vec<Recorded>) {
        let mut rates = Recorded::call(&self.tapes.rhs_diagonal, &self.arguments(states, &[]));
        let diagonal = rates.split_off(self.tapes.states);
        (rates, diagonal)
    }
    fn rhs_vjp(&self, states: &Vec<Recorded>, rates: &Vec<Recorded>) -> AdjointsBy<Self, Recorded> {
        self.adjoints(Recorded::call(&self.tapes.rhs_vjp, &self.arguments(states, &[rates])))
    }
    fn rhs_diagonal_vjp(
        &self,
        states: &Vec<Recorded>,
        rates: &Vec<Recorded>,
        diagonal: &Vec<Recorded>,
    ) -> AdjointsBy<Self, Recorded> {
        let arguments = self.arguments(states, &[rates, diagonal]);
        self.adjoints(Recorded::call(&self.tapes.rhs_diagonal_vjp, &arguments))
    }
    fn project(&self, states: Vec<Recorded>) -> Vec<Recorded> {
        Recorded::call(&self.tapes.project, &states)
    }
}
