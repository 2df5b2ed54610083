//! The past of a signal, as far back as its longest delay.

/// Room behind the longest delay, in steps: the more, the less often the past is moved to the front.
const ROOM: usize = 56;

/// What each source sent, contiguous in time, so that an edge reads the values of many steps as one slice.
///
/// The values of a source stand in a lane of their own, oldest first. When the lanes are full, the part that delays still reach is moved
/// to their front: no reader ever wraps around.
#[derive(Debug)]
pub(super) struct Past {
    /// What is sent now.
    pub present: Vec<f64>,
    lanes: Vec<f64>,
    stride: usize,
    longest: usize,
    /// Where in its lane the present of each source stands.
    at: usize,
}

/// How far lanes of a given longest delay are apart: a whole odd number of cache lines, so that the same time of many sources does not
/// fall into one set of the cache.
pub(super) fn stride(longest: usize) -> usize {
    (2 * longest + 1 + ROOM).div_ceil(8) / 2 * 16 + 8
}

impl Past {
    /// Nothing but the present: for what is read without delay.
    pub fn none(sources: usize) -> Self {
        Self { present: vec![0.0; sources], lanes: Vec::new(), stride: 0, longest: 0, at: 0 }
    }

    /// `before(steps, source)` is what a source sent so many steps before t = 0.
    pub fn new(sources: usize, longest: usize, before: impl Fn(usize, usize) -> f64) -> Self {
        let stride = stride(longest);
        let mut lanes = vec![0.0; sources * stride];
        for (source, lane) in lanes.chunks_exact_mut(stride).enumerate() {
            for (slot, value) in lane[..longest].iter_mut().enumerate() {
                *value = before(longest - slot, source);
            }
        }
        // The next push writes to slot `longest`, which is t = 0.
        Self { present: vec![0.0; sources], lanes, stride, longest, at: longest.wrapping_sub(1) }
    }

    /// Takes the present in.
    pub fn push(&mut self) {
        if self.lanes.is_empty() {
            return;
        }
        self.at = self.at.wrapping_add(1);
        if self.at == self.stride {
            let kept = self.stride - self.longest;
            for lane in self.lanes.chunks_exact_mut(self.stride) {
                lane.copy_within(kept.., 0);
            }
            self.at = self.longest;
        }
        for (lane, value) in self.lanes.chunks_exact_mut(self.stride).zip(&self.present) {
            lane[self.at] = *value;
        }
    }

    /// What to add to [`offset`] to find a value of the past now.
    pub fn shift(&self) -> usize {
        self.at - self.longest
    }

    /// All lanes; see [`Past::shift`].
    pub fn lanes(&self) -> &[f64] {
        &self.lanes
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.lanes[..])
    }
}

/// Where the value of a source some steps ago stands, but for [`Past::shift`].
pub(super) fn offset(source: usize, steps: usize, longest: usize) -> u32 {
    (source * stride(longest) + longest - steps) as u32
}

/// Whether an offset can hold the places of so many sources over so many steps.
pub(super) fn can_be_addressed(sources: usize, longest: usize) -> bool {
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
            let mut past = Past::new(3, longest, |steps, source| sent(-(steps as isize), source));
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
        for longest in [1, 50, 1000] {
            let bytes = Past::new(10, longest, |_, _| 0.0).bytes();
            assert!(bytes <= 10 * 8 * (2 * longest + 64 + 8), "{bytes} at {longest}");
        }
    }
}
