//! Delay buffers: the past of a signal, as far back as its longest delay.

use crate::words::{Words, put};
use brainmass_core::engine::Columns;
use brainmass_core::real::{Aligned, LANE_WIDTH};

/// The least room behind the longest delay, in steps. Half of the delay is taken where that is more. The more room there is, the less often the
/// past is moved to the front.
const ROOM: usize = 56;

/// The values that each source sent, contiguous in time, so that an edge reads the values of many steps as one slice.
///
/// The values of a source stand in a row of its own, oldest first. When the rows are full, the part that delays still reach is moved to their
/// front: no reader ever wraps around. In a batch, each time holds a number for each run.
#[derive(Debug)]
pub(crate) struct DelayBuffer {
    /// The values that the sources send now.
    pub present: Aligned,
    /// The number of runs side by side.
    runs: usize,
    /// The rows of all sources; empty where nothing of the past is read.
    rows: Aligned,
    /// The number of times that a row has room for.
    length: usize,
    /// The longest delay, in steps.
    longest: usize,
    /// The time in each row that is the present.
    at: usize,
}

/// A copy of everything in a [`DelayBuffer`] that is read after the next [`DelayBuffer::push`].
pub(crate) struct DelayBufferCheckpoint {
    rows: Vec<f64>,
    at: usize,
}

impl DelayBufferCheckpoint {
    /// Adds the copy to words.
    pub fn write(&self, words: &mut Vec<u64>) {
        // The place before the first one is the largest number, which words of 64 bits hold on any machine.
        words.push(self.at as u64);
        put(words, &self.rows);
    }

    /// Reads a copy that was added to words, of a buffer of the same size; `None` where that is not what they are.
    pub fn read(&self, words: &mut Words) -> Option<Self> {
        let at = words.whole()?;
        let rows = words.numbers().filter(|numbers| numbers.len() == self.rows.len())?;
        Some(Self { rows, at })
    }

    /// The memory that it takes, bytes.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.rows[..]) + size_of::<usize>()
    }
}

/// The number of times in a row for a given longest delay: a whole odd number of cache lines, so that the same time of many sources does not fall
/// into one set of the cache.
pub(crate) fn row_length(longest: usize) -> usize {
    (longest + 1 + ROOM.max(longest / 2)).div_ceil(8) / 2 * 16 + 8
}

impl DelayBuffer {
    /// Creates a buffer of nothing but the present, for signals that are read without delay.
    pub fn without_past(sources: Columns) -> Self {
        let present = Aligned::zeros(sources.count());
        Self { present, runs: sources.runs, rows: Aligned::default(), length: 0, longest: 0, at: 0 }
    }

    /// Creates a buffer for delays of up to `longest` steps. `before(steps, source, run)` is the value that a source sent so many steps before
    /// t = 0.
    pub fn new(sources: Columns, longest: usize, before: impl Fn(usize, usize, usize) -> f64) -> Self {
        let Columns { nodes, runs } = sources;
        let length = row_length(longest);
        let mut rows = Aligned::zeros(nodes * length * runs);
        for (source, row) in rows.chunks_exact_mut(length * runs).enumerate() {
            for (slot, values) in row[..longest * runs].chunks_exact_mut(runs).enumerate() {
                for (run, value) in values.iter_mut().enumerate() {
                    *value = before(longest - slot, source, run);
                }
            }
        }
        let present = Aligned::zeros(sources.count());
        // The next push writes to time `longest`, which is t = 0.
        Self { present, runs, rows, length, longest, at: longest.wrapping_sub(1) }
    }

    /// Takes the present in.
    pub fn push(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        let Self { runs, length, longest, .. } = *self;
        self.at = self.at.wrapping_add(1);
        if self.at == length {
            for row in self.rows.chunks_exact_mut(length * runs) {
                row.copy_within((length - longest) * runs.., 0);
            }
            self.at = longest;
        }
        // Places are counted here, since adaptors of iterators may be left as calls, of which there would be one for each source.
        let (mut at, across) = (self.at * runs, length * runs);
        if runs == 1 {
            for value in &self.present[..] {
                self.rows[at] = *value;
                at += across;
            }
        } else {
            for values in self.present.as_chunks::<LANE_WIDTH>().0 {
                self.rows[at..at + LANE_WIDTH].copy_from_slice(values);
                at += across;
            }
        }
    }

