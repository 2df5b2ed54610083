//! Convolution of channels with one kernel.

use brainmass_data::analysis::fourier::{Transforms, transforms};
use ndarray::{Array2, ArrayView2};

/// The part of a convolution that is kept, with the names of `numpy.convolve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConvolutionMode {
    /// The part in which the kernel lies wholly within the signal. It is the only causal one: a value depends on nothing later than it.
    #[default]
    Valid,
    /// The middle part, with as many values as the signal has samples.
    Same,
    /// The whole convolution: every overlap, however small.
    Full,
}

impl ConvolutionMode {
    /// The index in the full convolution at which this part starts, for a kernel of `taps` taps.
    pub(crate) fn start(self, taps: usize) -> usize {
        match self {
            Self::Valid => taps - 1,
            Self::Same => (taps - 1) / 2,
            Self::Full => 0,
        }
    }

    /// The index in the full convolution just after this part, for a signal of at least `taps` samples.
    pub(crate) fn end(self, taps: usize, samples: usize) -> usize {
        match self {
            Self::Valid => samples,
            Self::Same => samples + (taps - 1) / 2,
            Self::Full => samples + taps - 1,
        }
    }
}

/// The way in which a convolution is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConvolutionMethod {
    /// The one of the other two that takes fewer operations.
    #[default]
    Auto,
    /// The sum of the definition.
    Direct,
    /// The fast Fourier transform, which agrees with the direct sum to rounding.
    Fft,
}

impl ConvolutionMethod {
    /// Whether the transform is to be used to compute `wanted` values of a convolution of `samples` samples.
    pub(crate) fn is_fft(self, taps: usize, samples: usize, wanted: usize) -> bool {
        match self {
            Self::Direct => false,
            Self::Fft => true,
            Self::Auto => {
                let length = (samples + taps) as f64;
                // The transforms forth and back take about 2.5 n log2 n operations each for real data, and the sum takes 2 for each tap.
                5.0 * length * length.log2() < 2.0 * taps as f64 * wanted as f64
            }
        }
    }
}

/// Computes the values of the full convolution of each column of `signal` with `kernel` at `indices`, shape (index, channel).
pub(crate) fn fft_convolution(signal: ArrayView2<f64>, kernel: &[f64], indices: &[usize]) -> Array2<f64> {
    let length = (signal.nrows() + kernel.len() - 1).next_power_of_two();
    let Transforms { forward, backward } = transforms(length);
    let fits = "the buffers were made by the plans";
    let mut buffer = forward.make_input_vec();
    buffer[..kernel.len()].copy_from_slice(kernel);
    let mut response = forward.make_output_vec();
    forward.process(&mut buffer, &mut response).expect(fits);
    let mut spectrum = forward.make_output_vec();
    let mut out = Array2::zeros((indices.len(), signal.ncols()));
    for (channel, mut out) in signal.columns().into_iter().zip(out.columns_mut()) {
        buffer.fill(0.0);
        buffer.iter_mut().zip(channel).for_each(|(slot, &x)| *slot = x);
        forward.process(&mut buffer, &mut spectrum).expect(fits);
        spectrum.iter_mut().zip(&response).for_each(|(bin, h)| *bin *= h);
        backward.process(&mut spectrum, &mut buffer).expect(fits);
        for (value, &index) in out.iter_mut().zip(indices) {
            *value = buffer[index] / length as f64;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_data::analysis::testing::signal;

    #[test]
    fn fft_equals_direct_sum() {
        let x = signal(90, 3);
        let kernel = (0..17).map(|k| (f64::from(k) * 0.7).sin()).collect::<Vec<_>>();
        let indices = [0, 5, 16, 40, 89, 105];
        let fast = fft_convolution(x.view(), &kernel, &indices);
        for (row, &i) in fast.outer_iter().zip(&indices) {
            for (r, value) in row.indexed_iter() {
                let taps = kernel.iter().enumerate().filter(|&(k, _)| k <= i && i - k < 90);
                let direct = taps.map(|(k, h)| h * x[[i - k, r]]).sum::<f64>();
                assert!((value - direct).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn few_wanted_values_are_summed_and_many_transformed() {
        assert!(!ConvolutionMethod::Auto.is_fft(5000, 300_000, 600));
        assert!(ConvolutionMethod::Auto.is_fft(5000, 300_000, 300_000));
        assert!(!ConvolutionMethod::Auto.is_fft(5, 100, 100));
    }
}
