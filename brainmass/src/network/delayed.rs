//! Delayed connections, summed for many steps at once.

use super::past::{Past, offset};
use crate::real::{Lane, LaneJob, Simd};

/// A connection ready to run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub target: usize,
    pub source: usize,
    pub weight: f64,
    /// Delay in steps.
    pub steps: usize,
}

/// Lengths of the blocks of steps that are summed at once.
const BLOCKS: [usize; 5] = [32, 16, 8, 4, 2];

/// Connections whose delays allow the sums of `block` steps at once: what a delay of D steps brings in the next D + 1 steps has been sent
/// already.
#[derive(Debug)]
pub(super) struct Delayed {
    block: usize,
    /// Where the connections of each target start, and the end of the last.
    starts: Vec<usize>,
    offsets: Vec<u32>,
    weights: Vec<f64>,
    /// A row of targets a step of the block.
    sums: Vec<f64>,
    /// Steps of the block that have been used.
    used: usize,
    simd: Simd,
}

impl Delayed {
    /// The delayed ones among `links`, which are in the order of their targets, each with as long a block as its delay allows.
    pub fn of(links: &[Link], targets: usize, longest: usize, simd: Simd) -> Vec<Self> {
        let block_of = |link: &Link| BLOCKS.into_iter().find(|block| link.steps + 1 >= *block);
        let mut all = Vec::new();
        for block in BLOCKS {
            let members: Vec<&Link> = links.iter().filter(|link| block_of(link) == Some(block)).collect();
            if members.is_empty() {
                continue;
            }
            let mut starts = vec![0; targets + 1];
            members.iter().for_each(|link| starts[link.target + 1] += 1);
            (0..targets).for_each(|target| starts[target + 1] += starts[target]);
            all.push(Self {
                block,
                starts,
                offsets: members.iter().map(|link| offset(link.source, link.steps, longest)).collect(),
                weights: members.iter().map(|link| link.weight).collect(),
                sums: vec![0.0; block * targets],
                used: block,
                simd,
            });
        }
        all
    }

    /// Adds what arrives in the next step to the sum of each target.
    pub fn add(&mut self, past: &Past, sums: &mut [f64]) {
        if self.used == self.block {
            self.used = 0;
            self.simd.run(Fill {
                block: self.block,
                starts: &self.starts,
                offsets: &self.offsets,
                weights: &self.weights,
                sums: &mut self.sums,
                lanes: past.lanes(),
                shift: past.shift(),
            });
        }
        let row = &self.sums[self.used * sums.len()..][..sums.len()];
        sums.iter_mut().zip(row).for_each(|(sum, arriving)| *sum += arriving);
        self.used += 1;
    }
}

/// The sums of a block.
struct Fill<'a> {
    block: usize,
    starts: &'a [usize],
    offsets: &'a [u32],
    weights: &'a [f64],
    sums: &'a mut [f64],
    lanes: &'a [f64],
    shift: usize,
}

impl LaneJob for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        match self.block {
            32 => self.steps::<32>(),
            16 => self.steps::<16>(),
            8 => self.steps::<8>(),
            4 => self.steps::<4>(),
            _ => self.steps::<2>(),
        }
    }
}

impl Fill<'_> {
    #[inline(always)]
    fn steps<const B: usize>(self) {
        let targets = self.starts.len() - 1;
        for target in 0..targets {
            let edges = self.starts[target]..self.starts[target + 1];
            let mut sum = [0.0; B];
            for (offset, weight) in self.offsets[edges.clone()].iter().zip(&self.weights[edges]) {
                let sent = &self.lanes[*offset as usize + self.shift..][..B];
                // Product and sum are rounded each, so that all instruction sets give the same bits.
                sum.iter_mut().zip(sent).for_each(|(sum, sent)| *sum += weight * sent);
            }
            for (step, sum) in sum.into_iter().enumerate() {
                self.sums[step * targets + target] = sum;
            }
        }
    }
}
