//! The engine of a node model.

use std::sync::Arc;

use brainmass_spec::model::Model;
use brainmass_spec::tape::{NodeTapes, Tape};

use super::interaction::InterpretedInteraction;
use super::lower::Plain;
use super::programs::{NodePrograms, PointPrograms};
use super::{forward, reading, reverse};
use crate::adjoints::Adjoints;
use crate::engine::{
    Engine, EngineKind, FaultMask, Point, PointAdjoints, Reading, ReadingVjp, Step, StepVjp,
};
use crate::info::ModelInfo;
use crate::real::Simd;
use crate::scheme::Scheme;
use crate::shared::Shared;

/// The engine of a model that is not compiled.
#[derive(Debug)]
pub struct Interpreted {
    info: Shared<ModelInfo>,
    programs: Arc<NodePrograms>,
}

impl Interpreted {
    /// Creates the engine of a checked node model, of which `info` is the catalogue entry.
    pub fn new(info: impl Into<Shared<ModelInfo>>, model: &Model) -> Self {
        Self { info: info.into(), programs: Arc::new(NodePrograms::new(model)) }
    }

    /// Creates the interaction inside the model of which this is the engine; `None` if its nodes do not interact.
    pub fn interaction(&self, model: &Model) -> Option<InterpretedInteraction> {
        InterpretedInteraction::new(Arc::clone(&self.programs), model)
    }

    /// Computes a tape that starts from states, coefficients, inputs and adjoints on plain numbers, with the program of that tape.
    fn at(&self, point: &Point, (program, tape): (&Plain, &Tape), adjoints: &[&[f64]]) -> Vec<f64> {
        let NodePrograms { at_point, tapes, .. } = &*self.programs;
        let coefficients = at_point.coefficients.compute(&tapes.coefficients, point.parameters);
        program.compute(tape, &[point.states, &coefficients, point.inputs, &adjoints.concat()].concat())
    }

    /// The programs that compute at a point, and their tapes.
    fn at_point(&self) -> (&PointPrograms, &NodeTapes) {
        (&self.programs.at_point, &self.programs.tapes)
    }

    fn adjoints(&self, mut all: Vec<f64>) -> PointAdjoints {
        let tapes = &self.programs.tapes;
        let inputs = all.split_off(tapes.states + tapes.parameters);
        let parameters = all.split_off(tapes.states);
        Adjoints { states: all, parameters, inputs }
    }
}

impl Engine for Interpreted {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn kind(&self) -> EngineKind {
        EngineKind::Interpreted
    }

    fn durations(&self, parameters: &[f64]) -> Vec<f64> {
        let (programs, tapes) = self.at_point();
        programs.durations.compute(&tapes.durations, parameters)
    }

    fn prepare(&self, simd: Simd, scheme: Scheme, dt: f64, nodes: usize, parameters: &[f64]) -> Vec<f64> {
        reading::prepare(&self.programs, simd, scheme, dt, nodes, parameters)
    }

    fn advance(&self, simd: Simd, scheme: Scheme, step: &mut Step) -> FaultMask {
        forward::advance(&self.programs, simd, scheme, step)
    }

    fn observe(&self, simd: Simd, reading: &Reading, out: &mut [f64]) {
        reading::observe(&self.programs, simd, reading, out);
    }

    fn step_vjp(&self, scheme: Scheme, step: &mut StepVjp) {
        reverse::step_vjp(&self.programs, scheme, step);
    }

    fn observe_vjp(&self, job: &mut ReadingVjp) {
        reading::observe_vjp(&self.programs, job);
    }

    fn rates_at(&self, point: &Point) -> Vec<f64> {
        let (programs, tapes) = self.at_point();
        self.at(point, (&programs.rates, &tapes.rhs), &[])
    }

    fn diagonal_at(&self, point: &Point) -> Vec<f64> {
        let (programs, tapes) = self.at_point();
        self.at(point, (&programs.diagonal, &tapes.rhs_diagonal), &[]).split_off(tapes.states)
    }

    fn jacobian_at(&self, point: &Point) -> Vec<f64> {
        let (programs, tapes) = self.at_point();
        self.at(point, (&programs.jacobian, &tapes.jacobian), &[])
    }

    fn observables_at(&self, point: &Point) -> Vec<f64> {
        let (programs, tapes) = self.at_point();
        self.at(point, (&programs.observe, &tapes.observe), &[])
    }

    fn rates_vjp_at(&self, point: &Point, rates: &[f64], diagonal: Option<&[f64]>) -> PointAdjoints {
        let (programs, tapes) = self.at_point();
        self.adjoints(match diagonal {
            None => self.at(point, (&programs.rates_vjp, &tapes.rhs_vjp), &[rates]),
            Some(diagonal) => {
                self.at(point, (&programs.diagonal_vjp, &tapes.rhs_diagonal_vjp), &[rates, diagonal])
            }
        })
    }

    fn observables_vjp_at(&self, point: &Point, observables: &[f64]) -> PointAdjoints {
        let (programs, tapes) = self.at_point();
        self.adjoints(self.at(point, (&programs.observe_vjp, &tapes.observe_vjp), &[observables]))
    }
}
