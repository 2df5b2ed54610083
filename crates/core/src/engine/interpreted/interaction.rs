//! The interaction inside a model.

use std::fmt;
use std::sync::{Arc, OnceLock};

use brainmass_spec::model::Model;
use brainmass_spec::tape::CouplingTapes;

use super::lower::{Lowered, lower, operands};
use super::programs::NodePrograms;
use super::reading;
use super::recorded::{Recorded, record};
use super::tiles::{Tile, Tiles, with_scratch};
use crate::engine::{Columns, Interaction, InteractionData, InteractionVjp, Reading, ReadingVjp};
use crate::real::program::{Operand, Place, Registers};
use crate::real::{LANE_WIDTH, Lane, LaneJob, Simd};

/// The interaction inside a model that is not compiled.
///
/// Its programs share registers: the sum over the sources, the weight of a source, the states of the receivers, their parameters; and in reverse
/// mode the adjoint of the sum, those of the parameters and those of the receivers' states. The states of a source are lines.
pub struct InterpretedInteraction {
    nodes: Arc<NodePrograms>,
    tapes: CouplingTapes,
    /// The program that adds the weighted term of a source to the sum.
    term: Lowered,
    /// The program from the sum to the coupling input. The number of nodes is its first line.
    post: Lowered,
    term_vjp: OnceLock<Lowered>,
    post_vjp: OnceLock<Lowered>,
}

const SUM: usize = 0;
const WEIGHT: usize = 1;
const RECEIVING: usize = 2;

impl fmt::Debug for InterpretedInteraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InterpretedInteraction").field("tapes", &self.tapes).finish_non_exhaustive()
    }
}

impl InterpretedInteraction {
    pub(super) fn new(nodes: Arc<NodePrograms>, model: &Model) -> Option<Self> {
        let tapes = CouplingTapes::new(model)?;
        let places = Places { coupled: tapes.coupled, parameters: tapes.parameters };
        let term = record(|| {
            let [sum, weight] = [SUM, WEIGHT].map(Recorded::argument);
            let ends = (RECEIVING..RECEIVING + 2 * tapes.coupled + tapes.parameters).map(Recorded::argument);
            let term = Recorded::call(&tapes.pre, &ends.collect::<Vec<_>>())[0];
            vec![sum + weight * term]
        });
        let arguments = [operands(Place::Tile, SUM..RECEIVING), places.ends()].concat();
        Some(Self {
            term: lower(&term, &arguments, &[Operand::new(Place::Tile, SUM)]),
            post: lower(&tapes.post, &places.post(), &[]),
            term_vjp: OnceLock::new(),
            post_vjp: OnceLock::new(),
            tapes,
            nodes,
        })
    }

    fn places(&self) -> Places {
        Places { coupled: self.tapes.coupled, parameters: self.tapes.parameters }
    }

    /// The program from parameters, sum and the adjoint of the coupling input, which stands where that of the sum ends, to the adjoints of the
    /// sum and of the parameters.
    fn post_vjp(&self) -> &Lowered {
        self.post_vjp.get_or_init(|| {
            let places = self.places();
            let adjoint = operands(Place::Tile, places.to_sum()..places.to_sum() + 1);
            let into = operands(Place::Tile, places.to_sum()..places.to_receiving());
            lower(&self.tapes.post_vjp, &[places.post(), adjoint].concat(), &into)
        })
    }

    /// The program that adds the adjoints of a term to those of parameters and receivers, and gives those of the sender.
    fn term_vjp(&self) -> &Lowered {
        self.term_vjp.get_or_init(|| {
            let CouplingTapes { coupled, parameters, pre_vjp, .. } = &self.tapes;
            let places = self.places();
            let tape = record(|| {
                let mut next = 0;
                let mut take = |count: usize| -> Vec<Recorded> {
                    next += count;
                    (next - count..next).map(Recorded::argument).collect()
                };
                let (weight, ends) = (take(1)[0], take(2 * coupled + parameters));
                let (to_sum, to_parameters, to_receiving) = (take(1)[0], take(*parameters), take(*coupled));
                let adjoints = Recorded::call(pre_vjp, &[ends, vec![to_sum * weight]].concat());
                let (receiver, rest) = adjoints.split_at(*coupled);
                let (sender, rule) = rest.split_at(*coupled);
                let sums = to_parameters.iter().chain(&to_receiving).zip(rule.iter().chain(receiver));
                sums.map(|(sum, part)| *sum + *part).chain(sender.iter().copied()).collect()
            });
            let adjoints = operands(Place::Tile, places.to_sum()..places.end());
            let arguments =
                [operands(Place::Tile, WEIGHT..RECEIVING), places.ends(), adjoints.clone()].concat();
            lower(&tape, &arguments, &adjoints[1..])
        })
    }

