//! White noise on states.

use crate::noise::{NormalStream, NormalStreams};
use crate::runtime::drive::distinct;
use brainmass_core::any::AnyModel;
use brainmass_core::engine::Columns;
use brainmass_core::real::{Aligned, LANE_WIDTH};

/// The white noise on the states of a group of nodes.
pub(crate) struct StateNoise {
    columns: Columns,
    /// The standard deviation `sigma*sqrt(dt)` of an increment, laid out as the states are.
    scale: Aligned,
    /// The states that have noise.
    noisy: Vec<NoisyState>,
    /// The increments of the last step, laid out as the states are.
    increments: Aligned,
    /// The deviates of one run, where all runs of a batch have the same seed.
    deviates: Vec<f64>,
}

/// A state that has noise, with its streams of normal deviates.
struct NoisyState {
    /// The index of the state.
    state: usize,
    stream: NormalStream,
    /// The streams of the runs of a batch, unless they have the same seed.
    streams: Option<NormalStreams>,
}

impl StateNoise {
    /// Creates the noise of the runs of a batch, each with its seed, or of a run alone; `None` where no state has noise. `first_stream` is the
    /// number of the random stream of the first state.
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
        let scale = columns
            .rows(states, |state, node, run| models[run].population().noise_at(state, node) * dt.sqrt());
        let seeds_of_runs = <[u64; LANE_WIDTH]>::try_from(distinct(seeds)).ok();
        let noise_on = |state: usize| {
            let stream = (first_stream + state) as u32;
            let streams = seeds_of_runs.map(|seeds| NormalStreams::new(seeds, stream));
            NoisyState { state, stream: NormalStream::new(seeds[0], stream), streams }
        };
        Some(Self {
            columns,
            scale: Aligned::from(&scale[..]),
            noisy: noisy.into_iter().map(noise_on).collect(),
            increments: Aligned::zeros(states * columns.count()),
            deviates: vec![0.0; columns.nodes],
        })
    }

    /// Writes the normal deviates behind the noise on a state in the step after `step` steps, one a node of a run alone. A state without noise
    /// leaves `out` as it is.
    pub fn deviates(&self, step: usize, state: usize, out: &mut [f64]) {
        for noisy in self.noisy.iter().filter(|noisy| noisy.state == state) {
            noisy.stream.fill(step as u64, 0, out);
        }
    }

    /// Draws the increments of all states in the step after `step` steps; those of states without noise are 0.
    pub fn draw(&mut self, step: usize) -> &[f64] {
        let Columns { runs, .. } = self.columns;
        let count = self.columns.count();
        for NoisyState { state, stream, streams } in &self.noisy {
            let range = state * count..(state + 1) * count;
            let (increments, scale) = (&mut self.increments[range.clone()], &self.scale[range]);
            if let Some(streams) = streams {
                streams.fill_scaled(step as u64, scale, increments);
                continue;
            }
            if runs == 1 {
                stream.fill(step as u64, 0, increments);
                increments.iter_mut().zip(scale).for_each(|(increment, scale)| *increment *= scale);
                continue;
            }
            stream.fill(step as u64, 0, &mut self.deviates);
            let nodes = increments.chunks_exact_mut(runs).zip(scale.chunks_exact(runs));
            for ((increments, scale), deviate) in nodes.zip(&self.deviates) {
                increments.iter_mut().zip(scale).for_each(|(to, scale)| *to = deviate * scale);
            }
        }
        &self.increments
    }
}
