//! Covariances of networks without delays, and their derivatives, by Lyapunov equations.

use super::bars::Bars;
use super::linear::Linear;
use super::numbers::NoisyNumbers;
use crate::linear::Matrix;
use crate::response::{Lyapunov, product};

/// A stable network without delays and its covariance.
#[derive(Debug, Clone)]
pub(super) struct Instant {
    jacobian: Matrix<f64>,
    covariance: Matrix<f64>,
}

impl Instant {
    /// Solves the Lyapunov equation of a network. The error is the largest real part of an eigenvalue, which is not below zero.
    pub fn new(jacobian: Matrix<f64>, numbers: &NoisyNumbers) -> Result<Self, f64> {
        let power = numbers.sigma.iter().flatten().map(|sigma| sigma * sigma).collect::<Vec<_>>();
        let covariance = Lyapunov::new(&jacobian)?.solve(&diagonal(&power));
        Ok(Self { jacobian, covariance })
    }

    /// The covariance of the signals that are compared.
    pub fn of_signals(&self, linear: &Linear) -> Matrix<f64> {
        let (nodes, n) = (linear.nodes.len(), linear.nodes[0].port.len());
        let seen = self.seen(linear);
        let mut result = Matrix::zeros(nodes, nodes);
        for (j, node) in linear.nodes.iter().enumerate() {
            for i in 0..nodes {
                let column = &seen.row(i)[j * n..(j + 1) * n];
                result[(i, j)] = column.iter().zip(&node.seen).map(|(a, b)| a * b.value).sum();
            }
        }
        result
    }

    /// The covariances of each signal that is compared with all states.
    fn seen(&self, linear: &Linear) -> Matrix<f64> {
        let (nodes, n) = (linear.nodes.len(), linear.nodes[0].port.len());
        let mut result = Matrix::zeros(nodes, nodes * n);
        for (i, node) in linear.nodes.iter().enumerate() {
            for (state, weight) in node.seen.iter().enumerate().filter(|(_, weight)| weight.value != 0.0) {
                let row = self.covariance.row(i * n + state);
                result.row_mut(i).iter_mut().zip(row).for_each(|(sum, entry)| *sum += weight.value * entry);
            }
        }
        result
    }

    /// The derivatives of a number by all entries, from those by the covariance of the signals, which are symmetric. `None` where the equation of the
    /// adjoint cannot be solved.
    pub fn bars(&self, linear: &Linear, numbers: &NoisyNumbers, of_signals: &Matrix<f64>) -> Option<Bars> {
        let (nodes, n) = (linear.nodes.len(), linear.nodes[0].port.len());
        let mut bars = Bars::zeros(linear);
        let mut of_states = Matrix::zeros(nodes * n, nodes * n);
        for (i, a) in linear.nodes.iter().enumerate() {
            for (j, b) in linear.nodes.iter().enumerate() {
                for row in 0..n {
                    for column in 0..n {
                        of_states[(i * n + row, j * n + column)] =
                            a.seen[row].value * of_signals[(i, j)] * b.seen[column].value;
                    }
                }
            }
        }
        let adjoint = Lyapunov::new(&self.jacobian.transposed()).ok()?.solve(&of_states);
        let mut of_jacobian = product(&adjoint, &self.covariance);
        for row in 0..nodes * n {
            of_jacobian.row_mut(row).iter_mut().for_each(|entry| *entry *= 2.0);
        }
        let seen = self.seen(linear);
        for (index, bars) in bars.nodes.iter_mut().enumerate() {
            let first = index * n;
            for row in 0..n {
                bars.present[row * n..(row + 1) * n]
                    .copy_from_slice(&of_jacobian.row(first + row)[first..first + n]);
                bars.power[row] = adjoint[(first + row, first + row)];
                bars.seen[row] = (0..nodes)
                    .map(|other| 2.0 * of_signals[(index, other)] * seen[(other, first + row)])
                    .sum();
            }
        }
        for (index, edge) in numbers.edges.iter().enumerate() {
            let (target, source) = (&linear.nodes[edge.target], &linear.nodes[edge.source]);
            let coupling = linear.couplings[index].value;
            for row in 0..n {
                let entries = &of_jacobian.row(edge.target * n + row)[edge.source * n..(edge.source + 1) * n];
                let by_sent: f64 = entries.iter().zip(&source.sent).map(|(a, b)| a * b.value).sum();
                bars.couplings[index] += target.port[row].value * by_sent;
                bars.nodes[edge.target].port[row] += coupling * by_sent;
                let by_port = coupling * target.port[row].value;
                let of_sent = &mut bars.nodes[edge.source].sent;
                of_sent.iter_mut().zip(entries).for_each(|(sum, entry)| *sum += by_port * entry);
            }
        }
        Some(bars)
    }
}

fn diagonal(entries: &[f64]) -> Matrix<f64> {
    let mut result = Matrix::zeros(entries.len(), entries.len());
    entries.iter().enumerate().for_each(|(i, entry)| result[(i, i)] = *entry);
    result
}