    /// Adds the weighted terms of all sources to the sums of a tile.
    fn add_terms(
        &self,
        simd: Simd,
        data: &InteractionData,
        states: &[f64],
        tile: Tile,
        registers: &mut Registers,
    ) {
        for source in 0..data.columns().nodes {
            set_source(&self.term, data, states, source, tile, registers);
            self.term.program.run(simd, registers, 1);
        }
    }

    /// Fills the registers of a tile that all programs read.
    fn load(&self, data: &InteractionData, states: &[f64], tile: Tile, scratch: &mut [f64]) {
        let columns = data.columns().count();
        let rows = states.chunks_exact(columns).chain(data.parameters().chunks_exact(columns));
        let mut registers = scratch.chunks_exact_mut(tile.length);
        if let Some(sum) = registers.next() {
            sum.fill(0.0);
        }
        for (register, row) in registers.skip(RECEIVING - WEIGHT).zip(rows) {
            tile.load(register, row);
        }
    }
}

/// The registers of the programs of an interaction.
#[derive(Clone, Copy)]
struct Places {
    coupled: usize,
    parameters: usize,
}

impl Places {
    /// The arguments of a term: values of the receiver, values of the sender, parameters.
    fn ends(self) -> Vec<Operand> {
        let receiving = operands(Place::Tile, RECEIVING..RECEIVING + self.coupled);
        let parameters = operands(Place::Tile, RECEIVING + self.coupled..self.to_sum());
        [receiving, operands(Place::Line, 0..self.coupled), parameters].concat()
    }

    /// The arguments of what is made of a sum: parameters, the sum, the number of nodes.
    fn post(self) -> Vec<Operand> {
        let parameters = operands(Place::Tile, RECEIVING + self.coupled..self.to_sum());
        [parameters, operands(Place::Tile, SUM..SUM + 1), operands(Place::Line, 0..1)].concat()
    }

    /// The register of the adjoint of the sum; those of the parameters' adjoints follow.
    fn to_sum(self) -> usize {
        RECEIVING + self.coupled + self.parameters
    }

    /// The first register of the adjoints of the receivers.
    fn to_receiving(self) -> usize {
        self.to_sum() + 1 + self.parameters
    }

    /// The number of registers with a meaning.
    fn end(self) -> usize {
        self.to_receiving() + self.coupled
    }
}

impl Interaction for InterpretedInteraction {
    fn coupling_inputs(&self, simd: Simd, data: &InteractionData, states: &[f64], out: &mut [f64]) {
        let tiles = Tiles::new(data.columns().count(), self.term.program.tiles());
        for tile in tiles.iter() {
            let room = [&self.term, &self.post].map(|lowered| lowered.program.scratch(tile.length));
            with_scratch(room[0].max(room[1]), |scratch| {
                self.load(data, states, tile, scratch);
                let mut registers = Registers { scratch, coefficients: &[], length: tile.length };
                self.add_terms(simd, data, states, tile, &mut registers);
                let Lowered { program, results } = &self.post;
                program.register(&mut registers, Operand::FIRST_LINE).fill(data.count());
                program.run(simd, &mut registers, 1);
                tile.store(program.numbers(&registers, results[0]), out);
            });
        }
    }

    fn coupling_inputs_vjp(&self, simd: Simd, data: &InteractionData, vjp: &mut InteractionVjp) {
        let (post, term) = (self.post_vjp(), self.term_vjp());
        let tiles = Tiles::new(data.columns().count(), term.program.tiles());
        for tile in tiles.iter() {
            let room = [&self.term, post, term].map(|lowered| lowered.program.scratch(tile.length));
            let room = room.into_iter().max().unwrap_or(0);
            with_scratch(room, |scratch| {
                self.load(data, vjp.states, tile, scratch);
                let registers = Registers { scratch, coefficients: &[], length: tile.length };
                self.tile_vjp(simd, data, vjp, tile, registers);
            });
        }
    }

    fn rates(&self, simd: Simd, reading: &Reading, out: &mut [f64]) {
        reading::rates(&self.nodes, simd, reading, out);
    }

    fn rates_vjp(&self, job: &mut ReadingVjp) {
        reading::rates_vjp(&self.nodes, job);
    }
}

