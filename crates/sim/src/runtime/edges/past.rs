//! The past of a signal, as far back as its longest delay.

use brainmass_core::engine::Columns;
use brainmass_core::real::{Aligned, LANE_WIDTH};

/// Room behind the longest delay, in steps, if half of that delay is not more: the more room, the less often the past is moved to the front.
const ROOM: usize = 56;

/// What each source sent, contiguous in time, so that an edge reads the values of many steps as one slice.
///
/// The values of a source stand in a lane of their own, oldest first. When the lanes are full, the part that delays still reach is moved
/// to their front: no reader ever wraps around. In a batch, each time holds a number for each member.
#[derive(Debug)]
pub(crate) struct Past {
    /// What is sent now.
    pub present: Aligned,
    members: usize,
    lanes: Aligned,
    stride: usize,
    longest: usize,
    /// Where in its lane the present of each source stands.
    at: usize,
}

/// How far lanes of a given longest delay are apart: a whole odd number of cache lines, so that the same time of many sources does not
/// fall into one set of the cache.
pub(crate) fn stride(longest: usize) -> usize {
    (longest + 1 + ROOM.max(longest / 2)).div_ceil(8) / 2 * 16 + 8
}

impl Past {
    /// Nothing but the present: for what is read without delay.
    pub fn none(sources: Columns) -> Self {
        let present = Aligned::zeros(sources.count());
        Self { present, members: sources.runs, lanes: Aligned::default(), stride: 0, longest: 0, at: 0 }
    }

    /// `before(steps, node, member)` is what a source sent so many steps before t = 0.
    pub fn new(sources: Columns, longest: usize, before: impl Fn(usize, usize, usize) -> f64) -> Self {
        let Columns { nodes, runs: members } = sources;
        let stride = stride(longest);
        let mut lanes = Aligned::zeros(nodes * stride * members);
        for (source, lane) in lanes.chunks_exact_mut(stride * members).enumerate() {
            for (slot, values) in lane[..longest * members].chunks_exact_mut(members).enumerate() {
                for (member, value) in values.iter_mut().enumerate() {
                    *value = before(longest - slot, source, member);
                }
            }
        }
        let present = Aligned::zeros(sources.count());
        // The next push writes to slot `longest`, which is t = 0.
        Self { present, members, lanes, stride, longest, at: longest.wrapping_sub(1) }
    }

    /// Takes the present in.
    pub fn push(&mut self) {
        if self.lanes.is_empty() {
            return;
        }
        let Self { members, stride, longest, .. } = *self;
        self.at = self.at.wrapping_add(1);
        if self.at == stride {
            for lane in self.lanes.chunks_exact_mut(stride * members) {
                lane.copy_within((stride - longest) * members.., 0);
            }
            self.at = longest;
        }
        let at = self.at * members;
        let lanes = self.lanes.chunks_exact_mut(stride * members);
        if members == 1 {
            lanes.zip(&*self.present).for_each(|(lane, value)| lane[at] = *value);
        } else {
            for (lane, values) in lanes.zip(self.present.as_chunks::<LANE_WIDTH>().0) {
                lane[at..at + LANE_WIDTH].copy_from_slice(values);
            }
        }
    }

    /// Numbers at each time.
    pub fn members(&self) -> usize {
        self.members
    }

    /// What to add to [`offset`] to find a time of the past now.
    pub fn shift(&self) -> usize {
        self.at - self.longest
    }

    /// All lanes; see [`Past::shift`]. A time takes as many numbers as there are members.
    pub fn lanes(&self) -> &[f64] {
        &self.lanes
    }

    /// Copies the last values that a source sent, the latest last.
    pub fn copy_last(&self, source: usize, out: &mut [f64]) {
        let end = self.at.wrapping_add(1);
        if !out.is_empty() {
            out.copy_from_slice(&self.lanes[source * self.stride..][end - out.len()..end]);
        }
    }

    /// Shows every number that changes from step to step.
    pub fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        with(&mut self.lanes);
        // One more than the place: before the first step it may be that before the lane's first.
        let mut place = [self.at.wrapping_add(1) as f64];
        with(&mut place);
        self.at = (place[0] as usize).wrapping_sub(1);
    }

    /// Multiplies everything that was sent.
    pub fn scale(&mut self, factor: f64) {
        self.lanes.iter_mut().for_each(|value| *value *= factor);
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.lanes[..])
    }
}

/// Where the value of a source some steps ago stands, but for [`Past::shift`].
pub(crate) fn offset(source: usize, steps: usize, longest: usize) -> u32 {
    (source * stride(longest) + longest - steps) as u32
}

/// Whether an offset can hold the places of so many sources over so many steps.
pub(crate) fn can_be_addressed(sources: usize, longest: usize) -> bool {
    let limit = u32::MAX as usize;
    longest < limit / 4 && sources.checked_mul(stride(longest)).is_some_and(|places| places <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delay_finds_its_value_at_every_step() {
        for longest in [0, 1, 7, 100] {
            let sent = |step: isize, source: usize| step as f64 + 1000.0 * source as f64;
            let sources = Columns::alone(3);
            let mut past = Past::new(sources, longest, |steps, source, _| sent(-(steps as isize), source));
            for step in 0..500 {
                past.present.iter_mut().enumerate().for_each(|(source, value)| *value = sent(step, source));
                past.push();
                for (source, steps) in
                    (0..3).flat_map(|source| (0..=longest).map(move |steps| (source, steps)))
                {
                    let at = offset(source, steps, longest) as usize + past.shift();
                    assert_eq!(
                        past.lanes()[at],
                        sent(step - steps as isize, source),
                        "{steps} of {longest} at {step}"
                    );
                }
            }
        }
    }

    #[test]
    fn memory_is_what_the_documentation_says() {
        for longest in [0, 1, 50, 111, 112, 1000] {
            let bytes = Past::new(Columns::alone(10), longest, |_, _, _| 0.0).bytes();
            assert!(bytes <= 10 * 8 * (longest + longest / 2 + 72), "{bytes} at {longest}");
        }
    }
}
