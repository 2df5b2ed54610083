//! The derivatives of a number by every entry of a linearised network.

use super::linear::Linear;
use super::numbers::{NoisyNumbers, Varied};

/// The derivatives of a number by the entries of a linearised network, which stand in the same places as the entries.
#[derive(Debug, Clone)]
pub(super) struct Bars {
    /// The derivatives by the entries of each node.
    pub nodes: Vec<NodeBars>,
    /// The derivatives by the couplings.
    pub couplings: Vec<f64>,
}

/// The derivatives by the entries of a node.
#[derive(Debug, Clone)]
pub(super) struct NodeBars {
    /// The derivatives by the Jacobian, row by row.
    pub present: Vec<f64>,
    /// The derivatives by each column of the delayed derivatives.
    pub delayed: Vec<Vec<f64>>,
    /// The derivatives by the entries of `port`.
    pub port: Vec<f64>,
    /// The derivatives by the entries of `sent`.
    pub sent: Vec<f64>,
    /// The derivatives by the entries of `seen`.
    pub seen: Vec<f64>,
    /// The derivatives by the squares of the intensities of noise.
    pub power: Vec<f64>,
}

impl Bars {
    /// Zeros for a linearised network.
    pub fn zeros(linear: &Linear) -> Self {
        let nodes = linear.nodes.iter().map(|node| {
            let n = node.port.len();
            let zeros = || vec![0.0; n];
            NodeBars {
                present: vec![0.0; n * n],
                delayed: node.delayed.iter().map(|_| zeros()).collect(),
                port: zeros(),
                sent: zeros(),
                seen: zeros(),
                power: zeros(),
            }
        });
        Self { nodes: nodes.collect(), couplings: vec![0.0; linear.couplings.len()] }
    }

    /// The derivative along a direction in which the entries change as `linear` says.
    pub fn along(&self, linear: &Linear, numbers: &NoisyNumbers, by: &Varied) -> f64 {
        let mut sum = 0.0;
        let mut add = |bars: &[f64], entries: &[super::dual::Dual]| {
            sum += bars.iter().zip(entries).map(|(bar, entry)| bar * entry.rate).sum::<f64>();
        };
        for (bars, node) in self.nodes.iter().zip(&linear.nodes) {
            add(&bars.present, &node.present);
            for (bars, (_, _, column)) in bars.delayed.iter().zip(&node.delayed) {
                add(bars, column);
            }
            add(&bars.port, &node.port);
            add(&bars.sent, &node.sent);
            add(&bars.seen, &node.seen);
        }
        add(&self.couplings, &linear.couplings);
        for (index, bars) in self.nodes.iter().enumerate() {
            if let Some(state) = Varied::of_noise(Some(by), index) {
                sum += bars.power[state] * 2.0 * numbers.sigma[index][state];
            }
        }
        sum
    }
}