impl InterpretedInteraction {
    /// Takes the vector-Jacobian product of the coupling inputs of a tile.
    ///
    /// The compiled engine goes through the receivers in *groups* of as many as its lanes, adds up the adjoints of a source within a group, and
    /// leaves out groups without adjoints; sums in the same order have the same bits.
    fn tile_vjp(
        &self,
        simd: Simd,
        data: &InteractionData,
        vjp: &mut InteractionVjp,
        tile: Tile,
        mut registers: Registers,
    ) {
        let Columns { nodes, .. } = data.columns();
        let (post, term, places) = (self.post_vjp(), self.term_vjp(), self.places());
        let width = simd.run_compact(Width);
        let given = &vjp.adjoint[tile.first..tile.first + tile.count];
        let groups: Vec<bool> =
            given.chunks(width).map(|group| group.iter().any(|adjoint| *adjoint != 0.0)).collect();
        if !groups.contains(&true) {
            return;
        }
        self.add_terms(simd, data, vjp.states, tile, &mut registers);
        let adjoint = post.program.register(&mut registers, Operand::new(Place::Tile, places.to_sum()));
        adjoint.fill(0.0);
        adjoint[..tile.count].copy_from_slice(given);
        post.program.register(&mut registers, Operand::FIRST_LINE).fill(data.count());
        post.program.run(simd, &mut registers, 1);
        for register in operands(Place::Tile, places.to_receiving()..places.end()) {
            term.program.register(&mut registers, register).fill(0.0);
        }
        let coupled = self.tapes.coupled;
        // Of each source and each of its values, a sum for each group.
        let mut to_senders: Vec<f64> = Vec::with_capacity(nodes * coupled * groups.len());
        for source in 0..nodes {
            set_source(term, data, vjp.states, source, tile, &mut registers);
            term.program.run(simd, &mut registers, 1);
            for result in &term.results[self.tapes.parameters + coupled..] {
                let numbers = term.program.numbers(&registers, *result);
                let lane = |lane: usize| numbers[lane % numbers.len()];
                let group = |group: usize| (group * width..(group + 1) * width).map(lane).sum::<f64>();
                to_senders.extend((0..groups.len()).map(group));
            }
        }
        let register = |index: usize| term.program.numbers(&registers, Operand::new(Place::Tile, index));
        for (group, _) in groups.iter().enumerate().filter(|(_, has_adjoints)| **has_adjoints) {
            for (at, sums) in to_senders.chunks_exact(groups.len()).enumerate() {
                let (source, row) = (at / coupled, at % coupled);
                vjp.states_adjoint[row * nodes + source] += sums[group];
            }
            let members = group * width..((group + 1) * width).min(tile.count);
            let accumulate = |first: usize, sums: &mut [f64]| {
                for (index, row) in sums.chunks_exact_mut(nodes).enumerate() {
                    for lane in members.clone() {
                        row[tile.first + lane] += register(first + index)[lane];
                    }
                }
            };
            accumulate(places.to_receiving(), vjp.states_adjoint);
            accumulate(places.to_sum() + 1, vjp.parameters_adjoint);
        }
    }
}

/// Sets the states of a source, and its weights to the receivers of a tile.
fn set_source(
    lowered: &Lowered,
    data: &InteractionData,
    states: &[f64],
    source: usize,
    tile: Tile,
    registers: &mut Registers,
) {
    let Columns { nodes, runs } = data.columns();
    let program = &lowered.program;
    for (row, states) in states.chunks_exact(nodes * runs).enumerate() {
        let line = program.register(registers, Operand::new(Place::Line, row));
        match &states[source * runs..(source + 1) * runs] {
            [state] => line.fill(*state),
            states => line.copy_from_slice(states),
        }
    }
    let register = program.register(registers, Operand::new(Place::Tile, WEIGHT));
    let weights = data.weights().map(|weights| &weights[source * nodes..(source + 1) * nodes]);
    match weights {
        None => register.fill(1.0),
        Some(weights) if runs == 1 => tile.load(register, weights),
        Some(weights) => {
            let receivers = &weights[tile.first / LANE_WIDTH..];
            register
                .chunks_exact_mut(LANE_WIDTH)
                .zip(receivers)
                .for_each(|(lanes, weight)| lanes.fill(*weight));
        }
    }
    // A node that is left out of its own sum has a weight of 0 to itself.
    let own = source * runs;
    if data.excludes_self() && (tile.first..tile.first + tile.count).contains(&own) {
        register[own - tile.first..][..runs].fill(0.0);
    }
}

/// Tells how many lanes work has that is compiled for as few instruction sets as matter.
struct Width;

impl LaneJob for Width {
    type Output = usize;

    #[inline(always)]
    fn run<R: Lane>(self) -> usize {
        R::WIDTH
    }
}
