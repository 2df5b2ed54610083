//! Fast Fourier transforms of real numbers.
//!
//! The library of transforms is generic, and each crate that makes plans compiles all of its algorithms anew: plans are made here and nowhere else.

use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// The plans of a transform forth and back.
pub struct Transforms {
    /// The plan from numbers to their spectrum.
    pub forward: Arc<dyn RealToComplex<f64>>,
    /// The plan from a spectrum to numbers, which are larger than those it is the spectrum of by the factor of their count.
    pub backward: Arc<dyn ComplexToReal<f64>>,
}

/// Makes the plans for so many numbers.
pub fn transforms(length: usize) -> Transforms {
    let mut planner = RealFftPlanner::<f64>::new();
    Transforms { forward: planner.plan_fft_forward(length), backward: planner.plan_fft_inverse(length) }
}
