//! White noise on states.

use super::source::distinct;
use crate::any::AnyModel;
use crate::engine::Columns;
use crate::noise::NormalStream;

/// White noise on some of the states.
pub(super) struct Noise {
    columns: Columns,
    /// `sigma*sqrt(dt)`, like the states.
    scale: Vec<f64>,
    /// The states that have noise.
    noisy: Vec<Noisy>,
    increments: Vec<f64>,
    /// The deviates of one member.
    deviates: Vec<f64>,
}

/// A state that has noise.
struct Noisy {
    state: usize,
    /// One for all members where they have the same seed, else one each.
    streams: Vec<NormalStream>,
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
        let seeds = distinct(seeds);
        let streams = |state: usize| {
            seeds.iter().map(|seed| NormalStream::new(*seed, (first_stream + state) as u32)).collect()
        };
        Some(Self {
            columns,
            scale,
            noisy: noisy.into_iter().map(|state| Noisy { state, streams: streams(state) }).collect(),
            increments: vec![0.0; states * columns.count()],
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
            noisy.streams[0].fill(step as u64, 0, out);
        }
    }

    /// What the noise adds to each state in the step after `step` steps.
    pub fn draw(&mut self, step: usize) -> &[f64] {
        let Columns { members, .. } = self.columns;
        let count = self.columns.count();
        for Noisy { state, streams } in &self.noisy {
            let range = state * count..(state + 1) * count;
            let (increments, scale) = (&mut self.increments[range.clone()], &self.scale[range]);
            if members == 1 {
                streams[0].fill(step as u64, 0, increments);
                increments.iter_mut().zip(scale).for_each(|(increment, scale)| *increment *= scale);
                continue;
            }
            for (member, stream) in streams.iter().enumerate() {
                stream.fill(step as u64, 0, &mut self.deviates);
                let of_node = increments.chunks_exact_mut(members).zip(scale.chunks_exact(members));
                for ((increments, scale), deviate) in of_node.zip(&self.deviates) {
                    if streams.len() == 1 {
                        increments.iter_mut().zip(scale).for_each(|(to, scale)| *to = deviate * scale);
                    } else {
                        increments[member] = deviate * scale[member];
                    }
                }
            }
        }
        &self.increments
    }
}
