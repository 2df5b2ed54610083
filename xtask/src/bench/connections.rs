//! The networks of the workloads: dense, made by arithmetic, the same on every machine.

use brainmass::network::Wiring;
use ndarray::Array2;

/// Weights and delays between all pairs.
pub struct Dense {
    pub nodes: usize,
    weights: Vec<f64>,
    /// The delay of each connection, in steps.
    delays: Vec<usize>,
}

impl Dense {
    /// Weights up to 2 / `nodes`, delays of 10 to 150 steps.
    pub fn new(nodes: usize) -> Self {
        let pairs = || (0..nodes * nodes).map(|at| fraction(at as u64));
        Self {
            nodes,
            weights: pairs().map(|fraction| 2.0 * fraction / nodes as f64).collect(),
            delays: pairs()
                .map(|fraction| 10 + (fraction * 7919.0).fract().mul_add(140.0, 0.5) as usize)
                .collect(),
        }
    }

    /// The same weights without delay.
    pub fn at_once(nodes: usize) -> Self {
        Self { delays: vec![0; nodes * nodes], ..Self::new(nodes) }
    }

    #[inline(always)]
    pub fn weight(&self, target: usize, source: usize) -> f64 {
        self.weights[target * self.nodes + source]
    }

    #[inline(always)]
    pub fn delay(&self, target: usize, source: usize) -> usize {
        self.delays[target * self.nodes + source]
    }

    pub fn longest(&self) -> usize {
        self.delays.iter().copied().max().unwrap_or(0)
    }

    pub fn wiring(&self) -> Wiring {
        self.matrix(|at| self.weights[at]).into()
    }

    /// Returns the delays in ms, `[target][source]`.
    pub fn delays(&self, dt: f64) -> Array2<f64> {
        // A thousandth of a step less, so that rounding up gives the number of steps.
        self.matrix(|at| (self.delays[at] as f64 - 0.001).max(0.0) * dt)
    }

    fn matrix(&self, value: impl Fn(usize) -> f64) -> Array2<f64> {
        Array2::from_shape_fn((self.nodes, self.nodes), |(target, source)| {
            value(target * self.nodes + source)
        })
    }
}

/// The initial `x` of a node.
pub fn initial(node: usize) -> f64 {
    0.1 + 0.4 * fraction(node as u64)
}

/// A number between 0 and 1 by multiplication with the golden ratio's inverse.
fn fraction(index: u64) -> f64 {
    let mixed = (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) as f64 / u64::MAX as f64
}
