//! White noise on states.

use crate::noise::{NormalStream, NormalStreams};
use crate::runtime::drive::distinct;
use brainmass_core::any::AnyModel;
use brainmass_core::engine::Columns;
use brainmass_core::real::{Aligned, LANE_WIDTH};

/// White noise on some of the states.
pub(crate) struct Noise {
    columns: Columns,
    /// `sigma*sqrt(dt)`, like the states.
    scale: Aligned,
    /// The states that have noise.
    noisy: Vec<Noisy>,
    increments: Aligned,
    /// The deviates of one member.
    deviates: Vec<f64>,
}

/// A state that has noise.
struct Noisy {
    state: usize,
    stream: NormalStream,
    /// Of the members of a batch, unless they have the same seed.
    of_members: Option<NormalStreams>,
}

impl Noise {
    /// The noise of members with seeds of their own; `first_stream` is the random stream of the first state.
    pub fn new(
        models: &[&dyn AnyModel],
        columns: Columns,
        seeds: &[u64],
        first_stream: usize,
        dt: f64,
    ) -> Option<Self> {
        let states = models[0].population().info().states.len();
        let has_noise = |state: usize| models.iter().any(|model| model.population().has_noise(state));
        let noisy: Vec<usize> = (0..states).filter(|&state| has_noise(state)).collect();
        if noisy.is_empty() {
            return None;
        }
        let scale = columns.rows(states, |state, node, member| {
            models[member].population().noise_at(state, node) * dt.sqrt()
        });
        let of_members = <[u64; LANE_WIDTH]>::try_from(distinct(seeds)).ok();
        let on = |state: usize| {
            let stream = (first_stream + state) as u32;
            let of_members = of_members.map(|seeds| NormalStreams::new(seeds, stream));
            Noisy { state, stream: NormalStream::new(seeds[0], stream), of_members }
        };
        Some(Self {
            columns,
            scale: Aligned::from(&scale[..]),
            noisy: noisy.into_iter().map(on).collect(),
            increments: Aligned::zeros(states * columns.count()),
            deviates: vec![0.0; columns.nodes],
        })
    }

    /// Whether it is on a state.
    pub fn is_on(&self, state: usize) -> bool {
        self.noisy.iter().any(|noisy| noisy.state == state)
    }

    /// The normal deviates behind the noise on a state of a run alone, in the step after `step` steps; nothing happens for a state without
    /// noise.
    pub fn deviates(&self, step: usize, state: usize, out: &mut [f64]) {
        for noisy in self.noisy.iter().filter(|noisy| noisy.state == state) {
            noisy.stream.fill(step as u64, 0, out);
        }
    }

    /// What the noise adds to each state in the step after `step` steps.
    pub fn draw(&mut self, step: usize) -> &[f64] {
        let Columns { runs: members, .. } = self.columns;
        let count = self.columns.count();
        for Noisy { state, stream, of_members } in &self.noisy {
            let range = state * count..(state + 1) * count;
            let (increments, scale) = (&mut self.increments[range.clone()], &self.scale[range]);
            if let Some(streams) = of_members {
                streams.fill_scaled(step as u64, scale, increments);
                continue;
            }
            if members == 1 {
                stream.fill(step as u64, 0, increments);
                increments.iter_mut().zip(scale).for_each(|(increment, scale)| *increment *= scale);
                continue;
            }
            stream.fill(step as u64, 0, &mut self.deviates);
            let of_node = increments.chunks_exact_mut(members).zip(scale.chunks_exact(members));
            for ((increments, scale), deviate) in of_node.zip(&self.deviates) {
                increments.iter_mut().zip(scale).for_each(|(to, scale)| *to = deviate * scale);
            }
        }
        &self.increments
    }
}
