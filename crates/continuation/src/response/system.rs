//! Linear systems with delays, driven by white noise, and their spectra.

use std::f64::consts::TAU;

use brainmass_sim::dynamics::Complex64;

use crate::linear::{Lu, Matrix};

/// A linear system with delays and white noise: `dx = (A x(t) + sum of B x(t - d)) dt + sigma dW`, with time in ms.
///
/// ```
/// use brainmass::continuation::{LinearSystem, Matrix};
///
/// // A stable focus at 0.2 rad/ms that is damped by 0.02/ms; its variance is sigma^2/(2 0.02).
/// let present = Matrix::from_entries(2, 2, vec![-0.02, -0.2, 0.2, -0.02]);
/// let system = LinearSystem::new(present).noise(vec![0.01, 0.01]);
/// let covariance = system.covariance().expect("it is stable");
/// assert!((covariance[(0, 0)] - 0.0025).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinearSystem {
    pub(super) present: Matrix<f64>,
    pub(super) delayed: Vec<(f64, Matrix<f64>)>,
    pub(super) noise: Vec<f64>,
}

impl LinearSystem {
    /// Creates a system without delays and without noise from its Jacobian, in 1/ms.
    pub fn new(present: Matrix<f64>) -> Self {
        let noise = vec![0.0; present.rows()];
        Self { present, delayed: Vec::new(), noise }
    }

    /// Adds the derivatives by the states a delay in ms ago. Those without a delay join the present ones.
    #[must_use]
    pub fn delayed(mut self, delay: f64, derivatives: &Matrix<f64>) -> Self {
        let n = self.present.rows();
        let known = self.delayed.iter().position(|(other, _)| *other == delay);
        let place = match (delay > 0.0, known) {
            (false, _) => &mut self.present,
            (true, Some(place)) => &mut self.delayed[place].1,
            (true, None) => {
                self.delayed.push((delay, Matrix::zeros(n, n)));
                let last = self.delayed.len() - 1;
                &mut self.delayed[last].1
            }
        };
        for i in 0..n {
            place.row_mut(i).iter_mut().zip(derivatives.row(i)).for_each(|(sum, entry)| *sum += entry);
        }
        self
    }

    /// Sets the intensity of the noise of each state, in its unit per sqrt(ms).
    #[must_use]
    pub fn noise(mut self, sigma: Vec<f64>) -> Self {
        self.noise = sigma;
        self
    }

    /// Returns the number of states.
    pub fn n_states(&self) -> usize {
        self.present.rows()
    }

    /// Returns the intensity of the noise of each state, in its unit per sqrt(ms).
    pub fn sigma(&self) -> &[f64] {
        &self.noise
    }

    /// Computes the characteristic matrix `s - A - sum of B exp(-s d)` at a complex rate in 1/ms. Characteristic roots are the rates at which it is
    /// singular.
    pub fn characteristic(&self, rate: Complex64) -> Matrix<Complex64> {
        let n = self.n_states();
        let mut result = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..n {
                let mut entry = Complex64::new(-self.present[(i, j)], 0.0);
                for (delay, matrix) in &self.delayed {
                    if matrix[(i, j)] != 0.0 {
                        entry -= matrix[(i, j)] * (-rate * *delay).exp();
                    }
                }
                result[(i, j)] = entry;
            }
            result[(i, i)] += rate;
        }
        result
    }

    /// Computes the derivative of the characteristic matrix by the rate.
    pub(super) fn characteristic_slope(&self, rate: Complex64) -> Matrix<Complex64> {
        let n = self.n_states();
        let mut result = Matrix::zeros(n, n);
        for i in 0..n {
            result[(i, i)] = Complex64::new(1.0, 0.0);
            for j in 0..n {
                for (delay, matrix) in &self.delayed {
                    if matrix[(i, j)] != 0.0 {
                        result[(i, j)] += *delay * matrix[(i, j)] * (-rate * *delay).exp();
                    }
                }
            }
        }
        result
    }

    /// Computes the cross-spectral density at an angular frequency in rad/ms, per rad/ms and two-sided but for the factor of 2 pi: `H Q H*`.
    pub(super) fn density(&self, frequency: f64) -> Matrix<Complex64> {
        let n = self.n_states();
        let lu = Lu::new(self.characteristic(Complex64::new(0.0, frequency)));
        let mut result = Matrix::zeros(n, n);
        for (source, sigma) in self.noise.iter().enumerate().filter(|(_, sigma)| **sigma != 0.0) {
            let mut unit = vec![Complex64::new(0.0, 0.0); n];
            unit[source] = Complex64::new(*sigma, 0.0);
            let response = lu.solve(&unit);
            for i in 0..n {
                for j in 0..n {
                    result[(i, j)] += response[i] * response[j].conj();
                }
            }
        }
        result
    }

    /// Computes the cross-spectral density of all states at a frequency in Hz: one-sided and per Hz, so that the integral of a diagonal entry over all
    /// frequencies from 0 on is the variance of the state.
    pub fn spectrum(&self, hertz: f64) -> Matrix<Complex64> {
        let mut result = self.density(TAU * hertz / 1000.0);
        for i in 0..self.n_states() {
            result.row_mut(i).iter_mut().for_each(|entry| *entry *= 2.0 / 1000.0);
        }
        result
    }

    /// Computes the power spectral density of a sum of states with weights at a frequency in Hz: one-sided and per Hz.
    pub fn power(&self, hertz: f64, weights: &[f64]) -> f64 {
        let spectrum = self.spectrum(hertz);
        let all = (0..weights.len()).flat_map(|i| (0..weights.len()).map(move |j| (i, j)));
        all.map(|(i, j)| weights[i] * weights[j] * spectrum[(i, j)].re).sum()
    }

    /// Computes the coherence of two states at a frequency in Hz: the squared magnitude of their cross-spectrum, divided by both spectra.
    pub fn coherence(&self, hertz: f64, first: usize, second: usize) -> f64 {
        let spectrum = self.spectrum(hertz);
        spectrum[(first, second)].norm_sqr() / (spectrum[(first, first)].re * spectrum[(second, second)].re)
    }

    /// Computes the correlations of some states from the covariance, which is the functional connectivity where they are one signal of each node; `None`
    /// where the system is not stable.
    pub fn correlations(&self, states: &[usize]) -> Option<Matrix<f64>> {
        let covariance = self.covariance()?;
        let mut result = Matrix::zeros(states.len(), states.len());
        for (i, a) in states.iter().enumerate() {
            for (j, b) in states.iter().enumerate() {
                result[(i, j)] = covariance[(*a, *b)] / (covariance[(*a, *a)] * covariance[(*b, *b)]).sqrt();
            }
        }
        Some(result)
    }
}
