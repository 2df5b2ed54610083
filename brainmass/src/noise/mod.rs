//! Counter-based random numbers and the noise processes driven by them.

mod normal;

pub use normal::NormalStream;
