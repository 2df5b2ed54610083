//! Coupling rules that are not compiled.

use std::fmt;
use std::sync::{Arc, OnceLock};

use brainmass_spec::kernel as spec;
use brainmass_spec::model::Model;
use brainmass_spec::tape::CouplingTapes;

use super::erased::{AnyRule, PostVjp, Terms};
use super::rule::Settings;
use crate::engine::interpreted::{Lowered, Plain, Tiles, lower, operands, with_scratch};
use crate::info::ModelInfo;
use crate::kernel::Form;
use crate::real::Simd;
use crate::real::program::{Operand, Place, Registers};
use crate::shared::Shared;

/// A coupling rule that is not compiled, with its parameters.
#[derive(Debug, Clone)]
pub struct InterpretedRule {
    programs: Arc<RulePrograms>,
    settings: Settings,
}

/// The programs of a rule.
///
/// In those of a term, values of the sender are a register and all else are lines: the receiver's value, then the parameters. In those of the
/// post-synaptic function, parameters and sum are registers, and the first line is the number that the sum is divided by.
struct RulePrograms {
    tapes: CouplingTapes,
    pre: Lowered,
    post: Lowered,
    weight: Plain,
    /// The program whose second register is the adjoint of the term.
    pre_vjp: OnceLock<Lowered>,
    /// The program whose last register is the adjoint of the coupling input.
    post_vjp: OnceLock<Lowered>,
}

impl fmt::Debug for RulePrograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RulePrograms").field("tapes", &self.tapes).finish_non_exhaustive()
    }
}

impl RulePrograms {
    fn new(tapes: CouplingTapes) -> Self {
        let (term, sum) = (term_places(&tapes), sum_places(&tapes));
        Self {
            pre: lower(&tapes.pre, &term, &[]),
            post: lower(&tapes.post, &sum, &[]),
            weight: Plain::default(),
            pre_vjp: OnceLock::new(),
            post_vjp: OnceLock::new(),
            tapes,
        }
    }

    fn pre_vjp(&self) -> &Lowered {
        let arguments = || [term_places(&self.tapes), operands(Place::Tile, 1..2)].concat();
        self.pre_vjp.get_or_init(|| lower(&self.tapes.pre_vjp, &arguments(), &[]))
    }

    fn post_vjp(&self) -> &Lowered {
        let adjoint = self.tapes.parameters + 1;
        let arguments = || [sum_places(&self.tapes), operands(Place::Tile, adjoint..adjoint + 1)].concat();
        self.post_vjp.get_or_init(|| lower(&self.tapes.post_vjp, &arguments(), &[]))
    }
}

/// The places of the arguments of a term: the receiver's value, the sender's, the parameters.
fn term_places(tapes: &CouplingTapes) -> Vec<Operand> {
    [operands(Place::Line, 0..1), operands(Place::Tile, 0..1), operands(Place::Line, 1..1 + tapes.parameters)]
        .concat()
}

/// The places of the arguments of the post-synaptic function: parameters, the sum, what it is divided by.
fn sum_places(tapes: &CouplingTapes) -> Vec<Operand> {
    [operands(Place::Tile, 0..tapes.parameters + 1), operands(Place::Line, 0..1)].concat()
}

/// Fills a line from one value, or from one for each lane.
fn fill_line(lowered: &Lowered, registers: &mut Registers, index: usize, values: &[f64]) {
    let line = lowered.program.register(registers, Operand::new(Place::Line, index));
    match values {
        [value] => line.fill(*value),
        values => line.copy_from_slice(values),
    }
}

impl InterpretedRule {
    /// Creates the rule of a checked model, of which `info` is the catalogue entry; `None` if the model is no coupling rule.
    pub fn new(info: impl Into<Shared<ModelInfo>>, model: &Model) -> Option<Self> {
        let tapes = CouplingTapes::new(model).filter(|_| model.states.is_empty())?;
        Some(Self { programs: Arc::new(RulePrograms::new(tapes)), settings: Settings::new(info) })
    }
}

