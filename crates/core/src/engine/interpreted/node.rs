//! The engine of a node model.

use std::sync::Arc;

use brainmass_spec::model::Model;
use brainmass_spec::tape::Tape;

use super::interaction::InterpretedInteraction;
use super::lower::plain;
use super::programs::NodePrograms;
use super::{forward, reading, reverse};
use crate::adjoints::Adjoints;
use crate::engine::{Engine, FaultMask, Point, PointAdjoints, Reading, ReadingVjp, Step, StepVjp};
use crate::info::ModelInfo;
use crate::real::Simd;
use crate::scheme::Scheme;

/// The engine of a model that is not compiled.
#[derive(Debug)]
pub struct Interpreted {
    info: &'static ModelInfo,
    programs: Arc<NodePrograms>,
}

impl Interpreted {
    /// Creates the engine of a checked node model, of which `info` is the catalogue entry.
    pub fn new(info: &'static ModelInfo, model: &Model) -> Self {
        Self { info, programs: Arc::new(NodePrograms::new(model)) }
    }

    /// Creates the interaction inside the model of which this is the engine; `None` if its nodes do not interact.
    pub fn interaction(&self, model: &Model) -> Option<InterpretedInteraction> {
        InterpretedInteraction::new(Arc::clone(&self.programs), model)
    }

    /// Computes a tape that starts from states, coefficients, inputs and adjoints on plain numbers.
    fn at(&self, point: &Point, tape: &Tape, adjoints: &[&[f64]]) -> Vec<f64> {
        let coefficients = plain(&self.programs.tapes.coefficients, point.parameters);
        plain(tape, &[point.states, &coefficients, point.inputs, &adjoints.concat()].concat())
    }

    fn adjoints(&self, mut all: Vec<f64>) -> PointAdjoints {
        let tapes = &self.programs.tapes;
        let inputs = all.split_off(tapes.states + tapes.parameters);
        let parameters = all.split_off(tapes.states);
        Adjoints { states: all, parameters, inputs }
    }
}

impl Engine for Interpreted {
    fn info(&self) -> &'static ModelInfo {
        self.info
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
        self.at(point, &self.programs.tapes.rhs, &[])
    }

    fn diagonal_at(&self, point: &Point) -> Vec<f64> {
        let tapes = &self.programs.tapes;
        self.at(point, &tapes.rhs_diagonal, &[]).split_off(tapes.states)
    }

    fn jacobian_at(&self, point: &Point) -> Vec<f64> {
        self.at(point, &self.programs.tapes.jacobian, &[])
    }

    fn observables_at(&self, point: &Point) -> Vec<f64> {
        self.at(point, &self.programs.tapes.observe, &[])
    }

    fn rates_vjp_at(&self, point: &Point, rates: &[f64], diagonal: Option<&[f64]>) -> PointAdjoints {
        let tapes = &self.programs.tapes;
        self.adjoints(match diagonal {
            None => self.at(point, &tapes.rhs_vjp, &[rates]),
            Some(diagonal) => self.at(point, &tapes.rhs_diagonal_vjp, &[rates, diagonal]),
        })
    }

    fn observables_vjp_at(&self, point: &Point, observables: &[f64]) -> PointAdjoints {
        self.adjoints(self.at(point, &self.programs.tapes.observe_vjp, &[observables]))
    }
}
