//! Layers of cells with weights, and stacks of layers, which read sequences step by step.
//!
//! A layer drives its cells with `s W_in + b_in + gain (y W_rec + b_rec)`, where s is a row of the sequence and y the state that feeds back, as it
//! was before the step or its delay ago. Weights have the source of a signal in rows and its target in columns: `W_in` is `(input, cell)`,
//! `W_rec` is `(from, to)`. The gain is that of the layer's model file, `1/sqrt(n)` for n HORN cells.
//!
//! A single sequence runs through the network simulator ([`Stack::forward`]). A batch runs several items at once in vector lanes
//! ([`Stack::pass`]), with the same numbers, and has gradients by all weights.
//!
//! ```
//! use brainmass::prelude::*;
//! use ndarray::{Array2, array};
//!
//! let first = HORNSeqLayer::new(3).reading(array![[0.5, -0.2, 1.0]]).recurrent(Array2::from_elem((3, 3), 0.1));
//! let second = HORNSeqLayer::new(2).reading(Array2::ones((3, 2)));
//! let network = HORNSeqNetwork::of([first, second]).readout(array![[1.0], [-1.0]], array![0.5]);
//! let sequence = Array2::from_shape_fn((100, 1), |(step, _)| (0.2 * step as f64).sin());
//! let run = network.forward(sequence.view(), 1.0.ms())?;
//! assert_eq!(run.output.len(), 1);
//! assert_eq!(run.layers[0]["x"].dim(), (100, 3));
//! # Ok::<(), brainmass::sequence::SequenceError>(())
//! ```

mod block;
mod error;
mod gradient;
mod lanes;
mod layer;
mod pass;
mod prepared;
mod shape;
mod stack;
mod weights;

pub use error::SequenceError;
pub use gradient::StateAdjoint;
pub use layer::{Layer, SequenceLayer};
pub use pass::{DEFAULT_MEMORY, Pass};
pub use stack::{SequenceNetwork, Stack, StackRun};
pub use weights::Weights;