    /// The number of runs side by side: the numbers at each time.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// The number of times to add to an [`offset`] to find its value in [`DelayBuffer::values`] now.
    pub fn shift(&self) -> usize {
        self.at - self.longest
    }

    /// The rows of all sources behind each other; see [`DelayBuffer::shift`]. A time takes as many numbers as there are runs.
    pub fn values(&self) -> &[f64] {
        &self.rows
    }

    /// Copies the last values that a source sent, the latest last.
    pub fn copy_last(&self, source: usize, out: &mut [f64]) {
        let end = self.at.wrapping_add(1);
        if !out.is_empty() {
            out.copy_from_slice(&self.rows[source * self.length..][end - out.len()..end]);
        }
    }

    /// Copies everything that changes from step to step and is read later.
    pub fn save(&self) -> DelayBufferCheckpoint {
        DelayBufferCheckpoint { rows: self.rows.to_vec(), at: self.at }
    }

    /// Goes back to where a checkpoint was made.
    pub fn restore(&mut self, checkpoint: &DelayBufferCheckpoint) {
        self.rows.copy_from_slice(&checkpoint.rows);
        self.at = checkpoint.at;
    }

    /// Multiplies everything that was sent by `factor`.
    pub fn scale(&mut self, factor: f64) {
        self.rows.iter_mut().for_each(|value| *value *= factor);
    }

    /// The memory that the rows take, bytes.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.rows[..])
    }
}

/// The index in [`DelayBuffer::values`] of what a source sent some steps ago, without [`DelayBuffer::shift`].
pub(crate) fn offset(source: usize, steps: usize, longest: usize) -> u32 {
    (source * row_length(longest) + longest - steps) as u32
}

/// Whether an offset can hold the indices of so many sources over so many steps.
pub(crate) fn can_be_addressed(sources: usize, longest: usize) -> bool {
    let limit = u32::MAX as usize;
    longest < limit / 4 && sources.checked_mul(row_length(longest)).is_some_and(|values| values <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delay_finds_its_value_at_every_step() {
        for longest in [0, 1, 7, 100] {
            let sent = |step: isize, source: usize| step as f64 + 1000.0 * source as f64;
            let sources = Columns::alone(3);
            let mut buffer =
                DelayBuffer::new(sources, longest, |steps, source, _| sent(-(steps as isize), source));
            for step in 0..500 {
                let present = buffer.present.iter_mut().enumerate();
                present.for_each(|(source, value)| *value = sent(step, source));
                buffer.push();
                for (source, steps) in
                    (0..3).flat_map(|source| (0..=longest).map(move |steps| (source, steps)))
                {
                    let at = offset(source, steps, longest) as usize + buffer.shift();
                    assert_eq!(
                        buffer.values()[at],
                        sent(step - steps as isize, source),
                        "{steps} of {longest} at {step}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_checkpoint_goes_on_as_the_buffer_did() {
        let pushed = |buffer: &mut DelayBuffer, steps: std::ops::Range<usize>| {
            let last = |step: usize| {
                buffer.present.fill(step as f64);
                buffer.push();
                buffer.values()[offset(1, 5, 9) as usize + buffer.shift()]
            };
            steps.map(last).collect::<Vec<_>>()
        };
        let mut buffer = DelayBuffer::new(Columns::alone(2), 9, |_, _, _| -1.0);
        // Before the first push, the present is the time before the first of the row where there is no delay.
        for steps in [0, 1, 70, 200] {
            pushed(&mut buffer, 0..steps);
            let checkpoint = buffer.save();
            let onwards = pushed(&mut buffer, steps..steps + 100);
            buffer.restore(&checkpoint);
            assert_eq!(pushed(&mut buffer, steps..steps + 100), onwards, "after {steps} steps");
        }
    }

    #[test]
    fn memory_is_what_the_documentation_says() {
        for longest in [0, 1, 50, 111, 112, 1000] {
            let bytes = DelayBuffer::new(Columns::alone(10), longest, |_, _, _| 0.0).bytes();
            assert!(bytes <= 10 * 8 * (longest + longest / 2 + 72), "{bytes} at {longest}");
        }
    }
}
