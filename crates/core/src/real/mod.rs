//! The numbers that kernels compute with.
//!
//! A generated kernel is written once, generic over [`Real`]; it runs on a plain `f64` or `f32` as well as on a
//! block of lanes in vector registers. [`Simd`] chooses the instruction set once, at run time, and runs a [`LaneJob`] on it.
//!
//! The functions of `f64` and `f32` are those of the system's mathematics library where it has them; those of lanes are this crate's own, their
//! errors stated and tested, and give the same bits on every machine where products and sums are not fused. Every lane
//! computes by itself: its result depends neither on its neighbours nor on their number.

mod aligned;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod blocks;
mod dispatch;
mod functions;
mod lanes;
mod number;
mod pair;
mod plain;
pub(crate) mod program;
#[doc(hidden)]
pub mod registers;
mod scalar;
mod table;
mod vector;

#[cfg(test)]
mod tests;

pub use aligned::Aligned;
pub use dispatch::{LaneJob, Simd, SimdError};
pub use number::{LANE_WIDTH, Lane, Real, add_products};
pub use table::Table;