impl AnyRule for InterpretedRule {
    fn info(&self) -> &ModelInfo {
        self.settings.info()
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    fn form(&self) -> Form {
        let tapes = &self.programs.tapes;
        let differs = |(index, in_pre): (usize, &bool)| *in_pre && self.settings.values(index).len() > 1;
        match tapes.form {
            spec::Form::Source if tapes.pre_parameters.iter().enumerate().any(differs) => Form::Pair,
            spec::Form::Linear => Form::Linear,
            spec::Form::Difference => Form::Difference,
            spec::Form::Source => Form::Source,
            spec::Form::Pair => Form::Pair,
        }
    }

    fn laplacian(&self) -> bool {
        self.programs.tapes.laplacian
    }

    fn weight(&self, weight: f64) -> (f64, f64) {
        let RulePrograms { tapes, weight: program, .. } = &*self.programs;
        match &tapes.weight {
            None => (weight, 1.0),
            Some(tape) => {
                let both = program.compute(tape, &[weight]);
                (both[0], both[1])
            }
        }
    }

    fn pre(&self, simd: Simd, terms: Terms, out: &mut [f64]) {
        let Terms { parameters, columns, receiver, receiving, sending } = terms;
        let lowered = &self.programs.pre;
        let program = &lowered.program;
        for tile in Tiles::new(sending.len(), program.tiles()).iter() {
            with_scratch(program.scratch(tile.length), |scratch| {
                let mut registers = Registers { scratch, coefficients: &[], length: tile.length };
                tile.load(program.register(&mut registers, Operand::new(Place::Tile, 0)), sending);
                fill_line(lowered, &mut registers, 0, receiving);
                for (index, row) in parameters.chunks_exact(columns).enumerate() {
                    fill_line(lowered, &mut registers, 1 + index, &row[receiver..receiver + receiving.len()]);
                }
                program.run(simd, &mut registers, 1);
                tile.store(program.numbers(&registers, lowered.results[0]), out);
            });
        }
    }

    fn post(&self, simd: Simd, parameters: &[f64], sums: &[f64], out: &mut [f64]) {
        let lowered = &self.programs.post;
        let program = &lowered.program;
        let nodes = sums.len();
        for tile in Tiles::new(nodes, program.tiles()).iter() {
            with_scratch(program.scratch(tile.length), |scratch| {
                let mut registers = Registers { scratch, coefficients: &[], length: tile.length };
                let rows = parameters.chunks_exact(nodes).chain([sums]);
                for (row, register) in rows.zip(registers.scratch.chunks_exact_mut(tile.length)) {
                    tile.load(register, row);
                }
                fill_line(lowered, &mut registers, 0, &[1.0]);
                program.run(simd, &mut registers, 1);
                tile.store(program.numbers(&registers, lowered.results[0]), out);
            });
        }
    }

    fn pre_vjp(
        &self,
        target: usize,
        receiving: f64,
        sending: &[f64],
        adjoint: &[f64],
        sending_adjoint: &mut [f64],
        parameters_adjoint: &mut [f64],
    ) -> f64 {
        /// Edges at a time: so many that choosing an operation costs little beside computing it.
        const EDGES: usize = 128;
        let lowered = self.programs.pre_vjp();
        let program = &lowered.program;
        let mut to_receiving = 0.0;
        let edges = sending.chunks(EDGES).zip(adjoint.chunks(EDGES)).zip(sending_adjoint.chunks_mut(EDGES));
        for ((sending, adjoint), sending_adjoint) in edges {
            let length = sending.len();
            with_scratch(program.scratch(length), |scratch| {
                scratch[..length].copy_from_slice(sending);
                scratch[length..2 * length].copy_from_slice(adjoint);
                let mut registers = Registers { scratch, coefficients: &[], length };
                fill_line(lowered, &mut registers, 0, &[receiving]);
                for index in 0..parameters_adjoint.len() {
                    let value = match self.settings.values(index) {
                        [value] => *value,
                        values => values[target],
                    };
                    fill_line(lowered, &mut registers, 1 + index, &[value]);
                }
                program.run_plain(&mut registers);
                // Plain numbers fill no more than the first place of a line.
                let at = |result: Operand, edge: usize| {
                    program.numbers(&registers, result)[if result.is_uniform() { 0 } else { edge }]
                };
                let [to_target, to_sender, to_rule @ ..] = &lowered.results[..] else {
                    unreachable!("a term depends on both ends")
                };
                for (edge, to_sending) in sending_adjoint.iter_mut().enumerate() {
                    to_receiving += at(*to_target, edge);
                    *to_sending = at(*to_sender, edge);
                    parameters_adjoint
                        .iter_mut()
                        .zip(to_rule)
                        .for_each(|(sum, part)| *sum += at(*part, edge));
                }
            });
        }
        to_receiving
    }

    fn post_vjp(&self, simd: Simd, parameters: &[f64], vjp: PostVjp) {
        let PostVjp { sums, adjoint, sums_adjoint, parameters_adjoint } = vjp;
        let lowered = self.programs.post_vjp();
        let program = &lowered.program;
        let nodes = sums.len();
        for tile in Tiles::new(nodes, program.tiles()).iter() {
            with_scratch(program.scratch(tile.length), |scratch| {
                let mut registers = Registers { scratch, coefficients: &[], length: tile.length };
                let rows = parameters.chunks_exact(nodes).chain([sums, adjoint]);
                for (row, register) in rows.zip(registers.scratch.chunks_exact_mut(tile.length)) {
                    tile.load(register, row);
                }
                fill_line(lowered, &mut registers, 0, &[1.0]);
                program.run(simd, &mut registers, 1);
                let mut results = lowered.results.iter().map(|result| program.numbers(&registers, *result));
                if let Some(numbers) = results.next() {
                    tile.store(numbers, sums_adjoint);
                }
                for (row, numbers) in parameters_adjoint.chunks_exact_mut(nodes).zip(results) {
                    tile.accumulate(numbers, row);
                }
            });
        }
    }

    fn boxed(&self) -> Box<dyn AnyRule> {
        Box::new(self.clone())
    }
}
