//! The choice of the states of a run that are kept, so that it can be gone through backwards within a given memory.
//!
//! Steps are gone through backwards in segments. A segment is run again with a trace, which keeps what every step of it read; where one trace holds
//! the whole run, nothing is run twice. Otherwise half of the memory is for the trace and the other half for checkpoints, placed by the binomial
//! schedule of Griewank & Walther (2000, Algorithm 799, doi 10.1145/347837.347846). As long as there is a checkpoint for every segment, each step is
//! made twice; that is so from a memory of `2 sqrt(N T C)` bytes on, for N steps of T bytes in the trace and checkpoints of C bytes. With less, steps
//! are made more often: c checkpoints serve `(c + r choose c)` segments when each is run at most r + 1 times.

use crate::gradient::error::GradientError;

/// The division of a run that fits into a given memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// The number of steps of a segment.
    pub segment: usize,
    /// The largest number of checkpoints at a time.
    pub checkpoints: usize,
}

/// The memory that the parts of a gradient take, bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// A step of a trace.
    pub step: usize,
    /// A trace, beside its steps.
    pub trace: usize,
    /// A checkpoint.
    pub checkpoint: usize,
}

impl Schedule {
    /// Chooses the division of a run of so many steps for a memory in bytes.
    ///
    /// # Errors
    ///
    /// The memory does not hold a single step and a checkpoint.
    pub fn new(steps: usize, memory: usize, sizes: Sizes) -> Result<Self, GradientError> {
        let Sizes { step, trace, checkpoint } = sizes;
        if steps.saturating_mul(step).saturating_add(trace) <= memory {
            return Ok(Self { segment: steps, checkpoints: 0 });
        }
        let half = memory / 2;
        if half < trace + step || half < checkpoint {
            let needed = 2 * checkpoint.max(trace + step);
            return Err(GradientError::Memory { given: memory, needed });
        }
        Ok(Self { segment: (half - trace) / step, checkpoints: half / checkpoint })
    }

    /// Chooses the step at which the next checkpoint is made within steps `from..to`, after the one at `from`, which is one of the `checkpoints` left.
    /// `None` where the steps are one segment.
    pub fn split(&self, from: usize, to: usize, checkpoints: usize) -> Option<usize> {
        let segments = (to - from).div_ceil(self.segment);
        if segments <= 1 {
            return None;
        }
        // Repetitions cost time, so the fewest that will do are taken.
        let repetitions = (0..).find(|&r| reach(checkpoints, r) >= segments).unwrap_or(0);
        let left = reach(checkpoints, repetitions.max(1) - 1).clamp(1, segments - 1);
        Some(from + left * self.segment)
    }
}

/// The number of segments that so many checkpoints serve, when each segment is run once and then at most `repetitions` times.
fn reach(checkpoints: usize, repetitions: usize) -> usize {
    // The binomial coefficient (c + r choose c), which is whole after each factor.
    (1..=checkpoints as u128)
        .try_fold(1_u128, |product, i| {
            let next = product * (repetitions as u128 + i) / i;
            (next < usize::MAX as u128).then_some(next)
        })
        .map_or(usize::MAX, |product| product as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goes through a run backwards: adds the steps to `order` as they are gone through, and returns the number of steps made in all.
    fn walk(schedule: Schedule, from: usize, to: usize, checkpoints: usize, order: &mut Vec<usize>) -> usize {
        match schedule.split(from, to, checkpoints) {
            None => {
                order.extend((from..to).rev());
                to - from
            }
            Some(middle) => {
                assert!(checkpoints > 0, "a checkpoint at {from} that there is no room for");
                let forth = walk(schedule, middle, to, checkpoints - 1, order);
                middle - from + forth + walk(schedule, from, middle, checkpoints, order)
            }
        }
    }

    #[test]
    fn every_step_is_gone_through_once_in_order() {
        for (steps, segment, checkpoints) in
            [(1, 1, 1), (100, 7, 1), (100, 7, 3), (1000, 10, 100), (17, 1, 2)]
        {
            let mut order = Vec::new();
            walk(Schedule { segment, checkpoints }, 0, steps, checkpoints, &mut order);
            assert_eq!(order, (0..steps).rev().collect::<Vec<_>>(), "{steps} {segment} {checkpoints}");
        }
    }

    #[test]
    fn steps_are_made_twice_where_every_segment_has_a_checkpoint() {
        let made = walk(Schedule { segment: 10, checkpoints: 100 }, 0, 1000, 100, &mut Vec::new());
        assert!(made < 2000, "{made}");
    }

    #[test]
    fn few_checkpoints_cost_as_many_steps_as_the_paper_says() {
        // Griewank & Walther (2000): c checkpoints, n = (c + r choose c) segments, r n - (c + r choose c + 1) steps forth in all, beside
        // those that are traced.
        for (checkpoints, repetitions) in [(2, 3), (3, 4), (5, 2)] {
            let n = reach(checkpoints, repetitions);
            let made = walk(Schedule { segment: 1, checkpoints }, 0, n, checkpoints, &mut Vec::new());
            assert_eq!(made - n, repetitions * n - reach(checkpoints + 1, repetitions - 1));
        }
    }

    #[test]
    fn the_memory_decides() {
        let sizes = Sizes { step: 100, trace: 50, checkpoint: 1000 };
        assert_eq!(Schedule::new(10, 1050, sizes).unwrap(), Schedule { segment: 10, checkpoints: 0 });
        assert_eq!(Schedule::new(1000, 20_000, sizes).unwrap(), Schedule { segment: 99, checkpoints: 10 });
        let error = Schedule::new(1000, 1500, sizes).unwrap_err().to_string();
        assert!(error.contains("1500 bytes") && error.contains("2000"), "{error}");
        // The square root of the documentation: there, a checkpoint for every segment.
        let steps = 1_000_000_usize;
        let memory = (2.0 * (steps as f64 * 100.0 * 1000.0).sqrt()) as usize + 200;
        let schedule = Schedule::new(steps, memory, sizes).unwrap();
        assert!(schedule.checkpoints + 1 >= steps / schedule.segment, "{schedule:?}");
    }
}
